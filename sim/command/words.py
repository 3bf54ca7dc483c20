"""What a comparison found, in plain words for a terminal.

A verdict is computed from the interval alone: where it holds zero, there is no clear difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from sim.charts.wording import is_share
from sim.command.width import format_table
from sim.language import text, unit_words
from sim.measures.definitions import MEASURES, Measure
from sim.parameters import PARAMETERS
from sim.report.numbers import NOTHING, decimals_for, format_change, format_number, format_value, verdict
from sim.studies.comparison import Comparison

__all__ = ["report_lines"]

_GROUPS: Final = ("disputes", "patrol", "willingness", "river", "cost")
_TIERED: Final = ("willingness",)
_RATIO: Final = "days_per_extra_settled"


def report_lines(comparison: Comparison, language: str) -> list[str]:
    """Tell what a comparison found.

    Parameters
    ----------
    comparison : Comparison
        The result.
    language : {"zh", "en"}
        Language of the reader.

    Returns
    -------
    list of str
        The lines: a table for each arm, then what the numbers rest on.
    """
    names = {arm: _name(comparison, arm, language) for arm in comparison.arms}
    lines: list[str] = []
    for arm in comparison.arms[1:]:
        effects = comparison.effects[comparison.effects["arm"] == arm]
        lines += ["", text("command.arm", language, arm=names[arm], baseline=names[comparison.baseline])]
        lines += _arm_lines(effects, names[comparison.baseline], names[arm], language)
    return [*lines, "", *_honesty(comparison, language)]


def _arm_lines(effects: pd.DataFrame, baseline: str, arm: str, language: str) -> list[str]:
    heading = [text(f"command.column.{column}", language) for column in ("measure", "change", "verdict")]
    table = [[heading[0], baseline, arm, heading[1], heading[2]]]
    groups: dict[int, str] = {}
    for group in _GROUPS:
        rows = [
            _cells(row, language)
            for measure in MEASURES.values()
            if measure.group == group and (measure.headline or measure.name == _RATIO)
            for row in _rows(effects, measure)
        ]
        if rows:
            groups[len(table)] = text(f"command.group.{group}", language)
            table += rows
    lines = []
    for number, line in enumerate(format_table(table, right=(1, 2), indent=4)):
        if number in groups:
            lines.append(f"  {groups[number]}")
        lines.append(line)
    return lines


def _rows(effects: pd.DataFrame, measure: Measure) -> list[dict[str, Any]]:
    """Choose the rows of a measure: the border where it has values there, else the interior."""
    tiers = measure.tiers if measure.name in _TIERED else ("all",)
    own = effects[(effects["measure"] == measure.name) & effects["tier"].isin(tiers)]
    for scope in ("border", "interior"):
        records = own[own["scope"] == scope].to_dict("records")
        rows: list[dict[str, Any]] = [
            {str(key): value for key, value in row.items()}
            for row in records
            if measure.name == _RATIO or not math.isnan(row["arm_value"])
        ]
        if rows:
            return sorted(rows, key=lambda row: tiers.index(row["tier"]))
    return []


def _cells(row: dict[str, Any], language: str) -> list[str]:
    measure = MEASURES[row["measure"]]
    label: str = getattr(measure, language)
    if row["tier"] != "all":
        label = "  " + text(f"command.tier.{row['tier']}", language)
    elif not is_share(measure.unit):
        unit = unit_words(measure.unit, language)
        if unit not in label:
            label += f"（{unit}）" if language == "zh" else f" ({unit})"
    if row["scope"] == "interior":
        label += text("command.interior", language)
    if measure.name == _RATIO:
        if math.isnan(row["effect"]):
            change, judged = NOTHING, text("command.verdict.no_ratio", language)
        else:
            decimals = decimals_for(row["effect"], row["low"], row["high"])
            low, high = (format_number(row[bound], "", decimals) for bound in ("low", "high"))
            change = f"{format_number(row['effect'], '', decimals)} [{low}, {high}]"
            judged = ""
        return [label, "", "", change, judged]
    return [
        label,
        format_value(row["baseline_value"], measure.unit),
        format_value(row["arm_value"], measure.unit),
        format_change(row["effect"], row["low"], row["high"], measure.unit, language),
        text(f"command.verdict.{verdict(measure, row['low'], row['high'])}", language),
    ]


def _honesty(comparison: Comparison, language: str) -> list[str]:
    configuration = comparison.manifest["configuration"]
    bases = [row.basis for row in PARAMETERS.values()]
    calibrated = sum("calibrated" in basis for basis in bases)
    assumed = sum(
        basis.startswith(("assumption", "numbers")) and "calibrated" not in basis for basis in bases
    )
    lines = [
        text(
            "command.honesty.runs",
            language,
            replications=comparison.replications,
            years=f"{configuration['years']:g}",
            burn_in=f"{configuration['burn_in']:g}",
            seed=configuration["seed"],
        ),
        text(
            "command.honesty.basis",
            language,
            calibrated=calibrated,
            sourced=len(bases) - calibrated - assumed,
            assumed=assumed,
        ),
    ]
    if configuration["parameters"]:
        changes = ", ".join(f"{name}={value:g}" for name, value in configuration["parameters"].items())
        lines.append(text("command.honesty.changed", language, changes=changes))
    lines.append(text("command.honesty.chance", language))
    lines.append(text("command.honesty.no_forecast", language))
    wide = comparison.manifest["precision_not_reached"]
    if wide:
        separator = "、" if language == "zh" else ", "
        named = _unique(getattr(MEASURES[row["measure"]], language) for row in wide)
        lines.append(
            text(
                "command.honesty.precision",
                language,
                precision=f"{100 * configuration['precision']:g}%",
                measures=separator.join(named),
            )
        )
    return lines


def _unique(words: Any) -> Sequence[str]:
    return list(dict.fromkeys(words))


def _name(comparison: Comparison, arm: str, language: str) -> str:
    name = comparison.manifest["arms"].get(arm, {}).get("name", {}).get(language, arm)
    return str(name)
