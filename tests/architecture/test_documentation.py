from __future__ import annotations

import ast
import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).resolve().parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_definitions(body: list[ast.stmt]) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_everything_public_is_documented(source: Path) -> None:
    tree = ast.parse(source.read_text("utf-8"))
    missing = [] if ast.get_docstring(tree) else ["the module itself"]
    missing += [node.name for node in public_definitions(tree.body) if not ast.get_docstring(node)]
    assert missing == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_argument_of_a_public_function_is_explained(source: Path) -> None:
    tree = ast.parse(source.read_text("utf-8"))
    unexplained = [
        f"{node.name}: {argument.arg}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        if not re.search(rf"\b{argument.arg}\b", parameters_section(ast.get_docstring(node) or ""))
    ]
    assert unexplained == []


def parameters_section(documentation: str) -> str:
    found = re.search(r"Parameters\n-+\n(.*?)(?=\n\w[\w ]*\n-+\n|\Z)", documentation, re.DOTALL)
    return found.group(1) if found else ""


def test_examples_of_compiled_functions_are_run() -> None:
    """A compiled function is no plain function, and a finder that skips it would pass in silence."""
    module = importlib.import_module("sim.streams")
    found = {test.name for test in doctest.DocTestFinder(exclude_empty=True).find(module) if test.examples}
    assert {"sim.streams.uniform", "sim.streams.poisson", "sim.streams.raw"} <= found
