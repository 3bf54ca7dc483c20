from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.errors import InputError, OutputError
from sim.studies.store import shards as module
from sim.studies.store.shards import Shards, once_each, read_shard
from sim.studies.study_runs import Outcome


def outcome(
    first: int, count: int = 3, status: str = "ok", columns: tuple[str, ...] = ("a.b.c", "a.d.e")
) -> Outcome:
    points = list(range(first, first + count))
    values = np.array([[float(point), point + 0.5] for point in points])[:, : len(columns)]
    return Outcome(
        points, [0] * count, [7] * count, [status] * count, ["" if status == "ok" else "why"] * count,
        [0.1] * count, columns, values,
    )  # fmt: skip


def stored(folder: Path) -> list[dict[str, object]]:
    import pyarrow as pa

    tables = [read_shard(path) for path in Shards(folder, sole=False).paths]
    return once_each(pa.concat_tables(tables, promote_options="default")).to_pylist()


def test_what_is_written_is_read_back_to_the_bit(tmp_path: Path) -> None:
    shards = Shards(tmp_path)
    shards.add(outcome(0))
    shards.add(outcome(3, columns=()))
    again = Shards(tmp_path)
    assert again.done == shards.done == {(point, 0): "ok" for point in range(6)}
    rows = stored(tmp_path)
    assert [row["a.d.e"] for row in rows] == [0.5, 1.5, 2.5, None, None, None]


def test_merging_changes_no_row(tmp_path: Path) -> None:
    shards = Shards(tmp_path)
    for first in range(0, 30, 3):
        shards.add(outcome(first))
    before = stored(tmp_path)
    shards.compact()
    assert len(shards.paths) == 1
    assert "values" not in pq.read_schema(shards.paths[0]).names
    assert stored(tmp_path) == before
    assert Shards(tmp_path).done == shards.done
    shards.add(outcome(30))
    shards.compact()
    assert len(stored(tmp_path)) == 33


def test_many_small_shards_are_merged_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SMALL_SHARDS", 4)
    monkeypatch.setattr(module, "_VALUES_EACH", 40)
    shards = Shards(tmp_path)
    for first in range(0, 90, 3):
        shards.add(outcome(first))
    assert len(shards.paths) < 12
    assert max(pq.read_metadata(path).num_rows for path in shards.paths) <= 20
    assert [row["point"] for row in stored(tmp_path)] == list(range(90))


def test_a_merge_that_was_cut_off_leaves_nothing_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = Shards(tmp_path)
    for first in (0, 3, 6):
        shards.add(outcome(first))
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)
    shards.compact()
    monkeypatch.undo()
    assert len(list(tmp_path.glob("runs-*"))) == 4
    assert len(Shards(tmp_path, sole=False).paths) == 1
    assert len(stored(tmp_path)) == 9
    # Who only reads clears nothing; who continues does.
    assert len(list(tmp_path.glob("runs-*"))) == 4
    Shards(tmp_path)
    assert len(list(tmp_path.glob("runs-*"))) == 1


def test_a_reader_meets_a_merge_and_sees_every_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Shards(tmp_path)
    for first in (0, 3, 6):
        writer.add(outcome(first))
    read_bytes = Path.read_bytes

    def merged_meanwhile(path: Path) -> bytes:
        monkeypatch.setattr(Path, "read_bytes", read_bytes)
        writer.compact()
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", merged_meanwhile)
    reader = Shards(tmp_path, sole=False)
    assert len(reader.paths) == 1
    assert len(reader.done) == 9


def test_reading_makes_no_folder(tmp_path: Path) -> None:
    assert Shards(tmp_path / "shards", sole=False).done == {}
    assert not (tmp_path / "shards").exists()


@pytest.mark.parametrize("damage", ["truncated", "changed", "empty"])
def test_a_damaged_shard_is_found_by_its_checksum(tmp_path: Path, damage: str) -> None:
    shards = Shards(tmp_path)
    shards.add(outcome(0))
    shards.add(outcome(3))
    victim = shards.paths[0]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes({"truncated": content[:-20], "changed": bytes(content), "empty": b""}[damage])
    reader = Shards(tmp_path, sole=False)
    assert reader.damaged == (victim.name,)
    assert victim.exists()
    again = Shards(tmp_path)
    assert again.damaged == (victim.name,)
    assert set(again.done) == {(point, 0) for point in (3, 4, 5)}
    again.add(outcome(0))
    assert Shards(tmp_path).damaged == ()
    assert [row["point"] for row in stored(tmp_path)] == list(range(6))


def test_a_run_tried_again_counts_once_and_as_the_better_one(tmp_path: Path) -> None:
    shards = Shards(tmp_path)
    shards.add(outcome(0, status="failed", columns=()))
    shards.add(outcome(0))
    assert set(Shards(tmp_path).done.values()) == {"ok"}
    assert [row["status"] for row in stored(tmp_path)] == ["ok"] * 3
    shards.compact()
    assert [row["status"] for row in stored(tmp_path)] == ["ok"] * 3


def test_what_an_interrupted_writer_left_is_cleared_and_a_foreign_file_is_not(tmp_path: Path) -> None:
    (tmp_path / ".runs-00.1234.part.parquet").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine")
    shards = Shards(tmp_path)
    assert shards.foreign == ("notes.txt",)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_full_disk_is_a_sentence_and_what_was_there_stays_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = Shards(tmp_path)
    shards.add(outcome(0))

    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        shards.add(outcome(3))
    with pytest.raises(OutputError, match="No space left on device"):
        shards.add(outcome(6))
    monkeypatch.undo()
    assert len(list(tmp_path.iterdir())) == 1
    again = Shards(tmp_path)
    assert set(again.done) == {(0, 0), (1, 0), (2, 0)}
    assert again.damaged == ()


@pytest.mark.parametrize(
    ("method", "error"), [("unlink", OutputError), ("read_bytes", InputError), ("rename", OutputError)]
)
def test_a_disk_that_refuses_is_a_sentence(
    method: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = Shards(tmp_path)
    shards.add(outcome(0))
    if method == "unlink":
        (tmp_path / ".runs-1.part.parquet").write_bytes(b"left by a writer that was killed")
    if method == "rename":
        shards.paths[0].write_bytes(b"damaged")

    def refused(path: Path, *arguments: object, **options: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, method, refused)
    with pytest.raises(error, match="not permitted"):
        Shards(tmp_path)


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "shards").write_text("")
    with pytest.raises(OutputError):
        Shards(tmp_path / "shards")
