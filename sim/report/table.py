"""A table as a page and as a sheet: one description, cells that know how they are read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from sim.charts.wording import is_share, scale_of, unit_name
from sim.language import catalogue, text, unit_words
from sim.measures.definitions import Measure
from sim.report.numbers import NOTHING, decimals_for, format_number, format_value, interval_decimals, verdict
from sim.studies.store.sheets import Sheet

__all__ = [
    "Cell",
    "Change",
    "Column",
    "Group",
    "Level",
    "Number",
    "Table",
    "own_columns",
    "sheet_name",
    "shown",
    "sheet_of",
]

_NEAR: Final = 0.0005
# Names of columns that hold numbers, and of those that hold sentences.
_NUMBERS: Final = ("count", "value", "share", "default", "low", "high", "used", "replication")
_WIDE: Final = ("summary", "levers", "meaning", "what")
_MINUS: Final = str.maketrans({"-": "−"})


@dataclass(frozen=True)
class Level:
    """A value of a measure.

    Attributes
    ----------
    value : float
        The value; NaN where there is none.
    unit : str
        Unit, as in the table of measures.
    """

    value: float
    unit: str


@dataclass(frozen=True)
class Change:
    """A paired difference, or a ratio of two, with its 95 % interval.

    Attributes
    ----------
    effect, low, high : float
        The number and the ends of its interval; NaN where there is none.
    measure : Measure
        What changes.
    is_ratio : bool
        True for a ratio, which has no sign and no verdict.
    """

    effect: float
    low: float
    high: float
    measure: Measure
    is_ratio: bool = False

    @property
    def verdict(self) -> str:
        """What the interval supports, as `sim.report.numbers.verdict` says it."""
        if self.is_ratio:
            return "no_ratio" if math.isnan(self.effect) else ""
        return verdict(self.measure, self.low, self.high)


@dataclass(frozen=True)
class Number:
    """A plain number.

    Attributes
    ----------
    value : float
        The number; NaN where there is none.
    decimals : int or None
        Digits after the point; None for as many as it has, up to six.
    """

    value: float
    decimals: int | None = None


Cell = str | Level | Change | Number
"""What may stand in a table."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    title : str
        What stands above it.
    about : str
        What it means, with its unit.
    kind : {"text", "number", "change"}
        How it is set.
    wide : bool
        True where sentences stand in it.
    """

    title: str
    about: str
    kind: str = "text"
    wide: bool = False


@dataclass(frozen=True)
class Group:
    """Rows that belong together.

    Attributes
    ----------
    title : str
        What stands above them; empty for none.
    rows : tuple of tuple of Cell
        The rows, each with a cell for every column.
    """

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table of the report.

    Attributes
    ----------
    key : str
        Name for links.
    title : str
        What it shows.
    note : str
        What a reader has to know to read it; may be empty.
    columns : tuple of Column
        The columns; the first names the row.
    groups : tuple of Group
        The rows.
    """

    key: str
    title: str
    note: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]

    @property
    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Every row."""
        return (row for group in self.groups for row in group.rows)

    @property
    def is_grouped(self) -> bool:
        """Whether its rows stand under titles."""
        return any(group.title for group in self.groups)


def own_columns(table: str, language: str) -> tuple[Column, ...]:
    """Take the columns of a table from the catalogue: titles, meanings, and how they are set.

    Parameters
    ----------
    table : str
        Part of the keys ``report.column.<table>.<name>`` and ``report.about.<table>.<name>``.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    tuple of Column
        In the order of the catalogue.

    Examples
    --------
    >>> [column.title for column in own_columns("versions", "en")]
    ['what', 'version']
    """
    start = f"report.column.{table}."
    names = [key.removeprefix(start) for key in catalogue() if key.startswith(start)]
    return tuple(
        Column(
            text(f"{start}{name}", language),
            text(f"report.about.{table}.{name}", language),
            "change" if name == "change" else "number" if name.startswith(_NUMBERS) else "text",
            name in _WIDE,
        )
        for name in names
    )


def shown(cell: Cell, language: str) -> dict[str, str]:
    """Say a cell in words for a page.

    Parameters
    ----------
    cell : Cell
        The cell.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    dict of str to str
        ``value``; of a change also ``interval``, ``verdict`` in words and ``kind`` of verdict.

    Examples
    --------
    >>> from sim.measures.definitions import MEASURES
    >>> shown(Change(0.2, 0.1, 0.3, MEASURES["settled_90_days"]), "en")["interval"]
    '[+10.0, +30.0]'
    >>> shown(Number(0.25), "zh"), shown(Level(0.25, "share"), "zh")
    ({'value': '0.25'}, {'value': '25.0%'})
    """
    if isinstance(cell, str):
        return {"value": cell}
    if isinstance(cell, Level):
        return {"value": format_value(cell.value, cell.unit).translate(_MINUS)}
    if isinstance(cell, Number):
        return {"value": _plain_number(cell)}
    judged = cell.verdict
    words = text(f"command.verdict.{judged}", language) if judged else ""
    if math.isnan(cell.effect):
        return {"value": NOTHING, "interval": "", "verdict": words, "kind": judged}
    scale = scale_of(cell.measure.unit)
    numbers = (scale * cell.effect, scale * cell.low, scale * cell.high)
    decimals = interval_decimals(*numbers, 1 if is_share(cell.measure.unit) else None)
    sign = "" if cell.is_ratio else "+"
    said = [format_number(number, sign, decimals).translate(_MINUS) for number in numbers]
    interval = "" if math.isnan(cell.low) else f"[{said[1]}, {said[2]}]"
    return {"value": said[0], "interval": interval, "verdict": words, "kind": judged}


def sheet_of(table: Table, language: str) -> Sheet:
    """Lay a table out for a spreadsheet: a column of its own for every number, and for the group.

    Parameters
    ----------
    table : Table
        The table.
    language : {"zh", "en"}
        Language of the header.

    Returns
    -------
    Sheet
        Levels and differences of shares are in per cent and points, as on the page.
    """
    has_units = any(isinstance(cell, Level | Change) for row in table.rows for cell in row)
    header = [text("report.sheet.group", language)] if table.is_grouped else []
    first = len(header)
    for place, column in enumerate(table.columns):
        header += _titles(column, language)
        if place == 0 and has_units:
            header.append(text("report.sheet.unit", language))
    rows: list[list[Any]] = []
    formats: dict[tuple[int, int], str] = {}
    for group in table.groups:
        for row in group.rows:
            values: list[Any] = [group.title] if first else []
            for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
                for value, number_format in _values(cell, column, language):
                    if number_format:
                        formats[len(rows), len(values)] = number_format
                    values.append(value)
                if place == 0 and has_units:
                    values.append(_unit_of(row, language))
            rows.append(values)
    return Sheet(
        sheet_name(table, language), pd.DataFrame(rows, columns=_each_once(header), dtype=object), formats
    )


def sheet_name(table: Table, language: str) -> str:
    """Name the sheet of a table in a word or two.

    Parameters
    ----------
    table : Table
        The table.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The name; a number follows where a table goes on in another one.

    Examples
    --------
    >>> [sheet_name(Table(key, "", "", (), ()), "en") for key in ("costs", "costs_2")]
    ['Costs', 'Costs 2']
    """
    kind, _, number = table.key.rpartition("_")
    if not number.isdigit():
        return text(f"report.sheet.name.{table.key}", language)
    return f"{text(f'report.sheet.name.{kind}', language)} {number}"


def _titles(column: Column, language: str) -> list[str]:
    if column.kind != "change":
        return [column.title]
    parts = [text(f"report.sheet.{part}", language) for part in ("difference", "low", "high", "verdict")]
    return [text("report.sheet.part", language, column=column.title, part=part) for part in parts]


def _values(cell: Cell, column: Column, language: str) -> list[tuple[Any, str]]:
    if isinstance(cell, Change):
        scale, words = scale_of(cell.measure.unit), shown(cell, language)["verdict"]
        numbers = (scale * cell.effect, scale * cell.low, scale * cell.high)
        decimals = interval_decimals(*numbers, 1 if is_share(cell.measure.unit) else None)
        form = _format(decimals, signed=not cell.is_ratio)
        return [(_number(number), form) for number in numbers] + [(words, "")]
    if column.kind == "change":
        return [(shown(cell, language)["value"], ""), ("", ""), ("", ""), ("", "")]
    if isinstance(cell, Level):
        if is_share(cell.unit):
            return [(_number(cell.value), "0.0%")]
        return [(_number(cell.value), _format(decimals_for(cell.value)))]
    if isinstance(cell, Number):
        decimals = _decimals_of(cell)
        return [(_number(cell.value), _format(decimals))]
    return [(cell, "")]


def _unit_of(row: Sequence[Cell], language: str) -> str:
    for cell in row:
        if isinstance(cell, Change):
            unit = cell.measure.unit
            if is_share(unit):
                return text("report.sheet.share_unit", language)
            return unit_name(unit, language) or unit_words("index", language)
    return next((unit_name(cell.unit, language) for cell in row if isinstance(cell, Level)), "")


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _format(decimals: int, *, signed: bool = False) -> str:
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"+{digits};-{digits};{digits}" if signed else digits


def _decimals_of(number: Number) -> int:
    if number.decimals is not None:
        return number.decimals
    for decimals in range(6):
        if math.isclose(round(number.value, decimals), number.value, rel_tol=_NEAR, abs_tol=1e-12):
            return decimals
    return 6


def _plain_number(number: Number) -> str:
    if math.isnan(number.value):
        return NOTHING
    return format_number(number.value, "", _decimals_of(number)).translate(_MINUS)


def _each_once(header: Sequence[str]) -> list[str]:
    names: list[str] = []
    for name in header:
        own, number = name, 2
        while own in names:
            own, number = f"{name} {number}", number + 1
        names.append(own)
    return names
