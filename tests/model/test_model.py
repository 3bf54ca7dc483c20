from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import networkx as nx
import numpy as np
import pytest

from sim.agents.joint_branch import JointBranch
from sim.engine.simulation import Simulation
from sim.errors import InputError
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import Package, load_mechanism, load_package
from sim.measures.summary import summarise
from sim.model import BorderModel
from sim.parameters import Parameters
from sim.world.graph import read_graphml, write_graphml
from sim.world.region import Region
from sim.world.world import lay_out

Make = Callable[..., BorderModel]


# A day is a day.


def test_steps_and_a_run_are_the_same_days(make: Make) -> None:
    stepped, ran = make(seed=3), make(seed=3)
    for _ in range(5):
        stepped.step()
    ran.run(days=5)
    assert stepped.digest() == ran.digest()
    assert stepped.steps == ran.steps == stepped.simulation.day == 5
    ran.run(days=0)
    assert stepped.digest() == ran.digest()
    ran.run(days=1)
    assert stepped.digest() != ran.digest()


def test_a_run_ends_with_its_years_and_may_go_on(make: Make) -> None:
    model = make(collect=False)
    assert model.running
    model.run(days=364)
    assert model.running
    model.run()
    assert (model.steps, model.running, model.simulation.today.isoformat()) == (365, False, "2016-01-01")
    before = model.digest()
    model.run()
    assert model.digest() == before
    model.step()
    assert model.steps == 366


def test_burn_in_is_lived_before_the_first_step(make: Make) -> None:
    model = make(burn_in=1, years=2)
    assert (model.first_day, model.last_day, model.steps) == (365, 365 + 731, 0)
    assert model.simulation.today.isoformat() == "2016-01-01"
    # Nothing was adopted in those years: they are the same before any package.
    assert model.digest() == make(burn_in=1, years=2, package="none").digest()


def test_the_model_is_the_run_that_comparisons_make(make: Make, region: Region) -> None:
    model = make(package="completed", burn_in=0.25, seed=5, parameters={"belief_weight": 0.4})
    model.run(days=90)
    parameters = Parameters({"belief_weight": 0.4})
    world = lay_out(region, 5, legacy_claims_per_pair=parameters["legacy_claims_per_pair"])
    past = Simulation(world, parameters, 5)
    past.run(model.first_day)
    run = past.fork(
        compile_institutions(load_package("completed"), world, parameters, model.last_day - model.first_day)
    )
    run.run(90)
    assert model.digest() == run.digest()
    expected = summarise(run, model.first_day, run.day)
    assert model.measures().equals(expected.measures)
    assert model.cases().equals(expected.cases)
    border = model.cases(interior=False)
    assert 0 < len(border) < len(expected.cases)
    assert set(border["scope"]) == {"border"}


# Seeds.


def test_every_seed_counts_and_zero_is_one(make: Make) -> None:
    def digest(**seed: Any) -> str:
        model = make(collect=False, **seed)
        model.run(days=3)
        return model.digest()

    digests = {seed: digest(seed=seed) for seed in (0, 1, 2)}
    assert len(set(digests.values())) == 3
    assert digest() == digests[0]
    assert digest(seed=np.int64(2)) == digests[2]
    assert digest(rng=2) == digests[2]
    assert digest(rng=0) == digests[0]


# Bad input.


