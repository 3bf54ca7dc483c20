"""Every figure of a comparison, written into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from sim.charts.border_map import draw_map
from sim.charts.cost import draw_cost
from sim.charts.coverage import draw_coverage
from sim.charts.paired import draw_paired_effects
from sim.charts.resolution import draw_resolution, draw_resolution_by_tier
from sim.charts.style import save
from sim.charts.willingness import draw_suspension_gap, draw_willingness
from sim.language import check_language
from sim.studies.comparison import Comparison
from sim.world.region import Region, load_region
from sim.world.world import lay_out

__all__ = ["draw_all"]

_FIGURES: Final[dict[str, Callable[..., Figure]]] = {
    "resolution_curves": draw_resolution,
    "resolution_by_tier": draw_resolution_by_tier,
    "coverage": draw_coverage,
    "willingness": draw_willingness,
    "suspension_gap": draw_suspension_gap,
    "cost_effect": draw_cost,
    "paired_effects": draw_paired_effects,
}


def draw_all(
    comparison: Comparison, folder: str | Path, language: str, region: str | Path | Region | None = None
) -> list[Path]:
    """Draw every figure and write each as PNG, SVG and PDF.

    Parameters
    ----------
    comparison : Comparison
        A comparison, fresh or read back.
    folder : str or Path
        Where the files go; it is created.
    language : {"zh", "en"}
        Language of the words.
    region : str, Path or Region, optional
        The border for the map; by default the one that the manifest names.

    Returns
    -------
    list of Path
        The files, a PNG, an SVG and a PDF for each figure. The maps show the last arm.

    Raises
    ------
    InputError
        For an unknown language or region.
    OutputError
        If a file cannot be written.
    """
    language = check_language(language)
    paths: list[Path] = []
    for name, figure in _figures(comparison, language, region):
        paths += save(figure, Path(folder), name, language)
    return paths


def _figures(
    comparison: Comparison, language: str, region: str | Path | Region | None
) -> Iterator[tuple[str, Figure]]:
    for name, draw in _FIGURES.items():
        yield name, draw(comparison, language)
    border = region if isinstance(region, Region) else load_region(region or comparison.region)
    # The layout of the first replication: one of those that were run, not a new one.
    world = lay_out(border, int(comparison.manifest["seeds"][0]))
    arm = comparison.arms[-1]
    yield "map_settled", draw_map(comparison, language, world, arm, "share")
    yield "map_change", draw_map(comparison, language, world, arm, "difference")
