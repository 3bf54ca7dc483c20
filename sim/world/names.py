"""Units by code or by name: codes made where none are given, and every reference led to its unit.

A person knows 古城镇, not 450922111; a table may therefore name a unit by its code, its name, or its name
with that of its superior before it (陆川县-古城镇) where the name alone would mean two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from sim.world.cells import shown
from sim.world.mistakes import Mistakes
from sim.world.sheets import Sheet, tidy
from sim.world.tables import COLUMNS, LINE

#: Stands between a superior and a unit in names and in codes made of names.
BETWEEN: Final = "-"

#: A row that was made stands on no line of any file.
MADE_LINE: Final = 0

#: Table of the units of each level.
TABLE_OF: Final = {
    "province": "places.csv",
    "prefecture": "places.csv",
    "county": "places.csv",
    "town": "towns.csv",
    "village": "villages.csv",
}
#: Tier that each team belongs to.
UNIT_OF_TEAM: Final = {"police": "town", "volunteers": "town", "water": "county", "market": "county"}

#: Columns by which a unit may be called.
CALLED_BY: Final = ("code", "name_zh", "name_en")
_SUPERIOR: Final = {"prefecture": "province", "county": "prefecture", "town": "county", "village": "town"}
_SUPERIOR_COLUMN: Final = {
    "province": "parent_code",
    "prefecture": "parent_code",
    "county": "parent_code",
    "town": "county_code",
    "village": "town_code",
}
_LEVEL_ZH: Final = {
    "village": "村（社区）",
    "town": "乡镇",
    "county": "县",
    "prefecture": "地级市",
    "province": "省",
}
_BESIDE_CHINESE: Final = re.compile(r"(?<=[\u3400-\u9fff()])\s+|\s+(?=[\u3400-\u9fff()])")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_ONCE: Final = {
    "zh": "同一上级之下不重复的名称，或填写代码加以区别",
    "en": "a name that its superior has once, or a code that tells the two apart",
}

Tables = dict[str, pd.DataFrame]


@dataclass
class Register:
    """Find units of each level by code or name.

    Examples
    --------
    >>> register = Register()
    >>> register.add("county", "450922", ("陆川县",), ())
    >>> register.add("town", "450922111", ("古城镇",), ("450922", "陆川县"))
    >>> register.find(("town",), "陆川县-古城镇"), register.find(("town",), "古城")
    (['450922111'], [])
    """

    codes: dict[str, set[str]] = field(default_factory=dict)
    by_name: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, level: str, code: str, names: Sequence[str], superiors: Iterable[str]) -> None:
        """Enter a unit.

        Parameters
        ----------
        level : str
            Its level.
        code : str
            Its code.
        names : sequence of str
            Its names; blank ones are passed over.
        superiors : iterable of str
            Code and names of the unit above it.
        """
        self.codes.setdefault(level, set()).add(code)
        own = [name for name in dict.fromkeys(names) if name]
        longer = [f"{superior}{BETWEEN}{name}" for superior in superiors if superior for name in own]
        self.names[code] = (*own, *longer)
        known = self.by_name.setdefault(level, {})
        for name in dict.fromkeys(map(plain_name, self.names[code])):
            if code not in known.setdefault(name, []):
                known[name].append(code)

    def find(self, levels: Sequence[str], given: str) -> list[str]:
        """Find the units that a code or name means.

        Parameters
        ----------
        levels : sequence of str
            Levels to look in; the first that knows it wins.
        given : str
            A code or name.

        Returns
        -------
        list of str
            Codes; several where a name is not unique.
        """
        for level in levels:
            if given in self.codes.get(level, ()):
                return [given]
        for level in levels:
            found = self.by_name.get(level, {}).get(plain_name(given))
            if found:
                return found
        return []

    def known(self, levels: Sequence[str]) -> list[str]:
        """List every code and name of some levels, to suggest the nearest.

        Parameters
        ----------
        levels : sequence of str
            The levels.

        Returns
        -------
        list of str
            Codes and names.
        """
        found: list[str] = []
        for level in levels:
            codes = sorted(self.codes.get(level, ()))
            found += [*codes, *(name for code in codes for name in self.names[code])]
        return found


def plain_name(name: str) -> str:
    """Bring a name into the form in which names are compared.

    Parameters
    ----------
    name : str
        As it stands in a table.

    Returns
    -------
    str
        Wide letters and brackets made narrow, and no blanks beside Chinese characters, which are put there
        to make short names as wide as long ones.

    Examples
    --------
    >>> plain_name("东　 镇（新区）"), plain_name("First Village")
    ('东镇(新区)', 'First Village')
    """
    return _BESIDE_CHINESE.sub("", unicodedata.normalize("NFKC", name))


class Names:
    """Lead every reference of the tables to a code, and tell what cannot be found.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Tables by name; references and blank codes are replaced by codes in place.
    sheets : mapping of str to Sheet
        Where the tables stand, for messages.
    mistakes : Mistakes
        Takes what cannot be found.
    """

    def __init__(self, tables: Tables, sheets: Mapping[str, Sheet], mistakes: Mistakes) -> None:
        self.tables = tables
        self.sheets = sheets
        self.mistakes = mistakes
        self.register = Register()
        self.made_codes = 0
        self._made: set[str] = set()
        # Units whose own row cannot be read: what names them may well be right.
        places = tables["places.csv"]
        unread = places[places["level"] == ""]
        self.unsure = {name for column in CALLED_BY for name in unread[column]} - {""}
        self.unsure |= {
            tidy(str(shown(cells[place])))
            for file in dict.fromkeys(TABLE_OF.values())
            for column in CALLED_BY
            if (place := mistakes.position(sheets[file], column)) is not None
            for line, cells in sheets[file].rows
            if mistakes.has(file, line, column) and place < len(cells)
        } - {""}

    def settle(self) -> None:
        """Give every unit its code, then lead all references to codes."""
        for level in ("province", "prefecture", "county", "town", "village"):
            self._settle_level(level)
        for file, columns in COLUMNS.items():
            if file in ("places.csv", "towns.csv", "villages.csv") or file not in self.tables:
                continue
            for column in columns:
                if column.refers:
                    self._lead_column(file, column.name, column.kind == "list", column.refers)

    def _settle_level(self, level: str) -> None:
        file, column = TABLE_OF[level], _SUPERIOR_COLUMN[level]
        frame = self.tables[file]
        rows = frame.index[frame["level"] == level] if file == "places.csv" else frame.index
        codes, superiors = frame["code"].tolist(), frame[column].tolist()
        chinese, english = frame["name_zh"].tolist(), frame["name_en"].tolist()
        lines = frame[LINE].tolist()
        seen: dict[str, int] = {}
        for row in rows:
            if superiors[row] and level in _SUPERIOR:
                superiors[row] = self._lead(
                    file, int(lines[row]), column, superiors[row], (_SUPERIOR[level],)
                )
            name = chinese[row] or english[row]
            is_made = lines[row] == MADE_LINE
            if not codes[row]:
                self.made_codes += not is_made
                # A superior that nobody named says nothing in a code.
                has_above = superiors[row] and superiors[row] not in self._made
                codes[row] = f"{superiors[row]}{BETWEEN}{name}" if has_above else name
                if codes[row] in seen and name:
                    wrong = "name_zh" if chinese[row] else "name_en"
                    self._blame(file, int(lines[row]), wrong, _ONCE)
            elif codes[row] in seen:
                allowed = used_code(self.sheets[file], seen[codes[row]])
                self._blame(file, int(lines[row]), "code", allowed)
            is_again = codes[row] in seen
            if is_again or not codes[row] or self._has_no_superior(file, int(lines[row]), column):
                # The row is kept apart from the others so that its cells are still checked.
                codes[row] = f"{file}:{lines[row]}"
            seen[codes[row]] = int(lines[row])
            if is_made and level != "county":
                self._made.add(codes[row])
            above = (superiors[row], *self.register.names.get(superiors[row], ()))
            if superiors[row] in self._made:
                # Nobody calls a unit by a superior that nobody named.
                above = ()
            names = (chinese[row], english[row])
            if is_again:
                # Told already; what names it means the row that has the name first.
                names = tuple(one for one in names if not self.register.find((level,), one))
                self.mistakes.excuse(file, int(lines[row]))
            self.register.add(level, codes[row], names, above)
        frame["code"] = pd.Series(codes, dtype="object", index=frame.index)
        frame[column] = pd.Series(superiors, dtype="object", index=frame.index)

    def _has_no_superior(self, file: str, line: int, column: str) -> bool:
        """Tell whether a row lacks what it belongs to, and was told so: its name says nothing alone."""
        frame = self.tables[file]
        return self.mistakes.has(file, line, column) and not frame.loc[frame[LINE] == line, column].any()

    def _lead_column(self, file: str, column: str, is_list: bool, levels: tuple[str, ...]) -> None:
        frame = self.tables[file]
        lines = frame[LINE].tolist()
        led = []
        for row, given in enumerate(frame[column].tolist()):
            wanted = self._levels(file, row, levels)
            items = given.split("\n") if is_list and given else [given]
            line = int(lines[row])
            found = [self._lead(file, line, column, item, wanted) if item else "" for item in items]
            led.append("\n".join(found))
        frame[column] = pd.Series(led, dtype="object", index=frame.index)

    def _levels(self, file: str, row: int, levels: tuple[str, ...]) -> tuple[str, ...]:
        """Narrow the levels that a row's other cells leave open, and note the level that was found."""
        frame = self.tables[file]
        if file == "teams.csv":
            kind = str(frame["kind"].iloc[row])
            return (UNIT_OF_TEAM[kind],) if kind else levels
        if file == "named_pairs.csv":
            level = str(frame["level"].iloc[row])
            if not level and not self.mistakes.has(file, int(frame[LINE].iloc[row]), "level"):
                pair = [str(frame[side].iloc[row]) for side in ("code_a", "code_b")]
                fitting = [one for one in levels if all(self.register.find((one,), code) for code in pair)]
                level = fitting[0] if fitting else ""
                frame.loc[row, "level"] = level
            return (level,) if level else levels
        return levels

    def _lead(self, file: str, line: int, column: str, given: str, levels: tuple[str, ...]) -> str:
        found = self.register.find(levels, given)
        if len(found) == 1:
            return found[0]
        if file == "river.csv" and column == "town_code" and not found:
            # A town outside the model keeps its place on the river.
            return given
        if given in self.unsure or any(self.mistakes.has(TABLE_OF[level]) for level in levels):
            self.mistakes.excuse(file, line, column)
            return given
        if found:
            ways = {
                language: dict.fromkeys(
                    [*(self._only_name(levels, code, language) for code in found[:3]), found[0]]
                )
                for language in ("zh", "en")
            }
            allowed = {
                "zh": "只指一个单位的写法，如 " + "、".join(ways["zh"]),
                "en": "what means one unit only, such as " + ", ".join(ways["en"]),
            }
            self._blame(file, line, column, allowed)
        else:
            allowed = unit_of(levels, self.sheets)
            self._blame(file, line, column, allowed, self.register.known(levels))
        return given

    def _only_name(self, levels: Sequence[str], code: str, language: str) -> str:
        """Give the shortest name that means one unit only, in a language where it has one; else its code."""
        only = [name for name in self.register.names[code] if self.register.find(levels, name) == [code]]
        own = [
            name
            for name in only
            if all(bool(_CHINESE.search(part)) == (language == "zh") for part in name.split(BETWEEN))
        ]
        return min(own or only, key=len, default=code)

    def _blame(
        self, file: str, line: int, column: str, allowed: Mapping[str, str], names: Iterable[str] = ()
    ) -> None:
        self.mistakes.add(self.sheets[file], line, column, allowed, names)


