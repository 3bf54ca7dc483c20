"""How long the twin takes for a village-day: ``python -m tests.twin.timing``."""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out
from tests.twin.border import Border

__all__ = ["plain_seconds_per_village_day", "seconds_per_village_day"]

ROOT = Path(__file__).resolve().parents[2]


def seconds_per_village_day(
    world: World, days: int, *, parameters: Parameters | None = None, package: str = "none", seed: int = 0
) -> float:
    """Time the twin with the rules as this process has them, without the time in which a border is made.

    The twin is plain Python. The rules and draws that it calls are compiled, each by itself, unless the
    process was started with ``NUMBA_DISABLE_JIT=1``.

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


def plain_seconds_per_village_day(
    world: World, days: int, *, parameters: Parameters | None = None, package: str = "none", seed: int = 0
) -> float:
    """Time the twin in a process of its own in which nothing at all is compiled, rules and draws included.

    Parameters
    ----------
    world, days, parameters, package, seed
        As in `seconds_per_village_day`.

    Returns
    -------
    float
        Seconds of one village and day.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.twin.timing", "--from-pipe"],
        input=pickle.dumps((world, days, {"parameters": parameters, "package": package, "seed": seed})),
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )
    return float(done.stdout)


def main() -> None:
    """Time the region that comes with the package, with compiled rules and in plain Python."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--days", type=int, default=60)
    reader.add_argument("--package", default="none")
    reader.add_argument("--from-pipe", action="store_true", help=argparse.SUPPRESS)
    given = reader.parse_args()
    if given.from_pipe:
        # Only the parent process writes here.
        world, days, others = pickle.load(sys.stdin.buffer)
        print(seconds_per_village_day(world, days, **others))
        return
    world = lay_out(load_region("yulin_zhanjiang_maoming"), 0)
    villages = len(world.village_code)
    for name, timed in (
        ("rules compiled", seconds_per_village_day),
        ("plain Python", plain_seconds_per_village_day),
    ):
        seconds = timed(world, given.days, package=given.package)
        print(
            f"{name}: {seconds * 1e6:.2f} microseconds a village-day, "
            f"{seconds * villages * 1e3:.1f} milliseconds a day of {villages} villages"
        )


if __name__ == "__main__":
    main()
