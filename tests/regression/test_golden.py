"""Golden runs: small, stored counts that change only when the model changes.

After a change that is meant to move results, run ``python -m tests.regression.test_golden`` and give the
reason in the changelog.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.engine.columns import RECORD_FIELDS
from sim.model import BorderModel
from sim.world.region import load_region

GOLDEN = Path(__file__).with_name("golden.json")
PACKAGES = ("none", "paper", "five_links", "completed")
COUNTED = (
    "occurred",
    "known",
    "settled",
    "relapsed",
    "hand_offs",
    "incidents",
    "visits",
    "offences",
    "caught",
    "requests",
)


def counts(package: str) -> dict[str, list[int]]:
    """Live a year on one pair of counties and count what happened inside and on the border."""
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    model = BorderModel(region=region, package=package, years=1, burn_in=0, seed=42, collect=False)
    model.run()
    total = model.simulation.columns.record.sum(axis=0)
    found = {name: [round(float(value)) for value in total[:, RECORD_FIELDS.index(name)]] for name in COUNTED}
    cases = model.simulation.cases
    sessions = np.bincount(cases["how"], weights=cases["sessions"], minlength=5)
    found["sessions_by_outcome"] = sessions.astype(int).tolist()
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_a_year_on_one_pair_of_counties_is_as_it_was(package: str) -> None:
    """Counts of whole events, equal to the last one."""
    assert counts(package) == json.loads(GOLDEN.read_text(encoding="utf-8"))[package]


if __name__ == "__main__":
    runs = {package: counts(package) for package in PACKAGES}
    GOLDEN.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
