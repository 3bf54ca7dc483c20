from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.studies.effects import (
    EFFECT_COLUMNS,
    fieller_interval,
    imprecise_measures,
    paired_effects,
    paired_statistics,
)


def table(
    values: dict[str, list[float]], measure: str = "settled_90_days", unit: str = "share"
) -> pd.DataFrame:
    rows = [
        (arm, replication, "border", measure, "all", unit, value)
        for arm, own in values.items()
        for replication, value in enumerate(own)
    ]
    return pd.DataFrame(rows, columns=["arm", "replication", "scope", "measure", "tier", "unit", "value"])


def effect_of(values: dict[str, list[float]]) -> pd.Series:
    effects = paired_effects(table(values), region="r", arms=tuple(values))
    return effects[effects["measure"] == "settled_90_days"].iloc[0]


def test_an_effect_by_hand() -> None:
    # Differences .1, .2, .3: mean .2, standard deviation .1, half-width 4.3027 × .1 / √3.
    row = effect_of({"none": [0.1, 0.3, 0.2], "paper": [0.2, 0.5, 0.5]})
    assert row["baseline_value"] == pytest.approx(0.2)
    assert row["arm_value"] == pytest.approx(0.4)
    assert row["effect"] == pytest.approx(0.2)
    assert row["high"] - row["effect"] == pytest.approx(0.248414, abs=1e-6)
    assert row["replications"] == 3
    # Variances .01 and .03 against .01.
    assert row["variance_reduction"] == pytest.approx(4.0)


@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=2, max_size=12).filter(
        lambda pairs: np.std([a - b for a, b in pairs]) > 1e-6
    )
)
def test_the_interval_is_that_of_the_paired_t_test(pairs: list[tuple[float, float]]) -> None:
    base, arm = (list(side) for side in zip(*pairs, strict=True))
    row = effect_of({"none": base, "paper": arm})
    interval = stats.ttest_rel(arm, base).confidence_interval(0.95)
    scale = max(map(abs, (*base, *arm)))
    assert row["low"] == pytest.approx(interval.low, rel=1e-9, abs=1e-9 * scale)
    assert row["high"] == pytest.approx(interval.high, rel=1e-9, abs=1e-9 * scale)


def test_only_complete_pairs_count() -> None:
    row = effect_of({"none": [0.1, math.nan, 0.3, 0.9], "paper": [0.2, 0.7, 0.5, math.nan]})
    assert row["replications"] == 2
    assert row["baseline_value"] == pytest.approx(0.2)
    assert row["arm_value"] - row["baseline_value"] == pytest.approx(row["effect"])


def test_one_pair_has_no_interval_and_no_pair_has_no_effect() -> None:
    row = effect_of({"none": [0.1, math.nan], "paper": [0.2, 0.7]})
    assert row["effect"] == pytest.approx(0.1)
    assert math.isnan(row["low"])
    assert math.isnan(row["variance_reduction"])
    row = effect_of({"none": [math.nan, math.nan], "paper": [0.2, 0.7]})
    assert math.isnan(row["effect"])
    assert row["replications"] == 0


def test_a_difference_between_two_fixed_numbers_is_certain_up_to_rounding() -> None:
    found = paired_statistics(
        np.array([[1.1, 1.0999999999999968, 1.1]]), np.array([[2.4, 2.3999999999999893, 2.4]])
    )
    assert found["effect"][0] == pytest.approx(-1.3)
    assert found["low"][0] == pytest.approx(-1.3)
    assert found["high"][0] == pytest.approx(-1.3)
    assert math.isnan(found["variance_reduction"][0])


def test_differences_that_are_equal_by_chance_give_no_certainty() -> None:
    row = effect_of({"none": [1.0, 2.0, 3.0], "paper": [2.0, 3.0, 4.0]})
    assert row["effect"] == 1.0
    assert math.isnan(row["low"])
    assert math.isnan(row["high"])
    assert math.isnan(row["variance_reduction"])


