from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


def test_imports_keep_to_the_floors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_an_import_upwards_is_caught(tmp_path: Path) -> None:
    """The check itself is checked: a small package of the same floors with one import the wrong way."""
    package = tmp_path / "sim"
    for folder in ("world", "levers", "rules", "engine"):
        (package / folder).mkdir(parents=True)
        (package / folder / "__init__.py").write_text("")
    for module in (
        "__init__",
        "errors",
        "slips",
        "files",
        "shelf",
        "language",
        "compiler",
        "elementary",
        "quantile",
        "wide",
        "streams",
    ):
        (package / f"{module}.py").write_text("")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    assert lint(tmp_path).returncode == 0
    (package / "files.py").write_text("import sim.world\n")
    (package / "rules" / "__init__.py").write_text("import mesa\n")
    (package / "engine" / "__init__.py").write_text("import sim.levers\n")
    (package / "newcomer.py").write_text("")
    answer = lint(tmp_path)
    assert answer.returncode == 1
    for part in ("sim.files is not allowed to import sim.world", "sim.rules is not allowed to import mesa"):
        assert part in answer.stdout
    assert "sim.engine is not allowed to import sim.levers" in answer.stdout
    assert "newcomer" in answer.stdout


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_kernel_may_read_only_compiled_institutions() -> None:
    engine = next(contract for contract in SETTINGS["contracts"] if contract["id"] == "engine")
    assert "sim.levers" in engine["forbidden_modules"]
    assert all(exception.endswith("-> sim.levers.institutions") for exception in engine["ignore_imports"])
