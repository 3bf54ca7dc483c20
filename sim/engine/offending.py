"""Offenders: whether, where and with what luck they act; large operations against them."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.elementary import exp, log
from sim.engine.calendar import put_detection, put_source, take_all
from sim.engine.cases import new_case
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BORDER,
    DAYS_PER_YEAR,
    DEPARTMENT,
    INTERIOR,
    MONTH,
    OFFENCES_DUE,
    R_ATTENDED,
    R_CALLS,
    R_CAUGHT,
    R_DISPLACED,
    R_DISPLACED_ACROSS,
    R_EFFORTS,
    R_JOINT_OPERATIONS,
    R_OFFENCES,
    R_OPERATION_HITS,
    R_OPERATIONS,
    R_REPORTED_OFFENCES,
    SECURITY,
)
from sim.engine.desks import bind_hours, saved_hours
from sim.engine.fetching import AHEAD, fetch
from sim.engine.in_force import InForce, at_office, on_dyad, on_stretch
from sim.engine.lookups import needs_both_share
from sim.engine.patrolling import count_coverage, fetch_risk, risk_of
from sim.engine.worth import effort_worth_of, observe
from sim.rules.learning import rise
from sim.rules.patrolling import commits_offence, detection_chance
from sim.rules.willingness import attend_chance, effort_chance
from sim.streams import ARRIVAL, OFFENCE, OPERATION, exponential, four_uniforms, poisson, uniform

__all__ = ["offend", "operate", "try_offence"]


@compiled
def offend(c: Columns, t: InForce, p: Row, seed: int, day: int) -> None:
    """Let today's candidates for an offence decide; each bank has its own stream of candidates.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    before = c.ties.size + c.villages.size
    count = take_all(c, OFFENCES_DUE, day)
    for number in range(-2 * AHEAD, count):
        far, near = number + 2 * AHEAD, number + AHEAD
        if far < count:
            fetch(c.sources, c.today[far])
            fetch_risk(c, c.today[far] - before)
        if 0 <= near < count:
            _fetch_place(c, t, c.today[near] - before)
        if number < 0:
            continue
        source = c.today[number]
        row = c.sources[source]
        bank = source - before
        while row.due < day + 1:
            try_offence(c, t, p, seed, bank, row.candidate, day)
            row.candidate += 1
            row.due += exponential(seed, ARRIVAL, row.key, row.candidate, 0, row.mean_days)
        put_source(c, OFFENCES_DUE, source, int(min(row.due, 1.0e9)))


