"""Channels of one's own: they form where both sides believe in each other, and only there."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.engine.columns import RECORD_FIELDS
from sim.engine.constants import BORDER, BY_CHANNEL, BY_LINE
from sim.engine.dates import START
from sim.engine.deciding import reach_other
from sim.engine.in_force import share_rows
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.definitions import TIERS
from sim.levers.mechanisms import Mechanism, Package, load_package
from sim.model import BorderModel
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World

HOURS = 1.0
DAYS = 2.0
MONTH_END = (date(2015, 8, 1) - START).days
"""The first month that ends after the day from which the tests fork."""


def network(formation: str = "earned", hours: float = HOURS, **given: object) -> Package:
    lever = {
        "lever": "channel",
        "settings": {"days": DAYS, "upkeep_hours": hours},
        "options": {"formation": formation},
        **given,
    }
    texts = {"name": {"zh": "网", "en": "net"}, "summary": {"zh": "网", "en": "net"}}
    return Package.of("net", [Mechanism.from_dict("net", {**texts, "levers": [lever]})])


def arm(lived: Simulation, package: Package, belief: float | None = None) -> Simulation:
    """Fork, and let every office believe the same of its neighbours, now and at rest."""
    run = lived.fork(compile_institutions(package, lived.world, lived.parameters, 800))
    if belief is not None:
        for name in ("belief_a", "belief_b", "prior_a", "prior_b"):
            run.columns.dyads[name] = belief
        run.columns.offices["term"] = 0.0
    return run


def on_border(run: Simulation) -> np.ndarray:
    return run.columns.dyads["is_border"] == 1


def total(run: Simulation, name: str) -> float:
    return float(run.columns.record[:, BORDER, RECORD_FIELDS.index(name)].sum())


def test_forms_everywhere_where_all_believe_and_nothing_else_pays_for_it(lived: Simulation) -> None:
    run, none = arm(lived, network(), 0.95), arm(lived, load_package("none"), 0.95)
    for each in (run, none):
        each.run(MONTH_END - each.day)
    there = on_border(run)
    assert (run.columns.dyads["channel_open"][there] == 1).all()
    assert (run.columns.dyads["channel_open"][~there] == 0).all()
    more = run.columns.offices["bound_hours"] - none.columns.offices["bound_hours"]
    neighbours = np.zeros(len(more))
    for side in ("a", "b"):
        np.add.at(neighbours, run.columns.dyads[side][there], 1.0)
    assert more == pytest.approx(HOURS * neighbours)


def test_forms_nowhere_where_nobody_believes_and_then_nothing_happens(world: World) -> None:
    # Nobody learns, either: otherwise what departments see of each other soon makes them believe.
    past = Simulation(world, Parameters({"belief_weight": 0.0}), 1)
    past.run(30)
    run, none = arm(past, network(), 0.0), arm(past, load_package("none"), 0.0)
    for each in (run, none):
        each.run(200)
    assert total(run, "channels_offered_village") > 0
    assert sum(total(run, f"channels_open_{tier}") for tier in TIERS) == 0
    assert run.columns.offices["bound_hours"].tolist() == none.columns.offices["bound_hours"].tolist()
    # The look itself brings beliefs and trust up to date and nothing more: the same cases, the same ends.
    for name in ("known", "settled", "sessions", "hand_offs", "status"):
        assert run.cases[name].tolist() == none.cases[name].tolist()


def test_forms_in_part_where_beliefs_are_as_they_are(lived: Simulation) -> None:
    run = arm(lived, network())
    run.run(300)
    kept, offered = (
        sum(total(run, f"channels_{what}_{tier}") for tier in TIERS) for what in ("open", "offered")
    )
    assert 0.0 < kept < offered


def test_stays_out_of_habit_and_lapses_with_belief(lived: Simulation) -> None:
    run = arm(lived, network(), 0.95)
    # Up to the eve of the next look, so that nothing is learned in between.
    run.run(MONTH_END + 30 - run.day)
    dyads, there = run.columns.dyads, on_border(run)
    reluctant = there & (np.arange(len(dyads)) % 2 == 0)
    for name in ("belief_a", "prior_a"):
        dyads[name][reluctant] = 0.0
    run.run(1)
    assert (dyads["channel_open"][reluctant] == 0).all()
    assert (dyads["channel_open"][there & ~reluctant] == 1).all()


@pytest.mark.parametrize(("habit", "kept"), [(0.0, 0.0), (1.0, 1.0)])
def test_habit_is_what_keeps_a_channel_that_no_longer_pays(
    world: World, lived: Simulation, habit: float, kept: float
) -> None:
    run = Simulation(world, Parameters({"channel_habit": habit}), 1)
    run.adopt(compile_institutions(network(hours=0.0), world, run.parameters, 800))
    run.run(31)
    dyads, there = run.columns.dyads, on_border(run)
    dyads["channel_open"][there] = 1
    run.columns.offices["term"] = -0.9
    run.run(28)
    assert dyads["channel_open"][there].mean() == kept


def test_reaches_the_other_side_only_while_it_is_open(lived: Simulation) -> None:
    run = arm(lived, network(), 0.95)
    run.run(1)
    c, t, p = run.columns, share_rows(run.tables), run.parameter_row
    (dyad,) = np.flatnonzero(on_border(run) & (c.dyads["tier"] == 2))[:1]
    days, channel = reach_other(c, t, p, dyad, run.day)
    assert channel == BY_LINE
    assert days > DAYS
    c.dyads["channel_open"][dyad] = 1
    assert reach_other(c, t, p, dyad, run.day) == (DAYS, BY_CHANNEL)


def test_an_agreed_channel_takes_its_hours_whatever_anybody_believes(lived: Simulation) -> None:
    run, free = arm(lived, network("agreed"), 0.0), arm(lived, network("agreed", hours=0.0), 0.0)
    for each in (run, free):
        each.run(MONTH_END - each.day)
    more = run.columns.offices["bound_hours"] - free.columns.offices["bound_hours"]
    sides = np.concatenate([run.columns.dyads[side][on_border(run)] for side in ("a", "b")])
    assert more == pytest.approx(HOURS * np.bincount(sides, minlength=len(more)))
    assert not run.columns.dyads["channel_open"].any()


def test_ends_with_its_lever(lived: Simulation) -> None:
    run = arm(lived, network(end_year=0.25), 0.95)
    run.run(60)
    assert run.columns.dyads["channel_open"].any()
    run.run(90)
    assert not run.columns.dyads["channel_open"].any()


def test_at_level_zero_nothing_changes_by_a_single_bit(lived: Simulation) -> None:
    package = load_package("network")
    idle = Package.of("idle", [mechanism.at_level(0.0) for mechanism in package.mechanisms])
    runs = [arm(lived, each) for each in (idle, load_package("none"))]
    for run in runs:
        run.run(100)
    assert runs[0].digest() == runs[1].digest()


def test_is_the_same_in_one_go_and_in_parts(lived: Simulation) -> None:
    at_once, by_parts = arm(lived, load_package("network")), arm(lived, load_package("network"))
    at_once.run(90)
    for days in (17, 1, 42, 30):
        by_parts.run(days)
    assert at_once.digest() == by_parts.digest()


def test_the_graph_shows_a_channel_while_it_is_open() -> None:
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    model = BorderModel(region=region, package="network", years=1, burn_in=0, seed=0, collect=False)

    def channels() -> int:
        return sum(kind == "channel" for _, _, kind in model.graph.edges(data="kind"))

    assert channels() == 0
    model.run(days=31)
    count = int((model.simulation.columns.dyads["channel_open"] == 1).sum())
    assert count > 0
    assert channels() in (count, 2 * count)
