"""Exponentials, logarithms, powers, cosines and lengths with the same digits on every machine.

A library's functions differ in the last digit from one processor or system to another, and one digit is
enough to turn a decision. Sums, products, quotients and square roots are rounded alike everywhere, so these
functions are made of nothing else: a table of 64 steps (Tang 1989, 1990), whose entries are rounded from
decimals, and a short series between two of them; for the cosine the polynomials of fdlibm (Sun Microsystems
1993). They are right within one unit of the last place unless said otherwise, and the same in plain and
compiled code.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiler import compiled

__all__ = [
    "cos",
    "cosines",
    "exp",
    "exp2",
    "gumbel",
    "gumbel_bounds",
    "lengths",
    "log",
    "logs",
    "power",
    "sin",
]

_STEPS: Final = 64
_DRAW_STEPS: Final = 256
_BIAS: Final = 1023
_MANTISSA_DIGITS: Final = 52
_MANTISSA: Final = (1 << _MANTISSA_DIGITS) - 1
_FIRST_OVERFLOW: Final = 709.0
_LAST_UNDERFLOW: Final = -708.0
_SMALLEST: Final = 2.2250738585072014e-308


def _in_two(exact: Decimal) -> tuple[float, float]:
    """Split off a part of so few digits that its products with small whole numbers are exact."""
    high = float(round(exact * 2**36)) / 2**36
    return high, float(exact - Decimal(high))


def _rounded_tables() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give 2**(i/64) and ln(1 + i/64), each with what its rounding left out."""
    with localcontext(prec=50):
        powers = [(Decimal(step) / _STEPS * Decimal(2).ln()).exp() for step in range(_STEPS)]
        logarithms = [_in_two((1 + Decimal(step) / _STEPS).ln()) for step in range(_STEPS + 1)]
        rounded = [(float(one), float(one - Decimal(float(one)))) for one in powers]
    return np.array(rounded), np.array(logarithms)


def _disturbances() -> list[tuple[float, float]]:
    """Give two numbers between which -ln(-ln(draw)) lies, for each of 256 steps of a draw from 0 to 1."""
    with localcontext(prec=20):
        inside = [float(-(-(Decimal(step) / _DRAW_STEPS).ln()).ln()) for step in range(1, _DRAW_STEPS)]
    # A draw is an odd multiple of 2**-53, and so its disturbance lies between -3.7 and 36.8.
    steps = [-4.0, *inside, 37.0]
    # Further apart than a computed disturbance is wrong.
    return [(low - 1e-9, high + 1e-9) for low, high in zip(steps[:-1], steps[1:], strict=True)]


_POWERS, _LOGS = _rounded_tables()
_DISTURBANCES: Final = np.array(_disturbances())
_INVERSES: Final = 1.0 / (1.0 + np.arange(_STEPS + 1) / _STEPS)
_LN2_HIGH: Final = float(_LOGS[_STEPS, 0])
_LN2_LOW: Final = float(_LOGS[_STEPS, 1])
_LN2: Final = _LN2_HIGH + _LN2_LOW

# π/2 in two parts of that kind.
_HALF_PI_HIGH: Final = 1.57079632673412561417e00
_HALF_PI_LOW: Final = 6.07710050650619224932e-11
_PER_HALF_PI: Final = 6.36619772367581382433e-01


@compiled
def _power_of_two(exponent: int) -> float:
    """Give 2 to a whole power from -1022 to 1023, put together from its bits."""
    return float(np.int64((exponent + _BIAS) << _MANTISSA_DIGITS).view(np.float64))


@compiled
def _grown(steps: int, x: float) -> float:
    """Give 2**(steps/64) * exp(x) for an x of less than a step."""
    step = steps & (_STEPS - 1)
    entry = _POWERS[step, 0]
    square = x * x
    growth = x + square * ((0.5 + x * (1.0 / 6.0)) + square * (1.0 / 24.0 + x * (1.0 / 120.0)))
    return float(entry + (entry * growth + _POWERS[step, 1])) * _power_of_two(steps >> 6)


