"""A font that travels with the page: the glyphs that it uses, and no others."""

from __future__ import annotations

import io

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from sim.charts.fonts import carried_file

__all__ = ["subset_font"]


def subset_font(characters: str) -> bytes:
    """Cut the carried font down to some characters.

    A reader's machine may have no font with Chinese glyphs; then the page brings its own. The whole font has
    16 MB, the glyphs of a report some tenth of one.

    Parameters
    ----------
    characters : str
        All that has to be drawn; each once or several times.

    Returns
    -------
    bytes
        A WOFF2 file. It keeps the names of its makers and its licence (SIL Open Font License 1.1, which
        allows this). Characters that the font lacks are not in it.

    Raises
    ------
    FontError
        If the font is missing.

    Examples
    --------
    >>> subset_font("边界 border")[:4]
    b'wOF2'
    """
    font = TTFont(carried_file(), lazy=True)
    options = Options()
    options.flavor = "woff2"
    # Narrow forms of quotation marks and the minus sign, for English and for numbers; no vertical lines.
    options.layout_features = ["kern", "pwid"]
    options.name_IDs = [0, 1, 2, 4, 5, 6, 8, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes={ord(character) for character in characters} | {ord(" "), ord("0")})
    subsetter.subset(font)
    font.flavor = "woff2"
    # The time of writing would make two equal reports different.
    font.recalcTimestamp = False
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
