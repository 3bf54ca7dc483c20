"""Meetings, duty days and events of contact: what binds hours and brings the two sides together."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.calendar import cancel_act
from sim.engine.cases import (
    call_session,
    decide_on,
    dyad_at,
    hand_over,
)
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BORDER,
    BY_ITEM,
    DAYS_PER_YEAR,
    DECIDE,
    DEPARTMENT,
    DROPPED_ITEM,
    INTERIOR,
    LAND,
    MONTH,
    OWNED_ITEM,
    PLAIN_ITEM,
    R_ITEMS_DECIDED,
    R_MEETINGS,
    SECURITY,
    UPPER,
    WEEKDAY,
)
from sim.engine.desks import bind_hours
from sim.engine.fetching import AHEAD, fetch, fetch_first
from sim.engine.in_force import InForce, at_office, on_dyad, on_tie
from sim.engine.lookups import (
    cool_off_of,
    tier_rank,
)
from sim.engine.meeting import restore_information
from sim.engine.worth import effort_worth_of, observe, trust_of
from sim.rules.learning import contact_gain, rise
from sim.rules.reaching import days_until_duty
from sim.rules.willingness import attend_chance, effort_chance
from sim.streams import DUTY, ITEM, MEETING, four_uniforms, uniform

__all__ = ["hold_meetings", "meet_socially", "stand_duty"]


@compiled
def stand_duty(c: Columns, t: InForce, p: Row, seed: int, day: int) -> None:
    """Let every office whose duty day it is provide a convener.

    The convener may work or only sit there; either way the hours are bound.  The other side sees a
    little of it, hears what it had not heard, and stalled matters are taken up again as far as the
    rota has a memory.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    for number in range(-3 * AHEAD, c.duty_offices.size):
        _fetch_duties(c, t, number)
        if number < 0:
            continue
        office = c.duty_offices[number]
        interval = at_office(t, office).duty_interval
        row = c.offices[office]
        if days_until_duty(day, interval, row.duty_phase % interval) > 0:
            continue
        chance = attend_chance(
            p.obligation_duty, at_office(t, office).attendance, p.attendance_assessment_effect
        )
        coming, draw, _, _ = four_uniforms(seed, DUTY, row.key, day, 0)
        if coming >= chance:
            continue
        bind_hours(c, p, row, day, at_office(t, office).duty_hours)
        weight = p.weak_observation * min(1.0, interval / p.duty_window_days)
        # A duty without authority still shows itself; one on a dyad it does not cover does not.
        for index in range(c.duty_ends[number], c.duty_ends[number + 1]):
            dyad = c.duty_dyads[index]
            between = c.dyads[dyad]
            rules = on_dyad(t, dyad)
            side = 0 if between.a == office else 1
            tie = c.dyad_ties[between.first_tie]
            domain = SECURITY if row.tier == DEPARTMENT else LAND
            worth = effort_worth_of(c, t, p, dyad, side, tie, domain, 0, p.monitoring_duty, day)
            works = draw < effort_chance(worth, p.choice_sharpness)
            observe(c, p, between, 1 - side, day, 1.0 if works else 0.0, weight)
            restore_information(c, between, day)
            if works:
                _take_up(c, p, seed, dyad, row.key, day, rules.duty_memory)


@compiled
def _fetch_duties(c: Columns, t: InForce, number: int) -> None:
    """Ask for what the next offices will touch: their own rows, their dyads, then what these name.

    Those that do not stand duty every day are few, and mostly touch nothing.
    """
    far, near, beyond = number + 3 * AHEAD, number + 2 * AHEAD, number + AHEAD
    count = c.duty_offices.size
    if far < count:
        fetch(c.offices, c.duty_offices[far])
        fetch(t.office_rows, c.duty_offices[far])
    if 0 <= near < count and at_office(t, c.duty_offices[near]).duty_interval == 1:
        for index in range(c.duty_ends[near], c.duty_ends[near + 1]):
            dyad = c.duty_dyads[index]
            fetch(c.dyads, dyad)
            fetch(t.dyad_rows, dyad)
            # The villages of a tie are a dyad of the same number.
            if dyad < c.ties.size:
                fetch_first(c.ties, dyad)
    if 0 <= beyond < count and at_office(t, c.duty_offices[beyond]).duty_interval == 1:
        for index in range(c.duty_ends[beyond], c.duty_ends[beyond + 1]):
            dyad = c.duty_dyads[index]
            between = c.dyads[dyad]
            fetch_first(c.offices, between.b if between.a == c.duty_offices[beyond] else between.a)
            if dyad < c.ties.size:
                fetch(c.cases, c.ties[dyad].first_open)


