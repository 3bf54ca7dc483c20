from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from sim.engine.constants import CASES_USED, GIVEN_UP, OPEN, SECURITY
from sim.engine.dates import START
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.case_table import case_table

FIRST_DAY, LAST_DAY = 365, 731
COLUMNS = [
    "case", "scope", "tie", "village_a", "village_b", "domain", "difficulty", "occurred", "known",
    "first_response", "settled", "settled_tier", "how", "sessions", "hand_offs", "relapses", "incident",
    "given_up", "legacy", "days_to_settlement", "days_observed",
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(arms: dict[str, Simulation]) -> dict[str, pd.DataFrame]:
    return {name: case_table(run, FIRST_DAY, LAST_DAY) for name, run in arms.items()}


def day_of(dates: pd.Series) -> np.ndarray:
    return ((dates - pd.Timestamp(START)) / pd.Timedelta(days=1)).to_numpy()


def test_the_columns_are_those_that_were_promised(tables: dict[str, pd.DataFrame]) -> None:
    assert list(tables["none"].columns) == COLUMNS
    assert len(tables["none"]) > 10_000


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_a_name_belongs_to_one_case(tables: dict[str, pd.DataFrame], arm: str) -> None:
    table = tables[arm]
    assert table.loc[table["case"].duplicated(keep=False), ["case", "domain", "occurred"]].empty


def test_names_mean_the_same_case_in_every_arm(tables: dict[str, pd.DataFrame]) -> None:
    both = tables["none"].merge(tables["completed"], on="case", suffixes=("_none", "_completed"))
    for column in ("occurred", "domain", "difficulty", "legacy", "scope"):
        one, other = both[f"{column}_none"].astype(str), both[f"{column}_completed"].astype(str)
        displaced = both["domain_none"] == "security"
        # Patrols may displace an offence; everything else about it stays.
        same = (one == other) | (displaced & (column == "scope"))
        assert same.all(), column
    assert {"border", "interior"} <= set(both["scope_none"])
    assert (both["domain_none"] == "security").any()


def test_disputes_inside_villages_are_the_same_in_every_arm(tables: dict[str, pd.DataFrame]) -> None:
    inside = {name: set(table.loc[table["tie"] < 0, "case"]) for name, table in tables.items()}
    assert len(inside["none"]) > 10_000
    assert inside["none"] == inside["completed"]


def test_the_name_tells_villages_stream_and_kind(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["none"]
    first, second = table["village_a"].astype(str), table["village_b"].astype(str)
    inside = table["tie"] < 0
    offence = table["domain"] == "security"
    kind = {
        "inside": table[inside]["case"].str.fullmatch(r"\d{12}-\d+"),
        "between": table[~inside & ~offence & ~table["legacy"]]["case"].str.fullmatch(r"\d{12}-\d{12}-\d+"),
        "legacy": table[table["legacy"]]["case"].str.fullmatch(r"\d{12}-\d{12}-legacy-\d+"),
        "offence": table[offence]["case"].str.fullmatch(r"\d{12}-\d{12}-offence-[ab]-\d+"),
    }
    assert {name: (bool(found.all()), len(found) > 0) for name, found in kind.items()} == dict.fromkeys(
        kind, (True, True)
    )
    begins = np.where(inside, first + "-", first + "-" + second + "-")
    names = zip(table["case"][~offence], begins[~offence], strict=True)
    assert all(name.startswith(start) for name, start in names)
    assert table.loc[inside, "village_b"].isna().all()
    assert table.loc[~inside, "village_b"].notna().all()


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_the_dates_of_a_life_are_in_order(tables: dict[str, pd.DataFrame], arm: str) -> None:
    table = tables[arm]
    assert table[["occurred", "known"]].notna().all(axis=None)
    assert (table["occurred"] <= table["known"]).all()
    answered = table[table["first_response"].notna()]
    assert (answered["known"] <= answered["first_response"]).all()
    settled = table[table["settled"].notna()]
    assert (settled["first_response"] <= settled["settled"]).all()
    ordinary = table[~table["legacy"]]
    assert (day_of(ordinary["known"]) >= FIRST_DAY).all()
    for column in ("known", "first_response", "settled"):
        assert (day_of(table[column].dropna()) < LAST_DAY).all()


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_open_cases_count_for_as_long_as_they_were_watched(tables: dict[str, pd.DataFrame], arm: str) -> None:
    table = tables[arm]
    still_open = table["settled"].isna()
    assert 0 < still_open.sum() < len(table)
    left = table[still_open]
    assert (left["how"] == "none").all()
    assert left[["settled_tier", "days_to_settlement"]].isna().all(axis=None)
    # The last day of the span is not in it: what happens on the day before is the last that is seen.
    np.testing.assert_array_equal(left["days_observed"], LAST_DAY - 1 - day_of(left["known"]))
    done = table[~still_open]
    assert (done["how"] != "none").all()
    assert done["settled_tier"].notna().all()
    np.testing.assert_array_equal(done["days_observed"], done["days_to_settlement"])
    np.testing.assert_array_equal(done["days_observed"], day_of(done["settled"]) - day_of(done["known"]))


@pytest.mark.parametrize("arm", ["none", "completed"])
def test_what_its_parties_gave_up_is_said_and_never_counts_as_settled(
    arms: dict[str, Simulation], tables: dict[str, pd.DataFrame], arm: str
) -> None:
    table = tables[arm]
    given_up = table[table["given_up"]]
    assert 0 < len(given_up) < table["settled"].isna().sum()
    assert given_up["settled"].isna().all()
    assert not given_up["legacy"].any()
    # Known, given up and never settled, straight from the state.
    cases = arms[arm].cases
    is_known = (cases["known"] >= FIRST_DAY) & (cases["known"] < LAST_DAY)
    assert len(given_up) == ((cases["status"] == GIVEN_UP) & is_known & (cases["settled"] < 0)).sum()


@pytest.mark.parametrize(
    ("settled", "day", "is_given_up"), [(-1, 500, True), (-1, 731, False), (450, 500, False)]
)
def test_a_case_is_given_up_from_its_last_act_on(
    blank: Simulation, settled: int, day: int, is_given_up: bool
) -> None:
    blank.columns.counters[CASES_USED] = 1
    row = blank.columns.cases[:1]
    row[:] = np.zeros(1, row.dtype)
    row["status"], row["known"], row["tie"], row["settled"], row["last_act"] = GIVEN_UP, 400, 0, settled, day
    table = case_table(blank, FIRST_DAY, LAST_DAY)
    assert table["given_up"].tolist() == [is_given_up]
    # Its clock runs on: to stop it would make neglect look like success.
    assert table["days_observed"].tolist() == [(LAST_DAY - 1 if settled < 0 else settled) - 400]


def test_a_table_knows_nothing_of_what_came_later(past: Simulation, arms: dict[str, Simulation]) -> None:
    until = 500
    shorter = past.fork(
        compile_institutions(load_package("completed"), past.world, past.parameters, LAST_DAY - FIRST_DAY)
    )
    shorter.run(until - FIRST_DAY)
    of_life = [
        name for name in COLUMNS if name not in ("sessions", "hand_offs", "relapses", "incident")
    ]  # counted up to the last day lived
    pd.testing.assert_frame_equal(
        case_table(arms["completed"], FIRST_DAY, until)[of_life],
        case_table(shorter, FIRST_DAY, until)[of_life],
    )


def test_legacy_claims_are_listed_until_they_are_settled(past: Simulation) -> None:
    whole = case_table(past, 0, FIRST_DAY)
    legacy = whole[whole["legacy"]]
    assert len(legacy) == past.world.tie_legacy_claims.sum() > 0
    assert (legacy["known"] == pd.Timestamp(START)).all()
    assert set(legacy["domain"]) == {"land"}
    later = case_table(past, 300, FIRST_DAY)
    settled_before = day_of(legacy["settled"]) < 300  # false where never
    assert set(later.loc[later["legacy"], "case"]) == set(legacy.loc[~settled_before, "case"])


def test_the_scope_is_that_of_the_tie(arms: dict[str, Simulation], tables: dict[str, pd.DataFrame]) -> None:
    table = tables["completed"]
    world = arms["completed"].world
    expected = np.where(
        world.tie_is_border[table["tie"].clip(lower=0)] & (table["tie"] >= 0), "border", "interior"
    )
    assert (table["scope"].astype(str) == expected).all()
    border = case_table(arms["completed"], FIRST_DAY, LAST_DAY, with_interior=False)
    assert 0 < len(border) == (table["scope"] == "border").sum()
    assert set(border["scope"]) == {"border"}


def test_a_day_is_shown_as_its_date(past: Simulation) -> None:
    cases = past.cases
    latest = int(cases["known"][(cases["status"] > 0) & (cases["known"] < FIRST_DAY)].max())
    assert case_table(past, 0, FIRST_DAY)["known"].max().date() == START + timedelta(days=latest)


def test_a_displaced_offence_keeps_the_name_of_the_bank_it_was_meant_for(blank: Simulation) -> None:
    banks, world = blank.columns.banks, blank.world
    # Meant for side b of the first stretch, committed on side a of the last.
    blank.columns.counters[CASES_USED] = 1
    row = blank.columns.cases[:1]
    row[:] = np.zeros(1, row.dtype)
    row["status"], row["known"], row["occurred"], row["settled"], row["candidate"] = OPEN, 400, 400, -1, 7
    row["domain"], row["key"], row["tie"], row["side"] = SECURITY, banks["key"][1], world.segment_tie[-1], 0
    table = case_table(blank, FIRST_DAY, LAST_DAY)
    meant, place = world.segment_tie[0], world.segment_tie[-1]
    ends = world.village_code[world.tie_a[meant]], world.village_code[world.tie_b[meant]]
    assert table["case"].tolist() == [f"{ends[0]}-{ends[1]}-offence-b-7"]
    assert table["tie"].tolist() == [place]
    assert table["village_a"].tolist() == [world.village_code[world.tie_a[place]]]
