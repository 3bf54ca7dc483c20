from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.elementary import gumbel
from sim.rules.choosing import ALONE, JOINT, LEAVE, REFER, choose_option, refer_worth

OPTIONS = (JOINT, ALONE, REFER, LEAVE)
MISSING = -math.inf
# Draws of all four options at once, spread evenly over the cube; none lies on its edge.
DRAWS = (0.999998 * qmc.Sobol(4, seed=1).random_base2(11) + 1e-6).tolist()
# These points do not vary; over 1,500 random sets of utilities their largest error was 0.0074.
TOLERANCE = 0.02
utilities = st.lists(st.floats(-2.0, 2.0), min_size=4, max_size=4)
draws = st.lists(st.floats(1e-6, 1.0 - 1e-6), min_size=4, max_size=4)
sharpnesses = st.floats(0.01, 10.0)


def frequencies(options: list[float], sharpness: float) -> NDArray[np.float64]:
    chosen = [choose_option(*options, sharpness, *point) for point in DRAWS]
    return np.bincount(chosen, minlength=4) / len(DRAWS)


@pytest.mark.parametrize("sharpness", [1.0, 6.0])
@pytest.mark.parametrize(
    ("weight", "least_draw"),
    # Against a draw of one half: the half to the power of the ratio of weights.
    [(1.0, 0.5), (2.0, 0.25), (3.0, 0.125), (0.5, math.sqrt(0.5))],
)
@pytest.mark.parametrize(("first", "other"), list(itertools.permutations(OPTIONS, 2)))
def test_a_race_of_two_by_hand(
    first: int, other: int, weight: float, least_draw: float, sharpness: float
) -> None:
    options, own_draws = [MISSING] * 4, [0.999] * 4
    options[first], options[other] = math.log(weight) / sharpness, 0.0
    own_draws[other] = 0.5
    for draw, expected in ((least_draw + 0.001, first), (least_draw - 0.001, other)):
        own_draws[first] = draw
        assert choose_option(*options, sharpness, *own_draws) == expected


# Both ends of what a draw can be, and the steps between which a disturbance is bounded.
edges = [
    2.0**-53,
    *(step / 256 + apart for step in range(1, 256) for apart in (-(2.0**-53), 0.0)),
    1.0 - 2.0**-53,
]


@given(
    st.lists(st.just(MISSING) | st.floats(-300.0, 300.0), min_size=4, max_size=4).filter(
        lambda options: max(options) > MISSING
    ),
    sharpnesses,
    st.lists(st.floats(2.0**-53, 1.0 - 2.0**-53) | st.sampled_from(edges), min_size=4, max_size=4),
)
def test_the_best_disturbed_utility_wins(
    options: list[float], sharpness: float, own_draws: list[float]
) -> None:
    disturbed = [sharpness * option + gumbel(draw) for option, draw in zip(options, own_draws, strict=True)]
    assert choose_option(*options, sharpness, *own_draws) == int(np.argmax(disturbed))


def test_four_chances_by_hand() -> None:
    """Utilities of log 4, log 3, log 2 and log 1 at a sharpness of one: 4, 3, 2 and 1 tenths."""
    found = frequencies([math.log(4), math.log(3), math.log(2), 0.0], 1.0)
    assert found == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=TOLERANCE)


@given(utilities, sharpnesses)
def test_chances_are_those_of_a_logit(options: list[float], sharpness: float) -> None:
    weights = np.exp(sharpness * (np.array(options) - max(options)))
    assert frequencies(options, sharpness) == pytest.approx(weights / weights.sum(), abs=TOLERANCE)


@given(utilities, sharpnesses, draws, st.sampled_from(OPTIONS), st.floats(0.0, 3.0))
def test_what_an_option_loses_never_moves_a_choice_between_others(
    options: list[float], sharpness: float, own_draws: list[float], changed: int, loss: float
) -> None:
    before = choose_option(*options, sharpness, *own_draws)
    for worth in (options[changed] - loss, MISSING):
        worse = [worth if number == changed else own for number, own in enumerate(options)]
        after = choose_option(*worse, sharpness, *own_draws)
        # Whoever won without it wins still; only its own choices can go elsewhere.
        assert after == before or before == changed


@given(utilities, sharpnesses, draws, st.sampled_from(OPTIONS), st.floats(0.0, 3.0))
def test_what_an_option_gains_wins_only_choices_for_itself(
    options: list[float], sharpness: float, own_draws: list[float], changed: int, gain: float
) -> None:
    before = choose_option(*options, sharpness, *own_draws)
    better = [own + gain * (number == changed) for number, own in enumerate(options)]
    assert choose_option(*better, sharpness, *own_draws) in (before, changed)


@given(utilities, sharpnesses, draws, st.sampled_from(OPTIONS), st.floats(0.0, 1.0))
def test_the_draw_of_an_option_is_about_that_option_alone(
    options: list[float], sharpness: float, own_draws: list[float], changed: int, part: float
) -> None:
    before = choose_option(*options, sharpness, *own_draws)
    unlucky = [max(1e-6, own * part) if number == changed else own for number, own in enumerate(own_draws)]
    after = choose_option(*options, sharpness, *unlucky)
    assert after == before or before == changed


@given(draws, st.sets(st.sampled_from(OPTIONS), min_size=1, max_size=3), utilities, sharpnesses)
def test_an_option_that_does_not_exist_is_never_chosen(
    own_draws: list[float], missing: set[int], options: list[float], sharpness: float
) -> None:
    left = [MISSING if number in missing else worth for number, worth in enumerate(options)]
    assert choose_option(*left, sharpness, *own_draws) not in missing


@pytest.mark.parametrize("level", [-1e6, 0.0, 1e6])
def test_a_sharp_choice_takes_the_best_at_any_level(level: float) -> None:
    for best in OPTIONS:
        options = [level + (0.1 if number == best else 0.0) for number in OPTIONS]
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
