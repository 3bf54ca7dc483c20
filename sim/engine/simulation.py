"""A run: state and institutions that live through days, can be forked, and have a digest."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import CHUNK, Records, Row, lengthened
from sim.engine.constants import CASES_USED, CHUNKS_USED, DAYS_PER_YEAR
from sim.engine.dates import START
from sim.engine.desks import save_all_hours
from sim.engine.founding import cases_a_year, found
from sim.engine.in_force import share_rows
from sim.engine.kernel import live_days
from sim.engine.reviewing import Adoption, begin_review, hold_review
from sim.engine.snapshot import Snapshot, read_snapshot, write_snapshot
from sim.levers.institutions import Institutions, Tables, ordinary_tables
from sim.parameters import Parameters
from sim.streams import check_seed
from sim.world.world import World

__all__ = ["Simulation"]

# Free rows for cases and chunks of the calendar that a day may need, and the same in years: far more than
# a day has ever taken.
_LEAST_ROOM = 4096
_YEARS_OF_ROOM = 0.05


class Simulation:
    """One run of one arm.

    Parameters
    ----------
    world : World
        The border.
    parameters : Parameters
        Values of the parameter table.
    seed : int
        Seed of every draw.

    Attributes
    ----------
    day : int
        Days lived so far.
    columns : Columns
        The state.
    adoption : Adoption or None
        Who has which of the options that institutions leave open; None where they leave none.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 0)
    >>> run = Simulation(world, Parameters(), seed=0)
    >>> run.run(10)
    >>> run.day, run.today.isoformat()
    (10, '2015-01-11')
    """

    def __init__(self, world: World, parameters: Parameters, seed: int) -> None:
        self.world = world
        self.parameters = parameters
        self.seed = check_seed(seed)
        self.day = 0
        self._record: Row = parameters.record().view(np.recarray)[0]
        ordinary = _readable(
            ordinary_tables(
                world.dyad_level, len(world.tie_a), len(world.office_tier), len(world.segment_tie), parameters
            )
        )
        self.tables = ordinary
        self._in_force = share_rows(ordinary)
        self.columns = found(world, parameters, self.seed, self._in_force)
        self.adoption: Adoption | None = None
        self._epochs: list[tuple[int, Tables]] = []
        self._expect()

    def _expect(self) -> None:
        """Work out what follows from the border and the parameters: room for cases; the calendar is empty."""
        self._cases_a_day = cases_a_year(self.world, self.parameters) / DAYS_PER_YEAR
        self._room = _LEAST_ROOM + int(_YEARS_OF_ROOM * DAYS_PER_YEAR * self._cases_a_day)
        self._days = np.zeros((0, 4), dtype=np.int64)

    @property
    def today(self) -> date:
        """The date of the next day to live."""
        return START + timedelta(days=self.day)

    def run(self, days: int) -> None:
        """Live a number of days.

        Parameters
        ----------
        days : int
            0 or more.
        """
        last = self.day + days
        self._prepare(last)
        while self.day < last:
            if self._epochs and self._epochs[0][0] <= self.day:
                self._adopt(self._epochs.pop(0)[1])
            until = min(last, self._epochs[0][0]) if self._epochs else last
            if self.adoption is not None:
                until = min(until, self.adoption.next_day)
            self.day = live_days(
                self.columns, self._in_force, self._record, self.seed, self._days, self.day, until, self._room
            )
            if self.day < until:
                self._make_room(last - self.day)
            elif self.adoption is not None and self.day == self.adoption.next_day:
                self._review(self.adoption)

    def fork(self, institutions: Institutions) -> Simulation:
        """Return a run that continues from today under other institutions; this one stays as it is.

        Parameters
        ----------
        institutions : Institutions
            With dates counted from today.

        Returns
        -------
        Simulation
            A run of its own, at the same day.
        """
        other = object.__new__(Simulation)
        other.__dict__.update(self.__dict__)
        other.columns = self.columns.copy()
        other.adopt(institutions)
        return other

    def adopt(self, institutions: Institutions) -> None:
        """Put institutions in force from today on, in place of those that were.

        Parameters
        ----------
        institutions : Institutions
            With dates counted from today.
        """
        # Efforts are counted for the span under these institutions.
        self.columns.offices["efforts"] = 0
        self.columns.offices["border_efforts"] = 0
        self._epochs = _dated(institutions.shifted(self.day))
        review = institutions.review
        self.adoption = None
        if review is not None:
            self.adoption = begin_review(review, self.columns, self.parameters, self.day)

    def save(self, path: str | Path) -> Path:
        """Save the run, so that it can be continued in another process.

        Parameters
        ----------
        path : str or Path
            The file; it is written beside its place and renamed.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        OutputError
            If the system refuses; nothing is left then.
        """
        state = Snapshot(
            self.seed, self.day, self.parameters, self.columns, self.tables, self._epochs, self.adoption
        )
        return write_snapshot(state, self.world, path)

    @classmethod
    def restore(
        cls,
        path: str | Path,
        world: World,
        parameters: Parameters | None = None,
        institutions: Institutions | None = None,
    ) -> Simulation:
        """Continue a run that was saved: what follows is the same to the bit as without the break.

        Institutions that were still to come are part of it.

        Parameters
        ----------
        path : str or Path
            A file that :meth:`save` wrote.
        world : World
            The border of the run; from the same region, seed and settings it is laid out the same.
        parameters : Parameters, optional
            Values that the run must have had; not checked where left out, they are in the file.
        institutions : Institutions, optional
            Those that the run adopted; needed only where units review what they run, to put their choices in
            force.

        Returns
        -------
        Simulation
            The run, at the day on which it was saved.

        Raises
        ------
        InputError
            For a damaged or foreign file, or one of other code, parameters or another world; it names the
            difference.

        Examples
        --------
        >>> import tempfile
        >>> from sim.world.region import load_region
        >>> from sim.world.world import lay_out
        >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 0)
        >>> run = Simulation(world, Parameters(), seed=0)
        >>> again = Simulation.restore(run.save(Path(tempfile.mkdtemp()) / "day_0.run"), world)
        >>> run.run(5), again.run(5), again.digest() == run.digest()
        (None, None, True)
        """
        review = None if institutions is None else institutions.review
        state = read_snapshot(path, world, parameters, review)
        run = object.__new__(cls)
        run.world = world
        run.parameters = state.parameters
        run.seed = state.seed
        run.day = state.day
        run._record = state.parameters.record().view(np.recarray)[0]
        run.columns = state.columns
        run.tables = state.tables
        run._in_force = share_rows(state.tables)
        run.adoption = state.adoption
        run._epochs = state.epochs
        run._expect()
        run._prepare(run.day)
        return run

    def digest(self) -> str:
        """Return a hash of the complete state: equal if and only if two runs are the same to the bit.

        Returns
        -------
        str
            32 hexadecimal digits.
        """
        hasher = hashlib.blake2b(digest_size=16)
        hasher.update(f"{self.seed} {self.day} {sorted(self.parameters.items())}".encode())
        for name, table in self.columns.in_use().items():
            hasher.update(name.encode() + np.ascontiguousarray(table).tobytes())
        if self.adoption is not None:
            hasher.update(self.adoption.content())
        return hasher.hexdigest()

    @property
    def tables_in_force(self) -> Tables:
        """The institutions of the next day to live."""
        due = [tables for first_day, tables in self._epochs if first_day <= self.day]
        return due[-1] if due else self.tables

    @property
    def parameter_row(self) -> Row:
        """The parameters as compiled code reads them."""
        return self._record

    @property
    def cases(self) -> Records:
        """The rows of the case table in use."""
        return self.columns.cases[: int(self.columns.counters[CASES_USED])]

    @property
    def months(self) -> NDArray[np.int64]:
        """Of each day lived: month since the start, month of the year, weekday, days of a month that ends."""
        return self._days[: self.day]

    def _prepare(self, last: int) -> None:
        """Extend the calendar and the monthly record up to a day."""
        if len(self._days) < last:
            self._days = _calendar_days(last + 366)
        months = int(self._days[max(last - 1, 0), 0]) + 1 if last else 0
        have = len(self.columns.record)
        if months > have:
            more = np.zeros((months - have, *self.columns.record.shape[1:]))
            self.columns = self.columns._replace(record=np.concatenate((self.columns.record, more)))

    def _review(self, before: Adoption) -> None:
        """Let units look back, and put in force from today on what they chose."""
        after = hold_review(before, self.columns, self.parameters, self.seed, self.day)
        self.adoption = after
        if (after.since != before.since).any():
            chosen = after.review.recompile(after.since, self.day - after.first_day)
            self._epochs = _dated(chosen.shifted(after.first_day))

    def _make_room(self, days: int) -> None:
        """Give cases and the calendar free rows for so many days; free rows cost no memory."""
        cases, chunks = (int(self.columns.counters[number]) for number in (CASES_USED, CHUNKS_USED))
        # A run that lives day by day must not make room every day.
        expected = int(1.1 * self._cases_a_day * max(days, 366))
        rows = {"cases": cases + 2 * self._room + expected, "entries": (chunks + 2 * self._room) * CHUNK}
        rows["today"] = max(rows["cases"], len(self.columns.sources))
        tables = self.columns.in_use()
        self.columns = self.columns._replace(
            **{name: lengthened(name, tables[name], count) for name, count in rows.items()}
        )

    def _adopt(self, tables: Tables) -> None:
        """Let tables take effect: hours that are bound every day come out of desks and of interior work."""
        c = self.columns
        save_all_hours(c.offices, self._record, self.day)
        rules = tables.offices
        share = self.parameters["bound_desk_share"]
        offices = c.offices
        desk = offices["base_desk"] + rules["desk_extra"] - rules["bound_hours"] * share
        least = self.parameters["least_hours_share"] * offices["base_desk"]
        missing = np.maximum(0.0, least - desk)
        interior = (
            offices["base_interior"]
            + rules["interior_extra"]
            - rules["bound_hours"] * (1.0 - share)
            - missing
        )
        floor = self.parameters["least_hours_share"] * offices["base_interior"]
        offices["desk_rate"] = np.maximum(desk, least)
        offices["interior_rate"] = np.maximum(interior, floor)
        before = self.tables.dyads["office_hours"] * self.parameters["reachable_share"]
        earned = c.dyads["shared_hours"] + before * (self.day - c.dyads["shared_day"])
        full = self.parameters["desk_saving_days"] * before
        c.dyads["shared_hours"] = np.minimum(full, earned)
        c.dyads["shared_day"] = self.day
        self.tables = tables
        self._in_force = share_rows(tables)
        stretches = tables.banks[c.banks["segment"]]
        c.shared_rosters[:] = stretches["shared_roster"]
        is_first = np.arange(len(c.banks)) % 2 == 0
        c.visits_rises[:] = np.where(is_first, stretches["visits_rise_a"], stretches["visits_rise_b"])
        duty_offices = np.flatnonzero(tables.offices["duty_interval"] > 0)
        duty_ends, duty_dyads = self._covered_by_duty(duty_offices)
        self.columns = self.columns._replace(
            duty_offices=duty_offices,
            duty_ends=duty_ends,
            duty_dyads=duty_dyads,
            contact_ties=np.flatnonzero(tables.ties["contact_events"] > 0.0),
        )
        rises = np.flatnonzero(c.visits_rises[c.team_banks])
        c.teams["visits_per_day"] = np.where(c.teams["banks"] > 0, c.teams["base_visits"], 0.0)
        for team in np.unique(np.searchsorted(c.teams["first_bank"], rises, side="right") - 1):
            c.teams["visits_per_day"][team] = self._visits_of(int(team))

    def _covered_by_duty(self, offices: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the dyads of offices on which their duties show themselves, and where those of each end."""
        c = self.columns
        counts, starts = (c.offices[name][offices].astype(np.int64) for name in ("dyads", "first_dyad"))
        owner = np.repeat(np.arange(len(offices)), counts)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        dyads = c.office_dyads[starts[owner] + place]
        is_covered = self.tables.dyads["has_duty"][dyads] > 0
        lengths = np.bincount(owner[is_covered], minlength=len(offices))
        return np.concatenate(([0], np.cumsum(lengths))), dyads[is_covered]

    def _visits_of(self, team: int) -> float:
        """Give the visits a day of a team, with what a mechanism adds on covered stretches."""
        c = self.columns
        row = c.teams[team]
        own = c.team_banks[row.first_bank : row.first_bank + row.banks]
        if own.size == 0:
            return 0.0
        return float(row.base_visits * (1.0 + c.visits_rises[own].mean()))


def _readable(tables: Tables) -> Tables:
    """Give the tables' rows attribute access, the form in which compiled code reads them."""
    return Tables(*(part.view(np.recarray) if part.dtype.names else part for part in tables))


def _dated(institutions: Institutions) -> list[tuple[int, Tables]]:
    """Give the tables of each epoch with its first day, counted from the start of the run."""
    return [(epoch.first_day, _readable(epoch.tables)) for epoch in institutions.epochs]


def _calendar_days(count: int) -> NDArray[np.int64]:
    dates = np.datetime64(START) + np.arange(count + 1)
    months = dates.astype("datetime64[M]")
    number = months.astype(np.int64)
    table = np.zeros((count, 4), dtype=np.int64)
    table[:, 0] = number[:-1] - number[0]
    table[:, 1] = number[:-1] % 12
    table[:, 2] = (dates[:-1].astype(np.int64) + 3) % 7
    length = (months + 1).astype(dates.dtype) - months.astype(dates.dtype)
    table[:, 3] = np.where(np.diff(number) > 0, length[:-1].astype(np.int64), 0)
    return table
