from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What tools and runs leave behind is no part of the project.
LEFT_OUT = {"build", "dist", "outputs", "multirun", "__pycache__", "node_modules"}
KEPT_HIDDEN = {".ci", ".gitignore", ".github"}
NOT_TEXT = {".png", ".parquet", ".ttf", ".otf", ".woff2", ".whl", ".gz", ".zip", ".ico"}

# A folder of somebody's machine, absolute: nothing that another machine would have.
MACHINE_PATH = re.compile(r"(?<![\w.~$}\])>*/-])/(?:work|root|home|Users|mnt|private|workspace)/[\w.]")
# Hosts from which packages come; which one is each machine's own choice.
PACKAGE_HOST = re.compile(
    r"pypi\.(?:org|python)|pythonhosted|npmjs\.|anaconda\.org|--(?:extra-)?index-url|\bmirrors?\.\w+\.\w+"
)


def project_texts() -> Iterator[Path]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name in KEPT_HIDDEN or not (name.startswith(".") or name in LEFT_OUT or "egg-info" in name)
        ]
        for name in files:
            path = Path(folder) / name
            hidden = name.startswith(".") and name not in KEPT_HIDDEN
            if path.suffix not in NOT_TEXT and not hidden and path != Path(__file__).resolve():
                yield path


def found_in_project(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in project_texts()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_text_names_a_path_of_one_machine() -> None:
    assert found_in_project(MACHINE_PATH) == []


def test_no_text_names_a_package_host() -> None:
    assert found_in_project(PACKAGE_HOST) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('open("/home/somebody/a.csv")', True),
        ("see /work/notes", True),
        ("https://example.org/home/page", False),
        ("towns/work/home", False),
        ("land/home/offices", False),
    ],
)
def test_the_pattern_knows_a_machine_path(line: str, expected: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pip install --index-url https://a.b", True),
        ("https://files.pythonhosted.org/x", True),
        ("https://mirrors.example.com/simple", True),
        ("tests mirror the files", False),
        ("the folder mirrors. sim", False),
    ],
)
def test_the_pattern_knows_a_package_host(line: str, expected: bool) -> None:
    assert bool(PACKAGE_HOST.search(line)) == expected


def test_the_constraints_are_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 20
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in pins)
    assert pins == sorted(pins, key=lambda pin: pin.split("==")[0])
