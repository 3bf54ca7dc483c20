"""Bars with intervals: filled where the interval excludes zero, open where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from sim.charts.style import INK, MUTED
from sim.language import text

__all__ = ["bar_handles", "draw_bars", "name_rows"]

_CLEAR: Final = "#0072B2"
_WHOLE: Final = "#4D4D4D"


def draw_bars(
    axes: Axes,
    values: ArrayLike,
    lows: ArrayLike,
    highs: ArrayLike,
    *,
    whole: int | None = None,
    colour: str = _CLEAR,
    clear: ArrayLike | None = None,
) -> None:
    """Draw one bar a row, the first on top.

    Parameters
    ----------
    axes : Axes
        Where.
    values, lows, highs : array_like of float
        In units of the axis; the ends may be NaN.
    whole : int, optional
        Row that stands for the sum of the others; it is set apart.
    colour : str
        Colour of the bars.
    clear : array_like of bool, optional
        Which bars are filled; those whose interval excludes zero by default.
    """
    middle, low, high = (_floats(ends) for ends in (values, lows, highs))
    filled = (low > 0) | (high < 0) if clear is None else np.asarray(clear, np.bool_).ravel()
    for row in range(middle.size):
        known = not np.isnan(low[row] + high[row])
        ink = _WHOLE if row == whole else colour
        axes.barh(
            row,
            middle[row],
            height=0.62,
            facecolor=ink if filled[row] else "white",
            edgecolor=ink,
            linewidth=1.2,
            alpha=0.75 if filled[row] else 1.0,
        )
        if known:
            ends = [[middle[row] - low[row]], [high[row] - middle[row]]]
            axes.errorbar(middle[row], row, xerr=ends, color=INK, capsize=3, elinewidth=1.3, fmt="none")
    axes.axvline(0, color=MUTED, linewidth=0.9)
    if whole is not None:
        axes.axhline(whole - 0.5, color=MUTED, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set_ylim(middle.size - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=5)


def name_rows(axes: Axes, names: Sequence[str], *, most_letters: int = 34) -> None:
    """Name the rows of bars at the left.

    Parameters
    ----------
    axes : Axes
        Where.
    names : sequence of str
        One a row.
    most_letters : int
        Longer names are broken into two lines, Chinese letters counting double.
    """
    axes.set_yticks(range(len(names)), [_in_two(name, most_letters) for name in names])


def bar_handles(language: str, told: str = "bar") -> list[Artist]:
    """Make the legend of bars.

    Parameters
    ----------
    language : {"zh", "en"}
        Language.
    told : str
        What is told apart: the texts are `charts.<told>.clear` and `charts.<told>.unclear`.

    Returns
    -------
    list of Artist
        Clear and not clear.
    """
    return [
        Patch(facecolor=_CLEAR, edgecolor=_CLEAR, alpha=0.75, label=text(f"charts.{told}.clear", language)),
        Patch(facecolor="white", edgecolor=_CLEAR, label=text(f"charts.{told}.unclear", language)),
    ]


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, np.float64).ravel()


def _in_two(name: str, most: int) -> str:
    widths = np.cumsum([2 if ord(letter) > 0x2E80 else 1 for letter in name])
    if widths.size == 0 or widths[-1] <= most:
        return name
    if " " in name:
        # At the blank nearest the middle.
        blanks = [place for place, letter in enumerate(name) if letter == " "]
        cut = min(blanks, key=lambda place: abs(widths[place] - widths[-1] / 2))
        return f"{name[:cut]}\n{name[cut + 1 :]}"
    cut = int(np.searchsorted(widths, widths[-1] / 2)) + 1
    return f"{name[:cut]}\n{name[cut:]}"
