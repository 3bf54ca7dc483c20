from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert callable(getattr(sim, name))
    assert name in dir(sim)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'BordrModel'"):
        sim.BordrModel  # noqa: B018


def test_importing_the_package_loads_neither_compiler_nor_mesa() -> None:
    code = "import sys, sim, sim.errors; print(sorted({'numba', 'mesa', 'pandas'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert sim.__version__ == project["version"]
