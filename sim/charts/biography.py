"""One case in two arms, as a swim-lane timeline: who knew, who was asked, who came, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.biography_lanes import (
    LANES,
    days_between,
    lane_handles,
    lay_lanes,
    lay_time,
    mark_life,
    number_lines,
)
from sim.charts.biography_lines import Line, lines_of_life
from sim.charts.style import INK, drawing, frame, new_figure
from sim.charts.wrapping import wrap_lines
from sim.errors import InputError
from sim.language import text
from sim.measures.picking import Picked
from sim.measures.telling import say_date, say_office
from sim.world.border import World

__all__ = ["draw_biography", "say_end"]

_WIDTH_INCHES: Final = 8.0
_EDGE_INCHES: Final = 0.15
_LANE_INCHES: Final = 0.235
_WORDS_POINTS: Final = 7.4
_LEADING: Final = 1.38
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
        last = max(days_between(life.end, start) for life in lives)
        figure = new_figure(_WIDTH_INCHES, 1.0)
        width = float(figure.get_figwidth())
        columns = [_in_two_columns(life, language, width) for life in lives]
        heights = [
            height
            for left, right in columns
            for height in (_LANE_INCHES * (len(LANES) + 1.2), _inches(left, right))
        ]
        figure.set_size_inches(width, sum(heights) + 0.75 * len(lives))
        grid = figure.add_gridspec(2 * len(lives), 1, height_ratios=heights)
        for place, (life, words) in enumerate(zip(lives, columns, strict=True)):
            axes = figure.add_subplot(grid[2 * place])
            lay_lanes(axes, world, arose, language)
            mark_life(axes, life.rows, world, start)
            number_lines(axes, [line.first for line in life.lines], start, last)
            lay_time(axes, last, language)
            axes.set_title(names[life.arm], pad=17)
            _write_lines(figure.add_subplot(grid[2 * place + 1]), words)
        frame(
            figure,
            [_title(lives, names, start, language), _what_it_is(arose, world, language)],
            text("biography.subtitle", language),
            _notes(picked, names, [life.arm for life in lives], language),
            lane_handles(language),
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
        days = days_between(last.date, start)
        return text(f"biography.end.{last.event}", language, days=days)
    # How is told of a first settlement only, and that may have been before the case was watched.
    how = settled.detail or "again"
    said = text(f"biography.end.settled.{how}", language, days=days_between(settled.date, start))
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


def _in_two_columns(life: _Life, language: str, width_inches: float) -> tuple[list[str], list[str]]:
    """Break the told lines to half the width, and share them out between two columns."""
    points = (0.49 * width_inches - 2 * _EDGE_INCHES) * 72.0
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
    figure = axes.get_figure(root=True)
    assert figure is not None
    for x, lines in zip((_EDGE_INCHES / figure.get_figwidth(), 0.51), columns, strict=True):
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
