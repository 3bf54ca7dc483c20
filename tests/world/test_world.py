"""The whole world: the same for the same seed, complete, quick, and safe to send to a worker."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

REGION = load_region("yulin_zhanjiang_maoming")


def digest(world: World) -> str:
    hashed = hashlib.sha256()
    for field in dataclasses.fields(world):
        value = getattr(world, field.name)
        if isinstance(value, np.ndarray):
            hashed.update(f"{field.name} {value.dtype} {value.shape}".encode())
            hashed.update(np.ascontiguousarray(value).tobytes())
        elif field.name != "region":
            hashed.update(f"{field.name} {value!r}".encode())
    return hashed.hexdigest()


@settings(max_examples=6)
@given(seed=st.integers(0, 2**63 - 1))
def test_the_same_seed_gives_the_same_world_to_the_bit(seed: int) -> None:
    assert digest(lay_out(REGION, seed)) == digest(lay_out(REGION, np.int64(seed)))


def test_another_process_gives_the_same_world(region: Region) -> None:
    program = (
        "import sys, pickle\nfrom sim.world.region import load_region\n"
        "from sim.world.world import lay_out\n"
        "sys.stdout.buffer.write(pickle.dumps(lay_out(load_region('yulin_zhanjiang_maoming'), 0)))\n"
    )
    sent = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert digest(pickle.loads(sent)) == digest(lay_out(region, 0))


def test_every_seed_counts_zero_included(region: Region) -> None:
    assert len({digest(lay_out(region, seed)) for seed in (0, 1, 2, 2**63 - 1)}) == 4


def test_laying_out_leaves_the_region_as_it_was(region: Region) -> None:
    before = pickle.dumps([region.places, region.towns, region.villages, region.adjacency, region.river])
    world = lay_out(region, 1)
    world.town_lon[:] = 0.0
    world.county_lon[:] = 0.0
    world.county_residents[:] = 0.0
    world.village_lon[:] = 0.0
    after = pickle.dumps([region.places, region.towns, region.villages, region.adjacency, region.river])
    assert before == after


def test_arrays_of_a_group_are_equally_long(world: World) -> None:
    sizes: dict[str, set[int]] = {}
    for field in dataclasses.fields(world):
        value = getattr(world, field.name)
        group = field.name.split("_")[0]
        if isinstance(value, (np.ndarray, tuple)) and field.name not in (
            "office_start",
            "team_bank_start",
            "team_bank",
        ):
            sizes.setdefault(group, set()).add(len(value))
    assert all(len(of_group) == 1 for of_group in sizes.values()), sizes
    assert len(world.team_bank_start) == len(world.team_kind) + 1


@pytest.mark.parametrize(
    "name", ["village_town", "tie_a", "tie_dyad", "dyad_a", "segment_tie", "team_bank", "river_town"]
)
def test_indices_are_32_bits_wide(world: World, name: str) -> None:
    assert getattr(world, name).dtype == np.int32


def test_all_numbers_are_finite(world: World) -> None:
    for field in dataclasses.fields(world):
        value = getattr(world, field.name)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            assert np.all(np.isfinite(value)), field.name


def test_kilometres_and_degrees_agree(world: World) -> None:
    # One degree of latitude is 111.2 km; 22.2 degrees north a degree of longitude is 103 km.
    north = np.polyfit(world.village_lat, world.village_y_km, 1)[0]
    east = np.polyfit(world.village_lon, world.village_x_km, 1)[0]
    assert north == pytest.approx(111.2, abs=0.1)
    assert east == pytest.approx(103.0, abs=0.3)


def test_a_single_county_is_a_world_without_a_border(region: Region) -> None:
    world = lay_out(region.subset(["化州市"]), 3)
    assert world.province_name_en == ("Guangdong",)
    assert not world.tie_is_border.any()
    assert not world.village_is_border.any()
    assert world.tie_level.max() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legacy_claims_per_pair", -0.1),
        ("legacy_claims_per_pair", float("nan")),
        ("residents_spread", float("inf")),
        ("farms_per_river_village", "many"),
    ],
)
def test_numbers_out_of_range_are_refused(region: Region, field: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        lay_out(region, 1, **{field: value})  # type: ignore[arg-type]
    assert caught.value.field == field


@pytest.mark.parametrize("seed", [-1, 1.5, None, True, 2**63])
def test_what_is_no_seed_is_refused(region: Region, seed: object) -> None:
    with pytest.raises(InputError, match="seed"):
        lay_out(region, seed)  # type: ignore[arg-type]


def test_the_region_is_laid_out_in_less_than_150_milliseconds(region: Region) -> None:
    lay_out(region, 1)
    # The least of five runs, because the machine may be busy with other things.
    durations = []
    for seed in range(5):
        start = time.perf_counter()
        lay_out(region, seed)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.150
