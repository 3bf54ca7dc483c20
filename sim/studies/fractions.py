"""Two-level fractional factorial designs whose resolution is checked, not assumed."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.studies.extras import extra_module

__all__ = ["fractional_factorial", "generators"]

_MOST_BASE_FACTORS: Final = 16
# The relation doubles with each further factor.
_MOST_FURTHER_FACTORS: Final = 14


def fractional_factorial(factors: int, resolution: int) -> NDArray[np.int64]:
    """Lay out a regular fraction of a two-level factorial.

    Parameters
    ----------
    factors : int
        1 or more.
    resolution : {4, 5}
        4 keeps main effects clear of two-factor interactions, 5 those interactions clear of each other.

    Returns
    -------
    ndarray of int64
        -1 or 1, [runs, factors]; the full factorial where no fraction has the resolution.

    Raises
    ------
    InputError
        For more factors than such a design can hold, or without pyDOE3.

    Examples
    --------
    >>> fractional_factorial(5, 5).shape, fractional_factorial(7, 5).shape, fractional_factorial(8, 4).shape
    ((16, 5), (64, 7), (16, 8))

    References
    ----------
    Box, G. E. P., Hunter, J. S. (1961). The 2^(k-p) fractional factorial designs. Technometrics 3, 311–351.
    """
    library = extra_module("pyDOE3", "design fractional_factorial")
    letters = "abcdefghijklmnop"
    words = [
        "".join(letters[bit] for bit in range(_MOST_BASE_FACTORS) if word >> bit & 1)
        for word in generators(factors, resolution)
    ]
    return np.asarray(library.fracfact(" ".join(words)), np.int64)


def generators(factors: int, resolution: int) -> list[int]:
    """Choose which products of base factors the further factors follow.

    The rule of thumb of taking any product of at least ``resolution - 1`` base factors looks only at one
    further factor at a time; two of them together may still form a shorter word, and seven factors in 32
    runs would pass for resolution V. Here every word of the defining relation is looked at.

    Parameters
    ----------
    factors : int
        1 or more.
    resolution : int
        Length of the shortest word that the defining relation may have.

    Returns
    -------
    list of int
        For each factor the set of its base factors, as bits; base factors first.

    Raises
    ------
    InputError
        If it takes more than 2^16 runs.

    Examples
    --------
    >>> generators(5, 5)
    [1, 2, 4, 8, 15]
    """
    for base in range(1, min(factors, _MOST_BASE_FACTORS) + 1):
        if factors - base > _MOST_FURTHER_FACTORS:
            continue
        # Neither order always finds the smallest fraction; one of them does up to eleven factors.
        for sign in (1, -1):
            chosen = _further_factors(base, factors - base, resolution, sign)
            if len(chosen) == factors - base:
                return [1 << bit for bit in range(base)] + chosen
    allowed = {"zh": "较少的因素", "en": "fewer factors"}
    raise InputError("design", f"fractional_factorial ({factors})", allowed)


def _further_factors(base: int, wanted: int, resolution: int, sign: int) -> list[int]:
    """Take products by rising (or falling) length as long as no word of the relation gets too short."""
    chosen: list[int] = []
    # Words of the defining relation: their base factors, and how many further factors they hold.
    relation = [(0, 0)]
    for word in sorted(range(1, 1 << base), key=lambda item: (sign * item.bit_count(), item)):
        if len(chosen) == wanted:
            break
        more = [(bits ^ word, count + 1) for bits, count in relation]
        if all(bits.bit_count() + count >= resolution for bits, count in more):
            chosen.append(word)
            relation += more
    return chosen
