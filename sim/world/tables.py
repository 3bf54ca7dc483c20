"""Read the tables of a region folder and say exactly which cell is wrong."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from sim.errors import InputError, nearest_name

ColumnKind = Literal["code", "text", "number", "integer", "choice"]

#: A free remark is welcome in every table and read by nobody.
REMARK = "note"

#: The projection is a local one; beyond this latitude a degree of longitude is too short to scatter on.
MAXIMUM_LATITUDE_DEGREES = 85.0


@dataclass(frozen=True)
class Column:
    """Describe one column of a table.

    Parameters
    ----------
    name : str
        Header of the column.
    kind : {"code", "text", "number", "integer", "choice"}
        What a cell holds. Codes stay text, so that leading zeros survive.
    optional : bool
        Whether the column may be missing; its cells are blank then.
    blank : bool
        Whether a cell may be empty (NaN for numbers, the empty string otherwise).
    low, high : float
        Inclusive range of a number; `above` makes the lower bound exclusive.
    above : bool
        Whether a number must be greater than `low`.
    choices : tuple of str
        Allowed words of a choice.
    """

    name: str
    kind: ColumnKind = "text"
    optional: bool = False
    blank: bool = False
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    choices: tuple[str, ...] = ()

    def allowed(self) -> dict[str, str]:
        """Say in words what a cell may hold.

        Returns
        -------
        dict of str to str
            For zh and en, a phrase that completes "allowed: …".

        Examples
        --------
        >>> Column("shared_km", "number", low=0.0, above=True).allowed()["en"]
        'a number above 0'
        >>> Column("lat", "number", low=-85.0, high=85.0).allowed()
        {'zh': '-85 到 85 的数', 'en': 'a number from -85 to 85'}
        """
        if self.kind == "choice":
            return {"zh": "、".join(self.choices) + " 之一", "en": "one of " + ", ".join(self.choices)}
        if self.kind in ("code", "text"):
            return {"zh": "一行非空文字", "en": "a text that is not empty, on one line"}
        zh, en = ("整数", "a whole number") if self.kind == "integer" else ("数", "a number")
        low, high = f"{self.low:g}", f"{self.high:g}"
        if math.isfinite(self.low) and math.isfinite(self.high):
            return {"zh": f"{low} 到 {high} 的{zh}", "en": f"{en} from {low} to {high}"}
        if math.isfinite(self.low) and self.above:
            return {"zh": f"大于 {low} 的{zh}", "en": f"{en} above {low}"}
        if math.isfinite(self.low):
            return {"zh": f"不小于 {low} 的{zh}", "en": f"{en} of {low} or more"}
        return {"zh": zh, "en": en}


def _longitude_latitude(*, blank: bool) -> tuple[Column, Column]:
    return (
        Column("lon", "number", blank=blank, low=-180.0, high=180.0),
        Column("lat", "number", blank=blank, low=-MAXIMUM_LATITUDE_DEGREES, high=MAXIMUM_LATITUDE_DEGREES),
    )


PLACE_LEVELS = ("province", "prefecture", "county")
REACHES = ("upper", "reservoir", "lower", "shared")

#: A row that stands for units whose names or places are not known; blank for a real one.
SYNTHETIC = ("yes", "no")

COLUMNS: dict[str, tuple[Column, ...]] = {
    "places.csv": (
        Column("code", "code"),
        Column("level", "choice", choices=PLACE_LEVELS),
        Column("name_zh"),
        Column("name_en", blank=True),
        Column("parent_code", "code", blank=True),
        *_longitude_latitude(blank=True),
        Column("residents", "number", blank=True, low=0.0, above=True),
        Column("residents_year", "integer", optional=True, blank=True, low=1900.0, high=2200.0),
        Column("area_km2", "number", optional=True, blank=True, low=0.0, above=True),
        Column("village_units", "integer", optional=True, blank=True, low=1.0),
        Column("source", optional=True, blank=True),
    ),
    "towns.csv": (
        Column("code", "code"),
        Column("name_zh"),
        Column("name_en", blank=True),
        Column("county_code", "code"),
        Column("synthetic", "choice", optional=True, blank=True, choices=SYNTHETIC),
        *_longitude_latitude(blank=True),
        Column("coordinate_source", optional=True, blank=True),
        Column("precision_km", "number", optional=True, blank=True, low=0.0),
        Column("area_km2", "number", blank=True, low=0.0, above=True),
        Column("ring", "integer", optional=True, blank=True, low=0.0),
        Column("residents", "number", optional=True, blank=True, low=0.0, above=True),
        Column("residents_source", optional=True, blank=True),
    ),
    "villages.csv": (
        Column("code", "code"),
        Column("name_zh"),
        Column("name_en", blank=True),
        Column("kind", "choice", choices=("village", "community")),
        Column("town_code", "code"),
        *_longitude_latitude(blank=True),
    ),
    "adjacency.csv": (
        Column("town_a", "code"),
        Column("town_b", "code"),
        Column("shared_km", "number", blank=True, low=0.0, above=True),
        Column("basis", optional=True, blank=True),
        Column("confidence", optional=True, blank=True),
    ),
    "named_pairs.csv": (
        Column("level", "choice", choices=("village", "town")),
        Column("code_a", "code"),
        Column("code_b", "code"),
        Column("basis", optional=True, blank=True),
        Column("legacy_claims", "integer", optional=True, blank=True, low=0.0),
    ),
    "river.csv": (
        Column("order_downstream", "integer", low=1.0),
        Column("reach", "choice", choices=REACHES),
        Column("town_code", "code"),
        Column("name_zh"),
        Column("name_en", blank=True),
        Column("county_code", "code"),
        Column("length_km", "number", blank=True, low=0.0),
        Column("reservoir_area_km2", "number", optional=True, blank=True, low=0.0),
        Column("village_units", "integer", optional=True, blank=True, low=0.0),
        Column("river", optional=True, blank=True),
    ),
    "departments.csv": (Column("key", "code"), Column("name_zh"), Column("name_en")),
    "ties.csv": (
        Column("village_a", "code"),
        Column("village_b", "code"),
        Column("length_km", "number", low=0.0, above=True),
        Column("kind", "choice", choices=("land", "river")),
    ),
}

#: Row number of the file, kept beside every row so that a later check can name it.
LINE = "line"


def at_line(path: Path, line: int) -> dict[str, str]:
    """Name a line of a file.

    Parameters
    ----------
    path : Path
        The file.
    line : int
        Line number, from 1.

    Returns
    -------
    dict of str to str
        The place in zh and en.

    Examples
    --------
    >>> at_line(Path("towns.csv"), 3)
    {'zh': 'towns.csv 第 3 行', 'en': 'towns.csv, line 3'}
    """
    return {"zh": f"{path} 第 {line} 行", "en": f"{path}, line {line}"}


def read_table(path: Path, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Read one CSV table and check every cell.

    Parameters
    ----------
    path : Path
        A UTF-8 file with a header line.
    columns : tuple of Column
        The columns it must or may have; `note` is always allowed and dropped.

    Returns
    -------
    pandas.DataFrame
        One row per line in file order, with all `columns` and the column `line` (line number in the file).

    Raises
    ------
    InputError
        File unreadable, column missing or unknown, or a cell that does not hold what it should; the message
        names file, line, column, value and what is allowed.
    """
    rows, header = _read_rows(path)
    known = [column.name for column in columns]
    for name in header:
        if header.count(name) > 1:
            raise InputError(
                "column", name, {"zh": "每列只出现一次", "en": "each column once"}, None, at_line(path, 1)
            )
        if name not in known and name != REMARK:
            raise InputError("column", name, [*known, REMARK], nearest_name(name, known), at_line(path, 1))
    data: dict[str, list[object]] = {LINE: [line for line, _ in rows]}
    for column in columns:
        if column.name not in header:
            if not column.optional:
                allowed = {"zh": "表头须有此列", "en": "this column, which the header must have"}
                raise InputError(
                    "column", column.name, allowed, nearest_name(column.name, header), at_line(path, 1)
                )
            data[column.name] = [_blank(column)] * len(rows)
            continue
        position = header.index(column.name)
        data[column.name] = [_cell(path, line, column, cells[position]) for line, cells in rows]
    frame = pd.DataFrame(data)
    for column in columns:
        kind = "float64" if column.kind in ("number", "integer") else "object"
        frame[column.name] = frame[column.name].astype(kind)  # type: ignore[call-overload]
    return frame


