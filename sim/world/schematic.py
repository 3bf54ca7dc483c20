"""A schematic map for units whose points nobody gave: near what they touch, far from what they do not."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from sim.elementary import cos, cosines, lengths, sin
from sim.world.layout import KM_PER_DEGREE

#: Middle of a map on which nothing has a point of its own; it stands for no real place. Assumption.
MIDDLE_LON, MIDDLE_LAT = 110.0, 30.0

_ROUNDS = 200
_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))


def arrange(
    radius_km: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place the units that have no point so that neighbours touch.

    Distances along the graph of neighbours, each step as long as the two radii, are fitted by stress
    majorisation (Gansner, Koren and North 2005: each point moves to the mean of where the others would have
    it, weighted by 1/d², and goes half the way); given points stay where they are. Nothing is drawn: the
    same border has the same map.

    Parameters
    ----------
    radius_km : ndarray of float64, shape (units,)
        Radius of each unit's ground.
    first, second : ndarray of int64, shape (pairs,)
        Units that touch.
    lon, lat : ndarray of float64, shape (units,)
        Degrees, NaN where there is no point.

    Returns
    -------
    tuple of ndarray of float64
        Longitude and latitude of every unit.

    Examples
    --------
    >>> nowhere = np.full(2, np.nan)
    >>> lon, lat = arrange(np.array([5.0, 5.0]), np.array([0]), np.array([1]), nowhere, nowhere)
    >>> round(float(np.hypot((lon[0] - lon[1]) * KM_PER_DEGREE * np.cos(np.radians(30.0)),
    ...                      (lat[0] - lat[1]) * KM_PER_DEGREE)), 3)
    10.0
    """
    is_given = ~np.isnan(lon)
    middle_lon = float(lon[is_given].mean()) if is_given.any() else MIDDLE_LON
    middle_lat = float(lat[is_given].mean()) if is_given.any() else MIDDLE_LAT
    scale = np.array([KM_PER_DEGREE * cos(np.radians(middle_lat)), KM_PER_DEGREE])
    wanted = _distances(radius_km, first, second)
    points = _start(wanted, is_given, (np.column_stack([lon, lat]) - (middle_lon, middle_lat)) * scale)
    points = _relax(points, wanted, is_given)
    if not is_given.any():
        points -= points.mean(axis=0)
    degrees = points / scale + (middle_lon, middle_lat)
    return np.where(is_given, lon, degrees[:, 0]), np.where(is_given, lat, degrees[:, 1])


def _distances(
    radius_km: NDArray[np.float64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give the distance of all pairs along the graph; parts that nothing joins stand beside each other."""
    count = radius_km.size
    steps = coo_array((radius_km[first] + radius_km[second], (first, second)), shape=(count, count))
    found: NDArray[np.float64] = shortest_path(steps.tocsr(), directed=False)
    apart = np.isinf(found)
    widest = float(found[~apart].max(initial=0.0))
    return np.where(apart, widest + radius_km[:, None] + radius_km[None, :], found)


def _start(
    wanted: NDArray[np.float64], is_given: NDArray[np.bool_], given_km: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Begin with classical scaling, or beside the nearest unit that has a point."""
    count = len(wanted)
    if not is_given.any():
        return _scaled(wanted * wanted) + _nudge(count, wanted)
    points = given_km.copy()
    known = np.flatnonzero(is_given)
    for unit in np.flatnonzero(~is_given):
        nearest = known[wanted[unit, known].argmin()]
        angle = unit * _GOLDEN_ANGLE
        points[unit] = given_km[nearest] + wanted[unit, nearest] * np.array([cos(angle), sin(angle)])
    return points


def _scaled(square: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give points whose squared distances are about these: the two longest axes of classical scaling.

    They are found by repeated multiplication and not by a library. Where a border is symmetric any turn of
    the axes would do, and which turn comes out of a library differs between processors.
    """
    centred = square - square.mean(axis=0)
    centred = -0.5 * (centred - centred.mean(axis=1)[:, None])
    east = _along(square)
    apart = east[:, None] - east[None, :]
    axes = [east, _along(np.maximum(square - apart * apart, 0.0))]
    for _ in range(_ROUNDS):
        found: list[NDArray[np.float64]] = []
        for axis in axes:
            longer = (centred * axis).sum(axis=1)
            for other in found:
                longer = longer - (longer * other).sum() * other
            length = math.sqrt(float((longer * longer).sum()))
            found.append(longer / length if length > 1e-9 * square.max(initial=0.0) else 0.0 * longer)
        axes = found
    spread = [max(0.0, float((axis * (centred * axis).sum(axis=1)).sum())) for axis in axes]
    return np.column_stack([math.sqrt(most) * axis for most, axis in zip(spread, axes, strict=True)])


def _along(square: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give every unit its place on the line through the two farthest apart (Faloutsos and Lin 1995)."""
    first, second = np.unravel_index(int(square.argmax()), square.shape)
    widest = square[first, second]
    if not widest > 0.0:
        return np.zeros(len(square))
    return np.asarray((square[first] + widest - square[second]) / (2.0 * math.sqrt(widest)))


def _nudge(count: int, wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move points of a straight row a little off it, or they could never leave it."""
    angle = np.arange(count) * _GOLDEN_ANGLE
    off = 1e-3 * float(wanted.max(initial=0.0))
    return off * np.column_stack([cosines(angle), cosines(angle - math.pi / 2.0)])


def _relax(
    points: NDArray[np.float64], wanted: NDArray[np.float64], is_given: NDArray[np.bool_]
) -> NDArray[np.float64]:
    weight = np.where(wanted > 0.0, 1.0 / np.square(np.maximum(wanted, 1e-9)), 0.0)
    total = weight.sum(axis=1)
    free = ~is_given & (total > 0.0)
    for _ in range(_ROUNDS):
        apart = points[:, None, :] - points[None, :, :]
        distance = np.maximum(lengths(apart[..., 0], apart[..., 1]), 1e-9)
        pull = weight * wanted / distance
        wished = weight[..., None] * points[None, :, :] + pull[..., None] * apart
        moved = wished.sum(axis=1)[free] / total[free, None]
        step = float(np.abs(moved - points[free]).max(initial=0.0))
        # Half the way: all move at once, and two that both went the whole way would swap for ever.
        points[free] = (points[free] + moved) / 2.0
        if step < 1e-4:
            break
    return points
