"""The institutions in force as compiled loops read them: each distinct row once.

A border has hundreds of ties and dyads to a county, and nearly all have the same institutions. A row for
each of them would be half of all memory that a day touches; the distinct ones stay in the nearest cache.
"""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiler import compiled
from sim.engine.columns import Records, Row
from sim.levers.institutions import Tables

__all__ = ["InForce", "at_office", "on_dyad", "on_stretch", "on_tie", "share_rows"]


class InForce(NamedTuple):
    """Institutions with each distinct row once, and for every entity the number of its row.

    Attributes
    ----------
    dyads, ties, offices, banks : structured arrays
        The distinct rows of the tables of the same names.
    forums, forum_dyads, general : arrays
        As in `sim.levers.institutions.Tables`.
    dyad_rows, tie_rows, office_rows, bank_rows : ndarray of int32
        Of each dyad, tie, office and stretch, its row.
    """

    dyads: Records
    ties: Records
    offices: Records
    banks: Records
    forums: Records
    forum_dyads: NDArray[np.int64]
    general: Records
    dyad_rows: NDArray[np.int32]
    tie_rows: NDArray[np.int32]
    office_rows: NDArray[np.int32]
    bank_rows: NDArray[np.int32]


def share_rows(tables: Tables) -> InForce:
    """Keep each distinct row of the tables once.

    Parameters
    ----------
    tables : Tables
        Institutions, a row for each entity.

    Returns
    -------
    InForce
        The same institutions.

    Examples
    --------
    >>> from sim.levers.institutions import ordinary_tables
    >>> from sim.parameters import Parameters
    >>> shared = share_rows(ordinary_tables(np.array([4, 4, 2, 4]), 3, 2, 1, Parameters()))
    >>> len(shared.ties), shared.tie_rows.tolist(), len(shared.dyads), shared.dyad_rows.tolist()
    (1, [0, 0, 0], 2, [0, 0, 1, 0])
    """
    shared = {name: _distinct(getattr(tables, name)) for name in ("dyads", "ties", "offices", "banks")}
    return InForce(
        **{name: rows for name, (rows, _) in shared.items()},
        forums=_readable(tables.forums),
        forum_dyads=tables.forum_dyads,
        general=_readable(tables.general),
        **{f"{name[:-1]}_rows": numbers for name, (_, numbers) in shared.items()},
    )


def _distinct(table: NDArray[Any]) -> tuple[Records, NDArray[np.int32]]:
    """Give the distinct rows in the order in which they first come, and the number of each row among them."""
    plain = np.ascontiguousarray(table).view(np.ndarray)
    words = plain.view(np.uint64).reshape(len(plain), plain.dtype.itemsize // 8)
    # Rows are told apart by their bits, and sorted by a number made of them, which is many times faster than
    # sorting rows; whether the number told all apart is checked.
    odd = np.arange(1, 2 * words.shape[1], 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (words ^ (words >> np.uint64(32))) * odd
    told = (mixed ^ (mixed >> np.uint64(29))).sum(axis=1, dtype=np.uint64)
    _, first, numbers = np.unique(told, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    first, numbers = first[order], rank[numbers]
    if not (words[first][numbers] == words).all():
        first, numbers = np.arange(len(plain)), np.arange(len(plain))
    return _readable(plain[first]), numbers.astype(np.int32)


def _readable(table: NDArray[Any]) -> Records:
    """Give rows attribute access, the form in which compiled code reads them."""
    return table.view(np.recarray)


@compiled
def on_dyad(t: InForce, dyad: int) -> Row:
    """Give what holds between the two offices of a dyad.

    Parameters
    ----------
    t : InForce
        Institutions.
    dyad : int
        The dyad.

    Returns
    -------
    Row
        A row of DYAD_RULES.
    """
    return t.dyads[t.dyad_rows[dyad]]


@compiled
def on_tie(t: InForce, tie: int) -> Row:
    """Give what holds on a tie.

    Parameters
    ----------
    t : InForce
        Institutions.
    tie : int
        The tie.

    Returns
    -------
    Row
        A row of TIE_RULES.
    """
    return t.ties[t.tie_rows[tie]]


@compiled
def at_office(t: InForce, office: int) -> Row:
    """Give what holds for an office.

    Parameters
    ----------
    t : InForce
        Institutions.
    office : int
        The office.

    Returns
    -------
    Row
        A row of OFFICE_RULES.
    """
    return t.offices[t.office_rows[office]]


@compiled
def on_stretch(t: InForce, segment: int) -> Row:
    """Give what holds on a stretch of the line.

    Parameters
    ----------
    t : InForce
        Institutions.
    segment : int
        The stretch.

    Returns
    -------
    Row
        A row of BANK_RULES.
    """
    return t.banks[t.bank_rows[segment]]
