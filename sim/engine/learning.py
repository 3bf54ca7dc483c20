"""Slow learning at the end of a month: interest that fades, grievance that heals, cadres who change."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.cases import raise_grievance
from sim.engine.columns import Columns, Row
from sim.engine.constants import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTH_OF_YEAR, SECURITY
from sim.engine.fetching import fetch_open_case
from sim.engine.in_force import InForce, on_tie
from sim.engine.worth import belief_of, trust_of
from sim.rules.learning import fade, interest_left, lose, rise, turnover
from sim.streams import TURNOVER, exponential

__all__ = ["learn_slowly", "turnover_days"]


@compiled
def learn_slowly(c: Columns, t: InForce, p: Row, seed: int, day: int, month_days: int) -> None:
    """Let a month work on trust, interest, grievance and the people in office.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day, month_days : int
        Seed of the run, today, and the days of the month that ends.
    """
    for village in range(c.villages.size):
        row = c.villages[village]
        row.grievance = fade(row.grievance, 0.0, DAYS_PER_MONTH, p.grievance_half_life_days)
    for tie in range(c.ties.size):
        fetch_open_case(c, tie)
        _live_on_tie(c, t, p, tie, day, month_days)
    for office in range(c.offices.size):
        if c.offices[office].turnover_due <= day:
            _change_cadre(c, p, seed, office, day)


@compiled
def _live_on_tie(c: Columns, t: InForce, p: Row, tie: int, day: int, month_days: int) -> None:
    row = c.ties[tie]
    rules = on_tie(t, tie)
    if c.counters[MONTH_OF_YEAR] == 11:
        row.contacts_this_year = 0.0
    if rules.payoff > 0.0:
        trust = trust_of(row, p, day)
        age = max(0.0, day - rules.interest_since)
        row.interest = interest_left(rules.payoff, age, p.interest_half_life_days, trust)
        if rules.one_sided > 0.0:
            # A gift is welcome among friends; on a contested tie it is the other side's favour.
            gift = p.trust_gift * rules.one_sided / 12.0
            row.trust = lose(trust, gift) if row.legacy_open > 0 else rise(trust, gift)
    elif row.interest != 0.0:
        row.interest = 0.0
    case = row.first_open
    while case >= 0:
        record = c.cases[case]
        if record.legacy == 0 and record.domain != SECURITY and day - record.known > p.lingering_days:
            row.trust = lose(trust_of(row, p, day), p.trust_lingering)
            if day - record.known <= p.lingering_days + month_days:
                # The grudge is borne once, when a matter becomes a long one.
                raise_grievance(c, p, record)
        case = record.after


@compiled
def turnover_days(p: Row, seed: int, key: int, tier: int, number: int) -> float:
    """Draw the days that a cadre stays in office.

    Parameters
    ----------
    p : Row
        The parameters.
    seed, key : int
        Seed of the run, and key of the office.
    tier, number : int
        Its tier, and how many cadres were before.

    Returns
    -------
    float
        Days, above 0.
    """
    years = p.turnover_years_county
    if tier == 0:
        years = p.turnover_years_village
    elif tier == 1:
        years = p.turnover_years_town
    return exponential(seed, TURNOVER, key, number, 0, years * DAYS_PER_YEAR)


@compiled
def _change_cadre(c: Columns, p: Row, seed: int, office: int, day: int) -> None:
    row = c.offices[office]
    for index in range(row.first_dyad, row.first_dyad + row.dyads):
        dyad = c.dyads[c.office_dyads[index]]
        side = 0 if dyad.a == office else 1
        belief = belief_of(dyad, p, side, day)
        if side == 0:
            dyad.belief_a = turnover(belief, dyad.prior_a, p.turnover_carry_over)
        else:
            dyad.belief_b = turnover(belief, dyad.prior_b, p.turnover_carry_over)
    row.turnovers += 1
    row.turnover_due = day + turnover_days(p, seed, row.key, row.tier, row.turnovers)
