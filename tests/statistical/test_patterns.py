"""Patterns that the sources report, which the model must show without being told (part B of the evidence)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import Package, load_mechanism
from sim.measures.definitions import MEASURES
from sim.parameters import Parameters
from sim.rules.reaching import days_until_duty
from sim.world.region import load_region
from sim.world.world import World, lay_out
from tests.statistical.runs import FIELD

SHARES = ("share", "probability", "index")


def test_p08_willingness_falls_from_county_to_town_to_village(measures: pd.DataFrame) -> None:
    """Without mechanisms, in every replication; the gaps are several standard errors wide."""
    none = measures[
        (measures["arm"] == "none") & (measures["measure"] == "willingness") & (measures["scope"] == "border")
    ]
    wide = none.pivot(index="seed", columns="tier", values="value")
    assert (wide["county"] > wide["town"]).all()
    assert (wide["town"] > wide["village"]).all()


def test_p13_most_cases_close_at_the_lowest_tier(mean) -> None:  # type: ignore[no-untyped-def]
    """Village 75 to 97 %, county 3 to 20 % of cases inside; some 160,000 cases stand behind each share."""
    assert 0.75 <= mean("none", "closed_share", "interior", "village") <= 0.97
    assert 0.03 <= mean("none", "closed_share", "interior", "county") <= 0.20


@pytest.mark.parametrize(("tier", "interval"), [(2, 91), (3, 30), (1, 7), (0, 1)])
def test_p15_waiting_for_a_convener_takes_half_the_rota(tier: int, interval: int) -> None:
    """In the compiled institutions an office on duty every k days answers after (k - 1) / 2 days."""
    world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 5)
    package = Package.of("duty", [load_mechanism("rotating_secretary")])
    rules = compile_institutions(package, world, Parameters(), 1096).epochs[0].tables.offices
    offices = np.flatnonzero((world.office_tier == tier) & (rules["duty_interval"] > 0))
    assert offices.size
    assert (rules["duty_interval"][offices] == interval).all()
    simulation = Simulation(world, Parameters(), 5)
    phases = simulation.columns.offices["duty_phase"][offices]
    waits = [
        days_until_duty(day, interval, int(phase) % interval)
        for phase in phases
        for day in range(10 * interval)
    ]
    assert np.mean(waits) == pytest.approx((interval - 1) / 2)


def joint_sessions(world: World, exponent: float, hours_a: float, hours_b: float, seed: int) -> float:
    """Count joint sessions of villages in two busy years when the sides' desks have unequal hours."""
    parameters = Parameters(
        {
            "border_disputes_per_village": 30.0,
            "information_loss": 0.0,
            "giving_up_per_day": 0.0,
            "effort_cost_load": 0.0,
            # Desks that can save up a session even when small, and more cases than hours for them.
            "desk_saving_days": 40.0,
            "cool_off_days": 5.0,
            "session_hours_simple": 3.0,
            "session_hours_complex": 3.0,
            "session_hours_hard": 3.0,
            "substitution_exponent": exponent,
        }
    )
    package = Package.of("duty", [load_mechanism("rotating_secretary").with_settings({"duty": {"hours": 0}})])
    simulation = Simulation(world, parameters, seed)
    offices = simulation.columns.offices
    for side, share in ((0, hours_a), (1, hours_b)):
        offices["base_desk"][(offices["side"] == side) & (offices["tier"] == 0)] *= share
    simulation.adopt(compile_institutions(package, world, parameters, 730))
    simulation.run(730)
    return float(simulation.columns.record[:, 1, FIELD["joint_village"]].sum())


@pytest.mark.parametrize(("exponent", "binds"), [(-20.0, True), (1.0, False)])
def test_p03_joint_action_is_bounded_by_the_scarcer_side(exponent: float, binds: bool) -> None:
    """Sides of unequal hours: joint sessions follow the smaller desk at the minimum rule, and not at the sum.

    Regression of joint sessions on the smaller and the larger desk over a grid of nine and two layouts,
    in units of balanced desks. The standard error of a slope is about 0.15.
    """
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    levels = (0.2, 0.5, 0.8)
    rows, counts = [], []
    for seed in (0, 1):
        world = lay_out(region, seed)
        for a in levels:
            for b in levels:
                rows.append((1.0, min(a, b), max(a, b)))
                counts.append(joint_sessions(world, exponent, a, b, seed))
    scale = np.mean([count for row, count in zip(rows, counts, strict=True) if row[1] == 0.8]) / 0.8
    _, scarcer, larger = np.linalg.lstsq(np.array(rows), np.array(counts) / scale, rcond=None)[0]
    if binds:
        assert 0.7 < scarcer < 1.3
        assert abs(larger) < 0.3
    else:
        assert larger > 0.4


