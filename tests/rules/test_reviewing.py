from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.reviewing import is_noticed, judged_gain, review_score

gains = st.floats(-2.0, 2.0)


@pytest.mark.parametrize(
    ("done", "tried", "hours", "desk_hours", "weight", "expected"),
    [
        (6.0, 10.0, 0.0, 100.0, 0.5, 0.6),
        (6.0, 10.0, 50.0, 100.0, 0.5, 0.35),  # half of the desks, half of a half
        (6.0, 10.0, 50.0, 100.0, 0.0, 0.6),  # hours that nobody counts
        (0.0, 4.0, 100.0, 100.0, 1.0, -1.0),
        (12.0, 10.0, 0.0, 100.0, 0.5, 1.2),  # old cases settled too: the books allow more than all
    ],
)
def test_score_by_hand(
    done: float, tried: float, hours: float, desk_hours: float, weight: float, expected: float
) -> None:
    assert review_score(done, tried, hours, desk_hours, weight) == pytest.approx(expected)


def test_nothing_tried_is_no_result() -> None:
    assert math.isnan(review_score(0.0, 0.0, 10.0, 100.0, 0.5))


@given(st.floats(0.0, 50.0), st.floats(1.0, 50.0), st.floats(0.0, 900.0), st.floats(1.0, 900.0))
def test_more_done_is_better_and_more_hours_are_worse(
    done: float, tried: float, hours: float, desk_hours: float
) -> None:
    score = review_score(done, tried, hours, desk_hours, 0.5)
    assert score <= done / tried
    assert review_score(done + 1.0, tried, hours, desk_hours, 0.5) > score
    assert review_score(done, tried, hours + desk_hours, desk_hours, 0.5) == pytest.approx(score - 0.5)


@pytest.mark.parametrize(
    ("own", "others", "expected"), [(0.1, -0.3, -0.1), (0.1, math.nan, 0.1), (math.nan, -0.3, -0.3)]
)
def test_judgement_by_hand(own: float, others: float, expected: float) -> None:
    assert judged_gain(own, others) == pytest.approx(expected)


def test_without_any_comparison_there_is_no_judgement_and_nothing_to_notice() -> None:
    assert math.isnan(judged_gain(math.nan, math.nan))
    assert not is_noticed(math.nan, 0.0)
    assert not is_noticed(-math.nan, 0.0)


@given(gains, gains)
def test_a_judgement_lies_between_its_comparisons(own: float, others: float) -> None:
    assert min(own, others) - 1e-12 <= judged_gain(own, others) <= max(own, others) + 1e-12


@given(gains, st.floats(0.0, 1.0))
def test_a_difference_and_its_opposite_are_never_both_noticed(difference: float, margin: float) -> None:
    assert not (is_noticed(difference, margin) and is_noticed(-difference, margin))
    assert is_noticed(difference, margin) == (difference > margin)
