"""A border of the user's own: little is enough, and every mistake is told."""

from __future__ import annotations

import datetime
import time
import zipfile
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from sim.errors import CollectedInputError, InputError
from sim.levers.own import examine_packages
from sim.world.region import BOUNDARY_LEVELS, examine_region, load_region
from sim.world.workbook import _MOST_UNPACKED_BYTES
from sim.world.world import lay_out

_source = spec_from_file_location("workbooks", Path(__file__).with_name("workbooks.py"))
assert _source is not None
assert _source.loader is not None
books = module_from_spec(_source)
_source.loader.exec_module(books)

# Sheet, row, column, what is put there; then the cell, the column and the nearest name of the message.
PLANTED = [
    ("边界", 3, 2, "县级", "B3", "border_level", "县界"),
    ("县以上", 3, 3, "某生", "C3", "所属上级", "某省"),
    ("县以上", 4, 6, "九千", "F4", "常住人口", None),
    ("县以上", 5, 5, 95, "E5", "纬度", None),
    ("乡镇", 1, 4, "面积(平方公里", "D1", "column", "面积（平方公里）"),
    ("乡镇", 2, 2, "甲线", "B2", "所属县", "甲县"),
    ("乡镇", 3, 5, -5, "E3", "常住人口", None),
    ("乡镇", 4, 3, "T1", "C4", "代码", None),
    ("村", 2, 3, 4.50922e20, "C2", "代码", None),
    ("村", 3, 4, "村庄", "D3", "类别", "村"),
    ("村", 4, 2, "中真", "B4", "所属乡镇", "中镇"),
    ("村", 5, 5, 110.1, "F5", "纬度", None),
    ("村", 6, 3, datetime.datetime(2024, 3, 2), "C6", "代码", None),
    ("相邻乡镇", 2, 3, "4公里", "C2", "共界长度（公里）", None),
    ("相邻乡镇", 3, 2, "中镇", "B3", "乙乡镇", None),
    ("相邻乡镇", 4, 2, "南镇", "B4", "乙乡镇", "西镇"),
    ("点名村对与遗留争议", 2, 3, 1.5, "C2", "历史遗留争议（件）", None),
    ("河流", 2, 3, "中游", "C2", "河段", "下游"),
    ("队伍", 2, 3, 20, "C2", "巡逻倍数", None),
    ("机制", 2, 1, "实体统筹机够", "A2", "机制", "实体统筹机构"),
    ("机制", 3, 5, -1, "E3", "结束（年）", None),
    ("杠杆", 3, 5, 99, "E3", "取值", None),
]


def examine(path: Path):  # type: ignore[no-untyped-def]
    examined = examine_region(path)
    packages = examine_packages(examined.tables, examined.sheets, examined.mistakes)
    return examined, packages


def test_every_planted_mistake_is_told_at_once_and_nothing_else(tmp_path: Path) -> None:
    assert len(PLANTED) >= 20
    path = books.write(tmp_path / "边界.xlsx", books.spoilt(*(planted[:4] for planted in PLANTED)))
    examined, _ = examine(path)
    found = examined.mistakes.sorted()
    told = [error.message("zh") for error in found]
    assert len(found) == len(PLANTED), told
    for error, sentence, (sheet, row, _, value, cell, column, nearest) in zip(
        found, told, PLANTED, strict=True
    ):
        assert f"工作表“{sheet}”第 {row} 行（{cell}）" in sentence
        assert f"sheet {sheet}, row {row} ({cell})" in error.message("en")
        assert error.field == column
        assert "可用：" in sentence
        assert str(value)[:4] in sentence or value == 110.1
        assert error.nearest == nearest


@pytest.mark.parametrize("planted", PLANTED, ids=[f"{row[0]}-{row[4]}" for row in PLANTED])
def test_each_mistake_alone_gets_one_message(tmp_path: Path, planted: tuple[object, ...]) -> None:
    examined, _ = examine(books.write(tmp_path / "b.xlsx", books.spoilt(planted[:4])))
    messages = [error.message("zh") for error in examined.mistakes.sorted()]
    # A code that was lost takes with it nothing but itself; one that stands twice hides what it stood for.
    assert len(messages) == 1, messages
    assert str(planted[4]) in messages[0]


