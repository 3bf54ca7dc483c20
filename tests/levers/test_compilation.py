from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.levers.builder import WORTH
from sim.levers.compilation import compile_institutions, no_institutions
from sim.levers.coverage import coverage_of
from sim.levers.definitions import LEVERS, TIERS
from sim.levers.institutions import BANK_RULES, OFFICE_KINDS, Institutions, Tables, ordinary_tables
from sim.levers.mechanisms import (
    Mechanism,
    Package,
    list_mechanisms,
    list_packages,
    load_mechanism,
    load_package,
)
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out

PARAMETERS = Parameters()
YEARS_3 = 1096
PAIR = ("陆川县", "廉江市")
MECHANISMS = list_mechanisms()
INSIDE_TOO = {"border_only": False}
# Hours of a working day, spread over the seven days that the hours of an office come in.
WEEK = 5 / 7
# Everything that has rows of its own; meetings are looked at apart.
ROWS = ("dyads", "ties", "offices", "banks", "general")
Cells = dict[tuple[str, str], dict[int, float]]


@pytest.fixture(scope="module")
def world() -> World:
    """Three counties, two of whose three lines are the border between two provinces."""
    return lay_out(load_region("yulin_zhanjiang_maoming").subset([*PAIR, "化州市"]), seed=1)


def mechanism(*levers: dict[str, Any], key: str = "trial", **more: Any) -> Mechanism:
    text = {"zh": "试", "en": "trial"}
    tiers = list(TIERS)
    return Mechanism.from_dict(key, {"name": text, "summary": text, "tiers": tiers, "levers": levers} | more)


def compiled(world: World, *parts: Mechanism | dict[str, Any], days: int = YEARS_3) -> Institutions:
    """Compile mechanisms; a lever on its own counts as a mechanism of its own."""
    members = [
        part if isinstance(part, Mechanism) else mechanism(part, key=f"trial_{number}")
        for number, part in enumerate(parts)
    ]
    return compile_institutions(Package.of("trial", members), world, PARAMETERS, days)


def tables_of(world: World, *parts: Mechanism | dict[str, Any]) -> Tables:
    """Tables of the first day."""
    (epoch,) = compiled(world, *parts, days=1).epochs
    return epoch.tables


def ordinary(world: World) -> Tables:
    (epoch,) = no_institutions(world, PARAMETERS).epochs
    return epoch.tables


def bits(institutions: Institutions) -> list[tuple[int, list[bytes]]]:
    return [(epoch.first_day, [table.tobytes() for table in epoch.tables]) for epoch in institutions.epochs]


def changes(before: Tables, after: Tables) -> Cells:
    found: Cells = {}
    for table in ROWS:
        old, new = getattr(before, table), getattr(after, table)
        for column in old.dtype.names:
            rows = np.flatnonzero(old[column] != new[column])
            if rows.size:
                found[table, column] = {int(row): float(new[column][row]) for row in rows}
    return found


def counties_of(world: World, tie: int) -> set[int]:
    return {int(world.town_county[world.village_town[side[tie]]]) for side in (world.tie_a, world.tie_b)}


def towns_of(world: World, tie: int) -> set[int]:
    return {int(world.village_town[side[tie]]) for side in (world.tie_a, world.tie_b)}


def border(world: World) -> list[int]:
    return [tie for tie in range(len(world.tie_a)) if world.tie_is_border[tie]]


def offices_facing(world: World, tier: str, tie: int, department: str = "") -> set[int]:
    sides = [int(world.tie_a[tie]), int(world.tie_b[tie])]
    if tier == "village":
        return {world.village_office(side) for side in sides}
    if tier == "town":
        return {world.town_office(town) for town in towns_of(world, tie)}
    if tier == "county":
        return {world.county_office(county) for county in counties_of(world, tie)}
    number = world.department_key.index(department)
    return {world.department_office(county, number) for county in counties_of(world, tie)}


def pairs(
    world: World, tier: str, ties: Iterable[int] | None = None, departments: tuple[str, ...] | None = None
) -> list[int]:
    """Pairs of offices, found by the offices themselves and not by the table that links ties to pairs."""
    named = (departments or world.department_key) if tier == "department" else ("",)
    wanted = {
        frozenset(offices_facing(world, tier, tie, department))
        for tie in (border(world) if ties is None else ties)
        for department in named
    }
    both = zip(world.dyad_a.tolist(), world.dyad_b.tolist(), strict=True)
    return [row for row, sides in enumerate(both) if frozenset(sides) in wanted]


