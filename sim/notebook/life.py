"""The life of one case, told when a study is made and read by its notebook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from sim.errors import InputError
from sim.files import folder_beside
from sim.levers.mechanisms import Package
from sim.measures.picking import Picked
from sim.studies.comparison import Comparison
from sim.studies.retelling import pick_from, retell
from sim.world.region import load_region
from sim.world.world import World, lay_out

__all__ = ["Life", "open_life", "write_life"]


@dataclass(frozen=True, eq=False)
class Life:
    """The life of one case in two arms.

    Attributes
    ----------
    biography : pandas.DataFrame
        As `sim.measures.biography.biographies` gives it.
    world : World
        The border as the run laid it out.
    picked : Picked
        The case, and by which rule it was picked.
    """

    biography: pd.DataFrame
    world: World
    picked: Picked


def write_life(
    comparison: Comparison, packages: Sequence[Package], arm: str, criterion: str, folder: Path
) -> Path:
    """Pick a case of the first run and tell its life in the baseline and in one arm.

    It is told while the comparison is at hand, because a run can be lived again to the bit only by the
    code that made it.

    Parameters
    ----------
    comparison : Comparison
        The comparison, with its cases.
    packages : sequence of Package
        The packages of its arms.
    arm : str
        The arm beside the baseline.
    criterion : str
        One of `sim.measures.picking.CRITERIA`.
    folder : Path
        Where it goes.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If no case fulfils the criterion.
    OutputError
        If the system refuses.
    """
    picked = pick_from(comparison, criterion, arm=arm)
    arms = (comparison.baseline, arm)
    told = retell(comparison, [picked.case], arms=arms, packages=list(packages))
    about = {
        "region": comparison.region,
        "seed": comparison.manifest["seeds"][told.replication],
        "picked": asdict(picked),
    }
    with folder_beside(folder) as beside:
        told.biography.to_parquet(beside / "biography.parquet", index=False, compression="zstd")
        content = json.dumps(about, ensure_ascii=False, indent=1)
        (beside / "life.json").write_text(content + "\n", encoding="utf-8")
    return folder


def open_life(folder: str | Path) -> Life:
    """Read the life of a case.

    Parameters
    ----------
    folder : str or Path
        A folder that `write_life` wrote, on a border that comes with the project.

    Returns
    -------
    Life
        The biography, the border, and how the case was picked.

    Raises
    ------
    InputError
        If the folder is something else.
    """
    folder = Path(folder)
    try:
        about = json.loads((folder / "life.json").read_text(encoding="utf-8"))
        biography = pd.read_parquet(folder / "biography.parquet")
        picked = Picked(**about["picked"])
        region, seed = about["region"], int(about["seed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        allowed = {
            "zh": "含 life.json 和 biography.parquet 的文件夹",
            "en": "a folder with life.json and biography.parquet",
        }
        raise InputError("folder", folder.name, allowed) from error
    return Life(biography, lay_out(load_region(region), seed), picked)
