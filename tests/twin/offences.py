"""Phase 6, offences: offenders choose place and time; large operations search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.elementary import exp, log
from sim.rules.patrolling import commits_offence, detection_chance
from sim.streams import OFFENCE, OPERATION, poisson, uniform
from sim.world.offices import COUNTY, DEPARTMENT
from tests.twin.arrivals import next_candidates
from tests.twin.cases import SECURITY, Case
from tests.twin.offices import Dyad
from tests.twin.places import Bank

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["offend", "operate"]


def offend(border: Border) -> None:
    """Let today's candidates for an offence decide."""
    for bank in border.offenders.due(border.day):
        for candidate in next_candidates(border, bank, bank.rate):
            consider(border, bank, candidate)
        border.offenders.enter(bank, int(min(bank.due, 1e9)), border.day)


def consider(border: Border, bank: Bank, candidate: int) -> None:
    """Let a candidate decide whether to act here, or where it seems safest within reach."""
    p = border.p
    gain = -p.offence_gain * log(1.0 - uniform(border.seed, OFFENCE, bank.key, candidate, 0))
    if is_tempted(bank, gain):
        act(border, bank, bank, candidate)
    elif uniform(border.seed, OFFENCE, bank.key, candidate, 1) < p.displacement_share:
        place = min((bank.other, *bank.near), key=lambda one: one.risk)
        if is_tempted(place, gain):
            act(border, bank, place, candidate)


def is_tempted(bank: Bank, gain: float) -> bool:
    """Tell whether a gain outweighs the risk that is perceived on a bank."""
    p = bank.model.p
    return commits_offence(gain, bank.risk, p.offender_risk_weight, p.fine_weight * bank.rules.penalties)


def act(border: Border, origin: Bank, place: Bank, candidate: int) -> None:
    """Commit an offence; it is seen or not, the offender caught or gone, the offence reported or not."""
    p, today = border.p, border.day

    def draw(index: int) -> float:
        return uniform(border.seed, OFFENCE, origin.key, candidate, index)

    border.count("offences", place.scope)
    if place is not origin:
        border.count("displaced", place.scope)
    if place is origin.other:
        border.count("displaced_across", place.scope)
    seen = detection_chance(draw(2) < p.night_share, p.detection_day, p.detection_night)
    if place.last_visit != today:
        seen *= place.rules.nearest_first if place.other.last_visit == today else 0.0
    has_fled = False
    if draw(3) < seen:
        is_refuge = place.tie.is_border and not place.rules.pursuit
        has_fled = is_refuge and draw(4) < p.crossing_share
        if not has_fled:
            border.count("caught", place.scope)
            place.deter(p.offender_learning_caught)
            return
    place.risk *= 1.0 - p.offender_learning_free
    if has_fled or draw(5) < p.offence_reported_share:
        border.count("reported_offences", place.scope)
        place.reported = min(1.0, place.reported + p.report_weight)
        case = Case(border, origin.key, candidate, place.tie, place.tie.villages[place.side], place.side)
        case.domain = SECURITY
        case.difficulty = case.first_difficulty = 1
        case.needs_both = has_fled or (place.tie.is_border and draw(6) < p.needs_both[1])
        # The police read today's reports tomorrow.
        case.detect_on(today + 1)


def operate(border: Border) -> None:
    """Carry out the month's large operations of every pair of counties on the border."""
    p, month = border.p, border.month
    for dyad in border.dyads:
        if dyad.tier != COUNTY or not dyad.is_border:
            continue
        key = dyad.ties[0].key
        for number in range(poisson(border.seed, OPERATION, key, month, 0, p.joint_operations_baseline)):
            side = 0 if uniform(border.seed, OPERATION, key, month, 10 + number) < 0.5 else 1
            search(border, dyad, number, side)
        if dyad.rules.has_convener:
            for number in range(poisson(border.seed, OPERATION, key, month, 1, dyad.rules.joint_operations)):
                if both_come(border, dyad, number):
                    search(border, dyad, 100 + number, None)


def both_come(border: Border, dyad: Dyad, number: int) -> bool:
    """Tell whether both police departments work and have the hours; each sees the other."""
    p, tie = border.p, dyad.ties[0]
    police = tie.departments[border.department_of[SECURITY]]
    obligation = max(police.rules.obligation, police.rules.duty_power * p.obligation_duty)
    come = True
    for side, office in enumerate(police.offices):
        draws = [
            uniform(border.seed, OPERATION, tie.key, border.month, first + 10 * number + side)
            for first in (1000, 1005)
        ]
        works = draws[0] < police.willingness(side, tie, SECURITY, 1, police.rules.monitoring)
        has_hours = office.desk >= p.operation_hours * p.bound_desk_share
        for name, is_so in (
            ("calls", True),
            ("attended", works or office.attends(obligation, draws[1])),
            ("efforts", works),
        ):
            if is_so:
                border.count(f"{name}_{border.tier_names[DEPARTMENT]}", 1)
        police.observe(1 - side, works and has_hours, 1.0)
        come = come and works and has_hours
    for office in police.offices if come else ():
        office.bind(p.operation_hours)
    return come


def search(border: Border, dyad: Dyad, number: int, side: int | None) -> None:
    """Search a part of a pair's banks, those of one side or of both; who heard of it is not there."""
    p, month = border.p, border.month
    border.count("operations", 1)
    if side is None:
        border.count("joint_operations", 1)
    leak = p.operation_leak_joint if side is None else p.operation_leak
    has_leaked = uniform(border.seed, OPERATION, dyad.ties[0].key, month, 2000 + number) < leak
    found = 0
    for bank in border.banks:
        if bank.tie.dyads.get(COUNTY) is not dyad or side not in (None, bank.side):
            continue
        if uniform(border.seed, OPERATION, bank.key, month, 3000 + number) >= p.operation_reach_share:
            continue
        # Whoever is there came for the risk that was perceived before the search.
        deterrence = p.offender_risk_weight * bank.risk * (1.0 + p.fine_weight * bank.rules.penalties)
        bank.last_visit = border.day
        bank.deter(p.presence_effect)
        if not has_leaked:
            active = bank.rate * p.operation_catch_days / 365.25 * exp(-deterrence / p.offence_gain)
            caught = poisson(border.seed, OPERATION, bank.key, month, 4000 + number, active)
            found += caught
            if caught:
                bank.deter(p.offender_learning_caught)
    if found:
        border.count("operation_hits", 1)
