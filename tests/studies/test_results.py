from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import InputError, OutputError
from sim.studies.comparison import Comparison, compare
from sim.studies.report_files import GENERATOR
from sim.studies.results import open_results, write_results


@pytest.fixture
def found(made_up: object) -> Comparison:
    return compare(arms=["none", "paper", "five_links"], replications=3, workers=1, progress=False)


def test_a_folder_read_back_holds_the_same(found: Comparison, tmp_path: Path) -> None:
    folder = write_results(found, tmp_path / "结果 1")
    back = open_results(folder)
    assert (back.region, back.arms, back.baseline, back.days) == (
        found.region,
        found.arms,
        "none",
        found.days,
    )
    for name in ("effects", "measures", "series", "cases"):
        left, right = getattr(back, name), getattr(found, name)
        pd.testing.assert_frame_equal(
            left, right, check_dtype=False, check_categorical=False, check_exact=True
        )
    assert back.manifest == json.loads(json.dumps(found.manifest))
    assert set(back.effects["baseline"]) == {"none"}


def test_spreadsheets_read_the_table_as_it_is(found: Comparison, tmp_path: Path) -> None:
    folder = write_results(found, tmp_path / "a")
    assert (folder / "effects.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (folder / "columns.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_every_column_is_explained_in_both_languages(found: Comparison, tmp_path: Path) -> None:
    folder = write_results(found, tmp_path / "a")
    with (folder / "columns.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    explained = {(row["file"], row["column"]) for row in rows}
    for name in ("measures", "series", "cases"):
        for column in getattr(found, name).columns:
            assert (f"{name}.parquet", column) in explained
    assert all(row["zh"] and row["en"] for row in rows)


def test_figures_are_part_of_the_folder_or_nothing_is(found: Comparison, tmp_path: Path) -> None:
    def draw(comparison: Comparison, folder: Path) -> None:
        assert comparison is found
        (folder / "a.png").write_bytes(b"x")

    assert (write_results(found, tmp_path / "a", draw) / "figures" / "a.png").exists()

    def fail(comparison: Comparison, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left on device"):
        write_results(found, tmp_path / "b" / "c", fail)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a"]


def test_a_report_of_an_earlier_result_goes_with_it(found: Comparison, tmp_path: Path) -> None:
    folder = write_results(found, tmp_path / "a")
    made = f'<meta name="generator" content="{GENERATOR}">'
    for name, words in {"report_zh.html": made, "mine.html": made, "report_en.html": "<p>mine</p>"}.items():
        (folder / name).write_text(words)

    def fail(comparison: Comparison, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError):
        write_results(found, folder, fail)
    assert (folder / "report_zh.html").exists()
    write_results(found, folder)
    # What has another maker, or a name that its owner chose, is not the program's to remove.
    assert sorted(page.name for page in folder.glob("*.html")) == ["mine.html", "report_en.html"]


@pytest.mark.parametrize("damage", ["manifest.json", "effects.csv", "cases.parquet"])
def test_a_damaged_folder_is_refused_in_a_sentence(found: Comparison, tmp_path: Path, damage: str) -> None:
    folder = write_results(found, tmp_path / "a")
    (folder / damage).write_text("{}")
    with pytest.raises(InputError) as refused:
        open_results(folder)
    assert refused.value.where == damage


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder of a comparison"):
        open_results(tmp_path / "nowhere")
