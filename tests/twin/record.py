"""Phase 10, record: coverage every day, states at the end of the month."""

from __future__ import annotations

import calendar
import math
from typing import TYPE_CHECKING

from sim.rules.willingness import effort_chance
from sim.world.offices import DEPARTMENT, UPPER, VILLAGE
from tests.twin.cases import LAND, SECURITY
from tests.twin.offices import Dyad

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["record_day", "record_month"]


def record_day(border: Border) -> None:
    """Add up the bank-days that were visited of late, by length."""
    for bank in border.banks:
        age = border.day - bank.last_visit
        border.count("bank_days", bank.scope, bank.length_km)
        if age < 30:
            border.count("covered_30", bank.scope, bank.length_km)
        if age < 7:
            border.count("covered_7", bank.scope, bank.length_km)


def record_month(border: Border) -> None:
    """Write down the state at the end of a month."""
    days = calendar.monthrange(border.date.year, border.date.month)[1]
    for scope in (0, 1):
        record_trust(border, scope)
        for tier in range(UPPER):
            record_willingness(border, scope, tier)
    for office in border.offices:
        if office.tier < UPPER:
            waiting = max(0.0, office.busy_until - border.day) * office.interior_rate
            border.count(f"unserved_hours_{border.tier_names[office.tier]}", 0, waiting)
        if office.rules.bound_hours > 0.0:
            lost = max(0.0, office.base_interior + office.rules.interior_extra - office.interior_rate)
            office.count_bound(office.rules.bound_hours * days, lost * days)
    border.count("money", 1, border.rules.money_yuan_per_year * days / 365.25)


def mean(values: list[float]) -> float:
    """Give the mean, nan of nothing."""
    return sum(values) / len(values) if values else math.nan


def record_trust(border: Border, scope: int) -> None:
    """Write down the trust and the open disputes of the border or the interior."""
    ties = [tie for tie in border.ties if tie.scope == scope]
    record = border.record[-1][scope]
    record["trust"] = mean([tie.trust for tie in ties])
    record["trust_contested"] = mean([tie.trust for tie in ties if tie.is_contested])
    record["trust_calm"] = mean([tie.trust for tie in ties if not tie.is_contested])
    cases = [case for tie in ties for case in tie.open_cases]
    record["open_cases"] = sum(case.domain != SECURITY and not case.is_legacy for case in cases)


def record_willingness(border: Border, scope: int, tier: int) -> None:
    """Write down the propensity to make an effort of a tier, as it is and without any mechanism."""
    dyads = [one for one in border.dyads if one.tier == tier and one.is_border == bool(scope)]
    sides = [[propensity(dyad, side) for side in (0, 1)] for dyad in dyads]
    record, name = border.record[-1][scope], border.tier_names[tier]
    record[f"willingness_{name}"] = mean([now for pair in sides for now, _ in pair])
    record[f"withdrawn_{name}"] = mean([left for pair in sides for _, left in pair])
    for number, letter in enumerate("ab"):
        record[f"willingness_{letter}_{name}"] = mean(
            [
                now
                for dyad, pair in zip(dyads, sides, strict=True)
                for office, (now, _) in zip(dyad.offices, pair, strict=True)
                if office.side == number
            ]
        )
    if tier == VILLAGE:
        for which, is_contested in (("contested", True), ("calm", False)):
            record[f"willingness_{which}"] = mean(
                [
                    now
                    for dyad, pair in zip(dyads, sides, strict=True)
                    if dyad.ties[0].is_contested == is_contested
                    for now, _ in pair
                ]
            )


def propensity(dyad: Dyad, side: int) -> tuple[float, float]:
    """Give the willingness of a side over the mix of difficulties, now and if mechanisms were withdrawn."""
    p, now, left = dyad.model.p, 0.0, 0.0
    domain, tie = SECURITY if dyad.tier == DEPARTMENT else LAND, dyad.ties[0]
    for difficulty, share in enumerate(p.border_share):
        now += share * dyad.willingness(side, tie, domain, difficulty, dyad.rules.monitoring)
        left += share * effort_chance(dyad.worth_if_withdrawn(side, tie, difficulty), p.choice_sharpness)
    return now, left
