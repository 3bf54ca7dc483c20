"""What an arm costs against what it settles."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.findings import Verdict, finding, verdicts
from sim.charts.labels import Label, place_labels
from sim.charts.style import INK, MUTED, Look, frame, looks, new_figure, styled
from sim.charts.wording import axis_label, scale_of
from sim.charts.words import arm_names, notes_of
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison

__all__ = ["draw_cost"]

_COST: Final = "staff_days"
_EFFECT: Final = "settled_90_days"
_ACROSS: Final = scale_of(MEASURES[_COST].unit)
_UP: Final = scale_of(MEASURES[_EFFECT].unit)


@styled
def draw_cost(comparison: Comparison, language: str) -> Figure:
    """Draw the additional staff-days a year of each arm against its change in the share settled.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A point for each arm with both paired 95 % intervals; the baseline is the origin.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    look = looks(arms)
    figure = new_figure(8.0, 4.3)
    axes = figure.subplots()
    _draw_points(axes, verdicts(comparison, _COST), verdicts(comparison, _EFFECT), look)
    axes.plot(0, 0, marker=look[arms[0]].marker, color=look[arms[0]].colour)
    for ruler in (axes.axhline, axes.axvline):
        ruler(0, color=MUTED, linewidth=0.8, zorder=0.5)
    axes.margins(0.1)
    axes.set_xlabel(axis_label(_COST, language, difference=True))
    axes.set_ylabel(axis_label(_EFFECT, language, difference=True))
    frame(
        figure,
        [finding(comparison, names, _EFFECT, language), finding(comparison, names, _COST, language)],
        text("charts.subtitle.cost", language, baseline=names[arms[0]]),
        notes_of(comparison, language, "crosses"),
    )
    points = _points(comparison)
    labels = [Label(names[arm], x, y, INK, 8.5) for arm, (x, y) in points.items()]
    place_labels(axes, labels, list(points.values()), _crosses(comparison), clear_points=2.5)
    return figure


def _draw_points(
    axes: Axes, costs: Sequence[Verdict], effects: Sequence[Verdict], look: Mapping[str, Look]
) -> None:
    for cost, effect in zip(costs, effects, strict=True):
        axes.errorbar(
            _ACROSS * cost.effect,
            _UP * effect.effect,
            xerr=[[_ACROSS * (cost.effect - cost.low)], [_ACROSS * (cost.high - cost.effect)]],
            yerr=[[_UP * (effect.effect - effect.low)], [_UP * (effect.high - effect.effect)]],
            color=look[cost.arm].colour,
            marker=look[cost.arm].marker,
            markersize=7,
            capsize=3,
            elinewidth=1.3,
        )


def _points(comparison: Comparison) -> dict[str, tuple[float, float]]:
    """Give the place of each arm that both measures could be compared for, the baseline at the origin."""
    points = {comparison.baseline: (0.0, 0.0)}
    for cost, effect in zip(verdicts(comparison, _COST), verdicts(comparison, _EFFECT), strict=True):
        place = (_ACROSS * cost.effect, _UP * effect.effect)
        if not math.isnan(sum(place)):
            points[cost.arm] = place
    return points


def _crosses(comparison: Comparison) -> list[tuple[float, float]]:
    """Give points along both intervals of each arm, so that no name is written over them."""
    points = []
    for cost, effect in zip(verdicts(comparison, _COST), verdicts(comparison, _EFFECT), strict=True):
        for share in np.linspace(0, 1, 9):
            points.append((_ACROSS * (cost.low + share * (cost.high - cost.low)), _UP * effect.effect))
            points.append((_ACROSS * cost.effect, _UP * (effect.low + share * (effect.high - effect.low))))
    return [point for point in points if not math.isnan(sum(point))]
