"""The same seed gives the same digest on another processor, as far as one can pretend to be another.

NumPy chooses its loops, OpenBLAS its kernels and the C library its functions by what the processor can do,
and all three can be told to do without. What they then give differs in the last digit; of layouts and runs no
digit may.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from sim.engine.snapshot import world_digest
from sim.model import BorderModel
from sim.world.country import generate_region
from sim.world.region import load_region
from sim.world.world import lay_out

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json
from tests.counterfactual.test_processors import digests, library
print(json.dumps([digests(), library()]))
"""


def digests() -> dict[str, str]:
    """Lay out given, arranged and made-up towns, and live two years under packages that call every rule."""
    default = load_region("yulin_zhanjiang_maoming")
    regions = {
        "default": default,
        "arranged": load_region(ROOT / "notebooks" / "borders" / "example"),
        "country": generate_region(400, 3, default),
    }
    found = {name: world_digest(lay_out(region, 1)) for name, region in regions.items()}
    small = default.subset(["陆川县", "廉江市"])
    for package in ("completed", "add_and_subtract", "network"):
        model = BorderModel(region=small, package=package, years=2, burn_in=0, seed=1, collect=False)
        model.run()
        found[package] = model.digest()
        found[f"{package}.measures"] = repr(model.measures())
        if package == "add_and_subtract":
            assert model.simulation.adoption.reviews > 0
    return found


def library() -> str:
    """Hash what the libraries compute themselves: it differs where the pretence works."""
    numbers = np.geomspace(1e-3, 600.0, 100_000)
    return hashlib.blake2b(np.exp(numbers).tobytes() + np.log(numbers).tobytes()).hexdigest()


def test_layouts_runs_and_measures_are_the_same_to_the_bit() -> None:
    extensions = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=os.environ
        | {
            "NPY_DISABLE_CPU_FEATURES": " ".join(extensions),
            "OPENBLAS_CORETYPE": "Haswell",
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F",
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    there, of_library = json.loads(done.stdout)
    assert there == digests()
    assert (of_library != library()) == bool(extensions)
