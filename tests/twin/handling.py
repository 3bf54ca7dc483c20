"""Phase 7, handling: offices decide on and work at the cases that are due."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.rules.choosing import ALONE, JOINT, REFER, choose_option, refer_worth
from sim.rules.mediation import case_chance, session_chance, session_hours, solo_chance
from sim.rules.reaching import forwarding_chance
from sim.rules.working import days_until_hours
from sim.streams import CHOICE, OUTCOME, REACH, REFERRAL
from sim.world.offices import COUNTY, DEPARTMENT, TOWN, UPPER, VILLAGE
from tests.twin.cases import SECURITY, Case, rank
from tests.twin.offices import Dyad, Office
from tests.twin.sensing import route_to_department
from tests.twin.sessions import meet

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["handle_cases"]


def handle_cases(border: Border) -> None:
    """Let every case whose turn has come have its act, in the order in which they became due."""
    acts = {"decide": decide, "meet": meet, "alone": mediate_alone, "own": work_on_own, "reopen": reopen}
    for case in border.docket.due(border.day):
        if case.status == "open" and case.gives_up <= border.day:
            case.act()
            case.close("given_up")
        else:
            acts[case.next_act](case)


def decide(case: Case) -> None:
    """Choose what to do: own work where one office stands above both sides, else one of four ways."""
    case.channel = "line"
    dyad = case.dyad
    if dyad is None:
        decide_inside(case)
        return
    if dyad.rules.cross_posted:
        case.tell_both()
    if case.other_known <= case.model.day:
        case.holder = 0 if case.draw(CHOICE, 8 * case.attempts + 4) < 0.5 else 1
    decide_between(case, dyad)


def choose(case: Case, joint: float, alone: float, refer: float, leave: float) -> int:
    """Choose by a race in which every option has its own draw."""
    draws = [case.draw(CHOICE, 8 * case.attempts + option) for option in range(4)]
    return choose_option(joint, alone, refer, leave, case.model.p.choice_sharpness, *draws)


def decide_inside(case: Case) -> None:
    """Work on a case of one's own territory or refer it upward; leaving it is no option."""
    p, office = case.model.p, own_office(case)
    if case.tier < COUNTY:
        chance = case_chance(
            p.success[case.difficulty], 0.0, 0.0, case.tier, case.difficulty, p.wrong_tier_share
        )
        work = office.value_of(case.difficulty) * chance - office.effort_cost
        if choose(case, -math.inf, work, worth_of_referral(case, True, 0.0), -math.inf) == REFER:
            refer_upward(case)
            return
    case.wait_for("own", max(case.model.day, office.queue(p.session_hours[case.difficulty])))


def own_office(case: Case) -> Office:
    """Give the office of the village's line; above the county the lowest one above both sides."""
    office = case.village.branch
    if case.tier == DEPARTMENT:
        return up(office, COUNTY).departments[case.model.department_of[case.domain]]
    if case.tier == UPPER:
        return up(office, 3 if case.level <= 2 else 4)
    return up(office, case.tier)


def up(office: Office, hops: int) -> Office:
    """Go up an office's line."""
    for _ in range(hops):
        assert office.parent is not None
        office = office.parent
    return office


def worth_of_referral(case: Case, has_superior: bool, decision_right: float) -> float:
    """Give the utility of referring a case upward."""
    p = case.model.p
    is_above = case.difficulty > rank(case.tier)
    weights = (p.refer_base, p.refer_above_tier, p.refer_no_superior)
    return refer_worth(*weights, is_above, has_superior, decision_right)


def decide_between(case: Case, dyad: Dyad) -> None:
    """Choose between a joint session, going alone, referring upward and leaving the case."""
    p, today, office = case.model.p, case.model.day, dyad.offices[case.holder]
    days, channel = dyad.reach()
    arrives = forwarding_chance(dyad.tier, dyad.level, p.forwarding) if channel == "line" else 1.0
    worth = dyad.worth(case.holder, case.tie, case.domain, case.difficulty, dyad.rules.monitoring)
    chance = dyad.chance(case.tie, case.difficulty, joint=False) * (1.0 - p.needs_both[case.difficulty])
    chosen = choose(
        case,
        arrives * worth - p.distance_cost * days,
        office.value_of(case.difficulty) * chance - office.effort_cost + office.term,
        worth_of_referral(case, dyad.level < 4, dyad.rules.decision_right),
        -p.leave_per_day * (today - case.known),
    )
    if chosen == JOINT:
        case.channel = channel
        if case.draw(REACH, case.attempts) < arrives:
            case.call(dyad.tier, today + math.ceil(days))
        else:
            case.attempts += 1
            case.wait_for("decide", today + math.ceil(days))
    elif chosen == ALONE:
        case.wait_for("alone", today)
    elif chosen == REFER:
        refer_upward(case)
    else:
        case.attempts += 1
        case.wait_for("decide", today + case.cool_off)


