"""Small multiples: one panel for each arm, the baseline behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from sim.charts.averages import mean_and_interval, measured, monthly
from sim.charts.findings import Verdict, finding, verdicts
from sim.charts.legends import arm_handles
from sim.charts.style import INK, Look, drawing, frame, looks, new_figure, share_axis
from sim.charts.survival import curves_by_replication, known_border_cases
from sim.charts.wording import axis_label, say_difference
from sim.charts.words import arm_names, notes_of, tier_name
from sim.charts.wrapping import wrap_lines
from sim.errors import InputError
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison

__all__ = ["PANELS", "draw_arm_panels"]

PANELS: Final[Mapping[str, str]] = {
    "resolution": "settled_90_days",
    "coverage": "coverage_7_days",
    "willingness": "willingness",
}
"""What small multiples can show, and the measure whose paired interval stands in each panel's title."""

FloatArray = NDArray[np.float64]

_COLUMNS: Final = 3
_LONGEST_DAYS: Final = 365


def draw_arm_panels(
    comparison: Comparison, language: str, show: Literal["resolution", "coverage", "willingness"]
) -> Figure:
    """Draw a panel for each arm but the baseline, with the baseline in black behind it.

    Of many arms in one panel none can be followed; here each is held against the same baseline.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    show : {"resolution", "coverage", "willingness"}
        Kaplan-Meier curves of disputes across the border; coverage of the border within 7 days by month; or
        willingness by tier.

    Returns
    -------
    Figure
        Panels in the order of the arms, each with its own verdict.

    Raises
    ------
    InputError
        For anything else to show.
    """
    if show not in PANELS:
        raise InputError("show", show, tuple(PANELS))
    measure = PANELS[show]
    with drawing(language):
        arms, names = list(comparison.arms), arm_names(comparison, language)
        look = looks(arms)
        columns = min(_COLUMNS, max(1, len(arms) - 1))
        rows = max(1, math.ceil((len(arms) - 1) / columns))
        figure = new_figure(8.0, 0.3 + 2.35 * rows)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        panels = grid.ravel()
        width = 0.8 * float(figure.get_figwidth()) * 72 / columns
        for axes, verdict in zip(panels, verdicts(comparison, measure), strict=False):
            for arm in (arms[0], verdict.arm):
                _DRAWN[show](axes, comparison, arm, look[arm], language)
            title = [names[verdict.arm], _say(verdict, MEASURES[measure].unit, language)]
            lines = [line for part in title for line in wrap_lines(part, 9.0, width)]
            axes.set_title("\n".join(lines), fontsize=9, color=INK)
        for axes in panels[len(arms) - 1 :]:
            axes.set_visible(False)
        # The lowest panel of each column explains the axis of all above it.
        for axes in panels[max(0, len(arms) - 1 - columns) : len(arms) - 1]:
            axes.tick_params(axis="x", labelbottom=True)
            axes.set_xlabel(_x_label(show, language))
        for row in grid:
            row[0].set_ylabel(_y_label(show, language))
        share_axis(panels[0])
        frame(
            figure,
            [finding(comparison, names, measure, language)],
            text("charts.subtitle.arm_panels", language, baseline=names[arms[0]]),
            notes_of(comparison, language, "bars" if show == "willingness" else "bands", "paired"),
            arm_handles(arms[:1], names, look, markers=show == "willingness", lines=show != "willingness"),
        )
        return figure


def _say(verdict: Verdict, unit: str, language: str) -> str:
    words = {}
    if verdict.direction in ("higher", "lower"):
        change, interval = say_difference(verdict.effect, verdict.low, verdict.high, unit, language)
        words = {"change": change, "interval": interval}
    return text(f"charts.panel_verdict.{verdict.direction}", language, **words)


def _draw_resolution(axes: Axes, comparison: Comparison, arm: str, look: Look, language: str) -> None:
    days = np.arange(_LONGEST_DAYS + 1, dtype=float)
    cases = known_border_cases(comparison)
    curves = curves_by_replication(cases[cases["arm"] == arm], days, comparison.replications)
    mean, low, high = (100 * part for part in mean_and_interval(curves))
    _draw_band(axes, days, mean, low, high, look)
    axes.set_xlim(0, _LONGEST_DAYS)
    axes.set_xticks([0, 90, 180, 270, 360])
    axes.set_ylim(0, 100)


def _draw_coverage(axes: Axes, comparison: Comparison, arm: str, look: Look, language: str) -> None:
    table = monthly(comparison, PANELS["coverage"])
    if table.empty:
        return
    course = 100 * table.xs(arm, level="arm").sort_index()
    course = course[course.index >= 0]
    months = course.index.to_numpy(dtype=float) + 0.5
    mean, low, high = (course[name].to_numpy(dtype=float) for name in ("mean", "low", "high"))
    _draw_band(axes, months, mean, low, high, look)
    axes.set_xlim(0, months.max() + 0.5)
    axes.xaxis.set_major_locator(_whole_years(int(months.max() + 0.5)))


def _draw_willingness(axes: Axes, comparison: Comparison, arm: str, look: Look, language: str) -> None:
    tiers = [tier for tier in MEASURES[PANELS["willingness"]].tiers if tier != "all"]
    table: pd.DataFrame = 100 * measured(comparison, PANELS["willingness"])
    rows = table.reindex([(arm, tier) for tier in tiers])
    shift = -0.12 if arm == comparison.baseline else 0.12
    axes.errorbar(
        np.arange(len(tiers)) + shift,
        rows["mean"],
        yerr=[rows["mean"] - rows["low"], rows["high"] - rows["mean"]],
        color=look.colour,
        marker=look.marker,
        linestyle="none",
        capsize=2.5,
        elinewidth=1.3,
    )
    axes.set_xticks(range(len(tiers)), [tier_name(tier, language) for tier in tiers])
    axes.tick_params(axis="x", labelsize=7)
    axes.set_xlim(-0.5, len(tiers) - 0.5)
    axes.set_ylim(0, 100)
    axes.grid(visible=False, axis="x")


def _draw_band(
    axes: Axes, x: FloatArray, mean: FloatArray, low: FloatArray, high: FloatArray, look: Look
) -> None:
    axes.plot(x, mean, color=look.colour, linestyle=look.line)
    axes.fill_between(x, low, high, color=look.colour, alpha=0.13, linewidth=0)


def _whole_years(months: int) -> MultipleLocator:
    return MultipleLocator(12 if months > 12 else 3)


def _x_label(show: str, language: str) -> str:
    if show == "willingness":
        return ""
    return text("charts.days_since_known" if show == "resolution" else "charts.months", language)


def _y_label(show: str, language: str) -> str:
    if show == "resolution":
        return text("charts.settled_percent", language)
    return axis_label(PANELS[show], language)


_DRAWN: Final = {
    "resolution": _draw_resolution,
    "coverage": _draw_coverage,
    "willingness": _draw_willingness,
}
