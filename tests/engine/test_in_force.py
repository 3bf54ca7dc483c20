"""Institutions with each distinct row once say what the tables say."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.in_force import _distinct, at_office, on_dyad, on_stretch, on_tie, share_rows
from sim.levers.institutions import Institutions, Tables


@pytest.fixture(scope="module")
def tables(five_links: Institutions) -> Tables:
    return five_links.epochs[-1].tables


@pytest.mark.parametrize(
    ("name", "rows", "read"),
    [
        ("dyads", "dyad_rows", on_dyad),
        ("ties", "tie_rows", on_tie),
        ("offices", "office_rows", at_office),
        ("banks", "bank_rows", on_stretch),
    ],
)
def test_every_entity_finds_its_own_rules(tables: Tables, name: str, rows: str, read: object) -> None:
    shared, table = share_rows(tables), getattr(tables, name)
    distinct, numbers = getattr(shared, name), getattr(shared, rows)
    assert (distinct[numbers] == table).all()
    assert len(distinct) == len(np.unique(table)) < len(table)
    last = len(table) - 1
    assert callable(read)
    assert read(shared, last).tolist() == table[last].tolist()


def test_rows_that_differ_in_one_bit_stay_apart() -> None:
    kind = np.dtype([("a", "f8"), ("b", "f8")])
    table = np.array([(0.1, 0.2), (0.2, 0.1), (0.1, np.nextafter(0.2, 1.0)), (0.1, 0.2)], kind)
    distinct, numbers = _distinct(table)
    assert numbers.tolist() == [0, 1, 2, 0]
    assert distinct.tolist() == table[:3].tolist()


def test_no_rows_are_no_trouble() -> None:
    distinct, numbers = _distinct(np.zeros(0, np.dtype([("a", "f8")])))
    assert len(distinct) == len(numbers) == 0
