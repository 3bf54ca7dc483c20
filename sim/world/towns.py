"""The towns of a region, settled: a place for each whose point no table gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.world.layout import scatter_villages
from sim.world.tables import SCATTERED, SCHEMATIC
from sim.world.units import Units, town_areas_km2
from sim.world.villages import number_codes


def settle_towns(units: Units, seed: int) -> tuple[Units, NDArray[np.bool_]]:
    """Give every town a point; one without a point in the table is scattered on its county's ground.

    A county takes the disc of its area round its own point, as a town does with its villages
    (:func:`sim.world.layout.scatter_villages`): a town without a point keeps clear of the county's other
    towns and of other counties. Where it really lies is not known, so its position varies with the seed.

    Parameters
    ----------
    units : Units
        Sorted units.
    seed : int
        Seed of the layout.

    Returns
    -------
    units : Units
        The same units; all towns have a point.
    is_synthetic : ndarray of bool, shape (towns,)
        Whether the point was scattered or arranged, or the row itself stands for towns that are not known.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.units import sort_units
    >>> units, is_synthetic = settle_towns(sort_units(load_region("yulin_zhanjiang_maoming")), seed=1)
    >>> bool(is_synthetic.any())
    False
    """
    towns = units.towns
    lon = towns["lon"].to_numpy(dtype=np.float64, copy=True)
    lat = towns["lat"].to_numpy(dtype=np.float64, copy=True)
    is_scattered = np.isnan(lon)
    # An arranged point, or one that an earlier layout scattered, is given here and no truer for it.
    is_arranged = towns["coordinate_source"].isin((SCATTERED, SCHEMATIC))
    is_synthetic = is_scattered | (is_arranged | (towns["synthetic"] == "yes")).to_numpy()
    if not is_scattered.any():
        return units, is_synthetic
    counties = units.counties
    scatter_villages(
        seed,
        number_codes(towns["code"]),
        np.searchsorted(units.town_county, np.arange(len(counties) + 1)).astype(np.int64),
        np.full(len(towns), -1, dtype=np.int32),
        counties["lon"].to_numpy(dtype=np.float64, copy=True),
        counties["lat"].to_numpy(dtype=np.float64, copy=True),
        _county_areas_km2(units),
        lon,
        lat,
    )
    return replace(units, towns=towns.assign(lon=lon, lat=lat)), is_synthetic


def _county_areas_km2(units: Units) -> NDArray[np.float64]:
    """Give the area of every county; where the table is blank, that of its modelled towns."""
    area = units.counties["area_km2"].to_numpy(dtype=np.float64)
    of_towns = np.bincount(units.town_county, weights=town_areas_km2(units), minlength=area.size)
    return np.where(np.isnan(area), of_towns, area)
