"""What was recorded month by month, added up or side by side, and ratios that may have nothing below them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import RECORD_FIELDS
from sim.engine.constants import DAYS_PER_YEAR
from sim.engine.dates import START
from sim.engine.simulation import Simulation
from sim.measures.case_table import TIER_NAMES

__all__ = ["Totals", "first_day_of", "mean_of_known", "month_of", "ratio", "span_of"]

_FIELD = {name: index for index, name in enumerate(RECORD_FIELDS)}


class Totals:
    """Sums of recorded months by name.

    Parameters
    ----------
    record : ndarray of float64, shape (fields,) or (fields, months)
        The sums of a span, or the months of a run side by side.
    months : int
        Months that each number is the sum of.
    years : float
        The same in years.
    """

    def __init__(self, record: NDArray[np.float64], months: int, years: float) -> None:
        self.record = record
        self.months = months
        self.years = years

    # What belongs to a span is a float, with which Python reckons ten times as fast as NumPy.
    def __getitem__(self, name: str) -> Any:
        found = self.record[_FIELD[name]]
        return found if found.ndim else float(found)

    def over(self, names: str, tiers: tuple[str, ...] = TIER_NAMES[:4]) -> Any:
        """Add up a quantity over tiers."""
        return sum(self[f"{names}_{tier}"] for tier in tiers)


def span_of(simulation: Simulation, scope: int, first_month: int, last_month: int) -> Totals:
    """Add up whole months; without any, everything is unknown.

    Parameters
    ----------
    simulation : Simulation
        The run.
    scope : int
        0 for the interior, 1 for the border.
    first_month, last_month : int
        Months since the start of runs; the last one is not in it.

    Returns
    -------
    Totals
        The sums.
    """
    count = last_month - first_month
    if count <= 0:
        return Totals(np.full(len(RECORD_FIELDS), math.nan), 1, 1.0)
    record = simulation.columns.record[first_month:last_month, scope].sum(axis=0)
    return Totals(record, count, (first_day_of(last_month) - first_day_of(first_month)) / DAYS_PER_YEAR)


def month_of(day: int) -> int:
    """Give the month of a day, counted from the start of runs: as many as are over before that day.

    Parameters
    ----------
    day : int
        Days since the start.

    Returns
    -------
    int
        Months since the start.

    Examples
    --------
    >>> month_of(30), month_of(31)
    (0, 1)
    """
    month = (np.datetime64(START) + day).astype("datetime64[M]")
    return int((month - np.datetime64(START, "M")).astype(np.int64))


def first_day_of(month: int) -> int:
    """Give the first day of a month.

    Parameters
    ----------
    month : int
        Months since the start of runs.

    Returns
    -------
    int
        Days since the start.

    Examples
    --------
    >>> first_day_of(1)
    31
    """
    start = (np.datetime64(START, "M") + month).astype("datetime64[D]")
    return int((start - np.datetime64(START)).astype(np.int64))


def ratio(part: Any, whole: Any) -> Any:
    """Divide, and leave unknown what has nothing below it.

    Parameters
    ----------
    part, whole : float or ndarray
        Numbers, or numbers of many months.

    Returns
    -------
    float or ndarray
        NaN where the whole is not above 0.

    Examples
    --------
    >>> ratio(1.0, 4.0), ratio(1.0, 0.0)
    (0.25, nan)
    >>> ratio(np.array([1.0, 1.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    if isinstance(whole, float):
        return part / whole if whole > 0.0 else math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0.0, part / whole, math.nan)


def mean_of_known(values: list[Any]) -> Any:
    """Average those of some numbers that are known.

    Parameters
    ----------
    values : list of float or ndarray
        Numbers, or numbers of many months; NaN where unknown.

    Returns
    -------
    float or ndarray
        NaN where none is known.

    Examples
    --------
    >>> mean_of_known([1.0, math.nan, 3.0])
    2.0
    >>> mean_of_known([np.array([1.0, math.nan]), np.array([2.0, math.nan])]).tolist()
    [1.5, nan]
    """
    if isinstance(values[0], float):
        known = [value for value in values if not math.isnan(value)]
        return ratio(sum(known), float(len(known)))
    table = np.array(values)
    # Added up in order, as the numbers of a span are.
    total = sum(np.where(np.isnan(row), 0.0, row) for row in table)
    return ratio(total, (~np.isnan(table)).sum(axis=0))
