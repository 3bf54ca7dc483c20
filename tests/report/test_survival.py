"""Conclusions held against a study whose answers are known."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.language import LANGUAGES, text
from sim.measures.definitions import MEASURES
from sim.report.survival import judge_survival
from sim.report.table import Change, Number
from sim.studies.comparison import Comparison
from sim.studies.study import run_study
from tests.studies.analyses.models import Formula

_source = spec_from_file_location(
    "made_up_comparison", Path(__file__).resolve().parents[1] / "charts" / "conftest.py"
)
assert _source is not None
assert _source.loader is not None
made_up = module_from_spec(_source)
_source.loader.exec_module(made_up)
SAMPLES = 40


def turning(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    """Five links settle p - 0.3 more, and make more willing everywhere; paper does nothing."""
    gain = {"none": 0.0, "paper": 0.0, "five_links": parameters["p"] - 0.3}[arm]
    shock, own = chance.normal(), 0.01 * chance.normal(size=2)
    return {
        "border.settled_90_days.all": shock + gain + (own[0] if arm != "none" else 0.0),
        "border.willingness.all": shock + (0.2 + own[1] if arm == "five_links" else 0.0),
    }


def run(folder: Path, **changes: Any) -> Any:
    settings = {
        "arms": ["none", "paper", "five_links"],
        "uncertain": {"p": {"low": 0.0, "high": 1.0}, "q": {"low": 0.0, "high": 1.0}},
        "design": {"kind": "latin_hypercube", "samples": SAMPLES},
        "replications": 4,
    } | changes
    return run_study(settings, folder, model=Formula(turning), workers=1, progress=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("turning"))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    found: Comparison = made_up.make_comparison(("none", "paper", "five_links"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_counts_the_sets_in_which_a_conclusion_holds(
    comparison: Comparison, study: Any, language: str
) -> None:
    found = judge_survival(comparison, study, language)
    rows = {(row[0], row[1]): row for row in found.table.rows}
    assert len(rows) == 4
    settled, willing = (getattr(MEASURES[name], language) for name in ("settled_90_days", "willingness"))
    names = [name for _, name in rows][:2]
    higher, unclear, lower = (cell.value for cell in rows[settled, names[1]][3:6] if isinstance(cell, Number))
    # p lies below 0.3 in 12 of 40 sets of a Latin hypercube; next to 0.3 chance decides.
    assert higher + unclear + lower == SAMPLES
    assert higher == pytest.approx(28, abs=2)
    assert lower == pytest.approx(12, abs=2)
    assert rows[settled, names[1]][6] == text("report.survival.turns", language)
    assert rows[willing, names[1]][3:7] == (
        Number(SAMPLES, 0), Number(0, 0), Number(0, 0), text("report.survival.holds_everywhere", language),
    )  # fmt: skip
    assert isinstance(rows[settled, names[0]][2], Change)
    assert rows[settled, names[0]][2].verdict == "same"
    assert "p" in found.words
    assert str(SAMPLES) in found.words
    assert [picture.name for picture in found.pictures] == [
        "survival_settled_90_days",
        "survival_willingness",
    ]


def test_it_looks_at_what_the_question_is_about(comparison: Comparison, study: Any) -> None:
    found = judge_survival(comparison, study, "en", ["willingness", "staff_days"])
    assert {row[0] for row in found.table.rows} == {MEASURES["willingness"].en}
    with pytest.raises(InputError, match="staff_days"):
        judge_survival(comparison, study, "en", ["staff_days"])


def test_another_study_is_refused(comparison: Comparison, tmp_path: Path) -> None:
    one_set = run(tmp_path / "one", uncertain={}, design={"kind": "list"})
    with pytest.raises(InputError, match="uncertain"):
        judge_survival(comparison, one_set, "en")
    other_arms = made_up.make_comparison(("none", "completed"))
    made = run(tmp_path / "two", design={"kind": "latin_hypercube", "samples": 4})
    with pytest.raises(InputError, match="baseline none"):
        judge_survival(other_arms, made, "en")
