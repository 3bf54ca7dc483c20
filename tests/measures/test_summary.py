from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.engine.columns import RECORD_FIELDS
from sim.engine.constants import BORDER, CASES_USED, DAYS_PER_YEAR, GIVEN_UP, INTERIOR, LATENT, OPEN, SETTLED
from sim.engine.simulation import Simulation
from sim.levers.definitions import DIFFICULTIES, DOMAINS
from sim.measures.case_table import TIER_NAMES, is_border_case
from sim.measures.definitions import MEASURES
from sim.measures.summary import Measured, summarise

FIRST_DAY, LAST_DAY = 365, 731
YEARS = (LAST_DAY - FIRST_DAY) / DAYS_PER_YEAR
INTERIOR_ONLY = {"waiting_days", "displaced_hours", "unserved_hours"}
BORDER_ONLY = {"effort_concentration", "staff_days", "staff_days_side_a", "staff_days_side_b", "money"}
ONLY_IN_COMPARISONS = {"days_per_extra_settled"}
# Means over tiers or over what there is; a count of nothing is zero, a mean of nothing is unknown.
COUNTS = {
    "disputes_occurred", "disputes_known", "disputes_settled", "incidents", "legacy_settled", "visits",
    "offences", "operations", "joint_operations", "joint_sessions", "items_decided", "meetings",
    "staff_days", "staff_days_side_a", "staff_days_side_b", "money", "displaced_hours", "unserved_hours",
}  # fmt: skip
# Read off at the end of every month, so that nothing written down is a state of zero.
STATES = {name for name in MEASURES if name.startswith(("willingness", "trust"))}


@pytest.fixture(scope="module")
def measured(arms: dict[str, Simulation]) -> dict[str, Measured]:
    return {name: summarise(run, FIRST_DAY, LAST_DAY) for name, run in arms.items()}


def value(measured: Measured, measure: str, scope: str = "border", tier: str = "all") -> float:
    table = measured.measures
    chosen = (table["measure"] == measure) & (table["scope"] == scope) & (table["tier"] == tier)
    assert chosen.sum() == 1, (measure, scope, tier)
    return float(table.loc[chosen, "value"].iloc[0])


def write_case(run: Simulation, *, border: bool = True, **fields: Any) -> None:
    """Write a known, open, simple land dispute of day 0 on a tie of a scope, but for what is given."""
    number = int(run.columns.counters[CASES_USED])
    run.columns.counters[CASES_USED] = number + 1
    row = run.columns.cases[number : number + 1]
    row[:] = np.zeros(1, row.dtype)
    known = fields.get("known", 0)
    tie = int(np.flatnonzero(run.world.tie_is_border == border)[0])
    defaults = {
        "tie": tie, "candidate": number, "key": run.world.tie_key[tie], "known": known, "occurred": known,
        "first_response": -1, "settled": -1, "last_act": known,
        "status": SETTLED if fields.get("settled", -1) >= 0 else OPEN,
    }  # fmt: skip
    for name, given in {**defaults, **fields}.items():
        row[name] = given


def write_record(run: Simulation, month: int, scope: int, **fields: float) -> None:
    for name, given in fields.items():
        run.columns.record[month, scope, RECORD_FIELDS.index(name)] = given


# Every measure, everywhere it should be.


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_every_measure_is_reported_once_for_its_scopes_and_tiers(
    measured: dict[str, Measured], arm: str
) -> None:
    expected = set()
    for name, measure in MEASURES.items():
        if name in ONLY_IN_COMPARISONS:
            continue
        scopes = {"border", "interior"}
        if measure.group == "river" or name in BORDER_ONLY:
            scopes = {"border"}
        elif name in INTERIOR_ONLY:
            scopes = {"interior"}
        expected |= {(scope, name, tier, measure.unit) for scope in scopes for tier in measure.tiers}
    table = measured[arm].measures
    assert list(table.columns) == ["scope", "measure", "tier", "unit", "value"]
    found = list(table[["scope", "measure", "tier", "unit"]].itertuples(index=False, name=None))
    assert set(found) == expected
    assert len(found) == len(expected)
    order = list(MEASURES)
    assert [order.index(name) for name in table["measure"]] == sorted(
        order.index(name) for name in table["measure"]
    )


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_values_lie_where_their_units_say(measured: dict[str, Measured], arm: str) -> None:
    table = measured[arm].measures
    known = table[table["value"].notna()]
    shares = known[known["unit"].isin(["share", "probability"]) & (known["measure"] != "suspension_gap")]
    assert len(shares) > 60
    assert shares["value"].between(0.0, 1.0).all()
    gap = known.loc[known["measure"] == "suspension_gap", "value"]
    assert gap.between(-1.0, 1.0).all()
    assert (known.loc[known["measure"] != "suspension_gap", "value"] >= 0.0).all()
    assert known.loc[known["measure"].str.startswith("trust"), "value"].between(0.0, 1.0).all()
    assert np.isfinite(known["value"]).all()


