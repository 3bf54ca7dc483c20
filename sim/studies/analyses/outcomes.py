"""What an analysis looks at, and the numbers of a study in the form that analyses need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.errors import InputError
from sim.measures.definitions import MEASURES
from sim.studies.effects import CONFIDENCE
from sim.studies.store.reader import Study

__all__ = [
    "Kind",
    "Outcome",
    "baseline_of",
    "coordinates",
    "crossed_interval",
    "generator_of",
    "mean_interval",
    "outcome_of",
    "region_of",
    "sample_values",
    "share_interval",
]

Kind = Literal["effect", "level"]


@dataclass(frozen=True)
class Outcome:
    """One measure of a study.

    Attributes
    ----------
    measure : str
        Its name.
    scope : {"border", "interior"}
        Where.
    tier : str
        Which tier.

    Examples
    --------
    >>> outcome_of("settled_90_days")
    Outcome(measure='settled_90_days', scope='border', tier='all')
    >>> outcome_of("interior.waiting_days.all").better
    -1
    """

    measure: str
    scope: str = "border"
    tier: str = "all"

    @property
    def key(self) -> str:
        """Its column in the store."""
        return f"{self.scope}.{self.measure}.{self.tier}"

    @property
    def unit(self) -> str:
        """Its unit; empty where the table of measures does not have it."""
        return MEASURES[self.measure].unit if self.measure in MEASURES else ""

    @property
    def better(self) -> int:
        """1 where more is better, -1 where less is, 0 where neither is; 1 for an unknown measure."""
        return MEASURES[self.measure].better if self.measure in MEASURES else 1


def outcome_of(given: str | Outcome) -> Outcome:
    """Accept the name of a measure, or its column ``scope.measure.tier``.

    Parameters
    ----------
    given : str or Outcome
        Which.

    Returns
    -------
    Outcome
        The measure across the border at all tiers, unless the column says otherwise.

    Raises
    ------
    InputError
        For anything else; whether a study has it is seen when it is read.
    """
    if isinstance(given, Outcome):
        return given
    parts = str(given).split(".")
    if len(parts) == 1 and parts[0]:
        return Outcome(parts[0])
    if len(parts) == 3:
        return Outcome(parts[1], parts[0], parts[2])
    allowed = {"zh": "指标名称，或“范围.指标.层级”", "en": "a measure, or scope.measure.tier"}
    raise InputError("outcome", given, allowed)


def region_of(study: Study, region: str | None) -> str:
    """Choose the border of an analysis: the only one, or the one that is named.

    Parameters
    ----------
    study : Study
        The study.
    region : str or None
        Its name.

    Returns
    -------
    str
        The name.

    Raises
    ------
    InputError
        If the study has several and none of them is named.
    """
    known = [str(name) for name in study.points["region"].unique()]
    if region is None and len(known) == 1:
        return known[0]
    if region not in known:
        raise InputError("region", region, known)
    return region


def baseline_of(study: Study) -> str:
    """Give the arm that effects compare with.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    str
        Its first arm.

    Raises
    ------
    InputError
        If it has no arms.
    """
    arms = [str(arm) for arm in study.manifest["arms"]]
    if not arms:
        allowed = {"zh": "有基准方案（arms）的研究", "en": "a study with a baseline (arms)"}
        raise InputError("study", str(study.manifest["study"]), allowed)
    return arms[0]


def sample_values(
    study: Study, outcome: Outcome, *, arm: str, kind: Kind = "effect", region: str | None = None
) -> NDArray[np.float64]:
    """Lay one measure out by sample and replication.

    Parameters
    ----------
    study : Study
        The study.
    outcome : Outcome
        What to read.
    arm : str
        Which package, or ``dosed``.
    kind : {"effect", "level"}
        The paired difference to the baseline, or the value itself.
    region : str, optional
        Name of the border.

    Returns
    -------
    ndarray of float64
        [samples, replications] in the order of the design; NaN where a run is missing or has no value.

    Raises
    ------
    InputError
        For an arm or measure that the study does not have.
    """
    design = study.design
    chosen = design[design["region"] == region_of(study, region)]
    known = [str(name) for name in chosen["arm"].unique()]
    if arm not in known:
        raise InputError("arm", arm, known)
    if kind not in ("effect", "level"):
        raise InputError("kind", kind, ("effect", "level"))
    values = study.values(outcome.measure, outcome.scope, outcome.tier)
    rows = chosen[chosen["arm"] == arm].sort_values("sample", kind="stable")
    found = values.reindex(rows["point"]).to_numpy(np.float64)
    if kind == "effect":
        base = chosen[chosen["arm"] == baseline_of(study)].sort_values("sample", kind="stable")
        found = found - values.reindex(base["point"]).to_numpy(np.float64)
    return np.asarray(found, np.float64)


def coordinates(study: Study, *, arm: str, region: str | None = None) -> NDArray[np.float64]:
    """Give the samples of a design in the unit cube.

    Parameters
    ----------
    study : Study
        The study.
    arm : str
        Any of its arms; all have the same samples.
    region : str, optional
        Name of the border.

    Returns
    -------
    ndarray of float64
        [samples, dimensions], in the order of `sample_values` and of ``study.dimensions``.
    """
    design = study.design
    chosen = design[(design["region"] == region_of(study, region)) & (design["arm"] == arm)]
    names = [f"unit_{name}" for name in study.dimensions["dimension"]]
    return np.asarray(chosen.sort_values("sample", kind="stable")[names].to_numpy(np.float64))


def mean_interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Give the mean of a sample with its 95 % interval by Student's t.

    Parameters
    ----------
    values : ndarray of float64
        The sample; NaN are left out.

    Returns
    -------
    mean, low, high : float
        The ends are NaN with fewer than two values.

    Examples
    --------
    >>> mean, low, high = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> mean, round(high - mean, 2)
    (2.0, 2.48)
    """
    known = values[~np.isnan(values)]
    if known.size == 0:
        return math.nan, math.nan, math.nan
    mean = float(known.mean())
    if known.size < 2:
        return mean, math.nan, math.nan
    half = float(
        stats.t.ppf((1 + CONFIDENCE) / 2, known.size - 1) * known.std(ddof=1) / math.sqrt(known.size)
    )
    return mean, mean - half, mean + half


