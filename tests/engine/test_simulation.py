from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.engine import columns as tables
from sim.engine.columns import NEVER, RECORD_FIELDS
from sim.engine.constants import BORDER, INTERIOR, OPEN, SECURITY
from sim.engine.dates import START
from sim.engine.simulation import Simulation
from sim.levers import institutions
from sim.levers.compilation import compile_institutions
from sim.levers.institutions import Institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.world.world import World


def total(run: Simulation, name: str, scope: int | None = None) -> float:
    field = run.columns.record[:, :, RECORD_FIELDS.index(name)]
    return float(field.sum() if scope is None else field[:, scope].sum())


def test_one_go_and_day_by_day_are_the_same_to_the_bit(world: World, lived: Simulation) -> None:
    run = Simulation(world, Parameters(), lived.seed)
    for _ in range(lived.day):
        run.run(1)
    assert run.digest() == lived.digest()


def test_a_fork_lives_alike_in_one_go_and_in_parts(lived: Simulation, five_links: Institutions) -> None:
    before = lived.digest()
    at_once, by_parts = lived.fork(five_links), lived.fork(five_links)
    at_once.run(60)
    for days in (1, 30, 0, 29):
        by_parts.run(days)
    assert at_once.digest() == by_parts.digest()
    assert at_once.columns.offices.bound_hours.sum() > lived.columns.offices.bound_hours.sum()
    assert lived.digest() == before


