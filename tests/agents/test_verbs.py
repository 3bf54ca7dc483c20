from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.agents.joint_branch import JointBranch
from sim.engine.constants import OPEN
from sim.model import BorderModel
from sim.rules.learning import fade
from sim.rules.willingness import load


def test_villages_know_their_neighbours_and_are_known_by_them(model: BorderModel) -> None:
    world = model.world
    pairs = set()
    for village in model.village_agents:
        for neighbour in village.neighbours():
            assert village in neighbour.neighbours()
            pairs.add((min(village.row, neighbour.row), max(village.row, neighbour.row)))
    assert pairs == {(min(a, b), max(a, b)) for a, b in zip(world.tie_a, world.tie_b, strict=True)}


def test_a_village_has_a_name_a_code_and_a_branch(model: BorderModel) -> None:
    for village in model.village_agents:
        assert model.graph.nodes[village.code]["name_zh"] == village.name
        assert model.graph.nodes[village.code]["office"] == village.branch.row
        assert village.branch.tier == "village"
    across = {village.row for village in model.village_agents if village.is_border}
    world = model.world
    assert across == {*world.tie_a[world.tie_is_border], *world.tie_b[world.tie_is_border]}


def test_every_line_ends_at_a_province(model: BorderModel) -> None:
    tiers = set()
    for office in model.office_agents:
        line = [office]
        while (superior := line[-1].superior) is not None:
            line.append(superior)
        tiers.add(tuple(step.tier for step in line))
    assert tiers == {
        ("village", "town", "county", "upper", "upper"),
        ("town", "county", "upper", "upper"),
        ("department", "county", "upper", "upper"),
        ("county", "upper", "upper"),
        ("upper", "upper"),
        ("upper",),
    }


def test_counterparts_are_of_the_same_kind_and_mutual(model: BorderModel) -> None:
    world = model.world
    found = 0
    for office in model.office_agents:
        for other in office.counterparts():
            found += 1
            assert other is not office
            assert other.tier == office.tier
            assert office in other.counterparts()
            assert world.office_department[other.row] == world.office_department[office.row]
    assert found == 2 * len(world.dyad_a)


def test_a_belief_is_that_of_the_side_that_holds_it(model: BorderModel) -> None:
    own = copy.copy(model.simulation)
    own.columns = own.columns.copy()
    dyads, today = own.columns.dyads, own.day
    number = int(np.flatnonzero(dyads["tier"] == 1)[0])
    dyads["belief_a"][number], dyads["belief_b"][number] = 0.9, 0.2
    dyads["belief_day"][number] = today - 100
    offices = model.office_agents
    first, second = offices[dyads["a"][number]], offices[dyads["b"][number]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, "simulation", own)
        held = first.belief_about(second), second.belief_about(first)
    half_life = model.parameters["belief_half_life_days"]
    row = dyads[number]
    assert held == pytest.approx(
        (fade(0.9, row["prior_a"], 100.0, half_life), fade(0.2, row["prior_b"], 100.0, half_life))
    )
    assert dyads["belief_a"][number] == 0.9


def test_an_office_believes_nothing_of_one_it_does_not_face(model: BorderModel) -> None:
    village, province = model.office_agents[0], model.office_agents[-1]
    with pytest.raises(KeyError, match="no counterpart"):
        village.belief_about(province)


def test_load_is_that_of_desk_and_queue(model: BorderModel) -> None:
    p, day = model.parameters, model.simulation.day
    own = copy.copy(model.simulation)
    own.columns = own.columns.copy()
    offices = own.columns.offices
    town = next(office for office in model.office_agents if office.tier == "town")
    full = p["desk_saving_days"] * town.desk_rate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, "simulation", own)
        # A quarter of its desk was left five days ago; interior work waits for half of the longest wait.
        offices["desk"][town.row], offices["desk_day"][town.row] = 0.25 * full, day - 5
        offices["busy_until"][town.row] = day + 0.5 * p["full_waiting_days"]
        desk = min(full, 0.25 * full + 5 * town.desk_rate)
        expected = load(desk, full, 0.5 * p["full_waiting_days"], p["full_waiting_days"])
        assert town.load == pytest.approx(expected)
        assert 0.0 < expected < 1.0
    assert offices["desk_day"][town.row] == day - 5
    assert model.office_agents[-1].tier == "upper"
    assert model.office_agents[-1].load == 0.0