def crossed_interval(sample: NDArray[np.float64]) -> tuple[float, float, float]:
    """Give the mean of a crossed sample with its 95 % interval: rows are drawn, and so are replications.

    Parameters
    ----------
    sample : ndarray of float64, shape (drawn, replications)
        Such as orders or parameter sets by replications, each drawn set with the same replications.

    Returns
    -------
    mean, low, high : float
        The ends are NaN with a single row.

    Examples
    --------
    >>> mean, low, high = crossed_interval(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]]))
    >>> mean, low < 1.5 < 3.5 < high
    (2.5, True)
    """
    drawn, replications = sample.shape
    mean = float(sample.mean())
    if drawn == 1:
        return mean, math.nan, math.nan
    of_orders = float(sample.mean(axis=1).var(ddof=1)) / drawn
    if replications == 1:
        variance, freedom = of_orders, drawn - 1.0
    else:
        of_replications = float(sample.mean(axis=0).var(ddof=1)) / replications
        left = sample - sample.mean(axis=1, keepdims=True) - sample.mean(axis=0, keepdims=True) + mean
        # Both terms above contain the part of each single cell once.
        cell = float((left**2).sum()) / ((drawn - 1) * (replications - 1)) / (drawn * replications)
        variance = max(of_orders + of_replications - cell, of_orders, of_replications)
        spread = of_orders**2 / (drawn - 1) + of_replications**2 / (replications - 1)
        freedom = variance**2 / spread if spread > 0 else math.inf
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, max(freedom, 1.0))) * math.sqrt(variance)
    return mean, mean - half, mean + half


def share_interval(count: float, total: int) -> tuple[float, float, float]:
    """Give a share with its 95 % interval by Wilson's formula.

    Parameters
    ----------
    count : float
        How many.
    total : int
        Of how many.

    Returns
    -------
    share, low, high : float
        NaN of nothing.

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(10, 10)]
    [1.0, 0.722, 1.0]

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. J. Am. Stat.
    Assoc. 22, 209–212.
    """
    if total == 0:
        return math.nan, math.nan, math.nan
    quantile = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    share = count / total
    scale = 1 + quantile**2 / total
    middle = (share + quantile**2 / (2 * total)) / scale
    half = quantile / scale * math.sqrt(share * (1 - share) / total + quantile**2 / (4 * total**2))
    return share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def generator_of(seed: int) -> np.random.Generator:
    """Make the generator of an analysis that resamples; it never touches a run.

    Parameters
    ----------
    seed : int
        The same seed gives the same intervals.

    Returns
    -------
    numpy.random.Generator
        A Philox generator.
    """
    return np.random.Generator(np.random.Philox(seed))


def complete_replications(values: Sequence[NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Tell which replications have every value.

    Parameters
    ----------
    values : sequence of ndarray of float64
        Tables with replications as columns.

    Returns
    -------
    ndarray of bool
        One for each replication.
    """
    every: Any = np.vstack(values)
    return np.asarray(~np.isnan(every).any(axis=0), np.bool_)
