"""History matching: which regions of the parameter space can be ruled out by the patterns, and which remain.

Runs at the samples of a study teach an emulator for each pattern – a polynomial of second degree whose
penalty and scale (plain, logarithm, logit) are chosen by leaving out one sample after the other. A point of
the space is implausible for a pattern if the emulated value lies outside its limits by more than three
standard deviations of emulator and replications together, and it is ruled out if any pattern rules it out.
Ruling out is what this does: what remains is not all good, it only cannot be excluded with what is known.

References
----------
Craig, P. S. et al. (1997). Pressure matching for hydrocarbon reservoirs. Case Studies in Bayesian Statistics
III, 37–93.
Andrianakis, I. et al. (2015). Bayesian history matching of complex infectious disease models. PLoS Comput.
Biol. 11, e1003968.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.stats import qmc

from sim.errors import InputError
from sim.studies.analyses.outcomes import region_of
from sim.studies.analyses.patterns import Pattern, judge_patterns, pattern_values
from sim.studies.effects import CONFIDENCE
from sim.studies.store.reader import Study

__all__ = [
    "CUTOFF",
    "Emulator",
    "HistoryMatch",
    "fit_emulator",
    "match_history",
    "next_samples",
    "remaining_sets",
]

CUTOFF: Final = 3.0
"""Implausibility beyond which a point is ruled out: three standard deviations (Pukelsheim's rule)."""

_POINTS: Final = 8_192
_BINS: Final = 20
_PENALTIES: Final = np.logspace(-6, 2, 25)
_LEAST: Final = 10
_FOLDS: Final = 10
# Tenths that are left out in turn leave nine degrees of freedom.
_QUANTILE: Final = float(stats.t.ppf((1 + CONFIDENCE) / 2, _FOLDS - 1))


@dataclass(frozen=True, eq=False)
class Emulator:
    """A quick stand-in for the model's answer to one pattern.

    Attributes
    ----------
    weights : ndarray of float64
        Of the terms of the polynomial.
    error : float
        Standard deviation of its error, found by leaving out one sample after the other; it contains the
        chance of replications.
    explained : float
        Share of the variance between samples that it foretells for samples left out; at most 1.
    covered : float
        Share of samples left out that lie within two standard deviations.
    scale : {"plain", "log", "logit"}
        Scale of its values and its error.
    """

    weights: NDArray[np.float64]
    error: float
    explained: float
    covered: float
    scale: str = "plain"

    def value(self, units: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the emulated values, on their scale, at points of the unit cube, [points, dimensions]."""
        return np.asarray(_terms(units) @ self.weights)


@dataclass(frozen=True, eq=False)
class HistoryMatch:
    """What the patterns leave of the parameter space.

    Attributes
    ----------
    region : str
        Where.
    patterns : tuple of Pattern
        What was matched.
    remaining, remaining_low, remaining_high : float
        Share of the space that is not ruled out; the 95 % interval is a jackknife over the
        samples of the study.
    table : pandas.DataFrame
        A row for each pattern: pattern, low, high (its limits), ruled_out (share of the space that it alone
        rules out), error, explained and covered (of the emulator), default_value, default_implausibility.
    profile : pandas.DataFrame
        dimension, value (middle of a bin), remaining (share of the bin that is not ruled out), low, high
        (95 %, as above).
    default_inside : bool
        Whether the default set is not ruled out.
    emulators : dict of str to Emulator
        By pattern.
    samples, fitting : int
        Samples of the study, and those whose own means satisfy every pattern.
    replications : int
        Fewest replications behind a sample's mean.
    """

    region: str
    patterns: tuple[Pattern, ...]
    remaining: float
    remaining_low: float
    remaining_high: float
    table: pd.DataFrame
    profile: pd.DataFrame
    default_inside: bool
    emulators: dict[str, Emulator]
    samples: int
    fitting: int
    replications: int

    def implausibility(self, units: NDArray[np.float64], dimensions: pd.DataFrame) -> NDArray[np.float64]:
        """Give the largest implausibility of any pattern at points of the unit cube.

        Parameters
        ----------
        units : ndarray of float64
            [points, dimensions].
        dimensions : pandas.DataFrame
            Of the study.

        Returns
        -------
        ndarray of float64
            0 where every emulated value lies within its limits.
        """
        return np.asarray(_implausibility(self.patterns, self.emulators, units, dimensions).max(axis=0))


def match_history(study: Study, patterns: Sequence[Pattern], *, region: str | None = None) -> HistoryMatch:
    """Rule out what does not fit the patterns.

    Parameters
    ----------
    study : Study
        A study over parameter sets, at best a Latin hypercube.
    patterns : sequence of Pattern
        The patterns; none but those that may be calibrated on.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    HistoryMatch
        What remains.

    Raises
    ------
    InputError
        If the study has too few samples for an emulator, or did not keep what a pattern needs.
    """
    region = region_of(study, region)
    dimensions = study.dimensions
    points = study.points[study.points["region"] == region]
    base = points[points["point"] == points["baseline_point"]].sort_values("parameter_set")
    units = _units(base, dimensions)
    if len(units) < _LEAST + len(dimensions):
        allowed = {
            "zh": f"至少 {_LEAST + len(dimensions)} 组参数",
            "en": f"at least {_LEAST + len(dimensions)} parameter sets",
        }
        raise InputError("sets", len(units), allowed)
    targets = {
        pattern.key: pattern_values(study, pattern, region=region).reindex(base["parameter_set"])
        for pattern in patterns
        if not pattern.parameter
    }
    means = {key: values.mean(axis=1).to_numpy(np.float64) for key, values in targets.items()}
    emulators = {key: _best_scale(units, value) for key, value in means.items()}
    space = qmc.Sobol(len(dimensions), rng=np.random.Generator(np.random.Philox(0))).random(_POINTS)
    found = _implausibility(patterns, emulators, space, dimensions)
    stays = np.asarray((found <= CUTOFF).all(axis=0), np.bool_)
    default = np.array(
        [
            [
                (row["default"] - row["low"]) / (row["high"] - row["low"])
                for row in dimensions.to_dict("records")
            ]
        ]
    )
    at_default = _implausibility(patterns, emulators, default, dimensions)[:, 0]
    left_out = _left_out(patterns, units, means, space, dimensions)
    rows = []
    for number, pattern in enumerate(patterns):
        emulator = emulators.get(pattern.key)
        value = (
            _default_of(pattern, dimensions)
            if emulator is None
            else _INVERSES[emulator.scale](float(emulator.value(default)[0]))
        )
        rows.append(
            {
                "pattern": pattern.key,
                "low": pattern.low,
                "high": pattern.high,
                "ruled_out": float((found[number] > CUTOFF).mean()),
                "error": math.nan if emulator is None else emulator.error,
                "explained": math.nan if emulator is None else emulator.explained,
                "covered": math.nan if emulator is None else emulator.covered,
                "default_value": value,
                "default_implausibility": float(at_default[number]),
            }
        )
    fits = judge_patterns(study, patterns, region=region).groupby("parameter_set")["fits"].all()
    return HistoryMatch(
        region,
        tuple(patterns),
        *_share_interval(stays, left_out),
        pd.DataFrame(rows),
        _profile(space, stays, left_out, dimensions),
        bool(at_default.max() <= CUTOFF),
        emulators,
        len(units),
        int(fits.sum()),
        min((int(values.notna().sum(axis=1).min()) for values in targets.values()), default=0),
    )


def next_samples(found: HistoryMatch, study: Study, count: int, *, seed: int = 0) -> list[dict[str, float]]:
    """Draw the samples of the next wave from what remains.

    Parameters
    ----------
    found : HistoryMatch
        The wave before.
    study : Study
        Its study.
    count : int
        How many.
    seed : int
        Seed of the draw.

    Returns
    -------
    list of dict
        Values by dimension, for the design ``list`` of a study file.

    Raises
    ------
    InputError
        If nothing remains.
    """
    dimensions = study.dimensions
    space = qmc.Sobol(len(dimensions), rng=np.random.Generator(np.random.Philox(seed))).random(_POINTS)
    stays = space[found.implausibility(space, dimensions) <= CUTOFF]
    if len(stays) < count:
        raise InputError("count", count, {"zh": f"至多 {len(stays)}", "en": f"at most {len(stays)}"})
    return [
        {
            row["dimension"]: float(row["low"] + unit * (row["high"] - row["low"]))
            for row, unit in zip(dimensions.to_dict("records"), point, strict=True)
        }
        for point in stays[:count]
    ]


def remaining_sets(found: HistoryMatch, study: Study) -> list[int]:
    """Name the parameter sets of a study that are not ruled out.

    Parameters
    ----------
    found : HistoryMatch
        A match on the same dimensions.
    study : Study
        The study.

    Returns
    -------
    list of int
        Their numbers, in order.
    """
    points = study.points[study.points["region"] == found.region]
    sets = points.drop_duplicates("parameter_set").sort_values("parameter_set")
    stays = found.implausibility(_units(sets, study.dimensions), study.dimensions) <= CUTOFF
    return [int(number) for number in sets["parameter_set"][stays]]


def fit_emulator(units: NDArray[np.float64], values: ArrayLike) -> Emulator:
    """Fit a polynomial of second degree with the penalty that foretells left-out samples best.

    Parameters
    ----------
    units : ndarray of float64
        Samples in the unit cube, [samples, dimensions].
    values : array_like of float
        Their values; NaN are left out.

    Returns
    -------
    Emulator
        The polynomial and its error.

    Examples
    --------
    >>> units = np.random.Generator(np.random.Philox(1)).random((40, 2))
    >>> found = fit_emulator(units, 3.0 + 2.0 * units[:, 0] - units[:, 1] ** 2)
    >>> round(found.explained, 3), abs(float(found.value(np.array([[0.5, 0.5]]))[0]) - 3.75) < 0.01
    (1.0, True)
    """
    known = ~np.isnan(np.asarray(values, np.float64))
    target = np.asarray(values, np.float64)[known]
    terms = _terms(units[known])
    mean = terms[:, 1:].mean(axis=0)
    centred = terms[:, 1:] - mean
    # In the directions of the terms' own spread every penalty is a division.
    spreads, directions = np.linalg.eigh(centred.T @ centred)
    spreads = np.maximum(spreads, 0.0)
    along = centred @ directions
    part = along.T @ (target - target.mean())
    best: tuple[float, NDArray[np.float64], NDArray[np.float64]] | None = None
    for penalty in _PENALTIES:
        shrink = 1.0 / (spreads + penalty)
        # Leaving a sample out needs no new fit: its error follows from its weight on itself.
        weight = (along**2) @ shrink + 1.0 / len(target)
        missed = (target - target.mean() - along @ (shrink * part)) / np.maximum(1.0 - weight, 1e-9)
        score = float((missed**2).mean())
        if best is None or score < best[0]:
            slopes = directions @ (shrink * part)
            best = (score, slopes, missed)
    assert best is not None
    score, slopes, missed = best
    error = math.sqrt(score)
    spread = float(target.var())
    return Emulator(
        np.concatenate([[target.mean() - mean @ slopes], slopes]),
        error,
        1.0 - score / spread if spread > 0 else math.nan,
        float((np.abs(missed) <= 2 * error).mean()),
    )


def _terms(units: NDArray[np.float64]) -> NDArray[np.float64]:
    # Centred on the middle of the cube, so that straight and bent terms are nearly independent.
    z = 2.0 * units - 1.0
    pairs = combinations_with_replacement(range(z.shape[1]), 2)
    return np.column_stack([np.ones(len(z)), z, *(z[:, a] * z[:, b] for a, b in pairs)])


def _units(points: pd.DataFrame, dimensions: pd.DataFrame) -> NDArray[np.float64]:
    if (dimensions["kind"] != "parameter").any():
        allowed = {"zh": "只含不确定参数的研究", "en": "a study of uncertain parameters only"}
        raise InputError("factors", list(dimensions["dimension"]), allowed)
    return np.column_stack(
        [
            (points[f"parameter_{row['dimension']}"].to_numpy() - row["low"]) / (row["high"] - row["low"])
            for row in dimensions.to_dict("records")
        ]
    )


def _logit(values: Any) -> Any:
    inside = np.clip(values, 0.002, 0.998)
    return np.log(inside / (1.0 - inside))


_SCALES: Final[dict[str, Callable[[Any], Any]]] = {
    "plain": lambda values: values,
    "log": lambda values: np.log(np.maximum(values, 1e-6)),
    "logit": _logit,
}
_INVERSES: Final[dict[str, Callable[[float], float]]] = {
    "plain": float,
    "log": math.exp,
    "logit": lambda value: 1.0 / (1.0 + math.exp(-value)),
}


def _best_scale(units: NDArray[np.float64], values: NDArray[np.float64]) -> Emulator:
    """Fit on every scale that the values allow, and keep the one that foretells left-out samples best."""
    known = values[~np.isnan(values)]
    allowed = ["plain"]
    allowed += ["log"] if (known > 0).all() else []
    allowed += ["logit"] if ((known > 0) & (known < 1)).all() else []
    fitted = [replace(fit_emulator(units, _SCALES[name](values)), scale=name) for name in allowed]
    return max(fitted, key=lambda emulator: np.nan_to_num(emulator.explained, nan=-1.0))


def _default_of(pattern: Pattern, dimensions: pd.DataFrame) -> float:
    from sim.parameters import PARAMETERS

    chosen = dimensions.set_index("dimension")["default"]
    return float(chosen.get(pattern.parameter, PARAMETERS[pattern.parameter].default))


def _implausibility(
    patterns: Sequence[Pattern],
    emulators: Mapping[str, Emulator],
    units: NDArray[np.float64],
    dimensions: pd.DataFrame,
) -> NDArray[np.float64]:
    """Give the implausibility of every pattern, [patterns, points]."""
    rows = []
    names = list(dimensions["dimension"])
    for pattern in patterns:
        if pattern.parameter:
            # Known exactly: inside or out.
            value = np.full(len(units), _default_of(pattern, dimensions))
            if pattern.parameter in names:
                row = dimensions.iloc[names.index(pattern.parameter)]
                value = row["low"] + units[:, names.index(pattern.parameter)] * (row["high"] - row["low"])
            rows.append(np.where((value >= pattern.low) & (value <= pattern.high), 0.0, np.inf))
            continue
        emulator = emulators[pattern.key]
        value = emulator.value(units)
        scale = _SCALES[emulator.scale]
        low = float(scale(pattern.low)) if math.isfinite(pattern.low) else -math.inf
        high = float(scale(pattern.high)) if math.isfinite(pattern.high) else math.inf
        outside = np.maximum(np.maximum(low - value, value - high), 0.0)
        rows.append(outside / max(emulator.error, 1e-9))
    return np.array(rows)


def _left_out(
    patterns: Sequence[Pattern],
    units: NDArray[np.float64],
    means: Mapping[str, NDArray[np.float64]],
    space: NDArray[np.float64],
    dimensions: pd.DataFrame,
) -> NDArray[np.bool_]:
    """Leave out tenths of the samples in turn: which points of the space remain, [tenths, points]."""
    found = []
    for fold in range(_FOLDS):
        kept = np.arange(len(units)) % _FOLDS != fold
        part = {key: _best_scale(units[kept], value[kept]) for key, value in means.items()}
        found.append((_implausibility(patterns, part, space, dimensions) <= CUTOFF).all(axis=0))
    return np.array(found)


def _share_interval(stays: NDArray[np.bool_], left_out: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Give a share of points with its 95 % interval: by the jackknife over samples, and over the points."""
    share, shares = float(stays.mean()), left_out.mean(axis=1)
    of_samples = (_FOLDS - 1) / _FOLDS * float(((shares - shares.mean()) ** 2).sum())
    half = _QUANTILE * math.sqrt(of_samples + share * (1.0 - share) / stays.size)
    return share, max(0.0, share - half), min(1.0, share + half)


def _profile(
    space: NDArray[np.float64],
    stays: NDArray[np.bool_],
    left_out: NDArray[np.bool_],
    dimensions: pd.DataFrame,
) -> pd.DataFrame:
    rows = []
    for column, row in enumerate(dimensions.to_dict("records")):
        place = np.minimum((space[:, column] * _BINS).astype(int), _BINS - 1)
        for number in range(_BINS):
            inside = place == number
            value = row["low"] + (number + 0.5) / _BINS * (row["high"] - row["low"])
            rows.append((row["dimension"], value, *_share_interval(stays[inside], left_out[:, inside])))
    return pd.DataFrame(rows, columns=["dimension", "value", "remaining", "low", "high"])