def members(world: World, dyads: Iterable[int]) -> list[int]:
    return [int(side[dyad]) for dyad in dyads for side in (world.dyad_a, world.dyad_b)]


def stretches(world: World, ties: Iterable[int]) -> list[int]:
    place = {int(tie): row for row, tie in enumerate(world.segment_tie)}
    return [place[tie] for tie in ties if tie in place]


def on(rows: Iterable[int], value: float) -> dict[int, float]:
    return dict.fromkeys(rows, value)


def bound(world: World, dyads: list[int], hours: float) -> dict[int, float]:
    sides = members(world, dyads)
    return {office: sides.count(office) * hours for office in set(sides)}


def convener_cells(world: World, tier: str, monitoring: float) -> Cells:
    """What any convener writes: efforts are seen, and both sides can be called."""
    dyads = pairs(world, tier)
    return {("dyads", "monitoring"): on(dyads, monitoring), ("dyads", "has_convener"): on(dyads, 1)}


def use(lever: str, tier: str | None = None, **given: Any) -> dict[str, Any]:
    named = ("options", "domains", "share", "scope", "start_year", "end_year")
    data: dict[str, Any] = {"lever": lever} | {name: given.pop(name) for name in named if name in given}
    return data | ({"tiers": [tier]} if tier else {}) | ({"settings": given} if given else {})


def expect_duty(world: World) -> Cells:
    dyads = pairs(world, "town")
    return convener_cells(world, "town", 0.3) | {
        ("dyads", "duty_power"): on(dyads, 0.35),
        ("dyads", "duty_memory"): on(dyads, 0.4),
        ("offices", "duty_interval"): on(members(world, dyads), 7),
        ("dyads", "has_duty"): on(dyads, 1),
        ("offices", "duty_hours"): on(members(world, dyads), 2.5),
    }


def expect_body(world: World) -> Cells:
    dyads = pairs(world, "county")
    return convener_cells(world, "county", 0.7) | {
        ("dyads", "obligation"): on(dyads, 0.8),
        ("dyads", "office_kind"): on(dyads, OFFICE_KINDS.index("standing_body")),
        ("dyads", "office_hours"): on(dyads, 0.75 * WEEK),
        ("dyads", "decision_right"): on(dyads, 0.6),
        ("offices", "bound_hours"): bound(world, dyads, 0.75 * WEEK),
    }


def expect_workstation(world: World) -> Cells:
    dyads = pairs(world, "department")
    return {
        ("dyads", "monitoring"): on(dyads, 0.5),
        ("dyads", "obligation"): on(dyads, 0.6),
        ("dyads", "office_kind"): on(dyads, OFFICE_KINDS.index("workstation")),
        ("dyads", "office_hours"): on(dyads, 0.25 * WEEK),
        ("offices", "bound_hours"): bound(world, dyads, 0.25 * WEEK),
    }


def expect_capacity(world: World) -> Cells:
    dyads = pairs(world, "town")
    return {
        ("dyads", "place"): on(dyads, 0.4),
        ("offices", "desk_extra"): on(members(world, dyads), 1.5),
        ("offices", "interior_extra"): on(members(world, dyads), 2.0),
        ("offices", "service_window"): on(members(world, dyads), 0.6),
        ("banks", "visits_rise_a"): on(stretches(world, border(world)), 0.5),
        ("banks", "visits_rise_b"): on(stretches(world, border(world)), 0.5),
    }


def expect_assessment(world: World) -> Cells:
    offices = members(world, pairs(world, "county"))
    cells: Cells = {("offices", f"outcome_{domain}"): on(offices, 0.8) for domain in ("water", "security")}
    return cells | {("offices", "attendance"): on(offices, 0.5)}


def expect_pool(world: World) -> Cells:
    banks = stretches(world, border(world))
    return {
        ("banks", "shared_roster"): on(banks, 1),
        ("banks", "joint_visits"): on(banks, 0.3),
        ("dyads", "joint_operations"): on(pairs(world, "county"), 2.0),
    }


def expect_routing(world: World) -> Cells:
    return {
        ("ties", "route_by_difficulty"): on(border(world), 0.5),
        ("ties", "route_to_department"): on(border(world), 0.4),
        ("dyads", "service_clock"): on(pairs(world, "department", departments=("justice", "ecology")), 0.6),
    }


