"""How sure a result is, in sentences computed from its intervals."""

from __future__ import annotations

import math
from typing import Any, Final

from sim.charts.wording import scale_of, unit_name
from sim.charts.words import arm_names
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.report.numbers import decimals_for, format_number
from sim.studies.comparison import Comparison

__all__ = ["certainty", "study_command"]

_FEW: Final = 10
_WIDTHS_SHOWN: Final = ("settled_90_days", "first_response_days", "willingness", "staff_days")


def certainty(comparison: Comparison, language: str, studied: str = "") -> list[str]:
    """Say how many runs there are, how wide the intervals, and what nobody has looked at.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    studied : str
        What a study over parameter sets varied; empty where there is none.

    Returns
    -------
    list of str
        Sentences; the last one says whether the plausible range of the parameters was studied.
    """
    replications = comparison.replications
    lines = [text("report.sure.runs", language, replications=replications)]
    if replications < _FEW:
        lines.append(text("report.sure.few", language, replications=replications))
    rows = _headline_rows(comparison)
    judged = [(row["low"], row["high"]) for row in rows if not math.isnan(row["low"])]
    clear = sum(low > 0.0 or high < 0.0 for low, high in judged)
    if judged:
        lines.append(
            text("report.sure.clear", language, total=len(judged), clear=clear, unclear=len(judged) - clear)
        )
    widths = _widths(comparison, rows, language)
    if widths:
        lines.append(text("report.sure.width", language, widths=widths))
    wide = comparison.manifest.get("precision_not_reached", [])
    if wide:
        known = [MEASURES[row["measure"]] for row in wide if row["measure"] in MEASURES]
        named = dict.fromkeys(getattr(measure, language) for measure in known)
        measures = text("charts.list_separator", language).join(named)
        lines.append(text("report.sure.precision", language, measures=measures))
    lines.append(studied or text("report.sure.range", language))
    return lines


def study_command(comparison: Comparison, language: str) -> str:
    """Write a command that tries the ends of a plausible range.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language of its answer.

    Returns
    -------
    str
        One line for a shell: the same comparison at the low and high end of an assumed number that much
        hangs on.
    """
    from sim.parameters import PARAMETERS
    from sim.report.run_tables import command_line

    row = PARAMETERS["belief_weight"]
    again = command_line(comparison, language).replace("python -m sim", "python -m sim --multirun", 1)
    return f"{again} parameters.{row.name}={row.low:g},{row.default:g},{row.high:g}"


def _headline_rows(comparison: Comparison) -> list[dict[str, Any]]:
    effects = comparison.effects
    chosen = effects[(effects["scope"] == "border") & (effects["tier"] == "all")]
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in chosen.to_dict("records")
    ]
    return [row for row in rows if row["measure"] in MEASURES and MEASURES[row["measure"]].headline]


def _widths(comparison: Comparison, rows: list[dict[str, Any]], language: str) -> str:
    """Say the half-widths of the last arm, which has most mechanisms as a rule."""
    arm = comparison.arms[-1]
    said = []
    for name in _WIDTHS_SHOWN:
        for row in rows:
            if (row["measure"], row["arm"]) != (name, arm) or math.isnan(row["low"]):
                continue
            measure = MEASURES[name]
            half = scale_of(measure.unit) * (row["high"] - row["low"]) / 2
            unit = unit_name(measure.unit, language, difference=True)
            blank = " " if language == "en" and unit else ""
            number = format_number(half, "", decimals_for(half)) + blank + unit
            said.append(
                text("report.sure.width.one", language, measure=getattr(measure, language), half=number)
            )
    if not said:
        return ""
    listed = text("charts.list_separator", language).join(said)
    return text("report.sure.of_arm", language, arm=arm_names(comparison, language)[arm], widths=listed)
