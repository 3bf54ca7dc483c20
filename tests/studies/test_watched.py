"""Runs that are watched are the runs of a comparison; their folder comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.engine.constants import DAYS_PER_YEAR
from sim.errors import InputError
from sim.studies.comparison import compare
from sim.studies.watched import Watched, open_watched, watch
from sim.world.region import load_region

ASKED = {"arms": ["none", "five_links"], "years": 0.5, "burn_in": 0, "replications": 2, "seed": 3}


@pytest.fixture(scope="module")
def border():
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])


@pytest.fixture(scope="module")
def watched(border) -> Watched:
    return watch(border, **ASKED)


def test_what_was_seen_agrees_with_the_comparison_of_the_same_seed(watched, border):
    found = compare(border, workers=1, progress=False, **ASKED)
    bound = watched.hours.groupby(["arm", "replication"])["hours"].sum()
    rows = found.measures[
        (found.measures["measure"] == "staff_days")
        & (found.measures["tier"] == "all")
        & (found.measures["scope"] == "border")
    ]
    # Half a year ends two days into its seventh month; measures and watch count the 181 days of whole ones.
    for row in rows.itertuples():
        expected = bound[(row.arm, row.replication)] / 8.0 / (181 / DAYS_PER_YEAR)
        assert row.value == pytest.approx(expected)
    assert rows["value"].max() > 0
    assert watched.manifest["seeds"] == found.manifest["seeds"]


def test_a_folder_comes_back_as_it_was(watched, tmp_path: Path):
    again = open_watched(watched.write(tmp_path / "看"))
    pd.testing.assert_frame_equal(again.line, watched.line)
    pd.testing.assert_frame_equal(again.hours, watched.hours)
    assert (again.arms, again.region, again.manifest) == (watched.arms, watched.region, watched.manifest)
    assert (again.baseline, again.replications, again.months) == ("none", 2, 6)


@pytest.mark.parametrize("damage", ["missing", "another kind", "no table", "column gone"])
def test_a_folder_that_is_something_else_is_refused(watched, tmp_path: Path, damage: str):
    folder = watched.write(tmp_path / "watched")
    if damage == "missing":
        folder = tmp_path / "nowhere"
    elif damage == "another kind":
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        (folder / "manifest.json").write_text(json.dumps({**manifest, "kind": "comparison"}))
    elif damage == "no table":
        (folder / "line.parquet").write_bytes(b"nothing")
    else:
        watched.hours.drop(columns="activity").to_parquet(folder / "hours.parquet")
    with pytest.raises(InputError, match="a folder of watched runs"):
        open_watched(folder)


def test_what_cannot_be_run_is_refused_before_anything_is(border):
    with pytest.raises(InputError, match="replications = 1"):
        watch(border, ["none", "five_links"], replications=1)
