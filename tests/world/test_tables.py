"""Reading one table: blanks, types, optional columns, and what spreadsheet programs make of cells."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.language import LANGUAGES
from sim.world.cells import WrongCellError, read_cell
from sim.world.delimited import read_csv
from sim.world.mistakes import Mistakes
from sim.world.reading import empty_table, read_table
from sim.world.sheets import Sheet
from sim.world.tables import COLUMNS, Column
from sim.world.words import choice_label, column_about, column_title, sheet_title

COLUMNS_HERE = (
    Column("code", "code"),
    Column("length_km", "number", blank=True),
    Column("extra", optional=True, blank=True),
)
NUMBER = Column("residents", "number", blank=True, low=0.0, above=True)
CODE = Column("code", "code", blank=True)
KIND = Column("kind", "choice", choices=("village", "community"))
FLAG = Column("border_only", "choice", choices=("yes", "no"))
LIST = Column("towns", "list", blank=True)


def read(path: Path):  # type: ignore[no-untyped-def]
    mistakes = Mistakes()
    sheet, _ = read_csv(path, "table.csv", mistakes)
    return read_table(sheet, COLUMNS_HERE, mistakes), mistakes


def test_codes_keep_leading_zeros_and_blanks_become_nan(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("length_km,code,note\n,007,\n\n 2.5 , a b ,read by nobody\n", encoding="utf-8")
    table, mistakes = read(path)
    assert len(mistakes) == 0
    assert table["code"].tolist() == ["007", "a b"]
    assert math.isnan(table["length_km"][0])
    assert table["length_km"][1] == 2.5
    assert table["extra"].tolist() == ["", ""]
    assert table["line"].tolist() == [2, 4]
    assert "note" not in table


def test_an_absent_table_looks_like_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,length_km\n", encoding="utf-8")
    table, absent = read(path)[0], empty_table(COLUMNS_HERE)
    assert list(table.columns) == list(absent.columns)
    assert table.dtypes.tolist() == absent.dtypes.tolist()
    assert len(table) == len(absent) == 0


def test_explanations_and_examples_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("# a title\ncode,length_km\n# the code,kilometres\n#T9,1\nT1,2\n", encoding="utf-8")
    table, mistakes = read(path)
    assert len(mistakes) == 0
    assert table["code"].tolist() == ["T1"]
    assert table["line"].tolist() == [5]


@pytest.mark.parametrize("mark", [";", "\t", "，"])
def test_other_marks_between_cells_are_understood(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"code{mark}length_km\nT1{mark}2\n", encoding="utf-8")
    assert read(path)[0]["length_km"].tolist() == [2.0]


def test_every_mistake_of_a_table_is_kept_in_the_order_of_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,lenght_km,xyz\nT1,far,1\n,2,\nT3,near,\n", encoding="utf-8")
    _, mistakes = read(path)
    told = [(error.field, error.value, error.nearest) for error in mistakes.sorted()]
    assert told == [
        ("column", "lenght_km", "length_km"),
        ("column", "xyz", None),
        ("lenght_km", "far", None),
        ("code", "", None),
        ("lenght_km", "near", None),
    ]


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_was_written(value: float) -> None:
    assert read_cell(Column("x", "number"), repr(value)) == value
    assert read_cell(Column("x", "number"), value) == value


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (NUMBER, "1,234,567", 1234567.0),
        (NUMBER, "１２３．５", 123.5),
        (NUMBER, "　12 ", 12.0),
        (NUMBER, "1，200", 1200.0),
        (NUMBER, 3, 3.0),
        (CODE, 450922111201, "450922111201"),
        (CODE, 450922111201.0, "450922111201"),
        (CODE, "４５０９２２", "450922"),
        (CODE, '="007"', "007"),
        (CODE, "古城镇（新）", "古城镇（新）"),
        (KIND, "社区", "community"),
        (KIND, " Village ", "village"),
        (FLAG, True, "yes"),
        (FLAG, "否", "no"),
        (LIST, "古城镇、石角镇；清湖镇", "古城镇\n石角镇\n清湖镇"),
        (LIST, None, ""),
    ],
)
def test_what_a_person_typed_is_understood(column: Column, cell: object, value: object) -> None:
    assert read_cell(column, cell) == value


@pytest.mark.parametrize(
    ("column", "cell", "part"),
    [
        (NUMBER, "12公里", "above 0"),
        (NUMBER, "1,23", "above 0"),
        (NUMBER, "1_000", "above 0"),
        (NUMBER, "nan", "above 0"),
        (NUMBER, True, "above 0"),
        (NUMBER, datetime.datetime(2024, 3, 4), "became a date"),
        (CODE, "4.50922E+11", "rounded"),
        (CODE, 4.5, "rounded"),
        (CODE, 12345678901234567, "rounded"),
        (CODE, "a\nb", "on one line"),
        (KIND, "hamlet", "village, community"),
        (KIND, None, "village, community"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_remedy(column: Column, cell: object, part: str) -> None:
    with pytest.raises(WrongCellError) as caught:
        read_cell(column, cell)
    assert part in caught.value.allowed["en"]
    assert caught.value.allowed["zh"]


@pytest.mark.parametrize("file", COLUMNS)
def test_no_two_columns_of_a_table_have_one_title(file: str) -> None:
    for language in LANGUAGES:
        titles = [column_title(file, column.name, language) for column in COLUMNS[file]]
        assert len(set(titles)) == len(titles)
        assert all(column_about(file, column.name, language) for column in COLUMNS[file])
    assert len({sheet_title(file, language) for language in LANGUAGES}) == 2


@pytest.mark.parametrize("file", COLUMNS)
def test_titles_stand_for_names_in_a_header(file: str) -> None:
    columns = COLUMNS[file]
    for language in LANGUAGES:
        header = tuple(column_title(file, column.name, language) + " *" for column in columns)
        mistakes = Mistakes()
        table = read_table(Sheet(file, file, header, ()), columns, mistakes)
        assert len(mistakes) == 0
        assert list(table.columns)[1:] == [column.name for column in columns]
        assert {file for file, _ in mistakes.positions} == {file}


def test_every_choice_has_its_words_in_both_languages() -> None:
    for columns in COLUMNS.values():
        for column in columns:
            for word in column.choices:
                assert choice_label(word, "zh") != word


def test_every_column_says_in_both_languages_what_it_allows() -> None:
    for columns in COLUMNS.values():
        for column in columns:
            assert set(column.allowed()) == {"zh", "en"}
            assert all(column.allowed().values())
