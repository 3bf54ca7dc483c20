from __future__ import annotations

import numpy as np
import pytest

from sim.engine.constants import RING
from sim.engine.in_force import share_rows
from sim.engine.patrolling import patrol
from sim.engine.simulation import Simulation
from sim.rules.patrolling import stretch_pull

LONG_AGO = 2 * RING


@pytest.mark.parametrize("has_roster", [False, True])
@pytest.mark.parametrize("known_for", [0, 1, 40, RING - 1, RING, LONG_AGO])
def test_every_bank_pulls_by_its_last_visit_and_what_is_left_of_the_reports(
    lived: Simulation, known_for: int, has_roster: bool
) -> None:
    c, p = lived.columns.copy(), lived.parameters
    day = LONG_AGO + 7
    c.teams["visits_per_day"] = 0.0
    c.teams["saved_visits"] = 0.0
    c.risk_days[:] = day - known_for
    c.reported[:] = 0.8
    c.reported[::3] = 0.0
    c.visits_rises[::5] = 0.5
    c.shared_rosters[:] = has_roster
    # Some were visited yesterday, some two years ago, the last two today.
    c.last_visits[:] = day - 1
    c.last_visits[1::4] = day - 730
    c.last_visits[-2:] = [day, day - 3]
    patrol(c, share_rows(lived.tables_in_force), lived.parameter_row, lived.seed, day)
    for bank, pull in enumerate(c.bank_pulls):
        last = int(c.last_visits[bank])
        if has_roster:
            last = max(last, int(c.last_visits[bank ^ 1]))
        if has_roster and last == day:
            assert pull == 0.0
            continue
        left = float(c.reported[bank]) * 0.5 ** (known_for / p["deterrence_half_life_days"])
        expected = stretch_pull(min(day - last, 365), p["staleness_days"], left, p["risk_pull"])
        assert pull == pytest.approx(expected * (1.0 + c.visits_rises[bank]), rel=1e-12)


def test_a_team_that_is_called_along_owes_one_visit_at_most(lived: Simulation) -> None:
    rules = lived.tables_in_force.banks.copy()
    rules["shared_roster"], rules["joint_visits"] = 1, 1.0
    tables = share_rows(lived.tables_in_force._replace(banks=rules))
    c = lived.columns.copy()
    c.shared_rosters[:] = 1
    # One side has visits in plenty, the other next to none.
    poor = np.arange(c.teams.size) % 2 == 0
    c.teams["visits_per_day"] = np.where(poor, 0.1, 3.0)
    c.teams["saved_visits"] = 0.0
    owed = 0.0
    for day in range(lived.day, lived.day + 60):
        patrol(c, tables, lived.parameter_row, lived.seed, day)
        owed = min(owed, float(c.teams["saved_visits"].min()))
    # They come along, too: nobody else takes visits from a team before it has them.
    assert -1.0 <= owed < 0.0
