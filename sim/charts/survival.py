"""Shares settled over time by Kaplan and Meier: open cases are censored, never dropped."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import CensoredData, ecdf

from sim.studies.comparison import Comparison

__all__ = ["curves_by_replication", "known_border_cases", "settled_at_tier", "settled_share"]


def known_border_cases(comparison: Comparison) -> pd.DataFrame:
    """Take the disputes across the border that became known to an office.

    Parameters
    ----------
    comparison : Comparison
        The comparison.

    Returns
    -------
    DataFrame
        Rows of the cases table, without offences and legacy claims, as the measures of disputes count them;
        cases that nobody learned of have no clock and are not among them.
    """
    cases = comparison.cases
    is_dispute = (cases["domain"] != "security") & ~cases["legacy"].astype(bool)
    is_known = cases["known"].notna() & cases["days_observed"].notna()
    return cases[(cases["scope"] == "border") & is_dispute & is_known]


def settled_share(cases: pd.DataFrame, days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Estimate the share of cases settled within given times of becoming known.

    The estimator is that of Kaplan and Meier: a case still open counts for as long as it was observed.

    Parameters
    ----------
    cases : DataFrame
        Has `days_to_settlement` (NaN while open) and `days_observed`.
    days : ndarray, shape (times,)
        Times in days.

    Returns
    -------
    ndarray, shape (times,)
        Shares in [0, 1]; NaN where there is no case.

    Examples
    --------
    >>> settled = [10.0, 20.0, np.nan]
    >>> cases = pd.DataFrame({"days_to_settlement": settled, "days_observed": [10.0, 20.0, 15.0]})
    >>> settled_share(cases, np.array([5.0, 10.0, 20.0])).round(3).tolist()
    [0.0, 0.333, 1.0]
    """
    if cases.empty:
        return np.full(len(days), np.nan)
    settled = cases["days_to_settlement"].to_numpy(dtype=float)
    is_open = np.isnan(settled)
    observed = cases["days_observed"].to_numpy(dtype=float)
    data = CensoredData(uncensored=settled[~is_open], right=observed[is_open])
    return np.asarray(ecdf(data).cdf.evaluate(days), dtype=float)


def settled_at_tier(cases: pd.DataFrame, days: NDArray[np.float64], tier: str) -> NDArray[np.float64]:
    """Estimate the share of cases settled by offices of one tier within given times of becoming known.

    The estimator is that of Aalen and Johansen: the other tiers compete, an open case counts for as long as
    it was observed. The tiers add up to `settled_share`.

    Parameters
    ----------
    cases : DataFrame
        Has `days_to_settlement` (NaN while open), `days_observed` and `settled_tier`.
    days : ndarray, shape (times,)
        Times in days.
    tier : str
        Tier of the office that settled.

    Returns
    -------
    ndarray, shape (times,)
        Shares in [0, 1]; NaN where there is no case.

    Examples
    --------
    >>> settled = [10.0, 20.0, np.nan]
    >>> cases = pd.DataFrame({"days_to_settlement": settled, "days_observed": [10.0, 20.0, 15.0]})
    >>> cases["settled_tier"] = ["village", "town", None]
    >>> settled_at_tier(cases, np.array([5.0, 10.0, 20.0]), "town").round(3).tolist()
    [0.0, 0.0, 0.667]
    """
    if cases.empty:
        return np.full(len(days), np.nan)
    settled = cases["days_to_settlement"].to_numpy(dtype=float)
    is_open = np.isnan(settled)
    watched = np.where(is_open, cases["days_observed"].to_numpy(dtype=float), settled)
    at_tier = ~is_open & (cases["settled_tier"].astype(object) == tier).to_numpy(dtype=bool)
    times, place = np.unique(watched, return_inverse=True)
    events = np.bincount(place[~is_open], minlength=times.size)
    of_tier = np.bincount(place[at_tier], minlength=times.size)
    ended = np.bincount(place, minlength=times.size)
    at_risk = settled.size - np.concatenate(([0], np.cumsum(ended)[:-1]))
    still_open = np.cumprod(1.0 - events / at_risk)
    before = np.concatenate(([1.0], still_open[:-1]))
    incidence = np.concatenate(([0.0], np.cumsum(before * of_tier / at_risk)))
    return np.asarray(incidence[np.searchsorted(times, days, side="right")], dtype=float)


def curves_by_replication(
    cases: pd.DataFrame, days: NDArray[np.float64], replications: int, tier: str | None = None
) -> NDArray[np.float64]:
    """Estimate a curve for each replication.

    Parameters
    ----------
    cases : DataFrame
        Cases of one arm.
    days : ndarray, shape (times,)
        Times in days.
    replications : int
        Number of replications.
    tier : str, optional
        Count only what offices of this tier settled.

    Returns
    -------
    ndarray, shape (replications, times)
        NaN in a replication that has no such case.
    """
    curves = np.full((replications, len(days)), np.nan)
    for row, (_, group) in enumerate(cases.groupby("replication", observed=True)):
        curves[row] = settled_share(group, days) if tier is None else settled_at_tier(group, days, tier)
    return curves
