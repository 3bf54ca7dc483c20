"""A case of stored results is told from runs that are proven to be the same."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sim.errors import InputError
from sim.studies.comparison import Comparison, compare
from sim.studies.results import open_results, write_results
from sim.studies.retelling import pick_from, retell
from sim.world.region import Region, load_region


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])


@pytest.fixture(scope="module")
def found(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    comparison = compare(
        region, ["none", "completed"], years=0.75, burn_in=0.25, replications=2, seed=3, workers=1,
        progress=False, parameters={"border_disputes_per_village": 4.0},
    )  # fmt: skip
    return open_results(write_results(comparison, tmp_path_factory.mktemp("结果") / "a"))


def test_a_case_of_stored_results_is_told_as_it_was(found: Comparison, region: Region) -> None:
    for replication in (0, 1):
        picked = pick_from(found, "only_with", replication=replication)
        retold = retell(found, [picked.case], replication=replication, region=region)
        assert retold.replication == replication
        for arm in found.arms:
            cases = found.cases[(found.cases["arm"] == arm) & (found.cases["replication"] == replication)]
            row = cases.set_index("case").loc[picked.case]
            life = retold.biography[retold.biography["arm"] == arm]
            settled = life.loc[life["event"] == "settled", "date"]
            assert list(settled[:1]) == ([] if pd.isna(row["settled"]) else [row["settled"]])
            assert life.loc[life["event"] == "known", "date"].tolist() == [row["known"]]
        assert (retold.last_day - retold.first_day).days == found.days


def test_runs_that_are_not_the_same_are_refused(found: Comparison, region: Region) -> None:
    case = pick_from(found).case
    made = found.manifest["configuration"] | {"parameters": {"border_disputes_per_village": 4.1}}
    other = replace(found, manifest=found.manifest | {"configuration": made})
    with pytest.raises(InputError, match="results = 'none, 0'.*run the comparison again"):
        retell(other, [case], region=region)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"arms": ["complete"]}, "arm = 'complete'.*completed"),
        ({"replication": 2}, "replication = 2"),
        ({"replication": -1}, "replication = -1"),
    ],
)
def test_what_the_comparison_does_not_have_is_refused(
    found: Comparison, region: Region, asked: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        retell(found, [], region=region, **asked)  # type: ignore[arg-type]


def test_an_unknown_case_is_refused(found: Comparison, region: Region) -> None:
    with pytest.raises(InputError, match="case = 'x-1'"):
        retell(found, ["x-1"], region=region)


def test_a_case_is_picked_for_any_arm(found: Comparison) -> None:
    assert pick_from(found, "both", arm="completed").counts == pick_from(found, "neither").counts
    with pytest.raises(InputError, match="arm = 'paper'"):
        pick_from(found, arm="paper")