@pytest.mark.parametrize(
    ("changes", "field", "nearest"),
    [
        ({"region": "yulin_zhanjiang_maomin"}, "region", "yulin_zhanjiang_maoming"),
        ({"package": "five_link"}, "package", "five_links"),
        ({"years": 0}, "years", None),
        ({"years": -1}, "years", None),
        ({"years": math.nan}, "years", None),
        ({"years": "3"}, "years", None),
        ({"burn_in": -0.5}, "burn_in", None),
        ({"seed": -1}, "seed", None),
        ({"seed": 1.5}, "seed", None),
        ({"seed": True}, "seed", None),
        ({"seed": 1, "rng": 1}, "rng", None),
        ({"rng": "one"}, "rng", None),
        ({"rng": -1}, "rng", None),
        ({"parameters": {"belief_weigth": 0.3}}, "parameters", "belief_weight"),
        ({"parameters": {"belief_weight": 7.0}}, "belief_weight", None),
    ],
    ids=str,
)  # fmt: skip
def test_bad_input_gets_one_sentence(
    make: Make, changes: dict[str, Any], field: str, nearest: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        make(**changes)
    assert field in str(caught.value).split(" is not usable")[0]
    assert caught.value.nearest == nearest
    for language in ("zh", "en"):
        assert "\n" not in caught.value.message(language)


@pytest.mark.parametrize("days", [-1, 1.5, "3", True, math.nan])
def test_days_are_whole_and_not_negative(make: Make, days: Any) -> None:
    model = make(collect=False)
    with pytest.raises(InputError, match="^days = .*a whole number from 0"):
        model.run(days=days)
    assert model.simulation.day == 0


# The graph.


def edges_of(graph: nx.MultiDiGraph[str], kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [(a, b, data) for a, b, data in graph.edges(data=True) if data["kind"] == kind]


def test_the_graph_has_every_kind_of_edge(make: Make) -> None:
    model = make()
    graph = model.graph
    assert isinstance(graph, nx.MultiDiGraph)
    assert {data["kind"] for _, _, data in graph.edges(data=True)} == {
        "subordinate", "adjacent", "upstream", "channel",
    }  # fmt: skip
    world = model.world
    assert len(edges_of(graph, "adjacent")) == len(world.tie_a)
    offices = {data["office"] for _, data in graph.nodes(data=True) if "office" in data}
    assert offices == set(range(len(model.office_agents)))
    assert len(edges_of(graph, "subordinate")) == (world.office_parent >= 0).sum()


def test_channels_are_what_mechanisms_open(make: Make) -> None:
    assert edges_of(make(package="none").graph, "channel") == []
    model = make(package=Package.of("stations", ["town_workstation"]))
    channels = edges_of(model.graph, "channel")
    joined = {
        frozenset(branch.members()[side].row for side in range(2))
        for branch in model.agents_by_type[JointBranch]
    }
    office = nx.get_node_attributes(model.graph, "office")
    assert {frozenset((office[a], office[b])) for a, b, _ in channels} == joined
    assert {model.graph.nodes[a]["kind"] for a, _, _ in channels} == {"town"}
    # Who shares a room need not send word.
    assert {data["days"] for _, _, data in channels} == {0.0}
    without_room = make(package=Package.of("memorandum", ["joint_enforcement_memorandum"]))
    assert all(data["days"] > 0.0 for _, _, data in edges_of(without_room.graph, "channel"))


def test_the_graph_survives_a_file(make: Make, tmp_path: Path) -> None:
    graph = make().graph
    again = read_graphml(write_graphml(graph, tmp_path / "border.graphml"))
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert list(again.edges(keys=True, data=True)) == list(graph.edges(keys=True, data=True))
    assert again.graph == graph.graph


# Joint branches live as long as their levers.


def passing(start_year: float, end_year: float | None) -> Package:
    return Package.of("passing", [load_mechanism("town_workstation").during(start_year, end_year)])


def test_joint_branches_end_with_their_lever(make: Make) -> None:
    model = make(package=passing(0.0, 0.5))
    branches = list(model.agents_by_type[JointBranch])
    assert branches
    assert {branch.kind for branch in branches} == {"workstation"}
    channels = len(edges_of(model.graph, "channel"))
    assert channels == len(branches)
    lived = 0
    while len(model.agents_by_type[JointBranch]) and model.running:
        assert list(model.agents_by_type[JointBranch]) == branches
        model.run(days=1)
        lived += 1
    assert lived == pytest.approx(365 / 2, abs=1)
    assert model.joint_agents == {}
    assert not any(isinstance(agent, JointBranch) for agent in model.agents)
    assert {branch.kind for branch in branches} == {""}
    assert edges_of(model.graph, "channel") == []


def test_joint_branches_begin_with_their_lever(make: Make) -> None:
    model = make(package=passing(0.5, None), burn_in=0.25)
    assert JointBranch not in model.agents_by_type
    model.run(days=150)
    assert model.joint_agents == {}
    model.run(days=50)
    assert len(model.agents_by_type[JointBranch]) == len(model.joint_agents) > 0
    everyone = model.agents.get("unique_id")
    assert len(set(everyone)) == len(everyone)


def test_a_run_over_the_whole_life_of_a_lever_ends_where_steps_end(make: Make) -> None:
    stepped, ran = (make(package=passing(0.1, 0.2), collect=False) for _ in range(2))
    for _ in range(90):
        stepped.run(days=1)
    ran.run(days=90)
    assert stepped.digest() == ran.digest()
    assert stepped.joint_agents == ran.joint_agents == {}


# Memory and identity.


def test_a_model_that_nobody_holds_is_gone(make: Make) -> None:
    alive = []
    for seed in range(8):
        model = make(seed=seed)
        model.step()
        alive.append(weakref.ref(model))
    del model
    gc.collect()
    assert [reference for reference in alive if reference() is not None] == []


def test_agents_are_numbered_from_one_within_their_model(make: Make) -> None:
    first, second = make(), make()
    for model in (first, second):
        assert sorted(model.agents.get("unique_id")) == list(range(1, len(model.agents) + 1))
    # An agent that an analyst adds is one of them.
    guest = mesa.Agent(first)
    assert guest.unique_id == len(first.agents)
    assert guest in first.agents
