from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import columns as tables
from sim.engine.columns import RECORD_FIELDS, Columns, Row
from sim.engine.constants import BORDER, INTERIOR, MONTH
from sim.engine.desks import (
    bind_hours,
    count_bound,
    desk_full,
    load_of,
    queue_work,
    save_all_hours,
    saved_hours,
    spend_desk,
)
from sim.engine.simulation import Simulation
from sim.parameters import Parameters

P: Row = Parameters().record().view(np.recarray)[0]
rates = st.floats(0.0, 10.0)
hours = st.floats(0.0, 50.0)
days = st.integers(0, 400)


def office(rate: float = 1.0, saved: float = 0.0, **values: float) -> Row:
    row: Row = np.zeros(1, tables.OFFICES).view(np.recarray)[0]
    for name, value in {"desk_rate": rate, "interior_rate": 4.0, "desk": saved, **values}.items():
        row[name] = value
    return row


@pytest.fixture
def c(lived: Simulation) -> Columns:
    return lived.columns.copy()


def recorded(c: Columns, scope: int, name: str) -> float:
    return float(c.record[c.counters[MONTH], scope, RECORD_FIELDS.index(name)])


@given(rate=rates, saved=hours, first=days, second=days)
def test_a_desk_saves_up_day_by_day_to_its_most(rate: float, saved: float, first: int, second: int) -> None:
    row = office(rate)
    full = desk_full(row, P)
    row.desk = min(saved, full)
    saved_hours(row, P, first)
    at_once = office(rate, min(saved, full))
    assert saved_hours(row, P, first + second) == pytest.approx(saved_hours(at_once, P, first + second))
    assert 0.0 <= row.desk <= full
    assert row.desk == pytest.approx(min(full, min(saved, full) + rate * (first + second)))
    assert row.desk_day == first + second


@given(saved=hours, taken=hours, day=days)
def test_spending_takes_what_there_is_and_no_more(saved: float, taken: float, day: int) -> None:
    row = office(1.0, saved)
    before = saved_hours(row, P, day)
    spend_desk(row, P, day, taken)
    assert row.desk == pytest.approx(max(0.0, before - taken))


@given(saved=hours, waiting=st.floats(-50.0, 500.0), rate=rates)
def test_load_is_a_share_that_hours_lower_and_work_raises(saved: float, waiting: float, rate: float) -> None:
    load = load_of(office(rate, saved, busy_until=waiting), P, 0)
    assert 0.0 <= load <= 1.0
    assert load_of(office(rate, saved + 1.0, busy_until=waiting), P, 0) <= load
    assert load_of(office(rate, saved, busy_until=waiting + 1.0), P, 0) >= load


def test_an_empty_desk_and_a_long_queue_are_full_load() -> None:
    assert load_of(office(1.0, 0.0, busy_until=P.full_waiting_days), P, 0) == 1.0
    assert load_of(office(1.0, 1e9), P, 0) == 0.0


@pytest.mark.parametrize("side", [0, 1])
def test_bound_hours_come_out_of_the_desk_and_out_of_interior_work(c: Columns, side: int) -> None:
    field = f"bound_{'ab'[side]}_town"
    before = recorded(c, BORDER, field), recorded(c, INTERIOR, "displaced_hours_town")
    row = office(1.0, 3.0, tier=1, side=side, busy_until=10.0)
    bind_hours(c, P, row, 0, 4.0)
    from_desk = 4.0 * P.bound_desk_share
    assert row.desk == pytest.approx(3.0 - from_desk)
    assert row.busy_until == pytest.approx(10.0 + (4.0 - from_desk) / 4.0)
    assert (row.bound_hours, row.displaced_hours) == pytest.approx((4.0, 4.0 - from_desk))
    assert recorded(c, BORDER, field) - before[0] == pytest.approx(4.0)
    assert recorded(c, INTERIOR, "displaced_hours_town") - before[1] == pytest.approx(4.0 - from_desk)


def test_what_a_desk_does_not_have_is_taken_from_interior_work(c: Columns) -> None:
    row = office(1.0, 0.25, tier=0)
    bind_hours(c, P, row, 0, 4.0)
    assert row.desk == 0.0
    assert row.displaced_hours == pytest.approx(3.75)


def test_offices_above_the_county_are_not_recorded(c: Columns) -> None:
    before = c.record.copy()
    count_bound(c, office(tier=4), 3.0, 2.0)
    assert np.array_equal(c.record, before, equal_nan=True)


def test_work_waits_for_the_work_before_it(c: Columns) -> None:
    names = "waits_county", "wait_days_county"
    before = [recorded(c, INTERIOR, name) for name in names]
    row = office(tier=2)
    # Ten hours at four hours a day: two and a half days each.
    assert [queue_work(c, row, 100, 10.0) for _ in range(3)] == [102, 105, 107]
    after = [recorded(c, INTERIOR, name) for name in names]
    assert np.subtract(after, before).tolist() == pytest.approx([3.0, 2.5 + 5.0])


def test_all_desks_are_brought_up_to_date_as_one_is(c: Columns) -> None:
    one_by_one = c.offices.copy()
    for row in range(len(one_by_one)):
        if one_by_one[row].base_desk > 0.0:
            saved_hours(one_by_one[row], P, 230)
    save_all_hours(c.offices, P, 230)
    assert c.offices.tobytes() == one_by_one.tobytes()
    assert (c.offices.desk_day[c.offices.base_desk > 0.0] == 230).all()
