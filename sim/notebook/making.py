"""Notebooks made from their text files: executed in a fresh kernel, stored without what differs each time."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

import sim
from sim.errors import InputError
from sim.files import write_beside
from sim.language import check_language
from sim.notebook.libraries import notebook_library

__all__ = ["cells_of", "execute", "list_notebooks", "write_notebook"]

_TIMEOUT_SECONDS: Final = 600
_SWITCH: Final = re.compile(r'^LANGUAGE = "(zh|en)"', re.MULTILINE)
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def list_notebooks(folder: Path) -> list[Path]:
    """List the text files of the notebooks in a folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    list of Path
        Files whose names begin with two digits, in their order.
    """
    return sorted(folder.glob("[0-9][0-9]_*.py"))


def execute(source: Path, language: str | None = None) -> Any:
    """Execute a notebook from its text file, in a fresh kernel and in its own folder.

    Parameters
    ----------
    source : Path
        The text file (py:percent).
    language : {"zh", "en"}, optional
        Sets the switch at the top; as the file says by default.

    Returns
    -------
    nbformat.NotebookNode
        The notebook with outputs, without anything that differs from one execution to the next: counts,
        times, identities of widgets.

    Raises
    ------
    InputError
        If the file has no switch.
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = notebook_library("jupytext").reads(_with_switch(source, language), fmt="py:percent")
    notebook.metadata = dict(_METADATA)
    client = notebook_library("nbclient").NotebookClient(
        notebook,
        timeout=_TIMEOUT_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(source.parent)}},
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
    )
    # The kernel begins in the notebook's folder; there it has to find the package that asks for it.
    here = str(Path(sim.__file__).resolve().parents[1])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})
    return _normalised(notebook)


def write_notebook(notebook: Any, path: Path) -> Path:
    """Write a notebook beside its text file.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook.
    path : Path
        Where to.

    Returns
    -------
    Path
        The same.

    Raises
    ------
    OutputError
        If the system refuses.
    """
    content = notebook_library("nbformat").writes(notebook, version=4) + "\n"
    return write_beside(path, lambda file: file.write_text(content, encoding="utf-8"))


def cells_of(notebook: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Give what a notebook and its text file have in common.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Either of them, read.

    Returns
    -------
    list of (str, str, dict)
        Kind, source and metadata of each cell.
    """
    return [(cell.cell_type, cell.source.strip(), dict(cell.metadata)) for cell in notebook.cells]


def _with_switch(source: Path, language: str | None) -> str:
    content = source.read_text(encoding="utf-8")
    if len(_SWITCH.findall(content)) != 1:
        allowed = {"zh": '恰有一行 LANGUAGE = "zh"', "en": 'exactly one line LANGUAGE = "zh"'}
        raise InputError("notebook", source.name, allowed)
    if language is None:
        return content
    return _SWITCH.sub(f'LANGUAGE = "{check_language(language)}"', content)


def _normalised(notebook: Any) -> Any:
    notebook.metadata = dict(_METADATA)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = None
            # A stored widget is an identity that no reader can do anything with; its note stays.
            output.get("data", {}).pop(_WIDGET, None)
            output.get("metadata", {}).pop(_WIDGET, None)
    return notebook
