"""The engine and its textbook twin live the same days: case by case and column by column."""

from __future__ import annotations

import ast
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

import sim.rules
from sim.engine.columns import RECORD_FIELDS
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.definitions import LEVERS
from sim.levers.mechanisms import ReviewRule, list_packages, load_package
from sim.levers.review_rule import UNITS, WEIGHED
from sim.measures.summary import summarise
from sim.parameters import Parameters
from sim.world.world import World, lay_out
from tests.twin.border import Border
from tests.twin.borders import Trial, all_mechanisms, every_level, few_towns, full_lever, trials
from tests.twin.exporting import export
from tests.twin.reading import Difference, Tables, differences, read_engine, read_twin
from tests.twin.timing import plain_seconds_per_village_day, seconds_per_village_day

FOLDER = Path(__file__).parent
PARAMETERS = Parameters()


@pytest.fixture(scope="module")
def world() -> World:
    """A border between provinces with a river, a reservoir and legacy claims."""
    return lay_out(few_towns(), 1)


def compare(engine: Simulation, twin: Border) -> list[Difference]:
    """Give the first differences of two lives of the same length."""
    assert engine.day == twin.day
    found = differences(read_engine(engine, RECORD_FIELDS), read_twin(twin, RECORD_FIELDS), engine.day)
    return [one for one, _ in zip(found, range(8), strict=False)]


def live(trial: Trial, every: int) -> tuple[Simulation, Border, list[Difference]]:
    """Let both live a trial, and compare them every so many days, at the fork and at the end."""
    engine = Simulation(trial.world, trial.parameters, trial.seed)
    twin = Border(trial.world, trial.parameters, trial.seed)
    institutions = compile_institutions(trial.package, trial.world, trial.parameters, trial.days)
    found = compare(engine, twin)
    for span in (trial.burn_in, trial.days):
        while span and not found:
            step = min(span, every)
            engine.run(step)
            twin.run(step)
            span -= step
            found = compare(engine, twin)
        if engine.day == trial.burn_in and not found:
            # The engine goes on from a copy, the twin lives only once.
            engine = engine.fork(institutions)
            twin.adopt(institutions)
    return engine, twin, found


def check(trial: Trial, every: int = 400) -> tuple[Simulation, Border]:
    """Fail where the two differ, and name the first day on which they do."""
    engine, twin, found = live(trial, every)
    if found and every > 1:
        found = live(trial, 1)[2] or found
    assert not found, "\n".join(map(str, found))
    return engine, twin


@pytest.mark.parametrize("package", list_packages())
def test_both_agree_under_every_package(world: World, package: str) -> None:
    engine, twin = check(Trial(world, PARAMETERS, 7, 200, load_package(package), 300))
    assert len(twin.cases) > 200
    assert engine.columns.record[:, 1].any()


def test_both_agree_on_every_single_day(world: World) -> None:
    check(Trial(world, PARAMETERS, 3, 20, all_mechanisms(), 50), every=1)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_both_agree_under_all_mechanisms_on_a_border_of_any_level(level: int) -> None:
    trial = Trial(lay_out(every_level(level), 2), PARAMETERS, 11, 100, all_mechanisms(), 300)
    _, twin = check(trial)
    assert any(case.tie and case.tie.is_border for case in twin.cases)


@pytest.mark.parametrize("lever", sorted(LEVERS))
def test_both_agree_under_every_lever_at_its_strongest(lever: str) -> None:
    check(Trial(lay_out(every_level(), 3), PARAMETERS, 13, 60, full_lever(lever), 150))


@pytest.mark.parametrize("weighs", WEIGHED)
@pytest.mark.parametrize("units", UNITS)
def test_both_agree_where_counties_review_what_they_run(units: str, weighs: str) -> None:
    rule = ReviewRule(every_years=0.25, units=units, weighs=weighs, start_share=0.5, changes=3)
    _, twin = check(Trial(lay_out(every_level(1), 2), PARAMETERS, 5, 200, all_mechanisms(rule), 300))
    assert twin.alliance is not None
    assert twin.alliance.held == 3
    assert any(spell.until_day > 0 for spell in twin.alliance.spells)
    assert any(spell.taken_from for spell in twin.alliance.spells)


