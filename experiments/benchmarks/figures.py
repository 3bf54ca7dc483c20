"""The figures: each function measures one thing and gives its rows."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from experiments.benchmarks import jobs, toys
from experiments.benchmarks.measuring import ROOT, Row, child, child_environment, in_turns, waiting
from sim.compiler import compiled
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.rules.arriving import dispute_pull
from sim.rules.learning import fade
from sim.streams import ARRIVAL, exponential
from sim.world.country import generate_region
from sim.world.region import load_region
from sim.world.world import World, lay_out

DEFAULT = "yulin_zhanjiang_maoming"
FOUR_YEARS = 1461


@dataclass(frozen=True)
class Size:
    """How much is measured: all of it, or next to nothing to see that everything still runs."""

    rounds: int = 5
    days: int = FOUR_YEARS
    twin_days: int = 60
    sources: int = 100_000
    villages: tuple[int, ...] = (1_000, 10_000, 100_000)
    grow_days: int = 365
    toy_agents: int = 2_000
    toy_steps: int = 100
    memory_runs: int = 1_000
    replications: int = 8
    small: bool = False


def machine(size: Size) -> list[Row]:
    """On what it was measured, and how busy that was."""
    return [
        Row("machine.cores", float(_cores()), "cores"),
        Row("machine.load_before", psutil.getloadavg()[0], "processes"),
    ]


def span(size: Size) -> list[Row]:
    """Live four years of the default region, founded and with five links from the first day."""
    run = _prepared(_default_world(size))
    seconds = in_turns({"run": lambda: run().run(size.days), "founding": run}, max(3, size.rounds))
    return [
        Row("engine.default_region_days", float(size.days), "days"),
        Row("engine.default_region", seconds["run"] - seconds["founding"], "s"),
        Row("engine.default_region_founding", seconds["founding"], "s"),
    ]


def twin(size: Size) -> list[Row]:
    """Live the same days in the engine and in the textbook twin, side by side.

    The twin calls rules and draws that are compiled one by one; without any compilation it lives in a
    process of its own, for fewer days, right after.
    """
    try:
        border = import_module("tests.twin.border").Border
        plain_twin = import_module("tests.twin.timing").plain_seconds_per_village_day
    except ModuleNotFoundError as error:
        print(f"twin: skipped, {error}", file=sys.stderr)
        return []
    world, parameters, package = _default_world(size), Parameters(), load_package("five_links")
    tables = compile_institutions(package, world, parameters, size.twin_days)
    founded = Simulation(world, parameters, 1)
    ratios, engine_seconds, twin_seconds = [], [], []
    for _ in range(min(3, size.rounds)):
        fast, slow = founded.fork(tables), border(world, parameters, 1)
        slow.adopt(tables)
        engine_seconds.append(_seconds(lambda fast=fast: fast.run(size.twin_days)))
        twin_seconds.append(_seconds(lambda slow=slow: slow.run(size.twin_days)))
        ratios.append(twin_seconds[-1] / engine_seconds[-1])
    each = 1e9 / (len(world.village_code) * size.twin_days)
    middle = float(np.median(ratios))
    engine_cost = float(np.median(engine_seconds)) * each
    plain_cost = 1e9 * plain_twin(
        world, max(1, size.twin_days // 4), parameters=parameters, package="five_links"
    )
    return [
        Row("engine_and_twin.engine", engine_cost, "ns a village-day", 1.0),
        Row("engine_and_twin.twin", float(np.median(twin_seconds)) * each, "ns a village-day", middle),
        Row("engine_and_twin.twin_uncompiled", plain_cost, "ns a village-day", plain_cost / engine_cost),
    ]


@compiled
def _pulls_in_a_loop(legacy: NDArray[np.int64], trust: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for tie in range(trust.size):
        out[tie] = dispute_pull(legacy[tie] > 0, 2.5, trust[tie], 0.5, 1.0, 0.1, 0.5)


@compiled
def _fade_in_a_loop(
    trust: NDArray[np.float64], rest: NDArray[np.float64], days: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    for tie in range(trust.size):
        out[tie] = fade(trust[tie], rest[tie], days[tie], 700.0)


@compiled
def _candidates_by_gaps(rate: NDArray[np.float64], days: int) -> int:
    found = 0
    for source in range(rate.size):
        due, number = exponential(1, ARRIVAL, source, 0, 0, 365.25 / rate[source]), 1
        while due < days:
            found += 1
            due += exponential(1, ARRIVAL, source, 0, number, 365.25 / rate[source])
            number += 1
    return found


def _candidates_by_days(rate: NDArray[np.float64], days: int) -> int:
    draws, found = np.random.Generator(np.random.Philox(1)), 0
    for _ in range(days):
        found += int(draws.poisson(rate / 365.25).sum())
    return found


def _candidates_by_totals(rate: NDArray[np.float64], days: int) -> int:
    draws, found = np.random.Generator(np.random.Philox(1)), 0
    until = np.cumsum(rate)
    for _ in range(days):
        number = draws.poisson(until[-1] / 365.25)
        found += np.searchsorted(until, draws.random(number) * until[-1]).size
    return found


def numpy_rules(size: Size) -> list[Row]:
    """Compare rules in compiled loops with the same rules in vectorised NumPy, where NumPy can do them.

    Two rules on every tie are NumPy's best case. Candidates of a year are drawn at the rates of the default
    region: by a gap for each event, as the engine does; in NumPy for every source and day, and by the day's
    total, whose events are then shared out. Only the first keeps each source's draws its own, which arms that
    meet the same shocks need; the others are told what that costs or saves.
    """
    count = size.sources
    mixed = np.arange(count) * 7919 % 1009
    trust, rest = 0.2 + mixed / 2000.0, np.full(count, 0.5)
    legacy, days = mixed % 3, (mixed % 30).astype(np.float64)
    state = Simulation(_default_world(size), Parameters(), 1).columns
    rate = np.concatenate((state.ties["top_rate"], state.villages["yearly_rate"], state.banks["rate"]))
    one, other = np.empty(count), np.empty(count)

    def numpy_pull() -> None:
        other[:] = np.where(legacy > 0, 2.5, 1.0) * np.exp(-1.0 * (trust - 0.5)) * (1.0 + 0.5 * 0.1)

    def numpy_fade() -> None:
        other[:] = rest + (trust - rest) * 0.5 ** (days / 700.0)

    rows = []
    for name, loop, arrays in (
        ("dispute_pull", lambda: _pulls_in_a_loop(legacy, trust, one), numpy_pull),
        ("trust_fading", lambda: _fade_in_a_loop(trust, rest, days, one), numpy_fade),
    ):
        loop()
        arrays()
        np.testing.assert_allclose(one, other, rtol=1e-12)
        rows += _beside(f"numpy.{name}", {"compiled": loop, "numpy": arrays}, count, "ns a tie", size)
    ways = {
        "gaps_compiled": lambda: _candidates_by_gaps(rate, 365),
        "days_numpy": lambda: _candidates_by_days(rate, 365),
        "totals_numpy": lambda: _candidates_by_totals(rate, 365),
    }
    counts = [way() for way in ways.values()]
    # Three ways of drawing one Poisson number: within five standard deviations of each other.
    assert max(counts) - min(counts) < 5.0 * np.sqrt(2.0 * max(counts))
    return rows + _beside("numpy.candidates_of_a_year", ways, counts[0], "ns a candidate", size)


def _beside(
    name: str, ways: dict[str, Callable[[], object]], units: float, unit: str, size: Size
) -> list[Row]:
    """Time ways in turns; the ratio is how many times the first one's time each takes."""
    seconds = in_turns(ways, size.rounds)
    first = next(iter(seconds.values()))
    return [Row(f"{name}.{way}", value / units * 1e9, unit, value / first) for way, value in seconds.items()]


