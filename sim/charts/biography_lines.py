"""The life of a case in a few numbered lines: what repeats is counted, what turned it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from sim.language import text
from sim.measures.telling import say_date, say_event
from sim.world.border import World

__all__ = ["Line", "lines_of_life"]

# What may be counted instead of told, where a life is long.
_ROUTINE: Final = (
    "alone", "alone_planned", "own", "own_planned", "called", "met", "absent", "no_date", "postponed",
    "left", "lost", "convened", "item", "forgotten", "idle",
)  # fmt: skip
_SESSION: Final = ("met", "absent", "no_date", "postponed")


@dataclass(frozen=True)
class Line:
    """One line of a told life.

    Attributes
    ----------
    first, last : pandas.Timestamp
        Its dates.
    events : tuple of int
        Places of its events in the biography of the arm.
    words : str
        What happened, without the date.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    events: tuple[int, ...]
    words: str

    def say(self, language: str) -> str:
        """Say the line with its date.

        Parameters
        ----------
        language : {"zh", "en"}
            Language.

        Returns
        -------
        str
            Date or span, and words.
        """
        date = say_date(self.first, language)
        if self.last > self.first:
            date = text("biography.span", language, first=date, last=say_date(self.last, language))
        return text("biography.line", language, date=date, words=self.words)


def lines_of_life(rows: Sequence[Any], world: World, language: str, most: int = 14) -> list[Line]:
    """Tell the life of a case in one arm in few lines.

    A call and its session, and a session and its settlement, share a line where nothing lies between. If
    there are still too many lines, the longest stretches in which nothing but routine happened – sessions
    that settled nothing, one side alone, leaving it – are counted in one line each; nothing is left out.

    Parameters
    ----------
    rows : sequence of rows
        The events of one case in one arm, in order, as `sim.measures.biography.follow` gives them.
    world : World
        The border.
    language : {"zh", "en"}
        Language.
    most : int
        Lines at most, as far as counting can achieve it.

    Returns
    -------
    list of Line
        In order of time; every event is in exactly one of them.
    """
    groups = _joined(rows)
    counted: set[int] = set()
    while len(groups) > most:
        run = _longest_routine(rows, groups)
        if run is None:
            break
        first, last = _middle(*run, len(groups) - most + 1)
        groups[first:last] = [[event for group in groups[first:last] for event in group]]
        counted.add(groups[first][0])
    return [_line(rows, group, group[0] in counted, world, language) for group in groups]


def _joined(rows: Sequence[Any]) -> list[list[int]]:
    groups: list[list[int]] = []
    for place, row in enumerate(rows):
        before = rows[groups[-1][-1]] if groups else None
        if before is not None and _belongs(before, row):
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _belongs(before: Any, row: Any) -> bool:
    """Tell whether an event is the direct consequence of the one before."""
    is_due = before.due == row.date
    return bool(
        (before.event == "called" and row.event in _SESSION and is_due)
        or (before.event == "alone_planned" and row.event == "alone" and is_due)
        or (before.event == "own_planned" and row.event == "own" and is_due)
        or (
            before.event == "convened"
            and row.event in ("called", "alone", "left")
            and row.date == before.date
        )
        or (row.event == "settled" and row.date == before.date)
        or (row.event == "other_known" and row.detail == "session" and before.event == "met")
    )


def _is_routine(rows: Sequence[Any], group: Sequence[int]) -> bool:
    return all(rows[place].event in _ROUTINE for place in group)


def _longest_routine(rows: Sequence[Any], groups: Sequence[Sequence[int]]) -> tuple[int, int] | None:
    """Find the longest run of at least two routine lines; the first of equals."""
    best: tuple[int, int] | None = None
    start = 0
    for end in range(len(groups) + 1):
        if end < len(groups) and _is_routine(rows, groups[end]):
            continue
        if end - start >= 2 and (best is None or end - start > best[1] - best[0]):
            best = (start, end)
        start = end + 1
    return best


def _middle(start: int, end: int, wanted: int) -> tuple[int, int]:
    """Choose what to count of a run: as much as is wanted, and rather not how it began."""
    size = min(end - start, max(wanted, 3))
    first = start + min(2, end - start - size)
    return first, first + size


def _line(rows: Sequence[Any], group: Sequence[int], is_counted: bool, world: World, language: str) -> Line:
    chosen = [rows[place] for place in group]
    first, last = chosen[0].date, chosen[-1].date
    if is_counted:
        return Line(first, last, tuple(group), _counted(chosen, language))
    told = [row for row in chosen if not _is_said_by_next(row, chosen)]
    words = text("biography.then", language).join(say_event(row, world, language) for row in told)
    return Line(told[0].date, last, tuple(group), words)


def _is_said_by_next(row: Any, chosen: Sequence[Any]) -> bool:
    """Tell whether an act need not be told because its execution, or the settlement by it, is."""
    if row.event in ("alone_planned", "own_planned"):
        return any(other.date == row.due and other.event in ("alone", "own") for other in chosen)
    return row.event in ("alone", "own") and any(
        other.event == "settled" and other.detail and other.date == row.date for other in chosen
    )


def _counted(chosen: Sequence[Any], language: str) -> str:
    counts: Counter[str] = Counter()
    for row in chosen:
        if row.event == "met":
            counts[f"met.{row.detail if row.detail in ('both', 'none', 'unknown') else 'one'}"] += 1
        elif row.event not in ("alone_planned", "own_planned", "called"):
            counts[row.event] += 1
    said = [
        text("biography.count", language, what=text(f"biography.short.{kind}", language), count=count)
        for kind, count in counts.items()
    ]
    return text("charts.list_separator", language).join(said)
