"""Kaplan–Meier over whole days: cases that are still open count for as long as they were watched."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["incidence_within", "median_days", "restricted_mean_days", "share_within", "survival"]


def survival(days: NDArray[np.int64], is_event: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Estimate the share still open after each whole day.

    Parameters
    ----------
    days : ndarray of int64, shape (n,)
        Days watched, from 0.
    is_event : ndarray of bool, shape (n,)
        True where the case was settled on that day, false where the watch ended.

    Returns
    -------
    ndarray of float64, shape (longest day + 1,)
        Share still open after day 0, 1, …; empty without cases.

    Examples
    --------
    >>> survival(np.array([1, 2, 2, 5]), np.array([True, True, False, True])).tolist()
    [1.0, 0.75, 0.5, 0.5, 0.5, 0.0]
    """
    if days.size == 0:
        return np.zeros(0)
    length = int(days.max()) + 1
    settled = np.bincount(days[is_event], minlength=length)
    ended = np.bincount(days, minlength=length)
    at_risk = days.size - np.concatenate(([0], np.cumsum(ended)[:-1]))
    return np.cumprod(1.0 - settled / np.maximum(at_risk, 1))


def share_within(curve: NDArray[np.float64], days: int) -> float:
    """Give the share settled within some days; NaN where nothing was watched that long.

    Parameters
    ----------
    curve : ndarray of float64
        As `survival` gives it.
    days : int
        From 0.

    Returns
    -------
    float
        In [0, 1], or NaN.

    Examples
    --------
    >>> share_within(np.array([1.0, 0.75, 0.5]), 1)
    0.25
    """
    if curve.size == 0:
        return math.nan
    if days >= curve.size:
        # Once nobody is left open, nothing can change; otherwise the watch was too short to tell.
        return 1.0 if curve[-1] == 0.0 else math.nan
    return float(1.0 - curve[days])


def incidence_within(
    days: NDArray[np.int64], is_event: NDArray[np.bool_], is_kind: NDArray[np.bool_], limit: int
) -> float:
    """Estimate the share settled in one way within some days, while other ways compete with it.

    The cumulative incidence of Aalen and Johansen: the share still open the day before, times the hazard
    of this way of settling, added up. The ways add up to `share_within`.

    Parameters
    ----------
    days : ndarray of int64, shape (n,)
        Days watched, from 0.
    is_event : ndarray of bool, shape (n,)
        True where the case was settled on that day, in whatever way.
    is_kind : ndarray of bool, shape (n,)
        True where it was settled in this way.
    limit : int
        Days, from 0.

    Returns
    -------
    float
        In [0, 1], or NaN where nothing was watched that long.

    Examples
    --------
    >>> days, settled = np.array([1, 2, 2, 5]), np.array([True, True, False, True])
    >>> incidence_within(days, settled, np.array([True, False, False, False]), 3)
    0.25
    """
    curve = survival(days, is_event)
    if math.isnan(share_within(curve, limit)):
        return math.nan
    length = curve.size
    of_kind = np.bincount(days[is_event & is_kind], minlength=length)
    ended = np.bincount(days, minlength=length)
    at_risk = days.size - np.concatenate(([0], np.cumsum(ended)[:-1]))
    before = np.concatenate(([1.0], curve[:-1]))
    return float((before * of_kind / np.maximum(at_risk, 1))[: limit + 1].sum())


def median_days(curve: NDArray[np.float64]) -> float:
    """Give the first day by which half are settled; NaN where that never happens.

    Parameters
    ----------
    curve : ndarray of float64
        As `survival` gives it.

    Returns
    -------
    float
        Days, or NaN without cases or where more than half are never settled.

    Examples
    --------
    >>> median_days(np.array([1.0, 0.75, 0.5, 0.5]))
    2.0
    """
    if curve.size == 0:
        return math.nan
    below = np.flatnonzero(curve <= 0.5)
    return float(below[0]) if below.size else math.nan


def restricted_mean_days(curve: NDArray[np.float64], horizon: int) -> float:
    """Give the mean days until the event, counting at most a horizon: the area under the curve.

    Parameters
    ----------
    curve : ndarray of float64
        As `survival` gives it; its last value is carried on where the horizon is longer.
    horizon : int
        Days counted at most.

    Returns
    -------
    float
        Days in [0, horizon], or NaN without cases.

    Examples
    --------
    >>> restricted_mean_days(np.array([1.0, 0.5, 0.0]), 365)
    1.5
    """
    if curve.size == 0:
        return math.nan
    part = curve[:horizon]
    return float(part.sum() + max(0, horizon - part.size) * part[-1])
