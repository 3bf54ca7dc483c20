"""The catalogue as a whole: files, numbers, documents and both languages agree, and every mechanism acts."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sim.levers.applicability import changed_cells, idle_mechanisms, why_nothing
from sim.levers.compilation import compile_institutions, no_institutions
from sim.levers.definitions import TIERS
from sim.levers.mechanism import GROUPS
from sim.levers.mechanisms import (
    LeverUse,
    Mechanism,
    Package,
    Scope,
    list_mechanisms,
    list_packages,
    load_mechanism,
    load_package,
)
from sim.levers.overview import mechanism_table, package_table, system_table
from sim.parameters import Parameters
from sim.world.region import load_region, region_names
from sim.world.world import World, lay_out

ROOT = Path(__file__).resolve().parents[2]
MECHANISMS = {key: load_mechanism(key) for key in list_mechanisms()}
BY_ID = {mechanism.id: mechanism for mechanism in MECHANISMS.values()}
SYSTEMS = (
    "liuzhou",
    "pinghu_jinshan",
    "shengze_wangjiangjing",
    "sichuan_chongqing",
    "suzhou_four_province",
    "tongzhou_wuqing_langfang",
    "wujin",
    "yulin_zhanjiang_maoming",
)
# Where the groups of the catalogue begin.
FIRST = dict(zip(GROUPS, (1, 18, 30, 34, 48, 54, 58, 64), strict=True))
HOME = "yulin_zhanjiang_maoming"


def numbers(*parts: int | tuple[int, int]) -> list[str]:
    """Write M01 and the like: single numbers, and ranges with both ends."""
    found: list[int] = []
    for part in parts:
        found += [part] if isinstance(part, int) else range(part[0], part[1] + 1)
    return sorted(f"M{number:02d}" for number in found)


FIVE_LINKS = numbers((1, 4), (17, 21), (34, 37), (42, 45), (47, 49), 58, (62, 64), 66, 68)
# What the text of each system says that it runs, and the compositions that the texts argue about.
MEMBERS = {
    "none": [],
    "paper": numbers(18, 19),
    "five_links": FIVE_LINKS,
    "completed": sorted([*FIVE_LINKS, *numbers(25, 26, 59, 61)]),
    "pinghu_jinshan": numbers(5, 9, 10, 22, 24, 38, 40, 49, 51, 55, 63, 64, 67, 68),
    "shengze_wangjiangjing": numbers(6, 7, 17, 18, 19, 33, 41, 47, 50, 54, 56, 64, 68),
    "tongzhou_wuqing_langfang": numbers(8, 17, 18, 23, 47, 53, 61, 62, 64, 65),
    "suzhou_four_province": numbers(5, 8, 16, 18, 30, 39, 65, 67),
    "sichuan_chongqing": numbers(18, 32, 52, 60, 67),
    "sichuan_chongqing_proposed": numbers(5, 9, 18, 19, 25, 32, 52, 53, 60, 61, 64, 66, 67),
    "liuzhou": numbers((12, 16), 19, 27, 28, 31, 57, 66),
    "wujin": numbers(11, 15, 29, 57, 59, 61),
    "alliance_matrix": numbers(11, 15, 57, 61),
    "agreement": numbers((17, 19), 24, 56),
    "hierarchy": numbers(12, 16, 31, 59),
    "network": numbers(15, 17),
    "add_and_subtract": sorted([*FIVE_LINKS, *numbers(25, 26, 59, 61)]),
    "three_tier_service": numbers(13, 31, 57, 66),
    "four_level_five_party": numbers(8, 16, 30),
    "six_joint": numbers(2, 36, 37, 46, 48, 49),
}


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    source = spec_from_file_location("tables_of_the_catalogue", ROOT / "docs" / "tables.py")
    assert source is not None
    assert source.loader is not None
    module = module_from_spec(source)
    source.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    """Every system that has a region, laid out once."""
    return {name: lay_out(load_region(name), 1) for name in region_names() if name in SYSTEMS}


@pytest.fixture(scope="module")
def dry() -> World:
    """A pair of counties without a river between them."""
    return lay_out(load_region(HOME).subset(["容县", "信宜市"]), 1)


# --- files, numbers and documents ----------------------------------------------------------------


def test_the_catalogue_is_sixty_eight_mechanisms_each_once() -> None:
    assert sorted(mechanism.id for mechanism in MECHANISMS.values()) == numbers((1, 68))


@pytest.mark.parametrize("key", MECHANISMS)
def test_a_mechanism_stands_in_its_group_and_belongs_to_a_system(key: str) -> None:
    mechanism = MECHANISMS[key]
    number = int(mechanism.id[1:])
    assert mechanism.group == max((group for group in GROUPS if FIRST[group] <= number), key=FIRST.get)
    assert mechanism.systems
    assert set(mechanism.systems) <= set(SYSTEMS)


@pytest.mark.parametrize("key", MECHANISMS)
def test_a_mechanism_quotes_a_few_words_of_its_source(key: str) -> None:
    source = MECHANISMS[key].source
    assert source is not None
    # Words in the script of the text; the readings of characters that stand in two of them are left out.
    assert re.search("[\u4e00-\u9fff]", source.quote)
    assert 4 <= len(source.quote) <= 20
    assert not re.search(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]", source.quote)


@pytest.mark.parametrize("key", MECHANISMS)
def test_every_number_has_a_basis_and_every_price_too(key: str) -> None:
    grounded = re.compile(r"assumption|\bS[0-4]\b|\bD\d+\b|\bP\d+\b|part C\d")
    mechanism = MECHANISMS[key]
    for use in mechanism.levers:
        assert grounded.search(use.basis), use.basis
    assert mechanism.cost.money_yuan_per_year == 0 or grounded.search(mechanism.cost.basis)


def test_no_two_mechanisms_are_the_same_levers_with_the_same_numbers() -> None:
    seen: dict[str, str] = {}
    for key, mechanism in MECHANISMS.items():
        levers = [use.as_dict() | {"basis": ""} for use in mechanism.levers]
        assert repr(levers) not in seen, (key, seen[repr(levers)])
        seen[repr(levers)] = key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_things_have_one_name(language: str) -> None:
    named = [item.name[language] for item in (*MECHANISMS.values(), *map(load_package, list_packages()))]
    assert len(set(named)) == len(named)


def test_packages_hold_what_their_texts_say_they_run() -> None:
    found = {
        key: sorted(mechanism.id for mechanism in load_package(key).mechanisms) for key in list_packages()
    }
    # A package may be added; none of these may change or vanish unnoticed.
    assert {key: found.get(key) for key in MEMBERS} == MEMBERS


@pytest.mark.parametrize("key", [key for key in MEMBERS if key in SYSTEMS or key == "five_links"])
def test_what_a_system_runs_its_mechanisms_own(key: str) -> None:
    system = HOME if key == "five_links" else key
    for mechanism in load_package(key).mechanisms:
        assert system in mechanism.systems, mechanism.key


@pytest.mark.parametrize("key", list_packages())
def test_a_package_is_told_in_both_languages(key: str) -> None:
    package = load_package(key)
    for told in (package.name, package.summary):
        assert re.search("[\u4e00-\u9fff]", told["zh"])
        assert not re.search("[\u4e00-\u9fff]", told["en"])


def test_the_document_shows_the_files_as_they_are(tables: ModuleType) -> None:
    document = tables.CATALOGUE.read_text("utf-8")
    assert document == tables.refreshed(document, tables.CATALOGUE_TABLES), "run: python docs/tables.py"
    for table in (mechanism_table(), package_table(), system_table()):
        assert table in document
    assert re.findall(r"^\| (M\d\d)", mechanism_table(), re.MULTILINE) == numbers((1, 68))


def test_the_document_marks_what_is_transferred() -> None:
    marked = set(re.findall(r"^\| (M\d\d) ⇄", mechanism_table(), re.MULTILINE))
    assert marked == {mechanism.id for mechanism in MECHANISMS.values() if mechanism.transferred}
    assert marked


# --- numbers of the texts ------------------------------------------------------------------------


def use_of(identity: str, lever: str, place: int = 0) -> LeverUse:
    return [use for use in BY_ID[identity].levers if use.lever == lever][place]


def test_mechanisms_use_the_numbers_that_their_texts_give() -> None:
    assert 28 <= use_of("M22", "forum").settings["cadence_days"] <= 31  # monthly
    assert use_of("M22", "contact").settings["events_per_year"] == 4  # quarterly
    assert use_of("M22", "forum").settings["review"] > 0.5  # a closed loop
    assert use_of("M11", "contact").settings["events_per_year"] == 5  # five plans
    assert use_of("M11", "joint_office").share == pytest.approx(3 / 5)
    # Spare time, of which the share that can be reached arrives.
    assert use_of("M14", "capacity").settings["desk_hours"] == pytest.approx(0.4 * (1 - 0.398), abs=0.001)
    # 160 items make a window, 210 a larger one in proportion.
    window = use_of("M67", "capacity").settings["service_window"]
    larger = load_package("sichuan_chongqing").mechanisms[-1].levers[0].settings["service_window"]
    assert larger == pytest.approx(window * 210 / 160, abs=0.005)
    # Simple, complex and hard are villages, towns and counties, all of which get a line of their own.
    assert {tier for use in BY_ID["M30"].levers for tier in use.tiers} == {"village", "town", "county"}


# --- what mechanisms do on a border --------------------------------------------------------------


@pytest.mark.parametrize("key", MECHANISMS)
def test_a_mechanism_changes_something_on_its_systems_or_says_why_not(
    worlds: dict[str, World], dry: World, key: str
) -> None:
    mechanism = MECHANISMS[key]
    here = {name: world for name, world in worlds.items() if name in mechanism.systems}
    acted = 0
    for name, world in (here | {HOME: worlds[HOME], "dry": dry}).items():
        changed, reason = changed_cells(mechanism, world), why_nothing(mechanism, world)
        assert bool(changed) == (reason is None), name
        if reason is not None:
            assert re.search("[\u4e00-\u9fff]", reason["zh"])
            assert re.search("[a-z]", reason["en"])
        acted += bool(changed)
    assert acted
    # The whole border of Yulin has land and river, claims and named pairs: nothing is idle there.
    assert changed_cells(mechanism, worlds[HOME])


@pytest.mark.parametrize("key", MECHANISMS)
def test_at_level_zero_it_changes_nothing_and_says_so(worlds: dict[str, World], key: str) -> None:
    idle = MECHANISMS[key].at_level(0.0)
    world = worlds[HOME]
    (epoch,) = compile_institutions(Package.of("idle", [idle]), world, Parameters(), 1096).epochs
    (bare,) = no_institutions(world, Parameters()).epochs
    assert [table.tobytes() for table in epoch.tables] == [table.tobytes() for table in bare.tables]
    reason = why_nothing(idle, world)
    assert reason is not None
    assert reason["en"] == "all its levers are at zero"


@pytest.mark.parametrize("key", MECHANISMS)
def test_no_mechanism_writes_beyond_its_tiers(worlds: dict[str, World], key: str) -> None:
    world, mechanism = worlds[HOME], MECHANISMS[key]
    acting = {TIERS.index(tier) for use in mechanism.levers for tier in use.tiers}
    # Levers without tiers act on ties, teams and stretches; operations are planned by pairs of counties.
    acting |= {2} if any(use.lever == "pool" for use in mechanism.levers) else set()
    acting |= {3} if any(use.lever == "routing" for use in mechanism.levers) else set()
    (bare,) = no_institutions(world, Parameters()).epochs
    for epoch in compile_institutions(Package.of("alone", [mechanism]), world, Parameters(), 1).epochs:
        rows = np.flatnonzero(epoch.tables.dyads != bare.tables.dyads)
        assert set(world.office_tier[world.dyad_a[rows]].tolist()) <= acting


def trial(**lever: object) -> Mechanism:
    words = {"zh": "试", "en": "trial"}
    return Mechanism.from_dict(
        "trial",
        {"name": words, "summary": words, "levers": [lever], "cost": {"money_yuan_per_year": 9}},
    )


@pytest.mark.parametrize(
    ("lever", "said"),
    [
        ({"lever": "channel", "share": 0.0}, "all its levers are at zero"),
        ({"lever": "skill"}, "all its levers are at zero"),
        ({"lever": "channel", "scope": {"ties": "river"}}, "no tie of the border lies on a river"),
        ({"lever": "channel", "scope": {"counties": ["容县"], "ties": "named"}}, "the region names no pairs"),
        (
            {
                "lever": "channel",
                "scope": {"villages": ["450921102201"], "ties": "land", "border_only": True},
            },
            "no tie of the border lies in its scope",
        ),
        (
            {"lever": "channel", "tiers": ["county"], "share": 1e-9},
            "its share 1e-09 covers none of the 1 pairs here",
        ),
        (
            {"lever": "pool", "settings": {"shared_roster": 1e-9}},
            "its setting 1e-09 is too small to take hold of a stretch here",
        ),
    ],
)
def test_the_reason_names_what_is_missing(dry: World, lever: dict[str, object], said: str) -> None:
    reason = why_nothing(trial(**lever), dry)
    assert reason is not None
    assert reason["en"] == said


def test_operations_need_two_counties() -> None:
    inside = lay_out(load_region(HOME).subset(["容县"]), 1)
    planned = {"shared_roster": 0, "joint_operations_per_month": 1}
    reason = why_nothing(trial(lever="pool", settings=planned, scope={"border_only": False}), inside)
    assert reason is not None
    assert reason["en"] == "no two offices of its tiers face each other across the border"


def test_a_package_lists_what_is_idle_in_its_order(dry: World) -> None:
    package = Package.of("mixed", ["joint_river_patrol", "village_group", "river_compensation"])
    found = idle_mechanisms(package, dry)
    assert [mechanism.key for mechanism, _ in found] == ["joint_river_patrol", "river_compensation"]
    assert {reason["zh"] for _, reason in found} == {"边界上没有沿河村对"}


def test_what_covers_nothing_here_costs_nothing_here(dry: World, worlds: dict[str, World]) -> None:
    def money(mechanism: Mechanism, world: World) -> float:
        (epoch,) = compile_institutions(Package.of("alone", [mechanism]), world, Parameters(), 1).epochs
        return float(epoch.tables.general["money_yuan_per_year"][0])

    transfer = MECHANISMS["river_compensation"]
    assert money(transfer, dry) == 0.0
    assert money(transfer, worlds[HOME]) == transfer.cost.money_yuan_per_year
    everywhere = trial(lever="interest", settings={"payoff": 0.01})
    assert money(everywhere, dry) == 9.0
    assert money(everywhere.within(Scope(ties="river")), dry) == 0.0


@pytest.mark.parametrize("key", MECHANISMS)
def test_running_costs_are_those_of_a_border_of_counties(worlds: dict[str, World], key: str) -> None:
    """Nothing but a transfer between provinces costs more than some offices, roads and projects."""
    package = Package.of("alone", [MECHANISMS[key]])
    (epoch,) = compile_institutions(package, worlds[HOME], Parameters(), 1).epochs
    money = float(epoch.tables.general["money_yuan_per_year"][0])
    if key == "river_compensation":
        assert money == 2e8
    else:
        assert 0 <= money <= 1.2e7