def ties_get(**columns: float) -> Callable[[World], Cells]:
    return lambda world: {("ties", column): on(border(world), value) for column, value in columns.items()}


LEVER_CELLS: list[tuple[dict[str, Any], Callable[[World], Cells]]] = [
    (
        use("channel", "town", days=3),
        lambda world: {("dyads", "channel_days"): on(pairs(world, "town"), 3.0)},
    ),
    (
        use("channel", "county", days=3, upkeep_hours=2, options={"formation": "earned"}),
        lambda world: {
            ("dyads", "earned_days"): on(pairs(world, "county"), 3.0),
            ("dyads", "earned_hours"): on(pairs(world, "county"), 2.0),
        },
    ),
    (
        use("forum", "village", items=2),
        lambda world: {
            ("dyads", "monitoring"): on(pairs(world, "village"), 0.2),
            ("dyads", "forum_obligation"): on(pairs(world, "village"), 0.75),
        },
    ),
    (use("duty", "town", interval_days=7, hours=2.5, convening_power=0.35, handover_memory=0.4), expect_duty),
    (
        use(
            "joint_office",
            "county",
            hours_per_member=0.75,
            decision_right=0.6,
            options={"kind": "standing_body"},
        ),
        expect_body,
    ),
    (use("joint_office", "department", hours_per_member=0.25), expect_workstation),
    (
        use("cross_post", "village", hours=0.5),
        lambda world: {
            ("dyads", "cross_posted"): on(pairs(world, "village"), 1),
            ("dyads", "monitoring"): on(pairs(world, "village"), 0.5),
            ("offices", "bound_hours"): bound(world, pairs(world, "village"), 0.5 * WEEK),
        },
    ),
    (
        use("observation", delay_reduction=0.2, loss_reduction=0.3, case_trail=0.4),
        ties_get(delay_removed=0.2, loss_removed=0.3, case_trail=0.4),
    ),
    (
        use("sensing", faster_detection=1.5, completeness=0.3),
        ties_get(faster_detection=1.5, completeness=0.3),
    ),
    (
        use("routing", by_difficulty=0.5, to_department=0.4, service_clock=0.6, domains=["land", "water"]),
        expect_routing,
    ),
    (
        use("action_right", cross_bank=1, nearest_first=0.5),
        lambda world: {
            ("banks", "cross_bank"): on(stretches(world, border(world)), 1),
            ("banks", "nearest_first"): on(stretches(world, border(world)), 0.5),
        },
    ),
    (
        use("action_right", pursuit=1),
        lambda world: {("banks", "pursuit"): on(stretches(world, border(world)), 1)},
    ),
    (use("pool", shared_roster=1, joint_visits=0.3, joint_operations_per_month=2), expect_pool),
    (
        use("standard", rules=0.5, penalties=0.4),
        lambda world: {
            ("ties", "rules_harmonised"): on(border(world), 0.5),
            ("banks", "penalties"): on(stretches(world, border(world)), 0.4),
        },
    ),
    (
        use("skill", mediation=0.2, two_sided_panel=0.3, law_service=0.4),
        ties_get(skill=0.2, panel=0.3, law=0.4),
    ),
    (
        use(
            "capacity",
            "town",
            desk_hours=1.5,
            interior_hours=2,
            patrol_visits=0.5,
            place=0.4,
            service_window=0.6,
        ),
        expect_capacity,
    ),
    (
        use("capacity", "department", desk_hours=1.5, domains=["water"]),
        lambda world: {
            ("offices", "desk_extra"): on(
                members(world, pairs(world, "department", departments=("ecology",))), 1.5
            )
        },
    ),
    (
        use("assessment", "county", outcome=0.8, attendance=0.5, domains=["water", "security"]),
        expect_assessment,
    ),
    (use("interest", payoff=0.08, one_sided=0.25), ties_get(payoff=0.08, one_sided=0.25)),
    (
        use("interest", river_payoff=0.1),
        lambda world: {("general", "river_payoff"): {0: 0.1}},
    ),
    (use("contact", events_per_year=6, hours_per_event=1.5), ties_get(contact_events=6.0, contact_hours=1.5)),
]


def test_the_table_of_cells_covers_every_lever() -> None:
    assert {data["lever"] for data, _ in LEVER_CELLS} == set(LEVERS)