def empty_table(columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return a table without rows, for an optional file that is not there.

    Parameters
    ----------
    columns : tuple of Column
        The columns the table would have.

    Returns
    -------
    pandas.DataFrame
        No rows, the same columns and types as :func:`read_table` gives.
    """
    frame = pd.DataFrame({LINE: pd.Series(dtype="int64")})
    for column in columns:
        frame[column.name] = pd.Series(dtype="float64" if column.kind in ("number", "integer") else "object")
    return frame


def _read_rows(path: Path) -> tuple[list[tuple[int, list[str]]], list[str]]:
    try:
        # utf-8-sig: spreadsheet programs put a byte-order mark before the first header.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip() for name in next(reader, [])]
            rows: list[tuple[int, list[str]]] = []
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    allowed = {
                        "zh": f"{len(header)} 个，与表头相同",
                        "en": f"{len(header)}, as in the header",
                    }
                    raise InputError("cells", len(cells), allowed, None, at_line(path, reader.line_num))
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        allowed = {"zh": f"可读取的 UTF-8 CSV 表（{reason}）", "en": f"a readable UTF-8 CSV table ({reason})"}
        raise InputError("file", str(path), allowed) from error
    return rows, header


def _blank(column: Column) -> object:
    return math.nan if column.kind in ("number", "integer") else ""


def _cell(path: Path, line: int, column: Column, text: str) -> object:
    where = at_line(path, line)
    if text == "":
        if column.blank:
            return _blank(column)
        raise InputError(column.name, text, column.allowed(), None, where)
    if column.kind in ("number", "integer"):
        try:
            value = float(text)
        except ValueError:
            raise InputError(column.name, text, column.allowed(), None, where) from None
        is_low = value <= column.low if column.above else value < column.low
        is_broken = column.kind == "integer" and not value.is_integer()
        if not math.isfinite(value) or is_low or value > column.high or is_broken:
            raise InputError(column.name, text, column.allowed(), None, where)
        return value
    if not text.isprintable():
        # Control characters could not be written to XML, and a name with one is a broken export.
        raise InputError(column.name, text, column.allowed(), None, where)
    if column.kind == "choice" and text not in column.choices:
        raise InputError(column.name, text, column.allowed(), nearest_name(text, column.choices), where)
    return text
