from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison
from sim.studies.effects import paired_effects
from sim.studies.finding import differences
from sim.studies.scenario import MONTHLY_MEASURES, Finding

ARMS = ("none", "low", "high")
RUNS = 12
# What each arm adds in every month, and what it adds after the second year.
ALWAYS = {"none": 0.0, "low": -0.1, "high": 0.2}
LATER = {"none": 0.0, "low": 0.3, "high": 0.0}


def planted() -> Comparison:
    """Make a comparison of trust whose differences are known but for a little noise."""
    rng = np.random.default_rng(1)
    rows = []
    for run in range(RUNS):
        shock = rng.normal(0.0, 0.1)
        for arm in ARMS:
            for month in range(-12, 48):
                later = LATER[arm] if month >= 24 else 0.0
                value = 0.4 + shock + ALWAYS[arm] + later + rng.normal(0.0, 0.01)
                rows.append((arm, run, "border", "trust", "all", "index", month, value))
    columns = ["arm", "replication", "scope", "measure", "tier", "unit", "month_index", "value"]
    series = pd.DataFrame(rows, columns=columns)
    labels = columns[:6]
    measured = series[series["month_index"] >= 0]
    measures = measured.groupby(labels, as_index=False)["value"].mean()
    cases = pd.DataFrame(columns=["arm", "replication", "scope", "domain", "legacy", "settled"])
    effects = paired_effects(measures, region="r", arms=ARMS)
    manifest = {"configuration": {"years": 4.0}}
    return Comparison("r", ARMS, effects, measures, series, cases, manifest)


@pytest.fixture(scope="module")
def found() -> Comparison:
    return planted()


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (Finding("trust"), {"low": 0.05, "high": 0.2}),
        (Finding("trust", against="low"), {"high": 0.15}),
        (Finding("trust", from_year=2), {"low": 0.2, "high": 0.2}),
        (Finding("trust", against="low", from_year=2), {"high": 0.0}),
        # An arm that did not run, or has none after it, leaves the comparison with the baseline.
        (Finding("trust", against="other"), {"low": 0.05, "high": 0.2}),
        (Finding("trust", against="high"), {"low": 0.05, "high": 0.2}),
    ],
)
def test_a_planted_difference_is_found(
    found: Comparison, finding: Finding, expected: dict[str, float]
) -> None:
    told = {item.arm: item for item in differences(found, finding)}
    assert list(told) == list(expected)
    for arm, value in expected.items():
        assert told[arm].effect == pytest.approx(value, abs=0.01)
        assert told[arm].low < told[arm].effect < told[arm].high
        assert told[arm].high - told[arm].low < 0.03


def test_what_was_not_measured_has_no_interval(found: Comparison) -> None:
    for finding in (Finding("offences"), Finding("offences", from_year=1), Finding("trust", from_year=4)):
        assert all(math.isnan(item.low) for item in differences(found, finding))


def test_monthly_measures_are_measures() -> None:
    assert set(MONTHLY_MEASURES) <= set(MEASURES)
