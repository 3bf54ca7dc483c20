"""Numbers as a reader says them: shares in per cent, differences of shares in points, units in words."""

from __future__ import annotations

import math

from sim.language import text
from sim.measures.definitions import MEASURES

__all__ = ["axis_label", "is_share", "say_difference", "scale_of", "unit_name"]

_SHARES = ("share", "probability")
# What differs by the rounding of a sum: beside the largest of three numbers, or by itself.
_ROUNDING = 1e-9
_LEAST = 1e-12


def is_share(unit: str) -> bool:
    """Tell whether values of a unit lie in [0, 1] and are shown in per cent.

    Parameters
    ----------
    unit : str
        Unit of a measure.

    Returns
    -------
    bool
        True for shares and probabilities.

    Examples
    --------
    >>> is_share("probability"), is_share("days")
    (True, False)
    """
    return unit in _SHARES


def scale_of(unit: str) -> float:
    """Give the factor from values in tables to values on axes.

    Parameters
    ----------
    unit : str
        Unit of a measure.

    Returns
    -------
    float
        100 for shares, otherwise 1.
    """
    return 100.0 if is_share(unit) else 1.0


def unit_name(unit: str, language: str, *, difference: bool = False) -> str:
    """Say a unit in words.

    Parameters
    ----------
    unit : str
        Unit of a measure.
    language : {"zh", "en"}
        Language.
    difference : bool
        True for the unit of a difference: points instead of per cent.

    Returns
    -------
    str
        Its name; empty for an index.

    Examples
    --------
    >>> unit_name("share", "en"), unit_name("share", "en", difference=True), unit_name("days", "zh")
    ('%', 'points', '天')
    """
    if is_share(unit):
        return text("charts.unit.points", language) if difference else "%"
    if unit == "index":
        return ""
    words = text(f"charts.unit.{unit.replace(' ', '_').replace(',', '')}", language)
    return words


def axis_label(measure: str, language: str, *, difference: bool = False) -> str:
    """Label an axis with the name of a measure and its unit.

    Parameters
    ----------
    measure : str
        Key of the measure.
    language : {"zh", "en"}
        Language.
    difference : bool
        True where differences are drawn.

    Returns
    -------
    str
        Name and, in brackets, unit.

    Examples
    --------
    >>> axis_label("median_days", "en")
    'median days to settlement (days)'
    """
    definition = MEASURES[measure]
    name = definition.zh if language == "zh" else definition.en
    if difference:
        name = text("charts.change_in", language, name=name)
    unit = unit_name(definition.unit, language, difference=difference)
    if not unit:
        return name
    return f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})"


def say_difference(effect: float, low: float, high: float, unit: str, language: str) -> tuple[str, str]:
    r"""Say a difference and its interval, in as many digits as the interval deserves.

    Parameters
    ----------
    effect, low, high : float
        Difference and the ends of its interval, as tables hold them.
    unit : str
        Unit of the measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    change, interval : str
        The difference with its sign and unit; both ends with their signs. What is not zero, but for the
        rounding of sums, never reads 0.

    Examples
    --------
    >>> say_difference(0.1234, 0.08, 0.166, "share", "en")
    ('+12 points', '+8\xa0to\xa0+17')
    >>> say_difference(-3.42, -3.9, -2.94, "days", "zh")
    ('−3.4天', '−3.9至−2.9')
    """
    scale = scale_of(unit)
    values = _without_dust([scale * value for value in (effect, low, high)])
    decimals = _decimals(*values)
    said = [_signed(value, decimals) for value in values]
    # A line must not break inside an interval.
    between = "至" if language == "zh" else "\u00a0to\u00a0"
    words = text("charts.unit.points_counted", language) if is_share(unit) else unit_name(unit, language)
    return _with_unit(said[0], words, language), between.join(said[1:])


def _without_dust(values: list[float]) -> list[float]:
    """Let be zero what is so up to rounding; it would be said in a dozen digits."""
    known = [abs(value) for value in values if not math.isnan(value)]
    least = max(_LEAST, _ROUNDING * max(known, default=0.0))
    return [0.0 if abs(value) < least else value for value in values]


def _with_unit(number: str, unit: str, language: str) -> str:
    # Chinese units and the per-cent sign follow without a blank.
    return f"{number}{unit}" if unit == "%" or language == "zh" or not unit else f"{number} {unit}"


def _signed(value: float, decimals: int) -> str:
    if value == 0:
        return "0"
    return f"{'+' if value > 0 else '−'}{abs(value):,.{decimals}f}"


def _decimals(effect: float, low: float, high: float) -> int:
    """Show one digit of the interval's half-width, at most three of the effect, and no false zero."""
    half_width = (high - low) / 2
    size = abs(effect)
    decimals = -math.floor(math.log10(half_width)) if half_width > 0 else 3
    if size > 0:
        decimals = min(decimals, 2 - math.floor(math.log10(size)))
    decimals = max(decimals, 0)
    smallest = min((abs(value) for value in (effect, low, high) if value != 0), default=1.0)
    while float(f"{smallest:.{decimals}f}") == 0:
        decimals += 1
    return decimals
