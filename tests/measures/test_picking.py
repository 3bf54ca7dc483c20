from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.measures.picking import CRITERIA, pick_case

LAST = pd.Timestamp("2019-01-01")


def table(days: dict[str, float | None], known: str = "2018-01-01", **changes: object) -> pd.DataFrame:
    """Cases by the days after which they were settled, None where they were not."""
    first = pd.Timestamp(known)
    rows = []
    for case, after in days.items():
        settled = pd.NaT if after is None else first + pd.Timedelta(days=after)
        observed = (LAST - first).days if after is None else after
        rows.append((case, "border", "land", False, first, settled, float(observed)))
    columns = ["case", "scope", "domain", "legacy", "known", "settled", "days_observed"]
    return pd.DataFrame(rows, columns=columns).assign(**changes)


WITHOUT = table({"a": None, "b": None, "c": None, "d": 50, "e": 40, "f": None, "open": None})
WITH = table({"a": 10, "b": 200, "c": 60, "d": None, "e": 45, "f": None, "open": None})


def test_the_middle_one_of_those_that_fulfil_the_criterion_is_taken() -> None:
    picked = pick_case(WITHOUT, WITH, "only_with")
    # Gains of 355, 305 and 165 days: c stands in the middle, a would be the most striking.
    assert picked.case == "c"
    assert picked.counts == {"only_with": 3, "only_without": 1, "both": 1, "neither": 2}
    assert (picked.alike, picked.all) == (3, 7)


@pytest.mark.parametrize(
    ("criterion", "case", "alike"), [("only_without", "d", 1), ("both", "e", 1), ("neither", "f", 2)]
)
def test_a_case_may_speak_for_any_outcome(criterion: str, case: str, alike: int) -> None:
    picked = pick_case(WITHOUT, WITH, criterion)
    assert (picked.case, picked.criterion, picked.alike) == (case, criterion, alike)


def test_the_median_is_picked_from_all() -> None:
    # Gains: d -315, e -5, f and open 0, b 165, c 305, a 355.
    picked = pick_case(WITHOUT, WITH, "median")
    assert picked.case == "open"
    assert picked.alike == picked.all == 7


def test_what_was_hardly_watched_is_no_candidate() -> None:
    late = table({"late": 3}, "2018-12-01")
    picked = pick_case(pd.concat([WITHOUT, late.assign(settled=pd.NaT, days_observed=31.0)]),
                       pd.concat([WITH, late]), "only_with")  # fmt: skip
    assert picked.alike == 3
    assert pick_case(
        pd.concat([WITHOUT, late.assign(settled=pd.NaT, days_observed=31.0)]),
        pd.concat([WITH, late]), "only_with", watched_days=30,
    ).alike == 4  # fmt: skip


@pytest.mark.parametrize("changes", [{"domain": "security"}, {"legacy": True}, {"scope": "interior"}])
def test_only_disputes_across_the_border_are_candidates(changes: dict[str, object]) -> None:
    other = table({"x": None}, **changes)
    picked = pick_case(pd.concat([WITHOUT, other]), pd.concat([WITH, other]), "median")
    assert picked.all == 7


def test_a_case_known_in_one_arm_only_is_no_candidate() -> None:
    assert pick_case(pd.concat([WITHOUT, table({"x": None})]), WITH, "median").all == 7


def test_an_unknown_criterion_and_one_without_cases_are_refused() -> None:
    with pytest.raises(InputError, match="criterion = 'best'"):
        pick_case(WITHOUT, WITH, "best")
    with pytest.raises(InputError, match="only_without 0"):
        pick_case(WITH, WITH, "only_without")


@settings(max_examples=40)
@given(st.lists(st.tuples(*2 * [st.one_of(st.none(), st.integers(0, 300))]), min_size=1, max_size=12))
def test_counts_add_up_and_the_picked_case_fulfils_its_criterion(
    pairs: list[tuple[int | None, int | None]],
) -> None:
    without, with_arm = (
        table({str(i): pair[side] for i, pair in enumerate(pairs)} | {"z": None}) for side in (0, 1)
    )
    for criterion in CRITERIA:
        try:
            picked = pick_case(without, with_arm, criterion)
        except InputError:
            continue
        assert picked.all == len(pairs) + 1
        if criterion == "median" or picked.case == "z":
            continue
        before, after = pairs[int(picked.case)]
        assert (before is not None, after is not None) == {
            "only_with": (False, True),
            "only_without": (True, False),
            "both": (True, True),
            "neither": (False, False),
        }[criterion]
