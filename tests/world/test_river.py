"""The river: from town to town, farms counted once, upstream on the source's side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.world.region import Region, load_region
from sim.world.world import World, lay_out


def test_the_river_runs_from_luchuan_into_the_reservoir_and_on_to_the_sea(world: World) -> None:
    assert world.river_name_zh[:8] == (
        "沙坡镇",
        "温泉镇",
        "大桥镇",
        "横山镇",
        "滩面镇",
        "良田镇",
        "文地镇",
        "古城镇",
    )
    assert world.river_name_zh[-1] == "营仔镇"
    assert np.all(np.diff(world.river_order) >= 0)
    shores = {
        name for name, is_shore in zip(world.river_name_zh, world.river_is_reservoir, strict=True) if is_shore
    }
    assert shores == {"古城镇", "石角镇", "中垌镇", "河唇镇"}
    outside = {name for name, town in zip(world.river_name_zh, world.river_town, strict=True) if town < 0}
    assert outside == {"温泉镇", "吉水镇", "横山镇", "安铺镇"}


def test_the_guangxi_side_is_upstream_and_no_other(world: World) -> None:
    assert [code[:2] == "45" for code in world.river_code] == world.river_is_upstream.tolist()


def test_farms_upstream_are_about_as_many_as_were_removed_there(region: Region) -> None:
    totals = [
        world.river_farms[world.river_is_upstream].sum()
        for world in (lay_out(region, seed) for seed in range(10))
    ]
    # 104 villages with mean 28; the mean of ten layouts has a standard error of 16.
    assert np.mean(totals) == pytest.approx(2_912, abs=80)


def test_farms_are_counted_once_and_only_by_the_river(world: World) -> None:
    listed = {
        code: farms for code, farms in zip(world.river_code, world.river_farms, strict=True) if farms > 0
    }
    assert len(listed) == np.sum(world.river_farms > 0)
    of_town = np.bincount(world.village_town, weights=world.village_farms)
    for town, code in enumerate(world.town_code):
        assert of_town[town] == listed.get(code, 0.0)
    modelled = world.river_farms[world.river_town >= 0].sum()
    assert modelled == world.village_farms.sum()


def test_ties_of_the_river_join_towns_that_follow_each_other(world: World) -> None:
    order: dict[int, set[int]] = {}
    for town, number in zip(world.river_town.tolist(), world.river_order.tolist(), strict=True):
        order.setdefault(town, set()).add(number)
    order.pop(-1)
    for tie in range(len(world.tie_a)):
        a, b = world.village_town[world.tie_a[tie]], world.village_town[world.tie_b[tie]]
        near = (
            a != b and a in order and b in order and min(abs(i - j) for i in order[a] for j in order[b]) <= 1
        )
        assert world.tie_is_river[tie] == near
        if a == b or a not in order or b not in order:
            assert world.tie_upstream[tie] == 0
        elif min(order[a]) != min(order[b]):
            assert world.tie_upstream[tie] == (1 if min(order[a]) < min(order[b]) else -1)


def test_across_the_border_water_comes_from_guangxi(world: World) -> None:
    on_border_river = world.tie_is_border & world.tie_is_river
    assert on_border_river.sum() > 5
    assert np.all(world.tie_upstream[on_border_river] == 1)


def test_a_river_may_be_listed_in_any_order_and_start_outside(write_region: Callable[..., Path]) -> None:
    world = lay_out(load_region(write_region()), 1, farms_per_river_village=10.0)
    assert world.river_code == ("T0", "T2", "T3", "T3")
    assert world.river_is_upstream.tolist() == [True, True, False, False]
    assert world.river_length_km.tolist() == [5.0, 0.0, 0.0, 2.0]
    assert world.river_farms[0] == 30.0
    assert world.river_farms[3] == 0.0
    assert world.village_farms[world.village_code.index("V11")] == 0.0


def test_a_region_may_have_no_river(write_region: Callable[..., Path]) -> None:
    world = lay_out(load_region(write_region(river_csv=None)), 1)
    assert len(world.river_code) == len(world.river_farms) == 0
    assert not world.tie_is_river.any()
    assert world.village_farms.sum() == 0.0
    assert 2 not in world.team_kind


SHARED_WATER = """order_downstream,reach,town_code,name_zh,name_en,county_code,length_km
1,shared,T2,中镇,Middle,C1,
1,shared,T3,西镇,West,C2,
2,shared,T1,东镇,East,C1,
"""


def test_a_shared_water_makes_river_ties_but_neither_side_is_upstream(
    write_region: Callable[..., Path],
) -> None:
    world = lay_out(load_region(write_region(river_csv=SHARED_WATER)), 1)
    names = np.array(world.town_code)
    towns = {
        tuple(sorted((names[world.village_town[a]], names[world.village_town[b]])))
        for a, b, is_river in zip(world.tie_a, world.tie_b, world.tie_is_river, strict=True)
        if is_river
    }
    # T1 lies on another water, so its line with T2 stays dry though they touch.
    assert towns == {("T2", "T3")}
    assert not world.tie_upstream.any()
    assert world.river_town.size == 0
    assert world.village_farms.sum() == 0.0
