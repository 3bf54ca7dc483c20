"""The answer to a scenario claims what its intervals support, and nothing that they do not."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.answers import answer_lines
from sim.charts.findings import direction_of
from sim.language import LANGUAGES, text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison
from sim.studies.effects import EFFECT_COLUMNS
from sim.studies.scenario import Finding, Scenario

NAMES = {
    "none": {"zh": "无机制", "en": "no mechanism"},
    "more": {"zh": "多做", "en": "doing more"},
    "less": {"zh": "少做", "en": "doing less"},
    "now": {"zh": "某地（现行做法）", "en": "somewhere (as it runs)"},
    "then": {"zh": "某地（文中建议）", "en": "somewhere (as proposed)"},
}
CLEAR = {
    "zh": {"higher": "明显提高", "lower": "明显降低", "unclear": "无明显差异", "unmeasured": "无法比较"},
    "en": {
        "higher": "clearly higher",
        "lower": "clearly lower",
        "unclear": "no clear difference",
        "unmeasured": "not comparable",
    },
}


def story(*findings: Finding) -> Scenario:
    nothing = dict.fromkeys(LANGUAGES, "hoped for")
    return Scenario("own", nothing, nothing, nothing, {}, findings, Path("own.yaml"))


def comparison(intervals: dict[str, tuple[float, float, float]], finding: Finding) -> Comparison:
    unit = MEASURES[finding.measure].unit
    rows: list[dict[str, Any]] = [
        {
            "arm": arm,
            "baseline": "none",
            "scope": finding.scope,
            "measure": finding.measure,
            "tier": finding.tier,
            "unit": unit,
            "effect": effect,
            "low": low,
            "high": high,
        }
        for arm, (effect, low, high) in intervals.items()
    ]
    effects = pd.DataFrame(rows).reindex(columns=list(EFFECT_COLUMNS))
    arms = ("none", *intervals)
    manifest = {"arms": {arm: {"name": NAMES[arm]} for arm in arms}, "configuration": {"years": 3.0}}
    nothing = pd.DataFrame()
    return Comparison("r", arms, effects, nothing, nothing, nothing, manifest)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("interval", "claimed"),
    [
        ((0.10, 0.08, 0.12), "higher"),
        ((-0.10, -0.12, -0.08), "lower"),
        ((0.10, -0.01, 0.21), "unclear"),
        ((0.0, 0.0, 0.0), "unclear"),
        ((0.05, 0.0, 0.10), "unclear"),
        ((math.nan, math.nan, math.nan), "unmeasured"),
    ],
)
def test_a_planted_interval_gets_its_words_and_no_others(
    interval: tuple[float, float, float], claimed: str, language: str
) -> None:
    finding = Finding("settled_90_days")
    (line,) = answer_lines(comparison({"more": interval}, finding), story(finding), language)
    for direction, words in CLEAR[language].items():
        assert (words in line) == (direction == claimed), line
    assert NAMES["more"][language] in line
    assert NAMES["none"][language] in line
    assert getattr(MEASURES["settled_90_days"], language) in line
    assert "hoped" not in line
    # A number stands only where something may be claimed.
    assert bool(re.search(r"[+−]\d", line)) == (claimed in ("higher", "lower"))


ends = st.floats(-1.0, 1.0, allow_nan=False)


@given(st.sampled_from(sorted(MEASURES)), ends, ends, ends, ends)
def test_no_interval_is_ever_overstated(measure: str, a: float, b: float, c: float, d: float) -> None:
    finding = Finding(measure, MEASURES[measure].tiers[0])
    intervals = {}
    for arm, (low, high) in {"more": sorted((a, b)), "less": sorted((c, d))}.items():
        intervals[arm] = ((low + high) / 2.0, low, high)
    (line,) = answer_lines(comparison(intervals, finding), story(finding), "en")
    for arm, (_, low, high) in intervals.items():
        clause = next(part for part in line.split("; ") if NAMES[arm]["en"] in part)
        assert CLEAR["en"][direction_of(low, high)] in clause


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_says_where_of_whom_and_when(language: str) -> None:
    found = comparison({"more": (1.0, 0.5, 1.5)}, Finding("waiting_days", "county", "interior"))
    (line,) = answer_lines(found, story(Finding("waiting_days", "county", "interior")), language)
    assert text("charts.scope.interior", language) in line
    assert text("charts.tier.county", language) in line
    series = pd.DataFrame(
        columns=["arm", "replication", "scope", "measure", "tier", "unit", "month_index", "value"],
        data=[
            (arm, run, "border", "trust", "all", "index", 30, 0.5 + (arm == "more") / 10 + run / 50)
            for arm in ("none", "more")
            for run in range(3)
        ],
    )
    cases = pd.DataFrame(columns=["arm", "replication", "scope", "domain", "legacy", "settled"])
    late = Comparison("r", ("none", "more"), found.effects, series, series, cases, found.manifest)
    (line,) = answer_lines(late, story(Finding("trust", from_year=2)), language)
    assert text("charts.answer.from_year", language, year="2") in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_arms_that_only_their_brackets_tell_apart_keep_them(language: str) -> None:
    finding = Finding("trust")
    intervals = {"now": (0.1, 0.05, 0.15), "then": (0.2, 0.15, 0.25)}
    (line,) = answer_lines(comparison(intervals, finding), story(finding), language)
    assert NAMES["now"][language] in line
    assert NAMES["then"][language] in line
    (line,) = answer_lines(comparison({"now": intervals["now"]}, finding), story(finding), language)
    assert NAMES["now"][language] not in line
