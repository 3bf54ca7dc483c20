from __future__ import annotations

import gc

import numpy as np
import pytest

from sim.engine import columns, reusing
from sim.engine.reusing import memory_for

LARGE = 1 << 20


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reusing, "_kept", [])


def place_of(memory: np.ndarray) -> int:
    return int(memory.ctypes.data)


def test_memory_is_used_again_once_nobody_reads_it() -> None:
    memory = memory_for(LARGE + 5)
    place = place_of(memory)
    del memory
    again = memory_for(LARGE)
    assert place_of(again) == place
    assert place_of(memory_for(LARGE)) != place


@pytest.mark.parametrize("rows", [LARGE // columns.CASES.itemsize, LARGE // columns.CASES.itemsize + 1])
def test_memory_stays_with_whoever_still_reads_a_part_of_a_table(rows: int) -> None:
    table = columns.lengthened("cases", columns.blank(0, columns.CASES), rows)
    part = table[10:]["known"][1:5]
    part[:] = 7
    del table
    gc.collect()
    other = columns.lengthened("cases", columns.blank(0, columns.CASES), rows)
    other["known"] = 0
    assert part.tolist() == [7, 7, 7, 7]


def test_no_more_than_two_memories_are_kept_and_none_that_is_more_than_twice_too_large() -> None:
    held = [memory_for(LARGE * size) for size in (2, 1, 5)]
    newest = place_of(held[2])
    while held:
        del held[0]
    assert [len(memory) for memory in reusing._kept] == [LARGE, 5 * LARGE]
    assert place_of(memory_for(2 * LARGE)) != newest
    assert place_of(memory_for(3 * LARGE)) == newest
