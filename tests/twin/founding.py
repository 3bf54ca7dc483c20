"""Initialisation: from a laid-out border to agents, and what is set going on the first day."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.elementary import exp
from sim.rules.arriving import becomes_known_share, dispute_pull
from sim.rules.flowing import routed_share
from sim.rules.learning import pessimistic_rate
from sim.streams import ARRIVAL, CASE, OFFICE, TRUST, entity_number, exponential, normal
from sim.world.offices import COUNTY, DEPARTMENT, TOWN, UPPER, VILLAGE
from sim.world.teams import MARKET, POLICE, VOLUNTEERS, WATER
from tests.twin.cases import LAND, Case
from tests.twin.offices import Dyad, Office, Team
from tests.twin.places import Bank, RiverPlace, Tie, Village

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["banks", "dyads", "offices", "river", "set_going", "teams", "ties", "trust", "villages"]

DAYS_PER_YEAR = 365.25


def villages(border: Border) -> list[Village]:
    """Make the villages; a rate of known disputes becomes one of arising disputes."""
    world, p = border.world, border.p
    known = becomes_known_share(p.never_raised_share, p.detection_per_day, p.self_settling_per_day)
    made = []
    for row, key in enumerate(world.village_key.tolist()):
        village = Village(
            border, key, float(world.village_residents[row]), bool(world.village_is_border[row])
        )
        village.rate = max(village.residents / 1000.0 * p.interior_disputes_per_1000 / known, 1e-9)
        made.append(village)
    return made


def offices(border: Border) -> list[Office]:
    """Make the offices, each under its own line, with hours and a disposition partly that of its county."""
    world, p = border.world, border.p
    units = (*world.village_code, *world.town_code, *world.county_code)
    keys = [entity_number("office", code) for code in units]
    keys += [
        entity_number("office", county, one) for county in world.county_code for one in world.department_key
    ]
    keys += [entity_number("office", code) for code in (*world.prefecture_code, *world.province_code)]
    made = [Office(border, row, key, int(world.office_tier[row])) for row, key in enumerate(keys)]
    for office, parent in zip(made, world.office_parent.tolist(), strict=True):
        office.parent = made[parent] if parent >= 0 else None
        name = border.tier_names[office.tier]
        office.base_desk = 0.0 if office.tier == UPPER else getattr(p, f"desk_hours_{name}")
        office.base_interior = getattr(p, f"dispute_hours_{name}")
    for village, branch in zip(border.villages, made, strict=False):
        village.branch = branch
    for county in range(len(world.county_code)):
        committee = made[world.county_office(county)]
        numbers = range(len(world.department_key))
        committee.departments = [made[world.department_office(county, number)] for number in numbers]
        residents = sum(world.town_residents[world.town_county == county].tolist())
        committee.base_interior *= residents / 100_000.0
    for office in made:
        own, county = normal(border.seed, OFFICE, office.key, 0, 0), county_of(office)
        if county is not office and county is not None:
            shared = normal(border.seed, OFFICE, county.key, 0, 0)
            own = math.sqrt(p.line_likeness) * shared + math.sqrt(1.0 - p.line_likeness) * own
        office.term = p.office_spread * own
    choose_sides(border, made)
    return made


def county_of(office: Office) -> Office | None:
    """Give the county committee of an office's line, None above the county."""
    above: Office | None = office
    while above is not None and above.tier != COUNTY:
        above = above.parent
    return above


def choose_sides(border: Border, made: list[Office]) -> None:
    """Give each office its side: 0 in the first unit; whoever stands above several takes the last one's."""
    units = []
    for branch in made[: len(border.villages)]:
        unit = branch
        for _ in range(border.world.border_level):
            unit = unit.parent or unit
        units.append(unit)
    for branch, unit in zip(made, units, strict=False):
        office: Office | None = branch
        while office is not None:
            office.side = int(unit is not units[0])
            office = office.parent
    for office in made:
        for department in office.departments:
            department.side = office.side


