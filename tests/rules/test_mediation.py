from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.mediation import (
    case_chance,
    line_weight,
    session_chance,
    session_hours,
    shared_chance,
    solo_chance,
)

shares = st.floats(0.0, 1.0)
ranks = st.integers(0, 2)
sessions_expected = st.floats(1.0, 10.0)


@pytest.mark.parametrize(
    ("success", "penalty", "bonus", "tier_rank", "difficulty", "expected"),
    [
        (0.85, 0.00, 0.00, 0, 0, 0.85),
        (0.85, 0.30, 0.00, 0, 0, 0.55),
        (0.85, 0.00, 0.00, 2, 0, 0.85),  # a county does a simple case no worse
        (0.65, 0.00, 0.00, 0, 1, 0.26),  # a village tries a complex one: 0.65 * 0.4
        (0.65, 0.00, 0.08, 1, 1, 0.73),
        (0.35, 0.30, 0.08, 2, 2, 0.13),
        (0.35, 0.30, 0.08, 1, 2, 0.052),  # 0.13 * 0.4
        (0.10, 0.30, 0.00, 2, 2, 0.0),
        (0.95, 0.00, 0.16, 0, 0, 1.0),
    ],
)
def test_case_chance_by_hand(
    success: float, penalty: float, bonus: float, tier_rank: int, difficulty: int, expected: float
) -> None:
    assert case_chance(success, penalty, bonus, tier_rank, difficulty, 0.4) == pytest.approx(expected)


@given(shares, shares, shares, ranks, ranks, shares, shares)
def test_case_chance_is_a_chance_and_follows_its_causes(
    success: float, penalty: float, bonus: float, rank: int, difficulty: int, wrong_tier: float, more: float
) -> None:
    chance = case_chance(success, penalty, bonus, rank, difficulty, wrong_tier)
    assert 0.0 <= chance <= 1.0
    assert case_chance(success, penalty + more, bonus, rank, difficulty, wrong_tier) <= chance
    assert case_chance(success, penalty, bonus + more, rank, difficulty, wrong_tier) >= chance
    assert case_chance(success, penalty, bonus, 2, difficulty, wrong_tier) >= chance


@pytest.mark.parametrize(
    ("case", "sessions", "expected"),
    [
        (0.75, 2.0, 0.5),  # two tries at one half leave a quarter
        (0.875, 3.0, 0.5),
        (0.35, 1.0, 0.35),
        (0.35, 4.0, 0.102099),  # the fourth root of 0.65 is 0.897901
        (0.0, 4.0, 0.0),
        (1.0, 4.0, 1.0),
    ],
)
def test_session_chance_by_hand(case: float, sessions: float, expected: float) -> None:
    assert session_chance(case, sessions) == pytest.approx(expected, abs=1e-6)


@given(shares, sessions_expected)
def test_the_sessions_of_a_case_multiply_back_to_its_chance(case: float, sessions: float) -> None:
    chance = session_chance(case, sessions)
    assert 0.0 <= chance <= case + 1e-12
    assert 1.0 - (1.0 - chance) ** sessions == pytest.approx(case, abs=1e-9)


@pytest.mark.parametrize(
    ("efforts", "needs_both", "right", "expected"),
    [
        (2, False, 0.0, 0.8),
        (2, True, 0.0, 0.8),
        (2, True, 1.0, 0.8),
        (1, False, 0.0, 0.2),  # a quarter of 0.8
        (1, True, 0.0, 0.0),
        (1, False, 1.0, 0.5),  # 0.2 + 0.5 * 0.6
        (1, True, 1.0, 0.4),  # half of the missing effort is replaced
        (1, False, 0.5, 0.35),  # 0.2 + 0.25 * 0.6
        (0, False, 0.0, 0.03),
        (0, True, 0.0, 0.0),
        (0, False, 1.0, 0.03),  # no right to decide replaces both sides
    ],
)
def test_shared_chance_by_hand(efforts: int, needs_both: bool, right: float, expected: float) -> None:
    assert shared_chance(0.8, efforts, 0.25, 0.03, needs_both, right, 0.5) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("both", "right", "expected"),
    [
        (0.08, 0.0, 0.02),  # one effort has a quarter of 0.08, and none no more than one
        (0.01, 0.0, 0.0025),
        (0.01, 1.0, 0.00625),  # 0.0025 + 0.5 * 0.0075
        (0.12, 0.0, 0.03),
        (0.0, 1.0, 0.0),
    ],
)
def test_doing_nothing_settles_no_more_than_one_sides_effort(
    both: float, right: float, expected: float
) -> None:
    assert shared_chance(both, 0, 0.25, 0.03, False, right, 0.5) == pytest.approx(expected)


@given(shares, st.integers(0, 2), shares, shares, st.booleans(), shares, shares, shares)
def test_shared_chance_never_beats_both_sides_at_work(
    both: float,
    efforts: int,
    one_sided: float,
    none: float,
    needs_both: bool,
    right: float,
    more: float,
    substitution: float,
) -> None:
    chance = shared_chance(both, efforts, one_sided, none, needs_both, right, substitution)
    assert 0.0 <= chance <= both + 1e-15
    stronger = min(1.0, right + more)
    assert shared_chance(both, efforts, one_sided, none, needs_both, stronger, substitution) >= chance - 1e-15
    assert shared_chance(both, efforts, one_sided, none, True, right, substitution) <= chance + 1e-15


@given(shares, shares, shares, st.booleans(), shares, shares)
def test_a_second_effort_never_harms(
    both: float, one_sided: float, none: float, needs_both: bool, right: float, substitution: float
) -> None:
    chances = [
        shared_chance(both, efforts, one_sided, none, needs_both, right, substitution) for efforts in range(3)
    ]
    assert chances[0] <= chances[1] + 1e-15
    assert chances[1] <= chances[2] + 1e-15


@given(shares)
def test_one_side_alone_settles_only_what_it_can(case: float) -> None:
    assert solo_chance(case, False) == case
    assert solo_chance(case, True) == 0.0


@pytest.mark.parametrize(
    ("level", "expected"), [(0, 0.0), (1, 0.0), (2, 0.25), (3, 0.25), (4, 1.0)], ids=lambda value: str(value)
)
def test_line_weight_by_hand(level: int, expected: float) -> None:
    assert line_weight(level, 0.25) == expected


@given(shares)
def test_a_higher_line_is_no_less_foreign(inside: float) -> None:
    weights = [line_weight(level, inside) for level in range(5)]
    assert weights == sorted(weights)
    assert weights[0] >= 0.0
    assert weights[-1] == 1.0


@pytest.mark.parametrize(
    ("hours", "place", "saving", "expected"),
    [(4.0, 1.0, 0.25, 3.0), (4.0, 0.5, 0.2, 3.6), (2.0, 0.0, 0.2, 2.0), (2.0, 1.0, 1.0, 0.0)],
)
def test_session_hours_by_hand(hours: float, place: float, saving: float, expected: float) -> None:
    assert session_hours(hours, place, saving) == pytest.approx(expected)
