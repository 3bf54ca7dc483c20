"""What offices do with the cases that are due: decide, meet, mediate alone, refer, or work on their own."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.engine.calendar import put_act, take_all
from sim.engine.cases import (
    act_on,
    decide_on,
    dyad_at,
    give_up,
    hand_over,
    is_known_to_both,
    open_case,
    own_office,
    schedule_giving_up,
    schedule_worsening,
    scope_of,
    settle,
)
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    ACTS,
    BY_CHANNEL,
    BY_DUTY,
    BY_LINE,
    BY_OFFICE,
    COUNTY,
    DECIDE,
    DEPARTMENT,
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
    UPPER,
    VILLAGE,
    WEEKDAY,
)
from sim.engine.desks import desk_full, load_of, queue_work, saved_hours, spend_desk
from sim.engine.lookups import cool_off_of, hours_of, needs_both_share, sessions_of, success_of, tier_rank
from sim.engine.meeting import meet
from sim.engine.worth import effort_worth_of, lone_chance, observe
from sim.levers.institutions import Tables
from sim.rules.choosing import ALONE, JOINT, REFER, choose_option, refer_worth
from sim.rules.mediation import case_chance, session_chance, session_hours, solo_chance
from sim.rules.reaching import climb_days, days_until_duty, forwarding_chance
from sim.rules.willingness import pressure, settlement_worth
from sim.rules.working import days_until_hours
from sim.streams import CASE, CHOICE, OUTCOME, REACH, REFERRAL, uniform

__all__ = ["handle_cases"]


@compiled
def handle_cases(c: Columns, t: Tables, p: Row, seed: int, day: int) -> None:
    """Let every case whose turn has come have its act, the longest waiting first."""
    first = take_all(c, ACTS, day)
    while first >= 0:
        case = first
        while case >= 0:
            record = c.cases[case]
            following = record.link
            if record.next_day > day:
                put_act(c, case, record.next_day, record.next_act)
            elif record.status == OPEN and record.gives_up <= day:
                give_up(c, p, case, day)
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
            case = following
        # An act may bring the case up again on the same day.
        first = take_all(c, ACTS, day)


@compiled
def decide(c: Columns, t: Tables, p: Row, seed: int, case: int, day: int) -> None:
    """Choose what to do with a case: own work where one office stands above both sides, else the logit choice."""
    record = c.cases[case]
    record.channel = BY_LINE
    if record.tie < 0:
        decide_inside(c, t, p, seed, case, day, 0)
        return
    level = c.ties[record.tie].level
    dyad = dyad_at(c, record.tie, record.tier, record.domain)
    if dyad < 0:
        decide_inside(c, t, p, seed, case, day, level)
        return
    if is_known_to_both(c, case, day):
        draw = uniform(seed, CHOICE, record.key, record.candidate, 5 * record.attempts + 4)
        record.holder = 0 if draw < 0.5 else 1
    decide_between(c, t, p, seed, case, day, dyad, level)


@compiled
def decide_inside(c: Columns, t: Tables, p: Row, seed: int, case: int, day: int, level: int) -> None:
    """Choose between own work and referral; leaving a case of one's own territory is no option."""
    record = c.cases[case]
    tier = record.tier
    highest = UPPER if level >= 2 else COUNTY
    office = own_office(c, record.village, tier, level, record.domain)
    if tier < COUNTY or (tier != UPPER and highest == UPPER):
        difficulty = record.difficulty
        chance = case_chance(success_of(p, difficulty), 0.0, 0.0, tier_rank(tier), difficulty, p.wrong_tier_share)
        push = pressure(tier, p.pressure_town, p.pressure_village)
        value = settlement_worth(p.settlement_value * push, difficulty, p.value_complex, p.value_hard)
        cost = p.effort_cost + p.effort_cost_load * (load_of(c, p, office, day) - 0.5)
        refer = refer_worth(
            p.refer_base, p.refer_above_tier, p.refer_no_superior, difficulty > tier_rank(tier), True, 0.0
        )
        chosen = choose(seed, record, -math.inf, value * chance - cost, refer, -math.inf, p.choice_sharpness)
        if chosen == REFER:
            refer_upward(c, t, p, seed, case, day, level)
            return
    put_act(c, case, max(day, queue_work(c, office, day, hours_of(p, record.difficulty))), OWN)


