"""Cells read as their numbers are, on the page and in a sheet."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.language import LANGUAGES, text
from sim.measures.definitions import MEASURES
from sim.report.numbers import format_change, interval_decimals
from sim.report.table import Change, Column, Group, Level, Number, Table, own_columns, sheet_of, shown

SHARE, DAYS = MEASURES["settled_90_days"], MEASURES["median_days"]
finite = st.floats(-1e5, 1e5).filter(lambda number: number == 0 or abs(number) > 1e-4)


def numbers_in(words: str) -> list[float]:
    plain = words.replace("−", "-").replace(",", " , ").replace("[", " ").replace("]", " ")
    return [float(number) for number in re.findall(r"[+-]?\d+(?:\.\d+)?", plain.replace(" , ", " "))]


@given(st.sampled_from(sorted(MEASURES)), finite, st.floats(0, 1e4))
def test_a_clear_difference_never_shows_an_end_at_zero(name: str, middle: float, half: float) -> None:
    low, high = middle - half, middle + half
    cell = Change(middle, low, high, MEASURES[name])
    said = shown(cell, "en")
    ends = [end.strip("[]") for end in said["interval"].split(", ")]
    zeros = [not any(digit in end for digit in "123456789") for end in ends]
    if low * high > 1e-9:
        assert said["kind"] != "same"
        assert not any(zeros)
        assert ends[0][0] == ends[1][0]
    if low < 0 < high:
        assert said["kind"] == "same"


def test_the_terminal_shows_the_same_digits() -> None:
    assert format_change(-1.0, -1.9, -0.02, "days", "en") == "-1.00 [-1.90, -0.02]"
    assert shown(Change(-1.0, -1.9, -0.02, DAYS), "en")["interval"] == "[−1.90, −0.02]"
    assert interval_decimals(0.5, -0.02, 1.2) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_says_value_interval_and_verdict(language: str) -> None:
    said = shown(Change(0.192, 0.098, 0.286, SHARE), language)
    assert numbers_in(said["value"]) == [19.2]
    assert numbers_in(said["interval"]) == [9.8, 28.6]
    assert said["verdict"] == text("command.verdict.better", language)
    worse = shown(Change(9.0, 2.0, 16.0, DAYS), language)
    assert (worse["kind"], worse["verdict"]) == ("worse", text("command.verdict.worse", language))
    assert shown(Change(0.1, -0.1, 0.3, SHARE), language)["kind"] == "same"


def test_what_is_not_known_is_not_judged() -> None:
    nothing = shown(Change(math.nan, math.nan, math.nan, SHARE), "en")
    assert (nothing["value"], nothing["interval"], nothing["kind"]) == ("–", "", "unknown")
    alone = shown(Change(0.1, math.nan, math.nan, SHARE), "en")
    assert (alone["value"], alone["interval"], alone["kind"]) == ("+10.0", "", "unknown")
    ratio = Change(math.nan, math.nan, math.nan, MEASURES["days_per_extra_settled"], is_ratio=True)
    assert shown(ratio, "en")["verdict"] == text("command.verdict.no_ratio", "en")


def test_a_ratio_has_neither_sign_nor_verdict() -> None:
    ratio = Change(155.4, 113.7, 248.7, MEASURES["days_per_extra_settled"], is_ratio=True)
    assert shown(ratio, "en") == {"value": "155.4", "interval": "[113.7, 248.7]", "verdict": "", "kind": ""}


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.0001, "0.0001"), (0.25, "0.25"), (13.0, "13"), (3300.0, "3,300"), (-1.2, "−1.2"), (math.nan, "–")],
)
def test_plain_numbers_keep_their_digits(number: float, words: str) -> None:
    assert shown(Number(number), "zh")["value"] == words


def test_a_sheet_has_numbers_for_numbers() -> None:
    columns = (Column("measure", ""), Column("none", "", "number"), Column("arm", "", "change"))
    rows = (
        ("settled", Level(0.178, "share"), Change(0.168, 0.152, 0.185, SHARE)),
        ("days", Level(53.0, "days"), Change(math.nan, math.nan, math.nan, DAYS)),
    )
    sheet = sheet_of(Table("effects", "a table", "", columns, (Group("disputes", rows),)), "en")
    assert list(sheet.table.columns) == [
        "group", "measure", "unit", "none", "arm: difference", "arm: low", "arm: high", "arm: verdict",
    ]  # fmt: skip
    first, second = sheet.table.to_numpy().tolist()
    assert first[:2] == ["disputes", "settled"]
    assert first[3:7] == pytest.approx([0.178, 16.8, 15.2, 18.5])
    assert second[4:7] == [None, None, None]
    assert sheet.formats[0, 3] == "0.0%"
    assert sheet.formats[0, 4] == "+#,##0.0;-#,##0.0;#,##0.0"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["arms", "mechanisms", "levers", "parameters", "versions", "runs"])
def test_every_column_of_a_table_has_a_title_and_a_meaning(name: str, language: str) -> None:
    columns = own_columns(name, language)
    assert len(columns) > 1
    assert all(column.title and column.about for column in columns)
