"""Figures of studies: complete in both languages, no word clipped, no title beyond its intervals."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from sim.charts.attribution import attribution_finding, draw_attribution, draw_interactions
from sim.charts.calibration import draw_history_match, history_finding
from sim.charts.conditions import condition_finding, draw_conditions
from sim.charts.policies import draw_policies, policy_finding
from sim.charts.robustness import draw_robustness, robustness_finding
from sim.charts.sensitivity import draw_sensitivity, sensitivity_finding
from sim.charts.study_packages import draw_frontier, draw_package_effects, package_finding
from sim.language import text
from sim.studies.analyses.attribution import Attribution, attribute_effect, find_interactions
from sim.studies.analyses.conditions import find_conditions
from sim.studies.analyses.history_matching import match_history
from sim.studies.analyses.outcomes import Outcome
from sim.studies.analyses.packages import cost_frontier, package_effects
from sim.studies.analyses.patterns import Pattern
from sim.studies.analyses.policy_search import search_policies
from sim.studies.analyses.robustness import judge_robustness
from sim.studies.analyses.sensitivity import screen_by_morris, sobol_indices
from sim.studies.study import run_study
from tests.charts.test_figures import _check_words
from tests.studies.analyses.models import Formula

LINKS = dict.fromkeys(("organisation", "peace", "ecology", "industry", "culture"))
WEIGHTS = {"organisation": 0.09, "peace": 0.06, "ecology": 0.0, "industry": 0.015, "culture": -0.01}
UNCERTAIN = ["trust_gain", "one_sided_penalty", "border_disputes_per_village", "reachable_share"]
ARMS = ["none", "paper", "five_links", "completed"]
PATTERNS = (
    Pattern(
        "P12",
        {"zh": "查获占比", "en": "large operations with a hit"},
        0.3,
        0.7,
        "border.operation_hit_share.all",
    ),
    Pattern(
        "P27",
        {"zh": "可联系的成员", "en": "members who can be reached"},
        0.5,
        0.7,
        parameter="reachable_share",
    ),
)


def made_up(parameters: Any, arm: str, doses: Any, chance: np.random.Generator) -> dict[str, float]:
    """Effects of the size that the border has, from links, packages and parameters."""
    shock, noise = 0.02 * chance.normal(), 0.01 * chance.normal(size=12)
    gain = sum(
        WEIGHTS.get(name, 0.02) * dose * (1 + noise[place])
        for place, (name, dose) in enumerate(doses.items())
    )
    trust = parameters.get("trust_gain", 0.05)
    penalty = parameters.get("one_sided_penalty", 0.3)
    strength = {"none": 0.0, "paper": 0.004, "five_links": 0.1, "completed": 0.2}.get(arm, 0.0)
    gain += strength * (8 * trust - 2.2 * penalty) * (1 + noise[7]) + (strength > 0) * 0.5 * noise[8]
    days = 900 * sum(doses.values()) + 9000 * strength
    return {
        "border.settled_90_days.all": 0.3 + shock + gain,
        "border.coverage_7_days.all": 0.5 + shock + 0.5 * gain,
        "border.staff_days.all": days * (1 + noise[9]),
        "border.operation_hit_share.all": 0.2 + 2 * penalty - 2 * trust + noise[10],
    }


def run(folder: Path, **changes: Any) -> Any:
    chosen = {"arms": ["none"], "replications": 6, **changes}
    return run_study(chosen, folder, model=Formula(made_up), workers=1, progress=False)


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[[str], Figure]]:
    def folder(name: str) -> Path:
        return tmp_path_factory.mktemp(name)

    links = run(folder("links"), factors=LINKS, design="shapley")
    orders = run(folder("orders"), factors=LINKS, design={"kind": "shapley", "permutations": 6})
    sets = run(
        folder("sets"), arms=ARMS, uncertain=UNCERTAIN, design={"kind": "latin_hypercube", "samples": 60}
    )
    morris = run(folder("morris"), arms=ARMS[::2], uncertain=UNCERTAIN, design="morris")
    sobol = run(folder("sobol"), arms=ARMS[::2], uncertain=UNCERTAIN, design={"kind": "sobol", "samples": 32})
    search = search_policies(
        {"arms": ["none"], "replications": 4, "factors": {**LINKS, "joint_duty": {"low": 0, "high": 1}}},
        ["settled_90_days", "coverage_7_days"],
        16_000,
        folder("search"),
        trials=24,
        batch=12,
        workers=1,
        progress=False,
        model=Formula(made_up),
    )
    outcomes = ["settled_90_days", "coverage_7_days", "staff_days"]
    five = Outcome("settled_90_days")
    return {
        "attribution": lambda language: draw_attribution(
            [attribute_effect(links, name) for name in outcomes], language
        ),
        "orders": lambda language: draw_attribution([attribute_effect(orders, five)], language),
        "interactions": lambda language: draw_interactions(find_interactions(links, five), language),
        "effects": lambda language: draw_package_effects(package_effects(sets, outcomes), language),
        "frontier": lambda language: draw_frontier(cost_frontier(sets), language),
        "frontier_links": lambda language: draw_frontier(cost_frontier(links), language),
        "morris": lambda language: draw_sensitivity(
            screen_by_morris(morris, five, arm="five_links"), language
        ),
        "sobol": lambda language: draw_sensitivity(
            sobol_indices(sobol, five, arm="five_links", kind="level"), language
        ),
        "conditions": lambda language: draw_conditions(
            find_conditions(sets, five, arm="five_links"), language
        ),
        "robustness": lambda language: draw_robustness(
            judge_robustness(sets, five, patterns=PATTERNS), language
        ),
        "robustness_all": lambda language: draw_robustness(judge_robustness(sets, five), language),
        "history": lambda language: draw_history_match(
            (match_history(sets, PATTERNS), sets.dimensions), language
        ),
        "policies": lambda language: draw_policies(search, language),
    }


NAMES = [
    "attribution", "orders", "interactions", "effects", "frontier", "frontier_links", "morris", "sobol",
    "conditions", "robustness", "robustness_all", "history", "policies",
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_can_be_read_in_both_languages(
    name: str, language: str, drawings: dict[str, Callable[[str], Figure]]
) -> None:
    with warnings.catch_warnings():
        # Libraries of analyses have warnings of their own; those of drawing are faults of the figure.
        warnings.filterwarnings("error", message=".*(Glyph|layout|findfont).*")
        figure = drawings[name](language)
        _check_words(figure, language)


ENDS = st.floats(-0.3, 0.3).filter(lambda value: abs(value) > 1e-6)
PART = st.tuples(ENDS, ENDS).map(sorted)


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(PART, min_size=2, max_size=5), whole=PART)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_title_names_only_parts_whose_interval_excludes_zero(
    language: str, parts: list[list[float]], whole: list[float]
) -> None:
    names = [f"part{number}" for number in range(len(parts))]
    rows = [
        (name, (low + high) / 2, low, high, 0.5, 0.4, 0.6)
        for name, (low, high) in zip(names, parts, strict=True)
    ]
    columns = ["player", "value", "low", "high", "share", "share_low", "share_high"]
    found = Attribution(
        Outcome("settled_90_days"), "here", pd.DataFrame(rows, columns=columns), sum(whole) / 2, *whole, 9, 0
    )
    title = attribution_finding(found, language)
    opening = text("charts.unclear_parts", language, parts="").strip()
    claimed, _, unclear = title.partition(opening)
    for name, (low, high) in zip(names, parts, strict=True):
        if low <= 0 <= high:
            assert name not in claimed
        else:
            assert name not in unclear
    never = text("charts.attribution_unclear", language, outcome="", whole="", parts="").strip(
        " :：;；,，（）"
    )
    assert (never[:4] in title) == (whole[0] <= 0 <= whole[1])


def test_a_title_of_effects_says_no_clear_difference(drawings: Any) -> None:
    rows = {
        "arm": ["paper"], "doses": [""], "outcome": ["border.settled_90_days.all"],
        "effect": [0.01], "low": [-0.01], "high": [0.03],
    }  # fmt: skip
    assert "no clear difference with" in package_finding(
        pd.DataFrame(rows), "border.settled_90_days.all", "en"
    )


def test_what_no_point_has_a_value_of_is_named_and_not_drawn(tmp_path: Path) -> None:
    """A border without a river has no section; its panel would be an axis around nothing, its runs none."""
    study = run(tmp_path, arms=ARMS)
    known = package_effects(study, ["settled_90_days"])
    unknown = known.assign(
        outcome="border.section_compliance.all", effect=math.nan, low=math.nan, high=math.nan, replications=0
    )
    figure = draw_package_effects(pd.concat([known, unknown]), "en")
    assert sum(axes.get_visible() for axes in figure.axes) == 1
    said = " ".join(words.get_text() for words in figure.texts)
    assert "not drawn: months the section meets its limit" in " ".join(said.split())
    assert "6 runs of each point" in " ".join(said.split())


def test_titles_of_many_panels_keep_to_their_panels(tmp_path: Path) -> None:
    table = package_effects(run(tmp_path, arms=ARMS), ["settled_90_days"])
    longest = ["willingness", "section_compliance", "coverage_7_days", "staff_days", "first_response_days"]
    many = [
        table.assign(outcome=f"{scope}.{name}.all") for name in longest for scope in ("interior", "border")
    ]
    figure = draw_package_effects(pd.concat(many), "en")
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = [axes.title.get_window_extent(renderer) for axes in figure.axes if axes.get_visible()]
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])
        assert box.x1 <= figure.bbox.x1


def test_conditions_that_do_not_hold_on_other_sets_are_not_claimed(tmp_path: Path) -> None:
    study = run(
        tmp_path, arms=ARMS[::2], uncertain=UNCERTAIN, design={"kind": "latin_hypercube", "samples": 60}
    )
    found = find_conditions(study, "settled_90_days", arm="five_links")
    assert found.box is not None
    assert "of those with" in condition_finding(found, "en")
    doubtful = replace(found, held_out=(0.7, found.overall.share - 0.1, 0.9))
    assert "no condition stands up" in condition_finding(doubtful, "en")
    assert "no condition stands up" in condition_finding(replace(found, held_out=(math.nan,) * 3), "en")


def test_other_titles_follow_their_intervals(tmp_path: Path) -> None:
    study = run(tmp_path, arms=ARMS, uncertain=UNCERTAIN, design={"kind": "latin_hypercube", "samples": 40})
    ranked = judge_robustness(study, "settled_90_days")
    level = replace(ranked, ahead_low=-1.0)
    assert "no package clearly does best" in robustness_finding(level, "en")
    match = match_history(study, PATTERNS)
    assert "the default set inside it" in history_finding(replace(match, default_inside=True), "en")
    assert "is not inside it" in history_finding(replace(match, default_inside=False), "en")
    morris = run(tmp_path / "m", arms=ARMS[::2], uncertain=UNCERTAIN, design="morris")
    screened = screen_by_morris(morris, "settled_90_days", arm="five_links")
    nothing = replace(screened, table=screened.table.assign(is_clear=False))
    assert "0 of 4" in sensitivity_finding(nothing, "en")


def test_a_search_in_which_nothing_fits_the_budget_says_so(drawings: Any) -> None:
    from sim.studies.analyses.policy_search import PolicySearch

    table = pd.DataFrame({"best": [False], "border.settled_90_days.all": [0.2], "hours": [900.0]})
    found = PolicySearch((Outcome("settled_90_days"),), 100.0, table, 1, 4, None)  # type: ignore[arg-type]
    assert policy_finding(found, "en").startswith("None of 1 candidates")