@pytest.mark.parametrize(("data", "expected"), LEVER_CELLS, ids=[data["lever"] for data, _ in LEVER_CELLS])
def test_a_lever_writes_its_own_cells_and_no_others(
    world: World, data: dict[str, Any], expected: Callable[[World], Cells]
) -> None:
    after = tables_of(world, data)
    found = changes(ordinary(world), after)
    wanted = expected(world)
    assert set(found) == set(wanted)
    for cell, rows in wanted.items():
        assert rows, cell
        assert found[cell] == pytest.approx(rows, rel=1e-12), cell
    assert (len(after.forums) > 0) == (data["lever"] == "forum")


def test_without_mechanisms_a_common_superior_sees_and_calls() -> None:
    tables = ordinary_tables(np.arange(5, dtype=np.int8), 3, 4, 2, PARAMETERS)
    # Within the prefecture 0.4, between prefectures 0.05 + 0.35 / 2, between provinces nobody sees; who is
    # asked comes in 0.75 of calls, in 0.15 + 0.60 / 2, or out of courtesy alone.
    assert_allclose(tables.dyads["monitoring"], [0.4, 0.4, 0.4, 0.225, 0.05])
    assert_allclose(tables.dyads["obligation"], [0.75, 0.75, 0.75, 0.45, 0.15])
    assert (tables.dyads["channel_days"] == math.inf).all()
    assert [len(table) for table in tables] == [5, 3, 4, 2, 0, 0, 1]
    assert tables.banks.dtype == BANK_RULES
    assert not any(tables.ties[column].any() for column in tables.ties.dtype.names)
    blind = Parameters({"monitoring_superior": 0.0, "obligation_superior": 0.0})
    dyads = ordinary_tables(np.array([0], np.int8), 0, 0, 0, blind).dyads
    assert_allclose([dyads["monitoring"], dyads["obligation"]], [[0.05], [0.15]])


def test_a_weak_meeting_does_not_blind_a_superior(world: World) -> None:
    tables = tables_of(world, use("forum", "village", scope=INSIDE_TOO))
    inside = world.dyad_level[: len(world.tie_a)] <= 2
    assert inside.any()
    assert_allclose(tables.dyads["monitoring"][: len(world.tie_a)][inside], 0.4)


def test_a_meeting_lists_its_members_tier_by_tier(world: World) -> None:
    settings = {
        "cadence_days": 91, "items": 3, "hours_per_member": 12, "owner_and_deadline": 0.9, "review": 0.8
    }  # fmt: skip
    tables = tables_of(world, {"lever": "forum", "tiers": ["town", "county"], "settings": settings})
    assert tables.forums["tier"].tolist() == [1, 2]
    for row, tier in zip(tables.forums, ("town", "county"), strict=True):
        sides = tables.forum_dyads[row["first"] : row["first"] + row["count"]]
        assert sides.tolist() == pairs(world, tier)
        assert [row[name] for name in ("items", "hours", "owner", "review", "cadence")] == [
            3,
            12,
            0.9,
            0.8,
            91,
        ]
        assert 0 <= row["phase"] < 91
    assert tables.forums["count"].sum() == tables.forum_dyads.size


def test_a_meeting_without_items_shows_nobody_at_work(world: World) -> None:
    found = changes(ordinary(world), tables_of(world, use("forum", "town", items=0)))
    assert set(found) == {("dyads", "forum_obligation")}


@pytest.mark.parametrize("key", MECHANISMS)
def test_at_level_zero_a_mechanism_is_not_there_to_the_bit(world: World, key: str) -> None:
    full = load_mechanism(key)
    nothing = bits(no_institutions(world, PARAMETERS))
    assert bits(compiled(world, full.at_level(0.0))) == nothing
    assert bits(compiled(world, full)) != nothing


@pytest.mark.parametrize("base", ["none", "paper", "five_links"])
def test_mechanisms_at_level_zero_leave_a_package_as_it_is(world: World, base: str) -> None:
    package = load_package(base)
    own = [item.key for item in package.mechanisms]
    idle = [load_mechanism(key).at_level(0.0) for key in MECHANISMS if key not in own]
    assert idle
    assert bits(compiled(world, *idle, *package.mechanisms)) == bits(compiled(world, *package.mechanisms))


