from __future__ import annotations

import importlib
import operator
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sim.errors import InputError, SimulationError
from sim.studies.dispatch import LOST, work_through
from sim.studies.executors import check_executor, open_crew

ROOT = Path(__file__).resolve().parents[2]


def worked(task: Any, shared: Any, items: Sequence[Any], workers: int, **how: Any) -> list[tuple[Any, Any]]:
    waiting = iter(items)
    with open_crew("processes", workers) as crew:
        return list(work_through(crew, task, shared, lambda: next(waiting, None), **how))


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_is_done_once_with_what_is_shared(workers: int) -> None:
    found = worked(operator.mul, 7, range(1, 7), workers)
    assert sorted(found) == [(item, 7 * item) for item in range(1, 7)]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_raises_comes_through(workers: int) -> None:
    with pytest.raises(IndexError):
        worked(operator.getitem, (1, 2), [0, 5, 1], workers)


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give tasks that kill their worker, from a module that workers can import."""
    (tmp_path / "deadly_tasks.py").write_text(
        """
import os, pathlib, signal

def end_once(folder, item):
    mark = pathlib.Path(folder) / str(item)
    if item % 2 == 0 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item

def end_always(culprit, items):
    if culprit in items:
        os.kill(os.getpid(), signal.SIGKILL)
    return items
"""
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "deadly_tasks", raising=False)
    return importlib.import_module("deadly_tasks")


def test_workers_that_die_end_nothing(deadly: ModuleType, tmp_path: Path) -> None:
    found = worked(deadly.end_once, str(tmp_path), range(1, 7), 2)
    assert sorted(found) == [(item, item * item) for item in range(1, 7)]


def test_what_kills_its_worker_every_time_is_found_among_the_innocent(deadly: ModuleType) -> None:
    def singles(items: tuple[int, ...]) -> list[tuple[int, ...]]:
        return [(item,) for item in items]

    found = worked(deadly.end_always, 4, [(1, 2), (3, 4, 5), (6,), (7, 8)], 2, split=singles)
    assert [item for item, result in found if result is LOST] == [(4,)]
    done = [number for _, result in found if result is not LOST for number in result]
    assert sorted(done) == [1, 2, 3, 5, 6, 7, 8]


def test_workers_that_never_work_are_named_in_a_sentence() -> None:
    with pytest.raises(SimulationError, match="before they have done anything"):
        worked(operator.call, os._exit, [3], 2)


def test_an_interrupt_closes_the_workers() -> None:
    with pytest.raises(KeyboardInterrupt), open_crew("processes", 2) as crew:
        waiting = iter([1])
        list(work_through(crew, operator.mul, 7, lambda: next(waiting, None)))
        processes = list(crew.executor._processes.values())  # type: ignore[attr-defined]
        raise KeyboardInterrupt
    assert not any(process.is_alive() for process in processes)


@pytest.mark.parametrize("busy", [False, True])
def test_workers_end_with_a_parent_that_was_killed(busy: bool, tmp_path: Path) -> None:
    """Also those that are inside compiled code, where no other thread of theirs can do anything."""
    (tmp_path / "parent.py").write_text(
        """
import sys, time
import numba
from sim.studies.executors import open_crew

@numba.njit
def spin(count):
    total = 0.0
    for number in range(count):
        total += (number % 7) ** 0.5
    return total

if __name__ == "__main__":
    with open_crew("processes", 2) as crew:
        [task.result() for task in [crew.executor.submit(spin, 10) for _ in range(4)]]
        if sys.argv[1] == "True":
            [crew.executor.submit(spin, 10**11) for _ in range(2)]
            time.sleep(1)
        print(*crew.executor._processes, flush=True)
        time.sleep(60)
"""
    )
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py"), str(busy)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as parent:
        assert parent.stdout is not None
        workers = [int(number) for number in parent.stdout.readline().split()]
        assert workers
        parent.kill()
    until = time.monotonic() + 20
    while any(is_alive(number) for number in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(is_alive(number) for number in workers)


def is_alive(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_an_input_error_survives_the_way_back() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(InputError("arms", "x", ["none"], where="a.yaml")))
    assert error.message("zh") == InputError("arms", "x", ["none"], where="a.yaml").message("zh")


@pytest.mark.parametrize("executor", ["threads", "localhost:80", None, 3])
def test_an_unknown_executor_is_refused(executor: object) -> None:
    with pytest.raises(InputError, match="tcp://host:8786"):
        check_executor(executor)
