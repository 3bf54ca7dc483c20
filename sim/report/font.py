"""A font that travels with the page: the glyphs that it uses, and no others."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from sim.charts.fonts import carried_file

__all__ = ["subset_font"]

# Characters that the font draws as wide as a Chinese one although they stand among others: a minus sign
# belongs to its number in both languages.
_NARROW: Final = {"zh": "−", "en": "−“”‘’…"}


def subset_font(characters: str, language: str) -> bytes:
    """Cut the carried font down to some characters.

    A reader's machine may have no font with Chinese glyphs; then the page brings its own. The whole font has
    16 MB, the glyphs of a report some tenth of one.

    Parameters
    ----------
    characters : str
        All that has to be drawn; each once or several times.
    language : {"zh", "en"}
        Language of the page: quotation marks are as wide as a character in Chinese and narrow in English.

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
    >>> subset_font("边界 border", "zh")[:4]
    b'wOF2'
    """
    font = TTFont(carried_file(), lazy=True)
    _use_narrow_forms(font, _NARROW[language])
    options = Options()
    options.flavor = "woff2"
    # Without features for vertical lines and rare variants, whose glyphs nobody sees here.
    options.layout_features = ["kern"]
    options.name_IDs = [0, 1, 2, 4, 5, 6, 8, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    font.flavor = "woff2"
    # The time of writing would make two equal reports different.
    font.recalcTimestamp = False
    written = io.BytesIO()
    with _quietly():
        subsetter.populate(unicodes={ord(character) for character in characters} | {ord(" "), ord("0")})
        subsetter.subset(font)
        font.save(written)
    return written.getvalue()


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the library from telling its work, glyph by glyph, to whoever listens to this process."""
    logger = logging.getLogger("fontTools")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


def _use_narrow_forms(font: TTFont, characters: str) -> None:
    """Let characters be drawn by the proportional forms that the font has of them."""
    table = font["GSUB"].table
    lookups = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "pwid"
        for number in record.Feature.LookupListIndex
    }
    forms: dict[str, str] = {}
    for number in sorted(lookups):
        for part in table.LookupList.Lookup[number].SubTable:
            forms |= getattr(getattr(part, "ExtSubTable", part), "mapping", {})
    for names in (part.cmap for part in font["cmap"].tables if part.isUnicode()):
        for character in characters:
            if ord(character) in names:
                names[ord(character)] = forms.get(names[ord(character)], names[ord(character)])
