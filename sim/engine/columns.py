"""The state of a run: one table per kind of entity, one row per entity, one column per quantity.

Everything that changes during a run is in these tables, so that a copy of them is a snapshot, and their
bytes are the run's digest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.reusing import memory_for

__all__ = [
    "BANKS",
    "CASES",
    "CASES_USED",
    "CHUNK",
    "CHUNKS_USED",
    "DYADS",
    "LINE_BYTES",
    "NEVER",
    "OFFICES",
    "RECORD_FIELDS",
    "RIVER",
    "Records",
    "Row",
    "SOURCES",
    "TEAMS",
    "TIES",
    "VILLAGES",
    "WITH_ROOM",
    "Columns",
    "blank",
    "lengthened",
]

Records = NDArray[Any]
"""A table: structured, its columns are read as attributes of its rows."""

Row = np.record
"""One row of a table; what is written into it is written into the table."""

NEVER = 1 << 30
"""A day that never comes."""

LINE_BYTES: Final = 64
"""Bytes that memory hands out at a time."""

CHUNK: Final = 32
"""Places of a chunk of the calendar's lists; the first one names the chunk behind it."""

CASES_USED: Final = 0
CHUNKS_USED: Final = 6
"""Counters that tell how many rows of a table are in use; the others are in `sim.engine.constants`."""


