from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.rules.arriving import (
    becomes_known_share,
    difficulty_of,
    dispute_pull,
    domain_of,
    happens_within,
    waiting_days,
)

shares = st.floats(0.0, 1.0)
slopes = st.floats(0.0, 2.0)
GRID = (np.arange(2_000) + 0.5) / 2_000


@pytest.mark.parametrize(
    ("legacy_open", "trust", "grievance", "expected"),
    [
        (False, 0.5, 0.0, 1.0),
        (True, 0.5, 0.0, 2.0),
        (False, 0.3, 0.0, 1.221403),  # exp(0.2)
        (False, 0.7, 0.0, 0.818731),  # exp(-0.2)
        (False, 0.5, 0.4, 1.2),  # 1 + 0.5 * 0.4
        (True, 0.3, 0.4, 2.931367),  # 2 * 1.221403 * 1.2
    ],
)
def test_pull_by_hand(legacy_open: bool, trust: float, grievance: float, expected: float) -> None:
    pull = dispute_pull(legacy_open, 2.0, trust, 0.5, 1.0, grievance, 0.5)
    assert pull == pytest.approx(expected, abs=1e-6)


@given(shares, shares, shares, shares, slopes, slopes)
def test_distrust_grievance_and_claims_never_calm_a_tie(
    trust: float, less: float, grievance: float, more: float, trust_slope: float, grievance_slope: float
) -> None:
    low, high = sorted((trust, less))
    mild, bitter = sorted((grievance, more))
    calm = dispute_pull(False, 2.0, high, 0.5, trust_slope, mild, grievance_slope)
    assert calm > 0.0
    assert dispute_pull(False, 2.0, low, 0.5, trust_slope, mild, grievance_slope) >= calm
    assert dispute_pull(False, 2.0, high, 0.5, trust_slope, bitter, grievance_slope) >= calm
    assert dispute_pull(True, 2.0, high, 0.5, trust_slope, mild, grievance_slope) == pytest.approx(2.0 * calm)


@pytest.mark.parametrize(
    ("never_raised", "detection", "self_settling", "expected"),
    [
        (0.0, 0.1, 0.0, 1.0),
        (0.33, 0.10, 0.01, 0.609091),  # 0.67 * 10 / 11
        (0.5, 0.02, 0.02, 0.25),  # half are raised, half of these are found first
        (1.0, 0.1, 0.01, 0.0),
    ],
)
def test_known_share_by_hand(
    never_raised: float, detection: float, self_settling: float, expected: float
) -> None:
    assert becomes_known_share(never_raised, detection, self_settling) == pytest.approx(expected, abs=1e-6)


def test_known_share_is_what_two_racing_clocks_give() -> None:
    """With hazards of 0.1 and 0.03, 0.1 / 0.13 of the found-first races are won by detection."""
    found = np.array([waiting_days(draw, 0.1) for draw in GRID[::4]])
    settled = np.array([waiting_days(draw, 0.03) for draw in GRID[::4]])
    first = (found[:, None] < settled[None, :]).mean()
    assert becomes_known_share(0.0, 0.1, 0.03) == pytest.approx(first, abs=0.003)


@given(shares, st.floats(0.001, 1.0), st.floats(0.0, 1.0))
def test_known_share_stays_a_share_and_grows_with_detection(
    never_raised: float, detection: float, self_settling: float
) -> None:
    share = becomes_known_share(never_raised, detection, self_settling)
    assert 0.0 <= share <= 1.0 - never_raised + 1e-15
    assert becomes_known_share(never_raised, 2.0 * detection, self_settling) >= share


@pytest.mark.parametrize(
    ("draw", "hazard", "expected"),
    [(1.0 - math.exp(-1.0), 0.1, 10.0), (0.5, 0.01, 69.314718), (0.5, 0.0, 1e9), (0.5, -0.2, 1e9)],
)
def test_waiting_by_hand(draw: float, hazard: float, expected: float) -> None:
    assert waiting_days(draw, hazard) == pytest.approx(expected)


@given(st.floats(1e-6, 1.0 - 1e-6), st.floats(1e-4, 1.0))
def test_waiting_inverts_the_exponential_distribution(draw: float, hazard: float) -> None:
    assert 1.0 - math.exp(-hazard * waiting_days(draw, hazard)) == pytest.approx(draw, abs=1e-12)


def test_waiting_has_the_mean_of_its_hazard() -> None:
    assert np.mean([waiting_days(draw, 0.02) for draw in GRID]) == pytest.approx(50.0, rel=0.002)


@pytest.mark.parametrize(
    ("draw", "expected"), [(0.1, 0), (0.49, 0), (0.5, 1), (0.74, 1), (0.75, 2), (0.99, 2)]
)
def test_difficulty_by_hand(draw: float, expected: int) -> None:
    """A quarter is complex and a quarter hard, so that the steps are at one half and three quarters."""
    assert difficulty_of(draw, 0.25, 0.25) == expected


@pytest.mark.parametrize(
    ("draw", "expected"),
    [(0.1, 0), (0.24, 0), (0.25, 1), (0.49, 1), (0.5, 2), (0.74, 2), (0.75, 3), (0.99, 3)],
)
def test_domain_by_hand(draw: float, expected: int) -> None:
    assert domain_of(draw, 0.25, 0.25, 0.25) == expected


@given(st.floats(0.0, 0.3), st.floats(0.0, 0.3), st.floats(0.0, 0.4))
def test_difficulties_and_domains_come_in_their_shares(one: float, two: float, three: float) -> None:
    difficulties = np.bincount([difficulty_of(draw, one, two) for draw in GRID], minlength=3) / GRID.size
    assert difficulties == pytest.approx([1.0 - one - two, one, two], abs=1.0 / GRID.size)
    domains = np.bincount([domain_of(draw, one, two, three) for draw in GRID], minlength=4) / GRID.size
    assert domains == pytest.approx([1.0 - one - two - three, one, two, three], abs=1.0 / GRID.size)


@given(
    st.floats(1e-12, 1.0, exclude_max=True), st.floats(0.0, 2.0, allow_subnormal=False), st.floats(0.0, 1e4)
)
def test_an_event_happens_within_some_days_as_its_waiting_time_says(
    draw: float, hazard: float, days: float
) -> None:
    chance = -math.expm1(-hazard * days)
    assume(abs(draw - chance) > 1e-9)
    assert happens_within(draw, hazard, days) == (draw < chance)


def test_without_a_hazard_nothing_happens() -> None:
    assert not happens_within(1e-12, 0.0, 1e9)
    assert not happens_within(1e-12, -1.0, 10.0)
