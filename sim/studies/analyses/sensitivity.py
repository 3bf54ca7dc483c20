"""Which dimensions of a study move an outcome, or the effect of a package, and how surely.

The methods are SALib's; what is added is that runs are random. All samples share the replications, so an
index is that of the mean over replications, and its error has two parts: the samples that were drawn
(SALib's bootstrap) and the replications that were drawn (resampled here). Both are added as variances.

A mean of sizes or of squares is above zero also for a dimension that does nothing but stir the luck of runs,
so no interval of theirs can tell whether a dimension matters. That is asked of the differences themselves,
which are zero on average for a dimension that does nothing.

References
----------
Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. J. R. Stat. Soc. B 57(1),
289–300, for what is called clear among many dimensions.
Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. Technometrics 33,
161–174.
Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Comput. Phys. Commun. 181,
259–270.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim.errors import InputError
from sim.studies.analyses.outcomes import (
    Kind,
    Outcome,
    complete_replications,
    coordinates,
    generator_of,
    outcome_of,
    region_of,
    sample_values,
)
from sim.studies.effects import CONFIDENCE
from sim.studies.extras import extra_module
from sim.studies.false_discovery import FALSE_DISCOVERY_RATE, false_discovery_values
from sim.studies.store.reader import Study

__all__ = ["Sensitivity", "doing_anything", "elementary_effects", "screen_by_morris", "sobol_indices"]

_DRAWS: Final = 100
_REPLICATION_DRAWS: Final = 30
_ROUNDING: Final = 1e-9
_QUANTILE: Final = float(stats.norm.ppf((1 + CONFIDENCE) / 2))


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How much each dimension matters.

    Attributes
    ----------
    method : {"morris", "sobol"}
        How it was found.
    outcome : Outcome
        Of what.
    kind : {"effect", "level"}
        Of the paired difference to the baseline, or of the value itself.
    arm, region : str
        Of which package, where.
    table : pandas.DataFrame
        dimension, then for ``morris`` mu_star, mu, sigma – in units of the measure over the whole range –
        and for ``sobol`` first and total – shares of the variance –, each of mu_star, first and total with
        low and high (95 %); what chance alone adds to mu_star or total (chance); the q-value of the
        dimension's doing anything at all, and whether it clearly does (is_clear); the most important first.
        With a single replication chance cannot be told from what a dimension does: q_value is NaN.
    pairs : pandas.DataFrame
        Sobol of second order only: dimension_a, dimension_b, second, low, high.
    replications : int
        Complete replications.
    """

    method: str
    outcome: Outcome
    kind: Kind
    arm: str
    region: str
    table: pd.DataFrame
    pairs: pd.DataFrame
    replications: int


