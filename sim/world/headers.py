"""The headers of a table: every word under which a column may stand, and the row that holds them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from sim.language import LANGUAGES
from sim.world.sheets import shown_text, tidy
from sim.world.tables import COLUMNS, REMARK, Column
from sim.world.words import column_title

#: A table may have a title on top; its header stands in one of the first rows.
MOST_TITLE_ROWS: Final = 10

#: A header may carry the mark of a column that must be filled in.
_MARKS = "*＊"
#: Rows are numbered by those who fill them in; the numbers say nothing.
_NUMBERING = ("序号", "no", "no.")


def header_names(file: str, columns: Sequence[Column]) -> dict[str, str]:
    """List every header under which a column may stand.

    Parameters
    ----------
    file : str
        Name of the table.
    columns : sequence of Column
        Its columns.

    Returns
    -------
    dict of str to str
        Name of the column by header, small letters; names win over titles.

    Examples
    --------
    >>> names = header_names("towns.csv", COLUMNS["towns.csv"])
    >>> names["所属县"], names["county"], names["county_code"]
    ('county_code', 'county_code', 'county_code')
    """
    names = {column.name: column.name for column in columns} | {REMARK: REMARK}
    if file in COLUMNS:
        for language in LANGUAGES:
            for name in list(dict.fromkeys(names.values())):
                names.setdefault(column_title(file, name, language).casefold(), name)
    return names


def plain_headers(names: Mapping[str, str]) -> dict[str, str]:
    """Bring known headers into the form in which headers are compared.

    Parameters
    ----------
    names : mapping of str to str
        Name of the column by header, as `header_names` gives it.

    Returns
    -------
    dict of str to str
        Header as it is shown by its plain form.

    Examples
    --------
    >>> plain_headers({"面积（平方公里）": "area_km2"})
    {'面积(平方公里)': '面积（平方公里）'}
    """
    plain: dict[str, str] = {}
    for title in names:
        plain.setdefault(plain_header(title), title)
    return plain


def plain_header(written: str) -> str:
    """Bring a header into the form in which headers are compared.

    Parameters
    ----------
    written : str
        As it stands in the table.

    Returns
    -------
    str
        Small narrow letters without blanks, line breaks and the mark of a column that must be filled in.

    Examples
    --------
    >>> plain_header("County_Code *"), plain_header("名　称")
    ('county_code', '名称')
    """
    # Two characters are pulled apart to look as wide as four, and long headers are broken over two lines.
    return "".join(unicodedata.normalize("NFKC", tidy(written)).split()).strip(_MARKS).casefold()


def is_numbering(written: str) -> bool:
    """Tell whether a header stands over the numbers of the rows.

    Parameters
    ----------
    written : str
        As it stands in the table.

    Returns
    -------
    bool
        Whether the column may be passed over.

    Examples
    --------
    >>> is_numbering("序 号"), is_numbering("代码")
    (True, False)
    """
    return plain_header(written) in _NUMBERING


def is_header(file: str, cells: Sequence[object]) -> bool:
    """Tell whether a row is the header of a table.

    Parameters
    ----------
    file : str
        Name of the table.
    cells : sequence of object
        Cells of a row.

    Returns
    -------
    bool
        Whether it has two known headers or more.

    Examples
    --------
    >>> is_header("towns.csv", ["甲乙两县乡镇一览表"]), is_header("towns.csv", ["名 称", "所属县"])
    (False, True)
    """
    known = plain_headers(header_names(file, COLUMNS.get(file, ())))
    return sum(plain_header(shown_text(cell)) in known for cell in cells) >= 2


def header_row(file: str, rows: Sequence[Sequence[object]]) -> int:
    """Find the header below a title that somebody put on top.

    Parameters
    ----------
    file : str
        Name of the table.
    rows : sequence of sequence of object
        Rows that are neither blank nor comments.

    Returns
    -------
    int
        The first of the upper rows that is a header; 0 where none is.
    """
    found = (number for number, cells in enumerate(rows[:MOST_TITLE_ROWS]) if is_header(file, cells))
    return next(found, 0)
