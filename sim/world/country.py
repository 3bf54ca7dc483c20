"""A country that exists nowhere: a border of any size, made like a real one and labelled synthetic."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.elementary import lengths, logs
from sim.errors import InputError
from sim.language import catalogue
from sim.quantile import normal_quantile
from sim.streams import COUNTRY, check_seed, normals
from sim.world.currents import trace_currents
from sim.world.ground import TOWNS_PER_COUNTY, Ground, lay_ground, strip_along_lines
from sim.world.layout import DEFAULT_TOWN_AREA_KM2
from sim.world.made_tables import (
    Choice,
    Model,
    list_units,
    made_adjacency,
    made_places,
    made_rivers,
    made_towns,
    made_villages,
)
from sim.world.reading import empty_table
from sim.world.region import BOUNDARY_LEVELS, Region
from sim.world.tables import COLUMNS

__all__ = ["LARGEST_COUNTRY", "SMALLEST_COUNTRY", "generate_region"]

SMALLEST_COUNTRY: Final = 50
LARGEST_COUNTRY: Final = 100_000
"""Villages that a country may have: from a few towns on one line to all lines between provinces of a large
country."""

# Which draw of a town.
_SIZE: Final = 10


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
    # True is a whole number to Python, and not to the person who typed it.
    if type(villages) is not int or not SMALLEST_COUNTRY <= villages <= LARGEST_COUNTRY:
        low, high = SMALLEST_COUNTRY, LARGEST_COUNTRY
        allowed = {"zh": f"{low} 到 {high} 的整数", "en": f"a whole number from {low} to {high}"}
        raise InputError("villages", villages, allowed)
    seed = check_seed(seed)
    model = _learn(like)
    choice = _choose(villages, seed, model)
    currents = trace_currents(choice.ground, choice.towns, seed)
    listed = list_units(choice, currents)
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
        places=made_places(choice, listed, model, seed),
        towns=made_towns(choice, listed),
        villages=made_villages(choice, listed, model, seed),
        adjacency=made_adjacency(choice, listed),
        named_pairs=empty_table(COLUMNS["named_pairs.csv"]),
        river=made_rivers(choice, listed, currents),
        departments=like.departments.copy(),
        ties=None,
        water=None,
    )


def _learn(like: Region) -> Model:
    """Read the distributions off the rows of a region."""
    area = like.towns["area_km2"].fillna(DEFAULT_TOWN_AREA_KM2).to_numpy(dtype=np.float64)
    counts = like.villages["town_code"].value_counts()
    size = counts.reindex(like.towns["code"], fill_value=0).to_numpy(dtype=np.int64)
    places = like.places[(like.places["level"] == "county") & like.places["village_units"].notna()]
    per_village = (places["residents"] / places["village_units"]).to_numpy(dtype=np.float64)
    if not per_village.size:
        county = like.places[like.places["level"] == "county"]
        per_village = np.array([county["residents"].sum() / max(1, size.sum())])
    return Model(
        float(area.mean()),
        np.sort(size[size > 0]),
        _correlation(logs(area), logs(np.maximum(size, 1))),
        np.sort(per_village),
        float((like.villages["kind"] == "community").mean()),
    )


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give the correlation of two columns; 0 where one of them does not vary.

    NumPy's own leaves the sum to a library that adds in another order on another processor.
    """
    a, b = a - a.mean(), b - b.mean()
    spread = math.sqrt(float((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / spread if spread > 0.0 else 0.0


def _choose(villages: int, seed: int, model: Model) -> Choice:
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
            if lengths(ground.x_km[chosen], ground.y_km[chosen]).max() <= radius - 1.5 * county_km:
                break
        radius *= 1.25
    modelled = size[chosen].copy()
    modelled[-1] -= int(total[count - 1]) - villages
    is_chosen = np.zeros(ground.x_km.size, dtype=bool)
    is_chosen[chosen] = True
    across = ground.crosses & is_chosen[ground.first] & is_chosen[ground.second]
    ring = np.ones(ground.x_km.size, dtype=np.int64)
    ring[np.concatenate((ground.first[across], ground.second[across]))] = 0
    return Choice(ground, chosen, ring[chosen], modelled, size)


def _town_sizes(ground: Ground, model: Model, seed: int) -> NDArray[np.int64]:
    """Draw villages per town from the real ones; larger towns have more, as far as they do in reality."""
    log_area = logs(np.maximum(ground.area_km2, 1.0))
    # Cells on the rim are cut, and tell nothing about how areas spread.
    away = lengths(ground.x_km, ground.y_km)
    whole = log_area[away < away.max() - 3.0 * math.sqrt(model.town_area_km2)]
    score = model.size_correlation * (log_area - whole.mean()) / whole.std()
    own = normals(seed, COUNTRY, ground.cell, 0, _SIZE)
    score += math.sqrt(1.0 - model.size_correlation * model.size_correlation) * own
    # As many equal shares of the normal distribution as there are real towns; which one a score lies in.
    count = model.villages_per_town.size
    bounds = np.array([normal_quantile(place / count) for place in range(1, count)])
    return np.asarray(model.villages_per_town[np.searchsorted(bounds, score, side="right")])
