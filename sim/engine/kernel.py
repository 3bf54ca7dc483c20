"""The day: ten phases in one order, and the loop that lives many of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiler import compiled
from sim.engine.arriving import arrive, sense
from sim.engine.borrowing import lend
from sim.engine.columns import CHUNK, Columns, Row
from sim.engine.constants import CASES_USED, CHUNKS_USED, MONTH, MONTH_OF_YEAR, TODAY, WEEKDAY
from sim.engine.flowing import flow_downstream, serve_requests
from sim.engine.gathering import hold_meetings, meet_socially, stand_duty
from sim.engine.handling import handle_cases
from sim.engine.in_force import InForce
from sim.engine.learning import learn_slowly
from sim.engine.networking import keep_channels
from sim.engine.offending import offend, operate
from sim.engine.patrolling import patrol
from sim.engine.recording import record_coverage, record_month

__all__ = ["PHASES", "live_days"]

PHASES = (
    ("calendar", "which month and weekday it is, and which duties, meetings and reviews fall today"),
    ("hours", "duties, meetings and contact bind hours and bring the two sides together"),
    ("arrivals", "disputes arise from their streams of candidates"),
    ("sensing", "latent cases become known to one side, later to the other, or worsen"),
    ("patrol", "teams spend their visits on banks"),
    ("offences", "offenders choose place and time; large operations search"),
    ("handling", "offices decide on and work at the cases that are due"),
    ("learning", "own channels open and lapse, interest fades, grievance heals, cadres change"),
    ("river and services", "discharge is routed, requests are served"),
    ("record", "coverage and states at the end of the month"),
)
"""The order of a day, as `live_days` calls it."""


@compiled
def live_days(
    columns: Columns,
    tables: InForce,
    p: Row,
    seed: int,
    days: NDArray[np.int64],
    first: int,
    last: int,
    room: int,
) -> int:
    """Live the days from `first` up to, not including, `last`; stop early where free rows run short.

    Parameters
    ----------
    columns : Columns
        State; changed in place.
    tables : InForce
        Institutions of these days.
    p : Row
        The parameters.
    seed : int
        Seed of the run.
    days : ndarray of int64, shape (days, 4)
        Month since the start, month of the year, weekday, and the length of a month on its last day, per day.
    first, last : int
        Range of days.
    room : int
        Free rows for cases, and chunks of the calendar, that a day may need.

    Returns
    -------
    int
        The day that comes next.
    """
    c = lend(columns)
    t = lend(tables)
    for day in range(first, last):
        free_chunks = c.entries.size // CHUNK - c.counters[CHUNKS_USED]
        if min(c.cases.size - c.counters[CASES_USED], free_chunks) < room:
            return day
        month = days[day, 0]
        days_of_month_ending = days[day, 3]
        c.counters[TODAY] = day
        c.counters[MONTH] = month
        c.counters[MONTH_OF_YEAR] = days[day, 1]
        c.counters[WEEKDAY] = days[day, 2]
        stand_duty(c, t, p, seed, day)
        hold_meetings(c, t, p, seed, day)
        meet_socially(c, t, p, day)
        arrive(c, t, p, seed, day)
        sense(c, t, p, seed, day)
        patrol(c, t, p, seed, day)
        offend(c, t, p, seed, day)
        if days_of_month_ending > 0:
            operate(c, t, p, seed, month, day)
        handle_cases(c, t, p, seed, day)
        if days_of_month_ending > 0:
            keep_channels(c, t, p, day)
            learn_slowly(c, t, p, seed, day, days[day, 3])
            flow_downstream(c, t, p, seed, month, day)
            serve_requests(c, t, p, seed, month, day)
            record_month(c, t, p, day, days_of_month_ending)
    if last > first and days[last - 1, 3] == 0:
        record_coverage(c, last - 1)
    return last
