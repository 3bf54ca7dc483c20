"""The table that comes with the project has every row of today, and its pages say what its file says."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.language import LANGUAGES
from sim.studies.directions.moves import all_moves
from sim.studies.directions.pages import between_marks, direction_page, findings
from sim.studies.directions.report import read_directions
from sim.studies.directions.runs import QUANTITIES
from sim.studies.directions.table import verdict
from sim.studies.false_discovery import false_discovery_values

FOLDER = Path(__file__).resolve().parents[2] / "experiments" / "directions"
AGAIN = "run: python experiments/directions/run.py"

pytestmark = pytest.mark.skipif(
    not (FOLDER / "directions.csv").exists(), reason=f"the table has not been made; {AGAIN}"
)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return read_directions(FOLDER)


def test_every_lever_setting_and_mechanism_has_its_rows(table: pd.DataFrame) -> None:
    rows = table[["kind", "name", "setting", "place", "low", "high", "measure"]]
    wanted = [
        (move.kind, move.name, move.setting, move.place, move.low, move.high, measure)
        for move in all_moves()
        for measure, _ in QUANTITIES
    ]
    assert list(rows.itertuples(index=False, name=None)) == wanted, AGAIN


def test_verdicts_follow_from_the_numbers_beside_them(table: pd.DataFrame) -> None:
    judged = table[table["verdict"] != "absent"]
    expected = [
        verdict(row["effect"], row["low95"], row["high95"], row["q_value"])
        for row in judged.to_dict("records")
    ]
    assert judged["verdict"].tolist() == expected
    by_measure = table.groupby(["measure", "scope"], sort=False)["p_value"]
    adjusted = by_measure.transform(lambda own: false_discovery_values(own.to_numpy())).to_numpy()
    assert table["q_value"].to_numpy() == pytest.approx(adjusted, rel=1e-4, nan_ok=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_and_readme_say_what_the_file_says(table: pd.DataFrame, language: str) -> None:
    manifest = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    page = (FOLDER / f"directions.{language}.md").read_text("utf-8")
    assert page == direction_page(table, manifest, language), AGAIN
    readme = (FOLDER / "README.md").read_text("utf-8")
    said = findings(table, manifest, language)
    assert readme == between_marks(readme, f"found_{language}", said), AGAIN
