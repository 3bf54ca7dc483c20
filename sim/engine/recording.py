"""What is written down: coverage every day, states at the end of a month."""

from __future__ import annotations

import math

import numpy as np

from sim.compiler import compiled
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BORDER,
    DAYS_PER_YEAR,
    DEPARTMENT,
    INTERIOR,
    LAND,
    LEVELS,
    MONTH,
    MONTH_START,
    ORDINARY_MONITORING,
    R_BANK_DAYS,
    R_COVERED_7,
    R_COVERED_30,
    R_MONEY,
    R_OPEN_CASES,
    R_TRUST,
    R_TRUST_CALM,
    R_TRUST_CONTESTED,
    R_UNSERVED_HOURS,
    R_WILLINGNESS,
    R_WILLINGNESS_A,
    R_WILLINGNESS_B,
    R_WILLINGNESS_CALM,
    R_WILLINGNESS_CONTESTED,
    R_WITHDRAWN,
    SECURITY,
    UPPER,
    VILLAGE,
)
from sim.engine.desks import count_bound
from sim.engine.fetching import AHEAD, fetch_first, fetch_open_case
from sim.engine.in_force import InForce, at_office, on_dyad
from sim.engine.lookups import difficulty_share
from sim.engine.patrolling import count_coverage
from sim.engine.worth import (
    ordinary_prospects,
    ordinary_stance,
    prospects_of,
    stance_of,
    trust_of,
    weigh_effort,
)
from sim.rules.willingness import effort_chance

__all__ = ["record_coverage", "record_month"]


@compiled
def record_coverage(c: Columns, day: int) -> None:
    """Record how much of the line was covered this month up to and with a day, by length.

    Visits bring the count of their own bank up to date, so that nothing is done on other days.

    Parameters
    ----------
    c : Columns
        The state.
    day : int
        Today.
    """
    days = day + 1 - c.counters[MONTH_START]
    for scope in range(2):
        record = c.record[c.counters[MONTH], scope]
        record[R_BANK_DAYS] = 0.0
        record[R_COVERED_7] = 0.0
        record[R_COVERED_30] = 0.0
    for bank in range(c.banks.size):
        row = c.banks[bank]
        count_coverage(c, bank, day + 1)
        record = c.record[c.counters[MONTH], BORDER if row.is_border == 1 else INTERIOR]
        record[R_BANK_DAYS] += row.length_km * days
        record[R_COVERED_7] += row.length_km * row.covered_7
        record[R_COVERED_30] += row.length_km * row.covered_30


@compiled
def record_month(c: Columns, t: InForce, p: Row, day: int, days: int) -> None:
    """Write down the state at the end of a month.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    day, days : int
        Today, and the days of the month.
    """
    record_coverage(c, day)
    for bank in range(c.banks.size):
        c.banks[bank].covered_7 = 0
        c.banks[bank].covered_30 = 0
    c.counters[MONTH_START] = day + 1
    _record_willingness(c, t, p, day)
    _record_trust(c, p, day)
    month = c.counters[MONTH]
    for office in range(c.offices.size):
        row = c.offices[office]
        if row.tier < UPPER:
            waiting = max(0.0, row.busy_until - day) * row.interior_rate
            c.record[month, INTERIOR, R_UNSERVED_HOURS + row.tier] += waiting
        bound = at_office(t, office).bound_hours
        if bound > 0.0:
            lost = max(0.0, row.base_interior + at_office(t, office).interior_extra - row.interior_rate)
            row.bound_hours += bound * days
            row.displaced_hours += lost * days
            count_bound(c, row, bound * days, lost * days)
    c.record[month, BORDER, R_MONEY] += t.general[0].money_yuan_per_year * days / DAYS_PER_YEAR


@compiled
def _record_trust(c: Columns, p: Row, day: int) -> None:
    counts = np.zeros(2)
    contested = np.zeros(2)
    for tie in range(c.ties.size):
        fetch_open_case(c, tie)
        row = c.ties[tie]
        record = c.record[c.counters[MONTH], row.is_border]
        trust = trust_of(row, p, day)
        counts[row.is_border] += 1.0
        record[R_TRUST] += trust
        if row.contested == 1:
            contested[row.is_border] += 1.0
            record[R_TRUST_CONTESTED] += trust
        case = row.first_open
        while case >= 0:
            waiting = c.cases[case]
            if waiting.domain != SECURITY and waiting.legacy == 0:
                record[R_OPEN_CASES] += 1.0
            case = waiting.after
    for scope in range(2):
        record = c.record[c.counters[MONTH], scope]
        calm = record[R_TRUST] - record[R_TRUST_CONTESTED]
        record[R_TRUST_CALM] = _mean(calm, counts[scope] - contested[scope])
        record[R_TRUST_CONTESTED] = _mean(record[R_TRUST_CONTESTED], contested[scope])
        record[R_TRUST] = _mean(record[R_TRUST], counts[scope])


