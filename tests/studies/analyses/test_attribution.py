"""Shapley values: of games whose values are known, and adding up to the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.studies.analyses.attribution import attribute_effect, find_interactions
from sim.studies.study import run_study
from tests.studies.analyses.models import Formula, game

PLAYERS = {"x": None, "y": None, "z": None, "u": None}
KNOWN = {"x": 5.0, "y": 6.0, "z": 5.0, "u": 0.0}
SETTINGS = {"arms": ["none"], "factors": PLAYERS, "design": "shapley", "replications": 12}


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("exact")
    return run_study(SETTINGS, folder, model=Formula(game), workers=1, progress=False)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("drawn")
    settings = {**SETTINGS, "design": {"kind": "shapley", "permutations": 40}}
    return run_study(settings, folder, model=Formula(game), workers=1, progress=False)


@pytest.mark.parametrize("name", ["exact", "drawn"])
def test_values_of_a_known_game_are_found_within_their_error(
    name: str, request: pytest.FixtureRequest
) -> None:
    """Fixed seeds; intervals 2.5 times as wide as those of 95 % miss by chance once in 1,000 games."""
    found = attribute_effect(request.getfixturevalue(name), "settled_90_days")
    for row in found.table.to_dict("records"):
        half = (row["high"] - row["low"]) / 2.0
        assert abs(row["value"] - KNOWN[row["player"]]) <= 2.5 * half + 1e-9, row
    # The interval says something: far narrower than the values it belongs to.
    large = found.table[found.table["player"] != "u"]
    assert ((large["high"] - large["low"]) < 0.5 * large["value"]).all()


@pytest.mark.parametrize("name", ["exact", "drawn"])
def test_values_add_up_to_the_effect_of_the_whole(name: str, request: pytest.FixtureRequest) -> None:
    found = attribute_effect(request.getfixturevalue(name), "settled_90_days")
    assert found.table["value"].sum() == pytest.approx(found.total, abs=1e-5)
    assert found.table["share"].sum() == pytest.approx(1.0, abs=1e-5)
    assert found.replications == 12


def test_a_player_that_does_nothing_gets_nothing(exact) -> None:  # type: ignore[no-untyped-def]
    """Every coalition was run, so nothing is left to chance."""
    row = attribute_effect(exact, "settled_90_days").table.set_index("player").loc["u"]
    assert np.allclose([row["value"], row["low"], row["high"]], 0.0, atol=1e-5)


def test_interactions_of_a_known_game_are_found_exactly(exact) -> None:  # type: ignore[no-untyped-def]
    """Pair's 4 plus half of the triple's 6; chance touches no interaction of this game."""
    found = find_interactions(exact, "settled_90_days")
    values = {(row.player_a, row.player_b): row.value for row in found.table.itertuples()}
    known = {("x", "y"): 7.0, ("x", "z"): 3.0, ("y", "z"): 3.0}
    for pair, value in values.items():
        assert value == pytest.approx(known.get(pair, 0.0), abs=1e-4), pair
    assert list(values)[0] == ("x", "y")


def test_an_outcome_that_falls_has_positive_shares(tmp_path: Path) -> None:
    study = run_study(SETTINGS, tmp_path, model=Formula(falling), workers=1, progress=False)
    found = attribute_effect(study, "settled_90_days")
    assert found.total < 0
    assert found.table["share"].sum() == pytest.approx(1.0, abs=1e-5)
    assert found.table["player"].iloc[0] == "y"
    assert (found.table["share_low"] <= found.table["share"]).all()
    assert (found.table["share"] <= found.table["share_high"]).all()


def falling(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    return {name: -value for name, value in game(parameters, arm, doses, chance).items()}


def test_intervals_cover_the_truth_about_as_often_as_they_say(tmp_path: Path) -> None:
    """Coverage of 95 % intervals over 40 studies of 12 orders and 6 replications: at least 85 %.

    With true coverage of 95 % of 120 correlated intervals the check fails less than once in a thousand; an
    interval from replications alone covers about a half and is caught.
    """
    hits, narrow, count = 0, 0, 0
    for seed in range(40):
        settings = {
            **SETTINGS,
            "design": {"kind": "shapley", "permutations": 12},
            "replications": 6,
            "seed": seed,
        }
        folder = tmp_path / str(seed)
        study = run_study(settings, folder, model=Formula(game), workers=1, progress=False)
        for row in attribute_effect(study, "settled_90_days").table.to_dict("records"):
            if row["player"] != "u":
                hits += row["low"] <= KNOWN[row["player"]] <= row["high"]
                count += 1
                # What the replications' spread alone would claim.
                narrow += abs(row["value"] - KNOWN[row["player"]]) <= 0.2 * 2.57 / 6**0.5
    assert hits / count >= 0.85
    assert narrow / count < hits / count


def test_a_study_without_every_coalition_is_refused(tmp_path: Path) -> None:
    settings = {**SETTINGS, "design": {"kind": "shapley", "permutations": 2}}
    study = run_study(settings, tmp_path / "orders", model=Formula(game), workers=1, progress=False)
    with pytest.raises(InputError, match="every coalition"):
        find_interactions(study, "settled_90_days")
    settings = {**SETTINGS, "design": {"kind": "list", "samples": [{"x": 0}]}}
    study = run_study(settings, tmp_path / "list", model=Formula(game), workers=1, progress=False)
    with pytest.raises(InputError, match="every coalition"):
        attribute_effect(study, "settled_90_days")


def test_a_measure_that_is_missing_is_named(exact) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="setled_90_days"):
        attribute_effect(exact, "setled_90_days")


def test_a_replication_with_a_failed_run_is_left_out(tmp_path: Path) -> None:
    study = run_study(SETTINGS, tmp_path, model=Formula(game_with_gaps), workers=1, progress=False)
    found = attribute_effect(study, "settled_90_days")
    assert 0 < found.replications < 12
    assert isinstance(found.table, pd.DataFrame)
    assert found.table["value"].sum() == pytest.approx(found.total, abs=1e-5)


def game_with_gaps(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    values = game(parameters, arm, doses, chance)
    if doses.get("x") and doses.get("u") and chance.uniform() < 0.4:
        raise ValueError("this one never works")
    return values
