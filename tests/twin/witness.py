"""A witness of the twin: writes down every act on a case while it happens, which the engine never does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from sim.rules.choosing import ALONE, JOINT, LEAVE, REFER
from sim.world.offices import COUNTY, DEPARTMENT, TOWN, UPPER, VILLAGE
from tests.twin import handling, hours, sessions
from tests.twin.cases import Case

__all__ = ["ACTS", "Witness"]

ACTS = (
    "convened", "item", "forgotten", "called", "postponed", "no_date", "absent", "met", "alone_planned",
    "alone", "own_planned", "own", "referred", "returned", "left", "lost", "settled", "relapsed", "given_up",
)  # fmt: skip
"""What it writes down."""

Act = tuple[int, str, str, str, str]
"""Day, what was done, how, at which tier, and by which side: a, b, or blank for both and for those above."""

_TIERS = {VILLAGE: "village", TOWN: "town", COUNTY: "county", DEPARTMENT: "department", UPPER: "upper"}

_TOGETHER = ("met", "item", "forgotten", "convened", "relapsed")


class Witness:
    """Stands behind the functions of the twin and notes what they do to a case."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.lives: dict[tuple[int, int], list[Act]] = defaultdict(list)
        self.efforts: dict[tuple[int, int, int], dict[int, bool]] = defaultdict(dict)
        for module, name, note in (
            (handling, "decide_between", self.decide_between),
            (handling, "decide_inside", self.decide_inside),
            (handling, "choose", self.choose),
            (handling, "meet", self.meet),
            (handling, "mediate_alone", self.mediate_alone),
            (handling, "work_on_own", self.work_on_own),
            (handling, "reopen", self.reopen),
            (sessions, "makes_effort", self.makes_effort),
            (hours, "decide_item", self.decide_item),
            (hours, "take_up", self.take_up),
        ):
            patch.setattr(module, name, self.behind(getattr(module, name), note))
        for name, note in (("settle", self.settle), ("close", self.close)):
            patch.setattr(Case, name, self.behind(getattr(Case, name), note))
        self.chosen = LEAVE

    def behind(self, function: Callable[..., Any], note: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            return note(function, *arguments, **named)

        return watched

    def write(
        self, case: Case, event: str, detail: str = "", tier: int = -1, place: int | None = None
    ) -> None:
        """Write down an act, at the end or at a place that was kept for it."""
        tier = case.tier if tier < 0 else tier
        life = self.lives[case.key, case.candidate]
        is_between = case.tie is not None and case.tie.dyad_at(tier, case.domain) is not None
        side = "ab"[1 - case.holder if event == "absent" else case.holder]
        side = side if is_between and event not in _TOGETHER else ""
        name = "" if event == "relapsed" else _TIERS[tier]
        life.insert(len(life) if place is None else place, (case.model.day, event, detail, name, side))

    def choose(self, function: Any, case: Case, *worths: float) -> int:
        self.chosen = function(case, *worths)
        return int(self.chosen)

    def decide_between(self, function: Any, case: Case, dyad: Any) -> None:
        hands, tier = case.hand_offs, case.tier
        function(case, dyad)
        if self.chosen == JOINT and case.next_act == "meet":
            self.write(case, "called", case.channel)
        elif self.chosen == JOINT:
            self.write(case, "lost", "call")
        elif self.chosen == REFER:
            self.refer(case, hands, tier)
        elif self.chosen == LEAVE:
            self.write(case, "left")
        else:
            assert self.chosen == ALONE

    def decide_inside(self, function: Any, case: Case) -> None:
        hands, tier, self.chosen = case.hand_offs, case.tier, ALONE
        function(case)
        if self.chosen == REFER:
            self.refer(case, hands, tier)
        elif case.next_day > case.model.day:
            self.write(case, "own_planned")

    def refer(self, case: Case, hands: int, tier: int) -> None:
        events = {0: ("lost", "referral"), 1: ("referred", ""), 2: ("returned", "")}
        self.write(case, *events[case.hand_offs - hands], tier)

    def makes_effort(self, function: Any, case: Case, dyad: Any, side: int) -> bool:
        works = bool(function(case, dyad, side))
        self.efforts[case.key, case.candidate, case.model.day][side] = works
        return works

    def meet(self, function: Any, case: Case) -> None:
        held, attempts, caller = case.sessions, case.attempts, case.holder
        life = self.lives[case.key, case.candidate]
        place = len(life)
        function(case)
        if case.sessions > held:
            works = self.efforts[case.key, case.candidate, case.model.day]
            kind = {(True, True): "both", (True, False): "caller", (False, True): "called"}
            detail = kind.get((works[caller], works[1 - caller]), "none")
            # It comes before the settlement, which is written down by now.
            self.write(case, "met", detail, place=place)
        elif case.attempts == attempts:
            self.write(case, "postponed", "joint")
        else:
            self.write(case, "absent" if case.last_act == case.model.day and self.met(case) else "no_date")

    def met(self, case: Case) -> bool:
        return (case.key, case.candidate, case.model.day) in self.efforts

    def mediate_alone(self, function: Any, case: Case) -> None:
        held, life = case.sessions, self.lives[case.key, case.candidate]
        place = len(life)
        was_planned = bool(life) and life[-1][1] in ("alone_planned", "postponed")
        function(case)
        if case.sessions > held:
            self.write(case, "alone", place=place)
        else:
            self.write(case, *(("postponed", "alone") if was_planned else ("alone_planned", "")))

    def work_on_own(self, function: Any, case: Case) -> None:
        place = len(self.lives[case.key, case.candidate])
        function(case)
        self.write(case, "own", place=place)

    def reopen(self, function: Any, case: Case) -> None:
        self.write(case, "relapsed")
        function(case)

    def decide_item(self, function: Any, border: Any, forum: Any, dyad: Any, case: Case) -> None:
        function(border, forum, dyad, case)
        self.write(case, *(("forgotten", "") if case.item == "dropped" else ("item", case.item)))

    def take_up(self, function: Any, border: Any, office: Any, dyad: Any) -> None:
        waiting = {case: case.next_day for tie in dyad.ties for case in tie.open_cases}
        function(border, office, dyad)
        for case, day in waiting.items():
            if case.next_day < day:
                self.write(case, "convened")

    def settle(self, function: Any, case: Case, how: str) -> None:
        function(case, how)
        self.write(case, "settled", how if case.settlements == 1 else "")

    def close(self, function: Any, case: Case, status: str) -> None:
        function(case, status)
        if status == "given_up":
            self.write(case, "given_up")
