"""Enforcement teams: who patrols which banks of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.view import RowAgent

if TYPE_CHECKING:
    from sim.agents.branch import PartyBranch

__all__ = ["EnforcementTeam"]

KINDS = ("police", "volunteers", "water", "market")
"""Kinds of teams by number."""


class EnforcementTeam(RowAgent):
    """A police, volunteer, water or market team.

    Attributes shown from the columns: ``visits_per_day``, ``saved_visits``, ``visits`` (so far).
    """

    table = "teams"
    columns_shown = ("visits_per_day", "saved_visits", "visits")

    @property
    def kind(self) -> str:
        """Kind of the team."""
        return KINDS[self.read("kind")]

    @property
    def home(self) -> PartyBranch:
        """The town committee or county department it belongs to."""
        return self.border.office_agents[int(self.read("office"))]

    def banks(self) -> list[int]:
        """Give the banks of its territory.

        Returns
        -------
        list of int
            Bank numbers: twice the stretch, plus one on side b.
        """
        first, count = self.read("first_bank"), self.read("banks")
        return [int(bank) for bank in self.border.simulation.columns.team_banks[first : first + count]]

    def rights_on(self, bank: int) -> dict[str, bool]:
        """Tell what the team may do at a bank under the institutions in force.

        Parameters
        ----------
        bank : int
            One of its `banks`.

        Returns
        -------
        dict of str to bool
            ``cross_bank``: visit the other bank; ``pursuit``: pursue across the line;
            ``shared_roster``: patrol from one roster with the other side.

        Raises
        ------
        KeyError
            For a bank outside its territory.
        """
        if bank not in self.banks():
            raise KeyError(f"bank {bank} is not in the territory of team {self.row}")
        rules = self.border.tables.banks[bank // 2]
        return {name: bool(rules[name]) for name in ("cross_bank", "pursuit", "shared_roster")}
