"""Villages: residents who quarrel, farm, and bear a grudge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.view import RowAgent

if TYPE_CHECKING:
    from sim.agents.branch import PartyBranch

__all__ = ["Village"]


class Village(RowAgent):
    """The residents of a village.

    Attributes shown from the columns: ``residents`` (persons), ``participation`` (share of members who can
    be reached), ``grievance`` (0 to 1), ``unserved`` (service requests given up so far).
    """

    table = "villages"
    columns_shown = ("residents", "participation", "grievance", "unserved")

    @property
    def code(self) -> str:
        """The twelve-digit code of the village."""
        return self.border.world.village_code[self.row]

    @property
    def name(self) -> str:
        """The name of the village in Chinese."""
        return self.border.world.village_name_zh[self.row]

    @property
    def is_border(self) -> bool:
        """Whether the village has a tie across the border."""
        return bool(self.border.world.village_is_border[self.row])

    @property
    def branch(self) -> PartyBranch:
        """The party branch of the village."""
        return self.border.office_agents[self.border.world.village_office(self.row)]

    def neighbours(self) -> list[Village]:
        """Give the villages it has a tie with.

        Returns
        -------
        list of Village
            In the order of the ties.
        """
        world = self.border.world
        ties = np.flatnonzero((world.tie_a == self.row) | (world.tie_b == self.row))
        rows = world.tie_a[ties] + world.tie_b[ties] - self.row
        return [self.border.village_agents[row] for row in rows]