@compiled
def _take_up(c: Columns, p: Row, seed: int, dyad: int, key: int, day: int, memory: float) -> None:
    """Bring stalled cases of a dyad up for decision today."""
    row = c.dyads[dyad]
    for index in range(row.first_tie, row.first_tie + row.ties):
        case = c.ties[c.dyad_ties[index]].first_open
        while case >= 0:
            record = c.cases[case]
            following = record.after
            stalled = record.next_act == DECIDE and record.next_day > day + 1
            stalled = stalled and dyad_at(c, record.tie, record.tier, record.domain) == dyad
            stalled = stalled and record.last_act + cool_off_of(p, record.legacy) <= day
            if stalled and uniform(seed, DUTY, record.key ^ key, day, 2 + record.candidate) < memory:
                cancel_act(c, case)
                decide_on(c, case, day)
            case = following


@compiled
def hold_meetings(c: Columns, t: InForce, p: Row, seed: int, day: int) -> None:
    """Hold the meetings that fall on this day; one that falls on a weekend is held on Monday.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    weekday = c.counters[WEEKDAY]
    if weekday >= 5:
        return
    for forum in range(t.forums.size):
        rules = t.forums[forum]
        wait = (rules.phase - day) % rules.cadence
        missed = weekday == 0 and wait >= rules.cadence - 2 and rules.cadence > 2
        if wait == 0 or missed:
            _hold(c, t, p, seed, forum, day)


@compiled
def _hold(c: Columns, t: InForce, p: Row, seed: int, forum: int, day: int) -> None:
    """Hold one meeting: who attends, which open cases come up, and what is decided."""
    rules = t.forums[forum]
    for index in range(rules.first, rules.first + rules.count):
        row = c.dyads[t.forum_dyads[index]]
        c.offices[row.a].attends = 0
        c.offices[row.b].attends = 0
    for index in range(rules.first, rules.first + rules.count):
        dyad = t.forum_dyads[index]
        row = c.dyads[dyad]
        for office in (row.a, row.b):
            if c.offices[office].attends == 0:
                _invite(c, t, p, seed, forum, dyad, office, day)
    for index in range(rules.first, rules.first + rules.count):
        dyad = t.forum_dyads[index]
        row = c.dyads[dyad]
        if c.offices[row.a].attends == 1 and c.offices[row.b].attends == 1:
            scope = BORDER if row.is_border == 1 else INTERIOR
            c.record[c.counters[MONTH], scope, R_MEETINGS] += 1.0
            restore_information(c, row, day)
            _decide_items(c, t, p, seed, forum, dyad, scope, day)


@compiled
def _invite(c: Columns, t: InForce, p: Row, seed: int, forum: int, dyad: int, office: int, day: int) -> None:
    rules = t.forums[forum]
    chance = attend_chance(
        on_dyad(t, dyad).forum_obligation, at_office(t, office).attendance, p.attendance_assessment_effect
    )
    row = c.offices[office]
    if uniform(seed, MEETING, row.key, day, rules.key) < chance:
        row.attends = 1
        bind_hours(c, p, row, day, rules.hours)
    else:
        row.attends = 2


@compiled
def _decide_items(
    c: Columns, t: InForce, p: Row, seed: int, forum: int, dyad: int, scope: int, day: int
) -> None:
    """Let the oldest open cases between two offices become items, and draw which are remembered.

    A decision is not yet an action: a remembered item becomes a call to a joint session, for which both
    sides must still find the hours and make the effort; a forgotten one stays in the docket.
    """
    rules = t.forums[forum]
    places = int(rules.items)
    for _ in range(places):
        case = _oldest_item(c, p, dyad, rules.tier, day)
        if case < 0:
            return
        record = c.cases[case]
        c.record[c.counters[MONTH], scope, R_ITEMS_DECIDED] += 1.0
        is_owned = uniform(seed, ITEM, record.key, record.candidate, 4 * record.attempts) < rules.owner
        chance = p.remember_owner if is_owned else p.remember_plain
        if record.item_state == DROPPED_ITEM:
            chance += (1.0 - chance) * rules.review
        cancel_act(c, case)
        if uniform(seed, ITEM, record.key, record.candidate, 4 * record.attempts + 1) < chance:
            record.item_state = OWNED_ITEM if is_owned else PLAIN_ITEM
            record.channel = BY_ITEM
            if tier_rank(record.tier) < tier_rank(rules.tier):
                hand_over(c, record, 1)
                record.tier = rules.tier
            record.holder = (
                0 if uniform(seed, ITEM, record.key, record.candidate, 4 * record.attempts + 2) < 0.5 else 1
            )
            call_session(c, case, rules.tier, day, day + int(p.execution_days))
        else:
            # What was agreed and forgotten costs belief on both sides.
            observe(c, p, c.dyads[dyad], 0, day, 0.0, p.weak_observation)
            observe(c, p, c.dyads[dyad], 1, day, 0.0, p.weak_observation)
            record.item_state = DROPPED_ITEM
            record.called = day
            record.attempts += 1
            decide_on(c, case, day + int(p.execution_days))


@compiled
def _oldest_item(c: Columns, p: Row, dyad: int, tier: int, day: int) -> int:
    """Give the oldest open case between two offices that a meeting of a tier may take up, -1 without one."""
    row = c.dyads[dyad]
    oldest = -1
    for index in range(row.first_tie, row.first_tie + row.ties):
        tie = c.dyad_ties[index]
        case = c.ties[tie].first_open
        while case >= 0:
            record = c.cases[case]
            # What a common superior has taken up is its own work.
            fits = tier_rank(record.tier) <= tier_rank(tier) and record.tier != UPPER
            fits = fits and record.next_act == DECIDE
            # What has been decided and forgotten today does not come up a second time.
            fits = fits and not (record.item_state == DROPPED_ITEM and record.called == day)
            if tier == DEPARTMENT:
                fits = fits and c.ties[tie].department_dyad + c.departments[record.domain] == dyad
            elif record.tier == DEPARTMENT:
                fits = False
            # Fresh cases, and cases that another item or session already waits for, do not come up.
            fits = fits and record.next_day > day and day - record.known >= p.item_age_days
            if fits and (oldest < 0 or record.known < c.cases[oldest].known):
                oldest = case
            case = record.after
    return oldest


@compiled
def meet_socially(c: Columns, t: InForce, p: Row, day: int) -> None:
    """Hold the events of contact that are due on ties: visits, festivals, exchanges.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    day : int
        Today.
    """
    for tie in c.contact_ties:
        events = on_tie(t, tie).contact_events
        row = c.ties[tie]
        if row.contact_due > day:
            continue
        if row.contact_due < day - DAYS_PER_YEAR / events:
            # The rota of a tie starts when the lever does, each tie at its own point of the round.
            row.contact_due = day + (row.key % 997) / 997.0 * DAYS_PER_YEAR / events
            row.contacts_this_year = 0.0
            continue
        row.contact_due += DAYS_PER_YEAR / events
        reach = 0.5 * (c.villages[row.a].participation + c.villages[row.b].participation)
        gain = contact_gain(p.trust_contact, row.contacts_this_year, p.contact_saturation_events)
        row.trust = rise(trust_of(row, p, day), gain * reach)
        row.contacts_this_year += 1.0
        restore_information(c, c.dyads[row.village_dyad], day)
        bind_hours(c, p, c.offices[row.a], day, on_tie(t, tie).contact_hours)
        bind_hours(c, p, c.offices[row.b], day, on_tie(t, tie).contact_hours)
