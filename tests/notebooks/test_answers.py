"""The sentences with which notebooks open, against the tables that are stored beside them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import sim
from sim.language import catalogue
from sim.notebook.answers import (
    answer_attendance,
    answer_cost,
    answer_this_border,
    answer_why_alone,
    answer_with_and_without,
)
from sim.notebook.claims import Claim, Sentence, change_words
from sim.notebook.study_answers import answer_how_sure, answer_which_link, runs_needed
from sim.studies.analyses.attribution import attribute_effect, find_interactions
from sim.studies.analyses.robustness import judge_robustness
from sim.studies.comparison import Comparison
from tests.notebooks.reading import FOLDER, markdown

STUDIES = FOLDER / "studies"
ON_COMPARISONS: dict[str, tuple[str, Callable[[Comparison, str], list[Sentence]]]] = {
    "01_this_border": ("alliance", answer_this_border),
    "02_with_and_without": ("alliance", answer_with_and_without),
    "04_why_alone": ("why_alone", answer_why_alone),
    "05_attendance": ("attendance", answer_attendance),
    "06_cost": ("alliance", answer_cost),
}


def open_results(name: str) -> Comparison:
    return sim.open_results(STUDIES / name / "results")


def studied(language: str) -> dict[str, list[Sentence]]:
    links = sim.open_study(STUDIES / "five_links" / "results")
    sets = judge_robustness(sim.open_study(STUDIES / "assumptions" / "results"), "settled_90_days")
    parts = [attribute_effect(links, name) for name in ("settled_90_days", "coverage_7_days")]
    pairs = find_interactions(links, "settled_90_days")
    return {
        "03_which_link": answer_which_link(parts[0], parts[1], pairs, language),
        "07_how_sure": answer_how_sure(open_results("alliance"), sets, language),
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_answer_has_three_sentences_that_say_their_numbers(language: str) -> None:
    answers = {
        name: answer(open_results(study), language) for name, (study, answer) in ON_COMPARISONS.items()
    }
    for name, sentences in (answers | studied(language)).items():
        assert len(sentences) == 3, name
        for sentence in sentences:
            assert sentence.words.endswith("。" if language == "zh" else "."), sentence.words
            if sentence.claims:
                assert re.search(r"\d", sentence.words), sentence.words


def test_the_stored_notebooks_open_with_these_sentences() -> None:
    import nbformat

    answers = {name: answer(open_results(study), "zh") for name, (study, answer) in ON_COMPARISONS.items()}
    for name, sentences in (answers | studied("zh")).items():
        shown = markdown(nbformat.read(FOLDER / f"{name}.ipynb", as_version=4))
        for number, sentence in enumerate(sentences, start=1):
            assert f"{number}. {sentence.words}" in shown, "run: python notebooks/make.py"


def paired(table: pd.DataFrame, outcome: str, arm: str, against: str) -> tuple[float, float, float]:
    """Compute a paired difference anew, from the values of the runs."""
    scope, measure, tier = outcome.split(".")
    rows = table[(table["scope"] == scope) & (table["measure"] == measure) & (table["tier"] == tier)]
    by_arm = {key: rows[rows["arm"] == key].set_index("replication")["value"] for key in (arm, against)}
    difference = (by_arm[arm] - by_arm[against]).dropna().to_numpy()
    half = stats.t.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / math.sqrt(len(difference))
    return float(difference.mean()), float(difference.mean() - half), float(difference.mean() + half)


@pytest.mark.parametrize("name", sorted(ON_COMPARISONS))
def test_differences_in_sentences_are_those_of_the_runs(name: str) -> None:
    study, answer = ON_COMPARISONS[name]
    found = open_results(study)
    compared = 0
    for sentence in answer(found, "en"):
        for claim in sentence.claims:
            match = re.fullmatch(r"(\S+) of (\S+) against (\S+)", claim.name)
            if match and "days_per_extra_settled" not in claim.name and not math.isnan(claim.low):
                expected = paired(found.measures, *match.groups())
                assert (claim.value, claim.low, claim.high) == pytest.approx(expected, rel=1e-6, abs=1e-9)
                compared += 1
    assert compared >= (0 if name == "01_this_border" else 2)


def test_levels_in_sentences_are_means_of_the_runs() -> None:
    found = open_results("alliance")
    levels = [
        claim
        for sentence in answer_this_border(found, "en")
        for claim in sentence.claims
        if " under " in claim.name
    ]
    for claim in levels:
        outcome, arm = claim.name.split(" under ")
        scope, measure, tier = outcome.split(".")
        table = found.measures
        rows = table[
            (table["arm"] == arm)
            & (table["scope"] == scope)
            & (table["measure"] == measure)
            & (table["tier"] == tier)
        ]
        assert claim.value == pytest.approx(float(rows["value"].mean()))
        assert claim.low < claim.value < claim.high
    assert len(levels) == 7


def test_an_answer_says_no_clear_difference_where_there_is_none() -> None:
    """The same arm against itself, in other runs: an interval about zero."""
    found = open_results("alliance")
    generator = np.random.default_rng(3)
    measures = found.measures.copy()
    effects = found.effects.copy()
    width = np.abs(effects["effect"].to_numpy()) + 1.0
    effects["low"], effects["high"] = -width, width * generator.uniform(0.5, 1.5, len(width))
    unclear = replace(found, effects=effects, measures=measures)
    sentences = answer_with_and_without(unclear, "en")
    for sentence in sentences:
        assert "rises" not in sentence.words
        assert "falls" not in sentence.words
        assert sentence.words.count("shows no clear difference") == len(sentence.claims)


_ENDS = st.floats(-5, 5, allow_nan=False)


@given(_ENDS, _ENDS, _ENDS)
def test_a_change_is_claimed_only_where_the_interval_leaves_zero(a: float, b: float, c: float) -> None:
    low, value, high = sorted((a, b, c))
    for language, (up, down) in {"zh": ("上升", "下降"), "en": ("rises", "falls")}.items():
        words = change_words(Claim("x", value, low, high), "share", language)
        assert (up in words) == (low > 0)
        assert (down in words) == (high < 0)


def test_what_cannot_be_compared_is_said_so() -> None:
    nothing = Claim("x", math.nan, math.nan, math.nan)
    assert change_words(nothing, "share", "en") == catalogue()["notebook.change.unmeasured"]["en"]


def test_more_runs_are_asked_for_a_narrower_interval() -> None:
    found = open_results("alliance")
    counts = [runs_needed(found, "five_links", "settled_90_days", half) for half in (0.04, 0.02, 0.01)]
    assert all(count is not None for count in counts)
    assert counts == sorted(counts)  # type: ignore[type-var]
    # The width that was reached is reached by as many runs as there were.
    row = found.effects.query(
        "arm == 'five_links' and scope == 'border' and measure == 'settled_90_days' and tier == 'all'"
    ).iloc[0]
    assert runs_needed(found, "five_links", "settled_90_days", (row["high"] - row["low"]) / 2 * 1.0001) == (
        found.replications
    )


def test_the_store_stays_small() -> None:
    size = sum(path.stat().st_size for path in Path(STUDIES).rglob("*") if path.is_file())
    assert size < 4_000_000
