"""Stored pictures of every chart, and how a new one is held against them.

``python -m tests.charts.baselines`` draws all of them anew; look at what changed before storing it. Names
after the command renew only those.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sim.charts.style import drawing
from tests.charts.gallery import GALLERY, draw, with_carried_font

__all__ = ["BASELINES", "difference", "differs", "picture", "stored"]

BASELINES = Path(__file__).parent / "baselines"

#: Pictures are compared at this width, twice as coarse as they are drawn, so that the edges of lines and
#: letters, which differ between machines, hardly count.
_WIDTH = 400
#: Colours of a stored picture; fewer would make it smaller and blur what is compared.
_COLOURS = 256
#: Root of the mean squared difference of all pixels, of 255. A picture stored and read again is within 1.2,
#: one that is moved by a pixel beyond 8.
MOST_OVERALL = 4.0
#: The same within the worst square of 16 pixels: a line or a word that is gone or somewhere else is here.
#: Stored and read: within 16; a black dot of 6 pixels: beyond 45.
MOST_IN_A_SQUARE = 24.0
_SQUARE = 16


def picture(figure: Figure, language: str) -> Image.Image:
    """Draw a figure small, in colour."""
    buffer = BytesIO()
    with with_carried_font(), drawing(language):
        figure.savefig(buffer, format="png", dpi=2 * _WIDTH / figure.get_figwidth())
    drawn = Image.open(buffer).convert("RGB")
    return drawn.resize((_WIDTH, round(_WIDTH * drawn.height / drawn.width)), Image.Resampling.BOX)


def stored(name: str, language: str) -> Image.Image:
    """Read the stored picture of a chart."""
    return Image.open(BASELINES / f"{name}_{language}.png").convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Measure how far two pictures are apart: overall, and in the worst square."""
    a, b = (_pixels(image.filter(ImageFilter.BoxBlur(1))) for image in (one, other))
    # A line of text more makes a figure higher; that is a difference of its own.
    if a.shape != b.shape:
        return float("inf"), float("inf")
    squared = ((a - b) ** 2).mean(axis=2)
    rows, columns = (side // _SQUARE for side in squared.shape)
    squares = squared[: rows * _SQUARE, : columns * _SQUARE]
    squares = squares.reshape(rows, _SQUARE, columns, _SQUARE).mean(axis=(1, 3))
    return float(np.sqrt(squared.mean())), float(np.sqrt(squares.max()))


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two pictures are further apart than machines are."""
    overall, worst = difference(one, other)
    return overall > MOST_OVERALL or worst > MOST_IN_A_SQUARE


def _pixels(image: Image.Image) -> NDArray[np.float64]:
    return np.asarray(image, dtype=np.float64)


def renew(names: list[str]) -> None:
    """Draw and store pictures anew."""
    BASELINES.mkdir(exist_ok=True)
    for name in names or GALLERY:
        for language in ("zh", "en"):
            small = picture(draw(name, language), language)
            path = BASELINES / f"{name}_{language}.png"
            if not names and path.exists() and not differs(small, stored(name, language)):
                continue
            small.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
            print(path.name)


if __name__ == "__main__":
    renew(sys.argv[1:])
