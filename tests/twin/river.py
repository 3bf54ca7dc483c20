"""Phase 9, river and services: discharge is routed, requests are served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.flowing import monthly_flow, treated_next
from sim.rules.learning import interest_left
from sim.rules.willingness import logistic, pressure
from sim.rules.working import queue_after
from sim.streams import FLOW, SERVICE, normal, poisson, uniform
from tests.twin.cases import WATER
from tests.twin.places import RiverPlace, Village

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["flow_downstream", "serve_requests"]


def flow_downstream(border: Border) -> None:
    """Let upstream towns decide on treatment, and see whether the border section meets its limit."""
    p = border.p
    places = [place for place in border.river if place.load > 0.0 and place.arrives > 0.0]
    if not places:
        return
    along = [tie for tie in border.ties if tie.is_river and tie.is_border]
    trust = sum(tie.trust for tie in along) / len(along) if along else border.mean_trust
    banks = [bank for bank in border.banks if bank.tie.is_river]
    cover = sum(border.day - bank.last_visit < 7 for bank in banks) / max(1, len(banks))
    age = max(0.0, border.day - border.rules.river_since)
    payoff = interest_left(border.rules.river_payoff, age, p.interest_half_life_days, trust)
    for place in places:
        target = logistic(p.choice_sharpness * worth_of_treatment(border, place, payoff, trust))
        target = min(1.0, target * (1.0 + p.abatement_patrol * cover))
        place.treated = treated_next(place.treated, target, p.abatement_speed)
    noise = normal(border.seed, FLOW, 0, border.month, 0)
    flow = monthly_flow(border.date.month - 1, p.season_amplitude, noise, p.flow_spread)
    arriving = sum(place.load * (1.0 - place.treated) * place.arrives for place in places)
    border.count("section_months", 1)
    total = sum(place.load for place in places)
    border.count("abatement", 1, sum(place.load * place.treated for place in places) / total)
    if arriving / flow <= p.section_limit:
        border.count("section_met", 1)
    else:
        for tie in along:
            tie.lose(p.trust_pollution)


def worth_of_treatment(border: Border, place: RiverPlace, payoff: float, trust: float) -> float:
    """Give what treating its discharge is worth to an upstream town, modelled or not."""
    p, office = border.p, place.office
    assessment, load = p.outcome_assessment, 0.5
    if office is not None:
        assessment, load = office.assessment_of(WATER), office.load
    worth = payoff + pressure(1, p.pressure_town, p.pressure_village) * assessment
    worth += p.affect_slope * (trust - border.mean_trust)
    return worth - p.abatement_cost - p.effort_cost_load * (load - 0.5)


def serve_requests(border: Border) -> None:
    """Serve the month's requests of border residents that need an office of the other side."""
    for village in border.villages:
        if village.is_border:
            mean = border.p.service_requests_per_1000 * village.residents / 1000.0 / 12.0
            requests = poisson(border.seed, SERVICE, village.key, border.month, 0, mean)
            if requests:
                serve(border, village, requests)


def serve(border: Border, village: Village, requests: int) -> None:
    """Serve the requests of a village, at a shared window or over two sides, or see them given up."""
    p, town = border.p, village.branch.parent
    assert town is not None
    border.count("requests", 1, requests)
    for request in range(requests):
        draws = [
            uniform(border.seed, SERVICE, village.key, border.month, first + 2 * request) for first in (1, 2)
        ]
        at_window = draws[0] < town.rules.service_window
        border.count("trips", 1, p.service_trips_window if at_window else p.service_trips)
        border.count("service_days", 1, p.service_days_window if at_window else p.service_days)
        if not at_window and draws[1] < p.unserved_share:
            village.unserved += 1.0
            village.aggrieve(p.grievance_per_event * p.service_grievance_share)
    hours = requests * p.service_hours
    town.busy_until = queue_after(town.busy_until, border.day, hours, town.interior_rate)
