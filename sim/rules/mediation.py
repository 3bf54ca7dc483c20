"""What a session can achieve: chances per case, per session, and what stands in the way."""

from __future__ import annotations

from sim.compiler import compiled
from sim.elementary import power

__all__ = ["case_chance", "line_weight", "session_chance", "session_hours", "shared_chance", "solo_chance"]


@compiled
def case_chance(
    success: float, penalty: float, bonus: float, tier_rank: int, difficulty: int, wrong_tier: float
) -> float:
    """Give the chance that mediation settles a case, all its sessions together.

    ``min(1, max(0, success - penalty + bonus))``, times the factor of a tier that is too low.

    A tier below the one that a difficulty needs helps little; a tier above it does no harm.

    Parameters
    ----------
    success : float
        Published success for the difficulty, in [0, 1]; rows `success_simple`, `success_complex`,
        `success_hard` (D20 to D22).
    penalty : float
        What is lost because the mediator is from one side, absolute, from 0; row `one_sided_penalty` (D23).
    bonus : float
        What skill and law service add, absolute, from 0; rows `skill_bonus`, `law_bonus` (D25).
    tier_rank : int
        0 village, 1 town, 2 county or department or above.
    difficulty : int
        0 simple, 1 complex, 2 hard: the tier rank that the case needs.
    wrong_tier : float
        Factor where ``tier_rank < difficulty``, in [0, 1]; row `wrong_tier_share` (assumption).

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> round(case_chance(0.85, 0.30, 0.0, 0, 0, 0.4), 2)
    0.55
    >>> round(case_chance(0.35, 0.0, 0.0, 0, 2, 0.4), 2)
    0.14
    """
    chance = success - penalty + bonus
    if tier_rank < difficulty:
        chance *= wrong_tier
    return min(1.0, max(0.0, chance))


@compiled
def session_chance(case: float, sessions: float) -> float:
    """Turn a chance per case into a chance per session: ``1 - (1 - p) ** (1 / n)``.

    Published rates are per case; without this, trying again would be counted twice.

    Parameters
    ----------
    case : float
        Chance per case, in [0, 1].
    sessions : float
        n, sessions that the rate stands for, at least 1; rows `sessions_simple`, `sessions_complex`,
        `sessions_hard` (assumptions).

    Returns
    -------
    float
        In [0, 1], at most `case`.

    Examples
    --------
    >>> round(session_chance(0.35, 4.0), 4)
    0.1021
    """
    return 1.0 - power(1.0 - case, 1.0 / sessions)


@compiled
def shared_chance(
    both: float,
    efforts: int,
    one_sided_share: float,
    none: float,
    needs_both: bool,
    decision_right: float,
    substitution: float,
) -> float:
    """Give the chance per case in a joint session, by how many sides make an effort.

    Two sides: p2. One side: p1 = share of p2, nothing where acts of both are needed. A body with the right
    to decide replaces a part of the missing effort of one side. None: p0, at most p1 of the same case, so
    that an effort never does harm.

    Parameters
    ----------
    both : float
        Chance with both sides' effort (p2), in [0, 1].
    efforts : int
        Sides that make an effort: 0, 1 or 2.
    one_sided_share : float
        p1 relative to p2, in [0, 1]; row `one_sided_effort_share` (assumption).
    none : float
        p0 before it is cut off at p1, in [0, 1]; row `no_effort_success` (assumption).
    needs_both : bool
        True where the case cannot be settled without acts on both sides; rows `needs_both_simple` to
        `needs_both_hard` (assumptions).
    decision_right : float
        Right of the joint office to decide, in [0, 1].
    substitution : float
        Part of a missing effort that a full right to decide replaces, in [0, 1]; row
        `decision_substitution` (assumption).

    Returns
    -------
    float
        In [0, `both`].

    Examples
    --------
    >>> shared_chance(0.8, 2, 0.25, 0.03, True, 0.0, 0.5)
    0.8
    >>> shared_chance(0.8, 1, 0.25, 0.03, True, 0.0, 0.5)
    0.0
    >>> shared_chance(0.8, 1, 0.25, 0.03, False, 1.0, 0.5)
    0.5
    >>> shared_chance(0.08, 0, 0.25, 0.03, False, 0.0, 0.5)
    0.02
    """
    if efforts == 2:
        return both
    one = 0.0 if needs_both else one_sided_share * both
    one += decision_right * substitution * (both - one)
    if efforts == 1:
        return one
    return 0.0 if needs_both else min(none, one)


@compiled
def solo_chance(case: float, needs_both: bool) -> float:
    """Give the chance per case of one side alone: none where acts of both sides are needed.

    Parameters
    ----------
    case : float
        Chance of a mediation by one side, penalty included (`case_chance`), in [0, 1].
    needs_both : bool
        True where the case cannot be settled without acts on both sides.

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> solo_chance(0.55, False), solo_chance(0.55, True)
    (0.55, 0.0)
    """
    return 0.0 if needs_both else case


@compiled
def line_weight(level: int, inside_province: float) -> float:
    """Give how much a line counts as foreign: fully between provinces, less inside one, not in a county.

    Rules differ across it, and a mediator from the other side is suspected, in this proportion.

    Parameters
    ----------
    level : int
        Boundary level: 0 town, 1 county, 2 prefecture, 3 province, 4 nation (the lowest unit that
        contains both sides).
    inside_province : float
        Weight of a line between counties of one province, in [0, 1]; row `line_inside_province` (assumption).

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> line_weight(4, 0.25), line_weight(2, 0.25), line_weight(0, 0.25)
    (1.0, 0.25, 0.0)
    """
    if level <= 1:
        return 0.0
    return 1.0 if level == 4 else inside_province


@compiled
def session_hours(hours: float, place: float, saving: float) -> float:
    """Give the hours of a side for a session; a fixed place with staff and budget saves some.

    Parameters
    ----------
    hours : float
        Hours of each side without a place, above 0; rows `session_hours_simple` to `session_hours_hard`.
    place : float
        Share of sessions in a fixed place, in [0, 1].
    saving : float
        Share of the hours that a place saves, in [0, 1]; row `place_saving` (assumption).

    Returns
    -------
    float
        Hours, at most `hours`.

    Examples
    --------
    >>> session_hours(4.0, 1.0, 0.25)
    3.0
    """
    return hours * (1.0 - place * saving)
