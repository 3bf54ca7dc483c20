"""Names on a map that do not cover each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

__all__ = ["Label", "place_labels", "spread"]

_DISTANCES_POINTS: Final = (6.0, 10.0, 16.0, 24.0)
_ANGLES: Final = (0, 180, 90, 270, 45, 135, 315, 225)
#: Where a corner of the name, and not its edge, is nearest.
_CORNERS: Final = (45, 135, 315, 225)
#: Points nearer to each other than this cannot be told apart by their names' places.
_SAME_POINTS: Final = 4.0


@dataclass(frozen=True)
class Label:
    """A name to write near a point.

    Attributes
    ----------
    words : str
        The name.
    x, y : float
        The point in data coordinates.
    colour : str
        Colour of the letters.
    points : float
        Size of the letters.
    """

    words: str
    x: float
    y: float
    colour: str
    points: float


def place_labels(
    axes: Axes,
    labels: Sequence[Label],
    points: Iterable[tuple[float, float]],
    obstacles: Iterable[tuple[float, float]] = (),
    clear_points: float = 0.0,
) -> list[Bbox]:
    """Write names beside their points where they cover least, and not upon each other if it can be had.

    Parameters
    ----------
    axes : Axes
        Drawn once, so that its place is final.
    labels : sequence of Label
        Names, the most important first.
    points : iterable of (float, float)
        Points in data coordinates that should stay in sight and could be mistaken for the one named.
    obstacles : iterable of (float, float)
        What else should stay in sight, as points in data coordinates.
    clear_points : float
        How far names keep from obstacles, in points of print.

    Returns
    -------
    list of Bbox
        Where each name stands, in pixels.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    marks, things = (
        axes.transData.transform(np.asarray(list(places), dtype=float).reshape(-1, 2))
        for places in (points, obstacles)
    )
    area = axes.get_window_extent(renderer)
    taken: list[Bbox] = []
    for label in labels:
        note = axes.annotate(
            label.words,
            (label.x, label.y),
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=label.points,
            color=label.colour,
            ha="center",
            va="center",
            zorder=6,
            in_layout=False,
            path_effects=[withStroke(linewidth=2.2, foreground="white")],
        )
        box = note.get_window_extent(renderer)
        pixels_per_point = figure.dpi / 72.0
        shifts = [
            shift(box, angle, distance * pixels_per_point)
            for distance in _DISTANCES_POINTS
            for shift, angles in ((_shift, _ANGLES), (_shift_corner, _CORNERS))
            for angle in angles
        ]
        # Of equal places the nearer and more usual one.
        own = axes.transData.transform((label.x, label.y))
        is_near = np.hypot(*(marks - own).T) <= _SAME_POINTS * pixels_per_point
        near, far = np.vstack([own, marks[is_near]]), marks[~is_near]
        costs = [
            0.1 * i
            + _cost(box.translated(*at), near, far, taken, things, area, clear_points * pixels_per_point)
            for i, at in enumerate(shifts)
        ]
        best = shifts[int(np.argmin(costs))]
        note.set_position((best[0] / pixels_per_point, best[1] / pixels_per_point))
        taken.append(box.translated(*best))
    return taken


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Move ascending places as little apart as gives each a gap to the next.

    Parameters
    ----------
    places : sequence of float
        In ascending order.
    gap : float
        The least distance that is wanted.

    Returns
    -------
    list of float
        The places in the same order; groups that were too close keep their middle.

    Examples
    --------
    >>> spread([0.0, 5.0, 5.0], 1.0)
    [0.0, 4.5, 5.5]
    """
    groups: list[tuple[float, int]] = []  # middle of a group, and how many stand in it
    for place in places:
        middle, count = float(place), 1
        while groups and middle - groups[-1][0] < gap * (count + groups[-1][1]) / 2:
            before, number = groups.pop()
            middle = (middle * count + before * number) / (count + number)
            count += number
        groups.append((middle, count))
    return [middle + gap * (i - (count - 1) / 2) for middle, count in groups for i in range(count)]


def _shift(box: Bbox, angle: int, distance: float) -> tuple[float, float]:
    """Move a box so that its near edge is a distance away from the point it was centred on."""
    across, up = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return float(across * (distance + box.width / 2)), float(up * (distance * 0.8 + box.height / 2))


def _shift_corner(box: Bbox, angle: int, distance: float) -> tuple[float, float]:
    """Move a box so that its near corner is a distance away: all of it lies to the side of the point."""
    across, up = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return (
        float(across * distance + np.sign(across) * box.width / 2),
        float(up * distance * 0.8 + np.sign(up) * box.height / 2),
    )


def _cost(
    box: Bbox,
    near: np.ndarray,
    far: np.ndarray,
    taken: Sequence[Bbox],
    things: np.ndarray,
    area: Bbox,
    clear: float,
) -> float:
    over_names = sum(box.overlaps(other) for other in taken)
    outside = not (area.x0 <= box.x0 and box.x1 <= area.x1 and area.y0 <= box.y0 and box.y1 <= area.y1)
    own, others = _distances(box, near), _distances(box, far)
    covered = int(np.sum(own == 0) + np.sum(others == 0) + np.sum(_distances(box, things) <= clear))
    # A name nearer to another point than to its own would be read as the other's.
    is_misleading = bool(others.size) and bool(others.min() < 1.3 * own.min())
    return 1000.0 * over_names + 200.0 * outside + 40.0 * is_misleading + 10.0 * covered


def _distances(box: Bbox, points: np.ndarray) -> np.ndarray:
    """Measure how far points are from a box; 0 inside it."""
    across = np.maximum(np.maximum(box.x0 - points[:, 0], points[:, 0] - box.x1), 0.0)
    up = np.maximum(np.maximum(box.y0 - points[:, 1], points[:, 1] - box.y1), 0.0)
    return np.asarray(np.hypot(across, up))
