"""The life of a case while it lasts: known, open, worse, handed over."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.calendar import put_act, put_worsening
from sim.engine.columns import NEVER, Columns, Row
from sim.engine.constants import (
    BORDER,
    CASES_USED,
    COUNTY,
    DECIDE,
    DEPARTMENT,
    INTERIOR,
    MEET,
    MONTH,
    OPEN,
    R_HAND_OFFS,
    SECURITY,
    TODAY,
    TOWN,
    VILLAGE,
    WEEKDAY,
)
from sim.engine.copying import copy_row
from sim.rules.arriving import waiting_days
from sim.rules.learning import rise
from sim.streams import GIVING_UP, WORSEN, uniform

__all__ = [
    "act_on",
    "call_session",
    "decide_on",
    "dyad_at",
    "hand_over",
    "is_known_to_both",
    "new_case",
    "next_session_day",
    "open_case",
    "own_office",
    "raise_grievance",
    "schedule_giving_up",
    "schedule_worsening",
    "scope_of",
]


@compiled
def new_case(c: Columns, key: int, candidate: int, tie: int, village: int, side: int, day: int) -> int:
    """Take the next free row for a case and give its number.

    Parameters
    ----------
    c : Columns
        The state.
    key, candidate : int
        Stream that it comes from, and its number there: they key all its draws.
    tie, village : int
        The tie, -1 for a case inside a village, and the village that learns of it first.
    side : int
        0 or 1: side of the tie on which that village lies.
    day : int
        Today.

    Returns
    -------
    int
        Row of the case.
    """
    case = c.counters[CASES_USED]
    c.counters[CASES_USED] = case + 1
    # Free rows hold anything, so this one is overwritten whole.
    copy_row(c.latent_case, c.cases, case)
    record = c.cases[case]
    record.key = key
    record.candidate = candidate
    record.tie = tie
    record.village = village
    record.side = side
    record.holder = side
    record.occurred = day
    return case


@compiled
def scope_of(c: Columns, record: Row) -> int:
    """Give whether a case counts for the border or the interior.

    Parameters
    ----------
    c : Columns
        The state.
    record : Row
        Row of the case.

    Returns
    -------
    int
        BORDER or INTERIOR.
    """
    return BORDER if record.tie >= 0 and c.ties[record.tie].is_border == 1 else INTERIOR


@compiled
def dyad_at(c: Columns, tie: int, tier: int, domain: int) -> int:
    """Give the dyad of a tie at a tier.

    Parameters
    ----------
    c : Columns
        The state.
    tie, tier : int
        The tie, and the tier.
    domain : int
        Subject of the case, which decides between departments.

    Returns
    -------
    int
        Row of the dyad, -1 where both sides stand under one office at the tier.
    """
    row = c.ties[tie]
    if tier == VILLAGE:
        return row.village_dyad
    if tier == TOWN:
        return row.town_dyad
    if tier == COUNTY:
        return row.county_dyad
    if tier == DEPARTMENT and row.department_dyad >= 0:
        return row.department_dyad + c.departments[domain]
    return -1


@compiled
def own_office(c: Columns, village: int, tier: int, level: int, domain: int) -> int:
    """Give the office whose own work a case is: that of its village's line at a tier.

    Above the county it is the lowest office above both sides: the prefecture, else the province.

    Parameters
    ----------
    c : Columns
        The state.
    village, tier : int
        The village, and the tier that has the case.
    level, domain : int
        Boundary level of its tie, 0 without one, and its subject.

    Returns
    -------
    int
        Row of the office.
    """
    if tier == VILLAGE:
        return village
    town = c.offices[village].parent
    if tier == TOWN:
        return town
    county = c.offices[town].parent
    if tier == COUNTY:
        return county
    if tier == DEPARTMENT:
        return c.offices[county].departments + c.departments[domain]
    prefecture = c.offices[county].parent
    return prefecture if level <= 2 else c.offices[prefecture].parent


@compiled
def open_case(c: Columns, case: int) -> None:
    """Enter a case among the open cases of its tie, the newest last.

    Parameters
    ----------
    c : Columns
        The state.
    case : int
        The case, which is not open yet.
    """
    record = c.cases[case]
    record.status = OPEN
    tie = record.tie
    if tie < 0:
        return
    row = c.ties[tie]
    record.after = -1
    record.before = row.last_open
    if row.last_open >= 0:
        c.cases[row.last_open].after = case
    else:
        row.first_open = case
    row.last_open = case


@compiled
def schedule_worsening(c: Columns, p: Row, seed: int, case: int, day: int) -> None:
    """Draw when a case would next worsen; the draw belongs to the case and its stage, not to the day.

    Parameters
    ----------
    c, p : Columns, Row
        State and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    """
    record = c.cases[case]
    if record.incident == 1 or record.legacy == 1 or record.domain == SECURITY or record.worsens >= 0:
        return
    stage = record.difficulty + 4 * record.relapses
    draw = uniform(seed, WORSEN, record.key, record.candidate, stage)
    hazard = p.incident_per_day if record.difficulty == 2 else p.worsening_per_day
    put_worsening(c, case, day + 1 + int(min(waiting_days(draw, hazard), 1.0e8)))


@compiled
def schedule_giving_up(record: Row, p: Row, seed: int, day: int) -> None:
    """Draw when the parties would give a case up if nobody settles it; legacy claims are never given up.

    Parameters
    ----------
    record, p : Row
        Row of the case, and the parameters.
    seed, day : int
        Seed of the run, and today.
    """
    if record.legacy == 1:
        record.gives_up = NEVER
        return
    draw = uniform(seed, GIVING_UP, record.key, record.candidate, record.relapses)
    record.gives_up = day + 1 + int(min(waiting_days(draw, p.giving_up_per_day), 1.0e8))


@compiled
def act_on(record: Row, p: Row, day: int) -> None:
    """Note that somebody acted on a case; longer pauses before it were spent in the vacuum.

    Parameters
    ----------
    record, p : Row
        Row of the case, and the parameters.
    day : int
        Today.
    """
    if record.settled < 0:
        record.idle_days += max(0, day - record.last_act - int(p.unattended_days))
    record.last_act = day


@compiled
def hand_over(c: Columns, record: Row, number: int) -> None:
    """Count changes of holder.

    Parameters
    ----------
    c : Columns
        The state.
    record : Row
        Row of the case.
    number : int
        Hands through which it went.
    """
    record.hand_offs += number
    c.record[c.counters[MONTH], scope_of(c, record), R_HAND_OFFS] += number


@compiled
def raise_grievance(c: Columns, p: Row, record: Row) -> None:
    """Raise the grievance of the villages of a case.

    Parameters
    ----------
    c : Columns
        The state.
    p, record : Row
        The parameters, and the row of the case.
    """
    step = p.grievance_per_event
    if record.tie >= 0:
        a = c.villages[c.ties[record.tie].a]
        b = c.villages[c.ties[record.tie].b]
        a.grievance = rise(a.grievance, step)
        b.grievance = rise(b.grievance, step)
    else:
        village = c.villages[record.village]
        village.grievance = rise(village.grievance, step)


@compiled
def decide_on(c: Columns, case: int, day: int) -> None:
    """Let a case come up for a decision.

    Parameters
    ----------
    c : Columns
        The state.
    case, day : int
        The case, and the day; a day that has passed means today.
    """
    put_act(c, case, max(day, c.counters[TODAY]), DECIDE)


@compiled
def is_known_to_both(record: Row, day: int) -> bool:
    """Tell whether the other side knows of a case by now.

    Parameters
    ----------
    record : Row
        Row of the case.
    day : int
        Today.

    Returns
    -------
    bool
        True where both sides know of it.
    """
    return record.other_known <= day


@compiled
def next_session_day(c: Columns, tier: int, today: int, day: int) -> int:
    """Give the first day from a day on at which a tier holds sessions: towns and above on working days.

    Parameters
    ----------
    c : Columns
        The state.
    tier, today, day : int
        The tier, today, and the first day that would do.

    Returns
    -------
    int
        Day, `day` or later.
    """
    if tier == VILLAGE:
        return day
    weekday = (c.counters[WEEKDAY] + day - today) % 7
    return day + (7 - weekday if weekday >= 5 else 0)


@compiled
def call_session(c: Columns, case: int, tier: int, today: int, day: int) -> None:
    """Call both sides to a joint session, on the first day from a day on at which the tier holds sessions.

    Parameters
    ----------
    c : Columns
        The state.
    case, tier : int
        The case, and the tier that meets.
    today, day : int
        Today, and the first day that would do.
    """
    date = next_session_day(c, tier, today, day)
    c.cases[case].called = date
    put_act(c, case, date, MEET)