def test_what_free_rows_of_cases_hold_makes_no_difference(
    lived: Simulation, five_links: Institutions, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = []
    for byte in (0, 255, 37):

        def filled(size: int, byte: int = byte) -> NDArray[np.uint8]:
            return np.full(size, byte, dtype=np.uint8)

        monkeypatch.setattr(tables, "memory_for", filled)
        run = lived.fork(five_links)
        run.run(60)
        digests.append(run.digest())
    assert len(set(digests)) == 1


def test_a_fork_lives_like_its_original_would(
    world: World, lived: Simulation, five_links: Institutions
) -> None:
    fork = lived.fork(five_links)
    fork.run(40)
    run = Simulation(world, Parameters(), lived.seed)
    run.run(lived.day)
    run.adopt(five_links)
    run.run(40)
    assert fork.digest() == run.digest()
    plain = lived.fork(compile_institutions(load_package("none"), world, Parameters(), 365))
    plain.run(40)
    assert fork.digest() != plain.digest()


def test_seeds_count_and_zero_is_one_of_them(world: World) -> None:
    digests = []
    for seed in (0, 1, 0):
        run = Simulation(world, Parameters(), seed)
        run.run(5)
        digests.append(run.digest())
    assert digests[0] == digests[2] != digests[1]


def test_a_parameter_changes_the_digest_before_the_first_day(world: World) -> None:
    first = Simulation(world, Parameters(), 1)
    second = Simulation(world, Parameters({"belief_weight": 0.3}), 1)
    assert first.digest() != second.digest()
    assert second.parameter_row.belief_weight == 0.3


def test_a_growing_case_table_changes_nothing(world: World, lived: Simulation) -> None:
    run = Simulation(world, Parameters(), lived.seed)
    sizes = set()
    # With fewer cases expected than come, the table must grow again and again.
    run._cases_a_day, run._room = 0.0, 500
    while run.day < lived.day:
        run.run(min(20, lived.day - run.day))
        sizes.add(len(run.columns.cases))
    assert len(sizes) > 2
    assert run.digest() == lived.digest()


def test_the_case_table_of_a_fork_has_the_room_of_the_original(
    lived: Simulation, five_links: Institutions
) -> None:
    copy = lived.fork(five_links).columns.cases
    used = len(lived.cases)
    assert len(copy) == len(lived.columns.cases)
    assert copy[:used].tobytes() == lived.cases.tobytes()
    assert not np.shares_memory(copy, lived.columns.cases)


def test_a_run_makes_room_for_all_its_days_at_once(world: World) -> None:
    run = Simulation(world, Parameters(), 2)
    run.run(10)
    table = run.columns.cases
    run.run(300)
    assert np.shares_memory(table, run.columns.cases)
    assert len(table) < 2.0 * len(run.cases) * 366 / 310 + 2 * run._room


def test_trust_starts_at_nothing_where_a_claim_takes_more_than_there_is(world: World) -> None:
    run = Simulation(world, Parameters({"trust_border": 0.0, "legacy_trust_deduction": 0.3}), 1)
    contested = run.columns.ties.trust[run.columns.ties.contested == 1]
    assert contested.min() == 0.0
    assert run.columns.ties.trust.max() > 0.3


def test_the_calendar_is_that_of_the_world(lived: Simulation) -> None:
    months = lived.months
    assert lived.today == START + timedelta(days=lived.day)
    assert months.shape == (lived.day, 4)
    for day in range(lived.day):
        date = START + timedelta(days=day)
        tomorrow = date + timedelta(days=1)
        month = 12 * (date.year - START.year) + date.month - 1
        ends = date.day if tomorrow.month != date.month else 0
        assert months[day].tolist() == [month, date.month - 1, date.weekday(), ends]


def test_the_record_counts_what_the_case_table_holds(lived: Simulation) -> None:
    cases = lived.cases
    ordinary = (cases.legacy == 0) & (cases.domain != SECURITY)
    on_border = (cases.tie >= 0) & (lived.columns.ties.is_border[np.maximum(cases.tie, 0)] == 1)
    for scope, chosen in ((BORDER, ordinary & on_border), (INTERIOR, ordinary & ~on_border)):
        known = chosen & (cases.known != NEVER)
        assert total(lived, "known", scope) == known.sum() > 0
        assert total(lived, "known_difficulty", scope) == cases.detected_difficulty[known].sum()
        assert total(lived, "settled", scope) == (chosen & (cases.settled >= 0)).sum()
        assert total(lived, "hand_offs", scope) >= cases.hand_offs[chosen].sum()
        assert total(lived, "incidents", scope) == cases.incident[chosen].sum()
        assert total(lived, "occurred", scope) >= chosen.sum()
    by_tier = [
        total(lived, f"closed_{tier}") for tier in ("village", "town", "county", "department", "upper")
    ]
    assert sum(by_tier) == total(lived, "settled") > 0
    security = (cases.legacy == 0) & (cases.domain == SECURITY)
    assert total(lived, "reported_offences") == security.sum()
    assert total(lived, "cleared") == (security & (cases.settled >= 0)).sum()
    assert total(lived, "legacy_settled") == ((cases.legacy == 1) & (cases.settled >= 0)).sum()


def test_the_record_has_a_row_for_every_month_begun(lived: Simulation) -> None:
    record = lived.columns.record
    assert record.shape == (lived.months[-1, 0] + 1, 2, len(RECORD_FIELDS))
    days = np.bincount(lived.months[:, 0])
    on_border = lived.columns.banks.is_border == 1
    for scope, chosen in ((BORDER, on_border), (INTERIOR, ~on_border)):
        length = lived.columns.banks.length_km[chosen].sum()
        km_days = record[:, scope, RECORD_FIELDS.index("bank_days")]
        assert km_days == pytest.approx(length * days)
        week = record[:, scope, RECORD_FIELDS.index("covered_7")]
        month = record[:, scope, RECORD_FIELDS.index("covered_30")]
        assert (week <= month).all()
        assert (month <= km_days).all()


def test_what_does_not_exist_is_recorded_as_nan_without_a_sign(lived: Simulation) -> None:
    """Two counties have no pair of counties inside; the sign of 0/0 would depend on the machine."""
    field = lived.columns.record[0, INTERIOR, RECORD_FIELDS.index("willingness_county")]
    assert np.float64(field).tobytes() == np.float64(np.nan).tobytes()
    assert not np.isnan(lived.columns.record[0, BORDER]).any()


def test_open_cases_stand_in_the_list_of_their_tie(lived: Simulation) -> None:
    cases = lived.cases
    listed = []
    for tie in lived.columns.ties:
        before, case = -1, int(tie.first_open)
        while case >= 0:
            assert cases[case].before == before
            listed.append(case)
            before, case = case, int(cases[case].after)
        assert tie.last_open == before
    assert len(listed) > 20
    assert sorted(listed) == np.flatnonzero((cases.status == OPEN) & (cases.tie >= 0)).tolist()


def test_no_column_hides_behind_a_method_of_a_row() -> None:
    """Plain Python would read the method, compiled code the column."""
    kinds = {
        name: kind.names or ()
        for module in (tables, institutions)
        for name, kind in vars(module).items()
        if isinstance(kind, np.dtype)
    }
    kinds["parameters"] = tuple(Parameters())
    assert {"CASES", "OFFICES", "TIE_RULES"} <= set(kinds)
    hidden = [(kind, name) for kind, names in kinds.items() for name in names if hasattr(np.record, name)]
    assert hidden == []


LIVE = """
import sys
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import lay_out

world = lay_out(load_region(sys.argv[1]), 3)
run = Simulation(world, Parameters(), 3)
run.run(40)
fork = run.fork(compile_institutions(load_package("completed"), world, Parameters(), 365))
fork.run(50)
print(run.digest(), fork.digest(), len(fork.cases))
"""


def test_plain_python_lives_the_same_days_to_the_bit(tiny_folder: Path) -> None:
    def live(**variables: str) -> list[str]:
        answer = subprocess.run(
            [sys.executable, "-W", "error::RuntimeWarning", "-c", LIVE, str(tiny_folder)],
            cwd=Path(sim.__file__).resolve().parents[1],
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.split()

    plain = live(NUMBA_DISABLE_JIT="1")
    assert int(plain[2]) > 50
    assert plain == live(NUMBA_DISABLE_JIT="0")
