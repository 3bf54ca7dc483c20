from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.learning import (
    contact_gain,
    fade,
    interest_left,
    lose,
    pessimistic_rate,
    rise,
    turnover,
    update_belief,
)

shares = st.floats(0.0, 1.0)
ratios = st.floats(1.0, 4.0)
NEARLY = 1e-12


@pytest.mark.parametrize(
    ("value", "prior", "days", "half_life", "expected"),
    [
        (0.8, 0.4, 0.0, 360.0, 0.8),
        (0.8, 0.4, 360.0, 360.0, 0.6),
        (0.8, 0.4, 720.0, 360.0, 0.5),
        (0.0, 0.4, 360.0, 360.0, 0.2),
        (1.0, 0.0, 90.0, 180.0, 0.707107),  # the root of one half
    ],
)
def test_fade_by_hand(value: float, prior: float, days: float, half_life: float, expected: float) -> None:
    assert fade(value, prior, days, half_life) == pytest.approx(expected, abs=1e-6)


@given(shares, shares, st.floats(0.0, 1000.0), st.floats(0.0, 1000.0), st.floats(1.0, 2000.0))
def test_fading_composes_and_halves_in_each_half_life(
    value: float, prior: float, first: float, second: float, half_life: float
) -> None:
    in_two = fade(fade(value, prior, first, half_life), prior, second, half_life)
    assert in_two == pytest.approx(fade(value, prior, first + second, half_life), abs=NEARLY)
    assert min(value, prior) - NEARLY <= in_two <= max(value, prior) + NEARLY
    assert fade(value, prior, half_life, half_life) == pytest.approx(0.5 * (value + prior))


@pytest.mark.parametrize(
    ("seen", "rate", "weight", "load", "expected"),
    [
        (1.0, 0.25, 1.0, 0.0, 0.55),  # 0.4 + 0.25 * 0.6
        (1.0, 0.25, 0.3, 0.0, 0.445),  # a weak observation: 0.4 + 0.075 * 0.6
        (1.0, 0.25, 1.0, 1.0, 0.55),  # load excuses, it does not praise
        (0.0, 0.25, 1.0, 0.0, 0.25),  # 0.4 - 0.375 * 0.4
        (0.0, 0.25, 1.0, 1.0, 0.2875),  # 0.4 - 0.375 * 0.75 * 0.4
        (0.4, 0.25, 1.0, 0.0, 0.4),
        (0.0, 0.9, 1.0, 0.0, 0.0),  # a step of 1.35 goes no further than what was seen
    ],
)
def test_belief_by_hand(seen: float, rate: float, weight: float, load: float, expected: float) -> None:
    assert update_belief(0.4, seen, rate, weight, 1.5, 0.25, load) == pytest.approx(expected, abs=NEARLY)


@given(shares, shares, shares, shares, ratios, shares, shares)
def test_belief_moves_towards_what_was_seen_and_not_past_it(
    belief: float, seen: float, rate: float, weight: float, ratio: float, excuse: float, load: float
) -> None:
    after = update_belief(belief, seen, rate, weight, ratio, excuse, load)
    assert min(belief, seen) - NEARLY <= after <= max(belief, seen) + NEARLY


@given(st.floats(0.0, 0.5), st.floats(0.01, 0.5), st.floats(0.01, 0.25), ratios, shares, shares)
def test_losses_weigh_more_than_gains_and_less_where_the_other_side_is_busy(
    middle: float, distance: float, rate: float, ratio: float, excuse: float, load: float
) -> None:
    belief = 0.25 + middle
    distance = min(distance, belief, 1.0 - belief)
    gain = update_belief(belief, belief + distance, rate, 1.0, ratio, excuse, 0.0) - belief
    loss = belief - update_belief(belief, belief - distance, rate, 1.0, ratio, excuse, 0.0)
    excused = belief - update_belief(belief, belief - distance, rate, 1.0, ratio, excuse, load)
    assert loss == pytest.approx(ratio * gain)
    assert loss >= gain - NEARLY
    assert excused == pytest.approx(loss * (1.0 - excuse * load))


