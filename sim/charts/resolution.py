"""Resolution curves: the share of disputes settled by the time since they became known."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.averages import mean_and_interval
from sim.charts.findings import finding, judge, say_verdicts, verdicts
from sim.charts.legends import arm_handles
from sim.charts.style import MUTED, Look, frame, looks, new_figure, styled
from sim.charts.survival import curves_by_replication, known_border_cases
from sim.charts.words import arm_names, capital, notes_of, tier_name
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison

__all__ = ["draw_resolution", "draw_resolution_by_tier", "tier_finding"]

_LONGEST_DAYS: Final = 365
_MEASURED_DAYS: Final = 90
_DIFFICULTIES: Final = ("simple", "complex", "hard")
_AT_TIER: Final = "settled_90_days_at_tier"
_TIERS: Final = MEASURES[_AT_TIER].tiers
#: Sentences above a figure of many arms: those of the last ones, which do most.
_MOST_FINDINGS: Final = 3


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


@styled
def draw_resolution_by_tier(comparison: Comparison, language: str) -> Figure:
    """Draw the share of border disputes that each tier settled over time.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A panel for all tiers and one for each: cumulative incidence by Aalen and Johansen, mean over
        replications, with bands of their 95 % intervals. The tiers add up to the first panel.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    cases = known_border_cases(comparison)
    figure = new_figure(8.0, 5.2)
    panels = figure.subplots(2, 3).ravel()
    look = looks(arms)
    most = 0.0
    for axes, tier in zip(panels, (None, *_TIERS), strict=True):
        _draw_curves(axes, cases, arms, look, comparison.replications, tier)
        axes.set_title(tier_name(tier or "all", language))
        if tier is not None:
            axes.set_ylim(auto=True)
            axes.autoscale(axis="y")
            most = max(most, axes.get_ylim()[1])
    # One scale for all tiers, so that they can be held against each other.
    for axes in panels[1:]:
        axes.set_ylim(0, min(100.0, most))
    for axes in panels[3:]:
        axes.set_xlabel(text("charts.days_since_known", language))
    for axes in panels[::3]:
        axes.set_ylabel(text("charts.settled_percent", language))
    frame(
        figure,
        [tier_finding(comparison, arm, language) for arm in arms[:0:-1][:_MOST_FINDINGS]],
        text("charts.subtitle.resolution_by_tier", language, baseline=names[arms[0]]),
        notes_of(comparison, language, "tiers_compete", "bands", "paired"),
        arm_handles(arms, names, look, markers=False),
    )
    return figure


def tier_finding(comparison: Comparison, arm: str, language: str) -> str:
    """State at which tiers an arm clearly settles more or fewer disputes within 90 days.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    arm : str
        One of its arms, not the baseline.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The arm, the measure, and a clause for each verdict.
    """
    judged = []
    for tier in _TIERS:
        of_arm = [item for item in verdicts(comparison, _AT_TIER, tier=tier) if item.arm == arm]
        judged += [judge(tier, item.effect, item.low, item.high) for item in of_arm]
    definition = MEASURES[_AT_TIER]
    said = say_verdicts(
        judged, definition.unit, {tier: tier_name(tier, language) for tier in _TIERS}, language, "claim"
    )
    name = definition.zh if language == "zh" else definition.en
    arm_name = arm_names(comparison, language)[arm]
    return capital(text("charts.finding_of_arm", language, arm=arm_name, measure=name, verdicts=said))


def _draw_curves(
    axes: Axes,
    cases: pd.DataFrame,
    arms: list[str],
    look: dict[str, Look],
    replications: int,
    tier: str | None = None,
) -> None:
    days = np.arange(_LONGEST_DAYS + 1, dtype=float)
    for arm in arms:
        curves = curves_by_replication(cases[cases["arm"] == arm], days, replications, tier)
        mean, low, high = (100 * line for line in mean_and_interval(curves))
        axes.plot(days, mean, color=look[arm].colour, linestyle=look[arm].line)
        axes.fill_between(days, low, high, color=look[arm].colour, alpha=0.13, linewidth=0)
    axes.axvline(_MEASURED_DAYS, color=MUTED, linewidth=0.8)
    axes.set_xlim(0, _LONGEST_DAYS)
    axes.set_ylim(0, 100)
    axes.set_xticks([0, 90, 180, 270, 360])