@compiled
def _record_willingness(c: Columns, t: InForce, p: Row, day: int) -> None:
    # By scope, side of the border and tier.
    counts = np.zeros((2, 2, 4))
    contested = np.zeros(2)
    # What efforts can bring depends on rules, tier and level alone, and few dyads differ in them from the one
    # before.
    prospects = np.zeros((4 * LEVELS * 3, 4))
    ordinary = np.zeros((4 * LEVELS * 3, 4))
    rules_of = np.zeros((4 * LEVELS, 2))
    for tier in range(4):
        for level in range(LEVELS):
            for difficulty in range(3):
                held = ordinary[3 * (tier * LEVELS + level) + difficulty]
                held[0], held[1], held[2], held[3] = ordinary_prospects(p, level, tier, difficulty)
    for dyad in range(c.dyads.size):
        if dyad + AHEAD < c.dyads.size:
            fetch_first(c.offices, c.dyads[dyad + AHEAD].a)
            fetch_first(c.offices, c.dyads[dyad + AHEAD].b)
        row = c.dyads[dyad]
        if row.tier > DEPARTMENT or row.ties == 0:
            continue
        tier = row.tier
        tie = c.dyad_ties[row.first_tie]
        domain = SECURITY if tier == DEPARTMENT else LAND
        seen = on_dyad(t, dyad).monitoring * p.reputation
        record = c.record[c.counters[MONTH], row.is_border]
        both = 0.0
        kind = tier * LEVELS + row.level
        # Counted from 1: a kind that no dyad has had yet has the rules 0.
        tie_rules, dyad_rules = t.tie_rows[tie] + 1, t.dyad_rows[dyad] + 1
        if rules_of[kind, 0] != tie_rules or rules_of[kind, 1] != dyad_rules:
            rules_of[kind, 0], rules_of[kind, 1] = tie_rules, dyad_rules
            for difficulty in range(3):
                held = prospects[3 * kind + difficulty]
                held[0], held[1], held[2], held[3] = prospects_of(c, t, p, dyad, tie, difficulty)
        ordinarily_seen = c.facts[ORDINARY_MONITORING + row.level] * p.reputation
        for number in range(2):
            stance = stance_of(c, t, p, dyad, number, tie, domain, day)
            left = ordinary_stance(stance, p, tier)
            willing = 0.0
            for difficulty in range(3):
                weight = difficulty_share(p, difficulty)
                held, bare = prospects[3 * kind + difficulty], ordinary[3 * kind + difficulty]
                worth = weigh_effort((held[0], held[1], held[2], held[3]), stance, seen)
                chance = effort_chance(worth, p.choice_sharpness)
                willing += weight * chance
                worth_left = weigh_effort((bare[0], bare[1], bare[2], bare[3]), left, ordinarily_seen)
                if worth_left != worth:
                    chance = effort_chance(worth_left, p.choice_sharpness)
                record[R_WITHDRAWN + tier] += weight * chance
            side = c.offices[row.a if number == 0 else row.b].side
            record[(R_WILLINGNESS_A if side == 0 else R_WILLINGNESS_B) + tier] += willing
            counts[row.is_border, side, tier] += 1.0
            both += willing
        if tier == VILLAGE:
            is_contested = c.ties[tie].contested == 1
            record[R_WILLINGNESS_CONTESTED if is_contested else R_WILLINGNESS_CALM] += 0.5 * both
            if is_contested:
                contested[row.is_border] += 1.0
    for scope in range(2):
        record = c.record[c.counters[MONTH], scope]
        for tier in range(4):
            count_a, count_b = counts[scope, 0, tier], counts[scope, 1, tier]
            total = record[R_WILLINGNESS_A + tier] + record[R_WILLINGNESS_B + tier]
            record[R_WILLINGNESS + tier] = _mean(total, count_a + count_b)
            record[R_WILLINGNESS_A + tier] = _mean(record[R_WILLINGNESS_A + tier], count_a)
            record[R_WILLINGNESS_B + tier] = _mean(record[R_WILLINGNESS_B + tier], count_b)
            record[R_WITHDRAWN + tier] = _mean(record[R_WITHDRAWN + tier], count_a + count_b)
        record[R_WILLINGNESS_CONTESTED] = _mean(record[R_WILLINGNESS_CONTESTED], contested[scope])
        calm = 0.5 * (counts[scope, 0, VILLAGE] + counts[scope, 1, VILLAGE]) - contested[scope]
        record[R_WILLINGNESS_CALM] = _mean(record[R_WILLINGNESS_CALM], calm)


@compiled
def _mean(total: float, count: float) -> float:
    """Give the mean of a number of values, nan of none; a division would leave nan's sign to the machine."""
    return total / count if count > 0 else math.nan
