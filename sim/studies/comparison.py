"""Compare packages on one border: arms × replications in parallel, paired under the same shocks."""

from __future__ import annotations

import importlib.metadata
import math
import pickle
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from tqdm import tqdm

from sim.errors import SimulationError
from sim.levers.mechanisms import Package
from sim.studies.dispatch import LOST, work_through
from sim.studies.effects import imprecise_measures, paired_effects
from sim.studies.executors import open_crew
from sim.studies.plan import Plan, plan_comparison
from sim.studies.provenance import code_state
from sim.studies.scenario import DEFAULT_REGION
from sim.world.region import Region

if TYPE_CHECKING:
    from sim.studies.replication import Replication

__all__ = ["Comparison", "compare", "run_plan", "versions"]

# Replications added at a time where a precision is asked for. A constant, and not the number of workers,
# because the number of replications must not depend on the machine.
_BATCH: Final = 10
_LIVING: Final = "sim.studies.replication"
_LOST: Final = "replication {number}: its worker process died every time, perhaps for lack of memory"
_TABLES: Final = ("measures", "series", "cases", "adoption")
_RECORDED: Final = (
    "mesa",
    "numpy",
    "numba",
    "pandas",
    "scipy",
    "networkx",
    "pyarrow",
    "matplotlib",
    "hydra-core",
)
_DISTRIBUTION: Final = "boundary-governance-simulation"


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a comparison found.

    Attributes
    ----------
    region : str
        Name of the border.
    arms : tuple of str
        The arms, the baseline first.
    effects : pandas.DataFrame
        Paired differences: region, arm, baseline, scope, measure, tier, unit, baseline_value, arm_value,
        effect, low, high, replications, variance_reduction.
    measures : pandas.DataFrame
        The value of every measure in every run: region, arm, replication, scope, measure, tier, unit, value.
    series : pandas.DataFrame
        The same by month, burn-in included.
    cases : pandas.DataFrame
        Every border case of every run, and the interior cases of replication 0.
    manifest : dict
        Configuration, versions, seeds, digests; plain data.
    adoption : pandas.DataFrame
        Who ran which mechanism when, of arms whose units review what they run: region, arm, replication,
        and the columns of `sim.measures.adoption_table.adoption_table`.
    """

    region: str
    arms: tuple[str, ...]
    effects: pd.DataFrame
    measures: pd.DataFrame
    series: pd.DataFrame
    cases: pd.DataFrame
    manifest: dict[str, Any]
    adoption: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return self.arms[0]

    @property
    def days(self) -> int:
        """Measured days."""
        return int(self.manifest["days"])

    @property
    def replications(self) -> int:
        """Runs of every arm."""
        return len(self.manifest["seeds"])


def compare(
    region: str | Path | Region = DEFAULT_REGION,
    arms: Sequence[str | Path | Package] | None = None,
    *,
    years: float = 3,
    burn_in: float = 3,
    replications: int = 20,
    seed: int = 1,
    workers: int | None = None,
    parameters: Mapping[str, float] | None = None,
    precision: float | None = None,
    maximum_replications: int = 200,
    progress: bool = True,
) -> Comparison:
    """Compare packages of mechanisms on one border under the same shocks.

    Every replication lays out the villages, lives through the burn-in once and continues from there in
    every arm; so arms differ only through their mechanisms. The result depends on neither the number of
    workers nor the order in which they finish.

    Parameters
    ----------
    region : str, Path or Region
        Name of a region, its folder, or a region already loaded.
    arms : sequence of str, Path or Package, optional
        Two or more packages; the first is the baseline. By default those that the region brings along
        against none, or the default arms where it brings none.
    years, burn_in : float
        Measured years, and years without mechanisms before them.
    replications : int
        Runs of every arm, at least 2; with ``precision``, the first batch.
    seed : int
        Seed of the study, 0 to 2**63 - 1.
    workers : int, optional
        Processes; one for each core by default, 1 for this process only. A script that uses several has
        to call under ``if __name__ == "__main__":``.
    parameters : mapping of str to float, optional
        Behavioural numbers that differ from the defaults.
    precision : float, optional
        Add replications until the half-width of the 95 % interval of every headline border effect is at
        most this share of the baseline's mean.
    maximum_replications : int
        Where ``precision`` gives up; the manifest then says which intervals are still wider.
    progress : bool
        Show a bar on the error stream.

    Returns
    -------
    Comparison
        Effects, series, cases, measures and manifest.

    Raises
    ------
    InputError
        For anything asked that is not usable; nothing has been run then.
    SimulationError
        If a run fails; it names the replication, its seed and the arm.
    """
    plan = plan_comparison(
        region,
        arms,
        years=years,
        burn_in=burn_in,
        replications=replications,
        seed=seed,
        workers=workers,
        parameters=parameters,
        precision=precision,
        maximum_replications=maximum_replications,
    )
    return run_plan(plan, progress=progress)


def run_plan(plan: Plan, *, progress: bool = True, label: str = "") -> Comparison:
    """Run a checked plan.

    Parameters
    ----------
    plan : Plan
        The comparison.
    progress : bool
        Show a bar on the error stream.
    label : str
        What stands before the bar.

    Returns
    -------
    Comparison
        As for `compare`.

    Raises
    ------
    SimulationError
        As for `compare`.
    """
    # The day kernel takes seconds to load; whoever only plans or reads results does without it.
    from sim.studies.replication import check_arms, replicate

    started = time.monotonic()
    done: dict[int, Replication] = {}
    # More workers than replications would only cost memory.
    most = plan.replications if plan.precision is None else max(plan.replications, _BATCH)
    with ExitStack() as stack:
        # Workers load the model while the arms are checked here.
        workers = min(plan.workers, most)
        crew = stack.enter_context(open_crew("processes", workers, _LIVING))
        check_arms(plan)
        task: Callable[..., Replication] = replicate
        shared: Plan | bytes = plan
        if workers > 1:
            # Ten milliseconds to pack and to unpack, which every replication would take.
            from sim.studies.replication import replicate_from

            task, shared = replicate_from, pickle.dumps(plan)
        bar = stack.enter_context(
            tqdm(total=plan.replications, desc=label or None, disable=not progress, file=sys.stderr)
        )
        wanted = plan.replications
        while True:
            numbers = iter(range(len(done), wanted))
            for number, replication in work_through(crew, task, shared, partial(next, numbers, None)):
                if replication is LOST:
                    raise SimulationError(_LOST.format(number=number))
                done[number] = replication
                bar.update()
            tables = _gathered(plan, done)
            effects = _effects(plan, tables)
            if plan.precision is None:
                wide: list[dict[str, object]] = []
                break
            wide = imprecise_measures(effects, plan.precision)
            if not wide or wanted >= plan.maximum_replications:
                break
            wanted = min(wanted + _BATCH, plan.maximum_replications)
            bar.total = wanted
            bar.refresh()
    manifest = _manifest(plan, done, wide, time.monotonic() - started)
    return Comparison(plan.region.name, plan.arms, effects, manifest=manifest, **tables)


def _gathered(plan: Plan, done: Mapping[int, Replication]) -> dict[str, pd.DataFrame]:
    """Join the tables in order of replication, whoever finished first; arms in the order of the plan."""
    tables = {}
    for name in _TABLES:
        parts = [done[number].tables[name] for number in sorted(done)]
        table = pd.concat([part for several in parts for part in several], ignore_index=True)
        lengths = [[len(part) for part in several] for several in parts]
        arm = np.concatenate([np.repeat(np.arange(len(several)), several) for several in lengths])
        number = np.repeat(sorted(done), [sum(several) for several in lengths]).astype("int32")
        table.insert(0, "region", plan.region.name)
        table.insert(1, "arm", pd.Series(pd.Categorical.from_codes(arm, pd.Index(plan.arms))))
        table.insert(2, "replication", number)
        tables[name] = _stored_once(table)
    return tables


def _stored_once(table: pd.DataFrame) -> pd.DataFrame:
    """Store repeated words once: a table of cases shrinks to a fifth."""
    for column in table.columns:
        if column != "case" and pd.api.types.is_string_dtype(table[column].dtype):
            table[column] = table[column].astype("category")
    return table


def _effects(plan: Plan, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return paired_effects(tables["measures"], region=plan.region.name, arms=plan.arms)


def _manifest(
    plan: Plan, done: Mapping[int, Replication], wide: list[dict[str, object]], seconds: float
) -> dict[str, Any]:
    numbers = sorted(done)
    return {
        "kind": "comparison",
        "configuration": {
            "region": plan.region.name,
            "arms": list(plan.arms),
            "years": plan.years,
            "burn_in": plan.burn_in,
            "replications": plan.replications,
            "seed": plan.seed,
            "precision": plan.precision,
            "maximum_replications": plan.maximum_replications,
            "parameters": plan.parameters.changes(),
        },
        "region_title": {"zh": plan.region.title_zh, "en": plan.region.title_en},
        "start": plan.start.isoformat(),
        "days": plan.days,
        "burn_in_days": plan.burn_in_days,
        "arms": {package.key: package.as_dict() for package in plan.packages},
        "parameters": dict(plan.parameters),
        "seeds": [done[number].seed for number in numbers],
        "digests": {arm: [done[number].digests[arm] for number in numbers] for arm in plan.arms},
        "precision_not_reached": [
            {
                key: None if isinstance(value, float) and not math.isfinite(value) else value
                for key, value in row.items()
            }
            for row in wide
        ],
        "versions": versions(),
        "code": code_state(),
        "workers": plan.workers,
        "duration_seconds": round(seconds, 1),
        "model_seconds": round(sum(done[number].model_seconds for number in numbers), 3),
    }


def versions() -> dict[str, str]:
    """Name the versions that a result depends on.

    Returns
    -------
    dict of str to str
        This package, Python, the system and the libraries of the field.

    Examples
    --------
    >>> {"sim", "python", "numpy", "mesa"} <= set(versions())
    True
    """
    named = {"sim": _version(_DISTRIBUTION), "python": platform.python_version()}
    named["system"] = f"{platform.system()} {platform.machine()}"
    return named | {name: _version(name) for name in _RECORDED}


@cache
def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        # A checkout that was put on the path without being installed.
        return "not installed"
