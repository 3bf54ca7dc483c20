"""Read a table cell by cell: headers under any of their names, every mistake kept, one column an array."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.errors import InputError, nearest_name
from sim.world.cells import WrongCellError, blank_of, choice_words, read_cell
from sim.world.headers import header_names, is_numbering, plain_header, plain_headers
from sim.world.mistakes import Mistakes, called
from sim.world.sheets import Sheet, is_blank
from sim.world.tables import COLUMNS, LINE, REMARK, Column
from sim.world.words import column_title


def read_table(sheet: Sheet, columns: Sequence[Column], mistakes: Mistakes) -> pd.DataFrame:
    """Read one table and check every cell.

    Parameters
    ----------
    sheet : Sheet
        The table as it was found.
    columns : sequence of Column
        The columns it must or may have; `note` is always allowed and dropped.
    mistakes : Mistakes
        Takes what is wrong: a column missing, unknown or listed twice, a cell that does not hold what it
        should.

    Returns
    -------
    pandas.DataFrame
        One row per row of the sheet, with all `columns` and the column `line` (row in the file). A wrong cell
        is blank.
    """
    places = _match_header(sheet, columns, mistakes)
    mistakes.know(sheet.file, places)
    data: dict[str, object] = {LINE: pd.Series([line for line, _ in sheet.rows], dtype="int64")}
    for column in columns:
        place = places.get(column.name)
        data[column.name] = _series(
            column,
            [blank_of(column)] * len(sheet.rows)
            if place is None
            else [_read(sheet, line, column, cells, place, mistakes) for line, cells in sheet.rows],
        )
    return pd.DataFrame(data)


def empty_table(columns: Sequence[Column]) -> pd.DataFrame:
    """Return a table without rows, for an optional table that is not there.

    Parameters
    ----------
    columns : sequence of Column
        The columns the table would have.

    Returns
    -------
    pandas.DataFrame
        No rows, the same columns and types as :func:`read_table` gives.
    """
    frame = pd.DataFrame({LINE: pd.Series(dtype="int64")})
    for column in columns:
        frame[column.name] = _series(column, [])
    return frame


def _series(column: Column, values: list[object]) -> pd.Series:
    return pd.Series(values, dtype="float64" if column.is_number else "object")


def _match_header(sheet: Sheet, columns: Sequence[Column], mistakes: Mistakes) -> dict[str, int]:
    """Find the place of every column, and say which headers belong to none."""
    names = header_names(sheet.file, columns)
    known = plain_headers(names)
    places: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    for place, written in enumerate(sheet.header):
        title = plain_header(written)
        if not title:
            if any(not is_blank(cells[place]) for _, cells in sheet.rows):
                _blame(
                    sheet,
                    place,
                    written,
                    {"zh": "有表头的列", "en": "a column with a header"},
                    None,
                    mistakes,
                )
            continue
        name = names[known[title]] if title in known else None
        if name is None and is_numbering(written):
            continue
        if name is None:
            unknown.append((place, written))
        elif name in places:
            _blame(sheet, place, written, {"zh": "每列只出现一次", "en": "each column once"}, None, mistakes)
        else:
            places[name] = place
    absent = [column.name for column in columns if column.name not in places]
    for place, written in unknown:
        plain = nearest_name(plain_header(written), known)
        near = None if plain is None else known[plain]
        _blame(sheet, place, written, _known_headers(sheet.file, columns), near, mistakes)
        if near is not None and names[near] in absent:
            # The rest of the column is checked as what its header was probably meant to be.
            places[names[near]] = place
            absent.remove(names[near])
    for column in columns:
        if column.name in absent and not column.optional:
            mistakes.spoil(sheet.file, column.name)
            allowed = {"zh": "表头须有此列", "en": "this column, which the header must have"}
            _blame(sheet, len(sheet.header), called(sheet, column.name), allowed, None, mistakes)
    return places


def _known_headers(file: str, columns: Sequence[Column]) -> dict[str, str]:
    """List the headers of a table: their titles in Chinese, their names in English."""
    names = [*(column.name for column in columns), REMARK]
    titles = [column_title(file, name, "zh") if file in COLUMNS else name for name in names]
    return {"zh": "、".join(titles), "en": ", ".join(names)}


def _blame(
    sheet: Sheet,
    place: int,
    written: str,
    allowed: dict[str, str],
    nearest: str | None,
    mistakes: Mistakes,
) -> None:
    where = sheet.where(sheet.header_line, place if place < len(sheet.header) else None)
    error = InputError("column", written, allowed, nearest, where)
    mistakes.add_error(error, sheet, sheet.header_line, place)


def _read(
    sheet: Sheet, line: int, column: Column, cells: tuple[object, ...], place: int, mistakes: Mistakes
) -> object:
    try:
        return read_cell(column, cells[place])
    except WrongCellError as wrong:
        names = choice_words(column) if column.kind == "choice" else ()
        mistakes.add(sheet, line, column.name, wrong.allowed, names)
        return blank_of(column)
