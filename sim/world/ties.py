"""Ties between neighbouring villages: who borders whom, over what length, and what is still unsettled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError

from sim.compiler import compiled
from sim.elementary import cosines, lengths
from sim.streams import LEGACY, poisson
from sim.world.layout import KM_PER_DEGREE

#: Two villages farther apart than this many village spacings √(area/villages) are no neighbours: such edges
#: run along the rim of the map or across unmodelled ground. Assumption.
LONGEST_TIE_SPACINGS: Final = 3.0

#: Length of a shared line that no table gives, and of a named pair's line. Assumption.
UNKNOWN_LENGTH_KM: Final = 1.0

#: A line between two villages of one town is about as long as they are apart, and at most this. Assumption.
LONGEST_INTERIOR_LENGTH_KM: Final = 2.0
_SHORTEST_LENGTH_KM: Final = 0.1

#: Where both sides have a common superior, most lines are settled: claims are rarer by this factor;
#: assumption.
INTERIOR_CLAIM_FACTOR: Final = 0.1


@dataclass(frozen=True, eq=False)
class TownPairs:
    """Hold the pairs of adjacent towns, first index below second.

    Parameters
    ----------
    first, second : ndarray of int64, shape (pairs,)
        Town indices.
    shared_km : ndarray of float64, shape (pairs,)
        Length of the shared line, NaN where unknown.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    shared_km: NDArray[np.float64]

    def locate(self, town_a: NDArray[np.int64], town_b: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the row of each pair of towns.

        Parameters
        ----------
        town_a, town_b : ndarray of int64, shape (n,)
            Town indices, in any order.

        Returns
        -------
        ndarray of int64, shape (n,)
            Row, or −1 where the towns are not adjacent.

        Examples
        --------
        >>> pairs = TownPairs(np.array([0, 1]), np.array([2, 2]), np.array([5.0, 1.0]))
        >>> pairs.locate(np.array([2, 0]), np.array([1, 1])).tolist()
        [1, -1]
        """
        if not self.first.size:
            return np.full(town_a.size, -1, dtype=np.int64)
        base = np.int64(
            max(int(self.second.max()), int(town_a.max(initial=0)), int(town_b.max(initial=0))) + 1
        )
        known = self.first * base + self.second
        order = np.argsort(known, kind="stable")
        wanted = np.minimum(town_a, town_b) * base + np.maximum(town_a, town_b)
        place = np.minimum(np.searchsorted(known[order], wanted), known.size - 1)
        row = order[place]
        return np.where(known[row] == wanted, row, -1)


def distance_km(
    lon_a: NDArray[np.float64],
    lat_a: NDArray[np.float64],
    lon_b: NDArray[np.float64],
    lat_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Measure the distance of near points on the plane through their middle.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b : ndarray of float64
        Degrees.

    Returns
    -------
    ndarray of float64
        Kilometres; it depends on the two points alone, so a tie keeps its length when the map grows.

    Examples
    --------
    >>> lon, lat = np.array([110.0]), np.array([22.0])
    >>> distance_km(lon, lat, lon, lat + 0.1).round(2).tolist()
    [11.12]
    """
    east = (lon_a - lon_b) * cosines(np.radians((lat_a + lat_b) / 2.0))
    return KM_PER_DEGREE * lengths(east, lat_a - lat_b)


def link_villages(
    lon: NDArray[np.float64], lat: NDArray[np.float64], x_km: NDArray[np.float64], y_km: NDArray[np.float64],
    village_town: NDArray[np.int32], village_start: NDArray[np.int64], town_area_km2: NDArray[np.float64],
    adjacency: TownPairs, named_a: NDArray[np.int64], named_b: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Find the neighbouring pairs of villages.

    Neighbours in the Delaunay triangulation whose towns are the same or adjacent in the table, without edges
    longer than :data:`LONGEST_TIE_SPACINGS`. Points of towns are known to a few kilometres only, so three
    kinds of pairs are added: the nearest villages of adjacent towns that would have none, the nearest village
    of the same town for a village that would have none, and the pairs that sources name.

    Parameters
    ----------
    lon, lat : ndarray of float64, shape (villages,)
        Positions, degrees.
    x_km, y_km : ndarray of float64, shape (villages,)
        The same on the plane of the map.
    village_town : ndarray of int32, shape (villages,)
        Town of each village, ascending.
    village_start : ndarray of int64, shape (towns + 1,)
        First village of each town.
    town_area_km2 : ndarray of float64, shape (towns,)
        Areas.
    adjacency : TownPairs
        Adjacent towns.
    named_a, named_b : ndarray of int64, shape (named,)
        Pairs of villages that exist in any case.

    Returns
    -------
    tuple of ndarray of int64
        Village a and village b of each tie, a < b, sorted, each pair once.
    """
    count = np.int64(lon.size)
    edges = _triangulate(x_km, y_km)
    town_a, town_b = (village_town[edges[:, side]].astype(np.int64) for side in (0, 1))
    spacing = np.sqrt(town_area_km2 / np.diff(village_start))
    limit = LONGEST_TIE_SPACINGS * np.maximum(spacing[town_a], spacing[town_b])
    length = distance_km(lon[edges[:, 0]], lat[edges[:, 0]], lon[edges[:, 1]], lat[edges[:, 1]])
    row = adjacency.locate(town_a, town_b)
    edges = edges[((town_a == town_b) | (row >= 0)) & (length <= limit)]
    added = [edges, np.column_stack([named_a, named_b])]
    linked = adjacency.locate(
        village_town[edges[:, 0]].astype(np.int64), village_town[edges[:, 1]].astype(np.int64)
    )
    for pair in np.setdiff1d(np.arange(adjacency.first.size), linked):
        of_a, of_b = (
            np.arange(village_start[t], village_start[t + 1])
            for t in (adjacency.first[pair], adjacency.second[pair])
        )
        added.append(_nearest(lon, lat, of_a, of_b))
    has_tie = np.zeros(count, dtype=bool)
    has_tie[np.concatenate(added).ravel().astype(np.int64)] = True
    for village in np.flatnonzero(~has_tie):
        town = village_town[village]
        same = np.arange(village_start[town], village_start[town + 1])
        if same.size > 1:
            added.append(_nearest(lon, lat, np.array([village]), same[same != village]))
    pairs = np.concatenate(added).astype(np.int64)
    keys = np.unique(pairs.min(axis=1) * count + pairs.max(axis=1))
    return keys // count, keys % count


def _triangulate(x_km: NDArray[np.float64], y_km: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return Delaunay edges, or all pairs where a few villages or a straight row of them have no triangle."""
    points = np.column_stack([x_km, y_km])
    try:
        if len(points) < 3:
            raise QhullError
        simplices = Delaunay(points).simplices.astype(np.int64)
        return np.concatenate([simplices[:, [0, 1]], simplices[:, [1, 2]], simplices[:, [2, 0]]])
    except QhullError:
        order = np.lexsort((y_km, x_km)).astype(np.int64)
        return np.column_stack([order[:-1], order[1:]])


def _nearest(
    lon: NDArray[np.float64], lat: NDArray[np.float64], of_a: NDArray[np.int64], of_b: NDArray[np.int64]
) -> NDArray[np.int64]:
    distance = distance_km(lon[of_a][:, None], lat[of_a][:, None], lon[of_b][None, :], lat[of_b][None, :])
    a, b = np.unravel_index(int(distance.argmin()), distance.shape)
    return np.array([[of_a[a], of_b[b]]], dtype=np.int64)


def share_lengths(
    distance: NDArray[np.float64], town_a: NDArray[np.int64], town_b: NDArray[np.int64], adjacency: TownPairs
) -> NDArray[np.float64]:
    """Give each tie its part of the line.

    Parameters
    ----------
    distance : ndarray of float64, shape (ties,)
        Kilometres between the two villages.
    town_a, town_b : ndarray of int64, shape (ties,)
        Towns of the two sides.
    adjacency : TownPairs
        Adjacent towns with the length of their shared line.

    Returns
    -------
    ndarray of float64, shape (ties,)
        Kilometres: a town pair's line in equal parts over its ties; inside a town the distance, at most
        :data:`LONGEST_INTERIOR_LENGTH_KM`.

    Examples
    --------
    >>> pairs = TownPairs(np.array([0]), np.array([1]), np.array([6.0]))
    >>> share_lengths(np.array([3.0, 4.0, 5.0]), np.array([0, 0, 0]), np.array([1, 1, 0]), pairs).tolist()
    [3.0, 3.0, 2.0]
    """
    row = adjacency.locate(town_a, town_b)
    known = np.where(np.isnan(adjacency.shared_km), UNKNOWN_LENGTH_KM, adjacency.shared_km)
    # One extra slot takes the pairs without a row, which only a named pair can have.
    ties = np.bincount(row + 1, minlength=known.size + 1)
    length = np.append([UNKNOWN_LENGTH_KM], known)[row + 1] / np.where(row >= 0, ties[row + 1], 1)
    inside = np.clip(distance, _SHORTEST_LENGTH_KM, LONGEST_INTERIOR_LENGTH_KM)
    return np.where(town_a == town_b, inside, length)


def boundary_level(
    a: NDArray[np.int64], b: NDArray[np.int64], unit_by_level: tuple[NDArray[np.int64], ...]
) -> NDArray[np.int8]:
    """Find the lowest level whose unit contains both sides.

    Parameters
    ----------
    a, b : ndarray of int64, shape (n,)
        The two sides.
    unit_by_level : tuple of ndarray of int64
        For each level in ascending order (town, county, prefecture, province) the unit of every side.

    Returns
    -------
    ndarray of int8, shape (n,)
        Number of levels whose units differ: 0 town, 1 county, 2 prefecture, 3 province, 4 nation.

    Examples
    --------
    >>> county, province = np.array([0, 1, 2]), np.array([0, 0, 1])
    >>> boundary_level(np.array([0, 0]), np.array([1, 2]), (county, province)).tolist()
    [1, 2]
    """
    level = np.zeros(a.size, dtype=np.int8)
    for unit in unit_by_level:
        level += (unit[a] != unit[b]).astype(np.int8)
    return level


@compiled
def draw_legacy_claims(
    seed: int, tie_key: NDArray[np.int64], mean_claims: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Draw how many unsettled claims to hills, forest and land a tie inherits (Poisson).

    Parameters
    ----------
    seed : int
        Seed of the layout.
    tie_key : ndarray of int64, shape (ties,)
        Number of the two villages' codes, which keys the draw.
    mean_claims : ndarray of float64, shape (ties,)
        Mean claims of each tie.

    Returns
    -------
    ndarray of int32, shape (ties,)
        Whole numbers, 0 or more.

    Examples
    --------
    >>> draw_legacy_claims(1, np.array([5, 6]), np.zeros(2)).tolist()
    [0, 0]
    """
    claims = np.zeros(tie_key.size, dtype=np.int32)
    for tie in range(tie_key.size):
        claims[tie] = poisson(seed, LEGACY, tie_key[tie], 0, 0, mean_claims[tie])
    return claims
