"""The biography of a case: who learned of it when, who was asked, who came, why it stalled, how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sim.engine.columns import Row
from sim.engine.constants import CASES_USED, LATENT, OPEN
from sim.engine.dates import START
from sim.engine.simulation import Simulation
from sim.errors import InputError, nearest_name
from sim.levers.definitions import DIFFICULTIES, DOMAINS
from sim.levers.institutions import Institutions
from sim.measures.case_events import Event, day_events
from sim.measures.case_place import Place
from sim.measures.case_table import TIER_NAMES

__all__ = ["BIOGRAPHY_COLUMNS", "biographies", "follow", "identify"]

BIOGRAPHY_COLUMNS: Final = (
    "case", "day", "date", "event", "tier", "side", "office", "other", "due", "detail",
)  # fmt: skip
"""Columns of a biography; `biographies` puts the arm in front."""

_SIDES: Final = {0: "a", 1: "b", -1: ""}
_AT_VILLAGES: Final = ("arose", "latent", "never", "earlier", "worsened", "incident", "relapsed")


def identify(simulation: Simulation, case: str) -> tuple[int, int]:
    """Find the stream and the number in it that the name of a case stands for.

    Parameters
    ----------
    simulation : Simulation
        A run on the border of the case.
    case : str
        Name of a case, as `sim.measures.case_table.case_table` gives it.

    Returns
    -------
    key, candidate : int
        They key all draws of the case, and are the same in every arm.

    Raises
    ------
    InputError
        If the name is no name of a case on this border.

    Examples
    --------
    >>> from sim.parameters import Parameters
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 0)
    >>> run = Simulation(world, Parameters(), seed=0)
    >>> identify(run, f"{world.village_code[0]}-7") == (world.village_key[0], 7)
    True
    """
    world = simulation.world
    place, _, number = str(case).rpartition("-")
    sign, bank = 1, -1
    for ending in ("-legacy", "-offence-a", "-offence-b"):
        if place.endswith(ending):
            place = place.removesuffix(ending)
            sign, bank = (-1, -1) if ending == "-legacy" else (1, int(ending == "-offence-b"))
    codes = world.village_code
    ends = zip(world.tie_a.tolist(), world.tie_b.tolist(), strict=True)
    keys = {f"{codes[a]}-{codes[b]}": tie for tie, (a, b) in enumerate(ends)}
    villages = {code: row for row, code in enumerate(codes)}
    if not number.isdecimal() or (place not in keys and (bank >= 0 or sign < 0 or place not in villages)):
        allowed = {
            "zh": "案件表中的案件编号（村代码-村代码-序号）",
            "en": "the name of a case as in the table of cases (village-village-number)",
        }
        raise InputError("case", case, allowed, nearest=nearest_name(place, keys))
    candidate = sign * int(number)
    if bank >= 0:
        banks = simulation.columns.banks
        segment = int(world.tie_segment[keys[place]])
        return int(banks["key"][2 * segment + bank]), candidate
    if place in keys:
        return int(world.tie_key[keys[place]]), candidate
    return int(world.village_key[villages[place]]), candidate


class _Follower:
    """Looks at one case every evening."""

    def __init__(self, simulation: Simulation, case: str) -> None:
        self.case = case
        self.key, self.candidate = identify(simulation, case)
        self.row = -1
        self.seen: Row | None = None
        self.events: list[Event] = []
        self._find(simulation, 0)
        if self.row >= 0:
            self._catch_up(simulation)

    def _find(self, simulation: Simulation, first: int) -> None:
        cases = simulation.cases[first:]
        found = np.flatnonzero((cases["key"] == self.key) & (cases["candidate"] == self.candidate))
        if found.size:
            self.row = first + int(found[0])

    def _catch_up(self, simulation: Simulation) -> None:
        """Tell of a case that is older than the watch what its row says."""
        row = self.seen = simulation.cases[self.row].copy()
        world, tie = simulation.world, int(row.tie)
        ends = (int(row.village), -1) if tie < 0 else (int(world.tie_a[tie]), int(world.tie_b[tie]))
        kind = f"{DOMAINS[row.domain]} {DIFFICULTIES[row.first_difficulty]}"
        self.events.append(Event(int(row.occurred), "arose", 0, -1, *ends, -1, kind))
        if row.status == LATENT:
            return
        self.events.append(Event(int(row.known), "known", 0, int(row.side), int(row.village)))
        if row.other_known < simulation.day:
            other = 1 - int(row.side)
            self.events.append(Event(int(row.other_known), "other_known", 0, other, ends[other]))
        if row.attempts:
            self.events.append(Event(simulation.day, "earlier", 0, -1, *ends, -1, str(int(row.sessions))))

    def look(self, place: Place, day: int, first_new: int) -> None:
        """See what the day brought."""
        simulation = place.simulation
        if self.row < 0:
            self._find(simulation, first_new)
            if self.row < 0:
                return
        after = simulation.cases[self.row].copy()
        self.events.extend(day_events(self.seen, after, day, place))
        self.seen = after

    def end(self, place: Place, day: int) -> None:
        """Say how it stands on the last day."""
        row = self.seen
        if row is None:
            self.events.append(Event(day, "never", 0, -1, -1))
        elif row.status == LATENT:
            self.events.append(Event(day, "latent", 0, -1, int(row.village)))
        elif row.status == OPEN:
            office, side = place.office(row, int(row.tier), int(row.holder))
            self.events.append(Event(day, "open", int(row.tier), side, office))


def follow(simulation: Simulation, cases: Sequence[str], last_day: int) -> pd.DataFrame:
    """Live a run day by day up to a day, and tell the lives of some cases.

    The run is lived as it would be anyway, to the bit; only looking at it takes time.

    Parameters
    ----------
    simulation : Simulation
        The run; it is lived up to `last_day`. Give a fork to keep it.
    cases : sequence of str
        Names of cases, as `sim.measures.case_table.case_table` gives them.
    last_day : int
        Day before which the story ends.

    Returns
    -------
    pandas.DataFrame
        The columns of `BIOGRAPHY_COLUMNS`, one row for each event in the order of cases and days: name of
        the case, day since the start and its date, event (one of `sim.measures.case_events.EVENTS`), tier and
        side (a, b, or blank for both) of who acted, rows of the office that acted and of the other office (-1
        for none), date for which something was arranged, and a detail (of ``arose`` its subject and
        difficulty). A case that never arises in this run has one event, ``never``.

    Raises
    ------
    InputError
        If a name is no name of a case on this border, or the run is already past the day.
    """
    if last_day < simulation.day:
        allowed = {"zh": f"不早于 {simulation.day} 的天数", "en": f"a day from {simulation.day} on"}
        raise InputError("last_day", last_day, allowed)
    followers = [_Follower(simulation, case) for case in cases]
    place = Place(simulation, simulation.columns.offices["efforts"], simulation.columns.dyads["calls"])
    for day in range(simulation.day, last_day):
        columns = simulation.columns
        place = Place(simulation, columns.offices["efforts"].copy(), columns.dyads["calls"].copy())
        used = int(columns.counters[CASES_USED])
        simulation.run(1)
        for follower in followers:
            follower.look(place, day, used)
    for follower in followers:
        follower.end(place, last_day)
    return _table(followers)


def biographies(
    past: Simulation, arms: Mapping[str, Institutions], cases: Sequence[str], last_day: int
) -> pd.DataFrame:
    """Tell the lives of the same cases in several arms that continue from one past.

    Parameters
    ----------
    past : Simulation
        The shared past; it stays as it is.
    arms : mapping of str to Institutions
        What holds from here on, by arm.
    cases : sequence of str
        Names of cases.
    last_day : int
        Day before which the stories end.

    Returns
    -------
    pandas.DataFrame
        As `follow` gives it, with the column ``arm`` in front.

    Raises
    ------
    InputError
        As for `follow`.

    Examples
    --------
    >>> from sim.levers.compilation import compile_institutions
    >>> from sim.levers.mechanisms import load_package
    >>> from sim.parameters import Parameters
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 0)
    >>> past = Simulation(world, Parameters(), seed=0)
    >>> arms = {"none": compile_institutions(load_package("none"), world, Parameters(), 20)}
    >>> tie = int(world.tie_legacy_claims.argmax())
    >>> name = f"{world.village_code[world.tie_a[tie]]}-{world.village_code[world.tie_b[tie]]}-legacy-1"
    >>> biographies(past, arms, [name], 20)["event"].tolist()[:3]
    ['arose', 'known', 'other_known']
    """
    told = []
    for arm, institutions in arms.items():
        table = follow(past.fork(institutions), cases, last_day)
        table.insert(0, "arm", arm)
        told.append(table)
    table = pd.concat(told, ignore_index=True)
    table["arm"] = pd.Categorical(table["arm"], categories=list(arms))
    return table


def _table(followers: Sequence[_Follower]) -> pd.DataFrame:
    rows = [
        (
            one.case, event.day, event.day, event.event, _tier(event), _SIDES[event.side], event.office,
            event.other, event.due, event.detail,
        )
        for one in followers
        for event in one.events
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(BIOGRAPHY_COLUMNS))
    for column in ("date", "due"):
        days = table[column].to_numpy(dtype=np.int64)
        dates = np.datetime64(START) + days
        table[column] = np.where(days >= 0, dates, np.datetime64("NaT")).astype("datetime64[s]")
    return table


def _tier(event: Event) -> str:
    """Name the tier of an event; what happens between villages is nobody's act."""
    return "" if event.event in _AT_VILLAGES else TIER_NAMES[event.tier]
