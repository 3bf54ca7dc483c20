"""Kaplan–Meier over whole days: cases that are still open count for as long as they were watched."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "incidence_within",
    "incidences_within",
    "median_days",
    "restricted_mean_days",
    "share_within",
    "survival",
]


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
    at_risk = _at_risk(days)
    settled = np.bincount(days[is_event], minlength=at_risk.size)
    return np.asarray(np.cumprod(1.0 - settled / at_risk), np.float64)


def _at_risk(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count those still watched on each day, and one at least, so that nothing is divided by zero."""
    ended = np.bincount(days)
    watched: NDArray[np.int64] = days.size - np.concatenate(([0], np.cumsum(ended)[:-1]))
    return np.maximum(watched, 1)


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
    (incidence,) = incidences_within(days, is_event, [is_kind], limit)
    return incidence


def incidences_within(
    days: NDArray[np.int64], is_event: NDArray[np.bool_], kinds: Sequence[NDArray[np.bool_]], limit: int
) -> list[float]:
    """Estimate `incidence_within` for several ways of settling the same cases.

    Parameters
    ----------
    days : ndarray of int64, shape (n,)
        Days watched, from 0.
    is_event : ndarray of bool, shape (n,)
        True where the case was settled on that day, in whatever way.
    kinds : sequence of ndarray of bool, shape (n,)
        True where it was settled in the first way, in the second, and so on.
    limit : int
        Days, from 0.

    Returns
    -------
    list of float
        One for each way, in [0, 1], or NaN where nothing was watched that long.

    Examples
    --------
    >>> days, settled = np.array([1, 2, 2, 5]), np.array([True, True, False, True])
    >>> first = np.array([True, False, False, False])
    >>> incidences_within(days, settled, [first, ~first], 3)
    [0.25, 0.25]
    """
    curve = survival(days, is_event)
    if math.isnan(share_within(curve, limit)):
        return [math.nan] * len(kinds)
    at_risk = _at_risk(days)
    before = np.concatenate(([1.0], curve[:-1]))
    counts = (np.bincount(days[is_event & kind], minlength=curve.size) for kind in kinds)
    return [float((before * count / at_risk)[: limit + 1].sum()) for count in counts]


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