def test_both_agree_where_offices_are_buried_for_years() -> None:
    """Whoever waits for longer than a year and a half stands in no calendar of one year."""
    values = Parameters({
        "interior_disputes_per_1000": 29.0,
        "dispute_hours_village": 0.5,
        "dispute_hours_town": 0.5,
        "giving_up_per_day": 0.0001,
        "refer_base": -3.0,
    })  # fmt: skip
    _, twin = check(Trial(lay_out(few_towns(), 4), values, 5, 900, load_package("none"), 0))
    assert max(office.busy_until for office in twin.offices) > twin.day + 600


@settings(max_examples=30)
@given(trial=trials())
def test_both_agree_on_any_border_under_any_institutions(trial: Trial) -> None:
    check(trial)


def test_measures_of_both_agree(world: World) -> None:
    engine, twin = check(Trial(world, PARAMETERS, 9, 90, load_package("completed"), 300))
    run = export(twin, RECORD_FIELDS)
    for name in ("measures", "series", "cases"):
        tables = [getattr(summarise(life, 90, 390), name) for life in (engine, run)]
        pd.testing.assert_frame_equal(*tables, check_dtype=False, rtol=1e-9, atol=1e-9)
        assert len(tables[0]) > 100


# What the two share is checked elsewhere; what they do not share must be noticed here.


def rules() -> dict[str, Callable[..., Any]]:
    """Give every rule by name."""
    modules = [import_module(f"sim.rules.{one.name}") for one in pkgutil.iter_modules(sim.rules.__path__)]
    return {name: vars(module)[name] for module in modules for name in module.__all__ if name.islower()}


def users_of(rule: str) -> list[Any]:
    """Give the modules of the twin that call a rule."""
    twin = [module for name, module in sorted(sys.modules.items()) if name.startswith("tests.twin.")]
    return [module for module in twin if vars(module).get(rule) is rules()[rule]]


# What such a rule says tips now and then a yes or no, and shows nowhere else: 1 % would take years to show.
TIPPING = (
    "channel_worth", "choose_option", "detection_chance", "forwarding_chance", "happens_within",
    "monthly_flow", "refer_worth", "shared_chance", "solo_chance", "stretch_pull",
)  # fmt: skip
# In a race only proportions count, and of a worth only the sign: twice as much everywhere changes nothing.
PROPORTIONAL = ("channel_worth", "stretch_pull")
# A part of a difference that is next to nothing is nothing.
DIFFERENCES = ("is_channel_kept", "is_noticed")
# Whole days know no percent.
WHOLE_DAYS = ("days_until_duty", "days_until_hours")


def wrong(name: str) -> Callable[..., Any]:
    """Give a rule whose answer is off by 1 %, or which answers to a first number that is."""
    rule, factor = rules()[name], 1.3 if name in TIPPING else 1.01

    def answer(*numbers: Any) -> Any:
        right = rule(*numbers)
        if name in WHOLE_DAYS:
            return right + 1
        if isinstance(right, float) and name not in PROPORTIONAL:
            return factor * right
        first = next(place for place, number in enumerate(numbers) if isinstance(number, float))
        if name in DIFFERENCES:
            return rule(numbers[0] + 0.05, *numbers[1:])
        return rule(*numbers[:first], factor * numbers[first], *numbers[first + 1 :])

    return answer


@pytest.fixture(scope="module")
def planted() -> list[Trial]:
    """Two lives in which every rule has its part: quarrels, offences, few hours; then reviews."""
    values = Parameters({
        "border_disputes_per_village": 5.0,
        "neighbour_disputes_per_village": 1.5,
        "offence_candidates": 0.1,
        "desk_hours_village": 0.27,
        "desk_hours_town": 0.4,
        "desk_hours_county": 0.67,
        "substitution_exponent": -2.0,
        "turnover_years_village": 1.0,
    })  # fmt: skip
    rule = ReviewRule(every_years=0.25, units="county", start_share=0.5, changes=9)
    return [
        Trial(lay_out(few_towns(), 1), values, 2, 240, all_mechanisms(), 210),
        Trial(lay_out(every_level(1), 1), values, 3, 240, all_mechanisms(rule), 210),
    ]


