"""Hours of offices: what is saved up, what is bound, and how long interior work waits."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.columns import Columns, Row
from sim.engine.constants import BORDER, INTERIOR, R_BOUND_A, R_BOUND_B, R_DISPLACED_HOURS, R_WAIT_DAYS, R_WAITS, MONTH
from sim.rules.willingness import load
from sim.rules.working import balance_on, queue_after

__all__ = ["bind_hours", "desk_full", "load_of", "queue_work", "saved_hours", "spend_desk"]


@compiled
def desk_full(c: Columns, p: Row, office: int) -> float:
    """Give the most that the desk of an office can save up."""
    return p.desk_saving_days * max(c.offices[office].desk_rate, 1e-6)


@compiled
def saved_hours(c: Columns, p: Row, office: int, day: int) -> float:
    """Bring the desk of an office up to date and give its hours."""
    row = c.offices[office]
    row.desk = balance_on(row.desk, row.desk_rate, day - row.desk_day, desk_full(c, p, office))
    row.desk_day = day
    return row.desk


@compiled
def spend_desk(c: Columns, p: Row, office: int, day: int, hours: float) -> None:
    """Take hours out of the desk of an office; it never falls below zero."""
    c.offices[office].desk = max(0.0, saved_hours(c, p, office, day) - hours)


@compiled
def bind_hours(c: Columns, p: Row, office: int, day: int, hours: float) -> None:
    """Bind hours of an office to a meeting, a duty or an operation.

    A part comes out of the border desk, the rest – and what the desk does not have – out of interior
    work, whose queue grows by it.
    """
    row = c.offices[office]
    from_desk = min(hours * p.bound_desk_share, saved_hours(c, p, office, day))
    row.desk -= from_desk
    displaced = hours - from_desk
    row.busy_until = queue_after(row.busy_until, day, displaced, row.interior_rate)
    row.bound_hours += hours
    row.displaced_hours += displaced
    count_bound(c, office, hours, displaced)


@compiled
def count_bound(c: Columns, office: int, hours: float, displaced: float) -> None:
    """Record bound hours by tier and side."""
    row = c.offices[office]
    if row.tier > 3:
        return
    field = R_BOUND_A if row.side == 0 else R_BOUND_B
    month = c.counters[MONTH]
    c.record[month, BORDER, field + row.tier] += hours
    c.record[month, INTERIOR, R_DISPLACED_HOURS + row.tier] += displaced


@compiled
def queue_work(c: Columns, office: int, day: int, hours: float) -> int:
    """Put a piece of interior work into the queue of an office and give the day on which it is done."""
    row = c.offices[office]
    waited = max(0.0, row.busy_until - day)
    row.busy_until = queue_after(row.busy_until, day, hours, row.interior_rate)
    month = c.counters[MONTH]
    c.record[month, INTERIOR, R_WAITS + row.tier] += 1.0
    c.record[month, INTERIOR, R_WAIT_DAYS + row.tier] += waited
    return int(row.busy_until)


@compiled
def load_of(c: Columns, p: Row, office: int, day: int) -> float:
    """Give the load of an office, as it feels and as others see it."""
    row = c.offices[office]
    return load(
        saved_hours(c, p, office, day),
        desk_full(c, p, office),
        row.busy_until - day,
        p.full_waiting_days,
    )
