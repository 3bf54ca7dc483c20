"""Lines of text that fit a width: words stay whole, Chinese may break between characters."""

from __future__ import annotations

import re
from typing import Final

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

__all__ = ["wrap_lines"]

# A line must not begin with one of these, nor end with one of those.
_CLOSING: Final = "，。；：、！？）》”’％,.;:!?)%"
_OPENING: Final = "（《“‘("
# An interval in Chinese stays on one line, as one in English does by its blanks that do not break.
_PIECE: Final = re.compile(r"[+−]?[\d,.]*\d%?至[+−]?[\d,.]*\d%?|[⺀-鿿　-〿＀-￯“”‘’]|[^ ⺀-鿿　-〿＀-￯“”‘’]+| +")


def wrap_lines(text: str, points: float, width_points: float) -> list[str]:
    """Break a text into lines no wider than a width, in the font that is set.

    Parameters
    ----------
    text : str
        One paragraph.
    points : float
        Size of the letters, in points.
    width_points : float
        Width of the line, in points.

    Returns
    -------
    list of str
        The lines; a single piece wider than the line stands alone.

    Examples
    --------
    >>> wrap_lines("one two three", 10.0, 45.0)
    ['one two', 'three']
    """
    font = FontProperties(size=points)
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and _width_points(line + piece.rstrip(), font) > width_points:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """Cut a text at the places where a line may break."""
    pieces: list[str] = []
    for match in _PIECE.findall(text):
        joins = pieces and (
            match[0] in _CLOSING or match.isspace() or pieces[-1].rstrip()[-1:] in tuple(_OPENING)
        )
        if joins:
            pieces[-1] += match
        else:
            pieces.append(match)
    return pieces


def _width_points(text: str, font: FontProperties) -> float:
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])
