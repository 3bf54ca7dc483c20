"""A mechanism moves what it is connected to, and nothing else by a single bit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.constants import SECURITY
from sim.engine.simulation import Simulation
from sim.levers.lever_use import Scope
from sim.levers.mechanisms import Package, load_package
from sim.world.world import World

DAYS = 400
NEAR = ("陆川县", "廉江市")


@pytest.fixture(scope="module")
def arms(live) -> tuple[Simulation, Simulation]:  # type: ignore[no-untyped-def]
    """Nothing anywhere; and the whole alliance between Luchuan and Lianjiang only."""
    scope = Scope(county_pairs=(NEAR,))
    confined = Package.of(
        "near", [mechanism.within(scope) for mechanism in load_package("completed").mechanisms]
    )
    return live(load_package("none"), DAYS), live(confined, DAYS)


def side_of(world: World) -> np.ndarray:
    """Tell for each tie whether it belongs to the pair with the alliance."""
    county = world.town_county[world.village_town]
    near = [index for index, name in enumerate(world.county_name_zh) if name in NEAR]
    return np.isin(county[world.tie_a], near)


def rows(simulation: Simulation, chosen: np.ndarray) -> dict[tuple[int, int], bytes]:
    """Give the complete rows of the cases on chosen ties, without their places in lists."""
    cases = simulation.cases
    lists = ("before", "after", "place")
    names = [name for name in cases.dtype.names if name not in lists]
    on_tie = cases[(cases["tie"] >= 0) & chosen[np.maximum(cases["tie"], 0)]]
    return {
        (int(case["key"]), int(case["candidate"])): b"".join(case[name].tobytes() for name in names)
        for case in on_tie
    }


def test_the_two_pairs_have_nothing_in_common(world: World) -> None:
    """No tie, no county, no stretch within reach joins them: otherwise the next tests would say nothing."""
    near = side_of(world)
    county = world.town_county[world.village_town]
    assert not set(county[world.tie_a[near]]) & set(county[world.tie_b[~near]])
    assert near.any()
    assert (~near).any()


def test_cases_on_unconnected_ties_are_the_same_to_the_bit(
    arms: tuple[Simulation, Simulation], world: World
) -> None:
    """Every field of every case, offences included, on the pair without the alliance."""
    far = ~side_of(world)
    first, second = (rows(arm, far) for arm in arms)
    assert len(first) > 100
    assert first == second


def test_ties_beliefs_and_trust_there_are_the_same_to_the_bit(
    arms: tuple[Simulation, Simulation], world: World
) -> None:
    """State beside the cases too."""
    far = ~side_of(world)
    for name in ("trust", "interest", "legacy_open"):
        np.testing.assert_array_equal(arms[0].columns.ties[name][far], arms[1].columns.ties[name][far])
    dyads = world.tie_dyad[far]
    dyads = np.unique(dyads[dyads >= 0])
    for name in ("belief_a", "belief_b"):
        np.testing.assert_array_equal(arms[0].columns.dyads[name][dyads], arms[1].columns.dyads[name][dyads])


def test_where_the_alliance_is_cases_do_change(arms: tuple[Simulation, Simulation], world: World) -> None:
    """The comparison can tell a difference where there is one."""
    near = side_of(world) & world.tie_is_border
    first, second = (rows(arm, near) for arm in arms)
    changed = [name for name in first if name in second and first[name] != second[name]]
    assert len(changed) > 0.3 * len(first)
    assert any(int(case["domain"]) != SECURITY for case in arms[1].cases)