@compiled
def _fetch_place(c: Columns, t: InForce, bank: int) -> None:
    """Ask for what a candidate looks at besides the risk: rules, the last visit, and what is within reach."""
    fetch(t.bank_rows, bank // 2)
    fetch(c.last_visits, bank)
    fetch(c.near, c.banks[bank].first_near)


@compiled
def try_offence(c: Columns, t: InForce, p: Row, seed: int, bank: int, candidate: int, day: int) -> None:
    """Let a candidate decide whether to commit an offence, here or within reach, and settle its fate.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed : int
        Seed of the run.
    bank, candidate, day : int
        The bank, the number of the candidate there, and today.
    """
    key = c.banks[bank].key
    luck, moving, hour, watch = four_uniforms(seed, OFFENCE, key, candidate, 0)
    gain = -p.offence_gain * log(1.0 - luck)
    place = bank
    if not _is_tempted(c, t, p, bank, gain, day):
        if moving >= p.displacement_share:
            return
        place = _safest_within_reach(c, p, bank, day)
        if place == bank or not _is_tempted(c, t, p, place, gain, day):
            return
    row = c.banks[place]
    scope = BORDER if row.is_border == 1 else INTERIOR
    month = c.counters[MONTH]
    c.record[month, scope, R_OFFENCES] += 1.0
    if place != bank:
        c.record[month, scope, R_DISPLACED] += 1.0
        if place == bank ^ 1:
            c.record[month, scope, R_DISPLACED_ACROSS] += 1.0
    rules = on_stretch(t, row.segment)
    is_night = hour < p.night_share
    seen = 0.0
    if c.last_visits[place] == day:
        seen = detection_chance(is_night, p.detection_day, p.detection_night)
    elif c.last_visits[place ^ 1] == day:
        # The team on the other bank may answer only where the nearest answers first.
        seen = rules.nearest_first * detection_chance(is_night, p.detection_day, p.detection_night)
    fled = False
    crossing, telling, acts, _ = four_uniforms(seed, OFFENCE, key, candidate, 1)
    if watch < seen:
        fled = crossing < p.crossing_share and _is_refuge(c, t, place)
        if not fled:
            c.record[month, scope, R_CAUGHT] += 1.0
            row.risk = rise(risk_of(c, p, place, day), p.offender_learning_caught)
            return
    row.risk = (1.0 - p.offender_learning_free) * risk_of(c, p, place, day)
    if fled or telling < p.offence_reported_share:
        c.record[month, scope, R_REPORTED_OFFENCES] += 1.0
        c.reported[place] = min(1.0, c.reported[place] + p.report_weight)
        _report(c, p, place, key, candidate, fled, acts, day)


@compiled
def _is_refuge(c: Columns, t: InForce, bank: int) -> bool:
    """Tell whether an offender who crosses the line is lost to the team."""
    row = c.banks[bank]
    return row.is_border == 1 and on_stretch(t, row.segment).pursuit == 0


@compiled
def _is_tempted(c: Columns, t: InForce, p: Row, bank: int, gain: float, day: int) -> bool:
    rise_of_fine = p.fine_weight * on_stretch(t, c.banks[bank].segment).penalties
    return commits_offence(gain, risk_of(c, p, bank, day), p.offender_risk_weight, rise_of_fine)


@compiled
def _safest_within_reach(c: Columns, p: Row, bank: int, day: int) -> int:
    """Give the bank within reach that seems least risky: the other bank, or a stretch nearby."""
    best = bank ^ 1
    lowest = risk_of(c, p, best, day)
    row = c.banks[bank]
    behind = row.first_near + row.near
    for index in range(row.first_near - AHEAD, behind):
        if index + AHEAD < behind:
            fetch_risk(c, c.near[index + AHEAD])
        if index < row.first_near:
            continue
        near = c.near[index]
        risk = risk_of(c, p, near, day)
        if risk < lowest:
            lowest = risk
            best = near
    return best


@compiled
def _report(
    c: Columns, p: Row, bank: int, key: int, candidate: int, fled: bool, acts: float, day: int
) -> None:
    """Open a case to clear with the police of the bank's side; one who fled needs acts of both sides."""
    row = c.banks[bank]
    tie = row.tie
    side = bank & 1
    case = new_case(c, key, candidate, tie, c.ties[tie].a if side == 0 else c.ties[tie].b, side, day)
    record = c.cases[case]
    record.domain = SECURITY
    record.difficulty = 1
    record.first_difficulty = 1
    needs = acts < needs_both_share(p, 1)
    record.needs_both = 1 if fled or (row.is_border == 1 and needs) else 0
    # Today's news has been read; the report comes in tomorrow.
    put_detection(c, case, day + 1)


@compiled
def operate(c: Columns, t: InForce, p: Row, seed: int, month: int, day: int) -> None:
    """Plan and carry out the large operations of a month on every pair of counties on the border.

    Without a mechanism one side acts alone now and then; joint operations are decisions that need a
    convener, and actions only where both police departments come, have the hours and make the effort.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, month, day : int
        Seed of the run, months since the start, and today.
    """
    # Dyads of villages come first, one for each tie.
    for dyad in range(c.ties.size, c.dyads.size):
        row = c.dyads[dyad]
        if row.tier != 2 or row.is_border == 0 or row.ties == 0:
            continue
        key = c.ties[c.dyad_ties[row.first_tie]].key
        for number in range(poisson(seed, OPERATION, key, month, 0, p.joint_operations_baseline)):
            side = 0 if uniform(seed, OPERATION, key, month, 10 + number) < 0.5 else 1
            _search(c, t, p, seed, dyad, key, month, number, side, False, day)
        rules = on_dyad(t, dyad)
        if rules.joint_operations <= 0.0 or rules.has_convener == 0:
            continue
        for number in range(poisson(seed, OPERATION, key, month, 1, rules.joint_operations)):
            if _both_come(c, t, p, seed, dyad, key, month, number, day):
                _search(c, t, p, seed, dyad, key, month, 100 + number, -1, True, day)


@compiled
def _both_come(
    c: Columns, t: InForce, p: Row, seed: int, dyad: int, key: int, month: int, number: int, day: int
) -> bool:
    """Tell whether both police departments carry out a joint operation that was decided."""
    tie = c.dyad_ties[c.dyads[dyad].first_tie]
    police = c.ties[tie].department_dyad + c.departments[SECURITY]
    row = c.dyads[police]
    rules = on_dyad(t, police)
    record_month = c.counters[MONTH]
    come = True
    for side in range(2):
        office = row.a if side == 0 else row.b
        desk = c.offices[office]
        worth = effort_worth_of(c, t, p, police, side, tie, SECURITY, 1, rules.monitoring, day)
        works = uniform(seed, OPERATION, key, month, 1000 + 10 * number + side) < effort_chance(
            worth, p.choice_sharpness
        )
        obligation = max(rules.obligation, rules.duty_power * p.obligation_duty)
        chance = attend_chance(obligation, at_office(t, office).attendance, p.attendance_assessment_effect)
        attends = works or uniform(seed, OPERATION, key, month, 1005 + 10 * number + side) < chance
        has_hours = saved_hours(desk, p, day) >= p.operation_hours * p.bound_desk_share
        c.record[record_month, BORDER, R_CALLS + DEPARTMENT] += 1.0
        if attends:
            c.record[record_month, BORDER, R_ATTENDED + DEPARTMENT] += 1.0
        if works:
            c.record[record_month, BORDER, R_EFFORTS + DEPARTMENT] += 1.0
        observe(c, p, row, 1 - side, day, 1.0 if works and attends and has_hours else 0.0, 1.0)
        come = come and works and has_hours
    if come:
        bind_hours(c, p, c.offices[row.a], day, p.operation_hours)
        bind_hours(c, p, c.offices[row.b], day, p.operation_hours)
    return come


@compiled
def _search(
    c: Columns, t: InForce, p: Row, seed: int, dyad: int, key: int, month: int, number: int, side: int,
    is_joint: bool, day: int,
) -> None:  # fmt: skip
    """Search a part of a pair's stretches; offenders who heard of it are not there."""
    record_month = c.counters[MONTH]
    c.record[record_month, BORDER, R_OPERATIONS] += 1.0
    if is_joint:
        c.record[record_month, BORDER, R_JOINT_OPERATIONS] += 1.0
    leak = p.operation_leak_joint if is_joint else p.operation_leak
    leaked = uniform(seed, OPERATION, key, month, 2000 + number) < leak
    found = 0
    pair = c.dyads[dyad]
    for index in range(pair.first_tie, pair.first_tie + pair.ties):
        segment = c.ties[c.dyad_ties[index]].segment
        if segment < 0:
            continue
        for bank in (2 * segment, 2 * segment + 1):
            bank_row = c.banks[bank]
            if side >= 0 and (bank & 1) != side:
                continue
            if uniform(seed, OPERATION, bank_row.key, month, 3000 + number) >= p.operation_reach_share:
                continue
            # Whoever is there came for the risk perceived before the search.
            deterred = p.offender_risk_weight * risk_of(c, p, bank, day)
            deterred *= 1.0 + p.fine_weight * on_stretch(t, bank_row.segment).penalties
            count_coverage(c, bank, day)
            c.last_visits[bank] = day
            bank_row.risk = rise(bank_row.risk, p.presence_effect)
            if leaked:
                continue
            active = bank_row.rate * p.operation_catch_days / DAYS_PER_YEAR
            active *= exp(-deterred / p.offence_gain)
            caught = poisson(seed, OPERATION, bank_row.key, month, 4000 + number, active)
            if caught > 0:
                found += caught
                bank_row.risk = rise(bank_row.risk, p.offender_learning_caught)
    if found > 0:
        c.record[record_month, BORDER, R_OPERATION_HITS] += 1.0
