"""Tasks in parallel processes: the same results however many workers there are.

This module imports nothing of the model, because every worker loads it before it can ignore the
interrupt key.
"""

from __future__ import annotations

import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, Final, TypeVar

from sim.errors import SimulationError

__all__ = ["Runner", "open_runner"]

Result = TypeVar("Result")
Runner = Callable[[Sequence[int]], Iterator[Any]]
"""Receives numbers of tasks, yields their results as they finish."""

_LOST: Final = (
    "a worker process ended before its work was done; a script has to call under "
    'if __name__ == "__main__": (or with workers=1), and each worker needs some 500 MB of memory'
)

_shared: Any = None
_task: Callable[[Any, int], Any] | None = None


@contextmanager
def open_runner(task: Callable[[Any, int], Any], shared: Any, workers: int) -> Iterator[Runner]:
    """Open workers that all know the same thing, and close them whatever happens.

    The start method is always ``spawn``: it behaves alike on every system, and libraries of the field
    set it for the whole process anyway.

    Parameters
    ----------
    task : callable
        A function of a module, called as ``task(shared, number)``.
    shared : object
        What every task needs; sent once to each worker.
    workers : int
        Number of processes; 1 works in this process.

    Yields
    ------
    callable
        ``runner(numbers)`` yields the results in the order in which they finish.

    Raises
    ------
    SimulationError
        If a worker dies. What a task raises comes through as it is, and the other tasks are given up.
    """
    if workers == 1:
        yield lambda numbers: (task(shared, number) for number in numbers)
        return
    # Sent as bytes: a worker would otherwise import the whole model before `_prepare` runs.
    content = pickle.dumps((task, shared))
    executor = ProcessPoolExecutor(workers, get_context("spawn"), _prepare, (content,))
    finished = False
    try:
        yield lambda numbers: _collect(executor, numbers)
        finished = True
    except BrokenProcessPool as error:
        raise SimulationError(_LOST) from error
    finally:
        # After an error nobody waits for tasks that are half done.
        if not finished:
            for process in list((executor._processes or {}).values()):
                process.terminate()
        executor.shutdown(wait=True, cancel_futures=True)


def _collect(executor: ProcessPoolExecutor, numbers: Sequence[int]) -> Iterator[Any]:
    futures = [executor.submit(_run, number) for number in numbers]
    for future in as_completed(futures):
        yield future.result()


def _prepare(content: bytes) -> None:
    global _shared, _task
    # The interrupt key reaches every process of the terminal; only the parent answers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task, _shared = pickle.loads(content)  # noqa: S301 - our own bytes


def _run(number: int) -> Any:
    assert _task is not None
    return _task(_shared, number)