def _rows_of(*fields: tuple[str, str]) -> np.dtype[Any]:
    """Give the type of rows that begin where a line of the cache begins, or share one evenly.

    What a day touches comes first in a row, so that it lies in one line.
    """
    packed = np.dtype(list(fields))
    size = 32 if packed.itemsize <= 32 else -(-packed.itemsize // LINE_BYTES) * LINE_BYTES
    offsets = [packed.fields[name][1] for name in packed.names] if packed.fields and packed.names else []
    names, formats = zip(*fields, strict=True)
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


VILLAGES = _rows_of(
    ("key", "i8"),
    ("residents", "f8"),
    ("yearly_rate", "f8"),  # disputes that arise in it a year
    ("participation", "f8"),  # share of members who can be reached
    ("grievance", "f8"),
    ("unserved", "f8"),  # service requests given up so far
    ("town", "i4"),
    ("is_border", "i4"),
)

TIES = _rows_of(
    ("trust", "f8"),
    ("trust_day", "f8"),
    ("baseline", "f8"),  # of trust, without legacy claims
    ("interest", "f8"),
    ("a", "i4"),
    ("b", "i4"),
    ("first_open", "i4"),  # its open cases, oldest first
    ("last_open", "i4"),
    ("village_dyad", "i4"),
    ("town_dyad", "i4"),  # -1 where both sides share the town office
    ("legacy_open", "i4"),
    ("level", "i1"),
    ("is_border", "i1"),
    ("is_river", "i1"),
    ("upstream", "i1"),
    ("key", "i8"),
    ("top_rate", "f8"),  # candidates a year
    ("base_rate", "f8"),  # disputes a year at a pull of one
    ("contact_due", "f8"),  # next event of contact
    ("contacts_this_year", "f8"),
    ("county_dyad", "i4"),
    ("department_dyad", "i4"),  # the first of its departments
    ("segment", "i4"),  # -1 inside a town
    ("contested", "i4"),  # 1 where a legacy claim was open at the start
)

DYADS = _rows_of(
    ("a", "i4"),
    ("b", "i4"),
    ("tier", "i2"),
    ("level", "i2"),
    ("is_border", "i2"),
    ("channel_open", "i2"),  # 1 while both sides keep the channel that they may have
    ("prior_a", "f8"),  # belief of side a that b works, without news
    ("prior_b", "f8"),
    ("belief_a", "f8"),
    ("belief_b", "f8"),
    ("belief_day", "f8"),
    ("first_tie", "i4"),  # its ties are dyad_ties[first_tie:first_tie + ties]
    ("ties", "i4"),
    ("shared_hours", "f8"),  # saved up in the joint office
    ("shared_day", "f8"),
    ("calls", "i8"),  # to a joint session so far
    ("attended", "i8"),
)

OFFICES = _rows_of(
    ("busy_until", "f8"),  # when interior work that it has is done
    ("interior_rate", "f8"),
    ("desk", "f8"),  # hours saved up
    ("desk_day", "f8"),
    ("desk_rate", "f8"),  # hours a day
    ("term", "f8"),  # persistent difference in what an effort is worth
    ("parent", "i4"),
    ("efforts", "i4"),  # made since the fork
    ("border_efforts", "i4"),  # of these, on the border
    ("tier", "i2"),
    ("side", "i1"),  # 0 or 1: which side of the border it is on
    ("attends", "i1"),  # scratch: 1 or 2 where it attends today's meeting or does not
    ("key", "i8"),
    ("base_desk", "f8"),  # hours a day without mechanisms
    ("base_interior", "f8"),
    ("turnover_due", "f8"),
    ("bound_hours", "f8"),  # bound by mechanisms so far
    ("displaced_hours", "f8"),  # of these, taken from interior work
    ("departments", "i4"),  # first department of a county
    ("first_dyad", "i4"),  # its dyads are office_dyads[first_dyad:first_dyad + dyads]
    ("duty_phase", "i4"),
    ("dyads", "i2"),
    ("turnovers", "i2"),
)

# What teams weigh every day is not here: it stands in columns of its own.
BANKS = _rows_of(
    ("key", "i8"),
    ("risk", "f8"),  # perceived by offenders
    ("length_km", "f8"),
    ("rate", "f8"),  # candidates for an offence a year
    ("segment", "i4"),
    ("tie", "i4"),
    ("visitor", "i4"),  # team of the last visit
    ("police", "i4"),  # the team of its town
    ("first_near", "i4"),  # banks within reach: near[first_near:first_near + near]
    ("counted_day", "i4"),  # its days before this one are counted as covered or not
    ("near", "i4"),
    ("covered_7", "i1"),  # days of this month on which its last visit was less than 7 days ago
    ("covered_30", "i1"),
    ("is_border", "i1"),
    ("is_river", "i1"),
)

TEAMS = _rows_of(
    ("key", "i8"),
    ("base_visits", "f8"),  # a day, without mechanisms
    ("visits_per_day", "f8"),
    ("saved_visits", "f8"),
    ("visits", "i8"),
    ("first_bank", "i8"),
    ("banks", "i4"),
    ("office", "i4"),
    ("kind", "i4"),
)

RIVER = _rows_of(
    ("key", "i8"),
    ("office", "i8"),  # of the town, -1 where not modelled
    ("load", "f8"),  # untreated discharge
    ("arrives", "f8"),  # share that reaches the border section
    ("treated", "f8"),
    ("side", "i8"),
)

SOURCES = _rows_of(("due", "f8"), ("mean_days", "f8"), ("key", "i8"), ("candidate", "i8"))
"""Streams of candidates: ties, then villages, then banks."""

# Nine in ten acts are those of a village on a dispute of its own: nearly all that these touch fills a line.
CASES = _rows_of(
    ("key", "i8"),
    ("candidate", "i4"),
    ("tie", "i4"),
    ("village", "i4"),
    ("known", "i4"),
    ("next_day", "i4"),
    ("place", "i4"),  # in the calendar, of the act or detection that it waits for
    ("worsens", "i4"),  # -1 where no draw is pending
    ("gives_up", "i4"),  # day from which its parties no longer pursue it
    ("last_act", "i4"),
    ("settled", "i4"),
    ("attempts", "i2"),
    ("sessions", "i2"),
    ("relapses", "i2"),
    ("domain", "i1"),
    ("difficulty", "i1"),
    ("detected_difficulty", "i1"),
    ("holder", "i1"),  # side that holds it
    ("tier", "i1"),
    ("status", "i1"),
    ("next_act", "i1"),
    ("legacy", "i1"),
    ("channel", "i1"),  # by which the pending session was called
    ("worsening_entered", "i1"),  # 1 while its worsening stands in the calendar
    ("occurred", "i4"),
    ("first_response", "i4"),
    ("other_known", "i4"),
    ("called", "i4"),  # day for which a session was first called, or on which an item was forgotten
    ("idle_days", "i4"),  # days in the vacuum so far
    ("before", "i4"),  # neighbours among the open cases of the tie
    ("after", "i4"),
    ("hand_offs", "i2"),
    ("settlements", "i2"),
    ("needs_both", "i1"),
    ("first_difficulty", "i1"),
    ("side", "i1"),  # that learned of it first
    ("incident", "i1"),
    ("settled_tier", "i1"),
    ("how", "i1"),
    ("item_state", "i1"),  # 1 pending item of a meeting, 2 with owner and deadline, 3 dropped last time
)

RECORD_FIELDS = (
    "occurred", "known", "known_difficulty", "settled", "relapsed", "hand_offs", "incidents",
    "legacy_settled",
    *(f"closed_{tier}" for tier in ("village", "town", "county", "department", "upper")),
    *(f"{what}_{tier}"
      for what in ("calls", "attended", "efforts", "joint", "any_effort", "both_effort", "solo")
      for tier in ("village", "town", "county", "department")),
    "items_decided", "items_carried_out", "meetings",
    "covered_7", "covered_30", "bank_days", "visits", "duplicated",
    "offences", "caught", "reported_offences", "cleared", "displaced", "displaced_across",
    "operations", "joint_operations", "operation_hits",
    *(f"{what}_{tier}" for what in ("willingness", "withdrawn", "bound_a", "bound_b", "displaced_hours")
      for tier in ("village", "town", "county", "department")),
    "willingness_a_village", "willingness_a_town", "willingness_a_county", "willingness_a_department",
    "willingness_b_village", "willingness_b_town", "willingness_b_county", "willingness_b_department",
    "willingness_contested", "willingness_calm",
    "trust", "trust_contested", "trust_calm",
    "section_met", "section_months", "abatement",
    "requests", "trips", "service_days",
    *(f"{what}_{tier}" for what in ("waits", "wait_days")
      for tier in ("village", "town", "county", "department", "upper")),
    "unserved_hours_village", "unserved_hours_town", "unserved_hours_county", "unserved_hours_department",
    "open_cases", "money",
    *(f"{what}_{tier}" for what in ("channels_open", "channels_offered")
      for tier in ("village", "town", "county", "department")),
)  # fmt: skip
"""What is recorded each month, for the interior (row 0) and the border (row 1)."""


class Columns(NamedTuple):
    """All tables of a run.

    Attributes
    ----------
    villages, ties, dyads, offices, banks, teams, river, sources, cases : structured arrays
        Entities.
    dyad_ties, office_dyads : ndarray of int64
    team_banks, near : ndarray of int32
        Rows that belong to a dyad, an office, a team, a bank's neighbourhood.
    clocks : ndarray of float64
    visits : ndarray of int32
        The race of banks for the visits of a team, for each entry of `team_banks`: time left at a pull of
        one, and visits won.
    last_visits, risk_days : ndarray of int32
    reported, visits_rises : ndarray of float64
    shared_rosters : ndarray of int8
        Of each bank: the day of its last visit, the day on which its risks were brought up to date, offences
        reported of late as the teams see them, and what the institutions in force say of its patrol.
    bank_pulls : ndarray of float64
        Today's pull of each bank.
    pulls, finishes : ndarray of float64, shape (2, most banks of a team)
        Scratch: the pulls in the races of two teams, and when each clock would run out.
    fading : ndarray of float64
        What is left of a perceived or reported risk after whole days.
    latent_case : structured array, one row
        What every case is before it differs from others: nobody knows of it, nothing is pending.
    departments : ndarray of int64, shape (5,)
        The competent department of each subject of cases.
    duty_offices, contact_ties : ndarray of int64
        Offices that stand duty and ties that have visits, as the institutions in force say.
    duty_ends, duty_dyads : ndarray of int64
        The dyads that a duty covers: duty_dyads[duty_ends[n]:duty_ends[n + 1]] for the n-th such office.
    calendar : ndarray of int64, shape (5, days, 2)
        For acts, detections, worsenings, disputes and offences due on each day of a ring: the first chunk of
        their list, and the place of the last entry.
    entries : ndarray of int32
        The lists of the calendar in chunks of CHUNK; the first place of each names the chunk behind it.
    today : ndarray of int32
        Scratch: the list that is being worked off.
    record : ndarray of float64, shape (months, 2, fields)
        Monthly sums and means, interior and border.
    counters : ndarray of int64
        Cases in use, today, month since the start, month of the year, weekday (0 Monday), first day of the
        month, chunks of the calendar in use, and the first of those that are free.
    facts : ndarray of float64
        Mean baseline of trust on the border, and the share of an effort that is seen without mechanisms, by
        boundary level.
    """

    villages: Records
    ties: Records
    dyads: Records
    offices: Records
    banks: Records
    teams: Records
    river: Records
    sources: Records
    cases: Records
    latent_case: Records
    dyad_ties: NDArray[np.int64]
    office_dyads: NDArray[np.int64]
    departments: NDArray[np.int64]
    team_banks: NDArray[np.int32]
    near: NDArray[np.int32]
    clocks: NDArray[np.float64]
    visits: NDArray[np.int32]
    last_visits: NDArray[np.int32]
    risk_days: NDArray[np.int32]
    reported: NDArray[np.float64]
    visits_rises: NDArray[np.float64]
    shared_rosters: NDArray[np.int8]
    bank_pulls: NDArray[np.float64]
    pulls: NDArray[np.float64]
    finishes: NDArray[np.float64]
    fading: NDArray[np.float64]
    duty_offices: NDArray[np.int64]
    contact_ties: NDArray[np.int64]
    duty_ends: NDArray[np.int64]
    duty_dyads: NDArray[np.int64]
    calendar: NDArray[np.int64]
    entries: NDArray[np.int32]
    today: NDArray[np.int32]
    record: NDArray[np.float64]
    counters: NDArray[np.int64]
    facts: NDArray[np.float64]

    def copy(self) -> Columns:
        """Return independent copies of every table.

        Returns
        -------
        Columns
            The copies.
        """
        used = self.in_use()
        return Columns(
            **{name: lengthened(name, used[name], len(table)) for name, table in self._asdict().items()}
        )

    def in_use(self) -> dict[str, NDArray[Any]]:
        """Give the tables by name, without rows that nothing has taken and without scratch.

        Returns
        -------
        dict of str to ndarray
            Views.
        """
        cases, chunks = (int(self.counters[number]) for number in (CASES_USED, CHUNKS_USED))
        used = {"cases": cases, "entries": chunks * CHUNK, "today": 0, "pulls": 0, "finishes": 0}
        return {name: table[: used.get(name)] for name, table in self._asdict().items()}


WITH_ROOM: Final = ("cases", "entries", "today", "pulls", "finishes")
"""Tables with rows behind those in use: free ones and scratch."""


def lengthened(name: str, table: Records, rows: int) -> Records:
    """Copy a table into one of some length that begins with a line of the cache; empty rows cost no memory.

    Parameters
    ----------
    name : str
        Which of the `Columns` it is.
    table : structured array
        The table.
    rows : int
        Rows of the copy, at least as many. Those behind the table's are zero, but free rows of cases hold
        anything.

    Returns
    -------
    structured array
        The copy.
    """
    # A new case overwrites all of its row.
    copy = _table(memory_for if name == "cases" else _zeros, rows, table.dtype, table.shape[1:])
    # What lies between and behind columns is part of a digest, but does not come with them.
    copy[: len(table)].view(np.uint8)[:] = 0
    copy[: len(table)] = table
    return copy


def blank(rows: int, kind: np.dtype[Any], shape: tuple[int, ...] = ()) -> Records:
    """Give a table of zeros that begins with a line of the cache.

    Parameters
    ----------
    rows : int
        Number of rows.
    kind : dtype
        Of the rows; those of structured ones are read as attributes.
    shape : tuple of int
        Further axes.

    Returns
    -------
    ndarray
        The table.
    """
    return _table(_zeros, rows, kind, shape)


def _zeros(size: int) -> NDArray[np.uint8]:
    # Memory that the system hands out is zero already; what nobody touches takes none.
    return np.zeros(size, dtype=np.uint8)


def _table(
    memory_of: Callable[[int], NDArray[np.uint8]], rows: int, kind: np.dtype[Any], shape: tuple[int, ...]
) -> Records:
    kind = np.dtype(kind)
    count = rows * int(np.prod(shape, dtype=np.int64))
    memory = memory_of(count * kind.itemsize + LINE_BYTES)
    first = -memory.ctypes.data % LINE_BYTES
    table = memory[first : first + count * kind.itemsize].view(kind).reshape(rows, *shape)
    return table.view(np.recarray) if kind.names else table
