from __future__ import annotations

import inspect
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.willingness import (
    attend_chance,
    effort_chance,
    effort_worth,
    load,
    logistic,
    pressure,
    settlement_worth,
)

shares = st.floats(0.0, 1.0)
steps = st.floats(0.0, 1.0)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, float]:
    """Arguments of `effort_worth`, with chances in their order: p0 at most p1 at most p2."""
    none, one, both = sorted(draw(st.tuples(shares, shares, shares)))
    rest = ("value", "belief", "assessment", "monitored_reputation", "interest", "cost", "fear")
    return {name: draw(shares) for name in rest} | {
        "both": both,
        "one": one,
        "none": none,
        "affect": draw(st.floats(-0.5, 0.5)),
    }


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.0, 0.5),
        (math.log(3.0), 0.75),
        (-math.log(3.0), 0.25),
        (math.log(9.0), 0.9),
        (1e300, 1.0),
        (-1e300, 0.0),
    ],
)
def test_logistic_by_hand(x: float, expected: float) -> None:
    assert logistic(x) == pytest.approx(expected)


@given(st.floats(-1e4, 1e4), st.floats(0.0, 10.0))
def test_logistic_is_a_rising_symmetric_chance(x: float, more: float) -> None:
    assert 0.0 <= logistic(x) <= 1.0
    assert logistic(x + more) >= logistic(x) - 1e-15
    assert logistic(x) + logistic(-x) == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize(("tier", "expected"), [(0, 0.5), (1, 0.7), (2, 1.0), (3, 1.0), (4, 1.0)])
def test_pressure_by_hand(tier: int, expected: float) -> None:
    assert pressure(tier, 0.7, 0.5) == expected


@pytest.mark.parametrize(("difficulty", "expected"), [(0, 0.5), (1, 0.65), (2, 0.9)])
def test_settlement_worth_by_hand(difficulty: int, expected: float) -> None:
    assert settlement_worth(0.5, difficulty, 1.3, 1.8) == pytest.approx(expected)


def test_effort_worth_by_hand() -> None:
    # The bracket is 0.5 * 0.6 + 0.5 * 0.2 = 0.4; 1.1 * 0.4 - 0.2 = 0.24.
    assert effort_worth(1.0, 0.5, 0.8, 0.2, 0.0, 0.1, 0.0, 0.0, 0.0, 0.2, 0.0) == pytest.approx(0.24)
    # A town with a hard case: 0.2 * 0.2625 + 0.8 * 0.0575 = 0.0985; (1.26 + 0.07) * 0.0985 = 0.131005;
    # 0.131005 + 0.06 + 0.03 - 0.067 - 0.25 - 0.04 = -0.135995.
    worth = effort_worth(1.26, 0.2, 0.35, 0.0875, 0.03, 0.07, 0.06, 0.03, -0.067, 0.25, 0.04)
    assert worth == pytest.approx(-0.135995)
    # Nothing to win and nothing seen: what is left is the cost.
    assert effort_worth(1.0, 0.5, 0.0, 0.0, 0.0, 0.4, 0.0, 0.0, 0.0, 0.2, 0.0) == pytest.approx(-0.2)


@given(
    situations(),
    st.sampled_from(["value", "assessment", "monitored_reputation", "interest", "affect"]),
    steps,
)
def test_value_assessment_monitoring_interest_and_affect_never_lower_the_worth(
    situation: dict[str, float], cause: str, more: float
) -> None:
    raised = situation | {cause: situation[cause] + more}
    assert effort_worth(**raised) >= effort_worth(**situation) - 1e-12


@given(situations(), st.sampled_from(["cost", "fear"]), steps)
def test_cost_and_fear_lower_the_worth_one_for_one(
    situation: dict[str, float], cause: str, more: float
) -> None:
    raised = situation | {cause: situation[cause] + more}
    assert effort_worth(**raised) == pytest.approx(effort_worth(**situation) - more, abs=1e-12)


