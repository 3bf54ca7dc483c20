"""All headline differences at a glance, each in its own unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.findings import Verdict, finding, verdicts
from sim.charts.legends import arm_handles
from sim.charts.style import MUTED, Look, frame, looks, new_figure, styled
from sim.charts.wording import scale_of, unit_name
from sim.charts.words import arm_names, notes_of
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison

__all__ = ["draw_paired_effects", "headline_panels"]

_COLUMNS: Final = 3
# Its subject is work inside each side, so the border row would say nothing.
_INTERIOR_MEASURES: Final = ("waiting_days",)


def headline_panels(comparison: Comparison) -> list[tuple[str, str]]:
    """List the headline measures that have a value in this comparison, with the scope that each is about.

    Parameters
    ----------
    comparison : Comparison
        The comparison.

    Returns
    -------
    list of (str, str)
        Measure and scope, in reporting order.
    """
    effects = comparison.effects
    # A border without a river has no section that could meet its limit.
    effects = effects[effects["effect"].notna()]
    known = set(zip(effects["measure"].astype(str), effects["scope"].astype(str), strict=True))
    panels = []
    for measure in MEASURES.values():
        scope = "interior" if measure.name in _INTERIOR_MEASURES else "border"
        if measure.headline and (measure.name, scope) in known:
            panels.append((measure.name, scope))
    return panels


@styled
def draw_paired_effects(comparison: Comparison, language: str) -> Figure:
    """Draw the paired difference of every headline measure, arm by arm.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A small panel for each measure with its own axis; a filled mark where the interval excludes zero, an
        open one where it does not.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    look = looks(arms)
    panels = headline_panels(comparison)
    rows = max(1, math.ceil(len(panels) / _COLUMNS))
    figure = new_figure(8.0, 0.5 + rows * (0.85 + 0.2 * len(arms)))
    grid = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes, (measure, scope) in zip(grid, panels, strict=False):
        _draw_forest(axes, verdicts(comparison, measure, scope), scale_of(MEASURES[measure].unit), look)
        definition = MEASURES[measure]
        axes.set_title(definition.zh if language == "zh" else definition.en)
        unit = unit_name(definition.unit, language, difference=True)
        axes.set_xlabel(
            text(f"charts.better.{definition.better}", language, unit=unit).lstrip("，, "),
            fontsize=8,
            color=MUTED,
        )
    for axes in grid[len(panels) :]:
        axes.set_visible(False)
    frame(
        figure,
        [
            finding(comparison, names, "settled_90_days", language),
            finding(comparison, names, "staff_days", language),
        ],
        text("charts.subtitle.paired", language, baseline=names[arms[0]]),
        notes_of(comparison, language, "forest"),
        arm_handles(arms[1:], names, look, lines=False),
    )
    return figure


def _draw_forest(axes: Axes, judged: Sequence[Verdict], scale: float, look: Mapping[str, Look]) -> None:
    for row, verdict in enumerate(judged):
        clear = verdict.direction in ("higher", "lower")
        axes.errorbar(
            scale * verdict.effect,
            row,
            xerr=[[scale * (verdict.effect - verdict.low)], [scale * (verdict.high - verdict.effect)]],
            color=look[verdict.arm].colour,
            marker=look[verdict.arm].marker,
            markerfacecolor=look[verdict.arm].colour if clear else "white",
            capsize=2.5,
            elinewidth=1.3,
        )
    axes.axvline(0, color=MUTED, linewidth=0.9, zorder=0.5)
    axes.set_ylim(len(judged) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    # Zero stays in sight, so that the size of a difference can be judged.
    low, high = axes.get_xlim()
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.04 * (high - low)
    axes.set_xlim(low - room, high + room)
    axes.locator_params(axis="x", nbins=5)
