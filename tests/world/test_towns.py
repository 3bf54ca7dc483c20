"""Towns without a point: on their own county's ground, marked, and unmoved where the table knows better."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.world.region import load_region
from sim.world.ties import distance_km
from sim.world.world import World, lay_out

TOWNS = """code,name_zh,name_en,county_code,synthetic,lon,lat,area_km2,residents
T1,东镇,East,C1,,110.00,22.00,50,
T2,中镇,Middle,C1,yes,110.08,22.00,40,3000
T3,西镇,West,C2,,,,60,
"""


@pytest.fixture
def lay_out_trial(write_region: Callable[..., Path]) -> Callable[[int], World]:
    region = load_region(write_region(towns_csv=TOWNS))
    return lambda seed: lay_out(region, seed)


def test_a_town_without_a_point_is_scattered_on_its_countys_ground(
    lay_out_trial: Callable[[int], World],
) -> None:
    for seed in range(20):
        world = lay_out_trial(seed)
        apart = distance_km(
            world.town_lon[2:], world.town_lat[2:], world.county_lon[1:], world.county_lat[1:]
        )
        # The table has no area of the county: the disc is that of its one town, 60 km².
        assert apart[0] <= np.sqrt(60.0 / np.pi) + 1e-6
        assert world.town_lon[:2].tolist() == [110.00, 110.08]


def test_the_place_of_such_a_town_varies_with_the_seed_and_is_the_same_for_the_same(
    lay_out_trial: Callable[[int], World],
) -> None:
    places = [lay_out_trial(seed).town_lon[2] for seed in (1, 1, 2)]
    assert places[0] == places[1] != places[2]


def test_scattered_and_stand_in_towns_are_marked(lay_out_trial: Callable[[int], World]) -> None:
    assert lay_out_trial(1).town_position_is_synthetic.tolist() == [False, True, True]
