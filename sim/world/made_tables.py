"""The tables of a country that exists nowhere: codes, names and numbers of the units of a made-up ground."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.elementary import cosines
from sim.language import catalogue
from sim.streams import COUNTRY, uniforms
from sim.world.currents import Current
from sim.world.ground import Ground
from sim.world.layout import KM_PER_DEGREE
from sim.world.reading import empty_table
from sim.world.tables import COLUMNS, LINE

__all__ = [
    "Choice",
    "Model",
    "list_units",
    "made_adjacency",
    "made_places",
    "made_rivers",
    "made_towns",
    "made_villages",
    "pick",
]

# Draws of a unit, by index.
_RESIDENTS, _KIND = 11, 12

# Digits of a unit's number within the one above it.
_WIDTH: Final = {"province": 2, "prefecture": 2, "county": 2, "town": 3}

Rows = NDArray[Any]


@dataclass(frozen=True)
class Model:
    """Hold what is taken from a real region: distributions to draw from.

    Parameters
    ----------
    town_area_km2 : float
        Mean area of a town.
    villages_per_town : ndarray of int64
        Of every town, ascending.
    size_correlation : float
        Correlation of the logarithms of a town's area and its villages, −1 to 1.
    residents_per_village : ndarray of float64
        Of every county, ascending.
    community_share : float
        Share of communities among villages.
    """

    town_area_km2: float
    villages_per_town: NDArray[np.int64]
    size_correlation: float
    residents_per_village: NDArray[np.float64]
    community_share: float


@dataclass(frozen=True, eq=False)
class Choice:
    """Hold the modelled towns of a ground, nearest to its middle first.

    Parameters
    ----------
    ground : Ground
        All towns.
    towns, ring, villages : ndarray of int64
        Row of each modelled town in the ground; 0 on the line, 1 behind it; its villages.
    size : ndarray of int64
        Villages of every town of the ground.
    """

    ground: Ground
    towns: NDArray[np.int64]
    ring: NDArray[np.int64]
    villages: NDArray[np.int64]
    size: NDArray[np.int64]


def pick(rows: Rows, share: NDArray[np.float64]) -> Rows:
    """Take the row of a sorted sample at each share of it.

    Parameters
    ----------
    rows : ndarray
        The sample, ascending.
    share : ndarray of float64
        From 0 to 1.

    Returns
    -------
    ndarray
        One row for each share.

    Examples
    --------
    >>> pick(np.array([5, 7, 9]), np.array([0.0, 0.5, 1.0])).tolist()
    [5, 7, 9]
    """
    return rows[np.minimum((share * rows.size).astype(np.int64), rows.size - 1)]


def list_units(choice: Choice, currents: tuple[Current, ...]) -> pd.DataFrame:
    """Give numbers and codes to the modelled towns, those that rivers run through, and all units above them.

    Parameters
    ----------
    choice : Choice
        The modelled towns.
    currents : tuple of Current
        The rivers.

    Returns
    -------
    pandas.DataFrame
        One row per town by its row in the ground: numbers and codes of its units, its own code and number.
    """
    ground = choice.ground
    outside = [town for current in currents for town in current.towns]
    rows = pd.unique(np.concatenate((choice.towns, np.array(outside, dtype=np.int64))))
    listed = pd.DataFrame(
        {
            "row": rows,
            "province": pd.factorize(ground.province[rows])[0] + 1,
            "prefecture": ground.prefecture[rows],
            "county": ground.county[rows],
            "town": rows,
        }
    )
    # A unit is numbered within the one above it, in the order in which it turns up.
    above = ["province"]
    for level in ("prefecture", "county", "town"):
        listed[level] = listed.groupby(above)[level].transform(lambda cells: pd.factorize(cells)[0] + 1)
        above.append(level)
    parts = {level: listed[level].map(f"{{:0{width}d}}".format) for level, width in _WIDTH.items()}
    listed["province_code"] = "S" + parts["province"] + "0000"
    listed["prefecture_code"] = "S" + parts["province"] + parts["prefecture"] + "00"
    listed["county_code"] = "S" + parts["province"] + parts["prefecture"] + parts["county"]
    listed["code"] = listed["county_code"] + parts["town"]
    listed["number"] = parts["province"]
    for level in ("prefecture", "county", "town"):
        listed["number"] += "-" + parts[level]
    return listed.set_index("row")


def _named(level: str, numbers: pd.Series) -> dict[str, list[str]]:
    """Name units in both languages; every name says that the unit is synthetic."""
    words = catalogue()[f"country.{level}"]
    return {
        f"name_{language}": [words[language].format(number=number) for number in numbers]
        for language in ("zh", "en")
    }


def _table(file: str, data: Mapping[str, Any]) -> pd.DataFrame:
    """Make a table as it would be read from a file: every column, its line, its types."""
    count = len(data["code"] if "code" in data else next(iter(data.values())))
    frame = pd.DataFrame({LINE: np.arange(2, count + 2)})
    for column in COLUMNS[file]:
        is_number = column.kind in ("number", "integer")
        values = data.get(column.name, math.nan if is_number else "")
        kind: Any = "float64" if is_number else "object"
        frame[column.name] = pd.Series(values, index=frame.index, dtype=kind)
    return frame


def _degrees(x_km: NDArray[np.float64], y_km: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Put points of the plane where the equator meets the prime meridian."""
    lat = y_km / KM_PER_DEGREE
    lon = x_km / (KM_PER_DEGREE * cosines(np.radians(lat)))
    return {"lon": lon.round(5), "lat": lat.round(5)}


