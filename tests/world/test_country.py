"""A made-up country: distributed like the real border, of any size, the same for the same seed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.stats import chi2_contingency, ks_2samp

from sim.engine.simulation import Simulation
from sim.errors import InputError
from sim.files import scenarios_folder
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.streams import check_seed
from sim.world.country import LARGEST_COUNTRY, generate_region
from sim.world.region import Region, load_region, measured_region_names, region_names
from sim.world.tables import COLUMNS
from sim.world.world import lay_out
from sim.world.writing import write_region

LIKE = load_region("yulin_zhanjiang_maoming")
TABLES = ("places", "towns", "villages", "adjacency", "named_pairs", "river", "departments")
# Five comparisons with the real border; each refuses one true case in 500, all together one in 100.
ERROR_RATE = 0.002


@pytest.fixture(scope="module")
def country() -> Region:
    return generate_region(12_000, 3, LIKE)


@pytest.fixture(scope="module")
def borders() -> list[Region]:
    """Borders as long as the real one: where a strip ends, towns have fewer neighbours."""
    return [generate_region(len(LIKE.villages), seed, LIKE) for seed in range(20)]


def pooled(regions: list[Region], table: str, column: str) -> pd.Series:
    return pd.concat([getattr(region, table)[column] for region in regions]).dropna()


def degrees(region: Region) -> pd.Series:
    ends = pd.concat((region.adjacency["town_a"], region.adjacency["town_b"]))
    return ends.value_counts().reindex(region.towns["code"], fill_value=0)


def counties(region: Region) -> pd.DataFrame:
    return region.places[region.places["level"] == "county"]


def towns_sizes(region: Region) -> pd.Series:
    return region.villages["town_code"].value_counts().reindex(region.towns["code"])


def is_degree_plausible(found: pd.Series, real: pd.Series) -> float:
    classes = [found.clip(2, 8).value_counts(), real.clip(2, 8).value_counts()]
    return float(chi2_contingency(pd.concat(classes, axis=1).fillna(0).to_numpy()).pvalue)


def test_neighbours_lines_areas_and_sizes_are_distributed_as_on_the_real_border(
    borders: list[Region],
) -> None:
    found = pd.concat([degrees(region) for region in borders])
    assert is_degree_plausible(found, degrees(LIKE)) > ERROR_RATE
    for table, column in (("adjacency", "shared_km"), ("towns", "area_km2")):
        assert ks_2samp(pooled(borders, table, column), pooled([LIKE], table, column)).pvalue > ERROR_RATE
    sizes = pd.concat([towns_sizes(region) for region in borders])
    assert ks_2samp(sizes, towns_sizes(LIKE)).pvalue > ERROR_RATE
    density = [
        pd.concat([rows["residents"] / rows["village_units"] for rows in map(counties, regions)])
        for regions in (borders, [LIKE])
    ]
    assert ks_2samp(*density).pvalue > ERROR_RATE


def test_the_comparison_would_notice_a_grid_and_lines_of_twice_the_length(country: Region) -> None:
    """The planted faults: every town with six neighbours, and lines in half kilometres."""
    six = pd.Series(np.full(len(country.towns), 6))
    assert is_degree_plausible(six, degrees(LIKE)) < ERROR_RATE
    km = LIKE.adjacency["shared_km"].dropna()
    assert ks_2samp(2.0 * country.adjacency["shared_km"], km).pvalue < ERROR_RATE


def test_ring_and_lines_between_provinces_are_as_frequent_as_on_the_real_border(
    borders: list[Region],
) -> None:
    shares = []
    for region in (*borders, LIKE):
        on_line = region.towns["ring"] == 0
        province = dict(
            zip(region.towns["code"], region.towns["county_code"].map(_province(region)), strict=True)
        )
        crosses = region.adjacency["town_a"].map(province) != region.adjacency["town_b"].map(province)
        ends = set(region.adjacency["town_a"][crosses]) | set(region.adjacency["town_b"][crosses])
        assert ends == set(region.towns["code"][on_line])
        shares.append((on_line.mean(), crosses.mean()))
    # The real border is one more of its kind: within three standard deviations of the made-up ones.
    spread = np.abs(np.mean(shares[:-1], axis=0) - shares[-1]) / np.std(shares[:-1], axis=0)
    assert np.all(spread < 3.0)


def _province(region: Region) -> dict[str, str]:
    parent = dict(zip(region.places["code"], region.places["parent_code"], strict=True))
    return {code: parent[parent[code]] for code in region.towns["county_code"]}


def test_rivers_cross_the_lines_as_often_as_the_real_one(country: Region) -> None:
    world = lay_out(country, 0)
    province = _province(country)
    of_row = country.river["county_code"].map(
        dict(zip(country.places["code"], country.places["parent_code"], strict=True))
    )
    rivers = of_row.map(dict(zip(country.places["code"], country.places["parent_code"], strict=True)))
    crossings = 0
    for _, rows in rivers.groupby(country.river["river"]):
        changes = int((rows != rows.shift()).sum()) - 1
        assert changes == 1
        crossings += changes
    towns = dict(zip(country.towns["code"], country.towns["county_code"].map(province), strict=True))
    pairs = country.adjacency
    across = int((pairs["town_a"].map(towns) != pairs["town_b"].map(towns)).sum())
    assert crossings == round(across / 34)
    assert not country.river["town_code"].duplicated().any()
    # Each crossing is a river tie of the border whose upper side is known, and the upper reach lies above it.
    on_border = world.tie_is_river & world.tie_is_border
    assert np.all(world.tie_upstream[on_border] != 0)
    town_pairs = {
        (int(a), int(b))
        for a, b in zip(
            world.village_town[world.tie_a[on_border]],
            world.village_town[world.tie_b[on_border]],
            strict=True,
        )
    }
    assert len(town_pairs) == crossings
    assert np.array_equal(world.river_is_upstream, (country.river["reach"] == "upper").to_numpy())


@pytest.mark.parametrize("villages", [50, 51, 333, 12_000])
def test_every_size_is_met_exactly_and_hangs_together(villages: int) -> None:
    region = generate_region(villages, 0, LIKE)
    assert len(region.villages) == villages
    row = {code: number for number, code in enumerate(region.towns["code"])}
    a, b = (region.adjacency[side].map(row).to_numpy() for side in ("town_a", "town_b"))
    graph = csr_matrix((np.ones(a.size), (a, b)), shape=(len(row), len(row)))
    assert connected_components(graph, directed=False)[0] == 1
    world = lay_out(region, 0)
    assert world.tie_is_border.any()
    assert len(world.province_code) >= 2


def test_residents_are_conserved(country: Region) -> None:
    world = lay_out(country, 5)
    of_town = np.bincount(world.village_town, weights=world.village_residents)
    np.testing.assert_allclose(of_town, world.town_residents, rtol=1e-9)
    of_county = np.bincount(world.town_county, weights=of_town)
    np.testing.assert_allclose(of_county, world.county_residents * world.county_share_modelled, rtol=1e-9)
    assert np.all(world.county_share_modelled <= 1.0 + 1e-12)


def test_everything_is_named_in_both_languages_as_synthetic(country: Region) -> None:
    for table in (country.places, country.towns, country.villages, country.river):
        assert table["name_zh"].str.startswith("合成").all()
        assert table["name_en"].str.startswith("Synthetic ").all()
    codes = pd.concat((country.places["code"], country.towns["code"], country.villages["code"]))
    assert not codes.duplicated().any()
    assert codes.str.startswith("S").all()
    for table, above, length in ((country.towns, "county_code", 7), (country.villages, "town_code", 10)):
        assert (table["code"].str[:length] == table[above]).all()
    assert country.towns["lat"].abs().max() < 5.0


def test_the_same_seed_gives_the_same_country_and_another_seed_another() -> None:
    again = [generate_region(500, seed, LIKE) for seed in (7, 7, 8, 0)]
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(again[0], table), getattr(again[1], table))
    assert len({tuple(region.towns["lon"]) for region in again}) == 3


def test_a_country_written_as_a_folder_is_read_as_it_was(tmp_path: Path) -> None:
    made = generate_region(400, 2, LIKE)
    read = load_region(write_region(made, tmp_path / "made"))
    for table in TABLES:
        expected, found = getattr(made, table), getattr(read, table)
        pd.testing.assert_frame_equal(
            found.drop(columns="line"), expected.drop(columns="line"), check_dtype=False
        )
    assert (read.title_zh, read.border_level, read.sources) == (
        made.title_zh,
        made.border_level,
        made.sources,
    )
    one, other = lay_out(made, 4), lay_out(read, 4)
    assert np.array_equal(one.village_lon, other.village_lon)
    assert np.array_equal(one.tie_length_km, other.tie_length_km)


def test_a_folder_may_hold_the_numbers_of_a_generator_instead_of_tables(tmp_path: Path) -> None:
    text = (load_region("country").folder / "region.yaml").read_text("utf-8")
    (tmp_path / "region.yaml").write_text(text.replace("villages: 1200", "villages: 120"), "utf-8")
    region = load_region(tmp_path)
    assert len(region.villages) == 120
    assert region.villages.equals(generate_region(120, 1, LIKE).villages)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("villages: 1200", "villages: 49", "villages = 49 .* from 50 to 100000"),
        ("villages: 1200", "villages: many", "villages = 'many'"),
        ("seed: 1", "seed: -1", "seed = -1"),
        ("like: yulin", "like: yulun", "nearest: yulin_zhanjiang_maoming"),
        ("like: yulin_zhanjiang_maoming", "like: country", "like = 'country'"),
        ("  seed: 1\n", "", "villages, seed and like"),
        ("border_level: nation", "border_level: county", "border_level = 'county' .* nation"),
    ],
)
def test_numbers_that_make_no_country_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (load_region("country").folder / "region.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "region.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=words) as caught:
        load_region(tmp_path)
    assert "region.yaml" in str(caught.value)


def test_every_package_can_be_compiled_on_a_country() -> None:
    world, parameters = lay_out(generate_region(100, 1, LIKE), 1), Parameters()
    for file in sorted((scenarios_folder() / "package").glob("*.yaml")):
        assert compile_institutions(load_package(file.stem), world, parameters, 365).epochs


def test_the_largest_country_is_a_bound_and_not_a_wish() -> None:
    with pytest.raises(InputError):
        generate_region(LARGEST_COUNTRY + 1, check_seed(0), LIKE)
    with pytest.raises(InputError):
        generate_region(True, 0, LIKE)


def test_it_is_listed_among_regions_but_not_among_those_that_exist() -> None:
    assert "country" in region_names()
    assert "country" not in measured_region_names()
    assert (load_region("country").towns["synthetic"] == "yes").all()


def test_every_table_has_the_columns_that_a_file_would_have(country: Region) -> None:
    for table in TABLES:
        names = ["line", *(column.name for column in COLUMNS[f"{table}.csv"])]
        assert list(getattr(country, table).columns) == names


def test_building_grows_with_the_number_of_villages_and_no_faster() -> None:
    """Ten times the villages may take fifteen times as long; every pair of towns would take a hundred."""
    parameters, package = Parameters(), load_package("five_links")

    def seconds(villages: int) -> float:
        start = time.process_time()
        world = lay_out(generate_region(villages, 1, LIKE), 1)
        simulation = Simulation(world, parameters, 1)
        simulation.fork(compile_institutions(package, world, parameters, 365))
        return time.process_time() - start

    seconds(100)
    # A busy machine can only make one of them slower; the first good pair settles it.
    assert any(seconds(10_000) / seconds(1_000) < 15.0 for _ in range(3))
