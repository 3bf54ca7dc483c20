from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.files import read_yaml
from sim.studies.study_file import list_studies, load_study_file
from sim.studies.study_model import BorderRuns
from sim.studies.study_plan import plan_study
from sim.studies.study_points import keep_numbers, points_from_table, points_table

HYPERCUBE = {"kind": "latin_hypercube", "samples": 3}


@pytest.mark.parametrize("name", list_studies())
def test_every_study_of_the_project_can_be_planned(name: str) -> None:
    plan = plan_study(name)
    assert plan.points
    assert set(plan.design["point"]) == {point.number for point in plan.points}


def test_every_arm_is_run_with_every_parameter_set() -> None:
    plan = plan_study({"arms": ["none", "paper"], "uncertain": ["belief_weight"], "design": HYPERCUBE})
    assert [(point.arm, point.parameter_set, point.baseline) for point in plan.points] == [
        ("none", 0, 0),
        ("paper", 0, 0),
        ("none", 1, 2),
        ("paper", 1, 2),
        ("none", 2, 4),
        ("paper", 2, 4),
    ]
    assert list(plan.design["sample"]) == [0, 0, 1, 1, 2, 2]


def test_arms_of_equal_content_are_one_point() -> None:
    plan = plan_study("five_links_shapley")
    # None is the empty coalition and the five links are the full one.
    assert len(plan.points) == 32
    assert plan.points[0].arm == "none"
    assert set(plan.points[0].doses.values()) == {0.0}
    assert plan.points[1].arm == "five_links"
    assert set(plan.points[1].doses.values()) == {1.0}
    dosed = plan.design[plan.design["arm"] == "dosed"]
    assert len(dosed) == 32
    assert set(dosed["point"]) == set(range(32))


def test_factors_dose_what_the_package_has_and_add_what_it_lacks() -> None:
    settings = {
        "arms": ["none"],
        "package": "paper",
        "factors": {
            "meetings": {"mechanisms": "party_joint_meeting", "low": 0, "high": 1},
            "joint_duty": None,
        },
    }
    model = plan_study(settings).model
    assert isinstance(model, BorderRuns)
    made = {
        item.key: item.level
        for item in model.institutions("dosed", {"meetings": 0.5, "joint_duty": 1.0}).mechanisms
    }
    assert made == {"framework_agreement": 1.0, "party_joint_meeting": 0.5, "joint_duty": 1.0}
    without = model.institutions("dosed", {"meetings": 1.0, "joint_duty": 0.0})
    assert [item.key for item in without.mechanisms] == ["framework_agreement", "party_joint_meeting"]


def test_points_keep_their_numbers_when_others_join() -> None:
    small = {"arms": ["none", "paper"], "uncertain": ["belief_weight"], "design": HYPERCUBE}
    before = plan_study(small)
    after = plan_study({**small, "arms": ["none", "paper", "five_links"]})
    points, design = keep_numbers(after.points, after.design, before.points)
    assert points[:6] == before.points
    assert [(point.number, point.arm, point.baseline) for point in points[6:]] == [
        (6, "five_links", 0),
        (7, "five_links", 2),
        (8, "five_links", 4),
    ]
    assert list(design["point"]) == [0, 1, 6, 2, 3, 7, 4, 5, 8]
    by_number = {point.number: point for point in points}
    assert all(by_number[row.point].arm == row.arm for row in design.itertuples())


def test_points_survive_their_table() -> None:
    for study in ("five_links_shapley", "willingness_screening"):
        plan = plan_study(study)
        assert points_from_table(points_table(plan.points, plan.dimensions), plan.dimensions) == plan.points


