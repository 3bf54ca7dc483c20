"""Copy a row to the byte, with what lies between its columns and behind them: digests read that, too."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core import config as numba_config
from numba.extending import intrinsic

from sim.compiler import compiled

__all__ = ["copy_row"]

_WORD_BYTES = 8


@intrinsic  # type: ignore[untyped-decorator]
def _copy(typing_context: Any, rows: Any, table: Any, row: Any) -> Any:
    """Read the first of the rows and write it as one vector: it fills whole lines of the cache."""
    words = table.dtype.size // _WORD_BYTES

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def place(kind: Any, array: Any, number: Any) -> Any:
            held = context.make_array(kind)(context, builder, value=array)
            found = cgutils.get_item_pointer(
                context, builder, kind, held, [number], wraparound=False, boundscheck=False
            )
            return builder.bitcast(found, ir.VectorType(ir.IntType(64), words).as_pointer())

        first = place(rows, arguments[0], ir.Constant(ir.IntType(64), 0))
        content = builder.load(first, align=_WORD_BYTES)
        builder.store(content, place(table, arguments[1], arguments[2]), align=_WORD_BYTES)
        return context.get_dummy_value()

    return types.void(rows, table, types.int64), generate


@compiled
def _copy_compiled(rows: Any, table: Any, row: int) -> None:
    """Write the first of some rows over a row of a table of the same type.

    Parameters
    ----------
    rows, table : structured array
        What is copied, and where to; rows of whole words of eight bytes.
    row : int
        Number of the row, from 0.
    """
    _copy(rows, table, row)


def _copy_plain(rows: Any, table: Any, row: int) -> None:
    """Do the same in plain Python: to assign a row would leave out what lies between columns."""
    table[row : row + 1].view(np.uint8)[:] = rows[:1].view(np.uint8)


copy_row = _copy_plain if numba_config.DISABLE_JIT else _copy_compiled
