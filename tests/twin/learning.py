"""Phase 8, learning: interest fades, grievance heals, cadres change."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from sim.rules.learning import fade, interest_left
from tests.twin.cases import SECURITY
from tests.twin.places import Tie

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["learn_slowly"]


def learn_slowly(border: Border) -> None:
    """Let a month work on villages, ties and the people in office."""
    for village in border.villages:
        village.grievance = fade(village.grievance, 0.0, 365.25 / 12.0, border.p.grievance_half_life_days)
    for tie in border.ties:
        if border.date.month == 12:
            tie.contacts_this_year = 0
        take_for_granted(border, tie)
        resent(border, tie)
    for office in border.offices:
        if office.turnover_due <= border.day:
            office.change_cadre()


def take_for_granted(border: Border, tie: Tie) -> None:
    """Let shared interest fade; a one-sided gift is welcome among friends and resented on contested ties."""
    p, rules = border.p, tie.rules
    tie.interest = 0.0
    if rules.payoff > 0.0:
        age = max(0.0, border.day - rules.interest_since)
        tie.interest = interest_left(rules.payoff, age, p.interest_half_life_days, tie.trust)
        gift = p.trust_gift * rules.one_sided / 12.0
        if tie.legacy_open:
            tie.lose(gift)
        else:
            tie.gain(gift)


def resent(border: Border, tie: Tie) -> None:
    """Let disputes that linger wear on trust every month, and be resented once."""
    p = border.p
    days_of_month = calendar.monthrange(border.date.year, border.date.month)[1]
    for case in tie.open_cases:
        age = border.day - case.known
        if age > p.lingering_days and not case.is_legacy and case.domain != SECURITY:
            tie.lose(p.trust_lingering)
            if age <= p.lingering_days + days_of_month:
                case.aggrieve()
