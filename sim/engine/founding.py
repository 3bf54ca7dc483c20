"""The first day: from a laid-out border, parameters and a seed to columns."""

from __future__ import annotations


import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.compiler import compiled
from sim.engine import columns as tables
from sim.engine.calendar import put_act, put_source
from sim.engine.cases import dyad_at, new_case, open_case
from sim.engine.columns import NEVER, Columns, Records, Row
from sim.engine.constants import (
    CALENDARS,
    COUNTERS,
    COUNTY,
    DAYS_PER_YEAR,
    DECIDE,
    FACTS,
    LAND,
    MEAN_TRUST,
    OFFENCES_DUE,
    RING,
    SOURCES_DUE,
    TOWN,
    VILLAGE,
)
from sim.engine.learning import turnover_days
from sim.engine.lookups import difficulty_share
from sim.engine.worth import effort_worth_of
from sim.levers.institutions import Tables
from sim.parameters import Parameters
from sim.rules.arriving import becomes_known_share, dispute_pull
from sim.rules.flowing import routed_share
from sim.rules.learning import pessimistic_rate
from sim.rules.willingness import effort_chance
from sim.streams import ARRIVAL, CASE, OFFICE, TRUST, entity_number, exponential, normal, uniform
from sim.world.teams import MARKET, POLICE, VOLUNTEERS, WATER
from sim.world.world import World

__all__ = ["found"]

_CASES_AT_START = 1 << 16
_PRIOR_ROUNDS = 40
_DEPARTMENT_OF_DOMAIN = ("justice", "ecology", "justice", "market_regulation", "public_security")


def found(world: World, parameters: Parameters, seed: int, ordinary: Tables) -> Columns:
    """Make the state of the first day.

    Parameters
    ----------
    world : World
        The border.
    parameters : Parameters
        Values of the parameter table.
    seed : int
        Seed of the run.
    ordinary : Tables
        Institutions without mechanisms: beliefs start at the fixed point of that world.

    Returns
    -------
    Columns
        Day 0, nothing yet known but the legacy claims.
    """
    p = parameters.record().view(np.recarray)[0]
    ties = _ties(world, parameters, seed)
    dyads, dyad_ties = _dyads(world)
    offices, office_dyads = _offices(world, parameters, seed, dyads)
    banks, near = _banks(world, parameters)
    sources = np.zeros(len(ties) + len(world.village_code) + len(banks), tables.SOURCES).view(np.recarray)
    facts = np.zeros(FACTS)
    is_border = world.tie_is_border
    rest = ties["baseline"] - np.where(ties["legacy_open"] > 0, parameters["legacy_trust_deduction"], 0.0)
    ties["trust"] = rest
    facts[MEAN_TRUST] = rest[is_border].mean() if is_border.any() else rest.mean()
    _rates(ties, is_border, world, parameters, facts[MEAN_TRUST])
    c = Columns(
        villages=_villages(world, parameters),
        ties=ties,
        dyads=dyads,
        offices=offices,
        banks=banks,
        teams=_teams(world, parameters, banks),
        river=_river(world, parameters),
        sources=sources,
        cases=np.zeros(_CASES_AT_START, tables.CASES).view(np.recarray),
        dyad_ties=dyad_ties,
        office_dyads=office_dyads,
        team_banks=world.team_bank.astype(np.int64),
        near=near,
        departments=_departments(world),
        calendar=np.full((CALENDARS, RING), -1, dtype=np.int64),
        record=np.zeros((0, 2, len(tables.RECORD_FIELDS))),
        counters=np.zeros(COUNTERS, dtype=np.int64),
        facts=facts,
    )
    _settle_priors(c, ordinary, p)
    _start_offices(c, p, seed)
    _start_sources(c, seed)
    _open_legacy_claims(c, p, seed)
    return c


def _villages(world: World, parameters: Parameters) -> Records:
    rows = np.zeros(len(world.village_code), tables.VILLAGES).view(np.recarray)
    rows["key"] = world.village_key
    rows["residents"] = world.village_residents
    known = becomes_known_share(
        parameters["never_raised_share"],
        parameters["detection_per_day"],
        parameters["self_settling_per_day"],
    )
    rows["yearly_rate"] = np.maximum(
        world.village_residents / 1000.0 * parameters["interior_disputes_per_1000"] / known, 1e-9
    )
    rows["participation"] = parameters["reachable_share"]
    rows["town"] = world.village_town
    rows["is_border"] = world.village_is_border
    return rows


