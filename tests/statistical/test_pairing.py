"""Pairing pays: the same shocks in every arm narrow the interval of an effect."""

from __future__ import annotations

import numpy as np

from sim.levers.lever_use import Scope
from sim.levers.mechanisms import Package, load_mechanism
from sim.measures.definitions import MEASURES
from sim.studies.comparison import compare

LUCHUAN_LIANJIANG = (("450922", "440881"),)


def test_a_weak_mechanism_in_one_county_pair_gains_at_least_twentyfold() -> None:
    """Median factor over headline border effects; it lies in the hundreds, so five replications do."""
    meeting = load_mechanism("party_joint_meeting").within(Scope(county_pairs=LUCHUAN_LIANJIANG))
    comparison = compare(
        arms=["none", Package.of("weak", [meeting])],
        years=1,
        burn_in=1,
        replications=5,
        seed=5,
        workers=1,
        progress=False,
    )
    effects = comparison.effects
    headline = effects["measure"].map(lambda name: MEASURES[name].headline)
    factors = effects[(effects["scope"] == "border") & headline & (effects["tier"] == "all")][
        "variance_reduction"
    ]
    assert factors.notna().sum() >= 4
    assert np.nanmedian(factors) > 20.0