def ties(border: Border) -> list[Tie]:
    """Make the ties with their lines and legacy claims."""
    world, made = border.world, []
    for row, key in enumerate(world.tie_key.tolist()):
        sides = (border.villages[world.tie_a[row]], border.villages[world.tie_b[row]])
        tie = Tie(border, key, sides, int(world.tie_level[row]))
        tie.is_border, tie.is_river = bool(world.tie_is_border[row]), bool(world.tie_is_river[row])
        tie.length_km = float(world.tie_length_km[row])
        tie.legacy_open = int(world.tie_legacy_claims[row])
        tie.is_contested = tie.legacy_open > 0
        made.append(tie)
    return made


def trust(border: Border) -> float:
    """Let trust start at its resting value, share out the disputes of a year, and give the mean trust."""
    world, p = border.world, border.p
    for tie in border.ties:
        spread = p.trust_spread * normal(border.seed, TRUST, tie.key, 0, 0)
        tie.baseline = min(0.95, max(0.05, (p.trust_border if tie.is_border else p.trust_interior) + spread))
        tie.trust = max(0.0, tie.baseline - (p.legacy_trust_deduction if tie.legacy_open else 0.0))
    reference = [tie.trust for tie in border.ties if tie.is_border] or [tie.trust for tie in border.ties]
    mean = sum(reference) / len(reference)
    highest = max(1.0, p.legacy_dispute_multiplier) * exp(p.dispute_trust_slope * mean)
    highest *= 1.0 + p.dispute_grievance_slope
    for is_border, yearly, count in (
        (True, p.border_disputes_per_village, int(world.village_is_border.sum())),
        (False, p.neighbour_disputes_per_village, len(border.villages)),
    ):
        own = [tie for tie in border.ties if tie.is_border == is_border]
        total = sum(tie.length_km * pull(border, tie, mean, 0.0) for tie in own)
        for tie in own:
            tie.rate = max(tie.length_km * yearly * count / total, 1e-12)
            tie.top_rate = tie.rate * highest
    return mean


def pull(border: Border, tie: Tie, mean_trust: float, grievance: float) -> float:
    """Give how strongly a tie breeds disputes."""
    p = border.p
    return dispute_pull(
        tie.legacy_open > 0, p.legacy_dispute_multiplier, tie.trust, mean_trust, p.dispute_trust_slope,
        grievance, p.dispute_grievance_slope,
    )  # fmt: skip


def dyads(border: Border) -> list[Dyad]:
    """Make the pairs of offices; department d of a pair of counties is the first plus d."""
    world, made = border.world, []
    for row in range(len(world.dyad_a)):
        pair = (border.offices[world.dyad_a[row]], border.offices[world.dyad_b[row]])
        dyad = Dyad(border, pair, int(world.dyad_level[row]), bool(world.dyad_is_border[row]))
        for office in pair:
            office.dyads.append(dyad)
        made.append(dyad)
    for tie, numbers in zip(border.ties, world.tie_dyad.tolist(), strict=True):
        for tier in (VILLAGE, TOWN, COUNTY):
            if numbers[tier] >= 0:
                tie.dyads[tier] = made[numbers[tier]]
        if numbers[DEPARTMENT] >= 0:
            tie.departments = made[numbers[DEPARTMENT] : numbers[DEPARTMENT] + len(world.department_key)]
        for dyad in (*tie.dyads.values(), *tie.departments):
            dyad.ties.append(tie)
    return made


def banks(border: Border) -> list[Bank]:
    """Make two banks for every stretch; those of other stretches within the radius are near."""
    world, p, made = border.world, border.p, []
    for stretch, row in enumerate(world.segment_tie.tolist()):
        tie, length = border.ties[row], float(world.segment_length_km[stretch])
        premium = 1.0 + p.border_premium * tie.is_border
        pair = []
        for side in (0, 1):
            bank = Bank(border, entity_number("bank", str(tie.key), str(side)), tie, side, stretch, length)
            bank.rate = max(p.offence_candidates * length * DAYS_PER_YEAR * premium, 1e-9)
            pair.append(bank)
        pair[0].other, pair[1].other = pair[1], pair[0]
        made += pair
    points = list(zip(world.segment_x_km.tolist(), world.segment_y_km.tolist(), strict=True))
    for bank in made:
        here = points[bank.stretch]
        for stretch, point in enumerate(points):
            if stretch != bank.stretch and math.dist(here, point) <= p.search_radius_km:
                bank.near += made[2 * stretch : 2 * stretch + 2]
    return made


