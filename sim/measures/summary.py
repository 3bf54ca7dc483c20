"""From a run to its measures, its monthly series and its cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.engine.constants import BORDER, INTERIOR, SECURITY
from sim.engine.dates import START
from sim.engine.simulation import Simulation
from sim.measures.case_table import TIER_NAMES, case_table, is_border_case, known_between
from sim.measures.definitions import MEASURES
from sim.measures.disputes import dispute_rows
from sim.measures.totals import Totals, first_day_of, mean_of_known, month_of, ratio, span_of

__all__ = ["Measured", "measure_rows", "summarise"]

_SCOPES = ("interior", "border")
_OFFICE_TIERS = TIER_NAMES[:4]
_LINE_TIERS = TIER_NAMES[:3]
_HOURS_PER_STAFF_DAY = 8.0
_YUAN_PER_UNIT = 10_000.0
_TOP_FIFTH = 0.2

Row = tuple[str, str, Any]


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
    scopes, names, tiers, values = zip(*measure_rows(simulation, first_day, last_day), strict=True)
    first_month, last_month = month_of(first_day - 1) + 1, month_of(last_day)
    measures = pd.DataFrame(
        {
            "scope": pd.Series(scopes, dtype="str"),
            "measure": pd.Series(names, dtype="str"),
            "tier": pd.Series(tiers, dtype="str"),
            "unit": pd.Series([MEASURES[name].unit for name in names], dtype="str"),
            "value": np.array(values, dtype=np.float64),
        }
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
    rows = [*dispute_rows(simulation, first_day, last_day)]
    first_month, last_month = month_of(first_day - 1) + 1, month_of(last_day)
    span = [span_of(simulation, scope, first_month, last_month) for scope in (INTERIOR, BORDER)]
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


def _rates(total: Totals) -> list[Row]:
    return [
        ("disputes_occurred", "all", total["occurred"] / total.years),
        ("disputes_known", "all", total["known"] / total.years),
        ("disputes_settled", "all", total["settled"] / total.years),
        ("incidents", "all", total["incidents"] / total.years),
        ("legacy_settled", "all", total["legacy_settled"] / total.years),
    ]


def _line_km(simulation: Simulation, scope: int) -> float:
    world = simulation.world
    return float(world.segment_length_km[world.segment_is_border == bool(scope)].sum())


def _patrol(total: Totals, km: float) -> list[Row]:
    offences = total["offences"]
    return [
        ("coverage_7_days", "all", ratio(total["covered_7"], total["bank_days"])),
        ("coverage_30_days", "all", ratio(total["covered_30"], total["bank_days"])),
        ("visits", "all", total["visits"] / total.months),
        ("duplicated_visits", "all", ratio(total["duplicated"], total["visits"])),
        ("offences", "all", ratio(100.0 * offences / total.months, km)),
        ("detected_share", "all", ratio(total["caught"], offences)),
        ("displaced_share", "all", ratio(total["displaced"], offences)),
        ("displaced_across_share", "all", ratio(total["displaced_across"], offences)),
        ("operations", "all", total["operations"] / total.months),
        ("joint_operations", "all", total["joint_operations"] / total.months),
        ("operation_hit_share", "all", ratio(total["operation_hits"], total["operations"])),
    ]


def _cleared_share(
    simulation: Simulation, scope: int, caught: float, first_month: int, last_month: int
) -> float:
    """Follow the offences of whole months: what was cleared of older ones is not theirs."""
    cases = simulation.cases
    last_day = first_day_of(last_month)
    reported = known_between(cases, first_day_of(first_month), last_day) & (cases["domain"] == SECURITY)
    settled = cases["settled"][reported & (is_border_case(simulation, cases) == bool(scope))]
    cleared = float(((settled >= 0) & (settled < last_day)).sum())
    return float(ratio(caught + cleared, caught + float(settled.size)))


def _willingness(total: Totals) -> list[Row]:
    rows: list[Row] = []
    for name, field in (
        ("willingness", "willingness"),
        ("willingness_withdrawn", "withdrawn"),
        ("willingness_side_a", "willingness_a"),
        ("willingness_side_b", "willingness_b"),
    ):
        by_tier = {tier: total[f"{field}_{tier}"] / total.months for tier in _OFFICE_TIERS}
        # A border inside one county has no counties that face each other.
        rows.append((name, "all", mean_of_known([by_tier[tier] for tier in _LINE_TIERS])))
        rows += [(name, tier, value) for tier, value in by_tier.items()]
    for tier in ("all", *_LINE_TIERS):
        # Police and other departments meet so often that they would drown the line offices.
        tiers = _LINE_TIERS if tier == "all" else (tier,)
        calls = total.over("calls", tiers)
        attendance = ratio(total.over("attended", tiers), calls)
        effort = ratio(total.over("efforts", tiers), calls)
        joint, solo = total.over("joint", tiers), total.over("solo", tiers)
        rows += [
            ("attendance", tier, attendance),
            ("effort", tier, effort),
            ("suspension_gap", tier, attendance - effort),
            ("reciprocity", tier, ratio(total.over("both_effort", tiers), total.over("any_effort", tiers))),
            ("joint_sessions", tier, joint / total.years),
            ("joint_share", tier, ratio(joint, joint + solo)),
        ]
    rows += [
        ("items_decided", "all", total["items_decided"] / total.years),
        ("items_carried_out", "all", ratio(total["items_carried_out"], total["items_decided"])),
        ("meetings", "all", total["meetings"] / total.years),
        ("channels_kept", "all", ratio(total.over("channels_open"), total.over("channels_offered"))),
        *(
            ("channels_kept", tier, ratio(total[f"channels_open_{tier}"], total[f"channels_offered_{tier}"]))
            for tier in _OFFICE_TIERS
        ),
        ("trust", "all", total["trust"] / total.months),
        ("trust_contested", "all", total["trust_contested"] / total.months),
        ("trust_calm", "all", total["trust_calm"] / total.months),
        ("willingness_contested", "village", total["willingness_contested"] / total.months),
        ("willingness_calm", "village", total["willingness_calm"] / total.months),
    ]
    return rows


def _river(total: Totals) -> list[Row]:
    return [
        ("section_compliance", "all", ratio(total["section_met"], total["section_months"])),
        ("abatement", "all", ratio(total["abatement"], total["section_months"])),
        ("service_trips", "all", ratio(total["trips"], total["requests"])),
        ("service_days", "all", ratio(total["service_days"], total["requests"])),
    ]


def _cost(total: Totals) -> list[Row]:
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


def _burden(total: Totals) -> list[Row]:
    """Measure what co-operation costs elsewhere: waiting, displaced and unserved interior work."""
    rows: list[Row] = []
    for tier in ("all", *_LINE_TIERS):
        tiers = TIER_NAMES if tier == "all" else (tier,)
        rows.append(("waiting_days", tier, ratio(total.over("wait_days", tiers), total.over("waits", tiers))))
    for name, field, scale in (
        ("displaced_hours", "displaced_hours", total.years),
        ("unserved_hours", "unserved_hours", float(total.months)),
    ):
        rows.append((name, "all", total.over(field) / scale))
        rows += [(name, tier, total[f"{field}_{tier}"] / scale) for tier in _OFFICE_TIERS]
    return rows


def _concentration(simulation: Simulation) -> float:
    """Give the share of all efforts on the border that the fifth of border offices with most of them made."""
    world = simulation.world
    offices = np.unique(
        np.concatenate((world.dyad_a[world.dyad_is_border], world.dyad_b[world.dyad_is_border]))
    )
    # Police and other departments would make the few that work most by themselves.
    offices = offices[world.office_tier[offices] < len(_LINE_TIERS)]
    efforts = np.sort(simulation.columns.offices["border_efforts"][offices])[::-1]
    top = max(1, round(_TOP_FIFTH * efforts.size))
    return float(ratio(float(efforts[:top].sum()), float(efforts.sum())))


def _series(simulation: Simulation, first_month: int, last_month: int) -> pd.DataFrame:
    """List what was recorded month by month, from the start of the run."""
    months = np.arange(max(last_month, 0))
    indices, values = [], []
    words: dict[str, list[str]] = {"scope": [], "measure": [], "tier": [], "unit": []}
    for scope in (BORDER, INTERIOR):
        record = simulation.columns.record[: len(months), scope]
        rows = _monthly(Totals(record.T, 1, 1.0 / 12.0), scope, _line_km(simulation, scope))
        indices.append(np.repeat(months, len(rows)))
        values.append(np.array([np.broadcast_to(row[-1], months.shape) for row in rows]).T.ravel())
        # Months differ by their numbers only.
        words["scope"] += [_SCOPES[scope]] * len(rows) * len(months)
        words["measure"] += [name for name, _, _, _ in rows] * len(months)
        words["tier"] += [tier for _, tier, _, _ in rows] * len(months)
        units = [MEASURES[name].unit if name in MEASURES else unit for name, _, unit, _ in rows]
        words["unit"] += units * len(months)
    month = np.concatenate(indices)
    return pd.DataFrame(
        {
            "month": (np.datetime64(START, "M") + month).astype("datetime64[s]"),
            "month_index": month - first_month,
            **{column: pd.Series(text, dtype="str") for column, text in words.items()},
            "value": np.concatenate(values),
        }
    )


def _monthly(total: Totals, scope: int, km: float) -> list[tuple[str, str, str, Any]]:
    rows: list[tuple[str, str, str, Any]] = []
    wanted = {"willingness", "willingness_withdrawn", "attendance", "effort", "suspension_gap", "trust"}
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
