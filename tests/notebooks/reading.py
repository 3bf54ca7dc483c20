"""Where the notebooks are, and what they show."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sim.notebook.making import execute, list_notebooks

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
SOURCES = list_notebooks(FOLDER)


@cache
def executed(source: Path, language: str) -> Any:
    """Execute a notebook once for all tests of a process."""
    return execute(source, language)


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def markdown(notebook: Any) -> str:
    shown = [output.get("data", {}).get("text/markdown", "") for output in outputs(notebook)]
    return "\n\n".join(words for words in shown if words)
