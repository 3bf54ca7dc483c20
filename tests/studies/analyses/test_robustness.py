"""Robustness and history matching of models whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.studies.analyses.history_matching import match_history, next_samples
from sim.studies.analyses.patterns import Pattern, judge_patterns, load_patterns
from sim.studies.analyses.robustness import judge_robustness
from sim.studies.study import run_study
from tests.studies.analyses.models import Formula

UNCERTAIN = {name: {"low": 0.0, "high": 1.0} for name in ("p", "q", "r")}
TEXTS = {"zh": "甲", "en": "a"}
# The first holds where p < 0.5, the second where q > 0.25 to 0.95: 0.35 of the space.
PATTERNS = (
    Pattern("A", TEXTS, -np.inf, 20.0, "border.first_response_days.all"),
    Pattern("B", TEXTS, 0.25, 0.95, "interior.closed_share.village"),
)


def crossing(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    """Package x gains p - 0.3, y gains 0.2 everywhere, z harms by 0.1; a little chance for each."""
    p, q = parameters["p"], parameters["q"]
    shock = chance.normal()
    own = dict(zip(("x", "y", "z"), 0.02 * chance.normal(size=3), strict=True))
    gain = {"none": 0.0, "x": p - 0.3, "y": 0.2, "z": -0.1}[arm] + own.get(arm, 0.0)
    return {
        "border.settled_90_days.all": shock + gain,
        "border.first_response_days.all": 40.0 * p + 0.2 * chance.normal(),
        "interior.closed_share.village": q + 0.005 * chance.normal(),
    }


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = {
        "arms": ["none", "x", "y", "z"],
        "uncertain": UNCERTAIN,
        "design": {"kind": "latin_hypercube", "samples": 80},
        "replications": 6,
    }
    folder = tmp_path_factory.mktemp("crossing")
    return run_study(settings, folder, model=Formula(crossing), workers=1, progress=False)


def test_over_all_sets_shares_and_ranks_are_the_known_ones(study: Any) -> None:
    """x beats y where p > 0.5 and harms where p < 0.3."""
    found = judge_robustness(study, "settled_90_days")
    table = found.table.set_index("arm")
    assert (found.fitting, found.all_sets) == (80, 80)
    assert table.loc["y", "helps"] == 1.0
    assert table.loc["y", "helps_low"] == pytest.approx(0.954, abs=0.01)
    assert table.loc["z", "harms"] == 1.0
    assert table.loc["x", "helps"] == pytest.approx(0.7, abs=0.06)
    assert table.loc["x", "harms"] == pytest.approx(0.3, abs=0.06)
    assert table.loc["x", "first"] == pytest.approx(0.5, abs=0.04)
    assert table.loc["none", "nothing"] == 1.0
    # Mean of max(p - 0.5, 0) over p is an eighth.
    assert table.loc["y", "regret"] == pytest.approx(0.125, abs=0.02)
    assert table.loc["y", "regret_low"] < 0.125 < table.loc["y", "regret_high"] + 0.02
    assert table["rank"].sum() == pytest.approx(10.0)


def test_sets_that_do_not_fit_the_patterns_do_not_count(study: Any) -> None:
    found = judge_robustness(study, "settled_90_days", patterns=PATTERNS)
    assert found.fitting == pytest.approx(80 * 0.35, abs=6)
    table = found.table.set_index("arm")
    # Among sets with p below a half y is the best, except by chance beside the limit.
    assert found.table["arm"].iloc[0] == "y"
    assert table.loc["y", "first"] > 0.9
    assert table.loc["x", "harms"] == pytest.approx(0.6, abs=0.15)


def test_sets_that_are_not_ruled_out_can_be_asked_for_instead(study: Any) -> None:
    found = judge_robustness(study, "settled_90_days", match=match_history(study, PATTERNS))
    strict = judge_robustness(study, "settled_90_days", patterns=PATTERNS)
    assert found.criterion == "remains"
    assert abs(found.fitting - strict.fitting) <= 2
    assert found.judged == ("A", "B")


def test_best_is_who_is_clearly_ahead_of_all_others(study: Any) -> None:
    """Over all sets x and y gain 0.2 alike; where p is below a half y gains 0.25 more than x on average."""
    over_all = judge_robustness(study, "settled_90_days")
    assert over_all.ahead_low < 0.0 < over_all.ahead_high
    assert {over_all.table["arm"].iloc[0], over_all.nearest} == {"x", "y"}
    fitting = judge_robustness(study, "settled_90_days", patterns=PATTERNS[:1])
    # The baseline is 0.2 behind everywhere; x is 0.25 behind, but less so in some sets than in others.
    assert (fitting.table["arm"].iloc[0], fitting.nearest) == ("y", "x")
    assert 0.1 < fitting.ahead_low < 0.25 < fitting.ahead_high


def equals(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    """Let a and b do the same but for chance, most of which all sets share with their replications."""
    shared = dict(zip(("a", "b"), chance.normal(size=2), strict=True))
    own = np.random.default_rng([int(1e6 * parameters["p"]), int(arm == "a")]).normal()
    return {"border.settled_90_days.all": 0.0 if arm == "none" else shared[arm] + 0.1 * own}


def test_replications_that_all_sets_share_make_no_package_the_best(tmp_path: Path) -> None:
    settings = {
        "arms": ["none", "a", "b"],
        "uncertain": {"p": {"low": 0.0, "high": 1.0}},
        "design": {"kind": "latin_hypercube", "samples": 30},
        "replications": 4,
    }
    ahead = []
    for seed in range(20):
        study = run_study(
            {**settings, "seed": seed}, tmp_path / str(seed), model=Formula(equals), workers=1, progress=False
        )
        found = judge_robustness(study, "settled_90_days")
        ahead.append(found.ahead_low > 0.0 and found.nearest != "none")
    # The better of two is called clearly better in one of twenty; 99.99 % of binomial counts are below six.
    assert sum(ahead) < 6


def test_two_sets_that_agree_leave_ranks_without_an_interval(tmp_path: Path) -> None:
    settings = {
        "arms": ["none", "y", "z"],
        "uncertain": UNCERTAIN,
        "design": {"kind": "latin_hypercube", "samples": 2},
        "replications": 3,
    }
    study = run_study(settings, tmp_path, model=Formula(crossing), workers=1, progress=False)
    assert judge_robustness(study, "settled_90_days").table["rank_low"].isna().all()


def test_patterns_are_judged_on_the_baseline(study: Any) -> None:
    judged = judge_patterns(study, PATTERNS)
    points = study.points[study.points["arm"] == "none"].set_index("parameter_set")
    for row in judged.to_dict("records"):
        truth = points.loc[row["parameter_set"]]
        value = {"A": 40 * truth["parameter_p"], "B": truth["parameter_q"]}[row["pattern"]]
        assert row["value"] == pytest.approx(value, abs=0.5)


def test_history_matching_leaves_what_fits_and_rules_out_what_does_not(study: Any) -> None:
    found = match_history(study, PATTERNS)
    # The emulators are exact: 0.5 for p and 0.7 for q.
    assert found.remaining == pytest.approx(0.35, abs=0.02)
    assert found.remaining_low <= found.remaining <= found.remaining_high
    corners = np.array([[0.2, 0.8, 0.5], [0.9, 0.8, 0.5], [0.2, 0.05, 0.5]])
    implausible = found.implausibility(corners, study.dimensions)
    assert implausible[0] == 0.0
    assert (implausible[1:] > 3).all()
    profile = found.profile[found.profile["dimension"] == "p"].set_index("value")["remaining"]
    assert profile.loc[:0.45].min() > 0.6
    assert profile.loc[0.75:].max() == 0.0
    flat = found.profile[found.profile["dimension"] == "r"]["remaining"]
    assert flat.std() < 0.05
    assert (found.table["explained"] > 0.95).all()
    # The band along a dimension holds what the samples do not tell, not only the points that were tried.
    band = found.profile
    assert (band["low"] <= band["remaining"]).all()
    assert (band["remaining"] <= band["high"]).all()


def test_the_next_wave_comes_from_what_remains(study: Any) -> None:
    found = match_history(study, PATTERNS)
    rows = next_samples(found, study, 20, seed=3)
    assert all(row["p"] < 0.65 and row["q"] > 0.15 for row in rows)
    with pytest.raises(InputError, match="count"):
        next_samples(found, study, 100_000)


def test_no_fitting_set_and_too_few_sets_are_said(study: Any, tmp_path: Path) -> None:
    never = (Pattern("C", TEXTS, 1000.0, np.inf, "border.first_response_days.all"),)
    with pytest.raises(InputError, match="0 / 80"):
        judge_robustness(study, "settled_90_days", patterns=never)
    settings = {"arms": ["none", "x"], "uncertain": UNCERTAIN, "replications": 2}
    small = run_study(settings, tmp_path, model=Formula(crossing), workers=1, progress=False)
    with pytest.raises(InputError, match="at least 13 parameter sets"):
        match_history(small, PATTERNS)


def test_only_patterns_marked_for_calibration_are_in_the_file() -> None:
    keys = {pattern.key.partition("_")[0] for pattern in load_patterns("yulin_zhanjiang_maoming")}
    evidence = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text("utf-8")
    rows = [line.split("|") for line in evidence.splitlines() if line.startswith("| P")]
    marked = {row[1].strip() for row in rows if row[4].strip().startswith("cal")}
    assert keys == marked


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("A: {name: {zh: 甲, en: a}, parameter: reachable_shar, low: 0}", "reachable_share"),
        ("A: {name: {zh: 甲, en: a}, low: 0}", "one of measure, parameter and town"),
        ("A: {name: {zh: 甲}, measure: x, low: 0}", "zh and en"),
        ("A: {name: {zh: 甲, en: a}, measure: x, low: 2, high: 1}", "A.high"),
        ("A: {name: {zh: 甲, en: a}, measur: x}", "measure"),
    ],
)
def test_a_file_of_patterns_says_what_is_wrong(words: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_patterns(path)
