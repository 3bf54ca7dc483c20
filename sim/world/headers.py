"""The headers of a table: every word under which a column may stand."""

from __future__ import annotations

from collections.abc import Sequence

from sim.language import LANGUAGES
from sim.world.sheets import tidy
from sim.world.tables import COLUMNS, REMARK, Column
from sim.world.words import column_title

#: A header may carry the mark of a column that must be filled in.
_MARKS = " *＊"


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


def plain_header(written: str) -> str:
    """Bring a header into the form in which headers are compared.

    Parameters
    ----------
    written : str
        As it stands in the table.

    Returns
    -------
    str
        Small letters, on one line, without the mark of a column that must be filled in.

    Examples
    --------
    >>> plain_header("County_Code *")
    'county_code'
    """
    # A header may be broken over two lines of its cell.
    return "".join(tidy(written).split("\n")).strip(_MARKS).casefold()
