from __future__ import annotations

from pathlib import Path

import pytest

from sim.command.run import idle_lines
from sim.levers.mechanisms import load_package
from sim.studies.plan import plan_comparison
from sim.world.region import load_region

LATE = """
name: {zh: 迟到, en: late}
summary: {zh: 迟到, en: late}
extends: five_links
mechanisms:
  standing_body: {start_year: 5}
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "注意：机制“联合巡河”（joint_river_patrol）在此地区不改变任何制度：边界上没有沿河村对。"),
        (
            "en",
            "Note: the mechanism “joint river patrol” (joint_river_patrol) changes no institution here: "
            "no tie of the border lies on a river.",
        ),
    ],
)
def test_a_run_names_what_changes_nothing_on_its_border(language: str, told: str) -> None:
    dry = load_region("yulin_zhanjiang_maoming").subset(["容县", "信宜市"])
    plan = plan_comparison(dry, ["none", "shengze_wangjiangjing"], years=1)
    lines = idle_lines(plan, language)
    assert told in lines
    assert len(lines) == len(set(lines)) == 3


def test_a_run_on_the_whole_border_has_nothing_to_note() -> None:
    plan = plan_comparison("yulin_zhanjiang_maoming", ["none", "completed"], years=1)
    assert idle_lines(plan, "en") == []


@pytest.mark.parametrize(
    ("years", "language", "told"),
    [
        (1, "zh", ["（standing_body）在此地区不改变任何制度：它从第 5 年起才实行，而只测量 1 年"]),
        (5, "en", ["starts only in year 5, counted from 0, and 5 years are measured"]),
        (6, "en", []),
    ],
)
def test_a_run_names_what_starts_only_when_it_is_over(
    tmp_path: Path, years: float, language: str, told: list[str]
) -> None:
    (tmp_path / "late.yaml").write_text(LATE, encoding="utf-8")
    arms = ["none", load_package(tmp_path / "late.yaml")]
    plan = plan_comparison("yulin_zhanjiang_maoming", arms, years=years)
    lines = idle_lines(plan, language)
    assert len(lines) == len(told)
    assert all(part in line for part, line in zip(told, lines, strict=True))
