"""The calendar of a run: its first day, and spans of years."""

from __future__ import annotations

import math
import numbers
from datetime import date, timedelta
from typing import Final

from sim.errors import InputError

__all__ = ["DAYS_PER_YEAR", "START", "check_years", "days_after", "later"]

START: Final = date(2015, 1, 1)
"""First day of every run; three years of burn-in end with 2017."""

DAYS_PER_YEAR: Final = 365.25
"""Mean length of a year."""

_LONGEST_YEARS: Final = 50


def check_years(field: str, value: object, *, may_be_zero: bool = False) -> float:
    """Accept a number of years.

    Parameters
    ----------
    field : str
        What it is, for the message.
    value : object
        A number above 0 (or from 0), at most 50.
    may_be_zero : bool
        Whether 0 is allowed.

    Returns
    -------
    float
        The years.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> check_years("years", 3)
    3.0
    """
    number = math.nan if isinstance(value, bool) or not isinstance(value, numbers.Real) else float(value)
    if not (0.0 < number <= _LONGEST_YEARS or (may_be_zero and number == 0.0)):
        lowest = {"zh": "从 0", "en": "from 0"} if may_be_zero else {"zh": "大于 0", "en": "above 0"}
        allowed = {
            "zh": f"{lowest['zh']}到 {_LONGEST_YEARS} 的年数",
            "en": f"a number of years {lowest['en']} to {_LONGEST_YEARS}",
        }
        raise InputError(field, value, allowed)
    if number > 0.0 and round(number * DAYS_PER_YEAR) < 1:
        raise InputError(field, value, {"zh": "至少一天", "en": "at least one day"})
    return number


def later(day: date, years: float) -> date:
    """Go whole calendar years on, and days for what is left of a year.

    Parameters
    ----------
    day : datetime.date
        From where.
    years : float
        From 0.

    Returns
    -------
    datetime.date
        The day reached.

    Examples
    --------
    >>> later(date(2015, 1, 1), 3.0).isoformat(), later(date(2016, 2, 29), 1.0).isoformat()
    ('2018-01-01', '2017-03-01')
    """
    whole = int(years)
    try:
        reached = day.replace(year=day.year + whole)
    except ValueError:
        reached = date(day.year + whole, 3, 1)
    return reached + timedelta(days=round((years - whole) * DAYS_PER_YEAR))


def days_after(first_day: int, years: float) -> int:
    """Give the days of a span of years that begins some days after the start of a run.

    Parameters
    ----------
    first_day : int
        Days since `START`.
    years : float
        From 0.

    Returns
    -------
    int
        Days in the span; whole years from the first of January are calendar years.

    Examples
    --------
    >>> days_after(0, 3.0), days_after(1096, 1.0)
    (1096, 365)
    """
    begin = START + timedelta(days=first_day)
    return (later(begin, years) - begin).days
