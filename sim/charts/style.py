"""The one style sheet: colours, lines, sizes, and the frame that every figure has.

Colours are those of Okabe and Ito, which readers with a colour-vision deficiency can tell apart; every arm
also has a line and a marker of its own, so that a black-and-white copy can be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.ticker import ScalarFormatter
from matplotlib.transforms import Bbox

from sim.charts.fonts import chinese_font, has_truetype_outlines
from sim.charts.wrapping import wrap_lines
from sim.files import write_beside
from sim.language import check_language

__all__ = [
    "INK",
    "MUTED",
    "TIER_LOOKS",
    "Look",
    "Said",
    "drawing",
    "frame",
    "looks",
    "new_figure",
    "on_projector",
    "save",
    "share_axis",
    "styled",
    "take_words_off",
]

INK: Final = "#1A1A1A"
MUTED: Final = "#595959"
_COLOURS: Final = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
TIER_LOOKS: Final = {
    "village": ("#E69F00", ""),
    "town": ("#0072B2", "///"),
    "county": ("#009E73", "..."),
    "department": ("#CC79A7", "xxx"),
}
"""Colour and hatch of each tier that works; the hatch tells them apart in black and white."""

_LINES: Final = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)))
_MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "*")
_PIXELS_ACROSS: Final = 1600
_FULL_INCHES: Final = 8.0
# On a projector a figure is drawn on less paper and shown as large: letters and lines grow by this.
_PROJECTOR: Final = 1.3
# Without the date and the version of the library: the same figure gives the same bytes.
_FORMATS: Final[dict[str, dict[str, None]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_enlarged: Final[ContextVar[float]] = ContextVar("enlarged", default=1.0)
_TITLE_POINTS: Final = 12.0
_FINDING_POINTS: Final = 9.5
_SUBTITLE_POINTS: Final = 9.0
_NOTE_POINTS: Final = 7.5
_LEADING: Final = 1.42
_MARGIN_INCHES: Final = 0.15
#: Words along axes may be a little longer than these before they are broken.
_MOST_OF_AXES: Final = 1.06
_THOUSANDS: Final = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")


@dataclass(frozen=True)
class Look:
    """What one arm looks like in every figure.

    Attributes
    ----------
    colour : str
        Colour as a hexadecimal code.
    line : str or tuple
        Line style.
    marker : str
        Marker.
    """

    colour: str
    line: Any
    marker: str


@dataclass(frozen=True)
class Said:
    """What is written around a drawing.

    Attributes
    ----------
    findings : tuple of str
        What was found, one sentence each.
    subtitle : str
        What is drawn.
    notes : str
        What a reader has to know to read it honestly.
    """

    findings: tuple[str, ...]
    subtitle: str
    notes: str


class _Grouped(ScalarFormatter):
    """Numbers of an axis as sentences say them: thousands set apart by commas."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        whole, point, rest = super().__call__(x, pos).partition(".")
        return _THOUSANDS.sub(",", whole) + point + rest


@dataclass(frozen=True)
class _Frame:
    said: Said
    lines: list[Text]
    drawn: Bbox


# What stands around the figures that are still in use.
_framed: WeakKeyDictionary[Figure, _Frame] = WeakKeyDictionary()


def looks(arms: Sequence[str]) -> dict[str, Look]:
    """Give every arm a colour, a line and a marker by its place.

    Parameters
    ----------
    arms : sequence of str
        Arms in their order, the baseline (black, solid) first.

    Returns
    -------
    dict of str to Look
        The numbers of colours, lines and markers are 7, 5 and 8, so no look repeats before the 281st arm.

    Examples
    --------
    >>> looks(["none", "five_links"])["none"].colour
    '#000000'
    """
    return {
        arm: Look(_COLOURS[i % len(_COLOURS)], _LINES[i % len(_LINES)], _MARKERS[i % len(_MARKERS)])
        for i, arm in enumerate(arms)
    }


@contextmanager
def drawing(language: str) -> Iterator[None]:
    """Apply the style sheet while a figure is made or written, and only then.

    Parameters
    ----------
    language : {"zh", "en"}
        Language of the figure.

    Yields
    ------
    None
        Settings return to what they were afterwards.

    Examples
    --------
    >>> from matplotlib import rcParams
    >>> with drawing("zh"):
    ...     rcParams["svg.hashsalt"]
    'sim'
    """
    check_language(language)
    settings: dict[Any, Any] = {
        # One family in both languages: English figures carry Chinese names too. DejaVu has the rare symbols.
        "font.family": [chinese_font(), "DejaVu Sans"],
        "font.size": 9.0,
        "text.color": INK,
        # Letters as wide as they were measured for the lines, at any resolution.
        "text.hinting": "none",
        "axes.titlesize": 9.5,
        "axes.titlelocation": "left",
        "axes.labelsize": 9.0,
        "axes.labelcolor": INK,
        "axes.edgecolor": MUTED,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        # Whole numbers in full: no reader looks for a power of ten in a corner.
        "axes.formatter.useoffset": False,
        "axes.formatter.limits": (-6, 12),
        "grid.color": "#DDDDDD",
        "grid.linewidth": 0.6,
        "xtick.labelsize": 8.0,
        "ytick.labelsize": 8.0,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "lines.linewidth": 1.8,
        "lines.markersize": 5.5,
        "legend.frameon": False,
        "legend.fontsize": 8.5,
        "legend.handlelength": 3.0,
        "figure.facecolor": "white",
        "figure.dpi": 100.0,
        "savefig.facecolor": "white",
        # Outlines instead of font references: the file looks the same on a machine without the font.
        "svg.fonttype": "path",
        "svg.hashsalt": "sim",
        "pdf.fonttype": 42 if has_truetype_outlines(chinese_font()) else 3,
    }
    with rc_context(settings):
        yield


