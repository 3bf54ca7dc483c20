from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import columns as tables
from sim.engine.calendar import cancel_act, put_act, put_detection, put_source, put_worsening, take_all
from sim.engine.columns import CHUNK, Columns, Records
from sim.engine.constants import (
    ACTS,
    CALENDARS,
    CHUNKS_USED,
    COUNTERS,
    DECIDE,
    DETECTIONS,
    FACTS,
    FREE_CHUNK,
    MEET,
    OFFENCES_DUE,
    RING,
    SOURCES_DUE,
    TODAY,
    WORSENINGS,
)

CASES = 6
CHUNKS = 60
# From today to beyond the ring twice over.
delays = st.one_of(st.integers(0, 4), st.integers(RING - 2, RING + 2), st.integers(0, 3 * RING))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, CASES - 1), delays),
        st.tuples(st.just("cancel"), st.integers(0, CASES - 1), st.just(0)),
        st.tuples(st.just("live"), st.just(0), st.one_of(st.integers(1, 4), st.integers(1, RING))),
    ),
    max_size=25,
)


def rows(kind: np.dtype[Any], count: int = 0) -> Records:
    return np.zeros(count, kind).view(np.recarray)


def empty_calendar(today: int = 0) -> Columns:
    none, few = np.zeros(0, np.int64), np.zeros(0, np.int32)
    c = Columns(
        villages=rows(tables.VILLAGES), ties=rows(tables.TIES), dyads=rows(tables.DYADS),
        offices=rows(tables.OFFICES), banks=rows(tables.BANKS), teams=rows(tables.TEAMS),
        river=rows(tables.RIVER), sources=rows(tables.SOURCES, CASES), cases=rows(tables.CASES, CASES),
        latent_case=rows(tables.CASES),
        dyad_ties=none, office_dyads=none, departments=none, team_banks=few, near=few,
        clocks=np.zeros(0), visits=few, last_visits=few, risk_days=few, reported=np.zeros(0),
        visits_rises=np.zeros(0), shared_rosters=np.zeros(0, np.int8), bank_pulls=np.zeros(0),
        pulls=np.zeros((2, 0)), finishes=np.zeros((2, 0)),
        fading=np.zeros(0), duty_offices=none, contact_ties=none, duty_ends=none, duty_dyads=none,
        calendar=np.full((CALENDARS, RING, 2), -1, np.int64), entries=np.zeros(CHUNKS * CHUNK, np.int32),
        today=np.zeros(CASES, np.int32), record=np.zeros((1, 2, len(tables.RECORD_FIELDS))),
        counters=np.zeros(COUNTERS, np.int64), facts=np.zeros(FACTS),
    )  # fmt: skip
    c.counters[TODAY] = today
    c.counters[FREE_CHUNK] = -1
    c.cases.worsens = -1
    return c


def taken(c: Columns, calendar: int, day: int) -> list[int]:
    """Take a day's list."""
    return [int(entry) for entry in c.today[: take_all(c, calendar, day)]]


def live_a_day(c: Columns) -> list[int]:
    """Take today's acts as the kernel does: what waits beyond the ring is put again."""
    day = int(c.counters[TODAY])
    due = []
    for case in taken(c, ACTS, day):
        record = c.cases[case]
        if record.next_day > day:
            put_act(c, case, int(record.next_day), int(record.next_act))
        else:
            due.append(case)
    c.counters[TODAY] += 1
    return due


@settings(max_examples=60)
@given(steps=steps, start=st.integers(0, 2 * RING))
def test_acts_come_up_on_their_day_and_cancelled_ones_never(
    steps: list[tuple[str, int, int]], start: int
) -> None:
    c = empty_calendar(start)
    waiting: dict[int, int] = {}
    for what, case, number in [*steps, ("live", 0, 3 * RING + 1)]:
        today = int(c.counters[TODAY])
        if what == "put" and case not in waiting:
            put_act(c, case, today + number, DECIDE)
            waiting[case] = today + number
        elif what == "cancel" and case in waiting:
            cancel_act(c, case)
            del waiting[case]
        elif what == "live":
            for day in range(today, today + number):
                expected = {one for one, due in waiting.items() if due == day}
                assert set(live_a_day(c)) == expected
                waiting = {one: due for one, due in waiting.items() if due != day}
    assert waiting == {}
    assert (c.calendar == -1).all()


