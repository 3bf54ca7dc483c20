"""A triangle of pairs: one cell for two things, coloured by a signed number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Rectangle

from sim.charts.style import INK, MUTED

__all__ = ["draw_triangle"]

# From the colours of Okabe and Ito: vermilion, white, blue; told apart with every colour vision.
_COLOURS = LinearSegmentedColormap.from_list("pairs", ["#D55E00", "#FFFFFF", "#0072B2"])


def draw_triangle(
    axes: Axes,
    names: Sequence[str],
    cells: Mapping[tuple[int, int], tuple[float, float, float, bool]],
    unit: str,
) -> None:
    """Draw a signed number with its interval for every pair.

    Parameters
    ----------
    axes : Axes
        Where.
    names : sequence of str
        What is paired.
    cells : mapping of (int, int) to (float, float, float, bool)
        Number, ends of its interval, and whether it is clear, by the places of two names, the smaller first.
    unit : str
        Unit of the numbers.
    """
    most = max((abs(value) for value, *_ in cells.values()), default=0.0) or 1.0
    shade = Normalize(-most, most)
    digits = max(0, 1 - int(np.floor(np.log10(most))))
    for (column, row), (value, low, high, clear) in cells.items():
        axes.add_patch(
            Rectangle(
                (column - 0.5, row - 0.5),
                1,
                1,
                facecolor=_COLOURS(shade(value)) if clear else "white",
                edgecolor=MUTED,
                linewidth=0.6,
                # Whole at the edge of the axes too.
                clip_on=False,
            )
        )
        # White letters on the two dark ends of the scale.
        ink = "white" if clear and abs(value) > 0.6 * most else INK
        number = f"{value:+.{digits}f}".replace("-", "−")
        axes.text(column, row - 0.12, number, ha="center", va="center", fontsize=8.5, color=ink)
        # One run alone has no interval.
        half = "–" if np.isnan(low + high) else f"±{(high - low) / 2:.{digits}f}"
        axes.text(column, row + 0.2, half, ha="center", va="center", fontsize=7, color=ink)
    last = len(names) - 1
    axes.set_xlim(-0.5, last - 0.5)
    axes.set_ylim(last + 0.5, 0.5)
    axes.set_xticks(range(last), names[:-1], rotation=0 if last < 6 else 60)
    axes.set_yticks(range(1, last + 1), names[1:])
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure = axes.get_figure(root=True)
    assert figure is not None
    bar = figure.colorbar(ScalarMappable(shade, _COLOURS), ax=axes, shrink=0.8, pad=0.02)
    bar.set_label(unit)
    bar.outline.set_visible(False)