@compiled
def choose(
    seed: int, case: Row, joint: float, alone: float, refer: float, leave: float, sharpness: float
) -> int:
    """Draw the choice of the side that is due; the draws belong to the case, the attempt and the option."""
    first = 5 * case.attempts
    return choose_option(
        joint,
        alone,
        refer,
        leave,
        sharpness,
        uniform(seed, CHOICE, case.key, case.candidate, first),
        uniform(seed, CHOICE, case.key, case.candidate, first + 1),
        uniform(seed, CHOICE, case.key, case.candidate, first + 2),
        uniform(seed, CHOICE, case.key, case.candidate, first + 3),
    )


@compiled
def reach_other(
    c: Columns, t: Tables, p: Row, dyad: int, side: int, day: int
) -> tuple[float, int]:
    """Give the days in which the other side can be brought to a session, and by which channel."""
    row = c.dyads[dyad]
    rules = t.dyads[dyad]
    if rules.office_kind > 0:
        return 0.0, BY_OFFICE
    if rules.cross_posted == 1:
        return 0.0, BY_CHANNEL
    days = climb_days(row.tier, row.level, p.hop_days_village, p.hop_days_town, p.hop_days_upper)
    channel = BY_LINE
    if rules.channel_days < days:
        days = rules.channel_days
        channel = BY_CHANNEL
    if rules.duty_power > 0.0:
        for office in (row.a, row.b):
            interval = t.offices[office].duty_interval
            if interval > 0:
                wait = days_until_duty(day, interval, c.offices[office].duty_phase % interval)
                if wait <= days:
                    days = float(wait)
                    channel = BY_DUTY
    return days, channel


@compiled
def decide_between(
    c: Columns, t: Tables, p: Row, seed: int, case: int, day: int, dyad: int, level: int
) -> None:
    """Choose between a joint session, going alone, referring upward and leaving the case."""
    record = c.cases[case]
    side = record.holder
    row = c.dyads[dyad]
    rules = t.dyads[dyad]
    office = row.a if side == 0 else row.b
    tier = row.tier
    days, channel = reach_other(c, t, p, dyad, side, day)
    arrives = forwarding_chance(tier, level, p.forwarding) if channel == BY_LINE else 1.0
    worth = effort_worth_of(
        c, t, p, dyad, side, record.tie, record.domain, record.difficulty, rules.monitoring, day
    )
    joint = arrives * worth - p.distance_cost * days
    chance = lone_chance(t, p, record.tie, level, tier, record.difficulty)
    chance *= 1.0 - needs_both_share(p, record.difficulty)
    push = pressure(tier, p.pressure_town, p.pressure_village)
    value = settlement_worth(p.settlement_value * push, record.difficulty, p.value_complex, p.value_hard)
    cost = p.effort_cost + p.effort_cost_load * (load_of(c, p, office, day) - 0.5) - c.offices[office].term
    has_superior = level < 4
    refer = refer_worth(
        p.refer_base,
        p.refer_above_tier,
        p.refer_no_superior,
        record.difficulty > tier_rank(tier),
        has_superior,
        rules.decision_right,
    )
    leave = -p.leave_per_day * (day - record.known)
    chosen = choose(seed, record, joint, value * chance - cost, refer, leave, p.choice_sharpness)
    if chosen == JOINT:
        record.channel = channel
        if uniform(seed, REACH, record.key, record.candidate, record.attempts) < arrives:
            put_act(c, case, next_session_day(c, tier, day, day + int(math.ceil(days))), MEET)
        else:
            record.attempts += 1
            decide_on(c, case, day + int(math.ceil(days)))
    elif chosen == ALONE:
        put_act(c, case, day, SOLO)
    elif chosen == REFER:
        refer_upward(c, t, p, seed, case, day, level)
    else:
        record.attempts += 1
        decide_on(c, case, day + cool_off_of(p, record.legacy))


@compiled
def next_session_day(c: Columns, tier: int, today: int, day: int) -> int:
    """Give the first day from a day on at which a tier holds sessions: towns and above on working days."""
    if tier == VILLAGE:
        return day
    weekday = (c.counters[WEEKDAY] + day - today) % 7
    return day + (7 - weekday if weekday >= 5 else 0)


