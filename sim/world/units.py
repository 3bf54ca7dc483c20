"""The administrative units of a region as sorted arrays: places, and the residents of towns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.world.layout import DEFAULT_TOWN_AREA_KM2
from sim.world.region import Region


@dataclass(frozen=True, eq=False)
class Units:
    """Hold the rows of every level, sorted so that the units of one superior stand together.

    Provinces keep the order of `places.csv`; prefectures follow their province, and so on down to villages.
    Side a of a pair is always the lower index, so on a border all a-sides lie in one province.

    Parameters
    ----------
    villages, towns, counties, prefectures, provinces : pandas.DataFrame
        Rows of the region's tables in this order.
    village_town, town_county : ndarray of int32
        Index of the superior.
    county_prefecture, prefecture_province : ndarray of int32
        Index of the superior.
    village_start : ndarray of int64, shape (towns + 1,)
        Villages of town t are `village_start[t]` up to `village_start[t + 1]`.
    """

    villages: pd.DataFrame
    towns: pd.DataFrame
    counties: pd.DataFrame
    prefectures: pd.DataFrame
    provinces: pd.DataFrame
    village_town: NDArray[np.int32]
    town_county: NDArray[np.int32]
    county_prefecture: NDArray[np.int32]
    prefecture_province: NDArray[np.int32]
    village_start: NDArray[np.int64]

    def ancestors_of_village(self) -> tuple[NDArray[np.int64], ...]:
        """Give the town, county, prefecture and province of every village.

        Returns
        -------
        tuple of 4 ndarray of int64, shape (villages,)
            Indices, in ascending order of level.
        """
        town = self.village_town.astype(np.int64)
        county = self.town_county[town].astype(np.int64)
        prefecture = self.county_prefecture[county].astype(np.int64)
        return town, county, prefecture, self.prefecture_province[prefecture].astype(np.int64)


def sort_units(region: Region) -> Units:
    """Sort the units of a region by province, prefecture, county and town.

    Places without a modelled town are left out: they only tell where the river comes from.

    Parameters
    ----------
    region : Region
        Checked tables.

    Returns
    -------
    Units
        Sorted rows and indices of superiors.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> units = sort_units(load_region("yulin_zhanjiang_maoming"))
    >>> units.provinces["name_en"].tolist(), units.prefectures["name_en"].tolist()
    (['Guangxi', 'Guangdong'], ['Yulin', 'Zhanjiang', 'Maoming'])
    """
    places = region.places
    counties = _level(places, "county", set(region.towns["county_code"]))
    prefectures = _level(places, "prefecture", set(counties["parent_code"]))
    provinces = _level(places, "province", set(prefectures["parent_code"]))
    prefectures, prefecture_province = _below(prefectures, "parent_code", provinces)
    counties, county_prefecture = _below(counties, "parent_code", prefectures)
    towns, town_county = _below(region.towns, "county_code", counties)
    villages, village_town = _below(region.villages, "town_code", towns)
    start = np.searchsorted(village_town, np.arange(len(towns) + 1)).astype(np.int64)
    return Units(
        villages, towns, counties, prefectures, provinces,
        village_town, town_county, county_prefecture, prefecture_province, start,
    )  # fmt: skip


def _level(places: pd.DataFrame, level: str, codes: set[str]) -> pd.DataFrame:
    return places[(places["level"] == level) & places["code"].isin(codes)]


def _below(
    frame: pd.DataFrame, superior_column: str, superiors: pd.DataFrame
) -> tuple[pd.DataFrame, NDArray[np.int32]]:
    """Sort rows by their superior's place, keeping the file's order within one superior."""
    index_by_code = {code: index for index, code in enumerate(superiors["code"])}
    superior = np.array([index_by_code[code] for code in frame[superior_column]], dtype=np.int32)
    order = np.argsort(superior, kind="stable")
    return frame.iloc[order].reset_index(drop=True), superior[order]


def town_areas_km2(units: Units) -> NDArray[np.float64]:
    """Give the area of every town, with a default where the table is blank.

    Parameters
    ----------
    units : Units
        Sorted rows.

    Returns
    -------
    ndarray of float64, shape (towns,)
        Square kilometres.
    """
    area = units.towns["area_km2"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(area), DEFAULT_TOWN_AREA_KM2, area)


def county_residents(units: Units, residents_per_village: float) -> NDArray[np.float64]:
    """Give the residents of every county; a blank one is estimated from its towns and villages.

    A town counts with its own number, or with the numbers of its villages, where there are any; what is left
    of the county's villages and communities counts with the average.

    Parameters
    ----------
    units : Units
        Sorted rows.
    residents_per_village : float
        Persons of an average village, above 0.

    Returns
    -------
    ndarray of float64, shape (counties,)
        Persons of the whole county.
    """
    given = units.counties["residents"].to_numpy(dtype=np.float64)
    if not np.isnan(given).any():
        return given.copy()
    known = _known_residents(units)
    is_known = ~np.isnan(known)
    size = np.diff(units.village_start).astype(np.float64)
    counties = len(units.counties)
    taken = np.bincount(units.town_county, weights=np.where(is_known, known, 0.0), minlength=counties)
    taken_size = np.bincount(units.town_county, weights=np.where(is_known, size, 0.0), minlength=counties)
    rest = np.maximum(_county_size(units) - taken_size, 0.0)
    return np.where(np.isnan(given), taken + residents_per_village * rest, given)


def town_residents(units: Units, residents_of_counties: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the residents of every town; a blank one gets its share of the county.

    What the county has beyond the towns with a number is split by villages and communities: a town's share is
    its number of units over that of the county (`village_units` of `places.csv`: all towns, modelled or not).

    Parameters
    ----------
    units : Units
        Sorted rows.
    residents_of_counties : ndarray of float64, shape (counties,)
        Persons of every county.

    Returns
    -------
    ndarray of float64, shape (towns,)
        Persons.
    """
    given = _known_residents(units)
    is_given = ~np.isnan(given)
    size = np.diff(units.village_start).astype(np.float64)
    counties = len(units.counties)
    taken = np.bincount(units.town_county, weights=np.where(is_given, given, 0.0), minlength=counties)
    taken_size = np.bincount(units.town_county, weights=np.where(is_given, size, 0.0), minlength=counties)
    rest = residents_of_counties - taken
    rest_size = np.maximum(_county_size(units) - taken_size, 1.0)
    share = (rest / rest_size)[units.town_county] * size
    return np.where(is_given, given, share)


def _county_size(units: Units) -> NDArray[np.float64]:
    """Count the villages of whole counties; without a number the modelled towns are taken to be all of it."""
    size = np.diff(units.village_start).astype(np.float64)
    given = units.counties["village_units"].to_numpy(dtype=np.float64)
    modelled = np.bincount(units.town_county, weights=size, minlength=len(units.counties))
    return np.where(np.isnan(given), modelled, np.maximum(given, modelled))


def _known_residents(units: Units) -> NDArray[np.float64]:
    """Give the residents that a town's own row tells, or all its villages do; NaN elsewhere."""
    given = units.towns["residents"].to_numpy(dtype=np.float64)
    of_villages = units.villages["residents"].to_numpy(dtype=np.float64)
    if not np.isnan(given).any() or np.isnan(of_villages).all():
        return given
    towns = len(units.towns)
    missing = np.bincount(units.village_town, weights=np.isnan(of_villages), minlength=towns)
    total = np.bincount(units.village_town, weights=np.nan_to_num(of_villages), minlength=towns)
    return np.where(np.isnan(given) & (missing == 0.0), total, given)