def test_levers_begin_and_end_with_their_years(world: World) -> None:
    lasting = use("skill", mediation=0.5)
    passing = use("observation", case_trail=0.5, start_year=1, end_year=2)
    institutions = compiled(world, lasting, passing)
    # 1 * 365.25 and 2 * 365.25 days, to the nearest (even) day.
    assert [epoch.first_day for epoch in institutions.epochs] == [0, 365, 730]
    trails = [bool(epoch.tables.ties["case_trail"].any()) for epoch in institutions.epochs]
    assert trails == [False, True, False]
    assert all(epoch.tables.ties["skill"].any() for epoch in institutions.epochs)
    assert bits(institutions)[0][1] == bits(institutions)[2][1] == bits(compiled(world, lasting))[0][1]


@pytest.mark.parametrize(("days", "epochs"), [(0, [0]), (365, [0]), (366, [0, 365]), (1096, [0, 365, 730])])
def test_what_begins_after_the_end_is_left_out(world: World, days: int, epochs: list[int]) -> None:
    passing = use("skill", mediation=0.5, start_year=1, end_year=2)
    assert [epoch.first_day for epoch in compiled(world, passing, days=days).epochs] == epochs


def test_shared_interest_counts_from_its_own_start(world: World) -> None:
    late = use("interest", payoff=0.1, river_payoff=0.2, start_year=1)
    rows = border(world)
    tables = compiled(world, late).epochs[1].tables
    assert set(tables.ties["interest_since"][rows]) == {365.0}
    assert tables.general[0]["river_since"] == 365.0
    # On top of an older interest the older date holds.
    both = compiled(world, late, use("interest", payoff=0.1)).epochs[1].tables
    assert set(both.ties["interest_since"][rows]) == {0.0}
    assert_allclose(both.ties["payoff"][rows], 0.2)


def test_shifting_moves_dates_and_nothing_else(world: World) -> None:
    late = use("interest", payoff=0.1, river_payoff=0.2, start_year=1)
    institutions = compiled(world, late, *load_package("paper").mechanisms)
    before = bits(institutions)
    moved = institutions.shifted(1000)
    assert bits(institutions) == before
    assert [epoch.first_day for epoch in moved.epochs] == [1000, 1365]
    for old, new in zip(institutions.epochs, moved.epochs, strict=True):
        found = changes(old.tables, new.tables)
        assert set(found) == {("ties", "interest_since"), ("general", "river_since")}
        assert_allclose(new.tables.ties["interest_since"], old.tables.ties["interest_since"] + 1000)
        assert new.tables.general[0]["river_since"] == old.tables.general[0]["river_since"] + 1000
        assert new.tables.forums.tobytes() == old.tables.forums.tobytes()


@pytest.mark.parametrize("package", ["five_links", "completed"])
def test_bound_hours_add_up(world: World, package: str) -> None:
    """What all offices give is, pair by pair and lever by lever, what joint offices and double posts take."""
    parts = load_package(package).mechanisms
    taking = {"joint_office": ("hours_per_member", "office_kind"), "cross_post": ("hours", "cross_posted")}
    given = 0.0
    for part in parts:
        for item in (item for item in part.levers if item.lever in taking):
            name, column = taking[item.lever]
            number = sum(len(pairs(world, tier)) for tier in item.tiers)
            if item.share < 1.0:
                assert [other.lever for other in part.levers].count(item.lever) == 1
                number = np.count_nonzero(tables_of(world, part).dyads[column])
            given += 2 * number * item.settings[name] * WEEK
    assert given > 0.0
    assert tables_of(world, *parts).offices["bound_hours"].sum() == pytest.approx(given)


