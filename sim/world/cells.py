"""What a cell of a table says: text, code, number or choice, whatever a spreadsheet program made of it."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from sim.language import LANGUAGES
from sim.world.sheets import Unusable, is_blank, tidy
from sim.world.tables import Column
from sim.world.words import choice_label

_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
#: A code of many digits that a spreadsheet program turned into a number and then into text.
_ROUNDED_CODE: Final = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_FORMULA_TEXT: Final = re.compile(r'="([^"]*)"')
_SEPARATORS: Final = re.compile(r"[、,，;；/\n]+")
#: Spreadsheet programs keep fifteen digits of a number.
_EXACT_UP_TO: Final = 10**15

_LOST_DIGITS: Final = {
    "zh": "完整的代码：Excel 把长数字变成了科学记数，位数已丢失；请把该列设为“文本”格式后重新填写",
    "en": "the whole code: it became a rounded number; set the column's format to text and type it again",
}
_DATE: Final = {
    "zh": "{kind}；Excel 把填写的内容变成了日期，请把单元格格式设为“文本”或“常规”后重新填写",
    "en": "{kind}; what was typed became a date: set the cell's format to text or general and type it again",
}


class WrongCellError(Exception):
    """Say what a cell should have held.

    Parameters
    ----------
    allowed : dict of str to str
        What would be right, in zh and en.
    """

    def __init__(self, allowed: dict[str, str]) -> None:
        super().__init__(allowed)
        self.allowed = allowed


def blank_of(column: Column) -> object:
    """Give the value of an empty cell.

    Parameters
    ----------
    column : Column
        Its column.

    Returns
    -------
    object
        NaN for numbers, the empty text otherwise.

    Examples
    --------
    >>> blank_of(Column("code", "code")), blank_of(Column("lon", "number"))
    ('', nan)
    """
    return math.nan if column.is_number else ""


def read_cell(column: Column, cell: object) -> object:
    """Read a cell as its column wants it.

    Wide digits, stray blanks, commas between thousands and hundredths of a share are read as what they mean;
    a code that is stored as a number is its digits; a choice may be given by its word or by its label in
    either language.

    Parameters
    ----------
    column : Column
        What the cell should hold.
    cell : object
        What it holds.

    Returns
    -------
    object
        A float for numbers, else a text; a list is one text, its items separated by line breaks.

    Raises
    ------
    WrongCellError
        If it holds something else.

    Examples
    --------
    >>> read_cell(Column("residents", "number"), "１，２３４")
    1234.0
    >>> read_cell(Column("code", "code"), 450922111201.0)
    '450922111201'
    >>> read_cell(Column("kind", "choice", choices=("village", "community")), "社区")
    'community'
    """
    if isinstance(cell, Unusable):
        raise WrongCellError(cell.allowed)
    if is_blank(cell):
        if column.blank:
            return blank_of(column)
        raise WrongCellError(column.allowed())
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta)):
        kind = column.allowed()
        raise WrongCellError(
            {language: _DATE[language].format(kind=kind[language]) for language in LANGUAGES}
        )
    if column.is_number:
        return _number(column, cell)
    if column.kind == "code":
        return _code(column, cell)
    text = _text_of(cell)
    if column.kind == "choice":
        return _choice(column, cell, text)
    if column.kind == "list":
        items = [tidy(item) for item in _SEPARATORS.split(text)]
        return "\n".join(_printable(column, item) for item in items if item)
    return _printable(column, text)


def choice_words(column: Column) -> Iterator[str]:
    """List every word that a cell of choice may hold: the words themselves and their labels.

    Parameters
    ----------
    column : Column
        A column of choice.

    Yields
    ------
    str
        The words.

    Examples
    --------
    >>> list(choice_words(Column("kind", "choice", choices=("village",))))
    ['village', '村']
    """
    for word in column.choices:
        yield from dict.fromkeys((word, *(choice_label(word, language) for language in LANGUAGES)))


def shown(cell: object) -> object:
    """Give a cell as it is to be quoted in a message.

    Parameters
    ----------
    cell : object
        A cell.

    Returns
    -------
    object
        Dates as text, nothing as the empty text.

    Examples
    --------
    >>> shown(None), shown(datetime.datetime(2024, 3, 4))
    ('', '2024-03-04')
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta)):
        return str(cell)
    return cell.shown if isinstance(cell, Unusable) else cell


def _text_of(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_UP_TO:
        cell = int(cell)
    text = tidy(str(cell))
    quoted = _FORMULA_TEXT.fullmatch(text)
    return quoted[1] if quoted else text


def _printable(column: Column, text: str) -> str:
    if not text.isprintable():
        # Control characters could not be written to XML, and a name with one is a broken export.
        raise WrongCellError(column.allowed())
    return text


def _code(column: Column, cell: object) -> str:
    if isinstance(cell, bool):
        raise WrongCellError(column.allowed())
    if isinstance(cell, (int, float)) and (abs(cell) >= _EXACT_UP_TO or not float(cell).is_integer()):
        raise WrongCellError(_LOST_DIGITS)
    text = _text_of(cell)
    digits = unicodedata.normalize("NFKC", text)
    if digits.isascii():
        # Wide letters and digits are those of a Chinese keyboard; wide brackets in a name are meant.
        text = digits
    if _ROUNDED_CODE.fullmatch(text):
        raise WrongCellError(_LOST_DIGITS)
    return _printable(column, text)


def _number(column: Column, cell: object) -> float:
    if isinstance(cell, bool):
        raise WrongCellError(column.allowed())
    if isinstance(cell, (int, float)):
        value = float(cell)
    else:
        text = unicodedata.normalize("NFKC", _text_of(cell)).strip().lstrip("'")
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        # A share may be written in hundredths; a number of people with such a mark is a slip.
        parts = 100.0 if text.endswith("%") and column.high <= 1.0 else 1.0
        if parts > 1.0:
            text = text.removesuffix("%").rstrip()
        if not _NUMBER.fullmatch(text):
            raise WrongCellError(column.allowed())
        value = float(text) / parts
    is_low = value <= column.low if column.above else value < column.low
    is_broken = column.kind == "integer" and not value.is_integer()
    if not math.isfinite(value) or is_low or value > column.high or is_broken:
        raise WrongCellError(column.allowed())
    return value


def _choice(column: Column, cell: object, text: str) -> str:
    if isinstance(cell, bool):
        text = "yes" if cell else "no"
    word = _words_of(column.choices).get(unicodedata.normalize("NFKC", text).casefold())
    if word is None:
        raise WrongCellError(column.allowed())
    return word


@cache
def _words_of(choices: tuple[str, ...]) -> dict[str, str]:
    words: dict[str, str] = {}
    for word in choices:
        for label in (word, *(choice_label(word, language) for language in LANGUAGES)):
            words.setdefault(unicodedata.normalize("NFKC", label).casefold(), word)
    return words