def _ties(world: World, parameters: Parameters, seed: int) -> Records:
    rows = np.zeros(len(world.tie_a), tables.TIES).view(np.recarray)
    rows["key"] = world.tie_key
    rows["a"], rows["b"] = world.tie_a, world.tie_b
    rows["level"] = world.tie_level
    rows["is_border"] = world.tie_is_border
    rows["is_river"] = world.tie_is_river
    rows["upstream"] = world.tie_upstream
    rows["village_dyad"], rows["town_dyad"] = world.tie_dyad[:, 0], world.tie_dyad[:, 1]
    rows["county_dyad"], rows["department_dyad"] = world.tie_dyad[:, 2], world.tie_dyad[:, 3]
    rows["legacy_open"] = world.tie_legacy_claims
    rows["contested"] = world.tie_legacy_claims > 0
    rows["first_open"] = rows["last_open"] = -1
    rows["contact_due"] = -1e9
    base = np.where(world.tie_is_border, parameters["trust_border"], parameters["trust_interior"])
    draws = np.array([normal(seed, TRUST, key, 0, 0) for key in world.tie_key])
    rows["baseline"] = np.clip(base + parameters["trust_spread"] * draws, 0.05, 0.95)
    return rows


def _rates(ties: Records, is_border: NDArray[np.bool_], world: World, parameters: Parameters, mean: float) -> None:
    """Share the disputes of a year out over ties by length and by how strongly each breeds them at the start."""
    slope, grievance_slope = parameters["dispute_trust_slope"], parameters["dispute_grievance_slope"]
    multiplier = parameters["legacy_dispute_multiplier"]
    pull = np.array(
        [
            dispute_pull(row["legacy_open"] > 0, multiplier, row["trust"], mean, slope, 0.0, grievance_slope)
            for row in ties
        ]
    )
    highest = max(1.0, multiplier) * np.exp(slope * mean) * (1.0 + grievance_slope)
    villages = np.array([world.village_is_border.sum(), len(world.village_code)])
    yearly = (parameters["border_disputes_per_village"], parameters["neighbour_disputes_per_village"])
    for chosen, count, rate in zip((is_border, ~is_border), villages, yearly, strict=True):
        weight = world.tie_length_km[chosen]
        total = float((weight * pull[chosen]).sum())
        if total > 0.0:
            ties["base_rate"][chosen] = weight * rate * count / total
    ties["base_rate"] = np.maximum(ties["base_rate"], 1e-12)
    ties["top_rate"] = ties["base_rate"] * highest


def _dyads(world: World) -> tuple[Records, NDArray[np.int64]]:
    rows = np.zeros(len(world.dyad_a), tables.DYADS).view(np.recarray)
    rows["a"], rows["b"] = world.dyad_a, world.dyad_b
    rows["tier"], rows["level"] = world.dyad_tier, world.dyad_level
    rows["is_border"] = world.dyad_is_border
    owners, members = [], []
    width = len(world.department_key)
    numbers = np.arange(len(world.tie_a))
    for column in range(4):
        own = world.tie_dyad[:, column]
        has = own >= 0
        for step in range(width if column == 3 else 1):
            owners.append(own[has] + step)
            members.append(numbers[has])
    owner, member = np.concatenate(owners), np.concatenate(members)
    order = np.lexsort((member, owner))
    counts = np.bincount(owner, minlength=len(rows))
    rows["ties"] = counts
    rows["first_tie"] = np.concatenate(([0], np.cumsum(counts)[:-1]))
    return rows, member[order].astype(np.int64)


