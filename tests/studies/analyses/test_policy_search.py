"""A search whose best doses are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.studies.analyses.policy_search import search_policies
from tests.studies.analyses.models import Formula

SETTINGS: dict[str, Any] = {
    "arms": ["none"],
    "factors": {"x": {"low": 0, "high": 1}, "y": {"low": 0, "high": 1}, "z": None},
    "replications": 3,
}
BUDGET = 400.0


def priced_doses(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    """x gains and costs half as much as y; z costs and does nothing. 8 hours a day: 80 days are 640 hours."""
    x, y, z = (doses.get(name, 0.0) for name in "xyz")
    shock = chance.normal()
    return {
        "border.settled_90_days.all": shock + x + 0.5 * y + 0.001 * chance.normal(),
        "border.offences.all": 5.0 - 2.0 * y + 0.01 * chance.normal(),
        "border.staff_days.all": 40.0 * x + 40.0 * y + 50.0 * z,
    }


def search(folder: Path, **changes: Any) -> Any:
    settings = {"trials": 48, "batch": 12, "seed": 4, "workers": 1, "progress": False, **changes}
    return search_policies(
        SETTINGS, ["settled_90_days", "offences"], BUDGET, folder, model=Formula(priced_doses), **settings
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return search(tmp_path_factory.mktemp("search"))


def test_the_best_fit_the_budget_and_waste_little(found: Any) -> None:
    best = found.table[found.table["best"]]
    assert len(best) >= 2
    assert (best["hours"] <= BUDGET).all()
    # What costs and does nothing is not among the best; later candidates waste less than the first.
    assert (best["dose_z"] == 0).mean() > 0.7
    assert best["hours"].max() > 0.6 * BUDGET
    assert found.table["within"].iloc[-12:].mean() >= found.table["within"].iloc[:12].mean()
    assert best["border.settled_90_days.all"].max() > 0.7


def test_no_candidate_within_the_budget_beats_a_best_one(found: Any) -> None:
    inside = found.table[found.table["within"]]
    for row in inside[inside["best"]].to_dict("records"):
        more = inside["border.settled_90_days.all"] >= row["border.settled_90_days.all"]
        less = inside["border.offences.all"] <= row["border.offences.all"]
        assert set(inside[more & less]["hours"]) == {row["hours"]}


def test_a_search_that_was_stopped_goes_on_as_if_it_had_not_been(found: Any, tmp_path: Path) -> None:
    search(tmp_path, trials=24)
    again = search(tmp_path)
    columns = ["dose_x", "dose_y", "dose_z", "hours", "best"]
    assert again.table[columns].equals(found.table[columns])


def test_a_goal_without_direction_and_a_study_without_factors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="goals"):
        search_policies(SETTINGS, ["visits"], BUDGET, tmp_path)
    with pytest.raises(InputError, match="factors"):
        search_policies({"arms": ["none"]}, ["settled_90_days"], BUDGET, tmp_path)
    with pytest.raises(InputError, match="budget_hours"):
        search_policies(SETTINGS, ["settled_90_days"], 0.0, tmp_path)
