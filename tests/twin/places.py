"""Places: villages, the ties between neighbours, the two banks of a stretch of line, towns on the river."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim.rules.learning import fade, lose, rise
from sim.world.offices import DEPARTMENT

if TYPE_CHECKING:
    from tests.twin.border import Border
    from tests.twin.cases import Case
    from tests.twin.offices import Dyad, Office, Team

__all__ = ["Bank", "RiverPlace", "Tie", "Village"]


class Village(mesa.Agent):
    """Residents of a village or community; disputes between its households are a stream of their own."""

    def __init__(self, model: Border, key: int, residents: float, is_border: bool) -> None:
        super().__init__(model)
        self.key = key
        self.residents = residents
        self.is_border = is_border
        self.rate = 0.0  # disputes a year
        self.due, self.candidate = 0.0, 0  # the next dispute: time in days, and its number
        self.branch: Office
        self.grievance = 0.0
        self.unserved = 0.0

    def aggrieve(self, share: float) -> None:
        """Raise the grievance by a share of its distance to one."""
        self.grievance = rise(self.grievance, share)


class Tie:
    """Two neighbouring villages: what they think of each other, and what is open between them."""

    def __init__(self, model: Border, key: int, villages: tuple[Village, Village], level: int) -> None:
        self.model = model
        self.key = key
        self.villages = villages
        self.level = level
        self.is_border = self.is_river = False
        self.length_km = 0.0
        self.dyads: dict[int, Dyad] = {}  # by tier, where the two sides have offices of their own
        self.departments: list[Dyad] = []
        self.rate = self.top_rate = 0.0  # disputes and candidates a year
        self.due, self.candidate = 0.0, 0
        self.baseline = self.trust = 0.5
        self.interest = 0.0
        self.legacy_open = 0
        self.is_contested = False  # a legacy claim was open at the start
        self.open_cases: list[Case] = []  # oldest first
        self.contact_due = -1e9
        self.contacts_this_year = 0
        self.rules: Any = None

    @property
    def scope(self) -> int:
        """1 on the border, 0 inside."""
        return int(self.is_border)

    def dyad_at(self, tier: int, domain: int) -> Dyad | None:
        """Give the two offices that face each other at a tier, None where both sides stand under one."""
        if tier == DEPARTMENT and self.departments:
            return self.departments[self.model.department_of[domain]]
        return self.dyads.get(tier)

    def drift(self) -> None:
        """Let trust drift for a day to its baseline, which is lower while a claim is open."""
        p = self.model.p
        rest = self.baseline - (p.legacy_trust_deduction if self.legacy_open else 0.0)
        self.trust = fade(self.trust, max(0.0, rest), 1.0, p.trust_half_life_days)

    def gain(self, share: float) -> None:
        """Raise trust by a share of its distance to one."""
        self.trust = rise(self.trust, share)

    def lose(self, share: float) -> None:
        """Lower trust by a share of itself."""
        self.trust = lose(self.trust, share)


class Bank(mesa.Agent):
    """One of the two banks of a stretch, with its stream of candidates for an offence."""

    def __init__(self, model: Border, key: int, tie: Tie, side: int, stretch: int, length_km: float) -> None:
        super().__init__(model)
        self.key = key
        self.tie = tie
        self.side = side
        self.stretch = stretch
        self.length_km = length_km
        self.rate = 0.0  # candidates a year
        self.due, self.candidate = 0.0, 0
        self.other: Bank
        self.near: list[Bank] = []  # within reach of an offender
        self.police: Team
        self.risk = model.p.perceived_risk_prior
        self.reported = 0.0
        self.last_visit = -1 - key % 21
        self.visitor: Team | None = None
        self.rules: Any = None

    @property
    def scope(self) -> int:
        """1 on the border, 0 inside."""
        return self.tie.scope

    @property
    def visits_rise(self) -> float:
        """What mechanisms add to the visits on this bank."""
        return float(self.rules.visits_rise_b if self.side else self.rules.visits_rise_a)

    def fade(self) -> None:
        """Let a day take the edge off what offenders fear here and what teams have heard."""
        p = self.model.p
        self.risk = fade(self.risk, p.perceived_risk_prior, 1.0, p.deterrence_half_life_days)
        self.reported = fade(self.reported, 0.0, 1.0, p.deterrence_half_life_days)

    def deter(self, share: float) -> None:
        """Raise the perceived risk by a share of its distance to one."""
        self.risk = rise(self.risk, share)


class RiverPlace(mesa.Agent):
    """A town on the river and its discharge."""

    def __init__(self, model: Border, office: Office | None, load: float, arrives: float) -> None:
        super().__init__(model)
        self.office = office
        self.load = load  # untreated
        self.arrives = arrives  # share that reaches the border section
        self.treated = model.p.treated_at_start
