"""Hours: the border desk, joint production, and the queue of interior work."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.elementary import log, power

__all__ = ["balance_on", "days_until_hours", "hours_of_other", "queue_after"]


@compiled
def balance_on(balance: float, rate: float, days: float, full: float) -> float:
    """Give the hours saved up at a desk after some days.

    Parameters
    ----------
    balance : float
        Hours saved up now, from 0.
    rate : float
        Hours a day that come in, from 0; rows `desk_hours_village` to `desk_hours_department`, less what
        is bound.
    days : float
        Days that pass, from 0.
    full : float
        Most that can be saved; the rate over `desk_saving_days`.

    Returns
    -------
    float
        Hours, at most `full`.

    Examples
    --------
    >>> balance_on(1.0, 0.5, 4.0, 8.0), balance_on(1.0, 0.5, 100.0, 8.0)
    (3.0, 8.0)
    """
    return min(full, balance + rate * days)


@compiled
def days_until_hours(balance: float, rate: float, full: float, needed: float) -> float:
    """Give the days until a desk has saved the hours that a session needs; at most what it can save.

    A session that needs more than a desk can ever save takes a full desk.

    Parameters
    ----------
    balance, rate, full : float
        As in `balance_on`.
    needed : float
        Hours that the session takes from this side, from 0.

    Returns
    -------
    float
        Whole days, 0 for today; 1e9 where nothing comes in.

    Examples
    --------
    >>> days_until_hours(1.0, 0.5, 8.0, 3.0)
    4.0
    >>> days_until_hours(0.0, 0.5, 2.0, 9.0)
    4.0
    """
    target = min(needed, full)
    if balance >= target:
        return 0.0
    if rate <= 0.0:
        return 1.0e9
    return math.ceil((target - balance) / rate - 1e-9)


@compiled
def hours_of_other(needed: float, scarcer: float, exponent: float) -> float:
    """Give the hours the better-staffed side must add so that a session is as good as planned.

    Joint production of two sides' hours with constant elasticity: ``F = ((a**r + b**r) / 2) ** (1 / r)``.
    At the minimum rule (exponent at or below -20) nothing replaces the scarcer side, and a session needs
    the full hours of both; at 1 (the sum) one side's hours replace the other's one for one.

    Parameters
    ----------
    needed : float
        Hours of each side in a balanced session, above 0.
    scarcer : float
        Hours that the scarcer side has, in [0, needed]; with none at all, only an exponent above 0 lets the
        other side make up for them.
    exponent : float
        r, at most 1; row `substitution_exponent` (D43).

    Returns
    -------
    float
        Hours of the other side, at least `needed`; infinite where no amount suffices.

    Examples
    --------
    >>> hours_of_other(3.0, 1.0, 1.0)
    5.0
    >>> hours_of_other(3.0, 0.0, 1.0), hours_of_other(3.0, 1.0, -20.0)
    (6.0, inf)
    """
    # What is missing in the last digits is not missing: no amount of the other side's hours could replace it.
    if scarcer >= needed - 1e-9:
        return needed
    if exponent <= -20.0 or (scarcer <= 0.0 and exponent <= 0.0):
        return math.inf
    if abs(exponent) < 1e-9:
        return needed * needed / scarcer if scarcer > 0.0 else math.inf
    rest = 2.0 * power(needed, exponent) - power(max(0.0, scarcer), exponent)
    # Close to an exponent of zero the hours outgrow every number before they become endless.
    if rest <= 0.0 or log(rest) / exponent > 700.0:
        return math.inf
    return power(rest, 1.0 / exponent)


@compiled
def queue_after(busy_until: float, day: float, hours: float, hours_per_day: float) -> float:
    """Give the time at which an office that serves in order has finished one more piece of work.

    ``max(busy until, today) + hours / hours a day``: hours that meetings and duties bind come late here.

    Parameters
    ----------
    busy_until : float
        Time (days) at which it finishes what it has.
    day : float
        Today.
    hours : float
        The new work, from 0.
    hours_per_day : float
        Its interior hours a day, above 0.

    Returns
    -------
    float
        Time in days, at least `day` and `busy_until`.

    Examples
    --------
    >>> queue_after(3.5, 10.0, 4.0, 8.0), queue_after(12.0, 10.0, 4.0, 8.0)
    (10.5, 12.5)
    """
    return max(busy_until, day) + hours / hours_per_day
