"""Who deals with a case at which tier, and what offices did on a day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Row
from sim.engine.constants import DEPARTMENT, UPPER
from sim.engine.simulation import Simulation

__all__ = ["Place"]


class Place:
    """Who deals with the case at which tier, and what the offices did on the day.

    Parameters
    ----------
    simulation : Simulation
        The run, in the evening of the day.
    efforts : ndarray of int
        Efforts that each office had made by the morning.
    calls : ndarray of int
        Calls to a joint session that there had been in each dyad by the morning.
    """

    def __init__(self, simulation: Simulation, efforts: NDArray[np.int32], calls: NDArray[np.int64]) -> None:
        self.simulation = simulation
        self.world = simulation.world
        self.p = simulation.parameter_row
        self.efforts = efforts
        self.calls = calls

    def dyad(self, row: Row, tier: int) -> int:
        """Give the pair of offices that would deal with a case at a tier.

        Parameters
        ----------
        row : Row
            Row of the case.
        tier : int
            The tier.

        Returns
        -------
        int
            Row of the dyad, -1 where one office stands above both sides.
        """
        if row.tie < 0 or tier >= UPPER:
            return -1
        dyad = int(self.world.tie_dyad[row.tie, tier])
        if tier == DEPARTMENT and dyad >= 0:
            dyad += int(self.simulation.columns.departments[row.domain])
        return dyad

    def office(self, row: Row, tier: int, side: int) -> tuple[int, int]:
        """Give the office that deals with a case at a tier for a side, and the side that it stands on.

        Parameters
        ----------
        row : Row
            Row of the case.
        tier, side : int
            The tier, and the side that holds the case.

        Returns
        -------
        office, side : int
            Row of the office; the side is -1 where it stands above both.
        """
        dyad = self.dyad(row, tier)
        if dyad >= 0:
            return int((self.world.dyad_a if side == 0 else self.world.dyad_b)[dyad]), side
        return self._own_office(row, tier), -1

    def _own_office(self, row: Row, tier: int) -> int:
        """Give the office of the line of the village that learned of the case first."""
        parent = self.world.office_parent
        office = int(row.village)
        if tier == DEPARTMENT:
            county = int(self.world.office_unit[parent[parent[office]]])
            return self.world.department_office(county, int(self.simulation.columns.departments[row.domain]))
        level = 0 if row.tie < 0 else int(self.world.tie_level[row.tie])
        hops = (3 if level <= 2 else 4) if tier == UPPER else tier
        for _ in range(hops):
            office = int(parent[office])
        return office

    def was_called(self, row: Row) -> bool:
        """Tell whether a joint session of the offices that deal with a case was held or missed today.

        Parameters
        ----------
        row : Row
            Row of the case in the evening.

        Returns
        -------
        bool
            True where anybody of the dyad was called, and came or stayed away.
        """
        dyad = self.dyad(row, int(row.tier))
        return bool(self.simulation.columns.dyads["calls"][dyad] > self.calls[dyad])

    def worked(self, office: int, row: Row, day: int) -> bool | None:
        """Tell whether an office made an effort in the session of a case.

        Offices count their efforts; where one had several sessions on the day and made an effort in some of
        them only, the count does not tell in which.

        Parameters
        ----------
        office : int
            Row of the office.
        row : Row
            Row of the case in the evening.
        day : int
            The day.

        Returns
        -------
        bool or None
            None where it cannot be told.
        """
        made = int(self.simulation.columns.offices["efforts"][office]) - int(self.efforts[office])
        if made == 0:
            return False
        return True if made >= self._sessions_of(office, day) else None

    def _sessions_of(self, office: int, day: int) -> int:
        cases = self.simulation.cases
        held = cases[(cases["last_act"] == day) & (cases["sessions"] > 0) & (cases["tie"] >= 0)]
        pairs = np.array([self.dyad(case, int(case.tier)) for case in held], dtype=np.int64)
        known = pairs[pairs >= 0]
        return int(((self.world.dyad_a[known] == office) | (self.world.dyad_b[known] == office)).sum())