def teams(border: Border) -> list[Team]:
    """Make the teams; together they pay so many visits a day to each bank."""
    world, p, made = border.world, border.p, []
    rest = max(0.0, 1.0 - p.police_patrol_share - p.volunteer_patrol_share)
    for row, (kind, office) in enumerate(
        zip(world.team_kind.tolist(), world.team_office.tolist(), strict=True)
    ):
        numbers = world.team_bank[world.team_bank_start[row] : world.team_bank_start[row + 1]].tolist()
        own = [border.banks[number] for number in numbers]
        on_river = sum(bank.tie.is_river for bank in own)
        visits = {
            POLICE: p.police_patrol_share * len(own),
            VOLUNTEERS: p.volunteer_patrol_share * len(own),
            WATER: rest * on_river,
            MARKET: rest * (len(own) - on_river),
        }[kind] * p.border_patrol_share
        made.append(Team(border, entity_number("team", str(office), str(kind)), own, visits))
        if kind == POLICE:
            for bank in own:
                bank.police = made[-1]
    return made


def river(border: Border) -> list[RiverPlace]:
    """Make the towns on the river; only upstream towns discharge, and less of it arrives from further off."""
    world, p, made = border.world, border.p, []
    lengths = [
        length if is_upstream else 0.0
        for length, is_upstream in zip(world.river_length_km.tolist(), world.river_is_upstream, strict=True)
    ]
    order = world.river_order.tolist()
    for row, town in enumerate(world.river_town.tolist()):
        below = sum(length for length, number in zip(lengths, order, strict=True) if number > order[row])
        load = float(world.river_farms[row]) * p.farm_load if world.river_is_upstream[row] else 0.0
        office = border.offices[world.town_office(town)] if town >= 0 else None
        arrives = routed_share(below + lengths[row] / 2.0, p.load_decay_per_km)
        made.append(RiverPlace(border, office, load, arrives))
    return made


def set_going(border: Border) -> None:
    """Let beliefs find their rest, fill desks by half, start the streams and enter the legacy claims."""
    p, seed = border.p, border.seed
    for dyad in border.dyads:
        settle_priors(dyad)
    for office in border.offices:
        office.desk_rate, office.interior_rate = office.base_desk, office.base_interior
        office.desk = 0.5 * p.desk_saving_days * office.desk_rate
        office.turnover_due = office.draw_term()
    for those, diary in (
        ([(tie, tie.top_rate) for tie in border.ties], border.disputes),
        ([(village, village.rate) for village in border.villages], border.disputes),
        ([(bank, bank.rate) for bank in border.banks], border.offenders),
    ):
        for one, rate in those:
            one.due = exponential(seed, ARRIVAL, one.key, 0, 0, DAYS_PER_YEAR / rate)
            diary.enter(one, int(min(one.due, 1e9)), border.day)
    for tie in border.ties:
        for claim in range(tie.legacy_open):
            open_claim(border, tie, claim)


def settle_priors(dyad: Dyad) -> None:
    """Find the beliefs at which learning rests without mechanisms; empty desks are a load of one half."""
    p = dyad.model.p
    if not dyad.ties:
        return
    for _ in range(40):
        works = [
            sum(
                share * dyad.willingness(side, dyad.ties[0], LAND, difficulty, dyad.rules.monitoring)
                for difficulty, share in enumerate(p.border_share)
            )
            for side in (0, 1)
        ]
        for side in (0, 1):
            rest = pessimistic_rate(works[1 - side], p.belief_loss_ratio, p.load_excuse)
            dyad.belief[side] = 0.5 * dyad.belief[side] + 0.5 * rest
    dyad.prior = list(dyad.belief)


def open_claim(border: Border, tie: Tie, claim: int) -> None:
    """Enter a legacy claim as a hard case known to both sides, in the highest docket they share."""
    case = Case(border, tie.key, -1 - claim, tie, tie.villages[0])
    case.difficulty = case.first_difficulty = case.detected_difficulty = 2
    case.needs_both = case.is_legacy = True
    case.known = case.other_known = 0
    case.tier = max(tie.dyads)
    case.open()
    case.wait_for("decide", int(case.draw(CASE, 0) * border.p.legacy_cool_off_days))
