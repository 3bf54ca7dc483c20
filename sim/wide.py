"""The product of two 64-bit numbers in full, as one instruction where code is compiled."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
from llvmlite import ir
from numba.core import config as numba_config
from numba.extending import intrinsic

from sim.compiler import compiled

__all__ = ["product", "product_by_limbs", "total", "total_by_limbs"]

_LOW32: Final = np.uint64(0xFFFFFFFF)
_U32: Final = np.uint64(32)


@compiled
def product_by_limbs(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Multiply 64 by 64 bits in limbs of 32; no step exceeds 64 bits, so plain Python does not overflow.

    Parameters
    ----------
    a, b : numpy.uint64
        The factors.

    Returns
    -------
    tuple of 2 numpy.uint64
        High and low word of the product.

    Examples
    --------
    >>> high, low = product_by_limbs(np.uint64(2**63), np.uint64(6))
    >>> int(high), int(low)
    (3, 0)
    """
    a_low = a & _LOW32
    a_high = a >> _U32
    b_low = b & _LOW32
    b_high = b >> _U32
    low = a_low * b_low
    middle = a_high * b_low + (low >> _U32)
    cross = a_low * b_high + (middle & _LOW32)
    high = a_high * b_high + (middle >> _U32) + (cross >> _U32)
    return high, (cross << _U32) | (low & _LOW32)


@compiled
def total_by_limbs(a: np.uint64, b: np.uint64) -> np.uint64:
    """Add modulo 2**64 in limbs of 32 bits.

    Parameters
    ----------
    a, b : numpy.uint64
        The summands.

    Returns
    -------
    numpy.uint64
        Their sum without the carry.

    Examples
    --------
    >>> int(total_by_limbs(np.uint64(2**64 - 1), np.uint64(3)))
    2
    """
    low = (a & _LOW32) + (b & _LOW32)
    high = (a >> _U32) + (b >> _U32) + (low >> _U32)
    return (high << _U32) | (low & _LOW32)


@intrinsic  # type: ignore[untyped-decorator]
def _product_of_words(typing_context: Any, a: Any, b: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        full = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        high = builder.trunc(builder.lshr(full, ir.Constant(wide, 64)), ir.IntType(64))
        low = builder.trunc(full, ir.IntType(64))
        return context.make_tuple(builder, signature.return_type, (high, low))

    return numba.types.UniTuple(numba.types.uint64, 2)(numba.types.uint64, numba.types.uint64), generate


@compiled
def _product_compiled(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    words: tuple[np.uint64, np.uint64] = _product_of_words(a, b)
    return words


@compiled
def _total_compiled(a: np.uint64, b: np.uint64) -> np.uint64:
    return a + b


# Both pairs give the same bits; the compiled one is several times faster, the other needs no compiler.
product = product_by_limbs if numba_config.DISABLE_JIT else _product_compiled
total = total_by_limbs if numba_config.DISABLE_JIT else _total_compiled
