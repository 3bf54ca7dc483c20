from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources and unpacked as an installer would."""
    source = tmp_path_factory.mktemp("源 码")
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for folder in ("sim", "scenarios"):
        shutil.copytree(ROOT / folder, source / folder, ignore=ignore)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(source / "dist")],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    target = tmp_path_factory.mktemp("installed")
    (wheel,) = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_every_module_text_and_scenario(installed: Path) -> None:
    scenarios = files_below(ROOT / "scenarios")
    assert any(name.endswith("villages.csv") for name in scenarios)
    assert files_below(installed / "sim" / "scenarios") == scenarios
    package = {name for name in files_below(installed / "sim") if not name.startswith("scenarios/")}
    assert package == files_below(ROOT / "sim")


def test_the_wheel_carries_the_licences(installed: Path) -> None:
    licences = {path.name for path in installed.rglob("*.dist-info/licenses/**/*") if path.is_file()}
    assert {"LICENSE", "SOURCES.md"} <= licences


def test_an_installed_package_reads_its_own_scenarios(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "import sim.files, sim.language;"
        "print(sim.files.scenarios_folder()); sim.language.text('language.name', 'zh')"
    )
    answer = subprocess.run(
        [sys.executable, "-I", "-c", code, str(installed)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(answer.stdout.strip()) == (installed / "sim" / "scenarios").resolve()


def test_every_dependency_is_pinned_by_the_constraints() -> None:
    pins = {
        line.split("==")[0]
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    }
    wanted = PROJECT["dependencies"] + sum(PROJECT["optional-dependencies"].values(), [])
    names = {re.split(r"[<>=!~\[ ]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
    assert names - pins == set()
