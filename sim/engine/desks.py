"""Hours of offices: what is saved up, what is bound, and how long interior work waits."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.columns import Columns, Records, Row
from sim.engine.constants import (
    BORDER,
    INTERIOR,
    MONTH,
    R_BOUND_A,
    R_BOUND_B,
    R_DISPLACED_HOURS,
    R_WAIT_DAYS,
    R_WAITS,
    UPPER,
)
from sim.rules.willingness import load
from sim.rules.working import balance_on, queue_after

__all__ = [
    "bind_hours",
    "count_bound",
    "desk_full",
    "load_of",
    "queue_work",
    "save_all_hours",
    "saved_hours",
    "spend_desk",
]


@compiled
def desk_full(office: Row, p: Row) -> float:
    """Give the most that the desk of an office can save up.

    Parameters
    ----------
    office, p : Row
        Row of the office, and the parameters.

    Returns
    -------
    float
        Hours, above 0 even where nothing comes in.
    """
    return p.desk_saving_days * max(office.desk_rate, 1e-6)


@compiled
def saved_hours(office: Row, p: Row, day: int) -> float:
    """Bring the desk of an office up to date and give its hours.

    Parameters
    ----------
    office, p : Row
        Row of the office, and the parameters.
    day : int
        Today.

    Returns
    -------
    float
        Hours saved up, from 0.
    """
    office.desk = balance_on(office.desk, office.desk_rate, day - office.desk_day, desk_full(office, p))
    office.desk_day = day
    return office.desk


@compiled
def save_all_hours(offices: Records, p: Row, day: int) -> None:
    """Bring all desks up to date, as is due before their rates change.

    Parameters
    ----------
    offices : Records
        Every office.
    p : Row
        The parameters.
    day : int
        Today.
    """
    for row in range(offices.size):
        if offices[row].base_desk > 0.0:
            saved_hours(offices[row], p, day)


@compiled
def spend_desk(office: Row, p: Row, day: int, hours: float) -> None:
    """Take hours out of the desk of an office; it never falls below zero.

    Parameters
    ----------
    office, p : Row
        Row of the office, and the parameters.
    day : int
        Today.
    hours : float
        Hours to take, from 0.
    """
    office.desk = max(0.0, saved_hours(office, p, day) - hours)


@compiled
def bind_hours(c: Columns, p: Row, office: Row, day: int, hours: float) -> None:
    """Bind hours of an office to a meeting, a duty or an operation.

    A part comes out of the border desk, the rest – and what the desk does not have – out of interior
    work, whose queue grows by it.

    Parameters
    ----------
    c : Columns
        The state.
    p, office : Row
        The parameters, and the row of the office.
    day : int
        Today.
    hours : float
        Hours to bind, from 0.
    """
    from_desk = min(hours * p.bound_desk_share, saved_hours(office, p, day))
    office.desk -= from_desk
    displaced = hours - from_desk
    office.busy_until = queue_after(office.busy_until, day, displaced, office.interior_rate)
    office.bound_hours += hours
    office.displaced_hours += displaced
    count_bound(c, office, hours, displaced)


@compiled
def count_bound(c: Columns, office: Row, hours: float, displaced: float) -> None:
    """Record bound hours by tier and side.

    Parameters
    ----------
    c : Columns
        The state.
    office : Row
        Row of the office.
    hours, displaced : float
        Hours bound, and how many of them are taken from interior work.
    """
    if office.tier >= UPPER:
        return
    field = R_BOUND_A if office.side == 0 else R_BOUND_B
    month = c.counters[MONTH]
    c.record[month, BORDER, field + office.tier] += hours
    c.record[month, INTERIOR, R_DISPLACED_HOURS + office.tier] += displaced


@compiled
def queue_work(c: Columns, office: Row, day: int, hours: float) -> int:
    """Put a piece of interior work into the queue of an office and give the day on which it is done.

    Parameters
    ----------
    c : Columns
        The state.
    office : Row
        Row of the office.
    day : int
        Today.
    hours : float
        Hours that the work takes, from 0.

    Returns
    -------
    int
        Day, today or later.
    """
    waited = max(0.0, office.busy_until - day)
    office.busy_until = queue_after(office.busy_until, day, hours, office.interior_rate)
    month = c.counters[MONTH]
    c.record[month, INTERIOR, R_WAITS + office.tier] += 1.0
    c.record[month, INTERIOR, R_WAIT_DAYS + office.tier] += waited
    return int(office.busy_until)


@compiled
def load_of(office: Row, p: Row, day: int) -> float:
    """Give the load of an office, as it feels and as others see it; its desk is brought up to date.

    Parameters
    ----------
    office, p : Row
        Row of the office, and the parameters.
    day : int
        Today.

    Returns
    -------
    float
        In [0, 1].
    """
    saved = saved_hours(office, p, day)
    return load(saved, desk_full(office, p), office.busy_until - day, p.full_waiting_days)
