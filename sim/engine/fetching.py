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
from sim.engine.columns import LINE_BYTES, Columns

__all__ = ["AHEAD", "fetch", "fetch_first", "fetch_for_acts", "fetch_for_news", "fetch_open_case"]

AHEAD: Final = 6
"""How many entries to ask ahead for at each step: what one touches arrives while others are worked on."""


def _asks_for(lines: int | None) -> Any:
    """Make what asks for the first lines of a row, or for all of them."""

    @intrinsic  # type: ignore[untyped-decorator]
    def ask_for(typing_context: Any, table: Any, row: Any) -> Any:
        size = table.dtype.size if hasattr(table.dtype, "size") else table.dtype.bitwidth // 8
        wanted = size if lines is None else min(size, lines * LINE_BYTES)

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
            for offset in range(0, wanted, LINE_BYTES):
                address = builder.gep(start, [ir.Constant(ir.IntType(64), offset)])
                # Read and write alike (1), keep in every cache (3), data (1).
                builder.call(ask, [address, ir.Constant(flag, 1), ir.Constant(flag, 3), ir.Constant(flag, 1)])
            return context.get_dummy_value()

        return types.void(table, types.int64), generate

    return ask_for


_ask_for_row = _asks_for(None)
_ask_for_line = _asks_for(1)


@compiled
def _fetch_compiled(table: Any, row: int) -> None:
    """Ask for a row of a table; a negative number asks for nothing.

    Parameters
    ----------
    table : ndarray
        The table.
    row : int
        Number of the row.
    """
    if row >= 0:
        _ask_for_row(table, row)


@compiled
def _fetch_first_compiled(table: Any, row: int) -> None:
    """Ask for the first line of a row, in which stands what is needed most; a negative number for nothing.

    Parameters
    ----------
    table : ndarray
        The table.
    row : int
        Number of the row.
    """
    if row >= 0:
        _ask_for_line(table, row)


def _fetch_plain(table: Any, row: int) -> None:
    """Do nothing: plain Python gains nothing by it."""


fetch = _fetch_plain if numba_config.DISABLE_JIT else _fetch_compiled
fetch_first = _fetch_plain if numba_config.DISABLE_JIT else _fetch_first_compiled


@compiled
def fetch_for_acts(c: Columns, number: int, count: int) -> None:
    """Ask for what the acts behind an entry of today's list will touch, each step for a nearer one.

    Parameters
    ----------
    c : Columns
        The state.
    number, count : int
        The entry that is about to be worked on, from -3 AHEAD, so that the first ones are asked for too; and
        the length of the list.
    """
    far, near, beyond = number + 3 * AHEAD, number + 2 * AHEAD, number + AHEAD
    if far < count:
        fetch(c.cases, c.today[far])
    if 0 <= near < count:
        _fetch_around(c, c.today[near])
    if 0 <= beyond < count:
        _fetch_beyond(c, c.today[beyond])


@compiled
def fetch_for_news(c: Columns, number: int, count: int) -> None:
    """Ask for what cases behind an entry of today's list will touch that become known or worse.

    Parameters
    ----------
    c : Columns
        The state.
    number, count : int
        As in `fetch_for_acts`, from -2 AHEAD.
    """
    far, near = number + 2 * AHEAD, number + AHEAD
    if far < count:
        fetch(c.cases, c.today[far])
    if 0 <= near < count:
        fetch_first(c.ties, c.cases[c.today[near]].tie)


@compiled
def fetch_open_case(c: Columns, tie: int) -> None:
    """Ask for the oldest open case of a tie a few ties ahead, as walks over all ties come to it.

    Parameters
    ----------
    c : Columns
        The state.
    tie : int
        The tie that is about to be worked on.
    """
    if tie + AHEAD < c.ties.size:
        fetch(c.cases, c.ties[tie + AHEAD].first_open)


@compiled
def _fetch_around(c: Columns, case: int) -> None:
    """Ask for the tie, the dyad and the office of a case, whose own row is there by now."""
    record = c.cases[case]
    fetch_first(c.offices, record.village)
    if record.tie >= 0:
        fetch_first(c.ties, record.tie)
        # The villages of a tie are a dyad of the same number.
        fetch(c.dyads, record.tie)


@compiled
def _fetch_beyond(c: Columns, case: int) -> None:
    """Ask for the other side of a case and for the tier above, whose tie and office are there by now."""
    record = c.cases[case]
    if record.tier != 0:
        fetch_first(c.offices, c.offices[record.village].parent)
    if record.tie >= 0:
        row = c.ties[record.tie]
        fetch_first(c.offices, row.b if record.village == row.a else row.a)
        if record.tier != 0:
            fetch(c.dyads, row.town_dyad)
