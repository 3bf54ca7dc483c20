"""A comparison lived once more, day by day, to see where coverage lies and what hours are spent on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.files import folder_beside
from sim.levers.mechanisms import Package
from sim.streams import replication_seed
from sim.studies.plan import plan_comparison
from sim.studies.scenario import DEFAULT_REGION
from sim.world.region import Region

__all__ = ["Watched", "open_watched", "watch"]

_KIND: Final = "watched"
_COLUMNS: Final = {
    "line": (
        "arm",
        "replication",
        "month_index",
        "town_a",
        "town_b",
        "side",
        "length_km",
        "coverage_7_days",
        "coverage_30_days",
    ),
    "hours": ("arm", "replication", "month_index", "side", "tier", "activity", "hours"),
}


@dataclass(frozen=True, eq=False)
class Watched:
    """What was seen in runs that were watched day by day.

    Attributes
    ----------
    region : str
        Name of the border.
    arms : tuple of str
        The arms, the baseline first.
    line : pandas.DataFrame
        Coverage along the line: arm, replication, month_index, town_a, town_b (codes), side ("a" or "b",
        whose bank), length_km, coverage_7_days, coverage_30_days (0 to 1).
    hours : pandas.DataFrame
        Hours bound: arm, replication, month_index, side, tier, activity, hours.
    manifest : dict
        Configuration, packages and seeds; plain data.
    """

    region: str
    arms: tuple[str, ...]
    line: pd.DataFrame
    hours: pd.DataFrame
    manifest: dict[str, Any]

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return self.arms[0]

    @property
    def replications(self) -> int:
        """Runs of every arm."""
        return len(self.manifest["seeds"])

    @property
    def months(self) -> int:
        """Whole months watched."""
        return 0 if self.hours.empty else int(self.hours["month_index"].max()) + 1

    def write(self, folder: str | Path) -> Path:
        """Write a folder with two tables and the manifest.

        Parameters
        ----------
        folder : str or Path
            Where to; files of the same names are replaced.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        OutputError
            If the system refuses; nothing is left then.
        """
        folder = Path(folder)
        with folder_beside(folder) as beside:
            for name in _COLUMNS:
                table: pd.DataFrame = getattr(self, name)
                table.to_parquet(beside / f"{name}.parquet", index=False, compression="zstd")
            manifest = json.dumps(self.manifest, ensure_ascii=False, indent=2, allow_nan=False)
            (beside / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
        return folder


def watch(
    region: str | Path | Region = DEFAULT_REGION,
    arms: Sequence[str | Path | Package] | None = None,
    *,
    years: float = 3,
    burn_in: float = 3,
    replications: int = 4,
    seed: int = 1,
    parameters: Mapping[str, float] | None = None,
) -> Watched:
    """Live runs of a comparison day by day, and keep where the line was covered and what hours were spent on.

    The runs are those that `sim.studies.comparison.compare` makes of the same arguments, to the bit; only
    more is written down. They are lived in this process one after another, so a few replications are meant.

    Parameters
    ----------
    region : str, Path or Region
        Name of a region, its folder, or a region already loaded.
    arms : sequence of str, Path or Package, optional
        Two or more packages, the baseline first; by default as in a comparison.
    years, burn_in : float
        Measured years, and years without mechanisms before them.
    replications : int
        Runs of every arm, at least 2.
    seed : int
        Seed of the study.
    parameters : mapping of str to float, optional
        Behavioural numbers that differ from the defaults.

    Returns
    -------
    Watched
        Months count from the first whole one under the mechanisms.

    Raises
    ------
    InputError
        For anything asked that is not usable; nothing has been run then.
    """
    # The day kernel takes seconds to load; whoever only reads a folder does without it.
    from sim.levers.compilation import compile_institutions
    from sim.measures.watching import HoursWatch, LineWatch, watch_days
    from sim.studies.replication import check_arms, live_burn_in

    plan = plan_comparison(
        region,
        arms,
        years=years,
        burn_in=burn_in,
        replications=replications,
        seed=seed,
        workers=1,
        parameters=parameters,
    )
    check_arms(plan)
    lines: list[pd.DataFrame] = []
    hours: list[pd.DataFrame] = []
    seeds: list[int] = []
    for number in range(plan.replications):
        own_seed = replication_seed(plan.seed, number)
        past = live_burn_in(plan.region, plan.parameters, own_seed, plan.burn_in_days)
        for package in plan.packages:
            run = past.fork(compile_institutions(package, past.world, past.parameters, plan.days))
            line_watch, hours_watch = LineWatch(run), HoursWatch(run)
            watch_days(run, plan.days, line_watch, hours_watch)
            for tables, table in ((lines, line_watch.table()), (hours, hours_watch.table())):
                table = _of_whole_months(table, run.months[plan.burn_in_days :])
                table.insert(0, "arm", package.key)
                table.insert(1, "replication", number)
                tables.append(table)
        seeds.append(own_seed)
    manifest = {
        "kind": _KIND,
        "configuration": {
            "region": plan.region.name,
            "arms": list(plan.arms),
            "years": plan.years,
            "burn_in": plan.burn_in,
            "replications": plan.replications,
            "seed": plan.seed,
            "parameters": plan.parameters.changes(),
        },
        "arms": {package.key: package.as_dict() for package in plan.packages},
        "seeds": seeds,
    }
    line, spent = (pd.concat(tables, ignore_index=True) for tables in (lines, hours))
    return Watched(plan.region.name, plan.arms, line, spent, manifest)


def _of_whole_months(table: pd.DataFrame, calendar: NDArray[np.int64]) -> pd.DataFrame:
    """Leave out a month that was not lived from its first to its last day, as the measures do."""
    months, days = np.unique(calendar[:, 0], return_counts=True)
    ends = dict(calendar[calendar[:, 3] > 0][:, (0, 3)].tolist())
    whole = [
        month for month, count in zip(months.tolist(), days.tolist(), strict=True) if ends.get(month) == count
    ]
    if not whole:
        return table[:0].reset_index(drop=True)
    first = whole[0] - int(months[0])
    number = table["month_index"] - first
    chosen: pd.DataFrame = table[(number >= 0) & (number < len(whole))].reset_index(drop=True)
    return chosen.assign(month_index=chosen["month_index"] - first)


def open_watched(folder: str | Path) -> Watched:
    """Read back a folder that `Watched.write` wrote.

    Parameters
    ----------
    folder : str or Path
        The folder.

    Returns
    -------
    Watched
        The same tables and manifest.

    Raises
    ------
    InputError
        If the folder or one of its files is missing, damaged or something else.
    """
    folder = Path(folder)
    allowed = {
        "zh": "逐日观察结果的文件夹（含 manifest.json、line.parquet、hours.parquet）",
        "en": "a folder of watched runs (with manifest.json, line.parquet and hours.parquet)",
    }
    file = "manifest.json"
    try:
        manifest = json.loads((folder / file).read_text(encoding="utf-8"))
        if manifest["kind"] != _KIND:
            raise ValueError(manifest["kind"])
        configuration, tables = manifest["configuration"], {}
        for name, columns in _COLUMNS.items():
            file = f"{name}.parquet"
            tables[name] = pd.read_parquet(folder / file)[list(columns)]
        return Watched(configuration["region"], tuple(configuration["arms"]), manifest=manifest, **tables)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("folder", str(folder), allowed, where=file) from error
