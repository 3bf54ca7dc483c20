"""Which ties and pairs of offices a lever reaches: scopes and shares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.levers.compilation import compile_institutions, no_institutions
from sim.levers.definitions import TIERS
from sim.levers.institutions import Tables
from sim.levers.mechanisms import Mechanism, Package, Scope, list_mechanisms, load_mechanism
from sim.parameters import Parameters
from sim.world.region import load_region
from sim.world.world import World, lay_out

PARAMETERS = Parameters()
PAIR = ("陆川县", "廉江市")
INSIDE_TOO = {"border_only": False}


@pytest.fixture(scope="module")
def world() -> World:
    """Three counties, two of whose three lines are the border between two provinces."""
    return lay_out(load_region("yulin_zhanjiang_maoming").subset([*PAIR, "化州市"]), seed=1)


def mechanism(*levers: dict[str, Any], key: str = "trial") -> Mechanism:
    text = {"zh": "试", "en": "trial"}
    return Mechanism.from_dict(key, {"name": text, "summary": text, "tiers": list(TIERS), "levers": levers})


def tables_of(world: World, *parts: Mechanism | dict[str, Any]) -> Tables:
    """Tables of the first day; a lever on its own counts as a mechanism of its own."""
    members = [
        part if isinstance(part, Mechanism) else mechanism(part, key=f"trial_{number}")
        for number, part in enumerate(parts)
    ]
    (epoch,) = compile_institutions(Package.of("trial", members), world, PARAMETERS, 1).epochs
    return epoch.tables


def channel(tier: str, **more: Any) -> dict[str, Any]:
    return {"lever": "channel", "tiers": [tier]} | more


def skill(**more: Any) -> dict[str, Any]:
    return {"lever": "skill", "settings": {"mediation": 0.5}} | more


def reached(tables: Tables) -> list[int]:
    return np.flatnonzero(np.isfinite(tables.dyads["channel_days"])).tolist()


def sides_of(world: World, tie: int) -> tuple[int, int]:
    return int(world.tie_a[tie]), int(world.tie_b[tie])


def towns_of(world: World, tie: int) -> set[int]:
    return {int(world.village_town[side]) for side in sides_of(world, tie)}


def counties_of(world: World, tie: int) -> set[int]:
    return {int(world.town_county[town]) for town in towns_of(world, tie)}


def facing(world: World, tier: int, tie: int) -> frozenset[int]:
    """Offices of both sides, found by climbing; one where both sides have the same."""
    found = []
    for side in sides_of(world, tie):
        office = world.village_office(side)
        for _ in range(tier):
            office = int(world.office_parent[office])
        found.append(office)
    return frozenset(found)


def select(world: World, **scope: Any) -> list[int]:
    """Read a scope tie by tie, as its documentation says it."""
    kept = []
    for tie in range(len(world.tie_a)):
        counties = {world.county_name_zh[row] for row in counties_of(world, tie)}
        towns = {world.town_name_zh[row] for row in towns_of(world, tie)}
        villages = {world.village_code[side] for side in sides_of(world, tie)}
        kinds = {
            "all": True,
            "land": not world.tie_is_river[tie],
            "river": world.tie_is_river[tie],
            "legacy": world.tie_legacy_claims[tie] > 0,
            "named": world.tie_named[tie],
        }
        rules = (
            world.tie_is_border[tie] or not scope.get("border_only", True),
            kinds[scope.get("ties", "all")],
            "counties" not in scope or counties & set(scope["counties"]),
            "county_pairs" not in scope or any(counties == set(pair) for pair in scope["county_pairs"]),
            "towns" not in scope or towns & set(scope["towns"]),
            "villages" not in scope or villages & set(scope["villages"]),
        )
        if all(rules):
            kept.append(tie)
    return kept


@pytest.mark.parametrize(
    "scope",
    [
        {},
        {"border_only": False},
        {"ties": "land"},
        {"ties": "river"},
        {"ties": "river", "border_only": False},
        {"ties": "legacy"},
        {"ties": "named"},
        {"counties": ["廉江市"]},
        {"counties": ["廉江市"], "border_only": False},
        {"county_pairs": [["廉江市", "陆川县"]]},
        {"county_pairs": [["廉江市", "陆川县"], ["化州市", "廉江市"]], "border_only": False},
        {"towns": ["清湖镇"]},
        {"towns": ["清湖镇", "石角镇"], "ties": "land", "border_only": False},
        {"villages": ["450922111201"]},
    ],
    ids=str,
)
def test_a_scope_covers_what_it_says(world: World, scope: dict[str, Any]) -> None:
    wanted = select(world, **scope)
    assert wanted
    tables = tables_of(world, skill(scope=scope), *(channel(tier, scope=scope) for tier in TIERS[:3]))
    assert np.flatnonzero(tables.ties["skill"]).tolist() == wanted
    offices = {facing(world, tier, tie) for tier in range(3) for tie in wanted}
    both = zip(world.dyad_a.tolist(), world.dyad_b.tolist(), strict=True)
    assert reached(tables) == [row for row, pair in enumerate(both) if frozenset(pair) in offices]


def test_every_one_of_several_scopes_must_hold(world: World) -> None:
    both = [{"ties": "legacy"}, {"county_pairs": [list(PAIR)]}]
    tables = tables_of(world, skill(scope=both))
    wanted = set(select(world, ties="legacy")) & set(select(world, county_pairs=[PAIR]))
    assert set(np.flatnonzero(tables.ties["skill"]).tolist()) == wanted


def test_a_place_may_be_named_by_code_or_in_either_language(world: World) -> None:
    names = [("450922", "440881"), ("陆川县", "廉江市"), ("Luchuan", "Lianjiang"), ("廉江市", "450922")]
    found = {tables_of(world, skill(scope={"county_pairs": [list(pair)]})).ties.tobytes() for pair in names}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("scope", "value", "nearest"),
    [
        ({"counties": ["Luchaun"]}, "Luchaun", "Luchuan"),
        ({"county_pairs": [["陆川县", "廉江县"]]}, "廉江县", "廉江市"),
        ({"towns": ["清湖乡"]}, "清湖乡", "清湖镇"),
        ({"villages": ["45092211120"]}, "45092211120", None),
        ({"counties": ["博白县"]}, "博白县", None),  # it exists, but not in this world
    ],
)
def test_an_unknown_place_meets_the_nearest_name(
    world: World, scope: dict[str, Any], value: str, nearest: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        tables_of(world, skill(scope=scope))
    assert caught.value.field == f"scope.{next(iter(scope))}"
    assert caught.value.value == value
    if nearest:
        assert caught.value.nearest == nearest
        assert all(nearest in caught.value.message(language) for language in ("zh", "en"))


@pytest.mark.parametrize("key", list_mechanisms())
def test_confined_to_a_pair_of_counties_it_is_full_inside_and_nothing_outside(world: World, key: str) -> None:
    full = load_mechanism(key)
    inside = tables_of(world, full)
    nothing = no_institutions(world, PARAMETERS).epochs[0].tables
    confined = tables_of(world, full.within(Scope(county_pairs=(PAIR,))))
    own = {world.county_name_zh.index(name) for name in PAIR}
    of_tie = np.array([counties_of(world, tie) == own for tie in range(len(world.tie_a))])
    county = np.select(
        [world.office_tier == tier for tier in range(4)],
        [
            world.town_county[world.village_town[np.where(world.office_tier == 0, world.office_unit, 0)]],
            world.town_county[np.where(world.office_tier == 1, world.office_unit, 0)],
            world.office_unit,
            world.office_unit,
        ],
        -1,
    )
    of_dyad = np.array(
        [{int(county[a]), int(county[b])} == own for a, b in zip(world.dyad_a, world.dyad_b, strict=True)]
    )
    for table, mine in (("ties", of_tie), ("dyads", of_dyad), ("banks", of_tie[world.segment_tie])):
        rows = getattr(confined, table)
        assert rows[mine].tobytes() == getattr(inside, table)[mine].tobytes()
        assert rows[~mine].tobytes() == getattr(nothing, table)[~mine].tobytes()
    away = ~np.isin(county, list(own))
    assert confined.offices[away].tobytes() == nothing.offices[away].tobytes()


def covered(world: World, share: float, key: str = "trial") -> set[int]:
    return set(
        reached(tables_of(world, mechanism(channel("village", share=share, scope=INSIDE_TOO), key=key)))
    )


@pytest.mark.parametrize("key", ["trial", "standing_body", "joint_duty"])
def test_a_larger_share_covers_the_same_pairs_and_more(world: World, key: str) -> None:
    shares = (0.0, 0.1, 0.3, 0.6, 0.9, 1.0)
    sets = [covered(world, share, key) for share in shares]
    everything = len(world.tie_a)
    for share, smaller, larger in zip(shares[1:], sets, sets[1:], strict=False):
        assert smaller < larger
        # Four and a half standard deviations of as many independent coins.
        assert abs(len(larger) - share * everything) <= 4.5 * math.sqrt(everything * share * (1 - share))


def test_a_dose_is_a_share(world: World) -> None:
    part = mechanism(channel("village", scope=INSIDE_TOO)).at_level(0.3)
    assert set(reached(tables_of(world, part))) == covered(world, 0.3)


@pytest.mark.parametrize(
    ("data", "table", "column"),
    [
        (skill(scope=INSIDE_TOO), "ties", "skill"),
        ({"lever": "standard", "settings": {"penalties": 0.5}, "scope": INSIDE_TOO}, "banks", "penalties"),
    ],
)
def test_shares_of_ties_and_stretches_are_nested_too(
    world: World, data: dict[str, Any], table: str, column: str
) -> None:
    few, many = (
        set(np.flatnonzero(getattr(tables_of(world, data | {"share": share}), table)[column]).tolist())
        for share in (0.3, 0.6)
    )
    rows = len(world.tie_a if table == "ties" else world.segment_tie)
    assert few < many
    assert len(few) == pytest.approx(0.3 * rows, abs=4.5 * math.sqrt(0.21 * rows))
    assert len(many) == pytest.approx(0.6 * rows, abs=4.5 * math.sqrt(0.24 * rows))


def test_a_share_of_stretches_grows_with_its_setting(world: World) -> None:
    few, many = (
        tables_of(
            world, {"lever": "action_right", "settings": {"pursuit": share}, "scope": INSIDE_TOO}
        ).banks["pursuit"]
        for share in (0.3, 0.6)
    )
    assert (few <= many).all()
    for found, share in ((few, 0.3), (many, 0.6)):
        spread = 4.5 * math.sqrt(share * (1 - share) * len(found))
        assert found.sum() == pytest.approx(share * len(found), abs=spread)


def test_two_mechanisms_choose_their_pairs_independently(world: World) -> None:
    everything = len(world.tie_a)
    both = covered(world, 0.5, "one") & covered(world, 0.5, "other")
    assert len(both) == pytest.approx(0.25 * everything, abs=4.5 * math.sqrt(everything * 0.25 * 0.75))


def test_departments_are_covered_one_by_one(world: World) -> None:
    """Of the six departments of a pair no two may always be covered or left together."""
    departments = np.flatnonzero((world.dyad_tier == TIERS.index("department")) & world.dyad_is_border)
    patterns = np.zeros((len(departments), 40), dtype=bool)
    for number in range(40):
        part = mechanism(channel("department", share=0.5), key=f"trial_{number}")
        patterns[:, number] = np.isin(departments, reached(tables_of(world, part)))
    assert len(np.unique(patterns, axis=0)) == len(departments)


def test_a_pair_stays_covered_when_the_world_grows(world: World) -> None:
    smaller = lay_out(load_region("yulin_zhanjiang_maoming").subset(list(PAIR)), seed=1)
    known = [
        dict(
            zip(
                place.tie_key.tolist(),
                np.isin(np.arange(len(place.tie_a)), list(covered(place, 0.5))),
                strict=True,
            )
        )
        for place in (smaller, world)
    ]
    common = known[0].keys() & known[1].keys()
    assert len(common) > 500
    assert all(known[0][tie] == known[1][tie] for tie in common)
