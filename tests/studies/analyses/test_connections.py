"""Objects of other tools, made from the parameter table, and run."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.parameters import PARAMETERS
from sim.studies.analyses.conditions import find_conditions
from sim.studies.connections import ema_model, salib_problem
from sim.studies.study import run_study
from sim.world.graph import border_graph, read_graphml, write_graphml
from sim.world.region import Region, load_region
from sim.world.world import lay_out
from tests.studies.analyses.models import Formula, ishigami


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])


def test_a_salib_problem_has_every_parameter_with_its_range() -> None:
    problem = salib_problem()
    assert problem["num_vars"] == len(problem["names"]) == len(problem["bounds"])
    for name, (low, high) in zip(problem["names"], problem["bounds"], strict=True):
        assert (low, high) == (PARAMETERS[name].low, PARAMETERS[name].high)
    assert set(problem["names"]) == {name for name, row in PARAMETERS.items() if row.high > row.low}


def test_salib_can_sample_the_problem() -> None:
    from SALib.sample import latin

    drawn = latin.sample(salib_problem(["belief_weight", "trust_gain"]), 5, seed=1)
    assert drawn.shape == (5, 2)
    assert (drawn[:, 0] >= 0.1).all()


def test_the_ema_workbench_runs_the_border_and_gets_paired_effects(region: Region) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import SequentialEvaluator

    settings = {
        "region": region,
        "arms": ["none"],
        "factors": {"rotating_secretary": {"low": 0, "high": 1}, "joint_mediation": None},
        "years": 1,
        "burn_in": 1,
        "replications": 2,
    }
    model = ema_model(settings, ["staff_days", "settled_90_days"], ["trust_gain"])
    assert [item.name for item in model.uncertainties] == ["trust_gain"]
    assert {item.name for item in model.levers} == {"rotating_secretary", "joint_mediation"}
    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=2)
    assert len(experiments) == 4
    assert outcomes["staff_days"].shape == (4, 2)
    # What a lever costs, it costs against the baseline of the same shocks: more dose, more days.
    dose = experiments["rotating_secretary"].astype(float)
    assert dose.corr(experiments.assign(days=outcomes["staff_days"].mean(axis=1))["days"]) > 0.5


def test_the_graph_goes_out_and_comes_back(region: Region, tmp_path: Path) -> None:
    graph = border_graph(lay_out(region, 1))
    again = read_graphml(write_graphml(graph, tmp_path / "border.graphml"))
    assert set(again.nodes) == set(graph.nodes)
    assert again.number_of_edges() == graph.number_of_edges()


def test_a_missing_library_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "arms": ["none", "paper"],
        "uncertain": {name: {"low": -3.0, "high": 3.0} for name in ("x1", "x2", "x3")},
        "design": {"kind": "latin_hypercube", "samples": 24},
        "replications": 1,
    }
    study = run_study(settings, tmp_path, model=Formula(ishigami), workers=1, progress=False)
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    with pytest.raises(InputError, match=r"conditions = 'ema-workbench' .* pip install") as error:
        find_conditions(study, "settled_90_days", arm="paper")
    assert "\n" not in error.value.message("en")
