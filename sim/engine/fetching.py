"""Fetch a row from memory before it is needed.

The cases of a day lie anywhere in tables that no cache holds once a border has tens of thousands of
villages. Waiting for each row in turn would be most of a run; asked for in advance, it comes while others
are worked on.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core import config as numba_config
from numba.extending import intrinsic

from sim.compiler import compiled

__all__ = ["fetch"]

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