@contextmanager
def on_projector() -> Iterator[None]:
    """Make the figures drawn inside larger in letters and lines, for a screen that is seen from afar.

    Yields
    ------
    None
        Figures drawn afterwards are as before.

    Examples
    --------
    >>> with on_projector():
    ...     figure = new_figure(8.0, 4.0)
    >>> [round(float(side), 2) for side in figure.get_size_inches()]
    [6.15, 3.7]
    """
    before = _enlarged.set(_PROJECTOR)
    try:
        yield
    finally:
        _enlarged.reset(before)


def styled(draw: Callable[[Any, str], Figure]) -> Callable[[Any, str], Figure]:
    """Make a drawing function apply the style sheet of the language it is given.

    Parameters
    ----------
    draw : callable
        ``draw(comparison, language)`` that returns a figure.

    Returns
    -------
    callable
        The same function under `drawing`.
    """

    @wraps(draw)
    def wrapper(comparison: Any, language: str) -> Figure:
        with drawing(language):
            return draw(comparison, language)

    return wrapper


def new_figure(width_inches: float, height_inches: float) -> Figure:
    """Make an empty figure that belongs to no window and no global state.

    Parameters
    ----------
    width_inches, height_inches : float
        Size of the drawing without title and notes; `frame` adds what those need.

    Returns
    -------
    Figure
        Figure on an image canvas.
    """
    # Less wide, but not as much less high: what stands below each other needs its room.
    enlarged = _enlarged.get()
    figure = Figure(figsize=(width_inches / enlarged, height_inches / enlarged**0.3))
    FigureCanvasAgg(figure)
    return figure


def share_axis(axes: Axes) -> None:
    """Let the upright axis of shares in per cent begin at 0 and end at 100 at most, as shares do.

    Intervals of few runs reach beyond; whoever read 120 % there would take it for a share.

    Parameters
    ----------
    axes : Axes
        With everything drawn.
    """
    axes.set_ylim(0.0, min(100.0, axes.get_ylim()[1]))


def frame(
    figure: Figure, findings: Sequence[str], subtitle: str, notes: str, handles: Sequence[Artist] = ()
) -> None:
    """Put findings, subtitle and legend above a finished drawing and the notes below it, and make room.

    Parameters
    ----------
    figure : Figure
        The drawing; its height grows by what the words need.
    findings : sequence of str
        What was found, one sentence each; the first becomes the title.
    subtitle : str
        What is drawn.
    notes : str
        What a reader has to know to read it honestly.
    handles : sequence of Artist
        What the legend explains, in its order.
    """
    _group_thousands(figure)
    width, drawing_height = figure.get_size_inches()
    usable = (width - 2 * _MARGIN_INCHES) * 72.0
    words = [(finding, _FINDING_POINTS, INK) for finding in findings]
    words[0] = (findings[0], _TITLE_POINTS, INK)
    words.append((subtitle, _SUBTITLE_POINTS, MUTED))
    above = [(line, size, ink) for said, size, ink in words for line in wrap_lines(said, size, usable)]
    below = [(line, _NOTE_POINTS, MUTED) for line in wrap_lines(notes, _NOTE_POINTS, usable)]
    legend, legend_height = _add_legend(figure, handles, usable / 72.0) if handles else (None, 0.0)
    words_height = _MARGIN_INCHES + _block_inches(above)
    head = words_height + legend_height + 0.6 * _MARGIN_INCHES
    foot = _block_inches(below) + 1.4 * _MARGIN_INCHES
    height = drawing_height + head + foot
    figure.set_size_inches(width, height)
    if legend is not None:
        legend.set_bbox_to_anchor((_MARGIN_INCHES / width, 1 - words_height / height))
    lines = _write_block(figure, above, top_inches=height - _MARGIN_INCHES)
    lines += _write_block(figure, below, top_inches=foot - 0.6 * _MARGIN_INCHES)
    drawn = Bbox([[0.0, foot], [width, height - words_height]])
    _framed[figure] = _Frame(Said(tuple(findings), subtitle, notes), lines, drawn)
    edge = 0.5 * _MARGIN_INCHES / width
    room = (edge, foot / height, 1 - 2 * edge, drawing_height / height)
    figure.set_layout_engine(ConstrainedLayoutEngine(rect=room))
    _freeze_layout(figure)


def _group_thousands(figure: Figure) -> None:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(_Grouped())


