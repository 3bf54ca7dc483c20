from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.engine.simulation import Simulation
from sim.errors import InputError
from sim.language import catalogue
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.biography import BIOGRAPHY_COLUMNS, biographies, follow, identify
from sim.measures.case_events import EVENTS
from sim.measures.case_table import case_table
from sim.measures.telling import say_event, say_office, tell

FIRST_DAY, LAST_DAY = 365, 731
ARMS = ("none", "completed")


@pytest.fixture(scope="module")
def tables(arms: dict[str, Simulation]) -> dict[str, pd.DataFrame]:
    return {name: case_table(run, FIRST_DAY, LAST_DAY) for name, run in arms.items()}


@pytest.fixture(scope="module")
def told(past: Simulation, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The lives of every case of the border, and of some inside it, in both arms."""
    names: list[str] = []
    for table in tables.values():
        chosen = (table["scope"] == "border") | (np.arange(len(table)) % 400 == 0)
        names += [name for name in table.loc[chosen, "case"] if name not in names]
    institutions = {
        arm: compile_institutions(load_package(arm), past.world, past.parameters, LAST_DAY - FIRST_DAY)
        for arm in ARMS
    }
    return biographies(past, institutions, names, LAST_DAY)


def days_of(life: pd.DataFrame, event: str) -> list[pd.Timestamp]:
    return life.loc[life["event"] == event, "date"].tolist()


@pytest.mark.parametrize("arm", ARMS)
def test_its_days_are_those_of_the_case_table(
    told: pd.DataFrame, tables: dict[str, pd.DataFrame], arm: str
) -> None:
    table = tables[arm].set_index("case")
    lives = dict(list(told[told["arm"] == arm].groupby("case", sort=False)))
    compared = 0
    for case, row in table[table.index.isin(lives)].iterrows():
        life = lives[case]
        assert days_of(life, "arose") == [row["occurred"]]
        assert days_of(life, "known") == [row["known"]]
        settled = days_of(life, "settled")
        assert settled[:1] == ([row["settled"]] if pd.notna(row["settled"]) else [])
        first = life[(life["event"] == "settled")].iloc[:1]
        assert first["detail"].tolist() == ([row["how"]] if settled else [])
        assert first["tier"].tolist() == ([row["settled_tier"]] if settled else [])
        assert len(days_of(life, "relapsed")) == row["relapses"]
        assert bool(days_of(life, "incident")) == row["incident"]
        assert (bool(days_of(life, "given_up")) and not settled) == row["given_up"]
        if not days_of(life, "earlier"):
            held = life["event"].isin(["met", "alone", "own"])
            assert held.sum() == row["sessions"]
            answered = life.loc[held, "date"].tolist()
            assert answered[:1] == ([row["first_response"]] if pd.notna(row["first_response"]) else [])
            hands = {"referred": 1, "returned": 2}
            upward = sum(hands.get(event, 0) for event in life["event"])
            # A meeting of a higher tier takes a case up to itself.
            raised = life.loc[life["event"] == "item", "tier"]
            assert upward <= row["hand_offs"] <= upward + len(raised)
        compared += 1
    assert compared > 40


def test_a_life_is_in_order_and_ends_once(told: pd.DataFrame) -> None:
    ends = {"open", "latent", "never"}
    for _, life in told.groupby(["arm", "case"], observed=True):
        assert life["day"].is_monotonic_increasing
        assert life["event"].isin(ends).sum() <= 1
        if life["event"].isin(ends).any():
            assert life["event"].iloc[-1] in ends
            assert life["day"].iloc[-1] == LAST_DAY
    assert set(told["event"]) <= set(EVENTS)
    assert list(told.columns) == ["arm", *BIOGRAPHY_COLUMNS]


def test_the_same_case_arises_on_the_same_day_in_every_arm(told: pd.DataFrame) -> None:
    arose = told[told["event"] == "arose"].pivot(index="case", columns="arm", values="date")
    both = arose.dropna()
    assert len(both) > 20
    assert (both["none"] == both["completed"]).all()
    kinds = told[told["event"] == "arose"].pivot(index="case", columns="arm", values="detail").dropna()
    assert (kinds["none"] == kinds["completed"]).all()


def test_following_changes_nothing(past: Simulation, arms: dict[str, Simulation]) -> None:
    before = past.digest()
    institutions = compile_institutions(
        load_package("completed"), past.world, past.parameters, LAST_DAY - FIRST_DAY
    )
    run = past.fork(institutions)
    follow(run, [], LAST_DAY)
    assert run.digest() == arms["completed"].digest()
    assert past.digest() == before


def test_a_case_that_arises_nowhere_has_one_event(past: Simulation) -> None:
    world = past.world
    name = f"{world.village_code[world.tie_a[0]]}-{world.village_code[world.tie_b[0]]}-99999"
    life = follow(
        past.fork(compile_institutions(load_package("none"), world, past.parameters, 9)), [name], 374
    )
    assert life["event"].tolist() == ["never"]
    assert life["day"].tolist() == [374]


def test_every_name_of_a_table_leads_back_to_its_row(
    arms: dict[str, Simulation], tables: dict[str, pd.DataFrame]
) -> None:
    run, table = arms["completed"], tables["completed"]
    kinds = table["domain"].astype(str) + table["legacy"].astype(str) + (table["tie"] < 0).astype(str)
    chosen = table.groupby(kinds).head(5)
    assert {"security", "land"} <= set(chosen["domain"])
    start = pd.Timestamp("2015-01-01")
    for row in chosen.itertuples():
        key, candidate = identify(run, str(row.case))
        (found,) = np.flatnonzero((run.cases["key"] == key) & (run.cases["candidate"] == candidate))
        case = run.cases[found]
        assert case["occurred"] == (row.occurred - start).days
        assert (case["domain"] == 4) == (row.domain == "security")
        assert (case["tie"] < 0) == (row.tie < 0)


@pytest.mark.parametrize("name", ["", "450922-7", "nowhere-nowhere-1", "450922111201-legacy-1", "a-b-c"])
def test_what_is_no_name_of_a_case_is_refused(past: Simulation, name: str) -> None:
    with pytest.raises(InputError, match="case = "):
        identify(past, name)


def test_a_day_that_is_over_cannot_be_followed(past: Simulation) -> None:
    with pytest.raises(InputError, match="last_day = 3"):
        follow(past.fork(compile_institutions(load_package("none"), past.world, past.parameters, 9)), [], 3)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_event_has_words(told: pd.DataFrame, past: Simulation, language: str) -> None:
    words = tell(told, past.world, language)
    assert len(words) == len(told)
    assert words["what"].str.len().min() > 1
    assert not words["what"].str.contains(r"[{}]|  |NaT").any()
    names = {say_office(past.world, office, language) for office in range(len(past.world.office_tier))}
    assert set(words["who"]) <= names | {""}
    if language == "zh":
        assert not words["what"].str.contains("[A-Za-z]").any()


def test_no_event_is_without_words_in_the_catalogue() -> None:
    assert {event for event in EVENTS if f"biography.event.{event}" not in catalogue()} == set()


def test_a_call_for_the_same_day_says_so(told: pd.DataFrame, past: Simulation) -> None:
    calls = told[(told["event"] == "called") & (told["arm"] == "completed")]
    today = calls[calls["due"] == calls["date"]]
    assert 0 < len(today) < len(told)
    assert "for the same day" in say_event(next(today.itertuples()), past.world, "en")


def test_an_office_that_does_not_exist_is_refused(past: Simulation) -> None:
    with pytest.raises(InputError, match="office = -1"):
        say_office(past.world, -1, "en")
