"""A year on every region under every package."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.engine.constants import OPEN
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import list_packages, load_package
from sim.measures.summary import summarise
from sim.parameters import Parameters
from sim.world.region import load_region, region_names
from sim.world.world import World, lay_out


@cache
def world_of(name: str) -> World:
    return lay_out(load_region(name), 1)


def lived(name: str, package: str) -> Simulation:
    world, parameters = world_of(name), Parameters()
    run = Simulation(world, parameters, 1)
    run.adopt(compile_institutions(load_package(package), world, parameters, 366))
    run.run(366)
    return run


@pytest.mark.parametrize("package", list_packages())
@pytest.mark.parametrize("name", region_names())
def test_a_year_runs_and_is_measured(name: str, package: str) -> None:
    run = lived(name, package)
    border = run.cases[(run.cases["tie"] >= 0)]
    assert len(border) > 0
    assert (run.columns.offices["desk"] >= 0.0).all()
    assert ((run.columns.ties["trust"] >= 0.0) & (run.columns.ties["trust"] <= 1.0)).all()
    table = summarise(run, 0, run.day, interior_cases=False).measures
    shares = table[(table["unit"] == "share") & table["value"].notna()]
    assert ((shares["value"] >= 0.0) & (shares["value"] <= 1.0)).all()
    value = table[table["scope"] == "border"].groupby("measure")["value"].first()
    assert np.isfinite(value[["disputes_known", "coverage_7_days", "willingness"]]).all()
    assert value["disputes_known"] > 0.0


@pytest.mark.parametrize("name", region_names())
def test_an_alliance_changes_what_happens_on_every_border(name: str) -> None:
    alone, together = lived(name, "none"), lived(name, "completed")
    assert alone.digest() != together.digest()
    # Forums, duties and joint offices call the two sides together; without them nobody is called.
    assert not np.array_equal(alone.columns.dyads["belief_a"], together.columns.dyads["belief_a"])
    assert (alone.cases["status"] == OPEN).sum() != (together.cases["status"] == OPEN).sum()
