"""Every scenario that comes with the project: complete, playable where it plays, and its arms differ."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.language import LANGUAGES
from sim.levers.applicability import changed_cells
from sim.levers.compilation import compile_institutions
from sim.levers.institutions import Institutions
from sim.levers.mechanisms import load_mechanism
from sim.parameters import PARAMETERS, Parameters
from sim.studies.comparison import run_plan
from sim.studies.finding import differences
from sim.studies.plan import Plan, plan_comparison
from sim.studies.scenario import MONTHLY_MEASURES, Scenario, list_scenarios, load_scenario
from sim.world.region import load_region, measured_region_names
from sim.world.world import World, lay_out

STORIES = list_scenarios()


@cache
def world_of(region: str) -> World:
    return lay_out(load_region(region), 1)


def plan_of(scenario: Scenario, **changes: Any) -> Plan:
    settings = dict(scenario.settings) | changes
    own = scenario.packages()
    arms = [own.get(arm, arm) for arm in settings.pop("arms")]
    return plan_comparison(settings.pop("region", scenario.region), arms, **settings)


@cache
def usual_plan(name: str) -> Plan:
    return plan_of(load_scenario(name))


def differ(one: Institutions, other: Institutions) -> bool:
    if [epoch.first_day for epoch in one.epochs] != [epoch.first_day for epoch in other.epochs]:
        return True
    pairs = [
        (getattr(mine.tables, name), getattr(theirs.tables, name))
        for mine, theirs in zip(one.epochs, other.epochs, strict=True)
        for name in mine.tables._fields
    ]
    return any(a.shape != b.shape or a.tobytes() != b.tobytes() for a, b in pairs)


def test_every_region_has_three_stories_or_more() -> None:
    counted = Counter(load_scenario(name).region for name in STORIES)
    assert set(counted) == set(measured_region_names())
    assert all(3 <= count <= 6 for count in counted.values())


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_told_in_both_languages_and_answered_in_two_sentences(name: str) -> None:
    scenario = load_scenario(name)
    for told in (scenario.name, scenario.question, scenario.look_at):
        assert set(told) == set(LANGUAGES)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in told["zh"])
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in told["en"])
    assert "？" in scenario.question["zh"]
    assert "?" in scenario.question["en"]
    assert len(scenario.findings) == 2
    assert all(finding.against in (None, *scenario.settings["arms"][:-1]) for finding in scenario.findings)
    assert all((finding.from_year or 0.0) < usual_plan(name).years for finding in scenario.findings)


@pytest.mark.parametrize("name", STORIES)
def test_all_that_a_story_brings_is_used_and_no_two_arms_are_the_same(name: str) -> None:
    scenario = load_scenario(name)
    packages = scenario.packages()
    plan = usual_plan(name)
    extended = {(scenario.own["packages"] or {})[key].get("extends") for key in packages}
    assert set(packages) <= {*plan.arms, *extended}
    used = {mechanism.key for package in plan.packages for mechanism in package.mechanisms}
    assert set(scenario.own["mechanisms"] or {}) <= used
    world = world_of(scenario.region)
    made = [compile_institutions(package, world, Parameters(), plan.days) for package in plan.packages]
    for number, one in enumerate(made):
        assert all(differ(one, other) for other in made[:number])
    for package in plan.packages:
        for mechanism in package.mechanisms:
            if mechanism.key in (scenario.own["mechanisms"] or {}):
                assert changed_cells(mechanism, world)


def test_what_a_story_sets_otherwise_is_within_its_range() -> None:
    for name in STORIES:
        changed = usual_plan(name).parameters.changes()
        assert changed == load_scenario(name).settings.get("parameters", {})
        assert all(PARAMETERS[key].low <= value <= PARAMETERS[key].high for key, value in changed.items())


def test_a_story_runs_and_every_month_is_kept() -> None:
    scenario = load_scenario("two_hats")
    small = load_region(scenario.region)
    found = run_plan(
        plan_of(scenario, region=small, years=0.25, burn_in=0, replications=2, workers=1), progress=False
    )
    kept = found.series[found.series["scope"] == "border"]
    assert set(MONTHLY_MEASURES) <= set(kept["measure"].astype(str))
    for finding in scenario.findings:
        told = differences(found, finding)
        assert [item.arm for item in told] == ["two_hats_in_places", "two_hats_everywhere"]
    assert np.isfinite(differences(found, scenario.findings[1])[0].effect)


def test_the_levers_of_one_side_leave_the_other_alone() -> None:
    world = world_of("shengze_wangjiangjing")
    packages = load_scenario("one_bank_patrolled").packages()
    given = compile_institutions(packages["one_bank"], world, Parameters(), 365).epochs[0].tables
    assert given.banks["visits_rise_a"].max() == 1.0
    assert given.banks["visits_rise_b"].max() == 0.0
    hours = load_scenario("scarcer_side").packages()["more_for_the_fuller_side"].mechanisms
    extra = compile_institutions(
        type(packages["one_bank"]).of("extra", [item for item in hours if item.key.endswith("_side_a")]),
        world,
        Parameters(),
        365,
    )
    desks = extra.epochs[0].tables.offices["desk_extra"]
    ours, theirs = world.dyad_a[world.dyad_is_border], world.dyad_b[world.dyad_is_border]
    assert desks[ours].max() > 0.0
    assert desks[theirs].max() == 0.0
    assert load_mechanism("standing_body").levers[0].side == "both"
