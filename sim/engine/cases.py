"""The life of a case between its events: known, open, worse, settled, open again."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.engine.calendar import put_act, put_worsening
from sim.engine.columns import NEVER, Columns, Row
from sim.engine.constants import (
    BORDER,
    CASES_USED,
    COUNTY,
    DECIDE,
    DEPARTMENT,
    GIVEN_UP,
    HOW_JOINT,
    INTERIOR,
    LATENT,
    MONTH,
    NO_ITEM,
    OPEN,
    R_CLEARED,
    R_CLOSED,
    R_HAND_OFFS,
    R_LEGACY_SETTLED,
    R_SETTLED,
    REOPEN,
    SECURITY,
    SETTLED,
    TODAY,
    TOWN,
    UPPER,
    VILLAGE,
)
from sim.engine.worth import trust_of
from sim.rules.arriving import waiting_days
from sim.rules.learning import rise
from sim.streams import GIVING_UP, RELAPSE, WORSEN, uniform

__all__ = [
    "act_on",
    "decide_on",
    "dyad_at",
    "give_up",
    "hand_over",
    "is_known_to_both",
    "new_case",
    "open_case",
    "own_office",
    "raise_grievance",
    "schedule_giving_up",
    "schedule_worsening",
    "scope_of",
    "settle",
]


@compiled
def new_case(c: Columns, key: int, candidate: int, tie: int, village: int, side: int, day: int) -> int:
    """Take the next free row for a case and give its number."""
    case = c.counters[CASES_USED]
    c.counters[CASES_USED] = case + 1
    record = c.cases[case]
    record.key = key
    record.candidate = candidate
    record.tie = tie
    record.village = village
    record.side = side
    record.holder = side
    record.occurred = day
    record.known = NEVER
    record.other_known = NEVER
    record.first_response = -1
    record.settled = -1
    record.worsens = -1
    record.before = -1
    record.after = -1
    record.status = LATENT
    return case


@compiled
def scope_of(c: Columns, case: int) -> int:
    """Give whether a case counts for the border or the interior."""
    tie = c.cases[case].tie
    return BORDER if tie >= 0 and c.ties[tie].is_border == 1 else INTERIOR


@compiled
def dyad_at(c: Columns, tie: int, tier: int, domain: int) -> int:
    """Give the dyad of a tie at a tier, -1 where both sides stand under one office there."""
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
    """Enter a case among the open cases of its tie, the newest last."""
    record = c.cases[case]
    record.status = OPEN
    tie = record.tie
    record.after = -1
    record.before = -1
    if tie < 0:
        return
    row = c.ties[tie]
    record.before = row.last_open
    if row.last_open >= 0:
        c.cases[row.last_open].after = case
    else:
        row.first_open = case
    row.last_open = case


@compiled
def _leave_open(c: Columns, case: int) -> None:
    record = c.cases[case]
    if record.tie < 0:
        return
    row = c.ties[record.tie]
    if record.before >= 0:
        c.cases[record.before].after = record.after
    else:
        row.first_open = record.after
    if record.after >= 0:
        c.cases[record.after].before = record.before
    else:
        row.last_open = record.before


@compiled
def schedule_worsening(c: Columns, p: Row, seed: int, case: int, day: int) -> None:
    """Draw when a case would next worsen; the draw belongs to the case and its stage, not to the day."""
    record = c.cases[case]
    if record.incident == 1 or record.legacy == 1 or record.domain == SECURITY or record.worsens >= 0:
        return
    stage = record.difficulty + 4 * record.relapses
    draw = uniform(seed, WORSEN, record.key, record.candidate, stage)
    hazard = p.incident_per_day if record.difficulty == 2 else p.worsening_per_day
    put_worsening(c, case, day + 1 + int(min(waiting_days(draw, hazard), 1.0e8)))


@compiled
def schedule_giving_up(c: Columns, p: Row, seed: int, case: int, day: int) -> None:
    """Draw when the parties would give a case up if nobody settles it; legacy claims are never given up."""
    record = c.cases[case]
    if record.legacy == 1:
        record.gives_up = NEVER
        return
    draw = uniform(seed, GIVING_UP, record.key, record.candidate, record.relapses)
    record.gives_up = day + 1 + int(min(waiting_days(draw, p.giving_up_per_day), 1.0e8))


@compiled
def give_up(c: Columns, p: Row, case: int, day: int) -> None:
    """Take a case that its parties gave up out of all dockets; it never counts as settled."""
    act_on(c, p, case, day)
    c.cases[case].status = GIVEN_UP
    _leave_open(c, case)


@compiled
def act_on(c: Columns, p: Row, case: int, day: int) -> None:
    """Note that somebody acted on a case; longer pauses before it were spent in the vacuum."""
    record = c.cases[case]
    record.idle_days += max(0, day - record.last_act - int(p.unattended_days))
    record.last_act = day


@compiled
def hand_over(c: Columns, case: int, number: int) -> None:
    """Count changes of holder."""
    c.cases[case].hand_offs += number
    c.record[c.counters[MONTH], scope_of(c, case), R_HAND_OFFS] += number


@compiled
def raise_grievance(c: Columns, p: Row, case: int) -> None:
    """Raise the grievance of the villages of a case."""
    record = c.cases[case]
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
def settle(c: Columns, p: Row, seed: int, case: int, day: int, how: int, tier: int) -> None:
    """Close a case, and draw whether and when it opens again."""
    record = c.cases[case]
    act_on(c, p, case, day)
    scope = scope_of(c, case)
    month = c.counters[MONTH]
    record.status = SETTLED
    record.settlements += 1
    record.item = NO_ITEM
    if record.settled < 0:
        record.settled = day
        record.settled_tier = tier
        record.how = how
        if record.domain == SECURITY:
            c.record[month, scope, R_CLEARED] += 1.0
        elif record.legacy == 1:
            c.record[month, scope, R_LEGACY_SETTLED] += 1.0
        else:
            c.record[month, scope, R_SETTLED] += 1.0
            c.record[month, scope, R_CLOSED + min(tier, UPPER)] += 1.0
    _leave_open(c, case)
    if record.tie >= 0:
        row = c.ties[record.tie]
        if record.legacy == 1:
            trust_of(c, p, record.tie, day)
            row.legacy_open -= 1
        if how == HOW_JOINT and record.domain != SECURITY:
            row.trust = rise(trust_of(c, p, record.tie, day), p.trust_gain)
    if record.legacy == 1 or record.domain == SECURITY:
        return
    turn = record.settlements
    if uniform(seed, RELAPSE, record.key, record.candidate, 2 * turn) < p.relapse_share:
        later = uniform(seed, RELAPSE, record.key, record.candidate, 2 * turn + 1) * p.relapse_window_days
        put_act(c, case, day + 1 + int(math.floor(later)), REOPEN)


@compiled
def decide_on(c: Columns, case: int, day: int) -> None:
    """Let the case come up for a decision on a day."""
    put_act(c, case, max(day, c.counters[TODAY]), DECIDE)


@compiled
def is_known_to_both(c: Columns, case: int, day: int) -> bool:
    """Tell whether the other side knows of a case by now."""
    other = c.cases[case].other_known
    return other != NEVER and other <= day