@pytest.mark.parametrize(
    ("share", "ratio", "excuse", "expected"),
    [
        (0.5, 1.0, 0.0, 0.5),
        (0.5, 3.0, 0.0, 0.25),
        (0.0, 1.5, 0.25, 0.0),
        (1.0, 1.5, 0.25, 1.0),
        (0.4, 1.5, 0.0, 0.307692),  # 0.4 / (0.4 + 1.5 * 0.6)
        (0.5, 2.0, 1.0, 0.5),  # at half load a full excuse halves a loss that weighs double
    ],
)
def test_resting_belief_by_hand(share: float, ratio: float, excuse: float, expected: float) -> None:
    assert pessimistic_rate(share, ratio, excuse) == pytest.approx(expected, abs=1e-6)


@given(shares, st.floats(1.0, 3.0), shares)
def test_learning_rests_where_gains_and_losses_balance(share: float, ratio: float, excuse: float) -> None:
    belief = pessimistic_rate(share, ratio, excuse)
    up = update_belief(belief, 1.0, 0.25, 1.0, ratio, excuse, 0.5) - belief
    down = update_belief(belief, 0.0, 0.25, 1.0, ratio, excuse, 0.5) - belief
    assert 0.0 <= belief <= 1.0
    assert share * up + (1.0 - share) * down == pytest.approx(0.0, abs=NEARLY)


@pytest.mark.parametrize(
    ("value", "share", "raised", "lowered"),
    [(0.5, 0.1, 0.55, 0.45), (0.0, 0.1, 0.1, 0.0), (1.0, 0.1, 1.0, 0.9), (0.6, 1.0, 1.0, 0.0)],
)
def test_rise_and_loss_by_hand(value: float, share: float, raised: float, lowered: float) -> None:
    assert rise(value, share) == pytest.approx(raised)
    assert lose(value, share) == pytest.approx(lowered)


@given(shares, shares, st.floats(0.0, 5.0))
def test_an_index_stays_an_index(value: float, share: float, much: float) -> None:
    assert value - NEARLY <= rise(value, share) <= 1.0 + NEARLY
    assert 0.0 <= lose(value, much) <= value


@pytest.mark.parametrize(("before", "expected"), [(0.0, 0.02), (6.0, 0.01), (18.0, 0.005)])
def test_contact_by_hand(before: float, expected: float) -> None:
    assert contact_gain(0.02, before, 6.0) == pytest.approx(expected)


@given(st.floats(0.001, 0.1), st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(1.0, 20.0))
def test_each_further_event_adds_less(gain: float, one: float, other: float, saturation: float) -> None:
    few, many = sorted((one, other))
    assert 0.0 < contact_gain(gain, many, saturation) <= contact_gain(gain, few, saturation) <= gain


@pytest.mark.parametrize(
    ("age", "trust", "expected"),
    [
        (0.0, 0.1, 0.08),
        (1000.0, 0.5, 0.04),
        (1000.0, 0.0, 0.0282843),  # 0.08 * 0.5 ** 1.5
        (1000.0, 1.0, 0.0565685),  # 0.08 * 0.5 ** 0.5
        (2000.0 / 3.0, 0.0, 0.04),  # two thirds of the half-life
    ],
)
def test_interest_by_hand(age: float, trust: float, expected: float) -> None:
    assert interest_left(0.08, age, 1000.0, trust) == pytest.approx(expected, abs=1e-7)


@given(st.floats(0.0, 0.3), st.floats(0.0, 5000.0), st.floats(0.0, 5000.0), shares, shares)
def test_interest_only_shrinks_and_more_slowly_with_trust(
    payoff: float, one: float, other: float, low: float, high: float
) -> None:
    young, old = sorted((one, other))
    low, high = sorted((low, high))
    assert (
        0.0 <= interest_left(payoff, old, 1000.0, low) <= interest_left(payoff, young, 1000.0, low) <= payoff
    )
    assert interest_left(payoff, old, 1000.0, low) <= interest_left(payoff, old, 1000.0, high)


@pytest.mark.parametrize(
    ("belief", "carry_over", "expected"),
    [(0.8, 0.6, 0.64), (0.8, 0.0, 0.4), (0.8, 1.0, 0.8), (0.1, 0.5, 0.25)],
)
def test_turnover_by_hand(belief: float, carry_over: float, expected: float) -> None:
    assert turnover(belief, 0.4, carry_over) == pytest.approx(expected)
