"""Small workbooks that the tests of a border of one's own share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]

#: Two counties on a line with the river between them; every table has something in it.
TABLES: dict[str, list[list[object]]] = {
    "边界": [["项目", "内容"], ["标题", "甲乙边界"], ["边界层级", "县界"]],
    "县以上": [
        ["名称", "级别", "所属上级", "经度", "纬度", "常住人口"],
        ["某省", "省", None, None, None, None],
        ["某市", "地级市", "某省", None, None, None],
        ["甲县", "县", "某市", 110.0, 22.0, 9000],
        ["乙县", "县", "某市", 110.2, 22.0, 8000],
    ],
    "乡镇": [
        ["名称", "所属县", "代码", "面积（平方公里）", "常住人口"],
        ["东镇", "甲县", "T1", 50, None],
        ["中镇", "甲县", "T2", None, 3000],
        ["西镇", "乙县", "T3", 60, None],
        ["北镇", "乙县", "T4", 70, None],
    ],
    "村": [
        ["名称", "所属乡镇", "代码", "类别", "经度", "纬度"],
        ["一村", "东镇", "V11", "村", None, None],
        ["二村", "东镇", "V12", "社区", 110.01, 22.01],
        ["三村", "中镇", "V21", "村", None, None],
        ["四村", "西镇", "V31", None, None, None],
        ["五村", "西镇", "V32", "村", None, None],
        ["六村", "北镇", "V41", "村", None, None],
    ],
    "相邻乡镇": [
        ["甲乡镇", "乙乡镇", "共界长度（公里）"],
        ["东镇", "中镇", 4],
        ["中镇", "西镇", 12.5],
        ["西镇", "北镇", None],
    ],
    "点名村对与遗留争议": [["甲方", "乙方", "历史遗留争议（件）"], ["三村", "四村", 2]],
    "河流": [
        ["自上而下的顺序", "流经乡镇", "河段", "长度（公里）"],
        [1, "东镇", "上游", 5],
        [2, "西镇", "下游", 3],
    ],
    "队伍": [["所属单位", "类别", "巡逻倍数"], ["东镇", "派出所", 2]],
    "机制": [
        ["机制", "方案", "力度", "开始（年）", "结束（年）", "只限县"],
        ["实体统筹机构", "我的方案", 0.5, 1, None, "甲县"],
        ["集市调解日", "我的方案", None, None, None, None],
    ],
    "杠杆": [
        ["机制", "杠杆", "层级", "设置", "取值", "覆盖比例"],
        ["集市调解日", "forum", "村、乡镇", "cadence_days", 30, None],
        ["集市调解日", "forum", "村、乡镇", "items", 2, None],
    ],
}


def write(path: Path, tables: Mapping[str, Rows] | None = None) -> Path:
    """Write sheets of rows, those above by default."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (TABLES if tables is None else tables).items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def spoilt(*changes: tuple[str, int, int, object]) -> dict[str, list[list[object]]]:
    """Copy the tables and put a value into some cells: sheet, row, column (both from 1), value."""
    tables = {title: [list(row) for row in rows] for title, rows in TABLES.items()}
    for title, row, column, value in changes:
        rows = tables[title]
        while len(rows) < row:
            rows.append([None] * len(rows[0]))
        rows[row - 1][column - 1] = value
    return tables
