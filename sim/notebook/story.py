"""A story told in a notebook: its words from the catalogue, its figures as plain images."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from sim.charts.style import drawing
from sim.errors import InputError, nearest_name
from sim.language import catalogue, check_language, text
from sim.notebook.claims import Sentence
from sim.notebook.libraries import notebook_library

__all__ = ["STORIES", "Story", "open_story", "png_of"]

STORIES: Final = (
    "this_border",
    "with_and_without",
    "which_link",
    "why_alone",
    "attendance",
    "cost",
    "how_sure",
    "own_border",
)
"""The stories in the order of their notebooks."""

_DPI: Final = 100
_TITLE_POINTS: Final = 12.0


class Story:
    """What one notebook says, in one language.

    Parameters
    ----------
    key : str
        Name of the story, one of `STORIES`.
    language : {"zh", "en"}
        Language of everything that is shown.

    Attributes
    ----------
    key, language
        As given.
    """

    def __init__(self, key: str, language: str) -> None:
        self.language = check_language(language)
        if key not in STORIES:
            raise InputError("story", key, STORIES, nearest_name(key, STORIES))
        self.key = key

    def begin(self) -> None:
        """Show the title, the question, and the words that the story needs."""
        number = f"{STORIES.index(self.key) + 1:02d}"
        parts = [f"# {number} · {self.words('title')}", f"**{self.words('question')}**", self.words("begin")]
        self._markdown(parts)

    def answer(self, sentences: Sequence[Sentence]) -> None:
        """Show the answer.

        Parameters
        ----------
        sentences : sequence of Sentence
            Its sentences, computed from the results.
        """
        lines = [f"{number}. {sentence.words}" for number, sentence in enumerate(sentences, start=1)]
        self._markdown([f"## {text('notebook.answer', self.language)}", "\n".join(lines)])

    def show(self, part: str, figure: Figure) -> None:
        """Show a figure with what to look at before it and what not to conclude after it.

        Parameters
        ----------
        part : str
            Key of the part of the story.
        figure : Figure
            The figure.
        """
        self._before(part)
        self._figure(figure)
        self._after(part)

    def table(self, part: str, table: pd.DataFrame) -> None:
        """Show a table with the words that belong to it.

        Parameters
        ----------
        part : str
            Key of the part of the story.
        table : pandas.DataFrame
            The table, its headers and cells in words.
        """
        self._before(part)
        heads = [str(name) for name in table.columns]
        lines = [_row(heads), _row(["---"] * len(heads))]
        lines += [_row([str(cell) for cell in row]) for row in table.itertuples(index=False)]
        self._markdown(["\n".join(lines)])
        self._after(part)

    def lines(self, part: str, lines: Sequence[str]) -> None:
        """Show lines that a command would print, as they are.

        Parameters
        ----------
        part : str
            Key of the part of the story.
        lines : sequence of str
            The lines.
        """
        self._before(part)
        self._markdown(["```text\n" + "\n".join(lines) + "\n```"])
        self._after(part)

    def say(self, part: str) -> None:
        """Show a passage of the story.

        Parameters
        ----------
        part : str
            Key of the passage.
        """
        self._before(part)

    def explore(self, part: str, panel: Any) -> None:
        """Show a panel with controls; where there is no program to run it, a note stands in its place.

        Parameters
        ----------
        part : str
            Key of the part of the story.
        panel : ipywidgets.Widget
            The controls and what they show.
        """
        self._before(part)
        # What a panel holds beyond the figure above it differs from story to story.
        own = f"notebook.explore.{self.key}"
        note = text(own if own in catalogue() else "notebook.explore.note", self.language)
        bundle = dict(panel._repr_mimebundle_())
        bundle["text/plain"] = note
        bundle["text/html"] = f"<p><em>{note}</em></p>"
        notebook_library("IPython.display").display(bundle, raw=True)

    def end(self) -> None:
        """Show what the model is not, how to repeat the story, and what comes next."""
        place = STORIES.index(self.key)
        parts = [f"## {text('notebook.end.heading', self.language)}", self.words("end")]
        parts.append(_unfolded(text("notebook.end.honesty", self.language)))
        if place + 1 < len(STORIES):
            following = text(f"notebook.{STORIES[place + 1]}.title", self.language)
            parts.append(text("notebook.end.next", self.language, number=f"{place + 2:02d}", title=following))
        self._markdown(parts)

    def words(self, part: str) -> str:
        """Give a text of the story.

        Parameters
        ----------
        part : str
            The end of its key.

        Returns
        -------
        str
            The text.

        Raises
        ------
        InputError
            If the story has no such text, with the nearest one.
        """
        return _unfolded(text(f"notebook.{self.key}.{part}", self.language).strip())

    def _before(self, part: str) -> None:
        self._markdown([f"## {self.words(f'{part}.heading')}", self.words(f"{part}.before")])

    def _after(self, part: str) -> None:
        if f"notebook.{self.key}.{part}.after" in catalogue():
            self._markdown([self.words(f"{part}.after")])

    def _figure(self, figure: Figure) -> None:
        title = _title_of(figure)
        bundle = {"image/png": base64.b64encode(png_of(figure, self.language)).decode(), "text/plain": title}
        metadata = {"image/png": {"alt": title}}
        notebook_library("IPython.display").display(bundle, raw=True, metadata=metadata)

    @staticmethod
    def _markdown(parts: Sequence[str]) -> None:
        shown = notebook_library("IPython.display")
        shown.display(shown.Markdown("\n\n".join(parts)))


def open_story(key: str, language: str) -> Story:
    """Open a story in a language.

    Parameters
    ----------
    key : str
        Its name.
    language : {"zh", "en"}
        Language of everything that is shown.

    Returns
    -------
    Story
        The story.

    Raises
    ------
    InputError
        For an unknown story or language.

    Examples
    --------
    >>> open_story("why_alone", "en").words("title")
    'Why a joint team still goes it alone'
    """
    return Story(key, language)


def png_of(figure: Figure, language: str) -> bytes:
    """Draw a figure as an image, the same bytes each time.

    Parameters
    ----------
    figure : Figure
        The figure.
    language : {"zh", "en"}
        Language of its words.

    Returns
    -------
    bytes
        A PNG that fits a page and a screen.
    """
    stream = io.BytesIO()
    with drawing(language):
        figure.savefig(stream, format="png", dpi=_DPI, metadata={"Software": None})
    # A few colours with their blends are all that a figure has; a palette of them is a third of the size.
    small = io.BytesIO()
    with Image.open(stream) as image:
        few = image.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE)
        few.save(small, format="png", optimize=True)
    return small.getvalue()


def _unfolded(words: str) -> str:
    """Take out the blanks where a folded line of the catalogue was broken between Chinese letters."""
    return re.sub(r"(?<=[\u3000-\uffef]) (?=[\u3000-\uffef])", "", words)


def _title_of(figure: Figure) -> str:
    lines = [item.get_text() for item in figure.texts if item.get_fontsize() == _TITLE_POINTS]
    return "".join(lines) if any("一" <= letter <= "鿿" for letter in "".join(lines)) else " ".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
