"""Checks across the tables of a region: every reference meets its row, and no row comes twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from sim.errors import InputError, nearest_name
from sim.world.tables import LINE, at_line

_PARENT_LEVEL = {"county": "prefecture", "prefecture": "province", "province": ""}
_LEVEL_ZH = {
    "village": "村（社区）",
    "town": "乡镇",
    "county": "县",
    "prefecture": "地级市",
    "province": "省",
}


def check_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Check that the tables of a region fit together.

    Parameters
    ----------
    folder : Path
        Folder of the region, for messages.
    tables : mapping of str to pandas.DataFrame
        Tables by file name, as `sim.world.tables.read_table` gives them.

    Raises
    ------
    InputError
        The first mistake found: a code that comes twice, a place without its superior, a town without county
        or villages, a pair or tie that names something unknown, joins a thing with itself or comes twice.
    """
    check = _Check(folder, tables)
    check.places()
    check.codes_once()
    check.references()
    check.towns_and_villages()
    check.residents()
    check.pairs("adjacency.csv", "town_a", "town_b", "town")
    check.pairs("ties.csv", "village_a", "village_b", "village")
    check.pairs("named_pairs.csv", "code_a", "code_b", "village")
    check.pairs("named_pairs.csv", "code_a", "code_b", "town")
    check.river()
    check.departments()


def _code_of(level: str, file: str) -> dict[str, str]:
    return {"zh": f"{file} 中某个{_LEVEL_ZH[level]}的代码", "en": f"the code of a {level} in {file}"}


