from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim import elementary
from sim.elementary import cos, cosines, exp, exp2, gumbel, gumbel_bounds, lengths, log, logs, power, sin

FUNCTIONS: dict[str, Any] = {name: getattr(elementary, name) for name in ("exp", "exp2", "log", "cos", "sin")}
#: Arguments that the functions must give the same digits for everywhere; logarithms take their size.
ARGUMENTS = [float(x) for x in np.linspace(-650.0, 650.0, 1501)] + [
    float(x) for x in np.geomspace(1e-9, 40.0, 500)
]
GENERIC = """
import json, sys
from sim import elementary
arguments = json.loads(sys.stdin.read())
print(json.dumps([
    [getattr(elementary, name)(abs(x) if name == "log" else x).hex() for x in arguments]
    for name in ("exp", "exp2", "log", "cos", "sin")
]))
"""


def exact(name: str, x: float) -> Decimal:
    """The true value to forty digits, by decimal arithmetic."""
    with localcontext(prec=60):
        number = Decimal(x)
        if name == "log":
            return number.ln()
        return (number if name == "exp" else number * Decimal(2).ln()).exp()


def units_off(value: float, true: Decimal) -> float:
    with localcontext(prec=60):
        return float(abs(Decimal(value) - true) / Decimal(math.ulp(float(true))))


def plain(function: Any) -> Callable[..., Any]:
    return getattr(function, "py_func", function)


@given(x=st.floats(-700.0, 700.0))
@example(x=0.0)
@example(x=math.log(2.0) / 128.0)
def test_exponentials_are_right_within_a_unit_of_the_last_place(x: float) -> None:
    assert units_off(exp(x), exact("exp", x)) < 1.0
    assert units_off(exp2(x), exact("exp2", x)) < 1.0


@given(x=st.floats(2.0**-1021, 1e308) | st.floats(0.5, 2.0) | st.floats(1.0 - 1e-6, 1.0 + 1e-6))
@example(x=math.nextafter(1.0, 0.0))
@example(x=math.nextafter(1.0, 2.0))
@example(x=1.0 + 127.0 / 128.0)
def test_logarithms_are_right_within_a_unit_of_the_last_place(x: float) -> None:
    true = exact("log", x)
    assert log(x) == 0.0 if x == 1.0 else units_off(log(x), true) < 1.0


@given(base=st.floats(1e-6, 1e6), exponent=st.floats(-20.0, 20.0))
def test_powers_are_right_as_far_as_promised(base: float, exponent: float) -> None:
    with localcontext(prec=60):
        true = (Decimal(exponent) * Decimal(base).ln()).exp()
    assert units_off(power(base, exponent), true) < 2.0 + 2.0 * abs(exponent * math.log(base))


@given(x=st.floats(-1e6, 1e6))
@example(x=math.pi / 2.0)
@example(x=-math.pi / 4.0)
def test_angles_are_right_to_the_sixteenth_place(x: float) -> None:
    # The library's own error is below 1e-16.
    assert abs(cos(x) - math.cos(x)) < 2e-16
    assert abs(sin(x) - math.sin(x)) < 2e-16


@pytest.mark.parametrize("name", FUNCTIONS)
@given(x=st.floats(-750.0, 1100.0))
@settings(max_examples=300)
def test_plain_and_compiled_give_the_same_digits(name: str, x: float) -> None:
    x = abs(x) if name == "log" else x
    assert FUNCTIONS[name](x) == plain(FUNCTIONS[name])(x)


def test_ends_and_what_is_no_number() -> None:
    assert (exp(-math.inf), exp(math.inf), exp2(-math.inf), exp2(math.inf)) == (0.0, math.inf, 0.0, math.inf)
    assert (log(0.0), log(math.inf), power(0.0, 0.5), power(0.0, -1.0)) == (
        -math.inf,
        math.inf,
        0.0,
        math.inf,
    )
    assert all(math.isnan(function(math.nan)) for function in (exp, exp2, log))
    assert math.isnan(log(-1.0))
    assert [exp2(whole) for whole in range(-1022, 1023)] == [2.0**whole for whole in range(-1022, 1023)]
    assert all(power(base, 1.0) == base for base in ARGUMENTS if base >= 0.0)


@given(st.floats(-700.0, 700.0), st.floats(0.0, 1.0))
def test_exponentials_never_fall_and_logarithms_undo_them(x: float, more: float) -> None:
    assert exp(x + more) >= exp(x)
    assert log(exp(x)) == pytest.approx(x, abs=1e-15, rel=1e-15)


def test_many_at_once_are_the_ones_one_by_one() -> None:
    angles = np.linspace(-9.0, 9.0, 60).reshape(3, 4, 5)
    assert cosines(angles).ravel().tolist() == [cos(angle) for angle in angles.ravel().tolist()]
    assert logs(np.array([0.5, 3.0])).tolist() == [log(0.5), log(3.0)]
    assert lengths(np.array([[3.0], [5.0]]), np.array([4.0, 12.0])).tolist() == [
        [5.0, math.sqrt(153.0)],
        [math.sqrt(41.0), 13.0],
    ]


def test_another_processor_gives_the_same_digits(tmp_path: Path) -> None:
    """Compiled anew for a processor without fused operations, with libraries told to do without them, too."""
    done = subprocess.run(
        [sys.executable, "-c", GENERIC],
        input=json.dumps(ARGUMENTS),
        env=os.environ
        | {
            "NUMBA_CPU_NAME": "generic",
            "NUMBA_CPU_FEATURES": "",
            "NUMBA_CACHE_DIR": str(tmp_path),
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    here = [
        [function(abs(x) if name == "log" else x).hex() for x in ARGUMENTS]
        for name, function in FUNCTIONS.items()
    ]
    assert json.loads(done.stdout) == here


@given(st.floats(2.0**-53, 1.0 - 2.0**-53))
@example(2.0**-53)
@example(1.0 - 2.0**-53)
def test_a_disturbance_lies_between_its_bounds(draw: float) -> None:
    lowest, highest = gumbel_bounds(draw)
    assert lowest < gumbel(draw) < highest
    assert plain(gumbel_bounds)(draw) == (lowest, highest)


def test_disturbances_at_and_beside_each_step_lie_between_their_bounds() -> None:
    steps = np.arange(1, 256) / 256
    for draw in np.concatenate([steps, np.nextafter(steps, 0.0), np.nextafter(steps, 1.0)]).tolist():
        lowest, highest = gumbel_bounds(draw)
        assert lowest < gumbel(draw) < highest
    middle = steps[(steps > 0.04) & (steps < 0.86)].tolist()
    assert max(highest - lowest for lowest, highest in map(gumbel_bounds, middle)) < 0.04
