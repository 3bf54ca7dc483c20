"""Institutions as plain tables: all that the day kernel knows of mechanisms.

A row says what holds between two offices, on a tie, for an office or on a stretch of line – never which
mechanism put it there.  Tables hold for an epoch; where a lever starts or ends, the next epoch begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BANK_RULES",
    "DYAD_RULES",
    "FORUM_RULES",
    "GENERAL_RULES",
    "OFFICE_KINDS",
    "OFFICE_RULES",
    "TIE_RULES",
    "Epoch",
    "Institutions",
    "Review",
    "Tables",
    "ordinary_tables",
]

Records = NDArray[Any]

OFFICE_KINDS = ("", "workstation", "joint_branch", "standing_body")
"""Kinds of joint office by number; 0 means that a dyad has none."""

DYAD_RULES = np.dtype(
    [
        ("channel_days", "f8"),  # days to reach each other over a lateral channel; inf without one
        ("channel_hours", "f8"),  # hours a month and side that keeping the channel takes
        ("earned_days", "f8"),  # the same of a channel that the offices may open and drop themselves
        ("earned_hours", "f8"),
        ("monitoring", "f8"),  # m: how much of an effort is seen
        ("obligation", "f8"),  # obligation to attend a joint session
        ("forum_obligation", "f8"),  # obligation to attend a meeting
        ("duty_power", "f8"),  # authority of a convener on duty
        ("duty_memory", "f8"),  # share of stalled matters that the next convener takes over
        ("decision_right", "f8"),  # right of the joint office to decide
        ("office_hours", "f8"),  # hours a day and side in the joint office
        ("place", "f8"),  # share of sessions in a fixed place
        ("joint_operations", "f8"),  # joint operations planned a month
        ("service_clock", "f8"),  # share of department cases under a clock that others see
        ("office_kind", "i8"),  # index into OFFICE_KINDS
        ("cross_posted", "i8"),  # 1 where one person sits in both offices
        ("has_duty", "i8"),  # 1 where a rota stands between the two offices
        ("has_convener", "i8"),  # 1 where a convener on duty or a standing body can call both
    ]
)

TIE_RULES = np.dtype(
    [
        ("delay_removed", "f8"),
        ("loss_removed", "f8"),
        ("case_trail", "f8"),
        ("faster_detection", "f8"),
        ("completeness", "f8"),
        ("route_by_difficulty", "f8"),
        ("route_to_department", "f8"),
        ("rules_harmonised", "f8"),
        ("skill", "f8"),
        ("panel", "f8"),
        ("law", "f8"),
        ("payoff", "f8"),
        ("interest_since", "f8"),  # day on which shared interest began
        ("one_sided", "f8"),
        ("contact_events", "f8"),  # events a year
        ("contact_hours", "f8"),  # hours of each village branch per event
    ]
)

OFFICE_RULES = np.dtype(
    [
        ("desk_extra", "f8"),
        ("interior_extra", "f8"),
        ("bound_hours", "f8"),  # hours a day bound by joint offices and double posts
        ("outcome_land", "f8"),
        ("outcome_water", "f8"),
        ("outcome_family", "f8"),
        ("outcome_trade", "f8"),
        ("outcome_security", "f8"),
        ("attendance", "f8"),
        ("duty_hours", "f8"),
        ("service_window", "f8"),
        ("duty_interval", "i8"),  # 0 without a duty
    ]
)

BANK_RULES = np.dtype(
    [
        ("joint_visits", "f8"),
        ("nearest_first", "f8"),
        ("penalties", "f8"),
        ("visits_rise_a", "f8"),  # on the bank of each side
        ("visits_rise_b", "f8"),
        ("shared_roster", "i8"),
        ("cross_bank", "i8"),
        ("pursuit", "i8"),
    ]
)

FORUM_RULES = np.dtype(
    [
        ("items", "f8"),
        ("hours", "f8"),
        ("owner", "f8"),
        ("review", "f8"),
        ("cadence", "i8"),
        ("phase", "i8"),
        ("tier", "i8"),
        ("first", "i8"),  # its dyads are forum_dyads[first:first + count]
        ("count", "i8"),
        ("key", "i8"),  # keys the draws of its meetings
    ]
)

GENERAL_RULES = np.dtype([("river_payoff", "f8"), ("river_since", "f8"), ("money_yuan_per_year", "f8")])


class Tables(NamedTuple):
    """The tables of one epoch.

    Attributes
    ----------
    dyads : structured array, shape (dyads,)
        What holds between two offices.
    ties, offices, banks : structured arrays
        What holds on a tie, for an office, and on a stretch (one row per segment).
    forums : structured array, shape (forums,)
        Meetings.
    forum_dyads : ndarray of int64
        Members of the meetings, as dyads.
    general : structured array, shape (1,)
        What holds for the border as a whole.
    """

    dyads: Records
    ties: Records
    offices: Records
    banks: Records
    forums: Records
    forum_dyads: NDArray[np.int64]
    general: Records


@dataclass(frozen=True)
class Epoch:
    """Tables from a day on, until the next epoch begins.

    Attributes
    ----------
    first_day : int
        Day on which it begins, counted from the start of the measured period.
    tables : Tables
        What holds from then on.
    """

    first_day: int
    tables: Tables


@dataclass(frozen=True, eq=False)
class Review:
    """What units look at and may change at set dates: options by number, and a way to put choices in force.

    Attributes
    ----------
    units, options : tuple of str
        Names; they key draws and stand in the record.
    every_years : float
        Years between reviews, the first that long after the institutions begin.
    days : int
        Days after which there is none any more.
    weighs_attendance : bool
        True where attended calls are weighed, false where settled disputes are.
    changes : int
        Options that a unit drops, and takes up, at most in a review.
    start : ndarray of bool, shape (units, options)
        Options that a unit has from the first day.
    neighbours : ndarray of bool, shape (units, units)
        Who sees the results of whom; nobody is a neighbour of itself.
    members : ndarray of bool, shape (units, pairs)
        Which pairs of counties a unit is part of.
    tie_pair, dyad_pair : ndarray of int64, shape (ties,) and (dyads,)
        The pair of counties between which a tie or dyad stands, -1 for none.
    office_pair : ndarray of int64, shape (rows, 2)
        Offices and the pairs of counties that they work in; hours are shared evenly between these.
    recompile : callable
        ``recompile(since, day)`` gives the institutions from a day on; ``since`` of shape (units, options)
        has the day on which a unit took up an option, -1 where it does not have it. Days count from the
        first day of the institutions.
    """

    units: tuple[str, ...]
    options: tuple[str, ...]
    every_years: float
    days: int
    weighs_attendance: bool
    changes: int
    start: NDArray[np.bool_]
    neighbours: NDArray[np.bool_]
    members: NDArray[np.bool_]
    tie_pair: NDArray[np.int64]
    dyad_pair: NDArray[np.int64]
    office_pair: NDArray[np.int64]
    recompile: Callable[[NDArray[np.int64], int], Institutions]


@dataclass(frozen=True)
class Institutions:
    """Every epoch of an arm.

    Attributes
    ----------
    epochs : tuple of Epoch
        Ascending, the first on day 0.
    review : Review or None
        What may be changed at set dates; None where the epochs are all there is.
    """

    epochs: tuple[Epoch, ...]
    review: Review | None = None

    def shifted(self, days: int) -> Institutions:
        """Return the same institutions with all dates moved to a later day.

        Runs count days from the start of the burn-in, packages from the start of the measured period.

        Parameters
        ----------
        days : int
            Days to add to every date: first days of epochs, and the days on which shared interest began.

        Returns
        -------
        Institutions
            A copy that differs in dates only; its first epoch begins on day `days`.
        """
        moved = []
        for epoch in self.epochs:
            ties, general = epoch.tables.ties.copy(), epoch.tables.general.copy()
            ties["interest_since"] += days
            general["river_since"] += days
            tables = epoch.tables._replace(ties=ties, general=general)
            moved.append(Epoch(epoch.first_day + days, tables))
        return replace(self, epochs=tuple(moved))


def ordinary_tables(
    level: NDArray[np.int8], ties: int, offices: int, segments: int, parameters: Any
) -> Tables:
    """Return the institutions of a border without any mechanism.

    Offices with a common superior inside the province are seen and can be called by it, fully within
    the prefecture and half as much between prefectures; across provinces nobody can, and who comes comes
    out of courtesy (assumption).

    Parameters
    ----------
    level : ndarray of int8, shape (dyads,)
        Boundary level of each dyad, 0 town to 4 nation.
    ties, offices, segments : int
        Numbers of rows.
    parameters : Parameters
        Parameter values; rows `monitoring_none`, `monitoring_superior`, `obligation_none` and
        `obligation_superior`.

    Returns
    -------
    Tables
        No channel, no meeting, and zero everywhere but in monitoring and obligation.

    Examples
    --------
    >>> from sim.parameters import Parameters
    >>> tables = ordinary_tables(np.array([2, 3, 4], np.int8), 1, 6, 1, Parameters())
    >>> tables.dyads["obligation"].round(3).tolist()
    [0.75, 0.45, 0.15]
    """
    reach = np.where(level <= 2, 1.0, np.where(level == 3, 0.5, 0.0))
    dyads = np.zeros(level.size, DYAD_RULES)
    dyads["channel_days"] = np.inf
    dyads["earned_days"] = np.inf
    unseen = parameters["monitoring_none"]
    dyads["monitoring"] = unseen + reach * max(0.0, parameters["monitoring_superior"] - unseen)
    free = parameters["obligation_none"]
    dyads["obligation"] = free + reach * max(0.0, parameters["obligation_superior"] - free)
    return Tables(
        dyads,
        np.zeros(ties, TIE_RULES),
        np.zeros(offices, OFFICE_RULES),
        np.zeros(segments, BANK_RULES),
        np.zeros(0, FORUM_RULES),
        np.zeros(0, np.int64),
        np.zeros(1, GENERAL_RULES),
    )
