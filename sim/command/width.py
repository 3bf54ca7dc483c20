"""Width of text on a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["display_width", "format_table", "padded"]


def display_width(words: str) -> int:
    """Count the columns that a text takes.

    Parameters
    ----------
    words : str
        One line.

    Returns
    -------
    int
        Two for each wide character, none for each combining one, one for the others.

    Examples
    --------
    >>> display_width("90天"), display_width("days")
    (4, 4)
    """
    width = 0
    for character in words:
        if unicodedata.combining(character):
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


def padded(words: str, width: int, *, right: bool = False) -> str:
    """Fill a text with blanks up to a width.

    Parameters
    ----------
    words : str
        One line.
    width : int
        Columns; a longer text stays as it is.
    right : bool
        Put the blanks before the text, as for numbers.

    Returns
    -------
    str
        The filled text.

    Examples
    --------
    >>> padded("天", 4) + "|"
    '天  |'
    """
    blanks = " " * max(0, width - display_width(words))
    return blanks + words if right else words + blanks


def format_table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), indent: int = 2) -> list[str]:
    """Align rows of cells.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells; every row has as many.
    right : sequence of int
        Columns whose cells stand at the right.
    indent : int
        Blanks before each line.

    Returns
    -------
    list of str
        One line for each row, without blanks at the end.

    Examples
    --------
    >>> format_table([["天", "1"], ["year", "20"]], right=[1], indent=0)
    ['天     1', 'year  20']
    """
    if not rows:
        return []
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [padded(cell, widths[column], right=column in right) for column, cell in enumerate(row)]
        lines.append((" " * indent + "  ".join(cells)).rstrip())
    return lines
