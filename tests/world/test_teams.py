"""Segments and teams: what is to be patrolled, and who may go where."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.world.region import load_region
from sim.world.teams import MARKET, POLICE, VOLUNTEERS, WATER
from sim.world.world import World, lay_out

REGION = load_region("yulin_zhanjiang_maoming")


def test_a_segment_is_a_tie_that_crosses_a_town_line(world: World) -> None:
    assert np.array_equal(world.segment_tie, np.flatnonzero(world.tie_level >= 1))
    assert np.array_equal(world.tie_segment[world.segment_tie], np.arange(len(world.segment_tie)))
    assert np.all(world.tie_segment[world.tie_level == 0] == -1)
    assert np.array_equal(world.segment_length_km, world.tie_length_km[world.segment_tie])
    assert np.array_equal(world.segment_is_border, world.tie_is_border[world.segment_tie])
    middle = (world.village_x_km[world.tie_a] + world.village_x_km[world.tie_b])[world.segment_tie] / 2
    np.testing.assert_allclose(world.segment_x_km, middle)


@settings(max_examples=6)
@given(seed=st.integers(0, 2**63 - 1))
def test_each_team_covers_exactly_the_banks_of_its_unit(seed: int) -> None:
    world = lay_out(REGION, seed)
    ties = world.segment_tie
    bank_village = np.column_stack([world.tie_a[ties], world.tie_b[ties]]).ravel()
    bank_town = world.village_town[bank_village]
    bank_county = world.town_county[bank_town]
    bank_is_river = np.repeat(world.tie_is_river[ties], 2)
    assert world.team_bank_start[0] == 0
    assert world.team_bank_start[-1] == len(world.team_bank)
    for team, kind in enumerate(world.team_kind):
        banks = world.team_bank[world.team_bank_start[team] : world.team_bank_start[team + 1]]
        office = world.team_office[team]
        if kind in (POLICE, VOLUNTEERS):
            wanted = bank_town == world.office_unit[office]
        else:
            wanted = bank_county == world.team_county[team]
            if kind == WATER:
                wanted = wanted & bank_is_river
        assert np.array_equal(banks, np.flatnonzero(wanted))


def test_teams_belong_to_the_town_or_the_department_that_leads_them(world: World) -> None:
    key = np.array(world.department_key)
    for kind, department in ((WATER, "ecology"), (MARKET, "market_regulation")):
        offices = world.team_office[world.team_kind == kind]
        assert np.all(key[world.office_department[offices]] == department)
        assert np.array_equal(world.office_unit[offices], world.team_county[world.team_kind == kind])
    for kind in (POLICE, VOLUNTEERS):
        offices = world.team_office[world.team_kind == kind]
        assert offices.tolist() == [world.town_office(town) for town in range(71)]
        assert np.array_equal(
            world.town_county[world.office_unit[offices]], world.team_county[world.team_kind == kind]
        )


def test_only_counties_on_the_river_have_a_water_team(world: World) -> None:
    counties = {world.county_name_en[county] for county in world.team_county[world.team_kind == WATER]}
    assert counties == {"Luchuan", "Bobai", "Lianjiang", "Huazhou"}
