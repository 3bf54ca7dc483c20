"""Run a study: any number of points and replications, stopped and continued at will, into one folder."""

from __future__ import annotations

import math
import pickle
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from sim.errors import InputError
from sim.studies.checks import available_cores, whole_number
from sim.studies.dispatch import LOST, work_through
from sim.studies.effects import paired_statistics
from sim.studies.executors import open_crew
from sim.studies.schedule import BATCH, Schedule, split_chunk
from sim.studies.store.folder import StudyFolder, open_folder
from sim.studies.store.manifest import manifest_of, write_manifest
from sim.studies.store.reader import Study, open_study
from sim.studies.study_file import StudyFile
from sim.studies.study_model import BorderRuns, StudyModel
from sim.studies.study_plan import StudyPlan, plan_study
from sim.studies.study_runs import OK, Outcome, check_model, live_units, lost_runs

__all__ = ["check_running", "run_study", "study_folder"]

_MOST_WORKERS: Final = 1_024
_MOST_PARTS: Final = 10_000
_LIVING: Final = "sim.studies.replication"


def run_study(
    study: str | Path | StudyFile | Mapping[str, Any] | StudyPlan,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    executor: str | Executor = "processes",
    part: int | None = None,
    parts: int | None = None,
    retry: bool = False,
    progress: bool = True,
    label: str = "",
    model: StudyModel | None = None,
    **changes: Any,
) -> Study:
    """Run a study, or continue the one that its folder holds.

    The rows do not depend on the number or kind of workers, on the order in which they finish, or on how
    often the study was stopped.

    Parameters
    ----------
    study : str, Path, StudyFile, mapping or StudyPlan
        Name, file or settings of a study, or a plan that is checked already.
    out : str or Path, optional
        Its folder; ``outputs/studies/`` and the name of the study by default.
    workers : int, optional
        How many; one for each core by default. A script that uses several has to call under
        ``if __name__ == "__main__":``.
    executor : str or Executor
        ``processes``, ``dask``, the address of a Dask scheduler, or any executor of `concurrent.futures`.
    part, parts : int, optional
        Do only one part of the runs, numbered from 0, of so many; other processes do the others, in the
        same folder. A last call without them puts the shards in order.
    retry : bool
        Try runs again that failed with an error.
    progress : bool
        Show a bar with the time left on the error stream.
    label : str
        What stands before the bar.
    model : StudyModel, optional
        Another model than the border's.
    **changes : object
        Settings that differ from the file's.

    Returns
    -------
    Study
        The tables. Runs that failed are in ``runs`` with their errors.

    Raises
    ------
    InputError
        For anything that is not usable, before anything runs; also where the folder's study was made with
        other code, data or settings.
    OutputError
        If the folder cannot be written; what is there stays good.
    SimulationError
        If workers never finish anything, or the cluster is gone.
    """
    plan = study if isinstance(study, StudyPlan) else plan_study(study, model=model, **changes)
    folder = study_folder(plan.key) if out is None else Path(out)
    count, share = check_running(plan, workers, part, parts)
    with open_folder(folder, plan, None if share is None else share[0]) as opened:
        schedule = Schedule(opened.plan, opened.shards.done, workers=count, part=share, retry=retry)
        remaining = schedule.remaining
        bar = partial(
            tqdm,
            initial=schedule.total - remaining if share is None else 0,
            desc=label or None,
            unit="run",
            disable=not progress,
            file=sys.stderr,
            smoothing=0.05,
        )
        _work(opened, schedule, executor, count, bar)
        if share is None:
            opened.shards.compact()
    finished = open_study(folder)
    finished.mended = opened.shards.damaged
    return finished


def check_running(
    plan: StudyPlan, workers: object, part: object, parts: object
) -> tuple[int, tuple[int, int] | None]:
    """Accept how a study is to be run.

    Parameters
    ----------
    plan : StudyPlan
        The study.
    workers : object
        A number, or None for one for each core.
    part, parts : object
        Both numbers, or both None.

    Returns
    -------
    workers : int
        How many.
    part : tuple of (int, int) or None
        Which part of how many.

    Raises
    ------
    InputError
        For anything else.
    """
    count = available_cores() if workers is None else whole_number("workers", workers, 1, _MOST_WORKERS)
    if part is None and parts is None:
        return count, None
    for name, given, other in (("part", part, "parts"), ("parts", parts, "part")):
        if given is not None and {"part": part, "parts": parts}[other] is None:
            allowed = {"zh": f"与 {other}=… 一起使用", "en": f"a number together with {other}=…"}
            raise InputError(name, given, allowed)
    several = whole_number("parts", parts, 1, _MOST_PARTS)
    number = whole_number("part", part, 0, several - 1)
    if plan.precision is not None:
        allowed = {
            "zh": "不分部分运行（precision 需要全部结果）",
            "en": "no parts, for a precision needs every result",
        }
        raise InputError("parts", parts, allowed)
    return count, (number, several)


