"""Phase 5, patrol: teams spend their visits on banks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.patrolling import stretch_pull
from sim.streams import PATROL, uniform
from tests.twin.offices import Team
from tests.twin.places import Bank

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["patrol"]


def patrol(border: Border) -> None:
    """Let every team pay the visits that it has saved up."""
    for team in border.teams:
        if team.banks:
            team.saved_visits += team.visits_per_day
        turn = 0
        while team.banks and team.saved_visits >= 1.0:
            team.saved_visits -= 1.0
            go_out(border, team, turn)
            turn += 1


def go_out(border: Border, team: Team, turn: int) -> None:
    """Visit the bank that wins the race, the other one, or both where the other police owe none."""
    today, bank = border.day, race(border, team)
    if bank is None:
        return
    rules, other = bank.rules, bank.other
    team.visits += 1
    if (
        rules.shared_roster
        and other.police.saved_visits >= 0.0
        and uniform(border.seed, PATROL, team.key, today, 1000 + turn) < rules.joint_visits
    ):
        other.police.saved_visits -= 1.0
        visit(border, team, bank, is_joint=True)
        visit(border, team, other, is_joint=True)
    elif rules.cross_bank and other.last_visit < bank.last_visit:
        visit(border, team, other)
    else:
        visit(border, team, bank)


def race(border: Border, team: Team) -> Bank | None:
    """Let the clock of every bank run at the speed of its pull, and give the bank whose clock is out first.

    The others keep what is left of their clocks: a waiting time without memory need not be drawn again.
    """
    pulls = {bank: pull_of(bank, border.day) for bank in team.banks}
    times = {bank: team.clocks[bank] / pull for bank, pull in pulls.items() if pull > 0.0}
    if not times:
        return None
    winner = min(times, key=times.__getitem__)
    for bank, pull in pulls.items():
        team.clocks[bank] -= pull * times[winner]
    team.won[winner] += 1
    team.clocks[winner] = team.draw_clock(winner)
    return winner


def pull_of(bank: Bank, today: int) -> float:
    """Give the pull of a bank; on one roster a team knows of visits to both banks and repeats none today."""
    p, last = bank.model.p, bank.last_visit
    if bank.rules.shared_roster:
        last = max(last, bank.other.last_visit)
        if last == today:
            return 0.0
    pull = stretch_pull(min(today - last, 365.0), p.staleness_days, bank.reported, p.risk_pull)
    return pull * (1.0 + bank.visits_rise)


def visit(border: Border, team: Team, bank: Bank, *, is_joint: bool = False) -> None:
    """Visit a bank; offenders notice, and a stretch that another team visited today is visited twice."""
    today = border.day
    border.count("visits", bank.scope)
    is_double = bank.last_visit == today or (not is_joint and bank.other.last_visit == today)
    if is_double and not (is_joint and bank.visitor is team):
        border.count("duplicated", bank.scope)
    bank.last_visit, bank.visitor = today, team
    bank.deter(border.p.presence_effect)
