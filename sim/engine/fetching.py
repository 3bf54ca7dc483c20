"""Fetch rows from memory before they are needed.

The cases of a day lie anywhere in tables that no cache holds once a border has tens of thousands of
villages. Waiting for each row in turn would be most of a run; asked for in advance, it comes while others
are worked on. A day's list is therefore walked by several: the first asks for the rows of cases, the next
for what these name, the last for what that names in turn.
"""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any, Final

from llvmlite import ir
from numba.core import cgutils, types
from numba.core import config as numba_config
from numba.extending import intrinsic

from sim.compiler import compiled
from sim.engine.columns import Columns

__all__ = ["AHEAD", "fetch", "fetch_around", "fetch_beyond", "fetch_case"]

AHEAD: Final = 4
"""How many entries of a list to ask ahead for: what one touches arrives while others are worked on."""

_LINE_BYTES = 64


@intrinsic  # type: ignore[untyped-decorator]
def _fetch_row(typing_context: Any, table: Any, row: Any) -> Any:
    size = table.dtype.size

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(table)(context, builder, value=arguments[0])
        place = cgutils.get_item_pointer(
            context, builder, table, array, [arguments[1]], wraparound=False, boundscheck=False
        )
        byte = ir.IntType(8).as_pointer()
        flag = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        start = builder.bitcast(place, byte)
        for offset in range(0, size, _LINE_BYTES):
            address = builder.gep(start, [ir.Constant(ir.IntType(64), offset)])
            # Read and write alike (1), keep in every cache (3), data (1).
            builder.call(ask, [address, ir.Constant(flag, 1), ir.Constant(flag, 3), ir.Constant(flag, 1)])
        return context.get_dummy_value()

    return types.void(table, types.int64), generate


@compiled
def _fetch_compiled(table: Any, row: int) -> None:
    """Ask for a row of a table; a negative number asks for nothing.

    Parameters
    ----------
    table : structured array
        The table.
    row : int
        Number of the row.
    """
    if row >= 0:
        _fetch_row(table, row)


def _fetch_plain(table: Any, row: int) -> None:
    """Do nothing: plain Python gains nothing by it."""


fetch = _fetch_plain if numba_config.DISABLE_JIT else _fetch_compiled


@compiled
def fetch_case(c: Columns, case: int) -> int:
    """Ask for the row of a case in a day's list.

    Parameters
    ----------
    c : Columns
        The state.
    case : int
        The case, -1 behind the last one.

    Returns
    -------
    int
        The case behind it in the list.
    """
    if case < 0:
        return case
    fetch(c.cases, case)
    return c.waiting[case].link


@compiled
def fetch_around(c: Columns, case: int) -> int:
    """Ask for the tie, the dyad and the offices of a case in a day's list, whose own row is there by now.

    Parameters
    ----------
    c : Columns
        The state.
    case : int
        The case, -1 behind the last one.

    Returns
    -------
    int
        The case behind it in the list.
    """
    if case < 0:
        return case
    record = c.cases[case]
    fetch(c.offices, record.village)
    fetch(c.villages, record.village)
    if record.tie >= 0:
        fetch(c.ties, record.tie)
        # The villages of a tie are a dyad of the same number.
        fetch(c.dyads, record.tie)
    return c.waiting[case].link


@compiled
def fetch_beyond(c: Columns, case: int) -> int:
    """Ask for the villages of both sides of a case in a day's list, whose tie is there by now.

    Parameters
    ----------
    c : Columns
        The state.
    case : int
        The case, -1 behind the last one.

    Returns
    -------
    int
        The case behind it in the list.
    """
    if case < 0:
        return case
    record = c.cases[case]
    if record.tie >= 0:
        row = c.ties[record.tie]
        other = row.b if record.village == row.a else row.a
        fetch(c.offices, other)
        fetch(c.villages, other)
        fetch(c.cases, row.last_open)
        if record.tier != 0:
            fetch(c.dyads, row.town_dyad)
    return c.waiting[case].link
