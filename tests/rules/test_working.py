from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.working import balance_on, days_until_hours, hours_of_other, queue_after

hours = st.floats(0.1, 8.0)
parts = st.one_of(st.floats(0.05, 1.0), st.just(0.0))
# Close to zero the formula itself loses its digits; zero is a case of its own.
exponents = st.one_of(st.floats(-6.0, -0.05), st.floats(0.05, 1.0), st.just(0.0))


def production(a: float, b: float, exponent: float) -> float:
    if exponent == 0.0:
        return math.sqrt(a * b)
    if exponent < 0.0 and min(a, b) == 0.0:
        return 0.0
    return (0.5 * (a**exponent + b**exponent)) ** (1.0 / exponent)


@pytest.mark.parametrize(
    ("balance", "days", "expected"), [(1.0, 0.0, 1.0), (1.0, 4.0, 3.0), (1.0, 14.0, 8.0), (1.0, 100.0, 8.0)]
)
def test_balance_by_hand(balance: float, days: float, expected: float) -> None:
    assert balance_on(balance, 0.5, days, 8.0) == expected


@pytest.mark.parametrize(
    ("balance", "rate", "full", "needed", "expected"),
    [
        (3.0, 0.5, 8.0, 3.0, 0.0),
        (1.0, 0.5, 8.0, 3.0, 4.0),
        (1.0, 0.5, 8.0, 3.1, 5.0),  # 4.2 days are five mornings
        (0.0, 0.8, 8.0, 2.0, 3.0),  # 2.5
        (0.0, 0.1, 1.0, 0.3, 3.0),  # 0.3 / 0.1 is a little below three in binary
        (0.0, 0.5, 2.0, 9.0, 4.0),  # no desk saves nine hours: a full one must do
        (1.0, 0.0, 8.0, 3.0, 1e9),
        (3.0, 0.0, 8.0, 3.0, 0.0),
    ],
)
def test_wait_for_hours_by_hand(
    balance: float, rate: float, full: float, needed: float, expected: float
) -> None:
    assert days_until_hours(balance, rate, full, needed) == expected


@given(st.floats(0.0, 8.0), st.floats(0.05, 5.0), hours, hours)
def test_the_wait_is_the_first_day_on_which_the_hours_are_there(
    balance: float, rate: float, full: float, needed: float
) -> None:
    balance = min(balance, full)
    days = days_until_hours(balance, rate, full, needed)
    target = min(needed, full)
    assert days == math.floor(days)
    assert balance_on(balance, rate, days, full) >= target - 1e-8
    if days > 0.0:
        assert balance_on(balance, rate, days - 1.0, full) < target


@pytest.mark.parametrize(
    ("needed", "scarcer", "exponent", "expected"),
    [
        (3.0, 3.0, -20.0, 3.0),  # both have what it takes
        (3.0, 4.0, -1.0, 3.0),
        (3.0, 2.9, -20.0, math.inf),  # minimum rule: nothing replaces the last tenth
        (3.0, 1.0, 1.0, 5.0),  # sum: 1 + 5 = 2 * 3
        (4.0, 1.0, 0.5, 9.0),  # (2 * 2 - 1) ** 2
        (3.0, 1.0, 0.0, 9.0),  # geometric mean: the root of 1 * 9
        (3.0, 2.0, -1.0, 6.0),  # harmonic mean: 2 / (1/2 + 1/6)
        (3.0, 1.5, -1.0, math.inf),  # half the hours: no amount of the other side's suffices
        (3.0, 1.0, -1.0, math.inf),
        (3.0, 0.0, -20.0, math.inf),
        (3.0, 0.0, -1.0, math.inf),
        (
            5e-16,
            0.0,
            -1.0,
            5e-16,
        ),  # what is left in the last digits is nothing, and no desk need make up for it
        (3.0, 0.0, 0.0, math.inf),  # a product with nothing is nothing
        (3.0, 0.0, 1.0, 6.0),  # sum: one side brings all of 2 * 3
        (3.0, 0.0, 0.5, 12.0),  # (2 * 3 ** 0.5) ** 2
        (3.0, 0.0, 1e-4, math.inf),  # 3 * 2 ** 10,000 is beyond every number
    ],
)
def test_hours_of_other_by_hand(needed: float, scarcer: float, exponent: float, expected: float) -> None:
    assert hours_of_other(needed, scarcer, exponent) == pytest.approx(expected)


@given(hours, parts, exponents)
def test_both_sides_hours_produce_the_session(needed: float, part: float, exponent: float) -> None:
    scarcer = part * needed
    other = hours_of_other(needed, scarcer, exponent)
    assert other >= needed * (1.0 - 1e-12)
    if math.isfinite(other):
        assert production(scarcer, other, exponent) == pytest.approx(needed, rel=1e-6)
    else:
        # What a side with hours without end would reach still falls short.
        assert exponent < 0.0 or (exponent == scarcer == 0.0)
        if scarcer == 0.0:
            return
        assert 0.5 ** (1.0 / exponent) * scarcer <= needed * (1.0 + 1e-9)


@given(hours, parts, parts, exponents, exponents)
def test_scarcer_hours_and_harder_substitution_cost_more(
    needed: float, one: float, other: float, exponent: float, another: float
) -> None:
    low, high = sorted((one * needed, other * needed))
    rigid, easy = sorted((exponent, another))
    assert hours_of_other(needed, low, rigid) >= hours_of_other(needed, high, rigid) * (1.0 - 1e-9)
    assert hours_of_other(needed, low, rigid) >= hours_of_other(needed, low, easy) * (1.0 - 1e-6)


@pytest.mark.parametrize(
    ("busy_until", "day", "work", "expected"),
    [(3.5, 10.0, 4.0, 10.5), (12.0, 10.0, 4.0, 12.5), (10.0, 10.0, 0.0, 10.0)],
)
def test_queue_by_hand(busy_until: float, day: float, work: float, expected: float) -> None:
    assert queue_after(busy_until, day, work, 8.0) == expected


@given(st.lists(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 30.0)), max_size=20), st.floats(0.5, 40.0))
def test_a_queue_loses_no_work_and_makes_none(jobs: list[tuple[float, float]], per_day: float) -> None:
    """When all is done, the time that has passed is work and idle waiting, and nothing else."""
    day = done = idle = 0.0
    for gap, work in jobs:
        day += gap
        idle += max(0.0, day - done)
        finished = queue_after(done, day, work, per_day)
        assert finished >= max(done, day)
        done = finished
    assert done == pytest.approx(idle + sum(work for _, work in jobs) / per_day)
