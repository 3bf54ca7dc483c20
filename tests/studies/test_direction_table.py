"""Verdicts follow intervals and their number: planted differences are found, planted noise is not."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.language import LANGUAGES
from sim.levers.mechanisms import list_mechanisms
from sim.measures.definitions import MEASURES
from sim.studies.directions.moves import Move, all_moves, content_key, mechanism_moves
from sim.studies.directions.pages import between_marks, direction_page, findings
from sim.studies.directions.runs import QUANTITIES, Runs
from sim.studies.directions.table import direction_table, overall
from sim.studies.false_discovery import probability

REPLICATIONS = 12
PLANTED = {"joint_duty": 1.0, "standing_body": -1.0}
MANIFEST: dict[str, Any] = {
    "region": "made_up",
    "replications": REPLICATIONS,
    "years": 1.0,
    "burn_in": 0.0,
    "seed": 1,
    "sources": "0",
}


def made_up_runs(moves: list[Move], shift: dict[str, float], noise: float = 0.02, seed: int = 0) -> Runs:
    """Let every run be shared shock plus its own noise, and a mechanism alone add a shift."""
    generator = np.random.default_rng(seed)
    shock = generator.normal(0.5, 0.1, (len(QUANTITIES), REPLICATIONS))
    values: dict[str, NDArray[np.float64]] = {}
    for move in moves:
        for arm in (move.low_arm, move.high_arm):
            if arm is not None and content_key(arm) not in values:
                own = generator.normal(0.0, noise, shock.shape)
                values[content_key(arm)] = shock + own
        if move.high_arm is not None and move.place == "alone" and move.name in shift:
            values[content_key(move.high_arm)] = values[content_key(move.high_arm)] + shift[move.name]
    return Runs(values, {key: (key,) * REPLICATIONS for key in values}, MANIFEST)


@pytest.fixture(scope="module")
def moves() -> list[Move]:
    return mechanism_moves()


@pytest.fixture(scope="module")
def table(moves: list[Move]) -> pd.DataFrame:
    return direction_table(moves, made_up_runs(moves, PLANTED))


def test_a_planted_rise_and_a_planted_fall_are_found_and_judged(table: pd.DataFrame) -> None:
    alone = table[table["place"] == "alone"].set_index(["name", "measure"])
    for measure, _ in QUANTITIES:
        for name, word in (("joint_duty", "rises"), ("standing_body", "falls")):
            row = alone.loc[(name, measure)]
            assert row["verdict"] == word
            assert row["low95"] < PLANTED[name] < row["high95"]
            better = MEASURES[measure].better * (1 if word == "rises" else -1)
            if MEASURES[measure].group == "cost":
                assert row["judgement"] == ("more" if word == "rises" else "less")
            else:
                assert row["judgement"] == ("better" if better > 0 else "worse")


def test_of_two_ends_that_only_noise_tells_apart_few_are_called_different(moves: list[Move]) -> None:
    """Intervals alone would call one in twenty."""
    intervals, verdicts, tables = 0, 0, 12
    for seed in range(tables):
        inside = [move for move in moves if move.place != "alone"]
        found = direction_table(inside, made_up_runs(inside, {}, seed=seed))
        intervals += int((found["p_value"] < 0.05).sum())
        is_called = found["verdict"].isin(["rises", "falls"])
        verdicts += int(is_called.groupby([found["measure"], found["scope"]]).any().sum())
    assert 0.03 < intervals / (tables * len(found)) < 0.07
    # Where nothing is real, the chance of any finding in a measure is the rate, one in twenty.
    assert 0 < verdicts <= stats.binom.ppf(0.9999, tables * len(QUANTITIES), 0.05)


def test_certain_differences_in_one_measure_let_no_chance_pass_in_another(moves: list[Move]) -> None:
    """In a measure that nothing moves, anything is called clear in one table of twenty."""
    inside = [move for move in moves if move.place != "alone"]
    verdicts, tables = 0, 12
    for seed in range(tables):
        runs = made_up_runs(inside, {}, seed=seed)
        for row in range(1, len(QUANTITIES)):
            for move in inside:
                if move.high_arm is not None:
                    high = content_key(move.high_arm)
                    runs.values[high][row] += 100.0
        found = direction_table(inside, runs)
        first = (found["measure"] == QUANTITIES[0][0]) & (found["scope"] == QUANTITIES[0][1])
        verdicts += int(found.loc[first, "verdict"].isin(["rises", "falls"]).any())
        assert (found.loc[~first, "q_value"] < 0.05).mean() > 0.5
    assert verdicts <= stats.binom.ppf(0.9999, tables, 0.05)


def test_a_verdict_never_contradicts_its_interval(table: pd.DataFrame) -> None:
    assert ((table["low95"] > 0.0) | (table["verdict"] != "rises")).all()
    assert ((table["high95"] < 0.0) | (table["verdict"] != "falls")).all()
    assert ((table["q_value"] <= 0.05) == table["verdict"].isin(["rises", "falls"])).all()
    assert (table["q_value"] >= table["p_value"]).all()


def test_the_p_value_is_that_of_the_paired_t_test(moves: list[Move]) -> None:
    runs = made_up_runs(moves, PLANTED)
    found = direction_table(moves[:2], runs)
    low, high = (runs.values[content_key(arm)] for arm in (moves[0].low_arm, moves[0].high_arm))  # type: ignore[arg-type]
    expected = stats.ttest_rel(high, low, axis=1).pvalue
    assert found["p_value"].to_numpy()[: len(QUANTITIES)] == pytest.approx(expected)


def test_equal_pairs_differ_by_nothing_and_fixed_numbers_for_certain(moves: list[Move]) -> None:
    runs = made_up_runs(moves[:1], {})
    low, high = (content_key(arm) for arm in (moves[0].low_arm, moves[0].high_arm))  # type: ignore[arg-type]
    runs.values[high] = runs.values[low].copy()
    runs.values[low][0], runs.values[high][0] = 2.0, 1.0
    runs.values[high][1] += 1e-15
    runs.values[high][2] = np.nan
    found = direction_table(moves[:1], runs)
    assert found["verdict"].tolist() == ["falls", "same", "undefined"] + ["same"] * (len(QUANTITIES) - 3)
    assert probability(*np.array([[1.0], [np.nan], [np.nan], [5.0]]))[0] != 1.0


def test_what_does_nothing_and_what_only_these_measures_miss_are_told_apart(moves: list[Move]) -> None:
    runs = made_up_runs(moves[:1], {})
    low, high = (content_key(arm) for arm in (moves[0].low_arm, moves[0].high_arm))  # type: ignore[arg-type]
    runs.values[high] = runs.values[low]
    assert overall(direction_table(moves[:1], runs)) == "elsewhere"
    runs.states[high] = runs.states[low]
    assert overall(direction_table(moves[:1], runs)) == "nothing"


def test_a_move_without_arms_is_absent_and_takes_part_in_no_count() -> None:
    absent = [move for move in all_moves() if move.low_arm is None][:1]
    others = mechanism_moves(["joint_duty"])
    runs = made_up_runs([*absent, *others], PLANTED)
    found = direction_table([*absent, *others], runs)
    assert (found["verdict"][: len(QUANTITIES)] == "absent").all()
    assert overall(found[: len(QUANTITIES)]) == "absent"
    alone = direction_table(others, runs)
    assert found["q_value"].to_numpy()[len(QUANTITIES) :] == pytest.approx(alone["q_value"].to_numpy())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_a_line_for_every_move_with_its_cells(table: pd.DataFrame, language: str) -> None:
    page = direction_page(table, MANIFEST, language)
    lines = [line for line in page.splitlines() if line.startswith("| M")]
    assert len(lines) == len(mechanism_moves())
    assert {line.split()[1] for line in lines} == {f"M{number:02d}" for number in range(1, 69)}
    assert all(line.count("|") in (len(QUANTITIES) + 4, len(QUANTITIES) + 5) for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_levers_names_every_setting(language: str) -> None:
    levers = [move for move in all_moves() if move.kind != "mechanism"]
    page = direction_page(direction_table(levers, made_up_runs(levers, {})), MANIFEST, language)
    for move in levers:
        what = f"`{move.name}.{move.setting}`" if move.setting else f"`{move.name}`"
        assert page.count(what) == 3, what


@pytest.mark.parametrize(("language", "title"), [("en", "- harms (1)"), ("zh", "- 不利（1）")])
def test_a_planted_harm_is_said(language: str, title: str, moves: list[Move]) -> None:
    runs = made_up_runs(moves, {})
    harmful = next(move for move in moves if move.label == "joint_duty@alone")
    assert harmful.high_arm is not None
    settled = [name for name, _ in QUANTITIES].index("settled_90_days")
    runs.values[content_key(harmful.high_arm)][settled] -= 0.4
    said = findings(direction_table(moves, runs), MANIFEST, language)
    (line,) = [line for line in said.splitlines() if title in line]
    assert "M36" in line
    assert getattr(MEASURES["settled_90_days"], language) in line


def test_every_mechanism_is_in_the_findings_or_counted(table: pd.DataFrame) -> None:
    words = [overall(group) for _, group in table.groupby(["name", "place"], sort=False)]
    said = findings(table, MANIFEST, "en")
    counts = [re.match(r"- [^:]+? ?(?:\((\d+)\):|: (\d+)$)", line) for line in said.splitlines()]
    counted = sum(int(found.group(1) or found.group(2)) for found in counts if found)
    assert counted == len(words) == 2 * len(list_mechanisms())


def test_marks_that_are_missing_are_noticed() -> None:
    with pytest.raises(ValueError, match="found_zh:begin"):
        between_marks("no marks", "found_zh", "text")
