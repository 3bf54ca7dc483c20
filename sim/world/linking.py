"""The ties of a region with all they carry: line, level, river, names and claims."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.streams import entity_number
from sim.world.region import Region
from sim.world.river import River, mark_river_ties
from sim.world.ties import (
    INTERIOR_CLAIM_FACTOR,
    UNKNOWN_LENGTH_KM,
    TownPairs,
    boundary_level,
    distance_km,
    draw_legacy_claims,
    link_villages,
    share_lengths,
)
from sim.world.units import Units, town_areas_km2
from sim.world.villages import Villages


@dataclass(frozen=True, eq=False)
class Ties:
    """Hold one row per tie, sorted by its two villages, a < b.

    Parameters
    ----------
    a, b : ndarray of int64
        Villages.
    key : ndarray of int64
        Number of the two villages' codes, which keys the draws of the tie.
    length_km : ndarray of float64
        Length of the line between them.
    is_river, is_border, is_named : ndarray of bool
        On the river; at the border's level or above; named by sources.
    level : ndarray of int8
        Boundary level, 0 town to 4 nation.
    claims : ndarray of int32
        Legacy claims.
    upstream : ndarray of int8
        +1 where side a lies upstream, −1 where side b does, 0 else.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    key: NDArray[np.int64]
    length_km: NDArray[np.float64]
    is_river: NDArray[np.bool_]
    is_border: NDArray[np.bool_]
    is_named: NDArray[np.bool_]
    level: NDArray[np.int8]
    claims: NDArray[np.int32]
    upstream: NDArray[np.int8]


def named_village_pairs(region: Region, units: Units) -> NDArray[np.int64]:
    """List the pairs of villages that sources name.

    Parameters
    ----------
    region : Region
        Checked tables.
    units : Units
        Its sorted units.

    Returns
    -------
    ndarray of int64, shape (named, 2)
        Village indices, lower first.
    """
    rows = region.named_pairs[region.named_pairs["level"] == "village"]
    return _sorted_pairs(units.villages["code"], rows["code_a"], rows["code_b"])


def make_ties(
    region: Region,
    units: Units,
    villages: Villages,
    river: River,
    seed: int,
    legacy_claims_per_pair: float,
) -> Ties:
    """Find the ties of a region and measure them.

    A region's own `ties.csv` replaces the generated ties and their lengths; pairs that sources name exist in
    any case.

    Parameters
    ----------
    region : Region
        Checked tables.
    units : Units
        Its sorted units.
    villages : Villages
        Settled villages.
    river : River
        The river.
    seed : int
        Seed of the layout.
    legacy_claims_per_pair : float
        Mean claims of a tie on the border; a tenth of it on other lines between towns, none inside a town.

    Returns
    -------
    Ties
        One row per tie.
    """
    named = named_village_pairs(region, units)
    adjacency = _town_pairs(region, units)
    if region.ties is None:
        a, b = link_villages(
            villages.lon, villages.lat, villages.x_km, villages.y_km, units.village_town, units.village_start,
            town_areas_km2(units), adjacency, named[:, 0], named[:, 1],
        )  # fmt: skip
    else:
        a, b, given_length, given_river, given_claims = _given_ties(region, units, named)
    town_a, town_b = (units.village_town[side].astype(np.int64) for side in (a, b))
    is_river, upstream = mark_river_ties(river, town_a, town_b, len(units.towns))
    if region.ties is None:
        distance = distance_km(villages.lon[a], villages.lat[a], villages.lon[b], villages.lat[b])
        length = share_lengths(distance, town_a, town_b, adjacency)
    else:
        is_river, length = given_river, given_length
    level = boundary_level(a, b, units.ancestors_of_village())
    is_border = level >= region.border_level
    codes = tuple(units.villages["code"])
    key = np.array([entity_number(codes[i], codes[j]) for i, j in zip(a, b, strict=True)], dtype=np.int64)
    interior = np.where(level >= 1, INTERIOR_CLAIM_FACTOR, 0.0)
    claims = draw_legacy_claims(seed, key, legacy_claims_per_pair * np.where(is_border, 1.0, interior))
    if region.ties is not None:
        claims = np.where(np.isnan(given_claims), claims, np.nan_to_num(given_claims)).astype(np.int32)
    is_named = _apply_named(region, units, (a, b), (town_a, town_b), claims)
    return Ties(a, b, key, length, is_river, is_border, is_named, level, claims, upstream)


def _sorted_pairs(known: Iterable[str], first: Iterable[str], second: Iterable[str]) -> NDArray[np.int64]:
    index = {code: position for position, code in enumerate(known)}
    pairs = [sorted((index[a], index[b])) for a, b in zip(first, second, strict=True)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _town_pairs(region: Region, units: Units) -> TownPairs:
    pairs = _sorted_pairs(units.towns["code"], region.adjacency["town_a"], region.adjacency["town_b"])
    shared_km = region.adjacency["shared_km"].to_numpy(dtype=np.float64)
    return TownPairs(pairs[:, 0], pairs[:, 1], shared_km)


def _given_ties(
    region: Region, units: Units, named: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Return sides, length, river and claims of the ties in the region's own table, named pairs added."""
    rows = region.ties
    assert rows is not None
    pairs = _sorted_pairs(units.villages["code"], rows["village_a"], rows["village_b"])
    listed = {(int(a), int(b)) for a, b in pairs}
    missing = np.array(
        [pair for pair in named if (int(pair[0]), int(pair[1])) not in listed], dtype=np.int64
    ).reshape(-1, 2)
    pairs = np.concatenate([pairs, missing])
    length = np.append(rows["length_km"].to_numpy(dtype=np.float64), np.full(len(missing), UNKNOWN_LENGTH_KM))
    is_river = np.append(rows["kind"].to_numpy() == "river", np.zeros(len(missing), dtype=bool))
    claims = np.append(rows["legacy_claims"].to_numpy(dtype=np.float64), np.full(len(missing), math.nan))
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order, 0], pairs[order, 1], length[order], is_river[order].astype(bool), claims[order]


def _apply_named(
    region: Region,
    units: Units,
    villages: tuple[NDArray[np.int64], NDArray[np.int64]],
    towns: tuple[NDArray[np.int64], NDArray[np.int64]],
    claims: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Mark the ties that sources name, and write their claims into `claims`.

    A pair of towns marks all ties between them; its claims go to the first, for they are counted once.
    """
    is_named = np.zeros(claims.size, dtype=bool)
    for level, frame, sides in (("village", units.villages, villages), ("town", units.towns, towns)):
        rows = region.named_pairs[region.named_pairs["level"] == level]
        pairs = _sorted_pairs(frame["code"], rows["code_a"], rows["code_b"])
        for (a, b), value in zip(pairs, rows["legacy_claims"], strict=True):
            found = np.flatnonzero((sides[0] == a) & (sides[1] == b))
            is_named[found] = True
            if found.size and not math.isnan(value):
                claims[found[0]] = int(value)
    return is_named
