"""Borders for notebooks: the layout of a result, and what the check of a border says."""

from __future__ import annotations

import contextlib
import io

from sim.command.border import check
from sim.errors import SimulationError
from sim.studies.comparison import Comparison
from sim.studies.watched import Watched
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

__all__ = ["check_lines", "lay_out_of", "lay_out_region"]


def lay_out_of(found: Comparison | Watched) -> World:
    """Lay out the border of a comparison as in its first run.

    Parameters
    ----------
    found : Comparison or Watched
        A comparison, or watched runs, on a border that comes with the project.

    Returns
    -------
    World
        The layout.
    """
    return lay_out(load_region(found.region), int(found.manifest["seeds"][0]))


def lay_out_region(region: Region, seed: int = 1) -> World:
    """Lay out a border.

    Parameters
    ----------
    region : Region
        The border.
    seed : int
        Seed of its layout.

    Returns
    -------
    World
        The layout.
    """
    return lay_out(region, seed)


def check_lines(path: str, language: str) -> list[str]:
    """Say what `python -m sim check` says of a border.

    Parameters
    ----------
    path : str
        A spreadsheet or folder.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of str
        The lines: every mistake, or what was read and what was filled in.

    Examples
    --------
    >>> check_lines("yulin_zhanjiang_maoming", "en")[0]
    'yulin_zhanjiang_maoming: no mistakes.'
    """
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        try:
            check([path], language)
        except SimulationError as error:
            print(error.message(language))
    return heard.getvalue().rstrip().splitlines()
