"""Lanes of the life of a case: the offices of both sides mirror each other and meet in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sim.charts.labels import spread
from sim.charts.style import INK, MUTED
from sim.language import text
from sim.measures.telling import say_office
from sim.world.border import World

__all__ = ["LANES", "days_between", "lay_lanes", "mark_life", "number_lines", "lay_time", "lane_handles"]

LANES: Final = ("upper", "county_a", "town_a", "village_a", "together", "village_b", "town_b", "county_b")
"""The lanes from the top."""

_HEIGHT: Final = {name: float(len(LANES) - 1 - place) for place, name in enumerate(LANES)}
_TIERS: Final = {"village": "village", "town": "town", "county": "county", "department": "county"}
_BANDS: Final = {"a": "#EAF2F9", "b": "#FBEFE6", "upper": "#F2F2F2", "together": "#E3E3E3"}
_GOOD: Final = "#009E73"
_BAD: Final = "#D55E00"
_PATH: Final = "#0072B2"
# Part of a lane by which a mark moves so that it covers no other.
_ASIDE: Final = 0.45
_TICKS: Final = (0, 7, 14, 30, 60, 90, 120, 180, 270, 365, 730, 1095, 1826, 3652)


def days_between(date: Any, start: pd.Timestamp) -> int:
    """Count the days from a start to a date.

    Parameters
    ----------
    date : date
        Anything that pandas takes for a date.
    start : pandas.Timestamp
        The start.

    Returns
    -------
    int
        Whole days.

    Examples
    --------
    >>> days_between("2018-03-05", pd.Timestamp("2018-03-01"))
    4
    """
    return int((pd.Timestamp(date) - start) / pd.Timedelta(days=1))


def _at(date: Any, start: pd.Timestamp) -> float:
    """Give the place of a date on the axis of time, which gives the first weeks more room."""
    return float(np.sqrt(max(0, days_between(date, start))))


def lay_lanes(axes: Axes, world: World, arose: Any, language: str) -> None:
    """Draw the empty lanes and name their offices.

    Parameters
    ----------
    axes : Axes
        Where.
    world : World
        The border.
    arose : row
        The event with which the case arose; it names the villages.
    language : {"zh", "en"}
        Language.
    """
    lanes = {
        "upper": text("biography.lane.upper", language),
        "together": text("biography.lane.together", language),
    }
    for side, village in (("a", arose["office"]), ("b", arose["other"])):
        office = int(village)
        for tier in ("village", "town", "county"):
            lanes[f"{tier}_{side}"] = say_office(world, office, language) if office >= 0 else ""
            office = int(world.office_parent[office]) if office >= 0 else -1
    for name, height in _HEIGHT.items():
        band = _BANDS[name if name in _BANDS else name[-1]]
        axes.axhspan(height - 0.46, height + 0.46, color=band, linewidth=0, zorder=0)
    axes.set_yticks(list(_HEIGHT.values()), [lanes[name] for name in _HEIGHT])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.55, len(LANES) - 0.3)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)


def lay_time(axes: Axes, last: int, language: str) -> None:
    """Draw the axis of time: the square root of days, which gives the first weeks more room.

    Parameters
    ----------
    axes : Axes
        Where.
    last : int
        Last day that is shown, since the case arose.
    language : {"zh", "en"}
        Language.
    """
    ticks = [day for day in _TICKS if day <= max(last, 7)]
    axes.set_xticks([np.sqrt(day) for day in ticks], [str(day) for day in ticks])
    axes.set_xlim(-0.02 * np.sqrt(max(last, 7)), 1.03 * np.sqrt(max(last, 7)))
    axes.set_xlabel(text("biography.days", language), labelpad=1)


def _lane(tier: str, side: str) -> float:
    """Give the height of the lane of an office; what stands above both sides is on top."""
    if tier in _TIERS and side:
        return _HEIGHT[f"{_TIERS[tier]}_{side}"]
    return _HEIGHT["upper"]


def mark_life(axes: Axes, rows: Sequence[Any], world: World, start: pd.Timestamp) -> None:
    """Draw where a case lies over time, and what is done with it.

    Parameters
    ----------
    axes : Axes
        With its lanes.
    rows : sequence of rows
        The events of the case in one arm, in order.
    world : World
        The border.
    start : pandas.Timestamp
        The day on which the case arose.
    """
    sessions = {row.date for row in rows if row.event == "met"}
    height: float | None = None
    since, is_idle, arose = 0.0, False, True
    for row in rows:
        now = _at(row.date, start)
        if height is not None:
            _draw_stay(axes, since, now, height, is_idle)
        moved = _moved_to(row, world)
        if row.event == "known" and arose:
            axes.plot([0, now], [_lane(row.tier, row.side)] * 2, color=MUTED, linestyle=":", linewidth=1.2)
            arose = False
        if row.event in ("settled", "given_up"):
            height = None
        elif moved is not None:
            if height is not None and moved != height:
                axes.plot([now, now], [height, moved], color=_PATH, linewidth=1.3, zorder=3)
            height = moved
        if row.event == "idle":
            is_idle = True
        elif row.event not in ("worsened", "incident", "left", "lost", "other_known"):
            is_idle = False
        since = now
        _mark(axes, row, now, start, row.date in sessions)


def _draw_stay(axes: Axes, since: float, now: float, height: float, is_idle: bool) -> None:
    line = (0, (1, 2)) if is_idle else "-"
    axes.plot([since, now], [height, height], color=_PATH, linestyle=line, linewidth=2.0, zorder=2)


def _moved_to(row: Any, world: World) -> float | None:
    """Give the lane in which a case lies after an event, None where the event says nothing of it."""
    if row.event == "referred":
        tier = ("village", "town", "county", "department", "upper")[int(world.office_tier[row.other])]
        return _lane(tier, row.side)
    if row.event in ("met", "item", "forgotten", "convened", "absent", "other_known") or not row.tier:
        return None
    return _lane(row.tier, row.side)


def _mark(axes: Axes, row: Any, now: float, start: pd.Timestamp, has_session: bool) -> None:
    together = _HEIGHT["together"]
    # A joint session of the same day has the middle of the lane, and would lie upon these.
    aside = _ASIDE if has_session else 0.0
    own = _lane(row.tier, row.side) if row.tier else together
    if row.event == "arose":
        axes.plot(now, together, "o", color=INK, markerfacecolor="white", markersize=5, zorder=5)
    elif row.event in ("known", "other_known"):
        axes.plot(now, own, "o", color=INK, markersize=6.5, zorder=4)
    elif row.event == "called":
        due = _at(row.due, start)
        axes.plot([now, due], [own, together], color=MUTED, linewidth=0.9, linestyle=(0, (3, 1.5)), zorder=3)
    elif row.event == "met":
        _mark_session(axes, row, now)
    elif row.event == "absent":
        axes.plot([now, now], [together, own], color=_BAD, linewidth=0.9, linestyle=(0, (3, 1.5)), zorder=3)
        axes.plot(now, own, "x", color=_BAD, markersize=6, markeredgewidth=2, zorder=5)
    elif row.event in ("alone", "own"):
        axes.plot(now, own, "^", color=_PATH, markeredgecolor="white", markersize=6, zorder=5)
    elif row.event in ("left", "lost", "no_date", "postponed", "returned"):
        axes.plot(now, own, "|", color=INK, markersize=7, markeredgewidth=1.3, zorder=4)
    elif row.event in ("item", "forgotten", "convened"):
        face = "white" if row.event == "forgotten" else MUTED
        axes.plot(now, together, "d", color=MUTED, markerfacecolor=face, markersize=4.5, zorder=4)
    elif row.event in ("worsened", "incident"):
        place = together - aside
        axes.plot(now, place, "v", color=_BAD, markeredgecolor="white", markersize=7, zorder=7)
    elif row.event == "settled":
        # How is told of the first settlement only; of a later one the session of the day tells it.
        is_joint = row.detail == "joint" or (not row.detail and has_session)
        place = together if is_joint else own
        axes.plot(now, place, "*", color=_GOOD, markeredgecolor="white", markersize=13, zorder=6)
    elif row.event == "given_up":
        axes.plot(now, own, "X", color=INK, markeredgecolor="white", markersize=8, zorder=6)
    elif row.event == "relapsed":
        place = together + aside
        axes.plot(now, place, "P", color=_BAD, markeredgecolor="white", markersize=9, zorder=7)
    elif row.event == "open":
        axes.plot(now, own, ">", color=_PATH, markersize=7, zorder=6)


def _mark_session(axes: Axes, row: Any, now: float) -> None:
    """Draw a joint session: its upper half is filled where side a made an effort, the lower where b did."""
    together = _HEIGHT["together"]
    ends = [_lane(row.tier, side) for side in ("a", "b")]
    axes.plot([now, now], ends, color=MUTED, linewidth=0.9, zorder=3)
    is_a = row.office < row.other
    worked = {
        "both": "full",
        "none": "none",
        "caller": "top" if is_a else "bottom",
        "called": "bottom" if is_a else "top",
    }
    colour = INK if row.detail in worked else MUTED
    fill: Any = worked.get(row.detail, "none")
    axes.plot(
        now, together, "s", color=colour, fillstyle=fill, markerfacecoloralt="white", markersize=6.5,
        markeredgecolor=colour, zorder=5, markerfacecolor="white" if fill == "none" else colour,
    )  # fmt: skip


def number_lines(axes: Axes, dates: Sequence[pd.Timestamp], start: pd.Timestamp, last: int) -> None:
    """Write numbers above the lanes, from 1 on, each with a leader to its date.

    Parameters
    ----------
    axes : Axes
        With its lanes.
    dates : sequence of pandas.Timestamp
        In ascending order.
    start : pandas.Timestamp
        The day on which the case arose.
    last : int
        Last day that the axis shows.
    """
    true = [_at(date, start) for date in dates]
    places = spread(true, 0.024 * float(np.sqrt(max(last, 7))))
    top = len(LANES) - 0.52
    for number, (at, place) in enumerate(zip(true, places, strict=True), start=1):
        axes.plot([at, place], [top, top + 0.42], color=MUTED, linewidth=0.5, clip_on=False)
        axes.plot([at, at], [-0.5, top], color=MUTED, linewidth=0.25, zorder=1)
        axes.text(
            place, top + 0.47, str(number), ha="center", va="bottom", fontsize=6.8, color=INK, clip_on=False,
            path_effects=[withStroke(linewidth=1.5, foreground="white")],
        )  # fmt: skip


def lane_handles(language: str) -> list[Artist]:
    """Make the legend of the marks.

    Parameters
    ----------
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Artist
        One for each mark.
    """

    def handle(key: str, **look: Any) -> Artist:
        look = {"linestyle": "none", "color": INK} | look
        return Line2D([], [], label=text(f"biography.mark.{key}", language), **look)

    return [
        handle("arose", marker="o", markerfacecolor="white", markersize=5),
        handle("stay", linestyle="-", color=_PATH, linewidth=2),
        handle("idle", linestyle=(0, (1, 2)), color=_PATH, linewidth=2),
        handle("known", marker="o", markersize=6.5),
        handle("alone", marker="^", color=_PATH),
        handle("called", linestyle=(0, (3, 1.5)), color=MUTED, linewidth=0.9),
        handle("both", marker="s"),
        handle("one", marker="s", fillstyle="top", markerfacecoloralt="white"),
        handle("none", marker="s", markerfacecolor="white"),
        handle("absent", marker="x", color=_BAD, markeredgewidth=2),
        handle("left", marker="|", markersize=7, markeredgewidth=1.3),
        handle("meeting", marker="d", color=MUTED, markersize=4.5),
        handle("worse", marker="v", color=_BAD),
        handle("settled", marker="*", color=_GOOD, markersize=11),
        handle("relapsed", marker="P", color=_BAD, markeredgecolor="white", markersize=9),
        handle("given_up", marker="X", markersize=7),
        handle("open", marker=">", color=_PATH),
    ]
