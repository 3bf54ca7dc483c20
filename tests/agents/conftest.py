"""A small border under the completed alliance, half a year on."""

from __future__ import annotations

import pytest

from sim.model import BorderModel
from sim.world.region import load_region


@pytest.fixture(scope="session")
def model() -> BorderModel:
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    model = BorderModel(region=region, package="completed", years=1, burn_in=0, seed=2)
    model.run(days=200)
    return model