def refer_upward(case: Case) -> None:
    """Pass a case up one's own line: it is forwarded, lost on the way, or comes back unsettled."""
    p, today, height = case.model.p, case.model.day, rank(case.tier)
    hop = math.ceil((p.hop_days_village, p.hop_days_town, p.hop_days_upper)[height])
    is_forwarded = case.draw(REFERRAL, 2 * case.attempts) < p.forwarding
    case.attempts += 1
    if not is_forwarded:
        case.wait_for("decide", today + hop + case.cool_off)
        return
    case.act()
    if height == 2 and case.level == 4:
        case.hand_over(2)
        case.wait_for("decide", today + int(p.upper_return_days))
        return
    case.hand_over(1)
    case.tier = {VILLAGE: TOWN, TOWN: COUNTY}.get(case.tier, UPPER)
    if case.tier == COUNTY:
        route_to_department(case)
    case.wait_for("decide", today + hop)


def mediate_alone(case: Case) -> None:
    """Let one side mediate without the other, when its desk has the hours."""
    p, today, dyad = case.model.p, case.model.day, case.dyad
    office = dyad.offices[case.holder]
    hours = session_hours(p.session_hours[case.difficulty], dyad.rules.place, p.place_saving)
    if case.domain == SECURITY:
        # The police investigate an offence in the queue of their interior work.
        if case.channel != "queue":
            case.channel = "queue"
            case.wait_for("alone", max(today + 1, office.queue(hours)))
            return
        hours = 0.0
    wait = days_until_hours(office.desk, office.desk_rate, office.desk_full, hours)
    if wait > 0.0:
        case.wait_for("alone", today + max(1, int(min(wait, p.unattended_days))))
        return
    office.spend(hours)
    case.act()
    held = case.respond()
    case.count(f"solo_{case.model.tier_names[dyad.tier]}")
    office.efforts += 1
    office.border_efforts += dyad.is_border
    if case.tie.rules.case_trail > 0.0:
        dyad.observe(1 - case.holder, True, p.weak_observation * case.tie.rules.case_trail)
    try_to_settle(
        case, solo_chance(dyad.chance(case.tie, case.difficulty, joint=False), case.needs_both), held, "solo"
    )


def work_on_own(case: Case) -> None:
    """Let the office of the place, or the one above both sides, deal with its own case."""
    p, bonus = case.model.p, 0.0
    case.act()
    held = case.respond()
    if case.tie:
        bonus = p.skill_bonus * case.tie.rules.skill + p.law_bonus * case.tie.rules.law
    chance = case_chance(
        p.success[case.difficulty], 0.0, bonus, rank(case.tier), case.difficulty, p.wrong_tier_share
    )
    try_to_settle(case, chance, held, "superior" if case.tie else "own")


def try_to_settle(case: Case, chance: float, held: int, how: str) -> None:
    """Draw the outcome of a session; the luck belongs to the case and the session's number."""
    p = case.model.p
    chance *= p.legacy_success_share if case.is_legacy else 1.0
    case.attempts += 1
    if case.draw(OUTCOME, 2 * held) < session_chance(chance, p.sessions[case.difficulty]):
        case.settle(how)
    else:
        case.wait_for("decide", case.model.day + case.cool_off)


def reopen(case: Case) -> None:
    """Open a settled case again; both sides know of it."""
    case.relapses += 1
    case.tell_both()
    case.last_act = case.model.day
    case.count("relapsed")
    case.open()
    case.schedule_worsening()
    case.schedule_giving_up()
    case.wait_for("decide", case.model.day)
