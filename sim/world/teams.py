"""Stretches of line to patrol and the teams that patrol them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.world.offices import Offices
from sim.world.region import Region
from sim.world.tables import TEAM_KINDS
from sim.world.units import Units

#: Kinds of teams, in the order of `sim.world.tables.TEAM_KINDS`.
POLICE, VOLUNTEERS, WATER, MARKET = range(4)

#: The department that a team of a county belongs to.
DEPARTMENT_OF_TEAM: Final = {WATER: "ecology", MARKET: "market_regulation"}


@dataclass(frozen=True, eq=False)
class Teams:
    """Hold one row per team and, in compressed rows, the banks it covers.

    A segment has two banks; bank number = 2·segment + side (0 for side a, 1 for side b).

    Parameters
    ----------
    kind : ndarray of int8
        0 police, 1 volunteers, 2 water, 3 market.
    office : ndarray of int32
        Office that the team belongs to.
    county : ndarray of int32
        Its county.
    strength : ndarray of float64
        Visits as a multiple of what the kind usually makes; 1 where the region says nothing.
    bank_start : ndarray of int32, shape (teams + 1,)
        Banks of team i are `bank[bank_start[i]:bank_start[i + 1]]`, ascending.
    bank : ndarray of int32
        Bank numbers.
    """

    kind: NDArray[np.int8]
    office: NDArray[np.int32]
    county: NDArray[np.int32]
    strength: NDArray[np.float64]
    bank_start: NDArray[np.int32]
    bank: NDArray[np.int32]


def make_teams(
    region: Region, units: Units, offices: Offices,
    segment_town: NDArray[np.int64], segment_is_river: NDArray[np.bool_],
) -> Teams:  # fmt: skip
    """Make the teams of towns and counties and give each the banks of its own unit.

    Every town has a police and a volunteer team for the banks of the town; every county with a bank on the
    river has a water team for these banks, and every county a market team for all its banks. The region's
    table of teams makes some of them stronger or weaker, down to nothing.

    Parameters
    ----------
    region : Region
        Its departments and teams; a team whose department is not among them belongs to the county itself.
    units : Units
        Sorted units.
    offices : Offices
        Their offices.
    segment_town : ndarray of int64, shape (segments, 2)
        Towns of the two banks.
    segment_is_river : ndarray of bool, shape (segments,)
        Whether the segment follows the river.

    Returns
    -------
    Teams
        Police of all towns, volunteers of all towns, then water and market teams of counties.
    """
    department_key = tuple(region.departments["key"])
    given = {
        (unit, kind): strength
        for unit, kind, strength in zip(
            *(region.teams[column] for column in ("unit_code", "kind", "strength")), strict=True
        )
    }
    bank_town = segment_town.ravel()
    bank_county = units.town_county[bank_town]
    bank_is_river = np.repeat(segment_is_river, 2)
    by_town = _grouped(bank_town, np.arange(bank_town.size), len(units.towns))
    on_river = np.flatnonzero(bank_is_river)
    by_county = {
        WATER: _grouped(bank_county[on_river], on_river, len(units.counties)),
        MARKET: _grouped(bank_county, np.arange(bank_county.size), len(units.counties)),
    }
    kinds: list[int] = []
    owners: list[int] = []
    counties: list[int] = []
    strengths: list[float] = []
    banks: list[NDArray[np.int64]] = []
    for kind in (POLICE, VOLUNTEERS):
        for town, own in enumerate(by_town):
            kinds.append(kind)
            owners.append(offices.start[1] + town)
            counties.append(int(units.town_county[town]))
            strengths.append(given.get((units.towns["code"].iloc[town], TEAM_KINDS[kind]), 1.0))
            banks.append(own)
    for kind in (WATER, MARKET):
        for county, own in enumerate(by_county[kind]):
            if kind == WATER and not own.size:
                continue
            kinds.append(kind)
            owners.append(_county_owner(offices, department_key, DEPARTMENT_OF_TEAM[kind], county))
            counties.append(county)
            strengths.append(given.get((units.counties["code"].iloc[county], TEAM_KINDS[kind]), 1.0))
            banks.append(own)
    return Teams(
        np.array(kinds, dtype=np.int8),
        np.array(owners, dtype=np.int32),
        np.array(counties, dtype=np.int32),
        np.array(strengths, dtype=np.float64),
        np.concatenate([[0], np.cumsum([own.size for own in banks])]).astype(np.int32),
        np.concatenate(banks).astype(np.int32),
    )


def _grouped(unit: NDArray[Any], banks: NDArray[np.int64], units: int) -> list[NDArray[np.int64]]:
    """Give the banks of each unit, ascending."""
    order = np.argsort(unit, kind="stable")
    ends = np.cumsum(np.bincount(unit, minlength=units))
    return np.split(banks[order], ends[:-1])


def _county_owner(offices: Offices, department_key: Sequence[str], wanted: str, county: int) -> int:
    if wanted in department_key:
        return offices.start[3] + county * len(department_key) + list(department_key).index(wanted)
    return offices.start[2] + county