@pytest.mark.parametrize("cancelled", [0, 1, 2])
@pytest.mark.parametrize("delay", [3, RING - 1, RING, 2 * RING + 7])
def test_one_of_three_is_cancelled_wherever_it_stands(delay: int, cancelled: int) -> None:
    c = empty_calendar(5)
    for case in range(3):
        put_act(c, case, 5 + delay, DECIDE)
    cancel_act(c, cancelled)
    lived = [live_a_day(c) for _ in range(delay + 1)]
    assert lived[:delay] == [[]] * delay
    assert lived[delay] == [case for case in range(3) if case != cancelled]


def test_acts_of_a_day_keep_the_order_in_which_they_were_put() -> None:
    c = empty_calendar()
    for case in (3, 0, 5, 1, 4):
        put_act(c, case, 2, MEET)
    # The second neighbour in a row to go needs the links that the first one left.
    cancel_act(c, 0)
    cancel_act(c, 5)
    assert [live_a_day(c) for _ in range(3)] == [[], [], [3, 1, 4]]
    assert c.cases.next_act[[3, 1, 4]].tolist() == [MEET] * 3


def test_a_case_may_be_put_again_while_its_day_is_worked_off() -> None:
    c = empty_calendar(7)
    put_act(c, 0, 7, DECIDE)
    assert taken(c, ACTS, 7) == [0]
    put_act(c, 0, 7, MEET)
    assert taken(c, ACTS, 7) == [0]
    assert taken(c, ACTS, 7) == []


def test_the_calendars_are_apart() -> None:
    c = empty_calendar()
    put_detection(c, 0, 4)
    put_worsening(c, 0, 4)
    put_act(c, 1, 4, DECIDE)
    put_source(c, SOURCES_DUE, 2, 4)
    put_source(c, OFFENCES_DUE, 3, 4)
    calendars = (DETECTIONS, WORSENINGS, ACTS, SOURCES_DUE, OFFENCES_DUE)
    assert [taken(c, one, 4) for one in calendars] == [[0], [0], [1], [2], [3]]
    assert (c.calendar == -1).all()


def test_a_worsening_waits_until_nothing_else_comes_first() -> None:
    c = empty_calendar()
    put_act(c, 0, 4, DECIDE)
    put_worsening(c, 0, 9)
    assert (c.calendar[WORSENINGS] == -1).all()
    assert taken(c, ACTS, 4) == [0]
    put_act(c, 0, 12, DECIDE)
    assert taken(c, WORSENINGS, 9) == [0]
    # It stands in one list only, however often the case is put off.
    put_act(c, 1, 20, DECIDE)
    put_worsening(c, 1, 15)
    cancel_act(c, 1)
    put_act(c, 1, 30, DECIDE)
    assert taken(c, WORSENINGS, 15) == [1]
    assert taken(c, WORSENINGS, 15) == []


@pytest.mark.parametrize("calendar", [SOURCES_DUE, OFFENCES_DUE])
def test_streams_follow_one_another(calendar: int) -> None:
    c = empty_calendar()
    for source in (4, 2, 0):
        put_source(c, calendar, source, RING - 1)
    assert taken(c, calendar, RING - 1) == [4, 2, 0]


def test_lists_longer_than_a_chunk_keep_their_order_and_chunks_are_used_again() -> None:
    c = empty_calendar()
    length = 3 * CHUNK
    c = c._replace(today=np.zeros(length, np.int32))
    for day in range(1, 40):
        for source in range(length):
            put_source(c, SOURCES_DUE, source, day)
        assert taken(c, SOURCES_DUE, day) == list(range(length))
    assert c.counters[CHUNKS_USED] == -(-length // (CHUNK - 1))


def test_worsenings_follow_one_another_and_remember_their_day() -> None:
    c = empty_calendar()
    for case, day in ((1, 3), (4, 3), (2, 10 * RING)):
        c.cases[case].next_day = day
        put_worsening(c, case, day)
    assert taken(c, WORSENINGS, 3) == [1, 4]
    # What is beyond the ring waits in its last slot.
    assert taken(c, WORSENINGS, RING - 1) == [2]
    assert c.cases[2].worsens == 10 * RING
