"""Lay out a region: from its tables and a seed to the border as arrays."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.streams import check_seed
from sim.world.border import Floats, Texts, World
from sim.world.linking import make_ties, named_village_pairs
from sim.world.offices import make_offices, pair_offices
from sim.world.region import Region
from sim.world.river import River, trace_river
from sim.world.teams import make_teams
from sim.world.towns import settle_towns
from sim.world.units import Units, county_residents, sort_units, town_areas_km2, town_residents
from sim.world.villages import number_codes, settle_villages

__all__ = ["World", "lay_out"]


def lay_out(
    region: Region,
    seed: int,
    *,
    legacy_claims_per_pair: float = 0.5,
    residents_spread: float = 0.35,
    farms_per_river_village: float = 28.0,
    residents_per_village: float = 3300.0,
) -> World:
    """Lay out the villages, ties, offices and teams of a region.

    The same region and seed give the same world to the bit. A result that hinges on one layout is an artefact
    of it: vary the seed.

    Parameters
    ----------
    region : Region
        Checked tables.
    seed : int
        0 or more.
    legacy_claims_per_pair : float
        Mean unsettled claims of a tie on the border; a tenth of it on other lines between towns, none
        inside a town.
    residents_spread : float
        Coefficient of variation of residents over the villages of a town.
    farms_per_river_village : float
        Mean livestock farms of a village on the upper river or the reservoir. The default spreads the 2,914
        farms that were removed on the Guangxi side over the 104 villages of its river towns.
    residents_per_village : float
        Residents of an average village, above 0, used where not even the county's are known.

    Returns
    -------
    World
        The border as arrays.

    Raises
    ------
    InputError
        A negative or non-finite number, or no seed.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming"), seed=1)
    >>> len(world.village_code), len(world.town_code), len(world.county_code), len(world.province_code)
    (1220, 71, 8, 2)
    """
    seed = check_seed(seed)
    claims_mean = _not_negative("legacy_claims_per_pair", legacy_claims_per_pair)
    spread = _not_negative("residents_spread", residents_spread)
    farms_mean = _not_negative("farms_per_river_village", farms_per_river_village)
    people_mean = _not_negative("residents_per_village", residents_per_village)
    if people_mean == 0.0:
        raise InputError("residents_per_village", 0.0, {"zh": "大于 0 的数", "en": "a number above 0"})

    units, town_is_synthetic = settle_towns(sort_units(region), seed)
    river = trace_river(region, units, farms_mean)
    residents_of_counties = county_residents(units, people_mean)
    residents = town_residents(units, residents_of_counties)
    villages = settle_villages(
        units, seed, named_village_pairs(region, units), residents, spread, river.farms_per_village
    )
    ties = make_ties(region, units, villages, river, seed, claims_mean)
    department_key = tuple(region.departments["key"])
    offices = make_offices(units, len(department_key))
    dyads = pair_offices(units, offices, len(department_key), ties.a, ties.b)

    segment_tie = np.flatnonzero(ties.level >= 1)
    tie_segment = np.full(ties.a.size, -1, dtype=np.int32)
    tie_segment[segment_tie] = np.arange(segment_tie.size)
    sides = np.column_stack([ties.a, ties.b])
    segment_town = units.village_town[sides[segment_tie]].astype(np.int64)
    teams = make_teams(region, units, offices, segment_town, ties.is_river[segment_tie])
    village_is_border = np.zeros(len(units.villages), dtype=bool)
    village_is_border[sides[ties.is_border].ravel()] = True

    village_name_zh, village_name_en = _names(units.villages)
    town_name_zh, town_name_en = _names(units.towns)
    county_name_zh, county_name_en = _names(units.counties)
    prefecture_name_zh, prefecture_name_en = _names(units.prefectures)
    province_name_zh, province_name_en = _names(units.provinces)
    modelled = np.bincount(units.town_county, weights=residents, minlength=residents_of_counties.size)
    return World(
        name=region.name,
        title_zh=region.title_zh,
        title_en=region.title_en,
        border_level=region.border_level,
        seed=seed,
        region=region,
        village_code=tuple(units.villages["code"]),
        village_name_zh=village_name_zh,
        village_name_en=village_name_en,
        village_key=villages.key,
        village_town=units.village_town,
        village_lon=villages.lon,
        village_lat=villages.lat,
        village_x_km=villages.x_km,
        village_y_km=villages.y_km,
        village_residents=villages.residents,
        village_farms=villages.farms,
        village_is_border=village_is_border,
        village_position_is_synthetic=villages.is_synthetic,
        town_code=tuple(units.towns["code"]),
        town_name_zh=town_name_zh,
        town_name_en=town_name_en,
        town_key=number_codes(units.towns["code"]),
        town_county=units.town_county,
        town_lon=_numbers(units.towns, "lon"),
        town_lat=_numbers(units.towns, "lat"),
        town_area_km2=town_areas_km2(units),
        town_residents=residents,
        town_position_is_synthetic=town_is_synthetic,
        town_ring=units.towns["ring"].fillna(-1).to_numpy(dtype=np.int32),
        county_code=tuple(units.counties["code"]),
        county_name_zh=county_name_zh,
        county_name_en=county_name_en,
        county_key=number_codes(units.counties["code"]),
        county_prefecture=units.county_prefecture,
        county_lon=_numbers(units.counties, "lon"),
        county_lat=_numbers(units.counties, "lat"),
        county_residents=residents_of_counties,
        county_share_modelled=modelled / residents_of_counties,
        prefecture_code=tuple(units.prefectures["code"]),
        prefecture_name_zh=prefecture_name_zh,
        prefecture_name_en=prefecture_name_en,
        prefecture_province=units.prefecture_province,
        province_code=tuple(units.provinces["code"]),
        province_name_zh=province_name_zh,
        province_name_en=province_name_en,
        department_key=department_key,
        department_name_zh=tuple(region.departments["name_zh"]),
        department_name_en=tuple(region.departments["name_en"]),
        office_tier=offices.tier,
        office_unit=offices.unit,
        office_parent=offices.parent,
        office_department=offices.department,
        office_start=offices.start,
        tie_a=ties.a.astype(np.int32),
        tie_b=ties.b.astype(np.int32),
        tie_key=ties.key,
        tie_length_km=ties.length_km,
        tie_is_river=ties.is_river,
        tie_level=ties.level,
        tie_is_border=ties.is_border,
        tie_legacy_claims=ties.claims,
        tie_upstream=ties.upstream,
        tie_named=ties.is_named,
        tie_segment=tie_segment,
        tie_dyad=dyads.of_tie,
        dyad_a=dyads.a,
        dyad_b=dyads.b,
        dyad_tier=dyads.tier,
        dyad_level=dyads.level,
        dyad_is_border=dyads.level >= region.border_level,
        segment_tie=segment_tie.astype(np.int32),
        segment_length_km=ties.length_km[segment_tie],
        segment_x_km=villages.x_km[sides[segment_tie]].mean(axis=1),
        segment_y_km=villages.y_km[sides[segment_tie]].mean(axis=1),
        segment_is_border=ties.is_border[segment_tie],
        team_kind=teams.kind,
        team_office=teams.office,
        team_county=teams.county,
        team_strength=teams.strength,
        team_bank_start=teams.bank_start,
        team_bank=teams.bank,
        river_number=river.number,
        river_town=river.town,
        river_code=river.code,
        river_name_zh=river.name_zh,
        river_name_en=river.name_en,
        river_order=river.order,
        river_length_km=river.length_km,
        river_is_reservoir=river.is_reservoir,
        river_is_upstream=river.is_upstream,
        river_farms=_farms_along(river, units, villages.farms),
    )


def _not_negative(field: str, value: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number >= 0.0):
        raise InputError(field, value, {"zh": "不小于 0 的数", "en": "a number of 0 or more"})
    return number


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    # A copy: the region's table must not change with the world.
    return frame[column].to_numpy(dtype=np.float64, copy=True)


def _names(frame: pd.DataFrame) -> tuple[Texts, Texts]:
    """Return Chinese and English names; a missing English one is replaced by the Chinese."""
    chinese = tuple(frame["name_zh"])
    return chinese, tuple(en or zh for en, zh in zip(frame["name_en"], chinese, strict=True))


def _farms_along(river: River, units: Units, farms: Floats) -> Floats:
    """Sum the farms of modelled towns; a town outside the model keeps its expected number."""
    of_town = np.bincount(units.village_town, weights=farms, minlength=len(units.towns))
    # A town's second row has no expected farms, so that they are counted once.
    is_counted = (river.mean_farms > 0.0) & (river.town >= 0)
    result = river.mean_farms.copy()
    result[is_counted] = of_town[river.town[is_counted]]
    return result
