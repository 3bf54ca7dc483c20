"""No title claims what its interval does not support: every finding, both languages, whatever the intervals.

What is generated are intervals – on either side of zero, across it, touching it, of one run (no interval), or
none at all –, what is read back are the clauses of the title. Words of a clause come from the catalogue, and
those of one claim are never part of another's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.charts.arm_panels import _say
from sim.charts.attribution import attribution_finding, interaction_finding
from sim.charts.calibration import history_finding
from sim.charts.conditions import condition_finding
from sim.charts.findings import Direction, direction_of, finding, judge, say_verdicts, verdicts
from sim.charts.hours import hours_finding, judge_sides
from sim.charts.line import line_claims, line_finding
from sim.charts.policies import policy_finding
from sim.charts.resolution import tier_finding
from sim.charts.robustness import robustness_finding
from sim.charts.sensitivity import sensitivity_finding
from sim.charts.study_packages import frontier_finding, package_finding
from sim.charts.study_words import dimension_name, package_name
from sim.charts.words import tier_name
from sim.language import placeholders, text
from sim.levers.mechanisms import load_package
from sim.measures.definitions import MEASURES
from sim.studies.watched import Watched
from tests.charts import made_up
from tests.charts.made_up import ARMS, LINKS, Interval

load_once = cache(load_package)


@cache
def _packages() -> dict[str, Any]:
    return {arm: load_once(arm).as_dict() for arm in ARMS}


@pytest.fixture(autouse=True, scope="module")
def _packages_are_read_once() -> Iterator[None]:
    """Spare each of a thousand titles the reading of its files."""
    with patch("sim.charts.study_words.load_package", load_once):
        yield


LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
DIRECTIONS: tuple[Direction, ...] = ("higher", "lower", "unclear", "unmeasured")
TIERS = MEASURES["settled_90_days_at_tier"].tiers
NAN = math.nan

ENDS = st.floats(-0.3, 0.3).map(lambda value: round(value, 4))
INTERVAL = st.one_of(
    st.just((NAN, NAN)),
    st.tuples(ENDS, ENDS).map(lambda ends: (min(ends), max(ends))),
    # Touching zero from either side, and no width at all.
    ENDS.map(lambda end: (min(end, 0.0), max(end, 0.0))),
    ENDS.map(lambda end: (end, end)),
)
ROUNDS = settings(max_examples=60, deadline=None)


def right(interval: Interval) -> Direction:
    """Judge an interval by itself, in other words than the code does."""
    low, high = interval
    if low != low or high != high:
        return "unmeasured"
    if low * high > 0:
        return "higher" if low + high > 0 else "lower"
    return "unclear"


def opening(key: str, language: str) -> str:
    """Give the words with which a clause of the catalogue begins, before what it lists."""
    names = placeholders(text_of(key, language))
    said = text(key, language, **dict.fromkeys(names, "\0"))
    return said.split("\0")[0].strip()


def text_of(key: str, language: str) -> str:
    from sim.language import catalogue

    return catalogue()[key][language]


def clauses(title: str, language: str, kind: str) -> dict[Direction, str]:
    """Cut a title at its claims: what each lists."""
    found: dict[Direction, str] = {}
    for clause in title.replace("；", ";").split(";"):
        for direction in DIRECTIONS:
            words = opening(f"charts.{kind}.{direction}", language)
            if words in clause:
                assert direction not in found, title
                found[direction] = clause.split(words, 1)[1]
    return found


def check(title: str, language: str, kind: str, expected: dict[str, Direction]) -> None:
    """Hold what a title lists against what the intervals support, word for word."""
    said = clauses(title, language, kind)
    assert set(said) == set(expected.values()), title
    for name, direction in expected.items():
        assert [claim for claim, listed in said.items() if _lists(listed, name)] == [direction], title


def _lists(listed: str, name: str) -> bool:
    """Tell whether a list names something, by itself or with a number behind it."""
    return re.search(rf"(^|[、,]) ?{re.escape(name)}($|[、,（]| ?\(| ?[+−\d])", listed.strip()) is not None


@LANGUAGES
def test_no_claim_can_be_read_as_another(language: str) -> None:
    for kind in ("verdict", "claim", "panel_verdict"):
        words = [opening(f"charts.{kind}.{direction}", language) for direction in DIRECTIONS]
        assert len(set(words)) == 4
        assert not any(a in b for a, b in combinations(sorted(words, key=len), 2))


@given(INTERVAL)
def test_a_verdict_has_the_direction_of_its_interval(interval: Interval) -> None:
    assert judge("x", made_up.middle(interval), *interval).direction == right(interval)
    assert direction_of(*interval) == right(interval)


@LANGUAGES
@ROUNDS
@given(st.lists(INTERVAL, max_size=5))
@example([])
@example([(0.0, 0.0)])
def test_verdicts_are_said_as_they_are(language: str, intervals: list[Interval]) -> None:
    names = {f"x{number}": f"X{number}" for number in range(len(intervals))}
    judged = [judge(key, made_up.middle(ends), *ends) for key, ends in zip(names, intervals, strict=True)]
    for kind in ("verdict", "claim"):
        said = say_verdicts(judged, "share", names, language, kind)  # type: ignore[arg-type]
        check(said, language, kind, {names[item.arm]: right((item.low, item.high)) for item in judged})


def _comparison(rows: Iterable[tuple[str, str, str, Interval]]) -> Any:
    """Make a comparison with given effects: measure, tier, arm and interval."""
    table = pd.DataFrame(
        [("border", measure, tier, arm, made_up.middle(ends), *ends) for measure, tier, arm, ends in rows],
        columns=["scope", "measure", "tier", "arm", "effect", "low", "high"],
    )
    return SimpleNamespace(arms=ARMS, baseline="none", effects=table, manifest={"arms": _packages()})


# Measures of every chart of a comparison: what its titles are made of.
TITLED = (
    "settled_90_days",
    "coverage_7_days",
    "willingness",
    "suspension_gap",
    "staff_days",
    "first_response_days",
)


@LANGUAGES
@ROUNDS
@given(st.tuples(INTERVAL, INTERVAL, INTERVAL), st.sampled_from(TITLED))
def test_a_chart_of_a_comparison(language: str, intervals: Sequence[Interval], measure: str) -> None:
    found = _comparison((measure, "all", arm, ends) for arm, ends in zip(ARMS[1:], intervals, strict=True))
    names = {arm: arm.upper() for arm in ARMS}
    title = finding(found, names, measure, language)
    check(
        title,
        language,
        "verdict",
        dict(zip((a.upper() for a in ARMS[1:]), map(right, intervals), strict=True)),
    )
    for verdict, ends in zip(verdicts(found, measure), intervals, strict=True):
        said = _say(verdict, MEASURES[measure].unit, language)
        claims = [d for d in DIRECTIONS if opening(f"charts.panel_verdict.{d}", language) in said]
        assert claims == [right(ends)]


@LANGUAGES
def test_a_comparison_without_a_row_is_not_comparable(language: str) -> None:
    title = finding(_comparison([]), {arm: arm.upper() for arm in ARMS}, "settled_90_days", language)
    check(title, language, "verdict", {arm.upper(): "unmeasured" for arm in ARMS[1:]})


@LANGUAGES
@ROUNDS
@given(st.tuples(*[INTERVAL] * len(TIERS)))
def test_resolution_by_tier(language: str, intervals: Sequence[Interval]) -> None:
    measure = "settled_90_days_at_tier"
    found = _comparison(
        (measure, tier, "five_links", ends) for tier, ends in zip(TIERS, intervals, strict=True)
    )
    expected = {tier_name(tier, language): right(ends) for tier, ends in zip(TIERS, intervals, strict=True)}
    check(tier_finding(found, "five_links", language), language, "claim", expected)


def _runs(line: pd.DataFrame, hours: pd.DataFrame, replications: int) -> Watched:
    manifest = {"arms": _packages(), "seeds": list(range(replications))}
    return Watched("here", ("none", "five_links"), line, hours, manifest)


CHANGES = st.lists(st.sampled_from([-0.2, -0.1, -0.01, 0.0, 0.01, 0.1, 0.2]), min_size=1, max_size=4)


@LANGUAGES
@ROUNDS
@given(st.lists(CHANGES, min_size=1, max_size=4).filter(lambda rows: len({len(row) for row in rows}) == 1))
@example([[0.1]])
@example([[0.1, 0.1], [-0.2, -0.2], [0.0, 0.0]])
def test_coverage_along_the_line(language: str, changes: list[list[float]]) -> None:
    """A row of changes for each stretch, one for each replication."""
    replications = len(changes[0])
    line = pd.DataFrame(
        [
            (arm, replication, 0, f"A{stretch}", f"B{stretch}", side, 2.0, 0.5 + change * (arm != "none"), 1)
            for stretch, row in enumerate(changes)
            for replication, change in enumerate(row)
            for arm in ("none", "five_links")
            for side in "ab"
        ],
        columns=[
            "arm", "replication", "month_index", "town_a", "town_b", "side", "length_km", "coverage_7_days",
            "coverage_30_days",
        ],
    )  # fmt: skip
    found = _runs(line, pd.DataFrame(), replications)
    count = dict.fromkeys(DIRECTIONS, 0)
    for row in changes:
        values = np.round(row, 9)
        if len(values) == 1:
            count["unmeasured"] += 1
        elif np.ptp(values) == 0:
            count[right((values[0], values[0]))] += 1
        else:
            ends = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
            # Too near to call in the last digits.
            assume(abs(ends.low) > 1e-9 and abs(ends.high) > 1e-9)
            count[right((ends.low, ends.high))] += 1
    claim, _ = line_claims(found, "five_links")
    assert claim.count == count
    assert sum(claim.length_km.values()) == pytest.approx(2.0 * len(changes))
    said = clauses(line_finding(found, "five_links", language), language, "claim")
    assert set(said) == {direction for direction in DIRECTIONS if count[direction]}
    for direction, words in said.items():
        assert str(count[direction]) in words


@LANGUAGES
@ROUNDS
@given(CHANGES, st.sampled_from([0.0, 1.0, 500.0]))
def test_hours_of_two_sides(language: str, changes: list[float], level: float) -> None:
    rows = []
    for replication, change in enumerate(changes):
        for side, hours in (("a", level * (1 + change)), ("b", level)):
            rows.append(("five_links", replication, 0, side, "town", "meetings", hours))
            rows.append(("none", replication, 0, side, "town", "meetings", 0.0))
    columns = ["arm", "replication", "month_index", "side", "tier", "activity", "hours"]
    found = _runs(pd.DataFrame(), pd.DataFrame(rows, columns=columns), len(changes))
    title = hours_finding(found, "five_links", language, {"a": "AAA", "b": "BBB"})
    if level == 0.0:
        assert "AAA" not in title
        return
    judged = judge_sides(found, "five_links")
    said = []
    for direction in DIRECTIONS:
        words = {"a": "AAA", "b": "BBB", "change": "\0", "interval": "\0"}
        if text(f"charts.hours.side.{direction}", language, **words).split("\0")[0].strip() in title:
            said.append(direction)
    assert said == [right((judged.low, judged.high))]


@LANGUAGES
@ROUNDS
@given(st.lists(INTERVAL, min_size=1, max_size=5), INTERVAL)
@example([(NAN, NAN)], (NAN, NAN))
def test_attribution(language: str, parts: list[Interval], whole: Interval) -> None:
    title = attribution_finding(made_up.attribution(parts, whole), language)
    claimed, _, rest = title.partition(opening("charts.unclear_parts", language))
    names = [dimension_name(name, language) for name in LINKS[: len(parts)]]
    clear = [name for name, ends in zip(names, parts, strict=True) if right(ends) in ("higher", "lower")]
    for name in names:
        assert (name in claimed) <= (name in clear), title
        assert (name in rest) <= (name not in clear), title
    assert (text("charts.no_clear_part", language) in title) == (not clear)
    # The first of the words that only the other two templates have.
    unclear = "无明显差异" if language == "zh" else "no clear difference"
    unmeasured = "无法比较" if language == "zh" else "not comparable"
    assert (unclear in title) == (right(whole) == "unclear"), title
    assert (unmeasured in title) == (right(whole) == "unmeasured"), title


@LANGUAGES
@ROUNDS
@given(st.lists(INTERVAL, min_size=1, max_size=10))
def test_interactions(language: str, pairs: list[Interval]) -> None:
    title = interaction_finding(made_up.interactions(pairs), language)
    count = {direction: sum(right(ends) == direction for ends in pairs) for direction in DIRECTIONS}
    for key, direction in (("helps", "higher"), ("hinders", "lower")):
        number = count[direction]  # type: ignore[index]
        said = text(f"charts.interaction.{key}", language, pairs="", count=number).strip()
        assert (said in title) == (number > 0), title
    none = text("charts.interaction.none", language)
    assert (none in title) == (count["higher"] + count["lower"] == 0)
    # Three of each are named, and the others are not passed over in silence.
    unnamed = [number - 3 for number in (count["higher"], count["lower"]) if number > 3]
    more = text("charts.and_more", language, count="(\\d+)")
    assert [int(number) for number in re.findall(more, title)] == unnamed


@LANGUAGES
def test_a_pair_is_not_named_where_many_pairs_make_it_likely_by_chance(language: str) -> None:
    pairs = [(0.01, 0.05), (0.02, 0.06)]
    title = interaction_finding(made_up.interactions(pairs, clear=[False, False]), language)
    assert text("charts.interaction.none", language) in title


@LANGUAGES
@ROUNDS
@given(st.lists(INTERVAL, min_size=1, max_size=3))
def test_effects_of_packages(language: str, intervals: list[Interval]) -> None:
    table = made_up.effects(intervals)
    title = package_finding(table, "border.settled_90_days.all", language)
    expected = {
        package_name(arm, "", language): right(ends) for arm, ends in zip(ARMS[1:], intervals, strict=False)
    }
    check(title, language, "verdict", expected)


@LANGUAGES
@ROUNDS
@given(st.tuples(INTERVAL, INTERVAL, INTERVAL), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_cost_frontier(language: str, intervals: Sequence[Interval], best: Sequence[bool]) -> None:
    title = frontier_finding(made_up.frontier(intervals, best), language)
    names = [package_name(arm, "", language) for arm in ARMS[1:]]
    if not any(best):
        assert text("charts.frontier.none", language) in title
        return
    said = clauses(title, language, "verdict")
    assert "higher" not in said
    for name, ends, on in zip(names, intervals, best, strict=True):
        direction = right(ends)
        listed = [claim for claim, words in said.items() if _lists(words, name)]
        assert listed == ([direction] if on and direction != "higher" else []), title


@LANGUAGES
@ROUNDS
@given(st.lists(st.tuples(ENDS, st.booleans()), min_size=1, max_size=4), st.sampled_from(["morris", "sobol"]))
def test_sensitivity(language: str, dimensions: list[tuple[float, bool]], method: str) -> None:
    """A mean of sizes is above zero in any case: its interval does not make a dimension matter."""
    lows, is_clear = zip(*dimensions, strict=True)
    found = made_up.sensitivity(method, lows, clear=is_clear)
    title = sensitivity_finding(found, language)
    names = [dimension_name(name, language) for name in found.table["dimension"]]
    clear = [name for name, one in zip(names, is_clear, strict=True) if one]
    for name in names:
        assert (name in title) == (name in clear[:3]), title
    assert str(len(clear)) in title


@LANGUAGES
@ROUNDS
@given(
    st.lists(
        st.tuples(st.floats(1, 3), st.floats(1, 3)).map(lambda e: (min(e), max(e))), min_size=1, max_size=3
    ),
    st.lists(st.sampled_from([0.0, 0.2, 0.5]), min_size=3, max_size=3),
    st.lists(st.sampled_from([0.0, 0.2, 0.5]), min_size=3, max_size=3),
    INTERVAL,
)
def test_robustness(
    language: str, ranks: list[Interval], helps: list[float], harms: list[float], ahead: Interval
) -> None:
    """Ranks ignore sizes: one is best where it is clearly ahead of the one that comes nearest."""
    title = robustness_finding(made_up.robustness(ranks, helps, harms, ahead), language)
    first, second = (package_name(arm, "", language) for arm in ARMS[1:3])
    best = text("charts.robustness.best", language, package=first, second=second, ahead="(.*)")
    alone = len(ranks) == 1
    is_best = not alone and ahead[0] > 0
    assert bool(re.search(best, title)) == is_best, title
    none = text("charts.robustness.no_best", language)
    assert (none in title) == (not alone and not is_best), title
    never = text("charts.robustness.never", language)
    shown = any(helps[n] + harms[n] > 0 for n in range(len(ranks)))
    assert (never in title) == (not shown), title


@LANGUAGES
@ROUNDS
@given(INTERVAL, st.booleans())
def test_search_under_a_budget(language: str, best: Interval, feasible: bool) -> None:
    title = policy_finding(made_up.policies(best, feasible=feasible), language)
    unclear = "无明显差异" if language == "zh" else "no clear difference"
    unmeasured = "无法比较" if language == "zh" else "not comparable"
    assert (unclear in title) == (feasible and right(best) == "unclear"), title
    assert (unmeasured in title) == (feasible and right(best) == "unmeasured"), title


@LANGUAGES
@ROUNDS
@given(
    st.sampled_from([0.0, 0.3, 0.55, 1.0]),
    st.one_of(
        st.just((NAN, NAN)), st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda e: (min(e), max(e)))
    ),
    st.booleans(),
)
def test_conditions(language: str, overall: float, held: Interval, with_box: bool) -> None:
    found = made_up.conditions(overall, (made_up.middle(held), *held), with_box=with_box)
    title = condition_finding(found, language)
    where = dimension_name("trust_gain", language)
    # A condition is named only where sets that were held out do clearly better than all sets do.
    assert (where in title) == (with_box and held[0] > overall), title


@LANGUAGES
@pytest.mark.parametrize("inside", [True, False])
def test_history_matching(language: str, inside: bool) -> None:
    title = history_finding(made_up.history(inside=inside), language)
    outside = "不在其中" if language == "zh" else "is not inside it"
    assert (outside in title) == (not inside)
    # What limits on a parameter rule out is known before any run, and said apart.
    simulated = text("charts.history.simulated", language, pattern="(.*)", alone="40%")
    limit = text("charts.history.limit", language, pattern="(.*)", alone="20%")
    assert [len(re.findall(said, title)) for said in (simulated, limit)] == [1, 1]
