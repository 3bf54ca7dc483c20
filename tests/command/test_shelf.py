from __future__ import annotations

import pytest

from sim.command.shelf import KINDS, describe, shelf_lines, unit_key
from sim.files import scenarios_folder
from sim.language import LANGUAGES, catalogue
from sim.levers.definitions import LEVERS
from sim.levers.mechanisms import list_mechanisms, list_packages
from sim.measures.definitions import MEASURES
from sim.parameters import PARAMETERS
from sim.studies.scenario import list_scenarios
from sim.world.region import region_names

NAMES = {
    "regions": region_names(),
    "packages": list_packages(),
    "scenarios": list_scenarios(),
    "mechanisms": list_mechanisms(),
    "levers": LEVERS,
    "measures": MEASURES,
    "parameters": PARAMETERS,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_everything_there_is_has_its_line(kind: str, language: str) -> None:
    lines = shelf_lines(kind, language)
    assert [line.split()[0] for line in lines] == list(NAMES[kind])
    assert all(len(line.split()) > 1 for line in lines)


def test_all_shelves_are_listed_where_none_is_named() -> None:
    told = "\n".join(describe([], "zh"))
    assert all(name in told for names in NAMES.values() for name in names)


def test_a_scenario_of_the_project_is_listed(tmp_path: object) -> None:
    assert {path.stem for path in (scenarios_folder() / "scenario").glob("*.yaml")} == set(list_scenarios())


def test_every_unit_has_its_words() -> None:
    assert {unit_key(measure.unit) for measure in MEASURES.values()} <= set(catalogue())
