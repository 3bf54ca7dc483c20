"""Numbers behind the charts of tiers, the line, hours and pairs, against numbers worked out by hand."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.charts.arm_panels import draw_arm_panels
from sim.charts.border_map import _BELOW, _legend_handles, _round_up, draw_map
from sim.charts.hours import _say_hours, hours_a_year, judge_sides
from sim.charts.line import line_claims, stretches
from sim.charts.pairs import CASE_MEASURES, LINE_MEASURES, pair_differences, pair_shares
from sim.charts.survival import curves_by_replication, known_border_cases, settled_at_tier, settled_share
from sim.charts.words import side_names
from sim.errors import InputError
from sim.measures.survival import incidence_within
from sim.world.region import load_region
from sim.world.world import lay_out
from tests.charts import made_up

TIERS = ("village", "town", "county", "department", "upper")


@pytest.fixture(scope="module")
def watched(world):
    return made_up.watched(world)


def test_tiers_add_up_to_the_whole_curve(comparison):
    cases = known_border_cases(comparison)
    cases = cases[(cases["arm"] == "five_links") & (cases["replication"] == 1)]
    days = np.array([0.0, 10.0, 90.0, 180.5, 365.0])
    by_tier = [settled_at_tier(cases, days, tier) for tier in TIERS]
    assert sum(by_tier) == pytest.approx(settled_share(cases, days))
    assert all((np.diff(curve) >= 0).all() for curve in by_tier)


def test_the_curve_of_a_tier_is_the_measure_of_that_name(comparison):
    cases = known_border_cases(comparison)
    cases = cases[(cases["arm"] == "completed") & (cases["replication"] == 0)]
    settled = cases["days_to_settlement"].to_numpy(dtype=float)
    is_settled = ~np.isnan(settled)
    days = np.where(is_settled, settled, cases["days_observed"]).astype(np.int64)
    town = (cases["settled_tier"].astype(object) == "town").to_numpy(dtype=bool)
    expected = incidence_within(days, is_settled, town, 90)
    assert settled_at_tier(cases, np.array([90.0]), "town")[0] == pytest.approx(expected)
    curves = curves_by_replication(cases, np.array([90.0]), 1, "town")
    assert curves[0, 0] == pytest.approx(expected)


def test_without_cases_a_tier_has_no_curve():
    empty = pd.DataFrame({"days_to_settlement": [], "days_observed": [], "settled_tier": []})
    assert np.isnan(settled_at_tier(empty, np.array([90.0]), "town")).all()


def test_the_walk_along_the_line_meets_every_stretch_once(watched, world):
    walk = stretches(watched, world)
    pairs = watched.line[["town_a", "town_b"]].drop_duplicates()
    assert len(walk) == len(pairs)
    assert not walk[["town_a", "town_b"]].duplicated().any()
    assert walk["start_km"].iloc[0] == 0.0
    assert walk["start_km"].to_numpy()[1:] == pytest.approx(walk["length_km"].cumsum().to_numpy()[:-1])
    # A neighbour on the way mostly shares a town with the stretch before it; by chance few would.
    steps = walk[["town_a", "town_b"]].to_numpy()
    shared = [bool(set(a) & set(b)) for a, b in zip(steps[:-1], steps[1:], strict=True)]
    assert np.mean(shared) > 0.7
    town = {code: number for number, code in enumerate(world.town_code)}
    first, last = (np.mean([world.town_lat[town[code]] for code in steps[end]]) for end in (0, -1))
    assert first > last


def test_stretches_are_judged_by_paired_intervals(watched):
    claim, table = line_claims(watched, "completed")
    pair = table.index[len(table) // 2]
    line = watched.line[(watched.line["town_a"] == pair[0]) & (watched.line["town_b"] == pair[1])]
    means = line.groupby(["arm", "replication"])["coverage_7_days"].mean()
    differences = (means["completed"] - means["none"]).to_numpy()
    ends = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    assert table.loc[pair, ["effect", "low", "high"]].tolist() == pytest.approx(
        [differences.mean(), ends.low, ends.high]
    )
    assert sum(claim.count.values()) == len(table)
    # In the south the strong arm covers more; what it does at the other end is within the noise.
    assert claim.count["higher"] > 0.5 * len(table)
    assert claim.count["unmeasured"] == 0


def test_hours_a_year_are_those_of_the_table(watched):
    rows = watched.hours[(watched.hours["arm"] == "completed") & (watched.hours["activity"] == "duties")]
    found = hours_a_year(watched, "completed", ["activity"]).loc["duties", "mean"]
    assert found == pytest.approx(rows["hours"].sum() / watched.replications / (watched.months / 12))
    assert judge_sides(watched, "completed").direction == "higher"
    assert judge_sides(watched, "none").direction == "unclear"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((41939.0, 39727.0, 44150.0), ("42,000", "40,000\u00a0to\u00a044,000")),
        ((5.0, 5.0, 5.0), ("5", "5\u00a0to\u00a05")),
        ((1234.0, float("nan"), float("nan")), ("1,234", "–")),
    ],
)
def test_hours_are_said_in_the_digits_that_their_interval_deserves(numbers, said):
    assert _say_hours(*numbers, "en") == said


@pytest.mark.parametrize("measure", CASE_MEASURES)
def test_every_measure_of_cases_is_known_for_pairs(comparison, world, measure):
    shares = pair_shares(comparison, world, "completed", measure)
    assert len(shares) > 20
    assert shares.notna().any()
    changes = pair_differences(comparison, world, "completed", "none", measure)
    assert np.isfinite(changes["difference"]).any()
    # What is known does not depend on the arm here; everything else improves where an arm works.
    better = {"first_response_days": -1, "hand_offs": -1, "disputes_known": 0}.get(measure, 1)
    middle = changes["difference"].median()
    assert abs(middle) < 0.3 if better == 0 else better * middle > 0.05


def test_disputes_known_are_counted_a_year(comparison, world):
    shares = pair_shares(comparison, world, "none", "disputes_known")
    known = known_border_cases(comparison)
    expected = len(known[known["arm"] == "none"]) / comparison.replications / (comparison.days / 365.25)
    assert shares.sum() == pytest.approx(expected)
    # A pair without a dispute in a run had none there: the changes add up to that of the border.
    changes = pair_differences(comparison, world, "completed", "none", "disputes_known")
    arms = known.groupby("arm", observed=True).size() / comparison.replications / (comparison.days / 365.25)
    assert changes["difference"].sum() == pytest.approx(arms["completed"] - arms["none"])


@pytest.mark.parametrize("measure", LINE_MEASURES)
def test_coverage_of_a_pair_is_that_of_the_line(watched, world, measure):
    shares = pair_shares(watched, world, "completed", measure)
    assert len(shares) == len(stretches(watched, world))
    assert 0 < shares.min() < shares.max() <= 1
    assert pair_differences(watched, world, "none", "none", measure)["is_clear"].sum() == 0
    assert pair_differences(watched, world, "completed", "none", measure)["is_clear"].sum() > 10


def test_a_measure_that_pairs_do_not_have_is_refused(comparison, watched, world):
    with pytest.raises(InputError, match="measure = 'settled_90_day'.*settled_90_days"):
        draw_map(comparison, "en", world, "completed", "share", "settled_90_day")
    with pytest.raises(InputError, match="measure = 'settled_90_days'.*coverage_7_days"):
        draw_map(watched, "en", world, "completed", "share", "settled_90_days")
    with pytest.raises(InputError, match="show = 'trust'"):
        draw_arm_panels(comparison, "en", "trust")  # type: ignore[arg-type]


def test_a_map_of_the_baseline_compares_it_with_nothing(comparison, world):
    figure = draw_map(comparison, "en", world, "none", "share")
    title = figure.texts[0].get_text()
    assert title == "No mechanism, settled within 90 days"
    assert "compares" not in " ".join(item.get_text() for item in figure.texts)


def test_ties_that_lost_are_dashed_and_the_legend_says_so(comparison, world):
    figure = draw_map(comparison, "en", world, "completed", "difference", "first_response_days")
    drawn = figure.axes[0].collections[-1]
    dashed = [style[1] is not None for style in drawn.get_linestyle()]
    assert np.mean(dashed) > 0.5
    labels = [handle.get_label() for handle in _legend_handles(world, "en", "difference")]
    assert "lower" in labels
    assert _BELOW[1]


@pytest.mark.parametrize(
    ("values", "most"), [([3.2], 4.0), ([-0.07, 0.02], 0.08), ([], 1.0), ([float("nan"), 100.0], 100.0)]
)
def test_a_scale_ends_at_a_round_number(values, most):
    assert _round_up(values) == pytest.approx(most)


def test_sides_without_provinces_of_their_own_are_a_and_b():
    assert side_names(lay_out(load_region("wujin"), 1), "zh") == {"a": "甲方", "b": "乙方"}


def test_the_list_of_charts_names_what_there_is():
    listed = Path(__file__).parents[2].joinpath("docs", "charts.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)\.(draw_\w+)`", listed))
    for module, name in named:
        assert callable(getattr(importlib.import_module(f"sim.charts.{module}"), name)), name
    for measure in (*CASE_MEASURES, *LINE_MEASURES):
        assert f"`{measure}`" in listed
    drawn = Path(__file__).with_name("gallery.py").read_text(encoding="utf-8")
    for name in re.findall(r"^from sim\.charts\.\w+ import .*?(draw_\w+)", drawn, re.MULTILINE):
        assert name in {function for _, function in named}, name
