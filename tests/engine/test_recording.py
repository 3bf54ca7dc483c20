"""What is recorded of willingness: by side of the border, and what would be left of it without mechanisms."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.engine.columns import RECORD_FIELDS
from sim.engine.constants import BORDER, INTERIOR
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.definitions import TIERS
from sim.levers.mechanisms import Mechanism, Package, load_package
from sim.world.world import World


def recorded(run: Simulation, name: str, scope: int) -> float:
    """Give what the last whole month recorded."""
    return float(run.columns.record[-2, scope, RECORD_FIELDS.index(name)])


def a_month_under(lived: Simulation, world: World, package: Package) -> Simulation:
    run = lived.fork(compile_institutions(package, world, lived.parameters, 31))
    run.run(31)
    return run


def assessment() -> Package:
    lever = {"lever": "assessment", "tiers": list(TIERS), "settings": {"outcome": 1.0}}
    texts = {"name": {"zh": "考", "en": "graded"}, "summary": {"zh": "考", "en": "graded"}}
    return Package.of("graded", [Mechanism.from_dict("graded", {**texts, "levers": [lever]})])


@pytest.mark.parametrize("tier", TIERS)
def test_without_mechanisms_nothing_is_lost_by_withdrawing_them(lived: Simulation, tier: str) -> None:
    for scope in (BORDER, INTERIOR):
        for month in lived.columns.record[:-1, scope]:
            now = month[RECORD_FIELDS.index(f"willingness_{tier}")]
            left = month[RECORD_FIELDS.index(f"withdrawn_{tier}")]
            assert_allclose(now, left, rtol=1e-12)


def test_what_mechanisms_add_on_their_first_day_is_gone_when_they_are_withdrawn(
    lived: Simulation, world: World
) -> None:
    before = lived.fork(compile_institutions(load_package("none"), world, lived.parameters, 31))
    before.run(31)
    run = a_month_under(lived, world, assessment())
    for tier in TIERS:
        gained = recorded(run, f"willingness_{tier}", BORDER) - recorded(run, f"withdrawn_{tier}", BORDER)
        assert gained > 0.01
        # A month is too short for beliefs to go far.
        assert_allclose(
            recorded(run, f"withdrawn_{tier}", BORDER),
            recorded(before, f"withdrawn_{tier}", BORDER),
            atol=0.03,
        )


def test_assessment_of_border_results_counts_on_the_border_only(lived: Simulation, world: World) -> None:
    run = a_month_under(lived, world, assessment())
    for tier in TIERS:
        now, left = (recorded(run, f"{name}_{tier}", INTERIOR) for name in ("willingness", "withdrawn"))
        assert now == pytest.approx(left, rel=1e-12, nan_ok=True)


def test_sides_are_those_of_the_border_and_not_of_the_pair(lived: Simulation, world: World) -> None:
    run = lived.fork(compile_institutions(load_package("none"), world, lived.parameters, 31))
    run.columns.offices["side"] = 1
    run.run(31)
    assert np.isnan(recorded(run, "willingness_a_village", BORDER))
    assert recorded(run, "willingness_b_village", BORDER) == pytest.approx(
        recorded(run, "willingness_village", BORDER)
    )