def _offices(
    world: World, parameters: Parameters, seed: int, dyads: Records
) -> tuple[Records, NDArray[np.int64]]:
    count = len(world.office_tier)
    rows = np.zeros(count, tables.OFFICES).view(np.recarray)
    tier = world.office_tier.astype(np.int64)
    rows["tier"], rows["parent"] = tier, world.office_parent
    codes = (*world.village_code, *world.town_code, *world.county_code)
    keys = [entity_number("office", code) for code in codes]
    keys += [entity_number("office", county, name) for county in world.county_code for name in world.department_key]
    keys += [entity_number("office", code) for code in (*world.prefecture_code, *world.province_code)]
    rows["key"] = keys
    first_county = world.office_start[2]
    for county in range(len(world.county_code)):
        rows["departments"][first_county + county] = world.department_office(county, 0)
    names = ("village", "town", "county", "department")
    desk = np.array([*(parameters[f"desk_hours_{name}"] for name in names), 0.0])
    interior = np.array([parameters[f"dispute_hours_{name}"] for name in (*names, "upper")])
    share = np.ones(count)
    served = np.bincount(world.town_county, weights=world.town_residents, minlength=len(world.county_code))
    share[first_county : first_county + len(world.county_code)] = served / 100_000.0
    rows["base_desk"] = desk[tier]
    rows["base_interior"] = interior[tier] * share
    rows["side"] = _sides(world)
    draws = np.array([normal(seed, OFFICE, key, 0, 0) for key in keys])
    rows["term"] = parameters["office_spread"] * _with_line(world, rows, draws, parameters["line_likeness"])
    rows["duty_phase"] = np.array(keys, dtype=np.int64) % 360_360
    owner = np.concatenate((world.dyad_a, world.dyad_b)).astype(np.int64)
    dyad = np.concatenate((np.arange(len(dyads)), np.arange(len(dyads))))
    order = np.lexsort((dyad, owner))
    counts = np.bincount(owner, minlength=count)
    rows["dyads"] = counts
    rows["first_dyad"] = np.concatenate(([0], np.cumsum(counts)[:-1]))
    return rows, dyad[order].astype(np.int64)


def _with_line(world: World, rows: Records, own: NDArray[np.float64], likeness: float) -> NDArray[np.float64]:
    """Mix the own disposition of each office with that of its county's leadership."""
    leader = np.arange(len(own))
    first, last = world.office_start[2], world.office_start[3]
    for office in range(first):
        above = int(rows["parent"][office])
        leader[office] = above if above >= first else int(rows["parent"][above])
    for office in range(last, world.office_start[4]):
        leader[office] = int(rows["parent"][office])
    mixed = np.sqrt(likeness) * own[leader] + np.sqrt(1.0 - likeness) * own
    return np.where(leader == np.arange(len(own)), own, mixed)


def _sides(world: World) -> NDArray[np.int64]:
    """Give each office its side of the border: 0 in the first unit of the border's level, 1 elsewhere."""
    county = world.town_county[world.village_town]
    prefecture = world.county_prefecture[county]
    unit_of_village = {
        0: np.arange(len(county)),
        1: world.village_town,
        2: county,
        3: prefecture,
        4: world.prefecture_province[prefecture],
    }[min(4, world.border_level)]
    village = (unit_of_village != unit_of_village[0]).astype(np.int64) if len(county) else np.zeros(0, np.int64)
    sides = np.zeros(len(world.office_tier), dtype=np.int64)
    sides[: len(village)] = village
    # An office above takes the side of the last village below it; whoever contains both is on neither.
    for index in range(len(village)):
        office = int(world.office_parent[index])
        while office >= 0:
            sides[office] = village[index]
            office = int(world.office_parent[office])
    for county_index in range(len(world.county_code)):
        for department in range(len(world.department_key)):
            sides[world.department_office(county_index, department)] = sides[world.county_office(county_index)]
    return sides