class _Check:
    """Carry the folder and its tables from one check to the next."""

    def __init__(self, folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
        self.folder = folder
        self.tables = tables

    def refuse(
        self, file: str, row: pd.Series, column: str, allowed: Mapping[str, str], names: Iterable[str] = ()
    ) -> None:
        """Raise for the cell `column` of `row`, suggesting the nearest of `names`."""
        value = row[column]
        nearest = nearest_name(value, sorted(names)) if isinstance(value, str) and value else None
        raise InputError(column, value, allowed, nearest, at_line(self.folder / file, int(row[LINE])))

    def first(self, table: pd.DataFrame, chosen: pd.Series) -> pd.Series | None:
        """Return the first chosen row, if there is one."""
        wrong = table[chosen]
        return wrong.iloc[0] if len(wrong) else None

    def places(self) -> None:
        places = self.tables["places.csv"]
        level_by_code = dict(zip(places["code"], places["level"], strict=True))
        for _, row in places.iterrows():
            wanted, parent = _PARENT_LEVEL[row["level"]], row["parent_code"]
            if wanted == "" and parent:
                self.refuse(
                    "places.csv", row, "parent_code", {"zh": "省一级留空", "en": "blank for a province"}
                )
            if wanted and level_by_code.get(parent) != wanted:
                candidates = [code for code, level in level_by_code.items() if level == wanted]
                self.refuse("places.csv", row, "parent_code", _code_of(wanted, "places.csv"), candidates)
        for column in ("lon", "lat", "residents"):
            wrong = self.first(places, (places["level"] == "county") & places[column].isna())
            if wrong is not None:
                allowed = {"zh": "每个县都要有的数", "en": "a number for every county"}
                self.refuse("places.csv", wrong, column, allowed)

    def codes_once(self) -> None:
        """Every code is the name of a node in the border graph, so it may come once over all tables."""
        seen: dict[str, str] = {}
        for file in ("places.csv", "towns.csv", "villages.csv"):
            for code, line in zip(self.tables[file]["code"], self.tables[file][LINE], strict=True):
                if code in seen:
                    allowed = {
                        "zh": f"未被使用的代码（{seen[code]} 已用）",
                        "en": f"a code that is used once ({seen[code]} has it already)",
                    }
                    raise InputError("code", code, allowed, None, at_line(self.folder / file, int(line)))
                seen[code] = f"{file}:{line}"

    def references(self) -> None:
        places, towns = self.tables["places.csv"], self.tables["towns.csv"]
        counties = places["code"][places["level"] == "county"]
        self.refer("towns.csv", "county_code", counties, _code_of("county", "places.csv"))
        self.refer("villages.csv", "town_code", towns["code"], _code_of("town", "towns.csv"))
        self.refer("river.csv", "county_code", counties, _code_of("county", "places.csv"))

    def refer(self, file: str, column: str, known: Iterable[str], allowed: Mapping[str, str]) -> None:
        """Raise for the first cell of `column` that is not in `known`."""
        names = set(known)
        row = self.first(self.tables[file], ~self.tables[file][column].isin(names))
        if row is not None:
            self.refuse(file, row, column, allowed, names)

    def towns_and_villages(self) -> None:
        towns, villages = self.tables["towns.csv"], self.tables["villages.csv"]
        if not len(towns):
            allowed = {"zh": "至少一个乡镇", "en": "one town or more"}
            raise InputError("rows", 0, allowed, None, str(self.folder / "towns.csv"))
        row = self.first(towns, ~towns["code"].isin(set(villages["town_code"])))
        if row is not None:
            allowed = {
                "zh": "在 villages.csv 中至少有一个村的乡镇",
                "en": "a town with a village in villages.csv",
            }
            self.refuse("towns.csv", row, "code", allowed)
        for file, unit in (("towns.csv", "town"), ("villages.csv", "village")):
            table = self.tables[file]
            row = self.first(table, table["lon"].isna() != table["lat"].isna())
            if row is not None:
                allowed = {
                    "zh": "与另一坐标同时填写，或同时留空（由程序散布）",
                    "en": f"a number with the other coordinate, or both blank to have the {unit} scattered",
                }
                self.refuse(file, row, "lon" if pd.isna(row["lon"]) else "lat", allowed)

    def residents(self) -> None:
        """Towns whose residents are given may not hold more people than their county."""
        places, towns = self.tables["places.csv"], self.tables["towns.csv"]
        given = towns.groupby("county_code")["residents"].sum()
        has_blank = towns.groupby("county_code")["residents"].apply(lambda column: bool(column.isna().any()))
        for _, row in places[places["code"].isin(given.index)].iterrows():
            total, limit = float(given[row["code"]]), float(row["residents"])
            if total > limit or (total == limit and has_blank[row["code"]]):
                allowed = {
                    "zh": f"大于其各乡镇已给出的 {total:g} 人",
                    "en": f"more than the {total:g} persons given for its towns",
                }
                self.refuse("places.csv", row, "residents", allowed)

    def pairs(self, file: str, first: str, second: str, level: str) -> None:
        """Raise for a pair that is unknown, joins a unit with itself or is listed twice."""
        units = f"{level}s.csv"
        names = set(self.tables[units]["code"])
        table = self.tables[file]
        if "level" in table:
            table = table[table["level"] == level]
        seen: set[frozenset[str]] = set()
        for _, row in table.iterrows():
            for column in (first, second):
                if row[column] not in names:
                    self.refuse(file, row, column, _code_of(level, units), names)
            pair = frozenset((row[first], row[second]))
            if len(pair) == 1:
                allowed = {"zh": f"与 {first} 不同的代码", "en": f"another code than {first}"}
                self.refuse(file, row, second, allowed)
            if pair in seen:
                allowed = {
                    "zh": f"前面未与 {row[first]} 列在一起的代码",
                    "en": f"a code not listed with {row[first]} before",
                }
                self.refuse(file, row, second, allowed)
            seen.add(pair)

    def river(self) -> None:
        towns, river = self.tables["towns.csv"], self.tables["river.csv"]
        county_by_town = dict(zip(towns["code"], towns["county_code"], strict=True))
        for _, row in river.iterrows():
            county = county_by_town.get(row["town_code"], row["county_code"])
            if county != row["county_code"]:
                allowed = {
                    "zh": f"towns.csv 中该乡镇的县 {county}",
                    "en": f"{county}, the town's county in towns.csv",
                }
                self.refuse("river.csv", row, "county_code", allowed)

    def departments(self) -> None:
        table = self.tables["departments.csv"]
        row = self.first(table, table["key"].duplicated())
        if row is not None:
            allowed = {"zh": "前面未列出的部门", "en": "a department that is not listed before"}
            self.refuse("departments.csv", row, "key", allowed)
