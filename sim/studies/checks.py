"""Numbers as people type them: checked, with a sentence for what is wrong."""

from __future__ import annotations

import math
import numbers
import os

from sim.errors import InputError

__all__ = ["available_cores", "number_between", "whole_number"]


def number_between(field: str, value: object, low: float, high: float, *, above: bool = False) -> float:
    """Accept a finite number in a range.

    Parameters
    ----------
    field : str
        What it is, for the message.
    value : object
        What was given.
    low, high : float
        The range, both ends in it.
    above : bool
        Whether the lower end is not allowed itself.

    Returns
    -------
    float
        The number.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> number_between("precision", 1, 0.0, 10.0, above=True)
    1.0
    """
    if above:
        allowed = {
            "zh": f"大于 {low:g}、不超过 {high:g} 的数",
            "en": f"a number above {low:g} and at most {high:g}",
        }
    else:
        allowed = {"zh": f"{low:g} 到 {high:g} 的数", "en": f"a number from {low:g} to {high:g}"}
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InputError(field, value, allowed)
    number = float(value)
    if not math.isfinite(number) or not low <= number <= high or (above and number == low):
        raise InputError(field, value, allowed)
    return number


def whole_number(field: str, value: object, low: int, high: int) -> int:
    """Accept a whole number in a range.

    Parameters
    ----------
    field : str
        What it is, for the message.
    value : object
        What was given.
    low, high : int
        The range, both ends in it.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        For anything else, a truth value too.

    Examples
    --------
    >>> whole_number("workers", 2, 1, 1024)
    2
    """
    allowed = {"zh": f"{low} 到 {high} 的整数", "en": f"a whole number from {low} to {high}"}
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not low <= int(value) <= high:
        raise InputError(field, value, allowed)
    return int(value)


def available_cores() -> int:
    """Count the cores that this process may use.

    Returns
    -------
    int
        1 or more.
    """
    # A container may give a process fewer cores than the machine has.
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
