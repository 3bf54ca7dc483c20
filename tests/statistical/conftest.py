"""Runs that several statistical tests share."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.summary import summarise
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import lay_out
from tests.statistical.runs import Past

BURN_IN, DAYS = 1096, 1096
SEEDS = (700, 701, 702)


@pytest.fixture(scope="session")
def pasts() -> list[Past]:
    """Three seeds without mechanisms over eight years, on the whole default border."""
    parameters = Parameters()
    region = load_region("yulin_zhanjiang_maoming")
    made = []
    for seed in SEEDS:
        simulation = Simulation(lay_out(region, seed), parameters, seed)
        simulation.run(8 * 365 + 2)
        made.append(Past(simulation))
    return made


@pytest.fixture(scope="session")
def measures() -> pd.DataFrame:
    """Measures of four arms in three replications: columns seed, arm, scope, measure, tier, value."""
    parameters = Parameters()
    region = load_region("yulin_zhanjiang_maoming")
    tables = []
    for seed in SEEDS:
        world = lay_out(region, seed)
        past = Simulation(world, parameters, seed)
        past.run(BURN_IN)
        for arm in ("none", "paper", "five_links", "completed"):
            simulation = past.fork(compile_institutions(load_package(arm), world, parameters, DAYS))
            simulation.run(DAYS)
            table = summarise(simulation, BURN_IN, BURN_IN + DAYS, interior_cases=False).measures
            tables.append(table.assign(arm=arm, seed=seed))
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="session")
def mean(measures: pd.DataFrame):  # type: ignore[no-untyped-def]
    """Look up the mean over replications."""
    means = measures.groupby(["arm", "scope", "measure", "tier"])["value"].mean()

    def look_up(arm: str, measure: str, scope: str = "border", tier: str = "all") -> float:
        return float(means[arm, scope, measure, tier])

    return look_up
