"""The laid-out border: everything that stays as it is during a run, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.world.region import Region

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Keys = NDArray[np.int64]
Levels = NDArray[np.int8]
Flags = NDArray[np.bool_]
Texts = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class World:
    """Hold one border as arrays; index i of every array of a group is the same entity.

    Units are sorted by province, prefecture, county and town in the order of the region's tables, and side a
    of every pair is the lower index: on a border all a-sides lie in the first province. Indices are int32, −1
    means none.

    Parameters
    ----------
    name, title_zh, title_en : str
        The region.
    border_level : int
        Ties of this boundary level (0 town … 4 nation) or above lie on the border.
    seed : int
        Seed of the layout.
    region : Region
        The tables it was made from.
    village_code, village_name_zh, village_name_en : tuple of str
        Villages and communities.
    village_key : ndarray of int64
        Number of the village's own code, which keys its draws whatever else is in the world.
    village_town : ndarray of int32
        Town of each village, ascending.
    village_lon, village_lat : ndarray of float64
        Degrees.
    village_x_km, village_y_km : ndarray of float64
        Kilometres east and north of the middle of the towns.
    village_residents : ndarray of float64
        Persons; synthetic, summing to the town's.
    village_farms : ndarray of float64
        Livestock farms that drain to the river; synthetic whole numbers.
    village_is_border : ndarray of bool
        Whether the village has a tie on the border.
    village_position_is_synthetic : ndarray of bool
        Whether the position was scattered.
    town_code, town_name_zh, town_name_en : tuple of str
        Towns.
    town_key : ndarray of int64
        As `village_key`.
    town_county : ndarray of int32
        County of each town, ascending.
    town_lon, town_lat, town_area_km2, town_residents : ndarray of float64
        Point, area and residents.
    town_position_is_synthetic : ndarray of bool
        Whether the point was scattered, or the row itself stands for towns that are not known.
    town_ring : ndarray of int32
        0 on the line, 1 behind it; −1 where the table is blank.
    county_code, county_name_zh, county_name_en : tuple of str
        Counties.
    county_key : ndarray of int64
        As `village_key`.
    county_prefecture : ndarray of int32
        Prefecture of each county, ascending.
    county_lon, county_lat, county_residents : ndarray of float64
        Point and residents of the whole county.
    county_share_modelled : ndarray of float64
        Residents of the modelled towns over those of the county, in (0, 1].
    prefecture_code, prefecture_name_zh, prefecture_name_en : tuple of str
        Prefectures.
    prefecture_province : ndarray of int32
        Province of each prefecture, ascending.
    province_code, province_name_zh, province_name_en : tuple of str
        Provinces.
    department_key, department_name_zh, department_name_en : tuple of str
        Departments that every county has.
    office_tier : ndarray of int8
        0 village, 1 town, 2 county, 3 department, 4 prefecture or province.
    office_unit, office_parent, office_department : ndarray of int32
        Unit within its level (for a department its county), office above, department.
    office_start : tuple of 6 int
        First office of villages, towns, counties, departments, prefectures and provinces.
    tie_a, tie_b : ndarray of int32
        Villages of a tie, a < b.
    tie_key : ndarray of int64
        Number of the two villages' codes, which keys the draws of the tie.
    tie_length_km : ndarray of float64
        Length of the line between the two villages.
    tie_is_river : ndarray of bool
        Whether the line follows the river or the reservoir's shore.
    tie_level : ndarray of int8
        Boundary level: 0 town, 1 county, 2 prefecture, 3 province, 4 nation.
    tie_is_border : ndarray of bool
        Whether the level reaches `border_level`.
    tie_legacy_claims : ndarray of int32
        Unsettled claims to hills, forest and land at the start.
    tie_upstream : ndarray of int8
        +1 where side a lies upstream of side b, −1 the reverse, 0 neither.
    tie_named : ndarray of bool
        Whether sources name the pair of villages, or the pair of towns around it.
    tie_segment : ndarray of int32
        Segment of the tie, −1 inside a town.
    tie_dyad : ndarray of int32, shape (ties, 4)
        Village, town, county and first department dyad; department d of the pair is the first plus d.
    dyad_a, dyad_b : ndarray of int32
        Offices of a dyad; village dyad i is tie i.
    dyad_tier, dyad_level : ndarray of int8
        Tier of the offices and boundary level of the pair.
    dyad_is_border : ndarray of bool
        Whether the level reaches `border_level`.
    segment_tie : ndarray of int32
        Tie of each segment: all ties that cross a town's line.
    segment_length_km, segment_x_km, segment_y_km : ndarray of float64
        Length and midpoint.
    segment_is_border : ndarray of bool
        Whether it lies on the border.
    team_kind : ndarray of int8
        0 police, 1 volunteers, 2 water, 3 market.
    team_office, team_county : ndarray of int32
        Owner and county.
    team_strength : ndarray of float64
        Visits as a multiple of what the kind usually makes; 1 where the region says nothing.
    team_bank_start, team_bank : ndarray of int32
        Banks of team i are `team_bank[team_bank_start[i]:team_bank_start[i + 1]]`; bank = 2·segment + side.
    river_number : ndarray of int32
        Which river each row belongs to, from 0.
    river_town : ndarray of int32
        Town of each row of the rivers, −1 where not modelled.
    river_code, river_name_zh, river_name_en : tuple of str
        The town of the row.
    river_order : ndarray of int32
        Order downstream.
    river_length_km : ndarray of float64
        Length in the town; 0 for reservoir rows.
    river_is_reservoir, river_is_upstream : ndarray of bool
        Shore of the reservoir; on the side of the border where the river comes from.
    river_farms : ndarray of float64
        Livestock farms of the town, counted once per town.
    """

    name: str
    title_zh: str
    title_en: str
    border_level: int
    seed: int
    region: Region

    village_code: Texts
    village_name_zh: Texts
    village_name_en: Texts
    village_key: Keys
    village_town: Ints
    village_lon: Floats
    village_lat: Floats
    village_x_km: Floats
    village_y_km: Floats
    village_residents: Floats
    village_farms: Floats
    village_is_border: Flags
    village_position_is_synthetic: Flags

    town_code: Texts
    town_name_zh: Texts
    town_name_en: Texts
    town_key: Keys
    town_county: Ints
    town_lon: Floats
    town_lat: Floats
    town_area_km2: Floats
    town_residents: Floats
    town_position_is_synthetic: Flags
    town_ring: Ints

    county_code: Texts
    county_name_zh: Texts
    county_name_en: Texts
    county_key: Keys
    county_prefecture: Ints
    county_lon: Floats
    county_lat: Floats
    county_residents: Floats
    county_share_modelled: Floats

    prefecture_code: Texts
    prefecture_name_zh: Texts
    prefecture_name_en: Texts
    prefecture_province: Ints
    province_code: Texts
    province_name_zh: Texts
    province_name_en: Texts

    department_key: Texts
    department_name_zh: Texts
    department_name_en: Texts

    office_tier: Levels
    office_unit: Ints
    office_parent: Ints
    office_department: Ints
    office_start: tuple[int, int, int, int, int, int]

    tie_a: Ints
    tie_b: Ints
    tie_key: Keys
    tie_length_km: Floats
    tie_is_river: Flags
    tie_level: Levels
    tie_is_border: Flags
    tie_legacy_claims: Ints
    tie_upstream: Levels
    tie_named: Flags
    tie_segment: Ints
    tie_dyad: Ints

    dyad_a: Ints
    dyad_b: Ints
    dyad_tier: Levels
    dyad_level: Levels
    dyad_is_border: Flags

    segment_tie: Ints
    segment_length_km: Floats
    segment_x_km: Floats
    segment_y_km: Floats
    segment_is_border: Flags

    team_kind: Levels
    team_office: Ints
    team_county: Ints
    team_strength: Floats
    team_bank_start: Ints
    team_bank: Ints

    river_number: Ints
    river_town: Ints
    river_code: Texts
    river_name_zh: Texts
    river_name_en: Texts
    river_order: Ints
    river_length_km: Floats
    river_is_reservoir: Flags
    river_is_upstream: Flags
    river_farms: Floats

    def village_office(self, village: int) -> int:
        """Give the office (branch) of a village.

        Parameters
        ----------
        village : int
            Index of the village.

        Returns
        -------
        int
            Index of the office.
        """
        return self.office_start[0] + village

    def town_office(self, town: int) -> int:
        """Give the office (committee) of a town.

        Parameters
        ----------
        town : int
            Index of the town.

        Returns
        -------
        int
            Index of the office.
        """
        return self.office_start[1] + town

    def county_office(self, county: int) -> int:
        """Give the office (committee) of a county.

        Parameters
        ----------
        county : int
            Index of the county.

        Returns
        -------
        int
            Index of the office.
        """
        return self.office_start[2] + county

    def department_office(self, county: int, department: int) -> int:
        """Give the office of a county's department.

        Parameters
        ----------
        county, department : int
            Indices of both.

        Returns
        -------
        int
            Index of the office.
        """
        return self.office_start[3] + county * len(self.department_key) + department

    def prefecture_office(self, prefecture: int) -> int:
        """Give the office of a prefecture.

        Parameters
        ----------
        prefecture : int
            Index of the prefecture.

        Returns
        -------
        int
            Index of the office.
        """
        return self.office_start[4] + prefecture

    def province_office(self, province: int) -> int:
        """Give the office of a province.

        Parameters
        ----------
        province : int
            Index of the province.

        Returns
        -------
        int
            Index of the office.
        """
        return self.office_start[5] + province
