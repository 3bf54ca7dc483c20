"""A table of a CSV file, as spreadsheet programs and people leave it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.world.delimited import read_csv
from sim.world.mistakes import Mistakes
from sim.world.region import examine_region, load_region

TOWNS = "名称,所属县,常住人口\n东镇,甲县,3000\n西镇,乙县,\n"
Writer = Callable[..., Path]


def read(path: Path, text: str, encoding: str = "utf-8"):  # type: ignore[no-untyped-def]
    path.write_bytes(text.encode(encoding))
    mistakes = Mistakes()
    sheet, _ = read_csv(path, "towns.csv", mistakes)
    return sheet, mistakes


@pytest.mark.parametrize(
    "text",
    [
        TOWNS,
        TOWNS.replace(",", ";"),
        TOWNS.replace("\n", "\r\n").replace(",", "\t"),
        "sep=;\n" + TOWNS.replace(",", ";"),
        "甲乙两县边界乡镇一览表\n" + TOWNS,
        "甲乙两县边界乡镇一览表,,\n填表日期：某年,,\n" + TOWNS,
        "甲，乙，丙，丁四县边界乡镇一览表\n" + TOWNS,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_one_table_in_many_forms_is_one_table(tmp_path: Path, text: str, encoding: str) -> None:
    sheet, mistakes = read(tmp_path / "towns.csv", text, encoding)
    assert sheet.header == ("名称", "所属县", "常住人口")
    assert [cells for _, cells in sheet.rows] == [("东镇", "甲县", "3000"), ("西镇", "乙县", "")]
    assert not len(mistakes)
    written = text.splitlines()
    assert all(written[line - 1].startswith(cells[0]) for line, cells in sheet.rows)


def test_a_row_with_other_cells_than_the_header_hides_no_other_mistake(write_region: Writer) -> None:
    folder = write_region()
    text = (folder / "towns.csv").read_text(encoding="utf-8")
    wrong = text.replace("T2,中镇,Middle,C1", "T2,中镇,Middle,C1,9").replace("西镇,West,C2", "西镇,West,C9")
    (folder / "towns.csv").write_text(wrong, encoding="utf-8")
    found = [(error.field, error.value) for error in examine_region(folder).mistakes.sorted()]
    assert found == [("cells", 9), ("county_code", "C9")]


def test_a_quotation_mark_without_its_pair_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / "towns.csv", TOWNS.replace("西镇", '"西镇'))
    assert "第 3 行的引号" in caught.value.message("zh")
    assert "line 3" in caught.value.message("en")


@pytest.mark.parametrize("name", ["TOWNS.CSV", "乡镇.csv", "Towns.csv"])
def test_a_table_may_stand_under_its_title(write_region: Writer, name: str) -> None:
    folder = write_region()
    plain = load_region(folder).towns["code"].tolist()
    (folder / "towns.csv").rename(folder / name)
    assert load_region(folder).towns["code"].tolist() == plain


def test_two_files_of_one_table_are_told(write_region: Writer) -> None:
    folder = write_region()
    (folder / "乡镇.csv").write_bytes((folder / "towns.csv").read_bytes())
    (error,) = examine_region(folder).mistakes.sorted()
    assert error.value == "乡镇.csv"
    assert "towns.csv" in error.message("zh")


def test_a_file_called_nearly_as_a_table_is_checked_as_that_table(write_region: Writer) -> None:
    folder = write_region()
    text = (folder / "towns.csv").read_text(encoding="utf-8").replace("西镇,West,C2", "西镇,West,C9")
    (folder / "towns.csv").unlink()
    (folder / "town.csv").write_text(text, encoding="utf-8")
    found = [(error.value, error.nearest) for error in examine_region(folder).mistakes.sorted()]
    assert found == [("town.csv", "towns.csv"), ("C9", "C2")]
