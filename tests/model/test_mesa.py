from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.agents.branch import PartyBranch
from sim.agents.team import EnforcementTeam
from sim.agents.village import Village
from sim.measures.summary import summarise
from sim.model import BorderModel
from sim.world.region import Region

Make = Callable[..., BorderModel]


def batch(region: Region, **parameters: Any) -> pd.DataFrame:
    rows = mesa.batch_run(
        BorderModel,
        {"region": [region], "package": "five_links", "years": 1, "burn_in": 0, **parameters},
        number_processes=1,
        max_steps=40,
        data_collection_period=10,
        display_progress=False,
    )
    return pd.DataFrame(rows).drop(columns="region")


def test_a_batch_runs_every_combination(region: Region) -> None:
    table = batch(region, seed=[0, 1, 0], package=["none", "five_links"])
    assert table["RunId"].nunique() == 6
    assert set(table["Step"]) == {0, 10, 20, 30, 40}
    shown = ["date", "open_border_cases", "border_trust", "border_belief"]
    runs = {
        key: [run.reset_index(drop=True) for _, run in group.groupby("RunId")]
        for key, group in table.groupby(["package", "seed"])
    }
    for key, (one, *others) in runs.items():
        assert len(others) == (1 if key[1] == 0 else 0)
        assert list(one["date"]) == [f"2015-{day}" for day in ("01-01", "01-11", "01-21", "01-31", "02-10")]
        for other in others:
            pd.testing.assert_frame_equal(one[shown], other[shown])
    assert not np.allclose(runs["none", 0][0]["border_trust"], runs["none", 1][0]["border_trust"])


def test_a_batch_stops_when_the_years_are_over(region: Region) -> None:
    table = batch(region, years=0.05, package="none", seed=0)
    assert table["Step"].max() == 17
    assert table["date"].iloc[-1] == "2015-01-18"


def test_the_model_collects_every_day(make: Make) -> None:
    model = make()
    for _ in range(3):
        model.step()
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table["date"]) == [f"2015-01-0{day}" for day in (1, 2, 3, 4)]
    ties = model.simulation.columns.ties
    assert table["border_trust"].iloc[-1] == pytest.approx(ties["trust"][ties["is_border"] == 1].mean())


def test_open_cases_are_those_of_the_monthly_record(make: Make) -> None:
    model = make(collect=False)
    model.run(days=334)
    model.datacollector.collect(model)
    series = summarise(model.simulation, 0, 334).series
    at_end = series[
        (series["measure"] == "open") & (series["scope"] == "border") & (series["month_index"] == 10)
    ]
    assert model.datacollector.model_vars["open_border_cases"] == list(at_end["value"])
    assert at_end["value"].iloc[0] > 0


def test_without_collecting_nothing_is_stored(make: Make) -> None:
    model = make(collect=False)
    model.step()
    assert model.datacollector.get_model_vars_dataframe().empty


def test_a_collector_of_ones_own_reads_agents(make: Make) -> None:
    model = make()
    model.datacollector = mesa.DataCollector(
        model_reporters={"unserved": lambda model: model.agents_by_type[Village].agg("unserved", sum)},
        agent_reporters={"row": "row"},
        agenttype_reporters={
            Village: {"grievance": "grievance", "code": "code"},
            EnforcementTeam: {"visits": "visits", "kind": "kind"},
        },
    )
    visits = []
    for _ in range(3):
        model.step()
        visits.append(model.simulation.columns.teams["visits"].tolist())
    teams = model.datacollector.get_agenttype_vars_dataframe(EnforcementTeam)
    assert [list(group["visits"]) for _, group in teams.groupby(level="Step")] == visits
    assert sum(visits[-1]) > sum(visits[0]) > 0
    villages = model.datacollector.get_agenttype_vars_dataframe(Village).xs(3, level="Step")
    assert list(villages["code"]) == list(model.world.village_code)
    np.testing.assert_array_equal(villages["grievance"], model.simulation.columns.villages["grievance"])
    everyone = model.datacollector.get_agent_vars_dataframe()
    assert len(everyone) == 3 * len(model.agents)
    assert model.datacollector.get_model_vars_dataframe()["unserved"].iloc[-1] == sum(
        model.simulation.columns.villages["unserved"]
    )


def test_agents_are_selected_aggregated_and_read_as_in_any_model(make: Make) -> None:
    model = make(package="completed")
    model.run(days=60)
    columns, world = model.simulation.columns, model.world
    border = model.agents_by_type[Village].select(lambda village: village.is_border)
    assert len(border) == world.village_is_border.sum() > 0
    assert border.agg("residents", np.sum) == pytest.approx(
        columns.villages["residents"][world.village_is_border].sum()
    )
    offices = model.agents_by_type[PartyBranch]
    assert offices.agg("bound_hours", max) == columns.offices["bound_hours"].max() > 0.0
    towns = offices.select(lambda office: office.tier == "town")
    assert towns.get(["row", "efforts"]) == [
        [row, columns.offices["efforts"][row]] for row in np.flatnonzero(columns.offices["tier"] == 1)
    ]
    busiest = offices.select(at_most=3).sort("busy_until", ascending=False)
    assert len(busiest) == 3
    by_kind = model.agents_by_type[EnforcementTeam].groupby("kind").count()
    assert sum(by_kind.values()) == len(columns.teams)


def test_the_space_holds_villages_and_offices_at_their_nodes(make: Make) -> None:
    model = make(package="none")
    village = model.village_agents[0]
    here = model.grid.get_cell_list_contents([village.code])
    assert set(here) == {village, village.branch}
    assert village.pos == village.code
    around = model.grid.get_neighbors(village.code)
    assert {agent for agent in around if isinstance(agent, Village)} == set(village.neighbours())
    assert village.branch.superior in around
    assert len(model.grid.get_all_cell_contents()) == len(model.village_agents) + len(model.office_agents)