def used_code(sheet: Sheet, line: int) -> dict[str, str]:
    """Say that a code is taken.

    Parameters
    ----------
    sheet : Sheet
        Table of the unit that has it.
    line : int
        Its row.

    Returns
    -------
    dict of str to str
        The phrase in zh and en.

    Examples
    --------
    >>> used_code(Sheet("towns.csv", "a/towns.csv", ("code",), ()), 3)["en"]
    'a code that is used once (towns.csv, row 3, has it already)'
    """
    title = sheet.title or sheet.file
    return {
        "zh": f"未被使用的代码（{title} 第 {line} 行已用）",
        "en": f"a code that is used once ({title}, row {line}, has it already)",
    }


def unit_of(levels: Sequence[str], sheets: Mapping[str, Sheet]) -> dict[str, str]:
    """Say which units a cell may name.

    Parameters
    ----------
    levels : sequence of str
        Their levels.
    sheets : mapping of str to Sheet
        The tables, which a workbook calls by the titles of its sheets.

    Returns
    -------
    dict of str to str
        The phrase in zh and en.

    Examples
    --------
    >>> unit_of(["town"], {})["en"]
    'the code or name of a town in towns.csv'
    """
    files = dict.fromkeys(TABLE_OF[level] for level in levels)
    called = [sheets[file].title or file if file in sheets else file for file in files]
    zh = "或".join(_LEVEL_ZH[level] for level in levels)
    return {
        "zh": f"{'、'.join(called)} 中某个{zh}的代码或名称",
        "en": f"the code or name of a {' or '.join(levels)} in {', '.join(called)}",
    }
