"""A table as it was found, before anything in it is understood: header, rows, the place of each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

#: A row whose first filled cell starts with this is an explanation or an example, and is not read.
COMMENT: Final = "#"

#: No table of a border comes near this; a larger file is something else, or a trap.
MOST_BYTES: Final = 64_000_000


@dataclass(frozen=True)
class Unusable:
    """Stand for a cell that holds something which is no value.

    Parameters
    ----------
    shown : str
        What the person sees there.
    allowed : dict of str to str
        What would be right, in zh and en.
    """

    shown: str
    allowed: dict[str, str]

    def __repr__(self) -> str:
        return repr(self.shown)


@dataclass(frozen=True)
class Sheet:
    """Hold the cells of one table and know how to name their places.

    Parameters
    ----------
    file : str
        Name of the table in `sim.world.tables.COLUMNS`.
    path : str
        The file it was read from.
    header : tuple of str
        Headers as written, stray blanks removed.
    rows : tuple of (int, tuple)
        Number of each row, from 1, and its cells: text, number, truth value, date or `Unusable`.
    header_line : int
        Row of the header.
    title : str
        Title of the worksheet; empty for a file that is one table.
    nodes : mapping of int to dict
        For a table made from a graph: the node or edge that each row stands for, in zh and en.
    """

    file: str
    path: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[object, ...]], ...]
    header_line: int = 1
    title: str = ""
    nodes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def where(self, line: int | None = None, column: int | None = None) -> dict[str, str]:
        """Name a place of the table.

        Parameters
        ----------
        line : int, optional
            Row, from 1.
        column : int, optional
            Column, from 0.

        Returns
        -------
        dict of str to str
            The place in zh and en.

        Examples
        --------
        >>> Sheet("towns.csv", "towns.csv", ("code",), ()).where(3)
        {'zh': 'towns.csv 第 3 行', 'en': 'towns.csv, line 3'}
        >>> Sheet("towns.csv", "a.xlsx", ("code",), (), title="乡镇").where(3, 1)["zh"]
        'a.xlsx 工作表“乡镇”第 3 行（B3）'
        """
        if self.nodes:
            node = self.nodes.get(line or 0)
            if node is None:
                return {"zh": self.path, "en": self.path}
            return {"zh": f"{self.path} {node['zh']}", "en": f"{self.path}, {node['en']}"}
        if not self.title:
            if line is None:
                return {"zh": self.path, "en": self.path}
            return {"zh": f"{self.path} 第 {line} 行", "en": f"{self.path}, line {line}"}
        zh, en = f"{self.path} 工作表“{self.title}”", f"{self.path}, sheet {self.title}"
        if line is None:
            return {"zh": zh, "en": en}
        cell = "" if column is None else f"{column_letters(column)}{line}"
        return {
            "zh": f"{zh}第 {line} 行" + (f"（{cell}）" if cell else ""),
            "en": f"{en}, row {line}" + (f" ({cell})" if cell else ""),
        }


def column_letters(column: int) -> str:
    """Name a column as spreadsheet programs do.

    Parameters
    ----------
    column : int
        Column, from 0.

    Returns
    -------
    str
        One letter or more.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return letters


def is_blank(cell: object) -> bool:
    """Tell whether a cell holds nothing that can be seen.

    Parameters
    ----------
    cell : object
        A cell.

    Returns
    -------
    bool
        True for nothing and for blanks of any width.

    Examples
    --------
    >>> is_blank(None), is_blank("　 "), is_blank(0)
    (True, True, False)
    """
    return cell is None or (isinstance(cell, str) and not tidy(cell))


def tidy(text: str) -> str:
    """Remove the blanks that nobody sees: wide, unbreakable and without width.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str
        The text with plain blanks, none at its ends.

    Examples
    --------
    >>> tidy("　石角 镇 ")
    '石角 镇'
    """
    for blank in ("\u3000", "\u00a0", "\u202f"):
        text = text.replace(blank, " ")
    for nothing in ("\ufeff", "\u200b", "\u200c", "\u200d", "\u2060"):
        text = text.replace(nothing, "")
    return text.strip()


def shown_text(cell: object) -> str:
    """Give a cell as plain text.

    Parameters
    ----------
    cell : object
        A cell.

    Returns
    -------
    str
        Its text; empty for nothing.

    Examples
    --------
    >>> shown_text(None), shown_text(" a "), shown_text(2020.0)
    ('', 'a', '2020')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return tidy(cell.shown if isinstance(cell, Unusable) else str(cell))


def is_comment(cells: Sequence[object]) -> bool:
    """Tell whether a row is an explanation or an example.

    Parameters
    ----------
    cells : sequence of object
        Cells of a row.

    Returns
    -------
    bool
        Whether its first filled cell starts with the mark of a comment.

    Examples
    --------
    >>> is_comment([None, "# 示例"]), is_comment(["T1", "#"])
    (True, False)
    """
    first = next((cell for cell in cells if not is_blank(cell)), None)
    return isinstance(first, str) and tidy(first)[:1] in (COMMENT, "＃")
