"""The first day: from a laid-out border, parameters and a seed to columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.compiler import compiled
from sim.elementary import exp, exp2
from sim.engine import columns as tables
from sim.engine.columns import CHUNK, NEVER, Columns, Records, blank
from sim.engine.constants import (
    CALENDARS,
    COUNTERS,
    DAYS_PER_YEAR,
    FACTS,
    FREE_CHUNK,
    LATENT,
    MEAN_TRUST,
    ORDINARY_MONITORING,
    RING,
)
from sim.engine.in_force import InForce
from sim.engine.starting import set_going
from sim.parameters import Parameters
from sim.rules.arriving import becomes_known_share, dispute_pull
from sim.rules.flowing import routed_share
from sim.streams import OFFICE, TRUST, entity_number, normals
from sim.world.teams import MARKET, POLICE, VOLUNTEERS, WATER
from sim.world.world import World

__all__ = ["cases_a_year", "found"]

_DEPARTMENT_OF_DOMAIN = ("justice", "ecology", "justice", "market_regulation", "public_security")


def found(world: World, parameters: Parameters, seed: int, ordinary: InForce) -> Columns:
    """Make the state of the first day.

    Parameters
    ----------
    world : World
        The border.
    parameters : Parameters
        Values of the parameter table.
    seed : int
        Seed of the run.
    ordinary : InForce
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
    sources = blank(len(ties) + len(world.village_code) + len(banks), tables.SOURCES)
    legacy_claims = int(world.tie_legacy_claims.sum())
    # Each list begins a chunk of its own.
    chunks = CALENDARS * RING + (len(sources) + legacy_claims) // (CHUNK - 1)
    counters = np.zeros(COUNTERS, dtype=np.int64)
    counters[FREE_CHUNK] = -1
    facts = np.zeros(FACTS)
    most_banks = int(np.diff(world.team_bank_start).max(initial=0))
    is_border = world.tie_is_border
    deduction = np.where(ties["legacy_open"] > 0, parameters["legacy_trust_deduction"], 0.0)
    rest = ties["trust"] = np.maximum(0.0, ties["baseline"] - deduction)
    facts[MEAN_TRUST] = rest[is_border].mean() if is_border.any() else rest.mean()
    facts[ORDINARY_MONITORING + dyads["level"]] = ordinary.dyads["monitoring"][ordinary.dyad_rows]
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
        cases=blank(legacy_claims, tables.CASES),
        latent_case=_latent_case(),
        dyad_ties=dyad_ties,
        office_dyads=office_dyads,
        team_banks=world.team_bank.astype(np.int32),
        near=near,
        clocks=np.zeros(len(world.team_bank)),
        visits=np.zeros(len(world.team_bank), dtype=np.int32),
        last_visits=(-1 - banks["key"] % 21).astype(np.int32),
        risk_days=np.zeros(len(banks), dtype=np.int32),
        reported=np.zeros(len(banks)),
        visits_rises=np.zeros(len(banks)),
        shared_rosters=np.zeros(len(banks), dtype=np.int8),
        bank_pulls=np.zeros(len(banks)),
        pulls=np.zeros((2, most_banks)),
        finishes=np.zeros((2, most_banks)),
        fading=np.array([exp2(-day / parameters["deterrence_half_life_days"]) for day in range(RING)]),
        departments=_departments(world),
        duty_offices=np.zeros(0, dtype=np.int64),
        contact_ties=np.zeros(0, dtype=np.int64),
        duty_ends=np.zeros(1, dtype=np.int64),
        duty_dyads=np.zeros(0, dtype=np.int64),
        calendar=np.full((CALENDARS, RING, 2), -1, dtype=np.int64),
        entries=blank(chunks * CHUNK, np.dtype(np.int32)),
        today=blank(0, np.dtype(np.int32)),
        record=np.zeros((0, 2, len(tables.RECORD_FIELDS))),
        counters=counters,
        facts=facts,
    )
    set_going(c, ordinary, p, seed)
    return c


def cases_a_year(world: World, parameters: Parameters) -> float:
    """Give about how many rows of the case table a year takes.

    Parameters
    ----------
    world : World
        The border.
    parameters : Parameters
        Values of the parameter table.

    Returns
    -------
    float
        Disputes inside villages, between them, and offences that are reported.
    """
    residents = float(world.village_residents.sum())
    yearly = residents / 1000.0 * parameters["interior_disputes_per_1000"]
    villages = (int(world.village_is_border.sum()), len(world.village_code))
    rates = ("border_disputes_per_village", "neighbour_disputes_per_village")
    yearly += sum(count * parameters[rate] for count, rate in zip(villages, rates, strict=True))
    banks = 2.0 * float(world.segment_length_km.sum())
    offences = banks * parameters["offence_candidates"] * DAYS_PER_YEAR * (1.0 + parameters["border_premium"])
    yearly += offences * parameters["offence_reported_share"]
    return yearly


def _latent_case() -> Records:
    row = blank(1, tables.CASES)
    row["known"] = row["other_known"] = NEVER
    for name in ("first_response", "settled", "worsens", "before", "after"):
        row[name] = -1
    row["status"] = LATENT
    return row


