"""Whether a printed page keeps together what belongs together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfReader

__all__ = ["page_texts", "plain", "rows_cut"]

# What looks the same and is another character, as a font's own table of them may say.
_SAME = str.maketrans({"⼀": "一", "\u00a0": "", "\u00ad": "", "−": "-", "‑": "-"})


def plain(words: str) -> str:
    """Leave out what a line break changes."""
    return re.sub(r"\s+", "", words.translate(_SAME))


def page_texts(printed: Path) -> list[str]:
    """Read the text of each page, in the order in which it was painted."""
    return [plain(page.extract_text()) for page in PdfReader(printed).pages]


def rows_cut(rows: Sequence[str], pages: Sequence[str]) -> list[str]:
    """Name the rows that stand whole on no page."""
    return [row for row in rows if plain(row) and not any(plain(row) in page for page in pages)]
