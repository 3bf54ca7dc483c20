"""Panels of differences with their intervals, for any measures and any rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.charts.bars import name_rows
from sim.charts.findings import Verdict, verdicts
from sim.charts.style import MUTED, new_figure
from sim.charts.wording import scale_of, unit_name
from sim.charts.words import tier_name
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.analyses.outcomes import Outcome
from sim.studies.comparison import Comparison

__all__ = ["Panel", "clear_handles", "draw_panels", "panel_of", "panel_title"]

_COLOUR: Final = "#0072B2"
_MOST_COLUMNS: Final = 3


@dataclass(frozen=True)
class Panel:
    """One measure with the differences of several rows.

    Attributes
    ----------
    outcome : Outcome
        The measure.
    verdicts : tuple of Verdict
        One for each row, the first on top.
    """

    outcome: Outcome
    verdicts: tuple[Verdict, ...]


def panel_of(comparison: Comparison, outcome: Outcome) -> Panel:
    """Take a panel from a comparison: every arm but the baseline.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    outcome : Outcome
        The measure.

    Returns
    -------
    Panel
        Rows in the order of the arms.
    """
    return Panel(outcome, tuple(verdicts(comparison, outcome.measure, outcome.scope, outcome.tier)))


def draw_panels(panels: Sequence[Panel], names: Sequence[str], language: str) -> Figure:
    """Draw panels side by side, rows named at the left of each line of panels.

    Parameters
    ----------
    panels : sequence of Panel
        The panels, with the same rows.
    names : sequence of str
        Names of the rows.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        Without title and notes; a mark is filled where its interval excludes zero and open where it does not.
    """
    columns = min(len(panels), _MOST_COLUMNS)
    lines = math.ceil(len(panels) / columns)
    figure = new_figure(8.0, lines * (0.95 + 0.3 * len(names)))
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    for place, axes in enumerate(grid.ravel()):
        if place >= len(panels):
            axes.set_visible(False)
            continue
        _draw_rows(axes, panels[place], language)
    for line in grid:
        name_rows(line[0], names, most_letters=30)
    return figure


def panel_title(outcome: Outcome, language: str) -> str:
    """Name a panel by its measure, with the tier where it is one.

    Parameters
    ----------
    outcome : Outcome
        The measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The name.

    Examples
    --------
    >>> panel_title(Outcome("effort", tier="town"), "en")
    'effort, town'
    """
    definition = MEASURES[outcome.measure]
    name = definition.zh if language == "zh" else definition.en
    if outcome.tier == "all":
        return name
    return text("charts.list_separator", language).join([name, tier_name(outcome.tier, language)])


def clear_handles(language: str) -> list[Artist]:
    """Make the legend of marks: clear or not.

    Parameters
    ----------
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Artist
        A filled and an open mark.
    """
    return [
        Line2D([], [], linestyle="none", marker="o", color=_COLOUR, markerfacecolor=fill, label=label)
        for fill, label in (
            (_COLOUR, text("charts.bar.clear", language)),
            ("white", text("charts.bar.unclear", language)),
        )
    ]


def _draw_rows(axes: Axes, panel: Panel, language: str) -> None:
    definition = MEASURES[panel.outcome.measure]
    scale = scale_of(definition.unit)
    for row, verdict in enumerate(panel.verdicts):
        if math.isnan(verdict.effect):
            continue
        is_clear = verdict.direction in ("higher", "lower")
        ends = [scale * (verdict.effect - verdict.low), scale * (verdict.high - verdict.effect)]
        axes.errorbar(
            scale * verdict.effect,
            row,
            xerr=None if math.isnan(sum(ends)) else [[ends[0]], [ends[1]]],
            color=_COLOUR,
            marker="o",
            markerfacecolor=_COLOUR if is_clear else "white",
            capsize=2.5,
            elinewidth=1.3,
        )
    axes.axvline(0, color=MUTED, linewidth=0.9, zorder=0.5)
    axes.set_ylim(len(panel.verdicts) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    # Zero stays in sight, so that the size of a difference can be judged.
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.0), max(high, 0.0))
    axes.locator_params(axis="x", nbins=4)
    axes.set_title(panel_title(panel.outcome, language), fontsize=9)
    unit = unit_name(definition.unit, language, difference=True)
    label = text(f"charts.better.{definition.better}", language, unit=unit)
    axes.set_xlabel(label.replace(" ，", " ").replace(" , ", " ").lstrip("，, "), fontsize=8, color=MUTED)
