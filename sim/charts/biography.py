"""One case in two arms, as a swim-lane timeline: who knew, who was asked, who came, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sim.charts.biography_lines import Line, lines_of_life
from sim.charts.labels import spread
from sim.charts.style import INK, MUTED, drawing, frame, new_figure
from sim.charts.wrapping import wrap_lines
from sim.errors import InputError
from sim.language import text
from sim.measures.picking import Picked
from sim.measures.telling import say_date, say_office
from sim.world.border import World

__all__ = ["draw_biography", "say_end"]

# Lanes from the top: the two sides mirror each other, and meet in the middle.
_LANES: Final = ("upper", "county_a", "town_a", "village_a", "together", "village_b", "town_b", "county_b")
_HEIGHT: Final = {name: float(len(_LANES) - 1 - place) for place, name in enumerate(_LANES)}
_TIERS: Final = {"village": "village", "town": "town", "county": "county", "department": "county"}
_BANDS: Final = {"a": "#EAF2F9", "b": "#FBEFE6", "upper": "#F2F2F2", "together": "#E3E3E3"}
_GOOD: Final = "#009E73"
_BAD: Final = "#D55E00"
_PATH: Final = "#0072B2"
_WIDTH_INCHES: Final = 8.0
_EDGE_INCHES: Final = 0.15
_LANE_INCHES: Final = 0.235
_WORDS_POINTS: Final = 7.4
_LEADING: Final = 1.38
_TICKS: Final = (0, 7, 14, 30, 60, 90, 120, 180, 270, 365, 730, 1095, 1826, 3652)
_MOST_LINES: Final = 14


@dataclass(frozen=True)
class _Life:
    """What one panel shows."""

    arm: str
    rows: list[Any]
    lines: list[Line]
    end: pd.Timestamp


def draw_biography(
    biography: pd.DataFrame,
    world: World,
    names: Mapping[str, str],
    language: str,
    picked: Picked | None = None,
    case: str | None = None,
) -> Figure:
    """Draw the life of one case in each arm, one panel an arm under one axis of time.

    Parameters
    ----------
    biography : pandas.DataFrame
        As `sim.measures.biography.biographies` or `sim.studies.retelling.retell` give it.
    world : World
        The border on which it happened.
    names : mapping of str to str
        Names of the arms in the language, as `sim.charts.words.arm_names` gives them.
    language : {"zh", "en"}
        Language.
    picked : Picked, optional
        How the case was picked; the figure then says so, and how many cases are like it.
    case : str, optional
        Which case, where the biography tells of several; the first by default.

    Returns
    -------
    Figure
        For each arm the lanes of village, town and county on both sides, their joint sessions in the middle
        and the common superior on top, with the events numbered and told below.

    Raises
    ------
    InputError
        If the biography does not tell of the case, or it arose in no arm.
    """
    chosen = _of_case(biography, case)
    with drawing(language):
        arose = chosen[chosen["event"] == "arose"].iloc[0]
        lives = [_life(chosen, arm, world, language) for arm in _arms(chosen)]
        start = pd.Timestamp(arose["date"])
        last = max(_days(life.end, start) for life in lives)
        columns = [_in_two_columns(life, language) for life in lives]
        heights = [height for left, right in columns for height in (_LANE_INCHES * 9.2, _inches(left, right))]
        figure = new_figure(_WIDTH_INCHES, sum(heights) + 0.75 * len(lives))
        grid = figure.add_gridspec(2 * len(lives), 1, height_ratios=heights)
        for place, (life, words) in enumerate(zip(lives, columns, strict=True)):
            axes = figure.add_subplot(grid[2 * place])
            _draw_lanes(axes, world, arose, language)
            _draw_life(axes, life, world, start)
            _draw_numbers(axes, life, start)
            _draw_time(axes, last, language)
            axes.set_title(names[life.arm], pad=17)
            _write_lines(figure.add_subplot(grid[2 * place + 1]), words)
        frame(
            figure,
            [_title(lives, names, start, language), _what_it_is(arose, world, language)],
            text("biography.subtitle", language),
            _notes(picked, names, [life.arm for life in lives], language),
            _handles(language),
        )
    return figure


def say_end(rows: Sequence[Any], start: pd.Timestamp, language: str) -> str:
    """Say how the life of a case ended, and after how many days.

    Parameters
    ----------
    rows : sequence of rows
        Its events in one arm, in order.
    start : pandas.Timestamp
        The day on which it arose.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        A clause.
    """
    settled = next((row for row in rows if row.event == "settled"), None)
    last = rows[-1]
    if settled is None:
        days = _days(last.date, start)
        return text(f"biography.end.{last.event}", language, days=days)
    said = text(f"biography.end.settled.{settled.detail}", language, days=_days(settled.date, start))
    relapses = sum(row.event == "relapsed" for row in rows)
    if relapses:
        again = "settled" if rows[-1].event == "settled" else rows[-1].event
        said += text(f"biography.end.relapsed.{again}", language)
    return said


def _of_case(biography: pd.DataFrame, case: str | None) -> pd.DataFrame:
    known = biography["case"].unique().tolist()
    name = case if case is not None else (known[0] if known else "")
    chosen = biography[biography["case"] == name]
    if not (chosen["event"] == "arose").any():
        allowed = {
            "zh": "传记中至少在一个方案下发生过的案件",
            "en": "a case of the biography that arose in some arm",
        }
        raise InputError("case", name, allowed)
    return chosen


def _arms(biography: pd.DataFrame) -> list[str]:
    return [str(arm) for arm in biography["arm"].cat.categories if (biography["arm"] == arm).any()]


def _life(biography: pd.DataFrame, arm: str, world: World, language: str) -> _Life:
    rows: list[Any] = list(biography[biography["arm"] == arm].itertuples(index=False))
    return _Life(arm, rows, lines_of_life(rows, world, language, _MOST_LINES), pd.Timestamp(rows[-1].date))


def _days(date: Any, start: pd.Timestamp) -> int:
    return int((pd.Timestamp(date) - start) / pd.Timedelta(days=1))


def _at(date: Any, start: pd.Timestamp) -> float:
    """Give the place of a date on the axis of time, which gives the first weeks more room."""
    return float(np.sqrt(max(0, _days(date, start))))


def _draw_lanes(axes: Axes, world: World, arose: Any, language: str) -> None:
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
    axes.set_ylim(-0.55, len(_LANES) - 0.3)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)


def _draw_time(axes: Axes, last: int, language: str) -> None:
    ticks = [day for day in _TICKS if day <= max(last, 7)]
    axes.set_xticks([np.sqrt(day) for day in ticks], [str(day) for day in ticks])
    axes.set_xlim(-0.02 * np.sqrt(max(last, 7)), 1.03 * np.sqrt(max(last, 7)))
    axes.set_xlabel(text("biography.days", language), labelpad=1)


def _lane(tier: str, side: str) -> float:
    """Give the height of the lane of an office; what stands above both sides is on top."""
    if tier in _TIERS and side:
        return _HEIGHT[f"{_TIERS[tier]}_{side}"]
    return _HEIGHT["upper"]


def _draw_life(axes: Axes, life: _Life, world: World, start: pd.Timestamp) -> None:
    """Draw where the case lies, and what is done with it."""
    height: float | None = None
    since, is_idle, arose = 0.0, False, True
    for row in life.rows:
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
        _mark(axes, row, now, start)


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


def _mark(axes: Axes, row: Any, now: float, start: pd.Timestamp) -> None:
    together = _HEIGHT["together"]
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
        axes.plot(now, together, marker="$!$", color=_BAD, markersize=6, zorder=5)
    elif row.event == "settled":
        place = together if row.detail == "joint" else own
        axes.plot(now, place, "*", color=_GOOD, markeredgecolor="white", markersize=13, zorder=6)
    elif row.event == "given_up":
        axes.plot(now, own, "X", color=INK, markeredgecolor="white", markersize=8, zorder=6)
    elif row.event == "relapsed":
        axes.plot(now, together, "P", color=_BAD, markersize=6, zorder=5)
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


def _draw_numbers(axes: Axes, life: _Life, start: pd.Timestamp) -> None:
    """Write the numbers of the lines above the lanes, each with a leader to its date."""
    true = [_at(line.first, start) for line in life.lines]
    end = max(*true, float(np.sqrt(7.0)))
    places = spread(true, 0.024 * end)
    top = len(_LANES) - 0.52
    for number, (at, place) in enumerate(zip(true, places, strict=True), start=1):
        axes.plot([at, place], [top, top + 0.42], color=MUTED, linewidth=0.5, clip_on=False)
        axes.plot([at, at], [-0.5, top], color=MUTED, linewidth=0.25, zorder=1)
        axes.text(
            place, top + 0.47, str(number), ha="center", va="bottom", fontsize=6.8, color=INK, clip_on=False,
            path_effects=[withStroke(linewidth=1.5, foreground="white")],
        )  # fmt: skip


def _in_two_columns(life: _Life, language: str) -> tuple[list[str], list[str]]:
    """Break the told lines to half the width, and share them out between two columns."""
    points = (0.49 * _WIDTH_INCHES - 2 * _EDGE_INCHES) * 72.0
    indent = "   "
    broken = []
    for number, line in enumerate(life.lines, start=1):
        first, *more = wrap_lines(f"{number}) {line.say(language)}", _WORDS_POINTS, points)
        broken.append([first, *(indent + rest for rest in more)])
    sizes = np.cumsum([len(lines) for lines in broken])
    cut = int(np.argmin(np.abs(2 * sizes - sizes[-1]))) + 1
    left, right = ([line for lines in part for line in lines] for part in (broken[:cut], broken[cut:]))
    return left, right


def _inches(left: Sequence[str], right: Sequence[str]) -> float:
    return max(len(left), len(right)) * _WORDS_POINTS * _LEADING / 72.0


def _write_lines(axes: Axes, columns: tuple[list[str], list[str]]) -> None:
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for x, lines in zip((_EDGE_INCHES / _WIDTH_INCHES, 0.51), columns, strict=True):
        # From the figure's edge and not from the lanes, whose names take room on the left.
        axes.annotate(
            "\n".join(lines), (x, 1.0), xycoords=("figure fraction", "axes fraction"), va="top", ha="left",
            fontsize=_WORDS_POINTS, color=INK, linespacing=_LEADING, in_layout=False, annotation_clip=False,
        )  # fmt: skip


def _title(lives: Sequence[_Life], names: Mapping[str, str], start: pd.Timestamp, language: str) -> str:
    ends = [
        text("biography.arm_end", language, arm=names[life.arm], end=say_end(life.rows, start, language))
        for life in lives
    ]
    return text("biography.title", language, ends=text("charts.clause_separator", language).join(ends))


def _what_it_is(arose: Any, world: World, language: str) -> str:
    domain, _, difficulty = str(arose["detail"]).partition(" ")
    return text(
        "biography.what" if arose["other"] >= 0 else "biography.what_inside",
        language,
        domain=text(f"biography.domain.{domain}", language),
        difficulty=text(f"charts.difficulty.{difficulty}", language),
        a=say_office(world, int(arose["office"]), language),
        b=say_office(world, int(arose["other"]), language) if arose["other"] >= 0 else "",
        date=say_date(arose["date"], language),
    )


def _notes(picked: Picked | None, names: Mapping[str, str], arms: Sequence[str], language: str) -> str:
    said = [text("biography.note.one", language)]
    if picked is not None:
        values = {"without": names[arms[0]], "with_arm": names[arms[-1]], "all": picked.all, **picked.counts}
        said.append(text(f"biography.picked.{picked.criterion}", language, **values))
        said.append(text("biography.note.counts", language, **values))
    said += [text(f"biography.note.{key}", language) for key in ("marks", "shocks", "scale", "model")]
    return (" " if language == "en" else "").join(said)


def _handles(language: str) -> list[Artist]:
    def handle(key: str, **look: Any) -> Artist:
        look = {"linestyle": "none", "color": INK} | look
        return Line2D([], [], label=text(f"biography.mark.{key}", language), **look)

    return [
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
        handle("worse", marker="$!$", color=_BAD),
        handle("settled", marker="*", color=_GOOD, markersize=11),
        handle("given_up", marker="X", markersize=7),
        handle("open", marker=">", color=_PATH),
    ]
