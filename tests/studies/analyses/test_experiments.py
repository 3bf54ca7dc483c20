"""The experiments of the project can be run as they stand, and ask what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.levers.mechanisms import load_package
from sim.studies.analyses.patterns import PatternRuns, load_patterns, plan_with_patterns
from sim.studies.study_file import load_study_file
from sim.studies.study_plan import plan_study

EXPERIMENTS = Path(__file__).resolve().parents[3] / "experiments"


def test_the_five_links_of_the_experiment_are_the_package() -> None:
    study = load_study_file(EXPERIMENTS / "five_links" / "study.yaml")
    named = [name for link in study.settings["factors"].values() for name in link["mechanisms"]]
    package = load_package("five_links")
    assert sorted(named) == sorted(mechanism.key for mechanism in package.mechanisms)
    plan = plan_study(study)
    # None and the whole package are themselves two of the 32 combinations.
    assert len(plan.points) == 32
    assert set(study.settings["factors"]) == set(load_study_file("five_links_shapley").settings["factors"])


def test_runs_for_patterns_count_the_disputes_of_the_town() -> None:
    plan = plan_with_patterns(
        EXPERIMENTS / "assumptions" / "study.yaml", load_patterns("yulin_zhanjiang_maoming")
    )
    assert isinstance(plan.model, PatternRuns)
    assert plan.model.towns == ("440881105",)
    assert len(plan.points) == 64 * 3


def test_the_default_set_lies_inside_the_calibration_patterns() -> None:
    """Two replications of three years: the standard error of P30 is about 10, and 61 are tolerated."""
    from sim.streams import replication_seed

    patterns = load_patterns("yulin_zhanjiang_maoming")
    settings = {"arms": ["none"], "years": 3, "burn_in": 3}
    model = plan_with_patterns(settings, patterns).model
    runs = [
        model.live(model.begin("yulin_zhanjiang_maoming", {}, replication_seed(5, number)), "none", {})
        for number in range(2)
    ]
    for pattern in patterns:
        if pattern.parameter:
            continue
        values = [run[pattern.measure] / (run[pattern.over] if pattern.over else 1.0) for run in runs]
        assert pattern.low <= sum(values) / 2 <= pattern.high, pattern.key


@pytest.mark.parametrize("name", ["five_links", "assumptions"])
def test_an_experiment_has_a_note_with_its_numbers(name: str) -> None:
    note = (EXPERIMENTS / name / "found.md").read_text("utf-8")
    assert "0 failed" in note
    assert "区间" in note