def made_places(choice: Choice, listed: pd.DataFrame, model: Model, seed: int) -> pd.DataFrame:
    """Make the table of provinces, prefectures and counties.

    Parameters
    ----------
    choice : Choice
        The modelled towns.
    listed : pandas.DataFrame
        As :func:`list_units` gives it.
    model : Model
        What to draw from.
    seed : int
        Seed of the country.

    Returns
    -------
    pandas.DataFrame
        As it would be read from `places.csv`.
    """
    ground = choice.ground
    county_row = listed.drop_duplicates("county_code")
    cell = ground.county[county_row.index]
    # All towns of a county count, modelled or not: its residents are theirs.
    kind, of_town = np.unique(ground.county, return_inverse=True)
    place = np.searchsorted(kind, cell)
    towns = np.bincount(of_town)[place]
    units = np.bincount(of_town, weights=choice.size)[place]
    area = np.bincount(of_town, weights=ground.area_km2)[place]
    middle = [np.bincount(of_town, weights=axis)[place] / towns for axis in (ground.x_km, ground.y_km)]
    share = uniforms(seed, COUNTRY, cell, 1, _RESIDENTS)
    residents = np.round(units * pick(model.residents_per_village, share))
    provinces = listed.drop_duplicates("province_code")
    prefectures = listed.drop_duplicates("prefecture_code")
    levels = (
        ("province", provinces, 2, np.full(len(provinces), "")),
        ("prefecture", prefectures, 5, prefectures["province_code"]),
        ("county", county_row, 8, county_row["prefecture_code"]),
    )
    blocks = []
    for level, rows, length, parent in levels:
        columns = {
            "code": rows[f"{level}_code"].to_numpy(),
            **_named(level, rows["number"].str[:length]),
            "parent_code": np.asarray(parent),
        }
        blocks.append(pd.DataFrame(columns, dtype=object).assign(level=level))
    places = pd.concat(blocks, ignore_index=True)
    above = np.full(len(places) - len(county_row), math.nan)
    numbers = {**_degrees(*middle), "residents": residents, "area_km2": area.round(1), "village_units": units}
    data: dict[str, Any] = {str(key): places[key] for key in places}
    data |= {key: np.concatenate((above, values)) for key, values in numbers.items()}
    return _table("places.csv", data | {"source": "synthetic"})


