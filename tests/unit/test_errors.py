from __future__ import annotations

import pickle

import numpy as np
import pytest

from sim.errors import InputError, OutputError, SimulationError, nearest_name

ERRORS = [
    InputError("years", -1, "a whole number from 1 to 50"),
    InputError("package", "five_link", ["none", "five_links"], where="study.yaml, line 3"),
    InputError("seed", 1.5, {"zh": "整数", "en": "a whole number"}, where={"zh": "甲", "en": "a"}),
    OutputError("results/effects.csv", "No space left on device"),
    OutputError("a", {"zh": "是文件", "en": "is a file"}),
    InputError("package", "wulian", ["none"], {"zh": "five_links（五联）", "en": "five_links (five links)"}),
]


@pytest.mark.parametrize("error", ERRORS, ids=str)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_says_one_sentence_in_either_language(error: SimulationError, language: str) -> None:
    sentence = error.message(language)
    assert sentence.count("\n") == 0
    assert sentence.endswith("。" if language == "zh" else ".")
    assert any("一" <= letter <= "鿿" for letter in sentence) == (language == "zh")


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_comes_back_whole_from_a_worker_process(error: SimulationError) -> None:
    returned = pickle.loads(pickle.dumps(error))
    assert type(returned) is type(error)
    assert returned.message("zh") == error.message("zh")
    assert returned.message("en") == error.message("en") == str(error)


def test_names_field_value_allowed_nearest_and_place() -> None:
    sentence = str(InputError("package", "five_link", ["none", "five_links"], where="study.yaml, line 3"))
    for part in ("package", "'five_link'", "none, five_links", "nearest: five_links", "study.yaml, line 3"):
        assert part in sentence


@pytest.mark.parametrize("reason", ["Not a directory", "Permission denied", "No space left on device"])
def test_a_reason_of_the_system_is_told_in_chinese(reason: str) -> None:
    assert "a" not in OutputError("x.csv", reason).message("zh").removeprefix("无法写入 x.csv：")


@pytest.mark.parametrize(("typed", "meant"), [("reps", "replications"), ("work", "workers"), ("rp", None)])
def test_a_shortened_name_is_recognised(typed: str, meant: str | None) -> None:
    assert nearest_name(typed, ["workers", "replications", "years", "region"]) == meant


@pytest.mark.parametrize("title", ["五联（现行联盟）", "five links (the alliance)"])
def test_a_title_is_recognised_without_its_explanation(title: str) -> None:
    assert nearest_name(title.split("（")[0].split(" (")[0], ["paper", title]) == title


def test_a_given_nearest_name_is_kept() -> None:
    assert InputError("a", "x", ["y", "z"], nearest="z").nearest == "z"


def test_a_phrase_of_what_is_allowed_is_not_searched_for_names() -> None:
    assert InputError("a", "whole", "a whole number").nearest is None


def test_numpy_values_are_shown_as_plain_numbers() -> None:
    assert "= 3.5 is" in str(InputError("a", np.float64(3.5), "b"))


def test_long_values_and_long_lists_are_cut() -> None:
    names = [f"name_{number}" for number in range(40)]
    error = InputError("a", "x" * 1000, names)
    assert len(str(error)) < 400
    assert "40 names" in str(error)
    assert "共 40 个" in error.message("zh")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Five-Links", "five_links"), ("five link", "five_links"), ("papr", "paper"), ("xyz", None), ("", None)],
)
def test_finds_the_nearest_name(typed: str, meant: str | None) -> None:
    assert nearest_name(typed, ["none", "paper", "five_links", "completed"]) == meant
