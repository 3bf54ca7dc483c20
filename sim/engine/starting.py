"""What is set going on the first day: beliefs, desks, streams of candidates, and legacy claims."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.borrowing import lend
from sim.engine.calendar import put_act, put_source
from sim.engine.cases import dyad_at, new_case, open_case
from sim.engine.columns import NEVER, Columns, Row
from sim.engine.constants import (
    COUNTY,
    DAYS_PER_YEAR,
    DECIDE,
    LAND,
    OFFENCES_DUE,
    SOURCES_DUE,
    TOWN,
    VILLAGE,
)
from sim.engine.in_force import InForce, on_dyad
from sim.engine.learning import turnover_days
from sim.engine.lookups import difficulty_share
from sim.engine.worth import effort_worth_of
from sim.rules.learning import pessimistic_rate
from sim.rules.willingness import effort_chance
from sim.streams import ARRIVAL, CASE, PATROL, exponential, uniform

__all__ = ["set_going"]

_PRIOR_ROUNDS = 40


@compiled
def set_going(columns: Columns, ordinary: InForce, p: Row, seed: int) -> None:
    """Let beliefs find their rest, fill desks, start the streams and enter the legacy claims.

    Parameters
    ----------
    columns : Columns
        State of the first day; changed in place.
    ordinary : InForce
        Institutions without mechanisms.
    p : Row
        The parameters.
    seed : int
        Seed of the run.
    """
    c = lend(columns)
    t = lend(ordinary)
    _settle_priors(c, t, p)
    _start_offices(c, p, seed)
    _start_sources(c, seed)
    _start_patrols(c, seed)
    _open_legacy_claims(c, p, seed)


@compiled
def _settle_priors(c: Columns, t: InForce, p: Row) -> None:
    """Find the beliefs at which a world without mechanisms rests: what learning makes of the other side.

    Offices learn from cases of all difficulties; losses weigh more than gains, so beliefs rest below the
    true propensity.
    """
    for dyad in range(c.dyads.size):
        row = c.dyads[dyad]
        if row.ties == 0:
            continue
        tie = c.dyad_ties[row.first_tie]
        row.prior_a = 0.4
        row.prior_b = 0.4
        row.belief_a = 0.4
        row.belief_b = 0.4
        for _ in range(_PRIOR_ROUNDS):
            propensity_a = 0.0
            propensity_b = 0.0
            for difficulty in range(3):
                weight = difficulty_share(p, difficulty)
                monitoring = on_dyad(t, dyad).monitoring
                worth_a = effort_worth_of(c, t, p, dyad, 0, tie, LAND, difficulty, monitoring, 0)
                worth_b = effort_worth_of(c, t, p, dyad, 1, tie, LAND, difficulty, monitoring, 0)
                propensity_a += weight * effort_chance(worth_a, p.choice_sharpness)
                propensity_b += weight * effort_chance(worth_b, p.choice_sharpness)
            rest_a = pessimistic_rate(propensity_b, p.belief_loss_ratio, p.load_excuse)
            rest_b = pessimistic_rate(propensity_a, p.belief_loss_ratio, p.load_excuse)
            row.belief_a = 0.5 * row.belief_a + 0.5 * rest_a
            row.belief_b = 0.5 * row.belief_b + 0.5 * rest_b
            row.prior_a = row.belief_a
            row.prior_b = row.belief_b


@compiled
def _start_offices(c: Columns, p: Row, seed: int) -> None:
    for office in range(c.offices.size):
        row = c.offices[office]
        row.desk_rate = row.base_desk
        row.interior_rate = row.base_interior
        row.desk = 0.5 * p.desk_saving_days * row.desk_rate
        row.turnover_due = turnover_days(p, seed, row.key, row.tier, 0)


@compiled
def _start_sources(c: Columns, seed: int) -> None:
    ties = c.ties.size
    villages = c.villages.size
    for source in range(c.sources.size):
        if source < ties:
            key, rate = c.ties[source].key, c.ties[source].top_rate
        elif source < ties + villages:
            key, rate = c.villages[source - ties].key, c.villages[source - ties].yearly_rate
        else:
            key, rate = c.banks[source - ties - villages].key, c.banks[source - ties - villages].rate
        row = c.sources[source]
        row.key = key
        row.mean_days = DAYS_PER_YEAR / rate
        row.due = exponential(seed, ARRIVAL, key, 0, 0, row.mean_days)
        calendar = SOURCES_DUE if source < ties + villages else OFFENCES_DUE
        put_source(c, calendar, source, int(min(row.due, 1.0e9)))


@compiled
def _start_patrols(c: Columns, seed: int) -> None:
    for team in range(c.teams.size):
        row = c.teams[team]
        for index in range(row.first_bank, row.first_bank + row.banks):
            key = c.banks[c.team_banks[index]].key ^ row.key
            c.clocks[index] = exponential(seed, PATROL, key, 0, 0, 1.0)


@compiled
def _open_legacy_claims(c: Columns, p: Row, seed: int) -> None:
    """Enter each unsettled claim as a hard case known to both sides, in the highest docket they share."""
    for tie in range(c.ties.size):
        row = c.ties[tie]
        for claim in range(row.legacy_open):
            case = new_case(c, row.key, -1 - claim, tie, row.a, 0, 0)
            record = c.cases[case]
            record.domain = LAND
            record.difficulty = 2
            record.first_difficulty = 2
            record.detected_difficulty = 2
            record.needs_both = 1
            record.legacy = 1
            record.known = 0
            record.other_known = 0
            record.gives_up = NEVER
            record.tier = VILLAGE
            for tier in (TOWN, COUNTY):
                if dyad_at(c, tie, tier, LAND) >= 0:
                    record.tier = tier
            open_case(c, case)
            wait = uniform(seed, CASE, row.key, -1 - claim, 0) * p.legacy_cool_off_days
            put_act(c, case, int(wait), DECIDE)
