"""The villages of a region, settled: position, residents and farms of each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.elementary import cos
from sim.streams import entity_number
from sim.world.layout import KM_PER_DEGREE, draw_farms, scatter_villages, split_residents
from sim.world.tables import SCATTERED
from sim.world.units import Units, town_areas_km2


@dataclass(frozen=True, eq=False)
class Villages:
    """Hold what is laid out for each village.

    Parameters
    ----------
    key : ndarray of int64
        Number of the village's own code, which keys its draws.
    lon, lat : ndarray of float64
        Degrees.
    x_km, y_km : ndarray of float64
        Kilometres east and north of the middle of the towns.
    is_synthetic : ndarray of bool
        Whether the position was scattered.
    residents, farms : ndarray of float64
        Persons; livestock farms that drain to the river.
    """

    key: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    is_synthetic: NDArray[np.bool_]
    residents: NDArray[np.float64]
    farms: NDArray[np.float64]


def settle_villages(
    units: Units,
    seed: int,
    named: NDArray[np.int64],
    residents_of_towns: NDArray[np.float64],
    residents_spread: float,
    farms_per_village: NDArray[np.float64],
) -> Villages:
    """Give every village a position, residents and farms.

    Parameters
    ----------
    units : Units
        Sorted units.
    seed : int
        Seed of the layout.
    named : ndarray of int64, shape (named, 2)
        Pairs of villages that sources name; each is placed towards the other's town.
    residents_of_towns : ndarray of float64, shape (towns,)
        Persons of every town.
    residents_spread : float
        Coefficient of variation of residents over the villages of a town.
    farms_per_village : ndarray of float64, shape (towns,)
        Mean farms of a village of each town.

    Returns
    -------
    Villages
        One row per village.
    """
    key = number_codes(units.villages["code"])
    town_lon = units.towns["lon"].to_numpy(dtype=np.float64, copy=True)
    town_lat = units.towns["lat"].to_numpy(dtype=np.float64, copy=True)
    lon = units.villages["lon"].to_numpy(dtype=np.float64, copy=True)
    lat = units.villages["lat"].to_numpy(dtype=np.float64, copy=True)
    # A point that an earlier layout scattered is given here, and no truer for it.
    is_synthetic = np.isnan(lon) | (units.villages["coordinate_source"] == SCATTERED).to_numpy()
    partner = _partner_towns(units, named)
    area = town_areas_km2(units)
    scatter_villages(seed, key, units.village_start, partner, town_lon, town_lat, area, lon, lat)
    middle_lon, middle_lat = float(town_lon.mean()), float(town_lat.mean())
    width = KM_PER_DEGREE * cos(math.radians(middle_lat))
    return Villages(
        key,
        lon,
        lat,
        (lon - middle_lon) * width,
        (lat - middle_lat) * KM_PER_DEGREE,
        is_synthetic,
        _residents(units, key, seed, residents_of_towns, residents_spread),
        _farms(units, key, seed, farms_per_village),
    )


def _residents(
    units: Units, key: NDArray[np.int64], seed: int, of_towns: NDArray[np.float64], spread: float
) -> NDArray[np.float64]:
    """Split the residents of towns over villages; a village with its own number keeps it."""
    drawn = split_residents(seed, key, units.village_start, of_towns, spread)
    given = units.villages["residents"].to_numpy(dtype=np.float64)
    is_given = ~np.isnan(given)
    if not is_given.any():
        return drawn
    towns = of_towns.size
    taken = np.bincount(units.village_town, weights=np.where(is_given, given, 0.0), minlength=towns)
    weight = np.bincount(units.village_town, weights=np.where(is_given, 0.0, drawn), minlength=towns)
    count = np.bincount(units.village_town, weights=is_given, minlength=towns)
    size = np.diff(units.village_start)
    # Where a town's estimate falls short of its villages' own numbers, the others get their average.
    rest = np.where(taken < of_towns, of_towns - taken, taken / np.maximum(count, 1.0) * (size - count))
    scale = (rest / np.maximum(weight, 1e-300))[units.village_town]
    return np.where(is_given, given, drawn * scale)


def _farms(
    units: Units, key: NDArray[np.int64], seed: int, per_village: NDArray[np.float64]
) -> NDArray[np.float64]:
    drawn = draw_farms(seed, key, units.village_town, per_village)
    given = units.villages["farms"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(given), drawn, given)


def number_codes(codes: Iterable[str]) -> NDArray[np.int64]:
    """Give units numbers made of their own codes, so that their draws stay when others are added or left out.

    Parameters
    ----------
    codes : iterable of str
        Codes.

    Returns
    -------
    ndarray of int64
        One number per code.

    Examples
    --------
    >>> bool(number_codes(["450922"])[0] == entity_number("450922"))
    True
    """
    return np.array([entity_number(code) for code in codes], dtype=np.int64)


def _partner_towns(units: Units, named: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give each village that sources pair with another the other's town, −1 to the rest."""
    partner = np.full(len(units.villages), -1, dtype=np.int32)
    for a, b in named:
        for own, other in ((a, b), (b, a)):
            if partner[own] < 0 and units.village_town[own] != units.village_town[other]:
                partner[own] = units.village_town[other]
    return partner