def take_words_off(figure: Figure) -> tuple[Said, Bbox]:
    """Take findings, subtitle and notes off a figure, for a page that sets them as text of its own.

    Parameters
    ----------
    figure : Figure
        A figure that `frame` has framed; the legend and the words of the drawing stay on it.

    Returns
    -------
    said : Said
        The words.
    drawn : Bbox
        What is left, in inches: to be saved with ``bbox_inches=drawn``.

    Raises
    ------
    KeyError
        If the figure has no frame, or its words were taken already.
    """
    taken = _framed.pop(figure)
    for line in taken.lines:
        line.remove()
    return taken.said, taken.drawn


def _freeze_layout(figure: Figure) -> None:
    """Keep the layout that was found, without its last digits, in which the solver differs each time."""
    figure.draw_without_rendering()
    if _break_words_of_axes(figure):
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        place = axes.get_position(original=True).bounds
        axes.set_position(tuple(round(side, 6) for side in place))
    # Once more, because an axes with a fixed aspect shrinks within its place.
    figure.draw_without_rendering()


def _break_words_of_axes(figure: Figure) -> bool:
    """Break titles and labels that are longer than their axes, turn names that touch, and tell if any did."""
    broken = False
    for axes in figure.axes:
        if not axes.get_visible():
            continue
        box, label = axes.get_window_extent(), axes.yaxis.label
        titles = [item for item in axes.get_children() if isinstance(item, Text) and item not in axes.texts]
        for words in (*titles, axes.xaxis.label, label):
            extent = words.get_window_extent()
            along, room = (extent.height, box.height) if words is label else (extent.width, box.width)
            if words.get_text() and along > _MOST_OF_AXES * room:
                points, size = room * 72.0 / figure.dpi, float(words.get_fontsize())
                parts = words.get_text().split("\n")
                words.set_text("\n".join(line for part in parts for line in wrap_lines(part, size, points)))
                broken = True
        # Numbers make room for each other by themselves, names do not.
        is_named = not isinstance(axes.xaxis.get_major_formatter(), ScalarFormatter)
        if is_named and _touch(axes.get_xticklabels()):
            for label in axes.get_xticklabels():
                label.set(rotation=25, ha="right", rotation_mode="anchor")
            broken = True
    return broken


def _touch(labels: Sequence[Text]) -> bool:
    """Tell whether words of a row leave no blank between them."""
    said = [label.get_window_extent() for label in labels if label.get_text()]
    boxes = sorted(said, key=lambda box: float(box.x0))
    return any(one.x1 + 2.0 > other.x0 for one, other in zip(boxes, boxes[1:], strict=False))


def _add_legend(figure: Figure, handles: Sequence[Artist], width_inches: float) -> tuple[Legend, float]:
    """Add a legend in as few rows as fit, filled evenly, and tell its height in inches."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    for rows in range(1, len(handles) + 1):
        columns = -(-len(handles) // rows)
        legend = figure.legend(
            handles=handles, loc="upper left", ncols=columns, borderaxespad=0, borderpad=0.35
        )
        box = legend.get_window_extent(renderer)
        if box.width / figure.dpi <= width_inches or columns == 1:
            break
        legend.remove()
    legend.set_in_layout(False)
    return legend, float(box.height / figure.dpi)


def save(figure: Figure, folder: Path, name: str, language: str) -> list[Path]:
    """Write a figure as an image and as two kinds of drawing, the same bytes each time.

    Letters of the SVG are outlines, so that it looks the same where the font is missing. Letters of the PDF
    are text that can be searched and copied; what is used of the font is inside the file: as TrueType where
    the font has such outlines, otherwise as Type 3, because PDF readers may refuse the outlines of an
    OpenType font that is embedded as TrueType.

    Parameters
    ----------
    figure : Figure
        The figure.
    folder : Path
        Where to.
    name : str
        File name without ending.
    language : {"zh", "en"}
        Language of the figure.

    Returns
    -------
    list of Path
        The PNG (1,600 dots wide, 200 an inch on paper), the SVG and the PDF.

    Raises
    ------
    OutputError
        If the system refuses.
    """
    paths = []
    dots_an_inch = round(_PIXELS_ACROSS / float(figure.get_figwidth()), 3)
    with drawing(language):
        for ending, metadata in _FORMATS.items():
            write = partial(figure.savefig, format=ending, dpi=dots_an_inch, metadata=metadata)
            paths.append(write_beside(folder / f"{name}.{ending}", write))
    return paths


def _block_inches(lines: Sequence[tuple[str, float, str]]) -> float:
    return sum(size * _LEADING for _, size, _ in lines) / 72.0


def _write_block(figure: Figure, lines: Sequence[tuple[str, float, str]], top_inches: float) -> list[Text]:
    width, height = figure.get_size_inches()
    written = []
    for line, size, colour in lines:
        place = (_MARGIN_INCHES / width, top_inches / height)
        written.append(
            figure.text(*place, line, fontsize=size, color=colour, ha="left", va="top", in_layout=False)
        )
        top_inches -= size * _LEADING / 72.0
    return written
