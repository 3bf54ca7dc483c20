"""Small real borders on which two worlds are compared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import Package
from sim.parameters import Parameters
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

Arm = Callable[[Package, int], Simulation]


@pytest.fixture(scope="session")
def two_pairs() -> Region:
    """Two pairs of counties with nothing between them: Luchuan and Lianjiang, Rongxian and Xinyi."""
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市", "容县", "信宜市"])


@pytest.fixture(scope="session")
def world(two_pairs: Region) -> World:
    """The two pairs, laid out."""
    return lay_out(two_pairs, 11)


@pytest.fixture(scope="session")
def live(world: World) -> Arm:
    """Live a year without mechanisms and some days under a package."""

    def run(package: Package, days: int, seed: int = 11) -> Simulation:
        past = Simulation(world, Parameters(), seed)
        past.run(365)
        arm = past.fork(compile_institutions(package, world, Parameters(), days))
        arm.run(days)
        return arm

    return run
