"""A small world that the tests of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.institutions import Institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out

# Two counties on a line, each with a town of two villages.
TINY = {
    "region.yaml": """
name: tiny
title: {zh: 小, en: Tiny}
description: {zh: 试验, en: A trial}
border_level: prefecture
""",
    "places.csv": """
code,level,name_zh,name_en,parent_code,lon,lat,residents
P,province,省,Province,,,,
F,prefecture,市,Prefecture,P,,,
C1,county,甲县,First,F,110.0,22.0,9000
C2,county,乙县,Second,F,110.2,22.0,8000
""",
    "towns.csv": """
code,name_zh,name_en,county_code,lon,lat,area_km2,residents
T1,东镇,East,C1,110.00,22.00,50,9000
T2,西镇,West,C2,110.08,22.00,60,8000
""",
    "villages.csv": """
code,name_zh,name_en,kind,town_code,lon,lat
V11,一村,One,village,T1,,
V12,二村,Two,village,T1,,
V21,三村,Three,village,T2,,
V22,四村,Four,village,T2,,
""",
    "adjacency.csv": """
town_a,town_b,shared_km
T1,T2,9
""",
}


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region that plain Python can live through."""
    folder = tmp_path_factory.mktemp("tiny")
    for name, text in TINY.items():
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def world() -> World:
    return lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 1)


@pytest.fixture(scope="session")
def five_links(world: World) -> Institutions:
    return compile_institutions(load_package("five_links"), world, Parameters(), 365)


@pytest.fixture(scope="session")
def lived(world: World) -> Simulation:
    """A run of 200 days without mechanisms, to be read and forked, not to be run."""
    run = Simulation(world, Parameters(), 3)
    run.run(200)
    return run
