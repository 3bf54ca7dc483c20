"""In which order and in what portions the runs of a study go to the workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from sim.studies.study_model import DOSED
from sim.studies.study_plan import StudyPlan
from sim.studies.study_points import Point
from sim.studies.study_runs import FAILED, OK, Outcome, Unit

__all__ = ["BATCH", "Schedule", "split_chunk"]

BATCH: Final = 10
"""Replications added at a time where a precision is asked for: a constant, and not the number of workers."""

# A chunk costs some hundredths of a second to hand over and to write down, and is what a kill loses. Chunks
# get shorter toward the end: whoever is done first waits for the others no longer than the last chunk takes.
_CHUNK_SECONDS: Final = 4.0
_LEAST_SECONDS: Final = 0.25
_CHUNKS_LEFT_EACH: Final = 4
# Beyond this a past is lived twice rather than keep one worker busy while others wait.
_UNIT_SECONDS: Final = 30.0
_FIRST_ARMS: Final = 8
_MEMORY: Final = 0.2


class Schedule:
    """The runs that are still to do.

    Replications come one after the other, so that a study that is stopped has complete pairs; points that
    share a past stay together.

    Parameters
    ----------
    plan : StudyPlan
        The study.
    done : mapping of (int, int) to str
        Status of the runs that are there, by point and replication.
    workers : int
        How many share the runs.
    part : tuple of (int, int), optional
        Which part of how many; all by default.
    retry : bool
        Whether runs that failed are tried again. Runs that were lost with their workers always are.

    Attributes
    ----------
    wanted : dict of int to int
        Replications of each point.
    """

    def __init__(
        self,
        plan: StudyPlan,
        done: Mapping[tuple[int, int], str],
        *,
        workers: int = 1,
        part: tuple[int, int] | None = None,
        retry: bool = False,
    ) -> None:
        asked = set(plan.design["point"])
        self._points = [point for point in plan.points if point.number in asked]
        self._settled = (OK,) if retry else (OK, FAILED)
        self._done = done
        self._part, self._parts = part or (0, 1)
        self._seconds: float | None = None
        self.wanted = {point.number: plan.replications for point in self._points}
        self._workers = workers
        self._waiting: list[Unit] = []
        self.restart()

    @property
    def remaining(self) -> int:
        """Runs to do."""
        return sum(len(unit.arms) for unit in self.units())

    @property
    def total(self) -> int:
        """Runs wanted, done or not, whoever does them."""
        return sum(self.wanted.values())

    def restart(self) -> None:
        """Look for runs to do again, after more were wanted."""
        self._units = iter(self.units())
        self._left = self.remaining

    def units(self) -> Iterator[Unit]:
        """List the runs to do, those with a common past together."""
        past = sorted(self._points, key=lambda point: (point.region, point.parameter_set, point.number))
        groups = [
            list(group) for _, group in groupby(past, key=lambda item: (item.region, item.parameter_set))
        ]
        number = 0
        for replication in range(max(self.wanted.values(), default=0)):
            for group in groups:
                number += 1
                if number % self._parts != self._part:
                    continue
                open_points = [point for point in group if self._is_open(point, replication)]
                if open_points:
                    arms = tuple((point.number, point.arm, _doses(point)) for point in open_points)
                    first = open_points[0]
                    yield Unit(first.region, first.parameters, replication, arms)

    def next_chunk(self) -> tuple[Unit, ...] | None:
        """Give the next portion of work: about as much as a few seconds take.

        Returns
        -------
        tuple of Unit or None
            None where nothing is left.
        """
        chunk: list[Unit] = []
        planned = 0.0
        each = self._seconds or _CHUNK_SECONDS
        most = _CHUNK_SECONDS
        if self._workers > 1:
            most = min(most, max(_LEAST_SECONDS, self._left * each / (_CHUNKS_LEFT_EACH * self._workers)))
        while True:
            if not self._waiting:
                unit = next(self._units, None)
                if unit is None:
                    break
                self._waiting = self._cut(unit)
            seconds = len(self._waiting[0].arms) * each
            if chunk and planned + seconds > most:
                break
            chunk.append(self._waiting.pop(0))
            planned += seconds
        self._left -= sum(len(unit.arms) for unit in chunk)
        return tuple(chunk) or None

    def learn(self, outcome: Outcome) -> None:
        """Learn how long a run takes.

        Parameters
        ----------
        outcome : Outcome
            Runs that came back.
        """
        mean = max(sum(outcome.seconds) / len(outcome.seconds), 1e-5)
        self._seconds = mean if self._seconds is None else (1 - _MEMORY) * self._seconds + _MEMORY * mean

    def _is_open(self, point: Point, replication: int) -> bool:
        settled = self._done.get((point.number, replication)) in self._settled
        return replication < self.wanted[point.number] and not settled

    def _cut(self, unit: Unit) -> list[Unit]:
        most = _FIRST_ARMS if self._seconds is None else max(1, int(_UNIT_SECONDS / self._seconds))
        pieces = [unit.arms[start : start + most] for start in range(0, len(unit.arms), most)]
        return [Unit(unit.region, unit.parameters, unit.replication, arms) for arms in pieces]


def split_chunk(chunk: tuple[Unit, ...]) -> list[tuple[Unit, ...]]:
    """Divide a portion into single runs.

    Parameters
    ----------
    chunk : tuple of Unit
        The portion.

    Returns
    -------
    list of tuple of Unit
        One for each run.
    """
    return [
        (Unit(unit.region, unit.parameters, unit.replication, (arm,)),) for unit in chunk for arm in unit.arms
    ]


def _doses(point: Point) -> dict[str, float]:
    # The baseline may have doses, too, where it is the sample with every factor at 0; it is run as it is.
    return point.doses if point.arm == DOSED else {}
