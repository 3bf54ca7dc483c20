"""What a comparison found, in plain words for a terminal.

A verdict is computed from the interval alone: where it holds zero, there is no clear difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from sim.command.shelf import unit_key
from sim.command.width import format_table
from sim.language import text
from sim.measures.definitions import MEASURES, Measure
from sim.parameters import PARAMETERS
from sim.studies.comparison import Comparison

__all__ = ["format_change", "format_value", "report_lines", "verdict"]

_GROUPS: Final = ("disputes", "patrol", "willingness", "river", "cost")
# Shares read as percent, and their differences as points of it.
_PERCENT: Final = ("share", "probability")
_TIERED: Final = ("willingness",)
_RATIO: Final = "days_per_extra_settled"
_NOTHING: Final = "–"


def verdict(measure: Measure, low: float, high: float) -> str:
    """Judge a difference by its interval.

    Parameters
    ----------
    measure : Measure
        Which direction is better; costs are only more or less, because whether they are worth it is
        not for a table to say.
    low, high : float
        The 95 % interval of the difference.

    Returns
    -------
    {"better", "worse", "more", "less", "same", "unknown"}
        ``same`` where the interval holds zero, ``unknown`` where there is none.

    Examples
    --------
    >>> verdict(MEASURES["median_days"], -9.0, -2.0)
    'better'
    >>> verdict(MEASURES["staff_days"], 100.0, 120.0)
    'more'
    >>> verdict(MEASURES["coverage_7_days"], -0.01, 0.02)
    'same'
    """
    if math.isnan(low) or math.isnan(high):
        return "unknown"
    if low <= 0.0 <= high:
        return "same"
    rises = low > 0.0
    if measure.better == 0 or measure.group == "cost":
        return "more" if rises else "less"
    return "better" if rises == (measure.better > 0) else "worse"


def format_value(value: float, unit: str) -> str:
    """Write a value as a reader expects it: percent for shares, fewer decimals for larger numbers.

    Parameters
    ----------
    value : float
        The value.
    unit : str
        Its unit, as in the table of measures.

    Returns
    -------
    str
        The value without its unit, but with the sign of percent.

    Examples
    --------
    >>> format_value(0.2614, "share"), format_value(1234.56, "hours a year"), format_value(3.14159, "days")
    ('26.1%', '1,235', '3.1')
    """
    if math.isnan(value):
        return _NOTHING
    if unit in _PERCENT:
        return f"{100.0 * value:.1f}%"
    return _number(value, "", _decimals(value))


def format_change(effect: float, low: float, high: float, unit: str, language: str) -> str:
    """Write a difference with its interval.

    Parameters
    ----------
    effect, low, high : float
        The difference and its 95 % interval.
    unit : str
        Unit of the measure.
    language : {"zh", "en"}
        Language of "percentage points".

    Returns
    -------
    str
        Such as ``+11.9 [+9.8, +14.0] points``.

    Examples
    --------
    >>> format_change(0.119, 0.098, 0.14, "share", "en")
    '+11.9 [+9.8, +14.0] points'
    """
    if math.isnan(effect):
        return _NOTHING
    if unit in _PERCENT:
        effect, low, high = 100.0 * effect, 100.0 * low, 100.0 * high
    decimals = 1 if unit in _PERCENT else _decimals(effect, low, high)
    shown = _number(effect, "+", decimals)
    if not math.isnan(low):
        shown += f" [{_number(low, '+', decimals)}, {_number(high, '+', decimals)}]"
    return f"{shown} {text('command.points', language)}" if unit in _PERCENT else shown


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
    elif measure.unit not in _PERCENT:
        unit = text(unit_key(measure.unit), language)
        if unit not in label:
            label += f"（{unit}）" if language == "zh" else f" ({unit})"
    if row["scope"] == "interior":
        label += text("command.interior", language)
    if measure.name == _RATIO:
        if math.isnan(row["effect"]):
            change, judged = _NOTHING, text("command.verdict.no_ratio", language)
        else:
            decimals = _decimals(row["effect"], row["low"], row["high"])
            low, high = (_number(row[bound], "", decimals) for bound in ("low", "high"))
            change = f"{_number(row['effect'], '', decimals)} [{low}, {high}]"
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


def _number(value: float, sign: str, decimals: int) -> str:
    shown = f"{value:{sign},.{decimals}f}"
    # Neither plus nor minus nothing.
    return shown if any(digit in shown for digit in "123456789") else f"{0:.{decimals}f}"


def _decimals(*values: float) -> int:
    """Choose decimals for numbers that stand together, by the largest of them."""
    size = max((abs(value) for value in values if not math.isnan(value)), default=0.0)
    return 0 if size >= 1000.0 else 1 if size >= 1.0 or size == 0.0 else 2 if size >= 0.1 else 3