# Months and cases are two books of one run.


@pytest.mark.parametrize("arm", ["none", "completed"])
@pytest.mark.parametrize("scope", ["border", "interior"])
def test_months_and_cases_agree(
    arms: dict[str, Simulation], measured: dict[str, Measured], arm: str, scope: str
) -> None:
    one = measured[arm]
    disputes = one.cases[(one.cases["scope"] == scope) & (one.cases["domain"] != "security")]
    ordinary = disputes[~disputes["legacy"]]
    assert value(one, "disputes_known", scope) * YEARS == pytest.approx(len(ordinary))
    claims_settled = disputes[disputes["legacy"]]["settled"].notna().sum()
    assert value(one, "legacy_settled", scope) * YEARS == pytest.approx(claims_settled)
    series = one.series[(one.series["scope"] == scope) & (one.series["month_index"] >= 0)]
    by_month = series[series["measure"] == "known"].set_index("month")["value"]
    counted = ordinary.groupby(ordinary["known"].dt.to_period("M").dt.to_timestamp())["case"].count()
    pd.testing.assert_series_equal(
        by_month[by_month > 0],
        counted.astype(float),
        check_names=False,
        check_index_type=False,
        check_freq=False,
    )
    last = series[series["month_index"] == 11]
    cases = arms[arm].cases
    still_open = (cases["status"] == OPEN) & (cases["tie"] >= 0) & (cases["legacy"] == 0)
    still_open &= cases["domain"] != DOMAINS.index("security")
    still_open &= is_border_case(arms[arm], cases) == (scope == "border")
    assert last.loc[last["measure"] == "open", "value"].tolist() == [still_open.sum()]
    assert still_open.any()


def test_staff_days_are_the_hours_that_offices_were_bound(
    past: Simulation, arms: dict[str, Simulation], measured: dict[str, Measured]
) -> None:
    offices, before = arms["completed"].columns.offices, past.columns.offices
    bound = offices["bound_hours"] - before["bound_hours"]
    displaced = offices["displaced_hours"] - before["displaced_hours"]
    one = measured["completed"]
    assert value(one, "staff_days") > 0.0
    for number, tier in enumerate(TIER_NAMES[:4]):
        own = offices["tier"] == number
        assert value(one, "staff_days", tier=tier) == pytest.approx(bound[own].sum() / 8.0 / YEARS)
        assert value(one, "displaced_hours", "interior", tier) == pytest.approx(displaced[own].sum() / YEARS)
    sides = value(one, "staff_days_side_a") + value(one, "staff_days_side_b")
    assert sides == pytest.approx(value(one, "staff_days"))


# The series.


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_the_series_has_every_month_of_the_run(measured: dict[str, Measured], arm: str) -> None:
    series = measured[arm].series
    assert list(series.columns) == ["month", "month_index", "scope", "measure", "tier", "unit", "value"]
    both = {
        "coverage_7_days", "coverage_30_days", "offences", "willingness", "willingness_withdrawn",
        "attendance", "effort", "suspension_gap", "trust", "settled", "known", "open",
    }  # fmt: skip
    names = series.groupby("scope", observed=True)["measure"].agg(set)
    assert names["border"] == both | {"staff_days", "section_compliance"}
    assert names["interior"] == both | {"waiting_days"}
    months = pd.date_range("2015-01-01", "2016-12-01", freq="MS")
    for _, one in series.groupby(["scope", "measure", "tier"], observed=True):
        assert list(one["month"]) == list(months)
        assert list(one["month_index"]) == list(range(-12, 12))
    assert (series["unit"] != "").all()


def test_what_happened_before_the_arms_part_is_the_same_in_both(measured: dict[str, Measured]) -> None:
    before = [one.series[one.series["month_index"] < 0].reset_index(drop=True) for one in measured.values()]
    pd.testing.assert_frame_equal(*before)
    after = [one.series[one.series["month_index"] >= 0].reset_index(drop=True) for one in measured.values()]
    assert not after[0].equals(after[1])


def test_the_mean_of_the_months_is_the_measure_of_the_span(measured: dict[str, Measured]) -> None:
    series = measured["completed"].series
    months = series[(series["month_index"] >= 0) & (series["scope"] == "border") & (series["tier"] == "all")]
    for name in ("trust", "willingness", "offences", "section_compliance"):
        mean = months.loc[months["measure"] == name, "value"].mean()
        assert value(measured["completed"], name) == pytest.approx(mean), name


