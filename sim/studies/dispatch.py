"""Work through tasks with workers that may die: what was lost is done again, and nothing is done twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sim.errors import SimulationError
from sim.studies.executors import Crew

__all__ = ["LOST", "work_through"]

Item = TypeVar("Item")

LOST: Final = object()
"""Stands for the result of an item whose workers died every time it was tried."""

_TRIES: Final = 3
# Workers that die one after the other and never finish anything have something else wrong with them.
_FIRST_DEATHS: Final = 3
_DEATHS_WITHOUT_RESULT: Final = 30
_COLLAPSE_SECONDS: Final = 60.0
_CANNOT_WORK: Final = (
    "worker processes end before they have done anything; a script has to call under "
    'if __name__ == "__main__": (or with workers=1), and each worker needs some 500 MB of memory'
)
_GONE: Final = "the scheduler or its last worker has gone; what is finished is kept"


@dataclass
class _Task:
    item: Any
    losses: int = 0


def work_through(
    crew: Crew,
    task: Callable[[Any, Any], Any],
    shared: Any,
    source: Callable[[], Item | None],
    split: Callable[[Item], Sequence[Item]] = lambda item: [item],
) -> Iterator[tuple[Item, Any]]:
    """Do every item of a source, in any order.

    A worker that dies takes down whatever the others hold, and nobody can tell whose fault it was. So all
    that was under way is done again in smaller parts; what has been lost three times is tried once more
    with nothing beside it, and only then given up.

    Parameters
    ----------
    crew : Crew
        The workers.
    task : callable
        A function of a module, called as ``task(shared, item)``.
    shared : object
        What every task needs.
    source : callable
        Gives the next item, or None where there is none at present; asked again after every result.
    split : callable
        Divides an item into smaller ones.

    Yields
    ------
    item : object
        The item, or a part of it.
    result : object
        What the task returned, or `LOST`.

    Raises
    ------
    SimulationError
        If workers die without ever finishing anything, or the cluster is gone. What a task raises comes
        through as it is.

    Examples
    --------
    >>> import operator
    >>> from sim.studies.executors import open_crew
    >>> items = iter([1, 2, 3])
    >>> with open_crew("processes", 1) as crew:
    ...     sorted(work_through(crew, operator.mul, 7, lambda: next(items, None)))
    [(1, 7), (2, 14), (3, 21)]
    """
    again: deque[_Task] = deque()
    suspects: deque[_Task] = deque()
    pending: dict[Future[Any], _Task] = {}
    deaths, results = 0, 0
    while True:
        lost: list[_Task] = []
        collapsed = False
        while len(pending) < crew.depth:
            item = None if again else source()
            if again:
                following = again.popleft()
            elif item is not None:
                following = _Task(item)
            elif suspects and not pending:
                following = suspects.popleft()
            else:
                break
            try:
                pending[crew.executor.submit(task, shared, following.item)] = following
            except BrokenExecutor:
                # A worker died between two submissions; the task never began.
                again.appendleft(following)
                collapsed = True
                break
            if following.losses >= _TRIES:
                break
        if not pending and not collapsed:
            return
        finished = wait(pending, return_when=FIRST_COMPLETED).done if pending else set()
        collapsed = collapsed or any(crew.is_collapse(_error(future)) for future in finished)
        if collapsed:
            # The others fail as well; those that were quicker have their results.
            finished = wait(pending, timeout=_COLLAPSE_SECONDS).done if pending else set()
        for future in finished:
            done = pending.pop(future)
            error = _error(future)
            if crew.is_end(error):
                raise SimulationError(_GONE) from error
            if crew.is_loss(error):
                lost.append(done)
            elif error is not None:
                raise error
            else:
                results, deaths = results + 1, 0
                yield done.item, future.result()
        if collapsed:
            lost += pending.values()
            pending.clear()
            deaths += 1
            if (not results and deaths >= _FIRST_DEATHS) or deaths >= _DEATHS_WITHOUT_RESULT:
                raise SimulationError(_CANNOT_WORK)
            crew.renew()
        for done in lost:
            if done.losses >= _TRIES:
                yield done.item, LOST
                continue
            parts = [_Task(part, done.losses + 1) for part in split(done.item)]
            (suspects if done.losses + 1 >= _TRIES else again).extend(parts)


def _error(future: Future[Any]) -> BaseException | None:
    return CancelledError() if future.cancelled() else future.exception(timeout=0)
