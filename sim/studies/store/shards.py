"""Shards: Parquet files of finished runs that carry the checksum of their content in their name.

A shard is complete or it is not there: it is written beside its place, brought to the disk and renamed. Its
name is its checksum, so that no list of shards has to be kept in step with the folder, and whatever was cut
off is noticed when the folder is opened.

A fresh shard holds the values of a run as one list, which takes a millisecond to write; merged shards have a
column for each measure, which is what queries want.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError, OutputError
from sim.files import write_beside
from sim.studies.study_runs import Outcome

__all__ = ["RUN_COLUMNS", "Shards", "once_each", "read_parquet", "read_shard"]

RUN_COLUMNS: Final = ("point", "replication", "seed", "status", "error", "seconds")
_KEYS: Final = ("point", "replication", "status")
_NAME: Final = re.compile(r"runs-([0-9a-f]{32})\.parquet")
_DAMAGED: Final = ".damaged"
_REPLACES: Final = b"sim.replaces"
_NAMES: Final = b"sim.columns"
_VALUES: Final = "values"
# A folder of thousands of small files is slow to list and to read on most disks.
_SMALL_SHARDS: Final = 64
# Values in a merged shard: some 16 MB, so that memory stays flat however large the study is.
_VALUES_EACH: Final = 2_000_000
_LEVEL: Final = 3
_LOOKS: Final = 20
_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True)
class _Shard:
    path: Path
    rows: int
    columns: int


class Shards:
    """The shards of a study.

    Parameters
    ----------
    folder : Path
        Their folder; it need not exist.
    sole : bool
        Whether nobody else writes here, so that leftovers of an interrupted writer may be
        cleared and small shards merged.

    Attributes
    ----------
    done : dict of (int, int) to str
        Status of each run that is there, by point and replication.
    damaged : tuple of str
        Names of shards whose content was not what their name says; they are set aside.
    foreign : tuple of str
        Names of files that no study writes; they are left alone.
    """

    def __init__(self, folder: Path, *, sole: bool = True) -> None:
        self.folder = folder
        self._sole = sole
        for look in range(_LOOKS):
            try:
                self._look()
                return
            except FileNotFoundError:
                # Whoever runs the study has merged shards while they were listed.
                if sole or look == _LOOKS - 1:
                    raise
                time.sleep(_LOOK_SECONDS)

    def _look(self) -> None:
        self.done: dict[tuple[int, int], str] = {}
        self._shards: dict[str, _Shard] = {}
        damaged: list[str] = []
        foreign: list[str] = []
        replaced: set[str] = set()
        try:
            files = sorted(self.folder.iterdir()) if self.folder.exists() else []
        except OSError as error:
            raise OutputError(self.folder, error.strerror or str(error)) from error
        for path in files:
            name = _NAME.fullmatch(path.name)
            if name is None:
                if self._sole and path.name.startswith(".runs-") and ".part" in path.name:
                    _remove(path)
                elif not path.name.startswith(".") and not path.name.endswith(_DAMAGED):
                    foreign.append(path.name)
                continue
            content = _content(path)
            if _checksum(content) != name[1]:
                damaged.append(path.name)
                if self._sole:
                    _set_aside(path)
                continue
            table = read_parquet(BytesIO(content), list(_KEYS))
            metadata = table.schema.metadata or {}
            replaced.update(json.loads(metadata.get(_REPLACES, b"[]")))
            names = json.loads(metadata.get(_NAMES, b"[]"))
            self._shards[path.name] = _Shard(path, table.num_rows, len(names))
            self._note(*(table.column(key).to_pylist() for key in _KEYS))
        # A merge that was cut off between writing and clearing left both.
        for name_replaced in replaced & set(self._shards):
            if self._sole:
                _remove(self._shards[name_replaced].path)
            del self._shards[name_replaced]
        self.damaged = tuple(damaged)
        self.foreign = tuple(foreign)

    @property
    def paths(self) -> list[Path]:
        """Files of the shards that count."""
        return [shard.path for shard in self._shards.values()]

    def add(self, outcome: Outcome) -> None:
        """Write runs down, and merge small shards when there are many.

        Parameters
        ----------
        outcome : Outcome
            The runs.

        Raises
        ------
        OutputError
            If the system refuses; what was there stays good.
        """
        self._write(_table(outcome), outcome.columns, ())
        self._note(outcome.points, outcome.replications, outcome.statuses)
        if self._sole and len(self._small()) >= _SMALL_SHARDS:
            self.compact()

    def compact(self) -> None:
        """Merge small shards into larger ones of one sorted table each.

        Raises
        ------
        OutputError
            If the system refuses; nothing is lost then.
        """
        chosen: list[_Shard] = []
        values = 0
        for shard in sorted(self._small(), key=lambda item: item.rows):
            if chosen and values + shard.rows * shard.columns > _VALUES_EACH:
                self._merge(chosen)
                chosen, values = [], 0
            chosen.append(shard)
            values += shard.rows * shard.columns
        self._merge(chosen)

    def _small(self) -> list[_Shard]:
        return [shard for shard in self._shards.values() if shard.rows * shard.columns * 2 <= _VALUES_EACH]

    def _merge(self, shards: Sequence[_Shard]) -> None:
        if len(shards) < 2:
            return
        listed: dict[tuple[str, ...], list[pa.Table]] = {}
        tables = []
        for shard in shards:
            table, names = _as_written(shard.path)
            if _VALUES in table.column_names:
                listed.setdefault(names, []).append(table)
            else:
                tables.append(table)
        # Shards of one model have the same measures; a column for each is made once for all of them.
        tables += [_columns(pa.concat_tables(parts), names, names) for names, parts in listed.items()]
        table = once_each(pa.concat_tables(tables, promote_options="default"))
        names = tuple(name for name in table.column_names if name not in RUN_COLUMNS)
        self._write(table, names, tuple(shard.path.name for shard in shards))
        for shard in shards:
            del self._shards[shard.path.name]
            _remove(shard.path)

    def _write(self, table: pa.Table, names: tuple[str, ...], replaces: tuple[str, ...]) -> None:
        metadata = {_NAMES: json.dumps(names).encode(), _REPLACES: json.dumps(replaces).encode()}
        buffer = BytesIO()
        pq.write_table(
            table.replace_schema_metadata(metadata),
            buffer,
            compression="zstd",
            compression_level=_LEVEL,
            use_dictionary=["status", "error"],
        )
        content = buffer.getvalue()
        path = self.folder / f"runs-{_checksum(content)}.parquet"
        write_beside(path, lambda temporary: _write_through(temporary, content))
        self._shards[path.name] = _Shard(path, table.num_rows, len(names))

    def _note(self, points: Sequence[int], replications: Sequence[int], statuses: Sequence[str]) -> None:
        for point, replication, status in zip(points, replications, statuses, strict=True):
            if self.done.get((point, replication)) != "ok":
                self.done[point, replication] = status


def read_parquet(source: Path | BytesIO, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file without threads.

    Files of a study are small, and the library's threads may outlive a process that ends right after, which
    then ends with an abort.

    Parameters
    ----------
    source : Path or BytesIO
        The file.
    columns : sequence of str, optional
        Columns; all by default.

    Returns
    -------
    pyarrow.Table
        The table.
    """
    with pq.ParquetFile(source, pre_buffer=False) as file:
        return file.read(columns=columns, use_threads=False)