# Whole months.


@pytest.mark.parametrize(
    ("first_day", "last_day", "months"), [(0, 31, [0]), (0, 58, [0]), (10, 65, [1]), (31, 90, [1, 2])]
)
def test_months_count_where_they_lie_wholly_in_the_span(
    blank: Simulation, first_day: int, last_day: int, months: list[int]
) -> None:
    for month in range(4):
        write_record(blank, month, BORDER, trust=0.2 + 0.1 * month, visits=10.0 + month, known=1.0)
    one = summarise(blank, first_day, last_day)
    days = sum((31, 28, 31, 30)[month] for month in months)
    assert value(one, "trust") == pytest.approx(np.mean([0.2 + 0.1 * month for month in months]))
    assert value(one, "visits") == pytest.approx(np.mean([10.0 + month for month in months]))
    assert value(one, "disputes_known") == pytest.approx(len(months) * DAYS_PER_YEAR / days)
    assert one.series.loc[one.series["month_index"] == 0, "month"].min().month == months[0] + 1
    assert one.series["month"].max().month == months[-1] + 1


@pytest.mark.parametrize("span", [(0, 0), (0, 30), (10, 40), (365, 365)])
def test_without_a_whole_month_nothing_is_known_and_nothing_is_zero(
    arms: dict[str, Simulation], span: tuple[int, int]
) -> None:
    table = summarise(arms["none"], *span).measures
    recorded = table[
        ~table["measure"].isin([name for name in MEASURES if MEASURES[name].group == "disputes"])
    ]
    recorded = recorded[recorded["measure"] != "effort_concentration"]
    assert len(recorded) > 100
    assert recorded["value"].isna().all()


# By hand.


def test_nothing_happened(blank: Simulation) -> None:
    table = summarise(blank, FIRST_DAY, LAST_DAY).measures
    counts = table[table["measure"].isin(COUNTS)]
    assert (counts["value"] == 0.0).all()
    unknown = table[~table["measure"].isin(COUNTS | STATES)]
    assert set(unknown.loc[unknown["value"].notna(), "measure"]) == set()
    assert {"settled_90_days", "attendance", "suspension_gap", "section_compliance"} <= set(
        unknown["measure"]
    )


def test_disputes_by_hand(blank: Simulation) -> None:
    # Known on the first day of the span: settled after 10, 50 and 200 days, and one still open.
    start = FIRST_DAY
    town, department = TIER_NAMES.index("town"), TIER_NAMES.index("department")
    write_case(
        blank, known=start, settled=start + 10, settled_tier=town, first_response=start + 4, settlements=1
    )
    write_case(
        blank, known=start, settled=start + 50, settled_tier=town, first_response=start + 20,
        settlements=2, relapses=1, hand_offs=3, detected_difficulty=2,
    )  # fmt: skip
    write_case(
        blank, known=start, settled=start + 200, settled_tier=department, first_response=start + 200,
        settlements=1, hand_offs=1, detected_difficulty=1, occurred=start - 40,
    )  # fmt: skip
    write_case(blank, known=start, last_act=LAST_DAY)
    # None of these belongs to the disputes of the border that became known in the span.
    write_case(blank, known=start - 1, settled=start + 1)
    write_case(blank, known=LAST_DAY, settled=LAST_DAY)
    write_case(blank, known=start, settled=start + 1, legacy=1)
    write_case(
        blank,
        known=start,
        settled=start + 1,
        domain=DOMAINS.index("security"),
        key=blank.columns.banks["key"][0],
    )
    write_case(blank, known=start, status=LATENT)
    write_case(blank, known=start, settled=start + 1, border=False)
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    expected = {
        "settled_30_days": 1 / 4, "settled_90_days": 2 / 4, "settled_180_days": 2 / 4, "median_days": 50.0,
        # Settled 10, 50 and 240 days after they arose.
        "days_from_occurrence": 50.0,
        "reported_settled_90_days": 2 / 4 + blank.parameters["reporting_inflation"],
        "severity_at_detection": 3 / 4, "relapse_share": 1 / 4, "hand_offs": 4 / 4,
        # The one without an answer was watched for more than a year and counts a year.
        "first_response_days": (4 + 20 + 200 + 365) / 4,
    }  # fmt: skip
    assert {name: value(one, name) for name in expected} == pytest.approx(expected)
    closed = {tier: value(one, "closed_share", tier=tier) for tier in TIER_NAMES}
    assert closed == pytest.approx(
        {"village": 0.0, "town": 2 / 3, "county": 0.0, "department": 1 / 3, "upper": 0.0}
    )
    assert value(one, "settled_90_days", "interior") == 1.0


