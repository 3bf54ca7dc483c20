from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from sim.notebook.making import execute, list_notebooks

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
SOURCES = list_notebooks(FOLDER)


@pytest.fixture(params=SOURCES, ids=[source.stem for source in SOURCES])
def source(request: pytest.FixtureRequest) -> Path:
    """The text file of each notebook in turn."""
    path: Path = request.param
    return path


@pytest.fixture
def stored(source: Path) -> Any:
    """The notebook as it is stored."""
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


_EXECUTED: dict[tuple[str, str], Any] = {}


def executed(source: Path, language: str) -> Any:
    """Execute each notebook once for all tests of a process."""
    key = (source.name, language)
    if key not in _EXECUTED:
        _EXECUTED[key] = execute(source, language)
    return _EXECUTED[key]


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def markdown(notebook: Any) -> str:
    shown = [output.get("data", {}).get("text/markdown", "") for output in outputs(notebook)]
    return "\n\n".join(words for words in shown if words)
