"""How the benchmarks measure: variants in turns, medians of several, one table and one file."""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.files import write_beside

ROOT = Path(__file__).resolve().parents[2]
LATEST = Path(__file__).with_name("latest.json")
DOCUMENT = ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- figures:begin -->", "<!-- figures:end -->"


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes
    ----------
    name : str
        What was measured, dotted: group and case.
    value : float
        The figure.
    unit : str
        Its unit.
    ratio : float or None
        How it stands to what it is compared with (the name says to what), where there is such a thing.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None


def in_turns(variants: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """Time each variant once a round, all in one process, and give the median seconds of each.

    What else the machine does meets all variants alike, so their ratios say more than the seconds.
    """
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def child(*arguments: object, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run one of the jobs of `experiments.benchmarks.jobs` in a process of its own; it prints JSON last."""
    done = subprocess.run(
        [sys.executable, "-m", "experiments.benchmarks.jobs", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=child_environment(environment),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, arguments))}: {done.stderr.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def waiting(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Start a job that says when it is ready and then works once for every line that it gets."""
    with subprocess.Popen(
        [sys.executable, "-m", "experiments.benchmarks.jobs", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=child_environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError(f"{' '.join(map(str, arguments))}: did not get ready")
            yield process
        finally:
            process.kill()


def child_environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give a child this checkout first on its path, and what it needs to speak UTF-8."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", **(changes or {})}


def table(rows: list[Row]) -> str:
    """Lay rows out in columns of text."""
    cells = [("name", "value", "unit", "ratio")]
    for row in rows:
        cells.append((row.name, shown(row.value), row.unit, "" if row.ratio is None else shown(row.ratio)))
    width = [max(len(line[column]) for line in cells) for column in range(4)]
    return "\n".join(
        f"{name:<{width[0]}}  {value:>{width[1]}}  {unit:<{width[2]}}  {ratio:>{width[3]}}".rstrip()
        for name, value, unit, ratio in cells
    )


def shown(number: float) -> str:
    """Give three digits that matter, and all of a whole number."""
    if not math.isfinite(number):
        return "–"
    return f"{number:,.0f}" if abs(number) >= 100.0 or number == int(number) else f"{number:.3g}"


def _known(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(rows: list[Row], path: Path = LATEST) -> Path:
    """Write rows as a list of name, value, unit and ratio; what is no number becomes null."""
    content = [{key: _known(value) for key, value in asdict(row).items()} for row in rows]
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    return write_beside(path, lambda beside: beside.write_text(text, encoding="utf-8"))


def read(path: Path = LATEST) -> list[Row]:
    """Read the rows that `write` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return [Row(**row | {"value": math.nan if row["value"] is None else row["value"]}) for row in content]


def documented(rows: list[Row], document: str) -> str:
    """Put the table of rows between the marks of a document."""
    before, found, rest = document.partition(_BEGIN)
    _, closed, after = rest.partition(_END)
    if not (found and closed):
        raise ValueError(f"{_BEGIN} and {_END} must stand in the document")
    lines = ["| figure | value | unit | ratio |", "|---|--:|---|--:|"]
    for row in rows:
        ratio = "" if row.ratio is None else shown(row.ratio)
        lines.append(f"| `{row.name}` | {shown(row.value)} | {row.unit} | {ratio} |")
    return "\n".join([before + _BEGIN, "", *lines, "", _END + after])