def test_a_case_is_not_at_risk_on_a_day_that_nobody_saw(blank: Simulation) -> None:
    write_case(blank, known=FIRST_DAY, settled=FIRST_DAY + 2)
    # Its days 0 and 1 are seen; on its day 2, which is the last day, it could not have been settled.
    write_case(blank, known=LAST_DAY - 2)
    assert value(summarise(blank, FIRST_DAY, LAST_DAY), "settled_90_days") == 1.0


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_settlements_count_whenever_the_dispute_became_known(
    arms: dict[str, Simulation], measured: dict[str, Measured], arm: str
) -> None:
    cases = arms[arm].cases
    is_dispute = (cases["domain"] != DOMAINS.index("security")) & (cases["legacy"] == 0)
    settled = is_dispute & (cases["settled"] >= FIRST_DAY) & (cases["settled"] < LAST_DAY)
    assert (cases["known"][settled] < FIRST_DAY).any()
    border = is_border_case(arms[arm], cases)
    for scope, where in (("border", border), ("interior", ~border)):
        # The span is the twelve months of 2016.
        counted = value(measured[arm], "disputes_settled", scope) * YEARS
        assert counted == pytest.approx((settled & where).sum())


def test_disputes_are_told_apart_by_subject_and_by_difficulty_when_they_arose(blank: Simulation) -> None:
    for number in range(3):
        for settled in range(4):
            # One of four hard ones, two of four complex ones and three of four simple ones settle on day 5.
            write_case(
                blank, known=FIRST_DAY, settled=FIRST_DAY + 5 if settled < 3 - number else -1,
                first_difficulty=number, difficulty=2, domain=DOMAINS.index("water" if number else "land"),
            )  # fmt: skip
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    for name, share in zip(DIFFICULTIES, (3 / 4, 2 / 4, 1 / 4), strict=True):
        assert value(one, f"settled_90_days_{name}") == pytest.approx(share)
    assert value(one, "settled_90_days_land") == pytest.approx(3 / 4)
    assert value(one, "settled_90_days_water") == pytest.approx(3 / 8)
    assert math.isnan(value(one, "settled_90_days_family"))


def test_the_vacuum_is_time_without_any_act_beyond_patience(blank: Simulation) -> None:
    patience = blank.parameters["unattended_days"]
    # Settled after 100 days, 40 of them in the vacuum.
    write_case(blank, known=FIRST_DAY, settled=FIRST_DAY + 100, idle_days=40)
    # Open for 366 days, untouched for the last 300.
    write_case(blank, known=FIRST_DAY, last_act=LAST_DAY - 300)
    # Settled after 10 days; what it idled after it had opened again is not of its first life.
    write_case(blank, known=FIRST_DAY, settled=FIRST_DAY + 10, idle_days=200)
    write_case(
        blank, known=FIRST_DAY, settled=FIRST_DAY + 20, idle_days=0, status=GIVEN_UP, last_act=FIRST_DAY + 90
    )
    # Given up after 80 days, 50 of them in the vacuum: open no longer, but never settled.
    write_case(blank, known=FIRST_DAY, status=GIVEN_UP, idle_days=50, last_act=FIRST_DAY + 80)
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    idle, open_days = 40 + (300 - patience) + 10 + 0 + 50, 100 + 366 + 10 + 20 + 80
    assert value(one, "vacuum_share") == pytest.approx(idle / open_days)
    assert value(one, "settled_180_days") == pytest.approx(3 / 5)


def test_patrols_by_hand(blank: Simulation) -> None:
    # Six of the year's offences were reported and one cleared; that of the year before was not of them.
    offence = {"domain": DOMAINS.index("security"), "key": blank.columns.banks["key"][0]}
    for number in range(6):
        write_case(blank, known=400, settled=-1 if number else 500, **offence)
    write_case(blank, known=300, settled=500, **offence)
    write_record(
        blank, 12, BORDER, bank_days=200.0, covered_7=50.0, covered_30=120.0, visits=36.0, duplicated=9.0,
        offences=20.0, caught=2.0, displaced=5.0, displaced_across=2.0,
        operations=4.0, joint_operations=3.0, operation_hits=1.0,
    )  # fmt: skip
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    km = blank.world.segment_length_km[blank.world.segment_is_border].sum()
    expected = {
        "coverage_7_days": 0.25, "coverage_30_days": 0.6, "visits": 3.0, "duplicated_visits": 0.25,
        "offences": 100.0 * 20.0 / 12.0 / km, "detected_share": 0.1, "cleared_share": 3.0 / 8.0,
        "displaced_share": 0.25, "displaced_across_share": 0.1, "operations": 4.0 / 12.0,
        "joint_operations": 0.25, "operation_hit_share": 0.25,
    }  # fmt: skip
    assert {name: value(one, name) for name in expected} == pytest.approx(expected)
    assert math.isnan(value(one, "coverage_7_days", "interior"))


