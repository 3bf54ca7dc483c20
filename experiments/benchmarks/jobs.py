"""What is measured in a process of its own: growth, first compile, memory, plain Python.

Each job prints one line of JSON. A process that has done something else before would carry its memory and
its compiled code along.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.summary import summarise
from sim.parameters import Parameters
from sim.studies.plan import Plan, plan_comparison
from sim.studies.replication import replication_seed
from sim.world.country import generate_region
from sim.world.region import load_region
from sim.world.world import lay_out

LIKE = "yulin_zhanjiang_maoming"


def main(job: str, *arguments: str) -> None:
    print(json.dumps(JOBS[job](*arguments)), flush=True)


def grow(package_name: str, villages: str, days: str, rounds: str) -> dict[str, float]:
    """Build a country and live some days of it under a package; seconds of each and the peak of memory.

    The days are lived several times from the same start. The first time fills memory that the system has yet
    to hand out, which on a guest can take seven times as long as later on; it is told apart from the others.
    """
    like, parameters, package = load_region(LIKE), Parameters(), load_package(package_name)
    small = lay_out(generate_region(200, 1, like), 1)
    Simulation(small, parameters, 1).fork(compile_institutions(package, small, parameters, 365)).run(40)
    start = time.perf_counter()
    region = generate_region(int(villages), 1, like)
    made = time.perf_counter()
    world = lay_out(region, 1)
    laid = time.perf_counter()
    run = Simulation(world, parameters, 1)
    run.adopt(compile_institutions(package, world, parameters, int(days)))
    founded = time.perf_counter()
    seconds, of_processor = [], []
    tables = compile_institutions(package, world, parameters, int(days))
    for number in range(int(rounds)):
        # The last one runs where it stands: a copy would double the memory of a large border.
        one = run if number == int(rounds) - 1 else run.fork(tables)
        begin, began = time.perf_counter(), time.process_time()
        one.run(int(days))
        seconds.append(time.perf_counter() - begin)
        of_processor.append(time.process_time() - began)
    again = slice(1, None) if len(seconds) > 1 else slice(None)
    return {
        "region": made - start,
        "layout": laid - made,
        "found": founded - laid,
        "run": seconds[0],
        "run_again": statistics.median(seconds[again]),
        "run_again_processor": statistics.median(of_processor[again]),
        "peak_mb": _peak_mb(),
        "cases": len(run.cases),
    }


def first_compile() -> dict[str, float]:
    """Live two months with nothing compiled yet: the months' ends call every phase."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        done = _again("tiny", "40", environment={"NUMBA_CACHE_DIR": folder})
        first = time.perf_counter() - begin
        begin = time.perf_counter()
        _again("tiny", "40", environment={"NUMBA_CACHE_DIR": folder})
        second = time.perf_counter() - begin
    return {"seconds": first - second, "warm": second, "ran": float(bool(done["digest"]))}


def tiny(days: str) -> dict[str, Any]:
    """Live some days on a border of two towns, and give the digest."""
    world = lay_out(generate_region(50, 3, load_region(LIKE)), 1)
    parameters = Parameters()
    run = Simulation(world, parameters, 1)
    run.adopt(compile_institutions(load_package("completed"), world, parameters, int(days)))
    run.run(int(days))
    return {"digest": run.digest()}


def memory(runs: str, days: str) -> dict[str, float]:
    """Give by how much memory grows over many runs of one process, after the first hundredth of them."""
    world = lay_out(load_region(LIKE).subset(["陆川县", "廉江市"]), 1)
    parameters, package = Parameters(), load_package("five_links")
    process = psutil.Process()
    before = 0
    for number in range(int(runs)):
        run = Simulation(world, parameters, number)
        run.adopt(compile_institutions(package, world, parameters, int(days)))
        run.run(int(days))
        if number == int(runs) // 100:
            before = process.memory_info().rss
    return {"growth_mb": (process.memory_info().rss - before) / 1e6}


def replications(count: str, small: str) -> dict[str, float]:
    """Wait for a line, then live replications in a plain loop, without any runner; again for every line."""
    plan = plan_of(int(count), bool(int(small)))
    live_plainly(plan, 1)
    print("ready", flush=True)
    for line in sys.stdin:
        first = int(line)
        start = time.perf_counter()
        live_plainly(plan, plan.replications, first)
        print(time.perf_counter() - start, flush=True)
    return {}


def plan_of(replications: int, small: bool) -> Plan:
    """Plan the comparison that the runner is measured by."""
    region = load_region(LIKE)
    region = region.subset(["陆川县", "廉江市"]) if small else region
    arms = ["none", "five_links"]
    return plan_comparison(region, arms, years=1, burn_in=1, replications=replications, workers=1)


def live_plainly(plan: Plan, count: int, first: int = 0) -> None:
    """Do what the runner has replications do, one after the other."""
    claims = plan.parameters["legacy_claims_per_pair"]
    for number in range(first, first + count):
        seed = replication_seed(plan.seed, number)
        world = lay_out(plan.region, seed, legacy_claims_per_pair=claims)
        past = Simulation(world, plan.parameters, seed)
        past.run(plan.burn_in_days)
        for package in plan.packages:
            run = past.fork(compile_institutions(package, world, plan.parameters, plan.days))
            run.run(plan.days)
            summarise(run, plan.burn_in_days, plan.burn_in_days + plan.days, interior_cases=number == 0)
            run.digest()


def _again(job: str, *arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    from experiments.benchmarks.measuring import child

    return child(job, *arguments, environment=environment)


def _peak_mb() -> float:
    try:
        # What the process itself reached; children start from what their parent held.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    except (OSError, IndexError):
        memory = psutil.Process().memory_info()
        return getattr(memory, "peak_wset", memory.rss) / 1e6


JOBS = {
    "replications": replications,
    "grow": grow,
    "first_compile": first_compile,
    "tiny": tiny,
    "memory": memory,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
