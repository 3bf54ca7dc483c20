"""Patrol: teams spend their visits on banks by staleness and reported risk, alone or from one roster."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.compiler import compiled
from sim.elementary import exp2
from sim.engine.columns import Columns, Row
from sim.engine.constants import BORDER, INTERIOR, MONTH, R_DUPLICATED, R_VISITS
from sim.engine.fetching import fetch
from sim.engine.in_force import InForce, on_stretch
from sim.rules.learning import fade_to, rise
from sim.rules.patrolling import stretch_pull
from sim.streams import PATROL, exponential, uniform

__all__ = ["count_coverage", "fetch_risk", "patrol", "risk_of", "visit"]

# Beyond a year without a visit no bank pulls harder.
_MOST_STALE: Final = 365.0


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
    winner = _enter(c, t, 0)
    for team in range(c.teams.size):
        # The next team's banks enter before this one's visits: what its own first visit touches comes from
        # memory meanwhile.
        next_winner = _enter(c, t, team + 1)
        row = c.teams[team]
        if row.banks > 0:
            row.saved_visits += row.visits_per_day
            if row.saved_visits >= 1.0:
                next_winner = _race(c, t, p, seed, team, winner, next_winner, day)
        winner = next_winner


@compiled
def _race(
    c: Columns, t: InForce, p: Row, seed: int, team: int, winner: int, next_winner: int, day: int
) -> int:
    """Let the banks of a team race for its visits of today; give the first winner of the next team.

    Each bank has a clock of its own that runs at the speed of its pull, and whenever one runs out, its bank
    is visited and gets a new one. A waiting time without memory need not be drawn again for those who did
    not win. Within a day only visits change pulls, so the clocks are run once for all visits of the day.
    """
    row = c.teams[team]
    first = row.first_bank
    clocks = c.clocks[first : first + row.banks]
    pulls = c.pulls[team % 2]
    finishes = c.finishes[team % 2, : row.banks]
    span = 0.0
    turn = 0
    while row.saved_visits >= 1.0:
        row.saved_visits -= 1.0
        if turn > 0:
            winner = _first_to_finish(finishes)
            if winner >= 0:
                _fetch_for_visit(c, t, first + winner)
        if winner >= 0:
            span = finishes[winner]
            bank = c.team_banks[first + winner]
            other = bank ^ 1
            row.visits += 1
            c.visits[first + winner] += 1
            key = c.banks[bank].key ^ row.key
            # The new clock starts now, at the speed at which all have run since the start.
            clocks[winner] = pulls[winner] * span
            clocks[winner] += exponential(seed, PATROL, key, c.visits[first + winner], 0, 1.0)
            _go_to(c, t, p, seed, team, bank, day, turn)
            # Until the next day the visit changes the pull of no other stretch.
            c.bank_pulls[bank] = _pull(c, p, bank, day)
            _change_speed(c, team, winner, span)
            is_changed = False
            # Teams of one kind share no bank: each has those of its own unit.
            if next_winner >= 0 and c.teams[team + 1].kind != row.kind:
                is_changed = _change_speed(c, team + 1, _place_of(c, team + 1, bank), 0.0)
            # The other bank pulls otherwise only where the visit was to it, too, or is known of there.
            if c.shared_rosters[bank] == 1 or c.last_visits[other] == day:
                pull = _pull(c, p, other, day)
                if pull != c.bank_pulls[other]:
                    c.bank_pulls[other] = pull
                    _change_speed(c, team, _place_of(c, team, other), span)
                    if next_winner >= 0 and _change_speed(c, team + 1, _place_of(c, team + 1, other), 0.0):
                        is_changed = True
            if is_changed:
                next_winner = _first_to_finish(c.finishes[(team + 1) % 2, : c.teams[team + 1].banks])
        turn += 1
    _run_clocks(clocks, pulls, span)
    return next_winner


@compiled
def _fetch_for_visit(c: Columns, t: InForce, entry: int) -> None:
    """Ask for all that a visit to a team's bank touches."""
    fetch(c.visits, entry)
    bank = c.team_banks[entry]
    fetch_risk(c, bank)
    fetch(c.last_visits, bank)
    fetch(c.visits_rises, bank)
    fetch(c.shared_rosters, bank)
    fetch(t.bank_rows, bank // 2)


@compiled
def _enter(c: Columns, t: InForce, team: int) -> int:
    """Let the banks of a team enter its race for today's visits, and give the first winner.

    It is -1 where the team has no visit to pay today, or nothing pulls.
    """
    if team == c.teams.size:
        return -1
    row = c.teams[team]
    # What others take from its visits meanwhile can only make them fewer.
    if row.banks == 0 or row.saved_visits + row.visits_per_day < 1.0:
        return -1
    first = row.first_bank
    finishes = c.finishes[team % 2, : row.banks]
    _note_finishes(
        c.clocks[first : first + row.banks],
        c.team_banks[first : first + row.banks],
        c.bank_pulls,
        c.pulls[team % 2],
        finishes,
    )
    winner = _first_to_finish(finishes)
    if winner >= 0:
        _fetch_for_visit(c, t, first + winner)
    return winner


@compiled
def _note_finishes(
    clocks: NDArray[np.float64],
    banks: NDArray[np.int32],
    bank_pulls: NDArray[np.float64],
    pulls: NDArray[np.float64],
    finishes: NDArray[np.float64],
) -> None:
    """Note the speed of each bank of a team and when its clock would run out; never where nothing pulls."""
    for index in range(clocks.size):
        pulls[index] = bank_pulls[banks[index]]
    for index in range(clocks.size):
        finishes[index] = clocks[index] / pulls[index] if pulls[index] > 0.0 else math.inf


@compiled
def _first_to_finish(finishes: NDArray[np.float64]) -> int:
    """Give the number of the bank whose clock runs out first, -1 where none does."""
    # Numbers from 0 are in the order of their bits, and whole ones are compared several at a time.
    bits = finishes.view(np.int64)
    soonest = bits[0]
    for index in range(1, bits.size):
        soonest = min(soonest, bits[index])
    winner = 0
    while bits[winner] != soonest:
        winner += 1
    return winner if finishes[winner] < math.inf else -1


@compiled
def _place_of(c: Columns, team: int, bank: int) -> int:
    """Give the place of a bank among those of a team, which stand in order; -1 where it is another's."""
    row = c.teams[team]
    first, behind = row.first_bank, row.first_bank + row.banks
    if bank < c.team_banks[first] or bank > c.team_banks[behind - 1]:
        return -1
    while first < behind:
        middle = (first + behind) // 2
        if c.team_banks[middle] < bank:
            first = middle + 1
        else:
            behind = middle
    return first - row.first_bank if c.team_banks[first] == bank else -1


@compiled
def _change_speed(c: Columns, team: int, place: int, span: float) -> bool:
    """Let a bank of a team run on at the pull that it has now; False where the place is -1, for none.

    Its clock is set as if it had run at that pull since the start.
    """
    if place < 0:
        return False
    entry = c.teams[team].first_bank + place
    pull = c.bank_pulls[c.team_banks[entry]]
    clock = c.clocks[entry] + (pull - c.pulls[team % 2, place]) * span
    c.clocks[entry] = clock
    c.pulls[team % 2, place] = pull
    c.finishes[team % 2, place] = clock / pull if pull > 0.0 else math.inf
    return True


@compiled
def _run_clocks(clocks: NDArray[np.float64], pulls: NDArray[np.float64], span: float) -> None:
    """Let the clocks of a team run for a span; a loop of its own, so that several run in one step."""
    for index in range(clocks.size):
        clocks[index] -= pulls[index] * span


@compiled
def _go_to(c: Columns, t: InForce, p: Row, seed: int, team: int, chosen: int, day: int, turn: int) -> None:
    """Visit a bank, alone or with the other side's team, or the other bank in its place."""
    rules = on_stretch(t, chosen // 2)
    other = chosen ^ 1
    if (
        rules.shared_roster == 1
        and c.teams[c.banks[other].police].saved_visits >= 0.0
        and uniform(seed, PATROL, c.teams[team].key, day, 1000 + turn) < rules.joint_visits
    ):
        # A joint visit costs both sides a visit and counts on both banks. The other side pays out of what it
        # saves next, and comes again only once that is paid.
        c.teams[c.banks[other].police].saved_visits -= 1.0
        visit(c, p, chosen, team, day, True)
        visit(c, p, other, team, day, True)
    elif rules.cross_bank == 1 and c.last_visits[other] < c.last_visits[chosen]:
        visit(c, p, other, team, day, False)
    else:
        visit(c, p, chosen, team, day, False)


@compiled
def _weigh_banks(c: Columns, p: Row, day: int) -> None:
    """Weigh every bank for today: most alike and several at a time, the others once more by themselves."""
    last_visits, visits_rises, bank_pulls = c.last_visits, c.visits_rises, c.bank_pulls
    reported, risk_days, fading = c.reported, c.risk_days, c.fading
    staleness, risk_pull, longest = p.staleness_days, p.risk_pull, c.fading.size - 1
    for bank in range(bank_pulls.size):
        days = min(float(day - last_visits[bank]), _MOST_STALE)
        known = reported[bank] * fading[min(day - risk_days[bank], longest)]
        bank_pulls[bank] = stretch_pull(days, staleness, known, risk_pull) * (1.0 + visits_rises[bank])
    for bank in range(bank_pulls.size):
        if c.shared_rosters[bank] == 1 or day - risk_days[bank] > longest:
            bank_pulls[bank] = _pull(c, p, bank, day)


@compiled
def _pull(c: Columns, p: Row, bank: int, day: int) -> float:
    """Give the pull of a bank on its team: with one roster the team knows of visits to both banks."""
    last = c.last_visits[bank]
    if c.shared_rosters[bank] == 1:
        last = max(last, c.last_visits[bank ^ 1])
        if last == day:
            return 0.0
    days = min(float(day - last), _MOST_STALE)
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
def fetch_risk(c: Columns, bank: int) -> None:
    """Ask for what the risk of a bank is made of, as `risk_of` will touch it.

    Parameters
    ----------
    c : Columns
        The state.
    bank : int
        The bank.
    """
    fetch(c.banks, bank)
    fetch(c.risk_days, bank)
    fetch(c.reported, bank)


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
    days = day - c.risk_days[bank]
    if days > 0:
        left = _faded(c, p, days)
        row.risk = fade_to(row.risk, p.perceived_risk_prior, left)
        c.reported[bank] = c.reported[bank] * left
        c.risk_days[bank] = day
    return row.risk
