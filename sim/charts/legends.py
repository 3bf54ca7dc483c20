"""The legend of arms, the same in every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from sim.charts.style import Look

__all__ = ["arm_handles"]


def arm_handles(
    arms: Sequence[str],
    names: Mapping[str, str],
    look: Mapping[str, Look],
    *,
    lines: bool = True,
    markers: bool = True,
) -> list[Artist]:
    """Make what the legend of a figure shows for each arm.

    Parameters
    ----------
    arms : sequence of str
        Arms in order.
    names : mapping of str to str
        Their names.
    look : mapping of str to Look
        Their looks.
    lines, markers : bool
        What the figure uses to show an arm.

    Returns
    -------
    list of Artist
        One for each arm, in order.
    """
    return [
        Line2D(
            [],
            [],
            color=look[arm].colour,
            linestyle=look[arm].line if lines else "none",
            marker=look[arm].marker if markers else "none",
            label=names[arm],
        )
        for arm in arms
    ]
