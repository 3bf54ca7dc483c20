"""The command with runs that are made up and a place of its own."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

_source = spec_from_file_location("made_up_runs", Path(__file__).parents[1] / "studies" / "conftest.py")
assert _source is not None
assert _source.loader is not None
_made_up = module_from_spec(_source)
_source.loader.exec_module(_made_up)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder whose name has a blank and Chinese characters."""
    folder = tmp_path / "我的 边界"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Replace the runs and the drawing by made-up ones."""
    runs = ModuleType("sim.studies.replication")
    runs.replicate = _made_up.made_up_replication  # type: ignore[attr-defined]
    runs.check_arms = lambda plan: None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sim.studies.replication", runs)

    def draw_all(comparison: Any, folder: Path, language: str, region: Any = None) -> list[Path]:
        (folder / "map.png").write_text(f"{language} {region.name}")
        return [folder / "map.png"]

    figures = ModuleType("sim.charts.figures")
    figures.draw_all = draw_all  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sim.charts.figures", figures)
    return runs
