"""The runs behind a table of directions: each kept in a file of its own, so that nothing is done twice."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from sim.errors import InputError, SimulationError
from sim.files import write_beside
from sim.levers.mechanisms import Package, load_package
from sim.parameters import Parameters
from sim.streams import replication_seed
from sim.studies.comparison import versions
from sim.studies.directions.moves import Move, content_key
from sim.studies.dispatch import LOST, work_through
from sim.studies.executors import open_crew
from sim.studies.plan import Plan, plan_comparison
from sim.studies.provenance import border_sources_digest
from sim.world.region import Region

__all__ = ["QUANTITIES", "Runs", "plan_directions", "region_digest", "run_directions"]

QUANTITIES: Final = (
    ("settled_90_days", "border"),
    ("coverage_7_days", "border"),
    ("willingness", "border"),
    ("trust", "border"),
    ("suspension_gap", "border"),
    ("relapse_share", "border"),
    ("vacuum_share", "border"),
    ("incidents", "border"),
    ("offences", "border"),
    ("section_compliance", "border"),
    ("service_trips", "border"),
    ("staff_days", "border"),
    ("displaced_hours", "interior"),
    ("waiting_days", "interior"),
)
"""Measures of the table with their scope, over all tiers: disputes, patrol, willingness, river and services,
and what all that costs."""

# A worker lives the burn-in anew for each block; a larger block would lose more where it is stopped.
_BLOCK: Final = 24
_DIED: Final = "replication {number}: a worker process died every time, perhaps for lack of memory"


@dataclass(frozen=True, eq=False)
class Runs:
    """What all arms of all moves gave.

    Attributes
    ----------
    values : dict of str to ndarray of float64
        By content of the arm (`content_key`): [quantities, replications], NaN where undefined.
    states : dict of str to tuple of str
        By content of the arm: the digest of the final state of each replication.
    manifest : dict
        Region, seeds, parameters, digests of code and tables, versions: what repeats the runs; plain data.
    """

    values: dict[str, NDArray[np.float64]]
    states: dict[str, tuple[str, ...]]
    manifest: dict[str, Any]


@dataclass(frozen=True, eq=False)
class _Setting:
    """What every task needs."""

    region: Region
    parameters: Parameters
    seed: int
    burn_in_days: int
    days: int
    folder: Path


def plan_directions(
    region: str | Region = "yulin_zhanjiang_maoming",
    *,
    years: float = 2,
    burn_in: float = 3,
    replications: int = 12,
    seed: int = 1,
    workers: int | None = None,
) -> Plan:
    """Check what a table of directions was asked for.

    Parameters
    ----------
    region : str or Region
        Name of a region, or one already loaded.
    years, burn_in : float
        Measured years, and years without mechanisms before them.
    replications : int
        Runs of every arm, at least 2.
    seed : int
        Seed of the study.
    workers : int, optional
        Processes; one for each core by default.

    Returns
    -------
    Plan
        Its own two arms are placeholders: what is run are the arms of the moves.

    Raises
    ------
    InputError
        For the first thing that is not usable.

    Examples
    --------
    >>> plan_directions(years=1, replications=2).days
    365
    """
    return plan_comparison(
        region,
        [load_package("none"), load_package("five_links")],
        years=years,
        burn_in=burn_in,
        replications=replications,
        seed=seed,
        workers=workers,
    )


def run_directions(plan: Plan, moves: Sequence[Move], store: str | Path, *, progress: bool = True) -> Runs:
    """Run both ends of every move under the same shocks, or take up what an earlier call left.

    Every run is written beside its place and renamed when it is over, under a folder named by the code, the
    tables, the parameters and the horizon. So a call may be killed at any moment and repeated; after a
    change of the model nothing of before is used.

    Parameters
    ----------
    plan : Plan
        Region, horizon, seed, replications and workers, as `plan_directions` gives it.
    moves : sequence of Move
        What to move.
    store : str or Path
        Folder of the runs.
    progress : bool
        Show a bar on the error stream.

    Returns
    -------
    Runs
        The values of all arms, in an order that depends on the moves only.

    Raises
    ------
    SimulationError
        If a run fails, or its worker dies every time.
    OutputError
        If the system refuses to write.
    """
    arms = {
        content_key(arm): arm for move in moves for arm in (move.low_arm, move.high_arm) if arm is not None
    }
    manifest = _manifest(plan)
    identity = hashlib.blake2b(json.dumps(manifest, sort_keys=True).encode(), digest_size=8).hexdigest()
    folder = Path(store) / identity
    numbers = range(plan.replications)
    missing = {
        number: [key for key in arms if _read(_place(folder, number, key)) is None] for number in numbers
    }
    blocks = iter(
        [
            (number, tuple((key, arms[key]) for key in keys[first : first + _BLOCK]))
            for number, keys in missing.items()
            for first in range(0, len(keys), _BLOCK)
        ]
    )
    setting = _Setting(plan.region, plan.parameters, plan.seed, plan.burn_in_days, plan.days, folder)
    total = len(arms) * plan.replications
    already = total - sum(map(len, missing.values()))
    with (
        open_crew("processes", plan.workers) as crew,
        tqdm(total=total, initial=already, disable=not progress, file=sys.stderr) as bar,
    ):
        source = partial(next, blocks, None)
        for (number, block), result in work_through(crew, _live, setting, source, _halves):
            if result is LOST:
                raise SimulationError(_DIED.format(number=number))
            bar.update(len(block))
    return _gathered(folder, list(arms), plan, manifest)


def region_digest(region: Region) -> str:
    """Hash the tables of a region, wherever they were read.

    Parameters
    ----------
    region : Region
        The border.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> whole = load_region("yulin_zhanjiang_maoming")
    >>> region_digest(whole) == region_digest(whole.subset(["陆川县", "廉江市"]))
    False
    """
    digest = hashlib.blake2b(digest_size=8)
    for field in dataclasses.fields(region):
        value = getattr(region, field.name)
        if isinstance(value, pd.DataFrame):
            digest.update(f"{field.name}\0{value.to_csv(index=False)}\0".encode())
        elif field.name in ("name", "border_level"):
            digest.update(f"{field.name}\0{value}\0".encode())
    return digest.hexdigest()


def _live(setting: _Setting, block: tuple[int, tuple[tuple[str, Package], ...]]) -> None:
    """Run some arms of one replication and write each of them."""
    # The day kernel takes seconds to load; whoever only reads results does without it.
    from sim.measures.summary import measure_rows
    from sim.studies.replication import live_burn_in, live_under

    number, arms = block
    seed = replication_seed(setting.seed, number)
    arm = "burn-in"
    try:
        past = live_burn_in(setting.region, setting.parameters, seed, setting.burn_in_days)
        for key, package in arms:
            arm = package.key
            run = live_under(package, past, setting.days)
            rows = measure_rows(run, setting.burn_in_days, setting.burn_in_days + setting.days)
            found = {(name, scope): value for scope, name, tier, value in rows if tier == "all"}
            values = [_blank(found.get(quantity, math.nan)) for quantity in QUANTITIES]
            content = json.dumps({"arm": arm, "values": values, "state": run.digest()})
            write_beside(
                _place(setting.folder, number, key),
                lambda path, content=content: path.write_text(content + "\n", encoding="utf-8"),  # type: ignore[misc]
            )
    except SimulationError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise SimulationError(f"replication {number} (seed {seed}), arm {arm}: {reason}") from error


def _halves(
    block: tuple[int, tuple[tuple[str, Package], ...]],
) -> list[tuple[int, tuple[tuple[str, Package], ...]]]:
    number, arms = block
    middle = len(arms) // 2
    return [(number, part) for part in (arms[:middle], arms[middle:]) if part]


def _blank(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _place(folder: Path, number: int, key: str) -> Path:
    return folder / f"{number:05d}" / f"{key}.json"


def _read(path: Path) -> tuple[list[float], str] | None:
    """Read one run; a file that is missing or damaged counts as not run."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        values = [math.nan if value is None else float(value) for value in content["values"]]
        state = content["state"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (values, str(state)) if len(values) == len(QUANTITIES) else None


def _gathered(folder: Path, keys: list[str], plan: Plan, manifest: dict[str, Any]) -> Runs:
    values, states = {}, {}
    for key in keys:
        runs = [_kept(_place(folder, number, key)) for number in range(plan.replications)]
        values[key] = np.array([found for found, _ in runs], np.float64).T
        states[key] = tuple(state for _, state in runs)
    seeds = list(_seeds(plan))
    return Runs(values, states, manifest | {"replications": plan.replications, "seeds": seeds})


def _kept(path: Path) -> tuple[list[float], str]:
    found = _read(path)
    if found is None:
        allowed = {"zh": "刚写入的运行文件", "en": "the file of a run, just written"}
        raise InputError("store", str(path), allowed)
    return found


def _seeds(plan: Plan) -> Iterator[int]:
    return (replication_seed(plan.seed, number) for number in range(plan.replications))


def _manifest(plan: Plan) -> dict[str, Any]:
    """Tell all that a run depends on beside its arm and its number."""
    return {
        "kind": "directions",
        "region": plan.region.name,
        "region_digest": region_digest(plan.region),
        "years": plan.years,
        "burn_in": plan.burn_in,
        "start": plan.start.isoformat(),
        "days": plan.days,
        "burn_in_days": plan.burn_in_days,
        "seed": plan.seed,
        "changed_parameters": plan.parameters.changes(),
        "parameters": dict(plan.parameters),
        "quantities": [list(quantity) for quantity in QUANTITIES],
        "sources": border_sources_digest(),
        "versions": versions(),
    }
