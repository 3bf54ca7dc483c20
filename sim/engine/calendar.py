"""A calendar as a ring of days: whatever waits for a day stands in that day's list."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.columns import NEVER, Columns
from sim.engine.constants import ACTS, DETECTIONS, NOT_ENTERED, RING, TODAY, WORSENINGS

__all__ = ["cancel_act", "put_act", "put_detection", "put_source", "put_worsening", "take_all"]


@compiled
def _slot(c: Columns, day: int) -> int:
    """Give the slot of a day; days beyond the ring wait in its last slot and are put again from there."""
    return min(day, c.counters[TODAY] + RING - 1) % RING


@compiled
def _append(c: Columns, row: int, case: int, day: int) -> None:
    record = c.cases[case]
    slot = _slot(c, day)
    last = c.calendar[row + 1, slot]
    record.next_day = day
    place = c.waiting[case]
    place.link = -1
    place.back = last
    if last < 0:
        c.calendar[row, slot] = case
    else:
        c.waiting[last].link = case
    c.calendar[row + 1, slot] = case
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
    _append(c, ACTS, case, day)


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
    _append(c, DETECTIONS, case, day)


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
    place = c.waiting[case]
    # A case that waits beyond the ring stands in a slot that its day does not tell; its neighbours do.
    before, after = place.back, place.link
    if before >= 0:
        c.waiting[before].link = after
    if after >= 0:
        c.waiting[after].back = before
    if before < 0 or after < 0:
        slot = c.cases[case].next_day % RING
        if c.calendar[ACTS, slot] != case and c.calendar[ACTS + 1, slot] != case:
            slot = _find_slot(c, case)
        if before < 0:
            c.calendar[ACTS, slot] = after
        if after < 0:
            c.calendar[ACTS + 1, slot] = before


@compiled
def _find_slot(c: Columns, case: int) -> int:
    for slot in range(RING):
        if c.calendar[ACTS, slot] == case or c.calendar[ACTS + 1, slot] == case:
            return slot
    return 0


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
    c.cases[case].worsens = min(day, NEVER)
    c.waiting[case].worsen_link = NOT_ENTERED
    _enter_worsening(c, case)


@compiled
def _enter_worsening(c: Columns, case: int) -> None:
    record = c.cases[case]
    place = c.waiting[case]
    if record.worsens < 0 or place.worsen_link != NOT_ENTERED or record.worsens > record.next_day:
        return
    place.worsen_link = -1
    slot = _slot(c, record.worsens)
    last = c.calendar[WORSENINGS + 1, slot]
    if last < 0:
        c.calendar[WORSENINGS, slot] = case
    else:
        c.waiting[last].worsen_link = case
    c.calendar[WORSENINGS + 1, slot] = case


@compiled
def put_source(c: Columns, row: int, source: int, day: int) -> None:
    """Enter the day on which a stream has its next candidate.

    Parameters
    ----------
    c : Columns
        The state.
    row : int
        The calendar: SOURCES_DUE for disputes, OFFENCES_DUE for offences.
    source, day : int
        The stream, and the day.
    """
    c.source_links[source] = -1
    slot = _slot(c, day)
    last = c.calendar[row + 1, slot]
    if last < 0:
        c.calendar[row, slot] = source
    else:
        c.source_links[last] = source
    c.calendar[row + 1, slot] = source


@compiled
def take_all(c: Columns, row: int, day: int) -> int:
    """Empty today's list and return its first entry; the others follow by their links.

    Parameters
    ----------
    c : Columns
        The state.
    row : int
        The calendar: ACTS, DETECTIONS, WORSENINGS, SOURCES_DUE or OFFENCES_DUE.
    day : int
        Today.

    Returns
    -------
    int
        A case or a stream, -1 where there is none.
    """
    slot = day % RING
    first = c.calendar[row, slot]
    c.calendar[row, slot] = -1
    c.calendar[row + 1, slot] = -1
    return first
