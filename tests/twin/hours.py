"""Phase 2, hours: duties, meetings and contact bind hours and bring the two sides together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.rules.learning import contact_gain
from sim.streams import DUTY, ITEM, MEETING, uniform
from sim.world.offices import DEPARTMENT, UPPER
from tests.twin.cases import LAND, SECURITY, Case, rank
from tests.twin.offices import Dyad, Office

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["hold_meetings", "meet_socially", "stand_duty"]


def stand_duty(border: Border) -> None:
    """Let every office whose duty day it is provide a convener."""
    for office in border.offices:
        if office.days_until_duty() == 0:
            draw = uniform(border.seed, DUTY, office.key, border.day, 0)
            if office.attends(border.p.obligation_duty, draw):
                convene(border, office)


def convene(border: Border, office: Office) -> None:
    """Sit on duty, working or not; the other side sees it, and what stalled may be taken up."""
    p = border.p
    office.bind(office.rules.duty_hours)
    draw = uniform(border.seed, DUTY, office.key, border.day, 1)
    weight = p.weak_observation * min(1.0, office.rules.duty_interval / p.duty_window_days)
    domain = SECURITY if office.tier == DEPARTMENT else LAND
    for dyad in office.dyads:
        if dyad.rules.has_duty:
            side = dyad.offices.index(office)
            works = draw < dyad.willingness(side, dyad.ties[0], domain, 0, p.monitoring_duty)
            dyad.observe(1 - side, works, weight)
            dyad.tell()
            if works:
                take_up(border, office, dyad)


def take_up(border: Border, office: Office, dyad: Dyad) -> None:
    """Bring stalled cases of a pair up for decision today, as far as the rota has a memory."""
    for case in [case for tie in dyad.ties for case in tie.open_cases]:
        is_stalled = case.next_act == "decide" and case.next_day > border.day + 1
        if is_stalled and case.dyad is dyad and case.last_act + case.cool_off <= border.day:
            draw = uniform(border.seed, DUTY, case.key ^ office.key, border.day, 2 + case.candidate)
            if draw < dyad.rules.duty_memory:
                border.docket.strike(case)
                case.wait_for("decide", border.day)


def hold_meetings(border: Border) -> None:
    """Hold the meetings of today; one that falls on a weekend is held on Monday."""
    weekday = border.date.weekday()
    for forum in border.forums if weekday < 5 else ():
        wait = (forum.phase - border.day) % forum.cadence
        fell_on_weekend = weekday == 0 and forum.cadence > 2 and wait >= forum.cadence - 2
        if wait == 0 or fell_on_weekend:
            meet(border, forum)


def meet(border: Border, forum: Any) -> None:
    """Hold a meeting: who attends, who tells whom, and which cases become items."""
    attends: dict[Office, bool] = {}
    for dyad in forum.dyads:
        for office in dyad.offices:
            if office not in attends:
                draw = uniform(border.seed, MEETING, office.key, border.day, forum.key)
                attends[office] = office.attends(dyad.rules.forum_obligation, draw)
                if attends[office]:
                    office.bind(forum.hours)
    for dyad in forum.dyads:
        if all(attends[office] for office in dyad.offices):
            border.count("meetings", int(dyad.is_border))
            dyad.tell()
            for case in oldest_items(border, forum, dyad)[: int(forum.items)]:
                decide_item(border, forum, dyad, case)


def oldest_items(border: Border, forum: Any, dyad: Dyad) -> list[Case]:
    """Give the open cases that may come before a meeting and wait for no session, the oldest first."""

    def fits(case: Case) -> bool:
        if forum.tier == DEPARTMENT:
            is_ours = case.tie is not None and case.tie.dyad_at(DEPARTMENT, case.domain) is dyad
        else:
            is_ours = case.tier != DEPARTMENT
        # What a common superior has taken up is its own work.
        is_ours = is_ours and case.tier != UPPER
        waits = case.next_act == "decide" and case.next_day > border.day
        is_old = border.day - case.known >= border.p.item_age_days
        # What another meeting has decided and forgotten today does not come up a second time.
        waits = waits and not (case.item == "dropped" and case.called == border.day)
        return is_ours and waits and is_old and rank(case.tier) <= rank(forum.tier)

    fitting = [case for tie in dyad.ties for case in tie.open_cases if fits(case)]
    return sorted(fitting, key=lambda case: case.known)


def decide_item(border: Border, forum: Any, dyad: Dyad, case: Case) -> None:
    """Decide an item; a decision is not yet an action, and some are forgotten."""
    p, draw = border.p, 4 * case.attempts
    border.count("items_decided", int(dyad.is_border))
    is_owned = case.draw(ITEM, draw) < forum.owner
    chance = p.remember_owner if is_owned else p.remember_plain
    if case.item == "dropped":
        chance += (1.0 - chance) * forum.review
    border.docket.strike(case)
    if case.draw(ITEM, draw + 1) < chance:
        case.item = "owned" if is_owned else "plain"
        case.channel = "item"
        if rank(case.tier) < rank(forum.tier):
            case.hand_over(1)
            case.tier = forum.tier
        case.holder = 0 if case.draw(ITEM, draw + 2) < 0.5 else 1
        case.call(forum.tier, border.day + int(p.execution_days))
    else:
        for side in (0, 1):
            dyad.observe(side, False, p.weak_observation)
        case.item, case.called = "dropped", border.day
        case.attempts += 1
        case.wait_for("decide", border.day + int(p.execution_days))


def meet_socially(border: Border) -> None:
    """Hold the events of contact that are due on ties, each tie at its own point of the round."""
    p, today = border.p, border.day
    for tie in border.ties:
        events = tie.rules.contact_events
        if events <= 0.0 or tie.contact_due > today:
            continue
        gap = 365.25 / events
        if tie.contact_due < today - gap:
            # The round begins with the lever.
            tie.contact_due = today + tie.key % 997 / 997.0 * gap
            tie.contacts_this_year = 0
            continue
        tie.contact_due += gap
        gain = contact_gain(p.trust_contact, tie.contacts_this_year, p.contact_saturation_events)
        tie.gain(gain * p.reachable_share)
        tie.contacts_this_year += 1
        tie.dyads[0].tell()
        for village in tie.villages:
            village.branch.bind(tie.rules.contact_hours)