@pytest.mark.parametrize(
    ("settings", "field", "nearest"),
    [
        ({"replication": 3}, "key", "replications"),
        ({"arms": ["none", "five_link"]}, "package", "five_links"),
        ({"arms": ["none", "none"]}, "arms", None),
        ({"arms": None}, "arms", None),
        ({"arms": ["none"], "measures": ["trsut"]}, "measures", "trust"),
        ({"arms": ["none"], "measures": []}, "measures", None),
        ({"arms": ["none"], "region": "yulin_zhanjiang"}, "region", "yulin_zhanjiang_maoming"),
        ({"arms": ["none"], "replications": 0}, "replications", None),
        ({"arms": ["none"], "precision": 0.1, "maximum_replications": 10}, "replications", None),
        ({"arms": ["none"], "precision": 0}, "precision", None),
        ({"arms": ["none"], "seed": -1}, "seed", None),
        ({"arms": ["none"], "years": 0.01}, "years", None),
        ({"arms": ["none"], "parameters": {"belief_wieght": 1}}, "parameters", "belief_weight"),
        (
            {"arms": ["none"], "uncertain": ["belief_weight"], "parameters": {"belief_weight": 0.3}},
            "uncertain",
            None,
        ),
        ({"factors": {"joint_dutty": None}}, "mechanism", "joint_duty"),
        ({"factors": {"peace": {"mechanisms": []}}}, "factors.peace.mechanisms", None),
        ({"arms": ["none"], "design": "sobol"}, "design", None),
        ({"arms": ["none"], "design": {"kind": "list", "samples": [{"x": 1}]}}, "design.samples[1]", None),
        ({"factors": {"joint_duty": None}, "precision": 0.1}, "arms", None),
        ({"arms": ["none"], "uncertain": ["belief_weight", "belief_weight"]}, "uncertain", None),
        ({"factors": {"a": {"mechanisms": ["joint_duty"] * 2}}}, "factors.a.mechanisms", None),
        (
            {"factors": {"a": {"mechanisms": "joint_duty"}, "b": {"mechanisms": "joint_duty"}}},
            "factors.b.mechanisms",
            None,
        ),
        (
            {"factors": {"belief_weight": {"mechanisms": "joint_duty"}}, "uncertain": ["belief_weight"]},
            "factors",
            None,
        ),
        (
            {"factors": {"a": {"mechanisms": "joint_duty"}, "A": {"mechanisms": "joint_mediation"}}},
            "factors",
            None,
        ),
        ({"arms": ["none"], "design": {"kind": ["list"]}}, "design", None),
        (
            {
                "arms": ["none"],
                "uncertain": ["trust_gain"],
                "design": {"kind": "sobol", "samples": 1024},
                "replications": 10_000,
            },
            "runs",
            None,
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(settings: dict[str, Any], field: str, nearest: str | None) -> None:
    with pytest.raises(InputError) as refused:
        plan_study(settings)
    assert (refused.value.field, refused.value.nearest) == (field, nearest)


def test_a_file_of_ones_own_is_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("name: {zh: 甲, en: a}\nquestion: {zh: 乙, en: b}\narms: [none]\n", "utf-8")
    assert load_study_file(path).key == tmp_path.name
    path.write_text("name: {zh: 甲, en: a}\nquestion: {zh: 乙, en: b}\narmes: [none]\n", "utf-8")
    with pytest.raises(InputError) as refused:
        load_study_file(path)
    assert refused.value.nearest == "arms"
    path.write_text("name: {zh: 甲, en: a}\n", "utf-8")
    with pytest.raises(InputError, match="question"):
        load_study_file(path)
    with pytest.raises(InputError) as refused:
        load_study_file("five_links_shaply")
    assert refused.value.nearest == "five_links_shapley"


def test_the_study_shown_can_be_planned(tmp_path: Path) -> None:
    document = Path(__file__).resolve().parents[2] / "docs" / "studies.md"
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", document.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "my_study.yaml").write_text(shown, "utf-8")
    plan = plan_study(tmp_path / "my_study.yaml")
    # Two borders, 64 samples, each under two packages and its own doses.
    assert len(plan.points) == 2 * 64 * 3


def test_a_ratio_of_two_arms_is_no_measure_of_a_run() -> None:
    with pytest.raises(InputError, match="days_per_extra_settled"):
        plan_study({"arms": ["none"], "measures": ["days_per_extra_settled"]})


def test_the_factors_of_the_five_links_are_the_package() -> None:
    from sim.files import scenarios_folder

    content = read_yaml(scenarios_folder() / "study" / "five_links_shapley.yaml")
    named = [name for factor in content["factors"].values() for name in factor["mechanisms"]]
    from sim.levers.mechanisms import load_package

    assert named == [mechanism.key for mechanism in load_package("five_links").mechanisms]