def growth(size: Size) -> list[Row]:
    """Grow the border: time to build, time a village-day, memory; sizes in turns, each in a process."""
    found: dict[tuple[str, int], list[dict[str, float]]] = {}
    for _ in range(min(3, size.rounds)):
        for package in ("none", "five_links"):
            for villages in size.villages:
                one = child("grow", package, villages, size.grow_days, 2 if villages > 10_000 else 5)
                found.setdefault((package, villages), []).append(one)
    rows = []
    for (package, villages), several in found.items():
        middle = {name: float(np.median([one[name] for one in several])) for name in several[0]}
        least = found[package, size.villages[0]]
        name, each = f"growth.{package}.{villages}", 1e9 / villages / size.grow_days
        # Each turn is compared with the smallest border of the same turn: machines have slow minutes.
        ratios = {
            kind: np.median([one[kind] / two[kind] for one, two in zip(several, least, strict=True)])
            * size.villages[0]
            / villages
            for kind in ("run", "run_again", "run_again_processor")
        }
        rows += [
            Row(f"{name}.build", middle["region"] + middle["layout"] + middle["found"], "s"),
            # In memory that the process has not used before.
            Row(f"{name}.run", middle["run"], "s", float(ratios["run"])),
            Row(f"{name}.village_day", middle["run_again"] * each, "ns", float(ratios["run_again"])),
            # On a busy machine a process waits for its turn, and a long one more often than a short one.
            Row(
                f"{name}.village_day_processor",
                middle["run_again_processor"] * each,
                "ns",
                float(ratios["run_again_processor"]),
            ),
            Row(f"{name}.peak_memory", middle["peak_mb"], "MB"),
        ]
    return rows


