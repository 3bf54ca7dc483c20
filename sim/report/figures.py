"""The figures of a report: drawn anew, their words taken off and set as text of the page."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from sim.charts.border_map import draw_map
from sim.charts.cost import draw_cost
from sim.charts.coverage import draw_coverage
from sim.charts.flow import draw_flow
from sim.charts.paired import draw_paired_effects
from sim.charts.resolution import draw_resolution, draw_resolution_by_tier
from sim.charts.style import Said, drawing, take_words_off
from sim.charts.willingness import draw_suspension_gap, draw_willingness
from sim.studies.comparison import Comparison
from sim.world.region import Region
from sim.world.world import lay_out

__all__ = ["CHARTS", "Picture", "draw_pictures", "picture_of", "svg_of"]

CHARTS: Final[tuple[tuple[str, Callable[[Comparison, str], Figure]], ...]] = (
    ("paired_effects", draw_paired_effects),
    ("resolution_curves", draw_resolution),
    ("resolution_by_tier", draw_resolution_by_tier),
    ("flow", draw_flow),
    ("coverage", draw_coverage),
    ("willingness", draw_willingness),
    ("suspension_gap", draw_suspension_gap),
    ("cost_effect", draw_cost),
)
"""Name and drawing function of every figure without a map, in their order; a new one is one more line."""

_PAD_INCHES: Final = 0.06
_PATH: Final = re.compile(r'(?<= d=")[^"]+')
_LONG_NUMBER: Final = re.compile(r"(\.\d\d)\d+")
_POINTS: Final = 72
_PIXELS: Final = 96
_WINDOW: Final = re.compile(r'width="[\d.]+pt" height="[\d.]+pt" viewBox="[^"]+"')
_METADATA: Final = re.compile(r"<\?xml.*?(?=<svg )| <metadata>.*?</metadata>\n", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it.

    Attributes
    ----------
    name : str
        Name for links.
    said : Said
        Findings, subtitle and notes.
    source : str
        The drawing as a data URI.
    width, height : int
        Size in pixels of a page, 96 an inch.
    """

    name: str
    said: Said
    source: str
    width: int
    height: int

    def alternative(self, language: str) -> str:
        """Say the figure to those who do not see it: what was found and what is drawn.

        Parameters
        ----------
        language : {"zh", "en"}
            Language.

        Returns
        -------
        str
            The findings, which are computed from the numbers, and the subtitle.
        """
        stop = "。" if language == "zh" else ". "
        return stop.join([*(finding.rstrip("。.") for finding in self.said.findings), self.said.subtitle])


def draw_pictures(comparison: Comparison, language: str, region: Region | None) -> list[Picture]:
    """Draw every figure that the result allows.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    region : Region or None
        The border for the maps; None leaves them out.

    Returns
    -------
    list of Picture
        The figures, the maps of the last arm at the end.
    """
    draws = [(name, partial(draw, comparison, language)) for name, draw in CHARTS]
    if region is not None:
        # The layout of the first replication: one of those that were run, not a new one.
        world = lay_out(region, int(comparison.manifest["seeds"][0]))
        arm = comparison.arms[-1]
        draws.append(("map_settled", partial(draw_map, comparison, language, world, arm, "share")))
        draws.append(("map_change", partial(draw_map, comparison, language, world, arm, "difference")))
    return [picture_of(name, draw(), language) for name, draw in draws]


def svg_of(figure: Figure, drawn: Bbox, language: str) -> str:
    """Write a figure as a drawing that stands inside a page.

    Parameters
    ----------
    figure : Figure
        The figure after `take_words_off`.
    drawn : Bbox
        Which part of it, in inches.
    language : {"zh", "en"}
        Language of the figure.

    Returns
    -------
    str
        SVG without metadata, its paths in hundredths of a point: finer than a printer's dots.
    """
    written = io.StringIO()
    with drawing(language):
        figure.savefig(
            written,
            format="svg",
            metadata={"Date": None, "Creator": None},
        )
    lean = _METADATA.sub("", written.getvalue())
    # A window on the whole: saving a part of a figure would displace its legend.
    height = float(figure.get_size_inches()[1])
    sides = [side * _POINTS for side in (drawn.x0, height - drawn.y1, drawn.width, drawn.height)]
    left, top, width, tall = (f"{side:.2f}" for side in sides)
    lean = _WINDOW.sub(
        f'width="{width}pt" height="{tall}pt" viewBox="{left} {top} {width} {tall}"', lean, count=1
    )
    return _PATH.sub(lambda path: _LONG_NUMBER.sub(r"\1", path.group()).replace("\n", " "), lean)


def picture_of(name: str, figure: Figure, language: str) -> Picture:
    """Make a picture of a figure: its words beside it, the drawing inside.

    Parameters
    ----------
    name : str
        Name for links.
    figure : Figure
        A figure that has a frame.
    language : {"zh", "en"}
        Language of the figure.

    Returns
    -------
    Picture
        The picture.
    """
    said, drawn = take_words_off(figure)
    drawn = drawn.padded(_PAD_INCHES)
    source = (
        "data:image/svg+xml;base64," + base64.b64encode(svg_of(figure, drawn, language).encode()).decode()
    )
    return Picture(name, said, source, round(drawn.width * _PIXELS), round(drawn.height * _PIXELS))
