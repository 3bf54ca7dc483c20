from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.studies.plan import plan_comparison
from sim.studies.scenario import DEFAULT_REGION, Finding, load_scenario

GOOD = """
name: {zh: 名, en: name}
question: {zh: 问, en: question}
look_at: {zh: 看, en: look}
settings: {package: paper, years: 1}
"""


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD, encoding="utf-8")
    scenario = load_scenario(tmp_path / "own.yaml")
    assert (scenario.key, scenario.settings) == ("own", {"package": "paper", "years": 1})
    assert (scenario.region, scenario.packages()) == (DEFAULT_REGION, {})
    # Without a word on what to look at, the answer is about settlement and hours.
    assert [finding.measure for finding in scenario.findings] == ["settled_90_days", "staff_days"]


ARMS = """
findings:
  - {measure: willingness, tier: village, against: talks, from_year: 1}
mechanisms:
  walks:
    name: {zh: 走, en: walks}
    summary: {zh: 走, en: walks}
    levers:
      - {lever: capacity, tiers: [town], side: b, settings: {desk_hours: 1}}
packages:
  talks:
    name: {zh: 会, en: talks}
    summary: {zh: 会, en: talks}
    extends: paper
    without: [framework_agreement]
  talks_and_walks:
    name: {zh: 会与走, en: talks and walks}
    summary: {zh: 会与走, en: talks and walks}
    extends: talks
    mechanisms:
      walks: {level: 0.5, start_year: 1}
"""


def test_the_example_of_the_document_is_a_story(tmp_path: Path) -> None:
    document = Path(__file__).parents[2] / "docs" / "mechanisms.md"
    block = re.findall(r"```yaml\n(.*?)```", document.read_text("utf-8"), re.DOTALL)[-1]
    (tmp_path / "my_story.yaml").write_text(block, encoding="utf-8")
    scenario = load_scenario(tmp_path / "my_story.yaml")
    own = scenario.packages()
    arms = [own.get(arm, arm) for arm in scenario.settings["arms"]]
    assert plan_comparison(scenario.region, arms).arms == ("paper", "paper_with_duty")
    assert scenario.findings[1] == Finding("willingness", "town", from_year=2.0)


def test_a_story_brings_arms_and_mechanisms_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD + ARMS, encoding="utf-8")
    scenario = load_scenario(tmp_path / "own.yaml")
    assert scenario.findings == (Finding("willingness", "village", against="talks", from_year=1.0),)
    packages = scenario.packages()
    assert [item.key for item in packages["talks_and_walks"].mechanisms] == ["party_joint_meeting", "walks"]
    (use,) = packages["talks_and_walks"].mechanisms[1].levers
    assert (use.side, use.settings["desk_hours"], use.start_year) == ("b", 0.5, 1.0)
    assert use.as_dict()["side"] == "b"
    plan = plan_comparison(scenario.region, ["none", *packages.values()])
    assert plan.arms == ("none", "talks", "talks_and_walks")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("measure: willingness", "measure: wilingness", "nearest: willingness"),
        ("tier: village", "tier: villages", "nearest: village"),
        ("from_year: 1", "from_year: -1", "from 0 to 50"),
        ("from_year: 1", "form_year: 1", "nearest: from_year"),
        ("measure: willingness, tier: village", "measure: hand_offs", "coverage_7_days, .*offences"),
        ("  talks:", "  paper:", "packages = 'paper' .* a name that nothing in the project has"),
        ("  walks:\n    name", "  joint_duty:\n    name", "mechanisms = 'joint_duty' .* a name that nothing"),
        ("extends: talks", "extends: talk", "nearest: talks"),
        ("      walks: {level", "      walk: {level", "nearest: walks"),
        ("side: b", "side: c", "capacity.side = 'c'"),
        ("capacity, tiers: [town], side: b, settings: {desk_hours: 1}", "skill, side: b", "skill.side = 'b'"),
    ],
)
def test_a_mistake_in_arms_or_findings_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert ARMS.count(old) == 1 or old == "extends: talks"
    (tmp_path / "own.yaml").write_text(GOOD + ARMS.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=sentence) as refused:
        load_scenario(tmp_path / "own.yaml").packages()
    assert "own.yaml" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("years", "yaers", "settings"),
        ("look_at", "look", "key"),
        ("{zh: 问, en: question}", "{zh: 问}", "question"),
        ("{package: paper, years: 1}", "[1]", "settings"),
        ("settings: {package: paper, years: 1}", "", "settings"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path: Path, old: str, new: str, field: str) -> None:
    (tmp_path / "own.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_scenario(str(tmp_path / "own.yaml"))
    assert refused.value.field == field
    assert "own.yaml" in str(refused.value)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(InputError, match="nearest: missing_pieces"):
        load_scenario("missing_piece")