def runner(size: Size) -> list[Row]:
    """Count runs a second on one and two warm workers, and what the runner takes besides the model.

    What two processes can do on this machine without any runner is measured right before what two workers
    do: cores share memory, and often more than that.
    """
    from sim.studies.comparison import run_plan
    from sim.studies.dispatch import work_through
    from sim.studies.executors import Crew, open_crew
    from sim.studies.replication import replicate_from

    plan = jobs.plan_of(size.replications, size.small)
    beside = []
    run_plan(plan, progress=False)
    for _ in range(size.rounds):
        start = time.perf_counter()
        manifest = run_plan(plan, progress=False).manifest
        beside.append(1.0 - manifest["model_seconds"] / (time.perf_counter() - start))
    rows = [Row("runner.overhead", float(np.median(beside)), "share of the time")]
    runs = plan.replications * len(plan.packages)
    shared = pickle.dumps(plan)

    def all_of(crew: Crew, replications: int) -> None:
        numbers = iter(range(replications))
        for _ in work_through(crew, replicate_from, shared, partial(next, numbers, None)):
            pass

    speed: dict[str, list[float]] = {"workers_1": [], "workers_2": [], "processes_1": [], "processes_2": []}
    with (
        open_crew("processes", 1) as one,
        open_crew("processes", 2) as two,
        waiting("replications", plan.replications, int(size.small)) as first,
        waiting("replications", plan.replications, int(size.small)) as second,
    ):
        for crew in (one, two):
            all_of(crew, 4)
        for _ in range(size.rounds):
            speed["processes_1"].append(runs / max(_at_once(first)))
            speed["processes_2"].append(2 * runs / max(_at_once(first, second)))
            speed["workers_1"].append(runs / _seconds(lambda: all_of(one, plan.replications)))
            speed["workers_2"].append(runs / _seconds(lambda: all_of(two, plan.replications)))
    # Rounds are compared each by itself: what else the machine does changes from one to the next.
    for kind in ("workers", "processes"):
        ones, twos = np.array(speed[f"{kind}_1"]), np.array(speed[f"{kind}_2"])
        name = "workers" if kind == "workers" else "machine_limit_processes"
        rows.append(Row(f"runner.{name}_1", float(np.median(ones)), "runs a second", 1.0))
        ratio = float(np.median(twos / ones))
        rows.append(Row(f"runner.{name}_2", float(np.median(twos)), "runs a second", ratio))
    return rows


