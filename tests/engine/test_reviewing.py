"""Reviews: units judge by their own books; costly uselessness goes, and noise misleads."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.engine.columns import CASES, DYADS, NEVER, OFFICES
from sim.engine.constants import CASES_USED, COUNTERS, LAND, SECURITY
from sim.engine.reviewing import Adoption, begin_review, hold_review
from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.institutions import Institutions, Review
from sim.levers.mechanisms import Mechanism, Package, ReviewRule, load_package
from sim.measures.adoption_table import adoption_table
from sim.model import BorderModel
from sim.parameters import Parameters
from sim.studies.comparison import compare
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

YEAR = 365
FREE = Parameters({"review_hour_weight": 0.0})


# --- by hand: three pairs in a row, each next door to the one before ---------------------------


def review(start: list[list[int]], **given: Any) -> Review:
    units = len(start)
    near = np.abs(np.subtract.outer(np.arange(units), np.arange(units))) == 1
    fields: dict[str, Any] = {
        "units": tuple(f"u{unit}" for unit in range(units)),
        "options": tuple(f"m{option}" for option in range(len(start[0]))),
        "every_years": 1.0,
        "days": 5 * YEAR,
        "weighs_attendance": False,
        "changes": 1,
        "start": np.array(start, dtype=np.bool_),
        "neighbours": near,
        "members": np.eye(units, dtype=np.bool_),
        "tie_pair": np.arange(units),
        "dyad_pair": np.arange(units),
        "office_pair": np.column_stack((np.arange(units), np.arange(units))),
        "recompile": lambda since, day: Institutions(()),
    }
    return Review(**{**fields, **given})


def books(
    *years: list[tuple[int, int]], attended: list[int] | None = None, hours: list[float] | None = None
) -> Any:
    """Write, year by year, how many disputes of each unit became known and how many were settled."""
    rows = []
    for number, year in enumerate(years):
        day = number * YEAR + 10
        for unit, (known, settled) in enumerate(year):
            rows += [(unit, day, day + 5 if case < settled else -1, LAND) for case in range(known)]
            # Offences and claims are on nobody's books.
            rows.append((unit, day, day + 1, SECURITY))
    units = len(years[0])
    cases = np.zeros(len(rows) + 3, CASES)
    for row, (unit, known_day, settled_day, domain) in enumerate(rows):
        for name, value in (
            ("tie", unit),
            ("known", known_day),
            ("settled", settled_day),
            ("domain", domain),
        ):
            cases[name][row] = value
    counters = np.zeros(COUNTERS, np.int64)
    counters[CASES_USED] = len(rows)
    dyads, offices = np.zeros(units, DYADS), np.zeros(units, OFFICES)
    dyads["calls"], dyads["attended"] = 10, attended or [0] * units
    offices["base_desk"], offices["bound_hours"] = 1.0, hours or [0.0] * units
    return SimpleNamespace(cases=cases, counters=counters, dyads=dyads, offices=offices)


def has(adoption: Adoption) -> list[list[int]]:
    return (adoption.since >= 0).astype(int).tolist()


def test_drops_what_came_with_a_loss_and_keeps_what_came_with_a_gain() -> None:
    begun = begin_review(review([[1], [1], [1]]), books([(10, 5), (10, 5), (10, 5)]), FREE, YEAR)
    after = hold_review(begun, books([(10, 5)] * 3, [(10, 2), (10, 8), (10, 5)]), FREE, 1, 2 * YEAR)
    # Everybody has it, so there is only before and after: -0.3, +0.3, and nothing to notice.
    assert has(after) == [[0], [1], [1]]
    assert after.spells[0].until_day == 2 * YEAR
    assert after.spells[0].gain == pytest.approx(-0.3)
    assert math.isnan(after.spells[1].gain)


def test_own_books_and_those_next_door_count_alike() -> None:
    # Unit 0 rose by 0.1 with it, but next door, without it, is 0.5 ahead: mean -0.2.
    begun = begin_review(review([[1], [0], [0]]), books([(10, 3), (10, 9), (10, 0)]), FREE, YEAR)
    after = hold_review(begun, books([(10, 3)] * 3, [(10, 4), (10, 9), (10, 0)]), FREE, 1, 2 * YEAR)
    assert has(after)[0] == [0]
    assert after.spells[0].gain == pytest.approx((0.1 - 0.5) / 2)


def test_takes_over_from_the_best_neighbour_what_it_does_not_have() -> None:
    begun = begin_review(review([[1, 0], [0, 0], [0, 1]]), books([(10, 5)] * 3), FREE, YEAR)
    later = books([(10, 5)] * 3, [(10, 9), (10, 5), (10, 8)])
    after = hold_review(begun, later, FREE, 1, 2 * YEAR)
    assert has(after) == [[1, 0], [1, 0], [0, 1]]
    assert after.since[1, 0] == YEAR
    assert [spell.taken_from for spell in after.spells] == [-1, -1, 0]
    both = replace(begun, review=review([[1, 0], [0, 0], [0, 1]], changes=2))
    assert has(hold_review(both, later, FREE, 1, 2 * YEAR))[1] == [1, 1]


def test_does_not_take_over_what_looks_harmful_in_sight() -> None:
    begun = begin_review(review([[1, 0], [0, 0], [0, 1]], changes=2), books([(10, 5)] * 3), FREE, YEAR)
    after = hold_review(begun, books([(10, 5)] * 3, [(10, 6), (10, 5), (10, 9)]), FREE, 1, 2 * YEAR)
    # Unit 0 is ahead with the first, but those without it (0.5 and 0.9) are ahead of it on average.
    assert has(after)[1] == [0, 1]


def test_a_neighbour_that_is_hardly_better_or_out_of_sight_is_no_example() -> None:
    start = [[1], [0], [0]]
    begun = begin_review(review(start), books([(100, 50)] * 3), FREE, YEAR)
    after = hold_review(begun, books([(100, 50)] * 3, [(100, 51), (100, 50), (100, 1)]), FREE, 1, 2 * YEAR)
    # One point is within the margin for unit 1, and unit 2 does not live next door to unit 0.
    assert has(after) == start


def test_weighs_attendance_where_that_is_asked_for() -> None:
    start, before = [[1], [0], [0]], books([(10, 5)] * 3, attended=[5, 5, 5])
    later = books([(10, 5)] * 3, [(10, 0), (10, 5), (10, 5)], attended=[15, 6, 6])
    later.dyads["calls"] = 20
    kept = hold_review(
        begin_review(review(start, weighs_attendance=True), before, FREE, YEAR), later, FREE, 1, 730
    )
    # All calls attended, nothing settled: who counts attendance keeps it and is copied.
    assert has(kept) == [[1], [1], [0]]
    dropped = hold_review(begin_review(review(start), before, FREE, YEAR), later, FREE, 1, 730)
    assert has(dropped) == [[0], [0], [0]]


def test_hours_weigh_against_results() -> None:
    begun = begin_review(review([[1], [1], [1]]), books([(10, 5)] * 3), Parameters(), YEAR)
    later = books([(10, 5)] * 3, [(10, 6)] * 3, hours=[0.0, 0.1 * YEAR, 0.5 * YEAR])
    after = hold_review(begun, later, Parameters(), 1, 2 * YEAR)
    # A tenth more settled; at a weight of one half, a tenth of the desks is worth it and a half is not.
    assert has(after) == [[1], [1], [0]]
    assert after.spells[2].gain == pytest.approx(0.1 - 0.25)


def test_who_has_no_cases_has_nothing_to_judge_by() -> None:
    begun = begin_review(review([[1], [0], [0]]), books([(0, 0)] * 3), FREE, YEAR)
    after = hold_review(begun, books([(0, 0)] * 3, [(0, 0)] * 3), FREE, 1, 2 * YEAR)
    assert has(after) == [[1], [0], [0]]


def test_what_looks_alike_is_chosen_by_lot_and_not_by_place() -> None:
    begun = begin_review(review([[1] * 6] * 2), books([(10, 9), (10, 9)]), FREE, YEAR)
    later = books([(10, 9)] * 2, [(10, 1)] * 2)
    lost = [
        [row.index(0) for row in has(hold_review(begun, later, FREE, seed, 2 * YEAR))] for seed in range(12)
    ]
    assert len({first for first, _ in lost}) > 2
    assert any(first != second for first, second in lost)
    assert lost == [
        [row.index(0) for row in has(hold_review(begun, later, FREE, seed, 2 * YEAR))] for seed in range(12)
    ]


def test_reviews_fall_on_the_same_date_every_year_until_the_end() -> None:
    adoption = begin_review(review([[1]], days=3 * YEAR), books([(10, 5)]), FREE, 0)
    days = []
    while adoption.next_day < NEVER:
        days.append(adoption.next_day)
        adoption = hold_review(adoption, books([(10, 5)]), FREE, 1, adoption.next_day)
    # 2016 is a leap year.
    assert days == [365, 731]


# --- in a run ------------------------------------------------------------------------------------


def trial(lever: dict[str, Any], rule: ReviewRule) -> Package:
    texts = {"name": {"zh": "试", "en": "trial"}, "summary": {"zh": "试", "en": "trial"}}
    return Package.of("trial", [Mechanism.from_dict("trial", {**texts, "levers": [lever]})], review=rule)


# Days of everybody's time every week, and nothing on the agenda.
IDLE_TALK = {"lever": "forum", "settings": {"cadence_days": 7, "items": 0, "hours_per_member": 6}}
# A channel slower than any way there is: it changes nothing at all and takes no time.
PLACEBO = {"lever": "channel", "settings": {"days": 30}}


@pytest.fixture(scope="module")
def pasts() -> list[Simulation]:
    """Two years without mechanisms on the whole line, three times."""
    region = load_region("yulin_zhanjiang_maoming")
    runs = []
    for seed in (1, 2, 3):
        run = Simulation(lay_out(region, seed), Parameters(), seed)
        run.run(731)
        runs.append(run)
    return runs


def lived(past: Simulation, package: Package, years: float) -> Simulation:
    days = int(365.25 * years)
    run = past.fork(compile_institutions(package, past.world, past.parameters, days))
    run.run(days)
    return run


def test_time_spent_on_nothing_is_soon_saved(pasts: list[Simulation]) -> None:
    tables = [adoption_table(lived(past, trial(IDLE_TALK, ReviewRule()), 3.5)) for past in pasts]
    began = sum(int((table["taken_from"] == "").sum()) for table in tables)
    kept = sum(int(table["until_date"].isna().sum()) for table in tables)
    assert began == 21
    assert kept <= 0.2 * began


def test_what_does_nothing_at_all_is_praised_and_blamed_by_chance(pasts: list[Simulation]) -> None:
    blamed = kept = 0
    for past in pasts:
        run = lived(past, trial(PLACEBO, ReviewRule()), 3.5)
        none = lived(past, load_package("none"), 3.5)
        for name in ("known", "settled", "sessions", "last_act"):
            assert run.cases[name].tolist() == none.cases[name].tolist()
        table = adoption_table(run)
        blamed += int(table["until_date"].notna().sum())
        kept += int(table["until_date"].isna().sum())
    # It neither helps nor costs; whoever trusted the books would be sure of one or the other.
    assert blamed > 0.25 * 21
    assert kept > 0.25 * 21


@pytest.fixture(scope="module")
def world_and_package(pasts: list[Simulation]) -> tuple[World, Package]:
    package = load_package("add_and_subtract")
    assert package.review is not None
    return pasts[0].world, replace(package, review=replace(package.review, every_years=0.25))


def test_is_the_same_in_one_go_and_in_parts_and_leaves_its_past_alone(
    pasts: list[Simulation], world_and_package: tuple[World, Package]
) -> None:
    world, package = world_and_package
    before = pasts[0].digest()
    institutions = compile_institutions(package, world, Parameters(), 400)
    at_once, by_parts = pasts[0].fork(institutions), pasts[0].fork(institutions)
    at_once.run(300)
    for days in (89, 1, 1, 0, 120, 89):
        by_parts.run(days)
    assert at_once.digest() == by_parts.digest()
    assert at_once.adoption is not None
    assert at_once.adoption.reviews == 3
    assert (at_once.adoption.since > 0).any()
    assert pasts[0].digest() == before
    assert adoption_table(at_once).equals(adoption_table(by_parts))
    # A fork after a review remembers nothing of it.
    again = at_once.fork(compile_institutions(load_package("none"), world, Parameters(), 400))
    assert again.adoption is None
    assert at_once.adoption.reviews == 3


def test_a_review_without_options_changes_nothing_by_a_single_bit(pasts: list[Simulation]) -> None:
    package = load_package("add_and_subtract")
    idle = replace(package, mechanisms=tuple(item.at_level(0.0) for item in package.mechanisms))
    assert lived(pasts[0], idle, 0.5).digest() == lived(pasts[0], load_package("none"), 0.5).digest()


def test_what_is_in_force_is_what_was_adopted(
    pasts: list[Simulation], world_and_package: tuple[World, Package]
) -> None:
    world, package = world_and_package
    run = pasts[0].fork(compile_institutions(package, world, Parameters(), 400))
    run.run(200)
    assert run.adoption is not None
    adoption = run.adoption
    expected = adoption.review.recompile(adoption.since, run.day - adoption.first_day).epochs[0].tables
    for name in ("channel_days", "monitoring", "office_kind", "forum_obligation"):
        assert run.tables_in_force.dyads[name].tolist() == expected.dyads[name].tolist()


@pytest.fixture(scope="module")
def three() -> Region:
    """Two pairs of counties that share one."""
    return load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市", "博白县"])


def test_a_model_lists_who_ran_what(three: Region, world_and_package: tuple[World, Package]) -> None:
    _, package = world_and_package
    model = BorderModel(region=three, package=package, years=1, burn_in=0, seed=3, collect=False)
    model.run()
    table = model.adoption()
    assert list(table["mechanism"].unique())
    assert set(table["unit"]) <= set(model.simulation.adoption.review.units)  # type: ignore[union-attr]
    assert (table["from_date"] >= "2015-01-01").all()
    ended = table["until_date"].notna()
    assert (table["until_date"][ended] > table["from_date"][ended]).all()
    assert (table["judged_gain"].notna() == ended).all()
    assert len(BorderModel(region=three, package="none", years=1, burn_in=0, collect=False).adoption()) == 0


def test_is_the_same_on_one_and_two_workers_and_recorded(
    three: Region, world_and_package: tuple[World, Package]
) -> None:
    _, package = world_and_package
    common: dict[str, Any] = {
        "region": three,
        "years": 1,
        "burn_in": 0.5,
        "replications": 2,
        "progress": False,
    }
    one = compare(arms=["none", package], workers=1, **common)
    two = compare(arms=["none", package], workers=2, **common)
    assert one.manifest["digests"] == two.manifest["digests"]
    assert one.adoption.equals(two.adoption)
    assert set(one.adoption["arm"]) == {package.key}
    assert set(one.adoption["replication"]) == {0, 1}
    assert one.manifest["arms"][package.key]["review"]["every_years"] == 0.25
