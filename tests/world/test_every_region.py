"""What must hold for every region that comes with the package; a new one inherits all of it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from sim.files import scenarios_folder
from sim.world.region import Region, load_region, measured_region_names
from sim.world.ties import UNKNOWN_LENGTH_KM
from sim.world.world import World, lay_out

CHINESE = re.compile(r"[\u4e00-\u9fff]")
EIGHT = {
    "liuzhou",
    "pinghu_jinshan",
    "shengze_wangjiangjing",
    "sichuan_chongqing",
    "suzhou_four_province",
    "tongzhou_wuqing_langfang",
    "wujin",
    "yulin_zhanjiang_maoming",
}
# Pieces that known contacts hang together in, towns without known contact aside. Stretches of different pairs
# of counties are not joined, for nobody knows which of them follow each other.
PIECES = {"sichuan_chongqing": 29, "suzhou_four_province": 10, "tongzhou_wuqing_langfang": 7, "liuzhou": 3}
MUNICIPALITIES = ("11", "12", "31", "50")

DOCUMENTS = Path(__file__).resolve().parents[2] / "docs"

every_region = pytest.mark.parametrize("name", measured_region_names())


@cache
def region_of(name: str) -> Region:
    return load_region(name)


@cache
def world_of(name: str) -> World:
    return lay_out(region_of(name), 1)


def rows_of(name: str, file: str) -> list[dict[str, str]]:
    path = scenarios_folder() / "region" / name / file
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_the_eight_systems_are_there() -> None:
    assert set(measured_region_names()) == EIGHT


@every_region
def test_a_region_says_what_it_is_in_both_languages(name: str) -> None:
    region = region_of(name)
    assert region.name == name
    for zh, en in ((region.title_zh, region.title_en), (region.description_zh, region.description_en)):
        assert CHINESE.search(zh)
        assert not CHINESE.search(en)


@every_region
def test_every_unit_has_a_name_in_both_languages(name: str) -> None:
    region = region_of(name)
    for table in (region.places, region.towns, region.villages, region.river):
        assert table["name_zh"].map(lambda text: bool(CHINESE.search(text))).all()
        assert table["name_en"].map(lambda text: bool(text) and not CHINESE.search(text)).all()


@every_region
def test_codes_begin_with_the_code_of_the_unit_above(name: str) -> None:
    region = region_of(name)
    assert all(a.startswith(b) for a, b in zip(region.villages.code, region.villages.town_code, strict=True))
    assert all(a.startswith(b) for a, b in zip(region.towns.code, region.towns.county_code, strict=True))
    for row in region.places.itertuples():
        # The districts and counties of a municipality share one row at the level of prefectures.
        digits = 2 if row.level == "prefecture" or row.code[:2] in MUNICIPALITIES else 4
        assert row.level == "province" or row.code[:digits] == row.parent_code[:digits]


@every_region
def test_sources_are_named_for_the_region_and_its_points_and_figures(name: str) -> None:
    region = region_of(name)
    assert len(region.sources) >= 4
    assert all(region.sources)
    for document in (
        scenarios_folder() / "region" / "SOURCES.md",
        DOCUMENTS / "data.md",
        DOCUMENTS / "systems.md",
    ):
        assert f"`{name}`" in document.read_text("utf-8"), document
    assert region.places["source"].all()
    assert region.towns["coordinate_source"].all()
    assert region.adjacency["basis"].all()
    assert region.named_pairs["basis"].all()
    counties = region.places[region.places["level"] == "county"]
    assert set(counties["residents_year"].fillna(2020)) <= {2010, 2020}


@every_region
def test_what_is_not_known_is_blank_and_said_to_be_unknown_never_zero(name: str) -> None:
    region = region_of(name)
    without_point = region.towns["lon"].isna()
    assert (without_point == (region.towns["coordinate_source"] == "unknown")).all()
    for file in ("places.csv", "towns.csv", "villages.csv", "adjacency.csv", "river.csv"):
        for row in rows_of(name, file):
            for column in ("lon", "lat", "residents", "area_km2", "shared_km", "length_km", "village_units"):
                cell = row.get(column) or ""
                assert cell == "" or float(cell) > 0.0, (file, column, row)
    world = world_of(name)
    for field in ("village_lon", "village_residents", "town_residents", "town_area_km2", "tie_length_km"):
        values = getattr(world, field)
        assert np.isfinite(values).all()
        assert (values > 0.0).all()


@every_region
def test_what_stands_for_unknown_towns_says_so_in_name_code_and_column(name: str) -> None:
    towns, villages = region_of(name).towns, region_of(name).villages
    is_synthetic = towns["synthetic"] == "yes"
    signs = (
        towns["name_zh"].str.contains("合成"),
        towns["name_en"].str.contains("synthetic"),
        towns["code"].str.contains("S"),
        towns["coordinate_source"] == "synthetic",
    )
    assert all((sign == is_synthetic).all() for sign in signs)
    of_synthetic = villages["town_code"].isin(set(towns["code"][is_synthetic]))
    assert (villages["name_zh"].str.startswith("合成") == of_synthetic).all()
    assert (villages["name_en"].str.startswith("Synthetic ") == of_synthetic).all()
    unplaced = set(towns["code"][is_synthetic | towns["lon"].isna()])
    world = world_of(name)
    marked = world.town_position_is_synthetic
    assert {code for code, mark in zip(world.town_code, marked, strict=True) if mark} == unplaced


@every_region
def test_residents_are_conserved_from_county_to_village(name: str) -> None:
    world = world_of(name)
    of_towns = np.bincount(world.village_town, weights=world.village_residents)
    np.testing.assert_allclose(of_towns, world.town_residents, rtol=1e-12)
    of_counties = np.bincount(world.town_county, weights=world.town_residents)
    assert (of_counties <= world.county_residents * (1.0 + 1e-12)).all()
    np.testing.assert_allclose(of_counties / world.county_residents, world.county_share_modelled)


@every_region
def test_counties_have_at_least_the_villages_that_are_listed(name: str) -> None:
    region = region_of(name)
    listed = region.villages["code"].str[:6].value_counts()
    units = region.places[region.places["level"] == "county"].set_index("code")["village_units"]
    assert (units[listed.index] >= listed).all()


@every_region
def test_lines_between_towns_are_conserved_in_the_ties(name: str) -> None:
    region, world = region_of(name), world_of(name)
    index = {code: town for town, code in enumerate(world.town_code)}
    given: Counter[tuple[int, ...]] = Counter()
    for row in region.adjacency.itertuples():
        pair = tuple(sorted((index[row.town_a], index[row.town_b])))
        assert pair not in given
        given[pair] += UNKNOWN_LENGTH_KM if pd.isna(row.shared_km) else row.shared_km
    found: Counter[tuple[int, ...]] = Counter()
    towns = zip(world.village_town[world.tie_a], world.village_town[world.tie_b], strict=True)
    for (a, b), length in zip(towns, world.tie_length_km, strict=True):
        if a != b:
            found[tuple(sorted((int(a), int(b))))] += float(length)
    # A named pair of villages may face each other where no shared line of their towns is measured.
    assert given.keys() <= found.keys()
    for pair, length in given.items():
        assert found[pair] == pytest.approx(length)
    assert len(found.keys() - given.keys()) <= len(region.named_pairs)


@every_region
def test_the_towns_on_the_line_are_those_that_a_known_contact_over_it_joins(name: str) -> None:
    region, world = region_of(name), world_of(name)
    over = set()
    for dyad in np.flatnonzero((world.dyad_tier == 1) & world.dyad_is_border):
        over |= {int(world.dyad_a[dyad]), int(world.dyad_b[dyad])}
    on_line = {
        world.town_office(town) for town, code in enumerate(world.town_code) if world.town_ring[town] == 0
    }
    # A pair of villages that a text names may lie over the line where no contact of towns is measured.
    assert on_line <= over
    assert len(over - on_line) <= 2 * len(region.named_pairs)
    assert set(
        world.town_ring[np.isin(world.town_code, region.towns["code"][region.towns["lon"].isna()])]
    ) <= {-1}


@every_region
def test_it_hangs_together_as_far_as_contacts_are_known(name: str) -> None:
    region = region_of(name)
    contacts: nx.Graph[str] = nx.Graph()
    contacts.add_edges_from(zip(region.adjacency["town_a"], region.adjacency["town_b"], strict=True))
    assert nx.number_connected_components(contacts) == PIECES.get(name, 1)
    world = world_of(name)
    ties: nx.Graph[int] = nx.Graph()
    ties.add_nodes_from(range(len(world.village_code)))
    ties.add_edges_from(zip(world.tie_a.tolist(), world.tie_b.tolist(), strict=True))
    lonely = [village for village in ties if ties.degree(village) == 0]
    # A village without a neighbour can only be the one village of a town whose contacts nobody knows.
    size = np.bincount(world.village_town)
    assert all(size[world.village_town[village]] == 1 for village in lonely)


@every_region
def test_named_pairs_of_villages_have_a_tie_with_their_claims(name: str) -> None:
    region, world = region_of(name), world_of(name)
    index = {code: village for village, code in enumerate(world.village_code)}
    for row in region.named_pairs[region.named_pairs["level"] == "village"].itertuples():
        a, b = sorted((index[row.code_a], index[row.code_b]))
        tie = np.flatnonzero((world.tie_a == a) & (world.tie_b == b))
        assert tie.size == 1
        assert world.tie_named[tie[0]]
        assert world.tie_is_border[tie[0]]
        if not pd.isna(row.legacy_claims):
            assert world.tie_legacy_claims[tie[0]] == row.legacy_claims


@every_region
def test_the_same_seed_gives_the_same_border_and_another_seed_another(name: str) -> None:
    first, again, other = world_of(name), lay_out(region_of(name), 1), lay_out(region_of(name), 2)
    assert np.array_equal(first.village_lon, again.village_lon)
    assert np.array_equal(first.tie_length_km, again.tie_length_km)
    assert not np.array_equal(first.village_lon, other.village_lon)
    # A line is as long in every layout: it comes from the tables.
    border = [float(world.tie_length_km[world.tie_is_border].sum()) for world in (first, other)]
    assert border[0] == pytest.approx(border[1])
