"""Figures that notebooks add: what their titles claim, and that every letter is drawn."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

import sim
from sim.charts.certainty import draw_assumption_sets, draw_precision, effect_with_runs
from sim.charts.chosen import _coalition_finding, coalition_verdict, draw_chosen_effects, draw_coalition
from sim.charts.doses import DoseCourse, dose_course, dose_finding, draw_doses
from sim.charts.findings import Verdict, direction_of
from sim.charts.forest import Panel
from sim.charts.payers import draw_payers, tier_shares
from sim.charts.scopes import draw_scopes, level_of, scope_difference
from sim.errors import InputError
from sim.notebook.story import png_of
from sim.studies.analyses.attribution import attribute_effect
from sim.studies.analyses.outcomes import Outcome
from sim.studies.analyses.robustness import judge_robustness
from sim.studies.comparison import Comparison
from sim.studies.effects import paired_effects

STUDIES = Path(__file__).resolve().parents[2] / "notebooks" / "studies"
RUNS = 6
MEASURES = {
    "settled_30_days": "share",
    "settled_90_days": "share",
    "settled_180_days": "share",
    "vacuum_share": "share",
    "coverage_7_days": "share",
    "willingness": "probability",
}


def comparison(gap: float, effect: float, noise: float) -> Comparison:
    """Lay the border `gap` above the inside, and the arm `effect` above the baseline."""
    spread = noise * np.array([1.0, -1.0, 0.5, -0.5, 0.25, -0.25])
    rows = []
    for measure, unit in MEASURES.items():
        for arm, change in (("none", 0.0), ("five_links", effect)):
            for scope, level in (("interior", 0.5), ("border", 0.5 + gap)):
                for run in range(RUNS):
                    own = 0.01 * (run - 2) + (spread[run] if arm != "none" else 0.0)
                    own += spread[run] if scope == "border" else 0.0
                    rows.append((arm, run, scope, measure, "all", unit, level + change + own))
    columns = ["arm", "replication", "scope", "measure", "tier", "unit", "value"]
    measures = pd.DataFrame(rows, columns=columns)
    cases = pd.DataFrame(
        {name: [] for name in ("arm", "replication", "scope", "domain", "legacy", "settled")}
    )
    arms = ("none", "five_links")
    names = {"none": {"zh": "无机制", "en": "no mechanism"}, "five_links": {"zh": "五联", "en": "five links"}}
    manifest = {"arms": {arm: {"name": names[arm]} for arm in arms}, "seeds": list(range(RUNS)), "days": 365}
    effects = paired_effects(
        pd.concat(
            [
                measures,
                measures.query("measure == 'vacuum_share'").assign(
                    measure="staff_days", unit="staff-days a year"
                ),
            ]
        ),
        region="r",
        arms=arms,
    )
    return Comparison("r", arms, effects, measures, pd.DataFrame(), cases, manifest)


def titles(figure: Figure) -> str:
    return " ".join(item.get_text() for item in figure.texts if item.get_fontsize() > 9.2)


@pytest.mark.parametrize(
    ("gap", "noise", "claim"),
    [(0.2, 0.01, "clearly higher"), (-0.2, 0.01, "clearly lower"), (0.01, 0.3, "no clear difference")],
)
def test_the_title_of_border_and_inside_claims_what_the_runs_support(
    gap: float, noise: float, claim: str
) -> None:
    found = comparison(gap, 0.0, noise)
    said = titles(draw_scopes(found, "en"))
    assert claim in said
    assert scope_difference(found, "none", "settled_90_days").effect == pytest.approx(gap)
    mean, low, high = level_of(found, "none", Outcome("settled_90_days"))
    assert low < mean < high


@pytest.mark.parametrize(("effect", "noise", "is_clear"), [(0.2, 0.01, True), (0.01, 0.3, False)])
def test_the_title_of_added_runs_claims_what_they_support(
    effect: float, noise: float, is_clear: bool
) -> None:
    found = comparison(0.0, effect, noise)
    for runs in (3, RUNS):
        verdict = effect_with_runs(found, "five_links", "settled_90_days", runs)
        unclear = "no clear difference" in titles(draw_precision(found, "en", runs=runs))
        assert unclear == (verdict.direction == "unclear")
    assert (effect_with_runs(found, "five_links", "settled_90_days", RUNS).direction == "higher") == is_clear


def test_all_runs_give_the_effect_of_the_comparison() -> None:
    found = comparison(0.0, 0.1, 0.02)
    row = found.effects.query("scope == 'border' and measure == 'settled_90_days'").iloc[0]
    verdict = effect_with_runs(found, "five_links", "settled_90_days", RUNS)
    assert (verdict.effect, verdict.low, verdict.high) == pytest.approx(
        (row["effect"], row["low"], row["high"])
    )


_ENDS = st.floats(-1, 1, allow_nan=False)


@given(_ENDS, _ENDS, _ENDS)
def test_a_dose_claims_an_effect_only_where_its_interval_leaves_zero(a: float, b: float, c: float) -> None:
    low, effect, high = sorted((a, b, c))
    verdict = Verdict("0.5", effect, low, high, direction_of(low, high))
    whole = Verdict("1", 0.4, 0.3, 0.5, "higher")
    course = DoseCourse(
        Outcome("settled_90_days"),
        "five_links",
        "none",
        (0.5, 1.0),
        (verdict, whole),
        ((0.5, 0.4, 0.6), (1.0, 1.0, 1.0)),
        6,
    )
    for language, words in {"zh": "无明显差异", "en": "no clear difference"}.items():
        assert (words in dose_finding(course, 0, language)) == (verdict.direction == "unclear")


@given(st.one_of(st.just((math.nan, 0.1, math.nan)), st.tuples(_ENDS, _ENDS, _ENDS).map(sorted)))
def test_chosen_links_claim_an_effect_only_where_their_interval_leaves_zero(ends: Sequence[float]) -> None:
    low, effect, high = ends
    verdict = Verdict("peace", effect, low, high, direction_of(low, high))
    panel = Panel(Outcome("settled_90_days"), (verdict, verdict))
    words = {"zh": ("无明显差异", "无法比较"), "en": ("no clear difference", "not comparable")}
    for language, (unclear, unmeasured) in words.items():
        said = _coalition_finding(panel, "X", language)
        assert (unclear in said) == (verdict.direction == "unclear")
        assert (unmeasured in said) == (verdict.direction == "unmeasured")


@pytest.mark.parametrize(("language", "words"), [("zh", "无法比较"), ("en", "not comparable")])
def test_a_dose_of_one_run_is_not_comparable(language: str, words: str) -> None:
    verdict = Verdict("0.5", 0.1, math.nan, math.nan, "unmeasured")
    share = (math.nan, math.nan, math.nan)
    outcome = Outcome("settled_90_days")
    course = DoseCourse(outcome, "five_links", "none", (0.5, 1.0), (verdict,) * 2, (share,) * 2, 1)
    assert words in dose_finding(course, 0, language)


def test_a_course_of_doses_needs_one_factor_and_a_baseline() -> None:
    with pytest.raises(InputError, match="one factor"):
        dose_course(sim.open_study(STUDIES / "five_links" / "results"), "settled_90_days")


def test_the_largest_dose_is_the_whole_effect() -> None:
    course = dose_course(sim.open_study(STUDIES / "alliance_dose" / "results"), "settled_90_days")
    assert course.doses[-1] == 1.0
    assert course.shares[-1] == pytest.approx((1.0, 1.0, 1.0))
    assert list(course.doses) == sorted(course.doses)


def test_all_links_together_do_what_the_attribution_divides() -> None:
    study = sim.open_study(STUDIES / "five_links" / "results")
    links = [str(name) for name in study.dimensions["dimension"]]
    parts = attribute_effect(study, "settled_90_days")
    whole = coalition_verdict(study, "settled_90_days", links)
    assert (whole.effect, whole.low, whole.high) == pytest.approx(
        (parts.total, parts.total_low, parts.total_high)
    )
    none = coalition_verdict(study, "settled_90_days", [])
    assert none.effect == 0.0
    assert none.direction in ("unclear", "unmeasured")
    with pytest.raises(InputError, match="peace"):
        coalition_verdict(study, "settled_90_days", ["peaces"])


def test_tiers_share_all_staff_days() -> None:
    table = tier_shares(sim.open_results(STUDIES / "alliance" / "results"), "five_links")
    assert float(table["share"].sum()) == pytest.approx(1.0)
    assert (table["share_low"] <= table["share"]).all()
    assert math.isclose(
        float(table["days"].sum()),
        float(level_of(sim.open_results(STUDIES / "alliance" / "results"), "five_links", "staff_days")[0]),
    )


FIGURES: dict[str, Callable[[str], Figure]] = {
    "scopes": lambda language: draw_scopes(sim.open_results(STUDIES / "alliance" / "results"), language),
    "payers": lambda language: draw_payers(sim.open_results(STUDIES / "alliance" / "results"), language),
    "precision": lambda language: draw_precision(
        sim.open_results(STUDIES / "alliance" / "results"), language
    ),
    "chosen": lambda language: draw_chosen_effects(
        sim.open_results(STUDIES / "why_alone" / "results"), language, ["effort", "border.effort.town"]
    ),
    "coalition": lambda language: draw_coalition(
        sim.open_study(STUDIES / "five_links" / "results"), language, ["peace", "ecology"]
    ),
    "no_coalition": lambda language: draw_coalition(
        sim.open_study(STUDIES / "five_links" / "results"), language, []
    ),
    "doses": lambda language: draw_doses(
        sim.open_study(STUDIES / "body_dose" / "results"),
        language,
        ["settled_90_days", "staff_days"],
        mark=0.25,
    ),
    "sets": lambda language: draw_assumption_sets(
        judge_robustness(sim.open_study(STUDIES / "assumptions" / "results"), "settled_90_days"), language
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(FIGURES))
def test_every_letter_is_drawn_and_nothing_is_warned_of(name: str, language: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = FIGURES[name](language)
        assert len(png_of(figure, language)) > 10_000
    assert len(titles(figure)) > 10
