"""Small borders, made on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.model import BorderModel
from sim.world.region import Region, load_region


@pytest.fixture(scope="session")
def region() -> Region:
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])


@pytest.fixture(scope="session")
def make(region: Region) -> Callable[..., BorderModel]:
    """Make a model of a small border that lives a year; keywords change its arguments."""

    def model(**changes: Any) -> BorderModel:
        return BorderModel(**{"region": region, "package": "five_links", "years": 1, "burn_in": 0, **changes})

    return model
