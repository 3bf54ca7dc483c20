"""Runs of directions: the same as those of a comparison, continued where they were stopped, written whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.files import write_beside
from sim.language import LANGUAGES
from sim.studies.comparison import run_plan
from sim.studies.directions import runs as module
from sim.studies.directions.moves import Move, chosen_moves, content_key
from sim.studies.directions.report import read_directions, write_directions
from sim.studies.directions.runs import QUANTITIES, Runs, plan_directions, region_digest, run_directions
from sim.studies.plan import Plan, plan_comparison
from sim.world.region import Region, load_region


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])


@pytest.fixture(scope="module")
def plan(region: Region) -> Plan:
    return plan_directions(region, years=0.25, burn_in=0.25, replications=2, workers=1)


@pytest.fixture(scope="module")
def moves() -> list[Move]:
    return [move for move in chosen_moves(["rotating_secretary", "cross_post"]) if move.place == "alone"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def done(plan: Plan, moves: list[Move], store: Path) -> Runs:
    return run_directions(plan, moves, store, progress=False)


def files_of(store: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in store.rglob("*.json")}


def test_the_values_are_those_of_a_comparison(done: Runs, moves: list[Move], plan: Plan) -> None:
    alone = next(move for move in moves if move.name == "rotating_secretary")
    assert alone.low_arm is not None
    assert alone.high_arm is not None
    same = plan_comparison(
        plan.region, [alone.low_arm, alone.high_arm], years=0.25, burn_in=0.25, replications=2, workers=1
    )
    compared = run_plan(same, progress=False)
    for arm in (alone.low_arm, alone.high_arm):
        for row, (measure, scope) in enumerate(QUANTITIES):
            table = compared.measures
            chosen = (table["arm"] == arm.key) & (table["measure"] == measure) & (table["tier"] == "all")
            rows = table[chosen & (table["scope"] == scope)].sort_values("replication")
            values = rows["value"].to_numpy(np.float64)
            assert np.array_equal(done.values[content_key(arm)][row], values, equal_nan=True)
        assert list(done.states[content_key(arm)]) == compared.manifest["digests"][arm.key]


def test_stopped_runs_continue_and_damaged_ones_are_done_again(
    done: Runs, plan: Plan, moves: list[Move], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def stop_after_three(path: Path, writer: Callable[[Path], object]) -> Path:
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(path)
        return write_beside(path, writer)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, "write_beside", stop_after_three)
        run_directions(plan, moves, tmp_path, progress=False)
    left = files_of(tmp_path)
    assert sorted(left) == sorted(written)
    damaged = written[1]
    damaged.write_text(damaged.read_text("utf-8")[:40], "utf-8")
    again = run_directions(plan, moves, tmp_path, progress=False)
    after = files_of(tmp_path)
    assert {path for path in left if after[path] == left[path]} == set(left) - {damaged}
    assert_same(again, done)


def test_nothing_is_run_twice(done: Runs, plan: Plan, moves: list[Move], store: Path) -> None:
    before = files_of(store)
    assert_same(run_directions(plan, moves, store, progress=False), done)
    assert files_of(store) == before


def assert_same(one: Runs, other: Runs) -> None:
    assert one.states == other.states
    assert one.manifest == other.manifest
    assert list(one.values) == list(other.values)
    assert all(np.array_equal(one.values[key], other.values[key], equal_nan=True) for key in one.values)


@pytest.mark.parametrize("change", [{"seed": 2}, {"years": 0.5}, {"burn_in": 0.5}])
def test_runs_of_another_horizon_or_seed_are_not_taken(
    change: dict[str, Any], plan: Plan, region: Region
) -> None:
    settings: dict[str, Any] = {"years": 0.25, "burn_in": 0.25, "replications": 2, "workers": 1} | change
    assert module._manifest(plan_directions(region, **settings)) != module._manifest(plan)


def test_more_replications_and_other_workers_take_up_what_there_is(plan: Plan, region: Region) -> None:
    more = plan_directions(region, years=0.25, burn_in=0.25, replications=9, workers=2)
    assert module._manifest(more) == module._manifest(plan)


def test_a_changed_table_is_another_region_and_another_folder_is_not(region: Region) -> None:
    longer = region.adjacency.assign(shared_km=region.adjacency["shared_km"] + 0.001)
    assert region_digest(replace(region, adjacency=longer)) != region_digest(region)
    assert region_digest(replace(region, folder=Path("elsewhere"))) == region_digest(region)


def test_the_folder_says_the_same_each_time_in_both_languages(
    done: Runs, plan: Plan, moves: list[Move], tmp_path: Path
) -> None:
    marks = "".join(f"<!-- found_{name}:begin --><!-- found_{name}:end -->" for name in LANGUAGES)
    contents = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        (folder / "README.md").write_text(f"by hand {marks} by hand", "utf-8")
        write_directions(plan, moves, done, folder)
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert contents[0] == contents[1]
    assert set(contents[0]) == {
        "README.md", "directions.csv", "directions.en.md", "directions.zh.md", "manifest.json",
    }  # fmt: skip
    table = read_directions(tmp_path / "one")
    assert len(table) == len(moves) * len(QUANTITIES)
    readme = contents[0]["README.md"].decode("utf-8")
    assert readme.startswith("by hand ")
    assert readme.endswith(" by hand")
    assert "rotating" in readme
    assert "轮值" in readme
    manifest = json.loads(contents[0]["manifest.json"])
    assert len(manifest["seeds"]) == 2
    assert {"sources", "region_digest", "parameters", "versions", "arms"} <= set(manifest)