@pytest.fixture(scope="module")
def snapshots(planted: list[Trial]) -> list[dict[int, Tables]]:
    """Give the engine's tables of some days of these lives."""
    return [snapshots_of(trial) for trial in planted]


def snapshots_of(trial: Trial) -> dict[int, Tables]:
    """Let the engine live a life, and give its tables of some days."""
    engine = Simulation(trial.world, trial.parameters, trial.seed)
    tables = {0: read_engine(engine, RECORD_FIELDS)}
    for days in (20, 100, 120, 90, 120):
        if engine.day == trial.burn_in:
            engine.adopt(compile_institutions(trial.package, trial.world, trial.parameters, trial.days))
        engine.run(days)
        tables[engine.day] = read_engine(engine, RECORD_FIELDS)
    return tables


def first_difference(trial: Trial, snapshots: dict[int, Tables]) -> Difference | None:
    """Let the twin alone live a life, and give the first thing that is not as in the engine."""
    twin = Border(trial.world, trial.parameters, trial.seed)
    for day, tables in snapshots.items():
        twin.run(day - twin.day)
        for found in differences(tables, read_twin(twin, RECORD_FIELDS), day):
            return found
        if day == trial.burn_in:
            twin.adopt(compile_institutions(trial.package, trial.world, trial.parameters, trial.days))
    return None


def test_without_a_fault_nothing_is_found(planted: list[Trial], snapshots: list[dict[int, Tables]]) -> None:
    for trial, tables in zip(planted, snapshots, strict=True):
        assert first_difference(trial, tables) is None


@pytest.mark.parametrize("rule", sorted(rules()))
def test_a_rule_that_is_off_by_a_percent_is_noticed(
    planted: list[Trial], snapshots: list[dict[int, Tables]], monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    users = users_of(rule)
    assert users, "the twin does not call this rule"
    for module in users:
        monkeypatch.setattr(module, rule, wrong(rule))
    assert any(first_difference(trial, tables) for trial, tables in zip(planted, snapshots, strict=True))


def test_what_differs_is_named(world: World) -> None:
    engine, twin = Simulation(world, PARAMETERS, 1), Border(world, PARAMETERS, 1)
    engine.run(3)
    twin.run(3)
    twin.ties[2].trust += 1e-6
    (found,) = compare(engine, twin)
    assert (found.day, found.table, found.row, found.field) == (3, "ties", "2", "trust")
    assert "after day 3: ties[2].trust is" in str(found)
    twin.ties[2].trust -= 1e-6
    case = twin.cases.pop()
    fields = {(one.table, one.field) for one in compare(engine, twin)}
    assert fields == ({("cases", "")} if case.status == "latent" else {("cases", ""), ("ties", "open_cases")})


def test_the_twin_shares_nothing_with_the_engine() -> None:
    # A test holds one against the other and needs both; nothing of the twin may be found there.
    files = [file for file in sorted(FOLDER.glob("*.py")) if not file.name.startswith("test_")]
    assert len(files) > 12
    foreign = ("sim.engine", "sim.measures", "sim.model", "numba", "tests.twin.test_")
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert not name.startswith(foreign), file.name


def test_the_twin_can_be_timed() -> None:
    world = lay_out(every_level(), 0)
    assert 0.0 < seconds_per_village_day(world, 3, package="paper") < 1.0
    assert 0.0 < plain_seconds_per_village_day(world, 3, package="paper") < 1.0


UNCOMPILED = """
import numba
from sim.engine.kernel import live_days
from tests.twin.test_twin import PARAMETERS, Trial, all_mechanisms, check, every_level, lay_out
assert numba.config.DISABLE_JIT and not hasattr(live_days, "py_func")
engine, twin = check(Trial(lay_out(every_level(), 2), PARAMETERS, 5, 10, all_mechanisms(), 30))
print(engine.day, len(twin.cases), engine.digest())
"""


def test_both_agree_where_nothing_is_compiled() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNCOMPILED],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=FOLDER.parents[1],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )
    engine, twin = check(Trial(lay_out(every_level(), 2), PARAMETERS, 5, 10, all_mechanisms(), 30))
    assert done.stdout.split() == [str(engine.day), str(len(twin.cases)), engine.digest()]
