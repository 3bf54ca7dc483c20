"""How those who run mechanisms judge them, from what they can see."""

from __future__ import annotations

import math

from sim.compiler import compiled

__all__ = ["is_noticed", "judged_gain", "review_score"]


@compiled
def review_score(done: float, tried: float, hours: float, desk_hours: float, hour_weight: float) -> float:
    """Give the result that a unit reads off its own books for a span of time.

    ``done / tried - weight * hours / desk hours``

    A bookkeeper's figure and not the truth: cases settled in the span may have become known before it, few
    cases make it a matter of luck, and it knows nothing of what would have happened otherwise.

    Parameters
    ----------
    done, tried : float
        Disputes settled of those that became known, or calls attended of those received, from 0.
    hours : float
        Hours bound, from 0.
    desk_hours : float
        Hours of the border desks in the span, as they are without mechanisms, above 0.
    hour_weight : float
        Score that a bound desk is held against, from 0; row `review_hour_weight` (assumption).

    Returns
    -------
    float
        Score, 1 for a full result at no cost; nan where nothing was tried.

    Examples
    --------
    >>> review_score(5.0, 10.0, 50.0, 100.0, 0.5)
    0.25
    """
    if tried <= 0.0:
        return math.nan
    return done / tried - hour_weight * hours / desk_hours


@compiled
def judged_gain(before_after: float, with_without: float) -> float:
    """Give what a unit takes a mechanism to have brought: the mean of the comparisons that it can make.

    It compares its own score with that of the last span without the mechanism, and the units in sight that
    run it with those that do not. Neither knows what else differed.

    Parameters
    ----------
    before_after, with_without : float
        Differences of scores; nan where there is nothing to compare.

    Returns
    -------
    float
        Difference of scores; nan where neither comparison can be made.

    Examples
    --------
    >>> judged_gain(0.5, -1.0), judged_gain(0.5, math.nan)
    (-0.25, 0.5)
    """
    if math.isnan(before_after):
        return with_without
    if math.isnan(with_without):
        return before_after
    return 0.5 * (before_after + with_without)


@compiled
def is_noticed(difference: float, margin: float) -> bool:
    """Tell whether a unit takes a difference of scores for one; nan is none.

    Parameters
    ----------
    difference : float
        How much better one score is than another; nan where one of them is unknown.
    margin : float
        Difference up to which scores count as equal, from 0; row `review_margin` (assumption).

    Returns
    -------
    bool
        True above the margin.

    Examples
    --------
    >>> is_noticed(0.03, 0.02), is_noticed(-0.5, 0.02), is_noticed(math.nan, 0.02)
    (True, False, False)
    """
    return difference > margin
