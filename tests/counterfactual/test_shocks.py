"""The shocks of two arms are the same: listed one by one, and compared."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.constants import SECURITY
from sim.engine.simulation import Simulation
from sim.levers.mechanisms import load_package
from sim.streams import ARRIVAL, CASE, FLOW, normal, uniform

DAYS = 500


@pytest.fixture(scope="module")
def arms(live) -> tuple[Simulation, Simulation]:  # type: ignore[no-untyped-def]
    """The same border with nothing, and with everything."""
    return live(load_package("none"), DAYS), live(load_package("completed"), DAYS)


def arrivals(simulation: Simulation) -> list[tuple[int, int, float, float]]:
    """List every candidate that came up: its stream, its number, and when the next one is due."""
    columns = simulation.columns
    keys = np.concatenate((columns.ties["key"], columns.villages["key"], columns.banks["key"]))
    sources = columns.sources
    listed = []
    for key, row in zip(keys, sources, strict=True):
        number = int(row["candidate"])
        draw = uniform(simulation.seed, ARRIVAL, int(key), number, 1)
        listed.append((int(key), number, float(row["due"]), draw))
    return listed


def test_every_stream_has_brought_the_same_candidates_at_the_same_times(
    arms: tuple[Simulation, Simulation],
) -> None:
    """Thousands of streams, many candidates each: not one differs between the arms."""
    first, second = (arrivals(arm) for arm in arms)
    assert len(first) > 2_000
    assert sum(number for _, number, _, _ in first) > 20_000
    assert first == second


def test_a_case_that_is_in_both_arms_is_the_same_case(arms: tuple[Simulation, Simulation]) -> None:
    """When it arose, where, what about, how hard, known first to whom: all drawn before anybody acts."""
    columns = ("occurred", "tie", "village", "domain", "first_difficulty", "side", "needs_both")
    lists = []
    for arm in arms:
        cases = arm.cases[(arm.cases["domain"] != SECURITY) & (arm.cases["legacy"] == 0)]
        lists.append(
            {
                (int(case["key"]), int(case["candidate"])): tuple(int(case[name]) for name in columns)
                for case in cases
            }
        )
    shared = set(lists[0]) & set(lists[1])
    assert len(shared) > 5_000
    assert {name: lists[0][name] for name in shared} == {name: lists[1][name] for name in shared}
    # The state thins the streams, so a few cases exist in one arm only; the bulk is in both.
    assert len(shared) > 0.97 * max(len(lists[0]), len(lists[1]))


def test_what_the_river_and_the_people_bring_does_not_depend_on_the_arm(
    arms: tuple[Simulation, Simulation],
) -> None:
    """Flow, and when cadres leave, are functions of seed and month, of seed and office."""
    first, second = arms
    assert [normal(first.seed, FLOW, 0, month, 0) for month in range(30)] == [
        normal(second.seed, FLOW, 0, month, 0) for month in range(30)
    ]
    np.testing.assert_array_equal(
        first.columns.offices["turnover_due"], second.columns.offices["turnover_due"]
    )
    np.testing.assert_array_equal(first.columns.offices["turnovers"], second.columns.offices["turnovers"])


def test_a_planted_dependence_on_the_arm_would_be_seen(arms: tuple[Simulation, Simulation]) -> None:
    """If the draws of a case hung on the day, the lists above would differ: the check can fail."""
    key = int(arms[0].columns.ties["key"][0])
    assert uniform(arms[0].seed, CASE, key, 3, 1) != uniform(arms[0].seed, CASE, key, 4, 1)
