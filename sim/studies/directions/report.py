"""The folder of a table of directions: the table, its pages in two languages, what repeats it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sim.errors import InputError
from sim.files import folder_beside, write_beside
from sim.language import LANGUAGES, text
from sim.levers.applicability import why_nothing
from sim.streams import replication_seed
from sim.studies.directions.moves import ALONE, Move, content_key, known_mechanism
from sim.studies.directions.pages import between_marks, direction_page, findings
from sim.studies.directions.runs import Runs
from sim.studies.directions.table import direction_table
from sim.studies.plan import Plan
from sim.studies.replication import live_burn_in
from sim.world.world import World

__all__ = ["DIGITS", "read_directions", "remarks", "write_directions"]

DIGITS: Final = 6
"""Significant digits of numbers in ``directions.csv``; more would differ between machines."""

_FOR_SPREADSHEETS: Final = "utf-8-sig"


def write_directions(plan: Plan, moves: Sequence[Move], runs: Runs, folder: str | Path) -> Path:
    """Write the table, a page in each language, the manifest, and what was found into the README.

    Parameters
    ----------
    plan : Plan
        Region and seed of the runs.
    moves : sequence of Move
        What was moved.
    runs : Runs
        What it gave.
    folder : str or Path
        Where to. A ``README.md`` in it gets what was found between its marks.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the system refuses; nothing is left then.
    """
    folder = Path(folder)
    world = live_burn_in(plan.region, plan.parameters, replication_seed(plan.seed, 0), 0).world
    table = direction_table(moves, runs, remarks(moves, world))
    manifest = runs.manifest | {"moves": len(moves), "arms": _arms(moves, runs)}
    with folder_beside(folder) as beside:
        table.to_csv(
            beside / "directions.csv", index=False, encoding=_FOR_SPREADSHEETS, float_format=f"%.{DIGITS}g"
        )
        # The pages say what the file says, to the digit.
        table = read_directions(beside)
        for language in LANGUAGES:
            page = direction_page(table, manifest, language)
            (beside / f"directions.{language}.md").write_text(page, encoding="utf-8")
        content = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)
        (beside / "manifest.json").write_text(content + "\n", encoding="utf-8")
    readme = folder / "README.md"
    if readme.exists():
        document = readme.read_text(encoding="utf-8")
        for language in LANGUAGES:
            document = between_marks(document, f"found_{language}", findings(table, manifest, language))
        write_beside(readme, lambda path: path.write_text(document, encoding="utf-8"))
    return folder


def read_directions(folder: str | Path) -> pd.DataFrame:
    """Read a table of directions back.

    Parameters
    ----------
    folder : str or Path
        A folder that `write_directions` wrote.

    Returns
    -------
    pandas.DataFrame
        The table, with its numbers to `DIGITS` digits.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    path = Path(folder) / "directions.csv"
    try:
        texts = dict.fromkeys(("setting", "low", "high", "judgement", "note_zh", "note_en"), "str")
        numbers = ("low_value", "high_value", "effect", "low95", "high95", "p_value", "q_value")
        return pd.read_csv(
            path,
            encoding=_FOR_SPREADSHEETS,
            keep_default_na=False,
            na_values={name: [""] for name in numbers},
            dtype=texts,
        )
    except (OSError, ValueError) as error:
        allowed = {"zh": "含 directions.csv 的文件夹", "en": "a folder with directions.csv"}
        raise InputError("folder", str(folder), allowed) from error


def remarks(moves: Sequence[Move], world: World) -> dict[str, Mapping[str, str]]:
    """Say of moves that can change nothing why that is so.

    Parameters
    ----------
    moves : sequence of Move
        What was moved.
    world : World
        The border.

    Returns
    -------
    dict of str to mapping of str to str
        Sentences by label of the move and language: a package without the lever or setting, a mechanism
        that finds nothing to act on.
    """
    told: dict[str, Mapping[str, str]] = {}
    for move in moves:
        if move.low_arm is None:
            told[move.label] = {language: text("directions.note.absent", language) for language in LANGUAGES}
        elif move.kind == "mechanism" and move.place == ALONE:
            reason = why_nothing(known_mechanism(move.name), world)
            if reason is not None:
                told[move.label] = reason
    return told


def _arms(moves: Sequence[Move], runs: Runs) -> dict[str, Any]:
    """Name every arm with its content and one digest of its final states, in the order of the moves."""
    arms: dict[str, Any] = {}
    for move in moves:
        for arm in (move.low_arm, move.high_arm):
            if arm is not None:
                key = content_key(arm)
                states = hashlib.blake2b("".join(runs.states[key]).encode(), digest_size=8).hexdigest()
                arms[arm.key] = {"content": key, "states": states}
    return arms