def _villages(world: World, parameters: Parameters) -> Records:
    rows = blank(len(world.village_code), tables.VILLAGES)
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
    rows = blank(len(world.tie_a), tables.TIES)
    rows["key"] = world.tie_key
    rows["a"], rows["b"] = world.tie_a, world.tie_b
    rows["level"] = world.tie_level
    rows["is_border"] = world.tie_is_border
    rows["is_river"] = world.tie_is_river
    rows["upstream"] = world.tie_upstream
    rows["village_dyad"], rows["town_dyad"] = world.tie_dyad[:, 0], world.tie_dyad[:, 1]
    rows["county_dyad"], rows["department_dyad"] = world.tie_dyad[:, 2], world.tie_dyad[:, 3]
    rows["segment"] = world.tie_segment
    rows["legacy_open"] = world.tie_legacy_claims
    rows["contested"] = world.tie_legacy_claims > 0
    rows["first_open"] = rows["last_open"] = -1
    rows["contact_due"] = -1e9
    base = np.where(world.tie_is_border, parameters["trust_border"], parameters["trust_interior"])
    draws = normals(seed, TRUST, world.tie_key, 0, 0)
    rows["baseline"] = np.clip(base + parameters["trust_spread"] * draws, 0.05, 0.95)
    return rows


def _rates(
    ties: Records, is_border: NDArray[np.bool_], world: World, parameters: Parameters, mean: float
) -> None:
    """Share the disputes of a year out over ties, by length and by how strongly each breeds them."""
    slope, grievance_slope = parameters["dispute_trust_slope"], parameters["dispute_grievance_slope"]
    multiplier = parameters["legacy_dispute_multiplier"]
    pull = _pulls(ties["legacy_open"], ties["trust"], multiplier, mean, slope, grievance_slope)
    highest = max(1.0, multiplier) * exp(slope * mean) * (1.0 + grievance_slope)
    villages = np.array([world.village_is_border.sum(), len(world.village_code)])
    yearly = (parameters["border_disputes_per_village"], parameters["neighbour_disputes_per_village"])
    for chosen, count, rate in zip((is_border, ~is_border), villages, yearly, strict=True):
        weight = world.tie_length_km[chosen]
        total = float((weight * pull[chosen]).sum())
        if total > 0.0:
            ties["base_rate"][chosen] = weight * rate * count / total
    ties["base_rate"] = np.maximum(ties["base_rate"], 1e-12)
    ties["top_rate"] = ties["base_rate"] * highest


@compiled
def _pulls(
    legacy_open: NDArray[np.int64], trust: NDArray[np.float64], multiplier: float, mean: float, slope: float,
    grievance_slope: float,
) -> NDArray[np.float64]:  # fmt: skip
    """Give the pull of each tie at the start, when nobody bears a grievance."""
    pull = np.empty(trust.size)
    for tie in range(trust.size):
        pull[tie] = dispute_pull(
            legacy_open[tie] > 0, multiplier, trust[tie], mean, slope, 0.0, grievance_slope
        )
    return pull


def _dyads(world: World) -> tuple[Records, NDArray[np.int64]]:
    rows = blank(len(world.dyad_a), tables.DYADS)
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
    rows = blank(count, tables.OFFICES)
    tier = world.office_tier.astype(np.int64)
    rows["tier"], rows["parent"] = tier, world.office_parent
    codes = (*world.village_code, *world.town_code, *world.county_code)
    keys = [entity_number("office", code) for code in codes]
    keys += [
        entity_number("office", county, name) for county in world.county_code for name in world.department_key
    ]
    keys += [entity_number("office", code) for code in (*world.prefecture_code, *world.province_code)]
    rows["key"] = keys
    first_county = world.office_start[2]
    counties, width = len(world.county_code), len(world.department_key)
    rows["departments"][first_county : first_county + counties] = (
        world.office_start[3] + np.arange(counties) * width
    )
    names = ("village", "town", "county", "department")
    desk = np.array([*(parameters[f"desk_hours_{name}"] for name in names), 0.0])
    interior = np.array([parameters[f"dispute_hours_{name}"] for name in (*names, "upper")])
    share = np.ones(count)
    served = np.bincount(world.town_county, weights=world.town_residents, minlength=len(world.county_code))
    share[first_county : first_county + len(world.county_code)] = served / 100_000.0
    rows["base_desk"] = desk[tier]
    rows["base_interior"] = interior[tier] * share
    rows["side"] = _sides(world)
    draws = normals(seed, OFFICE, keys, 0, 0)
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
    parent = rows["parent"]
    above = parent[:first]
    leader[:first] = np.where(above >= first, above, parent[above])
    leader[last : world.office_start[4]] = parent[last : world.office_start[4]]
    mixed = np.sqrt(likeness) * own[leader] + np.sqrt(1.0 - likeness) * own
    return np.where(leader == np.arange(len(own)), own, mixed)


