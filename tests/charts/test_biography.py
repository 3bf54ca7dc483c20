"""The life of a case as a figure: complete, legible, and no more than one case."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from sim.charts.biography import draw_biography, say_end
from sim.charts.biography_lanes import LANES, mark_life
from sim.charts.biography_lines import lines_of_life
from sim.charts.style import drawing
from sim.engine.simulation import Simulation
from sim.errors import InputError
from sim.language import text
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.biography import biographies
from sim.measures.case_table import case_table
from sim.measures.picking import CRITERIA, Picked, pick_case
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out

ARMS = ("none", "completed")
NAMES = {
    "zh": {"none": "无机制", "completed": "补齐短板的联盟"},
    "en": {"none": "no mechanism", "completed": "alliance"},
}
FIRST_DAY, LAST_DAY = 200, 800
ROUTINE = {
    "alone", "alone_planned", "own", "own_planned", "called", "met", "absent", "no_date", "postponed", "left",
    "lost", "convened", "item", "forgotten", "idle",
}  # fmt: skip
PARAMETERS = Parameters({"border_disputes_per_village": 3.0})


@pytest.fixture(scope="module")
def past() -> Simulation:
    region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    run = Simulation(lay_out(region, 2), PARAMETERS, 2)
    run.run(FIRST_DAY)
    return run


@pytest.fixture(scope="module")
def tables(past: Simulation) -> dict[str, pd.DataFrame]:
    found = {}
    for arm, institutions in institutions_of(past).items():
        run = past.fork(institutions)
        run.run(LAST_DAY - FIRST_DAY)
        found[arm] = case_table(run, FIRST_DAY, LAST_DAY, with_interior=False)
    return found


@pytest.fixture(scope="module")
def told(past: Simulation, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    names = list(dict.fromkeys([*tables["none"]["case"], *tables["completed"]["case"]]))
    return biographies(past, institutions_of(past), names, LAST_DAY)


def institutions_of(past: Simulation) -> dict[str, Any]:
    days = LAST_DAY - FIRST_DAY
    return {arm: compile_institutions(load_package(arm), past.world, PARAMETERS, days) for arm in ARMS}


def lives(told: pd.DataFrame) -> Iterator[tuple[str, str, list[Any]]]:
    for (arm, case), life in told.groupby(["arm", "case"], observed=True, sort=False):
        yield str(arm), str(case), list(life.itertuples(index=False))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("most", [6, 14])
def test_every_event_is_in_one_line_and_lines_are_few(
    told: pd.DataFrame, past: Simulation, language: str, most: int
) -> None:
    shortened = 0
    for _, _, rows in lives(told):
        lines = lines_of_life(rows, past.world, language, most)
        assert [event for line in lines for event in line.events] == list(range(len(rows)))
        assert all(line.first <= line.last for line in lines)
        assert all(line.words and "{" not in line.words for line in lines)
        shortened += len(rows) > most and len(lines) <= most
        if len(lines) > most:
            # Then nothing is left that could be counted: turning points are never counted away.
            routine = [{rows[event].event for event in line.events} <= ROUTINE for line in lines]
            assert not any(one and two for one, two in zip(routine, routine[1:], strict=False))
    assert shortened > 5


def test_counting_says_how_often(past: Simulation) -> None:
    dates = pd.date_range("2016-01-01", periods=8, freq="10D")
    rows = [
        SimpleNamespace(
            event=event, detail="", date=date, due=pd.NaT, office=0, other=-1, tier="village", side="a"
        )
        for event, date in zip(["known", *4 * ["left"], *2 * ["alone"], "given_up"], dates, strict=True)
    ]
    lines = lines_of_life(rows, past.world, "en", 5)
    name = past.world.village_name_en[0]
    assert [line.say("en") for line in lines] == [
        f"1 Jan 2016: {name} learns of it",
        f"11 Jan 2016: {name} leaves it",
        f"21 Jan 2016: {name} leaves it",
        "31 Jan 2016 to 1 Mar 2016: left 2×, one side alone 2×",
        "11 Mar 2016: its parties give it up",
    ]


def marks_of(acts: list[tuple[int, str, str, str]], world: World) -> dict[str, list[Line2D]]:
    """Draw a life of acts of one town - day, event, side and detail - and give its marks by their sign."""
    tie = int(world.tie_is_border.argmax())
    towns = [int(world.office_parent[end[tie]]) for end in (world.tie_a, world.tie_b)]
    start = pd.Timestamp("2021-03-08")
    rows = [
        SimpleNamespace(
            event=event, detail=detail, date=start + pd.Timedelta(days=day), due=pd.NaT, office=towns[0],
            other=towns[1], side=side, tier="" if event in ("relapsed", "worsened") else "town",
        )
        for day, event, side, detail in acts
    ]  # fmt: skip
    axes = Figure().subplots()
    mark_life(axes, rows, world, start)
    found: dict[str, list[Line2D]] = {}
    for line in axes.lines:
        found.setdefault(str(line.get_marker()), []).append(line)
    return found


def lane_of(mark: Line2D) -> str:
    return LANES[len(LANES) - 1 - round(float(np.asarray(mark.get_ydata()).item()))]


@pytest.mark.parametrize(
    ("act", "detail", "how", "lane"),
    [("met", "both", "", "together"), ("alone", "", "", "town_b"), ("met", "both", "joint", "together")],
)
def test_a_settlement_stands_where_the_act_of_its_day_was(
    past: Simulation, act: str, detail: str, how: str, lane: str
) -> None:
    marks = marks_of(
        [(0, "known", "b", ""), (9, "met", "", "caller"), (20, act, "b", detail), (20, "settled", "b", how)],
        past.world,
    )
    assert [lane_of(star) for star in marks["*"]] == [lane]


@pytest.mark.parametrize(("event", "sign"), [("relapsed", "P"), ("worsened", "v")])
def test_a_session_of_the_same_day_hides_nothing(past: Simulation, event: str, sign: str) -> None:
    marks = marks_of(
        [(0, "known", "b", ""), (30, event, "", ""), (30, "met", "", "both"), (50, event, "", "")], past.world
    )
    (session,) = marks["s"]
    same, alone = marks[sign]
    assert same.get_zorder() > session.get_zorder()
    assert lane_of(same) == lane_of(session) == lane_of(alone) == "together"
    heights = [float(np.asarray(mark.get_ydata()).item()) for mark in (same, session, alone)]
    assert abs(heights[0] - heights[1]) > 0.2
    assert heights[1] == heights[2]


def test_the_title_says_how_it_ended(told: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> None:
    ends = set()
    for arm, case, rows in lives(told):
        row = tables[arm].set_index("case").loc[case] if case in set(tables[arm]["case"]) else None
        if row is None or row["legacy"]:
            continue
        said = say_end(rows, row["occurred"], "en")
        if pd.notna(row["settled"]):
            assert said.startswith("settled by")
            assert f"on day {(row['settled'] - row['occurred']).days}" in said
            ends.add(row["how"])
        else:
            assert said.startswith("given up" if row["given_up"] else "still open")
            ends.add("given_up" if row["given_up"] else "open")
    assert {"joint", "solo", "given_up", "open"} <= ends


def test_the_title_needs_no_first_settlement() -> None:
    day = pd.Timestamp("2018-03-01")
    life = [
        SimpleNamespace(event=event, date=day + pd.Timedelta(days=days), detail="")
        for event, days in (("arose", 0), ("relapsed", 40), ("settled", 60))
    ]
    assert say_end(life, day, "en").startswith("settled once more on day 60")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("criterion", CRITERIA)
def test_the_figure_is_whole_and_says_what_it_is(
    told: pd.DataFrame, past: Simulation, tables: dict[str, pd.DataFrame], language: str, criterion: str
) -> None:
    # In this run nothing is settled without the alliance only; the other way round words are the same.
    order = ARMS[::-1] if criterion == "only_without" else ARMS
    picked = pick_case(tables[order[0]], tables[order[1]], criterion)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw_biography(told, past.world, NAMES[language], language, picked, picked.case)
        check_words(figure, language)
    words = "".join(item.get_text() for item in figure.texts).replace("\n", "")
    one = {"zh": "这是一件案件，不是平均情况", "en": "This is one case and not the average"}
    assert one[language].replace(" ", "") in words.replace(" ", "")
    for count in picked.counts.values():
        assert str(count) in words


def test_the_longest_and_the_shortest_life_fit(told: pd.DataFrame, past: Simulation) -> None:
    lengths = told[told["arm"] == "completed"].groupby("case").size()
    for case in (lengths.idxmax(), lengths.idxmin()):
        for language in ("zh", "en"):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                check_words(draw_biography(told, past.world, NAMES[language], language, None, case), language)


def test_a_case_that_arose_nowhere_cannot_be_drawn(told: pd.DataFrame, past: Simulation) -> None:
    with pytest.raises(InputError, match="case = 'x'"):
        draw_biography(told, past.world, NAMES["en"], "en", None, "x")


def test_a_case_of_one_arm_only_is_said_to_be_missing_in_the_other(
    told: pd.DataFrame, past: Simulation
) -> None:
    never = told.loc[told["event"] == "never", ["arm", "case"]]
    assert len(never)
    figure = draw_biography(told, past.world, NAMES["en"], "en", None, str(never["case"].iloc[0]))
    words = " ".join(item.get_text() for item in figure.texts)
    assert "it never became a case" in words


@pytest.mark.parametrize("name", ["liuzhou", "wujin"])
def test_a_border_below_a_common_superior_is_drawn_as_well(name: str) -> None:
    world: World = lay_out(load_region(name), 1)
    past = Simulation(world, Parameters(), 1)
    past.run(30)
    institutions = {"none": compile_institutions(load_package("none"), world, Parameters(), 200)}
    run = past.fork(institutions["none"])
    run.run(200)
    table = case_table(run, 30, 230, with_interior=False)
    by_superior = table[table["how"] == "superior"]
    case = str((by_superior if len(by_superior) else table)["case"].iloc[0])
    biography = biographies(past, institutions, [case], 230)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_words(draw_biography(biography, world, {"none": "none"}, "zh"), "zh")


def test_how_it_was_picked_is_said_in_both_languages() -> None:
    values = {"without": "A", "with_arm": "B", "all": 9, **dict.fromkeys(CRITERIA[:4], 1)}
    for language in ("zh", "en"):
        said = {text(f"biography.picked.{criterion}", language, **values) for criterion in CRITERIA}
        assert len(said) == len(CRITERIA)
    assert Picked("x", "median", {"both": 2, "neither": 1}).alike == 3


def check_words(figure: Figure, language: str) -> None:
    """No word leaves the page, and no block of words runs into another."""
    with drawing(language):
        figure.draw_without_rendering()
        page = figure.bbox
        words = [item for item in figure.findobj(Text) if item.get_visible() and item.get_text().strip()]
        ticks = {
            id(tick.label1)
            for axes in figure.axes
            for axis in (axes.xaxis, axes.yaxis)
            for tick in axis.majorTicks
        }
        blocks = []
        for item in words:
            if id(item) in ticks:
                continue
            box = item.get_window_extent()
            assert all(page.padded(1).contains(*corner) for corner in box.corners()), item.get_text()
            if "\n" in item.get_text() or item in figure.texts:
                blocks.append(box)
    for place, box in enumerate(blocks):
        assert not any(box.padded(-2).overlaps(other.padded(-2)) for other in blocks[:place])
