"""Mechanisms in the tables of a border: chosen, dosed, confined, or made of levers, and mistakes in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import CollectedInputError, InputError
from sim.levers.compilation import compile_institutions
from sim.levers.lever_use import Scope
from sim.levers.mechanisms import load_mechanism, load_package
from sim.levers.own import OWN, own_packages
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import lay_out

TOWNS = "name_zh,county_code,code\n东镇,甲县,T1\n中镇,甲县,T2\n西镇,乙县,T3\n"
VILLAGES = "name_zh,town_code,code\n一村,东镇,V1\n二村,中镇,V2\n三村,西镇,V3\n四村,西镇,V4\n"
ADJACENCY = "town_a,town_b\n东镇,中镇\n中镇,西镇\n"
MECHANISMS = "mechanism,package,level,start_year,end_year,counties,towns,ties,border_only\n"
LEVERS = "mechanism,lever,tiers,setting,value,share\n"
Make = Callable[..., object]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(mechanisms: str, levers: str = "") -> object:
        for name, text in (
            ("towns", TOWNS), ("villages", VILLAGES), ("adjacency", ADJACENCY),
            ("mechanisms", MECHANISMS + mechanisms), ("levers", LEVERS + levers),
        ):  # fmt: skip
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        return own_packages(load_region(tmp_path))

    return write


def test_a_mechanism_of_the_catalogue_goes_by_key_number_and_name(make: Make) -> None:
    for name in ("standing_body", "M26", "实体统筹机构", "Standing co-ordinating body"):
        (mechanism,) = make(f"{name},,,,,,,,\n")[OWN].mechanisms  # type: ignore[index]
        assert mechanism.as_dict() == load_mechanism("standing_body").as_dict()


def test_a_package_of_the_project_brings_all_its_mechanisms(make: Make) -> None:
    packages = make("five_links,更强,,,,,,,\nstanding_body,更强,0.5,,,,,,\npaper,更弱,0.2,,,,,,\n")
    stronger, weaker = packages.values()  # type: ignore[attr-defined]
    keys = {mechanism.key for mechanism in stronger.mechanisms}
    assert keys == {mechanism.key for mechanism in load_package("five_links").mechanisms} | {"standing_body"}
    assert {mechanism.level for mechanism in weaker.mechanisms} == {0.2}
    assert stronger.name == {"zh": "更强", "en": "更强"}


def test_years_places_and_ties_confine_a_mechanism(make: Make) -> None:
    (mechanism,) = make("joint_duty,,0.5,1,2,甲县,东镇；中镇,land,no\n")[OWN].mechanisms  # type: ignore[index]
    for use in mechanism.levers:
        assert (use.start_year, use.end_year) == (1.0, 2.0)
        scope = Scope(counties=("甲县",), towns=("T1", "T2"), ties="land", border_only=False)
        assert scope in use.scopes


def test_levers_make_a_mechanism_that_compiles(make: Make, tmp_path: Path) -> None:
    levers = (
        "赶集日,forum,村、乡镇,cadence_days,30,0.5\n赶集日,会议,村、乡镇,items,3,\n"
        "赶集日,joint_office,乡镇,kind,standing_body,\n赶集日,joint_office,乡镇,decision_right,1,\n"
        "赶集日,sensing,,completeness,0.2,\n"
    )
    package = make("赶集日,,,,,,,,\n", levers)[OWN]  # type: ignore[index]
    (mechanism,) = package.mechanisms
    forum, office, sensing = mechanism.levers
    assert (forum.settings["cadence_days"], forum.settings["items"], forum.share) == (30.0, 3.0, 0.5)
    assert forum.tiers == ("village", "town")
    assert (office.options["kind"], office.settings["decision_right"]) == ("standing_body", 1.0)
    assert sensing.tiers == ()
    world = lay_out(load_region(tmp_path), 1)
    (epoch,), (without,) = (
        compile_institutions(one, world, Parameters(), 365).epochs for one in (package, load_package("none"))
    )
    assert epoch.tables.ties.tobytes() != without.tables.ties.tobytes()
    assert epoch.tables.dyads.tobytes() != without.tables.dyads.tobytes()


def test_a_border_without_mechanisms_has_no_package(make: Make) -> None:
    assert make("") == {}


@pytest.mark.parametrize(
    ("mechanisms", "levers", "file", "line", "field", "part"),
    [
        ("standing_bod,,,,,,,,\n", "", "mechanisms.csv", 2, "mechanism", "nearest: standing_body"),
        (
            "joint_duty,,,,,,,,\njoint_duty,,,,,,,,\n",
            "",
            "mechanisms.csv",
            3,
            "mechanism",
            "once in a package",
        ),
        ("joint_duty,five_links,,,,,,,\n", "", "mechanisms.csv", 2, "package", "no package of the program"),
        ("joint_duty,,2,,,,,,\n", "", "mechanisms.csv", 2, "level", "from 0 to 1"),
        ("joint_duty,,,2,1,,,,\n", "", "mechanisms.csv", 2, "end_year", "above the start (2)"),
        ("joint_duty,,,,,丙县,,,\n", "", "mechanisms.csv", 2, "counties", "a county"),
        ("joint_duty,,,,,,,hills,\n", "", "mechanisms.csv", 2, "ties", "legacy"),
        ("x,,,,,,,,\n", "x,forun,,,,\n", "levers.csv", 2, "lever", "nearest: forum"),
        ("x,,,,,,,,\n", "x,forum,省,,,\n", "levers.csv", 2, "tiers", "village"),
        ("x,,,,,,,,\n", "x,sensing,村,,,\n", "levers.csv", 2, "tiers", "nothing"),
        ("x,,,,,,,,\n", "x,forum,,cadence,30,\n", "levers.csv", 2, "setting", "nearest: cadence_days"),
        ("x,,,,,,,,\n", "x,forum,,cadence_days,often,\n", "levers.csv", 2, "value", "from 7 to 366"),
        ("x,,,,,,,,\n", "x,forum,,cadence_days,1000,\n", "levers.csv", 2, "value", "from 7 to 366"),
        ("x,,,,,,,,\n", "x,forum,,,30,\n", "levers.csv", 2, "setting", "cadence_days"),
        ("x,,,,,,,,\n", "x,joint_office,,kind,palace,\n", "levers.csv", 2, "value", "standing_body"),
        ("x,,,,,,,,\n", "x,forum,,,,2\n", "levers.csv", 2, "share", "from 0 to 1"),
        ("M26,,,,,,,,\n", "M26,forum,,,,\n", "levers.csv", 2, "mechanism", "catalogue does not have"),
    ],
)
def test_each_mistake_is_led_to_its_cell(
    make: Make, mechanisms: str, levers: str, file: str, line: int, field: str, part: str
) -> None:
    with pytest.raises(InputError) as caught:
        make(mechanisms, levers)
    assert caught.value.field == field
    message = caught.value.message("en")
    assert f"{file}, line {line}:" in message
    assert part in message
    assert "more;" not in message


def test_every_cell_of_a_lever_is_judged_by_itself(make: Make) -> None:
    with pytest.raises(CollectedInputError) as caught:
        make("x,,,,,,,,\n", "x,forum,乡,cadence,x,\n")
    assert [error.field for error in caught.value.mistakes] == ["tiers", "setting"]
    with pytest.raises(CollectedInputError) as caught:
        make("x,,,,,,,,\n", "x,forum,乡,cadence_days,x,\n")
    assert [error.field for error in caught.value.mistakes] == ["tiers", "value"]
    # A tier is called as the sheet calls it, and the nearest is named.
    assert "可用：村、乡镇、县、部门；最接近的是 乡镇" in caught.value.mistakes[0].message("zh")
