"""An empty border to fill in: a workbook with a sheet for each table, and the same as a folder of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim.command.workbook import write_workbook
from sim.errors import InputError
from sim.files import folder_beside, scenarios_folder
from sim.language import LANGUAGES, catalogue, text
from sim.world.delimited import read_csv
from sim.world.mistakes import Mistakes
from sim.world.sheets import COMMENT
from sim.world.tables import COLUMNS, Column
from sim.world.words import SETTING_ROWS, column_about, column_title, sheet_title, table_key

__all__ = ["TABLES_FOLDER", "WORKBOOK", "is_required", "table_rows", "write_template"]

WORKBOOK: Final = "border.xlsx"
TABLES_FOLDER: Final = "tables"
_README: Final = "README.md"


def write_template(folder: Path, language: str) -> Path:
    """Write the template into a new or empty folder.

    Parameters
    ----------
    folder : Path
        Where it goes.
    language : {"zh", "en"}
        Language of headers and explanations; comments and the readme have both.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If anything is in the folder already: what somebody has filled in is never written over.
    OutputError
        If it cannot be written; nothing of it is left then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        allowed = {"zh": "新的或空的文件夹", "en": "a new or empty folder"}
        raise InputError("out", str(folder), allowed)
    with folder_beside(folder) as place:
        write_workbook(place / WORKBOOK, language)
        tables = place / TABLES_FOLDER
        tables.mkdir()
        for file in COLUMNS:
            # With its mark a spreadsheet program knows the encoding.
            (tables / file).write_text(_csv(file, language), encoding="utf-8-sig", newline="")
        (tables / "region.yaml").write_text(_settings(language), encoding="utf-8")
        (place / _README).write_text(_readme(), encoding="utf-8")
    return folder


def table_rows(file: str, language: str) -> Iterator[tuple[str, list[str]]]:
    """Give the rows of an empty table: header, explanation, examples, and what is filled in already.

    Parameters
    ----------
    file : str
        Name of the table.
    language : {"zh", "en"}
        Language of the rows.

    Yields
    ------
    tuple of str and list of str
        Kind of the row ("header", "about", "example" or "given") and its cells.
    """
    columns = COLUMNS[file]
    yield (
        "header",
        [
            column_title(file, column.name, language) + (" *" if is_required(column) else "")
            for column in columns
        ]
        + [text("border.title.note", language)],
    )
    about = [column_about(file, column.name, language) for column in columns]
    yield "about", [f"{COMMENT} {about[0]}", *about[1:], text("border.about.note", language)]
    example = catalogue().get(f"border.example.{table_key(file)}")
    for line in example[language].splitlines() if example else ():
        cells = dict(part.strip().split("=", 1) for part in line.split(" | "))
        row = [cells.pop(column.name, "") for column in columns]
        yield "example", [COMMENT + row[0], *row[1:], text("border.template.example", language)]
    if file == "departments.csv":
        shared, _ = read_csv(scenarios_folder() / "region" / file, file, Mistakes())
        for _, given in shared.rows:
            yield "given", [*(str(cell) for cell in given), ""]


def is_required(column: Column) -> bool:
    """Tell whether a person must fill in a column.

    Parameters
    ----------
    column : Column
        The column.

    Returns
    -------
    bool
        Whether its header carries the mark; a name may be given in either language, yet one there must be.

    Examples
    --------
    >>> [column.name for column in COLUMNS["towns.csv"] if is_required(column)]
    ['name_zh', 'county_code']
    """
    return column.name == "name_zh" and not column.optional or not (column.optional or column.blank)


def _csv(file: str, language: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows(cells for _, cells in table_rows(file, language))
    return stream.getvalue()


def _settings(language: str) -> str:
    lines = []
    for key in SETTING_ROWS:
        about = text(f"border.setting_about.{key}", language)
        lines.append(f"# {text(f'border.setting.{key}', language)} ({key}): {about}")
    lines += [
        "#",
        "# name: my_border",
        "# title: {zh: 甲乙边界, en: Ash and Birch}",
        "# description: {zh: 两县之间, en: Between two counties}",
        "# border_level: prefecture  # county, prefecture, province, nation",
        "# sources: [a text]",
    ]
    return "\n".join(lines) + "\n"


def _readme() -> str:
    parts = []
    for language in LANGUAGES:
        parts += [f"# {text('border.readme.title', language)}", ""]
        parts += [f"{line}\n" for line in text("border.readme.lines", language).splitlines()]
        for file in COLUMNS:
            parts += [f"## {sheet_title(file, language)} (`{TABLES_FOLDER}/{file}`)", ""]
            parts += [text(f"border.purpose.{table_key(file)}", language), ""]
            for column in COLUMNS[file]:
                title = column_title(file, column.name, language)
                parts.append(f"- **{title}** (`{column.name}`): {column_about(file, column.name, language)}")
            parts.append("")
    return "\n".join(parts)
