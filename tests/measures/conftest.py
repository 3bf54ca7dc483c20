"""A small border that lived one year without mechanisms and a second under two arms."""

from __future__ import annotations

import copy

import pytest

from sim.engine.constants import CASES_USED
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import lay_out

FIRST_DAY, LAST_DAY = 365, 731


@pytest.fixture(scope="session")
def past() -> Simulation:
    """Live 2015 without mechanisms."""
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    run = Simulation(lay_out(region, 2), Parameters(), 2)
    run.run(FIRST_DAY)
    return run


@pytest.fixture(scope="session")
def arms(past: Simulation) -> dict[str, Simulation]:
    """Live 2016, a leap year, under each of two packages."""
    runs = {}
    for name in ("none", "completed"):
        package = load_package(name)
        runs[name] = past.fork(
            compile_institutions(package, past.world, past.parameters, LAST_DAY - FIRST_DAY)
        )
        runs[name].run(LAST_DAY - FIRST_DAY)
    return runs


@pytest.fixture
def blank(arms: dict[str, Simulation]) -> Simulation:
    """Give a run in which two years passed and nothing was written down."""
    run = copy.copy(arms["none"])
    run.columns = run.columns.copy()
    run.columns.counters[CASES_USED] = 0
    run.columns.record[:] = 0.0
    run.columns.offices["border_efforts"] = 0
    return run
