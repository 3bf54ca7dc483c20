"""Patrol: teams spend their visits on banks by staleness and reported risk, alone or from one roster."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiler import compiled
from sim.elementary import exp2
from sim.engine.columns import Columns, Row
from sim.engine.constants import BORDER, INTERIOR, MONTH, R_DUPLICATED, R_VISITS
from sim.engine.in_force import InForce, on_stretch
from sim.rules.learning import fade, rise
from sim.rules.patrolling import stretch_pull
from sim.streams import PATROL, exponential, uniform

__all__ = ["count_coverage", "patrol", "risk_of", "visit"]


@compiled
def patrol(c: Columns, t: InForce, p: Row, seed: int, day: int) -> None:
    """Let every team pay the visits it has saved up.

    What a bank pulls with is the same for every team, so it is weighed once a day, and again after a visit.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    for bank in range(c.banks.size):
        c.bank_pulls[bank] = _pull(c, p, bank, day)
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
def _patrol_once(c: Columns, t: InForce, p: Row, seed: int, team: int, day: int, turn: int) -> None:
    """Choose a bank of the team's territory and visit it, alone or with the other side's team."""
    row = c.teams[team]
    chosen = _win(c, seed, row)
    if chosen < 0:
        return
    row.visits += 1
    rules = on_stretch(t, c.banks[chosen].segment)
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
    else:
        if rules.cross_bank == 1 and c.banks[other].last_visit < c.banks[chosen].last_visit:
            chosen = other
        visit(c, p, chosen, team, day, False)
    # Until the next day the visit changes the pull of no other stretch.
    c.bank_pulls[chosen] = _pull(c, p, chosen, day)
    c.bank_pulls[chosen ^ 1] = _pull(c, p, chosen ^ 1, day)


@compiled
def _win(c: Columns, seed: int, team: Row) -> int:
    """Give the bank that wins the race for the next visit of a team, -1 where none pulls.

    Each bank has a clock of its own that runs at the speed of its pull, and the first to run out is visited.
    A waiting time without memory need not be drawn again for those who did not win.
    """
    winner = -1
    soonest = math.inf
    for index in range(team.first_bank, team.first_bank + team.banks):
        pull = c.bank_pulls[c.team_banks[index]]
        c.pulls[index] = pull
        if pull > 0.0 and c.clocks[index] < soonest * pull:
            soonest = c.clocks[index] / pull
            winner = index
    if winner < 0:
        return -1
    first = team.first_bank
    _run_clocks(c.clocks[first : first + team.banks], c.pulls[first : first + team.banks], soonest)
    bank = c.team_banks[winner]
    c.visits[winner] += 1
    c.clocks[winner] = exponential(seed, PATROL, c.banks[bank].key ^ team.key, c.visits[winner], 0, 1.0)
    return bank


@compiled
def _run_clocks(clocks: NDArray[np.float64], pulls: NDArray[np.float64], span: float) -> None:
    """Let the clocks of a team run for a span; a loop of its own, which the compiler does four at a time."""
    for index in range(clocks.size):
        clocks[index] -= pulls[index] * span


@compiled
def _pull(c: Columns, p: Row, bank: int, day: int) -> float:
    """Give the pull of a bank on its team: with one roster the team knows of visits to both banks."""
    row = c.banks[bank]
    last = row.last_visit
    if row.shared_roster == 1:
        last = max(last, c.banks[bank ^ 1].last_visit)
        if last == day:
            return 0.0
    # Beyond a year without a visit no bank pulls harder.
    days = min(float(day - last), 365.0)
    # What is known of a bank wears off.
    reported = row.reported * _faded(c, p, day - row.risk_day)
    return stretch_pull(days, p.staleness_days, reported, p.risk_pull) * (1.0 + row.visits_rise)


@compiled
def _faded(c: Columns, p: Row, days: int) -> float:
    """Give what is left of a risk after some days; the powers of a run's first weeks are kept."""
    if days < c.fading.size:
        return c.fading[days]
    return exp2(-days / p.deterrence_half_life_days)


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
    count_coverage(row, day)
    row.last_visit = day
    row.visitor = team
    row.risk = rise(risk_of(row, p, day), p.presence_effect)


@compiled
def count_coverage(bank: Row, until: int) -> None:
    """Count the days of a bank before a day as covered or not, by its last visit so far.

    Parameters
    ----------
    bank : Row
        Row of the bank.
    until : int
        First day that is not counted yet.
    """
    since = bank.counted_day
    bank.covered_7 += max(0, min(until, bank.last_visit + 7) - since)
    bank.covered_30 += max(0, min(until, bank.last_visit + 30) - since)
    bank.counted_day = until


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
        bank.reported = bank.reported * exp2(-days / p.deterrence_half_life_days)
        bank.risk_day = day
    return bank.risk
