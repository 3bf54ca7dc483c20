"""The real runs, on a border of two counties."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from sim.errors import InputError, SimulationError
from sim.levers.lever_use import Scope
from sim.levers.mechanisms import Package, load_mechanism, load_package
from sim.parameters import Parameters
from sim.streams import replication_seed
from sim.studies import replication as module
from sim.studies.comparison import Comparison, compare
from sim.studies.effects import EFFECT_COLUMNS
from sim.studies.plan import Plan, plan_comparison
from sim.studies.replication import check_arms, live_burn_in, live_under, replicate
from sim.world.region import Region, load_region

ARMS = ["none", "five_links"]


@pytest.fixture(scope="module")
def small() -> Region:
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])


@pytest.fixture(scope="module")
def plan(small: Region) -> Plan:
    return plan_comparison(small, ARMS, years=0.5, burn_in=1, replications=2, seed=0, workers=1)


def run(small: Region, workers: int) -> Comparison:
    return compare(small, ARMS, years=0.5, burn_in=1, replications=2, seed=0, workers=workers, progress=False)


def test_one_worker_and_two_give_the_same_to_the_bit(small: Region) -> None:
    alone, together = run(small, 1), run(small, 2)
    assert alone.manifest["digests"] == together.manifest["digests"]
    for name in ("effects", "measures", "series", "cases"):
        pd.testing.assert_frame_equal(getattr(alone, name), getattr(together, name), check_exact=True)
    assert tuple(alone.effects.columns) == EFFECT_COLUMNS
    assert {"border", "interior"} <= set(alone.effects["scope"])
    assert (alone.effects["replications"] <= 2).all()
    # Interior cases are kept of one replication only.
    assert set(alone.cases.query("scope == 'interior'")["replication"]) == {0}


def test_an_arm_does_not_depend_on_the_arms_beside_it(plan: Plan) -> None:
    both = replicate(plan, 1)
    turned = replicate(replace(plan, packages=plan.packages[::-1]), 1)
    assert both.digests == turned.digests
    assert len(set(both.digests.values())) == 2
    assert both.digests != replicate(plan, 0).digests


def test_a_run_that_fails_is_named(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("made up")

    monkeypatch.setattr(module, "summarise", fail)
    seed = replication_seed(0, 1)
    with pytest.raises(SimulationError, match=rf"replication 1 \(seed {seed}\), arm none: ZeroDivisionError"):
        replicate(plan, 1)


def test_a_place_that_is_not_on_this_border_is_refused_before_any_run(small: Region, plan: Plan) -> None:
    nowhere = load_mechanism("rotating_secretary").within(Scope(towns=("999999999",)))
    arms = (plan.packages[0], Package.of("nowhere", [nowhere]))
    with pytest.raises(InputError, match="999999999"):
        check_arms(replace(plan, packages=arms))


def test_tables_of_an_arm_are_compiled_once_for_parameters_that_they_do_not_depend_on(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    compile_arm = module.compile_institutions

    def counted(package: Package, *rest: Any) -> Any:
        made.append(package.key)
        return compile_arm(package, *rest)

    monkeypatch.setattr(module, "compile_institutions", counted)
    digests = []
    package = plan.packages[1]
    # A fresh package of equal content stands for one that nobody has compiled.
    for own in (package, package, replace(package)):
        for changes in ({"belief_weight": 0.2}, {"belief_weight": 0.4}, {"monitoring_forum": 0.9}):
            past = live_burn_in(plan.region, Parameters(changes), 3, 30)
            digests.append(live_under(own, past, 100).digest())
    assert made == ["five_links"] * 4
    assert digests[:3] == digests[3:6] == digests[6:]
    assert len(set(digests)) == 3


def test_a_review_does_not_keep_its_border_for_ever(plan: Plan) -> None:
    past = live_burn_in(plan.region, plan.parameters, 4, 0)
    live_under(load_package("add_and_subtract"), past, 10)
    gone = weakref.ref(past.world)
    del past
    module._laid_out.cache_clear()
    gc.collect()
    assert gone() is None
