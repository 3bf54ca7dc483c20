from __future__ import annotations

import pytest

from sim.command.run import idle_lines
from sim.studies.plan import plan_comparison
from sim.world.region import load_region


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
