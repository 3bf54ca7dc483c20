"""Every mistake of a border, collected in one pass: sheet, row, column, value and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.errors import Allowed, CollectedInputError, InputError, nearest_name
from sim.world.cells import shown
from sim.world.headers import header_names, plain_header, plain_headers
from sim.world.sheets import Sheet
from sim.world.tables import COLUMNS
from sim.world.words import column_title

#: Where thousands of cells are wrong they are wrong in one way; looking for near names would take minutes.
_MOST_SUGGESTIONS = 300

_ORDER = {file: number for number, file in enumerate(COLUMNS)}


def called(sheet: Sheet, column: str) -> str:
    """Name a column that a table has not, in the language of the headers that it has.

    Parameters
    ----------
    sheet : Sheet
        The table.
    column : str
        Name of the column.

    Returns
    -------
    str
        Its Chinese title or its name.

    Examples
    --------
    >>> called(Sheet("towns.csv", "towns.csv", ("名称",), ()), "county_code")
    '所属县'
    >>> called(Sheet("towns.csv", "towns.csv", ("name_zh",), ()), "county_code")
    'county_code'
    """
    if sheet.file in COLUMNS and any("\u4e00" <= letter <= "\u9fff" for letter in "".join(sheet.header)):
        return column_title(sheet.file, column, "zh")
    return column


class Mistakes:
    """Collect mistakes, and remember which cells have one so that none is told twice.

    Examples
    --------
    >>> mistakes = Mistakes()
    >>> sheet = Sheet("towns.csv", "towns.csv", ("code",), ((2, ("T1",)),))
    >>> mistakes.add(sheet, 2, "code", {"zh": "别的代码", "en": "another code"})
    >>> mistakes.has("towns.csv", 2, "code"), len(mistakes)
    (True, 1)
    """

    def __init__(self) -> None:
        self._found: list[tuple[tuple[int, int, int], InputError]] = []
        self._cells: set[tuple[str, int | None, str | None]] = set()
        #: Places of the columns in the headers, by table and name.
        self.positions: dict[tuple[str, str], int] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(
        self,
        sheet: Sheet,
        line: int,
        column: str,
        allowed: Allowed,
        names: Iterable[str] = (),
        *,
        position: int | None = None,
    ) -> None:
        """Add a mistake of a cell, unless it is known to have one.

        Parameters
        ----------
        sheet : Sheet
            Table of the cell.
        line : int
            Its row.
        column : str
            Its column.
        allowed : str, mapping or sequence
            What would be right.
        names : iterable of str
            Known names; the nearest is suggested.
        position : int, optional
            Place of the column in the header; found by its name by default.
        """
        if self.has(sheet.file, line, column):
            return
        place = self.position(sheet, column) if position is None else position
        title = sheet.header[place] if place is not None and place < len(sheet.header) else ""
        title = title or called(sheet, column)
        cells = next((cells for number, cells in sheet.rows if number == line), ())
        value = shown(cells[place]) if place is not None and place < len(cells) else ""
        nearest = None
        if isinstance(value, str) and value and len(self._found) < _MOST_SUGGESTIONS:
            nearest = nearest_name(value, names)
        self._cells.add((sheet.file, line, column))
        self.add_error(
            InputError(title, value, allowed, nearest, sheet.where(line, place)), sheet, line, place
        )

    def add_error(
        self, error: InputError, sheet: Sheet | None = None, line: int = 0, position: int | None = None
    ) -> None:
        """Add a mistake that has its sentence already.

        Parameters
        ----------
        error : InputError
            The mistake.
        sheet : Sheet, optional
            Its table; a mistake of no table is told first.
        line : int
            Its row.
        position : int, optional
            Place of its column in the header.
        """
        order = -1 if sheet is None else _ORDER.get(sheet.file, len(_ORDER))
        self._found.append(((order, line, -1 if position is None else position), error))

    def spoil(self, file: str, column: str | None = None) -> None:
        """Remember that a whole table, or a column of it, cannot be relied on.

        Parameters
        ----------
        file : str
            The table.
        column : str, optional
            The column.
        """
        self._cells.add((file, None, column))

    def excuse(self, file: str, line: int, column: str | None = None) -> None:
        """Remember a cell or a row that cannot be judged, because something else is wrong with it.

        Parameters
        ----------
        file : str
            Table of the cell.
        line : int
            Its row.
        column : str, optional
            Its column; the whole row where left out.
        """
        self._cells.add((file, line, column))

    def has(self, file: str, line: int | None = None, column: str | None = None) -> bool:
        """Tell whether a cell, a column or a table is known to have a mistake of its own.

        Parameters
        ----------
        file : str
            The table.
        line : int, optional
            Row of the cell.
        column : str, optional
            Column of the cell.

        Returns
        -------
        bool
            Whether it, or all that holds it, is spoilt.
        """
        wanted = ((file, None, None), (file, None, column), (file, line, None), (file, line, column))
        return any(cell in self._cells for cell in wanted)

    def position(self, sheet: Sheet, column: str) -> int | None:
        """Find the place of a column in the header of its table.

        Parameters
        ----------
        sheet : Sheet
            The table.
        column : str
            Name of the column.

        Returns
        -------
        int or None
            The place, from 0; None where the column is not there.
        """
        if (sheet.file, column) not in self.positions:
            names = header_names(sheet.file, COLUMNS.get(sheet.file, ()))
            known = plain_headers(names)
            self.know(
                sheet.file,
                {
                    names[known[plain_header(title)]]: place
                    for place, title in enumerate(sheet.header)
                    if plain_header(title) in known
                },
            )
        return self.positions.get((sheet.file, column))

    def know(self, file: str, positions: Mapping[str, int]) -> None:
        """Remember where the columns of a table stand.

        Parameters
        ----------
        file : str
            The table.
        positions : mapping of str to int
            Place in the header by name of the column.
        """
        self.positions |= {(file, column): place for column, place in positions.items()}

    def sorted(self) -> tuple[InputError, ...]:
        """Give the mistakes in the order of sheets, rows and columns.

        Returns
        -------
        tuple of InputError
            The mistakes.
        """
        return tuple(error for _, error in sorted(self._found, key=lambda item: item[0]))

    def raise_any(self) -> None:
        """Stop where anything was found.

        Raises
        ------
        InputError
            The mistake; an `CollectedInputError` where there are several.
        """
        found = self.sorted()
        if len(found) == 1:
            raise found[0]
        if found:
            raise CollectedInputError(found)
