"""The workbook of the template: sheets with explained headers, lists to choose from, and examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.language import LANGUAGES, text, unit_words
from sim.world.sheets import column_letters
from sim.world.tables import COLUMNS, Column
from sim.world.words import (
    SETTING_ROWS,
    choice_label,
    column_about,
    column_title,
    sheet_title,
    table_key,
)
from sim.world.workbook import SETTINGS_SHEET

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["write_workbook"]

#: Rows below the header for which lists and formats are set; more may be filled in.
_PREPARED_ROWS: Final = 3_000
#: Spreadsheet programs take a list of at most this many characters in place.
_LONGEST_LIST: Final = 255
_TEXT_FORMAT: Final = "@"
_COLOURS: Final = {"header": "DDEBF7", "about": "F2F2F2", "example": "FFF8E1", "given": None}
_NAMES_OF: Final = {
    "county": ("places.csv",),
    "prefecture": ("places.csv",),
    "province": ("places.csv",),
    "town": ("towns.csv",),
    "village": ("villages.csv",),
}


def write_workbook(path: Path, language: str) -> None:
    """Write the workbook of the template.

    Parameters
    ----------
    path : Path
        File to write.
    language : {"zh", "en"}
        Language of sheets, headers and explanations; the comments of headers have both.
    """
    from openpyxl import Workbook

    book = Workbook()
    readme = book.active
    assert readme is not None
    _fill_readme(readme, language)
    _fill_settings(book, language)
    for file in COLUMNS:
        _fill_table(book.create_sheet(sheet_title(file, language)), file, language)
    _fill_catalogue(book, language)
    book.save(path)


def _fill_readme(sheet: Worksheet, language: str) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = text("border.sheet.readme", language)
    sheet.column_dimensions["A"].width = 110
    sheet.append([text("border.readme.title", language)])
    sheet["A1"].font = Font(bold=True, size=14)
    lines = [*text("border.readme.lines", language).splitlines(), ""]
    lines += [
        f"{sheet_title(file, language)}: {text(f'border.purpose.{table_key(file)}', language)}"
        for file in COLUMNS
    ]
    for line in lines:
        sheet.append([line])
    for row in sheet.iter_rows(min_row=2):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _fill_settings(book: Workbook, language: str) -> None:
    sheet = book.create_sheet(text(f"border.sheet.{SETTINGS_SHEET}", language))
    sheet.append([text(f"border.setting_title.{word}", language) for word in ("setting", "value", "about")])
    for row, key in enumerate(SETTING_ROWS, start=2):
        about = text(f"border.setting_about.{key}", language)
        sheet.append([text(f"border.setting.{key}", language), None, about])
        if key == "border_level":
            levels = ("county", "prefecture", "province", "nation")
            _offer(sheet, f"B{row}", [choice_label(f"line.{level}", language) for level in levels])
    _paint(sheet, 1, "header", 3)
    for column, width in zip("ABC", (24, 50, 90), strict=True):
        sheet.column_dimensions[column].width = width


def _fill_table(sheet: Worksheet, file: str, language: str) -> None:
    from openpyxl.comments import Comment

    from sim.command.template import table_rows

    columns = COLUMNS[file]
    last = 0
    for last, (kind, cells) in enumerate(table_rows(file, language), start=1):
        for place, value in enumerate(cells, start=1):
            cell = sheet.cell(last, place, _typed(value) if kind == "example" else value or None)
            # Explanations start with marks that a spreadsheet program could take for a formula.
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        _paint(sheet, last, kind, len(cells))
    for place, column in enumerate(columns):
        letter = column_letters(place)
        words = "\n".join(
            f"{column_title(file, column.name, one)}: {column_about(file, column.name, one)}"
            for one in LANGUAGES
        )
        comment = Comment(f"{words}\n({column.name})", "sim")
        comment.width, comment.height = 360, 140
        sheet[f"{letter}1"].comment = comment
        sheet.column_dimensions[letter].width = 18
        if column.kind in ("code", "text", "list"):
            # A code of twelve digits must not become a number that is shown in short.
            sheet.column_dimensions[letter].number_format = _TEXT_FORMAT
            for row in range(2, last + 1):
                sheet[f"{letter}{row}"].number_format = _TEXT_FORMAT
        cells_below = f"{letter}{last + 1}:{letter}{last + _PREPARED_ROWS}"
        _prepare(sheet, cells_below, file, column, language)
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[2].height = 75


def _prepare(sheet: Worksheet, cells: str, file: str, column: Column, language: str) -> None:
    """Offer a list where a cell names one of a few words, or a unit of another sheet."""
    if column.choices:
        _offer(sheet, cells, [choice_label(word, language) for word in column.choices])
    elif column.name == "mechanism" and file == "mechanisms.csv":
        _offer_from(sheet, cells, text("border.sheet.catalogue", language))
    elif column.name == "lever":
        from sim.levers.definitions import LEVERS

        _offer(sheet, cells, list(LEVERS))
    elif column.refers and column.kind != "list" and len(column.refers) == 1:
        (target,) = _NAMES_OF[column.refers[0]]
        _offer_from(sheet, cells, sheet_title(target, language))


def _offer(sheet: Worksheet, cells: str, words: list[str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = ",".join(words)
    if len(listed) > _LONGEST_LIST or any("," in word for word in words):
        return
    validation = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
    validation.add(cells)
    sheet.add_data_validation(validation)


def _offer_from(sheet: Worksheet, cells: str, title: str) -> None:
    """Offer the names of another sheet, and take any other text as well: a code or a longer name."""
    from openpyxl.worksheet.datavalidation import DataValidation

    names = f"'{title}'!$A$3:$A${_PREPARED_ROWS}"
    validation = DataValidation(type="list", formula1=names, allow_blank=True, showErrorMessage=False)
    validation.add(cells)
    sheet.add_data_validation(validation)


def _fill_catalogue(book: Workbook, language: str) -> None:
    from sim.levers.definitions import LEVERS
    from sim.levers.mechanisms import list_mechanisms, load_mechanism

    sheet = book.create_sheet(text("border.sheet.catalogue", language))
    words = ("mechanism", "key", "summary", "", "lever", "setting", "default", "range", "unit", "meaning")
    sheet.append([text(f"border.catalogue.{word}", language) if word else None for word in words])
    _paint(sheet, 1, "header", len(words))
    mechanisms = [load_mechanism(key) for key in list_mechanisms()]
    for row, mechanism in enumerate(mechanisms, start=3):
        for place, value in enumerate(
            (mechanism.name[language], mechanism.key, mechanism.summary[language]), 1
        ):
            sheet.cell(row, place, value)
    row = 3
    for lever in LEVERS.values():
        for name, setting in lever.settings.items():
            values = (
                lever.name, name, setting.default, f"{setting.low:g} – {setting.high:g}",
                unit_words(setting.unit, language), getattr(setting, language),
            )  # fmt: skip
            for place, value in enumerate(values, start=5):
                sheet.cell(row, place, value)
            row += 1
        for name, options in lever.options.items():
            for place, value in enumerate((lever.name, name, options[0], ", ".join(options)), start=5):
                sheet.cell(row, place, value)
            row += 1
    for letter, width in zip("ABCDEFGHIJ", (36, 32, 80, 4, 16, 28, 10, 28, 20, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _paint(sheet: Worksheet, row: int, kind: str, width: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    colour = _COLOURS[kind]
    for place in range(1, width + 1):
        cell = sheet.cell(row, place)
        if colour is not None:
            cell.fill = PatternFill("solid", start_color=colour)
        cell.font = Font(bold=kind == "header", italic=kind in ("about", "example"), size=11)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _typed(value: str) -> str | float | None:
    """Write a number as a number, as a person would have typed it."""
    try:
        return float(value) if value else None
    except ValueError:
        return value
