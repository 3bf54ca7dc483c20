"""Watching a run: it changes nothing, and what was seen adds up to what the engine recorded."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.columns import RECORD_FIELDS
from sim.engine.constants import BORDER
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.watching import ACTIVITIES, HoursWatch, LineWatch, watch_days
from tests.measures.conftest import FIRST_DAY, LAST_DAY

DAYS = LAST_DAY - FIRST_DAY
TIERS = ("village", "town", "county", "department")


@pytest.fixture(scope="module", params=["none", "five_links", "completed", "add_and_subtract", "network"])
def watched(request, past: Simulation):
    package = load_package(request.param)
    institutions = compile_institutions(package, past.world, past.parameters, DAYS)
    run = past.fork(institutions)
    line, hours = LineWatch(run), HoursWatch(run)
    watch_days(run, DAYS, line, hours)
    return request.param, run, line.table(), hours.table(), past.fork(institutions)


def _recorded(run: Simulation, field: str) -> np.ndarray:
    # The first year, before the packages, is not watched.
    return run.columns.record[12:24, BORDER, RECORD_FIELDS.index(field)]


def test_a_run_that_is_watched_ends_in_the_same_state(watched):
    _, run, _, _, other = watched
    other.run(DAYS)
    assert run.digest() == other.digest()


def test_activities_add_up_to_the_hours_the_engine_recorded(watched):
    _, run, _, hours, _ = watched
    assert set(hours["activity"]) == set(ACTIVITIES)
    for side in ("a", "b"):
        for tier in TIERS:
            rows = hours[(hours["side"] == side) & (hours["tier"] == tier)]
            seen = rows.groupby("month_index")["hours"].sum().to_numpy()
            assert seen == pytest.approx(_recorded(run, f"bound_{side}_{tier}"), abs=1e-6)


def test_what_is_left_is_joint_operations_of_the_police_and_nothing_else(watched):
    name, run, _, hours, _ = watched
    rows = hours[hours["activity"] == "operations"]
    assert rows[rows["tier"] != "department"]["hours"].abs().max() == 0.0
    each = 2.0 * run.parameters["operation_hours"]
    both_sides = rows.groupby("month_index")["hours"].sum().to_numpy()
    assert both_sides == pytest.approx(each * _recorded(run, "joint_operations"), abs=1e-6)
    if name == "completed":
        assert both_sides.sum() > 0
        for activity in ("meetings", "duties", "joint_offices", "contact"):
            assert hours[hours["activity"] == activity]["hours"].sum() > 0, activity
    if name == "network":
        assert hours[hours["activity"] == "channels"]["hours"].sum() > 0
    assert hours["hours"].min() >= 0.0


def test_without_mechanisms_nothing_is_bound(watched):
    name, _, _, hours, _ = watched
    assert (hours["hours"].sum() == 0.0) == (name == "none")


@pytest.mark.parametrize("within", [7, 30])
def test_coverage_along_the_line_adds_up_to_the_recorded_one(watched, within):
    _, run, line, _, _ = watched
    weights = line["length_km"] * line[f"coverage_{within}_days"]
    months = weights.groupby(line["month_index"]).sum() / line.groupby("month_index")["length_km"].sum()
    recorded = _recorded(run, f"covered_{within}") / _recorded(run, "bank_days")
    assert months.to_numpy() == pytest.approx(recorded, abs=1e-9)


def test_both_banks_of_the_border_are_there(watched):
    _, run, line, _, _ = watched
    world = run.world
    first = line[line["month_index"] == 0]
    by_side = first.groupby("side")["length_km"].sum()
    assert by_side["a"] == pytest.approx(by_side["b"])
    assert by_side["a"] == pytest.approx(world.segment_length_km[world.segment_is_border].sum())
    town = {code: number for number, code in enumerate(world.town_code)}
    province = world.prefecture_province[world.county_prefecture[world.town_county]]
    for row in first.itertuples():
        assert province[town[row.town_a]] != province[town[row.town_b]]
