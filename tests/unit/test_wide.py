from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim import wide

word = st.integers(0, 2**64 - 1)


# Both ways must be right: one serves compiled code, the other plain Python.
@pytest.mark.parametrize(
    "multiply", [wide.product, wide.product_by_limbs, getattr(wide.product_by_limbs, "py_func", None)]
)
@given(a=word, b=word)
@example(a=2**64 - 1, b=2**64 - 1)
def test_the_product_is_exact(multiply, a: int, b: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        high, low = (multiply or wide.product_by_limbs)(np.uint64(a), np.uint64(b))
    assert (int(high) << 64) + int(low) == a * b


@pytest.mark.parametrize(
    "add", [wide.total, wide.total_by_limbs, getattr(wide.total_by_limbs, "py_func", None)]
)
@given(a=word, b=word)
@example(a=2**64 - 1, b=2**64 - 1)
def test_the_total_wraps_around(add, a: int, b: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = (add or wide.total_by_limbs)(np.uint64(a), np.uint64(b))
    assert int(answer) == (a + b) % 2**64