@compiled
def exp(x: float) -> float:
    """Give e to the power of a number.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        From 0; 0 below -708 and infinite from 709, a little before the numbers of a computer end.

    Examples
    --------
    >>> exp(0.0), round(exp(1.0), 14), exp(-1000.0), exp(1000.0)
    (1.0, 2.71828182845905, 0.0, inf)
    """
    if x < _LAST_UNDERFLOW:
        return 0.0
    if not x < _FIRST_OVERFLOW:
        # What is no number stays none.
        return x + math.inf
    steps = math.floor(x * (_STEPS / _LN2) + 0.5)
    return _grown(int(steps), (x - steps * (_LN2_HIGH / _STEPS)) - steps * (_LN2_LOW / _STEPS))


@compiled
def exp2(x: float) -> float:
    """Give 2 to the power of a number: what doubles, or for a negative number halves, in a unit of time.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        From 0, exact for whole powers; 0 below -1,022 and infinite from 1,023.

    Examples
    --------
    >>> exp2(3.0), exp2(-1.0), round(exp2(0.5), 9), exp2(-2000.0)
    (8.0, 0.5, 1.414213562, 0.0)
    """
    if x < -1022.0:
        return 0.0
    if not x < 1023.0:
        return x + math.inf
    steps = math.floor(x * _STEPS + 0.5)
    return _grown(int(steps), (x - steps / _STEPS) * _LN2)


@compiled
def log(x: float) -> float:
    """Give the natural logarithm.

    Parameters
    ----------
    x : float
        From 0.

    Returns
    -------
    float
        Negative infinity for 0 (and for what is smaller than 2 to the power of -1,022), nan below 0.

    Examples
    --------
    >>> log(1.0), log(10.0), log(0.0)
    (0.0, 2.302585092994046, -inf)
    """
    if x < _SMALLEST:
        return -math.inf if x >= 0.0 else math.nan
    if not x < math.inf:
        return x
    bits = int(np.float64(x).view(np.int64))
    doublings = (bits >> _MANTISSA_DIGITS) - _BIAS
    own = (bits & _MANTISSA) | (_BIAS << _MANTISSA_DIGITS)
    # The nearest step, by rounding away the digits below it; 2 itself is the step after the last.
    nearest = ((own + (1 << 45)) >> 46) << 46
    step = (nearest >> 46) - (_BIAS << 6)
    f = float(np.int64(own).view(np.float64) - np.int64(nearest).view(np.float64)) * _INVERSES[step]
    square = f * f
    fourth = square * square
    series = (
        (0.5 - f * (1.0 / 3.0))
        + square * (0.25 - f * 0.2)
        + fourth * ((1.0 / 6.0 - f * (1.0 / 7.0)) + square * 0.125)
    )
    low = (doublings * _LN2_LOW + _LOGS[step, 1]) - square * series
    return float((doublings * _LN2_HIGH + _LOGS[step, 0]) + (f + low))


@compiled
def gumbel(draw: float) -> float:
    """Turn a uniform draw into a Gumbel disturbance: of utilities with one each, the best is a logit choice.

    Parameters
    ----------
    draw : float
        In (0, 1), as `sim.streams.uniform` gives it.

    Returns
    -------
    float
        ``-log(-log(draw))``; rises with the draw.

    Examples
    --------
    >>> round(gumbel(0.5), 12)
    0.366512920582
    """
    return -log(-log(draw))


@compiled
def gumbel_bounds(draw: float) -> tuple[float, float]:
    """Give two numbers between which a Gumbel disturbance lies, at a fraction of its price.

    Parameters
    ----------
    draw : float
        As for `gumbel`.

    Returns
    -------
    float, float
        Below and above; apart by less than 0.04 from a draw of 0.04 to one of 0.86, by up to 32 near 1.

    Examples
    --------
    >>> lowest, highest = gumbel_bounds(0.3)
    >>> lowest <= gumbel(0.3) <= highest, highest - lowest < 0.02
    (True, True)
    """
    step = int(draw * _DRAW_STEPS)
    return _DISTURBANCES[step, 0], _DISTURBANCES[step, 1]


