"""Where villages lie: on their own ground, apart, and unmoved by what happens elsewhere."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.world.layout import KM_PER_DEGREE, LEAST_SPACING, is_on_own_ground, scatter_villages, split_residents
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

REGION = load_region("yulin_zhanjiang_maoming")
SEEDS = st.integers(0, 2**63 - 1)


def in_plane_of(world: World, town: int, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    width = KM_PER_DEGREE * math.cos(math.radians(world.town_lat[town]))
    return (lon - world.town_lon[town]) * width, (lat - world.town_lat[town]) * KM_PER_DEGREE


def spacing_shares(world: World) -> np.ndarray:
    """Least distance of two villages of each town over the mean spacing √(area/villages)."""
    shares = []
    for town in range(len(world.town_code)):
        own = np.flatnonzero(world.village_town == town)
        x, y = in_plane_of(world, town, world.village_lon[own], world.village_lat[own])
        apart = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(own.size, 1)]
        shares.append(apart.min() / math.sqrt(world.town_area_km2[town] / own.size))
    return np.array(shares)


@settings(max_examples=12)
@given(seed=SEEDS)
def test_every_village_lies_in_its_towns_disc_and_on_its_towns_ground(seed: int) -> None:
    world = lay_out(REGION, seed)
    radius = np.sqrt(world.town_area_km2 / math.pi)
    for town in range(len(world.town_code)):
        own = world.village_town == town
        x, y = in_plane_of(world, town, world.village_lon[own], world.village_lat[own])
        assert np.all(np.hypot(x, y) <= radius[town] * (1 + 1e-9))
        town_x, town_y = in_plane_of(world, town, world.town_lon, world.town_lat)
        power = (x[:, None] - town_x) ** 2 + (y[:, None] - town_y) ** 2 - radius**2
        assert np.all(power[:, town] <= power.min(axis=1) + 1e-6)


@settings(max_examples=8)
@given(seed=SEEDS)
def test_villages_keep_apart_far_more_than_chance_would(seed: int) -> None:
    # Seventeen points at random lie about 0.12 mean spacings apart at their nearest.
    shares = spacing_shares(lay_out(REGION, seed))
    assert np.median(shares) > 0.5
    assert np.mean(shares >= LEAST_SPACING) > 0.95


@settings(max_examples=12)
@given(seed=SEEDS, spread=st.floats(0, 2))
def test_residents_of_villages_sum_to_their_towns(seed: int, spread: float) -> None:
    world = lay_out(REGION, seed, residents_spread=spread)
    total = np.bincount(world.village_town, weights=world.village_residents)
    np.testing.assert_allclose(total, world.town_residents, rtol=1e-12)
    assert np.all(world.village_residents > 0)


def test_residents_spread_by_the_coefficient_of_variation_asked_for() -> None:
    keys, start = np.arange(20_000, dtype=np.int64), np.array([0, 20_000])
    residents = split_residents(3, keys, start, np.array([2e7]), 0.35)
    # Standard error of the coefficient over 20,000 lognormal draws is below 0.003.
    assert residents.std() / residents.mean() == pytest.approx(0.35, abs=0.012)


def test_residents_that_sources_give_are_kept(world: World) -> None:
    by_code = dict(zip(world.town_code, world.town_residents, strict=True))
    assert (by_code["440881105"], by_code["440881118"]) == (47_000.0, 49_100.0)


def test_towns_without_a_number_share_the_rest_of_the_county_by_villages(
    region: Region, world: World
) -> None:
    county = world.county_name_en.index("Lianjiang")
    towns = np.flatnonzero(world.town_county == county)
    size = np.bincount(world.village_town)[towns]
    given = np.isin(np.array(world.town_code)[towns], ["440881105", "440881118"])
    units = float(region.places["village_units"][region.places["code"] == "440881"].iloc[0])
    each = (1_360_000 - 47_000 - 49_100) / (units - size[given].sum())
    np.testing.assert_allclose(world.town_residents[towns][~given], each * size[~given])
    assert np.all((world.county_share_modelled > 0) & (world.county_share_modelled <= 1))


def test_a_town_far_from_what_is_left_out_keeps_its_layout_to_the_bit(region: Region, world: World) -> None:
    smaller = lay_out(region.subset(["陆川县", "博白县", "廉江市"]), 1)
    # 长山镇 touches towns of 博白县 and 廉江市 only.
    for name in ("长山镇", "塘蓬镇"):
        of_large = world.village_town == world.town_name_zh.index(name)
        of_small = smaller.village_town == smaller.town_name_zh.index(name)
        assert np.array_equal(world.village_lon[of_large], smaller.village_lon[of_small])
        assert np.array_equal(world.village_lat[of_large], smaller.village_lat[of_small])
        assert np.array_equal(world.village_residents[of_large], smaller.village_residents[of_small])


def test_layouts_of_two_seeds_differ_everywhere(region: Region, world: World) -> None:
    other = lay_out(region, 2)
    assert not np.any(other.village_lon == world.village_lon)


def test_positions_that_are_given_stay_and_are_not_called_synthetic(write_region) -> None:  # type: ignore[no-untyped-def]
    world = lay_out(load_region(write_region()), 5)
    village = world.village_code.index("V12")
    assert (world.village_lon[village], world.village_lat[village]) == (110.01, 22.01)
    assert world.village_position_is_synthetic.tolist() == [code != "V12" for code in world.village_code]


def test_named_villages_lie_nearer_to_the_other_side_than_most_of_their_town(region: Region) -> None:
    ranks = []
    for seed in range(10):
        world = lay_out(region, seed)
        for own, other in (
            ("450922111201", "石角镇"),
            ("450922111209", "石角镇"),
            ("440881105001", "古城镇"),
        ):
            village, town = world.village_code.index(own), world.town_name_zh.index(other)
            same = world.village_town == world.village_town[village]
            x, y = in_plane_of(world, town, world.village_lon[same], world.village_lat[same])
            distance = np.hypot(x, y)
            own_x, own_y = in_plane_of(
                world, town, world.village_lon[[village]], world.village_lat[[village]]
            )
            ranks.append(np.mean(distance < np.hypot(own_x, own_y)))
    assert np.mean(ranks) < 0.2


def test_a_town_without_ground_of_its_own_takes_what_is_nearer_to_its_point() -> None:
    # A hamlet 1 km from the point of a town that reaches 12 km has no ground of its own in the power diagram.
    lon, lat = np.array([110.0, 110.0 + 1 / 103.2]), np.array([22.0, 22.0])
    area = np.array([450.0, 3.0])
    village_lon, village_lat = np.full(4, np.nan), np.full(4, np.nan)
    scatter_villages(
        1,
        np.arange(4),
        np.array([0, 2, 4]),
        np.full(4, -1, np.int32),
        lon,
        lat,
        area,
        village_lon,
        village_lat,
    )
    east_km = (village_lon[2:] - lon[0]) * 103.2
    assert np.all((east_km > 0.5) & (east_km < 2.0))
    assert len(set(zip(village_lon, village_lat, strict=True))) == 4


def test_a_town_on_the_same_point_as_another_still_gets_its_villages() -> None:
    village_lon, village_lat = np.full(2, np.nan), np.full(2, np.nan)
    scatter_villages(
        1, np.arange(2), np.array([0, 1, 2]), np.full(2, -1, np.int32), np.full(2, 110.0), np.full(2, 22.0),
        np.array([900.0, 1.0]), village_lon, village_lat,
    )  # fmt: skip
    assert np.all(np.isfinite(village_lon))
    assert np.all(np.isfinite(village_lat))


@given(x=st.floats(-50, 50), y=st.floats(-50, 50), radius=st.floats(0.5, 20), other=st.floats(0.5, 20))
def test_ground_is_shared_out_without_overlap(x: float, y: float, radius: float, other: float) -> None:
    town_x, town_y, radii = np.array([0.0, 15.0]), np.zeros(2), np.array([radius, other])
    owners = [is_on_own_ground(x, y, own, town_x, town_y, radii) for own in (0, 1)]
    tie = x**2 + y**2 - radius**2 == (x - 15) ** 2 + y**2 - other**2
    assert sum(owners) == 1 or (tie and sum(owners) == 2)


def test_layout_is_the_same_with_and_without_the_compiler(region: Region) -> None:
    program = (
        "from sim.world.region import load_region\nfrom sim.world.world import lay_out\n"
        "world = lay_out(load_region('yulin_zhanjiang_maoming').subset(['容县']), 7)\n"
        "print(world.village_lon.tobytes().hex(), world.village_residents.tobytes().hex())\n"
    )
    plain = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    world = lay_out(region.subset(["容县"]), 7)
    assert plain.split() == [world.village_lon.tobytes().hex(), world.village_residents.tobytes().hex()]