def study_folder(key: str) -> Path:
    """Give the folder of a study that names none.

    Parameters
    ----------
    key : str
        Name of the study.

    Returns
    -------
    Path
        Relative to the working folder; the same every time, so that the study is continued.
    """
    return Path("outputs") / "studies" / key


def _work(
    opened: StudyFolder,
    schedule: Schedule,
    executor: str | Executor,
    workers: int,
    progress: Callable[..., Any],
) -> None:
    plan = opened.plan
    shared = pickle.dumps((plan.model, plan.seed))
    wide: list[dict[str, Any]] = []
    failed = 0
    more = next(schedule.units(), None) is not None
    if not more and plan.precision is not None:
        wide = _want_more(opened, schedule)
        more = next(schedule.units(), None) is not None
    if more:
        schedule.restart()
        # More workers than units would only cost memory.
        with ExitStack() as stack:
            # Processes load the model at once; one of them checks the arms, so this one does without it.
            module = _LIVING if isinstance(plan.model, BorderRuns) else None
            many = min(workers, max(schedule.remaining, 1))
            crew = stack.enter_context(open_crew(executor, many, module))
            checked = crew.executor.submit(check_model, shared)
            bar = stack.enter_context(progress(total=schedule.total))
            while more:
                for chunk, result in work_through(crew, live_units, shared, schedule.next_chunk, split_chunk):
                    # What no run can be asked for is refused before anything is written.
                    refusal = None if checked.cancelled() else checked.exception()
                    if refusal is not None and not crew.is_loss(refusal):
                        raise refusal
                    outcome: Outcome = lost_runs(chunk, plan.seed) if result is LOST else result
                    opened.shards.add(outcome)
                    schedule.learn(outcome)
                    failed += sum(status != OK for status in outcome.statuses)
                    if failed:
                        bar.set_postfix(failed=failed, refresh=False)
                    bar.update(len(outcome.points))
                wide = _want_more(opened, schedule) if plan.precision is not None else []
                more = next(schedule.units(), None) is not None
                if more:
                    schedule.restart()
                    bar.total = schedule.total
                    bar.refresh()
    if plan.precision is not None:
        write_manifest(opened.folder, {**manifest_of(plan), "precision_not_reached": wide})


def _want_more(opened: StudyFolder, schedule: Schedule) -> list[dict[str, Any]]:
    """Ask for another batch for every pair whose interval is too wide; give those that may have no more.

    A pair is judged by as many replications as are wanted of it and no others, so that a study that was
    stopped and continued asks for the same batches.
    """
    plan = opened.plan
    assert plan.precision is not None
    study = open_study(opened.folder)
    columns = [
        name for name in study.measure_columns if not plan.precision_columns or name in plan.precision_columns
    ]
    baselines = {point.number: point.baseline for point in plan.points}
    judged = [number for number in schedule.wanted if baselines[number] not in (-1, number)]
    tables = {name: study.values(*_parts(name)) for name in columns}
    ended: list[dict[str, Any]] = []
    while True:
        # Batches that an earlier run has done already are judged at once.
        widest = {}
        for number in judged:
            wanted = schedule.wanted[number]
            found = _widest(tables, number, baselines[number], wanted)
            if found is not None and not found[1] <= plan.precision:
                widest[number] = found
        growing = [number for number in widest if schedule.wanted[number] < plan.maximum_replications]
        ended = [
            {"point": number, "measure": name, "relative_half_width": width if math.isfinite(width) else None}
            for number, (name, width) in widest.items()
            if number not in growing
        ]
        for number in growing:
            wanted = min(schedule.wanted[number] + BATCH, plan.maximum_replications)
            schedule.wanted[number] = wanted
            base = baselines[number]
            schedule.wanted[base] = max(schedule.wanted.get(base, 0), wanted)
        if not growing or next(schedule.units(), None) is not None:
            return ended


def _widest(tables: Mapping[str, Any], number: int, base: int, wanted: int) -> tuple[str, float] | None:
    """Give the measure of a pair with the widest relative interval; None where no width is defined."""
    found: tuple[str, float] | None = None
    for name, table in tables.items():
        both = table.reindex(index=[number, base], columns=range(wanted)).to_numpy(np.float64)
        paired = {key: float(value[0]) for key, value in paired_statistics(both[:1], both[1:]).items()}
        scale = abs(paired["baseline_value"])
        if scale > 0.0:
            width = (paired["high"] - paired["low"]) / 2.0 / scale
            # An undefined interval is one that more replications may define.
            width = math.inf if math.isnan(width) else width
            if found is None or width > found[1]:
                found = (name, width)
    return found


def _parts(name: str) -> tuple[str, str, str]:
    scope, measure, tier = name.split(".", 2)
    return measure, scope, tier
