from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import CensoredData, ecdf

from sim.measures.survival import incidence_within, median_days, restricted_mean_days, share_within, survival

watches = st.integers(1, 60).flatmap(
    lambda count: st.tuples(
        arrays(np.int64, count, elements=st.integers(0, 400)), arrays(np.bool_, count, elements=st.booleans())
    )
)
settled_days = arrays(np.int64, st.integers(1, 60), elements=st.integers(0, 400))


def all_settled(days: np.ndarray) -> np.ndarray:
    return survival(days, np.ones(days.size, dtype=bool))


@given(watches)
def test_the_curve_is_that_of_scipy(watch: tuple[np.ndarray, np.ndarray]) -> None:
    days, is_event = watch
    curve = survival(days, is_event)
    expected = ecdf(CensoredData.right_censored(days, ~is_event)).sf.evaluate(np.arange(days.max() + 1))
    assert curve.size == days.max() + 1
    np.testing.assert_allclose(curve, expected, atol=1e-12)


@given(watches)
def test_the_curve_never_rises_and_stays_a_share(watch: tuple[np.ndarray, np.ndarray]) -> None:
    curve = survival(*watch)
    assert (np.diff(curve) <= 0.0).all()
    assert ((curve >= 0.0) & (curve <= 1.0)).all()


@given(watches, st.integers(0, 500))
def test_a_longer_watch_of_an_open_case_never_raises_the_share_settled(
    watch: tuple[np.ndarray, np.ndarray], limit: int
) -> None:
    """Censoring is information: a case known to be open for longer lowers the share."""
    days, is_event = watch
    shorter = share_within(survival(days, is_event), limit)
    longer = share_within(survival(np.where(is_event, days, days + 30), is_event), limit)
    assert math.isnan(shorter) or math.isnan(longer) or longer <= shorter + 1e-12


@given(settled_days, st.integers(1, 500))
def test_without_censoring_shares_means_and_medians_are_the_plain_ones(days: np.ndarray, limit: int) -> None:
    curve = all_settled(days)
    assert share_within(curve, limit) == pytest.approx((days <= limit).mean())
    assert restricted_mean_days(curve, limit) == pytest.approx(np.minimum(days, limit).mean())
    # The first day by which half are settled is the lower of the two middle values; a hair below one half
    # is lost to rounding where a curve of products should be exactly one half.
    middle = sorted(days)[math.ceil(days.size / 2) - 1]
    assert median_days(curve) == middle or curve[middle] == pytest.approx(0.5)


def test_one_open_case_by_hand() -> None:
    # Two of five settle on day 10, one is last seen open on day 20, one settles on day 30, one stays open.
    curve = survival(np.array([10, 10, 20, 30, 40]), np.array([True, True, False, True, False]))
    assert share_within(curve, 10) == pytest.approx(0.4)
    assert share_within(curve, 30) == pytest.approx(0.7)
    assert median_days(curve) == 30.0
    assert restricted_mean_days(curve, 40) == pytest.approx(10 + 20 * 0.6 + 10 * 0.3)
    # Beyond the last watch the curve is carried on, so that the mean is one of what is known.
    assert restricted_mean_days(curve, 50) == pytest.approx(10 + 20 * 0.6 + 20 * 0.3)


def test_what_was_not_watched_long_enough_is_unknown() -> None:
    curve = survival(np.array([5, 8]), np.array([True, False]))
    assert share_within(curve, 8) == 0.5
    assert math.isnan(share_within(curve, 9))
    assert share_within(all_settled(np.array([5, 8])), 90) == 1.0


def test_where_half_never_settle_there_is_no_median() -> None:
    assert math.isnan(median_days(survival(np.array([5, 70, 90]), np.array([True, False, False]))))


def test_without_cases_nothing_is_known() -> None:
    curve = survival(np.zeros(0, np.int64), np.zeros(0, bool))
    assert curve.size == 0
    assert all(
        math.isnan(value)
        for value in (share_within(curve, 90), median_days(curve), restricted_mean_days(curve, 365))
    )


@given(
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 3)), min_size=1, max_size=60),
    st.integers(0, 100),
)
def test_ways_of_settling_add_up_to_all(cases: list[tuple[int, int]], limit: int) -> None:
    """The incidences of the ways (1, 2, 3) together are the Kaplan–Meier share; 0 is still open."""
    days = np.array([day for day, _ in cases])
    way = np.array([kind for _, kind in cases])
    parts = [incidence_within(days, way > 0, way == kind, limit) for kind in (1, 2, 3)]
    np.testing.assert_allclose(sum(parts), share_within(survival(days, way > 0), limit), atol=1e-12)
