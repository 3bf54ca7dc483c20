from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.reaching import climb_days, days_until_duty, forwarding_chance, information_delay

tiers = st.integers(0, 3)
levels = st.integers(0, 4)
hops = st.floats(0.0, 8.0)


@pytest.mark.parametrize(
    ("tier", "level", "expected"),
    [
        (0, 0, 2.0),  # village, town, village
        (0, 1, 6.0),  # 2 * (1 + 2)
        (0, 4, 30.0),  # 2 * (1 + 2 + 3 * 4)
        (1, 0, 0.0),  # both sides are one town committee
        (1, 1, 4.0),
        (1, 3, 20.0),  # 2 * (2 + 4 + 4)
        (2, 2, 8.0),
        (2, 4, 24.0),
        (3, 4, 24.0),  # a department stands at the height of a county
    ],
)
def test_climb_by_hand(tier: int, level: int, expected: float) -> None:
    assert climb_days(tier, level, 1.0, 2.0, 4.0) == expected


@given(tiers, levels, hops, hops, hops)
def test_a_higher_line_is_further_and_a_higher_tier_nearer(
    tier: int, level: int, village: float, town: float, upper: float
) -> None:
    days = climb_days(tier, level, village, town, upper)
    assert days >= 0.0
    assert climb_days(tier, level + 1, village, town, upper) >= days
    assert climb_days(tier + 1, level, village, town, upper) <= days


@given(tiers, levels, st.floats(0.0, 1.0))
def test_every_hop_up_may_lose_a_request(tier: int, level: int, forwarding: float) -> None:
    """With hops of one day the climb counts them, up and down."""
    upward = round(climb_days(tier, level, 1.0, 1.0, 1.0) / 2.0)
    assert forwarding_chance(tier, level, forwarding) == pytest.approx(forwarding**upward)


@pytest.mark.parametrize(
    ("tier", "level", "expected"), [(0, 4, 0.32768), (2, 4, 0.512), (3, 4, 0.512), (1, 0, 1.0), (0, 0, 0.8)]
)
def test_forwarding_by_hand(tier: int, level: int, expected: float) -> None:
    assert forwarding_chance(tier, level, 0.8) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("day", "interval", "phase", "expected"),
    [(10, 7, 0, 4), (14, 7, 0, 0), (0, 91, 30, 30), (31, 91, 30, 90), (5, 1, 0, 0), (-3, 7, 0, 3)],
)
def test_duty_by_hand(day: int, interval: int, phase: int, expected: int) -> None:
    assert days_until_duty(day, interval, phase) == expected


@pytest.mark.parametrize("interval", [*range(1, 32), 91, 183, 365, 366])
def test_the_wait_for_duty_is_half_an_interval_on_average(interval: int) -> None:
    """Over one round the waits are 0, 1, …, interval - 1 in some order, for every phase and start."""
    for phase in {0, 1, interval // 2, interval - 1}:
        waits = [days_until_duty(day, interval, phase) for day in range(-3, interval - 3)]
        assert sorted(waits) == list(range(interval))
        assert np.mean(waits) == (interval - 1) / 2


@given(st.integers(-2_000, 4_000), st.integers(1, 366), st.integers(0, 365))
def test_duty_comes_when_it_was_said_to_come(day: int, interval: int, phase: int) -> None:
    wait = days_until_duty(day, interval, phase)
    assert 0 <= wait < interval
    assert days_until_duty(day + wait, interval, phase) == 0


@pytest.mark.parametrize(
    ("draw", "removed", "expected"),
    [(0.5, 0.0, 4.852030), (1.0 - math.exp(-1.0), 0.0, 7.0), (0.5, 0.5, 2.426015), (0.9, 1.0, 0.0)],
)
def test_delay_by_hand(draw: float, removed: float, expected: float) -> None:
    assert information_delay(draw, 7.0, removed) == pytest.approx(expected, abs=1e-6)


@given(st.floats(1e-6, 1.0 - 1e-6), st.floats(0.0, 60.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_exchange_only_shortens_the_delay(draw: float, mean: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert 0.0 <= information_delay(draw, mean, more) <= information_delay(draw, mean, less)
