"""Parameters that depend on difficulty or tier, looked up in one place."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.columns import Row

__all__ = [
    "cool_off_of",
    "difficulty_share",
    "hours_of",
    "needs_both_share",
    "sessions_of",
    "success_of",
    "tier_rank",
]


@compiled
def tier_rank(tier: int) -> int:
    """Give the height of a tier: departments and everything above stand at the height of a county.

    Parameters
    ----------
    tier : int
        VILLAGE to UPPER.

    Returns
    -------
    int
        0, 1 or 2.

    Examples
    --------
    >>> [tier_rank(tier) for tier in range(5)]
    [0, 1, 2, 2, 2]
    """
    return tier if tier < 2 else 2


@compiled
def success_of(p: Row, difficulty: int) -> float:
    """Give the published chance of success for a difficulty.

    Parameters
    ----------
    p : Row
        The parameters.
    difficulty : int
        0 simple, 1 complex, 2 hard.

    Returns
    -------
    float
        In [0, 1].
    """
    if difficulty == 2:
        return p.success_hard
    return p.success_complex if difficulty == 1 else p.success_simple


@compiled
def needs_both_share(p: Row, difficulty: int) -> float:
    """Give the share of cases of a difficulty that cannot be settled by one side.

    Parameters
    ----------
    p : Row
        The parameters.
    difficulty : int
        0 simple, 1 complex, 2 hard.

    Returns
    -------
    float
        In [0, 1].
    """
    if difficulty == 2:
        return p.needs_both_hard
    return p.needs_both_complex if difficulty == 1 else p.needs_both_simple


@compiled
def difficulty_share(p: Row, difficulty: int) -> float:
    """Give the share of a difficulty among disputes between villages.

    Parameters
    ----------
    p : Row
        The parameters.
    difficulty : int
        0 simple, 1 complex, 2 hard.

    Returns
    -------
    float
        In [0, 1]; the three add up to one.
    """
    if difficulty == 2:
        return p.border_hard_share
    if difficulty == 1:
        return p.border_complex_share
    return 1.0 - p.border_complex_share - p.border_hard_share


@compiled
def hours_of(p: Row, difficulty: int) -> float:
    """Give the hours of each side for a session on a difficulty.

    Parameters
    ----------
    p : Row
        The parameters.
    difficulty : int
        0 simple, 1 complex, 2 hard.

    Returns
    -------
    float
        Hours, from 0.
    """
    if difficulty == 2:
        return p.session_hours_hard
    return p.session_hours_complex if difficulty == 1 else p.session_hours_simple


@compiled
def sessions_of(p: Row, difficulty: int) -> float:
    """Give the sessions that a published rate of success stands for.

    Parameters
    ----------
    p : Row
        The parameters.
    difficulty : int
        0 simple, 1 complex, 2 hard.

    Returns
    -------
    float
        Number, from 1.
    """
    if difficulty == 2:
        return p.sessions_hard
    return p.sessions_complex if difficulty == 1 else p.sessions_simple


@compiled
def cool_off_of(p: Row, is_legacy: int) -> int:
    """Give the days between attempts on a case.

    Parameters
    ----------
    p : Row
        The parameters.
    is_legacy : int
        1 for a legacy claim, 0 for any other case.

    Returns
    -------
    int
        Whole days.
    """
    return int(p.legacy_cool_off_days if is_legacy == 1 else p.cool_off_days)
