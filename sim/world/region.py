"""A region: the tables of one border, loaded from a folder and checked row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError, nearest_name
from sim.files import read_yaml, scenarios_folder
from sim.world.checks import check_tables
from sim.world.tables import COLUMNS, empty_table, read_table

#: Boundary levels in ascending order: the lowest level whose unit contains both sides of a line.
BOUNDARY_LEVELS = ("town", "county", "prefecture", "province", "nation")

_REQUIRED_FILES = ("places.csv", "towns.csv", "villages.csv", "adjacency.csv")
_OPTIONAL_FILES = ("named_pairs.csv", "river.csv", "ties.csv")
_SETTINGS = ("name", "title", "border_level", "description", "sources")
_GENERATOR = ("villages", "seed", "like")


@dataclass(frozen=True, eq=False)
class Region:
    """Hold the checked tables of one border.

    Every table keeps the column `line`, the line in its file. Numbers are float64 with NaN for a blank cell,
    codes are text.

    Parameters
    ----------
    name : str
        Key of the region.
    title_zh, title_en, description_zh, description_en : str
        What a reader is told.
    border_level : int
        0 town, 1 county, 2 prefecture, 3 province, 4 nation: a tie of this boundary level or above lies on
        *the border* (4: the line between two provinces).
    sources : tuple of str
        Where the tables come from.
    folder : Path
        Where they were read.
    places, towns, villages, adjacency, named_pairs, river, departments : pandas.DataFrame
        The tables; their columns are listed in `sim.world.tables.COLUMNS`.
    ties : pandas.DataFrame or None
        Ties given by the user, which replace generated ones.
    water : dict or None
        GeoJSON feature collection of rivers and reservoirs, for maps.
    """

    name: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    border_level: int
    sources: tuple[str, ...]
    folder: Path
    places: pd.DataFrame
    towns: pd.DataFrame
    villages: pd.DataFrame
    adjacency: pd.DataFrame
    named_pairs: pd.DataFrame
    river: pd.DataFrame
    departments: pd.DataFrame
    ties: pd.DataFrame | None
    water: dict[str, Any] | None

    def subset(self, counties: Sequence[str]) -> Region:
        """Keep only some counties, to make a smaller border or two that share nothing.

        The rows of the river stay complete as long as one kept town lies on it: what enters upstream enters
        anyway.

        Parameters
        ----------
        counties : sequence of str
            Codes, Chinese or English names of counties.

        Returns
        -------
        Region
            The same region with only the towns, villages, adjacency, pairs and ties of these counties.

        Raises
        ------
        InputError
            No county, or an unknown one.

        Examples
        --------
        >>> small = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "Lianjiang"])
        >>> sorted(set(small.towns["county_code"]))
        ['440881', '450922']
        """
        codes = self._county_codes(counties)
        towns = self.towns[self.towns["county_code"].isin(codes)]
        town_codes = set(towns["code"])
        villages = self.villages[self.villages["town_code"].isin(town_codes)]
        known = town_codes | set(villages["code"])
        river = self.river
        if not river["town_code"].isin(town_codes).any():
            river = river.iloc[:0]
        parents = dict(zip(self.places["code"], self.places["parent_code"], strict=True))
        kept = set(codes) | set(river["county_code"])
        for code in list(kept):
            while parents[code]:
                code = parents[code]
                kept.add(code)
        return replace(
            self,
            places=_rows(self.places, self.places["code"].isin(kept)),
            towns=towns.reset_index(drop=True),
            villages=villages.reset_index(drop=True),
            adjacency=_rows(
                self.adjacency,
                self.adjacency["town_a"].isin(town_codes) & self.adjacency["town_b"].isin(town_codes),
            ),
            named_pairs=_rows(
                self.named_pairs,
                self.named_pairs["code_a"].isin(known) & self.named_pairs["code_b"].isin(known),
            ),
            river=river.reset_index(drop=True),
            ties=None
            if self.ties is None
            else _rows(self.ties, self.ties["village_a"].isin(known) & self.ties["village_b"].isin(known)),
        )

    def _county_codes(self, counties: Sequence[str]) -> set[str]:
        if isinstance(counties, str) or not counties:
            allowed = {
                "zh": "由一个或多个县的代码或名称组成的列表",
                "en": "a list of one or more county codes or names",
            }
            raise InputError("counties", counties, allowed)
        modelled = set(self.towns["county_code"])
        codes_by_name: dict[str, str] = {}
        places = self.places[self.places["code"].isin(modelled)]
        for column in ("code", "name_zh", "name_en"):
            codes_by_name |= dict(zip(places[column], places["code"], strict=True))
        codes_by_name.pop("", None)
        for county in counties:
            if county not in codes_by_name:
                names = [name for name in codes_by_name if not name.isdigit()]
                raise InputError("counties", county, names, nearest_name(county, codes_by_name))
        return {codes_by_name[county] for county in counties}


def _rows(frame: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    return frame[chosen].reset_index(drop=True)


def region_names() -> tuple[str, ...]:
    """Name the regions that come with the package.

    Returns
    -------
    tuple of str
        Names in alphabetical order.

    Examples
    --------
    >>> "yulin_zhanjiang_maoming" in region_names()
    True
    """
    folder = scenarios_folder() / "region"
    return tuple(sorted(entry.parent.name for entry in folder.glob("*/region.yaml")))


def measured_region_names() -> tuple[str, ...]:
    """Name the regions that come with the package and exist: their tables hold what sources say.

    Returns
    -------
    tuple of str
        Names in alphabetical order, without those that a generator makes.

    Examples
    --------
    >>> "yulin_zhanjiang_maoming" in measured_region_names(), "country" in measured_region_names()
    (True, False)
    """
    folder = scenarios_folder() / "region"
    return tuple(
        name for name in region_names() if "generator" not in read_yaml(folder / name / "region.yaml")
    )


def load_region(name_or_folder: str | Path) -> Region:
    """Load a region and check every row of it.

    Parameters
    ----------
    name_or_folder : str or Path
        Name of a region that comes with the package, or a folder that has the same tables: `region.yaml`,
        `places.csv`, `towns.csv`, `villages.csv`, `adjacency.csv`, and where wanted `named_pairs.csv`,
        `river.csv`, `ties.csv`, `departments.csv`, `water.geojson`. A folder whose `region.yaml` has a
        `generator` needs no tables: they are made from its numbers (`sim.world.country`).

    Returns
    -------
    Region
        The checked tables.

    Raises
    ------
    InputError
        Unknown name, unreadable file or any mistake in a table; the message names file, line, column, value,
        what is allowed and the nearest known name.

    Examples
    --------
    >>> region = load_region("yulin_zhanjiang_maoming")
    >>> BOUNDARY_LEVELS[region.border_level], len(region.towns)
    ('nation', 71)
    """
    folder = _find_folder(name_or_folder)
    path = folder / "region.yaml"
    content = read_yaml(path)
    settings = _read_settings(content, path)
    if "generator" in content:
        return _generate(content["generator"], settings, path)
    tables = {file: read_table(folder / file, COLUMNS[file]) for file in _REQUIRED_FILES}
    for file in _OPTIONAL_FILES:
        exists = (folder / file).exists()
        tables[file] = read_table(folder / file, COLUMNS[file]) if exists else empty_table(COLUMNS[file])
    has_ties = (folder / "ties.csv").exists()
    # Departments are the same across the country unless a region says otherwise.
    departments = folder / "departments.csv"
    if not departments.exists():
        departments = scenarios_folder() / "region" / "departments.csv"
    tables["departments.csv"] = read_table(departments, COLUMNS["departments.csv"])
    check_tables(folder, tables)
    return Region(
        **settings,
        folder=folder,
        places=tables["places.csv"],
        towns=tables["towns.csv"],
        villages=tables["villages.csv"],
        adjacency=tables["adjacency.csv"],
        named_pairs=tables["named_pairs.csv"],
        river=tables["river.csv"],
        departments=tables["departments.csv"],
        ties=tables["ties.csv"] if has_ties else None,
        water=_read_water(folder / "water.geojson"),
    )


def _find_folder(name_or_folder: str | Path) -> Path:
    if isinstance(name_or_folder, str) and name_or_folder in region_names():
        return scenarios_folder() / "region" / name_or_folder
    folder = Path(str(name_or_folder))
    # An empty text would be the folder one happens to be in.
    if str(name_or_folder).strip() and folder.is_dir():
        return folder
    names = region_names()
    allowed = {
        "zh": "区域文件夹，或 " + "、".join(names) + " 之一",
        "en": "the folder of a region, or one of " + ", ".join(names),
    }
    raise InputError("region", str(name_or_folder), allowed, nearest_name(name_or_folder, names))


def _generate(numbers: object, settings: dict[str, Any], path: Path) -> Region:
    """Make the tables of a region whose folder holds the numbers of a generator in their place."""
    from sim.world.country import generate_region

    if not isinstance(numbers, Mapping) or set(numbers) != set(_GENERATOR):
        allowed = {"zh": "villages、seed 与 like 三项", "en": "the three keys villages, seed and like"}
        raise InputError("generator", numbers, allowed, where=str(path))
    models = measured_region_names()
    if numbers["like"] not in models:
        raise InputError("like", numbers["like"], models, where=str(path))
    if settings["border_level"] != BOUNDARY_LEVELS.index("nation"):
        # Whatever else the strip along the lines would be, it is not laid along other lines than these.
        raise InputError(
            "border_level", BOUNDARY_LEVELS[settings["border_level"]], ("nation",), where=str(path)
        )
    try:
        made = generate_region(numbers["villages"], numbers["seed"], load_region(numbers["like"]))
    except InputError as error:
        raise InputError(error.field, error.value, error.allowed, where=str(path)) from None
    return replace(made, **settings, folder=path.parent)


def _read_settings(settings: Mapping[str, Any], path: Path) -> dict[str, Any]:
    for key in settings:
        if key not in (*_SETTINGS, "generator"):
            raise InputError("key", key, (*_SETTINGS, "generator"), where=str(path))
    level = settings.get("border_level")
    # The line inside a town is no border: both sides have the same town committee.
    if level not in BOUNDARY_LEVELS[1:]:
        raise InputError("border_level", level, BOUNDARY_LEVELS[1:], where=str(path))
    title = _two_languages(settings, "title", path)
    description = _two_languages(settings, "description", path)
    sources = settings.get("sources", [])
    if not isinstance(sources, list):
        raise InputError("sources", sources, {"zh": "文字列表", "en": "a list of texts"}, where=str(path))
    name = settings.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        allowed = {"zh": "字母、数字和下划线", "en": "letters, digits and underscores"}
        raise InputError("name", name, allowed, where=str(path))
    return {
        "name": name,
        "title_zh": title["zh"],
        "title_en": title["en"],
        "description_zh": description["zh"],
        "description_en": description["en"],
        "border_level": BOUNDARY_LEVELS.index(level),
        "sources": tuple(str(source) for source in sources),
    }


def _two_languages(settings: Mapping[str, Any], key: str, path: Path) -> dict[str, str]:
    value = settings.get(key)
    if not isinstance(value, Mapping) or set(value) != {"zh", "en"} or not all(value.values()):
        allowed = {"zh": "zh 与 en 各一段文字", "en": "a text in zh and a text in en"}
        raise InputError(key, value, allowed, where=str(path))
    return {language: str(value[language]).strip() for language in ("zh", "en")}


def _read_water(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        water = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        allowed = {"zh": f"可读取的 GeoJSON 文件（{error}）", "en": f"a readable GeoJSON file ({error})"}
        raise InputError("file", str(path), allowed) from error
    if not isinstance(water, dict) or water.get("type") != "FeatureCollection":
        found = water.get("type") if isinstance(water, dict) else type(water).__name__
        raise InputError("type", found, ("FeatureCollection",), where=str(path))
    return water
