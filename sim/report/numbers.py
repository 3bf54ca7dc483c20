"""Numbers as tables show them, and what an interval lets one say in a word.

A verdict is computed from the interval alone: where it holds zero, there is no clear difference.
"""

from __future__ import annotations

import math
from typing import Final

from sim.charts.wording import is_share
from sim.language import text
from sim.measures.definitions import Measure

__all__ = [
    "NOTHING",
    "decimals_for",
    "format_change",
    "format_number",
    "format_value",
    "interval_decimals",
    "verdict",
]

_MOST_DECIMALS: Final = 6
NOTHING: Final = "–"
"""What stands where there is no number."""


def verdict(measure: Measure, low: float, high: float) -> str:
    """Judge a difference by its interval.

    Parameters
    ----------
    measure : Measure
        Which direction is better; costs are only more or less, because whether they are worth it is
        not for a table to say.
    low, high : float
        The 95 % interval of the difference.

    Returns
    -------
    {"better", "worse", "more", "less", "same", "unknown"}
        ``same`` where the interval holds zero, ``unknown`` where there is none.

    Examples
    --------
    >>> from sim.measures.definitions import MEASURES
    >>> verdict(MEASURES["median_days"], -9.0, -2.0)
    'better'
    >>> verdict(MEASURES["staff_days"], 100.0, 120.0)
    'more'
    >>> verdict(MEASURES["coverage_7_days"], -0.01, 0.02)
    'same'
    """
    if math.isnan(low) or math.isnan(high):
        return "unknown"
    if low <= 0.0 <= high:
        return "same"
    rises = low > 0.0
    if measure.better == 0 or measure.group == "cost":
        return "more" if rises else "less"
    return "better" if rises == (measure.better > 0) else "worse"


def format_value(value: float, unit: str) -> str:
    """Write a value as a reader expects it: percent for shares, fewer decimals for larger numbers.

    Parameters
    ----------
    value : float
        The value.
    unit : str
        Its unit, as in the table of measures.

    Returns
    -------
    str
        The value without its unit, but with the sign of percent.

    Examples
    --------
    >>> format_value(0.2614, "share"), format_value(1234.56, "hours a year"), format_value(3.14159, "days")
    ('26.1%', '1,235', '3.1')
    """
    if math.isnan(value):
        return NOTHING
    if is_share(unit):
        return f"{100.0 * value:.1f}%"
    return format_number(value, "", decimals_for(value))


def format_change(effect: float, low: float, high: float, unit: str, language: str) -> str:
    """Write a difference with its interval.

    Parameters
    ----------
    effect, low, high : float
        The difference and its 95 % interval.
    unit : str
        Unit of the measure.
    language : {"zh", "en"}
        Language of "percentage points".

    Returns
    -------
    str
        Such as ``+11.9 [+9.8, +14.0] points``.

    Examples
    --------
    >>> format_change(0.119, 0.098, 0.14, "share", "en")
    '+11.9 [+9.8, +14.0] points'
    """
    if math.isnan(effect):
        return NOTHING
    if is_share(unit):
        effect, low, high = 100.0 * effect, 100.0 * low, 100.0 * high
    decimals = interval_decimals(effect, low, high, 1 if is_share(unit) else None)
    shown = format_number(effect, "+", decimals)
    if not math.isnan(low):
        shown += f" [{format_number(low, '+', decimals)}, {format_number(high, '+', decimals)}]"
    return f"{shown} {text('charts.unit.points_counted', language)}" if is_share(unit) else shown


def format_number(value: float, sign: str, decimals: int) -> str:
    """Write a number with separators, and without a sign where nothing is left of it.

    Parameters
    ----------
    value : float
        The number.
    sign : {"", "+"}
        "+" to write the sign of positive numbers, too.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> format_number(-0.04, "+", 1), format_number(1234.5, "+", 0)
    ('0.0', '+1,234')
    """
    shown = f"{value:{sign},.{decimals}f}"
    # Neither plus nor minus nothing.
    return shown if any(digit in shown for digit in "123456789") else f"{0:.{decimals}f}"


def decimals_for(*values: float) -> int:
    """Choose decimals for numbers that stand together, by the largest of them.

    Parameters
    ----------
    *values : float
        The numbers; NaN does not count.

    Returns
    -------
    int
        None from 1,000 on, 1 from 1 on and for nothing, otherwise 2 or 3.

    Examples
    --------
    >>> decimals_for(0.2, 31.0), decimals_for(0.2), decimals_for()
    (1, 2, 1)
    """
    size = max((abs(value) for value in values if not math.isnan(value)), default=0.0)
    return 0 if size >= 1000.0 else 1 if size >= 1.0 or size == 0.0 else 2 if size >= 0.1 else 3


def interval_decimals(effect: float, low: float, high: float, decimals: int | None = None) -> int:
    """Choose decimals for a number with its interval, so that a clear difference never reads as zero.

    Parameters
    ----------
    effect, low, high : float
        The number and the ends of its interval, as they will be written.
    decimals : int, optional
        Digits after the point to begin with; by default those of `decimals_for`.

    Returns
    -------
    int
        As many, or more where the end next to zero of an interval without zero would be rounded to it.

    Examples
    --------
    >>> interval_decimals(-1.0, -1.9, -0.02, 1), interval_decimals(-1.0, -1.9, 0.02, 1)
    (2, 1)
    """
    chosen = decimals_for(effect, low, high) if decimals is None else decimals
    nearest = min(abs(low), abs(high))
    while low * high > 0.0 and chosen < _MOST_DECIMALS and round(nearest, chosen) == 0.0:
        chosen += 1
    return chosen
