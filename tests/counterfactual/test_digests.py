"""The same seed gives the same digest: again, in pieces, in another process, on more workers, reordered."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim.model import BorderModel
from sim.studies.comparison import compare
from sim.world.region import Region, load_region

SMALL = ("陆川县", "廉江市")
PROGRAM = """
from sim.model import BorderModel
from sim.world.region import load_region
region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
model = BorderModel(region=region, package="five_links", years=1, burn_in=0, seed=0)
model.run(days=90)
print(model.digest())
"""


@pytest.fixture(scope="module")
def region() -> Region:
    """One pair of counties."""
    return load_region("yulin_zhanjiang_maoming").subset(list(SMALL))


def digest(region: Region, seed: int) -> str:
    model = BorderModel(region=region, package="five_links", years=1, burn_in=0, seed=seed)
    model.run(days=90)
    return model.digest()


def test_again_and_in_pieces(region: Region) -> None:
    """Running twice, or day by day, gives the same state."""
    model = BorderModel(region=region, package="five_links", years=1, burn_in=0, seed=3, collect=False)
    for _ in range(30):
        model.step()
    model.run(days=60)
    assert model.digest() == digest(region, 3) == digest(region, 3)


def test_every_seed_counts_zero_too(region: Region) -> None:
    """Different seeds, 0 among them, give different runs."""
    assert len({digest(region, seed) for seed in (0, 1, 2, 2**40)}) == 4


def test_in_a_new_process(region: Region) -> None:
    """Nothing of this process – hash seeds, order of imports, caches – takes part."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.strip() == digest(region, 0)


def test_on_one_or_two_workers_and_in_another_order(region: Region) -> None:
    """Arms share a past, so neither their order nor who runs them may matter."""
    common = {
        "region": region,
        "years": 0.25,
        "burn_in": 0.25,
        "replications": 2,
        "seed": 0,
        "progress": False,
    }
    one = compare(arms=["none", "paper", "five_links"], workers=1, **common).manifest["digests"]
    two = compare(arms=["five_links", "none", "paper"], workers=2, **common).manifest["digests"]
    assert {arm: one[arm] for arm in sorted(one)} == {arm: two[arm] for arm in sorted(two)}
