"""From a run to its measures, its monthly series and its cases."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.columns import RECORD_FIELDS, Records
from sim.engine.constants import BORDER, DAYS_PER_YEAR, GIVEN_UP, INTERIOR, SECURITY
from sim.engine.dates import START
from sim.engine.simulation import Simulation
from sim.measures.case_table import TIER_NAMES, case_table, is_border_case, known_between
from sim.measures.definitions import MEASURES
from sim.measures.survival import incidence_within, median_days, restricted_mean_days, share_within, survival
from sim.parameters import Parameters

__all__ = ["Measured", "measure_rows", "summarise"]

_SCOPES = ("interior", "border")
_OFFICE_TIERS = TIER_NAMES[:4]
_LINE_TIERS = TIER_NAMES[:3]
_HOURS_PER_STAFF_DAY = 8.0
_YUAN_PER_UNIT = 10_000.0
_RESPONSE_HORIZON_DAYS = 365
_TOP_FIFTH = 0.2

_FIELD = {name: index for index, name in enumerate(RECORD_FIELDS)}

Row = tuple[str, str, float]


@dataclass(frozen=True)
class Measured:
    """What a run showed.

    Attributes
    ----------
    measures : pandas.DataFrame
        Columns scope, measure, tier, unit, value: one row per quantity over the whole span.
    series : pandas.DataFrame
        Columns month, month_index (0 is the first whole month of the span), scope, measure, tier, unit,
        value, for every month of the run that is over.
    cases : pandas.DataFrame
        As `sim.measures.case_table.case_table` lists them.
    """

    measures: pd.DataFrame
    series: pd.DataFrame
    cases: pd.DataFrame


def summarise(
    simulation: Simulation, first_day: int, last_day: int, *, interior_cases: bool = True
) -> Measured:
    """Measure a span of a run.

    Parameters
    ----------
    simulation : Simulation
        The run, lived at least up to `last_day`.
    first_day, last_day : int
        The span; the last day is not in it. What is recorded by the month – all but the life of
        disputes – is taken from the whole months inside it.
    interior_cases : bool
        Whether the case table lists interior cases too.

    Returns
    -------
    Measured
        Measures that cannot be computed – no session, no river, no whole month – are NaN, never zero.
    """
    rows = measure_rows(simulation, first_day, last_day)
    first_month, last_month = _month_of(first_day - 1) + 1, _month_of(last_day)
    measures = pd.DataFrame(
        [(scope, name, tier, MEASURES[name].unit, float(value)) for scope, name, tier, value in rows],
        columns=["scope", "measure", "tier", "unit", "value"],
    )
    cases = case_table(simulation, first_day, last_day, with_interior=interior_cases)
    return Measured(measures, _series(simulation, first_month, last_month), cases)


def measure_rows(simulation: Simulation, first_day: int, last_day: int) -> list[tuple[str, str, str, float]]:
    """Measure a span of a run, without its series and cases, which take most of the time of a short run.

    Parameters
    ----------
    simulation : Simulation
        The run, lived at least up to `last_day`.
    first_day, last_day : int
        The span, as for `summarise`.

    Returns
    -------
    list of (str, str, str, float)
        Scope, measure, tier and value, in reporting order; the same rows in the same order for every run.
    """
    rows = [*_dispute_rows(simulation, first_day, last_day)]
    first_month, last_month = _month_of(first_day - 1) + 1, _month_of(last_day)
    span = [_span_of(simulation, scope, first_month, last_month) for scope in (INTERIOR, BORDER)]
    for scope, total in enumerate(span):
        rows += [(_SCOPES[scope], *row) for row in _rates(total)]
        rows += [(_SCOPES[scope], *row) for row in _patrol(total, _line_km(simulation, scope))]
        rows += [(_SCOPES[scope], *row) for row in _willingness(total)]
        cleared = _cleared_share(simulation, scope, total["caught"], first_month, last_month)
        rows.append((_SCOPES[scope], "cleared_share", "all", cleared))
    rows += [("border", *row) for row in _river(span[BORDER])]
    rows += [("border", *row) for row in _cost(span[BORDER])]
    rows += [("interior", *row) for row in _burden(span[INTERIOR])]
    rows.append(("border", "effort_concentration", "all", _concentration(simulation)))
    order = {name: place for place, name in enumerate(MEASURES)}
    rows.sort(key=lambda row: order[row[1]])
    return rows


class _Totals:
    """Sums of recorded months by name."""

    def __init__(self, record: NDArray[np.float64], months: int, years: float) -> None:
        self.record = record
        self.months = months
        self.years = years

    def __getitem__(self, name: str) -> float:
        return float(self.record[_FIELD[name]])

    def over(self, names: str, tiers: tuple[str, ...] = _OFFICE_TIERS) -> float:
        """Add up a quantity over tiers."""
        return sum(self[f"{names}_{tier}"] for tier in tiers)


def _month_of(day: int) -> int:
    """Give the month of a day, counted from the start of runs: as many as are over before that day."""
    month = (np.datetime64(START) + day).astype("datetime64[M]")
    return int((month - np.datetime64(START, "M")).astype(np.int64))


def _first_day_of(month: int) -> int:
    start = (np.datetime64(START, "M") + month).astype("datetime64[D]")
    return int((start - np.datetime64(START)).astype(np.int64))


def _span_of(simulation: Simulation, scope: int, first_month: int, last_month: int) -> _Totals:
    """Add up whole months; without any, everything is unknown."""
    count = last_month - first_month
    if count <= 0:
        return _Totals(np.full(len(RECORD_FIELDS), math.nan), 1, 1.0)
    record = simulation.columns.record[first_month:last_month, scope].sum(axis=0)
    return _Totals(record, count, (_first_day_of(last_month) - _first_day_of(first_month)) / DAYS_PER_YEAR)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else math.nan


def _dispute_rows(simulation: Simulation, first_day: int, last_day: int) -> list[tuple[str, str, str, float]]:
    cases = simulation.cases
    chosen = known_between(cases, first_day, last_day) & (cases["domain"] != SECURITY)
    border = is_border_case(simulation, cases)
    rows = []
    for scope, where in (("border", border), ("interior", ~border)):
        part = cases[chosen & where]
        rows += [(scope, *row) for row in _disputes(part, last_day, simulation.parameters)]
    return rows


def _disputes(cases: Records, last_day: int, parameters: Parameters) -> list[Row]:
    """Measure the disputes of one scope that became known in the span."""
    known = cases["known"].astype(np.int64)
    settled = cases["settled"].astype(np.int64)
    is_settled = (settled >= 0) & (settled < last_day)
    days = np.where(is_settled, settled, last_day) - known
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
    since = np.where(is_settled, settled, last_day) - cases["occurred"]
    rows.append(("days_from_occurrence", "all", median_days(survival(since, is_settled))))
    inflated = share_within(curve, 90) + parameters["reporting_inflation"]
    rows.append(("reported_settled_90_days", "all", min(1.0, inflated) if inflated == inflated else math.nan))
    response = cases["first_response"].astype(np.int64)
    answered = (response >= 0) & (response < last_day)
    waited = np.where(answered, response, last_day) - known
    rows.append(
        (
            "first_response_days",
            "all",
            restricted_mean_days(survival(waited, answered), _RESPONSE_HORIZON_DAYS),
        )
    )
    count = float(len(cases))
    rows.append(("severity_at_detection", "all", _ratio(float(cases["detected_difficulty"].sum()), count)))
    for number, name in enumerate(TIER_NAMES):
        by_tier = is_settled & (cases["settled_tier"] == number)
        rows.append(("settled_90_days_at_tier", name, incidence_within(days, is_settled, by_tier, 90)))
    for number, name in enumerate(TIER_NAMES):
        closed = float((is_settled & (cases["settled_tier"] == number)).sum())
        rows.append(("closed_share", name, _ratio(closed, float(is_settled.sum()))))
    rows.append(
        ("relapse_share", "all", _ratio(float(cases["relapses"].sum()), float(cases["settlements"].sum())))
    )
    rows.append(("hand_offs", "all", _ratio(float(cases["hand_offs"].sum()), count)))
    idle = cases["idle_days"].astype(np.float64)
    patience = parameters["unattended_days"]
    is_open = ~is_settled & (cases["status"] != GIVEN_UP)
    idle += np.where(is_open, np.maximum(0.0, last_day - cases["last_act"] - patience), 0.0)
    # A case that was given up was open until then; one that opened again may have idled since, but the
    # share is about its first life.
    has_given_up = ~is_settled & (cases["status"] == GIVEN_UP) & (cases["last_act"] < last_day)
    until = np.where(has_given_up, cases["last_act"].astype(np.int64) - known, days)
    rows.append(("vacuum_share", "all", _ratio(float(np.minimum(idle, until).sum()), float(until.sum()))))
    return rows


def _rates(total: _Totals) -> list[Row]:
    return [
        ("disputes_occurred", "all", total["occurred"] / total.years),
        ("disputes_known", "all", total["known"] / total.years),
        ("incidents", "all", total["incidents"] / total.years),
        ("legacy_settled", "all", total["legacy_settled"] / total.years),
    ]


def _line_km(simulation: Simulation, scope: int) -> float:
    world = simulation.world
    return float(world.segment_length_km[world.segment_is_border == bool(scope)].sum())


def _patrol(total: _Totals, km: float) -> list[Row]:
    offences = total["offences"]
    return [
        ("coverage_7_days", "all", _ratio(total["covered_7"], total["bank_days"])),
        ("coverage_30_days", "all", _ratio(total["covered_30"], total["bank_days"])),
        ("visits", "all", total["visits"] / total.months),
        ("duplicated_visits", "all", _ratio(total["duplicated"], total["visits"])),
        ("offences", "all", _ratio(100.0 * offences / total.months, km)),
        ("detected_share", "all", _ratio(total["caught"], offences)),
        ("displaced_share", "all", _ratio(total["displaced"], offences)),
        ("displaced_across_share", "all", _ratio(total["displaced_across"], offences)),
        ("operations", "all", total["operations"] / total.months),
        ("joint_operations", "all", total["joint_operations"] / total.months),
        ("operation_hit_share", "all", _ratio(total["operation_hits"], total["operations"])),
    ]


def _cleared_share(
    simulation: Simulation, scope: int, caught: float, first_month: int, last_month: int
) -> float:
    """Follow the offences of whole months: what was cleared of older ones is not theirs."""
    cases = simulation.cases
    last_day = _first_day_of(last_month)
    reported = known_between(cases, _first_day_of(first_month), last_day) & (cases["domain"] == SECURITY)
    settled = cases["settled"][reported & (is_border_case(simulation, cases) == bool(scope))]
    cleared = float(((settled >= 0) & (settled < last_day)).sum())
    return _ratio(caught + cleared, caught + float(settled.size))


def _willingness(total: _Totals) -> list[Row]:
    rows: list[Row] = []
    for name, field in (
        ("willingness", "willingness"),
        ("willingness_unmonitored", "unmonitored"),
        ("willingness_side_a", "willingness_a"),
        ("willingness_side_b", "willingness_b"),
    ):
        by_tier = {tier: total[f"{field}_{tier}"] / total.months for tier in _OFFICE_TIERS}
        # A border inside one county has no counties that face each other.
        there = [by_tier[tier] for tier in _LINE_TIERS if not math.isnan(by_tier[tier])]
        rows.append((name, "all", _ratio(sum(there), float(len(there)))))
        rows += [(name, tier, value) for tier, value in by_tier.items()]
    for tier in ("all", *_LINE_TIERS):
        # Police and other departments meet so often that they would drown the line offices.
        tiers = _LINE_TIERS if tier == "all" else (tier,)
        calls = total.over("calls", tiers)
        attendance = _ratio(total.over("attended", tiers), calls)
        effort = _ratio(total.over("efforts", tiers), calls)
        joint, solo = total.over("joint", tiers), total.over("solo", tiers)
        rows += [
            ("attendance", tier, attendance),
            ("effort", tier, effort),
            ("suspension_gap", tier, attendance - effort),
            ("reciprocity", tier, _ratio(total.over("both_effort", tiers), total.over("any_effort", tiers))),
            ("joint_sessions", tier, joint / total.years),
            ("joint_share", tier, _ratio(joint, joint + solo)),
        ]
    rows += [
        ("items_decided", "all", total["items_decided"] / total.years),
        ("items_carried_out", "all", _ratio(total["items_carried_out"], total["items_decided"])),
        ("meetings", "all", total["meetings"] / total.years),
        ("channels_kept", "all", _ratio(total.over("channels_open"), total.over("channels_offered"))),
        *(
            ("channels_kept", tier, _ratio(total[f"channels_open_{tier}"], total[f"channels_offered_{tier}"]))
            for tier in _OFFICE_TIERS
        ),
        ("trust", "all", total["trust"] / total.months),
        ("trust_contested", "all", total["trust_contested"] / total.months),
        ("trust_calm", "all", total["trust_calm"] / total.months),
        ("willingness_contested", "village", total["willingness_contested"] / total.months),
        ("willingness_calm", "village", total["willingness_calm"] / total.months),
    ]
    return rows


def _river(total: _Totals) -> list[Row]:
    return [
        ("section_compliance", "all", _ratio(total["section_met"], total["section_months"])),
        ("abatement", "all", _ratio(total["abatement"], total["section_months"])),
        ("service_trips", "all", _ratio(total["trips"], total["requests"])),
        ("service_days", "all", _ratio(total["service_days"], total["requests"])),
    ]


def _cost(total: _Totals) -> list[Row]:
    days = {
        tier: (total[f"bound_a_{tier}"] + total[f"bound_b_{tier}"]) / _HOURS_PER_STAFF_DAY / total.years
        for tier in _OFFICE_TIERS
    }
    rows: list[Row] = [("staff_days", "all", sum(days.values()))]
    rows += [("staff_days", tier, value) for tier, value in days.items()]
    for side in ("a", "b"):
        hours = total.over(f"bound_{side}")
        rows.append((f"staff_days_side_{side}", "all", hours / _HOURS_PER_STAFF_DAY / total.years))
    rows.append(("money", "all", total["money"] / _YUAN_PER_UNIT / total.years))
    return rows


def _burden(total: _Totals) -> list[Row]:
    """Measure what co-operation costs elsewhere: waiting, displaced and unserved interior work."""
    rows: list[Row] = []
    for tier in ("all", *_LINE_TIERS):
        tiers = TIER_NAMES if tier == "all" else (tier,)
        rows.append(
            ("waiting_days", tier, _ratio(total.over("wait_days", tiers), total.over("waits", tiers)))
        )
    for name, field, scale in (
        ("displaced_hours", "displaced_hours", total.years),
        ("unserved_hours", "unserved_hours", float(total.months)),
    ):
        rows.append((name, "all", total.over(field) / scale))
        rows += [(name, tier, total[f"{field}_{tier}"] / scale) for tier in _OFFICE_TIERS]
    return rows


def _concentration(simulation: Simulation) -> float:
    """Give the share of all effort that the fifth of border offices with most effort made."""
    world = simulation.world
    offices = np.unique(
        np.concatenate((world.dyad_a[world.dyad_is_border], world.dyad_b[world.dyad_is_border]))
    )
    # Police and other departments would make the few that work most by themselves.
    offices = offices[world.office_tier[offices] < len(_LINE_TIERS)]
    efforts = np.sort(simulation.columns.offices["efforts"][offices])[::-1]
    top = max(1, round(_TOP_FIFTH * efforts.size))
    return _ratio(float(efforts[:top].sum()), float(efforts.sum()))


def _series(simulation: Simulation, first_month: int, last_month: int) -> pd.DataFrame:
    """List what was recorded month by month, from the start of the run."""
    start = np.datetime64(START, "M")
    frames = []
    for scope in (BORDER, INTERIOR):
        km = _line_km(simulation, scope)
        for month in range(last_month):
            total = _Totals(simulation.columns.record[month, scope], 1, 1.0 / 12.0)
            frames += [
                (
                    start + month,
                    month - first_month,
                    _SCOPES[scope],
                    name,
                    tier,
                    MEASURES[name].unit if name in MEASURES else unit,
                    value,
                )
                for name, tier, unit, value in _monthly(total, scope, km)
            ]
    table = pd.DataFrame(
        frames, columns=["month", "month_index", "scope", "measure", "tier", "unit", "value"]
    )
    table["month"] = table["month"].astype("datetime64[s]")
    return table


def _monthly(total: _Totals, scope: int, km: float) -> list[tuple[str, str, str, float]]:
    rows: list[tuple[str, str, str, float]] = []
    wanted = {"willingness", "willingness_unmonitored", "attendance", "effort", "suspension_gap", "trust"}
    rows += [(name, tier, "", value) for name, tier, value in _willingness(total) if name in wanted]
    wanted = {"coverage_7_days", "coverage_30_days", "offences"}
    rows += [(name, tier, "", value) for name, tier, value in _patrol(total, km) if name in wanted]
    for name, field in (("known", "known"), ("settled", "settled"), ("open", "open_cases")):
        rows.append((name, "all", "cases", total[field]))
    if scope == BORDER:
        rows.append(
            ("staff_days", "all", "", next(v for n, t, v in _cost(total) if t == "all" and n == "staff_days"))
        )
        rows += [(n, t, "", v) for n, t, v in _river(total) if n == "section_compliance"]
    else:
        rows += [(n, t, "", v) for n, t, v in _burden(total) if n == "waiting_days" and t == "all"]
    return rows
