"""Each of these parameters, moved from low to high, moves the outcome that it should, the right way.

Both ends live the same days under the same shocks on two pairs of counties, so a difference of the means of
two seeds is the parameter's doing; the pairs chosen have effects many times their paired standard error.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.summary import summarise
from sim.parameters import PARAMETERS, Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out

DAYS = 730
DIRECTIONS = (
    ("interior_disputes_per_1000", "disputes_known", "interior", "all", 1),
    ("border_disputes_per_village", "disputes_occurred", "border", "all", 1),
    ("neighbour_disputes_per_village", "disputes_occurred", "interior", "all", 1),
    ("never_raised_share", "disputes_known", "border", "all", -1),
    ("detection_per_day", "disputes_known", "interior", "all", 1),
    ("self_settling_per_day", "disputes_known", "border", "all", -1),
    ("worsening_per_day", "severity_at_detection", "interior", "all", 1),
    ("incident_per_day", "incidents", "interior", "all", 1),
    ("relapse_share", "relapse_share", "interior", "all", 1),
    ("success_simple", "settled_90_days_simple", "border", "all", 1),
    ("success_complex", "settled_90_days_complex", "interior", "all", 1),
    ("needs_both_simple", "settled_90_days_simple", "border", "all", -1),
    ("bounce_share", "settled_90_days", "border", "all", -1),
    ("settlement_value", "willingness", "border", "all", 1),
    ("effort_cost", "willingness", "border", "all", -1),
    ("reputation", "willingness", "border", "village", 1),
    ("outcome_assessment", "willingness", "border", "county", 1),
    ("pressure_village", "willingness", "border", "village", 1),
    ("fear_of_favour", "willingness_contested", "border", "village", -1),
    ("monitoring_duty", "willingness", "border", "village", 1),
    ("obligation_office", "attendance", "border", "village", 1),
    ("trust_border", "trust", "border", "all", 1),
    ("legacy_trust_deduction", "trust_contested", "border", "all", -1),
    ("border_patrol_share", "coverage_7_days", "border", "all", 1),
    ("offence_candidates", "offences", "border", "all", 1),
    ("offence_gain", "offences", "border", "all", 1),
    ("displacement_share", "displaced_share", "border", "all", 1),
    ("detection_night", "detected_share", "interior", "all", 1),
    ("section_limit", "section_compliance", "border", "all", 1),
    ("abatement_cost", "abatement", "border", "all", -1),
    ("service_trips", "service_trips", "border", "all", 1),
    ("service_days", "service_days", "border", "all", 1),
    ("dispute_hours_village", "waiting_days", "interior", "village", -1),
    ("bound_desk_share", "displaced_hours", "interior", "all", -1),
    ("remember_plain", "items_carried_out", "border", "all", 1),
)


@cache
def worlds() -> tuple[World, ...]:
    """Lay out two pairs of counties, twice."""
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市", "博白县"])
    return tuple(lay_out(region, seed) for seed in (21, 22))


def measured(parameters: Parameters) -> pd.Series:  # type: ignore[type-arg]
    """Give the mean measures of two years under the alliance."""
    tables = []
    for world in worlds():
        run = Simulation(world, parameters, world.seed)
        run.adopt(compile_institutions(load_package("five_links"), world, parameters, DAYS))
        run.run(DAYS)
        table = summarise(run, 0, DAYS, interior_cases=False).measures
        tables.append(table.set_index(["measure", "scope", "tier"])["value"])
    return sum(tables) / len(tables)  # type: ignore[return-value]


@pytest.mark.parametrize(("name", "measure", "scope", "tier", "sign"), DIRECTIONS)
def test_moves_what_it_should(name: str, measure: str, scope: str, tier: str, sign: int) -> None:
    """From the low to the high end of its range."""
    row = PARAMETERS[name]
    low, high = (measured(Parameters({name: end}))[measure, scope, tier] for end in (row.low, row.high))
    assert (high - low) * sign > 0.0
