"""The ground of a country that exists nowhere: towns as cells of a plane, nested in four levels of units.

Towns are points of a triangular grid, each moved at random within its cell, and own what is nearer to them
than to any other (Voronoi cells). Every number is drawn by the place's own row and column, so that a wider
ground holds the narrower one unchanged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order
from scipy.spatial import Voronoi, cKDTree

from sim.elementary import lengths
from sim.streams import COUNTRY, uniforms

__all__ = ["Ground", "lay_ground", "strip_along_lines"]

#: Most that a point is moved along each axis, as a share of the grid's spacing. At 0.65 the number of
#: neighbours and the shared lines of towns spread as in the tables of Yulin, Zhanjiang and Maoming.
IRREGULARITY: Final = 0.65

#: Superior units are moved less: where four meet in one point, slivers would arise. Assumption.
SUPERIOR_IRREGULARITY: Final = 0.3

#: The shortest shared line that the tables of real regions list.
SHORTEST_LINE_KM: Final = 0.5

#: Towns of a county: the eight counties of Yulin, Zhanjiang and Maoming have 19 times the mean area of
#: their towns on the line.
TOWNS_PER_COUNTY: Final = 19.0

#: 2,844 counties lie in 333 prefectures; these in 31 provinces, some of them without prefectures.
COUNTIES_PER_PREFECTURE: Final = 8.0
PREFECTURES_PER_PROVINCE: Final = 8.0

_TOWN, _COUNTY, _PREFECTURE, _PROVINCE = range(4)
_HALF_ROW: Final = 1 << 20


@dataclass(frozen=True, eq=False)
class Ground:
    """Hold the towns of a plane, their superiors and the lines between them.

    Parameters
    ----------
    x_km, y_km, area_km2 : ndarray of float64, shape (towns,)
        Point and area of each town.
    cell : ndarray of int64, shape (towns,)
        Number of the grid cell, which keys the draws of the town.
    county, prefecture, province : ndarray of int64, shape (towns,)
        Numbers of the superiors' grid cells.
    first, second : ndarray of int64, shape (lines,)
        Towns that share a line.
    shared_km : ndarray of float64, shape (lines,)
        Its length.
    """

    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    cell: NDArray[np.int64]
    county: NDArray[np.int64]
    prefecture: NDArray[np.int64]
    province: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    shared_km: NDArray[np.float64]

    @property
    def crosses(self) -> NDArray[np.bool_]:
        """Whether a line lies between two provinces."""
        return np.not_equal(self.province[self.first], self.province[self.second])


def lay_ground(seed: int, radius_km: float, town_area_km2: float) -> Ground:
    """Lay out all towns within a circle around a point on the line between two provinces.

    Parameters
    ----------
    seed : int
        Seed of the country.
    radius_km : float
        Radius of the circle.
    town_area_km2 : float
        Mean area of a town.

    Returns
    -------
    Ground
        Towns whose cell is complete or cut by the rim; lines shorter than :data:`SHORTEST_LINE_KM` are no
        neighbourhood.

    Examples
    --------
    >>> ground = lay_ground(1, 200.0, 140.0)
    >>> len(np.unique(ground.province)) >= 2, 7.0 < float(np.median(ground.shared_km)) < 9.0
    (True, True)
    """
    county_area = town_area_km2 * TOWNS_PER_COUNTY
    prefecture_area = county_area * COUNTIES_PER_PREFECTURE
    province_area = prefecture_area * PREFECTURES_PER_PROVINCE
    points, cell = _scatter(seed, _TOWN, town_area_km2, radius_km, IRREGULARITY)
    above = [
        _scatter(seed, level, area, radius_km + 3.0 * _spacing_km(area), SUPERIOR_IRREGULARITY)
        for level, area in (
            (_COUNTY, county_area), (_PREFECTURE, prefecture_area), (_PROVINCE, province_area),
        )
    ]  # fmt: skip
    # Whoever is nearest to a unit's middle holds all of it, so that lines of superiors are lines of towns.
    county = _nearest(above[0][0], points)
    prefecture = _nearest(above[1][0], above[0][0])[county]
    province = _nearest(above[2][0], above[1][0])[prefecture]
    cells = Voronoi(points)
    pairs = np.sort(cells.ridge_points.astype(np.int64), axis=1)
    corners = np.array(cells.ridge_vertices, dtype=np.int64)
    length = lengths(*(cells.vertices[corners[:, 0]] - cells.vertices[corners[:, 1]]).T)
    length[(corners < 0).any(axis=1)] = 0.0
    apart = lengths(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    # A cell is made of triangles from its point to its sides, each half as high as the points are apart.
    area = np.zeros(len(points))
    for side in (0, 1):
        np.add.at(area, pairs[:, side], length * apart / 4.0)
    is_line = length >= SHORTEST_LINE_KM
    pairs, length = pairs[is_line], length[is_line]
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return Ground(
        points[:, 0], points[:, 1], area, cell,
        above[0][1][county], above[1][1][prefecture], above[2][1][province],
        pairs[order, 0], pairs[order, 1], length[order],
    )  # fmt: skip


def strip_along_lines(ground: Ground) -> NDArray[np.int64]:
    """List the towns on the lines between provinces and those that touch them, nearest first.

    The order is that of steps from town to town, starting next to the middle of the ground: as many of the
    first towns as one likes hang together.

    Parameters
    ----------
    ground : Ground
        The ground.

    Returns
    -------
    ndarray of int64
        Towns.
    """
    towns = ground.x_km.size
    on_line = np.zeros(towns, dtype=bool)
    on_line[np.concatenate((ground.first[ground.crosses], ground.second[ground.crosses]))] = True
    touches = on_line[ground.first] | on_line[ground.second]
    in_strip = on_line.copy()
    in_strip[np.concatenate((ground.first[touches], ground.second[touches]))] = True
    inside = in_strip[ground.first] & in_strip[ground.second]
    graph = csr_matrix(
        (np.ones(int(inside.sum())), (ground.first[inside], ground.second[inside])), shape=(towns, towns)
    )
    candidates = np.flatnonzero(on_line)
    start = candidates[np.argmin(lengths(ground.x_km[candidates], ground.y_km[candidates]))]
    reached, before = breadth_first_order(graph, start, directed=False)
    steps = np.zeros(towns, dtype=np.int64)
    for town in reached[1:]:
        steps[town] = steps[before[town]] + 1
    # The other side of the line comes first, so that even a few towns are a border.
    same_side = ground.province[reached] == ground.province[start]
    return reached[np.lexsort((same_side, steps[reached]))].astype(np.int64)


def _spacing_km(area_km2: float) -> float:
    """Give the spacing of a triangular grid whose points own this area each."""
    return math.sqrt(area_km2 * 2.0 / math.sqrt(3.0))


def _nearest(middles: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray(cKDTree(middles).query(points)[1], dtype=np.int64)


def _scatter(
    seed: int, level: int, area_km2: float, radius_km: float, irregularity: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the moved points of a level within a circle, and the numbers of their grid cells."""
    spacing = _spacing_km(area_km2)
    reach = int(radius_km / (spacing * math.sqrt(3.0) / 2.0)) + 3
    row, column = (axis.ravel() for axis in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    # The middle of the ground lies half-way between two provinces.
    x = spacing * (column + 0.5 * (row % 2)) - (0.5 * spacing if level == _PROVINCE else 0.0)
    y = spacing * math.sqrt(3.0) / 2.0 * row
    near = lengths(x, y) <= radius_km + 2.0 * spacing
    number = ((row[near] + _HALF_ROW) * 2 * _HALF_ROW + column[near] + _HALF_ROW).astype(np.int64)
    step = 2.0 * irregularity * spacing
    east, north = (step * (uniforms(seed, COUNTRY, number, level, axis) - 0.5) for axis in (0, 1))
    points = np.column_stack((x[near] + east, y[near] + north))
    inside = lengths(points[:, 0], points[:, 1]) <= radius_km
    return points[inside], number[inside]