def test_two_mechanisms_in_one_place(world: World) -> None:
    def two(lever: str, tier: str | None, first: dict[str, Any], second: dict[str, Any]) -> Tables:
        return tables_of(world, use(lever, tier, **first), use(lever, tier, **second))

    ties, towns = border(world), pairs(world, "town")
    offices = members(world, towns)
    skill = two("skill", None, {"mediation": 0.5}, {"mediation": 0.4})
    assert_allclose(skill.ties["skill"][ties], 0.7)  # the second works on the half that is left
    faster = two("sensing", None, {"faster_detection": 2}, {"faster_detection": 4})
    assert_allclose(faster.ties["faster_detection"][ties], 5.0)  # no more than the lever itself can do
    assert_allclose(two("channel", "town", {"days": 3}, {"days": 1}).dyads["channel_days"][towns], 1.0)
    kept = two("channel", "town", {"upkeep_hours": 1}, {"upkeep_hours": 0.5}).dyads
    assert_allclose(kept["channel_hours"][towns], 1.5)
    assert np.isinf(kept["earned_days"]).all()
    duty = two("duty", "town", {"interval_days": 30, "hours": 4}, {"interval_days": 7, "hours": 2})
    assert set(duty.offices["duty_interval"][offices]) == {7}
    # As many hours a day as both rotas by themselves.
    assert_allclose(duty.offices["duty_hours"][offices], (4 / 30 + 2 / 7) * 7)
    assessed = two("assessment", "town", {"outcome": 0.7}, {"outcome": 0.7})
    assert_allclose(assessed.offices["outcome_land"][offices], 0.91)
    desks = two("capacity", "town", {"desk_hours": 1}, {"desk_hours": 0.5})
    assert_allclose(desks.offices["desk_extra"][offices], 1.5)
    kinds = [
        {"options": {"kind": kind}, "hours_per_member": 0.5} for kind in ("standing_body", "workstation")
    ]
    office = two("joint_office", "town", *kinds)
    assert set(office.dyads["office_kind"][towns]) == {OFFICE_KINDS.index("standing_body")}
    assert_allclose(office.dyads["office_hours"][towns], 1.0 * WEEK)
    events = [{"events_per_year": 6, "hours_per_event": 1}, {"events_per_year": 2, "hours_per_event": 3}]
    contact = two("contact", None, *events)
    assert_allclose(contact.ties["contact_events"][ties], 8.0)
    assert_allclose(contact.ties["contact_hours"][ties], 1.5)  # (6 * 1 + 2 * 3) / 8


def test_the_order_of_a_package_does_not_matter(world: World) -> None:
    parts = load_package("completed").mechanisms
    forward, backward = tables_of(world, *parts), tables_of(world, *reversed(parts))
    for table in ROWS:
        for column in getattr(forward, table).dtype.names:
            there, back = getattr(forward, table)[column], getattr(backward, table)[column]
            assert_allclose(there, back, rtol=1e-12, atol=1e-12, err_msg=column)
    keys = [sorted(tables.forums[["key", "tier", "count"]].tolist()) for tables in (forward, backward)]
    assert keys[0] == keys[1]


def test_money_is_counted_while_a_mechanism_runs_and_for_what_it_covers(world: World) -> None:
    def money(part: Mechanism) -> list[float]:
        epochs = compiled(world, part).epochs
        return [float(epoch.tables.general[0]["money_yuan_per_year"]) for epoch in epochs]

    flat = {"cost": {"money_yuan_per_year": 900.0}}
    per_pair = {"cost": {"money_yuan_per_year": 100.0, "per": "pair"}}
    assert money(mechanism(use("skill", mediation=0.5, start_year=1, end_year=2), **flat)) == [
        0.0,
        900.0,
        0.0,
    ]
    assert money(mechanism(use("skill", mediation=0.5), **flat).at_level(0.5)) == [450.0]
    ties, towns = len(border(world)), len(pairs(world, "town"))
    assert money(mechanism(use("skill", mediation=0.5), **per_pair)) == [100.0 * ties]
    assert money(mechanism(use("channel", "town"), **per_pair)) == [100.0 * towns]
    assert money(mechanism(use("channel", "town", share=0.5), **per_pair)) == [50.0 * towns]
    assert money(mechanism(use("channel", "town"), **per_pair).at_level(0.5)) == [50.0 * towns]


@pytest.mark.parametrize("package", list_packages())
def test_tables_depend_on_the_parameters_that_are_named_as_their_worth(world: World, package: str) -> None:
    read: set[str] = set()

    class Watched(Parameters):
        def __getitem__(self, name: str) -> float:
            read.add(name)
            return super().__getitem__(name)

    compile_institutions(load_package(package), world, Watched(), YEARS_3)
    assert read <= set(WORTH)


def test_a_border_can_go_although_arms_were_compiled_on_it() -> None:
    border = lay_out(load_region("yulin_zhanjiang_maoming").subset([*PAIR]), seed=1)
    compile_institutions(load_package("completed"), border, PARAMETERS, 365)
    assert coverage_of(border) is coverage_of(border)
    gone = weakref.ref(border)
    del border
    gc.collect()
    assert gone() is None
