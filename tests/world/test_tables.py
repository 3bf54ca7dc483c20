"""Reading one table: blanks, types and optional columns."""

from __future__ import annotations

import math
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sim.world.tables import COLUMNS, Column, empty_table, read_table

COLUMNS_HERE = (
    Column("code", "code"),
    Column("length_km", "number", blank=True),
    Column("extra", optional=True, blank=True),
)


def test_codes_keep_leading_zeros_and_blanks_become_nan(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("length_km,code,note\n,007,\n\n 2.5 , a b ,read by nobody\n", encoding="utf-8")
    table = read_table(path, COLUMNS_HERE)
    assert table["code"].tolist() == ["007", "a b"]
    assert math.isnan(table["length_km"][0])
    assert table["length_km"][1] == 2.5
    assert table["extra"].tolist() == ["", ""]
    assert table["line"].tolist() == [2, 4]
    assert "note" not in table


def test_an_absent_table_looks_like_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,length_km\n", encoding="utf-8")
    read, absent = read_table(path, COLUMNS_HERE), empty_table(COLUMNS_HERE)
    assert list(read.columns) == list(absent.columns)
    assert len(read) == len(absent) == 0


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_was_written(value: float, tmp_path_factory: object) -> None:
    path = tmp_path_factory.mktemp("table") / "table.csv"  # type: ignore[attr-defined]
    path.write_text(f"code,length_km\nA,{value!r}\n", encoding="utf-8")
    assert read_table(path, COLUMNS_HERE)["length_km"][0] == value


def test_every_column_says_in_both_languages_what_it_allows() -> None:
    for columns in COLUMNS.values():
        for column in columns:
            assert set(column.allowed()) == {"zh", "en"}
            assert all(column.allowed().values())
