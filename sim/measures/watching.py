"""A run watched day by day: which stretches were covered, and which hours went into what.

The engine keeps monthly totals. Where along the line coverage lies and what hours are spent on is not kept,
because a run would be slower for it; whoever wants to see it lives the same run again one day at a time and
looks. Watching changes nothing: the run ends in the same state to the bit.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.constants import DAYS_PER_YEAR, UPPER
from sim.engine.simulation import Simulation
from sim.levers.institutions import Tables
from sim.measures.case_table import TIER_NAMES
from sim.rules.willingness import attend_chance
from sim.streams import DUTY, MEETING, uniform

__all__ = ["ACTIVITIES", "HoursWatch", "LineWatch", "watch_days"]

ACTIVITIES: Final = (
    "meetings",
    "duties",
    "joint_offices",
    "double_posts",
    "contact",
    "channels",
    "operations",
)
"""What hours are bound by, in reporting order."""

_SIDES: Final = ("a", "b")
_MONDAY, _SATURDAY = 0, 5
# Sums of hours that were added in another order differ in their last digits.
_ROUNDING_HOURS: Final = 1e-6


class Watch(Protocol):
    """What looks at a run before and after each of its days."""

    def before(self, run: Simulation) -> None:
        """Look at a run before its next day."""

    def after(self, run: Simulation) -> None:
        """Look at it when the day is lived."""


def watch_days(run: Simulation, days: int, *watches: Watch) -> None:
    """Live a number of days one by one, with somebody looking.

    Parameters
    ----------
    run : Simulation
        The run; it goes on as `Simulation.run` would make it.
    days : int
        0 or more.
    *watches : LineWatch or HoursWatch
        Who looks.
    """
    for _ in range(days):
        for watch in watches:
            watch.before(run)
        run.run(1)
        for watch in watches:
            watch.after(run)


class LineWatch:
    """Coverage of every stretch of the border, bank by bank and month by month.

    Parameters
    ----------
    run : Simulation
        The run, at the day from which on it is watched.

    Examples
    --------
    >>> from sim.parameters import Parameters
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 0)
    >>> run = Simulation(world, Parameters(), seed=0)
    >>> line = LineWatch(run)
    >>> watch_days(run, 40, line)
    >>> list(line.table().columns)[:4], line.table()["month_index"].unique().tolist()
    (['month_index', 'town_a', 'town_b', 'side'], [0, 1])
    """

    def __init__(self, run: Simulation) -> None:
        world = run.world
        self._banks = np.flatnonzero(run.columns.banks["is_border"] == 1)
        segments = self._banks // 2
        ties = world.segment_tie[segments]
        self._towns = np.column_stack(
            [world.village_town[world.tie_a[ties]], world.village_town[world.tie_b[ties]]]
        )
        self._codes = np.array(world.town_code, dtype=object)
        self._km = run.columns.banks["length_km"][self._banks].astype(np.float64)
        self._first_month: int | None = None
        self._days: list[NDArray[np.float64]] = []

    def before(self, run: Simulation) -> None:
        """Look at a run before its next day: there is nothing to see yet.

        Parameters
        ----------
        run : Simulation
            The run.
        """

    def after(self, run: Simulation) -> None:
        """Note which banks were visited within the last 7 and 30 days.

        Parameters
        ----------
        run : Simulation
            The run, its day lived.
        """
        month = int(run.months[-1, 0])
        if self._first_month is None:
            self._first_month = month
        while len(self._days) <= month - self._first_month:
            self._days.append(np.zeros((3, self._banks.size)))
        since = run.day - 1 - run.columns.last_visits[self._banks]
        noted = self._days[month - self._first_month]
        noted[0] += 1.0
        noted[1] += since < 7
        noted[2] += since < 30

    def table(self) -> pd.DataFrame:
        """List what was seen.

        Returns
        -------
        pandas.DataFrame
            Columns month_index (from the first month watched), town_a, town_b (codes), side ("a" or "b",
            whose bank), length_km, coverage_7_days, coverage_30_days (share of length and days, 0 to 1); a
            row for each month, pair of towns and side.
        """
        frames = []
        for month, (days, week, thirty) in enumerate(self._days):
            frame = pd.DataFrame(
                {
                    "month_index": month,
                    "town_a": self._codes[self._towns[:, 0]],
                    "town_b": self._codes[self._towns[:, 1]],
                    "side": np.array(_SIDES, dtype=object)[self._banks % 2],
                    "length_km": self._km,
                    "days": self._km * days,
                    "coverage_7_days": self._km * week,
                    "coverage_30_days": self._km * thirty,
                }
            )
            frames.append(frame)
        keys = ["month_index", "town_a", "town_b", "side"]
        columns = ["length_km", "days", "coverage_7_days", "coverage_30_days"]
        if not frames:
            return pd.DataFrame(columns=[*keys, "length_km", *columns[2:]])
        table = pd.concat(frames, ignore_index=True).groupby(keys, as_index=False)[columns].sum()
        for name in columns[2:]:
            table[name] = table[name] / table["days"]
        return table.drop(columns="days")


class HoursWatch:
    """Hours that mechanisms bind: by month, side, tier and what they are spent on.

    Who stands duty and who comes to a meeting follows from the same keyed draws as in the run itself, and
    joint operations are what is left; so the activities add up to what the engine recorded, which `table`
    checks.

    Parameters
    ----------
    run : Simulation
        The run, at the day from which on it is watched.

    Examples
    --------
    >>> from sim.parameters import Parameters
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 0)
    >>> run = Simulation(world, Parameters(), seed=0)
    >>> hours = HoursWatch(run)
    >>> watch_days(run, 31, hours)
    >>> float(hours.table()["hours"].sum())
    0.0
    """

    def __init__(self, run: Simulation) -> None:
        offices = run.columns.offices
        self._side = offices["side"].astype(np.int64)
        self._tier = offices["tier"].astype(np.int64)
        self._first_month: int | None = None
        # Months, then activities, then offices.
        self._hours: list[NDArray[np.float64]] = []
        self._bound = np.zeros(0)
        self._contact_due = np.zeros(0)
        self._tables: Tables | None = None

    def before(self, run: Simulation) -> None:
        """Remember what is bound so far, and the rules of the day to come.

        Parameters
        ----------
        run : Simulation
            The run before its next day.
        """
        self._tables = run.tables_in_force
        self._bound = run.columns.offices["bound_hours"].copy()
        self._contact_due = run.columns.ties["contact_due"].copy()

    def after(self, run: Simulation) -> None:
        """Share out the hours that the day bound.

        Parameters
        ----------
        run : Simulation
            The run, its day lived.
        """
        assert self._tables is not None
        month, _, weekday, days_of_month_ending = (int(number) for number in run.months[-1])
        if self._first_month is None:
            self._first_month = month
        while len(self._hours) <= month - self._first_month:
            self._hours.append(np.zeros((len(ACTIVITIES), self._side.size)))
        spent = np.zeros((len(ACTIVITIES), self._side.size))
        day = run.day - 1
        _note_duties(spent[ACTIVITIES.index("duties")], run, self._tables, day)
        _note_contact(spent[ACTIVITIES.index("contact")], run, self._tables, self._contact_due, day)
        if weekday < _SATURDAY:
            _note_meetings(spent[ACTIVITIES.index("meetings")], run, self._tables, day, weekday)
        if days_of_month_ending:
            _note_channels(spent[ACTIVITIES.index("channels")], run, self._tables)
            offices, posts = _standing_hours(run, self._tables)
            spent[ACTIVITIES.index("joint_offices")] = offices * days_of_month_ending
            spent[ACTIVITIES.index("double_posts")] = posts * days_of_month_ending
        left = run.columns.offices["bound_hours"] - self._bound - spent.sum(axis=0)
        spent[ACTIVITIES.index("operations")] = np.where(np.abs(left) < _ROUNDING_HOURS, 0.0, left)
        self._hours[month - self._first_month] += spent

    def table(self) -> pd.DataFrame:
        """List what was seen.

        Returns
        -------
        pandas.DataFrame
            Columns month_index (from the first month watched), side ("a" or "b"), tier (village, town,
            county or department), activity (one of `ACTIVITIES`), hours (in that month, from 0).
        """
        rows = []
        for month, spent in enumerate(self._hours):
            for side, side_name in enumerate(_SIDES):
                for tier in range(UPPER):
                    chosen = (self._side == side) & (self._tier == tier)
                    for activity, hours in zip(ACTIVITIES, spent[:, chosen].sum(axis=1), strict=True):
                        rows.append((month, side_name, TIER_NAMES[tier], activity, float(hours)))
        return pd.DataFrame(rows, columns=["month_index", "side", "tier", "activity", "hours"])


def _note_duties(spent: NDArray[np.float64], run: Simulation, tables: Tables, day: int) -> None:
    rules, offices = tables.offices, run.columns.offices
    standing = np.flatnonzero(rules["duty_interval"] > 0)
    intervals = rules["duty_interval"][standing]
    due = standing[(offices["duty_phase"][standing] % intervals - day) % intervals == 0]
    p = run.parameters
    for office in due:
        chance = attend_chance(
            p["obligation_duty"], rules["attendance"][office], p["attendance_assessment_effect"]
        )
        if uniform(run.seed, DUTY, int(offices["key"][office]), day, 0) < chance:
            spent[office] += rules["duty_hours"][office]


def _note_meetings(
    spent: NDArray[np.float64], run: Simulation, tables: Tables, day: int, weekday: int
) -> None:
    """Note who came to the meetings of a day, asked in the order in which the run asks."""
    columns, p = run.columns, run.parameters
    for rules in tables.forums:
        cadence = int(rules["cadence"])
        wait = (int(rules["phase"]) - day) % cadence
        missed = weekday == _MONDAY and wait >= cadence - 2 and cadence > 2
        if wait and not missed:
            continue
        asked: set[int] = set()
        for dyad in tables.forum_dyads[rules["first"] : rules["first"] + rules["count"]]:
            for office in (int(columns.dyads["a"][dyad]), int(columns.dyads["b"][dyad])):
                if office in asked:
                    continue
                asked.add(office)
                chance = attend_chance(
                    tables.dyads["forum_obligation"][dyad],
                    tables.offices["attendance"][office],
                    p["attendance_assessment_effect"],
                )
                key = int(columns.offices["key"][office])
                if uniform(run.seed, MEETING, key, day, int(rules["key"])) < chance:
                    spent[office] += rules["hours"]


def _note_contact(
    spent: NDArray[np.float64], run: Simulation, tables: Tables, due: NDArray[np.float64], day: int
) -> None:
    ties = np.flatnonzero(tables.ties["contact_events"] > 0.0)
    apart = DAYS_PER_YEAR / tables.ties["contact_events"][ties]
    # What was due longer ago than one round is a rota that has only begun.
    held = ties[(due[ties] <= day) & (due[ties] >= day - apart)]
    hours = tables.ties["contact_hours"][held]
    for side in _SIDES:
        np.add.at(spent, run.columns.ties[side][held], hours)


def _note_channels(spent: NDArray[np.float64], run: Simulation, tables: Tables) -> None:
    dyads, rules = run.columns.dyads, tables.dyads
    own = (rules["earned_days"] < np.inf) & (dyads["ties"] > 0) & (dyads["channel_open"] == 1)
    hours = rules["channel_hours"] + np.where(own, rules["earned_hours"], 0.0)
    for side in _SIDES:
        np.add.at(spent, dyads[side], hours)


def _standing_hours(run: Simulation, tables: Tables) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Divide what is bound every day into hours in joint offices and hours of double posts."""
    offices = np.zeros(len(tables.offices))
    for side in _SIDES:
        np.add.at(offices, run.columns.dyads[side], tables.dyads["office_hours"])
    posts = np.asarray(tables.offices["bound_hours"], dtype=np.float64) - offices
    return offices, np.where(np.abs(posts) < _ROUNDING_HOURS, 0.0, posts)
