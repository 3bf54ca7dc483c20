"""How long a village-day takes in plain Python: ``python -m tests.twin.timing``."""

from __future__ import annotations

import argparse
import time

from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out
from tests.twin.border import Border

__all__ = ["seconds_per_village_day"]


def seconds_per_village_day(
    world: World, days: int, *, parameters: Parameters | None = None, package: str = "none", seed: int = 0
) -> float:
    """Time the twin, without the time in which a border is made.

    Parameters
    ----------
    world : World
        The border.
    days : int
        Days to time; as many are lived before, so that dockets are not empty.
    parameters : Parameters, optional
        Values of the parameter table, its defaults without.
    package : str
        Package that is in force on the timed days.
    seed : int
        Seed of every draw.

    Returns
    -------
    float
        Seconds of one village and day.
    """
    values = parameters or Parameters()
    border = Border(world, values, seed)
    border.run(days)
    border.adopt(compile_institutions(load_package(package), world, values, days))
    start = time.perf_counter()
    border.run(days)
    return (time.perf_counter() - start) / (days * len(world.village_code))


def main() -> None:
    """Time the region that comes with the package."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--days", type=int, default=60)
    reader.add_argument("--package", default="none")
    given = reader.parse_args()
    world = lay_out(load_region("yulin_zhanjiang_maoming"), 0)
    seconds = seconds_per_village_day(world, given.days, package=given.package)
    villages = len(world.village_code)
    print(f"{seconds * 1e6:.2f} microseconds a village-day")
    print(f"{seconds * villages * 1e3:.1f} milliseconds a day of {villages} villages")


if __name__ == "__main__":
    main()