@compiled
def refer_upward(c: Columns, t: Tables, p: Row, seed: int, case: int, day: int, level: int) -> None:
    """Pass a case up one's own line: it is forwarded, or lost on the way, or comes back for want of a superior."""
    record = c.cases[case]
    tier = record.tier
    attempt = record.attempts
    record.attempts += 1
    height = tier_rank(tier)
    hop = p.hop_days_village if height == 0 else (p.hop_days_town if height == 1 else p.hop_days_upper)
    arrival = day + int(math.ceil(hop))
    if uniform(seed, REFERRAL, record.key, record.candidate, 2 * attempt) >= p.forwarding:
        decide_on(c, case, arrival + cool_off_of(p, record.legacy))
        return
    act_on(c, p, case, day)
    if height < 2:
        hand_over(c, case, 1)
        record.tier = tier + 1
        if record.tier == COUNTY:
            route_to_department(c, t, seed, case)
        decide_on(c, case, arrival)
    elif level < 4:
        hand_over(c, case, 1)
        record.tier = UPPER
        decide_on(c, case, arrival)
    else:
        hand_over(c, case, 2)
        decide_on(c, case, day + int(p.upper_return_days))


@compiled
def route_to_department(c: Columns, t: Tables, seed: int, case: int) -> None:
    """Send a case that reached the county to the competent department, where routing says so."""
    record = c.cases[case]
    if record.tie < 0 or c.ties[record.tie].department_dyad < 0:
        return
    draw = uniform(seed, CASE, record.key, record.candidate, 13)
    if draw < t.ties[record.tie].route_to_department:
        record.tier = DEPARTMENT


@compiled
def mediate_alone(c: Columns, t: Tables, p: Row, seed: int, case: int, day: int) -> None:
    """Let one side mediate without the other."""
    record = c.cases[case]
    dyad = dyad_at(c, record.tie, record.tier, record.domain)
    row = c.dyads[dyad]
    side = record.holder
    office = row.a if side == 0 else row.b
    hours = session_hours(hours_of(p, record.difficulty), t.dyads[dyad].place, p.place_saving)
    if record.domain == SECURITY:
        # Investigating an offence is interior work of the police; only what both sides do is border work.
        if record.channel != IN_QUEUE:
            record.channel = IN_QUEUE
            put_act(c, case, max(day + 1, queue_work(c, office, day, hours)), SOLO)
            return
        hours = 0.0
    full = desk_full(c, p, office)
    wait = days_until_hours(saved_hours(c, p, office, day), c.offices[office].desk_rate, full, hours)
    if wait > 0.0:
        put_act(c, case, day + max(1, int(min(wait, p.unattended_days))), SOLO)
        return
    spend_desk(c, p, office, day, hours)
    act_on(c, p, case, day)
    if record.first_response < 0:
        record.first_response = day
    held = record.sessions
    record.sessions += 1
    c.record[c.counters[MONTH], scope_of(c, case), R_SOLO + row.tier] += 1.0
    c.offices[office].efforts += 1
    trail = t.ties[record.tie].case_trail
    if trail > 0.0:
        observe(c, p, dyad, 1 - side, day, 1.0, p.weak_observation * trail)
    chance = solo_chance(
        lone_chance(t, p, record.tie, row.level, row.tier, record.difficulty), record.needs_both == 1
    )
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
def work_on_own(c: Columns, t: Tables, p: Row, seed: int, case: int, day: int) -> None:
    """Let the office above both sides, or the office of the place, deal with its own case."""
    record = c.cases[case]
    act_on(c, p, case, day)
    if record.first_response < 0:
        record.first_response = day
    held = record.sessions
    record.sessions += 1
    difficulty = record.difficulty
    bonus = 0.0
    if record.tie >= 0:
        rules = t.ties[record.tie]
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
    """Open a settled case again; both sides know of it."""
    record = c.cases[case]
    if record.status != SETTLED:
        return
    record.relapses += 1
    record.other_known = min(record.other_known, day)
    record.last_act = day
    c.record[c.counters[MONTH], scope_of(c, case), R_RELAPSED] += 1.0
    open_case(c, case)
    schedule_worsening(c, p, seed, case, day)
    schedule_giving_up(c, p, seed, case, day)
    decide_on(c, case, day)
