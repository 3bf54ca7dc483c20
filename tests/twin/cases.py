"""A case: a dispute, a legacy claim, or an offence to clear, with its whole life."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.levers.definitions import DOMAINS
from sim.rules.arriving import waiting_days
from sim.streams import GIVING_UP, RELAPSE, WORSEN, uniform
from sim.world.offices import VILLAGE

if TYPE_CHECKING:
    from tests.twin.border import Border
    from tests.twin.offices import Dyad
    from tests.twin.places import Tie, Village

__all__ = ["FAMILY", "LAND", "SECURITY", "TRADE", "WATER", "Case", "rank"]

LAND, WATER, FAMILY, TRADE, SECURITY = range(len(DOMAINS))


def rank(tier: int) -> int:
    """Give the height of a tier: departments and all above stand as high as a county."""
    return min(tier, 2)


class Case:
    """One case; its key and number in its stream key all its draws."""

    def __init__(
        self, model: Border, key: int, candidate: int, tie: Tie | None, village: Village, side: int = 0
    ) -> None:
        self.model = model
        self.key, self.candidate = key, candidate
        self.tie, self.village = tie, village
        self.side = self.holder = side  # which side learned of it first, and which one holds it
        self.domain, self.difficulty, self.first_difficulty, self.detected_difficulty = LAND, 0, 0, 0
        self.needs_both = self.is_legacy = self.is_incident = False
        self.status = "latent"  # open, settled, given_up
        self.tier = VILLAGE
        self.occurred = model.day
        self.known = self.other_known = self.gives_up = self.worsens = math.inf
        self.first_response: int | None = None
        self.settled: int | None = None
        self.settled_tier, self.how = 0, "none"
        self.last_act = self.idle_days = 0
        self.next_act, self.next_day = "", 0
        self.channel, self.called = "line", 0  # how and for when a session was called
        self.item = ""  # plain, owned, dropped
        self.attempts = self.sessions = self.hand_offs = self.relapses = self.settlements = 0
        model.cases.append(self)

    @property
    def scope(self) -> int:
        """1 on the border, 0 inside."""
        return self.tie.scope if self.tie else 0

    @property
    def level(self) -> int:
        """Boundary level, 0 inside a village."""
        return self.tie.level if self.tie else 0

    @property
    def dyad(self) -> Dyad | None:
        """The two offices that deal with it, None where it is one office's own work."""
        return self.tie.dyad_at(self.tier, self.domain) if self.tie else None

    @property
    def cool_off(self) -> int:
        """Days between two attempts."""
        p = self.model.p
        return int(p.legacy_cool_off_days if self.is_legacy else p.cool_off_days)

    def draw(self, process: int, index: int) -> float:
        """Draw a number that belongs to this case."""
        return uniform(self.model.seed, process, self.key, self.candidate, index)

    def count(self, name: str, amount: float = 1.0) -> None:
        """Record something for the border or the interior, wherever it lies."""
        self.model.count(name, self.scope, amount)

    def wait_for(self, act: str, day: int) -> None:
        """Enter the next act."""
        self.next_act, self.next_day = act, day
        self.model.docket.enter(self, day, self.model.day)

    def detect_on(self, day: int) -> None:
        """Enter the day on which it becomes known."""
        self.next_day = day
        self.model.detections.enter(self, day, self.model.day)

    def call(self, tier: int, day: int) -> None:
        """Call both sides to a session on the first day from a day on at which a tier holds sessions."""
        self.called = self.model.session_day(tier, day)
        self.wait_for("meet", self.called)

    def open(self) -> None:
        """Enter it among the open cases of its tie."""
        self.status = "open"
        if self.tie:
            self.tie.open_cases.append(self)

    def close(self, status: str) -> None:
        """Take it out of all dockets."""
        self.status = status
        if self.tie:
            self.tie.open_cases.remove(self)

    def act(self) -> None:
        """Note that somebody acted; a longer pause before was spent in the vacuum."""
        if self.settled is None:
            self.idle_days += max(0, self.model.day - self.last_act - int(self.model.p.unattended_days))
        self.last_act = self.model.day

    def respond(self) -> int:
        """Hold one more session and give the number of those before: the luck of a session belongs to it."""
        self.first_response = self.model.day if self.first_response is None else self.first_response
        self.sessions += 1
        return self.sessions - 1

    def hand_over(self, hands: int) -> None:
        """Pass through so many hands."""
        self.hand_offs += hands
        self.count("hand_offs", hands)

    def tell_both(self) -> None:
        """Let both sides know."""
        self.other_known = min(self.other_known, self.model.day)

    def aggrieve(self) -> None:
        """Raise the grievance of its villages."""
        for village in self.tie.villages if self.tie else (self.village,):
            village.aggrieve(self.model.p.grievance_per_event)

    def schedule_worsening(self) -> None:
        """Draw when it would worsen next; the draw belongs to the case and its stage."""
        never = self.is_incident or self.is_legacy or self.domain == SECURITY
        if never or self.worsens < math.inf:
            return
        p = self.model.p
        hazard = p.incident_per_day if self.difficulty == 2 else p.worsening_per_day
        days = waiting_days(self.draw(WORSEN, self.difficulty + 4 * self.relapses), hazard)
        self.worsens = self.model.day + 1 + int(min(days, 1e8))
        self.model.worsenings.enter(self, self.worsens, self.model.day)

    def schedule_giving_up(self) -> None:
        """Draw when its parties would give it up; villages never give up a legacy claim."""
        days = waiting_days(self.draw(GIVING_UP, self.relapses), self.model.p.giving_up_per_day)
        self.gives_up = math.inf if self.is_legacy else self.model.day + 1 + int(min(days, 1e8))

    def settle(self, how: str) -> None:
        """Settle it, and draw whether and when it opens again."""
        p = self.model.p
        self.act()
        self.close("settled")
        self.settlements += 1
        self.item = ""
        if self.settled is None:
            self.settled, self.settled_tier, self.how = self.model.day, self.tier, how
            if self.domain == SECURITY:
                self.count("cleared")
            elif self.is_legacy:
                self.count("legacy_settled")
            else:
                self.count("settled")
                self.count(f"closed_{self.model.tier_names[self.tier]}")
        if self.tie and self.is_legacy:
            self.tie.legacy_open -= 1
        if self.tie and how == "joint" and self.domain != SECURITY:
            self.tie.gain(p.trust_gain)
        if self.is_legacy or self.domain == SECURITY:
            return
        if self.draw(RELAPSE, 2 * self.settlements) < p.relapse_share:
            days = self.draw(RELAPSE, 2 * self.settlements + 1) * p.relapse_window_days
            self.wait_for("reopen", self.model.day + 1 + int(days))
