"""What an office does with a case that comes up: joint session, alone, own work, upward, or nothing yet."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.engine.calendar import put_act
from sim.engine.cases import (
    act_on,
    call_session,
    decide_on,
    dyad_at,
    hand_over,
    is_known_to_both,
    own_office,
)
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BY_CHANNEL,
    BY_DUTY,
    BY_LINE,
    BY_OFFICE,
    COUNTY,
    DEPARTMENT,
    OWN,
    SOLO,
    UPPER,
)
from sim.engine.desks import load_of, queue_work
from sim.engine.in_force import InForce, at_office, on_dyad, on_tie
from sim.engine.lookups import cool_off_of, hours_of, needs_both_share, success_of, tier_rank
from sim.engine.worth import effort_worth_of, lone_chance
from sim.rules.choosing import ALONE, JOINT, REFER, choose_option, refer_worth
from sim.rules.mediation import case_chance
from sim.rules.reaching import climb_days, days_until_duty, forwarding_chance
from sim.rules.willingness import pressure, settlement_worth
from sim.streams import CASE, CHOICE, REACH, REFERRAL, four_uniforms, uniform

__all__ = [
    "choose",
    "decide",
    "decide_between",
    "decide_inside",
    "reach_other",
    "refer_upward",
    "route_to_department",
]


@compiled
def decide(c: Columns, t: InForce, p: Row, seed: int, case: int, day: int) -> None:
    """Choose what to do with a case: own work where one office stands above both sides, else by logit.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    """
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
    if on_dyad(t, dyad).cross_posted == 1:
        record.other_known = min(record.other_known, day)
    if is_known_to_both(record, day):
        draw = uniform(seed, CHOICE, record.key, record.candidate, 8 * record.attempts + 4)
        record.holder = 0 if draw < 0.5 else 1
    decide_between(c, t, p, seed, case, day, dyad, level)


@compiled
def decide_inside(c: Columns, t: InForce, p: Row, seed: int, case: int, day: int, level: int) -> None:
    """Choose between own work and referral; leaving a case of one's own territory is no option.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    level : int
        Boundary level of its tie, 0 without one.
    """
    record = c.cases[case]
    tier = record.tier
    highest = UPPER if level >= 2 else COUNTY
    office = c.offices[own_office(c, record.village, tier, level, record.domain)]
    if tier < COUNTY or (tier != UPPER and highest == UPPER):
        difficulty = record.difficulty
        chance = case_chance(
            success_of(p, difficulty), 0.0, 0.0, tier_rank(tier), difficulty, p.wrong_tier_share
        )
        push = pressure(tier, p.pressure_town, p.pressure_village)
        value = settlement_worth(p.settlement_value * push, difficulty, p.value_complex, p.value_hard)
        cost = p.effort_cost + p.effort_cost_load * (load_of(office, p, day) - 0.5)
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
    """Draw the choice of the side that is due; the draws belong to the case, the attempt and the option.

    Parameters
    ----------
    seed : int
        Seed of the run.
    case : Row
        Row of the case.
    joint, alone, refer, leave, sharpness : float
        As in `sim.rules.choosing.choose_option`.

    Returns
    -------
    int
        JOINT, ALONE, REFER or LEAVE.
    """
    draws = four_uniforms(seed, CHOICE, case.key, case.candidate, 2 * case.attempts)
    return choose_option(joint, alone, refer, leave, sharpness, draws[0], draws[1], draws[2], draws[3])


@compiled
def decide_between(
    c: Columns, t: InForce, p: Row, seed: int, case: int, day: int, dyad: int, level: int
) -> None:
    """Choose between a joint session, going alone, referring upward and leaving the case.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    dyad, level : int
        The dyad that deals with the case, and its boundary level.
    """
    record = c.cases[case]
    side = record.holder
    row = c.dyads[dyad]
    rules = on_dyad(t, dyad)
    office = c.offices[row.a if side == 0 else row.b]
    tier = row.tier
    days, channel = reach_other(c, t, p, dyad, day)
    arrives = forwarding_chance(tier, level, p.forwarding) if channel == BY_LINE else 1.0
    worth = effort_worth_of(
        c, t, p, dyad, side, record.tie, record.domain, record.difficulty, rules.monitoring, day
    )
    joint = arrives * worth - p.distance_cost * days
    chance = lone_chance(on_tie(t, record.tie), p, level, tier, record.difficulty)
    chance *= 1.0 - needs_both_share(p, record.difficulty)
    push = pressure(tier, p.pressure_town, p.pressure_village)
    value = settlement_worth(p.settlement_value * push, record.difficulty, p.value_complex, p.value_hard)
    cost = p.effort_cost + p.effort_cost_load * (load_of(office, p, day) - 0.5) - office.term
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
            call_session(c, case, tier, day, day + int(math.ceil(days)))
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
def reach_other(c: Columns, t: InForce, p: Row, dyad: int, day: int) -> tuple[float, int]:
    """Give the days in which the other side can be brought to a session, and by which channel.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    dyad, day : int
        The dyad, and today.

    Returns
    -------
    float, int
        Days from 0, and BY_LINE to BY_OFFICE.
    """
    row = c.dyads[dyad]
    rules = on_dyad(t, dyad)
    if rules.office_kind > 0:
        return 0.0, BY_OFFICE
    if rules.cross_posted == 1:
        return 0.0, BY_CHANNEL
    days = climb_days(row.tier, row.level, p.hop_days_village, p.hop_days_town, p.hop_days_upper)
    channel = BY_LINE
    if rules.channel_days < days:
        days = rules.channel_days
        channel = BY_CHANNEL
    if row.channel_open == 1 and rules.earned_days < days:
        days = rules.earned_days
        channel = BY_CHANNEL
    if rules.duty_power > 0.0:
        for office in (row.a, row.b):
            interval = at_office(t, office).duty_interval
            if interval > 0:
                wait = days_until_duty(day, interval, c.offices[office].duty_phase % interval)
                if wait <= days:
                    days = float(wait)
                    channel = BY_DUTY
    return days, channel


@compiled
def refer_upward(c: Columns, t: InForce, p: Row, seed: int, case: int, day: int, level: int) -> None:
    """Pass a case up one's own line: it is forwarded, lost on the way, or comes back unsettled.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    level : int
        Boundary level of its tie, 0 without one.
    """
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
    act_on(record, p, day)
    if height < 2:
        hand_over(c, record, 1)
        record.tier = tier + 1
        if record.tier == COUNTY:
            route_to_department(c, t, seed, record)
        decide_on(c, case, arrival)
    elif level < 4:
        hand_over(c, record, 1)
        record.tier = UPPER
        decide_on(c, case, arrival)
    else:
        hand_over(c, record, 2)
        decide_on(c, case, day + int(p.upper_return_days))


@compiled
def route_to_department(c: Columns, t: InForce, seed: int, record: Row) -> None:
    """Send a case that reached the county to the competent department, where routing says so.

    Parameters
    ----------
    c, t : Columns, InForce
        State and institutions.
    seed : int
        Seed of the run.
    record : Row
        Row of the case.
    """
    if record.tie < 0 or c.ties[record.tie].department_dyad < 0:
        return
    draw = uniform(seed, CASE, record.key, record.candidate, 15)
    if draw < on_tie(t, record.tie).route_to_department:
        record.tier = DEPARTMENT
