from __future__ import annotations

from typing import Any

import pytest

from sim.agents.branch import PartyBranch
from sim.agents.joint_branch import JointBranch
from sim.agents.team import EnforcementTeam
from sim.agents.view import RowAgent
from sim.agents.village import Village
from sim.model import BorderModel

KINDS = {
    Village: "village_agents",
    PartyBranch: "office_agents",
    EnforcementTeam: "team_agents",
    JointBranch: "joint_agents",
}


def agents_of(model: BorderModel, kind: type[RowAgent]) -> list[Any]:
    return list(model.agents_by_type[kind])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_agent_shows_the_columns_of_its_row(model: BorderModel, kind: type[RowAgent]) -> None:
    table = getattr(model.simulation.columns, kind.table)
    agents = agents_of(model, kind)
    assert agents
    assert kind.columns_shown
    for name in kind.columns_shown:
        assert [getattr(agent, name) for agent in agents] == [table[name][agent.row] for agent in agents]
        # Plain numbers: what is collected can be written to any file.
        assert type(getattr(agents[0], name)) in (int, float)


def test_there_is_one_agent_for_every_row(model: BorderModel) -> None:
    columns = model.simulation.columns
    for kind, table in (
        (Village, columns.villages), (PartyBranch, columns.offices), (EnforcementTeam, columns.teams)
    ):  # fmt: skip
        assert [agent.row for agent in agents_of(model, kind)] == list(range(len(table)))


def test_what_changes_in_a_column_is_seen_at_once(model: BorderModel) -> None:
    village = model.village_agents[5]
    before = village.grievance
    column = model.simulation.columns.villages["grievance"]
    column[5] = 0.625
    try:
        assert village.grievance == 0.625
    finally:
        column[5] = before


def test_a_column_that_a_kind_does_not_show_is_no_attribute(model: BorderModel) -> None:
    with pytest.raises(AttributeError, match="Village has no attribute 'desk'"):
        _ = model.village_agents[0].desk
    assert not hasattr(model.office_agents[0], "grievance")
    # Internal columns stay internal.
    assert not hasattr(model.office_agents[0], "desk_day")


def test_looking_never_changes_the_run(model: BorderModel) -> None:
    before = model.digest()
    for agent in model.agents:
        for name in type(agent).columns_shown:
            getattr(agent, name)
    for office in model.office_agents:
        _ = office.load
        for other in office.counterparts():
            office.belief_about(other)
    for office in model.office_agents[:20]:
        office.docket()
    for team in model.team_agents:
        for bank in team.banks():
            team.rights_on(bank)
    assert model.digest() == before
