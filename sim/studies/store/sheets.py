"""Tables as sheets of a workbook: headers that stay in sight, numbers as numbers, words as words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from sim.files import write_beside
from sim.studies.extras import extra_module

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Sheet", "write_sheets"]

_LONGEST_NAME: Final = 31
_NOT_IN_A_NAME: Final = re.compile(r"[\\/*?:\[\]]")
# Characters that the format cannot hold.
_NOT_IN_A_CELL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST: Final = 60
#: Rows by which the width of a column is judged.
_JUDGED_ROWS: Final = 200
_HEADER_COLOUR: Final = "DDEBF7"


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table for a workbook.

    Attributes
    ----------
    name : str
        Name of the sheet; shortened where a workbook allows less.
    table : pandas.DataFrame
        Its content; the columns' names are the header.
    formats : dict of (int, int) to str
        Number formats of cells by row of the table and column, both from 0.
    """

    name: str
    table: pd.DataFrame
    formats: dict[tuple[int, int], str] = field(default_factory=dict)


def write_sheets(path: str | Path, sheets: Sequence[Sheet], *, creator: str = "") -> Path:
    """Write tables into one workbook.

    Parameters
    ----------
    path : str or Path
        File ``.xlsx``.
    sheets : sequence of Sheet
        The tables, a sheet each.
    creator : str
        Who made it, for the properties of the file.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    InputError
        If openpyxl is not installed.
    OutputError
        If the system refuses.

    Notes
    -----
    What begins with an equals sign stays the text that it is: nothing of a user's names is calculated.
    """
    extra_module("openpyxl", "xlsx")

    def write(temporary: Path) -> None:
        with pd.ExcelWriter(temporary, engine="openpyxl") as writer:
            for sheet, name in zip(sheets, _names(sheets), strict=True):
                plain = sheet.table.map(_plain)
                plain.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
                _dress(writer.sheets[name], sheet)
            if creator:
                writer.book.properties.creator = creator

    return write_beside(Path(path), write)


def _names(sheets: Sequence[Sheet]) -> list[str]:
    names: list[str] = []
    for sheet in sheets:
        name = _NOT_IN_A_NAME.sub(" ", sheet.name).strip()[:_LONGEST_NAME]
        number = 2
        while name.casefold() in (other.casefold() for other in names):
            name = f"{name[: _LONGEST_NAME - 3]} {number}"
            number += 1
        names.append(name)
    return names


def _plain(value: object) -> object:
    return _NOT_IN_A_CELL.sub("", value) if isinstance(value, str) else value


def _dress(sheet: Worksheet, content: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color=_HEADER_COLOUR)
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    for (row_number, column), number_format in content.formats.items():
        sheet.cell(row_number + 2, column + 1).number_format = number_format
    for number, column_cells in enumerate(sheet.iter_cols(max_row=_JUDGED_ROWS), start=1):
        width = max((_width(cell.value) for cell in column_cells), default=0)
        letter = column_cells[0].column_letter  # type: ignore[union-attr]
        sheet.column_dimensions[letter].width = min(max(width, 6), _WIDEST) + 2
        if width > _WIDEST:
            for (cell,) in sheet.iter_rows(min_col=number, max_col=number, min_row=2):
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def _width(value: object) -> int:
    # A Chinese character takes the room of two others.
    words = f"{value:.4g}" if isinstance(value, float) else str("" if value is None else value)
    return max(
        (sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) for line in words.split("\n")), default=0
    )
