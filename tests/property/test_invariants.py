"""What must hold in any run, whatever the parameters, the package and the seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.columns import RECORD_FIELDS
from sim.engine.constants import GIVEN_UP, LATENT, OPEN, SETTLED
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import list_packages, load_package
from sim.parameters import PARAMETERS, Parameters
from sim.world.region import Region, load_region
from sim.world.world import lay_out

FIELD = {name: index for index, name in enumerate(RECORD_FIELDS)}
PARTS = ("complex_share", "hard_share", "water_share", "family_share", "trade_share", "patrol_share")
# Shares of a whole hang together and stay at their defaults; the others may take any value of their range.
FREE = [name for name, row in PARAMETERS.items() if row.low < row.high and not name.endswith(PARTS)]


@pytest.fixture(scope="module")
def region() -> Region:
    """One pair of counties."""
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])


@st.composite
def parameters(draw: st.DrawFn) -> Parameters:
    """Some parameters anywhere in their ranges."""
    names = draw(st.lists(st.sampled_from(FREE), max_size=12, unique=True))
    return Parameters({name: draw(st.floats(PARAMETERS[name].low, PARAMETERS[name].high)) for name in names})


@settings(max_examples=25)
@given(values=parameters(), package=st.sampled_from(list_packages()), seed=st.integers(0, 2**63 - 1))
def test_the_state_stays_within_its_bounds(
    region: Region, values: Parameters, package: str, seed: int
) -> None:
    """Indices in [0, 1], hours not negative, counts that fit together, every open case on one list."""
    world = lay_out(region, seed % 7)
    run = Simulation(world, values, seed)
    run.run(60)
    run.adopt(compile_institutions(load_package(package), world, values, 150))
    run.run(150)
    columns, cases = run.columns, run.cases
    for table, names in (
        (columns.ties, ("trust",)),
        (columns.dyads, ("belief_a", "belief_b", "prior_a", "prior_b")),
        (columns.villages, ("grievance", "participation")),
        (columns.banks, ("risk",)),
        (columns.river, ("treated",)),
    ):
        for name in names:
            assert ((table[name] >= 0.0) & (table[name] <= 1.0)).all(), name
    assert ((columns.reported >= 0.0) & (columns.reported <= 1.0)).all()
    assert (columns.offices["desk"] >= 0.0).all()
    assert (columns.offices["interior_rate"] > 0.0).all()
    assert (columns.offices["displaced_hours"] <= columns.offices["bound_hours"] + 1e-6).all()
    assert np.isin(cases["status"], (LATENT, OPEN, SETTLED, GIVEN_UP)).all()
    assert (cases["hand_offs"] >= 0).all()
    assert (cases["sessions"] <= cases["attempts"] + 1).all()
    settled = cases["settled"] >= 0
    assert (cases["settled"][settled] >= cases["known"][settled]).all()
    _check_open_lists(run)
    _check_record(run)


def _check_open_lists(run: Simulation) -> None:
    """Walk the list of each tie and find every open case once, the oldest known first."""
    columns, cases = run.columns, run.cases
    found = []
    for tie, first in enumerate(columns.ties["first_open"]):
        case = int(first)
        while case >= 0:
            assert cases["tie"][case] == tie
            assert cases["status"][case] == OPEN
            found.append(case)
            case = int(cases["after"][case])
    assert sorted(found) == np.flatnonzero((cases["status"] == OPEN) & (cases["tie"] >= 0)).tolist()


def _check_record(run: Simulation) -> None:
    """Parts are no larger than their wholes in every month."""
    record = run.columns.record
    for tier in ("village", "town", "county", "department"):
        calls, attended = record[..., FIELD[f"calls_{tier}"]], record[..., FIELD[f"attended_{tier}"]]
        assert (attended <= calls).all()
        both, either = record[..., FIELD[f"both_effort_{tier}"]], record[..., FIELD[f"any_effort_{tier}"]]
        assert (both <= either).all()
        assert (either <= record[..., FIELD[f"joint_{tier}"]]).all()
    for part, whole in (
        ("covered_7", "covered_30"),
        ("covered_30", "bank_days"),
        ("duplicated", "visits"),
        ("caught", "offences"),
        ("displaced_across", "displaced"),
        ("displaced", "offences"),
        ("items_carried_out", "items_decided"),
    ):
        assert (record[:, 1, FIELD[part]].sum() <= record[:, 1, FIELD[whole]].sum() + 1e-9).all(), (
            part,
            whole,
        )


def test_joint_sessions_never_take_hours_that_are_not_there(region: Region) -> None:
    """(B3 c) With empty desks and no joint office, neither side can meet, and nothing is settled jointly."""
    world = lay_out(region, 3)
    run = Simulation(world, Parameters(), 3)
    run.columns.offices["base_desk"] = 0.0
    run.columns.offices["desk"] = 0.0
    run.adopt(compile_institutions(load_package("paper"), world, Parameters(), 300))
    run.run(300)
    joint = [run.columns.record[:, :, FIELD[f"joint_{tier}"]].sum() for tier in ("village", "town", "county")]
    assert sum(joint) == 0.0
