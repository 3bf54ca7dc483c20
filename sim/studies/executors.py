"""Workers behind one interface, `concurrent.futures.Executor`: this process, processes, a Dask cluster.

This module imports nothing of the model, because every worker loads it before it can ignore the
interrupt key.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from typing import Any, Final

from sim.errors import InputError, SimulationError
from sim.studies.extras import extra_module

__all__ = ["EXECUTORS", "Crew", "InProcessExecutor", "check_executor", "open_crew"]

EXECUTORS: Final = ("processes", "dask")
"""Executors by name; the address of a Dask scheduler, such as ``tcp://host:8786``, is one too."""

_SCHEMES: Final = ("tcp://", "tls://", "ucx://", "inproc://")
# A worker that is ahead of the one that takes its results need not wait.
_WAITING_EACH: Final = 2
_REACH_SECONDS: Final = 10.0
# From the system's header linux/prctl.h.
_SIGNAL_AT_END_OF_PARENT: Final = 1


class InProcessExecutor(Executor):
    """Work in this process, one task after another, each while it is submitted.

    Examples
    --------
    >>> InProcessExecutor().submit(max, 1, 2).result()
    2
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do the task now.

        Parameters
        ----------
        fn : callable
            The task.
        *args, **kwargs : object
            What it is called with.

        Returns
        -------
        Future
            Finished.
        """
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Crew:
    """The workers of a study.

    Parameters
    ----------
    recruit : callable
        Makes an executor.
    depth : int
        Tasks that may be under way or waiting at a time.
    renewable : bool
        Whether the executor is this crew's own, to be replaced where a worker has died.
    """

    def __init__(self, recruit: Callable[[], Executor], depth: int, *, renewable: bool = True) -> None:
        self._recruit = recruit
        self._renewable = renewable
        self.depth = depth
        self.executor = recruit()

    def renew(self) -> None:
        """Replace the executor after a worker died.

        Raises
        ------
        SimulationError
            If the executor is somebody else's.
        """
        if not self._renewable:
            raise SimulationError(
                "a worker of the executor that was given has died; what is finished is kept"
            )
        self.dismiss()
        self.executor = self._recruit()

    def dismiss(self) -> None:
        """Let the workers go at once, whatever they are doing."""
        processes = getattr(self.executor, "_processes", None) or {}
        for process in list(processes.values()):
            process.terminate()
        self.executor.shutdown(wait=True, cancel_futures=True)

    @staticmethod
    def is_collapse(error: BaseException | None) -> bool:
        """Tell whether an error means that a worker died and took all others with it."""
        return isinstance(error, BrokenExecutor)

    @staticmethod
    def is_loss(error: BaseException | None) -> bool:
        """Tell whether an error means that a worker died, and not that a task failed."""
        # Dask gives a task up by itself after its workers have died several times.
        return Crew.is_collapse(error) or type(error).__name__ == "KilledWorker"

    @staticmethod
    def is_end(error: BaseException | None) -> bool:
        """Tell whether an error means that the cluster as a whole is gone."""
        return isinstance(error, CancelledError) or type(error).__name__ in (
            "CommClosedError",
            "FutureCancelledError",
            "LostConnectionError",
        )


def check_executor(executor: object) -> str:
    """Accept the name of an executor or the address of a scheduler.

    Parameters
    ----------
    executor : object
        ``processes``, ``dask``, or an address.

    Returns
    -------
    str
        The same.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> check_executor("tcp://127.0.0.1:8786")
    'tcp://127.0.0.1:8786'
    """
    if isinstance(executor, str) and (executor in EXECUTORS or executor.startswith(_SCHEMES)):
        return executor
    allowed = {
        "zh": "processes、dask，或 Dask 调度器的地址，如 tcp://主机:8786",
        "en": "processes, dask, or the address of a Dask scheduler such as tcp://host:8786",
    }
    raise InputError("executor", executor, allowed)


@contextmanager
def open_crew(executor: str | Executor, workers: int, module: str | None = None) -> Iterator[Crew]:
    """Open workers, and close them whatever happens.

    The start method of processes is always ``spawn``: it behaves alike on every system, and libraries of
    the field set it for the whole process anyway.

    Parameters
    ----------
    executor : str or Executor
        ``processes`` (with one worker: this process), ``dask`` for a cluster on this machine, the address
        of a scheduler, or an executor that is already open and stays so.
    workers : int
        Number of workers; a scheduler that is given has its own.
    module : str, optional
        What processes begin to import at once, in the time until they get their first task.

    Yields
    ------
    Crew
        The workers.

    Raises
    ------
    InputError
        If a library or the scheduler is missing.
    """
    if isinstance(executor, Executor):
        depth = 1 if isinstance(executor, InProcessExecutor) else _WAITING_EACH * workers
        yield Crew(lambda: executor, depth, renewable=False)
    elif check_executor(executor) != "processes":
        with _dask_client(executor, workers) as client:
            count = max(1, sum(client.nthreads().values()))
            yield Crew(lambda: client.get_executor(pure=False), _WAITING_EACH * count, renewable=False)
    elif workers == 1:
        yield Crew(InProcessExecutor, 1)
    else:
        crew = Crew(lambda: _process_pool(workers, module), _WAITING_EACH * workers)
        try:
            yield crew
        finally:
            # Nobody waits for what is half done after an error; and workers that are done need a second to
            # tidy up what ends with them anyway.
            crew.dismiss()


def _process_pool(workers: int, module: str | None) -> ProcessPoolExecutor:
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _prepare)
    if module is not None:
        # Processes start with the first task. Whatever is wrong with them shows with a task that matters.
        for _ in range(workers):
            pool.submit(_import, module)
    return pool


def _import(module: str) -> None:
    importlib.import_module(module)


def _prepare() -> None:
    # The interrupt key reaches every process of the terminal; only the parent answers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # At once, also while compiled code keeps every thread waiting. The thread that started this worker
        # waits for it as long as it lives.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SIGNAL_AT_END_OF_PARENT, signal.SIGKILL)
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    """End as soon as the parent is gone, however it went: a worker alone would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _dask_client(executor: str, workers: int) -> Iterator[Any]:
    distributed = extra_module("distributed", "executor")
    if executor == "dask":
        cluster = distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, memory_limit=0
        )
        with cluster, distributed.Client(cluster) as client:
            yield client
        return
    try:
        client = distributed.Client(executor, timeout=_REACH_SECONDS)
    except (OSError, TimeoutError) as error:
        allowed = {"zh": "正在运行的 Dask 调度器的地址", "en": "the address of a Dask scheduler that runs"}
        raise InputError("executor", executor, allowed) from error
    with client:
        if not client.nthreads():
            allowed = {"zh": "至少有一个工作进程的调度器", "en": "a scheduler with one worker at least"}
            raise InputError("executor", executor, allowed)
        yield client
