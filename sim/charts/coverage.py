"""Patrol coverage over time, on the border and inside each side."""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.averages import monthly
from sim.charts.findings import finding
from sim.charts.legends import arm_handles
from sim.charts.style import MUTED, Look, frame, looks, new_figure, share_axis, styled
from sim.charts.wording import axis_label
from sim.charts.words import arm_names, notes_of, scope_name
from sim.language import text
from sim.studies.comparison import Comparison

__all__ = ["draw_coverage"]

_MEASURE: Final = "coverage_7_days"


@styled
def draw_coverage(comparison: Comparison, language: str) -> Figure:
    """Draw the share of the line visited within seven days, month by month.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A panel for the border and one for the interior, mean over replications with 95 % intervals; the years
        before the start, the same in every arm, are drawn once.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    look = looks(arms)
    tables = {scope: monthly(comparison, _MEASURE, scope) for scope in ("border", "interior")}
    scopes = [scope for scope, table in tables.items() if not table.empty]
    figure = new_figure(8.0, 3.7)
    panels = figure.subplots(1, len(scopes), sharey=True, squeeze=False)[0]
    for axes, scope in zip(panels, scopes, strict=True):
        _draw_months(axes, tables[scope], arms, look)
        axes.set_title(scope_name(scope, language))
        axes.set_xlabel(text("charts.months", language))
    panels[0].set_ylabel(axis_label(_MEASURE, language))
    share_axis(panels[0])
    for axes in panels:
        axes.annotate(
            text("charts.start", language),
            (0, 0),
            xycoords=("data", "axes fraction"),
            xytext=(4, 4),
            textcoords="offset points",
            va="bottom",
            color=MUTED,
            fontsize=8,
        )
    found = [finding(comparison, names, _MEASURE, language, scope) for scope in scopes]
    frame(
        figure,
        found,
        text("charts.subtitle.coverage", language, baseline=names[arms[0]]),
        notes_of(comparison, language, "bands", "paired"),
        arm_handles(arms, names, look, markers=False),
    )
    return figure


def _draw_months(axes: Axes, table: pd.DataFrame, arms: list[str], look: dict[str, Look]) -> None:
    for arm in arms:
        course = 100 * table.xs(arm, level="arm").sort_index()
        # Burn-in is shared by the arms: drawing it once says so.
        if arm != arms[0]:
            course = course[course.index >= 0]
        # A month is drawn at its middle, so that the start of the first measured month is zero.
        months = course.index.to_numpy(dtype=float) + 0.5
        axes.plot(months, course["mean"], color=look[arm].colour, linestyle=look[arm].line)
        axes.fill_between(
            months, course["low"], course["high"], color=look[arm].colour, alpha=0.13, linewidth=0
        )
    axes.axvline(0, color=MUTED, linewidth=0.8)
    first, last = (
        table.index.get_level_values("month_index").min(),
        table.index.get_level_values("month_index").max(),
    )
    axes.set_xlim(first, last + 1)
    axes.set_xticks([month for month in range(12 * (int(first) // 12), int(last) + 2, 12) if month >= first])
