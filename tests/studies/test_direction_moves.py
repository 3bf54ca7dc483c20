"""Everything there is gets moved, and nothing but what is named moves."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from sim.errors import InputError
from sim.language import catalogue
from sim.levers.compilation import compile_institutions
from sim.levers.definitions import LEVERS
from sim.levers.mechanisms import Package, list_mechanisms, load_package
from sim.parameters import Parameters
from sim.studies.directions.moves import (
    ALONE,
    HOME_PACKAGES,
    Move,
    all_moves,
    chosen_moves,
    content_key,
    home_package,
    known_mechanism,
    lever_moves,
    reference_use,
)
from sim.world.region import load_region
from sim.world.world import World, lay_out

MOVES = {move.label: move for move in all_moves()}
# What each lever may write, as tables and the columns in them.
WRITTEN = {
    "duty": {"dyads": {"monitoring", "duty_power", "duty_memory", "has_duty", "has_convener"}},
    "contact": {"ties": {"contact_events", "contact_hours"}},
    "standard": {"ties": {"rules_harmonised"}, "banks": {"penalties"}},
    "channel": {"dyads": {"channel_days"}},
    "skill": {"ties": {"skill", "panel", "law"}},
}
WRITTEN["duty"]["offices"] = {"duty_interval", "duty_hours"}


@pytest.fixture(scope="module")
def world() -> World:
    return lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 5)


def test_every_lever_setting_and_option_is_moved_alone_and_in_both_packages() -> None:
    wanted = {
        f"{what}@{place}"
        for lever, place in product(LEVERS.values(), (ALONE, *HOME_PACKAGES))
        for what in (
            lever.name,
            *(f"{lever.name}.{name}" for name in (*lever.settings, *lever.options)),
        )
    }
    assert {label for label, move in MOVES.items() if move.kind != "mechanism"} == wanted
    assert len(MOVES) == len(all_moves())


def test_every_mechanism_is_moved_alone_and_inside_a_package() -> None:
    moved = [move for move in MOVES.values() if move.kind == "mechanism"]
    assert {move.name for move in moved if move.place == ALONE} == set(list_mechanisms())
    for key in list_mechanisms():
        home = home_package(known_mechanism(key))
        inside = [move.place for move in moved if move.name == key and move.place != ALONE]
        assert inside == ([home] if home else [])


def test_alone_everything_has_two_ends_that_differ() -> None:
    for move in MOVES.values():
        if move.place == ALONE:
            assert move.low_arm is not None
        if move.low_arm is not None:
            assert move.high_arm is not None
            assert content_key(move.low_arm) != content_key(move.high_arm), move.label


def test_what_a_package_does_not_use_is_said_and_not_made_up() -> None:
    used = {use.lever for item in load_package("five_links").mechanisms for use in item.levers}
    for name in LEVERS:
        assert (MOVES[f"{name}@five_links"].low_arm is None) == (name not in used)


@pytest.mark.parametrize(
    "label", ["forum.items@completed", "pool.shared_roster@five_links", "duty.hours@alone"]
)
def test_a_setting_reaches_its_ends_and_nothing_else_changes(label: str) -> None:
    move = MOVES[label]
    row = LEVERS[move.name].settings[move.setting]
    assert (float(move.low), float(move.high)) == (row.low, row.high)
    touched = 0
    for low, high in zip(uses_of(move.low_arm), uses_of(move.high_arm), strict=True):
        if low != high:
            touched += 1
            assert (low.settings[move.setting], high.settings[move.setting]) == (row.low, row.high)
            assert replace(low, settings=high.settings) == high
            assert {key for key in low.settings if low.settings[key] != high.settings[key]} == {move.setting}
    assert touched > 0


def uses_of(package: Package | None) -> list:  # type: ignore[type-arg]
    assert package is not None
    return [use for item in package.mechanisms for use in item.levers]


@pytest.mark.parametrize("lever", WRITTEN)
@pytest.mark.parametrize("place", ["alone", "five_links"])
def test_taking_out_a_lever_leaves_what_other_levers_cover(lever: str, place: str, world: World) -> None:
    """Were it cut out of its list, the pairs that the shares of other levers cover would be drawn anew."""
    move = MOVES[f"{lever}@{place}"]
    low, high = (tables_of(arm, world) for arm in (move.low_arm, move.high_arm))
    changed: dict[str, set[str]] = {}
    for table in ("dyads", "ties", "offices", "banks"):
        before, after = getattr(low, table), getattr(high, table)
        columns = {name for name in before.dtype.names if not np.array_equal(before[name], after[name])}
        if columns:
            changed[table] = columns
    assert changed
    assert all(columns <= WRITTEN[lever].get(table, set()) for table, columns in changed.items()), changed
    assert np.array_equal(low.forums, high.forums)


def tables_of(package: Package | None, world: World):  # type: ignore[no-untyped-def]
    assert package is not None
    return compile_institutions(package, world, Parameters(), 365).epochs[0].tables


def test_a_lever_stands_at_what_mechanisms_have_between_their_least_and_most() -> None:
    for lever in LEVERS.values():
        uses = [
            use for key in list_mechanisms() for use in known_mechanism(key).levers if use.lever == lever.name
        ]
        reference = reference_use(lever)
        assert reference.tiers == lever.tiers
        for name, row in lever.settings.items():
            values = [use.settings[name] for use in uses if use.settings[name] > 0.0 or not row.dosed]
            if values:
                assert min(values) <= reference.settings[name] <= max(values)
            else:
                assert reference.settings[name] == row.default


def test_content_counts_and_names_do_not() -> None:
    paper = load_package("paper")
    assert content_key(paper) == content_key(replace(paper, key="another", name={"zh": "某", "en": "some"}))
    assert content_key(paper) != content_key(load_package("five_links"))
    weaker = replace(paper, mechanisms=tuple(item.at_level(0.5) for item in paper.mechanisms))
    assert content_key(paper) != content_key(weaker)
    gone = replace(paper, mechanisms=tuple(item.at_level(0.0) for item in paper.mechanisms))
    assert content_key(gone) == content_key(load_package("none"))


def test_every_option_and_its_words_can_be_read_in_both_languages() -> None:
    options = [
        (lever.name, name, words) for lever in LEVERS.values() for name, words in lever.options.items()
    ]
    assert options
    for lever, name, words in options:
        assert f"directions.option.{lever}.{name}" in catalogue()
        assert all(f"directions.end.{word}" in catalogue() for word in words)


def test_a_few_moves_can_be_chosen_and_a_wrong_name_is_answered() -> None:
    assert {move.name for move in chosen_moves(["pool", "standing_body"])} == {"pool", "standing_body"}
    with pytest.raises(InputError, match="standing_body"):
        chosen_moves(["standing_bodie"])


def test_places_can_be_chosen() -> None:
    moves: list[Move] = lever_moves(["paper"])
    assert {move.place for move in moves} == {"paper"}
    assert {move.name for move in moves if move.kind == "lever" and move.low_arm} == {"channel", "forum"}
