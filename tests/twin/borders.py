"""Small borders on which plain Python keeps up, and whatever may be adopted on them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim.levers.definitions import DOMAINS, LEVERS
from sim.levers.mechanism import Mechanism
from sim.levers.mechanisms import (
    Package,
    ReviewRule,
    list_mechanisms,
    list_packages,
    load_mechanism,
    load_package,
)
from sim.levers.review_rule import UNITS, WEIGHED
from sim.parameters import PARAMETERS, Parameters
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

__all__ = ["Trial", "all_mechanisms", "every_level", "few_towns", "full_lever", "trials"]

# Five towns in a row: between one and the next lies a line of every level, from a town's to a province's.
EVERY_LEVEL = {
    "region.yaml": """
name: every_level
title: {zh: 各级边界, en: Every level}
description: {zh: 试验, en: A trial}
border_level: nation
""",
    "places.csv": """
code,level,name_zh,name_en,parent_code,lon,lat,residents
P1,province,甲省,P1,,,,
P2,province,乙省,P2,,,,
F1,prefecture,甲市,F1,P1,,,
F2,prefecture,乙市,F2,P1,,,
F3,prefecture,丙市,F3,P2,,,
C1,county,甲县,C1,F1,110.00,22.0,9000
C2,county,乙县,C2,F1,110.12,22.0,5000
C3,county,丙县,C3,F2,110.18,22.0,5000
C4,county,丁县,C4,F3,110.24,22.0,6000
""",
    "towns.csv": """
code,name_zh,name_en,county_code,lon,lat,area_km2,residents
T1,一镇,T1,C1,110.00,22.00,40,4000
T2,二镇,T2,C1,110.06,22.00,40,5000
T3,三镇,T3,C2,110.12,22.00,40,5000
T4,四镇,T4,C3,110.18,22.00,40,5000
T5,五镇,T5,C4,110.24,22.00,40,6000
""",
    "villages.csv": "code,name_zh,name_en,kind,town_code,lon,lat\n"
    + "".join(
        f"V{town}{one},村{town}{one},,village,T{town},,\n" for town in range(1, 6) for one in range(1, 4)
    ),
    "adjacency.csv": "town_a,town_b,shared_km\nT1,T2,5\nT2,T3,6\nT3,T4,7\nT4,T5,8\n",
    "river.csv": """
order_downstream,reach,town_code,name_zh,name_en,county_code,length_km,village_units
1,upper,T0,源镇,Source,C1,5,3
2,upper,T1,一镇,T1,C1,6,
3,upper,T2,二镇,T2,C1,6,
4,upper,T3,三镇,T3,C2,6,
5,upper,T4,四镇,T4,C3,6,
6,lower,T5,五镇,T5,C4,6,
""",
}

# Where the river and its reservoir cross the line: a town on each side, and those behind them.
TOWNS = ("450922109", "450922110", "450922111", "440881104", "440881105")


@cache
def every_level(border_level: int = 4) -> Region:
    """Make the region of five towns, with its border at any level."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in EVERY_LEVEL.items():
            (Path(name) / file).write_text(text.lstrip("\n"), encoding="utf-8")
        return replace(load_region(name), border_level=border_level)


@cache
def few_towns(codes: tuple[str, ...] = TOWNS, villages: int = 4) -> Region:
    """Take a few towns out of the region that comes with the package, and a few villages of each."""
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    towns = region.towns[region.towns["code"].isin(codes)].assign(residents=1500.0 * villages)
    kept = region.villages[region.villages["town_code"].isin(codes)].groupby("town_code").head(villages)
    known = set(codes) | set(kept["code"])
    lines, named = region.adjacency, region.named_pairs
    return replace(
        region,
        towns=towns.reset_index(drop=True),
        villages=kept.reset_index(drop=True),
        adjacency=lines[lines["town_a"].isin(codes) & lines["town_b"].isin(codes)].reset_index(drop=True),
        named_pairs=named[named["code_a"].isin(known) & named["code_b"].isin(known)].reset_index(drop=True),
    )


@dataclass(frozen=True)
class Trial:
    """A life for both to live: days without mechanisms, then days with a package."""

    world: World
    parameters: Parameters
    seed: int
    burn_in: int
    package: Package
    days: int

    def __repr__(self) -> str:
        return (
            f"Trial({self.world.name} at level {self.world.border_level}, {self.parameters.changes()}, "
            f"seed {self.seed}, {self.burn_in} days, {[m.as_dict() for m in self.package.mechanisms]}, "
            f"{self.package.review}, {self.days} days)"
        )


def all_mechanisms(review: ReviewRule | None = None) -> Package:
    """Adopt everything that there is, channels of the offices' own among it."""
    own = {one.key: one for one in load_package("network").mechanisms}
    return Package.of("everything", [own.get(name, name) for name in list_mechanisms()], review=review)


