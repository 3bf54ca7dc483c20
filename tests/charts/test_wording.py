"""Numbers as a reader says them."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.charts.wording import axis_label, say_difference, unit_name
from sim.measures.definitions import MEASURES

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-9)


@pytest.mark.parametrize(
    ("values", "unit", "change", "interval"),
    [
        ((0.107, 0.098, 0.116), "share", "+10.7 points", "+9.8 to +11.6"),
        ((0.22, 0.20, 0.24), "share", "+22 points", "+20 to +24"),
        ((2643.0, 2393.0, 2893.0), "staff-days a year", "+2,643 staff-days a year", "+2,393 to +2,893"),
        ((-3.4, -3.9, -2.9), "days", "−3.4 days", "−3.9 to −2.9"),
        ((0.05, 0.0004, 0.0996), "index", "+0.0500", "+0.0004 to +0.0996"),
        ((0.0, 0.0, 0.0), "share", "0 points", "0 to 0"),
        ((-2e-16, -3.0e-15, 2.6e-15), "index", "0", "0 to 0"),
        ((1.4e-17, -0.5, 0.5), "index", "0", "−0.5 to +0.5"),
        ((250.0, 3e-14, 500.0), "index", "+250", "0 to +500"),
    ],
)
def test_differences_read_in_the_digits_their_interval_deserves(values, unit, change, interval):
    said = say_difference(*values, unit, "en")
    assert said == (change, interval.replace(" ", "\u00a0"))


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted), st.sampled_from(["share", "days", "index"]))
def test_what_is_not_zero_never_reads_zero_and_signs_are_right(ends, unit):
    low, effect, high = ends
    # Beside numbers of a billion times its size nothing can be told from the rounding of their sum.
    rounding = 1e-9 * max(map(abs, ends))
    assume(not any(0 < abs(value) <= rounding for value in ends))
    change, interval = say_difference(effect, low, high, unit, "zh")
    said = [change.removesuffix("个百分点").removesuffix("天"), *interval.split("至")]
    for value, words in zip((effect, low, high), said, strict=True):
        read = float(words.replace("−", "-").replace(",", ""))
        assert np.sign(read) == np.sign(value)
        scale = 100 if unit == "share" else 1
        # Rounded, and never to more than one digit of the half-width or three of the effect.
        coarse = max(scale * (high - low) / 2, 0.01 * abs(scale * effect), 1.0)
        assert math.isclose(read, scale * value, abs_tol=coarse)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_unit_of_every_measure_has_words(language):
    for measure in MEASURES.values():
        for difference in (False, True):
            words = unit_name(measure.unit, language, difference=difference)
            assert words or measure.unit == "index"
            if language == "zh":
                assert not re.search("[a-z]", words)
            assert axis_label(measure.name, language, difference=difference)
