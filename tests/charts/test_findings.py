"""A title never claims what the interval does not support."""

import math
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.findings import direction_of, finding, verdicts
from sim.language import text

ARMS = ("none", "alpha", "beta", "gamma", "delta")
NAMES = {arm: arm.upper() for arm in ARMS}
ENDS = st.one_of(
    st.just(math.nan),
    st.just(0.0),
    st.floats(-0.9, 0.9).filter(lambda value: value == 0 or abs(value) > 1e-9),
)
INTERVALS = st.tuples(ENDS, ENDS).map(sorted)


def _comparison(intervals: dict[str, tuple[float, float]]) -> SimpleNamespace:
    rows = [
        ("border", "settled_90_days", "all", arm, (low + high) / 2, low, high)
        for arm, (low, high) in intervals.items()
    ]
    # A row of another scope with the opposite sign: a title that mixes them up is caught.
    rows += [("interior", "settled_90_days", "all", arm, 0.5, 0.4, 0.6) for arm in intervals]
    columns = ["scope", "measure", "tier", "arm", "effect", "low", "high"]
    return SimpleNamespace(arms=ARMS, effects=pd.DataFrame(rows, columns=columns))


def _arms_by_clause(title: str, language: str) -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for direction in ("higher", "lower", "unclear", "unmeasured"):
        opening = text(f"charts.verdict.{direction}", language, arms="").strip()
        for clause in re.split("[；;]", title):
            # Of the openings, none is part of another.
            if opening in clause:
                listed = clause.split(opening)[1]
                said[direction] = {arm for arm in ARMS if NAMES[arm] in listed}
    return said


@pytest.mark.parametrize("language", ["zh", "en"])
@given(intervals=st.fixed_dictionaries(dict.fromkeys(ARMS[1:], INTERVALS)))
def test_each_arm_stands_in_the_clause_its_interval_supports(language, intervals):
    title = finding(_comparison(intervals), NAMES, "settled_90_days", language)
    said = _arms_by_clause(title, language)
    for arm, (low, high) in intervals.items():
        if math.isnan(low) or math.isnan(high):
            right = "unmeasured"
        elif low > 0:
            right = "higher"
        elif high < 0:
            right = "lower"
        else:
            right = "unclear"
        assert [direction for direction, arms in said.items() if arm in arms] == [right]


def test_an_interval_that_touches_zero_is_not_clear():
    assert direction_of(0.0, 0.3) == "unclear"
    assert direction_of(-0.3, 0.0) == "unclear"
    assert direction_of(0.0, 0.0) == "unclear"


def test_an_arm_without_a_row_is_not_comparable():
    judged = verdicts(_comparison({"alpha": (0.1, 0.2)}), "settled_90_days")
    assert [verdict.direction for verdict in judged] == ["higher", "unmeasured", "unmeasured", "unmeasured"]


def test_a_finding_can_be_confined_to_some_arms():
    comparison = _comparison(dict.fromkeys(ARMS[1:], (0.1, 0.2)))
    title = finding(comparison, NAMES, "settled_90_days", "en", arms=["beta"])
    assert "BETA" in title
    assert "ALPHA" not in title


def test_the_title_says_measure_place_and_size():
    comparison = _comparison({"alpha": (0.1, 0.2), "beta": (-0.02, 0.01), "gamma": (-0.3, -0.2)})
    title = finding(comparison, NAMES, "settled_90_days", "en").replace("\u00a0", " ")
    assert title == (
        "Settled within 90 days, across the border: clearly higher with ALPHA (+15 points, +10 to +20); "
        "clearly lower with GAMMA (−25 points, −30 to −20); no clear difference with BETA; "
        "not comparable with DELTA"
    )
