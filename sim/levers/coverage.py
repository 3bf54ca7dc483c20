"""Which ties, pairs of offices and stretches of line a use of a lever covers."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, nearest_name
from sim.levers.lever_use import LeverUse, Scope
from sim.streams import COVERAGE, uniforms
from sim.world.world import World

__all__ = ["DEPARTMENTS", "TIER_NUMBER", "Coverage", "coverage_of"]

DEPARTMENTS = {
    "land": "justice",
    "water": "ecology",
    "family": "justice",
    "trade": "market_regulation",
    "security": "public_security",
}
"""The department competent for each subject."""

TIER_NUMBER = {"village": 0, "town": 1, "county": 2, "department": 3}
"""Tiers as numbers of tables."""

Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]

_KEY_BITS = 0x7FFFFFFF
# Numbers that are kept for a border, in all: some 30 MB, which everything fits into on borders of a few
# thousand villages.
_MOST_KEPT = 4_000_000
_MIX_ONE = np.uint64(0x9E3779B97F4A7C15)
_MIX_OTHER = np.uint64(0xC2B2AE3D27D4EB4F)


class Coverage:
    """Selection of ties and of what belongs to them.

    Which pairs a share below one covers is drawn once for a mechanism and a pair, whatever the seed of
    the run: a smaller share covers a part of what a larger one does. What is given out is kept, too, and
    read-only.

    Parameters
    ----------
    world : World
        The border; it has to stay as long as its coverage is used.
    """

    def __init__(self, world: World) -> None:
        # A border that nobody holds any more can go although its coverage is kept.
        self._world = ref(world)
        self._kept: dict[Hashable, NDArray[Any]] = {}
        self._size = 0
        self.departments = {key: index for index, key in enumerate(world.department_key)}
        county = world.town_county[world.village_town]
        self.side_county = (county[world.tie_a], county[world.tie_b])
        self.side_town = (world.village_town[world.tie_a], world.village_town[world.tie_b])

    @property
    def world(self) -> World:
        """The border."""
        world = self._world()
        assert world is not None
        return world

    def _once(self, key: Hashable, find: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Give what stands under a key, and find it where it does not yet."""
        if key in self._kept:
            return self._kept[key]
        found = find()
        found.flags.writeable = False
        self._size += found.size
        if self._size > _MOST_KEPT:
            self._kept.clear()
            self._size = found.size
        self._kept[key] = found
        return found

    def ties_of(self, use: LeverUse) -> Mask:
        """Select the ties that all scopes of a use cover."""
        return self._once(use.scopes, lambda: self._within_all(use.scopes))

    def _within_all(self, scopes: tuple[Scope, ...]) -> Mask:
        chosen = np.ones(len(self.world.tie_a), dtype=np.bool_)
        for scope in scopes:
            chosen &= self._scope(scope)
        return chosen

    def _scope(self, scope: Scope) -> Mask:
        world = self.world
        chosen = np.ones(len(world.tie_a), dtype=np.bool_)
        if scope.border_only:
            chosen &= world.tie_is_border
        if scope.ties == "land":
            chosen &= ~world.tie_is_river
        elif scope.ties == "river":
            chosen &= world.tie_is_river
        elif scope.ties == "legacy":
            chosen &= world.tie_legacy_claims > 0
        elif scope.ties == "named":
            chosen &= world.tie_named
        county_names = (world.county_code, world.county_name_zh, world.county_name_en)
        if scope.counties:
            wanted = [_find(name, county_names, "scope.counties") for name in scope.counties]
            chosen &= np.isin(self.side_county[0], wanted) | np.isin(self.side_county[1], wanted)
        if scope.county_pairs:
            either = np.zeros_like(chosen)
            for one, other in scope.county_pairs:
                a, b = (_find(name, county_names, "scope.county_pairs") for name in (one, other))
                either |= (self.side_county[0] == a) & (self.side_county[1] == b)
                either |= (self.side_county[0] == b) & (self.side_county[1] == a)
            chosen &= either
        if scope.towns:
            names = (world.town_code, world.town_name_zh, world.town_name_en)
            wanted = [_find(name, names, "scope.towns") for name in scope.towns]
            chosen &= np.isin(self.side_town[0], wanted) | np.isin(self.side_town[1], wanted)
        if scope.villages:
            codes = (world.village_code,)
            wanted = [_find(name, codes, "scope.villages") for name in scope.villages]
            chosen &= np.isin(world.tie_a, wanted) | np.isin(world.tie_b, wanted)
        return chosen

    def dyads_of(self, ties: Mask, tier: str, domains: tuple[str, ...]) -> Indices:
        """Give the pairs of offices of a tier that selected ties belong to."""
        column = self.world.tie_dyad[ties, TIER_NUMBER[tier]]
        pairs = np.unique(column[column >= 0]).astype(np.int64)
        if tier != "department":
            return pairs
        names = {DEPARTMENTS[domain] for domain in domains}
        wanted = sorted(self.departments[name] for name in names if name in self.departments)
        if set(domains) == set(DEPARTMENTS):
            wanted = list(range(len(self.departments)))
        return np.unique((pairs[:, None] + np.array(wanted, dtype=np.int64)[None, :]).ravel())

    def _office_keys(self) -> NDArray[np.int64]:
        world = self.world
        above = np.zeros(len(world.prefecture_code) + len(world.province_code), np.int64)
        return np.concatenate(
            (world.village_key, world.town_key, world.county_key, _department_keys(world), above)
        )

    def _dyad_keys(self, dyads: Indices) -> NDArray[np.int64]:
        world = self.world
        keys = self._once("offices", self._office_keys)
        one, other = keys[world.dyad_a[dyads]], keys[world.dyad_b[dyads]]
        # Arrays of unsigned words wrap around: two multiplications mix all bits of both keys.
        mixed = one.astype(np.uint64) * _MIX_ONE ^ other.astype(np.uint64) * _MIX_OTHER
        return (mixed >> np.uint64(2)).astype(np.int64)

    def pairs_of(self, use: LeverUse, tier: str) -> Indices:
        """Give the pairs of offices of a tier that the scopes of a use cover, whatever its share."""
        domains = use.domains if tier == "department" else ()
        return self._once(
            (use.scopes, tier, domains), lambda: self.dyads_of(self.ties_of(use), tier, use.domains)
        )

    def covered(self, use: LeverUse, tier: str, key: int) -> Indices:
        """Give the dyads that a use covers; a smaller share covers a part of what a larger one does."""
        dyads = self.pairs_of(use, tier)
        if use.share < 1.0:
            dyads = dyads[uniforms(0, COVERAGE, self._dyad_keys(dyads), key & _KEY_BITS, 0) < use.share]
        return dyads

    def shared_ties(self, use: LeverUse, key: int) -> Indices:
        """Give the ties that a use covers."""
        ties = self._once((use.scopes, "ties"), lambda: np.flatnonzero(self.ties_of(use)))
        if use.share < 1.0:
            ties = ties[uniforms(0, COVERAGE, self.world.tie_key[ties], key & _KEY_BITS, 0) < use.share]
        return ties

    def offices_of(self, dyads: Indices, side: str = "both") -> Indices:
        """Give the offices of dyads, of both sides or of one."""
        sides = {"a": (self.world.dyad_a,), "b": (self.world.dyad_b,)}
        offices = sides.get(side, (self.world.dyad_a, self.world.dyad_b))
        return np.unique(np.concatenate([office[dyads] for office in offices])).astype(np.int64)

    def segments_of(self, use: LeverUse, key: int) -> tuple[Indices, NDArray[np.float64]]:
        """Give the stretches of the covered ties, each with its draw for shares of stretches."""
        ties = self.shared_ties(use, key)
        segments = self.world.tie_segment[ties]
        inside = segments >= 0
        return segments[inside].astype(np.int64), uniforms(
            0, COVERAGE, self.world.tie_key[ties[inside]], key & _KEY_BITS, 1
        )


_coverages: WeakKeyDictionary[World, Coverage] = WeakKeyDictionary()


def coverage_of(world: World) -> Coverage:
    """Give the coverage of a border, the same one as long as the border is there.

    Mechanisms share their scopes, and arms and parameter sets share the border.

    Parameters
    ----------
    world : World
        The border.

    Returns
    -------
    Coverage
        With all that it has found so far.
    """
    coverage = _coverages.get(world)
    if coverage is None:
        coverage = _coverages[world] = Coverage(world)
    return coverage


def _department_keys(world: World) -> NDArray[np.int64]:
    """Key the departments of a county apart."""
    number = np.arange(len(world.department_key))
    return (world.county_key[:, None] ^ number[None, :]).ravel()


def _find(name: str, tables: tuple[tuple[str, ...], ...], field: str) -> int:
    for table in tables:
        if name in table:
            return table.index(name)
    known = [entry for table in tables for entry in table]
    allowed = {"zh": "该地区已有的地名或代码", "en": "a name or code of the region"}
    raise InputError(field, name, allowed, nearest_name(name, known))
