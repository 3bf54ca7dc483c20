"""Read a table of a CSV file, whatever a spreadsheet program made of it: encoding, marks, a title on top."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim.errors import Allowed, InputError
from sim.world.headers import MOST_TITLE_ROWS, header_row, is_header
from sim.world.mistakes import Mistakes
from sim.world.sheets import MOST_BYTES, Sheet, is_comment, tidy

_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_DELIMITERS: Final = ",\t;，"
#: Excel may tell on a first line of its own what stands between cells.
_SEPARATOR_LINE: Final = re.compile(r"\s*\"?sep=(.)\"?[;,\t]*\s*", re.IGNORECASE)


def read_csv(path: Path, file: str, mistakes: Mistakes) -> tuple[Sheet, str]:
    """Read the cells of a CSV table, in UTF-8 or as Chinese spreadsheet programs write it (GB 18030).

    Parameters
    ----------
    path : Path
        The file.
    file : str
        Name of the table.
    mistakes : Mistakes
        Takes rows with more or fewer cells than the header; they are kept, and not blamed for anything else.

    Returns
    -------
    sheet : Sheet
        Its cells, all of them text.
    encoding : str
        The encoding that fitted.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    text, encoding = _decode(path)
    try:
        rows = list(_rows(text, file))
    except csv.Error as error:
        raise _unreadable(path, *_reason(text, error)) from error
    head = header_row(file, [cells for _, cells in rows])
    line, cells = rows[head] if rows else (1, [])
    sheet = Sheet(file, str(path), tuple(tidy(cell) for cell in cells), (), line)
    kept = tuple((line, _fitted(sheet, line, cells, mistakes)) for line, cells in rows[head + 1 :])
    return Sheet(file, str(path), sheet.header, kept, sheet.header_line), encoding


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Give the number and the cells of every row that is neither blank nor a comment."""
    start = text.split("\n", MOST_TITLE_ROWS)[:MOST_TITLE_ROWS]
    told = _SEPARATOR_LINE.fullmatch(start[0])
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=told[1] if told else _delimiter(start, file), strict=True
    )
    for number, cells in enumerate(reader):
        if not (told and number == 0) and any(tidy(cell) for cell in cells) and not is_comment(cells):
            yield reader.line_num, cells


def _delimiter(start: list[str], file: str) -> str:
    """Find the mark between cells: it makes a header of a line, or else the first line has most of it."""
    for line in start:
        for mark in _DELIMITERS:
            if is_header(file, [cell.strip().strip('"') for cell in line.split(mark)]):
                return mark
    # A Chinese keyboard makes wide commas.
    return max(_DELIMITERS, key=lambda mark: (start[0].count(mark), mark == ","))


def _fitted(sheet: Sheet, line: int, cells: list[str], mistakes: Mistakes) -> tuple[str, ...]:
    """Give a row as many cells as the header has, and tell where it had others."""
    width = len(sheet.header)
    if len(cells) != width:
        allowed = {"zh": f"{width} 个，与表头相同", "en": f"{width}, as in the header"}
        error = InputError("cells", len(cells), allowed, None, sheet.where(line))
        mistakes.add_error(error, sheet, line)
        mistakes.excuse(sheet.file, line)
    return (*cells[:width], *[""] * (width - len(cells)))


def _decode(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unreadable(path, *[f"> {MOST_BYTES // 1_000_000} MB"] * 2)
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, *[error.strerror or str(error)] * 2) from error
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        for encoding in _ENCODINGS:
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    allowed = {
        "zh": "可读取的 UTF-8 CSV 表（在 Excel 中另存为“CSV UTF-8（逗号分隔）”）",
        "en": "a readable UTF-8 CSV table (in Excel save as “CSV UTF-8 (comma delimited)”)",
    }
    raise InputError("file", str(path), allowed)


def _reason(text: str, error: csv.Error) -> tuple[str, str]:
    """Say in both languages where a file stops being a table."""
    for line, written in enumerate(text.splitlines(), start=1):
        if written.count('"') % 2:
            return f"第 {line} 行的引号没有成对", f"line {line}: a quotation mark without its pair"
    return str(error), str(error)


def _unreadable(path: Path, zh: str, en: str) -> InputError:
    allowed: Allowed = {"zh": f"可读取的 UTF-8 CSV 表（{zh}）", "en": f"a readable UTF-8 CSV table ({en})"}
    return InputError("file", str(path), allowed)
