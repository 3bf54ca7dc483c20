"""Where disputes go: from arising to the tier that settles them, or to nobody, in two arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from sim.charts.findings import Verdict, direction_of
from sim.charts.flow_counts import STAGES, flow_differences, flows_by_replication, node_totals, years_of
from sim.charts.labels import spread
from sim.charts.style import INK, drawing, frame, new_figure
from sim.charts.wording import say_difference
from sim.charts.words import arm_names, notes_of
from sim.charts.wrapping import wrap_lines
from sim.errors import InputError, nearest_name
from sim.language import check_language, text
from sim.studies.comparison import Comparison

__all__ = ["draw_flow", "say_flows"]

# What the title speaks of, and what the sentence below it does.
_MAIN: Final = ("settled", "given_up", "open")
_ON_THE_WAY: Final = ("known", "handed_on", "no_session")
_COLOURS: Final = {
    "arose": "#404040", "known": "#56B4E9", "unknown": "#BFBFBF", "worked_on": "#56B4E9",
    "handed_on": "#0072B2", "no_session": "#BFBFBF", "settled_village": "#009E73", "settled_town": "#009E73",
    "settled_county": "#009E73", "settled_upper": "#009E73", "given_up": "#D55E00", "open": "#E69F00",
}  # fmt: skip
_NODE: Final = 0.022
#: Width of the panels as a part of the figure's.
_DRAWN_WIDTH: Final = 0.97
_PLACES: Final = (0.0, 0.235, 0.5, 0.765)
_GAP: Final = 0.05
_PANEL_INCHES: Final = 2.75
_WORDS_POINTS: Final = 7.6
_LEADING: Final = 1.25


def draw_flow(comparison: Comparison, language: str, arm: str | None = None) -> Figure:
    """Draw the ways that disputes across the border take in the baseline and in another arm.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    arm : str, optional
        The arm to set beside the baseline; the last one by default.

    Returns
    -------
    Figure
        One panel an arm, on one scale: the width of a band is the mean number of disputes a year; under the
        second arm each node has its paired difference and interval.

    Raises
    ------
    InputError
        For an arm that the comparison does not have, or the baseline.
    """
    language = check_language(language)
    arm = arm or comparison.arms[-1]
    if arm not in comparison.arms[1:]:
        raise InputError("arm", arm, comparison.arms[1:], nearest=nearest_name(arm, comparison.arms[1:]))
    names = arm_names(comparison, language)
    pair = (comparison.baseline, arm)
    flows = [flows_by_replication(comparison, name) for name in pair]
    totals = [node_totals(table) for table in flows]
    nodes = [node for stage in STAGES for node in stage]
    years = years_of(comparison)
    differences = flow_differences(totals[0], totals[1], [*nodes, "settled"], years)
    shown = [node for node in nodes if any(float(table[node].abs().max()) > 0.0 for table in totals)]
    yearly = [table.mean() / years for table in totals]
    scale = _common_scale(yearly, shown)
    with drawing(language):
        figure = new_figure(8.0, 2 * _PANEL_INCHES)
        for place, name in enumerate(pair):
            axes = figure.add_subplot(2, 1, place + 1)
            labels = _labels(yearly[place], differences if place else None, shown, language)
            _draw_panel(axes, flows[place].mean() / years, yearly[place], scale, labels)
            axes.set_title(names[name])
        values = {"arm": names[arm], "baseline": names[comparison.baseline]}
        main = say_flows(differences, language, _MAIN)
        on_the_way = say_flows(differences, language, _ON_THE_WAY)
        frame(
            figure,
            [
                text("flow.finding", language, found=main, **values),
                text("flow.on_the_way", language, found=on_the_way),
            ],
            text("flow.subtitle", language, **values),
            _notes(comparison, language),
        )
    return figure


def say_flows(differences: pd.DataFrame, language: str, nodes: Sequence[str] = _MAIN) -> str:
    """Say which flows are clearly larger, clearly smaller, or not clearly different.

    Parameters
    ----------
    differences : pandas.DataFrame
        As `sim.charts.flow_counts.flow_differences` gives them.
    language : {"zh", "en"}
        Language.
    nodes : sequence of str
        What to speak of; by default how disputes end.

    Returns
    -------
    str
        One clause for each verdict that occurs.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"effect": [12.0, 1.0], "low": [8.0, -2.0], "high": [16.0, 4.0]}, index=["settled", "open"]
    ... )
    >>> say_flows(table, "en").replace(chr(160), " ")
    'clearly more are settled (+12 a year, +8 to +16); no clear difference in how many are open at the end'
    """
    judged: dict[str, list[Verdict]] = {}
    for node in nodes:
        if node in differences.index:
            row = differences.loc[[node], ["effect", "low", "high"]].to_numpy(float)[0]
            effect, low, high = row.tolist()
            verdict = Verdict(node, effect, low, high, direction_of(low, high))
            judged.setdefault(verdict.direction, []).append(verdict)
    clauses = []
    for direction in ("higher", "lower", "unclear", "unmeasured"):
        said = [_say(verdict, language) for verdict in judged.get(direction, [])]
        if said:
            listed = text("charts.list_separator", language).join(said)
            clauses.append(text(f"flow.verdict.{direction}", language, flows=listed))
    return text("charts.clause_separator", language).join(clauses)


def _say(verdict: Verdict, language: str) -> str:
    name = text(f"flow.said.{verdict.arm}", language)
    if verdict.direction in ("unclear", "unmeasured"):
        return name
    change, interval = say_difference(verdict.effect, verdict.low, verdict.high, "index", language)
    return text("flow.change.said", language, flow=name, change=change, interval=interval)


def _notes(comparison: Comparison, language: str) -> str:
    own = [text(f"flow.note.{key}", language) for key in ("counts", "censored", "hands")]
    return (" " if language == "en" else "").join([*own, notes_of(comparison, language, "paired")])


def _common_scale(totals: Sequence[pd.Series[float]], shown: Sequence[str]) -> float:
    """Give the height of a dispute a year, with which every stage of either arm fits."""
    scales = []
    for total in totals:
        for stage in STAGES:
            nodes = [node for node in stage if node in shown]
            disputes = sum(max(0.0, float(total[node])) for node in nodes)
            scales.append((1.0 - _GAP * (len(nodes) - 1)) / max(disputes, 1e-9))
    return min(scales)


def _labels(
    totals: pd.Series[float], differences: pd.DataFrame | None, shown: Sequence[str], language: str
) -> Mapping[str, str]:
    """Name every node that occurs with its number, and with its difference where it is compared."""
    labels = {}
    for node in shown:
        number = text("flow.number", language, number=float(totals[node]))
        labels[node] = f"{text(f'flow.node.{node}', language)} {number}"
        if differences is not None:
            labels[node] += "\n" + _say_change(differences.loc[[node]], language)
    return labels


def _say_change(row: pd.DataFrame, language: str) -> str:
    effect, low, high = row[["effect", "low", "high"]].to_numpy(float)[0].tolist()
    if direction_of(low, high) == "unmeasured":
        return text("flow.change.unmeasured", language)
    change, interval = say_difference(effect, low, high, "index", language)
    kind = "unclear" if direction_of(low, high) == "unclear" else "clear"
    return text(f"flow.change.{kind}", language, change=change, interval=interval)


def _draw_panel(
    axes: Axes, flows: pd.Series[float], totals: pd.Series[float], scale: float, labels: Mapping[str, str]
) -> None:
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    figure = axes.get_figure(root=True)
    assert figure is not None
    # Two panels share the drawing, and their titles take a little of it.
    panel_inches = 0.92 * figure.get_figheight() / 2
    tops = {}
    ends = dict(zip(_PLACES, (*_PLACES[1:], 1.0), strict=True))
    for place, stage in zip(_PLACES, STAGES, strict=True):
        shown = [node for node in stage if node in labels]
        heights = [max(0.0, float(totals[node])) * scale for node in shown]
        top = 1.0
        for node, height in zip(shown, heights, strict=True):
            tops[node] = top
            axes.add_patch(Rectangle((place, top - height), _NODE, height, color=_COLOURS[node], linewidth=0))
            top -= height + _GAP
        # Labels of thin nodes move apart, so that none lies upon another.
        middles = [-(tops[node] - height / 2) for node, height in zip(shown, heights, strict=True)]
        room = (ends[place] - place - _NODE - 0.012) * 72.0 * float(figure.get_figwidth()) * _DRAWN_WIDTH
        words = {node: _broken(labels[node], room) for node in shown}
        rows = max(words[node].count("\n") + 1 for node in shown)
        apart = rows * _WORDS_POINTS * _LEADING / 72.0 / panel_inches + 0.012
        for node, middle in zip(shown, spread(middles, apart), strict=True):
            axes.text(
                place + _NODE + 0.006, -middle, words[node], fontsize=_WORDS_POINTS, va="center", ha="left",
                color=INK, zorder=5, linespacing=_LEADING,
                path_effects=[withStroke(linewidth=2.0, foreground="white", alpha=0.75)],
            )  # fmt: skip
    _draw_bands(axes, flows, tops, scale)


def _broken(label: str, width_points: float) -> str:
    lines = [line for part in label.split("\n") for line in wrap_lines(part, _WORDS_POINTS, width_points)]
    return "\n".join(lines)


def _draw_bands(axes: Axes, flows: pd.Series[float], tops: Mapping[str, float], scale: float) -> None:
    out = dict(tops)
    into = dict(tops)
    places = {node: place for place, stage in zip(_PLACES, STAGES, strict=True) for node in stage}
    order = {node: rank for rank, node in enumerate(places)}
    for source, target in sorted(flows.index, key=lambda link: (order[link[0]], order[link[1]])):
        height = max(0.0, float(flows[source, target])) * scale
        if height <= 0.0:
            continue
        start, end = places[source] + _NODE, places[target]
        axes.add_patch(_band(start, out[source], end, into[target], height, _COLOURS[target]))
        out[source] -= height
        into[target] -= height


def _band(start: float, top: float, end: float, end_top: float, height: float, colour: str) -> PathPatch:
    middle = (start + end) / 2
    vertices = np.array([
        (start, top), (middle, top), (middle, end_top), (end, end_top),
        (end, end_top - height), (middle, end_top - height), (middle, top - height), (start, top - height),
        (start, top),
    ])  # fmt: skip
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    return PathPatch(Path(vertices, codes), facecolor=colour, alpha=0.3, linewidth=0, zorder=1)
