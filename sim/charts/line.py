"""Coverage along the line: which stretches are patrolled, on both banks, month by month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.charts.averages import mean_and_interval
from sim.charts.findings import Direction, direction_of
from sim.charts.legends import arm_handles
from sim.charts.style import INK, MUTED, Look, drawing, frame, looks, new_figure
from sim.charts.wording import axis_label
from sim.charts.words import arm_names, capital, notes_of, side_names
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.watched import Watched
from sim.world.world import World

__all__ = ["LineClaim", "draw_line_coverage", "line_claims", "line_finding", "stretches"]

_SIDES: Final = ("a", "b")
_MOST_FINDINGS: Final = 3
#: A name needs this share of the line to be written under it.
_NAMED_SHARE: Final = 0.035
# Vermilion, white, blue: told apart with every colour vision; the signs stand at the bar.
_CHANGE: Final = LinearSegmentedColormap.from_list("change", ["#D55E00", "#FFFFFF", "#0072B2"])


@dataclass(frozen=True)
class LineClaim:
    """What the intervals of the stretches support, for one arm.

    Attributes
    ----------
    count : dict of str to int
        Stretches by direction.
    length_km : dict of str to float
        Their length.
    """

    count: dict[Direction, int]
    length_km: dict[Direction, float]


def stretches(watched: Watched, world: World) -> pd.DataFrame:
    """Order the stretches between pairs of towns as one meets them walking along the line.

    No order is on record: it is the short way from one stretch to the next, beginning at the northern end of
    the longest way across. Where the border has several lines the walk jumps from one to the next.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    world : World
        A layout of their region.

    Returns
    -------
    DataFrame
        Columns town_a, town_b (codes), length_km, start_km, in walking order.
    """
    line = watched.line
    first = line[(line["month_index"] == 0) & (line["side"] == "a")]
    # Towns without a place of their own are laid out anew in each run: one layout orders them all.
    lengths = first.groupby(["town_a", "town_b"], observed=True)["length_km"].mean()
    town = {code: number for number, code in enumerate(world.town_code)}
    ends = np.array([(town[a], town[b]) for a, b in lengths.index])
    across = math.cos(math.radians(float(np.mean(world.town_lat))))
    x, y = across * world.town_lon[ends].mean(axis=1), world.town_lat[ends].mean(axis=1)
    order = _walk(np.column_stack([x, y]))
    table = lengths.iloc[order].reset_index()
    table["start_km"] = table["length_km"].cumsum() - table["length_km"]
    return table


def line_claims(
    watched: Watched, arm: str, measure: str = "coverage_7_days"
) -> tuple[LineClaim, pd.DataFrame]:
    """Judge every stretch between a pair of towns, both banks together, by its paired interval.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    arm : str
        An arm, not the baseline.
    measure : {"coverage_7_days", "coverage_30_days"}
        What is compared.

    Returns
    -------
    claim : LineClaim
        How many stretches and kilometres are clearly higher, lower, unclear or unmeasured.
    table : DataFrame
        Columns effect, low, high, direction, length_km; indexed by the two towns.
    """
    values = _by_replication(watched, arm, measure) - _by_replication(watched, watched.baseline, measure)
    effect, low, high = mean_and_interval(values.to_numpy(dtype=float))
    table = pd.DataFrame({"effect": effect, "low": low, "high": high}, index=values.columns)
    table["direction"] = [direction_of(*ends) for ends in zip(low, high, strict=True)]
    line = watched.line
    first = line[(line["month_index"] == 0) & (line["side"] == "a") & (line["arm"] == arm)]
    table["length_km"] = first.groupby(["town_a", "town_b"], observed=True)["length_km"].mean()
    directions: tuple[Direction, ...] = ("higher", "lower", "unclear", "unmeasured")
    chosen = {direction: table[table["direction"] == direction] for direction in directions}
    claim = LineClaim(
        {direction: len(rows) for direction, rows in chosen.items()},
        {direction: float(rows["length_km"].sum()) for direction, rows in chosen.items()},
    )
    return claim, table


def line_finding(watched: Watched, arm: str, language: str, measure: str = "coverage_7_days") -> str:
    """State on how many stretches an arm clearly changes coverage.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    arm : str
        An arm, not the baseline.
    language : {"zh", "en"}
        Language.
    measure : {"coverage_7_days", "coverage_30_days"}
        What is compared.

    Returns
    -------
    str
        The arm, the measure, and a clause for each verdict that occurs.
    """
    claim, table = line_claims(watched, arm, measure)
    clauses = []
    for direction, count in claim.count.items():
        if count:
            kilometres = claim.length_km[direction]
            listed = text(
                "charts.line.all_stretches" if count == len(table) else "charts.line.stretches",
                language,
                count=count,
                all=len(table),
                length=f"{kilometres:,.1f}" if kilometres < 10 else f"{kilometres:,.0f}",
            )
            clauses.append(text(f"charts.claim.{direction}", language, arms=listed))
    definition = MEASURES[measure]
    said = text(
        "charts.finding_of_arm",
        language,
        arm=arm_names(watched, language)[arm],
        measure=definition.zh if language == "zh" else definition.en,
        verdicts=text("charts.clause_separator", language).join(clauses),
    )
    return capital(said)


def draw_line_coverage(
    watched: Watched,
    language: str,
    world: World,
    arm: str | None = None,
    measure: str = "coverage_7_days",
) -> Figure:
    """Draw coverage along the line on both banks, and how one arm changes it month by month.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    language : {"zh", "en"}
        Language.
    world : World
        A layout of their region.
    arm : str, optional
        The arm whose change is drawn by month; by default the last.
    measure : {"coverage_7_days", "coverage_30_days"}
        What is drawn.

    Returns
    -------
    Figure
        A panel for each bank with a step for every stretch, mean over replications with 95 % intervals;
        below, the change against the baseline by month and place.
    """
    with drawing(language):
        arms, names = list(watched.arms), arm_names(watched, language)
        arm = arm or arms[-1]
        look = looks(arms)
        walk = stretches(watched, world)
        figure = new_figure(8.0, 6.2)
        panels = figure.subplots(3, 1, sharex=True, height_ratios=[1.0, 1.0, 0.85])
        for axes, side in zip(panels, _SIDES, strict=False):
            _draw_bank(axes, watched, walk, side, measure, look)
            title = text("charts.line.bank", language, side=side_names(world, language)[side])
            axes.set_title(title, pad=4)
            axes.set_ylim(0, 100)
            axes.set_ylabel(text("charts.line.percent", language))
            _name_towns(axes, walk, f"town_{side}", world, language)
        mesh = _draw_change(panels[2], watched, walk, arm, measure, language)
        # Beside all three panels, so that a place stands below itself.
        bar = figure.colorbar(mesh, ax=list(panels), shrink=0.3, anchor=(0.0, 0.0), pad=0.015, aspect=18)
        bar.set_label(text("charts.line.change_points", language))
        bar.outline.set_visible(False)
        panels[2].set_title(text("charts.line.change", language, arm=names[arm]), pad=4)
        panels[2].set_xlabel(text("charts.line.kilometres", language))
        panels[2].set_xlim(0, float(walk["length_km"].sum()))
        frame(
            figure,
            [line_finding(watched, one, language, measure) for one in arms[:0:-1][:_MOST_FINDINGS]],
            text(
                "charts.subtitle.line",
                language,
                measure=axis_label(measure, language),
                baseline=names[arms[0]],
            ),
            notes_of(watched, language, "line", "bands", "paired"),
            arm_handles(arms, names, look, markers=False),
        )
        return figure


def _by_replication(watched: Watched, arm: str, measure: str) -> pd.DataFrame:
    """Average a measure over months and banks by length: a row a replication, a column a pair of towns."""
    line = watched.line
    rows = line[line["arm"] == arm]
    weighted = rows.assign(part=rows[measure] * rows["length_km"])
    sums = weighted.groupby(["replication", "town_a", "town_b"], observed=True)[["part", "length_km"]].sum()
    return (sums["part"] / sums["length_km"]).unstack(["town_a", "town_b"])


def _draw_bank(
    axes: Axes, watched: Watched, walk: pd.DataFrame, side: str, measure: str, look: dict[str, Look]
) -> None:
    edges = np.append(walk["start_km"], walk["length_km"].sum())
    line = watched.line[watched.line["side"] == side]
    for arm in watched.arms:
        rows = line[line["arm"] == arm]
        means = rows.groupby(["replication", "town_a", "town_b"], observed=True)[measure].mean()
        wide = means.unstack("replication").reindex(pd.MultiIndex.from_frame(walk[["town_a", "town_b"]]))
        mean, low, high = (100 * part for part in mean_and_interval(wide.to_numpy(dtype=float).T))
        axes.stairs(
            mean, edges, baseline=None, color=look[arm].colour, linestyle=look[arm].line, linewidth=1.6
        )
        axes.fill_between(
            edges,
            np.clip(np.append(low, low[-1]), 0, 100),
            np.clip(np.append(high, high[-1]), 0, 100),
            step="post",
            color=look[arm].colour,
            alpha=0.13,
            linewidth=0,
        )
    axes.grid(visible=False, axis="x")


def _draw_change(
    axes: Axes, watched: Watched, walk: pd.DataFrame, arm: str, measure: str, language: str
) -> QuadMesh:
    line = watched.line
    means = line.groupby(["arm", "month_index", "town_a", "town_b"], observed=True)[measure].mean()
    change = means.xs(arm, level="arm") - means.xs(watched.baseline, level="arm")
    wide = change.unstack("month_index").reindex(pd.MultiIndex.from_frame(walk[["town_a", "town_b"]]))
    values = 100 * wide.to_numpy(dtype=float).T
    most = 10.0 * math.ceil(max(float(np.nanmax(np.abs(values))), 1.0) / 10.0)
    edges = np.append(walk["start_km"], walk["length_km"].sum())
    months = np.arange(values.shape[0] + 1)
    mesh = axes.pcolormesh(edges, months, values, cmap=_CHANGE, norm=Normalize(-most, most))
    axes.set_ylabel(text("charts.month", language))
    axes.set_yticks(range(0, len(months), 12 if len(months) > 13 else 3))
    axes.grid(visible=False)
    # Both ends of the scale are dark: without colour, hatching tells what fell.
    fallen = np.ma.masked_greater(values, -0.1 * most)
    axes.pcolor(edges, months, fallen, hatch="////", alpha=0.0)
    return mesh


def _name_towns(axes: Axes, walk: pd.DataFrame, column: str, world: World, language: str) -> None:
    """Write the names of the towns of one side where they hold enough of the line."""
    names = world.town_name_zh if language == "zh" else world.town_name_en
    town = {code: number for number, code in enumerate(world.town_code)}
    whole = float(walk["length_km"].sum())
    run = (walk[column] != walk[column].shift()).cumsum()
    for _, part in walk.groupby(run):
        start, length = float(part["start_km"].iloc[0]), float(part["length_km"].sum())
        if start > 0:
            axes.axvline(start, color="#CCCCCC", linewidth=0.6, zorder=0.4)
        if length < _NAMED_SHARE * whole:
            continue
        name = names[town[part[column].iloc[0]]]
        name = name.removesuffix("镇") if language == "zh" and len(name) > 2 else name.removesuffix(" Town")
        axes.text(
            start + length / 2,
            98,
            name,
            rotation=90,
            ha="center",
            va="top",
            fontsize=7,
            color=MUTED if column == "town_b" else INK,
        )


def _walk(points: NDArray[np.float64]) -> list[int]:
    """Order points by a short way through all of them from one end: nearest first, then untangled."""
    if len(points) < 3:
        return list(range(len(points)))
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    ends = np.unravel_index(int(np.argmax(apart)), apart.shape)
    start = max((int(end) for end in ends), key=lambda end: points[end, 1])
    order = [start]
    left = set(range(len(points))) - {start}
    while left:
        nearest = min(left, key=lambda point: (apart[order[-1], point], point))
        order.append(nearest)
        left.remove(nearest)
    # Turn a piece of the way round where that makes it shorter; the beginning stays.
    better = True
    while better:
        better = False
        for i in range(1, len(order) - 1):
            for j in range(i + 1, len(order)):
                gain = apart[order[i - 1], order[i]] - apart[order[i - 1], order[j]]
                if j + 1 < len(order):
                    gain += apart[order[j], order[j + 1]] - apart[order[i], order[j + 1]]
                if gain > 1e-12:
                    order[i : j + 1] = order[i : j + 1][::-1]
                    better = True
    return order
