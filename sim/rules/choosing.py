"""What the side that is due does with a case: joint session, alone, refer upward, or leave it."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.elementary import gumbel, gumbel_bounds

__all__ = ["ALONE", "JOINT", "LEAVE", "REFER", "choose_option", "refer_worth"]

JOINT = 0
ALONE = 1
REFER = 2
LEAVE = 3


@compiled
def choose_option(
    joint: float, alone: float, refer: float, leave: float, sharpness: float,
    draw_joint: float, draw_alone: float, draw_refer: float, draw_leave: float,
) -> int:  # fmt: skip
    """Choose among four utilities by logit, as a race of the options.

    Each option has its own draw (a Gumbel disturbance of its utility), and the best disturbed utility
    wins: the chances are those of a logit.  Two arms that share the draws choose differently only where
    an option's utility has really changed its rank; with one draw for all, a change in one option would
    move every other.

    Parameters
    ----------
    joint, alone, refer, leave : float
        Utilities; -inf for an option that does not exist.
    sharpness : float
        kappa, above 0.
    draw_joint, draw_alone, draw_refer, draw_leave : float
        Uniform draws in (0, 1).

    Returns
    -------
    int
        JOINT, ALONE, REFER or LEAVE.

    Examples
    --------
    >>> choose_option(0.0, -math.inf, -math.inf, 0.0, 6.0, 0.6, 0.9, 0.9, 0.5) == JOINT
    True
    >>> choose_option(0.0, -math.inf, -math.inf, 0.0, 6.0, 0.4, 0.9, 0.9, 0.5) == LEAVE
    True
    """
    clear = _clear_winner(
        _between(joint, sharpness, draw_joint), _between(alone, sharpness, draw_alone),
        _between(refer, sharpness, draw_refer), _between(leave, sharpness, draw_leave),
    )  # fmt: skip
    if clear >= 0:
        return clear
    best = JOINT
    highest = _disturbed(joint, sharpness, draw_joint)
    value = _disturbed(alone, sharpness, draw_alone)
    if value > highest:
        best, highest = ALONE, value
    value = _disturbed(refer, sharpness, draw_refer)
    if value > highest:
        best, highest = REFER, value
    if _disturbed(leave, sharpness, draw_leave) > highest:
        best = LEAVE
    return best


@compiled
def _disturbed(utility: float, sharpness: float, draw: float) -> float:
    if utility == -math.inf:
        return utility
    return sharpness * utility + gumbel(draw)


@compiled
def _between(utility: float, sharpness: float, draw: float) -> tuple[float, float]:
    """Give two numbers between which the disturbed utility lies, without a logarithm."""
    lowest, highest = gumbel_bounds(draw)
    return sharpness * utility + lowest, sharpness * utility + highest


@compiled
def _clear_winner(
    joint: tuple[float, float],
    alone: tuple[float, float],
    refer: tuple[float, float],
    leave: tuple[float, float],
) -> int:
    """Give the option that wins wherever between its bounds each of them lies, -1 where that is open."""
    if joint[0] > max(alone[1], refer[1], leave[1]):
        return JOINT
    if alone[0] > max(joint[1], refer[1], leave[1]):
        return ALONE
    if refer[0] > max(joint[1], alone[1], leave[1]):
        return REFER
    if leave[0] > max(joint[1], alone[1], refer[1]):
        return LEAVE
    return -1


@compiled
def refer_worth(
    base: float,
    above: float,
    no_superior: float,
    is_above_tier: bool,
    has_superior: bool,
    decision_right: float,
) -> float:
    """Give the utility of referring a case upward.

    More when the difficulty is above the tier, less when nobody above commands both sides; a joint body
    with the right to decide stands in for the missing superior, whose lack then weighs ``1 - right``.

    Parameters
    ----------
    base : float
        Utility of referring; row `refer_base`.
    above : float
        Added where the difficulty is above the tier; row `refer_above_tier`.
    no_superior : float
        Added, being negative, where there is no common superior; row `refer_no_superior`.
    is_above_tier : bool
        Whether the case is too difficult for the tier that has it.
    has_superior : bool
        Whether an office above commands both sides.
    decision_right : float
        Right of a joint body to decide for both sides, in [0, 1].

    Returns
    -------
    float
        Utility. Levels: assumption.

    Examples
    --------
    >>> round(refer_worth(-0.25, 0.4, -0.35, True, True, 0.0), 2)
    0.15
    >>> round(refer_worth(-0.25, 0.4, -0.35, False, False, 0.0), 2)
    -0.6
    """
    worth = base
    if is_above_tier:
        worth += above
    if not has_superior:
        worth += no_superior * (1.0 - decision_right)
    return worth
