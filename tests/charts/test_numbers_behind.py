"""Means, curves and pairs behind the figures, against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sim.charts.averages import mean_and_interval, measured, monthly
from sim.charts.pairs import border_town_pairs, pair_differences, pair_shares
from sim.charts.survival import curves_by_replication, known_border_cases, settled_share


@given(arrays(float, st.tuples(st.integers(2, 8), st.integers(1, 4)), elements=st.floats(-1e3, 1e3)))
def test_the_interval_is_that_of_a_one_sample_t_test(values):
    mean, low, high = mean_and_interval(values)
    for column in range(values.shape[1]):
        own = values[:, column]
        assert mean[column] == pytest.approx(own.mean(), abs=1e-6)
        if own.std() > 1e-9:
            right = stats.ttest_1samp(own, 0).confidence_interval(0.95)
            assert (low[column], high[column]) == pytest.approx((right.low, right.high), rel=1e-6, abs=1e-6)


def test_values_that_are_missing_are_left_out_and_one_value_has_no_interval():
    mean, low, high = mean_and_interval(np.array([[1.0, 5.0, np.nan], [3.0, np.nan, np.nan]]))
    assert mean[:2].tolist() == [2.0, 5.0]
    assert np.isnan(mean[2])
    assert np.isfinite(low).tolist() == np.isfinite(high).tolist() == [True, False, False]


def test_open_cases_are_censored_and_not_dropped():
    cases = pd.DataFrame(
        {"days_to_settlement": [10, 30, np.nan, np.nan], "days_observed": [10, 30, 20, 100.0]}
    )
    # 1 - 3/4 after ten days; of the two left at thirty days one is settled: 1 - 3/4 * 1/2.
    assert settled_share(cases, np.array([9, 10, 29, 30, 365.0])).tolist() == pytest.approx(
        [0, 0.25, 0.25, 0.625, 0.625]
    )
    assert settled_share(cases.dropna(), np.array([30.0])).tolist() == [1.0]


def test_no_case_gives_no_share_and_all_open_gives_none_settled():
    empty = pd.DataFrame({"days_to_settlement": [], "days_observed": []})
    assert np.isnan(settled_share(empty, np.array([90.0]))).all()
    is_open = pd.DataFrame({"days_to_settlement": [np.nan], "days_observed": [50.0]})
    assert settled_share(is_open, np.array([90.0])).tolist() == [0.0]


def test_cases_that_nobody_learned_of_have_no_clock(comparison):
    known = known_border_cases(comparison)
    assert 0 < len(known) < len(comparison.cases)
    assert known["known"].notna().all()


def test_offences_and_legacy_claims_are_no_disputes(comparison):
    cases = comparison.cases
    is_dispute = (cases["domain"] != "security") & ~cases["legacy"]
    assert 0 < (~is_dispute & cases["known"].notna()).sum() < len(cases)
    known = known_border_cases(comparison)
    assert set(known.index) == set(cases.index[is_dispute & cases["known"].notna()])


def test_curves_of_the_stronger_arm_lie_above(comparison):
    cases = known_border_cases(comparison)
    days = np.array([30.0, 90.0, 180.0])
    weak, strong = (
        np.nanmean(curves_by_replication(cases[cases["arm"] == arm], days, comparison.replications), axis=0)
        for arm in ("none", "completed")
    )
    assert (strong > weak + 0.05).all()
    assert (np.diff(strong) >= 0).all()


def test_measures_and_months_are_averaged_over_replications(comparison):
    table = comparison.measures
    own = table[
        (table["measure"] == "willingness")
        & (table["scope"] == "border")
        & (table["tier"] == "town")
        & (table["arm"] == "five_links")
    ]
    assert measured(comparison, "willingness").loc[("five_links", "town"), "mean"] == pytest.approx(
        own["value"].mean()
    )
    months = monthly(comparison, "coverage_7_days", "interior")
    assert months.index.get_level_values("month_index").min() == -36
    assert monthly(comparison, "trust").empty


def test_every_border_tie_joins_towns_of_two_provinces(world):
    pairs = border_town_pairs(world)
    assert len(pairs) == int(world.tie_is_border.sum())
    province = world.prefecture_province[world.county_prefecture[world.town_county]]
    assert (province[pairs["town_a"]] != province[pairs["town_b"]]).all()


def test_the_share_of_a_pair_of_towns_is_that_of_its_cases(comparison, world):
    town = dict(zip(world.village_code, world.village_town.tolist(), strict=True))
    cases = known_border_cases(comparison)
    cases = cases[cases["arm"] == "completed"]
    pairs = list(
        zip(cases["village_a"].map(town).astype(int), cases["village_b"].map(town).astype(int), strict=True)
    )
    pair = max(set(pairs), key=pairs.count)
    own = cases[[each == pair for each in pairs]]
    shares = pair_shares(comparison, world, "completed")
    assert shares[tuple(sorted(pair))] == pytest.approx(settled_share(own, np.array([90.0]))[0])


def test_an_arm_equal_to_the_baseline_changes_no_pair_and_a_strong_one_most(comparison, world):
    same = pair_differences(comparison, world, "paper", "none")
    assert not same["is_clear"].mean() > 0.25
    strong = pair_differences(comparison, world, "completed", "none")
    assert strong["difference"].median() > 0.1
    assert strong["is_clear"].mean() > 0.5
    assert not pair_differences(comparison, world, "none", "none")["is_clear"].any()
