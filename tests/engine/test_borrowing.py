from __future__ import annotations

import sys

import numba
import numpy as np
import pytest

from sim.compiler import compiled
from sim.engine.borrowing import lend
from sim.engine.columns import Columns
from sim.engine.simulation import Simulation

only_compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="the compiler is switched off")


@compiled
def _raise_last(c: Columns, by: float) -> float:
    c.facts[c.facts.size - 1] += by
    return c.ties[c.ties.size - 1].trust + c.calendar[1, 2, 0] + c.record[0, 1, 2]


@compiled
def _raise_on_loan(columns: Columns, times: int) -> float:
    c = lend(columns)
    total = 0.0
    for _ in range(times):
        total += _raise_last(c, 0.5)
    return total


@compiled
def _misspell(columns: Columns) -> float:
    return lend(columns).tise.size  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def columns(lived: Simulation) -> Columns:
    return lived.columns.copy()


def test_what_is_lent_is_read_and_written_in_place(columns: Columns) -> None:
    before = float(columns.facts[-1])
    expected = columns.ties[-1].trust + columns.calendar[1, 2, 0] + columns.record[0, 1, 2]
    assert _raise_on_loan(columns, 3) == pytest.approx(3.0 * expected)
    assert columns.facts[-1] == before + 1.5


def test_owners_keep_their_tables(columns: Columns) -> None:
    """Neither counted up, which would leak, nor down, which would free them under their owner."""
    before = [sys.getrefcount(table) for table in columns]
    content = [np.ascontiguousarray(table).tobytes() for table in columns[:-1]]
    for _ in range(50):
        _raise_on_loan(columns, 20)
    assert [sys.getrefcount(table) for table in columns] == before
    assert [np.ascontiguousarray(table).tobytes() for table in columns[:-1]] == content


@only_compiled
def test_a_table_that_does_not_exist_is_not_read(columns: Columns) -> None:
    with pytest.raises(numba.core.errors.TypingError, match="tise"):
        _misspell(columns)
