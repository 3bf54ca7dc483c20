"""The state of a run: one table per kind of entity, one row per entity, one column per quantity.

Everything that changes during a run is in these tables, so that a copy of them is a snapshot, and their
bytes are the run's digest.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BANKS",
    "CASES",
    "DYADS",
    "NEVER",
    "OFFICES",
    "OF_CASES",
    "RECORD_FIELDS",
    "RIVER",
    "Records",
    "Row",
    "SOURCES",
    "TEAMS",
    "TIES",
    "VILLAGES",
    "WAITING",
    "Columns",
    "lengthened",
]

Records = NDArray[Any]
"""A table: structured, its columns are read as attributes of its rows."""

Row = np.record
"""One row of a table; what is written into it is written into the table."""

NEVER = 1 << 30
"""A day that never comes."""

VILLAGES = np.dtype(
    [
        ("key", "i8"),
        ("residents", "f8"),
        ("yearly_rate", "f8"),  # disputes that arise in it a year
        ("participation", "f8"),  # share of members who can be reached
        ("grievance", "f8"),
        ("unserved", "f8"),  # service requests given up so far
        ("town", "i4"),
        ("is_border", "i4"),
    ]
)

TIES = np.dtype(
    [
        ("key", "i8"),
        ("trust", "f8"),
        ("trust_day", "f8"),
        ("baseline", "f8"),  # of trust, without legacy claims
        ("a", "i4"),
        ("b", "i4"),
        ("legacy_open", "i4"),
        ("first_open", "i4"),  # its open cases, oldest first
        ("last_open", "i4"),
        ("village_dyad", "i4"),
        ("town_dyad", "i4"),  # -1 where both sides share the town office
        ("county_dyad", "i4"),
        ("department_dyad", "i4"),  # the first of its departments
        ("segment", "i4"),  # -1 inside a town
        ("interest", "f8"),
        ("top_rate", "f8"),  # candidates a year
        ("base_rate", "f8"),  # disputes a year at a pull of one
        ("contact_due", "f8"),  # next event of contact
        ("contacts_this_year", "f8"),
        ("level", "i1"),
        ("is_border", "i1"),
        ("is_river", "i1"),
        ("upstream", "i1"),
        ("contested", "i4"),  # 1 where a legacy claim was open at the start
    ]
)

DYADS = np.dtype(
    [
        ("a", "i4"),
        ("b", "i4"),
        ("first_tie", "i4"),  # its ties are dyad_ties[first_tie:first_tie + ties]
        ("ties", "i4"),
        ("tier", "i2"),
        ("level", "i2"),
        ("is_border", "i4"),
        ("prior_a", "f8"),  # belief of side a that b works, without news
        ("prior_b", "f8"),
        ("belief_a", "f8"),
        ("belief_b", "f8"),
        ("belief_day", "f8"),
        ("shared_hours", "f8"),  # saved up in the joint office
        ("shared_day", "f8"),
        ("calls", "i8"),  # to a joint session so far
        ("attended", "i8"),
        ("channel_open", "i8"),  # 1 while both sides keep the channel that they may have
    ]
)

# What a case touches comes first, so that it lies in one line of a cache.
OFFICES = np.dtype(
    [
        ("busy_until", "f8"),  # when interior work that it has is done
        ("interior_rate", "f8"),
        ("desk", "f8"),  # hours saved up
        ("desk_day", "f8"),
        ("desk_rate", "f8"),  # hours a day
        ("term", "f8"),  # persistent difference in what an effort is worth
        ("parent", "i4"),
        ("efforts", "i4"),  # efforts made so far
        ("tier", "i4"),
        ("side", "i2"),  # 0 or 1: which side of the border it is on
        ("attends", "i2"),  # scratch: the meeting it attends today
        ("key", "i8"),
        ("base_desk", "f8"),  # hours a day without mechanisms
        ("base_interior", "f8"),
        ("turnover_due", "f8"),
        ("bound_hours", "f8"),  # bound by mechanisms so far
        ("displaced_hours", "f8"),  # of these, taken from interior work
        ("departments", "i4"),  # first department of a county
        ("first_dyad", "i4"),  # its dyads are office_dyads[first_dyad:first_dyad + dyads]
        ("dyads", "i4"),
        ("duty_phase", "i4"),
        ("turnovers", "i8"),
    ]
)

# What teams weigh comes first.
BANKS = np.dtype(
    [
        ("last_visit", "i4"),
        ("risk_day", "i4"),
        ("reported", "f8"),  # offences reported of late, as the teams see them
        ("visits_rise", "f8"),  # as the institutions in force say
        ("segment", "i4"),
        ("shared_roster", "i4"),
        ("visitor", "i4"),  # team of the last visit
        ("risk", "f8"),  # perceived by offenders
        ("key", "i8"),
        ("length_km", "f8"),
        ("rate", "f8"),  # candidates for an offence a year
        ("tie", "i4"),
        ("police", "i4"),  # the team of its town
        ("first_near", "i4"),  # banks within reach: near[first_near:first_near + near]
        ("near", "i4"),
        ("counted_day", "i4"),  # its days before this one are counted as covered or not
        ("covered_7", "i2"),  # days of this month on which its last visit was less than 7 days ago
        ("covered_30", "i2"),
        ("is_border", "i2"),
        ("is_river", "i2"),
    ]
)

TEAMS = np.dtype(
    [
        ("key", "i8"),
        ("kind", "i8"),
        ("office", "i8"),
        ("first_bank", "i8"),
        ("banks", "i8"),
        ("base_visits", "f8"),  # a day, without mechanisms
        ("visits_per_day", "f8"),
        ("saved_visits", "f8"),
        ("visits", "i8"),
    ]
)

RIVER = np.dtype(
    [
        ("key", "i8"),
        ("office", "i8"),  # of the town, -1 where not modelled
        ("load", "f8"),  # untreated discharge
        ("arrives", "f8"),  # share that reaches the border section
        ("treated", "f8"),
        ("side", "i8"),
    ]
)

SOURCES = np.dtype([("due", "f8"), ("mean_days", "f8"), ("key", "i8"), ("candidate", "i8")])
"""Streams of candidates: ties, then villages, then banks."""

CASES = np.dtype(
    [
        ("key", "i8"),
        ("candidate", "i4"),
        ("tie", "i4"),
        ("village", "i4"),
        ("occurred", "i4"),
        ("known", "i4"),
        ("other_known", "i4"),
        ("first_response", "i4"),
        ("settled", "i4"),
        ("last_act", "i4"),
        ("idle_days", "i4"),  # days in the vacuum so far
        ("next_day", "i4"),
        ("worsens", "i4"),  # -1 where no draw is pending
        ("called", "i4"),  # day for which a session was first called, or on which an item was forgotten
        ("gives_up", "i4"),  # day from which its parties no longer pursue it
        ("before", "i4"),  # neighbours among the open cases of the tie
        ("after", "i4"),
        ("attempts", "i2"),
        ("sessions", "i2"),
        ("hand_offs", "i2"),
        ("relapses", "i2"),
        ("settlements", "i2"),
        ("domain", "i1"),
        ("difficulty", "i1"),
        ("first_difficulty", "i1"),
        ("detected_difficulty", "i1"),
        ("side", "i1"),  # that learned of it first
        ("holder", "i1"),  # side that holds it
        ("tier", "i1"),
        ("status", "i1"),
        ("next_act", "i1"),
        ("channel", "i1"),  # by which the pending session was called
        ("needs_both", "i1"),
        ("legacy", "i1"),
        ("incident", "i1"),
        ("settled_tier", "i1"),
        ("how", "i1"),
        ("item_state", "i1"),  # 1 pending item of a meeting, 2 with owner and deadline, 3 dropped last time
    ]
)

# Apart from the cases, so that a day's list can be walked ahead of the work on it.
WAITING = np.dtype([("link", "i4"), ("back", "i4"), ("worsen_link", "i4")])
"""Places of the cases in the calendar: neighbours among the acts or detections, and the next worsening."""

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
    *(f"{what}_{tier}" for what in ("willingness", "unmonitored", "bound_a", "bound_b", "displaced_hours")
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
    waiting : structured array
        The places of the cases in the calendar, row by row.
    source_links : ndarray of int32
        For each stream, the next one that is due on the same day.
    dyad_ties, office_dyads, team_banks, near : ndarray of int64
        Rows that belong to a dyad, an office, a team, a bank's neighbourhood.
    clocks, pulls : ndarray of float64
    visits : ndarray of int64
        The race of banks for the visits of a team, for each entry of `team_banks`: time left at a pull of
        one, the pull in its last race, and visits won.
    bank_pulls : ndarray of float64
        Today's pull of each bank.
    fading : ndarray of float64
        What is left of a perceived or reported risk after whole days.
    departments : ndarray of int64, shape (5,)
        The competent department of each subject of cases.
    duty_offices, contact_ties : ndarray of int64
        Offices that stand duty and ties that have visits, as the institutions in force say.
    duty_ends, duty_dyads : ndarray of int64
        The dyads that a duty covers: duty_dyads[duty_ends[n]:duty_ends[n + 1]] for the n-th such office.
    calendar : ndarray of int64, shape (10, days)
        First and last act, detection, worsening, dispute and offence due on each day of a ring.
    record : ndarray of float64, shape (months, 2, fields)
        Monthly sums and means, interior and border.
    counters : ndarray of int64
        Cases in use, today, month since the start, month of the year, weekday (0 Monday), first day of the
        month.
    facts : ndarray of float64
        Mean baseline of trust on the border.
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
    waiting: Records
    source_links: NDArray[np.int32]
    dyad_ties: NDArray[np.int64]
    office_dyads: NDArray[np.int64]
    departments: NDArray[np.int64]
    team_banks: NDArray[np.int64]
    near: NDArray[np.int64]
    clocks: NDArray[np.float64]
    pulls: NDArray[np.float64]
    bank_pulls: NDArray[np.float64]
    visits: NDArray[np.int64]
    fading: NDArray[np.float64]
    duty_offices: NDArray[np.int64]
    contact_ties: NDArray[np.int64]
    duty_ends: NDArray[np.int64]
    duty_dyads: NDArray[np.int64]
    calendar: NDArray[np.int64]
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
            **{
                name: lengthened(used[name], len(table)) if name in OF_CASES else table.copy()
                for name, table in self._asdict().items()
            }
        )

    def in_use(self) -> dict[str, NDArray[Any]]:
        """Give the tables by name, those of cases without the rows that no case has taken.

        Returns
        -------
        dict of str to ndarray
            Views.
        """
        # The first counter tells the rows in use.
        used = int(self.counters[0])
        return {name: table[:used] if name in OF_CASES else table for name, table in self._asdict().items()}


OF_CASES: Final = ("cases", "waiting")
"""Tables with one row for each case, and empty rows behind them."""


def lengthened(table: Records, rows: int) -> Records:
    """Copy a table into a longer one; its empty rows cost no memory.

    Parameters
    ----------
    table : structured array
        The table.
    rows : int
        Rows of the longer table, at least as many.

    Returns
    -------
    structured array
        The copy.
    """
    longer = np.zeros(rows, table.dtype).view(np.recarray)
    longer[: len(table)] = table
    return longer