@compiled
def power(base: float, exponent: float) -> float:
    """Give a power of a number that is not negative.

    Parameters
    ----------
    base : float
        From 0.
    exponent : float
        Any number.

    Returns
    -------
    float
        ``base ** exponent``, within ``2 + 2 |exponent * log(base)|`` units of the last place; exact for an
        exponent of 0 or 1.

    Examples
    --------
    >>> power(0.0, 2.0), power(3.0, 1.0), power(0.0, 0.0), round(power(2.0, -0.5), 12)
    (0.0, 3.0, 1.0, 0.707106781187)
    """
    if exponent == 0.0:
        return 1.0
    if exponent == 1.0:
        return base
    return exp(exponent * log(base))


@compiled
def _turned(x: float, quarters: int) -> float:
    """Give sin(x + quarters * π/2), with an error below 2e-16."""
    turns = math.floor(x * _PER_HALF_PI + 0.5)
    high = x - turns * _HALF_PI_HIGH
    low = turns * _HALF_PI_LOW
    y = high - low
    rest = (high - y) - low
    z = y * y
    quarter = (int(turns) + quarters) & 3
    if quarter & 1:
        tail = z * (
            4.16666666666666019037e-02
            + z
            * (
                -1.38888888888741095749e-03
                + z
                * (
                    2.48015872894767294178e-05
                    + z
                    * (
                        -2.75573143513906633035e-07
                        + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)
                    )
                )
            )
        )
        half = 0.5 * z
        first = 1.0 - half
        value = first + (((1.0 - first) - half) + (z * tail - y * rest))
    else:
        cube = z * y
        tail = 8.33333333332248946124e-03 + z * (
            -1.98412698298579493134e-04
            + z
            * (
                2.75573137070700676789e-06
                + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)
            )
        )
        value = y - ((z * (0.5 * rest - cube * tail) - rest) - cube * -1.66666666666666324348e-01)
    return -value if quarter & 2 else value


@compiled
def cos(x: float) -> float:
    """Give the cosine of an angle.

    Parameters
    ----------
    x : float
        Radians, at most a million either way.

    Returns
    -------
    float
        In [-1, 1]; the error is below 2e-16.

    Examples
    --------
    >>> cos(0.0), round(cos(math.pi / 3.0), 15)
    (1.0, 0.5)
    """
    return _turned(x, 1)


@compiled
def sin(x: float) -> float:
    """Give the sine of an angle.

    Parameters
    ----------
    x : float
        Radians, at most a million either way.

    Returns
    -------
    float
        In [-1, 1]; the error is below 2e-16.

    Examples
    --------
    >>> sin(0.0), round(sin(math.pi / 6.0), 15)
    (0.0, 0.5)
    """
    return _turned(x, 0)


def _of_each(
    fill: Callable[[NDArray[np.float64], NDArray[np.float64]], None], x: ArrayLike
) -> NDArray[np.float64]:
    numbers = np.asarray(x, dtype=np.float64)
    out = np.empty(numbers.size)
    fill(numbers.ravel(), out)
    return out.reshape(numbers.shape)


@compiled
def _fill_cosines(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for row in range(x.size):
        out[row] = cos(x[row])


def cosines(x: ArrayLike) -> NDArray[np.float64]:
    """Give the cosine of each of many angles.

    Parameters
    ----------
    x : array_like of float
        Radians, as for `cos`.

    Returns
    -------
    ndarray of float64
        Of the same shape.

    Examples
    --------
    >>> cosines([[0.0], [math.pi]]).tolist()
    [[1.0], [-1.0]]
    """
    return _of_each(_fill_cosines, x)


@compiled
def _fill_logs(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for row in range(x.size):
        out[row] = log(x[row])


def logs(x: ArrayLike) -> NDArray[np.float64]:
    """Give the natural logarithm of each of many numbers.

    Parameters
    ----------
    x : array_like of float
        As for `log`.

    Returns
    -------
    ndarray of float64
        Of the same shape.

    Examples
    --------
    >>> logs([1.0, 0.0]).tolist()
    [0.0, -inf]
    """
    return _of_each(_fill_logs, x)


def lengths(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the length of each of many arrows in the plane.

    Parameters
    ----------
    x, y : ndarray of float64
        Their two sides, of one shape or shapes that go together.

    Returns
    -------
    ndarray of float64
        ``√(x² + y²)``.

    Examples
    --------
    >>> lengths(np.array([3.0, 0.0]), np.array([4.0, -2.0])).tolist()
    [5.0, 2.0]
    """
    return np.asarray(np.sqrt(x * x + y * y))
