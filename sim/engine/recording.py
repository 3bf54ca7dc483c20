"""What is written down: coverage every day, states at the end of a month."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BORDER,
    DAYS_PER_YEAR,
    DEPARTMENT,
    INTERIOR,
    LAND,
    MONTH,
    R_BANK_DAYS,
    R_COVERED_7,
    R_COVERED_30,
    R_MONEY,
    R_OPEN_CASES,
    R_TRUST,
    R_TRUST_CALM,
    R_TRUST_CONTESTED,
    R_UNMONITORED,
    R_UNSERVED_HOURS,
    R_WILLINGNESS,
    R_WILLINGNESS_A,
    R_WILLINGNESS_B,
    R_WILLINGNESS_CALM,
    R_WILLINGNESS_CONTESTED,
    SECURITY,
    UPPER,
    VILLAGE,
)
from sim.engine.desks import count_bound
from sim.engine.lookups import difficulty_share
from sim.engine.worth import effort_worth_of, trust_of
from sim.levers.institutions import Tables
from sim.rules.willingness import effort_chance

__all__ = ["record_day", "record_month"]


@compiled
def record_day(c: Columns, day: int) -> None:
    """Add up the bank-days that were visited of late, by length.

    Parameters
    ----------
    c : Columns
        The state.
    day : int
        Today.
    """
    month = c.counters[MONTH]
    for bank in range(c.banks.size):
        row = c.banks[bank]
        scope = BORDER if row.is_border == 1 else INTERIOR
        age = day - row.last_visit
        c.record[month, scope, R_BANK_DAYS] += row.length_km
        if age < 30:
            c.record[month, scope, R_COVERED_30] += row.length_km
            if age < 7:
                c.record[month, scope, R_COVERED_7] += row.length_km


@compiled
def record_month(c: Columns, t: Tables, p: Row, day: int, days: int) -> None:
    """Write down the state at the end of a month.

    Parameters
    ----------
    c, t, p : Columns, Tables, Row
        State, institutions and parameters.
    day, days : int
        Today, and the days of the month.
    """
    _record_willingness(c, t, p, day)
    _record_trust(c, p, day)
    month = c.counters[MONTH]
    for office in range(c.offices.size):
        row = c.offices[office]
        if row.tier < UPPER:
            waiting = max(0.0, row.busy_until - day) * row.interior_rate
            c.record[month, INTERIOR, R_UNSERVED_HOURS + row.tier] += waiting
        bound = t.offices[office].bound_hours
        if bound > 0.0:
            lost = max(0.0, row.base_interior + t.offices[office].interior_extra - row.interior_rate)
            row.bound_hours += bound * days
            row.displaced_hours += lost * days
            count_bound(c, row, bound * days, lost * days)
    c.record[month, BORDER, R_MONEY] += t.general[0].money_yuan_per_year * days / DAYS_PER_YEAR


@compiled
def _record_trust(c: Columns, p: Row, day: int) -> None:
    month = c.counters[MONTH]
    for scope in range(2):
        total = 0.0
        contested = 0.0
        count = 0
        count_contested = 0
        waiting = 0.0
        for tie in range(c.ties.size):
            row = c.ties[tie]
            if row.is_border != scope:
                continue
            trust = trust_of(row, p, day)
            total += trust
            count += 1
            if row.contested == 1:
                contested += trust
                count_contested += 1
            case = row.first_open
            while case >= 0:
                waiting_case = c.cases[case]
                if waiting_case.domain != SECURITY and waiting_case.legacy == 0:
                    waiting += 1.0
                case = waiting_case.after
        record = c.record[month, scope]
        record[R_TRUST] = _mean(total, count)
        record[R_TRUST_CONTESTED] = _mean(contested, count_contested)
        record[R_TRUST_CALM] = _mean(total - contested, count - count_contested)
        record[R_OPEN_CASES] = waiting


@compiled
def _record_willingness(c: Columns, t: Tables, p: Row, day: int) -> None:
    """Evaluate the propensity to make an effort over the mix of cases, as it is and unmonitored."""
    month = c.counters[MONTH]
    for scope in range(2):
        for tier in range(4):
            seen_a = 0.0
            seen_b = 0.0
            unseen = 0.0
            contested = 0.0
            calm = 0.0
            count = 0
            count_contested = 0
            for dyad in range(c.dyads.size):
                row = c.dyads[dyad]
                if row.is_border != scope or row.tier != tier or row.ties == 0:
                    continue
                tie = c.dyad_ties[row.first_tie]
                domain = SECURITY if tier == DEPARTMENT else LAND
                both = 0.0
                for side in range(2):
                    monitoring = t.dyads[dyad].monitoring
                    chance = 0.0
                    bare = 0.0
                    for difficulty in range(3):
                        weight = difficulty_share(p, difficulty)
                        worth = effort_worth_of(c, t, p, dyad, side, tie, domain, difficulty, monitoring, day)
                        chance += weight * effort_chance(worth, p.choice_sharpness)
                        worth -= monitoring * p.reputation
                        bare += weight * effort_chance(worth, p.choice_sharpness)
                    both += chance
                    if side == 0:
                        seen_a += chance
                    else:
                        seen_b += chance
                    unseen += bare
                count += 1
                if c.ties[tie].contested == 1:
                    contested += 0.5 * both
                    count_contested += 1
                else:
                    calm += 0.5 * both
            record = c.record[month, scope]
            record[R_WILLINGNESS + tier] = _mean(seen_a + seen_b, 2 * count)
            record[R_WILLINGNESS_A + tier] = _mean(seen_a, count)
            record[R_WILLINGNESS_B + tier] = _mean(seen_b, count)
            record[R_UNMONITORED + tier] = _mean(unseen, 2 * count)
            if tier == VILLAGE:
                record[R_WILLINGNESS_CONTESTED] = _mean(contested, count_contested)
                record[R_WILLINGNESS_CALM] = _mean(calm, count - count_contested)


@compiled
def _mean(total: float, count: int) -> float:
    """Give the mean of a number of values, nan of none; a division would leave nan's sign to the machine."""
    return total / count if count > 0 else math.nan