def test_willingness_by_hand(blank: Simulation) -> None:
    for month in range(12, 24):
        write_record(
            blank, month, BORDER, willingness_village=0.1, willingness_town=0.3, willingness_county=0.8,
            willingness_department=0.9, trust=0.4, trust_contested=0.2,
        )  # fmt: skip
    write_record(
        blank, 14, BORDER, calls_village=10.0, attended_village=8.0, efforts_village=2.0, joint_village=4.0,
        any_effort_village=3.0, both_effort_village=1.0, solo_village=12.0,
        calls_department=10.0, attended_department=10.0, efforts_department=10.0,
        items_decided=5.0, items_carried_out=2.0,
    )  # fmt: skip
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    assert value(one, "willingness") == pytest.approx(0.4)
    assert value(one, "willingness", tier="department") == pytest.approx(0.9)
    assert value(one, "trust") == pytest.approx(0.4)
    village = {
        name: value(one, name, tier="village")
        for name in ("attendance", "effort", "suspension_gap", "reciprocity", "joint_share")
    }
    assert village == pytest.approx(
        {"attendance": 0.8, "effort": 0.2, "suspension_gap": 0.6, "reciprocity": 1 / 3, "joint_share": 0.25}
    )
    # Departments stand apart: all is village, town and county.
    assert value(one, "attendance") == pytest.approx(8 / 10)
    assert value(one, "joint_sessions") == pytest.approx(4 / YEARS)
    assert value(one, "items_carried_out") == pytest.approx(0.4)
    assert math.isnan(value(one, "attendance", tier="town"))


def test_a_tier_that_this_border_has_not_is_left_out_of_the_mean(blank: Simulation) -> None:
    for month in range(12, 24):
        write_record(
            blank, month, INTERIOR, willingness_village=0.2, willingness_town=0.6, willingness_county=math.nan
        )
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    assert value(one, "willingness", "interior") == pytest.approx(0.4)
    assert math.isnan(value(one, "willingness", "interior", "county"))


def test_river_and_cost_by_hand(blank: Simulation) -> None:
    write_record(
        blank, 12, BORDER, section_met=9.0, section_months=12.0, abatement=6.0, requests=10.0, trips=24.0,
        service_days=80.0, bound_a_village=80.0, bound_b_town=40.0, money=30_000.0,
    )  # fmt: skip
    write_record(
        blank, 12, INTERIOR, waits_village=10.0, wait_days_village=5.0, waits_upper=10.0,
        wait_days_upper=25.0, displaced_hours_village=60.0, unserved_hours_town=24.0,
    )  # fmt: skip
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    border = {
        "section_compliance": 0.75, "abatement": 0.5, "service_trips": 2.4, "service_days": 8.0,
        "staff_days": 15.0 / YEARS, "staff_days_side_a": 10.0 / YEARS, "staff_days_side_b": 5.0 / YEARS,
        "money": 3.0 / YEARS,
    }  # fmt: skip
    assert {name: value(one, name) for name in border} == pytest.approx(border)
    interior = {"waiting_days": 1.5, "displaced_hours": 60.0 / YEARS, "unserved_hours": 2.0}
    assert {name: value(one, name, "interior") for name in interior} == pytest.approx(interior)
    assert value(one, "waiting_days", "interior", "village") == pytest.approx(0.5)


def test_concentration_is_the_share_of_the_busiest_fifth(blank: Simulation) -> None:
    world = blank.world
    offices = np.unique([world.dyad_a[world.dyad_is_border], world.dyad_b[world.dyad_is_border]])
    # Departments stand apart, however busy.
    offices = offices[world.office_tier[offices] < 3]
    top = round(0.2 * offices.size)
    blank.columns.offices["border_efforts"][offices] = 1
    blank.columns.offices["border_efforts"][offices[-top:]] = 4
    # What departments and offices away from the border do is another matter.
    blank.columns.offices["border_efforts"][np.setdiff1d(np.arange(len(world.office_tier)), offices)] = 1000
    one = summarise(blank, FIRST_DAY, LAST_DAY)
    assert value(one, "effort_concentration") == pytest.approx(4 * top / (4 * top + offices.size - top))
