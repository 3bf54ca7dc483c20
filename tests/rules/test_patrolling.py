from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.patrolling import commits_offence, detection_chance, stretch_pull

shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("days", "risk", "expected"),
    [(0.0, 0.0, 1.0), (14.0, 0.0, 2.0), (0.0, 1.0, 3.0), (28.0, 0.5, 6.0)],  # the last: (1 + 2) * (1 + 1)
)
def test_pull_by_hand(days: float, risk: float, expected: float) -> None:
    assert stretch_pull(days, 14.0, risk, 2.0) == pytest.approx(expected)


@given(st.floats(0.0, 300.0), st.floats(0.0, 60.0), shares, shares, st.floats(0.0, 5.0))
def test_staleness_and_risk_draw_teams(
    days: float, more_days: float, one: float, other: float, risk_pull: float
) -> None:
    mild, risky = sorted((one, other))
    pull = stretch_pull(days, 14.0, mild, risk_pull)
    assert pull >= 1.0
    assert stretch_pull(days + more_days, 14.0, mild, risk_pull) >= pull
    assert stretch_pull(days, 14.0, risky, risk_pull) >= pull


@pytest.mark.parametrize(
    ("gain", "risk", "rise", "expected"),
    [
        (0.50, 0.20, 0.0, True),  # 1.5 * 0.2 = 0.30
        (0.25, 0.20, 0.0, False),
        (0.35, 0.20, 0.0, True),
        (0.35, 0.20, 0.3, False),  # 0.30 * 1.3 = 0.39
        (0.75, 0.50, 0.0, False),  # 0.75 against 0.75: a gain that only just covers the risk is left
        (0.01, 0.00, 0.3, True),
    ],
)
def test_offence_by_hand(gain: float, risk: float, rise: float, expected: bool) -> None:
    assert commits_offence(gain, risk, 1.5, rise) is expected


@given(shares, shares, shares, st.floats(0.0, 3.0), shares, shares)
def test_risk_and_penalties_only_deter(
    gain: float, one: float, other: float, weight: float, rise: float, more: float
) -> None:
    low, high = sorted((one, other))
    if not commits_offence(gain, low, weight, rise):
        assert not commits_offence(gain, high, weight, rise)
        assert not commits_offence(gain, low, weight, rise + more)


@pytest.mark.parametrize(("is_night", "expected"), [(True, 0.3), (False, 0.6)])
def test_detection_by_hand(is_night: bool, expected: float) -> None:
    assert detection_chance(is_night, 0.6, 0.3) == expected
