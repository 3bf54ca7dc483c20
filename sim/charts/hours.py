"""The calendar of staff-hours: who spends how many hours on what, month by month."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.charts.averages import mean_and_interval
from sim.charts.findings import Verdict, judge
from sim.charts.style import INK, MUTED, TIER_LOOKS, drawing, frame, new_figure
from sim.charts.wording import say_difference
from sim.charts.words import arm_names, capital, notes_of, side_names, tier_name
from sim.language import text
from sim.measures.watching import ACTIVITIES
from sim.studies.watched import Watched
from sim.world.world import World

__all__ = ["draw_hours_calendar", "hours_a_year", "hours_finding", "judge_sides"]

_SIDE_LOOKS: Final = {"a": ("#000000", "o"), "b": ("#D55E00", "s")}
_NAMED: Final = 3


def hours_a_year(watched: Watched, arm: str, by: list[str]) -> pd.DataFrame:
    """Average the hours that an arm binds over a year, with intervals over replications.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    arm : str
        The arm.
    by : list of str
        Columns to group by, of side, tier and activity; all together where empty.

    Returns
    -------
    DataFrame
        Columns mean, low, high (hours a year); indexed by the groups.
    """
    rows = watched.hours[watched.hours["arm"] == arm]
    years = watched.months / 12.0
    sums = rows.groupby(["replication", *by], observed=True)["hours"].sum() / years
    wide = sums.unstack(by) if by else sums.to_frame("all")
    mean, low, high = mean_and_interval(wide.to_numpy(dtype=float))
    return pd.DataFrame({"mean": mean, "low": low, "high": high}, index=wide.columns)


def judge_sides(watched: Watched, arm: str) -> Verdict:
    """Judge whether side a gives more hours than side b under an arm.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    arm : str
        The arm.

    Returns
    -------
    Verdict
        Of the difference a − b, hours a year, paired by replication.
    """
    rows = watched.hours[watched.hours["arm"] == arm]
    sums = rows.groupby(["replication", "side"], observed=True)["hours"].sum() / (watched.months / 12.0)
    wide = sums.unstack("side")
    effect, low, high = mean_and_interval((wide["a"] - wide["b"]).to_numpy(dtype=float)[:, np.newaxis])
    return judge(arm, float(effect[0]), float(low[0]), float(high[0]))


def hours_finding(watched: Watched, arm: str, language: str, sides: dict[str, str]) -> str:
    """State how many hours an arm binds, on what, and whether one side gives clearly more.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    arm : str
        The arm.
    language : {"zh", "en"}
        Language.
    sides : dict of str to str
        Names of sides "a" and "b".

    Returns
    -------
    str
        One sentence.
    """
    name = arm_names(watched, language)[arm]
    total = hours_a_year(watched, arm, []).iloc[0]
    if not total["mean"] > 0.0:
        return capital(text("charts.hours.none", language, arm=name))
    parts = hours_a_year(watched, arm, ["activity"])["mean"].sort_values(ascending=False, kind="stable")
    said = [
        text(
            "charts.hours.part",
            language,
            activity=text(f"charts.activity.{activity}", language),
            share=f"{100 * hours / total['mean']:.0f}%",
        )
        for activity, hours in parts.items()
        if hours > 0.0
    ][:_NAMED]
    hours_said, interval = _say_hours(total["mean"], total["low"], total["high"], language)
    whole = text(
        "charts.hours.total",
        language,
        arm=name,
        hours=hours_said,
        interval=interval,
        parts=text("charts.list_separator", language).join(said),
    )
    judged = judge_sides(watched, arm)
    words = {**sides}
    if judged.direction in ("higher", "lower"):
        change, span = say_difference(judged.effect, judged.low, judged.high, "hours a year", language)
        words |= {"change": change, "interval": span}
    sided = text(f"charts.hours.side.{judged.direction}", language, **words)
    return capital(text("charts.clause_separator", language).join([whole, sided]))


def draw_hours_calendar(
    watched: Watched, language: str, world: World | None = None, arm: str | None = None
) -> Figure:
    """Draw the hours that an arm binds: by month and activity, by tier, and by side.

    Parameters
    ----------
    watched : Watched
        Watched runs.
    language : {"zh", "en"}
        Language.
    world : World, optional
        A layout of their region, for the names of the sides.
    arm : str, optional
        The arm; by default the last.

    Returns
    -------
    Figure
        A calendar of activities by month, darker where more hours go; below, the same activities by tier as
        bars and by side as marks, with 95 % intervals over replications.
    """
    with drawing(language):
        arm = arm or watched.arms[-1]
        names = arm_names(watched, language)
        sides = (
            {side: text(f"charts.side.{side}", language) for side in "ab"}
            if world is None
            else side_names(world, language)
        )
        figure = new_figure(8.0, 5.0)
        grid = figure.add_gridspec(2, 2, height_ratios=[1.0, 1.0], width_ratios=[1.25, 1.0])
        calendar = figure.add_subplot(grid[0, :])
        tiers = figure.add_subplot(grid[1, 0])
        both = figure.add_subplot(grid[1, 1], sharey=tiers)
        shown = _shown(watched)
        rows = [text(f"charts.activity.{activity}", language) for activity in shown]
        mesh = _draw_calendar(calendar, watched, arm, shown)
        bar = figure.colorbar(mesh, ax=calendar, shrink=0.95, pad=0.01, aspect=14, fraction=0.05)
        bar.outline.set_visible(False)
        calendar.set_yticks(np.arange(len(rows)) + 0.5, rows)
        calendar.set_title(text("charts.hours.by_month", language))
        calendar.set_xlabel(text("charts.month", language))
        _draw_tiers(tiers, watched, arm, shown)
        tiers.set_yticks(range(len(rows)), rows)
        tiers.set_ylim(len(rows) - 0.4, -0.6)
        tiers.set_title(text("charts.hours.by_tier", language))
        _draw_sides(both, watched, arm, sides, shown)
        both.set_title(text("charts.hours.by_side", language))
        for axes in (tiers, both):
            axes.grid(visible=False, axis="y")
            axes.tick_params(axis="y", length=0)
            axes.set_xlim(left=0)
            axes.locator_params(axis="x", nbins=5)
        both.tick_params(axis="y", labelleft=False)
        handles = [
            Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=tier_name(tier, language))
            for tier, (colour, hatch) in TIER_LOOKS.items()
        ]
        marks, _ = both.get_legend_handles_labels()
        frame(
            figure,
            [hours_finding(watched, arm, language, sides)],
            text("charts.subtitle.hours", language, arm=names[arm]),
            notes_of(watched, language, "hours"),
            [*handles, *marks],
        )
        return figure


def _say_hours(mean: float, low: float, high: float, language: str) -> tuple[str, str]:
    """Say a sum and its interval in as many digits as the interval deserves."""
    half = (high - low) / 2
    if math.isnan(half):
        return f"{mean:,.0f}", "–"
    place = -max(0, math.floor(math.log10(half))) if half > 0 else 0
    said = [f"{round(value, place):,.0f}" for value in (mean, low, high)]
    between = "至" if language == "zh" else "\u00a0to\u00a0"
    return said[0], between.join(said[1:])


def _shown(watched: Watched) -> list[str]:
    """List the activities that any arm spends hours on."""
    sums = watched.hours.groupby("activity", observed=True)["hours"].sum()
    return [activity for activity in ACTIVITIES if sums.get(activity, 0.0) > 0.0] or list(ACTIVITIES[:1])


def _draw_calendar(axes: Axes, watched: Watched, arm: str, shown: list[str]) -> QuadMesh:
    rows = watched.hours[watched.hours["arm"] == arm]
    sums = rows.groupby(["activity", "month_index"], observed=True)["hours"].sum() / watched.replications
    values = sums.unstack("month_index").reindex(shown).to_numpy(dtype=float)
    most = max(float(values.max(initial=0.0)), 1.0)
    # By the root, so that a small activity is not as pale as none.
    mesh = axes.pcolormesh(values, cmap="Blues", norm=PowerNorm(0.5, 0, 1.2 * most), edgecolors="white")
    mesh.set_linewidth(0.8)
    axes.set_ylim(len(shown), 0)
    months = values.shape[1]
    step = 1 if months <= 12 else 3 if months <= 36 else 12
    axes.set_xticks(np.arange(0, months, step) + 0.5, [str(month + 1) for month in range(0, months, step)])
    axes.tick_params(length=0)
    axes.grid(visible=False)
    return mesh


def _draw_tiers(axes: Axes, watched: Watched, arm: str, shown: list[str]) -> None:
    table = hours_a_year(watched, arm, ["activity", "tier"])["mean"]
    start = np.zeros(len(shown))
    for tier in TIER_LOOKS:
        width = np.array([float(table.get((activity, tier), 0.0)) for activity in shown])
        colour, hatch = TIER_LOOKS[tier]
        axes.barh(
            np.arange(len(shown)),
            width,
            left=start,
            height=0.62,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.5,
        )
        start = start + width
    whole = hours_a_year(watched, arm, ["activity"]).reindex(shown)
    ends = [whole["mean"] - whole["low"], whole["high"] - whole["mean"]]
    axes.errorbar(whole["mean"], range(len(whole)), xerr=ends, fmt="none", color=INK, capsize=3)


def _draw_sides(axes: Axes, watched: Watched, arm: str, sides: dict[str, str], shown: list[str]) -> None:
    table = hours_a_year(watched, arm, ["activity", "side"])
    for (side, (colour, marker)), shift in zip(_SIDE_LOOKS.items(), (-0.16, 0.16), strict=True):
        rows = table.xs(side, level="side").reindex(shown)
        axes.errorbar(
            rows["mean"],
            np.arange(len(rows)) + shift,
            xerr=[rows["mean"] - rows["low"], rows["high"] - rows["mean"]],
            color=colour,
            marker=marker,
            linestyle="none",
            capsize=2.5,
            elinewidth=1.2,
            label=sides[side],
        )
    for edge in range(1, len(shown)):
        axes.axhline(edge - 0.5, color=MUTED, linewidth=0.3)
