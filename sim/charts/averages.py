"""Means over replications with their 95 % intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t

from sim.studies.comparison import Comparison

__all__ = ["mean_and_interval", "means", "measured", "monthly"]


def mean_and_interval(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Average over the first axis, with the 95 % interval of Student's t.

    Parameters
    ----------
    values : ndarray, shape (replications, …)
        Values; NaN ones are left out.

    Returns
    -------
    mean, low, high : ndarray
        NaN where no value is there; low and high also where there is only one.

    Examples
    --------
    >>> mean, low, high = mean_and_interval(np.array([[1.0], [3.0]]))
    >>> mean.item(), round(low.item(), 3), round(high.item(), 3)
    (2.0, -10.706, 14.706)
    """
    count = np.sum(~np.isnan(values), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(values, axis=0) / count
        spread = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / (count - 1))
        half = t.ppf(0.975, np.maximum(count - 1, 1)) * spread / np.sqrt(count)
    half = np.where(count > 1, half, np.nan)
    return mean, mean - half, mean + half


def means(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Average the column `value` over replications within groups.

    Parameters
    ----------
    frame : DataFrame
        Has `replication`, `value` and the grouping columns.
    by : sequence of str
        Grouping columns.

    Returns
    -------
    DataFrame
        Columns mean, low, high; indexed by the groups.
    """
    wide = frame.pivot_table(
        index="replication", columns=list(by), values="value", dropna=True, observed=True
    )
    mean, low, high = mean_and_interval(wide.to_numpy(dtype=float))
    return pd.DataFrame({"mean": mean, "low": low, "high": high}, index=wide.columns)


def measured(comparison: Comparison, measure: str, scope: str = "border") -> pd.DataFrame:
    """Average one measure by arm and tier.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    measure : str
        Key of the measure.
    scope : {"border", "interior"}
        Where.

    Returns
    -------
    DataFrame
        Columns mean, low, high; indexed by arm and tier.
    """
    table = comparison.measures
    return means(table[(table["measure"] == measure) & (table["scope"] == scope)], ["arm", "tier"])


def monthly(comparison: Comparison, measure: str, scope: str = "border", tier: str = "all") -> pd.DataFrame:
    """Average one measure by arm and month.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    measure : str
        Key of the measure.
    scope : {"border", "interior"}
        Where.
    tier : str
        Tier of the measure.

    Returns
    -------
    DataFrame
        Columns mean, low, high; indexed by arm and month_index. Empty where nothing was recorded.
    """
    table = comparison.series
    rows = table[(table["measure"] == measure) & (table["scope"] == scope) & (table["tier"] == tier)]
    if rows.empty:
        return pd.DataFrame(columns=["mean", "low", "high"])
    return means(rows, ["arm", "month_index"])
