"""The workbook holds every table, with numbers that can be calculated with and text that cannot."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from sim.language import LANGUAGES, text
from sim.measures.definitions import MEASURES
from sim.studies.results import open_results
from sim.studies.store.sheets import Sheet, write_sheets


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_every_table_of_the_page(
    finished_reports: dict[str, tuple[Path, Path]], language: str
) -> None:
    page, workbook = finished_reports[language]
    book = load_workbook(workbook)
    keys = re.findall(r'id="table-(\w+)"', page.read_text("utf-8"))
    assert len(keys) >= 5
    assert {text(f"report.sheet.name.{key}", language) for key in keys} <= set(book.sheetnames)
    assert book.sheetnames[0] == text("report.sheet.readme", language)
    assert all(book[name].max_row > 1 for name in book.sheetnames)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_every_sheet_is_explained(
    finished_reports: dict[str, tuple[Path, Path]], language: str
) -> None:
    sheets = pd.read_excel(finished_reports[language][1], sheet_name=None, keep_default_na=False)
    last = text("report.sheet.columns", language)
    explained = sheets.pop(last)
    sheets.pop(text("report.sheet.readme", language))
    named = {(str(sheet), str(column)) for sheet, column in explained.iloc[:, :2].to_numpy()}
    for name, table in sheets.items():
        assert {(name, str(column)) for column in table.columns} <= named
    assert (explained.iloc[:, 2].str.len() > 0).all()


def test_its_numbers_are_numbers_and_those_that_were_found(
    finished_reports: dict[str, tuple[Path, Path]], finished_results: Path
) -> None:
    found = open_results(finished_results)
    sheets = pd.read_excel(finished_reports["en"][1], sheet_name=None, keep_default_na=False)
    table = sheets["Headlines"]
    row = table[table[text("command.column.measure", "en")] == MEASURES["settled_90_days"].en].iloc[0]
    stored = found.effects[
        (found.effects["measure"] == "settled_90_days")
        & (found.effects["scope"] == "border")
        & (found.effects["arm"] == "five_links")
    ].iloc[0]
    numbers = [value for value in row.to_list() if isinstance(value, float)]
    assert numbers[0] == pytest.approx(stored["baseline_value"])
    assert numbers[-3:] == pytest.approx([100 * stored[name] for name in ("effect", "low", "high")])
    effects = sheets[text("report.sheet.effects", "en")]
    assert len(effects) == len(found.effects)
    assert (
        pd.to_numeric(effects["effect"], errors="coerce").notna().sum()
        == found.effects["effect"].notna().sum()
    )


def test_text_is_never_calculated(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"name": ["=1+1", '=HYPERLINK("x")', "a\x07b", "plain"], "number": [1.5, None, 2, 3]}
    )
    path = write_sheets(
        tmp_path / "a.xlsx", [Sheet("a/b: [c]", table, {(0, 1): "0.00"}), Sheet("A B   C", table)]
    )
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * 5
    assert [cell.value for cell in sheet["A"]][1:4] == ["=1+1", '=HYPERLINK("x")', "ab"]
    assert sheet["B2"].number_format == "0.00"
    assert sheet["B3"].value is None
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert len(set(book.sheetnames)) == 2