@given(situations(), steps)
def test_belief_acts_as_the_chances_say(situation: dict[str, float], more: float) -> None:
    """Belief raises the worth where the second effort adds more than the first, and lowers it elsewhere."""
    surer = situation | {"belief": situation["belief"] + more}
    slope = (situation["both"] - situation["one"]) - (situation["one"] - situation["none"])
    expected = more * slope * (situation["value"] + situation["assessment"])
    assert effort_worth(**surer) - effort_worth(**situation) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("worth", "sharpness", "expected"),
    [
        (0.0, 6.0, 0.5),
        (0.24, 6.0, 0.808455),
        (-0.24, 6.0, 0.191545),
        (5.0, 0.0, 0.5),
    ],  # exp(-1.44) = 0.236928
)
def test_effort_chance_by_hand(worth: float, sharpness: float, expected: float) -> None:
    # exp(-1.44) is 0.236928, and 1 / 1.236928 is 0.808455.
    assert effort_chance(worth, sharpness) == pytest.approx(expected, abs=1e-6)


@given(st.floats(-3.0, 3.0), steps, st.floats(0.0, 10.0))
def test_effort_chance_rises_with_its_worth(worth: float, more: float, sharpness: float) -> None:
    chance = effort_chance(worth, sharpness)
    assert 0.0 <= chance <= 1.0
    assert effort_chance(worth + more, sharpness) >= chance - 1e-15


@pytest.mark.parametrize(
    ("obligation", "assessed", "expected"),
    [(0.75, 0.0, 0.75), (0.5, 1.0, 0.8), (0.5, 0.5, 0.65), (0.0, 1.0, 0.6), (1.0, 1.0, 1.0)],
)
def test_attendance_by_hand(obligation: float, assessed: float, expected: float) -> None:
    assert attend_chance(obligation, assessed, 0.6) == pytest.approx(expected)


@given(shares, shares, shares, shares, shares)
def test_attendance_rises_with_obligation_and_assessment(
    one: float, other: float, assessed: float, more: float, effect: float
) -> None:
    less, stronger = sorted((one, other))
    chance = attend_chance(less, assessed, effect)
    assert less - 1e-15 <= chance <= 1.0 + 1e-15
    assert attend_chance(stronger, assessed, effect) >= chance - 1e-15
    assert attend_chance(less, min(1.0, assessed + more), effect) >= chance - 1e-15


def test_effort_knows_nothing_of_what_makes_people_attend() -> None:
    attending = set(inspect.signature(getattr(attend_chance, "py_func", attend_chance)).parameters)
    for rule in (effort_worth, effort_chance):
        assert attending.isdisjoint(inspect.signature(getattr(rule, "py_func", rule)).parameters)


@pytest.mark.parametrize(
    ("balance", "waiting", "expected"),
    [
        (0.0, 10.0, 1.0),
        (20.0, 0.0, 0.0),
        (10.0, 5.0, 0.5),
        (30.0, -3.0, 0.0),  # more than full, and free since three days
        (5.0, 100.0, 0.875),  # 0.5 * 0.75 + 0.5
        (-2.0, 0.0, 0.5),
    ],
)
def test_load_by_hand(balance: float, waiting: float, expected: float) -> None:
    assert load(balance, 20.0, waiting, 10.0) == pytest.approx(expected)


@given(st.floats(-5.0, 30.0), st.floats(-10.0, 50.0), st.floats(0.0, 10.0))
def test_load_is_a_share_that_rises_with_waiting_and_falls_with_saved_hours(
    balance: float, waiting: float, more: float
) -> None:
    busy = load(balance, 20.0, waiting, 10.0)
    assert 0.0 <= busy <= 1.0
    assert load(balance, 20.0, waiting + more, 10.0) >= busy
    assert load(balance + more, 20.0, waiting, 10.0) <= busy