def test_loading_stops_with_all_mistakes_and_says_how_many(tmp_path: Path) -> None:
    path = books.write(tmp_path / "b.xlsx", books.spoilt(*(planted[:4] for planted in PLANTED[:5])))
    with pytest.raises(CollectedInputError) as caught:
        load_region(path)
    assert len(caught.value.mistakes) == 5
    assert "另有 4 处" in caught.value.message("zh")
    assert "4 more" in caught.value.message("en")


def test_a_good_workbook_is_read_whole(tmp_path: Path) -> None:
    examined, packages = examine(books.write(tmp_path / "甲乙.xlsx"))
    region = examined.region
    assert region is not None
    assert (region.name, region.title_zh, BOUNDARY_LEVELS[region.border_level]) == (
        "甲乙",
        "甲乙边界",
        "prefecture",
    )
    assert region.towns["code"].tolist() == ["T1", "T2", "T3", "T4"]
    assert region.adjacency["town_b"].tolist() == ["T2", "T3", "T4"]
    world = lay_out(region, 1)
    assert world.team_strength[0] == 2.0
    assert set(world.team_strength[1:]) == {1.0}
    assert world.tie_legacy_claims[world.tie_named].tolist() == [2]
    assert list(packages) == ["我的方案"]
    body, own = packages["我的方案"].mechanisms
    assert body.level == 0.5
    assert {use.start_year for use in body.levers} == {1.0}
    assert body.levers[0].scopes[0].counties == (world.county_code[0],)
    assert own.name["zh"] == "集市调解日"
    assert own.levers[0].settings["cadence_days"] == 30.0
    assert own.levers[0].settings["items"] == 2.0
    assert own.levers[0].tiers == ("village", "town")


def test_the_same_tables_as_workbook_and_as_folder_are_the_same_border(
    tmp_path: Path, write_region: Callable[..., Path]
) -> None:
    folder = write_region()
    from_folder = load_region(folder)
    book = {"settings": [["setting", "value"], ["title_zh", "两岸"], ["border_level", "prefecture"]]}
    for file in ("places", "towns", "villages", "adjacency", "river"):
        lines = (folder / f"{file}.csv").read_text("utf-8").splitlines()
        book[file] = [line.split(",") for line in lines]
    from_book = load_region(books.write(tmp_path / "b.xlsx", book))
    for table in ("places", "towns", "villages", "adjacency", "river"):
        assert getattr(from_folder, table).equals(getattr(from_book, table)), table
    first, second = lay_out(from_folder, 3), lay_out(from_book, 3)
    np.testing.assert_array_equal(first.village_lon, second.village_lon)
    np.testing.assert_array_equal(first.tie_length_km, second.tie_length_km)


def test_two_towns_with_a_few_villages_and_nothing_but_names_are_a_border(tmp_path: Path) -> None:
    book = {
        "乡镇": [["名称", "所属县"], ["东镇", "甲县"], ["西镇", "乙县"]],
        "村": [["名称", "所属乡镇"], ["一村", "东镇"], ["二村", "东镇"], ["一村", "西镇"]],
    }
    region = load_region(books.write(tmp_path / "b.xlsx", book))
    world = lay_out(region, 1, residents_per_village=2000.0)
    assert world.village_code == ("甲县-东镇-一村", "甲县-东镇-二村", "乙县-西镇-一村")
    assert BOUNDARY_LEVELS[region.border_level] == "prefecture"
    assert world.tie_is_border.any()
    assert world.county_residents.tolist() == [4000.0, 2000.0]
    assert world.village_residents.sum() == pytest.approx(6000.0)
    assert world.town_position_is_synthetic.all()
    said = " ".join(note["zh"] for note in region.notes)
    for part in (
        "县取自乡镇表",
        "代码",
        "视为相邻",
        "示意位置",
        "散布",
        "100 平方公里",
        "residents_per_village",
        "县界",
    ):
        assert part in said


def test_a_name_that_means_two_units_is_asked_back(tmp_path: Path) -> None:
    book = {
        "乡镇": [["名称", "所属县"], ["横山镇", "甲县"], ["横山镇", "乙县"]],
        "村": [["名称", "所属乡镇"], ["一村", "横山镇"], ["二村", "甲县-横山镇"], ["三村", "乙县-横山镇"]],
    }
    examined, _ = examine(books.write(tmp_path / "b.xlsx", book))
    (error,) = examined.mistakes.sorted()
    assert "第 2 行（B2）" in error.message("zh")
    assert "甲县-横山镇" in error.message("zh")
    # What the program itself put above the counties is no part of a name.
    for made in ("the province", "the prefecture", "所在省", "所在地级市"):
        assert made not in error.message("zh") + error.message("en")


