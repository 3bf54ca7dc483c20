"""Joint branches: offices that a lever made out of members from both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.view import RowAgent
from sim.levers.institutions import OFFICE_KINDS

if TYPE_CHECKING:
    from sim.agents.branch import PartyBranch

__all__ = ["JointBranch"]


class JointBranch(RowAgent):
    """A joint branch, workstation or standing body of two offices.

    Its row is that of the dyad it serves. Attribute shown from the columns: ``shared_hours`` (saved up).
    """

    table = "dyads"
    columns_shown = ("shared_hours",)

    def _rule(self, name: str) -> Any:
        return self.border.tables.dyads[name][self.row].item()

    @property
    def kind(self) -> str:
        """One of workstation, joint_branch, standing_body; blank once its lever has ended."""
        return OFFICE_KINDS[self._rule("office_kind")]

    @property
    def decision_right(self) -> float:
        """Right to decide for both sides, 0 to 1."""
        return float(self._rule("decision_right"))

    @property
    def hours_per_day(self) -> float:
        """Hours a day that each side gives, before it is known which members can be reached."""
        return float(self._rule("office_hours"))

    def members(self) -> tuple[PartyBranch, PartyBranch]:
        """Give the two offices it is made of.

        Returns
        -------
        tuple of 2 PartyBranch
            Side a, side b.
        """
        offices = self.border.office_agents
        return offices[self.read("a")], offices[self.read("b")]
