from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim import compiler
from sim.compiler import compiled, source_digest

PACKAGE = Path(compiler.__file__).resolve().parent

RULE = """
from sim.compiler import compiled

@compiled
def answer(x):
    return x + {number}
"""

LOOP = """
from sim.compiler import compiled
from sim.rules.rule import answer

@compiled
def walk(x):
    return answer(x) * 10
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A package with the real compiler and one rule that a loop in another file calls."""
    package = tmp_path / "checkout" / "sim"
    for folder in (package, package / "rules", package / "engine"):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    shutil.copy(PACKAGE / "compiler.py", package)
    (package / "rules" / "rule.py").write_text(RULE.format(number=1))
    (package / "engine" / "loop.py").write_text(LOOP)
    return package


def run(package: Path, code: str, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=package.parent,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


WALK = "from sim.engine.loop import walk; print(walk(1), sum(walk.stats.cache_hits.values()))"


def cached_code(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.nbc"))


def test_a_changed_rule_is_noticed_by_a_cached_loop_in_another_file(copy: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert run(copy, WALK, XDG_CACHE_HOME=str(cache)) == "20 0"
    # The second process reads what the first compiled.
    assert run(copy, WALK, XDG_CACHE_HOME=str(cache)) == "20 1"
    assert cached_code(cache)
    (copy / "rules" / "rule.py").write_text(RULE.format(number=2))
    assert run(copy, WALK, XDG_CACHE_HOME=str(cache)) == "30 0"


def test_what_only_compiled_code_calls_is_a_part_of_its_caller(copy: Path, tmp_path: Path) -> None:
    code = (
        "from sim.engine.loop import walk, answer; print(walk(1), len(answer.overloads));"
        "print(answer(1), len(answer.overloads), walk(1))"
    )
    cache = tmp_path / "cache"
    assert run(copy, WALK, XDG_CACHE_HOME=str(cache)) == "20 0"
    assert [path.name.split("-")[0] for path in cached_code(cache)] == ["loop.walk"]
    # Python may call it all the same, before or after.
    assert run(copy, code, XDG_CACHE_HOME=str(cache)) == "20 0\n2 1 20"
    assert run(copy, "from sim.engine.loop import answer; print(answer(1))") == "2"


def test_the_cache_folder_of_the_user_is_respected(copy: Path, tmp_path: Path) -> None:
    variables = {"NUMBA_CACHE_DIR": str(tmp_path / "mine"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert run(copy, WALK, **variables) == "20 0"
    assert cached_code(tmp_path / "mine")
    assert not (tmp_path / "cache").exists()


def test_without_a_writable_cache_it_works_and_leaves_nothing(copy: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, where a folder would have to be")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    variables = {"XDG_CACHE_HOME": str(blocked), "TMPDIR": str(temporary)}
    # A child process shares what its parent compiled.
    code = (
        "import subprocess, sys; from sim.engine.loop import walk; walk(1);"
        f"print(subprocess.run([sys.executable, '-c', {WALK!r}], capture_output=True, text=True).stdout)"
    )
    assert run(copy, code, **variables) == "20 1"
    assert list(temporary.iterdir()) == []
    assert not cached_code(copy)


def test_only_old_caches_are_removed(tmp_path: Path) -> None:
    month = 31 * 86_400
    for name, age in (("old", month), ("young", 86_400), ("own", month)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "code.nbc").write_text("x")
        os.utime(folder, (time.time() - age,) * 2)
    (tmp_path / "a file").write_text("x")
    os.utime(tmp_path / "a file", (0, 0))
    compiler._prune(tmp_path, keep=tmp_path / "own")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a file", "own", "young"]


def test_the_digest_follows_every_source_that_is_compiled(copy: Path) -> None:
    before = source_digest(copy)
    assert source_digest(copy) == before
    (copy / "engine" / "further.py").write_text("")
    after = source_digest(copy)
    assert after != before
    # What is never compiled must not make everybody compile again.
    (copy / "charts.py").write_text("")
    assert source_digest(copy) == after


def test_every_module_that_compiles_is_in_the_digest() -> None:
    covered = {source for pattern in compiler._SOURCES for source in PACKAGE.glob(pattern)}
    compiling = {source for source in PACKAGE.rglob("*.py") if "@compiled" in source.read_text("utf-8")}
    assert len(compiling) >= 2
    assert compiling <= covered


def test_division_by_zero_is_that_of_numpy_and_order_is_kept() -> None:
    @compiled
    def divide(a: float, b: float) -> float:
        return a / b

    @compiled
    def absorb(a: float, b: float) -> float:
        return (a + b) - b

    assert divide(1.0, 0.0) == float("inf")
    # Reassociation, as by fast arithmetic, would give back 1e-3.
    assert absorb(1e-3, 1e20) == 0.0