def full_lever(name: str) -> Package:
    """Adopt one lever everywhere, as strong and as often as it may be."""
    lever = LEVERS[name]
    is_gap = {setting: one.unit.startswith("days") for setting, one in lever.settings.items()}
    use = {
        "lever": name,
        "settings": {
            setting: one.low if is_gap[setting] else one.high for setting, one in lever.settings.items()
        },
        "scope": {"border_only": False},
    }
    return Package.of(name, [trial_mechanism(name, use)])


def trial_mechanism(key: str, use: dict[str, Any]) -> Mechanism:
    """Make a mechanism of one lever."""
    text = {"zh": "试验", "en": "trial"}
    return Mechanism.from_dict(key, {"name": text, "summary": text, "levers": [use]})


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Draw a number of a range, its ends more often than by chance."""
    return st.sampled_from((low, high)) | st.floats(low, high)


@st.composite
def parameter_sets(draw: st.DrawFn) -> Parameters:
    """Some parameters anywhere in their ranges."""
    names = draw(st.lists(st.sampled_from(list(PARAMETERS)), max_size=25, unique=True))
    values = {name: draw(numbers(PARAMETERS[name].low, PARAMETERS[name].high)) for name in names}
    # Police and volunteers cannot make more than all visits.
    if "volunteer_patrol_share" in values:
        police = values.get("police_patrol_share", PARAMETERS["police_patrol_share"].default)
        values["volunteer_patrol_share"] = min(values["volunteer_patrol_share"], 1.0 - police)
    elif values.get("police_patrol_share", 0.0) > 0.7:
        del values["police_patrol_share"]
    return Parameters(values)


@st.composite
def lever_uses(draw: st.DrawFn) -> dict[str, Any]:
    """Any use of any lever: settings, tiers, share of pairs, dates and scope."""
    lever = LEVERS[draw(st.sampled_from(sorted(LEVERS)))]
    data: dict[str, Any] = {
        "lever": lever.name,
        "settings": {name: draw(numbers(one.low, one.high)) for name, one in lever.settings.items()},
        "options": {name: draw(st.sampled_from(words)) for name, words in lever.options.items()},
        "share": draw(numbers(0.3, 1.0)),
        "start_year": draw(st.sampled_from((0.0, 0.1, 0.25))),
        "end_year": draw(st.sampled_from((None, 0.3, 0.5))),
        "scope": {
            "border_only": draw(st.booleans()),
            "ties": draw(st.sampled_from(("all", "all", "land", "river", "legacy"))),
        },
    }
    if lever.tiers:
        data["tiers"] = draw(st.lists(st.sampled_from(lever.tiers), min_size=1, unique=True))
    if lever.name in ("assessment", "routing") and draw(st.booleans()):
        data["domains"] = draw(st.lists(st.sampled_from(DOMAINS), min_size=1, unique=True))
    return data


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """A package of the catalogue, some of its mechanisms at some dose, or levers put together at random."""
    kind = draw(st.sampled_from(("package", "mechanisms", "levers", "levers")))
    if kind == "package":
        return load_package(draw(st.sampled_from(list_packages())))
    if kind == "mechanisms":
        names = draw(st.lists(st.sampled_from(list_mechanisms()), max_size=12, unique=True))
        doses = [draw(numbers(0.2, 1.0)) for _ in names]
        starts = [draw(st.sampled_from((0.0, 0.0, 0.2))) for _ in names]
        return Package.of(
            "some",
            [
                load_mechanism(name).at_level(dose).during(start)
                for name, dose, start in zip(names, doses, starts, strict=True)
            ],
        )
    uses = draw(st.lists(lever_uses(), min_size=1, max_size=8))
    return Package.of("levers", [trial_mechanism(f"lever_{number}", use) for number, use in enumerate(uses)])


@st.composite
def reviews(draw: st.DrawFn) -> ReviewRule | None:
    """No review, or any that comes early enough to be lived."""
    if draw(st.booleans()):
        return None
    return ReviewRule(
        every_years=draw(st.sampled_from((0.25, 0.3, 1.0))),
        units=draw(st.sampled_from(UNITS)),
        weighs=draw(st.sampled_from(WEIGHED)),
        start_share=draw(numbers(0.3, 1.0)),
        changes=draw(st.integers(1, 4)),
    )


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    """Any life on a small border."""
    regions = [few_towns(), *(every_level(level) for level in (1, 2, 3, 4, 4))]
    parameters = draw(parameter_sets())
    layout = draw(st.integers(0, 9))
    claims = parameters["legacy_claims_per_pair"]
    world = lay_out(draw(st.sampled_from(regions)), layout, legacy_claims_per_pair=claims)
    return Trial(
        world=world,
        parameters=parameters,
        seed=draw(st.integers(0, 2**63 - 1)),
        burn_in=draw(st.integers(0, 150)),
        package=replace(draw(packages()), review=draw(reviews())),
        days=draw(st.integers(0, 250)),
    )
