"""Where the notebooks are, and what they show."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from sim.notebook.making import list_notebooks

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
SOURCES = list_notebooks(FOLDER)


def switched(source: Path, language: str) -> Any:
    """Run a notebook with its switch in another language, in this process, and give all that it shows.

    Only its words are looked at; that a notebook needs nothing but a fresh kernel is seen where it has one.
    """
    code = source.read_text("utf-8")
    assert code.count('LANGUAGE = "zh"') == 1
    code = code.replace('LANGUAGE = "zh"', f'LANGUAGE = "{language}"')
    InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    try:
        with capture_output() as shown, chdir(source.parent):
            exec(compile(code, source.name, "exec"), {"__name__": "notebook"})
    finally:
        InteractiveShell.clear_instance()
    return shown


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def markdown(notebook: Any) -> str:
    shown = [output.get("data", {}).get("text/markdown", "") for output in outputs(notebook)]
    return "\n\n".join(words for words in shown if words)
