"""Who runs which mechanism: units that may drop mechanisms and take them over, and their tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.levers.builder import DAYS_PER_YEAR
from sim.levers.coverage import coverage_of
from sim.levers.epochs import Part, compile_epochs
from sim.levers.institutions import Institutions, Review
from sim.levers.lever_use import LeverUse, Scope
from sim.levers.mechanism import Mechanism
from sim.levers.mechanisms import Package
from sim.levers.review_rule import ReviewRule
from sim.parameters import Parameters
from sim.streams import COVERAGE, entity_number, uniform
from sim.world.world import World

__all__ = ["adopt"]

Pair = tuple[int, int]


def adopt(
    package: Package, rule: ReviewRule, world: World, parameters: Parameters, days: int
) -> Institutions | None:
    """Compile a package whose units review what they run.

    Parameters
    ----------
    package : Package
        The mechanisms to choose from.
    rule : ReviewRule
        Who reviews, when, and what is weighed.
    world : World
        The border.
    parameters : Parameters
        What an obligation, a place in an office or a deadline is worth.
    days : int
        Length of the measured period.

    Returns
    -------
    Institutions or None
        The institutions of the first day and the review; None where nobody has anything to review, because
        every mechanism is idle or no two counties meet on the border.
    """
    options = tuple(item for item in package.mechanisms if not item.is_idle)
    pairs, tie_pair = _county_pairs(world)
    if not options or not pairs:
        return None
    codes, members, neighbours = _units(rule, world, pairs)
    start = np.array([[_starts(unit, option, rule.start_share) for option in options] for unit in codes])

    def recompile(since: NDArray[np.int64], day: int) -> Institutions:
        parts = []
        for number, option in enumerate(options):
            part = _part(option, since[:, number], members, pairs, world)
            if part is not None:
                parts.append(part)
        return Institutions(compile_epochs(parts, world, parameters, days, day))

    review = Review(
        units=tuple("-".join(unit) for unit in codes),
        options=tuple(option.key for option in options),
        every_years=rule.every_years,
        days=days,
        weighs_attendance=rule.weighs == "attendance",
        changes=rule.changes,
        start=start,
        neighbours=neighbours,
        members=members,
        tie_pair=tie_pair,
        dyad_pair=_dyad_pair(world, tie_pair),
        office_pair=_office_pair(world, tie_pair),
        recompile=recompile,
    )
    first = recompile(np.where(start, 0, -1), 0)
    return replace(first, review=review)


def _county_pairs(world: World) -> tuple[list[Pair], NDArray[np.int64]]:
    """Give the pairs of counties that meet on the border, and the pair of every tie of the border."""
    one, other = coverage_of(world).side_county
    of_tie = [(min(pair), max(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)]
    pairs = sorted({pair for pair, border in zip(of_tie, world.tie_is_border, strict=True) if border})
    number = {pair: row for row, pair in enumerate(pairs)}
    on_border = zip(of_tie, world.tie_is_border, strict=True)
    return pairs, np.array([number[pair] if border else -1 for pair, border in on_border], dtype=np.int64)


def _units(
    rule: ReviewRule, world: World, pairs: list[Pair]
) -> tuple[list[tuple[str, ...]], NDArray[np.bool_], NDArray[np.bool_]]:
    """Give the counties of each unit, which pairs it is part of, and who lives next door to whom."""
    code = world.county_code
    if rule.units == "county_pair":
        units = [tuple(code[county] for county in sorted(set(pair))) for pair in pairs]
        members = np.eye(len(pairs), dtype=np.bool_)
        share = [[bool(set(mine) & set(theirs)) for theirs in pairs] for mine in pairs]
        return units, members, np.array(share) & ~members
    counties = sorted({county for pair in pairs for county in pair})
    members = np.array([[county in pair for pair in pairs] for county in counties])
    one, other = coverage_of(world).side_county
    touching = set(zip(one.tolist(), other.tolist(), strict=True))
    neighbours = np.array(
        [
            [
                mine != theirs and ((mine, theirs) in touching or (theirs, mine) in touching)
                for theirs in counties
            ]
            for mine in counties
        ]
    )
    return [(code[county],) for county in counties], members, neighbours


def _starts(unit: tuple[str, ...], option: Mechanism, share: float) -> bool:
    """Tell whether a unit begins with a mechanism; drawn from the two alone, as coverage is."""
    draw = uniform(0, COVERAGE, entity_number(*unit), entity_number(option.key) & 0x7FFFFFFF, 2)
    return bool(draw < share)


def _dyad_pair(world: World, tie_pair: NDArray[np.int64]) -> NDArray[np.int64]:
    found = np.full(len(world.dyad_a), -1, dtype=np.int64)
    departments = len(world.department_key)
    for column in range(world.tie_dyad.shape[1]):
        dyads = world.tie_dyad[:, column].astype(np.int64)
        here = (dyads >= 0) & (tie_pair >= 0)
        for number in range(departments if column == 3 else 1):
            found[dyads[here] + number] = tie_pair[here]
    return found


def _office_pair(world: World, tie_pair: NDArray[np.int64]) -> NDArray[np.int64]:
    dyad_pair = _dyad_pair(world, tie_pair)
    dyads = np.flatnonzero(dyad_pair >= 0)
    offices = np.concatenate((world.dyad_a[dyads], world.dyad_b[dyads])).astype(np.int64)
    rows = np.column_stack((offices, np.concatenate((dyad_pair[dyads], dyad_pair[dyads]))))
    return np.unique(rows, axis=0)


def _part(
    option: Mechanism, since: NDArray[np.int64], members: NDArray[np.bool_], pairs: list[Pair], world: World
) -> Part | None:
    """Confine a mechanism to the pairs whose units all run it; a shared interest begins when they did."""
    runs = np.logical_and.reduce(~members | (since[:, None] >= 0), axis=0)
    if not runs.any():
        return None
    begun = np.where(members, since[:, None], -1).max(axis=0)
    here = option.within(_scope(pairs, runs, world))
    if here.cost.per == "mechanism":
        money = here.cost.money_yuan_per_year * float(runs.mean())
        here = replace(here, cost=replace(here.cost, money_yuan_per_year=money))
    uses: list[tuple[int, LeverUse]] = []
    for number, use in enumerate(here.levers):
        if use.lever != "interest":
            uses.append((number, use))
            continue
        whole = option.levers[number]
        for day in np.unique(begun[runs]).tolist():
            part = use.within(_scope(pairs, runs & (begun == day), world))
            start = max(use.start_year, day / DAYS_PER_YEAR)
            if use.end_year is None or start < use.end_year:
                uses.append((number, _compensating(replace(part, start_year=start), whole, world)))
    return Part(here, tuple(uses))


def _scope(pairs: list[Pair], chosen: NDArray[np.bool_], world: World) -> Scope:
    code = world.county_code
    named = tuple((code[pairs[row][0]], code[pairs[row][1]]) for row in np.flatnonzero(chosen).tolist())
    return Scope(county_pairs=named, border_only=False)


def _compensating(part: LeverUse, whole: LeverUse, world: World) -> LeverUse:
    """Let a part of the river's banks pay, and gain, its part of the compensation."""
    chosen = coverage_of(world)
    river = [int((chosen.ties_of(use) & world.tie_is_river).sum()) for use in (part, whole)]
    share = river[0] / river[1] if river[1] else 0.0
    payoff = part.settings["river_payoff"] * share
    return replace(part, settings={**part.settings, "river_payoff": payoff})
