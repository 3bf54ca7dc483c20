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
    _weigh_banks(c, p, day)
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
        if rules.cross_bank == 1 and c.last_visits[other] < c.last_visits[chosen]:
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
    first = team.first_bank
    winner = -1
    soonest = math.inf
    for number in range(team.banks):
        pull = c.bank_pulls[c.team_banks[first + number]]
        c.pulls[number] = pull
        if pull > 0.0 and c.clocks[first + number] < soonest * pull:
            soonest = c.clocks[first + number] / pull
            winner = first + number
    if winner < 0:
        return -1
    _run_clocks(c.clocks[first : first + team.banks], c.pulls, soonest)
    bank = c.team_banks[winner]
    c.visits[winner] += 1
    c.clocks[winner] = exponential(seed, PATROL, c.banks[bank].key ^ team.key, c.visits[winner], 0, 1.0)
    return bank


@compiled
def _run_clocks(clocks: NDArray[np.float64], pulls: NDArray[np.float64], span: float) -> None:
    """Let the clocks of a team run for a span; a loop of its own, so that several run in one step."""
    for index in range(clocks.size):
        clocks[index] -= pulls[index] * span


@compiled
def _weigh_banks(c: Columns, p: Row, day: int) -> None:
    """Weigh every bank for today: most alike and several at a time, the others once more by themselves."""
    last_visits, visits_rises, bank_pulls = c.last_visits, c.visits_rises, c.bank_pulls
    staleness, risk_pull = p.staleness_days, p.risk_pull
    for bank in range(bank_pulls.size):
        days = min(float(day - last_visits[bank]), 365.0)
        bank_pulls[bank] = stretch_pull(days, staleness, 0.0, risk_pull) * (1.0 + visits_rises[bank])
    for bank in range(bank_pulls.size):
        if c.reported[bank] > 0.0 or c.shared_rosters[bank] == 1:
            bank_pulls[bank] = _pull(c, p, bank, day)


@compiled
def _pull(c: Columns, p: Row, bank: int, day: int) -> float:
    """Give the pull of a bank on its team: with one roster the team knows of visits to both banks."""
    last = c.last_visits[bank]
    if c.shared_rosters[bank] == 1:
        last = max(last, c.last_visits[bank ^ 1])
        if last == day:
            return 0.0
    # Beyond a year without a visit no bank pulls harder.
    days = min(float(day - last), 365.0)
    # What is known of a bank wears off.
    reported = c.reported[bank] * _faded(c, p, day - c.risk_days[bank])
    return stretch_pull(days, p.staleness_days, reported, p.risk_pull) * (1.0 + c.visits_rises[bank])


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
    is_double = c.last_visits[bank] == day or (not is_joint and c.last_visits[bank ^ 1] == day)
    if is_double and not (is_joint and row.visitor == team):
        c.record[month, scope, R_DUPLICATED] += 1.0
    count_coverage(c, bank, day)
    c.last_visits[bank] = day
    row.visitor = team
    row.risk = rise(risk_of(c, p, bank, day), p.presence_effect)


@compiled
def count_coverage(c: Columns, bank: int, until: int) -> None:
    """Count the days of a bank before a day as covered or not, by its last visit so far.

    Parameters
    ----------
    c : Columns
        The state.
    bank : int
        The bank.
    until : int
        First day that is not counted yet.
    """
    row = c.banks[bank]
    since = row.counted_day
    last = c.last_visits[bank]
    row.covered_7 += max(0, min(until, last + 7) - since)
    row.covered_30 += max(0, min(until, last + 30) - since)
    row.counted_day = until


@compiled
def risk_of(c: Columns, p: Row, bank: int, day: int) -> float:
    """Bring the risk that offenders perceive on a bank up to date and give it.

    Parameters
    ----------
    c, p : Columns, Row
        State and parameters.
    bank, day : int
        The bank, and today.

    Returns
    -------
    float
        In [0, 1].
    """
    row = c.banks[bank]
    days = float(day - c.risk_days[bank])
    if days > 0.0:
        row.risk = fade(row.risk, p.perceived_risk_prior, days, p.deterrence_half_life_days)
        c.reported[bank] = c.reported[bank] * exp2(-days / p.deterrence_half_life_days)
        c.risk_days[bank] = day
    return row.risk