def _at_once(*processes: subprocess.Popen[str]) -> list[float]:
    """Let processes that wait do their work at the same time; seconds of each."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("0\n")
        process.stdin.flush()
    seconds = []
    for process in processes:
        assert process.stdout is not None
        seconds.append(float(process.stdout.readline()))
    return seconds


def starting(size: Size) -> list[Row]:
    """Time the first compile, a warm start to the first progress line, and the answer of `list`."""
    rows = []
    if not size.small:
        rows.append(Row("start.first_compile", child("first_compile")["seconds"], "s"))
    command = ["replications=2", "years=1", "burn_in=0", "workers=1", "language=en"]
    starts = [_until_progress([sys.executable, "-m", "sim", *command]) for _ in range(1 if size.small else 3)]
    rows.append(Row("start.warm_to_progress", float(np.median([wall for wall, _ in starts])), "s"))
    rows.append(Row("start.warm_to_progress_processor", float(np.median([cpu for _, cpu in starts])), "s"))
    listing = [sys.executable, "-m", "sim", "list"]
    seconds = in_turns({"list": lambda: _quiet(listing)}, 1 if size.small else 5)
    rows.append(Row("start.list", seconds["list"], "s"))
    return rows


def memory(size: Size) -> list[Row]:
    """Tell how much memory many runs of one process leave behind."""
    found = child("memory", size.memory_runs, 30)
    return [
        Row("memory.runs", float(size.memory_runs), "runs"),
        Row("memory.growth", found["growth_mb"], "MB"),
    ]


def plain_python(size: Size) -> list[Row]:
    """Say whether plain Python gives the digest that compiled code gives."""
    days = 10 if size.small else 40
    compiled_run = child("tiny", days)
    plain = child("tiny", days, environment={"NUMBA_DISABLE_JIT": "1"})
    return [Row("plain_python.same_digest", float(plain == compiled_run), "1 is yes")]


def peers(size: Size) -> list[Row]:
    """Run one toy model in this package's way, in NumPy, in plain objects, in Mesa and in AgentPy."""
    ways = toys.installed()
    for name in set(toys.WAYS) - set(ways):
        print(f"peers: {name} is not installed", file=sys.stderr)
    expected = toys.by_tables(50, 10)
    for name in ways:
        np.testing.assert_allclose(toys.WAYS[name](50, 10), expected, rtol=1e-12)
    runs = {name: partial(toys.WAYS[name], size.toy_agents, size.toy_steps) for name in ways}
    return _beside("peers", runs, size.toy_agents * size.toy_steps, "ns an agent-step", size)


FIGURES: dict[str, Callable[[Size], list[Row]]] = {
    "machine": machine,
    "engine": span,
    "engine_and_twin": twin,
    "numpy": numpy_rules,
    "growth": growth,
    "runner": runner,
    "start": starting,
    "memory": memory,
    "plain_python": plain_python,
    "peers": peers,
}


def _default_world(size: Size) -> World:
    region = generate_region(60, 1, load_region(DEFAULT)) if size.small else load_region(DEFAULT)
    return lay_out(region, 1)


def _prepared(world: World) -> Callable[[], Simulation]:
    parameters = Parameters()
    founded = Simulation(world, parameters, 1)
    tables = compile_institutions(load_package("five_links"), world, parameters, FOUR_YEARS)
    founded.fork(tables).run(40)
    return lambda: founded.fork(tables)


def _cores() -> int:
    # A container may give a process fewer cores than the machine has.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _quiet(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT, env=child_environment())


def _until_progress(command: list[str]) -> tuple[float, float]:
    """Give seconds on the clock and of the processor until the bar appears; the run is ended then."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*command, f"out={folder}/out"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=child_environment(),
        )
        seen = b""
        assert process.stderr is not None
        try:
            while b"%|" not in seen:
                part = os.read(process.stderr.fileno(), 4096)
                if not part:
                    raise RuntimeError(seen.decode(errors="replace"))
                seen += part
            used = psutil.Process(process.pid).cpu_times()
            return time.perf_counter() - start, used.user + used.system
        finally:
            process.kill()
            process.communicate()
