from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.command.width import display_width, format_table, padded
from sim.command.words import report_lines
from sim.language import LANGUAGES, text
from sim.measures.definitions import MEASURES
from sim.report.numbers import format_change, format_value, verdict
from sim.studies.comparison import Comparison
from sim.studies.effects import EFFECT_COLUMNS

finite = st.floats(-1e6, 1e6)


@given(st.sampled_from(list(MEASURES.values())), finite, finite)
def test_a_verdict_claims_no_more_than_its_interval(measure: object, first: float, second: float) -> None:
    low, high = sorted((first, second))
    judged = verdict(measure, low, high)  # type: ignore[arg-type]
    assert (judged == "same") == (low <= 0.0 <= high)
    if judged in ("better", "worse"):
        assert (low > 0) == ((judged == "better") == (measure.better > 0))  # type: ignore[attr-defined]
    if judged in ("more", "less"):
        assert (low > 0) == (judged == "more")


def test_nothing_is_judged_without_an_interval() -> None:
    assert verdict(MEASURES["median_days"], math.nan, math.nan) == "unknown"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0, "share", "0.0%"),
        (1.0, "probability", "100.0%"),
        (0.004, "share", "0.4%"),
        (0.0, "days", "0.0"),
        (-0.0, "days", "0.0"),
        (0.04321, "days", "0.043"),
        (0.4321, "days", "0.43"),
        (43.21, "days", "43.2"),
        (4321.0, "staff-days a year", "4,321"),
        (math.nan, "days", "–"),
    ],
)
def test_values_read_as_expected(value: float, unit: str, shown: str) -> None:
    assert format_value(value, unit) == shown


def test_a_change_and_its_interval_have_the_same_decimals() -> None:
    assert format_change(0.5, -0.02, 1.2, "days", "en") == "+0.5 [0.0, +1.2]"
    assert format_change(-2.0, -3.25, -0.75, "days", "zh") == "-2.0 [-3.2, -0.8]"
    assert format_change(0.1, 0.05, 0.15, "share", "zh") == "+10.0 [+5.0, +15.0] 个百分点"
    assert format_change(0.1, math.nan, math.nan, "share", "en") == "+10.0 points"


@given(st.lists(st.lists(st.text("ab天—é（%", max_size=6), min_size=3, max_size=3), min_size=1, max_size=5))
def test_columns_stand_under_each_other(rows: list[list[str]]) -> None:
    marked = [[f"{cell}|" for cell in row] for row in rows]
    lines = format_table(marked, indent=0)
    places = {
        tuple(display_width(line[: found.start()]) for found in re.finditer(r"\|  ?", line)) for line in lines
    }
    widths = [max(display_width(row[column]) for row in marked) for column in range(3)]
    for line, row in zip(lines, marked, strict=True):
        expected = "  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        assert line == expected
    assert places


def comparison(rows: list[dict[str, object]], **configuration: object) -> Comparison:
    common = {
        "region": "r",
        "arm": "paper",
        "baseline": "none",
        "scope": "border",
        "tier": "all",
        "replications": 8,
    }
    effects = pd.DataFrame([common | row for row in rows]).reindex(columns=list(EFFECT_COLUMNS))
    effects["unit"] = [MEASURES[name].unit for name in effects["measure"]]
    manifest = {
        "arms": {
            "none": {"name": {"zh": "无机制", "en": "no mechanism"}},
            "paper": {"name": {"zh": "纸面", "en": "paper"}},
        },
        "configuration": {"years": 3.0, "burn_in": 3.0, "seed": 1, "parameters": {}, "precision": None}
        | configuration,
        "seeds": list(range(8)),
        "precision_not_reached": [],
    }
    nothing = pd.DataFrame()
    return Comparison("r", ("none", "paper"), effects, nothing, nothing, nothing, manifest)


ROWS: list[dict[str, object]] = [
    {
        "measure": "settled_90_days",
        "baseline_value": 0.26,
        "arm_value": 0.38,
        "effect": 0.12,
        "low": 0.1,
        "high": 0.14,
    },
    {
        "measure": "coverage_7_days",
        "baseline_value": 0.3,
        "arm_value": 0.31,
        "effect": 0.01,
        "low": -0.1,
        "high": 0.12,
    },
    {
        "measure": "staff_days",
        "baseline_value": 0.0,
        "arm_value": 900.0,
        "effect": 900.0,
        "low": 890.0,
        "high": 910.0,
    },
    {
        "measure": "waiting_days",
        "scope": "interior",
        "baseline_value": 2.0,
        "arm_value": 2.5,
        "effect": 0.5,
        "low": 0.4,
        "high": 0.6,
    },
    {"measure": "days_per_extra_settled", "effect": 12.0, "low": 10.0, "high": 15.0},
    {
        "measure": "incidents",
        "baseline_value": 3.0,
        "arm_value": 2.0,
        "effect": -1.0,
        "low": -2.0,
        "high": -0.5,
    },
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_tells_every_headline_and_what_it_rests_on(language: str) -> None:
    lines = report_lines(comparison(ROWS), language)
    told = "\n".join(lines)

    def line_of(name: str) -> str:
        return next(line for line in lines if getattr(MEASURES[name], language) in line)

    for name, judged in (("settled_90_days", "better"), ("coverage_7_days", "same"), ("staff_days", "more")):
        assert line_of(name).endswith(text(f"command.verdict.{judged}", language))
    assert "26.0%" in line_of("settled_90_days")
    assert text("command.interior", language) in line_of("waiting_days")
    assert "12.0 [10.0, 15.0]" in line_of("days_per_extra_settled")
    # What is no headline stays in the files.
    assert getattr(MEASURES["incidents"], language) not in told
    assert text("command.honesty.no_forecast", language) in told
    assert "8" in told
    # Columns stand under each other: all changes begin at the same place.
    starts = {
        display_width(line[: found.start()]) for line in lines if (found := re.search(r"[+\d.]+ \[", line))
    }
    assert len(starts) == 1


def test_a_gain_that_is_not_clear_is_not_divided_by() -> None:
    rows = [{"measure": "days_per_extra_settled", "effect": math.nan, "low": math.nan, "high": math.nan}]
    assert any(
        text("command.verdict.no_ratio", "zh") in line for line in report_lines(comparison(rows), "zh")
    )


def test_changed_numbers_and_missed_precision_are_said() -> None:
    found = comparison(ROWS, parameters={"belief_weight": 0.3}, precision=0.05)
    found.manifest["precision_not_reached"] = [{"arm": "paper", "measure": "median_days"}] * 2
    told = "\n".join(report_lines(found, "en"))
    assert "belief_weight=0.3" in told
    assert "(5%): median days to settlement" in told
