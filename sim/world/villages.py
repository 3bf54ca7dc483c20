"""The villages of a region, settled: position, residents and farms of each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.streams import entity_number
from sim.world.layout import KM_PER_DEGREE, draw_farms, scatter_villages, split_residents
from sim.world.units import Units, town_areas_km2, town_residents


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
    is_synthetic = np.isnan(lon)
    partner = _partner_towns(units, named)
    area = town_areas_km2(units)
    scatter_villages(seed, key, units.village_start, partner, town_lon, town_lat, area, lon, lat)
    middle_lon, middle_lat = float(town_lon.mean()), float(town_lat.mean())
    width = KM_PER_DEGREE * math.cos(math.radians(middle_lat))
    return Villages(
        key,
        lon,
        lat,
        (lon - middle_lon) * width,
        (lat - middle_lat) * KM_PER_DEGREE,
        is_synthetic,
        split_residents(seed, key, units.village_start, town_residents(units), residents_spread),
        draw_farms(seed, key, units.village_town, farms_per_village),
    )


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
