"""A calendar as a ring of days: whatever waits for a day stands in that day's list.

A list is a chain of chunks, so that it can be read, and what it names be asked for, far ahead of the work on
it. A chunk is some lines of the cache wide: where the next one lies is known only once its own link is there.
Chunks of days that have passed are used again.
"""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Final

from sim.compiler import compiled
from sim.engine.columns import CHUNK, LINE_BYTES, NEVER, Columns
from sim.engine.constants import ACTS, CHUNKS_USED, DETECTIONS, FREE_CHUNK, RING, TODAY, WORSENINGS
from sim.engine.fetching import fetch

__all__ = ["cancel_act", "put_act", "put_detection", "put_source", "put_worsening", "take_all"]

_ENTRIES_OF_LINE: Final = LINE_BYTES // 4

# Where a list names nothing: its entry was cancelled, or there is no chunk behind this one.
_NOTHING = -1


@compiled
def _slot(c: Columns, day: int) -> int:
    """Give the slot of a day; days beyond the ring wait in its last slot and are put again from there."""
    return min(day, c.counters[TODAY] + RING - 1) % RING


@compiled
def _new_chunk(c: Columns) -> int:
    """Take a chunk, one that was used before if there is any."""
    chunk = c.counters[FREE_CHUNK]
    if chunk < 0:
        chunk = c.counters[CHUNKS_USED]
        c.counters[CHUNKS_USED] = chunk + 1
    else:
        c.counters[FREE_CHUNK] = c.entries[chunk * CHUNK]
    c.entries[chunk * CHUNK] = _NOTHING
    return chunk


@compiled
def _append(c: Columns, calendar: int, slot: int, entry: int) -> int:
    """Put an entry at the end of a list and give its place among all entries."""
    ends = c.calendar[calendar, slot]
    place = ends[1] + 1
    if place == 0:
        chunk = _new_chunk(c)
        ends[0] = chunk
        place = chunk * CHUNK + 1
    elif place % CHUNK == 0:
        chunk = _new_chunk(c)
        c.entries[place - CHUNK] = chunk
        place = chunk * CHUNK + 1
    ends[1] = place
    c.entries[place] = entry
    return place


@compiled
def _wait(c: Columns, calendar: int, case: int, day: int) -> None:
    record = c.cases[case]
    record.next_day = day
    record.place = _append(c, calendar, _slot(c, day), case)
    _enter_worsening(c, case)


@compiled
def put_act(c: Columns, case: int, day: int, act: int) -> None:
    """Enter the next act of a case.

    Parameters
    ----------
    c : Columns
        The state.
    case : int
        The case, which waits for nothing else.
    day : int
        Day of the act, today or later.
    act : int
        DECIDE to REOPEN.
    """
    c.cases[case].next_act = act
    _wait(c, ACTS, case, day)


@compiled
def put_detection(c: Columns, case: int, day: int) -> None:
    """Enter the day on which a latent case becomes known.

    Parameters
    ----------
    c : Columns
        The state.
    case, day : int
        The case, and the day, today or later.
    """
    _wait(c, DETECTIONS, case, day)


@compiled
def cancel_act(c: Columns, case: int) -> None:
    """Take a case out of the list of acts in which it waits.

    Parameters
    ----------
    c : Columns
        The state.
    case : int
        The case, whose act is still ahead.
    """
    c.entries[c.cases[case].place] = _NOTHING


@compiled
def put_worsening(c: Columns, case: int, day: int) -> None:
    """Note the day on which an open case would worsen.

    It enters the calendar only once nothing happens to the case before that day: most cases are settled
    first, and are never looked at again.

    Parameters
    ----------
    c : Columns
        The state.
    case, day : int
        The case, which waits for no other worsening, and the day.
    """
    record = c.cases[case]
    record.worsens = min(day, NEVER)
    record.worsening_entered = 0
    _enter_worsening(c, case)


@compiled
def _enter_worsening(c: Columns, case: int) -> None:
    record = c.cases[case]
    if record.worsens < 0 or record.worsens > record.next_day or record.worsening_entered == 1:
        return
    record.worsening_entered = 1
    _append(c, WORSENINGS, _slot(c, record.worsens), case)


@compiled
def put_source(c: Columns, calendar: int, source: int, day: int) -> None:
    """Enter the day on which a stream has its next candidate.

    Parameters
    ----------
    c : Columns
        The state.
    calendar : int
        SOURCES_DUE for disputes, OFFENCES_DUE for offences.
    source, day : int
        The stream, and the day.
    """
    _append(c, calendar, _slot(c, day), source)


@compiled
def take_all(c: Columns, calendar: int, day: int) -> int:
    """Empty today's list into `today`, in the order in which it was filled, and give the number of entries.

    Parameters
    ----------
    c : Columns
        The state.
    calendar : int
        ACTS, DETECTIONS, WORSENINGS, SOURCES_DUE or OFFENCES_DUE.
    day : int
        Today.

    Returns
    -------
    int
        How many cases or streams stand in `today`.
    """
    ends = c.calendar[calendar, day % RING]
    chunk, last = ends[0], ends[1]
    ends[0] = _NOTHING
    ends[1] = _NOTHING
    count = 0
    while chunk >= 0:
        first = chunk * CHUNK
        behind = c.entries[first]
        for line in range(0, CHUNK, _ENTRIES_OF_LINE):
            fetch(c.entries, behind * CHUNK + line)
        behind_last = last + 1 if last // CHUNK == chunk else first + CHUNK
        for place in range(first + 1, behind_last):
            if c.entries[place] >= 0:
                c.today[count] = c.entries[place]
                count += 1
        c.entries[first] = c.counters[FREE_CHUNK]
        c.counters[FREE_CHUNK] = chunk
        chunk = behind
    return count
