from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import columns as tables
from sim.engine.calendar import cancel_act, put_act, put_detection, put_source, put_worsening, take_all
from sim.engine.columns import Columns, Records
from sim.engine.constants import (
    ACTS,
    CALENDARS,
    COUNTERS,
    DECIDE,
    DETECTIONS,
    FACTS,
    MEET,
    OFFENCES_DUE,
    RING,
    SOURCES_DUE,
    TODAY,
    WORSENINGS,
)

CASES = 6
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
    none = np.zeros(0, np.int64)
    c = Columns(
        villages=rows(tables.VILLAGES), ties=rows(tables.TIES), dyads=rows(tables.DYADS),
        offices=rows(tables.OFFICES), banks=rows(tables.BANKS), teams=rows(tables.TEAMS),
        river=rows(tables.RIVER), sources=rows(tables.SOURCES, CASES), cases=rows(tables.CASES, CASES),
        dyad_ties=none, office_dyads=none, departments=none, team_banks=none, near=none,
        waiting=rows(tables.WAITING, CASES), source_links=np.full(CASES, -1, np.int32),
        clocks=np.zeros(0), pulls=np.zeros(0), bank_pulls=np.zeros(0), visits=none,
        fading=np.zeros(0), duty_offices=none, contact_ties=none, duty_ends=none, duty_dyads=none,
        calendar=np.full((CALENDARS, RING), -1, np.int64), record=np.zeros((1, 2, len(tables.RECORD_FIELDS))),
        counters=np.zeros(COUNTERS, np.int64), facts=np.zeros(FACTS),
    )  # fmt: skip
    c.counters[TODAY] = today
    c.cases.worsens = -1
    return c


def live_a_day(c: Columns) -> list[int]:
    """Take today's acts as the kernel does: what waits beyond the ring is put again."""
    day = int(c.counters[TODAY])
    due = []
    taken = 0
    case = take_all(c, ACTS, day)
    while case >= 0:
        taken += 1
        assert taken <= CASES, "the list of a day runs in a circle"
        record = c.cases[case]
        following = int(c.waiting[case].link)
        if record.next_day > day:
            put_act(c, case, int(record.next_day), int(record.next_act))
        else:
            due.append(int(case))
        case = following
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
    assert take_all(c, ACTS, 7) == 0
    put_act(c, 0, 7, MEET)
    assert take_all(c, ACTS, 7) == 0
    assert take_all(c, ACTS, 7) == -1


def test_the_calendars_are_apart() -> None:
    c = empty_calendar()
    put_detection(c, 0, 4)
    put_worsening(c, 0, 4)
    put_act(c, 1, 4, DECIDE)
    put_source(c, SOURCES_DUE, 2, 4)
    put_source(c, OFFENCES_DUE, 3, 4)
    taken = [take_all(c, row, 4) for row in (DETECTIONS, WORSENINGS, ACTS, SOURCES_DUE, OFFENCES_DUE)]
    assert taken == [0, 0, 1, 2, 3]
    assert (c.calendar == -1).all()


def test_a_worsening_waits_until_nothing_else_comes_first() -> None:
    c = empty_calendar()
    put_act(c, 0, 4, DECIDE)
    put_worsening(c, 0, 9)
    assert (c.calendar[WORSENINGS] == -1).all()
    assert take_all(c, ACTS, 4) == 0
    put_act(c, 0, 12, DECIDE)
    assert take_all(c, WORSENINGS, 9) == 0
    # It stands in one list only, however often the case is put off.
    put_act(c, 1, 20, DECIDE)
    put_worsening(c, 1, 15)
    cancel_act(c, 1)
    put_act(c, 1, 30, DECIDE)
    assert take_all(c, WORSENINGS, 15) == 1
    assert c.waiting[1].worsen_link == -1


@pytest.mark.parametrize("row", [SOURCES_DUE, OFFENCES_DUE])
def test_streams_follow_one_another(row: int) -> None:
    c = empty_calendar()
    for source in (4, 2, 0):
        put_source(c, row, source, RING - 1)
    chain = [take_all(c, row, RING - 1)]
    while chain[-1] >= 0:
        chain.append(int(c.source_links[chain[-1]]))
    assert chain == [4, 2, 0, -1]


def test_worsenings_follow_one_another_and_remember_their_day() -> None:
    c = empty_calendar()
    for case, day in ((1, 3), (4, 3), (2, 10 * RING)):
        c.cases[case].next_day = day
        put_worsening(c, case, day)
    assert take_all(c, WORSENINGS, 3) == 1
    assert [int(c.waiting[1].worsen_link), int(c.waiting[4].worsen_link)] == [4, -1]
    # What is beyond the ring waits in its last slot.
    assert take_all(c, WORSENINGS, RING - 1) == 2
    assert c.cases[2].worsens == 10 * RING
