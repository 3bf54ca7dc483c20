from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.files import read_yaml, scenarios_folder

SLIPS = [
    # content, line, column, part of the remedy
    ("name：1\n", 1, 5, "全角的「：」"),
    ("a：1\nb: 2\n", 1, 2, "全角的「：」"),
    ("a: 1\nb：2\nc: 3\n", 2, 2, "全角的「：」"),
    ("a: 1\nb：\n  zh: 2\n", 2, 2, "全角的「：」"),
    ("settings:\n  arms：[none, paper]\n  years: 2\n", 2, 7, "全角的「：」"),
    ("name: {zh：甲, en: a}\n", 1, 10, "全角的「：」"),
    ("a: {zh: 甲， en: b}\n", 1, 10, "全角的「，」"),
    ("x:\n  a: {zh: 甲，en: b}\n", 2, 12, "全角的「，」"),
    ("a: [1, 2】\n", 1, 9, "全角的「】」"),
    ("a: “x: y”\n", 1, 4, "全角的「“」"),
    ("a:\n\tb: 1\n", 2, 1, "制表符"),
    ('a: "x\n', 1, 4, "引号没有闭合"),
    ('a: "x\nb: "y"\n', 2, 5, "成对的英文引号"),
    ("a: 1\nb: [1, 2\n", 2, 4, "括号没有闭合"),
    ("a: {x: 1\nb: 2\n", 1, 4, "括号没有闭合"),
    ("a: b: c\n", 1, 5, "含冒号加空格的文字"),
    ("a: 1\n b: 2\n", 2, 2, "左边对齐"),
    ("a: 1\nb\nc: 2\n", 2, 1, "键后面有英文冒号"),
    ("a: @x\n", 1, 4, "以这个符号开头"),
]


@pytest.mark.parametrize(("content", "line", "column", "part"), SLIPS, ids=[row[0] for row in SLIPS])
def test_a_common_slip_is_told_in_plain_words_with_its_place(
    content: str, line: int, column: int, part: str, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        read_yaml(tmp_path / "a.yaml")
    assert f"第 {line} 行第 {column} 列" in caught.value.message("zh")
    assert part in caught.value.message("zh")
    assert f"line {line}, column {column}" in caught.value.message("en")
    for words in ("expected", "found", "mapping values"):
        assert words not in caught.value.message("zh")


def test_what_is_no_common_slip_keeps_the_words_of_the_parser(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: *x\n")
    with pytest.raises(InputError, match="undefined alias"):
        read_yaml(tmp_path / "a.yaml")


def test_full_width_signs_in_a_text_are_no_slip(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 甲：乙，丙“丁”\nb: [甲：乙, 丙，丁]\n'甲：乙': 1\n", "utf-8")
    assert read_yaml(tmp_path / "a.yaml") == {"a": "甲：乙，丙“丁”", "b": ["甲：乙", "丙，丁"], "甲：乙": 1}
    assert all(read_yaml(path) for path in scenarios_folder().glob("package/*.yaml"))
