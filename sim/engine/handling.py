"""What offices do with the cases that are due: meet, mediate alone, work on their own, open them again."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.calendar import put_act, take_all
from sim.engine.cases import (
    act_on,
    decide_on,
    dyad_at,
    open_case,
    schedule_giving_up,
    schedule_worsening,
    scope_of,
)
from sim.engine.closing import give_up, settle
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    ACTS,
    DECIDE,
    HOW_OWN,
    HOW_SOLO,
    HOW_SUPERIOR,
    IN_QUEUE,
    MEET,
    MONTH,
    OPEN,
    OWN,
    R_RELAPSED,
    R_SOLO,
    SECURITY,
    SETTLED,
    SOLO,
)
from sim.engine.deciding import decide
from sim.engine.desks import desk_full, queue_work, saved_hours, spend_desk
from sim.engine.fetching import AHEAD, fetch_for_acts
from sim.engine.in_force import InForce, on_dyad, on_tie
from sim.engine.lookups import cool_off_of, hours_of, sessions_of, success_of, tier_rank
from sim.engine.meeting import meet
from sim.engine.worth import lone_chance, observe
from sim.rules.mediation import case_chance, session_chance, session_hours, solo_chance
from sim.rules.working import days_until_hours
from sim.streams import OUTCOME, uniform

__all__ = ["handle_cases", "mediate_alone", "reopen", "work_on_own"]


@compiled
def handle_cases(c: Columns, t: InForce, p: Row, seed: int, day: int) -> None:
    """Let every case whose turn has come have its act, the longest waiting first.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    count = take_all(c, ACTS, day)
    while count > 0:
        for number in range(-3 * AHEAD, count):
            fetch_for_acts(c, number, count)
            if number < 0:
                continue
            case = c.today[number]
            record = c.cases[case]
            if record.next_day > day:
                put_act(c, case, record.next_day, record.next_act)
            elif record.status == OPEN and record.gives_up <= day:
                give_up(c, p, record, day)
            elif record.next_act == DECIDE:
                decide(c, t, p, seed, case, day)
            elif record.next_act == MEET:
                meet(c, t, p, seed, case, day)
            elif record.next_act == SOLO:
                mediate_alone(c, t, p, seed, case, day)
            elif record.next_act == OWN:
                work_on_own(c, t, p, seed, case, day)
            else:
                reopen(c, p, seed, case, day)
        # An act may bring the case up again on the same day.
        count = take_all(c, ACTS, day)


@compiled
def mediate_alone(c: Columns, t: InForce, p: Row, seed: int, case: int, day: int) -> None:
    """Let one side mediate without the other.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    """
    record = c.cases[case]
    dyad = dyad_at(c, record.tie, record.tier, record.domain)
    row = c.dyads[dyad]
    side = record.holder
    office = c.offices[row.a if side == 0 else row.b]
    hours = session_hours(hours_of(p, record.difficulty), on_dyad(t, dyad).place, p.place_saving)
    if record.domain == SECURITY:
        # Investigating an offence is interior work of the police; only what both sides do is border work.
        if record.channel != IN_QUEUE:
            record.channel = IN_QUEUE
            put_act(c, case, max(day + 1, queue_work(c, office, day, hours)), SOLO)
            return
        hours = 0.0
    full = desk_full(office, p)
    wait = days_until_hours(saved_hours(office, p, day), office.desk_rate, full, hours)
    if wait > 0.0:
        put_act(c, case, day + max(1, int(min(wait, p.unattended_days))), SOLO)
        return
    spend_desk(office, p, day, hours)
    act_on(record, p, day)
    if record.first_response < 0:
        record.first_response = day
    held = record.sessions
    record.sessions += 1
    c.record[c.counters[MONTH], scope_of(c, record), R_SOLO + row.tier] += 1.0
    office.efforts += 1
    office.border_efforts += row.is_border
    rules = on_tie(t, record.tie)
    if rules.case_trail > 0.0:
        observe(c, p, row, 1 - side, day, 1.0, p.weak_observation * rules.case_trail)
    chance = lone_chance(rules, p, row.level, row.tier, record.difficulty)
    chance = solo_chance(chance, record.needs_both == 1)
    if record.legacy == 1:
        chance *= p.legacy_success_share
    chance = session_chance(chance, sessions_of(p, record.difficulty))
    # The luck of a session belongs to the case and the session's number, whoever holds it.
    draw = uniform(seed, OUTCOME, record.key, record.candidate, 2 * held)
    record.attempts += 1
    if draw < chance:
        settle(c, p, seed, case, day, HOW_SOLO, record.tier)
    else:
        decide_on(c, case, day + cool_off_of(p, record.legacy))


@compiled
def work_on_own(c: Columns, t: InForce, p: Row, seed: int, case: int, day: int) -> None:
    """Let the office above both sides, or the office of the place, deal with its own case.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    """
    record = c.cases[case]
    act_on(record, p, day)
    if record.first_response < 0:
        record.first_response = day
    held = record.sessions
    record.sessions += 1
    difficulty = record.difficulty
    bonus = 0.0
    if record.tie >= 0:
        rules = on_tie(t, record.tie)
        bonus = p.skill_bonus * rules.skill + p.law_bonus * rules.law
    chance = case_chance(
        success_of(p, difficulty), 0.0, bonus, tier_rank(record.tier), difficulty, p.wrong_tier_share
    )
    if record.legacy == 1:
        chance *= p.legacy_success_share
    chance = session_chance(chance, sessions_of(p, difficulty))
    draw = uniform(seed, OUTCOME, record.key, record.candidate, 2 * held)
    record.attempts += 1
    if draw < chance:
        settle(c, p, seed, case, day, HOW_SUPERIOR if record.tie >= 0 else HOW_OWN, record.tier)
    else:
        decide_on(c, case, day + cool_off_of(p, record.legacy))


@compiled
def reopen(c: Columns, p: Row, seed: int, case: int, day: int) -> None:
    """Open a settled case again; both sides know of it.

    Parameters
    ----------
    c, p : Columns, Row
        State and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    """
    record = c.cases[case]
    if record.status != SETTLED:
        return
    record.relapses += 1
    record.other_known = min(record.other_known, day)
    record.last_act = day
    c.record[c.counters[MONTH], scope_of(c, record), R_RELAPSED] += 1.0
    open_case(c, case)
    schedule_worsening(c, p, seed, case, day)
    schedule_giving_up(record, p, seed, day)
    decide_on(c, case, day)
