"""Designs: which combinations of factors and parameters a study runs, in the unit cube.

Every method works on coordinates from 0 to 1; a `Dimension` turns a coordinate into a dose or a parameter.
So one method serves switches, doses and ranges alike, and analyses find what they need in one place.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.studies.checks import whole_number
from sim.studies.extras import extra_module
from sim.studies.fractions import fractional_factorial

__all__ = ["DESIGNS", "Dimension", "Samples", "draw_samples"]

DESIGNS: Final[dict[str, dict[str, object]]] = {
    "list": {"samples": ()},
    "full_factorial": {"levels": 2},
    "fractional_factorial": {"resolution": 5},
    "latin_hypercube": {"samples": 64},
    "morris": {"trajectories": 10, "levels": 4},
    "sobol": {"samples": 64, "second_order": False},
    "shapley": {"permutations": None},
}
"""Each design with its options and their defaults."""

_MOST_SAMPLES: Final = 1_000_000
_MOST_EXACT_PLAYERS: Final = 12


@dataclass(frozen=True)
class Dimension:
    """What a design varies.

    Attributes
    ----------
    name : str
        Name of the factor or parameter.
    kind : {"factor", "parameter"}
        A factor is a dose of mechanisms, a parameter a row of the parameter table.
    low, high : float
        Range.
    default : float
        Value where a list of samples does not name it.
    levels : tuple of float
        The only values there are, in rising order; empty where any value of the range may occur.

    Examples
    --------
    >>> Dimension("belief_weight", "parameter", 0.1, 0.5, 0.25).value(0.25)
    0.2
    >>> duty = Dimension("duty", "factor", 0.0, 1.0, 1.0, (0.0, 1.0))
    >>> duty.value(0.49), duty.value(0.5), duty.unit(1.0)
    (0.0, 1.0, 0.75)
    """

    name: str
    kind: str
    low: float
    high: float
    default: float
    levels: tuple[float, ...] = ()

    def value(self, unit: float) -> float:
        """Turn a coordinate of the unit cube into a value."""
        if self.levels:
            return self.levels[min(int(unit * len(self.levels)), len(self.levels) - 1)]
        # The ends are met exactly; a sum would miss the upper one by a rounding.
        return self.high if unit >= 1.0 else self.low + unit * (self.high - self.low)

    def unit(self, value: float) -> float:
        """Turn a value into a coordinate: the middle of the share of its level, where there are levels."""
        if self.levels:
            return (self.levels.index(value) + 0.5) / len(self.levels)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, eq=False)
class Samples:
    """The rows of a design.

    Attributes
    ----------
    units : ndarray of float64
        Coordinates, 0 to 1, [samples, dimensions].
    columns : dict of str to list
        What the method says of each row: permutation, position and player of a Shapley design.
    """

    units: NDArray[np.float64]
    columns: dict[str, list[Any]] = field(default_factory=dict)


def draw_samples(
    kind: str, options: Mapping[str, Any], dimensions: Sequence[Dimension], seed: int
) -> Samples:
    """Draw the samples of a design.

    Parameters
    ----------
    kind : str
        A key of `DESIGNS`.
    options : mapping
        Options of that design, defaults filled in.
    dimensions : sequence of Dimension
        What varies.
    seed : int
        Seed of the study; the samples depend on it and on nothing else.

    Returns
    -------
    Samples
        The rows, in the order of the method.

    Raises
    ------
    InputError
        For an option out of range, dimensions that the design cannot vary, or a missing library.

    Examples
    --------
    >>> switch = Dimension("duty", "factor", 0.0, 1.0, 1.0, (0.0, 1.0))
    >>> draw_samples("full_factorial", {"levels": 2}, [switch, switch], 1).units.tolist()
    [[0.25, 0.25], [0.25, 0.75], [0.75, 0.25], [0.75, 0.75]]
    """
    if kind == "list":
        return Samples(_listed(options["samples"], dimensions))
    if not dimensions:
        allowed = {
            "zh": "list，或至少一个因素（factors）或不确定参数（uncertain）",
            "en": "list, or at least one of factors and uncertain",
        }
        raise InputError("design", kind, allowed)
    if kind == "full_factorial":
        return Samples(_full(options, dimensions))
    if kind == "fractional_factorial":
        return Samples(_fraction(options, dimensions))
    if kind == "latin_hypercube":
        count = whole_number("design.samples", options["samples"], 2, _MOST_SAMPLES)
        # To load this takes as long as a hundred short runs.
        from scipy.stats import qmc

        return Samples(qmc.LatinHypercube(len(dimensions), rng=_generator(seed)).random(count))
    if kind == "morris":
        return Samples(_morris(options, dimensions, seed))
    if kind == "sobol":
        return Samples(_sobol(options, dimensions, seed))
    return _shapley(options, dimensions, seed)


def _generator(seed: int) -> np.random.Generator:
    # Designs are chosen before any run; shocks of runs come from sim.streams alone.
    return np.random.Generator(np.random.Philox(seed))


def _listed(samples: Any, dimensions: Sequence[Dimension]) -> NDArray[np.float64]:
    rows = list(samples) or [{}]
    units = np.empty((len(rows), len(dimensions)))
    for number, row in enumerate(rows, start=1):
        for column, dimension in enumerate(dimensions):
            value = row.get(dimension.name, dimension.default)
            if dimension.levels and value not in dimension.levels:
                allowed = [f"{level:g}" for level in dimension.levels]
                raise InputError(f"design.samples[{number}].{dimension.name}", value, allowed)
            units[number - 1, column] = dimension.unit(float(value))
    return units


def _full(options: Mapping[str, Any], dimensions: Sequence[Dimension]) -> NDArray[np.float64]:
    count = whole_number("design.levels", options["levels"], 2, 100)
    # Each level of a switch stands for its share of the range, each level of a range for a point of it.
    axes = [
        [dimension.unit(level) for level in dimension.levels]
        if dimension.levels
        else [number / (count - 1) for number in range(count)]
        for dimension in dimensions
    ]
    size = int(np.prod([float(len(axis)) for axis in axes]))
    if size > _MOST_SAMPLES:
        raise InputError("design", f"full_factorial ({size:,})", _fewer(_MOST_SAMPLES))
    return np.array(list(itertools.product(*axes)))


def _fraction(options: Mapping[str, Any], dimensions: Sequence[Dimension]) -> NDArray[np.float64]:
    resolution = whole_number("design.resolution", options["resolution"], 4, 5)
    for dimension in dimensions:
        if len(dimension.levels) > 2:
            two = {"zh": "两个水平", "en": "two levels"}
            raise InputError(f"factors.{dimension.name}.levels", list(dimension.levels), two)
    signs = fractional_factorial(len(dimensions), resolution)
    low_and_high = np.array(
        [[dimension.unit(dimension.low), dimension.unit(dimension.high)] for dimension in dimensions]
    )
    return np.where(signs > 0, low_and_high[:, 1], low_and_high[:, 0])


def _problem(dimensions: Sequence[Dimension]) -> dict[str, Any]:
    names = [dimension.name for dimension in dimensions]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _morris(options: Mapping[str, Any], dimensions: Sequence[Dimension], seed: int) -> NDArray[np.float64]:
    count = whole_number("design.trajectories", options["trajectories"], 2, 10_000)
    levels = whole_number("design.levels", options["levels"], 4, 100)
    if levels % 2:
        # With an odd number the steps of the method would visit some levels more often than others.
        raise InputError("design.levels", levels, {"zh": "偶数", "en": "an even number"})
    method = extra_module("SALib.sample.morris", "design morris")
    drawn = method.sample(_problem(dimensions), count, num_levels=levels, seed=_generator(seed))
    return np.asarray(drawn, np.float64)


def _sobol(options: Mapping[str, Any], dimensions: Sequence[Dimension], seed: int) -> NDArray[np.float64]:
    count = whole_number("design.samples", options["samples"], 2, _MOST_SAMPLES)
    if count & (count - 1):
        # Only then is the sequence balanced.
        raise InputError("design.samples", count, {"zh": "2 的幂", "en": "a power of two"})
    second = options["second_order"]
    if not isinstance(second, bool):
        raise InputError("design.second_order", second, ["true", "false"])
    method = extra_module("SALib.sample.sobol", "design sobol")
    drawn = method.sample(_problem(dimensions), count, calc_second_order=second, seed=_generator(seed))
    return np.asarray(drawn, np.float64)


def _shapley(options: Mapping[str, Any], dimensions: Sequence[Dimension], seed: int) -> Samples:
    """Switch players on in random orders, each order followed by its reverse; or form every coalition."""
    for dimension in dimensions:
        if dimension.kind != "factor" or len(dimension.levels) != 2:
            allowed = {
                "zh": "只含两个水平的因素（factors），不含不确定参数",
                "en": "factors of two levels, and no uncertain parameter",
            }
            raise InputError("design", f"shapley ({dimension.name})", allowed)
    players = len(dimensions)
    ends = np.array([[item.unit(item.levels[0]), item.unit(item.levels[1])] for item in dimensions])
    if options["permutations"] is None:
        if players > _MOST_EXACT_PLAYERS:
            allowed = {
                "zh": f"整数（因素多于 {_MOST_EXACT_PLAYERS} 个时不能枚举全部组合）",
                "en": f"a whole number (beyond {_MOST_EXACT_PLAYERS} factors not every coalition can run)",
            }
            raise InputError("design.permutations", None, allowed)
        joined = np.array(list(itertools.product((0, 1), repeat=players)))
        return Samples(np.where(joined > 0, ends[:, 1], ends[:, 0]))
    count = whole_number("design.permutations", options["permutations"], 2, 100_000)
    rows: list[NDArray[np.float64]] = []
    columns: dict[str, list[Any]] = {"permutation": [], "position": [], "player": []}
    generator = _generator(seed)
    order = np.arange(players)
    for number in range(count):
        order = order[::-1] if number % 2 else generator.permutation(players)
        member = np.zeros(players, bool)
        for position in range(players + 1):
            if position:
                member[order[position - 1]] = True
            rows.append(np.where(member, ends[:, 1], ends[:, 0]))
            columns["permutation"].append(number)
            columns["position"].append(position)
            columns["player"].append(dimensions[order[position - 1]].name if position else None)
    return Samples(np.array(rows), columns)


def _fewer(most: int) -> dict[str, str]:
    return {"zh": f"至多 {most:,} 个样本", "en": f"at most {most:,} samples"}
