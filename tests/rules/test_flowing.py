from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.flowing import monthly_flow, routed_share, treated_next

shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("distance_km", "decay", "expected"),
    [(0.0, 0.02, 1.0), (50.0, 0.02, 0.367879), (34.657359, 0.02, 0.5), (80.0, 0.0, 1.0)],
)
def test_routed_share_by_hand(distance_km: float, decay: float, expected: float) -> None:
    assert routed_share(distance_km, decay) == pytest.approx(expected, abs=1e-6)


@given(st.floats(0.0, 200.0), st.floats(0.0, 200.0), st.floats(0.0, 0.1))
def test_a_way_in_two_parts_loses_what_the_whole_way_loses(first: float, second: float, decay: float) -> None:
    whole = routed_share(first + second, decay)
    assert whole == pytest.approx(routed_share(first, decay) * routed_share(second, decay), rel=1e-9)
    assert 0.0 < whole <= routed_share(first, decay) <= 1.0


@pytest.mark.parametrize(
    ("month", "amplitude", "noise", "spread", "expected"),
    [
        (0, 0.3, 0.0, 0.0, 0.7),  # January: 1 - 0.3
        (3, 0.3, 0.0, 0.0, 1.0),  # April: the cosine of a quarter turn is zero
        (6, 0.3, 0.0, 0.0, 1.3),
        (3, 0.3, 1.0, 0.35, 1.334758),  # exp(0.35 - 0.06125)
        (0, 0.3, 0.0, 0.35, 0.658412),  # 0.7 * exp(-0.06125)
    ],
)
def test_flow_by_hand(month: int, amplitude: float, noise: float, spread: float, expected: float) -> None:
    assert monthly_flow(month, amplitude, noise, spread) == pytest.approx(expected, abs=1e-6)


@given(st.floats(0.0, 0.99), st.floats(0.0, 0.6))
def test_flow_is_one_on_average_over_months_and_draws(amplitude: float, spread: float) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    flows = [[monthly_flow(month, amplitude, node, spread) for node in nodes] for month in range(12)]
    assert np.min(flows) > 0.0
    assert np.mean(flows @ weights) / math.sqrt(2.0 * math.pi) == pytest.approx(1.0, abs=1e-9)


@given(st.floats(0.01, 0.99), st.floats(-3.0, 3.0), st.floats(0.0, 0.6))
def test_flow_is_lowest_in_january_and_highest_in_july(amplitude: float, noise: float, spread: float) -> None:
    year = [monthly_flow(month, amplitude, noise, spread) for month in range(12)]
    assert (np.argmin(year), np.argmax(year)) == (0, 6)


@pytest.mark.parametrize(
    ("treated", "target", "speed", "expected"),
    [(0.2, 0.6, 0.25, 0.3), (0.6, 0.2, 0.25, 0.5), (0.2, 0.6, 1.0, 0.6), (0.2, 0.6, 0.0, 0.2)],
)
def test_treatment_by_hand(treated: float, target: float, speed: float, expected: float) -> None:
    assert treated_next(treated, target, speed) == pytest.approx(expected)


@given(shares, shares, st.floats(0.01, 1.0))
def test_treatment_nears_its_target_and_never_passes_it(treated: float, target: float, speed: float) -> None:
    low, high = sorted((treated, target))
    after = treated_next(treated, target, speed)
    assert low - 1e-15 <= after <= high + 1e-15
    assert abs(target - after) == pytest.approx((1.0 - speed) * abs(target - treated), abs=1e-15)
