"""Where disputes go: hand-counted flows, titles that claim no more than intervals, legible figures."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from sim.charts.flow import draw_flow, say_flows
from sim.charts.flow_counts import (
    ENDS,
    STAGES,
    flow_differences,
    flows_by_replication,
    node_totals,
    years_of,
)
from sim.charts.style import drawing
from sim.errors import InputError
from sim.levers.mechanisms import load_package
from sim.studies.comparison import Comparison

DAY = pd.Timestamp("2018-03-01")
# settled_tier, given_up, hand_offs, sessions
CASES = {
    "none": [
        ("village", False, 0, 2), (None, True, 0, 1), (None, False, 0, 0), (None, False, 1, 3),
        ("town", False, 1, 1),
    ],
    "completed": [
        ("village", False, 0, 2), ("village", False, 0, 1), ("department", False, 1, 2),
        ("county", False, 2, 3), ("upper", False, 1, 1), (None, False, 0, 1),
    ],
}  # fmt: skip


def made(replications: int = 3, years: int = 2, more: int = 0) -> Comparison:
    """Give every replication the same cases, and `more` each time that are given up under the second arm."""
    rows, measures = [], []
    for arm, cases in CASES.items():
        for replication in range(replications):
            extra = [(None, True, 0, 1)] * (more * replication if arm == "completed" else 0)
            for number, (tier, given_up, hands, sessions) in enumerate([*cases, *extra]):
                settled = pd.NaT if tier is None else DAY
                rows.append(
                    (arm, replication, f"c{number}", "border", "land", False, DAY, settled, tier, given_up,
                     hands, sessions, 10.0)
                )  # fmt: skip
            # What the figure leaves out.
            rows.append(
                (arm, replication, "o", "border", "security", False, DAY, DAY, "department", False, 0, 1, 1.0)
            )
            rows.append((arm, replication, "l", "border", "land", True, DAY, DAY, "county", False, 0, 1, 1.0))
            rows.append(
                (arm, replication, "i", "interior", "land", False, DAY, DAY, "village", False, 0, 1, 1.0)
            )
            for scope, value in (("border", 7.0 + replication), ("interior", 99.0)):
                measures.append((arm, replication, scope, "disputes_occurred", "all", value))
    cases = pd.DataFrame(
        rows,
        columns=[
            "arm", "replication", "case", "scope", "domain", "legacy", "known", "settled", "settled_tier",
            "given_up", "hand_offs", "sessions", "days_observed",
        ],
    )  # fmt: skip
    table = pd.DataFrame(measures, columns=["arm", "replication", "scope", "measure", "tier", "value"])
    arms = tuple(CASES)
    manifest = {
        "arms": {arm: load_package(arm).as_dict() for arm in arms},
        "seeds": list(range(replications)),
        "days": years * 365.25,
    }
    return Comparison("yulin_zhanjiang_maoming", arms, pd.DataFrame(), table, pd.DataFrame(), cases, manifest)


def test_flows_are_those_counted_by_hand() -> None:
    comparison = made(years=2)
    mean = flows_by_replication(comparison, "none").mean() / years_of(comparison)
    expected = {
        ("worked_on", "settled_village"): 0.5,
        ("worked_on", "given_up"): 0.5,
        ("no_session", "open"): 0.5,
        ("handed_on", "open"): 0.5,
        ("handed_on", "settled_town"): 0.5,
        ("known", "worked_on"): 1.0,
        ("known", "handed_on"): 1.0,
        ("known", "no_session"): 0.5,
        ("arose", "known"): 2.5,
        ("arose", "unknown"): 5.5,
    }
    assert {link: value for link, value in mean.items() if value} == pytest.approx(expected, rel=1e-3)


def test_departments_count_with_their_counties_and_upper_by_itself() -> None:
    totals = node_totals(flows_by_replication(made(years=1), "completed")).mean()
    found = {node: round(float(totals[node]), 1) for node in (*ENDS, "settled")}
    assert found == {
        "settled_village": 2.0, "settled_town": 0.0, "settled_county": 2.0, "settled_upper": 1.0,
        "given_up": 0.0, "open": 1.0, "settled": 5.0,
    }  # fmt: skip


@given(st.integers(2, 5), st.integers(0, 4))
def test_what_comes_into_a_node_goes_out_of_it(replications: int, more: int) -> None:
    comparison = made(replications, more=more)
    for arm in comparison.arms:
        flows = flows_by_replication(comparison, arm)
        assert len(flows) == replications
        totals = node_totals(flows)
        for stage in STAGES[1:3]:
            for node in stage:
                out = [link for link in flows.columns if link[0] == node]
                if out:
                    np.testing.assert_allclose(flows[out].sum(axis=1), totals[node])
        for stage in (STAGES[1], STAGES[2], ENDS):
            whole = totals["arose"] if stage == STAGES[1] else totals["known"]
            np.testing.assert_allclose(totals[list(stage)].sum(axis=1), whole)


def test_differences_are_paired() -> None:
    comparison = made(replications=4, years=1, more=1)
    totals = [node_totals(flows_by_replication(comparison, arm)) for arm in comparison.arms]
    found = flow_differences(totals[0], totals[1], ["settled", "given_up", "arose"], years_of(comparison))
    # Given up: 0, 1, 2 and 3 against 1 a year in every replication.
    differences = np.array([-1.0, 0.0, 1.0, 2.0]) * 365.25 / comparison.days * 1.0
    assert found.loc["given_up", "effect"] == pytest.approx(differences.mean(), rel=1e-2)
    half = 3.182 * differences.std(ddof=1) / 2
    assert found.loc["given_up", "high"] - found.loc["given_up", "effect"] == pytest.approx(half, rel=1e-2)
    assert found.loc["arose", ["effect", "low", "high"]].tolist() == [0.0, 0.0, 0.0]


def test_as_many_unknown_in_both_arms_differ_by_nothing() -> None:
    comparison = made(replications=3, more=1)
    # Known differ between arms, and a rate over such a span is no binary fraction.
    comparison = replace(comparison, manifest={**comparison.manifest, "days": 2557.0})
    years = years_of(comparison)
    known = {"none": [5, 5, 5], "completed": [6, 7, 8]}
    table = comparison.measures
    table["value"] = [
        (known[arm][replication] + 4 + replication) / years
        for arm, replication in zip(table["arm"], table["replication"], strict=True)
    ]
    totals = [node_totals(flows_by_replication(comparison, arm)) for arm in comparison.arms]
    assert [total["unknown"].tolist() for total in totals] == [[4.0, 5.0, 6.0]] * 2
    found = flow_differences(totals[0], totals[1], ["known", "unknown"], years)
    assert found.loc["unknown", ["effect", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    assert found.loc["known", "effect"] == pytest.approx(2 / years)
    words = " ".join(item.get_text() for axes in draw_flow(comparison, "zh").axes for item in axes.texts)
    assert "0至0" in words
    assert "0.0000" not in words


ENDPOINT = st.floats(-50, 50, allow_nan=False).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(ENDPOINT, ENDPOINT, ENDPOINT).map(sorted), min_size=3, max_size=3))
def test_a_title_never_claims_what_the_interval_does_not_support(intervals: list[list[float]]) -> None:
    nodes = ["settled", "given_up", "open"]
    table = pd.DataFrame(
        {
            "effect": [i[1] for i in intervals],
            "low": [i[0] for i in intervals],
            "high": [i[2] for i in intervals],
        },
        index=nodes,
    )
    clauses = dict.fromkeys(("more", "fewer", "no clear difference"), "")
    for clause in say_flows(table, "en").split("; "):
        for start in clauses:
            if clause.removeprefix("clearly ").startswith(start):
                clauses[start] = clause
    words = {"settled": "are settled", "given_up": "are given up", "open": "are open at the end"}
    for node, (low, _, high) in zip(nodes, intervals, strict=True):
        said = {start for start, clause in clauses.items() if words[node] in clause}
        assert said == {"more" if low > 0 else "fewer" if high < 0 else "no clear difference"}


def test_without_an_interval_nothing_is_compared() -> None:
    table = pd.DataFrame({"effect": [1.0], "low": [math.nan], "high": [math.nan]}, index=["settled"])
    assert say_flows(table, "en") == "not comparable: how many are settled"
    assert say_flows(table, "zh") == "无法比较：化解"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("replications", [1, 3])
def test_the_figure_is_legible(language: str, replications: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw_flow(made(replications, more=1), language)
    with drawing(language):
        figure.draw_without_rendering()
        words: list[Text] = [*figure.texts, *(item for axes in figure.axes for item in axes.texts)]
        boxes = [(item.get_text(), item.get_window_extent()) for item in words]
        for place, (said, box) in enumerate(boxes):
            assert all(figure.bbox.padded(1).contains(*corner) for corner in box.corners()), said
            covered = [other for other, one in boxes[:place] if one.padded(-2).overlaps(box.padded(-2))]
            assert covered == [], said


def test_nodes_that_never_occur_are_left_out_and_the_others_are_named() -> None:
    comparison = made()
    cases = comparison.cases[comparison.cases["settled_tier"] != "upper"]
    for chosen, expected in ((comparison.cases, True), (cases, False)):
        figure = draw_flow(replace(comparison, cases=chosen), "en")
        words = " ".join(item.get_text() for axes in figure.axes for item in axes.texts)
        assert ("settled above the county" in words) == expected
        assert "settled in the village" in words


def test_the_baseline_and_unknown_arms_are_refused() -> None:
    for arm in ("none", "complete"):
        with pytest.raises(InputError, match="arm = "):
            draw_flow(made(), "en", arm)
