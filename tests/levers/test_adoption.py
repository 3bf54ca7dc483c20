"""Who runs which mechanism: tables of packages whose units may drop mechanisms and take them over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.levers.compilation import compile_institutions, no_institutions
from sim.levers.institutions import Epoch, Institutions, Review, Tables
from sim.levers.mechanisms import Mechanism, Package, ReviewRule, load_package
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out

DAYS = 1096
ALL = ReviewRule()


@pytest.fixture(scope="module")
def world() -> World:
    """The whole line, with seven pairs of counties."""
    return lay_out(load_region("yulin_zhanjiang_maoming"), 1)


def reviewed(rule: ReviewRule, package: str = "completed") -> Package:
    return replace(load_package(package), review=rule)


def compiled(package: Package, world: World) -> Institutions:
    return compile_institutions(package, world, Parameters(), DAYS)


def review_of(package: Package, world: World) -> Review:
    review = compiled(package, world).review
    assert review is not None
    return review


def assert_same(one: Tables, other: Tables, *, rel: float = 1e-12) -> None:
    for name, first, second in zip(Tables._fields, one, other, strict=True):
        for column in first.dtype.names or [None]:
            a, b = (part if column is None else part[column] for part in (first, second))
            np.testing.assert_allclose(a, b, rtol=rel, err_msg=f"{name}.{column}")


@pytest.mark.parametrize("units", ["county_pair", "county"])
def test_where_every_unit_runs_everything_the_tables_are_those_of_the_package(
    world: World, units: str
) -> None:
    plain = compiled(load_package("completed"), world)
    full = compiled(reviewed(replace(ALL, units=units)), world)
    assert full.review is not None
    assert [epoch.first_day for epoch in full.epochs] == [epoch.first_day for epoch in plain.epochs]
    for one, other in zip(plain.epochs, full.epochs, strict=True):
        assert_same(one.tables, other.tables)


def test_where_no_unit_runs_anything_the_tables_are_those_of_no_package(world: World) -> None:
    (epoch,) = compiled(reviewed(replace(ALL, start_share=0.0)), world).epochs
    (none,) = no_institutions(world, Parameters()).epochs
    assert_same(epoch.tables, none.tables, rel=0.0)


def test_a_package_of_idle_mechanisms_has_nothing_to_review(world: World) -> None:
    package = reviewed(ALL)
    idle = replace(package, mechanisms=tuple(item.at_level(0.0) for item in package.mechanisms))
    assert compiled(idle, world).review is None
    assert compiled(Package.of("empty", [], review=ALL), world).review is None


def test_what_one_unit_runs_stays_between_its_counties(world: World) -> None:
    review = review_of(reviewed(ALL), world)
    for unit in range(len(review.units)):
        since = np.full(review.start.shape, -1)
        since[unit] = 0
        (epoch, *_) = review.recompile(since, 0).epochs
        before = no_institutions(world, Parameters()).epochs[0].tables
        here = review.tie_pair == unit
        for table, where in (("ties", here), ("dyads", review.dyad_pair == unit)):
            old, new = getattr(before, table), getattr(epoch.tables, table)
            changed = np.array([old[row] != new[row] for row in range(len(old))])
            assert changed[where].any()
            assert not changed[~where].any()


def test_two_counties_run_a_mechanism_between_them_only_where_both_do(world: World) -> None:
    review = review_of(reviewed(replace(ALL, units="county")), world)
    since = np.full(review.start.shape, -1)
    since[0] = 0
    (epoch, *_) = review.recompile(since, 0).epochs
    assert_same(epoch.tables, no_institutions(world, Parameters()).epochs[0].tables, rel=0.0)
    partner = int(np.flatnonzero(review.members[:, np.flatnonzero(review.members[0])[0]])[-1])
    assert partner != 0
    since[partner] = 0
    (epoch, *_) = review.recompile(since, 0).epochs
    ran = epoch.tables.dyads["office_kind"] > 0
    both = review.members[0] & review.members[partner]
    assert ran.any()
    assert set(review.dyad_pair[ran]) == set(np.flatnonzero(both))


def one(levers: list[dict[str, Any]], **given: Any) -> Package:
    texts = {"name": {"zh": "试", "en": "trial"}, "summary": {"zh": "试", "en": "trial"}}
    return Package.of(
        "trial", [Mechanism.from_dict("trial", {**texts, "levers": levers, **given})], review=ALL
    )


def test_shared_interest_begins_in_each_place_with_the_one_who_takes_it_up(world: World) -> None:
    package = one([{"lever": "interest", "settings": {"payoff": 0.1, "river_payoff": 0.2}}])
    review = review_of(package, world)
    since = np.zeros(review.start.shape, dtype=np.int64)
    since[0] = 365
    since[1] = -1
    (epoch,) = review.recompile(since, 730).epochs
    ties, pair = epoch.tables.ties, review.tie_pair
    assert set(ties["interest_since"][pair == 0]) == {365.0}
    assert set(ties["interest_since"][pair > 1]) == {0.0}
    assert set(ties["payoff"][pair == 1]) == {0.0}
    assert set(ties["payoff"][pair > 1]) == {0.1}
    # The river is paid for on the banks of those who pay.
    river = world.tie_is_river & (pair >= 0)
    share = (river & (pair != 1)).sum() / river.sum()
    assert epoch.tables.general["river_payoff"][0] == pytest.approx(0.2 * share)


@pytest.mark.parametrize("per", ["mechanism", "pair"])
def test_money_is_that_of_the_units_that_run_it(world: World, per: str) -> None:
    cost = {"money_yuan_per_year": 700.0, "per": per, "basis": "assumption"}
    review = review_of(one([{"lever": "channel", "tiers": ["county"]}], cost=cost), world)
    since = np.full(review.start.shape, -1)
    since[:3] = 0
    (epoch,) = review.recompile(since, 0).epochs
    expected = {"mechanism": 700.0 * 3 / len(review.units), "pair": 700.0 * 3}
    assert epoch.tables.general["money_yuan_per_year"][0] == pytest.approx(expected[per])


def test_dates_of_levers_hold_after_a_review_too(world: World) -> None:
    package = one([{"lever": "channel", "start_year": 1, "end_year": 2}])
    review = review_of(package, world)
    epochs: tuple[Epoch, ...] = review.recompile(np.zeros(review.start.shape, dtype=np.int64), 400).epochs
    assert [epoch.first_day for epoch in epochs] == [400, 730]
    assert [bool(np.isfinite(epoch.tables.dyads["channel_days"]).any()) for epoch in epochs] == [True, False]


def test_a_share_of_the_units_begins_and_a_smaller_one_is_part_of_it(world: World) -> None:
    few, many = (review_of(reviewed(replace(ALL, start_share=share)), world).start for share in (0.3, 0.7))
    assert 0.2 < few.mean() < 0.4
    assert 0.6 < many.mean() < 0.8
    assert not (few & ~many).any()


def test_next_door_is_who_shares_a_county_or_touches(world: World) -> None:
    pairs = review_of(reviewed(ALL), world)
    for unit, mine in enumerate(pairs.units):
        for other, theirs in enumerate(pairs.units):
            shared = set(mine.split("-")) & set(theirs.split("-"))
            assert pairs.neighbours[unit, other] == (bool(shared) and unit != other)
    counties = review_of(reviewed(replace(ALL, units="county")), world)
    assert (counties.neighbours == counties.neighbours.T).all()
    assert not counties.neighbours.diagonal().any()
    assert counties.neighbours.any(axis=1).all()


def test_hours_of_an_office_are_shared_by_the_pairs_it_works_in(world: World) -> None:
    review = review_of(reviewed(ALL), world)
    office, pair = review.office_pair.T
    county = world.office_tier[office] == 2
    assert (np.bincount(office[county]).max()) > 1
    for row in np.flatnonzero(county)[:20]:
        code = world.county_code[int(world.office_unit[office[row]])]
        assert code in review.units[pair[row]].split("-")


def test_a_review_is_read_kept_and_inherited(tmp_path: Path) -> None:
    package = load_package("add_and_subtract")
    assert package.review == ReviewRule(1.0, "county_pair", "outcomes", 0.5, 3)
    assert package.as_dict()["review"]["changes"] == 3
    assert "review" not in load_package("completed").as_dict()
    path = tmp_path / "mine.yaml"
    path.write_text(
        "name: {zh: 我, en: mine}\nsummary: {zh: 我, en: mine}\nextends: add_and_subtract\n", "utf-8"
    )
    assert load_package(path).review == package.review
    path.write_text(path.read_text("utf-8") + "review: {weighs: attendance}\n", "utf-8")
    assert load_package(path).review == ReviewRule(weighs="attendance")


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"every_year": 1}, "every_years"),
        ({"every_years": 0}, "0.25 to 10"),
        ({"units": "village"}, "county_pair"),
        ({"weighs": "attendence"}, "attendance"),
        ({"start_share": 1.5}, "0 to 1"),
        ({"changes": 0}, "1 to 100"),
        ({"changes": 1.5}, "whole number"),
        ({"changes": True}, "whole number"),
        ([1], "mapping"),
    ],
)
def test_a_mistake_in_a_review_is_named(data: object, named: str) -> None:
    with pytest.raises(InputError, match=named):
        ReviewRule.from_dict(data)
