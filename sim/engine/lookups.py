"""Parameters that depend on difficulty or tier, looked up in one place."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.columns import Row

__all__ = ["cool_off_of", "difficulty_share", "hours_of", "needs_both_share", "sessions_of", "success_of", "tier_rank"]


@compiled
def tier_rank(tier: int) -> int:
    """Give the height of a tier: departments and everything above stand at the height of a county."""
    return tier if tier < 2 else 2


@compiled
def success_of(p: Row, difficulty: int) -> float:
    """Give the published chance of success for a difficulty."""
    if difficulty == 2:
        return p.success_hard
    return p.success_complex if difficulty == 1 else p.success_simple


@compiled
def needs_both_share(p: Row, difficulty: int) -> float:
    """Give the share of cases of a difficulty that cannot be settled by one side."""
    if difficulty == 2:
        return p.needs_both_hard
    return p.needs_both_complex if difficulty == 1 else p.needs_both_simple


@compiled
def difficulty_share(p: Row, difficulty: int) -> float:
    """Give the share of a difficulty among disputes between villages."""
    if difficulty == 2:
        return p.border_hard_share
    if difficulty == 1:
        return p.border_complex_share
    return 1.0 - p.border_complex_share - p.border_hard_share


@compiled
def hours_of(p: Row, difficulty: int) -> float:
    """Give the hours of each side for a session on a difficulty."""
    if difficulty == 2:
        return p.session_hours_hard
    return p.session_hours_complex if difficulty == 1 else p.session_hours_simple


@compiled
def sessions_of(p: Row, difficulty: int) -> float:
    """Give the sessions that a published rate of success stands for."""
    if difficulty == 2:
        return p.sessions_hard
    return p.sessions_complex if difficulty == 1 else p.sessions_simple


@compiled
def cool_off_of(p: Row, is_legacy: int) -> int:
    """Give the days between attempts on a case."""
    return int(p.legacy_cool_off_days if is_legacy == 1 else p.cool_off_days)
