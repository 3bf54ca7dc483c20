"""The small studies that notebooks read: made by a command and stored beside the notebooks."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sim.errors import InputError
from sim.notebook.life import write_life
from sim.studies.comparison import Comparison, run_plan
from sim.studies.plan import Plan, plan_comparison
from sim.studies.results import write_results
from sim.studies.scenario import Scenario, load_scenario
from sim.studies.store.manifest import identity_of, read_manifest
from sim.studies.store.reader import open_study
from sim.studies.study import run_study
from sim.studies.study_model import border_sources
from sim.studies.study_plan import plan_study
from sim.studies.watched import Watched, watch

__all__ = ["Keep", "Stored", "make_stored"]

_SCENARIO: Final = "scenario.yaml"
_STUDY: Final = "study.yaml"
_RESULTS: Final = "results"
_LIFE: Final = "life"
_IDENTITY: Final = "made_from"
# What every reader of cases needs.
_CASE_KEYS: Final = ("region", "arm", "replication", "scope", "domain", "legacy", "settled")


@dataclass(frozen=True)
class Keep:
    """What is stored of a comparison beside its measures and effects, which always are.

    Attributes
    ----------
    series : tuple of str
        Measures whose months are kept, at all tiers together.
    cases : tuple of str
        Columns of the cases across the border that are kept. Interior cases never are: some two hundred times
        as many.
    life : tuple of (str, str) or None
        An arm and a criterion of `sim.measures.picking.CRITERIA`: the life of a case of the first run, in the
        baseline and in this arm, is kept in the folder ``life``.
    watched : bool
        Whether the runs are watched day by day instead of compared.
    """

    series: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    life: tuple[str, str] | None = None
    watched: bool = False


@dataclass(frozen=True)
class Stored:
    """A stored study.

    Attributes
    ----------
    name : str
        Name of its folder.
    is_new : bool
        Whether it has just been run; otherwise what was stored is still what the code would give.
    runs : int
        Number of its runs.
    """

    name: str
    is_new: bool
    runs: int


def make_stored(
    folder: str | Path,
    keep: Keep | None = None,
    *,
    workers: int | None = None,
    progress: bool = True,
    **changes: Any,
) -> Stored:
    """Run a stored study, or continue it, unless what is stored is what would come out.

    Code, tables, settings and libraries decide that, as for every study. Results of other code are removed
    and made again.

    Parameters
    ----------
    folder : str or Path
        Folder with ``scenario.yaml`` or ``study.yaml``; the results go into ``results`` in it.
    keep : Keep, optional
        What is stored of a comparison; nothing beside its measures by default.
    workers : int, optional
        Processes; one for each core by default.
    progress : bool
        Show a bar on the error stream.
    **changes : object
        Settings that differ from the file's, such as ``replications``.

    Returns
    -------
    Stored
        Whether it was run, and how many runs it has.

    Raises
    ------
    InputError
        If the folder holds no file of a study, or one that is not usable.
    SimulationError
        If a run fails.
    """
    folder = Path(folder)
    if (folder / _SCENARIO).is_file():
        return _make_comparison(folder, keep or Keep(), workers, progress, changes)
    if (folder / _STUDY).is_file():
        return _make_study(folder, workers, progress, changes)
    raise InputError("study", folder.name, [_SCENARIO, _STUDY])


def _make_comparison(
    folder: Path, keep: Keep, workers: int | None, progress: bool, changes: dict[str, Any]
) -> Stored:
    scenario = load_scenario(folder / _SCENARIO)
    plan = _plan_of(scenario, workers, changes)
    identity = _identity(plan, keep)
    runs = plan.replications * len(plan.arms)
    if _identity_stored(folder / _RESULTS) == identity:
        return Stored(folder.name, False, runs)
    if keep.watched:
        _watch(plan, identity).write(folder / _RESULTS)
        return Stored(folder.name, True, runs)
    comparison = run_plan(plan, progress=progress, label=folder.name)
    if keep.life is not None:
        write_life(comparison, plan.packages, *keep.life, folder / _LIFE)
    comparison = _trimmed(comparison, keep)
    comparison.manifest[_IDENTITY] = identity
    # Last, because it says that everything is there.
    write_results(comparison, folder / _RESULTS)
    return Stored(folder.name, True, runs)


def _watch(plan: Plan, identity: str) -> Watched:
    seen = watch(
        plan.region,
        plan.packages,
        years=plan.years,
        burn_in=plan.burn_in,
        replications=plan.replications,
        seed=plan.seed,
        parameters=plan.parameters,
    )
    manifest = {**seen.manifest, "arms": _named(seen.manifest["arms"]), _IDENTITY: identity}
    return replace(seen, manifest=manifest)


def _plan_of(scenario: Scenario, workers: int | None, changes: dict[str, Any]) -> Plan:
    settings = {**scenario.settings, **changes}
    own = scenario.packages()
    arms = [own.get(arm, arm) for arm in settings.pop("arms")]
    region = settings.pop("region", scenario.region)
    return plan_comparison(region, arms, workers=workers, **settings)


def _identity(plan: Plan, keep: Keep) -> str:
    decides = {
        "code": border_sources(),
        "region": plan.region.name,
        "arms": {package.key: package.as_dict() for package in plan.packages},
        "parameters": dict(plan.parameters),
        "settings": [plan.years, plan.burn_in, plan.replications, plan.seed],
        "keep": [keep.series, keep.cases, keep.life, keep.watched],
        "versions": {name: importlib.metadata.version(name) for name in ("numpy", "numba", "scipy")},
    }
    content = json.dumps(decides, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def _identity_stored(results: Path) -> str | None:
    try:
        manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest.get(_IDENTITY))
    except (OSError, ValueError, AttributeError):
        return None


def _trimmed(comparison: Comparison, keep: Keep) -> Comparison:
    """Leave out what no notebook reads: it would be nine tenths of the store."""
    series, cases = comparison.series, comparison.cases
    wanted = series["measure"].isin(keep.series) & (series["tier"] == "all")
    shown = cases[(cases["scope"] == "border") & bool(keep.cases)]
    manifest = dict(comparison.manifest)
    # How long it took and on how many cores says something of a machine and nothing of the result.
    for key in ("duration_seconds", "workers"):
        manifest.pop(key, None)
    manifest["arms"] = _named(manifest["arms"])
    return replace(
        comparison,
        series=_compact(series[wanted]),
        cases=_compact(shown[[*_CASE_KEYS, *keep.cases]]),
        manifest=manifest,
    )


def _named(arms: dict[str, Any]) -> dict[str, Any]:
    """Keep the names of packages and mechanisms, which charts need; their files are in the project."""
    return {
        arm: {
            **content,
            "mechanisms": {key: {"name": item["name"]} for key, item in content["mechanisms"].items()},
        }
        for arm, content in arms.items()
    }


def _compact(table: pd.DataFrame) -> pd.DataFrame:
    table = table.reset_index(drop=True)
    for column in table.columns:
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            table[column] = table[column].cat.remove_unused_categories()
    return table


def _make_study(folder: Path, workers: int | None, progress: bool, changes: dict[str, Any]) -> Stored:
    plan = plan_study(folder / _STUDY, **changes)
    results = folder / _RESULTS
    stored = read_manifest(results) if results.exists() else None
    if stored is not None and stored["identity"] != identity_of(plan):
        shutil.rmtree(results)
        stored = None
    before = 0 if stored is None else int((open_study(results).runs["status"] == "ok").sum())
    study = run_study(plan, results, workers=workers, progress=progress, label=folder.name)
    runs = int((study.runs["status"] == "ok").sum())
    return Stored(folder.name, runs > before, runs)
