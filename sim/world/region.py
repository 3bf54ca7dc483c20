"""A region: the tables of one border, loaded from a folder and checked row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError, nearest_name
from sim.files import read_yaml, scenarios_folder
from sim.language import LANGUAGES, text
from sim.shelf import nearest_on_shelf
from sim.world.checks import check_border, check_tables
from sim.world.complete import complete_tables
from sim.world.delimited import read_csv
from sim.world.mistakes import Mistakes
from sim.world.reading import empty_table, read_table
from sim.world.settings import BOUNDARY_LEVELS, read_settings
from sim.world.sheets import Sheet
from sim.world.sources import Source, is_source, open_source
from sim.world.tables import COLUMNS
from sim.world.words import choice_label, sheet_title, table_key

__all__ = [
    "BOUNDARY_LEVELS",
    "Examined",
    "Region",
    "examine_region",
    "load_region",
    "measured_region_names",
    "region_names",
]

_REQUIRED_FILES = ("towns.csv", "villages.csv")
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
        The folder or file they were read from.
    places, towns, villages, adjacency, named_pairs, river, departments : pandas.DataFrame
        The tables; their columns are listed in `sim.world.tables.COLUMNS`.
    ties : pandas.DataFrame or None
        Ties given by the user, which replace generated ones.
    water : dict or None
        GeoJSON feature collection of rivers and reservoirs, for maps.
    teams : pandas.DataFrame
        Teams that patrol more or less than the rule has it.
    mechanisms, levers : pandas.DataFrame
        Mechanisms that the border brings along, read by `sim.levers.own`.
    sheets : mapping of str to Sheet
        The cells as they were written, for messages.
    notes : tuple of dict
        What was taken for granted, in zh and en.
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
    teams: pd.DataFrame = field(default_factory=lambda: empty_table(COLUMNS["teams.csv"]))
    mechanisms: pd.DataFrame = field(default_factory=lambda: empty_table(COLUMNS["mechanisms.csv"]))
    levers: pd.DataFrame = field(default_factory=lambda: empty_table(COLUMNS["levers.csv"]))
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    notes: tuple[Mapping[str, str], ...] = ()

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
            teams=_rows(self.teams, self.teams["unit_code"].isin(known | set(codes))),
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
    settings = {name: read_yaml(folder / name / "region.yaml") for name in region_names()}
    return tuple(name for name, content in settings.items() if "generator" not in content)


def load_region(name_or_path: str | Path) -> Region:
    """Load a region and check every row of it.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a region that comes with the package, or a border of one's own: a folder of the same tables
        (`towns.csv`, `villages.csv`, `adjacency.csv`, and where wanted `region.yaml` and the others of
        `sim.world.tables.COLUMNS`), a spreadsheet with a sheet for each, or a GraphML or GeoJSON file. A
        folder whose `region.yaml` has a `generator` needs no tables: they are made from its numbers
        (`sim.world.country`).

    Returns
    -------
    Region
        The checked tables.

    Raises
    ------
    InputError
        Unknown name, unreadable file or any mistake in a table; the message names file, line, column, value,
        what is allowed and the nearest known name. A `CollectedInputError` holds all mistakes where there
        are several.

    Examples
    --------
    >>> region = load_region("yulin_zhanjiang_maoming")
    >>> BOUNDARY_LEVELS[region.border_level], len(region.towns)
    ('nation', 71)
    """
    examined = examine_region(name_or_path)
    examined.mistakes.raise_any()
    assert examined.region is not None
    return examined.region


@dataclass(frozen=True, eq=False)
class Examined:
    """Hold what was found of a region, whether or not it can be used.

    Parameters
    ----------
    region : Region or None
        The region; None where anything is wrong.
    mistakes : Mistakes
        Everything that is wrong.
    tables : mapping of str to pandas.DataFrame
        The tables as far as they could be read and completed.
    sheets : mapping of str to Sheet
        Where they stand.
    """

    region: Region | None
    mistakes: Mistakes
    tables: Mapping[str, pd.DataFrame]
    sheets: Mapping[str, Sheet]


def examine_region(name_or_path: str | Path) -> Examined:
    """Read a region as far as it can be read, and collect every mistake.

    Parameters
    ----------
    name_or_path : str or Path
        As for :func:`load_region`, which stops where this one finds anything.

    Returns
    -------
    Examined
        The region, or everything that is wrong with it.

    Raises
    ------
    InputError
        If nothing of it can be read.

    Examples
    --------
    >>> len(examine_region("yulin_zhanjiang_maoming").mistakes)
    0
    """
    mistakes = Mistakes()
    source = open_source(_find(name_or_path), mistakes)
    settings = read_settings(source, mistakes)
    if "generator" in source.settings:
        return Examined(_generate(source, settings, mistakes), mistakes, {}, {})
    sheets: dict[str, Sheet] = {}
    tables: dict[str, pd.DataFrame] = {}
    for file, columns in COLUMNS.items():
        found = source.sheets.get(file)
        sheets[file] = found if found is not None and found.header else _absent(source, file, mistakes)
        is_read = sheets[file].header and not mistakes.has(file)
        tables[file] = read_table(sheets[file], columns, mistakes) if is_read else empty_table(columns)
    notes = complete_tables(tables, sheets, mistakes)
    check_tables(tables, sheets, mistakes)
    level = check_border(tables, settings["border_level"], sheets, mistakes)
    if settings["border_level"] is None:
        line = f"line.{BOUNDARY_LEVELS[level]}"
        words = {one: choice_label(line, one) for one in LANGUAGES}
        notes.append({one: text("border.note.level", one, line=words[one]) for one in LANGUAGES})
    if len(mistakes):
        return Examined(None, mistakes, tables, sheets)
    region = Region(
        **(settings | {"border_level": level}),
        folder=source.path,
        places=tables["places.csv"],
        towns=tables["towns.csv"],
        villages=tables["villages.csv"],
        adjacency=tables["adjacency.csv"],
        named_pairs=tables["named_pairs.csv"],
        river=tables["river.csv"],
        departments=tables["departments.csv"],
        teams=tables["teams.csv"],
        ties=tables["ties.csv"] if len(tables["ties.csv"]) else None,
        water=source.water,
        mechanisms=tables["mechanisms.csv"],
        levers=tables["levers.csv"],
        sheets=sheets,
        notes=(*source.notes, *notes),
    )
    return Examined(region, mistakes, tables, sheets)


def _generate(source: Source, settings: dict[str, Any], mistakes: Mistakes) -> Region | None:
    """Make the tables of a region whose folder holds the numbers of a generator in their place."""
    from sim.world.country import generate_region

    numbers, where = source.settings["generator"], source.where("generator")
    models = measured_region_names()
    try:
        if not isinstance(numbers, Mapping) or set(numbers) != set(_GENERATOR):
            allowed = {"zh": "villages、seed 与 like 三项", "en": "the three keys villages, seed and like"}
            raise InputError("generator", numbers, allowed)
        if numbers["like"] not in models:
            raise InputError("like", numbers["like"], models)
        if settings["border_level"] != BOUNDARY_LEVELS.index("nation"):
            # The strip of towns is laid along lines between provinces.
            raise InputError("border_level", source.settings.get("border_level"), ("nation",))
        made = generate_region(numbers["villages"], numbers["seed"], load_region(numbers["like"]))
    except InputError as error:
        mistakes.add_error(InputError(error.field, error.value, error.allowed, error.nearest, where))
        return None
    return None if len(mistakes) else replace(made, **settings, folder=source.path)


def _absent(source: Source, file: str, mistakes: Mistakes) -> Sheet:
    """Stand in for a table that is not there."""
    if file == "departments.csv":
        # Departments are the same across the country unless a region says otherwise.
        shared, _ = read_csv(scenarios_folder() / "region" / file, file, mistakes)
        return shared
    folder = source.path if source.path.is_dir() else source.path.parent
    path = str(folder / file) if source.path.is_dir() else str(source.path)
    title = "" if source.path.is_dir() else sheet_title(file, LANGUAGES[0])
    sheet = Sheet(file, path, (), (), title=title)
    if file in _REQUIRED_FILES and not mistakes.has(file):
        allowed = {"zh": f"必须有的表 {file}", "en": f"the table {file}, which is required"}
        if title:
            others = dict.fromkeys(LANGUAGES, "")
            if source.unread:
                names = "、".join(source.unread)
                others = {one: text("border.check.unread", one, names=names) for one in LANGUAGES}
            allowed = {
                "zh": f"含工作表“{title}”的文件，此文件中没有它{others['zh']}",
                "en": f"a file with the sheet {table_key(file)}, which this one lacks{others['en']}",
            }
        mistakes.add_error(InputError("file", path, allowed), sheet)
        mistakes.spoil(file)
    return sheet


def _find(name_or_path: str | Path) -> Path:
    if isinstance(name_or_path, str) and name_or_path in region_names():
        return scenarios_folder() / "region" / name_or_path
    path = Path(str(name_or_path)).expanduser()
    # An empty text would be the folder one happens to be in.
    if str(name_or_path).strip() and is_source(path):
        return path
    names = region_names()
    allowed = {
        "zh": f"存在的地区文件夹或文件（.xlsx、.graphml、.geojson），或 {'、'.join(names)} 之一",
        "en": f"a folder or file (.xlsx, .graphml, .geojson) that exists, or one of {', '.join(names)}",
    }
    raise InputError("region", str(name_or_path), allowed, nearest_on_shelf("region", name_or_path))
