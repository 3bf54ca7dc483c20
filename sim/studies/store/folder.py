"""The folder of a study while it is run: one writer, tables beside the shards, nothing half written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from sim.errors import InputError, OutputError
from sim.files import write_beside
from sim.studies.design import Dimension
from sim.studies.store.columns import study_columns
from sim.studies.store.manifest import check_same_study, manifest_of, read_manifest, write_manifest
from sim.studies.store.shards import Shards, read_parquet
from sim.studies.study_plan import StudyPlan
from sim.studies.study_points import keep_numbers, points_from_table, points_table

__all__ = ["OWN_FILES", "SHARDS", "StudyFolder", "open_folder"]

SHARDS: Final = "shards"
"""Folder of the shards inside that of the study."""

OWN_FILES: Final = ("manifest.json", "points.parquet", "design.parquet", "columns.csv", SHARDS)
"""What a study writes."""

_LOCK: Final = re.compile(r"\.lock(-\d+)?")
# Excel takes a file for the system's own encoding unless it starts with this mark.
_FOR_SPREADSHEETS: Final = "utf-8-sig"


class StudyFolder:
    """A folder that is open for writing.

    Parameters
    ----------
    folder : Path
        The folder.
    plan : StudyPlan
        The study, points numbered as in the folder.
    shards : Shards
        What is there.

    Attributes
    ----------
    folder, plan, shards
        As given.
    """

    def __init__(self, folder: Path, plan: StudyPlan, shards: Shards) -> None:
        self.folder = folder
        self.plan = plan
        self.shards = shards


@contextmanager
def open_folder(folder: Path, plan: StudyPlan, part: int | None = None) -> Iterator[StudyFolder]:
    """Begin a study in a folder, or continue the one that is there.

    Parameters
    ----------
    folder : Path
        New, empty, or the folder of this study.
    plan : StudyPlan
        What will run; points that are there already keep their numbers.
    part : int, optional
        Number of the part where several processes share the folder; each then does its own runs only.

    Yields
    ------
    StudyFolder
        Open; no other process may continue the same study, or the same part, meanwhile.

    Raises
    ------
    InputError
        If the folder holds something else, another process works on it, or the study differs: by code,
        data, settings or versions, and the difference is named.
    OutputError
        If the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder)
    except OSError as error:
        raise OutputError(folder, error.strerror or str(error)) from error
    with _alone(folder, "" if part is None else f"-{part}"):
        stored = read_manifest(folder)
        manifest = manifest_of(plan)
        if stored is not None:
            check_same_study(stored["identity"], manifest["identity"], folder)
            dimensions = [
                Dimension(
                    row["dimension"],
                    row["kind"],
                    row["low"],
                    row["high"],
                    row["default"],
                    tuple(row["levels"]),
                )
                for row in stored["dimensions"]
            ]
            known = points_from_table(_read(folder / "points.parquet"), dimensions)
            plan = plan.numbered(*keep_numbers(plan.points, plan.design, known))
        elif any((folder / SHARDS).glob("runs-*.parquet")):
            # Nobody can tell of which study these runs are.
            allowed = {
                "zh": "manifest.json（shards 中的运行所属的研究）；请放回，或换一个文件夹（out）",
                "en": "manifest.json, which says of which study the runs in shards are; bring it back, or "
                "choose another folder (out)",
            }
            raise InputError("manifest", None, allowed, where=str(folder))
        shards = Shards(folder / SHARDS, sole=part is None)
        if shards.foreign:
            _refuse(folder / SHARDS, shards.foreign[0])
        if stored != manifest or part is None:
            _write_tables(folder, plan)
            # Last, because a folder with a manifest has everything else.
            write_manifest(folder, manifest)
        yield StudyFolder(folder, plan, shards)


def _write_tables(folder: Path, plan: StudyPlan) -> None:
    points = points_table(plan.points, plan.dimensions)
    columns = study_columns(points, plan.design)
    for name, table in (("points", points), ("design", plan.design)):
        write_beside(folder / f"{name}.parquet", partial(table.to_parquet, index=False, compression="zstd"))
    write_beside(
        folder / "columns.csv", lambda path: columns.to_csv(path, index=False, encoding=_FOR_SPREADSHEETS)
    )


def _read(path: Path) -> pd.DataFrame:
    try:
        table: pd.DataFrame = read_parquet(path).to_pandas(use_threads=False)
        return table
    except (OSError, ValueError) as error:
        allowed = {"zh": "研究文件夹中完整的表", "en": "a whole table of a study's folder"}
        raise InputError("file", path.name, allowed, where=str(path.parent)) from error


def _refuse_foreign(folder: Path) -> None:
    """Refuse to work among files that are not this study's; clear what an interrupted writer left."""
    for path in sorted(folder.iterdir()):
        if path.name in OWN_FILES or _LOCK.fullmatch(path.name):
            continue
        if path.name.startswith(".") and ".part" in path.name:
            continue
        _refuse(folder, path.name)


def _refuse(folder: Path, name: str) -> None:
    allowed = {
        "zh": "只含研究自身文件的文件夹；请移走该文件，或换一个文件夹（out）",
        "en": "a folder with the study's own files only; move this one away, or choose another folder (out)",
    }
    raise InputError("file", name, allowed, where=str(folder))


@contextmanager
def _alone(folder: Path, suffix: str) -> Iterator[None]:
    """Keep other writers out. The system takes the lock back however this process ends."""
    path = folder / f".lock{suffix}"
    try:
        file = path.open("a+b")
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error
    with file:
        if not _locked(file.fileno()):
            allowed = {
                "zh": "没有其他进程正在运行的研究文件夹",
                "en": "the folder of a study that no other process is running",
            }
            raise InputError("folder", str(folder), allowed)
        if not suffix:
            for left in folder.glob(".*.part*"):
                with suppress(OSError):
                    left.unlink()
        yield


def _locked(file: int) -> bool:
    try:
        import fcntl
    except ImportError:
        # Another system; two writers are then the user's own care.
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # A shared disk without locks is no reason not to work.
        return error.errno not in (11, 13, 35)
    return True
