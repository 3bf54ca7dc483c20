"""Joint sessions: who comes, who makes an effort, what comes of it and what both sides learn."""

from __future__ import annotations

from sim.rules.mediation import line_weight, session_chance, session_hours, shared_chance
from sim.rules.working import days_until_hours, hours_of_other
from sim.streams import ATTEND, EFFORT, OUTCOME
from tests.twin.cases import SECURITY, Case
from tests.twin.offices import Dyad

__all__ = ["meet"]


def meet(case: Case) -> None:
    """Hold the session for which a case was called, if both sides have the hours today."""
    p, today, dyad = case.model.p, case.model.day, case.dyad
    hours = session_hours(p.session_hours[case.difficulty], dyad.rules.place, p.place_saving)
    wait = wait_for_hours(dyad, hours)
    if wait > 0:
        postpone(case, dyad, wait)
        return
    caller, called = case.holder, 1 - case.holder
    tier = case.model.tier_names[dyad.tier]
    works = [makes_effort(case, dyad, side) for side in (0, 1)]
    attends = works[called] or comes_anyway(case, dyad)
    case.count(f"calls_{tier}")
    dyad.calls += 1
    case.attempts += 1
    case.act()
    if not attends:
        dyad.offices[caller].spend(p.unanswered_share * hours)
        dyad.observe(caller, False, 1.0)
        fail(case)
        return
    spend(dyad, hours)
    dyad.attended += 1
    held = case.respond()
    for office, worked in zip(dyad.offices, works, strict=True):
        office.efforts += worked
        office.border_efforts += worked and dyad.is_border
    for name, is_so in (
        ("attended", True),
        ("joint", True),
        ("efforts", works[called]),
        ("any_effort", any(works)),
        ("both_effort", all(works)),
    ):
        if is_so:
            case.count(f"{name}_{tier}")
    case.tell_both()
    dyad.observe(caller, works[called], 1.0)
    dyad.observe(called, works[caller], 1.0)
    if case.item in ("plain", "owned"):
        case.item = "" if all(works) else "dropped"
        if all(works):
            case.count("items_carried_out")
    if is_settled(case, dyad, sum(works), held):
        case.settle("joint")
    elif all(works):
        # An honest attempt that fails costs no trust.
        case.wait_for("decide", today + case.cool_off)
    else:
        fail(case)


def postpone(case: Case, dyad: Dyad, wait: int) -> None:
    """Find another date; where that would take too long, the case comes up again and may take another way."""
    p, today = case.model.p, case.model.day
    day = case.model.session_day(dyad.tier, today + wait)
    if day - case.called <= int(p.cool_off_days):
        case.wait_for("meet", day)
    else:
        case.attempts += 1
        case.item = "dropped" if case.item else ""
        case.wait_for("decide", today + case.cool_off)


def fail(case: Case) -> None:
    """Let a session fail for want of effort; police who fail set no villages against each other."""
    p = case.model.p
    if case.domain != SECURITY:
        case.tie.lose(p.trust_gain * p.trust_loss_ratio)
    case.item = "dropped" if case.item else ""
    case.wait_for("decide", case.model.day + case.cool_off)


def monitoring(case: Case, dyad: Dyad) -> float:
    """Give how much of an effort is seen in the channel by which the session was called."""
    p, seen = case.model.p, dyad.rules.monitoring
    if case.channel == "item":
        seen = max(seen, p.monitoring_owner if case.item == "owned" else p.monitoring_forum)
    return max(seen, dyad.rules.service_clock * p.monitoring_owner)


def makes_effort(case: Case, dyad: Dyad, side: int) -> bool:
    """Tell whether a side makes an effort; its draw holds for a while: meeting again is no lottery."""
    span = (case.model.day - case.known) // int(case.model.p.effort_persistence_days)
    chance = dyad.willingness(side, case.tie, case.domain, case.difficulty, monitoring(case, dyad))
    return case.draw(EFFORT, side + 2 * span) < chance


def comes_anyway(case: Case, dyad: Dyad) -> bool:
    """Tell whether the side that was called attends although it means to make no effort."""
    obligation = dyad.rules.obligation
    if case.channel == "duty":
        obligation = max(obligation, dyad.rules.duty_power * case.model.p.obligation_duty)
    elif case.channel == "item":
        obligation = max(obligation, dyad.rules.forum_obligation)
    return dyad.offices[1 - case.holder].attends(obligation, case.draw(ATTEND, case.attempts))


def is_settled(case: Case, dyad: Dyad, efforts: int, held: int) -> bool:
    """Draw whether an agreement is reached, and whether it bounces because rules differ."""
    p = case.model.p
    chance = shared_chance(
        dyad.chance(case.tie, case.difficulty, joint=True), efforts, p.one_sided_effort_share,
        p.no_effort_success, case.needs_both, dyad.rules.decision_right, p.decision_substitution,
    )  # fmt: skip
    chance *= p.legacy_success_share if case.is_legacy else 1.0
    if case.draw(OUTCOME, 2 * held) >= session_chance(chance, p.sessions[case.difficulty]):
        return False
    bounce = p.bounce_share * line_weight(dyad.level, p.line_inside_province)
    return case.draw(OUTCOME, 2 * held + 1) >= bounce * (1.0 - case.tie.rules.rules_harmonised)


def wait_for_hours(dyad: Dyad, hours: float) -> int:
    """Give the days until both have the hours: the joint office's first, both desks give the rest."""
    p = dyad.model.p
    if dyad.rules.office_kind:
        hours -= min(hours, dyad.shared_hours)
        if hours <= 0.0:
            return 0
    scarce, plenty = sorted(office.desk for office in dyad.offices)
    is_replaceable = p.substitution_exponent > -20.0
    if is_replaceable and hours_of_other(hours, min(scarce, hours), p.substitution_exponent) <= plenty:
        return 0
    wait = max(
        days_until_hours(office.desk, office.desk_rate, office.desk_full, hours) for office in dyad.offices
    )
    if wait <= 0.0:
        return 0
    return 1 if is_replaceable else max(1, int(min(wait, p.unattended_days)))


def spend(dyad: Dyad, hours: float) -> None:
    """Take the hours of a session from the joint office and the rest from both desks."""
    exponent = dyad.model.p.substitution_exponent
    if dyad.rules.office_kind:
        used = min(hours, dyad.shared_hours)
        dyad.shared_hours -= used
        hours -= used
        if hours <= 0.0:
            return
    scarce, plenty = sorted(dyad.offices, key=lambda office: office.desk)
    more = hours
    if scarce.desk < hours and exponent > -20.0:
        more = hours_of_other(hours, scarce.desk, exponent)
    scarce.spend(hours)
    plenty.spend(more)
