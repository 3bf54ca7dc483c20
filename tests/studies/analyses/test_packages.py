"""Effects of points, and the packages that are worth their cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.studies.analyses.packages import cost_frontier, package_effects
from sim.studies.study import run_study
from tests.studies.analyses.models import Formula

# Gain and cost of each package: b is dominated by c, d by a mixture of c and e, f does harm.
PACKAGES = {"none": (0, 0), "a": (1, 2), "b": (2, 6), "c": (4, 5), "d": (5, 12), "e": (8, 15), "f": (-2, 3)}


def priced(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    gain, cost = PACKAGES[arm]
    shock = chance.normal()
    own = 0.1 * chance.normal(size=len(PACKAGES))[list(PACKAGES).index(arm)]
    return {
        "border.settled_90_days.all": gain * (1 + 0.1 * chance.normal()) + own + shock,
        "border.staff_days.all": cost * (1 + 0.02 * chance.normal()),
        "border.offences.all": -gain + shock,
    }


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = {"arms": list(PACKAGES), "replications": 16}
    folder = tmp_path_factory.mktemp("priced")
    return run_study(settings, folder, model=Formula(priced), workers=1, progress=False)


def test_effects_are_paired_and_cover_what_is_known(study: Any) -> None:
    table = package_effects(study, ["settled_90_days"]).set_index("arm")
    assert set(table.index) == set(PACKAGES) - {"none"}
    for arm in table.index:
        # Three half-widths of a t interval with 15 degrees of freedom: missed once in 50,000.
        half = (table.loc[arm, "high"] - table.loc[arm, "low"]) / 2
        assert abs(table.loc[arm, "effect"] - PACKAGES[arm][0]) < 3 * half
    assert (table["variance_reduction"] > 2).all()


def test_only_packages_that_no_mixture_beats_are_worth_their_cost(study: Any) -> None:
    found = cost_frontier(study)
    table = found.table.set_index("arm")
    # The first step, to a, costs more for a unit than the one to c.
    assert list(table.index[table["frontier"]]) == ["c", "e"]
    assert table.loc["c", "frontier_share"] > 0.99
    assert table.loc["e", "frontier_share"] > 0.99
    assert (table.loc[["b", "d", "f"], "frontier_share"] < 0.05).all()
    row = table.loc["e"]
    # From c to e: 10 more staff-days for 4 more.
    assert row["extra_cost_low"] < 2.5 < row["extra_cost_high"]
    assert row["extra_cost_high"] - row["extra_cost_low"] < 2
    assert np.isnan(table.loc["b", "extra_cost"])


def test_less_is_better_where_the_measure_says_so(study: Any) -> None:
    found = cost_frontier(study, "offences")
    assert found.table.set_index("arm").loc["e", "frontier"]


def test_other_parameter_sets_and_studies_without_a_baseline_are_refused(study: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="parameter_set = 3"):
        cost_frontier(study, parameter_set=3)
    alone = run_study({"arms": ["none"]}, tmp_path, model=Formula(priced), workers=1, progress=False)
    with pytest.raises(InputError, match="besides the baseline"):
        cost_frontier(alone)
