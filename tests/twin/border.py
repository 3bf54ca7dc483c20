"""The model once more, as a textbook would write it: one Mesa agent each, a day at a time, plain Python.

It follows the ODD phase by phase, calls the same rules and draws the same keyed random numbers as the
engine, and shares nothing else with it, so that what both agree on was said twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from sim.levers.coverage import DEPARTMENTS
from sim.levers.definitions import DOMAINS, TIERS
from sim.levers.institutions import Institutions, Tables, ordinary_tables
from sim.parameters import Parameters
from sim.world.offices import VILLAGE
from sim.world.world import World
from tests.twin import founding
from tests.twin.arrivals import arise
from tests.twin.cases import Case
from tests.twin.channels import keep_channels
from tests.twin.diary import Diary
from tests.twin.handling import handle_cases
from tests.twin.hours import hold_meetings, meet_socially, stand_duty
from tests.twin.learning import learn_slowly
from tests.twin.offences import offend, operate
from tests.twin.offices import Dyad, Office, Team
from tests.twin.patrol import patrol
from tests.twin.places import Bank, RiverPlace, Tie, Village
from tests.twin.record import record_day, record_month
from tests.twin.reviews import Alliance
from tests.twin.river import flow_downstream, serve_requests
from tests.twin.sensing import sense

__all__ = ["Border"]

START = date(2015, 1, 1)


class Border(mesa.Model):
    """A border that lives day by day.

    Parameters
    ----------
    world : World
        The laid-out border.
    parameters : Parameters
        Values of the parameter table.
    seed : int
        Seed of every draw, 0 or more.

    Examples
    --------
    >>> from sim.world.world import lay_out
    >>> from tests.twin.borders import every_level
    >>> border = Border(lay_out(every_level(), 0), Parameters(), seed=0)
    >>> border.run(3)
    >>> border.day, border.date.isoformat()
    (3, '2015-01-04')
    """

    def __init__(self, world: World, parameters: Parameters, seed: int) -> None:
        super().__init__(seed=seed)
        self.world = world
        self.parameters = parameters
        self.p = plain(parameters)
        self.seed = seed
        self.day = 0
        self.tier_names = (*TIERS, "upper")
        departments = world.department_key
        self.department_of = [departments.index(DEPARTMENTS[domain]) for domain in DOMAINS]
        self.cases: list[Case] = []
        self.record: list[tuple[dict[str, float], dict[str, float]]] = []
        self.docket, self.detections, self.worsenings = Diary(), Diary(), Diary()
        self.disputes, self.offenders = Diary(), Diary()
        self.villages: list[Village] = founding.villages(self)
        self.offices: list[Office] = founding.offices(self)
        self.ties: list[Tie] = founding.ties(self)
        self.mean_trust = founding.trust(self)
        self.dyads: list[Dyad] = founding.dyads(self)
        self.banks: list[Bank] = founding.banks(self)
        self.teams: list[Team] = founding.teams(self)
        self.river: list[RiverPlace] = founding.river(self)
        self.alliance: Alliance | None = None
        self._epochs: list[tuple[int, Tables]] = []
        sizes = (len(self.ties), len(self.offices), len(self.banks) // 2)
        ordinary = ordinary_tables(world.dyad_level, *sizes, parameters)
        for dyad, monitoring in zip(self.dyads, ordinary.dyads["monitoring"], strict=True):
            dyad.ordinary_monitoring = float(monitoring)
        self._read(ordinary)
        founding.set_going(self)

    # The day

    def run(self, days: int) -> None:
        """Live a number of days."""
        for _ in range(days):
            self.step()

    def step(self) -> None:
        """Live a day: ten phases in one order."""
        self.turn_calendar()
        stand_duty(self)
        hold_meetings(self)
        meet_socially(self)
        arise(self)
        sense(self)
        patrol(self)
        offend(self)
        if self.ends_month:
            operate(self)
        handle_cases(self)
        if self.ends_month:
            keep_channels(self)
            learn_slowly(self)
            flow_downstream(self)
            serve_requests(self)
            record_month(self)
        record_day(self)
        self.day += 1
        if self.alliance and self.alliance.is_due:
            self.alliance.look_back()

    def turn_calendar(self) -> None:
        """Let the night pass, and put in force what begins today."""
        if self.day:
            self.pass_night()
        if self.month == len(self.record):
            self.record.append((defaultdict(float), defaultdict(float)))
        if self._epochs and self._epochs[0][0] <= self.day:
            self.take_effect(self._epochs.pop(0)[1])

    def pass_night(self) -> None:
        """Save up a day's hours, and let what wears off wear off."""
        for office in self.offices:
            office.save()
        for dyad in self.dyads:
            dyad.live()
        for tie in self.ties:
            tie.drift()
        for bank in self.banks:
            bank.fade()

    @property
    def date(self) -> date:
        """The date of today: the day that is lived, or comes next."""
        return START + timedelta(days=self.day)

    @property
    def month(self) -> int:
        """Months since the start."""
        return 12 * (self.date.year - START.year) + self.date.month - 1

    @property
    def ends_month(self) -> bool:
        """Whether today is the last day of a month."""
        return (self.date + timedelta(days=1)).month != self.date.month

    def session_day(self, tier: int, day: int) -> int:
        """Give the first day from a day on at which a tier meets: above the village on working days."""
        weekday = (START + timedelta(days=day)).weekday()
        return day + 7 - weekday if tier != VILLAGE and weekday >= 5 else day

    def count(self, name: str, scope: int, amount: float = 1.0) -> None:
        """Record something of this month, for the interior (0) or the border (1)."""
        self.record[-1][scope][name] += amount

    # Institutions

    def adopt(self, institutions: Institutions) -> None:
        """Put institutions in force from today on, in place of those that were.

        Parameters
        ----------
        institutions : Institutions
            With dates counted from today.
        """
        for office in self.offices:
            office.efforts = office.border_efforts = 0
        self.plan(institutions, self.day)
        self.alliance = Alliance(self, institutions.review) if institutions.review else None

    def plan(self, institutions: Institutions, first_day: int) -> None:
        """Enter when which tables will hold; their dates count from a first day."""
        self._epochs = [(epoch.first_day, epoch.tables) for epoch in institutions.shifted(first_day).epochs]

    def take_effect(self, tables: Tables) -> None:
        """Read tables; hours bound every day come out of desks and of interior work."""
        self._read(tables)
        p = self.p
        for office in self.offices:
            rules = office.rules
            desk = office.base_desk + rules.desk_extra - rules.bound_hours * p.bound_desk_share
            least = p.least_hours_share * office.base_desk
            interior = office.base_interior + rules.interior_extra
            interior -= rules.bound_hours * (1.0 - p.bound_desk_share) + max(0.0, least - desk)
            office.desk_rate = max(desk, least)
            office.interior_rate = max(interior, p.least_hours_share * office.base_interior)
            office.desk = min(office.desk, office.desk_full)
        for dyad in self.dyads:
            dyad.shared_hours = min(dyad.shared_hours, dyad.shared_full)
        for team in self.teams:
            if team.banks:
                # A visit may be saved up to the last digit, so the mean is rounded as the engine's is.
                rise = float(np.mean([bank.visits_rise for bank in team.banks]))
                team.visits_per_day = team.base_visits * (1.0 + rise)

    def _read(self, tables: Tables) -> None:
        """Tell everybody the rules that hold for them."""
        for those, table in (
            (self.dyads, tables.dyads),
            (self.ties, tables.ties),
            (self.offices, tables.offices),
            (self.banks[::2], tables.banks),
        ):
            for one, row in zip(those, table, strict=True):
                one.rules = named(row)
        for bank in self.banks[1::2]:
            bank.rules = bank.other.rules
        self.forums = [named(row) for row in tables.forums]
        for forum in self.forums:
            members = tables.forum_dyads[forum.first : forum.first + forum.count]
            forum.dyads = [self.dyads[member] for member in members]
        self.rules = named(tables.general[0])


def named(row: Any) -> SimpleNamespace:
    """Give a row of a table as an object."""
    return SimpleNamespace(**dict(zip(row.dtype.names, row.item(), strict=True)))


def plain(parameters: Parameters) -> SimpleNamespace:
    """Give the parameters as attributes, those that go by difficulty as triples too."""
    p = SimpleNamespace(**parameters)
    for name in ("success", "needs_both", "session_hours", "sessions"):
        setattr(p, name, [parameters[f"{name}_{which}"] for which in ("simple", "complex", "hard")])
    simple = 1.0 - p.border_complex_share - p.border_hard_share
    p.border_share = [simple, p.border_complex_share, p.border_hard_share]
    return p
