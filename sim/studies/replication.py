"""One replication: the same border and the same past, then every arm under the same shocks."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import pandas as pd

from sim.engine.simulation import Simulation
from sim.errors import InputError, SimulationError
from sim.levers.builder import WORTH
from sim.levers.compilation import compile_institutions
from sim.levers.institutions import Institutions
from sim.levers.mechanisms import Package
from sim.measures.adoption_table import adoption_table
from sim.measures.summary import summarise
from sim.parameters import Parameters
from sim.streams import replication_seed
from sim.studies.plan import Plan
from sim.world.region import Region
from sim.world.world import World, lay_out

__all__ = [
    "Replication",
    "check_arms",
    "check_packages",
    "live_burn_in",
    "live_under",
    "replicate",
    "replicate_from",
]

# Tables of one border that are kept: those of the last arms, unless they are large. A large border takes so
# much longer to live on than to compile for that nothing would be gained.
_MOST_KEPT: Final = 16
_MOST_BYTES: Final = 4_000_000


@dataclass(frozen=True)
class Replication:
    """What one replication gave.

    Attributes
    ----------
    number : int
        0, 1, …
    seed : int
        Its own seed.
    tables : dict of str to tuple of pandas.DataFrame
        ``measures``, ``series`` and ``cases`` as `sim.measures.summary.summarise` gives them, and
        ``adoption``: one of each for every arm, in the order of the plan. ``cases`` hold interior cases
        only in replication 0.
    digests : dict of str to str
        Hash of the complete final state of each arm.
    model_seconds : float
        Time that the model took: laying out, founding, compiling, living and measuring.
    """

    number: int
    seed: int
    tables: dict[str, tuple[pd.DataFrame, ...]]
    digests: dict[str, str]
    model_seconds: float


def check_arms(plan: Plan) -> None:
    """Compile every arm on the border once, so that a scope that does not exist is refused before any run.

    Parameters
    ----------
    plan : Plan
        The comparison.

    Raises
    ------
    InputError
        For a mechanism that names places this border does not have.
    """
    seed = replication_seed(plan.seed, 0)
    check_packages(plan.packages, plan.region, plan.parameters, seed, plan.days)


def check_packages(
    packages: Iterable[Package], region: Region, parameters: Parameters, seed: int, days: int
) -> None:
    """Compile packages on a border once.

    Parameters
    ----------
    packages : iterable of Package
        The packages.
    region : Region
        The border.
    parameters : Parameters
        Every behavioural number.
    seed : int
        Seed of the layout.
    days : int
        Measured days.

    Raises
    ------
    InputError
        For a mechanism that names places this border does not have.
    """
    world = _lay_out(region, parameters, seed)
    for package in packages:
        _institutions(package, world, parameters, days)


def replicate(plan: Plan, replication: int) -> Replication:
    """Run all arms of one replication.

    The world and the burn-in are shared: every arm continues from the same state.

    Parameters
    ----------
    plan : Plan
        The comparison.
    replication : int
        0, 1, …

    Returns
    -------
    Replication
        The tables of all arms.

    Raises
    ------
    SimulationError
        If a run fails; it names the replication, its seed and the arm.
    """
    seed = replication_seed(plan.seed, replication)
    arm = "burn-in"
    found: list[dict[str, pd.DataFrame]] = []
    digests: dict[str, str] = {}
    started = time.perf_counter()
    try:
        past = live_burn_in(plan.region, plan.parameters, seed, plan.burn_in_days)
        for package in plan.packages:
            arm = package.key
            simulation = live_under(package, past, plan.days)
            last_day = plan.burn_in_days + plan.days
            # Interior cases are some two hundred times as many: those of one replication show them.
            measured = summarise(simulation, plan.burn_in_days, last_day, interior_cases=replication == 0)
            found.append({**vars(measured), "adoption": adoption_table(simulation)})
            digests[arm] = simulation.digest()
    except InputError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise SimulationError(f"replication {replication} (seed {seed}), arm {arm}: {reason}") from error
    model_seconds = time.perf_counter() - started
    tables = {name: tuple(one[name] for one in found) for name in found[0]}
    return Replication(replication, seed, tables, digests, model_seconds)


def replicate_from(shared: bytes, replication: int) -> Replication:
    """Run all arms of one replication of a plan that came in bytes, which each worker reads once.

    Parameters
    ----------
    shared : bytes
        The pickled plan.
    replication : int
        0, 1, …

    Returns
    -------
    Replication
        As for `replicate`.

    Raises
    ------
    SimulationError
        As for `replicate`.
    """
    return replicate(_read(shared), replication)


@lru_cache(maxsize=1)
def _read(shared: bytes) -> Plan:
    plan: Plan = pickle.loads(shared)  # noqa: S301 - our own bytes
    return plan


def live_burn_in(region: Region, parameters: Parameters, seed: int, days: int) -> Simulation:
    """Lay out the villages of a replication and live the years before any mechanism.

    Parameters
    ----------
    region : Region
        The border.
    parameters : Parameters
        Every behavioural number.
    seed : int
        Seed of the replication.
    days : int
        Days of the burn-in, 0 or more.

    Returns
    -------
    Simulation
        The past that every arm continues from.
    """
    past = Simulation(_lay_out(region, parameters, seed), parameters, seed)
    past.run(days)
    return past


def live_under(package: Package, past: Simulation, days: int) -> Simulation:
    """Continue from a shared past under the mechanisms of a package.

    Parameters
    ----------
    package : Package
        The mechanisms.
    past : Simulation
        What `live_burn_in` gave; it stays as it is.
    days : int
        Measured days.

    Returns
    -------
    Simulation
        The run at its end.

    Raises
    ------
    InputError
        For a mechanism that names places this border does not have.
    """
    simulation = past.fork(_institutions(package, past.world, past.parameters, days))
    simulation.run(days)
    return simulation


def _lay_out(region: Region, parameters: Parameters, seed: int) -> World:
    return _laid_out(region, seed, parameters["legacy_claims_per_pair"], parameters["residents_per_village"])


# Parameter sets of one replication share their layout, which takes longer than a year of life.
@lru_cache(maxsize=2)
def _laid_out(region: Region, seed: int, claims: float, residents: float) -> World:
    return lay_out(region, seed, legacy_claims_per_pair=claims, residents_per_village=residents)


class _Kept(NamedTuple):
    package: Package
    days: int
    worth: tuple[float, ...]
    institutions: Institutions


_kept: WeakKeyDictionary[World, list[_Kept]] = WeakKeyDictionary()


def _institutions(package: Package, world: World, parameters: Parameters, days: int) -> Institutions:
    """Compile a package once for all parameter sets that a border is lived under, as far as they allow.

    Runs share tables and never write into them.
    """
    worth = tuple(parameters[name] for name in WORTH)
    kept = _kept.setdefault(world, [])
    for entry in kept:
        if entry.package is package and entry.days == days and entry.worth == worth:
            return entry.institutions
    institutions = compile_institutions(package, world, parameters, days)
    size = sum(table.nbytes for epoch in institutions.epochs for table in epoch.tables)
    # A review compiles again during a run and holds the border for it, which would then stay for ever.
    if size <= _MOST_BYTES and institutions.review is None:
        kept.append(_Kept(package, days, worth, institutions))
        del kept[:-_MOST_KEPT]
    return institutions
