"""A joint session: who comes, who makes an effort, what comes of it and what both sides learn."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.calendar import put_act
from sim.engine.cases import (
    act_on,
    decide_on,
    dyad_at,
    next_session_day,
    scope_of,
)
from sim.engine.closing import settle
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BY_DUTY,
    BY_ITEM,
    DROPPED_ITEM,
    HOW_JOINT,
    MEET,
    MONTH,
    NO_ITEM,
    OWNED_ITEM,
    PLAIN_ITEM,
    R_ANY_EFFORT,
    R_ATTENDED,
    R_BOTH_EFFORT,
    R_CALLS,
    R_EFFORTS,
    R_ITEMS_CARRIED_OUT,
    R_JOINT,
    SECURITY,
)
from sim.engine.desks import desk_full, saved_hours, spend_desk
from sim.engine.in_force import InForce, at_office, on_dyad, on_tie
from sim.engine.lookups import cool_off_of, hours_of, sessions_of
from sim.engine.worth import effort_worth_of, joint_chance, observe, trust_of
from sim.rules.learning import lose
from sim.rules.mediation import line_weight, session_chance, session_hours, shared_chance
from sim.rules.willingness import attend_chance, effort_chance
from sim.rules.working import balance_on, days_until_hours, hours_of_other
from sim.streams import ATTEND, EFFORT, OUTCOME, uniform

__all__ = ["is_effort_made", "meet", "restore_information", "shared_balance"]


@compiled
def meet(c: Columns, t: InForce, p: Row, seed: int, case: int, day: int) -> None:
    """Hold the joint session for which a case was called, if both sides have the hours today.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    """
    record = c.cases[case]
    tie = record.tie
    dyad = dyad_at(c, tie, record.tier, record.domain)
    row = c.dyads[dyad]
    rules = on_dyad(t, dyad)
    caller = record.holder
    called = 1 - caller
    hours = session_hours(hours_of(p, record.difficulty), rules.place, p.place_saving)
    wait = _wait_for_hours(c, p, row, rules, hours, day)
    if wait > 0:
        date = next_session_day(c, row.tier, day, day + wait)
        if date - record.called <= int(p.cool_off_days):
            put_act(c, case, date, MEET)
        else:
            # No date could be found: the case comes up again, and may take another way.
            record.attempts += 1
            if record.item_state != NO_ITEM:
                record.item_state = DROPPED_ITEM
            decide_on(c, case, day + cool_off_of(p, record.legacy))
        return
    monitoring = _monitoring(rules, p, record.channel, record.item_state)
    effort_caller = is_effort_made(c, t, p, seed, record, dyad, caller, monitoring, day)
    effort_called = is_effort_made(c, t, p, seed, record, dyad, called, monitoring, day)
    office_caller = c.offices[row.a if caller == 0 else row.b]
    number_called = row.b if caller == 0 else row.a
    office_called = c.offices[number_called]
    attends = effort_called or _comes_anyway(rules, at_office(t, number_called), p, seed, record)
    month = c.counters[MONTH]
    scope = scope_of(c, record)
    tier = row.tier
    c.record[month, scope, R_CALLS + tier] += 1.0
    row.calls += 1
    held = record.sessions
    record.attempts += 1
    act_on(record, p, day)
    if not attends:
        spend_desk(office_caller, p, day, p.unanswered_share * hours)
        observe(c, p, row, caller, day, 0.0, 1.0)
        _fail(c, p, case, tie, day)
        return
    _spend(c, p, row, rules, hours, day)
    c.record[month, scope, R_ATTENDED + tier] += 1.0
    row.attended += 1
    c.record[month, scope, R_JOINT + tier] += 1.0
    efforts = 0
    if effort_caller:
        efforts += 1
        office_caller.efforts += 1
        office_caller.border_efforts += row.is_border
    if effort_called:
        efforts += 1
        office_called.efforts += 1
        office_called.border_efforts += row.is_border
        c.record[month, scope, R_EFFORTS + tier] += 1.0
    if efforts > 0:
        c.record[month, scope, R_ANY_EFFORT + tier] += 1.0
    if efforts == 2:
        c.record[month, scope, R_BOTH_EFFORT + tier] += 1.0
    record.sessions += 1
    if record.first_response < 0:
        record.first_response = day
    record.other_known = min(record.other_known, day)
    observe(c, p, row, caller, day, 1.0 if effort_called else 0.0, 1.0)
    observe(c, p, row, called, day, 1.0 if effort_caller else 0.0, 1.0)
    if record.item_state == PLAIN_ITEM or record.item_state == OWNED_ITEM:
        record.item_state = NO_ITEM if efforts == 2 else DROPPED_ITEM
        if efforts == 2:
            c.record[month, scope, R_ITEMS_CARRIED_OUT] += 1.0
    if _is_settled(on_tie(t, tie), p, seed, record, row.level, tier, rules.decision_right, efforts, held):
        settle(c, p, seed, case, day, HOW_JOINT, record.tier)
    elif efforts == 2:
        # An honest attempt that fails costs no trust.
        decide_on(c, case, day + cool_off_of(p, record.legacy))
    else:
        _fail(c, p, case, tie, day)


@compiled
def _fail(c: Columns, p: Row, case: int, tie: int, day: int) -> None:
    record = c.cases[case]
    if record.domain != SECURITY:
        # Police who fail to clear an offence together do not set villages against each other.
        row = c.ties[tie]
        row.trust = lose(trust_of(row, p, day), p.trust_gain * p.trust_loss_ratio)
    if record.item_state != NO_ITEM:
        record.item_state = DROPPED_ITEM
    decide_on(c, case, day + cool_off_of(p, record.legacy))


@compiled
def _is_settled(
    rules: Row, p: Row, seed: int, record: Row,
    level: int, tier: int, decision_right: float, efforts: int, held: int,
) -> bool:  # fmt: skip
    both = joint_chance(rules.skill, rules.law, rules.panel, p, level, tier, record.difficulty)
    chance = shared_chance(
        both, efforts, p.one_sided_effort_share, p.no_effort_success,
        record.needs_both == 1, decision_right, p.decision_substitution,
    )  # fmt: skip
    if record.legacy == 1:
        chance *= p.legacy_success_share
    sessions = sessions_of(p, record.difficulty)
    if uniform(seed, OUTCOME, record.key, record.candidate, 2 * held) >= session_chance(chance, sessions):
        return False
    bounce = p.bounce_share * line_weight(level, p.line_inside_province)
    bounce *= 1.0 - rules.rules_harmonised
    return uniform(seed, OUTCOME, record.key, record.candidate, 2 * held + 1) >= bounce


@compiled
def _monitoring(rules: Row, p: Row, channel: int, item: int) -> float:
    """Give how much of an effort is seen in the channel by which a session was called."""
    seen = rules.monitoring
    if channel == BY_ITEM:
        seen = max(seen, p.monitoring_owner if item == OWNED_ITEM else p.monitoring_forum)
    return max(seen, rules.service_clock * p.monitoring_owner)


@compiled
def is_effort_made(
    c: Columns, t: InForce, p: Row, seed: int, record: Row, dyad: int, side: int, monitoring: float, day: int
) -> bool:
    """Tell whether a side makes an effort on a case.

    Its draw holds for a while, so that meeting again is no lottery.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed : int
        Seed of the run.
    record : Row
        Row of the case.
    dyad, side : int
        The dyad that meets, and the side whose effort it is (0 or 1).
    monitoring : float
        Share of the effort that is seen, in [0, 1].
    day : int
        Today.

    Returns
    -------
    bool
        True where it makes one.
    """
    worth = effort_worth_of(
        c, t, p, dyad, side, record.tie, record.domain, record.difficulty, monitoring, day
    )
    epoch = max(0, day - record.known) // max(1, int(p.effort_persistence_days))
    draw = uniform(seed, EFFORT, record.key, record.candidate, side + 2 * epoch)
    return draw < effort_chance(worth, p.choice_sharpness)


@compiled
def _comes_anyway(rules: Row, office_rules: Row, p: Row, seed: int, record: Row) -> bool:
    """Tell whether the side that was called attends although it means to make no effort."""
    obligation = rules.obligation
    if record.channel == BY_DUTY:
        obligation = max(obligation, rules.duty_power * p.obligation_duty)
    elif record.channel == BY_ITEM:
        obligation = max(obligation, rules.forum_obligation)
    chance = attend_chance(obligation, office_rules.attendance, p.attendance_assessment_effect)
    return uniform(seed, ATTEND, record.key, record.candidate, record.attempts) < chance


@compiled
def shared_balance(row: Row, rules: Row, p: Row, day: int) -> float:
    """Bring the hours saved up in a joint office up to date; only members who can be reached count.

    Parameters
    ----------
    row, rules, p : Row
        Row of the dyad, what holds between its offices, and the parameters.
    day : int
        Today.

    Returns
    -------
    float
        Hours, from 0.
    """
    rate = rules.office_hours * p.reachable_share
    row.shared_hours = balance_on(
        row.shared_hours, rate, day - row.shared_day, max(p.desk_saving_days * rate, 0.0)
    )
    row.shared_day = day
    return row.shared_hours


@compiled
def _other_hours(p: Row, needed: float, scarcer: float) -> float:
    return hours_of_other(needed, scarcer, p.substitution_exponent)


@compiled
def _wait_for_hours(c: Columns, p: Row, row: Row, rules: Row, hours: float, day: int) -> int:
    """Give the days until both sides have the hours of a session, 0 where they have them today.

    The joint office's own hours come first, both desks give the rest.  At the minimum rule the scarcer side
    binds; where hours replace each other, the better-staffed side makes up for the other.
    """
    if rules.office_kind > 0:
        hours -= min(hours, shared_balance(row, rules, p, day))
        if hours <= 0.0:
            return 0
    a = c.offices[row.a]
    b = c.offices[row.b]
    balance_a = saved_hours(a, p, day)
    balance_b = saved_hours(b, p, day)
    needed_a = min(hours, desk_full(a, p))
    needed_b = min(hours, desk_full(b, p))
    if p.substitution_exponent > -20.0:
        scarce = min(balance_a, balance_b)
        plenty = max(balance_a, balance_b)
        if _other_hours(p, hours, min(scarce, hours)) <= plenty:
            return 0
    wait_a = days_until_hours(balance_a, a.desk_rate, desk_full(a, p), needed_a)
    wait_b = days_until_hours(balance_b, b.desk_rate, desk_full(b, p), needed_b)
    wait = max(wait_a, wait_b)
    if wait <= 0.0:
        return 0
    if p.substitution_exponent > -20.0:
        return 1
    return max(1, int(min(wait, p.unattended_days)))


@compiled
def _spend(c: Columns, p: Row, row: Row, rules: Row, hours: float, day: int) -> None:
    """Take the hours of a session from the joint office, and the rest from both desks."""
    if rules.office_kind > 0:
        used = min(hours, shared_balance(row, rules, p, day))
        row.shared_hours -= used
        hours -= used
        if hours <= 0.0:
            return
    a = c.offices[row.a]
    b = c.offices[row.b]
    balance_a = saved_hours(a, p, day)
    balance_b = saved_hours(b, p, day)
    hours_a, hours_b = hours, hours
    if balance_a < hours and balance_a <= balance_b and p.substitution_exponent > -20.0:
        hours_a, hours_b = balance_a, _other_hours(p, hours, balance_a)
    elif balance_b < hours and p.substitution_exponent > -20.0:
        hours_b, hours_a = balance_b, _other_hours(p, hours, balance_b)
    spend_desk(a, p, day, min(hours_a, balance_a))
    spend_desk(b, p, day, min(hours_b, balance_b))


@compiled
def restore_information(c: Columns, row: Row, day: int) -> None:
    """Let two offices that are in contact tell each other of the open cases between their places.

    Parameters
    ----------
    c : Columns
        The state.
    row : Row
        Row of the dyad.
    day : int
        Today.
    """
    for index in range(row.first_tie, row.first_tie + row.ties):
        case = c.ties[c.dyad_ties[index]].first_open
        while case >= 0:
            record = c.cases[case]
            # Most are known already, and a row that nobody writes to need not go back to memory.
            if record.other_known > day:
                record.other_known = day
            case = record.after
