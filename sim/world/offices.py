"""Offices (party branches and committees) of every unit, and dyads of offices whose territories touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.world.ties import boundary_level
from sim.world.units import Units

#: Tiers of offices; prefectures and provinces are one tier, the common superiors above the county.
VILLAGE, TOWN, COUNTY, DEPARTMENT, UPPER = range(5)


@dataclass(frozen=True, eq=False)
class Offices:
    """Hold one row per office: villages, towns, counties, departments by county, prefectures, provinces.

    Parameters
    ----------
    tier : ndarray of int8
        0 village, 1 town, 2 county, 3 department, 4 prefecture or province.
    unit : ndarray of int32
        Index of the unit within its level; for a department its county.
    parent : ndarray of int32
        Office above, −1 for provinces.
    department : ndarray of int32
        Index of the department, −1 for other offices.
    start : tuple of 6 int
        First office of villages, towns, counties, departments, prefectures and provinces.
    """

    tier: NDArray[np.int8]
    unit: NDArray[np.int32]
    parent: NDArray[np.int32]
    department: NDArray[np.int32]
    start: tuple[int, int, int, int, int, int]


def make_offices(units: Units, departments: int) -> Offices:
    """Make the offices of all units.

    Parameters
    ----------
    units : Units
        Sorted units.
    departments : int
        Departments that every county has.

    Returns
    -------
    Offices
        One row per office; the office above a department is its county.
    """
    counties = len(units.counties)
    sizes = [
        len(units.villages), len(units.towns), counties, counties * departments,
        len(units.prefectures), len(units.provinces),
    ]  # fmt: skip
    start = tuple(int(first) for first in np.concatenate([[0], np.cumsum(sizes)[:-1]]))
    unit = [np.arange(size) for size in sizes]
    unit[3] = np.repeat(np.arange(counties), departments)
    parent: list[NDArray[np.integer]] = [
        start[1] + units.village_town,
        start[2] + units.town_county,
        start[4] + units.county_prefecture,
        start[2] + unit[3],
        start[5] + units.prefecture_province,
        np.full(sizes[5], -1),
    ]
    department = np.full(sum(sizes), -1, dtype=np.int32)
    department[start[3] : start[4]] = np.tile(np.arange(departments), counties)
    return Offices(
        np.repeat([VILLAGE, TOWN, COUNTY, DEPARTMENT, UPPER, UPPER], sizes).astype(np.int8),
        np.concatenate(unit).astype(np.int32),
        np.concatenate(parent).astype(np.int32),
        department,
        (start[0], start[1], start[2], start[3], start[4], start[5]),
    )


@dataclass(frozen=True, eq=False)
class Dyads:
    """Hold pairs of offices of one tier whose territories touch, a < b.

    Parameters
    ----------
    a, b : ndarray of int32
        Offices; village dyad i is tie i, then come towns, counties and departments (pair by pair).
    tier : ndarray of int8
        0 village, 1 town, 2 county, 3 department.
    level : ndarray of int8
        Boundary level of the pair, 0 town to 4 nation.
    of_tie : ndarray of int32, shape (ties, 4)
        Village, town, county and first department dyad of each tie; −1 where both sides are one office.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    tier: NDArray[np.int8]
    level: NDArray[np.int8]
    of_tie: NDArray[np.int32]


def pair_offices(
    units: Units, offices: Offices, departments: int, tie_a: NDArray[np.int64], tie_b: NDArray[np.int64]
) -> Dyads:
    """Pair the offices of every tier that face each other over a tie.

    Parameters
    ----------
    units : Units
        Sorted units.
    offices : Offices
        Their offices.
    departments : int
        Departments of a county.
    tie_a, tie_b : ndarray of int64, shape (ties,)
        Villages of the two sides.

    Returns
    -------
    Dyads
        Pairs of villages, towns, counties and departments.
    """
    town, county, prefecture, province = units.ancestors_of_village()
    town_unit = tuple(unit[units.village_start[:-1]] for unit in (town, county, prefecture, province))
    first_town = np.searchsorted(units.town_county, np.arange(len(units.counties)))
    county_unit = tuple(unit[first_town] for unit in town_unit[1:])

    town_pair, town_of_tie = _unique_pairs(town[tie_a], town[tie_b])
    county_pair, county_of_tie = _unique_pairs(county[tie_a], county[tie_b])
    ties, town_pairs, county_pairs = len(tie_a), len(town_pair), len(county_pair)
    number = np.arange(departments)
    county_level = boundary_level(county_pair[:, 0], county_pair[:, 1], county_unit) + np.int8(1)
    sides = [
        np.concatenate([
            offices.start[0] + tie,
            offices.start[1] + town_pair[:, side],
            offices.start[2] + county_pair[:, side],
            (offices.start[3] + county_pair[:, side, None] * departments + number).ravel(),
        ]).astype(np.int32)
        for side, tie in ((0, tie_a), (1, tie_b))
    ]  # fmt: skip
    sizes = [ties, town_pairs, county_pairs, county_pairs * departments]
    first_county = ties + town_pairs
    first_department = first_county + county_pairs
    has_departments = (county_of_tie >= 0) & (departments > 0)
    of_tie = np.column_stack([
        np.arange(ties),
        np.where(town_of_tie >= 0, ties + town_of_tie, -1),
        np.where(county_of_tie >= 0, first_county + county_of_tie, -1),
        np.where(has_departments, first_department + county_of_tie * departments, -1),
    ]).astype(np.int32)  # fmt: skip
    return Dyads(
        sides[0],
        sides[1],
        np.repeat([VILLAGE, TOWN, COUNTY, DEPARTMENT], sizes).astype(np.int8),
        np.concatenate([
            boundary_level(tie_a, tie_b, (town, county, prefecture, province)),
            boundary_level(town_pair[:, 0], town_pair[:, 1], town_unit[1:]) + np.int8(1),
            county_level,
            np.repeat(county_level, departments),
        ]).astype(np.int8),
        of_tie,
    )  # fmt: skip


def _unique_pairs(a: NDArray[np.int64], b: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair of different units once, and the row of every input pair (−1 where both are one)."""
    differs = a != b
    base = np.int64(b.max(initial=0) + 1)
    keys, row = np.unique(a[differs] * base + b[differs], return_inverse=True)
    of_input = np.full(a.size, -1, dtype=np.int64)
    of_input[differs] = row
    return np.column_stack([keys // base, keys % base]), of_input