def test_no_headline_outcome_of_the_border_saturates(measures: pd.DataFrame) -> None:
    """No arm or replication has a share on the border at 0 or 1, and no arm such a gap between two shares.

    A gap of zero in one replication is no bound: in the few sessions of one tier all who came may work.
    """
    names = [name for name, measure in MEASURES.items() if measure.headline and measure.unit in SHARES]
    shares = measures[(measures["scope"] == "border") & measures["measure"].isin(names)]
    gap = shares["measure"] == "suspension_gap"
    gaps = shares[gap].groupby(["arm", "tier"])["value"].mean()
    assert ((gaps > 0.0) & (gaps < 1.0)).all(), gaps
    shares = shares[~gap]
    assert len(shares) > 50
    assert ((shares["value"] > 0.0) & (shares["value"] < 1.0)).all(), shares[
        (shares["value"] <= 0) | (shares["value"] >= 1)
    ]


def test_b3_co_operation_costs_something_elsewhere(mean) -> None:  # type: ignore[no-untyped-def]
    """(a) Hours in meetings and on duty are missing inside: waiting and displaced hours rise."""
    for worse in ("five_links", "completed"):
        assert mean(worse, "displaced_hours", "interior") > mean("none", "displaced_hours", "interior")
        assert mean(worse, "waiting_days", "interior") > mean("none", "waiting_days", "interior")
        assert mean(worse, "unserved_hours", "interior") > mean("none", "unserved_hours", "interior")
    assert (
        mean("completed", "staff_days") > mean("five_links", "staff_days") > mean("paper", "staff_days") > 0
    )


def test_b3_baseline_settles_something_but_not_everything(mean) -> None:  # type: ignore[no-untyped-def]
    """(b) No full resolution in the baseline, and the border waits longer than the interior (P06)."""
    assert 0.02 < mean("none", "settled_90_days") < 0.6
    assert mean("none", "first_response_days") > 1.5 * mean("none", "first_response_days", "interior")


def test_b3_paper_alone_does_not_settle_disputes(mean) -> None:  # type: ignore[no-untyped-def]
    """(d), P18: an agreement and meetings without owner, deadline or convener move outcomes little."""
    paper = mean("paper", "settled_90_days") - mean("none", "settled_90_days")
    links = mean("five_links", "settled_90_days") - mean("none", "settled_90_days")
    assert paper < 0.25 * links


def test_b3_villages_without_contact_do_not_warm(mean) -> None:  # type: ignore[no-untyped-def]
    """(e) Villages inside, which no mechanism touches, are no more willing than before."""
    change = mean("five_links", "willingness", "interior", "village") - mean(
        "none", "willingness", "interior", "village"
    )
    assert abs(change) < 0.005


def test_p04_contested_pairs_stay_less_willing(mean) -> None:  # type: ignore[no-untyped-def]
    """Formally members alike, villages with an open claim lag behind."""
    for arm in ("none", "paper", "five_links"):
        gap = mean(arm, "willingness_calm", tier="village") - mean(
            arm, "willingness_contested", tier="village"
        )
        assert gap > 0.05


def test_p01_meetings_without_a_convener_give_few_joint_actions(mean) -> None:  # type: ignore[no-untyped-def]
    """Below 30 % of items are carried out on paper; with a body and deadlines at least twice as many."""
    assert mean("paper", "items_carried_out") < 0.30
    assert mean("completed", "items_carried_out") > 2.0 * mean("paper", "items_carried_out")


def test_p12_large_operations_find_something_about_every_second_time(mean) -> None:  # type: ignore[no-untyped-def]
    """Hit rate between 0.3 and 0.7."""
    assert 0.3 < mean("none", "operation_hit_share") < 0.7
