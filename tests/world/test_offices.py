"""Offices and dyads: the tree upwards, and who faces whom across a line."""

from __future__ import annotations

import numpy as np

from sim.world.region import load_region
from sim.world.world import World, lay_out


def test_every_office_answers_to_the_office_of_the_unit_that_contains_it(world: World) -> None:
    for village, town in enumerate(world.village_town):
        assert world.office_parent[world.village_office(village)] == world.town_office(town)
    for town, county in enumerate(world.town_county):
        assert world.office_parent[world.town_office(town)] == world.county_office(county)
    for county, prefecture in enumerate(world.county_prefecture):
        assert world.office_parent[world.county_office(county)] == world.prefecture_office(prefecture)
        for department in range(len(world.department_key)):
            office = world.department_office(county, department)
            assert world.office_parent[office] == world.county_office(county)
            assert (world.office_department[office], world.office_unit[office]) == (department, county)
    for prefecture, province in enumerate(world.prefecture_province):
        assert world.office_parent[world.prefecture_office(prefecture)] == world.province_office(province)
    for province in range(len(world.province_code)):
        assert world.office_parent[world.province_office(province)] == -1


def test_offices_count_by_tier_and_unit(world: World) -> None:
    assert np.bincount(world.office_tier).tolist() == [1220, 71, 8, 48, 5]
    assert np.all(np.diff(world.office_tier) >= 0)
    assert (
        np.flatnonzero(world.office_department >= 0).tolist()
        == np.flatnonzero(world.office_tier == 3).tolist()
    )


def ancestors(world: World, office: int) -> list[int]:
    chain = [office]
    while world.office_parent[chain[-1]] >= 0:
        chain.append(int(world.office_parent[chain[-1]]))
    return chain


def test_the_two_offices_of_a_dyad_contain_the_two_sides_of_its_ties(world: World) -> None:
    for tie in range(len(world.tie_a)):
        above_a, above_b = ancestors(world, int(world.tie_a[tie])), ancestors(world, int(world.tie_b[tie]))
        assert world.tie_dyad[tie, 0] == tie
        for tier in range(3):
            dyad = world.tie_dyad[tie, tier]
            if above_a[tier] == above_b[tier]:
                assert dyad == -1
            else:
                assert (world.dyad_a[dyad], world.dyad_b[dyad]) == (above_a[tier], above_b[tier])
                assert world.dyad_tier[dyad] == tier
                assert world.dyad_level[dyad] == world.tie_level[tie]
                assert world.dyad_is_border[dyad] == world.tie_is_border[tie]


def test_department_dyads_follow_their_counties(world: World) -> None:
    departments = len(world.department_key)
    for county, first in {(c, d) for c, d in world.tie_dyad[:, 2:].tolist()}:
        if county < 0:
            assert first == -1
            continue
        for department in range(departments):
            dyad = first + department
            assert world.dyad_tier[dyad] == 3
            assert world.dyad_level[dyad] == world.dyad_level[county]
            for side in (world.dyad_a, world.dyad_b):
                unit = world.office_unit[side[county]]
                assert side[dyad] == world.department_office(int(unit), department)


def test_every_dyad_comes_once_and_belongs_to_a_tie(world: World) -> None:
    pairs = list(zip(world.dyad_a.tolist(), world.dyad_b.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    first = world.tie_dyad[:, 3]
    departments = {d + k for d in first[first >= 0].tolist() for k in range(len(world.department_key))}
    assert set(world.tie_dyad[:, :3].ravel().tolist()) - {-1} | departments == set(range(len(pairs)))


def test_a_region_without_departments_has_no_department_dyads(write_region) -> None:  # type: ignore[no-untyped-def]
    world = lay_out(load_region(write_region(departments_csv="key,name_zh,name_en\n")), 1)
    assert np.all(world.tie_dyad[:, 3] == -1)
    assert 3 not in world.office_tier
    assert np.all(world.office_tier[world.team_office] <= 2)


def test_a_border_between_counties_is_found_inside_one_prefecture(write_region) -> None:  # type: ignore[no-untyped-def]
    world = lay_out(load_region(write_region()), 1)
    assert world.border_level == 2
    county = world.town_county[world.village_town]
    across = county[world.tie_a] != county[world.tie_b]
    assert across.any()
    assert np.array_equal(world.tie_is_border, across)
    assert np.all(world.tie_level[across] == 2)