def test_every_open_case_between_villages_lies_in_one_docket(model: BorderModel) -> None:
    cases = model.simulation.cases
    wanted = np.flatnonzero((cases["status"] == OPEN) & (cases["tie"] >= 0))
    dockets = {office.row: office.docket() for office in model.office_agents}
    held = sorted(case for docket in dockets.values() for case in docket)
    assert held == wanted.tolist()
    assert len(held) > 20
    for row, docket in dockets.items():
        assert all(model.holder_of(case) == row for case in docket)


def test_a_case_is_held_on_the_side_that_its_row_names(model: BorderModel) -> None:
    cases, world = model.simulation.cases, model.world
    town = [
        case
        for case in np.flatnonzero((cases["status"] == OPEN) & (cases["tie"] >= 0) & (cases["tier"] == 1))
        if world.tie_dyad[cases["tie"][case], 1] >= 0
    ]
    assert town
    for case in town:
        tie = cases["tie"][case]
        ends = [model.village_agents[world.tie_a[tie]], model.village_agents[world.tie_b[tie]]]
        towns = {end.branch.superior.row for end in ends}
        assert model.holder_of(case) in towns
        dyad = world.tie_dyad[tie, 1]
        side = (world.dyad_a, world.dyad_b)[cases["holder"][case]]
        assert model.holder_of(case) == side[dyad]


def test_banks_lie_in_the_territory_of_their_team(model: BorderModel) -> None:
    world = model.world
    for team in model.team_agents:
        line = {team.home.row, getattr(team.home.superior, "row", -1)}
        for bank in team.banks():
            tie = world.segment_tie[bank // 2]
            village = model.village_agents[(world.tie_a, world.tie_b)[bank % 2][tie]]
            above, offices = village.branch, set()
            while above is not None:
                offices.add(above.row)
                above = above.superior
            assert line & offices
    police = {bank for team in model.team_agents if team.kind == "police" for bank in team.banks()}
    assert police == set(range(2 * len(world.segment_tie)))
    assert {team.kind for team in model.team_agents} <= {"police", "volunteers", "water", "market"}


def test_rights_follow_from_the_institutions(model: BorderModel) -> None:
    team = next(team for team in model.team_agents if team.kind == "police" and team.banks())
    rules = model.tables.banks
    for bank in team.banks():
        rights = team.rights_on(bank)
        assert rights == {
            name: bool(rules[name][bank // 2]) for name in ("cross_bank", "pursuit", "shared_roster")
        }
    border = model.world.segment_is_border
    asked = [
        team.rights_on(bank)["pursuit"]
        for team in model.team_agents
        for bank in team.banks()
        if border[bank // 2]
    ]
    assert any(asked)
    elsewhere = next(bank for bank in range(2 * len(border)) if bank not in team.banks())
    with pytest.raises(KeyError, match="not in the territory"):
        team.rights_on(elsewhere)


def test_a_joint_branch_has_two_members_that_face_each_other(model: BorderModel) -> None:
    branches = list(model.agents_by_type[JointBranch])
    assert branches
    for branch in branches:
        a, b = branch.members()
        assert b in a.counterparts()
        assert branch.hours_per_day > 0.0
        assert branch.shared_hours >= 0.0
    bodies = [branch for branch in branches if branch.kind == "standing_body"]
    assert {body.members()[0].tier for body in bodies} == {"town", "county"}
    assert {body.decision_right for body in bodies} == {0.8}
    groups = [branch for branch in branches if branch.members()[0].tier == "village"]
    assert {group.kind for group in groups} == {"joint_branch"}
    assert {group.decision_right for group in groups} == {0.0}