def _sides(world: World) -> NDArray[np.int64]:
    """Give each office its side of the border: 0 in the first unit of the border's level, 1 elsewhere."""
    county = world.town_county[world.village_town]
    prefecture = world.county_prefecture[county]
    units: dict[int, NDArray[Any]] = {
        0: np.arange(len(county)),
        1: world.village_town,
        2: county,
        3: prefecture,
        4: world.prefecture_province[prefecture],
    }
    unit_of_village = units[min(4, world.border_level)]
    village = (
        (unit_of_village != unit_of_village[0]).astype(np.int64) if len(county) else np.zeros(0, np.int64)
    )
    sides = np.zeros(len(world.office_tier), dtype=np.int64)
    sides[: len(village)] = village
    # An office above takes the side of the last village below it; whoever contains both is on neither.
    office = np.arange(len(village), dtype=np.int64)
    below = village
    while office.size:
        office = world.office_parent[office].astype(np.int64)
        has_office = office >= 0
        office, below = office[has_office], below[has_office]
        # Of villages that share an office, NumPy keeps the last.
        sides[office] = below
    _, _, first_county, first_department, first_prefecture, _ = world.office_start
    sides[first_department:first_prefecture] = np.repeat(
        sides[first_county:first_department], len(world.department_key)
    )
    return sides


def _banks(world: World, parameters: Parameters) -> tuple[Records, NDArray[np.int32]]:
    count = 2 * len(world.segment_tie)
    rows = blank(count, tables.BANKS)
    segment = np.arange(count) // 2
    side = np.arange(count) % 2
    tie = world.segment_tie[segment]
    rows["key"] = [
        entity_number("bank", str(int(key)), str(int(one)))
        for key, one in zip(world.tie_key[tie], side, strict=True)
    ]
    rows["segment"], rows["tie"] = segment, tie
    rows["is_border"] = world.segment_is_border[segment]
    rows["is_river"] = world.tie_is_river[tie]
    rows["length_km"] = world.segment_length_km[segment]
    premium = 1.0 + parameters["border_premium"] * rows["is_border"]
    rows["rate"] = np.maximum(
        parameters["offence_candidates"] * rows["length_km"] * DAYS_PER_YEAR * premium, 1e-9
    )
    rows["risk"] = parameters["perceived_risk_prior"]
    rows["visitor"] = -1
    police = np.full(len(world.town_code), -1, dtype=np.int64)
    for team in np.flatnonzero(world.team_kind == POLICE):
        police[world.team_office[team] - world.office_start[1]] = team
    village = np.where(side == 0, world.tie_a[tie], world.tie_b[tie])
    rows["police"] = police[world.village_town[village]]
    if not count:
        return rows, np.zeros(0, dtype=np.int32)
    points = np.column_stack((world.segment_x_km, world.segment_y_km))
    pairs = cKDTree(points).query_pairs(parameters["search_radius_km"], output_type="ndarray")
    one, other = np.concatenate((pairs, pairs[:, ::-1])).T
    order = np.lexsort((other, one))
    within = np.bincount(one, minlength=count // 2)
    # Both banks of a stretch reach the same banks: two of every other stretch nearby.
    rows["near"] = np.repeat(2 * within, 2)
    rows["first_near"] = np.repeat(2 * (np.cumsum(within) - within), 2)
    near = 2 * np.repeat(other[order], 2) + np.tile([0, 1], len(order))
    return rows, near.astype(np.int32)


def _teams(world: World, parameters: Parameters, banks: Records) -> Records:
    rows = blank(len(world.team_kind), tables.TEAMS)
    kind = world.team_kind.astype(np.int64)
    rows["key"] = [
        entity_number("team", str(int(world.team_office[team])), str(int(kind[team])))
        for team in range(len(rows))
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
        visits = parameters["border_patrol_share"] * share * world.team_strength[team]
        rows["base_visits"][team] = rows["visits_per_day"][team] = visits
        rows["saved_visits"][team] = (rows["key"][team] % 1000) / 1000.0
    return rows


def _river(world: World, parameters: Parameters) -> Records:
    rows = blank(len(world.river_town), tables.RIVER)
    rows["key"] = [entity_number("river", code) for code in world.river_code]
    has_town = world.river_town >= 0
    rows["office"] = np.where(has_town, world.office_start[1] + world.river_town, -1)
    # One section is judged: that of the one river, or the mean of the sections of several.
    share = parameters["farm_load"] / (1.0 + world.river_number.max(initial=0))
    rows["load"] = np.where(world.river_is_upstream, world.river_farms * share, 0.0)
    rows["side"] = np.where(world.river_is_upstream, 0, 1)
    length = np.where(world.river_is_upstream, world.river_length_km, 0.0)
    downstream = np.array(
        [
            length[(world.river_number == number) & (world.river_order > order)].sum()
            for number, order in zip(world.river_number, world.river_order, strict=True)
        ],
        dtype=np.float64,
    )
    rows["arrives"] = [
        routed_share(distance, parameters["load_decay_per_km"]) for distance in downstream + length / 2.0
    ]
    rows["treated"] = parameters["treated_at_start"]
    return rows


def _departments(world: World) -> NDArray[np.int64]:
    return np.array(
        [max(0, world.department_key.index(name)) for name in _DEPARTMENT_OF_DOMAIN], dtype=np.int64
    )