@pytest.mark.parametrize("arms", [([0.0] * 3, [1.0, 2.0, 3.0]), ([1.0, 2.0, 3.0], [0.5] * 3)])
def test_where_an_arm_does_not_vary_there_is_nothing_to_pair(arms: tuple[list[float], list[float]]) -> None:
    row = effect_of(dict(zip(("none", "paper"), arms, strict=True)))
    assert row["high"] > row["low"]
    assert math.isnan(row["variance_reduction"])


def test_two_values_for_the_same_thing_are_refused() -> None:
    double = pd.concat([table({"none": [1.0, 2.0], "paper": [1.0, 2.0]})] * 2)
    with pytest.raises(ValueError, match="duplicate"):
        paired_effects(double, region="r", arms=("none", "paper"))


def test_the_order_of_rows_does_not_matter() -> None:
    measures = table({"none": [0.1, 0.3, 0.2], "paper": [0.2, 0.5, 0.5], "five_links": [0.3, 0.1, 0.9]})
    arms = ("none", "paper", "five_links")
    straight = paired_effects(measures, region="r", arms=arms)
    shuffled = paired_effects(measures.sample(frac=1, random_state=1), region="r", arms=arms)
    pd.testing.assert_frame_equal(straight, shuffled, check_exact=True)
    assert tuple(straight.columns) == EFFECT_COLUMNS


def test_a_ratio_covers_its_true_value_as_often_as_stated() -> None:
    """At 95 % over 2,000 trials the count of misses lies within four standard errors of 100."""
    generator = np.random.default_rng(7)
    missed = 0
    for _ in range(2_000):
        shared = generator.normal(0.0, 1.0, 12)
        top = 40.0 + 3.0 * shared + generator.normal(0.0, 4.0, 12)
        bottom = 8.0 + shared + generator.normal(0.0, 1.0, 12)
        ratio, low, high = fieller_interval(top, bottom)
        assert low < ratio < high
        missed += not low <= 5.0 <= high
    assert abs(missed - 100) < 4.0 * math.sqrt(2_000 * 0.05 * 0.95)


@given(st.integers(2, 15), st.integers(0, 10_000), st.floats(-1.0, 3.0))
def test_a_ratio_is_blank_exactly_where_its_denominator_may_be_zero(
    count: int, seed: int, mean: float
) -> None:
    generator = np.random.default_rng(seed)
    bottom = mean + generator.normal(0.0, 1.0, count)
    low = stats.ttest_1samp(bottom, 0.0).confidence_interval(0.95).low
    ratio = fieller_interval(generator.normal(5.0, 1.0, count), bottom)[0]
    assert math.isnan(ratio) == (low <= 0.0)


def test_staff_days_for_each_additional_case_by_hand() -> None:
    arms = ("none", "paper")
    measures = table(
        {"none": [0.0, 0.0, 0.0], "paper": [100.0, 110.0, 90.0]}, "staff_days", "staff-days a year"
    )
    settled = table({"none": [10.0, 12.0, 14.0], "paper": [15.0, 17.0, 19.0]}, "disputes_settled", "per year")
    # What is settled inside does not count.
    inside = settled.assign(scope="interior", value=settled["value"] * 100.0)
    effects = paired_effects(pd.concat([measures, inside, settled]), region="r", arms=arms)
    row = effects[effects["measure"] == "days_per_extra_settled"].iloc[0]
    # 5 more a year, for 100 staff-days a year.
    assert row["effect"] == pytest.approx(20.0)
    assert row["low"] < 20.0 < row["high"]
    assert math.isnan(row["baseline_value"])


def test_an_interval_is_imprecise_relative_to_the_baseline() -> None:
    effects = paired_effects(
        table({"none": [0.1, 0.3, 0.2], "paper": [0.2, 0.5, 0.5]}),
        region="r",
        arms=("none", "paper"),
    )
    # Half-width .2484 against a mean of .2.
    assert imprecise_measures(effects, 1.25) == []
    found = imprecise_measures(effects, 1.2)
    assert [(row["arm"], row["measure"]) for row in found] == [("paper", "settled_90_days")]
    assert found[0]["relative_half_width"] == pytest.approx(1.24207, abs=1e-4)
