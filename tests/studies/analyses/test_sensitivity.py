"""Sobol and Morris through the runner: the answers of functions that are known, as SALib gives them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from SALib.test_functions import Ishigami, Sobol_G

from sim.errors import InputError
from sim.studies.analyses.outcomes import coordinates
from sim.studies.analyses.sensitivity import (
    doing_anything,
    elementary_effects,
    screen_by_morris,
    sobol_indices,
)
from sim.studies.study import run_study
from tests.studies.analyses.models import Formula, ishigami

PI = math.pi
ISHIGAMI = {name: {"low": -PI, "high": PI} for name in ("x1", "x2", "x3")}
G_NAMES = [f"x{number}" for number in range(1, 9)]
MORRIS_NAMES = [f"x{number:02d}" for number in range(1, 21)]


def sobol_g(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    row = np.array([[parameters[name] for name in G_NAMES]])
    return {"border.settled_90_days.all": float(Sobol_G.evaluate(row)[0])}


def morris_function(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    """Morris (1991), section 4, with coefficients of the first ten inputs as published and no random ones."""
    x = np.array([parameters[name] for name in MORRIS_NAMES])
    w = 2.0 * (x - 0.5)
    for number in (2, 4, 6):
        w[number] = 2.0 * (1.1 * x[number] / (x[number] + 0.1) - 0.5)
    value = 20.0 * w[:10].sum()
    value += -15.0 * sum(w[i] * w[j] for i in range(6) for j in range(i + 1, 6))
    value += -10.0 * sum(
        w[i] * w[j] * w[k] for i in range(5) for j in range(i + 1, 5) for k in range(j + 1, 5)
    )
    value += 5.0 * w[0] * w[1] * w[2] * w[3]
    return {"border.settled_90_days.all": float(value)}


def study_of(formula: Any, uncertain: Any, design: Any, folder: Path, **more: Any) -> Any:
    settings = {"arms": ["none"], "uncertain": uncertain, "design": design, "replications": 1, **more}
    return run_study(settings, folder, model=Formula(formula), workers=1, progress=False)


@pytest.fixture(scope="module")
def ishigami_study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    design = {"kind": "sobol", "samples": 512, "second_order": True}
    folder = tmp_path_factory.mktemp("ishigami")
    return study_of(ishigami, ISHIGAMI, design, folder, arms=["none", "paper"], replications=3)


def test_sobol_indices_of_ishigami_are_the_analytic_ones(ishigami_study: Any) -> None:
    """Variance by hand: 7²/8 + 0.1 π⁴/5 + 0.01 π⁸/18 + 1/2. 512 samples: errors stay below 0.06."""
    found = sobol_indices(ishigami_study, "settled_90_days", arm="paper").table.set_index("dimension")
    variance = 49 / 8 + 0.1 * PI**4 / 5 + 0.01 * PI**8 / 18 + 0.5
    first = {"x1": 0.5 * (1 + 0.1 * PI**4 / 5) ** 2, "x2": 49 / 8, "x3": 0.0}
    together = 0.01 * PI**8 * (1 / 18 - 1 / 50)
    total = {"x1": first["x1"] + together, "x2": 49 / 8, "x3": together}
    for name in ISHIGAMI:
        assert found.loc[name, "first"] == pytest.approx(first[name] / variance, abs=0.06)
        assert found.loc[name, "total"] == pytest.approx(total[name] / variance, abs=0.06)


def test_sobol_indices_are_those_of_salib_itself(ishigami_study: Any) -> None:
    found = sobol_indices(ishigami_study, "settled_90_days", arm="paper")
    problem = {"num_vars": 3, "names": list(ISHIGAMI), "bounds": [[0.0, 1.0]] * 3}
    units = coordinates(ishigami_study, arm="paper")
    direct = Ishigami.evaluate(-PI + 2 * PI * units)
    known = salib_sobol.analyze(problem, direct, calc_second_order=True, num_resamples=10, seed=0)
    table = found.table.set_index("dimension").loc[list(ISHIGAMI)]
    assert table["first"].to_numpy() == pytest.approx(known["S1"], abs=1e-5)
    assert table["total"].to_numpy() == pytest.approx(known["ST"], abs=1e-5)
    pair = found.pairs.set_index(["dimension_a", "dimension_b"])["second"]
    assert pair["x1", "x3"] == pytest.approx(known["S2"][0, 2], abs=1e-5)
    assert pair.idxmax() == ("x1", "x3")


def test_a_level_that_only_chance_moves_has_no_important_dimension(ishigami_study: Any) -> None:
    """The baseline is the shock of the replication alone: the same in every sample."""
    found = sobol_indices(ishigami_study, "settled_90_days", arm="none", kind="level")
    assert found.table[["first", "total"]].isna().all(axis=None)


def test_sobol_indices_of_the_g_function_are_the_analytic_ones(tmp_path: Path) -> None:
    study = study_of(
        sobol_g,
        {name: {"low": 0.0, "high": 1.0} for name in G_NAMES},
        {"kind": "sobol", "samples": 512},
        tmp_path,
    )
    table = sobol_indices(study, "settled_90_days", arm="none", kind="level").table.set_index("dimension")
    weights = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    assert table.loc[G_NAMES, "first"].to_numpy() == pytest.approx(
        Sobol_G.sensitivity_index(weights), abs=0.06
    )
    assert table.loc[G_NAMES, "total"].to_numpy() == pytest.approx(
        Sobol_G.total_sensitivity_index(weights), abs=0.06
    )
    assert list(table.index[:2]) == ["x1", "x2"]


def test_morris_separates_what_matters_from_what_does_not(tmp_path: Path) -> None:
    """Morris (1991): inputs 8 to 10 are linear, 1 to 7 are not, 11 to 20 do nothing."""
    study = study_of(
        morris_function,
        {name: {"low": 0.0, "high": 1.0} for name in MORRIS_NAMES},
        {"kind": "morris", "trajectories": 16, "levels": 4},
        tmp_path,
    )
    found = screen_by_morris(study, "settled_90_days", arm="none", kind="level")
    table = found.table.set_index("dimension")
    assert (table.loc[MORRIS_NAMES[10:], "mu_star"].abs() < 1e-3).all()
    assert (table.loc[MORRIS_NAMES[:10], "mu_star"] > 20).all()
    # The whole range of w is 2, so a linear input of coefficient 20 moves the value by 40.
    assert table.loc[MORRIS_NAMES[7:10], "mu_star"].to_numpy() == pytest.approx(40.0, abs=1e-3)
    assert (table.loc[MORRIS_NAMES[7:10], "sigma"] < 1e-3).all()
    assert (table.loc[MORRIS_NAMES[:7], "sigma"] > 5).all()
    problem = {"num_vars": 20, "names": MORRIS_NAMES, "bounds": [[0.0, 1.0]] * 20}
    units = coordinates(study, arm="none")
    direct = np.array(
        [
            morris_function(dict(zip(MORRIS_NAMES, row, strict=True)), "", {}, None)[
                "border.settled_90_days.all"
            ]
            for row in units
        ]
    )
    known = salib_morris.analyze(problem, units, direct, num_levels=4, num_resamples=10, seed=0)
    assert table.loc[MORRIS_NAMES, "mu_star"].to_numpy() == pytest.approx(
        np.asarray(known["mu_star"]), abs=1e-3
    )


def noisy(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    strength = 1.0 + 2.0 * chance.normal()
    return {"border.settled_90_days.all": strength * parameters["x1"] + 0.5 * parameters["x2"]}


def test_few_replications_make_the_interval_wider(tmp_path: Path) -> None:
    """What x1 does varies between replications by twice its mean: its error is about 2 / sqrt(6)."""
    study = study_of(
        noisy,
        {name: {"low": 0.0, "high": 1.0} for name in ("x1", "x2")},
        {"kind": "morris", "trajectories": 6},
        tmp_path,
        replications=6,
    )
    table = screen_by_morris(study, "settled_90_days", arm="none", kind="level").table.set_index("dimension")
    half = (table["mu_star_high"] - table["mu_star_low"]) / 2
    assert 0.4 < half["x1"] < 3.5
    assert half["x2"] < 0.01


@pytest.mark.parametrize(("samples", "replications"), [(10, 4), (64, 3), (10, 2)])
@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_of_dimensions_that_only_stir_luck_one_in_twenty_passes(
    samples: int, replications: int, shared: float
) -> None:
    """Also where the replications, which all samples share, each have an effect of their own.

    Over 3,000 dimensions the count lies within four standard errors of 150.
    """
    chance = np.random.default_rng(3)
    noise = chance.normal(size=(samples, 3_000, replications))
    noise += shared * chance.normal(size=(1, 3_000, replications))
    passed = int((doing_anything(noise) <= 0.05).sum())
    assert abs(passed - 150) < 4.0 * math.sqrt(3_000 * 0.05 * 0.95)
    # What it does on average, and what it does in some samples and undoes in others, are both found.
    both_ways = noise + 6.0 * chance.normal(size=(samples, 1, 1))
    assert (doing_anything(both_ways) <= 0.05).mean() > 0.8


def luck(parameters, arm, doses, chance):  # type: ignore[no-untyped-def]
    """Let x1 matter; x2 to x6 only stir the luck of the run, as a changed rule order would."""
    stirred = hash(tuple(round(parameters[f"x{number}"], 9) for number in range(1, 7))) % 2**32
    noise = np.random.default_rng([stirred, int(chance.integers(1 << 30))]).normal()
    return {"border.settled_90_days.all": 2.0 * parameters["x1"] + 0.1 * float(noise)}


@pytest.mark.parametrize(
    ("design", "analyse", "index"),
    [
        ({"kind": "morris", "trajectories": 10}, screen_by_morris, "mu_star"),
        ({"kind": "sobol", "samples": 32}, sobol_indices, "total"),
    ],
)
def test_a_dimension_that_only_stirs_luck_has_a_size_but_does_not_matter(
    design: Any, analyse: Any, index: str, tmp_path: Path
) -> None:
    names = [f"x{number}" for number in range(1, 7)]
    study = study_of(
        luck, {name: {"low": 0.0, "high": 1.0} for name in names}, design, tmp_path, replications=4
    )
    table = analyse(study, "settled_90_days", arm="none", kind="level").table.set_index("dimension")
    assert table.index[0] == "x1"
    assert table.loc["x1", "is_clear"]
    assert not table.loc[names[1:], "is_clear"].any()
    # Sizes and squares of luck are above zero, and what chance alone gives says by how much.
    assert (table.loc[names[1:], index] > 0.0).all()
    assert table.loc[names[1:], index].mean() == pytest.approx(
        table.loc[names[1:], "chance"].mean(), rel=0.35
    )
    assert table.loc["x1", index] > 5.0 * table.loc["x1", "chance"]


def test_elementary_effects_are_those_of_salib(tmp_path: Path) -> None:
    study = study_of(
        morris_function,
        {name: {"low": 0.0, "high": 1.0} for name in MORRIS_NAMES},
        {"kind": "morris", "trajectories": 5, "levels": 6},
        tmp_path,
    )
    table = screen_by_morris(study, "settled_90_days", arm="none", kind="level").table
    table = table.set_index("dimension").loc[MORRIS_NAMES]
    values = study.values("settled_90_days", "border", "all").reindex(
        study.design.sort_values("sample")["point"]
    )
    effects = elementary_effects(coordinates(study, arm="none"), values.to_numpy())[:, :, 0]
    assert np.abs(effects).mean(axis=0) == pytest.approx(table["mu_star"].to_numpy(), abs=1e-6)
    # One replication does not tell a dimension from luck.
    assert table["q_value"].isna().all()
    assert not table["is_clear"].any()


def test_a_study_of_another_design_is_refused(ishigami_study: Any) -> None:
    with pytest.raises(InputError, match=r"design = 'sobol' .* morris"):
        screen_by_morris(ishigami_study, "settled_90_days", arm="paper")
    with pytest.raises(InputError, match="arm = 'papers'"):
        sobol_indices(ishigami_study, "settled_90_days", arm="papers")
