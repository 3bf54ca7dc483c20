"""Patrol: teams spend their visits on banks by staleness and reported risk, alone or from one roster."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.engine.columns import Columns, Row
from sim.engine.constants import BORDER, INTERIOR, MONTH, R_DUPLICATED, R_VISITS
from sim.levers.institutions import Tables
from sim.rules.learning import fade, rise
from sim.rules.patrolling import stretch_pull
from sim.streams import PATROL, exponential, uniform

__all__ = ["patrol", "risk_of", "visit"]


@compiled
def patrol(c: Columns, t: Tables, p: Row, seed: int, day: int) -> None:
    """Let every team pay the visits it has saved up.

    Parameters
    ----------
    c, t, p : Columns, Tables, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    for team in range(c.teams.size):
        row = c.teams[team]
        if row.banks == 0:
            continue
        row.saved_visits += row.visits_per_day
        turn = 0
        while row.saved_visits >= 1.0:
            row.saved_visits -= 1.0
            _patrol_once(c, t, p, seed, team, day, turn)
            turn += 1


@compiled
def _patrol_once(c: Columns, t: Tables, p: Row, seed: int, team: int, day: int, turn: int) -> None:
    """Choose a bank of the team's territory and visit it, alone or with the other side's team."""
    row = c.teams[team]
    # A race: each bank has its own draw, so that a change at one bank moves no other team's or day's visit.
    chosen = -1
    soonest = math.inf
    for index in range(row.first_bank, row.first_bank + row.banks):
        bank = c.team_banks[index]
        own = c.banks[bank]
        # What is known of a bank wears off; it is brought up to date before it is weighed.
        risk_of(own, p, day)
        pull = _pull(own, c.banks[bank ^ 1].last_visit, t.banks[own.segment], p, day)
        if pull > 0.0:
            arrival = exponential(seed, PATROL, own.key ^ row.key, day, turn, 1.0 / pull)
            if arrival < soonest:
                soonest = arrival
                chosen = bank
    if chosen < 0:
        return
    row.visits += 1
    segment = c.banks[chosen].segment
    rules = t.banks[segment]
    other = chosen ^ 1
    goes_joint = (
        rules.shared_roster == 1 and uniform(seed, PATROL, row.key, day, 1000 + turn) < rules.joint_visits
    )
    if goes_joint:
        partner = c.banks[other].police
        # A joint visit costs both sides a visit and counts on both banks.
        c.teams[partner].saved_visits -= 1.0
        visit(c, p, chosen, team, day, True)
        visit(c, p, other, team, day, True)
        return
    if rules.cross_bank == 1 and c.banks[other].last_visit < c.banks[chosen].last_visit:
        chosen = other
    visit(c, p, chosen, team, day, False)


@compiled
def _pull(bank: Row, other_visit: int, rules: Row, p: Row, day: int) -> float:
    """Give the pull of a bank on its team: with one roster the team knows of visits to both banks."""
    last = bank.last_visit
    if rules.shared_roster == 1:
        last = max(last, other_visit)
        if last == day:
            return 0.0
    # Beyond a year without a visit no bank pulls harder.
    days = min(float(day - last), 365.0)
    return stretch_pull(days, p.staleness_days, bank.reported, p.risk_pull) * (1.0 + rules.visits_rise)


@compiled
def visit(c: Columns, p: Row, bank: int, team: int, day: int, is_joint: bool) -> None:
    """Pay a visit to a bank: offenders nearby notice, and another team's visit today makes it a double one.

    Parameters
    ----------
    c, p : Columns, Row
        State and parameters.
    bank, team, day : int
        The bank, the team, and today.
    is_joint : bool
        Whether both sides' teams go together.
    """
    row = c.banks[bank]
    scope = BORDER if row.is_border == 1 else INTERIOR
    month = c.counters[MONTH]
    c.record[month, scope, R_VISITS] += 1.0
    other = c.banks[bank ^ 1]
    is_double = row.last_visit == day or (not is_joint and other.last_visit == day)
    if is_double and not (is_joint and row.visitor == team):
        c.record[month, scope, R_DUPLICATED] += 1.0
    row.last_visit = day
    row.visitor = team
    row.risk = rise(risk_of(row, p, day), p.presence_effect)


@compiled
def risk_of(bank: Row, p: Row, day: float) -> float:
    """Bring the risk that offenders perceive on a bank up to date and give it.

    Parameters
    ----------
    bank, p : Row
        Row of the bank, and the parameters.
    day : float
        Today.

    Returns
    -------
    float
        In [0, 1].
    """
    days = day - bank.risk_day
    if days > 0.0:
        bank.risk = fade(bank.risk, p.perceived_risk_prior, days, p.deterrence_half_life_days)
        bank.reported = bank.reported * math.pow(0.5, days / p.deterrence_half_life_days)
        bank.risk_day = day
    return bank.risk