def test_units_are_called_by_their_names_in_the_language_of_the_message(tmp_path: Path) -> None:
    book = {
        "县以上": [["名称", "英文名称", "级别"], ["甲县", "Ash", "县"], ["乙县", "Birch", "县"]],
        "乡镇": [["名称", "英文名称", "所属县"], ["东镇", "East", "甲县"], ["东镇", "East", "乙县"]],
        "村": [["名称", "所属乡镇"], ["一村", "东镇"], ["二村", "甲县-东镇"], ["三村", "Birch-East"]],
    }
    examined, _ = examine(books.write(tmp_path / "b.xlsx", book))
    (error,) = examined.mistakes.sorted()
    assert "如 甲县-东镇、乙县-东镇" in error.message("zh")
    assert "such as Ash-East, Birch-East" in error.message("en")


def test_what_people_do_to_spreadsheets_is_understood(tmp_path: Path) -> None:
    book = books.spoilt(("县以上", 4, 6, "９，０００ "), ("村", 3, 6, "　22.01"), ("相邻乡镇", 3, 3, "12.50"))
    path = books.write(tmp_path / "b.xlsx", book)
    workbook = load_workbook(path)
    towns = workbook["乡镇"]
    towns.insert_rows(1)
    towns["A1"] = "甲乙两县边界乡镇一览表"
    towns.merge_cells("A1:E1")
    # The county of the first two towns is written once and merged downwards; an empty row trails.
    towns.merge_cells("B3:B4")
    towns["A40"] = "  "
    workbook["村"].row_dimensions[3].hidden = True
    workbook["村"]["H1"] = "备注"
    workbook["村"]["H2"] = "老村"
    workbook.create_sheet("Sheet1")
    workbook.create_sheet("我的草稿")["A1"] = "x"
    workbook.save(path)
    region = load_region(path)
    assert region.places["residents"].dropna().tolist() == [9000.0, 8000.0]
    assert len(set(region.towns["county_code"][:2])) == 1
    assert region.adjacency["shared_km"][1] == 12.5
    said = " ".join(note["zh"] for note in region.notes)
    for part in ("隐藏行", "合并", "我的草稿"):
        assert part in said


def test_a_sheet_called_nearly_as_a_table_is_asked_back(tmp_path: Path) -> None:
    tables = books.spoilt()
    tables["相临乡镇"] = tables.pop("相邻乡镇")
    examined, _ = examine(books.write(tmp_path / "b.xlsx", tables))
    (error,) = examined.mistakes.sorted()
    assert (error.value, error.nearest) == ("相临乡镇", "相邻乡镇")