def made_towns(choice: Choice, listed: pd.DataFrame) -> pd.DataFrame:
    """Make the table of the modelled towns.

    Parameters
    ----------
    choice : Choice
        The modelled towns.
    listed : pandas.DataFrame
        As :func:`list_units` gives it.

    Returns
    -------
    pandas.DataFrame
        As it would be read from `towns.csv`.
    """
    rows, ground = listed.loc[choice.towns], choice.ground
    return _table(
        "towns.csv",
        {
            "code": rows["code"].to_numpy(),
            **_named("town", rows["number"]),
            "county_code": rows["county_code"].to_numpy(),
            **_degrees(ground.x_km[choice.towns], ground.y_km[choice.towns]),
            "synthetic": "yes",
            "coordinate_source": "synthetic",
            "area_km2": ground.area_km2[choice.towns].round(1),
            "ring": choice.ring,
        },
    )


def made_villages(choice: Choice, listed: pd.DataFrame, model: Model, seed: int) -> pd.DataFrame:
    """Make the table of their villages.

    Parameters
    ----------
    choice : Choice
        The modelled towns.
    listed : pandas.DataFrame
        As :func:`list_units` gives it.
    model : Model
        What to draw from.
    seed : int
        Seed of the country.

    Returns
    -------
    pandas.DataFrame
        As it would be read from `villages.csv`.
    """
    rows = listed.loc[np.repeat(choice.towns, choice.villages)]
    first = np.repeat(np.cumsum(choice.villages) - choice.villages, choice.villages)
    number = pd.Series(np.arange(len(rows)) - first + 1, index=rows.index).map("{:03d}".format)
    cell = choice.ground.cell[rows.index]
    draw = uniforms(seed, COUNTRY, cell * 1024 + number.astype(np.int64).to_numpy(), 0, _KIND)
    return _table(
        "villages.csv",
        {
            "code": (rows["code"] + number).to_numpy(),
            **_named("village", rows["number"] + "-" + number),
            "kind": np.where(draw < model.community_share, "community", "village").astype(object),
            "town_code": rows["code"].to_numpy(),
        },
    )


def made_adjacency(choice: Choice, listed: pd.DataFrame) -> pd.DataFrame:
    """Make the table of neighbouring towns.

    Parameters
    ----------
    choice : Choice
        The modelled towns.
    listed : pandas.DataFrame
        As :func:`list_units` gives it.

    Returns
    -------
    pandas.DataFrame
        As it would be read from `adjacency.csv`.
    """
    ground = choice.ground
    code = np.full(ground.x_km.size, "", dtype=object)
    code[choice.towns] = listed.loc[choice.towns, "code"]
    inside = (code[ground.first] != "") & (code[ground.second] != "")
    # 0.5 km and more, so that none is rounded to nothing.
    data = {
        "town_a": code[ground.first[inside]],
        "town_b": code[ground.second[inside]],
        "shared_km": ground.shared_km[inside].round(1),
        "basis": "synthetic",
    }
    return _table("adjacency.csv", data)


def made_rivers(choice: Choice, listed: pd.DataFrame, currents: tuple[Current, ...]) -> pd.DataFrame:
    """Make the table of the rivers, also where they run through towns that are not modelled.

    Parameters
    ----------
    choice : Choice
        The modelled towns.
    listed : pandas.DataFrame
        As :func:`list_units` gives it.
    currents : tuple of Current
        The rivers.

    Returns
    -------
    pandas.DataFrame
        As it would be read from `river.csv`.
    """
    if not currents:
        return empty_table(COLUMNS["river.csv"])
    rows = listed.loc[[town for current in currents for town in current.towns]]
    sizes = [len(current.towns) for current in currents]
    data = {
        "order_downstream": np.concatenate([np.arange(1, size + 1) for size in sizes]),
        "reach": [
            "upper" if place < current.above else "lower"
            for current in currents
            for place in range(len(current.towns))
        ],
        "town_code": rows["code"].to_numpy(),
        **_named("town", rows["number"]),
        "county_code": rows["county_code"].to_numpy(),
        "length_km": [km for current in currents for km in current.length_km],
        "village_units": choice.size[rows.index],
        "river": [f"R{number:03d}" for number, size in enumerate(sizes, start=1) for _ in range(size)],
    }
    return _table("river.csv", data)
