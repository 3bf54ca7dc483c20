"""Which stretch a team visits, and what offenders make of it."""

from __future__ import annotations

from sim.compiler import compiled

__all__ = ["commits_offence", "detection_chance", "stretch_pull"]


@compiled
def stretch_pull(days_unvisited: float, staleness_days: float, risk: float, risk_pull: float) -> float:
    """Give the pull of a bank on a team: long unvisited and risky banks draw it.

    ``(1 + days unvisited / staleness) * (1 + pull * risk)``; form and levels: assumption.

    Parameters
    ----------
    days_unvisited : float
        Days since the last visit that the team knows of, from 0.
    staleness_days : float
        Days without a visit that double the pull, above 0; row `staleness_days`.
    risk : float
        Offences reported of late, as an index in [0, 1].
    risk_pull : float
        Rise of the pull at a risk of one, from 0; row `risk_pull`.

    Returns
    -------
    float
        Weight, at least 1.

    Examples
    --------
    >>> stretch_pull(14.0, 14.0, 0.0, 2.0)
    2.0
    """
    return (1.0 + days_unvisited / staleness_days) * (1.0 + risk_pull * risk)


@compiled
def commits_offence(gain: float, perceived_risk: float, risk_weight: float, penalty_rise: float) -> bool:
    """Decide whether a gain outweighs the perceived risk: ``gain > weight * risk * (1 + rise)``.

    Parameters
    ----------
    gain : float
        Gain of this opportunity, in units of the cost of certain detection; mean in row `offence_gain`
        (assumption).
    perceived_risk : float
        Chance of being caught as the offender sees it, in [0, 1].
    risk_weight : float
        Weight of risk against gain, from 0; row `offender_risk_weight` (assumption).
    penalty_rise : float
        Rise of the perceived cost where penalties are harmonised, from 0; row `fine_weight` (assumption)
        times the harmonised share.

    Returns
    -------
    bool
        True where the offence is committed.

    Examples
    --------
    >>> commits_offence(0.5, 0.2, 1.5, 0.0), commits_offence(0.25, 0.2, 1.5, 0.0)
    (True, False)
    """
    return gain > risk_weight * perceived_risk * (1.0 + penalty_rise)


@compiled
def detection_chance(is_night: bool, by_day: float, by_night: float) -> float:
    """Give the chance to see an offender who is active on a visited bank (D50).

    Parameters
    ----------
    is_night : bool
        Whether the offence is at night.
    by_day, by_night : float
        Chances, in [0, 1]; rows `detection_day` and `detection_night`.

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> detection_chance(True, 0.6, 0.3)
    0.3
    """
    return by_night if is_night else by_day
