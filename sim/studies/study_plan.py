"""What a study will run, checked completely before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sim.engine.dates import days_after
from sim.errors import InputError, nearest_name
from sim.levers.mechanisms import load_mechanism
from sim.levers.own import own_packages
from sim.measures.definitions import MEASURES
from sim.parameters import Parameters
from sim.streams import check_seed
from sim.studies.checks import number_between, whole_number
from sim.studies.design import Dimension, draw_samples
from sim.studies.plan import check_span, load_arms
from sim.studies.study_dimensions import (
    mapping,
    named_uncertain,
    names,
    read_design,
    read_factors,
    read_uncertain,
)
from sim.studies.study_file import STUDY_DEFAULTS, StudyFile, load_study_file
from sim.studies.study_model import DOSED, BorderRuns, StudyModel
from sim.studies.study_points import Point, expand_points
from sim.world.region import Region, load_region

__all__ = ["StudyPlan", "plan_study"]

_MOST_REPLICATIONS: Final = 10_000
# Each run is remembered while a study runs: these are some two gigabytes.
_MOST_RUNS: Final = 10_000_000
_RATIO: Final = "days_per_extra_settled"


@dataclass(frozen=True, eq=False)
class StudyPlan:
    """A study that can be run as it stands.

    Attributes
    ----------
    key : str
        Name of the study.
    name, question : dict of str to str
        Texts by language.
    model : StudyModel
        What is run.
    arms : tuple of str
        Packages as they are, the baseline first; may be empty where there are factors.
    dimensions : tuple of Dimension
        What the design varies.
    points : tuple of Point
        What is run in every replication.
    design : pandas.DataFrame
        Which point answers each sample.
    settings : dict
        Everything asked for, as plain data.
    replications : int
        Runs of every point; the first batch where ``precision`` is set.
    precision : float or None
        Widest accepted half-width of a paired 95 % interval, relative to the baseline's mean.
    precision_columns : tuple of str
        The ``scope.measure.tier`` whose intervals count; empty for all.
    maximum_replications : int
        Where ``precision`` gives up.
    seed : int
        Seed of the study.
    """

    key: str
    name: dict[str, str]
    question: dict[str, str]
    model: StudyModel
    arms: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    points: tuple[Point, ...]
    design: pd.DataFrame
    settings: dict[str, Any]
    replications: int
    precision: float | None
    precision_columns: tuple[str, ...]
    maximum_replications: int
    seed: int

    def numbered(self, points: tuple[Point, ...], design: pd.DataFrame) -> StudyPlan:
        """Return the plan with its points numbered otherwise."""
        return replace(self, points=points, design=design)

    def with_model(self, model: StudyModel) -> StudyPlan:
        """Return the plan with another model that takes the same arms and dimensions."""
        return replace(self, model=model)


def plan_study(
    study: str | Path | StudyFile | Mapping[str, Any],
    *,
    model: StudyModel | None = None,
    **changes: Any,
) -> StudyPlan:
    """Check everything that a study asks for, and expand it into points.

    Parameters
    ----------
    study : str, Path, StudyFile or mapping
        Name or file of a study, or its settings.
    model : StudyModel, optional
        Another model than the border's; arms and factors are then names, and every uncertain parameter
        states its range.
    **changes : object
        Settings that differ from the file's.

    Returns
    -------
    StudyPlan
        The checked plan.

    Raises
    ------
    InputError
        For the first thing that is not usable.

    Examples
    --------
    >>> plan = plan_study({"arms": ["none", "paper"], "uncertain": {"belief_weight": None},
    ...                    "design": {"kind": "latin_hypercube", "samples": 4}})
    >>> len(plan.points), plan.points[1].arm, plan.points[1].baseline
    (8, 'paper', 0)
    """
    file = _file(study)
    given = {**STUDY_DEFAULTS, **file.settings, **changes}
    for key in given:
        if key not in STUDY_DEFAULTS:
            raise InputError("key", key, tuple(STUDY_DEFAULTS), nearest_name(key, STUDY_DEFAULTS))
    seed = check_seed(given["seed"])
    replications = whole_number("replications", given["replications"], 1, _MOST_REPLICATIONS)
    most = whole_number("maximum_replications", given["maximum_replications"], 1, _MOST_REPLICATIONS)
    precision = given["precision"]
    if precision is not None:
        precision = number_between("precision", precision, 0.0, 10.0, above=True)
        if replications < 2 or most < replications:
            allowed = {
                "zh": "replications 不小于 2、不大于 maximum_replications",
                "en": "replications from 2 to maximum_replications",
            }
            raise InputError("replications", replications, allowed)
    factors = read_factors(given["factors"])
    uncertain = read_uncertain(given["uncertain"], any_name=model is not None)
    dimensions = (*factors, *uncertain)
    _check_names(dimensions)
    kind, options = read_design(given["design"], dimensions)
    regions = names("region", given["region"])
    columns: tuple[str, ...] = ()
    if model is None:
        runs = _border_runs(given, regions)
        model, regions, arms = runs, list(runs.regions), tuple(runs.packages)
        columns = tuple(
            f"border.{name}.all"
            for name, row in MEASURES.items()
            if row.headline and name in runs.measures and "all" in row.tiers
        )
    else:
        regions = [str(region) for region in regions]
        arms = tuple(str(arm) for arm in given["arms"] or ())
    if not arms and (not factors or precision is not None):
        raise InputError("arms", given["arms"], {"zh": "至少一个方案", "en": "one package at least"})
    samples = draw_samples(kind, options, dimensions, seed)
    points, design = expand_points(model, regions, arms, dimensions, samples)
    if len(points) * replications > _MOST_RUNS:
        allowed = {"zh": f"至多 {_MOST_RUNS:,}", "en": f"at most {_MOST_RUNS:,}"}
        raise InputError("runs", f"{len(points):,} × {replications:,}", allowed)
    return StudyPlan(
        key=file.key,
        name=file.name,
        question=file.question,
        model=model,
        arms=arms,
        dimensions=dimensions,
        points=points,
        design=design,
        settings={
            **{key: given[key] for key in ("years", "burn_in", "replications", "maximum_replications")},
            "precision": precision,
            "seed": seed,
            "regions": regions,
            "arms": list(arms),
            "design": {"kind": kind, **options},
        },
        replications=replications,
        precision=precision,
        precision_columns=columns,
        maximum_replications=most,
        seed=seed,
    )


def _check_names(dimensions: Sequence[Dimension]) -> None:
    """Refuse names that differ in nothing but capitals: columns of a query would be one."""
    seen: set[str] = set()
    for item in dimensions:
        if item.name.casefold() in seen:
            each = {
                "zh": "因素与不确定参数的名称互不相同",
                "en": "a name of its own for each factor and parameter",
            }
            raise InputError("factors", item.name, each)
        seen.add(item.name.casefold())


def _file(study: object) -> StudyFile:
    if isinstance(study, StudyFile):
        return study
    if isinstance(study, (str, Path)):
        return load_study_file(study)
    if isinstance(study, Mapping):
        nothing = {"zh": "未命名", "en": "unnamed"}
        return StudyFile("unnamed", nothing, nothing, dict(study))
    raise InputError(
        "study", study, {"zh": "研究的名称、文件或设置", "en": "the name, file or settings of a study"}
    )


def _border_runs(given: Mapping[str, Any], regions: Sequence[Any]) -> BorderRuns:
    years, burn_in = check_span(given["years"], given["burn_in"])
    loaded = [item if isinstance(item, Region) else load_region(item) for item in regions]
    named = {region.name: region for region in loaded}
    if len(named) < len(loaded):
        raise InputError(
            "region", [item.name for item in loaded], {"zh": "每个地区只出现一次", "en": "each region once"}
        )
    has_factors = bool(given["factors"])
    # With factors the points differ by doses; without them there is nothing but arms to compare.
    # A package that one border brings along has no meaning on another.
    own = own_packages(loaded[0]) if len(loaded) == 1 else {}
    arms = load_arms(given["arms"], own, least=1) if given["arms"] or not has_factors else ()
    if any(arm.key == DOSED for arm in arms):
        raise InputError("arms", DOSED, {"zh": "其他名称", "en": "another name"})
    factors = {
        name: tuple(load_mechanism(item) for item in _mechanisms(name, entry))
        for name, entry in mapping("factors", given["factors"]).items()
    }
    moved: set[str] = set()
    for name, mechanisms in factors.items():
        for mechanism in mechanisms:
            if mechanism.key in moved:
                # The dose of the second would replace that of the first.
                once = {"zh": "每个机制只属于一个因素", "en": "each mechanism in one factor, once"}
                raise InputError(f"factors.{name}.mechanisms", mechanism.key, once)
            moved.add(mechanism.key)
    fixed = Parameters(mapping("parameters", given["parameters"]))
    for name in named_uncertain(given["uncertain"]):
        if name in fixed.changes():
            once = {
                "zh": "只在 parameters 与 uncertain 之一出现",
                "en": "either in parameters or in uncertain",
            }
            raise InputError("uncertain", name, once)
    burn_in_days = days_after(0, burn_in)
    return BorderRuns(
        regions=named,
        packages={package.key: package for package in arms},
        package=load_arms([given["package"]], own, least=1, field="package")[0],
        factors=factors,
        parameters=fixed.changes(),
        burn_in_days=burn_in_days,
        days=days_after(burn_in_days, years),
        measures=_measures(given["measures"]),
    )


def _mechanisms(name: str, entry: object) -> list[Any]:
    listed = entry.get("mechanisms", name) if isinstance(entry, Mapping) else name
    return names(f"factors.{name}.mechanisms", listed)


def _measures(given: object) -> frozenset[str]:
    # The ratio of costs to cases is one of two arms and not of a run.
    every = [name for name in MEASURES if name != _RATIO]
    if given == "all":
        return frozenset(every)
    if given == "headline":
        return frozenset(name for name in every if MEASURES[name].headline)
    chosen = [str(name) for name in names("measures", given)]
    for name in chosen:
        if name not in every:
            raise InputError("measures", name, every)
    return frozenset(chosen)
