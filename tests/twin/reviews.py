"""Between two days: counties look at their books and next door, drop mechanisms and take others up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.levers.institutions import Review
from sim.rules.reviewing import is_noticed, judged_gain, review_score
from sim.streams import REVIEW, entity_number, uniform
from tests.twin.cases import SECURITY

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["Alliance", "Spell", "Unit"]


@dataclass
class Spell:
    """A unit's time with a mechanism."""

    unit: str
    mechanism: str
    from_day: int
    until_day: int = -1  # while it lasts
    taken_from: str = ""  # where the unit began with it
    gain: float = math.nan  # what it was taken to have brought, when it was dropped


class Alliance:
    """Those who review together, and when."""

    def __init__(self, border: Border, review: Review) -> None:
        self.border = border
        self.review = review
        self.first_day = self.last_day = border.day
        self.held = 0
        self.spells: list[Spell] = []
        self.units = [Unit(self, number) for number in range(len(review.units))]
        for number, unit in enumerate(self.units):
            near = review.neighbours[number]
            unit.neighbours = [other for other, is_near in zip(self.units, near, strict=True) if is_near]
            for mechanism, is_there in zip(review.options, review.start[number], strict=True):
                if is_there:
                    unit.take_up(mechanism)
        # The time before is a span without any mechanism; calls are those of the whole past.
        span = min(self.days_until(1), border.day)
        for unit in self.units:
            calls, attended, hours = unit.totals()
            score = unit.score_of((calls, attended, hours * span / max(border.day, 1)), span)
            unit.without = dict.fromkeys(review.options, score)

    def days_until(self, number: int) -> int:
        """Give the days from the first one to a review: whole calendar years, and days for what is left."""
        begin = self.border.date - timedelta(days=self.border.day - self.first_day)
        whole, rest = divmod(number * self.review.every_years, 1.0)
        # From a 29th of February that a year does not have on to the first of March.
        later = date(begin.year + int(whole), begin.month, 1) + timedelta(days=begin.day - 1)
        return (later - begin).days + round(rest * 365.25)

    @property
    def is_due(self) -> bool:
        """Whether a review is held before the day that comes next."""
        ahead = self.days_until(self.held + 1)
        return ahead < self.review.days and self.border.day == self.first_day + ahead

    def look_back(self) -> None:
        """Let all units judge at once by what they see, and put in force what they chose."""
        today, span = self.border.day, self.border.day - self.last_day
        for unit in self.units:
            totals = unit.totals()
            unit.score = unit.score_of(tuple(np.subtract(totals, unit.books).tolist()), span)
            unit.books, unit.ran = totals, set(unit.runs)
        changed = [unit.change() for unit in self.units]
        for unit in self.units:
            if math.isfinite(unit.score):
                unit.without |= {one: unit.score for one in self.review.options if one not in unit.ran}
        self.last_day = today
        self.held += 1
        if any(changed):
            since = np.array([unit.since for unit in self.units])
            self.border.plan(self.review.recompile(since, today - self.first_day), self.first_day)


