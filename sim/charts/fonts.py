"""A font with Chinese glyphs, also on a machine that has none of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from matplotlib.font_manager import FontEntry, findfont, fontManager
from matplotlib.ft2font import FT2Font

from sim.errors import SimulationError

__all__ = [
    "SYSTEM_FONTS",
    "carried_file",
    "carried_font",
    "chinese_font",
    "has_glyphs",
    "has_truetype_outlines",
    "system_font",
]

SYSTEM_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
)
"""Families with simplified Chinese glyphs that systems carry, the best reading first."""

# Rare characters in the names of border towns and villages; a font may name itself Chinese and lack them.
_NEEDED_GLYPHS: Final = "垌陂圩廉鹤洲塘磊嶂坡湴"


class FontError(SimulationError):
    """No usable font with Chinese glyphs was found.

    Parameters
    ----------
    reason : str
        What was looked for.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def message(self, language: str = "en") -> str:
        """Say in one sentence what is missing.

        Parameters
        ----------
        language : {"zh", "en"}
            Language of the sentence.

        Returns
        -------
        str
            One sentence with its full stop.

        Examples
        --------
        >>> FontError("mplfonts").message("en")
        'No font with Chinese glyphs was found (looked for mplfonts); install the package mplfonts.'
        """
        if language == "zh":
            return f"找不到含中文字形的字体（已查找：{self.reason}）；请安装 mplfonts 包。"
        return (
            f"No font with Chinese glyphs was found (looked for {self.reason}); install the package mplfonts."
        )


@cache
def chinese_font() -> str:
    """Name a font family that draws Chinese, and make it known to the drawing library.

    The system's own font comes first; otherwise the font that the dependency ``mplfonts`` carries is used, so
    that a fresh machine has one by dependency and not by luck.

    Returns
    -------
    str
        Family name to put into ``font.family``.

    Raises
    ------
    FontError
        If neither is there.

    Examples
    --------
    >>> chinese_font() in {entry.name for entry in fontManager.ttflist}
    True
    """
    return system_font() or carried_font()


def system_font(families: Sequence[str] = SYSTEM_FONTS) -> str | None:
    """Find the first family of a list that this system has with every glyph that border names need.

    Parameters
    ----------
    families : sequence of str
        Family names in order of preference.

    Returns
    -------
    str or None
        The family, or None where the system has none of them.

    Examples
    --------
    >>> system_font(["No Such Family"]) is None
    True
    """
    entries: dict[str, FontEntry] = {}
    for entry in fontManager.ttflist:
        entries.setdefault(entry.name, entry)
    for family in families:
        # The list of fonts is cached over years: a file in it may be gone.
        if family in entries and has_glyphs(Path(entries[family].fname), _NEEDED_GLYPHS):
            return family
    return None


def carried_font() -> str:
    """Register the Noto Sans CJK SC file that the dependency ``mplfonts`` carries.

    Only the file is used: importing the package and calling its set-up would change the user's own settings
    and remove the cached list of fonts.

    Returns
    -------
    str
        Family name.

    Raises
    ------
    FontError
        If the package or its file is missing or lacks glyphs.

    Examples
    --------
    >>> carried_font()
    'Noto Sans CJK SC'
    """
    file = carried_file()
    if str(file) not in {entry.fname for entry in fontManager.ttflist}:
        fontManager.addfont(str(file))
    return str(FT2Font(str(file)).family_name)


def carried_file() -> Path:
    """Find the Noto Sans CJK SC file that the dependency ``mplfonts`` carries.

    Returns
    -------
    Path
        The font file.

    Raises
    ------
    FontError
        If the package or its file is missing or lacks glyphs.

    Examples
    --------
    >>> carried_file().name
    'NotoSansCJKsc-Regular.otf'
    """
    package = find_spec("mplfonts")
    folders = [] if package is None else list(package.submodule_search_locations or [])
    for folder in folders:
        file = Path(folder) / "fonts" / "NotoSansCJKsc-Regular.otf"
        if has_glyphs(file, _NEEDED_GLYPHS):
            return file
    raise FontError(", ".join((*SYSTEM_FONTS, "mplfonts")))


def has_glyphs(file: Path, characters: str) -> bool:
    """Tell whether a font file exists and draws all of some characters.

    Parameters
    ----------
    file : Path
        Font file; of a collection the first face counts, as the drawing library uses it.
    characters : str
        What has to be drawn.

    Returns
    -------
    bool
        False also for a file that is missing or no font.

    Examples
    --------
    >>> has_glyphs(Path("nowhere.ttf"), "九")
    False
    """
    if not file.is_file():
        return False
    try:
        font = FT2Font(str(file))
    except (OSError, RuntimeError, ValueError):
        return False
    return all(font.get_char_index(ord(character)) != 0 for character in characters)


@cache
def has_truetype_outlines(family: str) -> bool:
    """Tell whether the outlines of a family are TrueType's and not those of PostScript.

    Parameters
    ----------
    family : str
        Name of a known family.

    Returns
    -------
    bool
        True where its file has the table ``glyf``.

    Examples
    --------
    >>> has_truetype_outlines("DejaVu Sans")
    True
    """
    # The version of this table is 1.0 beside TrueType outlines and 0.5 beside others.
    profile = FT2Font(findfont(family)).get_sfnt_table("maxp")
    return profile is not None and profile["version"][0] == 1
