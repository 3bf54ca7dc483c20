"""Attendance and effort: two decisions of an office that works across a line."""

from __future__ import annotations

from sim.compiler import compiled
from sim.elementary import exp

__all__ = [
    "attend_chance",
    "effort_chance",
    "effort_worth",
    "load",
    "logistic",
    "pressure",
    "settlement_worth",
]


@compiled
def logistic(x: float) -> float:
    """Give ``1 / (1 + exp(-x))`` without overflow.

    Parameters
    ----------
    x : float
        Any finite number.

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> logistic(0.0), logistic(-800.0)
    (0.5, 0.0)
    """
    smaller = exp(-abs(x))
    return (1.0 if x >= 0.0 else smaller) / (1.0 + smaller)


@compiled
def pressure(tier: int, town: float, village: float) -> float:
    """Give how much of the pressure from above arrives at a tier (D71: 1, 0.7, 0.5).

    Parameters
    ----------
    tier : int
        0 village, 1 town, 2 county, 3 department, 4 above.
    town, village : float
        Pressure at town and village relative to the county, in [0, 1]; rows `pressure_town` and
        `pressure_village`.

    Returns
    -------
    float
        Factor of value and assessment, 1 from the county upward.

    Examples
    --------
    >>> pressure(0, 0.7, 0.5), pressure(3, 0.7, 0.5)
    (0.5, 1.0)
    """
    if tier == 0:
        return village
    if tier == 1:
        return town
    return 1.0


@compiled
def settlement_worth(value: float, difficulty: int, complex_ratio: float, hard_ratio: float) -> float:
    """Give the value of a lasting settlement (v), higher for harder cases.

    Parameters
    ----------
    value : float
        v of a simple case at this tier, in utility; row `settlement_value` times `pressure`.
    difficulty : int
        0 simple, 1 complex, 2 hard.
    complex_ratio, hard_ratio : float
        Ratios to a simple case, from 1; rows `value_complex` and `value_hard` (assumptions).

    Returns
    -------
    float
        Utility.

    Examples
    --------
    >>> settlement_worth(0.5, 2, 1.3, 1.8)
    0.9
    """
    if difficulty == 2:
        return value * hard_ratio
    if difficulty == 1:
        return value * complex_ratio
    return value


@compiled
def effort_worth(
    value: float,
    belief: float,
    both: float,
    one: float,
    none: float,
    assessment: float,
    monitored_reputation: float,
    interest: float,
    affect: float,
    cost: float,
    fear: float,
) -> float:
    """Give what an effort is worth to a side (the utility difference, Delta U).

    ``(v + A w) * [b (p2 - p1) + (1 - b)(p1 - p0)] + m R + iota + g (tau - mean tau) - c - fear``

    A side that believes in the other (b near one) compares joint success with being alone in its
    effort; one that does not compares a lonely effort with none. Whether belief raises or lowers the
    worth therefore follows from the chances and is not assumed.

    Parameters
    ----------
    value : float
        v, worth of a lasting settlement at this tier and difficulty, in utility (`settlement_worth`).
    belief : float
        b, belief that the other side makes an effort, in [0, 1].
    both, one, none : float
        p2, p1, p0: chance per case when both, one or no side makes an effort, in [0, 1] (`shared_chance`).
    assessment : float
        A w, weight of outcomes in this office's assessment; rows `outcome_assessment` and
        `outcome_assessment_assessed` (D72) times `pressure`.
    monitored_reputation : float
        m R: share of an effort that is seen (rows `monitoring_…`), times the worth of being seen (row
        `reputation`).
    interest : float
        iota, interest shared with the other side (`sim.rules.learning.interest_left`).
    affect : float
        g (tau - mean tau): trust above the mean of this border; g in row `affect_slope`.
    cost : float
        c(load), cost of the hours; rows `effort_cost` and `effort_cost_load`.
    fear : float
        f * legacy * (1 - tau): fear of seeming to favour the other side; rows `fear_of_favour`, `fear_town`
        and `fear_county`.

    Returns
    -------
    float
        Utility; above zero an effort is worth it. Form and levels: assumption.

    Examples
    --------
    >>> round(effort_worth(1.0, 0.5, 0.8, 0.2, 0.0, 0.1, 0.0, 0.0, 0.0, 0.2, 0.0), 3)
    0.24
    """
    bracket = belief * (both - one) + (1.0 - belief) * (one - none)
    return (value + assessment) * bracket + monitored_reputation + interest + affect - cost - fear


@compiled
def effort_chance(worth: float, sharpness: float) -> float:
    """Give P(effort) = logistic(kappa * Delta U): the willingness to co-operate.

    Parameters
    ----------
    worth : float
        Delta U, from `effort_worth`.
    sharpness : float
        kappa per unit of utility, from 0; row `choice_sharpness` (assumption).

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> effort_chance(0.0, 6.0)
    0.5
    """
    return logistic(sharpness * worth)


@compiled
def attend_chance(obligation: float, assessed: float, assessment_effect: float) -> float:
    """Give the chance to attend although no effort is intended.

    ``o + (1 - o) * assessed * effect``

    Obligation brings some; assessing attendance wins a part of the others. Neither changes effort.

    Parameters
    ----------
    obligation : float
        o of the channel, in [0, 1]; rows `obligation_none` to `obligation_superior` (assumptions).
    assessed : float
        Share of attendance that is assessed, in [0, 1].
    assessment_effect : float
        Part of the absent that a full assessment of attendance wins, in [0, 1]; row
        `attendance_assessment_effect` (assumption).

    Returns
    -------
    float
        In [`obligation`, 1].

    Examples
    --------
    >>> attend_chance(0.75, 0.0, 0.6), round(attend_chance(0.5, 1.0, 0.6), 2)
    (0.75, 0.8)
    """
    return obligation + (1.0 - obligation) * assessed * assessment_effect


@compiled
def load(desk_balance: float, desk_full: float, waiting_days: float, full_waiting_days: float) -> float:
    """Give the load of an office, from an empty desk and a long queue of interior work.

    Half of it is the missing part of a full desk, half the wait relative to a full load, each at most one
    (equal weights: assumption).

    Parameters
    ----------
    desk_balance, desk_full : float
        Hours saved up at the border desk, and the most that can be saved, which is above 0.
    waiting_days, full_waiting_days : float
        Days that new interior work would wait, and the wait at which an office counts as fully loaded, which
        is above 0; row `full_waiting_days` (assumption).

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> load(0.0, 20.0, 10.0, 10.0), load(20.0, 20.0, 0.0, 10.0)
    (1.0, 0.0)
    """
    desk = 1.0 - min(1.0, max(0.0, desk_balance) / desk_full)
    queue = min(1.0, max(0.0, waiting_days) / full_waiting_days)
    return 0.5 * desk + 0.5 * queue
