"""River and services, month by month."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BORDER,
    MEAN_TRUST,
    MONTH,
    MONTH_OF_YEAR,
    R_ABATEMENT,
    R_REQUESTS,
    R_SECTION_MET,
    R_SECTION_MONTHS,
    R_SERVICE_DAYS,
    R_TRIPS,
    WATER,
)
from sim.engine.desks import load_of
from sim.engine.in_force import InForce, at_office
from sim.engine.worth import assessed_outcome, trust_of
from sim.rules.flowing import monthly_flow, treated_next
from sim.rules.learning import interest_left, lose, rise
from sim.rules.willingness import logistic, pressure
from sim.rules.working import queue_after
from sim.streams import FLOW, SERVICE, normal, poisson, uniform

__all__ = ["flow_downstream", "serve_requests"]


@compiled
def flow_downstream(c: Columns, t: InForce, p: Row, seed: int, month: int, day: int) -> None:
    """Route the month's discharge to the border section, and let upstream towns decide on treatment.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, month, day : int
        Seed of the run, months since the start, and today.
    """
    if c.river.size == 0:
        return
    trust, cover = _river_mood(c, p, day)
    arriving = 0.0
    treated = 0.0
    total = 0.0
    general = t.general[0]
    payoff = 0.0
    if general.river_payoff > 0.0:
        payoff = interest_left(
            general.river_payoff, max(0.0, day - general.river_since), p.interest_half_life_days, trust
        )
    for place in range(c.river.size):
        row = c.river[place]
        if row.load <= 0.0 or row.arrives <= 0.0:
            continue
        assessment = p.outcome_assessment
        load = 0.5
        if row.office >= 0:
            assessed = assessed_outcome(at_office(t, row.office), WATER)
            assessment += assessed * (p.outcome_assessment_assessed - p.outcome_assessment)
            load = load_of(c.offices[row.office], p, day)
        worth = payoff + pressure(1, p.pressure_town, p.pressure_village) * assessment
        worth += p.affect_slope * (trust - c.facts[MEAN_TRUST])
        worth -= p.abatement_cost + p.effort_cost_load * (load - 0.5)
        target = logistic(p.choice_sharpness * worth)
        target = min(1.0, target * (1.0 + p.abatement_patrol * cover))
        row.treated = treated_next(row.treated, target, p.abatement_speed)
        arriving += row.load * (1.0 - row.treated) * row.arrives
        treated += row.load * row.treated
        total += row.load
    if total <= 0.0:
        return
    noise = normal(seed, FLOW, 0, month, 0)
    flow = monthly_flow(c.counters[MONTH_OF_YEAR], p.season_amplitude, noise, p.flow_spread)
    is_met = arriving / flow <= p.section_limit
    record = c.record[c.counters[MONTH], BORDER]
    record[R_SECTION_MONTHS] += 1.0
    record[R_ABATEMENT] += treated / total
    if is_met:
        record[R_SECTION_MET] += 1.0
        return
    for tie in range(c.ties.size):
        polluted = c.ties[tie]
        if polluted.is_river == 1 and polluted.is_border == 1:
            polluted.trust = lose(trust_of(polluted, p, day), p.trust_pollution)


@compiled
def _river_mood(c: Columns, p: Row, day: int) -> tuple[float, float]:
    """Give the mean trust on river ties of the border, and the share of river banks visited within a week."""
    trust = 0.0
    ties = 0
    for tie in range(c.ties.size):
        row = c.ties[tie]
        if row.is_river == 1 and row.is_border == 1:
            trust += trust_of(row, p, day)
            ties += 1
    visited = 0.0
    banks = 0
    for bank in range(c.banks.size):
        if c.banks[bank].is_river == 1:
            banks += 1
            if day - c.last_visits[bank] < 7:
                visited += 1.0
    return (
        trust / ties if ties > 0 else c.facts[MEAN_TRUST],
        visited / banks if banks > 0 else 0.0,
    )


@compiled
def serve_requests(c: Columns, t: InForce, p: Row, seed: int, month: int, day: int) -> None:
    """Serve the month's requests of border residents that need an office of the other side.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, month, day : int
        Seed of the run, months since the start, and today.
    """
    record = c.record[c.counters[MONTH], BORDER]
    for village in range(c.villages.size):
        row = c.villages[village]
        if row.is_border == 0:
            continue
        mean = p.service_requests_per_1000 * row.residents / 1000.0 / 12.0
        requests = poisson(seed, SERVICE, row.key, month, 0, mean)
        if requests == 0:
            continue
        town = c.offices[village].parent
        window = at_office(t, town).service_window
        record[R_REQUESTS] += requests
        for request in range(requests):
            draw = uniform(seed, SERVICE, row.key, month, 1 + 2 * request)
            if draw < window:
                record[R_TRIPS] += p.service_trips_window
                record[R_SERVICE_DAYS] += p.service_days_window
            else:
                record[R_TRIPS] += p.service_trips
                record[R_SERVICE_DAYS] += p.service_days
                if uniform(seed, SERVICE, row.key, month, 2 + 2 * request) < p.unserved_share:
                    row.unserved += 1.0
                    # One request among a village's residents stirs far less than a dispute between villages.
                    row.grievance = rise(row.grievance, p.grievance_per_event * p.service_grievance_share)
        office = c.offices[town]
        office.busy_until = queue_after(
            office.busy_until, day, requests * p.service_hours, office.interior_rate
        )