def screen_by_morris(
    study: Study,
    outcome: str | Outcome,
    *,
    arm: str,
    kind: Kind = "effect",
    region: str | None = None,
) -> Sensitivity:
    """Rank dimensions by Morris' elementary effects.

    Parameters
    ----------
    study : Study
        A study of design ``morris``.
    outcome : str or Outcome
        Which measure.
    arm : str
        Which package, or ``dosed``.
    kind : {"effect", "level"}
        The paired difference to the baseline, or the value itself.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    Sensitivity
        mu_star with its interval, mu and sigma.

    Raises
    ------
    InputError
        For a study of another design, one that is not finished, or without SALib.
    """
    options = _design(study, "morris")
    method = extra_module("SALib.analyze.morris", "sensitivity")
    units = coordinates(study, arm=arm, region=region)
    problem = _problem(study)

    def analyse(values: NDArray[np.float64], draws: int) -> dict[str, Any]:
        found = method.analyze(
            problem, units, values, num_resamples=draws, num_levels=options["levels"], seed=0
        )
        return {key: np.asarray(found[key], np.float64) for key in ("mu_star", "mu", "sigma", "mu_star_conf")}

    def differences(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return elementary_effects(units, values)

    return _study_sensitivity(study, "morris", outcome, arm, kind, region, analyse, ("mu_star",), differences)


def sobol_indices(
    study: Study,
    outcome: str | Outcome,
    *,
    arm: str,
    kind: Kind = "effect",
    region: str | None = None,
) -> Sensitivity:
    """Divide the variance of an outcome among dimensions by Sobol's indices.

    Parameters
    ----------
    study : Study
        A study of design ``sobol``.
    outcome : str or Outcome
        Which measure.
    arm : str
        Which package, or ``dosed``.
    kind : {"effect", "level"}
        The paired difference to the baseline, or the value itself.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    Sensitivity
        First and total indices with their intervals; indices of pairs where the design has them.

    Raises
    ------
    InputError
        For a study of another design, one that is not finished, or without SALib.
    """
    second = bool(_design(study, "sobol")["second_order"])
    method = extra_module("SALib.analyze.sobol", "sensitivity")
    problem = _problem(study)
    keys = ("S1", "ST", "S1_conf", "ST_conf", *(("S2", "S2_conf") if second else ()))

    def analyse(values: NDArray[np.float64], draws: int) -> dict[str, Any]:
        found = method.analyze(problem, values, calc_second_order=second, num_resamples=draws, seed=0)
        named = {key: np.asarray(found[key], np.float64) for key in keys}
        return {
            {"S1": "first", "ST": "total", "S2": "second"}[key.removesuffix("_conf")]
            + ("_conf" if key.endswith("_conf") else ""): value
            for key, value in named.items()
        }

    def differences(values: NDArray[np.float64]) -> NDArray[np.float64]:
        count = len(problem["names"])
        # Each base sample comes first, then one for each dimension that is taken from its partner.
        blocks = values.reshape(-1, (2 if second else 1) * count + 2, values.shape[1])
        return np.asarray(blocks[:, 1 : count + 1] - blocks[:, :1], np.float64)

    indices = ("total", "first", *(("second",) if second else ()))
    return _study_sensitivity(study, "sobol", outcome, arm, kind, region, analyse, indices, differences)


def elementary_effects(units: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what each step of Morris' trajectories changed, over the whole range of its dimension.

    Parameters
    ----------
    units : ndarray of float64, shape (trajectories * (dimensions + 1), dimensions)
        The samples, each dimension from 0 to 1; from one to the next a single dimension changes.
    values : ndarray of float64, shape (samples, replications)
        The outcome.

    Returns
    -------
    ndarray of float64, shape (trajectories, dimensions, replications)
        The elementary effects.

    Examples
    --------
    >>> units = np.array([[0.0, 0.5], [0.0, 1.0], [0.5, 1.0]])
    >>> elementary_effects(units, np.array([[1.0], [2.0], [5.0]]))[:, :, 0].tolist()
    [[6.0, 2.0]]
    """
    count = units.shape[1]
    steps = np.diff(units.reshape(-1, count + 1, count), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    sizes = np.take_along_axis(steps, moved[:, :, None], axis=2)
    changes = np.diff(values.reshape(-1, count + 1, values.shape[1]), axis=1) / sizes
    return np.take_along_axis(changes, moved.argsort(axis=1)[:, :, None], axis=1)


def doing_anything(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the p-value of each dimension's doing anything to the outcome that is expected.

    An analysis of variance with two crossed random factors: what a dimension does is a mean, a deviation of
    the sample, one of the replication, which all samples share, and chance. A dimension that does nothing
    has no mean (t, against the replications) and no deviations of samples (F, against chance). The smaller
    of the two p-values counts, doubled, as there are two.

    Parameters
    ----------
    differences : ndarray of float64, shape (samples, dimensions, replications)
        Differences of the outcome between two points that differ in the dimension only.

    Returns
    -------
    ndarray of float64, shape (dimensions,)
        From 0 to 1; NaN with a single replication or sample, which cannot tell a dimension from chance.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=(10, 2, 6))
    >>> found = doing_anything(noise + np.array([0.0, 2.0])[:, None])
    >>> bool(found[0] > 0.05), bool(found[1] < 1e-3)
    (True, True)
    """
    samples, dimensions, count = differences.shape
    if count < 2 or samples < 2:
        return np.full(dimensions, math.nan)
    of_samples, of_replications = differences.mean(axis=2), differences.mean(axis=0)
    mean = of_replications.mean(axis=1)
    left = differences - of_samples[:, :, None] - of_replications[None] + mean[None, :, None]
    freedom = (samples - 1) * (count - 1)
    chance = (left**2).sum(axis=(0, 2)) / freedom
    between = count * of_samples.var(axis=0, ddof=1)
    error = of_replications.std(axis=1, ddof=1) / math.sqrt(count)
    # What is left by rounding where replications are equal is no chance.
    scale = np.abs(differences).max(axis=(0, 2))
    chance = np.where(np.sqrt(chance) <= _ROUNDING * scale, 0.0, chance)
    error = np.where(error <= _ROUNDING * scale, 0.0, error)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_mean = 2.0 * stats.t.sf(np.abs(mean) / error, count - 1)
        of_deviations = stats.f.sf(between / chance, samples - 1, freedom)
    is_none = np.abs(mean) <= _ROUNDING * scale
    of_mean = np.where(error == 0.0, np.where(is_none, 1.0, 0.0), of_mean)
    is_even = np.sqrt(between) <= _ROUNDING * scale
    of_deviations = np.where(chance == 0.0, np.where(is_even, 1.0, 0.0), of_deviations)
    return np.asarray(np.minimum(1.0, 2.0 * np.minimum(of_mean, of_deviations)), np.float64)


def _chance(method: str, differences: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what chance alone would make of mu_star or of the total index; NaN with one replication."""
    if differences.shape[2] < 2:
        return np.full(differences.shape[1], math.nan)
    noise = differences.var(axis=2, ddof=1) / differences.shape[2]
    if method == "morris":
        # The mean size of a normal number is this share of its standard deviation.
        return np.asarray(math.sqrt(2.0 / math.pi) * np.sqrt(noise).mean(axis=0), np.float64)
    return np.asarray(noise.mean(axis=0) / (2.0 * mean.var()), np.float64)


def _study_sensitivity(
    study: Study,
    method: str,
    outcome: str | Outcome,
    arm: str,
    kind: Kind,
    region: str | None,
    analyse: Callable[[NDArray[np.float64], int], dict[str, Any]],
    indices: tuple[str, ...],
    differences: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> Sensitivity:
    outcome = outcome_of(outcome)
    values = sample_values(study, outcome, arm=arm, kind=kind, region=region)
    values = values[:, complete_replications([values])]
    count = values.shape[1]
    if not count:
        allowed = {"zh": "每个样本都已运行且有取值", "en": "a value for every sample; is the study finished?"}
        raise InputError("outcome", outcome.key, allowed)
    names = list(study.dimensions["dimension"])
    mean = values.mean(axis=1)
    if float(np.ptp(mean)) == 0.0:
        # Nothing moves it: every index is zero, and its share of no variance is not defined.
        found = {name: np.zeros(len(names)) for name in ("mu_star", "mu", "sigma", "mu_star_conf")}
        found |= {
            name: np.full(len(names), math.nan) for name in ("first", "total", "first_conf", "total_conf")
        }
        found |= {name: np.full((len(names), len(names)), math.nan) for name in ("second", "second_conf")}
        errors = {name: np.zeros_like(found[name]) for name in indices}
    else:
        found = analyse(mean, _DRAWS)
        errors = _errors_of_replications(values, analyse, indices)
    table = pd.DataFrame({"dimension": names})
    moved = differences(values)
    table["q_value"] = false_discovery_values(doing_anything(moved))
    table["is_clear"] = table["q_value"] <= FALSE_DISCOVERY_RATE
    table["chance"] = _chance(method, moved, mean) if float(np.ptp(mean)) > 0.0 else 0.0
    for index in indices:
        if index != "second":
            half = np.hypot(found[f"{index}_conf"], _QUANTILE * errors[index])
            table[index], table[f"{index}_low"] = found[index], found[index] - half
            table[f"{index}_high"] = found[index] + half
    for name in ("mu", "sigma"):
        if name in found and method == "morris":
            table[name] = found[name]
    pairs = pd.DataFrame(columns=["dimension_a", "dimension_b", "second", "low", "high"])
    if "second" in indices:
        half = np.hypot(found["second_conf"], _QUANTILE * errors["second"])
        rows = [
            (
                names[a],
                names[b],
                found["second"][a, b],
                *(found["second"][a, b] + half[a, b] * np.array((-1, 1))),
            )
            for a in range(len(names))
            for b in range(a + 1, len(names))
        ]
        pairs = pd.DataFrame(rows, columns=pairs.columns)
    table = table.sort_values(indices[0], ascending=False, kind="stable").reset_index(drop=True)
    return Sensitivity(method, outcome, kind, arm, region_of(study, region), table, pairs, count)


def _errors_of_replications(
    values: NDArray[np.float64],
    analyse: Callable[[NDArray[np.float64], int], dict[str, Any]],
    indices: tuple[str, ...],
) -> dict[str, NDArray[np.float64]]:
    count = values.shape[1]
    if count < 2:
        return {name: np.zeros(1) for name in indices}
    drawn = generator_of(0).integers(0, count, (_REPLICATION_DRAWS, count))
    found = [analyse(values[:, chosen].mean(axis=1), 2) for chosen in drawn]
    # A resample of n varies by the share (n - 1) / n less than a sample.
    wider = math.sqrt(count / (count - 1))
    return {name: wider * np.std([item[name] for item in found], axis=0, ddof=1) for name in indices}


def _design(study: Study, kind: str) -> dict[str, Any]:
    options: dict[str, Any] = study.manifest["settings"]["design"]
    if options["kind"] != kind:
        raise InputError("design", options["kind"], (kind,))
    return options


def _problem(study: Study) -> dict[str, Any]:
    names = list(study.dimensions["dimension"])
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
