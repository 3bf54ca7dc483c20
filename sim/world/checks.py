"""Checks across the tables of a region: every reference meets its row, and no row comes twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.errors import InputError, nearest_name
from sim.world.mistakes import Mistakes
from sim.world.names import CALLED_BY, unit_of, used_code
from sim.world.sheets import Sheet, is_blank
from sim.world.tables import LINE

#: Columns of the two sides in every table of pairs.
_SIDES = {
    "adjacency.csv": ("town_a", "town_b"),
    "ties.csv": ("village_a", "village_b"),
    "named_pairs.csv": ("code_a", "code_b"),
}
_HIGHEST = 4
_PARENT_LEVEL = {"county": "prefecture", "prefecture": "province", "province": ""}


def check_tables(tables: Mapping[str, pd.DataFrame], sheets: Mapping[str, Sheet], mistakes: Mistakes) -> None:
    """Check that the tables of a region fit together.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Completed tables by name, as `sim.world.complete.complete_tables` leaves them.
    sheets : mapping of str to Sheet
        Where they stand, for messages.
    mistakes : Mistakes
        Takes every mistake: a code that comes twice, a place without its superior, a town without villages,
        a pair or tie that joins a thing with itself or comes twice, half a point, too many residents. A cell
        that has a mistake of its own is not blamed again.
    """
    check = _Check(tables, sheets, mistakes)
    check.places()
    check.codes_once()
    check.towns_and_villages()
    check.points()
    check.residents()
    for file, (first, second) in _SIDES.items():
        check.pairs(file, first, second)
    check.once("teams.csv", ("unit_code", "kind"))
    check.once("departments.csv", ("key",))
    check.river()
    check.windows()


class _Check:
    """Carry the tables from one check to the next."""

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], sheets: Mapping[str, Sheet], mistakes: Mistakes
    ) -> None:
        self.tables = tables
        self.sheets = sheets
        self.mistakes = mistakes

    def blame(
        self, file: str, line: int, column: str, allowed: Mapping[str, str], names: list[str] | None = None
    ) -> None:
        self.mistakes.add(self.sheets[file], int(line), column, allowed, names or ())

    def rows(self, file: str, *columns: str) -> list[tuple[Any, ...]]:
        """Give line and cells of every row, quickly."""
        frame = self.tables[file]
        return list(zip(frame[LINE].tolist(), *(frame[column].tolist() for column in columns), strict=True))

    def named_by(self, line: int) -> str:
        """Give the column in which the row of a town says which town it is."""
        cells = next((cells for number, cells in self.sheets["towns.csv"].rows if number == line), ())
        for column in ("code", "name_zh"):
            place = self.mistakes.positions.get(("towns.csv", column))
            if place is not None and place < len(cells) and not is_blank(cells[place]):
                return column
        return "name_zh"

    def places(self) -> None:
        places = self.tables["places.csv"]
        for line, level, parent in self.rows("places.csv", "level", "parent_code"):
            wanted = _PARENT_LEVEL.get(str(level))
            if wanted == "" and parent:
                allowed = {"zh": "省一级留空", "en": "blank for a province"}
                self.blame("places.csv", line, "parent_code", allowed)
            if wanted and not parent:
                known = places["code"][places["level"] == wanted].tolist()
                self.blame("places.csv", line, "parent_code", unit_of([wanted], self.sheets), known)

    def codes_once(self) -> None:
        """Every code is the name of a node in the border graph, so it may come once over all tables."""
        seen: dict[object, tuple[str, int]] = {}
        for file in ("places.csv", "towns.csv", "villages.csv"):
            for line, code in self.rows(file, "code"):
                if code in seen:
                    where, row = seen[code]
                    self.blame(file, line, "code", used_code(self.sheets[where], row))
                elif code:
                    seen[code] = (file, line)

    def towns_and_villages(self) -> None:
        towns = self.tables["towns.csv"]
        sheet = self.sheets["towns.csv"]
        if not len(towns) and not self.mistakes.has("towns.csv"):
            allowed = {"zh": "至少一个乡镇", "en": "one town or more"}
            self.mistakes.add_error(InputError("rows", 0, allowed, None, sheet.where()), sheet)
        if self.mistakes.has("villages.csv"):
            return
        settled = set(self.tables["villages.csv"]["town_code"])
        meant = {
            nearest_name(str(given), [*towns["code"], *towns["name_zh"]])
            for line, given in self.rows("villages.csv", "town_code")
            if given and self.mistakes.has("villages.csv", line, "town_code")
        }
        unread = (self.tables["villages.csv"]["town_code"] == "").any()
        seen: set[object] = set()
        for line, code, name in self.rows("towns.csv", "code", "name_zh"):
            # A village whose town is mistyped is blamed for that; its town is not blamed as well.
            # Nor is one blamed that a village may mean by the name or code that cannot be read.
            unreadable = any(self.mistakes.has("towns.csv", line, column) for column in CALLED_BY)
            if code in settled or code in seen or {code, name} & meant or unread or unreadable:
                continue
            seen.add(code)
            table = self.sheets["villages.csv"].title or "villages.csv"
            allowed = {
                "zh": f"在 {table} 中至少有一个村的乡镇",
                "en": f"a town with a village in {table}",
            }
            self.blame("towns.csv", line, self.named_by(line), allowed)

    def points(self) -> None:
        """Tell half a point, which is none."""
        for file, zh, en in (
            ("places.csv", "取其乡镇的中点", "to take the middle of its towns"),
            ("towns.csv", "由程序散布", "to have the town scattered"),
            ("villages.csv", "由程序散布", "to have the village scattered"),
        ):
            table = self.tables[file]
            allowed = {
                "zh": f"与另一坐标同时填写，或同时留空（{zh}）",
                "en": f"a number with the other coordinate, or both blank {en}",
            }
            half = table.index[table["lon"].isna() != table["lat"].isna()]
            known = {column: self.mistakes.position(self.sheets[file], column) for column in ("lon", "lat")}
            for missing in (column for column, place in known.items() if place is None):
                if len(half) and not any(self.mistakes.has(file, None, column) for column in known):
                    # A whole column that is not there is one mistake, not one in every row.
                    self.blame(file, self.sheets[file].header_line, missing, allowed)
                    self.mistakes.spoil(file, missing)
            for row in half:
                line = int(table.loc[row, LINE])
                if not any(self.mistakes.has(file, line, column) for column in ("lon", "lat")):
                    self.blame(file, line, "lon" if pd.isna(table.loc[row, "lon"]) else "lat", allowed)

    def residents(self) -> None:
        """Tell parts that hold more people than the whole."""
        self._no_more_than("places.csv", "towns.csv", "county_code", "各乡镇", "towns")
        self._no_more_than("towns.csv", "villages.csv", "town_code", "各村", "villages")

    def _no_more_than(self, file: str, below: str, column: str, zh: str, en: str) -> None:
        parts = self.tables[below]
        given = parts.groupby(column)["residents"].sum()
        has_blank = parts["residents"].isna().groupby(parts[column]).any()
        for line, code, limit in self.rows(file, "code", "residents"):
            if code not in given.index or pd.isna(limit):
                continue
            total = float(given[code])
            # Numbers of a laid-out border add up to their whole but for the last digit.
            if total > limit * (1.0 + 1e-9) or (total >= limit and has_blank[code]):
                allowed = {
                    "zh": f"大于其{zh}已给出的 {total:g} 人",
                    "en": f"more than the {total:g} persons given for its {en}",
                }
                self.blame(file, line, "residents", allowed)

    def pairs(self, file: str, first: str, second: str) -> None:
        """Tell a pair that joins a unit with itself or is listed twice."""
        seen: set[frozenset[object]] = set()
        for line, a, b in self.rows(file, first, second):
            number = line
            if not (a and b) or any(self.mistakes.has(file, number, column) for column in (first, second)):
                continue
            pair = frozenset((a, b))
            if len(pair) == 1:
                title = self.sheets[file].header[self.mistakes.position(self.sheets[file], first) or 0]
                allowed = {"zh": f"与 {title} 不同的单位", "en": f"another unit than {title}"}
                self.blame(file, number, second, allowed)
            elif pair in seen:
                allowed = {
                    "zh": f"前面未与 {a} 列在一起的单位",
                    "en": f"a unit that is not listed with {a} before",
                }
                self.blame(file, number, second, allowed)
            seen.add(pair)

    def once(self, file: str, columns: tuple[str, ...]) -> None:
        """Tell a row that says again what one above it said."""
        seen: set[tuple[object, ...]] = set()
        for line, *cells in self.rows(file, *columns):
            if tuple(cells) in seen and all(cells):
                allowed = {"zh": "前面未列出的内容", "en": "what is not listed before"}
                self.blame(file, line, columns[0], allowed)
            seen.add(tuple(cells))

    def river(self) -> None:
        county_by_town = {
            town: county
            for line, town, county in self.rows("towns.csv", "code", "county_code")
            if not self.mistakes.has("towns.csv", line, "county_code")
        }
        for line, town, given in self.rows("river.csv", "town_code", "county_code"):
            county = county_by_town.get(town, given)
            if county != given:
                allowed = {
                    "zh": f"towns.csv 中该乡镇的县 {county}",
                    "en": f"{county}, the town's county in towns.csv",
                }
                self.blame("river.csv", line, "county_code", allowed)

    def windows(self) -> None:
        for line, start, end in self.rows("mechanisms.csv", "start_year", "end_year"):
            first = 0.0 if pd.isna(start) else start
            if not pd.isna(end) and end <= first:
                allowed = {
                    "zh": f"晚于开始的年数（{first:g}）",
                    "en": f"a number of years above the start ({first:g})",
                }
                self.blame("mechanisms.csv", line, "end_year", allowed)


def check_border(
    tables: Mapping[str, pd.DataFrame], level: int | None, sheets: Mapping[str, Sheet], mistakes: Mistakes
) -> int:
    """Find the level of the border, and tell a border that nothing crosses.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Checked tables.
    level : int or None
        The border's level as it was given, 1 county to 4 nation.
    sheets : mapping of str to Sheet
        Where the tables stand.
    mistakes : Mistakes
        Takes the mistake.

    Returns
    -------
    int
        The level given, or the highest that a pair of neighbours crosses.
    """
    reached = max((level for file in _SIDES for level in pair_levels(tables, file)), default=0)
    wanted = max(reached, 1) if level is None else level
    # Where a reference is wrong, the pair that crosses may be the one that cannot be read.
    if reached < wanted and not len(mistakes):
        sheet = sheets["adjacency.csv"]
        allowed = {
            "zh": "至少一对分处边界两侧的相邻乡镇",
            "en": "a pair of neighbouring towns on the two sides of the border, or more",
        }
        error = InputError("rows", len(tables["adjacency.csv"]), allowed, None, sheet.where())
        mistakes.add_error(error, sheet)
    return wanted


def pair_levels(tables: Mapping[str, pd.DataFrame], file: str) -> list[int]:
    """Give the boundary level of every pair of a table.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Completed tables of places, towns and villages, and the table of pairs.
    file : str
        Its name: `adjacency.csv`, `ties.csv` or `named_pairs.csv`.

    Returns
    -------
    list of int
        0 inside a town to 4 between provinces.
    """
    parent: dict[str, str] = {}
    for units, column in (
        ("places.csv", "parent_code"), ("towns.csv", "county_code"), ("villages.csv", "town_code")
    ):  # fmt: skip
        parent |= dict(zip(tables[units]["code"], tables[units][column], strict=True))
    villages = set(tables["villages.csv"]["code"])
    levels = []
    first, second = _SIDES[file]
    for one, other in zip(tables[file][first], tables[file][second], strict=True):
        a, b = (parent[code] if code in villages else code for code in (one, other))
        level = 0
        while a != b and level < _HIGHEST:
            level += 1
            a, b = parent.get(a, ""), parent.get(b, "")
        levels.append(level)
    return levels
