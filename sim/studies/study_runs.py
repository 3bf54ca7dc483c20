"""What a worker of a study does: live a shared past, then every arm, and bring back a row for each run."""

from __future__ import annotations

import math
import pickle
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import SimulationError
from sim.streams import replication_seed
from sim.studies.study_model import StudyModel

__all__ = ["FAILED", "LOST_RUN", "OK", "Outcome", "Unit", "check_model", "live_units", "lost_runs"]

OK: Final = "ok"
FAILED: Final = "failed"
LOST_RUN: Final = "lost"


@dataclass(frozen=True)
class Unit:
    """Runs that share a past: one border, parameter set and replication under several arms.

    Attributes
    ----------
    region : str
        Name of the border.
    parameters : dict of str to float
        Value of every uncertain parameter.
    replication : int
        0, 1, …
    arms : tuple of (int, str, dict)
        Number of the point, arm and doses.
    """

    region: str
    parameters: dict[str, float]
    replication: int
    arms: tuple[tuple[int, str, dict[str, float]], ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """The runs of some units.

    Attributes
    ----------
    points, replications, seeds : list of int
        Which run.
    statuses, errors : list of str
        ``ok``, ``failed`` or ``lost``, and why.
    seconds : list of float
        Time the model took; what arms share is divided among them.
    columns : tuple of str
        ``scope.measure.tier`` of each column of ``values``.
    values : ndarray of float64
        [runs, columns], NaN where a run does not define a measure.
    """

    points: list[int]
    replications: list[int]
    seeds: list[int]
    statuses: list[str]
    errors: list[str]
    seconds: list[float]
    columns: tuple[str, ...]
    values: NDArray[np.float64]


def live_units(shared: bytes, units: tuple[Unit, ...]) -> Outcome:
    """Live some units; what fails is recorded with its configuration and ends nothing else.

    Parameters
    ----------
    shared : bytes
        The pickled model and the seed of the study: sent with every task, read once by each worker.
    units : tuple of Unit
        What to live.

    Returns
    -------
    Outcome
        One row for each run.
    """
    model, study_seed = _read(shared)
    rows: list[tuple[int, int, int, str, str, float]] = []
    values: list[Mapping[str, float]] = []
    for unit in units:
        seed = replication_seed(study_seed, unit.replication)
        started = time.perf_counter()
        past, reason = None, ""
        try:
            past = model.begin(unit.region, unit.parameters, seed)
        except Exception as error:
            reason = _told(unit, "burn-in", {}, seed, error)
        common = (time.perf_counter() - started) / len(unit.arms)
        for point, arm, doses in unit.arms:
            started = time.perf_counter()
            found: Mapping[str, float] = {}
            status, why = (FAILED, reason) if reason else (OK, "")
            if not reason:
                try:
                    found = model.live(past, arm, doses)
                except Exception as error:
                    status, why = FAILED, _told(unit, arm, doses, seed, error)
            seconds = common + time.perf_counter() - started
            rows.append((point, unit.replication, seed, status, why, seconds))
            values.append(found)
    return _outcome(rows, values)


def check_model(shared: bytes) -> None:
    """Let the model refuse what would fail in every run.

    Parameters
    ----------
    shared : bytes
        As for `live_units`.

    Raises
    ------
    InputError
        As the model's ``check`` does.
    """
    _read(shared)[0].check()


def lost_runs(units: tuple[Unit, ...], seed: int) -> Outcome:
    """Record runs whose worker died every time.

    Parameters
    ----------
    units : tuple of Unit
        The units.
    seed : int
        Seed of the study.

    Returns
    -------
    Outcome
        One row for each run, without values.
    """
    rows = []
    for unit in units:
        own = replication_seed(seed, unit.replication)
        ended = SimulationError("the worker process died every time, perhaps for lack of memory")
        for point, arm, doses in unit.arms:
            rows.append((point, unit.replication, own, LOST_RUN, _told(unit, arm, doses, own, ended), 0.0))
    return _outcome(rows, [{} for _ in rows])


@lru_cache(maxsize=2)
def _read(shared: bytes) -> tuple[StudyModel, int]:
    model, seed = pickle.loads(shared)  # noqa: S301 - our own bytes
    return model, seed


def _outcome(rows: list[tuple[int, int, int, str, str, float]], values: list[Mapping[str, float]]) -> Outcome:
    # Runs of one model have the same measures in the same order, unless they failed.
    every = dict.fromkeys(tuple(found) for found in values)
    columns = tuple(dict.fromkeys(name for names in every for name in names))
    table = np.array(
        [
            list(found.values())
            if tuple(found) == columns
            else [found.get(name, math.nan) for name in columns]
            for found in values
        ],
        np.float64,
    )
    points, replications, seeds, statuses, errors, seconds = (
        list(column) for column in zip(*rows, strict=True)
    )
    return Outcome(
        points,
        replications,
        seeds,
        statuses,
        errors,
        seconds,
        columns,
        table.reshape(len(rows), len(columns)),
    )


def _told(unit: Unit, arm: str, doses: Mapping[str, float], seed: int, error: Exception) -> str:
    """Say what failed, so that it can be run again by itself."""
    reason = error.message("en") if isinstance(error, SimulationError) else f"{type(error).__name__}: {error}"
    parts: list[Any] = [
        f"region {unit.region}",
        f"replication {unit.replication} (seed {seed})",
        f"arm {arm}",
    ]
    parts += [f"{name} = {value:g}" for name, value in {**unit.parameters, **doses}.items()]
    return f"{', '.join(parts)}: {reason}"
