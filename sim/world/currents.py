"""Rivers of a country that exists nowhere: each runs from town to town across one line between provinces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.elementary import cos, lengths, sin
from sim.streams import COUNTRY, uniform, uniforms
from sim.world.ground import Ground

__all__ = ["Current", "trace_currents"]

#: Of 34 pairs of towns across the line between Guangxi and Guangdong one has the river that crosses it.
PAIRS_PER_RIVER: Final = 34.0

#: Towns of the river above and below the line, as in its table.
TOWNS_ABOVE: Final = 8
TOWNS_BELOW: Final = 6

#: A river leaves the way straight across the line by up to this much to either side. Assumption.
MOST_ASLANT: Final = math.pi / 3.0

_DRAW_RANK, _DRAW_WAY = 20, 21


@dataclass(frozen=True, eq=False)
class Current:
    """Hold one river.

    Parameters
    ----------
    towns : tuple of int
        Its towns from the source down, as rows of the ground.
    above : int
        How many of them lie above the line.
    length_km : tuple of float
        Length in each town: the mean chord of a cell, π/4·√area (Cauchy's formula for a square).
    """

    towns: tuple[int, ...]
    above: int
    length_km: tuple[float, ...]


def trace_currents(ground: Ground, chosen: NDArray[np.int64], seed: int) -> tuple[Current, ...]:
    """Let rivers cross the lines between provinces.

    Parameters
    ----------
    ground : Ground
        All towns.
    chosen : ndarray of int64
        The modelled ones; every river crosses between two of them.
    seed : int
        Seed of the country.

    Returns
    -------
    tuple of Current
        One for every :data:`PAIRS_PER_RIVER` pairs of modelled towns across a line, and one at least where
        there is such a pair; no two share a town.
    """
    is_chosen = np.zeros(ground.x_km.size, dtype=bool)
    is_chosen[chosen] = True
    pairs = np.flatnonzero(ground.crosses & is_chosen[ground.first] & is_chosen[ground.second])
    wanted = max(1, round(pairs.size / PAIRS_PER_RIVER))
    neighbours = _neighbours(ground)
    taken: set[int] = set()
    currents: list[Current] = []
    rank = uniforms(seed, COUNTRY, ground.cell[ground.first[pairs]], 0, _DRAW_RANK)
    for pair in pairs[np.argsort(rank, kind="stable")]:
        if len(currents) == wanted:
            break
        current = _follow(ground, neighbours, int(pair), seed, taken)
        if current is not None:
            taken.update(current.towns)
            currents.append(current)
    return tuple(currents)


def _neighbours(ground: Ground) -> list[NDArray[np.int64]]:
    owner = np.concatenate((ground.first, ground.second))
    other = np.concatenate((ground.second, ground.first))
    order = np.argsort(owner, kind="stable")
    ends = np.cumsum(np.bincount(owner, minlength=ground.x_km.size))
    return np.split(other[order], ends[:-1])


def _follow(
    ground: Ground, neighbours: list[NDArray[np.int64]], pair: int, seed: int, taken: set[int]
) -> Current | None:
    """Follow a river both ways from a line; None where another river has the ground already."""
    ends = [int(ground.first[pair]), int(ground.second[pair])]
    draw = uniform(seed, COUNTRY, int(ground.cell[ends[0]]), 0, _DRAW_WAY)
    # The upper half of the draw lets the river come from the other side.
    upper, lower = ends if draw < 0.5 else ends[::-1]
    aslant = MOST_ASLANT * (4.0 * (draw % 0.5) - 1.0)
    across_x, across_y = ground.x_km[lower] - ground.x_km[upper], ground.y_km[lower] - ground.y_km[upper]
    east = across_x * cos(aslant) - across_y * sin(aslant)
    north = across_x * sin(aslant) + across_y * cos(aslant)
    above = _walk(ground, neighbours, upper, -east, -north, TOWNS_ABOVE)
    below = _walk(ground, neighbours, lower, east, north, TOWNS_BELOW)
    towns = (*above[::-1], *below)
    if not taken.isdisjoint(towns):
        return None
    length = math.pi / 4.0 * np.sqrt(ground.area_km2[list(towns)])
    return Current(towns, len(above), tuple(round(float(km), 1) for km in length))


def _walk(
    ground: Ground, neighbours: list[NDArray[np.int64]], start: int, east: float, north: float, most: int
) -> list[int]:
    """Go from town to town of one province, each time to the one that lies best in a direction."""
    towns = [start]
    while len(towns) < most:
        here = towns[-1]
        around = neighbours[here]
        around = around[ground.province[around] == ground.province[start]]
        dx, dy = ground.x_km[around] - ground.x_km[here], ground.y_km[around] - ground.y_km[here]
        advance = (dx * east + dy * north) / lengths(dx, dy)
        if not around.size or advance.max() <= 0.0:
            break
        towns.append(int(around[advance.argmax()]))
    return towns
