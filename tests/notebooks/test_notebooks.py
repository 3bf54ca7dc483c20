from __future__ import annotations

import ast
import base64
import re
from pathlib import Path
from typing import Any

import jupytext
import pytest

from sim.language import text
from sim.notebook.making import cells_of, execute, list_notebooks
from sim.notebook.story import STORIES
from tests.notebooks.reading import FOLDER, SOURCES, markdown, outputs, switched

# The widest languages of stored text: Chinese letters, and none of them in English prose.
CHINESE = re.compile(r"[一-鿿]")
MODEL = ("sim.engine", "sim.rules", "sim.levers", "sim.world", "sim.agents", "sim.model", "sim.measures")


def test_there_is_a_notebook_for_each_story() -> None:
    assert [source.stem[3:] for source in SOURCES] == list(STORIES)
    assert [int(source.name[:2]) for source in SOURCES] == list(range(1, 9))
    assert sorted(FOLDER.glob("*.ipynb")) == [
        source.with_suffix(".ipynb") for source in list_notebooks(FOLDER)
    ]


def test_text_file_and_notebook_say_the_same(source: Path, stored: Any) -> None:
    text_cells = cells_of(jupytext.read(source, fmt="py:percent"))
    assert text_cells == cells_of(stored), "run: python notebooks/make.py"


def test_it_is_stored_in_chinese_with_its_outputs(source: Path, stored: Any) -> None:
    assert 'LANGUAGE = "zh"' in stored.cells[0].source
    shown = [cell for cell in stored.cells[1:] if cell.cell_type == "code"]
    assert all(cell.outputs for cell in shown)
    words = markdown(stored)
    assert text(f"notebook.{source.stem[3:]}.title", "zh") in words
    assert source.with_suffix(".ipynb").stat().st_size < 1_000_000


def test_stored_outputs_need_no_program_and_differ_with_nothing_but_results(stored: Any) -> None:
    assert "widgets" not in stored.metadata
    for cell in stored.cells:
        assert cell.get("execution_count") is None
        assert "execution" not in cell.metadata
    for output in outputs(stored):
        assert output.output_type == "display_data", output.get("text", "")
        assert set(output.data) <= {"text/markdown", "text/plain", "text/html", "image/png"}
    images = [output for output in outputs(stored) if "image/png" in output.data]
    for image in images:
        assert base64.b64decode(image.data["image/png"])[:8] == b"\x89PNG\r\n\x1a\n"
        assert len(image.metadata["image/png"]["alt"]) > 8
    assert images


def test_it_holds_no_model_code(source: Path) -> None:
    tree = ast.parse(source.read_text("utf-8"))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.For | ast.While)
        if isinstance(node, ast.Import):
            assert [name.name for name in node.names] == ["sim"]
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            assert module.startswith("sim.")
            assert not module.startswith(MODEL)
            assert not any(name.name.startswith("_") for name in node.names)


def test_every_cell_but_the_switch_hides_its_code(stored: Any) -> None:
    first, *others = stored.cells
    assert "jupyter" not in first.metadata
    assert all(cell.metadata["jupyter"]["source_hidden"] for cell in others if cell.cell_type == "code")


def test_it_runs_in_a_fresh_kernel_and_gives_what_is_stored(source: Path, stored: Any) -> None:
    fresh = execute(source, "zh")
    assert [output.output_type for output in outputs(fresh)] == [
        output.output_type for output in outputs(stored)
    ], [output.get("text", "") for output in outputs(fresh)]
    assert markdown(fresh) == markdown(stored), "run: python notebooks/make.py"
    assert len(fresh.cells) == len(stored.cells)


@pytest.mark.parametrize("number", [0, 3, 6])
def test_one_switch_turns_it_into_english(number: int) -> None:
    shown = switched(SOURCES[number], "en")
    assert shown.stdout == shown.stderr == ""
    assert any("image/png" in output.data for output in shown.outputs)
    for output in shown.outputs:
        for kind in ("text/markdown", "text/html"):
            assert not CHINESE.search(output.data.get(kind, ""))
        if "image/png" in output.data:
            assert not CHINESE.search(output.metadata["image/png"]["alt"])
    words = "\n".join(output.data.get("text/markdown", "") for output in shown.outputs)
    assert text(f"notebook.{STORIES[number]}.title", "en") in words
