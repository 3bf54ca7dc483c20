from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.choosing import ALONE, JOINT, LEAVE, REFER, choose_option, refer_worth

DRAWS = (np.arange(1_000) + 0.5) / 1_000
MISSING = -math.inf
utilities = st.lists(st.floats(-2.0, 2.0), min_size=4, max_size=4)
sharpnesses = st.floats(0.0, 10.0)


def frequencies(options: list[float], sharpness: float) -> np.ndarray:
    chosen = [choose_option(*options, sharpness, draw) for draw in DRAWS]
    return np.bincount(chosen, minlength=4) / DRAWS.size


@pytest.mark.parametrize(
    ("draw", "expected"),
    [(0.39, JOINT), (0.41, ALONE), (0.69, ALONE), (0.71, REFER), (0.89, REFER), (0.91, LEAVE)],
)
def test_choice_by_hand(draw: float, expected: int) -> None:
    """Utilities of log 4, log 3, log 2 and log 1 at a sharpness of one: 4, 3, 2 and 1 tenths."""
    assert choose_option(math.log(4), math.log(3), math.log(2), 0.0, 1.0, draw) == expected


@given(utilities, sharpnesses)
def test_chances_are_those_of_a_logit(options: list[float], sharpness: float) -> None:
    weights = np.exp(sharpness * np.array(options))
    assert frequencies(options, sharpness) == pytest.approx(weights / weights.sum(), abs=1.5 / DRAWS.size)


@given(utilities, sharpnesses)
def test_what_is_worth_more_is_chosen_no_less(options: list[float], sharpness: float) -> None:
    found = frequencies(options, sharpness)
    order = np.argsort(options)
    assert (np.diff(found[order]) >= -2.0 / DRAWS.size).all()


@given(utilities, st.sets(st.sampled_from([JOINT, ALONE, REFER, LEAVE]), min_size=1, max_size=3), sharpnesses)
def test_an_option_that_does_not_exist_is_never_chosen(
    options: list[float], missing: set[int], sharpness: float
) -> None:
    # At a sharpness of zero the product with minus infinity would be no number.
    sharpness += 0.01
    left = [MISSING if number in missing else worth for number, worth in enumerate(options)]
    found = frequencies(left, sharpness)
    assert found.sum() == pytest.approx(1.0)
    assert all(found[number] == 0.0 for number in missing)


@pytest.mark.parametrize("level", [-1e6, 0.0, 1e6])
def test_a_sharp_choice_takes_the_best_at_any_level(level: float) -> None:
    for best in (JOINT, ALONE, REFER, LEAVE):
        options = [level + (0.1 if number == best else 0.0) for number in range(4)]
        assert frequencies(options, 1_000.0)[best] == 1.0


@pytest.mark.parametrize(
    ("is_above", "has_superior", "right", "expected"),
    [
        (False, True, 0.0, -0.25),
        (True, True, 0.0, 0.15),  # -0.25 + 0.4
        (False, False, 0.0, -0.60),  # -0.25 - 0.35
        (True, False, 0.0, -0.20),
        (True, False, 0.5, -0.025),  # -0.25 + 0.4 - 0.175
        (False, False, 1.0, -0.25),  # a body that may decide stands in for the superior
        (False, True, 0.7, -0.25),  # and adds nothing where there is one
    ],
)
def test_refer_worth_by_hand(is_above: bool, has_superior: bool, right: float, expected: float) -> None:
    assert refer_worth(-0.25, 0.4, -0.35, is_above, has_superior, right) == pytest.approx(expected)


@given(st.booleans(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_right_to_decide_never_makes_referral_worth_less(is_above: bool, one: float, other: float) -> None:
    less, more = sorted((one, other))
    worth = [refer_worth(-0.25, 0.4, -0.35, is_above, False, right) for right in (less, more)]
    assert worth[0] <= worth[1] <= refer_worth(-0.25, 0.4, -0.35, is_above, True, 0.0)
