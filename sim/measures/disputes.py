"""The life of disputes: how soon they are answered and settled, where, and how often they are left alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import GIVEN_UP, SECURITY
from sim.engine.simulation import Simulation
from sim.measures.case_table import TIER_NAMES, is_border_case, known_between
from sim.measures.survival import incidences_within, median_days, restricted_mean_days, share_within, survival
from sim.measures.totals import ratio
from sim.parameters import Parameters

__all__ = ["dispute_rows"]

_RESPONSE_HORIZON_DAYS = 365
_OF_DISPUTES = (
    "known",
    "settled",
    "first_difficulty",
    "domain",
    "occurred",
    "first_response",
    "detected_difficulty",
    "settled_tier",
    "relapses",
    "settlements",
    "hand_offs",
    "idle_days",
    "status",
    "last_act",
)

Row = tuple[str, str, float]


def dispute_rows(simulation: Simulation, first_day: int, last_day: int) -> list[tuple[str, str, str, float]]:
    """Measure the life of the disputes that became known in a span.

    Parameters
    ----------
    simulation : Simulation
        The run, lived at least up to `last_day`.
    first_day, last_day : int
        The span; the last day is not in it, and what happens from then on is not yet known.

    Returns
    -------
    list of (str, str, str, float)
        Scope, measure, tier and value; NaN where no dispute tells.
    """
    cases = simulation.cases.view(np.ndarray)
    chosen = np.flatnonzero(known_between(cases, first_day, last_day) & (cases["domain"] != SECURITY))
    border = is_border_case(simulation, {"tie": cases["tie"][chosen]})
    rows = []
    for scope, where in (("border", border), ("interior", ~border)):
        # A column is a tenth of a row or less.
        part = {name: cases[name][chosen[where]] for name in _OF_DISPUTES}
        rows += [(scope, *row) for row in _disputes(part, last_day, simulation.parameters)]
    return rows


def _disputes(cases: Mapping[str, NDArray[Any]], last_day: int, parameters: Parameters) -> list[Row]:
    """Measure the disputes of one scope that became known in the span."""
    known = cases["known"].astype(np.int64)
    settled = cases["settled"].astype(np.int64)
    is_settled = (settled >= 0) & (settled < last_day)
    # What happens on the day before the last is still seen, so a case is watched up to that day.
    seen_until = last_day - 1
    days = np.where(is_settled, settled, seen_until) - known
    curve = survival(days, is_settled)
    rows: list[Row] = [
        (f"settled_{limit}_days", "all", share_within(curve, limit)) for limit in (90, 30, 180)
    ]
    rows.append(("median_days", "all", median_days(curve)))
    for number, name in enumerate(("simple", "complex", "hard")):
        own = cases["first_difficulty"] == number
        rows.append(
            (f"settled_90_days_{name}", "all", share_within(survival(days[own], is_settled[own]), 90))
        )
    for number, name in enumerate(("land", "water", "family", "trade")):
        own = cases["domain"] == number
        rows.append(
            (f"settled_90_days_{name}", "all", share_within(survival(days[own], is_settled[own]), 90))
        )
    since = np.where(is_settled, settled, seen_until) - cases["occurred"]
    rows.append(("days_from_occurrence", "all", median_days(survival(since, is_settled))))
    inflated = share_within(curve, 90) + parameters["reporting_inflation"]
    rows.append(("reported_settled_90_days", "all", min(1.0, inflated) if inflated == inflated else math.nan))
    response = cases["first_response"].astype(np.int64)
    answered = (response >= 0) & (response < last_day)
    waited = np.where(answered, response, seen_until) - known
    rows.append(
        (
            "first_response_days",
            "all",
            restricted_mean_days(survival(waited, answered), _RESPONSE_HORIZON_DAYS),
        )
    )
    count = float(known.size)
    rows.append(("severity_at_detection", "all", ratio(float(cases["detected_difficulty"].sum()), count)))
    by_tier = [is_settled & (cases["settled_tier"] == number) for number in range(len(TIER_NAMES))]
    incidences = incidences_within(days, is_settled, by_tier, 90)
    rows += [("settled_90_days_at_tier", *row) for row in zip(TIER_NAMES, incidences, strict=True)]
    total = float(is_settled.sum())
    for name, closed in zip(TIER_NAMES, by_tier, strict=True):
        rows.append(("closed_share", name, ratio(float(closed.sum()), total)))
    rows.append(
        ("relapse_share", "all", ratio(float(cases["relapses"].sum()), float(cases["settlements"].sum())))
    )
    rows.append(("hand_offs", "all", ratio(float(cases["hand_offs"].sum()), count)))
    idle = cases["idle_days"].astype(np.float64)
    patience = parameters["unattended_days"]
    is_open = ~is_settled & (cases["status"] != GIVEN_UP)
    idle += np.where(is_open, np.maximum(0.0, last_day - cases["last_act"] - patience), 0.0)
    # A case that was given up was open until then; one that opened again may have idled since, but the
    # share is about its first life.
    has_given_up = ~is_settled & (cases["status"] == GIVEN_UP) & (cases["last_act"] < last_day)
    open_days = np.where(is_settled, settled, last_day) - known
    until = np.where(has_given_up, cases["last_act"].astype(np.int64) - known, open_days)
    rows.append(("vacuum_share", "all", ratio(float(np.minimum(idle, until).sum()), float(until.sum()))))
    return rows
