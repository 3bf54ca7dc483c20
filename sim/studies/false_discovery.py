"""How many findings among many comparisons may be false, and what that asks of each of them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.studies.effects import CONFIDENCE

__all__ = ["FALSE_DISCOVERY_RATE", "false_discovery_values", "probability"]

FALSE_DISCOVERY_RATE: Final = 0.05
"""Largest expected share of false ones among what is called clear in one family of comparisons."""


def probability(
    effect: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    replications: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the two-sided p-value of Student's t that belongs to a 95 % interval.

    Parameters
    ----------
    effect, low, high : ndarray of float64
        Mean paired differences and the limits of their intervals.
    replications : ndarray of float64
        Complete pairs.

    Returns
    -------
    ndarray of float64
        0 to 1; 1 where all pairs are equal, 0 where all differ by the same number under arms that do not
        vary, NaN where the interval is undefined.

    Examples
    --------
    >>> effect, low, high = np.array([[1.0, 0.0], [0.0, 0.0], [2.0, 0.0]])
    >>> probability(effect, low, high, np.array([8.0, 8.0])).round(6).tolist()
    [0.05, 1.0]
    """
    freedom = np.maximum(replications - 1.0, 1.0)
    error = (high - low) / 2.0 / stats.t.ppf((1.0 + CONFIDENCE) / 2.0, freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 2.0 * stats.t.sf(np.abs(effect) / error, freedom)
    exact = np.where(effect == 0.0, 1.0, 0.0)
    return np.asarray(np.where(error == 0.0, exact, found), np.float64)


def false_discovery_values(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjust p-values for their number by the procedure of Benjamini and Hochberg.

    Parameters
    ----------
    probabilities : ndarray of float64
        p-values, NaN where undefined; those do not count.

    Returns
    -------
    ndarray of float64
        q-values: the smallest false discovery rate at which each would be called a finding.

    Examples
    --------
    >>> false_discovery_values(np.array([0.01, np.nan, 0.04])).tolist()
    [0.02, nan, 0.04]

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. J. R. Stat. Soc. B 57(1),
    289–300.
    """
    adjusted = np.full(probabilities.shape, np.nan)
    defined = ~np.isnan(probabilities)
    if defined.any():
        adjusted[defined] = stats.false_discovery_control(probabilities[defined], method="bh")
    return adjusted
