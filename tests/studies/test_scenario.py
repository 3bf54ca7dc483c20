from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.studies.plan import plan_comparison
from sim.studies.scenario import DEFAULT_REGION, list_scenarios, load_scenario

GOOD = """
name: {zh: 名, en: name}
question: {zh: 问, en: question}
look_at: {zh: 看, en: look}
settings: {package: paper, years: 1}
"""


@pytest.mark.parametrize("name", list_scenarios())
def test_every_scenario_can_be_run(name: str) -> None:
    settings = dict(load_scenario(name).settings)
    package = settings.pop("package", None)
    arms = settings.pop("arms", None) or ["none", package]
    assert len(plan_comparison(settings.pop("region", DEFAULT_REGION), arms, **settings).arms) >= 2


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD, encoding="utf-8")
    scenario = load_scenario(tmp_path / "own.yaml")
    assert (scenario.key, scenario.settings) == ("own", {"package": "paper", "years": 1})


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