def read_shard(path: Path, names: Sequence[str] | None = None) -> pa.Table:
    """Read a shard as a table with a column for each measure.

    Parameters
    ----------
    path : Path
        The shard.
    names : sequence of str, optional
        The measures wanted; all by default.

    Returns
    -------
    pyarrow.Table
        `RUN_COLUMNS` and those of the measures that the shard has.
    """
    table, every = _as_written(path, names)
    if _VALUES in table.column_names:
        table = _columns(table, every, [name for name in every if names is None or name in names])
    return table


def _as_written(path: Path, names: Sequence[str] | None = None) -> tuple[pa.Table, tuple[str, ...]]:
    """Give a shard with a column for each measure wanted or, as outcomes are written, a list in every row."""
    schema = pq.read_schema(path)
    every = tuple(json.loads(schema.metadata[_NAMES]))
    chosen = [name for name in every if names is None or name in names]
    table = read_parquet(path, [*RUN_COLUMNS, *([_VALUES] if _VALUES in schema.names else chosen)])
    return table.replace_schema_metadata(None), every


def _columns(table: pa.Table, every: Sequence[str], chosen: Sequence[str]) -> pa.Table:
    values = table.column(_VALUES).combine_chunks().flatten().to_numpy()
    columns = np.ascontiguousarray(values.reshape(table.num_rows, len(every)).T)
    number = {name: place for place, name in enumerate(every)}
    arrays = {name: table.column(name) for name in RUN_COLUMNS}
    return pa.table(arrays | {name: pa.array(columns[number[name]]) for name in chosen})


def once_each(table: pa.Table) -> pa.Table:
    """Sort runs by point and replication, and keep each once: the better one where it was tried again.

    Parameters
    ----------
    table : pyarrow.Table
        Runs.

    Returns
    -------
    pyarrow.Table
        The same columns.
    """
    rank = np.array([status != "ok" for status in table.column("status").to_pylist()], bool)
    points, replications = (table.column(key).to_numpy() for key in _KEYS[:2])
    order = np.lexsort((rank, replications, points))
    pairs = np.stack((points[order], replications[order]))
    first = np.ones(len(order), bool)
    first[1:] = (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)
    return table.take(pa.array(order[first]))


def _table(outcome: Outcome) -> pa.Table:
    columns: dict[str, Any] = {
        "point": pa.array(outcome.points, pa.int32()),
        "replication": pa.array(outcome.replications, pa.int32()),
        "seed": pa.array(outcome.seeds, pa.int64()),
        "status": pa.array(outcome.statuses, pa.string()),
        "error": pa.array([error or None for error in outcome.errors], pa.string()),
        "seconds": pa.array(outcome.seconds, pa.float32()),
    }
    ends = np.arange(len(outcome.points) + 1, dtype=np.int32) * len(outcome.columns)
    columns[_VALUES] = pa.ListArray.from_arrays(ends, outcome.values.ravel())
    return pa.table(columns)


def _checksum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        # Otherwise a machine that stops may keep the name and lose the content.
        os.fsync(file.fileno())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        allowed = {"zh": f"可读取的文件（{reason}）", "en": f"a file that can be read ({reason})"}
        raise InputError("file", path.name, allowed, where=str(path.parent)) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error


def _set_aside(path: Path) -> None:
    try:
        path.rename(path.with_name(path.name + _DAMAGED))
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error
