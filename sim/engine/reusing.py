"""Memory for the cases of a run, used again once nobody reads them any more.

Cases are the longest table by far: tens of megabytes on a real border, hundreds for a year of a hundred
thousand villages. The system hands out memory page by page and clears each, and a study would have it do so
for the same pages with every run.
"""

from __future__ import annotations

import weakref
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["memory_for"]

_LEAST_KEPT: Final = 1 << 20
"""Bytes: what is shorter is quickly had anew."""

_MOST_KEPT: Final = 2
"""Memories kept while nobody uses them: those of two arms that are compared."""

_kept: list[NDArray[np.uint8]] = []


def memory_for(size: int) -> NDArray[np.uint8]:
    """Give memory that nobody else uses as long as the array, or a view of it or of its views, lives.

    Parameters
    ----------
    size : int
        Bytes, 0 or more.

    Returns
    -------
    ndarray of uint8
        At least so many bytes and at most twice as many. They hold anything: what a run before left there.

    Examples
    --------
    >>> len(memory_for(4))
    4
    """
    if size < _LEAST_KEPT:
        return np.empty(size, dtype=np.uint8)
    memory = _fitting(size)
    # As its own base is no array, every view holds on to the loan itself: it dies with the last of them.
    loan = np.frombuffer(memory.data, dtype=np.uint8)
    weakref.finalize(loan, _take_back, memory).atexit = False
    return loan


def _fitting(size: int) -> NDArray[np.uint8]:
    # Another thread, or the end of another run, may change the list between any two lines.
    for _ in range(len(_kept)):
        try:
            memory = _kept.pop(0)
        except IndexError:
            break
        if size <= len(memory) <= 2 * size:
            return memory
        _kept.append(memory)
    return np.empty(size, dtype=np.uint8)


def _take_back(memory: NDArray[np.uint8]) -> None:
    """Keep memory that has become free; what was kept longest goes back to the system."""
    _kept.append(memory)
    del _kept[:-_MOST_KEPT]