def test_formulas_are_not_calculated_and_errors_are_told(tmp_path: Path) -> None:
    book = books.spoilt(("县以上", 4, 6, "=4500*2"), ("县以上", 5, 6, "#DIV/0!"))
    examined, _ = examine(books.write(tmp_path / "b.xlsx", book))
    first, second = examined.mistakes.sorted()
    assert "公式尚未计算" in first.message("zh")
    assert "=4500*2" in first.message("zh")
    assert "公式在这里出错" in second.message("zh")


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("b.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "另存为"),
        ("b.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("b.xlsx", b"code,name\n", "Excel 工作簿"),
        ("b.xlsx", b"PK\x03\x04" + b"\0" * 50, "完好的"),
        ("b.ods", b"PK\x03\x04" + b"\0" * 50, "完好的"),
        ("b.txt", b"code", "Excel 工作簿"),
        ("b.graphml", b"<graphml", "GraphML"),
        ("b.geojson", b"[]", "GeoJSON"),
    ],
)
def test_a_file_that_cannot_be_a_border_is_refused_with_the_remedy(
    tmp_path: Path, name: str, content: bytes, part: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_region(tmp_path / name)
    assert part in caught.value.message("zh")
    assert name in caught.value.message("en")


def test_a_file_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    piece = b"\0" * 50_000_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(_MOST_UNPACKED_BYTES // len(piece) + 1):
            archive.writestr(f"xl/{number}.xml", piece)
    with pytest.raises(InputError, match="unpacks"):
        load_region(path)


def test_a_file_that_defines_entities_is_refused(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.xlsx")
    bad = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(bad, "w") as archive:
        for member in good.infolist():
            content = good.read(member)
            if member.filename == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            archive.writestr(member, content)
    with pytest.raises(InputError, match="spreadsheet program"):
        load_region(bad)


def test_a_folder_that_holds_one_border_is_that_border(tmp_path: Path) -> None:
    books.write(tmp_path / "b.xlsx")
    (tmp_path / "~$b.xlsx").write_bytes(b"a file that Excel leaves while it is open")
    region = load_region(tmp_path)
    assert region.title_zh == "甲乙边界"
    assert "b.xlsx" in region.notes[0]["zh"]


def test_a_folder_that_holds_several_borders_asks_which(tmp_path: Path) -> None:
    books.write(tmp_path / "b.xlsx")
    books.write(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as caught:
        load_region(tmp_path)
    assert caught.value.nearest == str(tmp_path / "a.xlsx")


def test_rows_that_stand_twice_are_told_once_each_and_blame_nothing_else(tmp_path: Path) -> None:
    tables = books.spoilt()
    for sheet, row in (("县以上", 3), ("乡镇", 1), ("村", 1), ("村", 4)):
        again = list(tables[sheet][row])
        if sheet != "县以上":
            again[2] = None
            tables[sheet][row][2] = None
        tables[sheet].append(again)
    examined, _ = examine(books.write(tmp_path / "b.xlsx", tables))
    messages = [error.message("zh") for error in examined.mistakes.sorted()]
    assert len(messages) == 4, messages
    assert all("名称 = " in message and "不重复" in message for message in messages)


def test_cells_merged_across_columns_are_told_and_what_names_their_unit_is_not_blamed(tmp_path: Path) -> None:
    path = books.write(tmp_path / "b.xlsx")
    workbook = load_workbook(path)
    workbook["乡镇"].merge_cells("A3:B3")
    workbook.save(path)
    examined, _ = examine(path)
    messages = [error.message("zh") for error in examined.mistakes.sorted()]
    # 中镇 has villages, neighbours and a named pair, none of which is at fault.
    assert len(messages) == 2, messages
    assert all("工作表“乡镇”第 3 行" in message for message in messages)
    assert any("A3:B3" in message and "取消合并" in message for message in messages)


def test_a_row_of_totals_is_told_for_what_it_lacks_only(tmp_path: Path) -> None:
    tables = books.spoilt()
    tables["乡镇"].append(["合计", None, None, 180, 3000])
    tables["村"].append(["合计", None, None, None, None, None])
    examined, _ = examine(books.write(tmp_path / "b.xlsx", tables))
    places = [(error.field, error.value) for error in examined.mistakes.sorted()]
    assert places == [("所属县", ""), ("所属乡镇", "")]


def test_a_missing_column_of_points_is_one_mistake(tmp_path: Path) -> None:
    tables = books.spoilt()
    for number, row in enumerate(tables["乡镇"]):
        row.append("经度" if number == 0 else 110.0 + number / 10)
    examined, _ = examine(books.write(tmp_path / "b.xlsx", tables))
    (error,) = examined.mistakes.sorted()
    assert error.field == "纬度"
    assert "工作表“乡镇”第 1 行" in error.message("zh")


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value"),
    [
        ("乡镇", 2, 1, "东　镇"),
        ("村", 3, 2, "东 镇"),
        ("乡镇", 1, 1, "名　称"),
        ("乡镇", 1, 4, "面积(平方公里)"),
        ("村", 1, 2, "所属\n乡镇"),
        ("机制", 2, 3, "50%"),
        ("乡镇", 2, 4, "'50"),
    ],
)
def test_spellings_that_can_mean_one_thing_only_are_understood(
    tmp_path: Path, sheet: str, row: int, column: int, value: str
) -> None:
    plain = lay_out(load_region(books.write(tmp_path / "a.xlsx")), 1)
    examined, packages = examine(books.write(tmp_path / "b.xlsx", books.spoilt((sheet, row, column, value))))
    assert [error.message("zh") for error in examined.mistakes.sorted()] == []
    assert examined.region is not None
    world = lay_out(examined.region, 1)
    assert np.array_equal(world.tie_a, plain.tie_a)
    assert np.array_equal(world.town_area_km2, plain.town_area_km2)
    assert packages["我的方案"].mechanisms[0].level == 0.5


def test_numbers_of_rows_are_passed_over(tmp_path: Path) -> None:
    tables = books.spoilt()
    for number, row in enumerate(tables["乡镇"]):
        row.insert(0, number or "序号")
    assert load_region(books.write(tmp_path / "b.xlsx", tables)).towns["code"].tolist() == [
        "T1",
        "T2",
        "T3",
        "T4",
    ]


def test_a_sheet_called_nearly_as_a_table_is_checked_as_that_table(tmp_path: Path) -> None:
    tables = books.spoilt(("乡镇", 2, 2, "甲线"), ("村", 3, 4, "村庄"))
    tables["乡镇表"] = tables.pop("乡镇")
    examined, _ = examine(books.write(tmp_path / "b.xlsx", tables))
    assert [(error.value, error.nearest) for error in examined.mistakes.sorted()] == [
        ("乡镇表", "乡镇"), ("甲线", "甲县"), ("村庄", "村"),
    ]  # fmt: skip


def test_where_a_sheet_is_missing_those_that_were_not_read_are_named(tmp_path: Path) -> None:
    tables = books.spoilt()
    tables["Sheet3"] = tables.pop("村")
    examined, _ = examine(books.write(tmp_path / "b.xlsx", tables))
    (error,) = examined.mistakes.sorted()
    assert "含工作表“村”的文件，此文件中没有它（没有读取的工作表：Sheet3）" in error.message("zh")
    assert "the sheet villages, which this one lacks (sheets that were not read: Sheet3)" in error.message(
        "en"
    )


def test_a_workbook_under_the_old_ending_is_read(tmp_path: Path) -> None:
    path = books.write(tmp_path / "b.xlsx")
    assert load_region(path.rename(tmp_path / "b.xls")).title_zh == "甲乙边界"


def test_a_table_called_nearly_right_is_asked_back(write_region: Callable[..., Path]) -> None:
    folder = write_region()
    (folder / "adjacency.csv").rename(folder / "adjacancy.csv")
    examined = examine_region(folder)
    assert "nearest: adjacency.csv" in examined.mistakes.sorted()[0].message("en")


def test_a_border_of_five_thousand_villages_loads_in_five_seconds(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    towns, villages, pairs = (book.create_sheet(name) for name in ("乡镇", "村", "相邻乡镇"))
    towns.append(["名称", "所属县", "面积（平方公里）"])
    villages.append(["名称", "所属乡镇", "类别", "代码"])
    pairs.append(["甲乡镇", "乙乡镇", "共界长度（公里）"])
    for town in range(250):
        towns.append([f"第{town}镇", f"第{town // 25}县", 80])
        if town:
            pairs.append([f"第{town - 1}镇", f"第{town}镇", 6.5])
        if town >= 25:
            pairs.append([f"第{town - 25}镇", f"第{town}镇", 6.5])
        for village in range(20):
            villages.append([f"第{village}村", f"第{town}镇", "村", f"V{town:03}{village:02}"])
    path = tmp_path / "large.xlsx"
    book.save(path)
    # Seconds of the processor: what else the machine does is not the loader's doing.
    start = time.process_time()
    region = load_region(path)
    seconds = time.process_time() - start
    assert len(region.villages) == 5000
    assert not region.towns["lon"].isna().any()
    assert seconds < 5.0, f"{seconds:.1f} s"


def test_a_town_without_a_village_is_called_by_its_name(tmp_path: Path) -> None:
    tables = books.spoilt(("乡镇", 6, 1, "南镇"), ("乡镇", 6, 2, "乙县"))
    examined, _ = examine(books.write(tmp_path / "b.xlsx", tables))
    (error,) = examined.mistakes.sorted()
    assert "第 6 行（A6）：名称 = '南镇' 不可用；可用：在 村 中至少有一个村的乡镇" in error.message("zh")


def test_a_department_may_go_without_an_english_name(tmp_path: Path) -> None:
    tables = books.spoilt()
    tables["部门"] = [["部门代号", "名称", "英文名称"], ["justice", "司法局", None]]
    region = load_region(books.write(tmp_path / "b.xlsx", tables))
    assert region.departments[["name_zh", "name_en"]].to_numpy().tolist() == [["司法局", "司法局"]]


def test_a_border_that_does_not_exist_is_said_not_to(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_region(tmp_path / "border.xlsx")
    assert "存在的地区文件夹或文件（.xlsx、.graphml、.geojson）" in caught.value.message("zh")
