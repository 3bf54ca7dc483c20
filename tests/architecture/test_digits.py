"""No digit of a run is left to a library whose last digit depends on the machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
#: What decides the state of a run.
PATTERNS = (
    "elementary.py", "parameters.py", "quantile.py", "streams.py", "wide.py", "model.py",
    "world/*.py", "levers/*.py", "rules/*.py", "engine/*.py", "measures/*.py", "agents/*.py",
)  # fmt: skip
FILES = sorted(file for pattern in PATTERNS for file in PACKAGE.glob(pattern))
#: Functions that are rounded alike everywhere.
ALIKE = {"ceil", "fabs", "floor", "isfinite", "isinf", "isnan", "radians", "sqrt", "inf", "nan", "pi"}
#: NumPy's functions that call the C library, differ with the width of the processor, or hand sums to BLAS.
OTHERWISE = {
    *("arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "cbrt", "cos", "cosh"),
    *("exp", "exp2", "expm1", "float_power", "hypot", "log", "log10", "log1p", "log2", "logaddexp", "power"),
    *(
        "sin",
        "sinh",
        "tan",
        "tanh",
        "convolve",
        "corrcoef",
        "correlate",
        "cov",
        "dot",
        "einsum",
        "fft",
        "inner",
    ),
    *("linalg", "matmul", "polyfit", "random", "tensordot", "vdot"),
}
#: Graphs and triangles; what SciPy computes beyond them comes from other libraries.
SCIPY = {"scipy.sparse", "scipy.sparse.csgraph", "scipy.spatial"}
STABLE = {"mergesort", "stable"}


def left_to_a_library(source: str) -> Iterator[str]:
    """Name each place of a source whose result may differ between machines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if node.value.id in ("math", "cmath") and node.attr not in ALIKE:
                yield name
            if node.value.id in ("np", "numpy") and node.attr in OTHERWISE:
                yield name
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module in ("math", "numpy") or (module.startswith("scipy") and module not in SCIPY):
                yield f"from {module}"
        if isinstance(node, ast.Import):
            yield from (f"import {one.name}" for one in node.names if one.name.startswith("scipy"))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield "@"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            # A square is a product; what stands in numbers alone is computed once, when the file is compiled.
            is_square = isinstance(node.right, ast.Constant) and node.right.value == 2
            if not is_square and not (isinstance(node.left, ast.Constant) and _is_whole(node.right)):
                yield "**"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            kinds = {word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
            # Which of two equal rows comes first depends on the width of the processor.
            if node.func.attr in ("argsort", "sort_values", "argpartition") and not kinds & STABLE:
                yield node.func.attr
            if node.func.attr == "dot":
                yield "dot"


def _is_whole(node: ast.expr) -> bool:
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    is_number = isinstance(number, ast.Constant) and isinstance(number.value, int | float)
    return is_number and float(number.value) == int(number.value)


def test_there_are_files_to_look_at() -> None:
    assert {"schematic.py", "founding.py", "choosing.py", "compilation.py"} <= {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_nothing_that_decides_a_run_is_left_to_a_library(file: Path) -> None:
    assert list(left_to_a_library(file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "math.exp(x)", "np.log(x)", "np.linalg.eigh(x)", "a @ b", "x ** 0.5", "0.5 ** x", "x ** y",
        "from scipy.special import ndtri", "from math import exp", "np.argsort(x)", "a.dot(b)",
        "frame.sort_values('a')", "np.hypot(a, b)", "np.random.default_rng(1)", "import scipy.linalg",
    ],
)  # fmt: skip
def test_it_would_be_noticed(line: str) -> None:
    assert list(left_to_a_library(line))


@pytest.mark.parametrize(
    "line",
    [
        "exp(x)",
        "np.sqrt(x)",
        "x ** 2",
        "2**63 - 1",
        "2.0**-52",
        "np.argsort(x, kind='stable')",
        "math.floor(x)",
    ],
)
def test_what_is_rounded_alike_may_stay(line: str) -> None:
    assert list(left_to_a_library(line)) == []
