"""The benchmarks measure what they say, on sizes that take no time."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from experiments.benchmarks import figures, jobs, toys
from experiments.benchmarks.measuring import (
    DOCUMENT,
    LATEST,
    Row,
    child,
    documented,
    in_turns,
    read,
    shown,
    table,
    write,
)

TINY = figures.Size(
    rounds=1,
    days=10,
    twin_days=1,
    sources=500,
    villages=(50,),
    grow_days=3,
    toy_agents=20,
    toy_steps=3,
    memory_runs=2,
    replications=2,
    small=True,
)
# Those that start processes of their own are tried once each below, as jobs.
HERE = ("machine", "engine", "engine_and_twin", "numpy", "peers", "runner")


@pytest.mark.parametrize("name", HERE)
def test_a_figure_gives_rows_of_its_own_name(name: str) -> None:
    rows = figures.FIGURES[name](TINY)
    if name in ("engine_and_twin", "peers") and not rows:
        pytest.skip("what it is compared with is not here")
    assert rows
    for row in rows:
        assert row.name.startswith(f"{name}.")
        assert math.isfinite(row.value)
        assert row.unit
        assert row.ratio is None or row.ratio > 0.0
    assert len({row.name for row in rows}) == len(rows)


def test_what_the_first_of_a_group_takes_is_one() -> None:
    for name in ("numpy", "peers"):
        groups: dict[str, list[Row]] = {}
        for row in figures.FIGURES[name](TINY):
            groups.setdefault(row.name.rpartition(".")[0], []).append(row)
        assert all(rows[0].ratio == 1.0 for rows in groups.values())


def test_every_way_of_the_toy_model_ends_in_the_same_state() -> None:
    expected = toys.by_tables(37, 12)
    assert not np.allclose(expected, toys.start(37))
    for name in toys.installed():
        np.testing.assert_allclose(toys.WAYS[name](37, 12), expected, rtol=1e-12, err_msg=name)


def test_a_job_speaks_json_and_counts_its_own_memory() -> None:
    found = child("grow", "five_links", 50, 3, 1)
    assert set(found) == {
        *("region", "layout", "found", "run", "run_again", "run_again_processor", "peak_mb", "cases")
    }
    assert all(value >= 0.0 for value in found.values())
    assert 50.0 < found["peak_mb"] < 2_000.0
    assert found["cases"] > 0


def test_a_job_that_fails_says_which() -> None:
    with pytest.raises(RuntimeError, match="grow none 49 3 1: .*villages = 49"):
        child("grow", "none", 49, 3, 1)


def test_the_digest_is_that_of_another_process() -> None:
    assert jobs.tiny("5") == child("tiny", 5) != jobs.tiny("6")


def test_variants_are_timed_in_turns() -> None:
    order: list[str] = []
    seconds = in_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3)
    assert order == ["a", "b"] * 3
    assert set(seconds) == {"a", "b"}


def test_table_and_file_hold_the_same_rows(tmp_path: Path) -> None:
    rows = [Row("a.b", 1234.5, "s"), Row("a.long_name", 0.01234, "ns a tie", 3.0), Row("c", math.nan, "MB")]
    lines = table(rows).splitlines()
    assert lines[0].split() == ["name", "value", "unit", "ratio"]
    assert lines[2].split() == ["a.long_name", "0.0123", "ns", "a", "tie", "3"]
    assert len(lines) == 4
    content = json.loads(write(rows, tmp_path / "latest.json").read_text("utf-8"))
    assert [set(row) for row in content] == [{"name", "value", "unit", "ratio"}] * 3
    assert content[1] == {"name": "a.long_name", "value": 0.01234, "unit": "ns a tie", "ratio": 3.0}
    assert content[2]["value"] is None
    assert shown(1234.5) == "1,234"


def test_the_document_shows_the_latest_figures() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert documented(read(LATEST), document) == document
    assert documented(read(LATEST)[:-1], document) != document
    with pytest.raises(ValueError, match="figures:begin"):
        documented([], document.replace("<!-- figures:end -->", ""))


def test_the_latest_figures_are_well_formed() -> None:
    content = json.loads(LATEST.read_text("utf-8"))
    assert [set(row) for row in content] == [{"name", "value", "unit", "ratio"}] * len(content)
    measured = {row["name"].partition(".")[0] for row in content}
    assert measured >= set(figures.FIGURES) - {"engine_and_twin"}
    assert all(row["value"] is None or isinstance(row["value"], int | float) for row in content)
