"""What a report says is what the result holds."""

from __future__ import annotations

import dataclasses
import math
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from sim.command.entry import main
from sim.errors import InputError
from sim.language import LANGUAGES, catalogue, text
from sim.measures.definitions import MEASURES
from sim.parameters import PARAMETERS
from sim.report import content
from sim.report.assumption_tables import BASES, count_by_basis
from sim.report.content import Report, make_report
from sim.report.effect_tables import headline_tables
from sim.report.table import Change, Level, Number, Table
from sim.studies.comparison import Comparison
from sim.studies.results import open_results
from sim.studies.scenario import load_scenario
from sim.world.region import load_region

ROOT = Path(__file__).resolve().parents[2]
_source = spec_from_file_location("made_up_comparison", ROOT / "tests" / "charts" / "conftest.py")
assert _source is not None
assert _source.loader is not None
made_up = module_from_spec(_source)
_source.loader.exec_module(made_up)


@pytest.fixture(scope="module")
def found(finished_results: Path) -> Comparison:
    return open_results(finished_results)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the figures, which other tests look at."""
    monkeypatch.setattr(content, "draw_pictures", lambda *_: [])


def changed(comparison: Comparison, **parts: Any) -> Comparison:
    return dataclasses.replace(comparison, manifest=comparison.manifest | parts)


def change_cells(table: Table) -> list[Change]:
    return [cell for row in table.rows for cell in row if isinstance(cell, Change)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("undrawn")
def test_the_question_is_that_of_the_scenario(found: Comparison, language: str) -> None:
    story = load_scenario("joined_in_form")
    report = make_report(found, language)
    assert report.question == story.question[language]
    assert len(report.answers) == len(story.findings)
    assert MEASURES["suspension_gap"].zh in make_report(found, "zh").answers[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("undrawn")
def test_without_a_scenario_the_question_names_the_arms(found: Comparison, language: str) -> None:
    report = make_report(changed(found, scenario=None), language)
    names = [found.manifest["arms"][arm]["name"][language] for arm in found.arms]
    assert all(re.split("[（(]", name)[0].strip() in report.question for name in names)
    assert len(report.answers) == 5


@pytest.mark.usefixtures("undrawn")
def test_an_older_result_without_what_was_added_is_reported_too(found: Comparison) -> None:
    late = ("scenario", "region_title", "code")
    old = {key: value for key, value in found.manifest.items() if key not in late}
    report = make_report(dataclasses.replace(found, manifest=old), "en")
    assert load_region(found.region).title_en in report.title


def test_the_headline_table_holds_the_stored_numbers(found: Comparison) -> None:
    (table,) = headline_tables(found, "en")
    stored = found.effects.set_index(["arm", "measure", "scope", "tier"])
    names = {measure.name for measure in MEASURES.values() if measure.headline}
    seen = set()
    for row in table.rows:
        for arm, cell in zip(found.arms[1:], row[2:], strict=True):
            assert isinstance(cell, Change)
            seen.add(cell.measure.name)
            of_arm = stored.loc[arm].loc[cell.measure.name]
            numbers = of_arm[["effect", "low", "high"]].to_numpy(dtype=float)
            assert any(
                math.isnan(cell.effect) or (one == [cell.effect, cell.low, cell.high]).all()
                for one in numbers
            )
    assert names <= seen | {
        name for name in names if found.effects[found.effects["measure"] == name]["arm_value"].isna().all()
    }


def test_many_arms_stand_in_several_tables() -> None:
    arms = ("none", "paper", "five_links", "completed", "agreement", "hierarchy")
    made_up.STRENGTH.update({"agreement": 0.2, "hierarchy": 0.3})
    comparison = made_up.make_comparison(arms, replications=3)
    tables = headline_tables(comparison, "zh")
    assert [len(table.columns) for table in tables] == [5, 4]
    assert len({table.key for table in tables}) == 2
    assert sum(len(change_cells(table)) for table in tables) == 5 * sum(1 for _ in tables[0].rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("undrawn")
def test_every_parameter_stands_with_its_basis(found: Comparison, language: str) -> None:
    table = make_report(found, language).parameters
    rows = {str(row[1]): row for row in table.rows}
    assert set(rows) == set(PARAMETERS)
    assert [len(group.rows) for group in table.groups] == [count_by_basis()[kind] for kind in BASES]
    assert rows["belief_weight"][2] == Number(0.3)
    assert text("report.parameters.changed", language) in str(rows["belief_weight"][0])
    for name, row in rows.items():
        assert row[3:5] == (Number(PARAMETERS[name].low), Number(PARAMETERS[name].high))
        assert all(str(cell) for cell in row)
        if language == "zh":
            assert re.search("[一-鿿]", str(row[5])), f"unit of {name}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("undrawn")
def test_every_mechanism_in_force_stands_with_its_levers(found: Comparison, language: str) -> None:
    report = make_report(found, language)
    yes = text("report.mechanisms.yes", language)
    for place, arm in enumerate(("paper", "five_links")):
        names = [
            mechanism["name"][language] for mechanism in found.manifest["arms"][arm]["mechanisms"].values()
        ]
        marked = [str(row[0]) for row in report.mechanisms.rows if str(row[4 + place]).startswith(yes)]
        assert len(marked) == len(names)
        assert all(any(name in one for one in marked) for name in names)
    assert all(str(row[2]) for row in report.mechanisms.rows)
    settings = sum(
        max(1, len(use["settings"]) + len(use.get("options", {})))
        for package in found.manifest["arms"].values()
        for mechanism in package["mechanisms"].values()
        for use in mechanism["levers"]
    )
    assert len(list(report.levers.rows)) == settings


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("undrawn")
def test_it_says_what_was_not_studied(found: Comparison, language: str) -> None:
    report = make_report(found, language)
    assert report.certainty[-1] == text("report.sure.range", language)
    assert any("3" in line for line in report.certainty)
    counted = [int(number) for number in re.findall(r"\d+", report.certainty[2])]
    table = found.effects[
        (found.effects["scope"] == "border")
        & (found.effects["tier"] == "all")
        & found.effects["measure"].map(lambda name: MEASURES[name].headline)
        & found.effects["low"].notna()
    ]
    clear = int(((table["low"] > 0) | (table["high"] < 0)).sum())
    assert {len(table), clear, len(table) - clear} <= set(counted)


@pytest.mark.usefixtures("undrawn")
def test_the_command_shown_can_be_typed(
    found: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for comparison in (found, changed(found, scenario=None)):
        report: Report = make_report(comparison, "en")
        words = report.commands["again"].replace('"', "").split()
        assert words[:3] == ["python", "-m", "sim"]
        assert main([*words[3:], "--cfg", "job"]) == 0
        shown = capsys.readouterr().out
        assert "seed: 5" in shown
        assert "belief_weight: 0.3" in shown
        again = report.commands["range"].replace('"', "").split()[3:]
        values = next(word for word in again if word.endswith(f"{PARAMETERS['belief_weight'].high:g}"))
        assert len(values.partition("=")[2].split(",")) == 3


def test_the_limits_are_those_of_the_document() -> None:
    document = (ROOT / "docs" / "limits.md").read_text("utf-8")
    document = re.sub(r"\[[^\]]+\]\(([^)#]+)[^)]*\)", r"docs/\1", document)
    document = " ".join(re.sub(r"[`*|]", " ", document).split())
    said = [" ".join(entry["en"].split()) for key, entry in catalogue().items() if key.startswith("limits.")]
    plain = re.sub(r"\s+", "", document)
    assert [line for line in said if re.sub(r"\s+", "", line) not in plain] == []
    # Nothing of the document is missing either, but its title, marks and the head of its table.
    for line in said:
        plain = plain.replace(re.sub(r"\s+", "", line), "", 1)
    assert (
        re.sub(r"[-–:()#.\s]", "", plain).replace("Limits", "").replace("patternwhatthemodeldoes", "") == ""
    )


@pytest.mark.usefixtures("undrawn")
def test_a_border_that_nobody_knows_has_no_map_and_says_so(found: Comparison) -> None:
    own = dataclasses.replace(found, region="my_border")
    report = make_report(own, "en")
    assert "my_border" in report.no_map
    assert make_report(found, "en").no_map == ""


def test_another_border_is_refused(found: Comparison) -> None:
    with pytest.raises(InputError, match="wujin"):
        make_report(found, "en", load_region("wujin"))


@pytest.mark.parametrize("key", ["arms", "seeds", "days", "start"])
def test_a_manifest_without_its_parts_is_refused(found: Comparison, key: str) -> None:
    manifest = {name: value for name, value in found.manifest.items() if name != key}
    with pytest.raises(InputError, match=key):
        make_report(dataclasses.replace(found, manifest=manifest), "en")


def test_a_baseline_level_is_what_is_stored(found: Comparison) -> None:
    (table,) = headline_tables(found, "zh")
    level = next(row[1] for row in table.rows)
    assert isinstance(level, Level)
    rows = found.effects[
        (found.effects["measure"] == "settled_90_days") & (found.effects["scope"] == "border")
    ]
    assert level.value == rows["baseline_value"].iloc[0]
