from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.networking import channel_worth, is_channel_kept

shares = st.floats(0.0, 1.0)
worths = st.floats(-1.0, 1.0)


@pytest.mark.parametrize(
    ("value", "belief", "trust", "hourly_cost", "hours", "term", "expected"),
    [
        (0.5, 0.5, 0.5, 0.125, 1.0, 0.0, 0.0),  # one eighth each way
        (1.0, 0.8, 0.5, 0.1, 2.0, 0.0, 0.2),  # 0.4 - 0.2
        (1.0, 0.8, 0.5, 0.1, 2.0, -0.3, -0.1),  # a reluctant office
        (1.0, 0.0, 1.0, 0.1, 1.0, 0.0, -0.1),  # trust without return
        (1.0, 1.0, 0.0, 0.1, 1.0, 0.0, -0.1),  # return without trust
        (1.0, 0.0, 0.0, 0.1, 0.0, 0.0, 0.0),  # what costs nothing may stay
    ],
)
def test_worth_by_hand(
    value: float, belief: float, trust: float, hourly_cost: float, hours: float, term: float, expected: float
) -> None:
    assert channel_worth(value, belief, trust, hourly_cost, hours, term) == pytest.approx(expected)


@given(shares, shares, shares, shares, st.floats(0.0, 16.0), worths)
def test_worth_stays_between_pure_cost_and_full_value(
    value: float, belief: float, trust: float, hourly_cost: float, hours: float, term: float
) -> None:
    worth = channel_worth(value, belief, trust, hourly_cost, hours, term)
    assert term - hourly_cost * hours <= worth <= value - hourly_cost * hours + term
    assert worth <= channel_worth(value, 1.0, trust, hourly_cost, hours, term)
    assert worth <= channel_worth(value, belief, 1.0, hourly_cost, hours, term)
    assert worth >= channel_worth(value, belief, trust, hourly_cost, hours + 1.0, term)


@pytest.mark.parametrize(
    ("worth_a", "worth_b", "is_open", "kept"),
    [
        (0.1, 0.1, False, True),
        (0.0, 0.0, False, True),  # nobody loses
        (0.1, -0.01, False, False),  # it takes both to begin
        (-0.01, 0.1, False, False),
        (0.1, -0.01, True, True),  # a habit outlasts a small loss
        (-0.05, -0.05, True, True),
        (0.9, -0.06, True, False),  # and either can end it
        (-0.06, 0.9, True, False),
    ],
)
def test_keeping_by_hand(worth_a: float, worth_b: float, is_open: bool, kept: bool) -> None:
    assert is_channel_kept(worth_a, worth_b, is_open, 0.05) is kept


@given(worths, worths, st.booleans(), shares)
def test_sides_count_alike_and_an_open_channel_is_never_easier_to_lose(
    worth_a: float, worth_b: float, is_open: bool, habit: float
) -> None:
    kept = is_channel_kept(worth_a, worth_b, is_open, habit)
    assert kept == is_channel_kept(worth_b, worth_a, is_open, habit)
    if is_channel_kept(worth_a, worth_b, False, habit):
        assert is_channel_kept(worth_a, worth_b, True, habit)
    if kept:
        assert min(worth_a, worth_b) >= -habit
