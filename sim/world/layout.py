"""Where villages lie and how many people live there, where no table says so.

There are no open coordinates or populations of villages. Both are synthetic: positions are scattered around
the town's point, residents split from the town's. Every draw is keyed by the village's own code, so that the
layout of one town stays as it is when other towns are added, except where a new neighbour takes ground from
it or is the one that sources pair its village with.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.compiler import compiled
from sim.elementary import cos, exp, log
from sim.streams import FARMS, LAYOUT, RESIDENTS, normal, poisson, uniform

#: Length of a degree of latitude (mean Earth radius 6,371.0088 km).
KM_PER_DEGREE: Final = 6371.0088 * math.pi / 180.0

#: Acceptable points that a village chooses among; the one with the most room wins (Mitchell's best
#: candidate). More make the pattern more regular than settlements are; assumption.
CANDIDATES: Final = 8

#: Least distance of two villages of a town, as a share of their mean spacing √(area/villages); assumption.
LEAST_SPACING: Final = 0.25

#: Points tried before the town's own ground counts as too small to find.
TRIES: Final = 400

#: Area of a town whose table says nothing: about the mean of a rural town in South China; assumption.
DEFAULT_TOWN_AREA_KM2: Final = 100.0


@compiled
def offset_km(lon: float, lat: float, origin_lon: float, origin_lat: float) -> tuple[float, float]:
    """Project a point on the plane that touches the Earth at an origin.

    Good to 0.1 % within 100 km, the extent of a town and its neighbours.

    Parameters
    ----------
    lon, lat : float
        The point, degrees.
    origin_lon, origin_lat : float
        The origin, degrees.

    Returns
    -------
    tuple of float
        Kilometres east and north of the origin.

    Examples
    --------
    >>> east, north = offset_km(110.0, 23.0, 110.0, 22.0)
    >>> east, round(north, 2)
    (0.0, 111.2)
    """
    east = (lon - origin_lon) * KM_PER_DEGREE * cos(origin_lat * math.pi / 180.0)
    return east, (lat - origin_lat) * KM_PER_DEGREE


@compiled
def is_on_own_ground(
    x_km: float, y_km: float, own: int, other_x_km: NDArray[np.float64], other_y_km: NDArray[np.float64],
    radius_km: NDArray[np.float64],
) -> bool:  # fmt: skip
    """Say whether a point belongs to a town rather than to any other.

    Towns share the plane by a power diagram: a point belongs to the town whose squared distance less squared
    radius, d² − r², is least, so that a large town reaches further than a small one.

    Parameters
    ----------
    x_km, y_km : float
        The point.
    own : int
        Index of the town.
    other_x_km, other_y_km : ndarray of float64, shape (towns,)
        Points of all towns in the same plane.
    radius_km : ndarray of float64, shape (towns,)
        Radius √(area/π) of each town.

    Returns
    -------
    bool
        True where the own town has the least d² − r².

    Examples
    --------
    >>> x, y, radius = np.array([0.0, 10.0]), np.zeros(2), np.array([2.0, 6.0])
    >>> is_on_own_ground(3.0, 0.0, 0, x, y, radius), is_on_own_ground(4.0, 0.0, 0, x, y, radius)
    (True, False)
    """
    power = (x_km - other_x_km[own]) ** 2 + (y_km - other_y_km[own]) ** 2 - radius_km[own] ** 2
    for town in range(other_x_km.size):
        if town != own:
            other = (x_km - other_x_km[town]) ** 2 + (y_km - other_y_km[town]) ** 2 - radius_km[town] ** 2
            if other < power:
                return False
    return True


@compiled
def _rivals(
    town: int, place: int, by_latitude: NDArray[np.int64], town_lon: NDArray[np.float64],
    town_lat: NDArray[np.float64], radius_km: NDArray[np.float64], largest_km: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Give points and radii of the town itself, first, and of all that may own a point of its disc.

    Within the disc, d² − r² can be less for another town only where the two discs overlap, or, with radii
    left out, where the other's point is nearer than twice the radius.
    """
    own = radius_km[town]
    x, y, radius = [0.0], [0.0], [own]
    for step in (-1, 1):
        other_place = place + step
        while 0 <= other_place < by_latitude.size:
            other = by_latitude[other_place]
            east, north = offset_km(town_lon[other], town_lat[other], town_lon[town], town_lat[town])
            if abs(north) > (own + largest_km) * 1.000001:
                break
            if math.sqrt(east * east + north * north) <= (own + max(own, radius_km[other])) * 1.000001:
                x.append(east)
                y.append(north)
                radius.append(radius_km[other])
            other_place += step
    return np.array(x), np.array(y), np.array(radius)


