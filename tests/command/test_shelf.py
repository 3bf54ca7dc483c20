from __future__ import annotations

import re

import pytest

from sim.command.shelf import KINDS, describe, shelf_lines
from sim.files import scenarios_folder
from sim.language import LANGUAGES, text, unit_words
from sim.levers.definitions import LEVERS
from sim.levers.mechanism import GROUPS
from sim.levers.mechanisms import list_mechanisms, list_packages, load_mechanism
from sim.measures.definitions import MEASURES
from sim.parameters import PARAMETERS
from sim.studies.scenario import list_scenarios, load_scenario
from sim.studies.study_file import list_studies
from sim.world.region import load_region, region_names

NAMES = {
    "regions": region_names(),
    "packages": list_packages(),
    "scenarios": list_scenarios(),
    "studies": list_studies(),
    "mechanisms": list_mechanisms(),
    "levers": LEVERS,
    "measures": MEASURES,
    "parameters": PARAMETERS,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("mechanisms", "scenarios")])
def test_everything_there_is_has_its_line(kind: str, language: str) -> None:
    lines = shelf_lines(kind, language)
    assert [line.split()[0] for line in lines] == list(NAMES[kind])
    assert all(len(line.split()) > 1 for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mechanism_has_its_line_under_the_heading_of_its_group(language: str) -> None:
    headings = {text(f"mechanisms.group.{group}", language): group for group in GROUPS}
    mark = text("mechanisms.transferred", language)
    group, listed, numbers = "", [], []
    for line in shelf_lines("mechanisms", language):
        if line.strip() in headings:
            group = headings[line.strip()]
            continue
        key, number, words = line.split(maxsplit=2)
        mechanism = load_mechanism(key)
        assert (group, number) == (mechanism.group, mechanism.id)
        assert words.startswith(mechanism.name[language])
        assert mechanism.summary[language] in words
        assert (mark in words) == mechanism.transferred
        listed.append(key)
        numbers.append(number)
    assert sorted(listed) == list(NAMES["mechanisms"])
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scenario_has_its_line_under_the_title_of_its_region(language: str) -> None:
    titles = {getattr(load_region(name), f"title_{language}"): name for name in region_names()}
    region, listed = "", []
    for line in shelf_lines("scenarios", language):
        if line.strip() in titles:
            region = titles[line.strip()]
            continue
        key, words = line.split(maxsplit=1)
        scenario = load_scenario(key)
        assert scenario.region == region
        assert words == scenario.question[language]
        listed.append(key)
    assert sorted(listed) == list_scenarios()


def test_all_shelves_are_listed_where_none_is_named() -> None:
    told = "\n".join(describe([], "zh"))
    assert all(name in told for names in NAMES.values() for name in names)


def test_a_scenario_of_the_project_is_listed(tmp_path: object) -> None:
    assert {path.stem for path in (scenarios_folder() / "scenario").glob("*.yaml")} == set(list_scenarios())


def test_every_unit_has_its_words_in_both_languages() -> None:
    settings = [setting for lever in LEVERS.values() for setting in lever.settings.values()]
    for unit in {row.unit for row in (*MEASURES.values(), *PARAMETERS.values(), *settings)}:
        assert not re.search("[a-z]{3}", unit_words(unit, "zh")), unit
        assert not re.search("[\u4e00-\u9fff]", unit_words(unit, "en"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_in_one_language_has_no_word_of_the_other(kind: str) -> None:
    for line in shelf_lines(kind, "en"):
        assert not re.search("[\u4e00-\u9fff]", line)
    for line in shelf_lines(kind, "zh"):
        # Names to be typed are the same in both; what they mean is said in Chinese.
        assert not re.search("[a-z]{3,} [a-z]{3,}", re.sub(r"^ *[\w.]+ +", "", line)), line
