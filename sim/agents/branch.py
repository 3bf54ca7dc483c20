"""Offices: party branches, committees and departments, and what they hold of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.view import RowAgent
from sim.engine.constants import OPEN
from sim.engine.desks import load_of
from sim.engine.worth import belief_of
from sim.levers.definitions import TIERS

if TYPE_CHECKING:
    from sim.model import BorderModel

__all__ = ["PartyBranch"]


class PartyBranch(RowAgent):
    """An office: village branch, town committee, county committee or county department.

    Attributes shown from the columns: ``desk`` (hours saved up for the border), ``desk_rate`` and
    ``interior_rate`` (hours a day), ``busy_until`` (day on which its interior work is done),
    ``bound_hours`` and ``displaced_hours`` (so far), ``efforts`` (so far), ``turnovers``.
    """

    table = "offices"
    columns_shown = (
        "desk",
        "desk_rate",
        "interior_rate",
        "busy_until",
        "bound_hours",
        "displaced_hours",
        "efforts",
        "turnovers",
    )

    @property
    def tier(self) -> str:
        """Tier of the office: village, town, county, department, or upper for prefecture and province."""
        number = self.read("tier")
        return TIERS[number] if number < len(TIERS) else "upper"

    @property
    def superior(self) -> PartyBranch | None:
        """The office it reports to, None for a province."""
        parent = self.read("parent")
        return self.border.office_agents[parent] if parent >= 0 else None

    @property
    def load(self) -> float:
        """Load of the office, 0 to 1, as it weighs on its efforts and as others see it."""
        if self.read("tier") > 3:
            return 0.0
        simulation = self.border.simulation
        # Asking brings a row up to date; on a copy, so that looking at a run never changes it.
        own = simulation.columns.offices[self.row : self.row + 1].copy()[0]
        return float(load_of(own, simulation.parameter_row, simulation.day))

    def counterparts(self) -> list[PartyBranch]:
        """Give the offices of its tier, and for a department of its kind, whose territory touches its own.

        Returns
        -------
        list of PartyBranch
            In the order of the dyads.
        """
        world = self.border.world
        dyads = np.flatnonzero((world.dyad_a == self.row) | (world.dyad_b == self.row))
        rows = world.dyad_a[dyads] + world.dyad_b[dyads] - self.row
        return [self.border.office_agents[row] for row in rows]

    def belief_about(self, other: PartyBranch) -> float:
        """Give the belief that another office really works when both are called.

        Parameters
        ----------
        other : PartyBranch
            One of its counterparts.

        Returns
        -------
        float
            In [0, 1].

        Raises
        ------
        KeyError
            For an office that is no counterpart.
        """
        world = self.border.world
        # Side a of a dyad is the office with the lower number.
        low, high = min(self.row, other.row), max(self.row, other.row)
        found = np.flatnonzero((world.dyad_a == low) & (world.dyad_b == high))
        if not found.size:
            raise KeyError(f"{other.row} is no counterpart of {self.row}")
        simulation = self.border.simulation
        shared = simulation.columns.dyads[found[:1]][0]
        side = 0 if self.row == low else 1
        return float(belief_of(shared, simulation.parameter_row, side, simulation.day))

    def docket(self) -> list[int]:
        """Give the open cases between villages that it holds.

        Returns
        -------
        list of int
            Rows of the case table.
        """
        border: BorderModel = self.border
        cases = border.simulation.cases
        tier = self.read("tier")
        mine = np.flatnonzero((cases["status"] == OPEN) & (cases["tier"] == tier) & (cases["tie"] >= 0))
        return [int(row) for row in mine if border.holder_of(int(row)) == self.row]
