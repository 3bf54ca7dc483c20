"""Ties: between real neighbours, at the right level, with the first province on side a."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.world.region import Region, load_region
from sim.world.ties import TownPairs, link_villages
from sim.world.world import World, lay_out

REGION = load_region("yulin_zhanjiang_maoming")
SEEDS = st.integers(0, 2**63 - 1)
Writer = Callable[..., Path]


def town_pairs_of(world: World) -> list[tuple[str, str]]:
    code = world.town_code
    sides = zip(world.village_town[world.tie_a], world.village_town[world.tie_b], strict=True)
    return [(code[a], code[b]) for a, b in sides]


@settings(max_examples=8)
@given(seed=SEEDS)
def test_every_adjacency_has_a_tie_and_every_tie_an_adjacency(seed: int) -> None:
    world = lay_out(REGION, seed)
    found = {frozenset(pair) for pair in town_pairs_of(world) if pair[0] != pair[1]}
    table = zip(REGION.adjacency["town_a"], REGION.adjacency["town_b"], strict=True)
    assert found == {frozenset(pair) for pair in table}


@settings(max_examples=8)
@given(seed=SEEDS)
def test_every_village_has_a_neighbour_and_no_pair_comes_twice(seed: int) -> None:
    world = lay_out(REGION, seed)
    assert set(world.tie_a.tolist()) | set(world.tie_b.tolist()) == set(range(len(world.village_code)))
    assert len(set(zip(world.tie_a.tolist(), world.tie_b.tolist(), strict=True))) == len(world.tie_a)
    assert np.all(world.tie_a < world.tie_b)


@settings(max_examples=5)
@given(seed=SEEDS)
def test_levels_are_those_of_the_administrative_tree(seed: int) -> None:
    world = lay_out(REGION, seed)
    parent = dict(zip(REGION.places["code"], REGION.places["parent_code"], strict=True))
    parent |= dict(zip(REGION.towns["code"], REGION.towns["county_code"], strict=True))
    parent |= dict(zip(REGION.villages["code"], REGION.villages["town_code"], strict=True))

    def superiors(code: str) -> list[str]:
        chain = []
        while parent.get(code):
            code = parent[code]
            chain.append(code)
        return [*chain, "nation"]

    for tie in range(len(world.tie_a)):
        a, b = (superiors(world.village_code[side[tie]]) for side in (world.tie_a, world.tie_b))
        common = next(level for level, unit in enumerate(a) if unit in b)
        assert world.tie_level[tie] == common


@settings(max_examples=5)
@given(seed=SEEDS)
def test_on_the_border_side_a_is_always_the_first_province(seed: int) -> None:
    world = lay_out(REGION, seed)
    for side, province in ((world.tie_a, "45"), (world.tie_b, "44")):
        assert all(world.village_code[village].startswith(province) for village in side[world.tie_is_border])
    on_border = np.union1d(world.tie_a[world.tie_is_border], world.tie_b[world.tie_is_border])
    assert np.array_equal(np.flatnonzero(world.village_is_border), on_border)


def test_only_towns_on_the_line_have_border_villages(world: World) -> None:
    towns = np.unique(world.village_town[world.village_is_border])
    assert np.array_equal(towns, np.flatnonzero(world.town_ring == 0))


@settings(max_examples=5)
@given(seed=SEEDS)
def test_the_ties_of_two_towns_share_their_line(seed: int) -> None:
    world = lay_out(REGION, seed)
    length: dict[frozenset[str], float] = {}
    for pair, km in zip(town_pairs_of(world), world.tie_length_km, strict=True):
        if pair[0] != pair[1]:
            length[frozenset(pair)] = length.get(frozenset(pair), 0.0) + km
    table = REGION.adjacency
    for a, b, km in zip(table["town_a"], table["town_b"], table["shared_km"], strict=True):
        assert length[frozenset((a, b))] == pytest.approx(1.0 if math.isnan(km) else km)
    assert np.all(world.tie_length_km > 0)
    assert world.tie_length_km[world.tie_level == 0].max() <= 2.0


def test_no_tie_reaches_across_the_map(world: World) -> None:
    a, b = world.tie_a, world.tie_b
    apart = np.hypot(
        world.village_x_km[a] - world.village_x_km[b], world.village_y_km[a] - world.village_y_km[b]
    )
    assert np.percentile(apart, 99) < 10.0
    assert apart.max() < 25.0


def test_the_pairs_that_sources_name_exist_in_every_layout(region: Region) -> None:
    for seed in range(6):
        world = lay_out(region, seed)
        named = {
            (world.village_code[a], world.village_code[b])
            for a, b in zip(world.tie_a[world.tie_named], world.tie_b[world.tie_named], strict=True)
        }
        assert {("450922111201", "440881105001"), ("450922111209", "440881105001")} <= named
        towns = {tuple(sorted((a[:9], b[:9]))) for a, b in named}
        assert towns == {
            ("440881105", "450922111"),
            ("440881105", "450923120"),
            ("440982116", "450922110"),
            ("440982116", "450922111"),
        }


def test_a_named_pair_keeps_its_claims_in_every_layout(region: Region) -> None:
    for seed in range(6):
        world = lay_out(region, seed, legacy_claims_per_pair=30.0)
        a, b = world.village_code.index("450922111201"), world.village_code.index("440881105001")
        tie = np.flatnonzero((world.tie_a == a) & (world.tie_b == b))
        assert world.tie_legacy_claims[tie].tolist() == [1]


def test_claims_are_as_many_as_asked_on_the_border_and_a_tenth_behind_it(region: Region) -> None:
    border, interior, town, counts = 0, 0, 0, [0, 0]
    for seed in range(30):
        world = lay_out(region, seed, legacy_claims_per_pair=0.5)
        free = ~world.tie_named
        behind = ~world.tie_is_border & (world.tie_level >= 1)
        border += int(world.tie_legacy_claims[world.tie_is_border & free].sum())
        interior += int(world.tie_legacy_claims[behind & free].sum())
        town += int(world.tie_legacy_claims[world.tie_level == 0].sum())
        counts[0] += int(np.sum(world.tie_is_border & free))
        counts[1] += int(np.sum(behind & free))
    # Poisson: five standard errors, missed once in two million runs; the draws are fixed by the seeds anyway.
    assert abs(border / counts[0] - 0.5) < 5 * math.sqrt(0.5 / counts[0])
    assert abs(interior / counts[1] - 0.05) < 5 * math.sqrt(0.05 / counts[1])
    assert town == 0


def test_claims_of_a_tie_stay_when_other_counties_are_left_out(region: Region, world: World) -> None:
    smaller = lay_out(region.subset(["陆川县", "博白县", "廉江市"]), 1)
    claims = dict(zip(smaller.tie_key.tolist(), smaller.tie_legacy_claims.tolist(), strict=True))
    shared = [
        (count, claims[key])
        for key, count, border in zip(
            world.tie_key.tolist(), world.tie_legacy_claims.tolist(), world.tie_is_border, strict=True
        )
        if border and key in claims
    ]
    assert len(shared) > 30
    assert all(large == small for large, small in shared)


def test_ties_of_the_user_replace_generated_ones(write_region: Writer) -> None:
    ties = "village_a,village_b,length_km,kind\nV32,V11,7,river\nV12,V11,0.5,land\n"
    world = lay_out(load_region(write_region(ties_csv=ties)), 1)
    code = world.village_code
    found = [(code[a], code[b]) for a, b in zip(world.tie_a, world.tie_b, strict=True)]
    assert found == [("V11", "V12"), ("V11", "V32")]
    assert world.tie_length_km.tolist() == [0.5, 7.0]
    assert world.tie_is_river.tolist() == [False, True]
    assert world.tie_is_border.tolist() == [False, True]


def test_a_named_pair_is_added_to_the_ties_of_the_user(write_region: Writer) -> None:
    ties = "village_a,village_b,length_km,kind\nV12,V11,0.5,land\n"
    named = "level,code_a,code_b,legacy_claims\nvillage,V31,V21,3\n"
    world = lay_out(load_region(write_region(ties_csv=ties, named_pairs_csv=named)), 1)
    assert world.tie_named.tolist() == [False, True]
    assert world.tie_legacy_claims.tolist() == [0, 3]
    assert world.tie_length_km.tolist() == [0.5, 1.0]


@given(st.data())
def test_pairs_are_located_like_in_a_dictionary(data: st.DataObject) -> None:
    pair = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda ab: ab[0] < ab[1])
    known = data.draw(st.lists(pair, unique=True))
    asked = data.draw(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1))
    pairs = TownPairs(
        np.array([a for a, _ in known], dtype=np.int64),
        np.array([b for _, b in known], dtype=np.int64),
        np.ones(len(known)),
    )
    row = {ab: index for index, ab in enumerate(known)}
    a, b = (np.array([ab[side] for ab in asked], dtype=np.int64) for side in (0, 1))
    assert pairs.locate(a, b).tolist() == [row.get((min(ab), max(ab)), -1) for ab in asked]


@pytest.mark.parametrize(
    "positions", [[(0, 0)], [(0, 0), (1, 0)], [(0, 0), (1, 0), (2, 0), (3, 0)], [(0, 0), (0, 0), (0, 0)]]
)
def test_few_villages_and_villages_in_a_row_are_linked_too(positions: list[tuple[float, float]]) -> None:
    x, y = (np.array([p[axis] for p in positions], dtype=float) for axis in (0, 1))
    count = len(positions)
    nobody = np.empty(0, dtype=np.int64)
    a, b = link_villages(
        110 + x / 100, 22 + y / 100, x, y, np.zeros(count, np.int32), np.array([0, count]), np.array([100.0]),
        TownPairs(nobody, nobody, np.empty(0)), nobody, nobody,
    )  # fmt: skip
    assert sorted(zip(a.tolist(), b.tolist(), strict=True)) == [(i, i + 1) for i in range(count - 1)]
