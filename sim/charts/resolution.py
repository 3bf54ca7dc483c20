"""Resolution curves: the share of disputes settled by the time since they became known."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.averages import mean_and_interval
from sim.charts.findings import finding
from sim.charts.legends import arm_handles
from sim.charts.style import MUTED, Look, frame, looks, new_figure, styled
from sim.charts.survival import curves_by_replication, known_border_cases
from sim.charts.words import arm_names, notes_of
from sim.language import text
from sim.studies.comparison import Comparison

__all__ = ["draw_resolution"]

_LONGEST_DAYS: Final = 365
_MEASURED_DAYS: Final = 90
_DIFFICULTIES: Final = ("simple", "complex", "hard")


@styled
def draw_resolution(comparison: Comparison, language: str) -> Figure:
    """Draw the share of border disputes settled over time, for all and by difficulty.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        Kaplan-Meier curves, mean over replications, with bands of their 95 % intervals.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    cases = known_border_cases(comparison)
    figure = new_figure(8.0, 6.0)
    grid = figure.add_gridspec(2, 3, height_ratios=(1.75, 1.0))
    look = looks(arms)
    replications = comparison.replications
    panels: list[tuple[Axes, pd.DataFrame, str]] = [(figure.add_subplot(grid[0, :]), cases, "all")]
    for column, difficulty in enumerate(_DIFFICULTIES):
        panels.append(
            (figure.add_subplot(grid[1, column]), cases[cases["difficulty"] == difficulty], difficulty)
        )
    for axes, chosen, difficulty in panels:
        _draw_curves(axes, chosen, arms, look, replications)
        axes.set_title(text(f"charts.difficulty.{difficulty}", language))
        axes.set_xlabel(text("charts.days_since_known", language))
    for axes, _, _ in (panels[0], panels[1]):
        axes.set_ylabel(text("charts.settled_percent", language))
    panels[0][0].annotate(
        text("charts.days_mark", language, days=_MEASURED_DAYS),
        (_MEASURED_DAYS, 100),
        xytext=(4, -4),
        textcoords="offset points",
        va="top",
        color=MUTED,
        fontsize=8,
    )
    found = [finding(comparison, names, "settled_90_days", language)]
    frame(
        figure,
        found,
        text("charts.subtitle.resolution", language, baseline=names[arms[0]]),
        notes_of(comparison, language, "censored", "bands", "paired"),
        arm_handles(arms, names, look, markers=False),
    )
    return figure


def _draw_curves(
    axes: Axes, cases: pd.DataFrame, arms: list[str], look: dict[str, Look], replications: int
) -> None:
    days = np.arange(_LONGEST_DAYS + 1, dtype=float)
    for arm in arms:
        curves = curves_by_replication(cases[cases["arm"] == arm], days, replications)
        mean, low, high = (100 * line for line in mean_and_interval(curves))
        axes.plot(days, mean, color=look[arm].colour, linestyle=look[arm].line)
        axes.fill_between(days, low, high, color=look[arm].colour, alpha=0.13, linewidth=0)
    axes.axvline(_MEASURED_DAYS, color=MUTED, linewidth=0.8)
    axes.set_xlim(0, _LONGEST_DAYS)
    axes.set_ylim(0, 100)
    axes.set_xticks([0, 90, 180, 270, 360])
