"""The experiment on endurance in small: real runs, real processes, real kills."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kill", "--kills", "2", "--seed", "2"], "the tables are equal, row for row"),
        (["workers"], "a cluster of 3 that lost one: the tables are equal, row for row"),
    ],
    ids=["kill", "workers"],
)
def test_a_study_stands_what_happens_to_it(arguments: list[str], said: str, tmp_path: Path) -> None:
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "experiments.endurance",
            *arguments,
            "--runs",
            "100",
            "--folder",
            str(tmp_path / "studies"),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=600,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert said in answer.stdout
