"""A country that exists nowhere: a border of any size, made like a real one and labelled synthetic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.errors import InputError
from sim.language import catalogue
from sim.streams import COUNTRY, check_seed, uniforms
from sim.world.currents import Current, trace_currents
from sim.world.ground import TOWNS_PER_COUNTY, Ground, lay_ground, strip_along_lines
from sim.world.layout import DEFAULT_TOWN_AREA_KM2, KM_PER_DEGREE
from sim.world.region import BOUNDARY_LEVELS, Region
from sim.world.tables import COLUMNS, LINE, empty_table

__all__ = ["LARGEST_COUNTRY", "SMALLEST_COUNTRY", "generate_region"]

SMALLEST_COUNTRY: Final = 50
LARGEST_COUNTRY: Final = 100_000
"""Villages that a country may have: from a few towns on one line to all lines between provinces of a large
country."""

# Draws of a unit, by index.
_VILLAGES, _RESIDENTS, _KIND = 10, 11, 12

# Digits of a unit's number within the one above it.
_WIDTH: Final = {"province": 2, "prefecture": 2, "county": 2, "town": 3}


@dataclass(frozen=True)
class _Model:
    """What is taken from the real region: distributions to draw from."""

    town_area_km2: float
    villages_per_town: NDArray[np.int64]
    size_correlation: float
    residents_per_village: NDArray[np.float64]
    community_share: float


@dataclass(frozen=True, eq=False)
class _Choice:
    """The modelled towns, nearest to the middle first."""

    ground: Ground
    towns: NDArray[np.int64]  # rows of the ground
    ring: NDArray[np.int64]
    villages: NDArray[np.int64]  # of each
    size: NDArray[np.int64]  # villages of every town of the ground


def generate_region(villages: int, seed: int, like: Region, *, name: str = "country") -> Region:
    """Make a border of any size with the distributions of a real region.

    Provinces, prefectures and counties are nested cells of a plane; the modelled towns are those on the lines
    between provinces and those behind them, as in the tables of real regions. Neighbours and shared lines
    follow from the cells. Villages per town (and how they go with a town's area) and residents per village of
    a county are drawn from the rows of the region that it is made like. About one pair of towns in 34 across
    a line has a river that crosses it, as in the real region. All names and codes say that the unit is
    synthetic, and the country lies round the meeting of the equator and the prime meridian, where there is
    water only: no map of it can be taken for a real one.

    Parameters
    ----------
    villages : int
        Villages of the modelled towns, 50 to 100,000; met exactly.
    seed : int
        0 or more. The same seed gives the same country.
    like : Region
        The real region to draw from.
    name : str
        Key of the new region.

    Returns
    -------
    Region
        Tables as they would be read from a folder, to be laid out like any other.

    Raises
    ------
    InputError
        A number of villages or a seed outside its range.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> region = generate_region(300, 1, load_region("yulin_zhanjiang_maoming"))
    >>> len(region.villages), region.villages["name_en"][0]
    (300, 'Synthetic Village 01-01-01-001-001')
    """
    is_whole = isinstance(villages, (int, np.integer)) and not isinstance(villages, bool)
    if not is_whole or not SMALLEST_COUNTRY <= villages <= LARGEST_COUNTRY:
        low, high = SMALLEST_COUNTRY, LARGEST_COUNTRY
        allowed = {"zh": f"{low} 到 {high} 的整数", "en": f"a whole number from {low} to {high}"}
        raise InputError("villages", villages, allowed)
    seed = check_seed(seed)
    model = _learn(like)
    choice = _choose(int(villages), seed, model)
    currents = trace_currents(choice.ground, choice.towns, seed)
    listed = _list_units(choice, currents)
    words = catalogue()
    numbers = {"villages": villages, "towns": len(choice.towns), "provinces": listed["province"].nunique()}
    return Region(
        name=name,
        title_zh=words["country.title"]["zh"].format(**numbers),
        title_en=words["country.title"]["en"].format(**numbers),
        description_zh=words["country.description"]["zh"].format(**numbers),
        description_en=words["country.description"]["en"].format(**numbers),
        border_level=BOUNDARY_LEVELS.index("nation"),
        sources=(words["country.source"]["en"].format(region=like.title_en),),
        folder=Path(name),
        places=_places(choice, listed, model, seed),
        towns=_towns(choice, listed),
        villages=_villages(choice, listed, model, seed),
        adjacency=_adjacency(choice, listed),
        named_pairs=empty_table(COLUMNS["named_pairs.csv"]),
        river=_rivers(choice, listed, currents),
        departments=like.departments.copy(),
        ties=None,
        water=None,
    )


def _learn(like: Region) -> _Model:
    """Read the distributions off the rows of a region."""
    area = like.towns["area_km2"].fillna(DEFAULT_TOWN_AREA_KM2).to_numpy(dtype=np.float64)
    counts = like.villages["town_code"].value_counts()
    size = counts.reindex(like.towns["code"], fill_value=0).to_numpy(dtype=np.int64)
    log_size = np.log(np.maximum(size, 1))
    varies = area.std() > 0.0 and log_size.std() > 0.0
    places = like.places[(like.places["level"] == "county") & like.places["village_units"].notna()]
    per_village = (places["residents"] / places["village_units"]).to_numpy(dtype=np.float64)
    if not per_village.size:
        county = like.places[like.places["level"] == "county"]
        per_village = np.array([county["residents"].sum() / max(1, size.sum())])
    return _Model(
        float(area.mean()),
        np.sort(size[size > 0]),
        float(np.corrcoef(np.log(area), log_size)[0, 1]) if varies else 0.0,
        np.sort(per_village),
        float((like.villages["kind"] == "community").mean()),
    )


def _choose(villages: int, seed: int, model: _Model) -> _Choice:
    """Lay out as much ground as is needed and take the first towns of the strip along its lines."""
    per_town = float(model.villages_per_town.mean())
    county_km = math.sqrt(model.town_area_km2 * TOWNS_PER_COUNTY)
    # About a third of the towns lie in the strip; what is missing is noticed below.
    radius = math.sqrt(villages / per_town * model.town_area_km2 / 0.3 / math.pi) + 2.0 * county_km
    while True:
        ground = lay_ground(seed, radius, model.town_area_km2)
        strip = strip_along_lines(ground)
        size = _town_sizes(ground, model, seed)
        total = np.cumsum(size[strip])
        if total[-1] >= villages:
            count = int(np.searchsorted(total, villages)) + 1
            chosen = strip[:count]
            # Near the rim of the ground cells are cut, and so would be the counties they lie in.
            if np.hypot(ground.x_km[chosen], ground.y_km[chosen]).max() <= radius - 1.5 * county_km:
                break
        radius *= 1.25
    modelled = size[chosen].copy()
    modelled[-1] -= int(total[count - 1]) - villages
    is_chosen = np.zeros(ground.x_km.size, dtype=bool)
    is_chosen[chosen] = True
    across = ground.crosses & is_chosen[ground.first] & is_chosen[ground.second]
    ring = np.ones(ground.x_km.size, dtype=np.int64)
    ring[np.concatenate((ground.first[across], ground.second[across]))] = 0
    return _Choice(ground, chosen, ring[chosen], modelled, size)


def _town_sizes(ground: Ground, model: _Model, seed: int) -> NDArray[np.int64]:
    """Draw villages per town from the real ones; larger towns have more, as far as they do in reality."""
    log_area = np.log(np.maximum(ground.area_km2, 1.0))
    # Cells on the rim are cut, and tell nothing about how areas spread.
    away = np.hypot(ground.x_km, ground.y_km)
    whole = log_area[away < away.max() - 3.0 * math.sqrt(model.town_area_km2)]
    score = model.size_correlation * (log_area - whole.mean()) / whole.std()
    own = ndtri(uniforms(seed, COUNTRY, ground.cell, 0, _VILLAGES))
    score += math.sqrt(1.0 - model.size_correlation**2) * own
    return _pick(model.villages_per_town, ndtr(score))


def _pick(rows: NDArray[Any], share: NDArray[np.float64]) -> NDArray[Any]:
    """Take the row of a sorted sample at each share of it."""
    return rows[np.minimum((share * rows.size).astype(np.int64), rows.size - 1)]


def _list_units(choice: _Choice, currents: tuple[Current, ...]) -> pd.DataFrame:
    """Number the modelled towns and those that rivers run through, with all units above them."""
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
    listed["number"] = parts["province"].str.cat([parts["prefecture"], parts["county"], parts["town"]], sep="-")
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
    lon = x_km / (KM_PER_DEGREE * np.cos(np.radians(lat)))
    return {"lon": lon.round(5), "lat": lat.round(5)}


def _places(choice: _Choice, listed: pd.DataFrame, model: _Model, seed: int) -> pd.DataFrame:
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
    residents = np.round(units * _pick(model.residents_per_village, share))
    provinces = listed.drop_duplicates("province_code")
    prefectures = listed.drop_duplicates("prefecture_code")
    levels = (
        ("province", provinces, 2, np.full(len(provinces), "")),
        ("prefecture", prefectures, 5, prefectures["province_code"]),
        ("county", county_row, 8, county_row["prefecture_code"]),
    )
    blocks = []
    for level, rows, length, parent in levels:
        names = _named(level, rows["number"].str[:length])
        block = {"code": rows[f"{level}_code"], "level": level, **names, "parent_code": parent}
        blocks.append(pd.DataFrame({key: pd.Series(np.asarray(value), dtype=object) if not isinstance(value, str) else value for key, value in block.items()}))
    places = pd.concat(blocks, ignore_index=True)
    above = np.full(len(places) - len(county_row), math.nan)
    numbers = {**_degrees(*middle), "residents": residents, "area_km2": area.round(1), "village_units": units}
    data = {key: places[key] for key in places} | {
        key: np.concatenate((above, values)) for key, values in numbers.items()
    }
    return _table("places.csv", data | {"source": "synthetic"})


def _towns(choice: _Choice, listed: pd.DataFrame) -> pd.DataFrame:
    rows, ground = listed.loc[choice.towns], choice.ground
    return _table(
        "towns.csv",
        {
            "code": rows["code"].to_numpy(),
            **_named("town", rows["number"]),
            "county_code": rows["county_code"].to_numpy(),
            **_degrees(ground.x_km[choice.towns], ground.y_km[choice.towns]),
            "coordinate_source": "synthetic",
            "area_km2": ground.area_km2[choice.towns].round(1),
            "ring": choice.ring,
        },
    )


def _villages(choice: _Choice, listed: pd.DataFrame, model: _Model, seed: int) -> pd.DataFrame:
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


def _adjacency(choice: _Choice, listed: pd.DataFrame) -> pd.DataFrame:
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


def _rivers(choice: _Choice, listed: pd.DataFrame, currents: tuple[Current, ...]) -> pd.DataFrame:
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
