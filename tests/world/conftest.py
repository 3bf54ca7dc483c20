"""Regions and worlds that the tests of this folder share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.files import scenarios_folder
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

NAME = "yulin_zhanjiang_maoming"

REGION_YAML = """
name: two_banks
title: {zh: 两岸, en: Two banks}
description: {zh: 试验, en: A trial}
border_level: prefecture
"""

# Two counties of one prefecture on a line, three towns, a river that comes from the first.
TABLES = {
    "region.yaml": REGION_YAML,
    "places.csv": """code,level,name_zh,name_en,parent_code,lon,lat,residents
P,province,省,Province,,,,
F,prefecture,市,Prefecture,P,,,
C1,county,甲县,First,F,110.0,22.0,9000
C2,county,乙县,,F,110.2,22.0,8000
""",
    "towns.csv": """code,name_zh,name_en,county_code,lon,lat,area_km2,residents
T1,东镇,East,C1,110.00,22.00,50,
T2,中镇,Middle,C1,110.08,22.00,,3000
T3,西镇,West,C2,110.16,22.00,60,
""",
    "villages.csv": """code,name_zh,name_en,kind,town_code,lon,lat
V11,一村,One,village,T1,,
V12,二村,,community,T1,110.01,22.01
V21,三村,Three,village,T2,,
V31,四村,Four,village,T3,,
V32,五村,Five,village,T3,,
""",
    "adjacency.csv": """town_a,town_b,shared_km
T2,T1,4
T3,T2,
""",
    "river.csv": """order_downstream,reach,town_code,name_zh,name_en,county_code,length_km,village_units
2,reservoir,T2,中镇,Middle,C1,,
2,reservoir,T3,西镇,West,C2,,
1,upper,T0,源镇,Source,C1,5,3
3,lower,T3,西镇,West,C2,2,
""",
}


@pytest.fixture(scope="session")
def region() -> Region:
    return load_region(NAME)


@pytest.fixture(scope="session")
def world(region: Region) -> World:
    return lay_out(region, 1)


@pytest.fixture
def copied_folder(tmp_path: Path) -> Path:
    """Copy the region that comes with the package, to be spoilt."""
    return Path(shutil.copytree(scenarios_folder() / "region" / NAME, tmp_path / "region"))


@pytest.fixture
def write_region(tmp_path: Path) -> Callable[..., Path]:
    """Write a small region; keyword `villages_csv=…` replaces a table, None leaves it out."""

    def write(**changes: str | None) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        changed = {
            name.replace("_csv", ".csv").replace("_yaml", ".yaml"): text for name, text in changes.items()
        }
        for name, text in {**TABLES, **changed}.items():
            if text is not None:
                (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
        return folder

    return write