class Unit(mesa.Agent):
    """A county, or two that meet on the border: the mechanisms it runs, its books and what it remembers."""

    def __init__(self, alliance: Alliance, number: int) -> None:
        super().__init__(alliance.border)
        review, border = alliance.review, alliance.border
        self.alliance = alliance
        self.name = review.units[number]
        pairs = np.flatnonzero(review.members[number])
        self.ties = {tie for tie, pair in zip(border.ties, review.tie_pair, strict=True) if pair in pairs}
        self.dyads = [
            dyad for dyad, pair in zip(border.dyads, review.dyad_pair, strict=True) if pair in pairs
        ]
        # An office that works in several pairs of counties stands in the books of each with an even part.
        worked = review.office_pair[:, 0].tolist()
        self.offices = [
            (border.offices[office], 1.0 / worked.count(office))
            for office, pair in review.office_pair.tolist()
            if pair in pairs
        ]
        self.neighbours: list[Unit] = []
        self.runs: dict[str, Spell] = {}  # now, by mechanism
        self.ran: set[str] = set()  # in the span that is looked back on
        self.score = math.nan  # of that span
        self.without: dict[str, float] = {}  # score of the last span without a mechanism
        self.books = self.totals()

    @property
    def since(self) -> list[int]:
        """The day since the first one on which it took up each mechanism, -1 where it does not run it."""
        first, runs = self.alliance.first_day, self.runs
        return [runs[one].from_day - first if one in runs else -1 for one in self.alliance.review.options]

    def totals(self) -> tuple[float, float, float]:
        """Give its calls, those attended and its bound hours since the start."""
        calls, attended = sum(one.calls for one in self.dyads), sum(one.attended for one in self.dyads)
        hours = sum(office.bound_hours * part for office, part in self.offices)
        return float(calls), float(attended), float(hours)

    def score_of(self, totals: tuple[float, ...], days: int) -> float:
        """Give its score for the last days, with calls, attended calls and bound hours of them."""
        border = self.alliance.border
        done, tried, hours = totals[1], totals[0], totals[2]
        if not self.alliance.review.weighs_attendance:
            own = [case for case in border.cases if case.tie in self.ties and not case.is_legacy]
            own = [case for case in own if case.domain != SECURITY]
            tried = float(sum(border.day - days <= case.known < border.day for case in own))
            dates = [case.settled for case in own if case.settled is not None]
            done = float(sum(border.day - days <= date < border.day for date in dates))
        desks = sum(office.base_desk * part for office, part in self.offices) * days
        return review_score(done, tried, hours, desks, border.p.review_hour_weight)

    def with_without(self, mechanism: str) -> float:
        """Compare those in sight that ran a mechanism with those that did not; nan without one of either."""
        seen = [one for one in (self, *self.neighbours) if math.isfinite(one.score)]
        some = [one.score for one in seen if mechanism in one.ran]
        others = [one.score for one in seen if mechanism not in one.ran]
        return float(np.mean(some) - np.mean(others)) if some and others else math.nan

    def lot(self, mechanism: str) -> float:
        """Draw what decides between mechanisms that look alike."""
        number = entity_number(mechanism) & 0x7FFFFFFF
        seed = self.alliance.border.seed
        return uniform(seed, REVIEW, entity_number(self.name), self.alliance.held, number)

    def change(self) -> bool:
        """Drop what came with a loss and take over what better neighbours ran; tell whether it did."""
        margin, most = self.alliance.border.p.review_margin, self.alliance.review.changes
        gains = {one: judged_gain(self.score - self.without[one], self.with_without(one)) for one in self.ran}
        losing = [one for one in self.ran if is_noticed(-gains[one], margin)]
        losing = sorted(losing, key=lambda one: (gains[one], self.lot(one)))[:most]
        better = [other for other in self.neighbours if is_noticed(other.score - self.score, margin)]
        found: dict[str, Unit] = {}
        for neighbour in sorted(better, key=lambda other: -other.score):
            new = neighbour.ran - self.ran - found.keys()
            new = {one for one in new if not is_noticed(-self.with_without(one), margin)}
            best = sorted(new, key=lambda one: (-self.with_without(one), self.lot(one)))
            found |= dict.fromkeys(best, neighbour)
        for mechanism in losing:
            self.drop(mechanism, gains[mechanism])
        for mechanism in list(found)[:most]:
            self.take_up(mechanism, found[mechanism].name)
        return bool(losing or found)

    def take_up(self, mechanism: str, taken_from: str = "") -> None:
        """Begin with a mechanism."""
        self.runs[mechanism] = Spell(self.name, mechanism, self.alliance.border.day, taken_from=taken_from)
        self.alliance.spells.append(self.runs[mechanism])

    def drop(self, mechanism: str, gain: float) -> None:
        """End with a mechanism."""
        spell = self.runs.pop(mechanism)
        spell.until_day, spell.gain = self.alliance.border.day, gain
