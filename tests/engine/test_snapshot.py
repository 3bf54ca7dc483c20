"""A run that is saved, restored and continued goes on to the bit; what would not is refused."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import sim.engine.snapshot as snapshot
from sim.engine.simulation import Simulation
from sim.errors import InputError, OutputError
from sim.levers.compilation import compile_institutions
from sim.levers.institutions import Institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out

PROGRAM = """
import sys
from sim.engine.simulation import Simulation
from sim.world.region import load_region
from sim.world.world import lay_out
world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 1)
run = Simulation.restore(sys.argv[1], world)
run.run(120)
print(run.digest())
"""


@pytest.fixture(scope="module")
def dated(five_links: Institutions) -> Institutions:
    """Five links from day 0, and what they leave from day 60 on: an epoch that is still to come."""
    (first, *_) = five_links.epochs
    ordinary = first.tables._replace(ties=np.zeros_like(first.tables.ties))
    return Institutions((first, type(first)(60, ordinary)))


@pytest.fixture(scope="module")
def saved(lived: Simulation, dated: Institutions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = lived.fork(dated)
    run.run(17)
    return run.save(tmp_path_factory.mktemp("snapshot") / "run.snapshot")


@pytest.fixture(scope="module")
def undisturbed(lived: Simulation, dated: Institutions) -> str:
    run = lived.fork(dated)
    run.run(17 + 120)
    return run.digest()


def test_a_restored_run_goes_on_to_the_bit_with_what_was_still_to_come(
    saved: Path, world: World, undisturbed: str
) -> None:
    run = Simulation.restore(saved, world)
    assert run.day == 217
    run.run(20)
    # Saved once more on the way, and taken up again before the second epoch.
    again = Simulation.restore(run.save(saved.with_name("later")), world)
    again.run(100)
    assert again.digest() == undisturbed
    assert len(again.months) == again.day == 337


def test_it_goes_on_in_another_process(saved: Path, undisturbed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(saved)],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout.strip() == undisturbed


def test_saving_and_forking_leave_the_run_as_it_is(lived: Simulation, world: World, tmp_path: Path) -> None:
    before = lived.digest()
    restored = Simulation.restore(lived.save(tmp_path / "run"), world)
    assert restored.digest() == before == lived.digest()
    restored.run(1)
    assert lived.digest() == before
    assert restored.columns.cases.size == lived.columns.cases.size


def test_a_run_whose_units_review_what_they_run_goes_on_reviewing(world: World, tmp_path: Path) -> None:
    institutions = compile_institutions(load_package("add_and_subtract"), world, Parameters(), 1500)
    run = Simulation(world, Parameters(), 1)
    run.adopt(institutions)
    run.run(500)
    assert run.adoption is not None
    assert run.adoption.reviews == 1
    path = run.save(tmp_path / "run")
    again = Simulation.restore(path, world, institutions=institutions)
    for one in (run, again):
        one.run(400)
    assert again.digest() == run.digest()
    assert again.adoption is not None
    assert again.adoption.reviews == run.adoption.reviews == 2
    for mine, theirs in zip(again.adoption.spells, run.adoption.spells, strict=True):
        np.testing.assert_equal(tuple(mine), tuple(theirs))
    with pytest.raises(InputError, match="review = 'none' .* under which the run was saved"):
        Simulation.restore(path, world)
    other = compile_institutions(load_package("add_and_subtract"), world, Parameters(), 1400)
    with pytest.raises(InputError, match="review = "):
        Simulation.restore(path, world, institutions=other)


def test_a_run_of_the_first_day_and_every_seed_can_be_saved(world: World, tmp_path: Path) -> None:
    for seed in (0, 2**63 - 1):
        run = Simulation(world, Parameters(), seed)
        again = Simulation.restore(run.save(tmp_path / "run"), world)
        run.run(3)
        again.run(3)
        assert again.digest() == run.digest()


def test_a_truncated_file_is_refused_wherever_it_breaks_off(
    saved: Path, world: World, tmp_path: Path
) -> None:
    content = saved.read_bytes()
    for share in (0.0, 0.001, 0.1, 0.5, 0.9, 0.999, 0.9999):
        broken = tmp_path / "broken"
        broken.write_bytes(content[: int(share * len(content))])
        with pytest.raises(InputError, match="a complete file that Simulation.save wrote"):
            Simulation.restore(broken, world)


def test_a_changed_byte_is_noticed(saved: Path, world: World, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        (entry,) = (one for one in archive.infolist() if one.filename == "columns/cases.npy")
        place = entry.header_offset + len(entry.FileHeader()) + entry.compress_size // 2
    content = bytearray(saved.read_bytes())
    content[place] ^= 0xFF
    (tmp_path / "changed").write_bytes(content)
    with pytest.raises(InputError, match="a complete file"):
        Simulation.restore(tmp_path / "changed", world)


@pytest.mark.parametrize("kind", ["text", "zip", "npz", "npy", "objects", "json"])
def test_a_foreign_file_is_refused(kind: str, world: World, tmp_path: Path) -> None:
    path = tmp_path / "foreign"
    with path.open("wb") as file:
        if kind == "text":
            file.write("村\n".encode())
        elif kind == "zip":
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr("a.txt", "b")
        elif kind == "npz":
            np.savez(file, a=np.zeros(3))
        elif kind == "npy":
            np.save(file, np.zeros(3))
        elif kind == "objects":
            np.savez(file, about=np.array([{"kind": 1}], dtype=object))
        else:
            np.savez(file, about=np.frombuffer(json.dumps([1]).encode(), np.uint8))
    with pytest.raises(InputError, match="a complete file that Simulation.save wrote"):
        Simulation.restore(path, world)


def test_a_missing_file_and_a_folder_are_told_apart(world: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        Simulation.restore(tmp_path / "nothing", world)
    with pytest.raises(InputError, match="directory"):
        Simulation.restore(tmp_path, world)


def test_other_code_is_refused_by_name(saved: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("code", "numba", "numpy"):
        others = snapshot._versions() | {name: "another"}
        with monkeypatch.context() as patch:
            patch.setattr(snapshot, "_versions", lambda others=others: others)
            with pytest.raises(InputError, match=f"{name} = .* another, that of this program"):
                Simulation.restore(saved, world)


def test_other_parameters_are_refused_by_name_and_value(saved: Path, world: World) -> None:
    Simulation.restore(saved, world, Parameters())
    with pytest.raises(InputError, match=r"parameters\.trust_spread = .* 0\.2, as given") as caught:
        Simulation.restore(saved, world, Parameters({"trust_spread": 0.2}))
    assert "继续时所给的值" in caught.value.message("zh")


def test_another_world_is_refused_by_what_differs(saved: Path, world: World) -> None:
    region = load_region("yulin_zhanjiang_maoming")
    with pytest.raises(InputError, match=r"world\.layout_seed = 1 is not usable; allowed: 2"):
        Simulation.restore(saved, lay_out(world.region, 2))
    with pytest.raises(InputError, match=r"world\.villages = "):
        Simulation.restore(saved, lay_out(region, 1))
    with pytest.raises(InputError, match=r"world\.digest = "):
        Simulation.restore(saved, lay_out(world.region, 1, legacy_claims_per_pair=0.6))


def test_a_place_that_cannot_be_written_leaves_nothing(lived: Simulation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        lived.save(tmp_path / "file" / "run")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_empty_rows_cost_no_room(saved: Path, lived: Simulation) -> None:
    assert saved.stat().st_size < lived.columns.cases.nbytes