@compiled
def _scatter_town(
    seed: int, start: int, stop: int, village_key: NDArray[np.int64], partner: NDArray[np.int32],
    toward_x_km: NDArray[np.float64], toward_y_km: NDArray[np.float64], town_x_km: NDArray[np.float64],
    town_y_km: NDArray[np.float64], radius_km: NDArray[np.float64], x_km: NDArray[np.float64],
    y_km: NDArray[np.float64], is_placed: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Place the villages `start` to `stop` of one town, the first of those given, in its point's plane."""
    radius = radius_km[0]
    no_radius = np.zeros_like(radius_km)
    clearance = LEAST_SPACING * LEAST_SPACING * math.pi * radius * radius / (stop - start)  # km², a square
    for village in range(start, stop):
        if is_placed[village]:
            continue
        best_x, best_y, best_score, found, has_ground = 0.0, 0.0, -math.inf, 0, False
        reach_km = radius_km
        for attempt in range(TRIES):
            # A town whose point lies deep inside a larger neighbour's circle may own nothing there: it then
            # takes the ground that is nearer to its point than to any other.
            if attempt == TRIES // 2 and not has_ground:
                reach_km = no_radius
            # A square with the corners thrown away needs no sine, whose last bit differs between machines.
            x = radius * (2.0 * uniform(seed, LAYOUT, village_key[village], 0, 2 * attempt) - 1.0)
            y = radius * (2.0 * uniform(seed, LAYOUT, village_key[village], 0, 2 * attempt + 1) - 1.0)
            if x * x + y * y > radius * radius:
                continue
            if not is_on_own_ground(x, y, 0, town_x_km, town_y_km, reach_km):
                continue
            has_ground = True
            room = math.inf
            for other in range(start, stop):
                if is_placed[other]:
                    room = min(room, (x - x_km[other]) ** 2 + (y - y_km[other]) ** 2)
            # Where the town's own ground is a sliver there may be no room: then it gets crowded.
            if room < clearance and (found > 0 or attempt < TRIES // 2):
                continue
            score = room
            if partner[village] >= 0:
                # Sources name this village as a neighbour of one across the line: as near to it as can be.
                score = -((x - toward_x_km[village]) ** 2) - (y - toward_y_km[village]) ** 2
            if found == 0 or score > best_score:
                best_x, best_y, best_score = x, y, score
            found += 1
            if found == CANDIDATES:
                break
        # Without any ground found the village lies at the town's point, (0, 0) in this plane.
        x_km[village], y_km[village], is_placed[village] = best_x, best_y, True


def scatter_villages(
    seed: int, village_key: NDArray[np.int64], village_start: NDArray[np.int64], partner: NDArray[np.int32],
    town_lon: NDArray[np.float64], town_lat: NDArray[np.float64], town_area_km2: NDArray[np.float64],
    village_lon: NDArray[np.float64], village_lat: NDArray[np.float64],
) -> None:  # fmt: skip
    """Scatter the villages whose position is unknown, in place.

    Each village draws points in the disc of radius √(area/π) around its town's point, keeps those on the
    town's own ground and takes the one farthest from the villages placed before it. A town's villages that
    have a position keep it and are kept clear of; a village with a `partner` town takes the point nearest to
    that town.

    Parameters
    ----------
    seed : int
        Seed of the layout.
    village_key : ndarray of int64, shape (villages,)
        Number of each village's own code, which keys its draws.
    village_start : ndarray of int64, shape (towns + 1,)
        Villages of town t are `village_start[t]` up to `village_start[t + 1]`.
    partner : ndarray of int32, shape (villages,)
        Town towards which sources place the village, or −1.
    town_lon, town_lat : ndarray of float64, shape (towns,)
        Points of towns, degrees.
    town_area_km2 : ndarray of float64, shape (towns,)
        Areas.
    village_lon, village_lat : ndarray of float64, shape (villages,)
        Degrees; NaN where unknown, filled in.

    Examples
    --------
    >>> lon, lat = np.array([np.nan, np.nan]), np.array([np.nan, np.nan])
    >>> scatter_villages(1, np.array([5, 6]), np.array([0, 2]), np.array([-1, -1], np.int32),
    ...                  np.array([110.0]), np.array([22.0]), np.array([100.0]), lon, lat)
    >>> bool(np.all(np.hypot(*offset_km(lon, lat, 110.0, 22.0)) <= math.sqrt(100.0 / math.pi) + 1e-9))
    True
    """
    # Sorting takes longer to compile than all that is sorted takes to scatter.
    by_latitude = np.argsort(town_lat, kind="stable")
    radius_km = np.sqrt(town_area_km2 / math.pi)
    is_placed = ~np.isnan(village_lon)
    _scatter_towns(
        seed, village_key, village_start, partner, town_lon, town_lat, radius_km, by_latitude,
        village_lon, village_lat, is_placed,
    )  # fmt: skip


@compiled
def _scatter_towns(
    seed: int, village_key: NDArray[np.int64], village_start: NDArray[np.int64], partner: NDArray[np.int32],
    town_lon: NDArray[np.float64], town_lat: NDArray[np.float64], radius_km: NDArray[np.float64],
    by_latitude: NDArray[np.int64], village_lon: NDArray[np.float64], village_lat: NDArray[np.float64],
    is_placed: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Scatter the villages of one town after the other, from south to north."""
    largest_km = radius_km.max()
    x_km, y_km = np.zeros(village_lon.size), np.zeros(village_lon.size)
    toward_x_km, toward_y_km = np.zeros(village_lon.size), np.zeros(village_lon.size)
    for place in range(by_latitude.size):
        town = by_latitude[place]
        start, stop = village_start[town], village_start[town + 1]
        near_x_km, near_y_km, near_radius_km = _rivals(
            town, place, by_latitude, town_lon, town_lat, radius_km, largest_km
        )
        for village in range(start, stop):
            if partner[village] >= 0:
                toward_x_km[village], toward_y_km[village] = offset_km(
                    town_lon[partner[village]], town_lat[partner[village]], town_lon[town], town_lat[town]
                )
            if is_placed[village]:
                x_km[village], y_km[village] = offset_km(
                    village_lon[village], village_lat[village], town_lon[town], town_lat[town]
                )
        _scatter_town(
            seed, start, stop, village_key, partner, toward_x_km, toward_y_km, near_x_km, near_y_km,
            near_radius_km, x_km, y_km, is_placed,
        )  # fmt: skip
        width = KM_PER_DEGREE * cos(town_lat[town] * math.pi / 180.0)
        for village in range(start, stop):
            if np.isnan(village_lon[village]):
                village_lon[village] = town_lon[town] + x_km[village] / width
                village_lat[village] = town_lat[town] + y_km[village] / KM_PER_DEGREE


@compiled
def split_residents(
    seed: int, village_key: NDArray[np.int64], village_start: NDArray[np.int64],
    town_residents: NDArray[np.float64], spread: float,
) -> NDArray[np.float64]:  # fmt: skip
    """Split a town's residents over its villages.

    Weights are lognormal with coefficient of variation `spread`, w = exp(σz), σ² = ln(1 + spread²), and are
    normed to the town's total.

    Parameters
    ----------
    seed : int
        Seed of the layout.
    village_key, village_start
        As in :func:`scatter_villages`.
    town_residents : ndarray of float64, shape (towns,)
        Residents of each town.
    spread : float
        Coefficient of variation over villages, 0 or more; 0 splits evenly.

    Returns
    -------
    ndarray of float64, shape (villages,)
        Residents of each village, summing to the town's.

    Examples
    --------
    >>> split_residents(1, np.array([5, 6]), np.array([0, 2]), np.array([900.0]), 0.0).tolist()
    [450.0, 450.0]
    """
    sigma = math.sqrt(log(1.0 + spread * spread))
    residents = np.empty(village_key.size)
    for town in range(town_residents.size):
        total = 0.0
        for village in range(village_start[town], village_start[town + 1]):
            residents[village] = exp(sigma * normal(seed, RESIDENTS, village_key[village], 0, 0))
            total += residents[village]
        for village in range(village_start[town], village_start[town + 1]):
            residents[village] *= town_residents[town] / total
    return residents


@compiled
def draw_farms(
    seed: int, village_key: NDArray[np.int64], village_town: NDArray[np.int32],
    town_mean_farms: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    """Draw how many livestock farms drain to the river from each village (Poisson).

    Parameters
    ----------
    seed : int
        Seed of the layout.
    village_key : ndarray of int64, shape (villages,)
        Number of each village's own code, which keys its draws.
    village_town : ndarray of int32, shape (villages,)
        Town of each village.
    town_mean_farms : ndarray of float64, shape (towns,)
        Mean farms per village of each town; 0 away from the river.

    Returns
    -------
    ndarray of float64, shape (villages,)
        Whole numbers.

    Examples
    --------
    >>> draw_farms(1, np.array([5]), np.array([0], np.int32), np.array([0.0])).tolist()
    [0.0]
    """
    farms = np.zeros(village_key.size)
    for village in range(village_key.size):
        farms[village] = poisson(
            seed, FARMS, village_key[village], 0, 0, town_mean_farms[village_town[village]]
        )
    return farms
