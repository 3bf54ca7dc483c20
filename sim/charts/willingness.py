"""Willingness to co-operate by tier, and the suspension gap between attending and making an effort."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.charts.averages import measured
from sim.charts.findings import finding
from sim.charts.legends import arm_handles
from sim.charts.style import INK, MUTED, Look, frame, looks, new_figure, styled
from sim.charts.words import arm_names, notes_of, tier_name
from sim.charts.wrapping import wrap_lines
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison

__all__ = ["draw_suspension_gap", "draw_willingness"]

_CHANNELS: Final = ("willingness", "willingness_withdrawn")
_DODGE_WIDTH: Final = 0.62
# Widest line of an arm's name beside the panels.
_NAME_POINTS: Final = 100.0


@styled
def draw_willingness(comparison: Comparison, language: str) -> Figure:
    """Draw the willingness of each tier, in the channel used and if mechanisms were withdrawn.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A panel for each of the two, arms side by side in each tier, with 95 % intervals over replications.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    look = looks(arms)
    figure = new_figure(8.0, 3.7)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, measure in zip(panels, _CHANNELS, strict=True):
        tiers = [tier for tier in MEASURES[measure].tiers if tier != "all"]
        _draw_tiers(axes, 100 * measured(comparison, measure), arms, tiers, look)
        axes.set_title(text(f"charts.panel.{measure}", language))
        axes.set_xticks(range(len(tiers)), [tier_name(tier, language) for tier in tiers])
    panels[0].set_ylabel(text("charts.willingness_percent", language))
    panels[0].set_ylim(0, 100)
    frame(
        figure,
        [finding(comparison, names, measure, language) for measure in _CHANNELS],
        text("charts.subtitle.willingness", language, baseline=names[arms[0]]),
        notes_of(comparison, language, "bars", "paired"),
        arm_handles(arms, names, look, lines=False),
    )
    return figure


def _draw_tiers(
    axes: Axes, table: pd.DataFrame, arms: list[str], tiers: list[str], look: dict[str, Look]
) -> None:
    shifts = np.linspace(-0.5, 0.5, len(arms)) * _DODGE_WIDTH if len(arms) > 1 else np.zeros(1)
    for arm, shift in zip(arms, shifts, strict=True):
        rows = table.reindex([(arm, tier) for tier in tiers])
        axes.errorbar(
            np.arange(len(tiers)) + shift,
            rows["mean"],
            yerr=[rows["mean"] - rows["low"], rows["high"] - rows["mean"]],
            color=look[arm].colour,
            marker=look[arm].marker,
            linestyle="none",
            capsize=2.5,
            elinewidth=1.3,
        )
    axes.grid(visible=False, axis="x")
    axes.set_xlim(-0.5, len(tiers) - 0.5)
    for edge in range(1, len(tiers)):
        axes.axvline(edge - 0.5, color="#DDDDDD", linewidth=0.8)


@styled
def draw_suspension_gap(comparison: Comparison, language: str) -> Figure:
    """Draw attendance and effort of each arm, and the gap between them.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A panel for all tiers and one for each: an open mark for attendance, a filled one for effort.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    look = looks(arms)
    attendance, effort = (100 * measured(comparison, measure) for measure in ("attendance", "effort"))
    tiers = MEASURES["suspension_gap"].tiers
    figure = new_figure(8.0, 1.5 + 0.34 * len(arms))
    panels = figure.subplots(1, len(tiers), sharex=True, sharey=True)
    for axes, tier in zip(panels, tiers, strict=True):
        for row, arm in enumerate(arms):
            _draw_gap(axes, row, attendance, effort, (arm, tier), look[arm], language)
        axes.set_title(tier_name(tier, language))
        axes.set_xlabel(text("charts.calls_percent", language))
        axes.grid(visible=False, axis="y")
    rows = ["\n".join(wrap_lines(names[arm], 8.0, _NAME_POINTS)) for arm in arms]
    panels[0].set_yticks(range(len(arms)), rows)
    panels[0].set_ylim(len(arms) - 0.4, -0.6)
    # Room for half a mark at either end.
    panels[0].set_xlim(-5, 105)
    panels[0].set_xticks([0, 50, 100])
    handles = [
        _mark("white", text("charts.attendance", language)),
        _mark(INK, text("charts.effort", language)),
    ]
    frame(
        figure,
        [finding(comparison, names, "suspension_gap", language)],
        text("charts.subtitle.suspension_gap", language, baseline=names[arms[0]]),
        notes_of(comparison, language, "bars", "paired"),
        handles,
    )
    return figure


def _draw_gap(
    axes: Axes,
    row: int,
    attendance: pd.DataFrame,
    effort: pd.DataFrame,
    key: tuple[str, str],
    look: Look,
    language: str,
) -> None:
    came, worked = (table.reindex([key]).iloc[0] for table in (attendance, effort))
    if np.isnan(came["mean"]):
        # Without mechanisms hardly anybody is called: that is a finding, not a hole.
        words = text("charts.no_calls", language)
        axes.text(50, row, words, ha="center", va="center", fontsize=8, color=MUTED)
        return
    axes.plot([worked["mean"], came["mean"]], [row, row], color=look.colour, linewidth=3.5, alpha=0.25)
    for values, fill in ((came, "white"), (worked, look.colour)):
        # No share lies beyond none or all.
        low, high = np.clip(values[["low", "high"]].to_numpy(np.float64), 0.0, 100.0)
        axes.errorbar(
            values["mean"],
            row,
            xerr=[[values["mean"] - low], [high - values["mean"]]],
            color=look.colour,
            marker=look.marker,
            markerfacecolor=fill,
            capsize=2.0,
            elinewidth=1.1,
        )


def _mark(fill: str, label: str) -> Line2D:
    return Line2D([], [], color=INK, marker="o", linestyle="none", markerfacecolor=fill, label=label)
