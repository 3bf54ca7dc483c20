"""Whether a study stands what happens to studies: killed runners and workers, other workers, many short runs.

python -m experiments.endurance kill        kill -9 at 20 random moments; the table must not notice
python -m experiments.endurance workers     1 worker, 2 workers, a cluster of 3 that loses one
python -m experiments.endurance overhead    10,000 short runs: what is beside the model

To be called in the folder of the project. Options: --runs, --kills, --workers, --seed, --folder. A run is a
month of the smallest border.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pandas as pd
import psutil

import sim
from sim.studies.store.shards import Shards
from sim.studies.study_plan import StudyPlan, plan_study

STUDY = Path(__file__).with_name("study.yaml")
ROOT = STUDY.parents[2]


def plan(runs: int) -> StudyPlan:
    points = len(plan_study(STUDY, replications=1).points)
    if not runs or runs % points:
        sys.exit(f"--runs has to be a multiple of {points}")
    return plan_study(STUDY, replications=runs // points)


def start(folder: Path, runs: int) -> subprocess.Popen[bytes]:
    own = [sys.executable, "-m", "experiments.endurance", "run", "--folder", str(folder), "--runs", str(runs)]
    return subprocess.Popen(own, stderr=subprocess.DEVNULL, cwd=ROOT)


def workers_of(runner: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        children = psutil.Process(runner.pid).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def done_in(folder: Path) -> int:
    shards = folder / "shards"
    return len(Shards(shards, sole=False).done) if shards.is_dir() else 0


def wait_for(runs: float, chance: random.Random, runner: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until so many runs are on disk, and a moment more."""
    while runner.poll() is None and done_in(folder) < runs:
        time.sleep(0.05)
    time.sleep(chance.uniform(0.0, 3.0))


def kill(folder: Path, runs: int, kills: int, seed: int) -> None:
    undisturbed = folder / "undisturbed"
    begun = time.monotonic()
    sim.run_study(plan(runs), undisturbed, workers=2)
    print(f"undisturbed: {runs} runs in {time.monotonic() - begun:.0f} s", flush=True)
    chance = random.Random(seed)
    killed, studies = 0, 0
    # A study that ends before its kills are used up is followed by another one.
    while killed < kills:
        studies += 1
        disturbed = folder / f"disturbed-{studies}"
        runner = start(disturbed, runs)
        moments = sorted(chance.uniform(0, runs) for _ in range(kills - killed))
        for moment in moments:
            wait_for(moment, chance, runner, disturbed)
            if runner.poll() is not None:
                break
            workers = workers_of(runner)
            if workers and chance.random() < 0.5:
                chance.choice(workers).send_signal(signal.SIGKILL)
                what = "a worker"
            else:
                runner.kill()
                runner.wait()
                what = "the runner"
                _, left = psutil.wait_procs(workers, timeout=15)
                if left:
                    sys.exit(f"{len(left)} workers outlived the runner")
                runner = start(disturbed, runs)
            killed += 1
            print(f"kill {killed}: {what}, {done_in(disturbed)} of {runs} runs on disk", flush=True)
        if runner.wait():
            sys.exit(f"the runner ended with status {runner.returncode}")
        compare(sim.open_study(undisturbed), sim.open_study(disturbed))
    print(f"{killed} kills in {studies} studies of {runs} runs; the tables are equal, row for row")


def workers(folder: Path, runs: int) -> None:
    from distributed import LocalCluster

    studies = [sim.run_study(plan(runs), folder / f"{count}", workers=count) for count in (1, 2)]
    with LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None, memory_limit=0) as cluster:
        target = folder / "cluster"

        def kill_one() -> None:
            while done_in(target) < runs // 2:
                time.sleep(0.2)
            psutil.Process(next(iter(cluster.workers.values())).pid).kill()
            print(f"killed a worker of the cluster after {done_in(target)} runs", flush=True)

        killer = threading.Thread(target=kill_one)
        killer.start()
        studies.append(sim.run_study(plan(runs), target, executor=cluster.scheduler_address))
        killer.join()
    for other in studies[1:]:
        compare(studies[0], other)
    print("1 worker, 2 workers and a cluster of 3 that lost one: the tables are equal, row for row")


def overhead(folder: Path, runs: int, count: int) -> None:
    memory: list[int] = []
    own = psutil.Process()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(1.0):
            memory.append(own.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.monotonic()
    processor = own.cpu_times()
    study = sim.run_study(plan(runs), folder / "overhead", workers=count)
    seconds = time.monotonic() - begun
    used = own.cpu_times()
    over.set()
    watcher.join()
    model = float(study.runs["seconds"].sum())
    size = sum(path.stat().st_size for path in (folder / "overhead").rglob("*") if path.is_file())
    values = len(study.runs) * len(study.measure_columns)
    early, late = memory[len(memory) // 4], max(memory[len(memory) * 3 // 4 :])
    print(f"{len(study.runs)} runs in {seconds:.0f} s with {count} workers; the model took {model:.0f} s")
    print(f"beside the model: {100 * (1 - model / (count * seconds)):.1f} % of the workers' time")
    writer = used.user + used.system - processor.user - processor.system
    print(f"processor time of the process that hands out and writes: {100 * writer / model:.1f} %")
    print(f"{size / values:.1f} bytes a run and measure ({len(study.measure_columns)} measures)")
    print(
        f"memory of that process: {early / 2**20:.0f} MB after a quarter, then {late / 2**20:.0f} MB at most"
    )
    for name, query in QUERIES.items():
        with study.connection() as connection:
            begun = time.monotonic()
            connection.sql(query).df()
            print(f"{name}: {time.monotonic() - begun:.2f} s")


QUERIES = {
    "mean effect of every arm on every measure": """
        select arm, scope, measure, tier, avg(difference), stddev(difference) / sqrt(count(difference))
        from differences join points using (point) group by all""",
    "one measure of every run": "select * from measures where measure = 'staff_days' and tier = 'all'",
    "one effect by parameters": """
        select p.parameter_belief_weight, d.difference from differences d join points p using (point)
        where measure = 'trust' and scope = 'border'""",
}


def compare(one: sim.studies.store.reader.Study, other: sim.studies.store.reader.Study) -> None:  # type: ignore[name-defined]
    pd.testing.assert_frame_equal(one.points, other.points, check_exact=True)
    pd.testing.assert_frame_equal(one.measures, other.measures, check_exact=True)
    times = ["seconds"]
    pd.testing.assert_frame_equal(
        one.runs.drop(columns=times), other.runs.drop(columns=times), check_exact=True
    )
    assert set(one.runs["status"]) == {"ok"}
    assert not one.runs.duplicated(["point", "replication"]).any()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["kill", "workers", "overhead", "run"])
    parser.add_argument("--runs", type=int)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    runs = given.runs or {"kill": 2000, "workers": 400, "overhead": 10_000, "run": 2000}[given.what]
    if given.what == "run":
        sim.run_study(plan(runs), given.folder, workers=2)
        return
    folder = given.folder.resolve() if given.folder else Path(tempfile.mkdtemp(prefix="endurance-"))
    try:
        if given.what == "kill":
            kill(folder, runs, given.kills, given.seed)
        elif given.what == "workers":
            workers(folder, runs)
        else:
            overhead(folder, runs, given.workers)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
