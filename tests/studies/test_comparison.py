from __future__ import annotations

import json
from types import ModuleType

import pandas as pd
import pytest

from sim.errors import SimulationError
from sim.studies.comparison import compare, versions

REGION = "yulin_zhanjiang_maoming"
pytestmark = pytest.mark.usefixtures("made_up")


def test_a_comparison_has_what_its_readers_need() -> None:
    found = compare(REGION, ["none", "paper", "five_links"], replications=4, workers=1, progress=False)
    assert (found.region, found.arms, found.baseline) == (REGION, ("none", "paper", "five_links"), "none")
    assert found.days == 1096
    assert found.replications == 4
    effect = found.effects.query("arm == 'five_links' and measure == 'settled_90_days'").iloc[0]
    assert effect["low"] < 0.1 < effect["high"]
    # Differences inside a pair are small beside those between pairs, and the tables say so.
    assert effect["variance_reduction"] > 20
    for table in (found.measures, found.series, found.cases):
        assert list(table.columns[:3]) == ["region", "arm", "replication"]
        assert list(table["arm"].cat.categories) == ["none", "paper", "five_links"]
    assert found.effects["replications"].min() == 0  # attendance has no value without a mechanism


def test_rows_come_in_order_of_replication(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever finishes first: here the last one."""
    from sim.studies import comparison

    def backwards(crew, task, shared, source):  # type: ignore[no-untyped-def]
        items = list(iter(source, None))
        yield from ((item, task(shared, item)) for item in reversed(items))

    straight = compare(REGION, ["none", "paper"], replications=3, workers=1, progress=False)
    monkeypatch.setattr(comparison, "work_through", backwards)
    mirrored = compare(REGION, ["none", "paper"], replications=3, workers=1, progress=False)
    for name in ("effects", "measures", "series", "cases"):
        pd.testing.assert_frame_equal(getattr(straight, name), getattr(mirrored, name), check_exact=True)
    assert straight.manifest["digests"] == mirrored.manifest["digests"]


def test_replications_are_added_until_the_interval_is_narrow() -> None:
    first = compare(REGION, ["none", "five_links"], replications=2, workers=1, progress=False, precision=5.0)
    assert first.replications == 2
    assert first.manifest["precision_not_reached"] == []
    more = compare(REGION, ["none", "five_links"], replications=2, workers=1, progress=False, precision=0.02)
    assert more.replications > 2
    assert (more.replications - 2) % 10 == 0
    assert more.manifest["precision_not_reached"] == []
    effect = more.effects.query("measure == 'settled_90_days'").iloc[0]
    assert (effect["high"] - effect["low"]) / 2 <= 0.02 * effect["baseline_value"]


def test_the_cap_is_kept_and_what_was_not_reached_is_said() -> None:
    found = compare(
        REGION,
        ["none", "paper"],
        replications=2,
        maximum_replications=7,
        workers=1,
        progress=False,
        precision=1e-9,
    )
    assert found.replications == 7
    assert [row["measure"] for row in found.manifest["precision_not_reached"]] == ["settled_90_days"]


def test_the_manifest_repeats_a_study_and_names_no_place() -> None:
    found = compare(
        REGION,
        ["none", "paper"],
        replications=2,
        workers=1,
        seed=0,
        parameters={"belief_weight": 0.3},
        progress=False,
    )
    manifest = json.loads(json.dumps(found.manifest, allow_nan=False))
    configuration = manifest["configuration"]
    assert configuration["parameters"] == {"belief_weight": 0.3}
    assert manifest["parameters"]["belief_weight"] == 0.3
    assert configuration["seed"] == 0
    assert manifest["seeds"] == [1000, 1001]
    assert manifest["digests"]["paper"] == ["paper0", "paper1"]
    assert manifest["start"] == "2015-01-01"
    assert (manifest["burn_in_days"], manifest["days"]) == (1096, 1096)
    assert manifest["model_seconds"] == 0.002
    assert versions().items() <= manifest["versions"].items()
    assert "/" not in json.dumps({key: manifest[key] for key in ("configuration", "versions", "start")})


def test_a_run_that_fails_is_not_passed_over(failing: ModuleType) -> None:
    with pytest.raises(SimulationError, match=r"replication 1 \(seed 1001\), arm paper"):
        compare(REGION, ["none", "paper"], replications=3, workers=1, progress=False)


def test_the_bar_stands_on_the_error_stream_or_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    compare(REGION, ["none", "paper"], replications=2, workers=1)
    shown = capsys.readouterr()
    assert "2/2" in shown.err
    assert shown.out == ""
    compare(REGION, ["none", "paper"], replications=2, workers=1, progress=False)
    assert capsys.readouterr().err == ""
