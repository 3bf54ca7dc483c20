"""Rivers from town to town: order downstream, farms, and which side of a tie lies upstream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.world.region import Region
from sim.world.units import Units


@dataclass(frozen=True, eq=False)
class River:
    """Hold one row per line of `river.csv`, river by river, sorted downstream.

    Parameters
    ----------
    number : ndarray of int32
        Which river the row belongs to, from 0; a region without the column `river` has one.
    town : ndarray of int32
        Town index, −1 for a town that is not modelled.
    code, name_zh, name_en : tuple of str
        The town.
    order : ndarray of int32
        Order downstream; towns round one reservoir share a number.
    length_km : ndarray of float64
        Length within the town; 0 for reservoir rows, which lie beside and not behind each other.
    is_reservoir : ndarray of bool
        Whether the row is a shore of the reservoir.
    is_upstream : ndarray of bool
        Whether the town is on the side of the border where the river comes from.
    mean_farms : ndarray of float64
        Expected livestock farms of the whole town; 0 on the lower reach and for a town's second row.
    farms_per_village : ndarray of float64, shape (towns,)
        Mean farms of a village for every modelled town; 0 away from the river.
    shared_town, shared_water : ndarray of int32
        Towns on waters whose direction of flow is not known, and the number of the water each lies on.
    """

    number: NDArray[np.int32]
    town: NDArray[np.int32]
    code: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    order: NDArray[np.int32]
    length_km: NDArray[np.float64]
    is_reservoir: NDArray[np.bool_]
    is_upstream: NDArray[np.bool_]
    mean_farms: NDArray[np.float64]
    farms_per_village: NDArray[np.float64]
    shared_town: NDArray[np.int32]
    shared_water: NDArray[np.int32]


def trace_river(region: Region, units: Units, farms_per_river_village: float) -> River:
    """Trace the rivers through the towns of a region.

    Rows of reach `shared` (a canal or a lake, or a river whose direction no source tells) are kept apart:
    towns with the same number face each other over the water, but neither is upstream and nothing is routed.

    A row is upstream when its unit just below the border's level (its province, where the border is between
    provinces) is that of its river's first row, and no row before it lay elsewhere.

    Parameters
    ----------
    region : Region
        Checked tables.
    units : Units
        Sorted units.
    farms_per_river_village : float
        Mean livestock farms of a village in a town of the upper reach or the reservoir.

    Returns
    -------
    River
        Rows sorted downstream.
    """
    index_by_code = {code: index for index, code in enumerate(units.towns["code"])}
    is_shared = region.river["reach"] == "shared"
    shared = region.river[is_shared & region.river["town_code"].isin(index_by_code)]
    shared_town = np.array([index_by_code[code] for code in shared["town_code"]], dtype=np.int32)
    shared_water = shared["order_downstream"].to_numpy(dtype=np.int32)
    rows = region.river[~is_shared]
    rows = rows.assign(number=pd.factorize(rows["river"])[0])
    rows = rows.sort_values(["number", "order_downstream"], kind="stable")
    number = rows["number"].to_numpy(dtype=np.int32)
    town = np.array([index_by_code.get(code, -1) for code in rows["town_code"]], dtype=np.int32)
    order = rows["order_downstream"].to_numpy(dtype=np.int32)
    reach = rows["reach"].to_numpy()
    side = _sides(region, rows["town_code"].tolist(), rows["county_code"].tolist())
    is_source_side = np.zeros(len(rows), dtype=bool)
    is_upstream = np.zeros(len(rows), dtype=bool)
    for own in _rows_of_each(number):
        is_source_side[own] = [side[row] == side[own[0]] for row in own]
        outside = order[own][~is_source_side[own]]
        crossing = outside.min() if outside.size else order[own].max() + 1
        # A shore of the source's side still drains to a reservoir that both sides share.
        is_upstream[own] = is_source_side[own] & (order[own] <= crossing)

    farms_per_village = np.zeros(len(units.towns))
    mean_farms = np.zeros(len(rows))
    size = np.diff(units.village_start)
    listed = rows["village_units"].to_numpy(dtype=np.float64)
    seen: set[str] = set()
    for row, code in enumerate(rows["town_code"]):
        if code in seen or reach[row] == "lower":
            continue
        seen.add(code)
        if town[row] >= 0:
            farms_per_village[town[row]] = farms_per_river_village
            mean_farms[row] = farms_per_river_village * size[town[row]]
        elif not np.isnan(listed[row]):
            mean_farms[row] = farms_per_river_village * listed[row]
    return River(
        number, town, tuple(rows["town_code"]), tuple(rows["name_zh"]),
        tuple(en or zh for en, zh in zip(rows["name_en"], rows["name_zh"], strict=True)),
        order, np.nan_to_num(rows["length_km"].to_numpy(dtype=np.float64)), reach == "reservoir",
        is_upstream, mean_farms, farms_per_village, shared_town, shared_water,
    )  # fmt: skip


def _rows_of_each(number: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """Give the rows of each river, which stand together."""
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    return [rows.astype(np.int64) for rows in np.split(np.arange(number.size), starts[1:]) if rows.size]


def _sides(region: Region, towns: list[str], counties: list[str]) -> list[str]:
    """Name, for each row, the unit just below the level of the border."""
    parent = dict(zip(region.places["code"], region.places["parent_code"], strict=True))
    # border_level 1: towns of one county face each other; 4: provinces of the nation do.
    climb = region.border_level - 2
    sides = []
    for town, county in zip(towns, counties, strict=True):
        unit = town if climb < 0 else county
        for _ in range(max(climb, 0)):
            unit = parent[unit]
        sides.append(unit)
    return sides


def mark_river_ties(
    river: River, town_a: NDArray[np.int64], town_b: NDArray[np.int64], towns: int
) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    """Mark ties along the river and say which side lies upstream.

    Parameters
    ----------
    river : River
        The rivers.
    town_a, town_b : ndarray of int64, shape (ties,)
        Towns of the two sides.
    towns : int
        Number of towns.

    Returns
    -------
    is_river : ndarray of bool, shape (ties,)
        Two towns that follow each other on a river, both lie on its reservoir, or share a water.
    upstream : ndarray of int8, shape (ties,)
        +1 where side a lies upstream of side b, −1 the reverse, 0 where neither does or one is off the river.
        Round one reservoir the shore on the source's side of the border is upstream: the river reaches it
        first.
    """
    is_river = np.zeros(town_a.size, dtype=bool)
    upstream = np.zeros(town_a.size, dtype=np.int8)
    for rows in _rows_of_each(river.number):
        chosen = _ties_between(river.town[rows], town_a, town_b, towns)
        on_this, way = _mark_one(river, rows, town_a[chosen], town_b[chosen], towns)
        # Where two rivers run through the same two towns, the first one listed says which lies upstream.
        upstream[chosen] = np.where(upstream[chosen] != 0, upstream[chosen], way)
        is_river[chosen] |= on_this
    for water in np.unique(river.shared_water):
        chosen = _ties_between(river.shared_town[river.shared_water == water], town_a, town_b, towns)
        is_river[chosen] |= town_a[chosen] != town_b[chosen]
    return is_river, upstream


def _ties_between(
    places: NDArray[np.int32], town_a: NDArray[np.int64], town_b: NDArray[np.int64], towns: int
) -> NDArray[np.int64]:
    """Give the ties whose two towns are among those of a river."""
    on_river = np.zeros(towns, dtype=bool)
    on_river[places[places >= 0]] = True
    return np.flatnonzero(on_river[town_a] & on_river[town_b])


def _mark_one(
    river: River, rows: NDArray[np.int64], town_a: NDArray[np.int64], town_b: NDArray[np.int64], towns: int
) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    """Mark the ties of one river, as :func:`mark_river_ties` does for all."""
    place, order = river.town[rows], river.order[rows]
    modelled = place >= 0
    # A town may have two rows (a reservoir and the reach below it): it spans their numbers.
    first = np.full(towns, np.iinfo(np.int32).max, dtype=np.int64)
    last = np.full(towns, -1, dtype=np.int64)
    np.minimum.at(first, place[modelled], order[modelled])
    np.maximum.at(last, place[modelled], order[modelled])
    on_reservoir = np.zeros(towns, dtype=bool)
    on_reservoir[place[modelled & river.is_reservoir[rows]]] = True
    both = town_a != town_b
    gap = np.maximum(first[town_a] - last[town_b], first[town_b] - last[town_a])
    is_river = both & ((gap <= 1) | (on_reservoir[town_a] & on_reservoir[town_b]))
    is_source_side = np.zeros(towns, dtype=np.int64)
    is_source_side[place[modelled & river.is_upstream[rows]]] = 1
    further = np.sign(first[town_b] - first[town_a])
    by_side = is_source_side[town_a] - is_source_side[town_b]
    upstream = np.where(both, np.where(further != 0, further, by_side), 0).astype(np.int8)
    return is_river, upstream