def _banks(world: World, parameters: Parameters) -> tuple[Records, NDArray[np.int64]]:
    count = 2 * len(world.segment_tie)
    rows = np.zeros(count, tables.BANKS).view(np.recarray)
    segment = np.arange(count) // 2
    side = np.arange(count) % 2
    tie = world.segment_tie[segment]
    rows["key"] = [
        entity_number("bank", str(int(key)), str(int(one))) for key, one in zip(world.tie_key[tie], side, strict=True)
    ]
    rows["segment"], rows["tie"] = segment, tie
    rows["is_border"] = world.segment_is_border[segment]
    rows["is_river"] = world.tie_is_river[tie]
    rows["length_km"] = world.segment_length_km[segment]
    premium = 1.0 + parameters["border_premium"] * rows["is_border"]
    rows["rate"] = np.maximum(parameters["offence_candidates"] * rows["length_km"] * DAYS_PER_YEAR * premium, 1e-9)
    rows["risk"] = parameters["perceived_risk_prior"]
    rows["last_visit"] = -1 - rows["key"] % 21
    rows["visitor"] = -1
    police = np.full(len(world.town_code), -1, dtype=np.int64)
    for team in np.flatnonzero(world.team_kind == POLICE):
        police[world.team_office[team] - world.office_start[1]] = team
    village = np.where(side == 0, world.tie_a[tie], world.tie_b[tie])
    rows["police"] = police[world.village_town[village]]
    near: list[int] = []
    if count:
        points = np.column_stack((world.segment_x_km, world.segment_y_km))
        around = cKDTree(points).query_ball_point(points, parameters["search_radius_km"])
        for one in range(count // 2):
            others = sorted(2 * other + bank for other in around[one] if other != one for bank in (0, 1))
            rows["first_near"][2 * one : 2 * one + 2] = len(near)
            rows["near"][2 * one : 2 * one + 2] = len(others)
            near.extend(others)
    return rows, np.array(near, dtype=np.int64)


def _teams(world: World, parameters: Parameters, banks: Records) -> Records:
    rows = np.zeros(len(world.team_kind), tables.TEAMS).view(np.recarray)
    kind = world.team_kind.astype(np.int64)
    rows["key"] = [
        entity_number("team", str(int(world.team_office[team])), str(int(kind[team]))) for team in range(len(rows))
    ]
    rows["kind"], rows["office"] = kind, world.team_office
    rows["first_bank"] = world.team_bank_start[:-1]
    rows["banks"] = np.diff(world.team_bank_start)
    police, volunteers = parameters["police_patrol_share"], parameters["volunteer_patrol_share"]
    rest = max(0.0, 1.0 - police - volunteers)
    for team in range(len(rows)):
        own = world.team_bank[world.team_bank_start[team] : world.team_bank_start[team + 1]]
        on_river = int(banks["is_river"][own].sum())
        share = {
            POLICE: police * own.size,
            VOLUNTEERS: volunteers * own.size,
            WATER: rest * on_river,
            MARKET: rest * (own.size - on_river),
        }[int(kind[team])]
        rows["base_visits"][team] = rows["visits_per_day"][team] = parameters["border_patrol_share"] * share
        rows["saved_visits"][team] = (rows["key"][team] % 1000) / 1000.0
    return rows


def _river(world: World, parameters: Parameters) -> Records:
    rows = np.zeros(len(world.river_town), tables.RIVER).view(np.recarray)
    rows["key"] = [entity_number("river", code) for code in world.river_code]
    has_town = world.river_town >= 0
    rows["office"] = np.where(has_town, world.office_start[1] + world.river_town, -1)
    rows["load"] = np.where(world.river_is_upstream, world.river_farms * parameters["farm_load"], 0.0)
    rows["side"] = np.where(world.river_is_upstream, 0, 1)
    length = np.where(world.river_is_upstream, world.river_length_km, 0.0)
    downstream = np.array(
        [length[(world.river_order > order)].sum() for order in world.river_order], dtype=np.float64
    )
    rows["arrives"] = [routed_share(distance, parameters["load_decay_per_km"]) for distance in downstream + length / 2.0]
    rows["treated"] = 0.2
    return rows


def _departments(world: World) -> NDArray[np.int64]:
    return np.array([max(0, world.department_key.index(name)) for name in _DEPARTMENT_OF_DOMAIN], dtype=np.int64)


@compiled
def _settle_priors(c: Columns, t: Tables, p: Row) -> None:
    """Find the beliefs at which a world without mechanisms rests: each side believes what learning makes of the other.

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
                monitoring = t.dyads[dyad].monitoring
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
        row.due = exponential(seed, ARRIVAL, key, 0, 0, DAYS_PER_YEAR / rate)
        calendar = SOURCES_DUE if source < ties + villages else OFFENCES_DUE
        put_source(c, calendar, source, int(min(row.due, 1.0e9)))


@compiled
def _open_legacy_claims(c: Columns, p: Row, seed: int) -> None:
    """Enter each unsettled claim as a standing hard case, known to both sides, in the highest docket they share."""
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
