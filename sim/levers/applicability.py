"""What a mechanism changes on a given border, and why it may change nothing there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.language import LANGUAGES, text
from sim.levers.builder import day_of_year
from sim.levers.compilation import compile_institutions, no_institutions
from sim.levers.coverage import Coverage, coverage_of
from sim.levers.lever_use import LeverUse, Scope
from sim.levers.mechanisms import Mechanism, Package
from sim.parameters import Parameters
from sim.streams import entity_number
from sim.world.world import World

__all__ = ["changed_cells", "idle_mechanisms", "why_nothing", "why_too_late"]

_TABLES = ("dyads", "ties", "offices", "banks", "general")
# Money is what a mechanism costs, not what it changes.
_NO_INSTITUTION = {("general", "money_yuan_per_year")}


def changed_cells(
    mechanism: Mechanism, world: World, parameters: Parameters | None = None
) -> dict[tuple[str, str], int]:
    """Count the cells of the institution tables that a mechanism alone changes, at any time.

    Parameters
    ----------
    mechanism : Mechanism
        At its dose, with its scopes and dates.
    world : World
        The border.
    parameters : Parameters, optional
        What an obligation or a place in an office is worth; the defaults where left out.

    Returns
    -------
    dict of (table, column) to int
        Number of cells that differ from a border without mechanisms, in the epoch in which they are most;
        meetings count as ``("forums", "")``. Money is left out.

    Examples
    --------
    >>> from sim.levers.mechanisms import load_mechanism
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 1)
    >>> sorted(changed_cells(load_mechanism("framework_agreement"), world))
    [('dyads', 'channel_days')]
    >>> changed_cells(load_mechanism("framework_agreement").at_level(0), world)
    {}
    """
    given = parameters or Parameters()
    (bare,) = no_institutions(world, given).epochs
    last = max((use.start_year for use in mechanism.levers), default=0.0)
    alone = compile_institutions(Package.of("alone", [mechanism]), world, given, day_of_year(last) + 1)
    changed: dict[tuple[str, str], int] = {}
    for epoch in alone.epochs:
        for table in _TABLES:
            before, after = getattr(bare.tables, table), getattr(epoch.tables, table)
            for column in before.dtype.names:
                count = int(np.count_nonzero(before[column] != after[column]))
                if count and (table, column) not in _NO_INSTITUTION:
                    changed[table, column] = max(count, changed.get((table, column), 0))
        if len(epoch.tables.forums):
            changed["forums", ""] = max(len(epoch.tables.forums), changed.get(("forums", ""), 0))
    return changed


def why_nothing(
    mechanism: Mechanism, world: World, parameters: Parameters | None = None
) -> dict[str, str] | None:
    """Say why a mechanism changes no institution on a border.

    Parameters
    ----------
    mechanism : Mechanism
        At its dose, with its scopes and dates.
    world : World
        The border.
    parameters : Parameters, optional
        As in `changed_cells`.

    Returns
    -------
    dict of str to str or None
        The reason by language; None where it changes something.

    Examples
    --------
    >>> from sim.levers.mechanisms import load_mechanism
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> dry = lay_out(load_region("yulin_zhanjiang_maoming").subset(["容县", "信宜市"]), 1)
    >>> why_nothing(load_mechanism("joint_river_patrol"), dry)["en"]
    'no tie of the border lies on a river'
    >>> why_nothing(load_mechanism("village_group"), dry) is None
    True
    """
    if changed_cells(mechanism, world, parameters):
        return None
    chosen = coverage_of(world)
    reasons = [
        _reason(use, chosen, entity_number(mechanism.key, use.lever, str(number)))
        for number, use in enumerate(mechanism.levers)
    ] or [("idle", {})]
    told = {}
    for language in LANGUAGES:
        sentences = (text(f"mechanisms.nothing.{key}", language, **values) for key, values in reasons)
        told[language] = ("；" if language == "zh" else "; ").join(dict.fromkeys(sentences))
    return told


def idle_mechanisms(
    package: Package, world: World, years: float = math.inf
) -> list[tuple[Mechanism, dict[str, str]]]:
    """List the mechanisms of a package that change nothing on a border, with the reason.

    Parameters
    ----------
    package : Package
        An arm.
    world : World
        The border.
    years : float
        Length of the measured period; without it, mechanisms may start at any time.

    Returns
    -------
    list of (Mechanism, dict of str to str)
        In the order of the package; empty where every mechanism changes something.
    """
    reasons = (
        (mechanism, why_nothing(mechanism, world) or why_too_late(mechanism, years))
        for mechanism in package.mechanisms
    )
    return [(mechanism, reason) for mechanism, reason in reasons if reason is not None]


def why_too_late(mechanism: Mechanism, years: float) -> dict[str, str] | None:
    """Say that a mechanism starts only when the measured period is over.

    Parameters
    ----------
    mechanism : Mechanism
        With its dates.
    years : float
        Length of the measured period.

    Returns
    -------
    dict of str to str or None
        The reason by language; None where it starts in time.

    Examples
    --------
    >>> from sim.levers.mechanisms import load_mechanism
    >>> why_too_late(load_mechanism("village_group"), 1.0) is None
    True
    """
    starts = [use.start_year for use in mechanism.levers if not use.is_idle]
    if not starts or math.isinf(years) or day_of_year(min(starts)) < day_of_year(years):
        return None
    values = {"start": f"{min(starts):g}", "years": f"{years:g}"}
    return {language: text("mechanisms.nothing.too_late", language, **values) for language in LANGUAGES}


def _reason(use: LeverUse, chosen: Coverage, key: int) -> tuple[str, dict[str, object]]:
    """Find the first thing that keeps a use of a lever from writing anything."""
    if use.is_idle:
        return "idle", {}
    ties = chosen.ties_of(use)
    if not ties.any():
        kinds = [scope.ties for scope in use.scopes if scope.ties != "all"]
        inside = any(not scope.border_only for scope in use.scopes)
        # Where the border has such ties, it is the places of the scope that hold none.
        alone = replace(use, scopes=(Scope(ties=kinds[0]),)) if kinds and not inside else None
        is_absent = alone is not None and not chosen.ties_of(alone).any()
        return (f"no_{kinds[0]}" if is_absent else "no_tie"), {}
    tiers = use.tiers
    if use.lever == "pool" and use.settings["shared_roster"] == 0.0:
        # What is left of the lever are operations, which pairs of counties plan.
        tiers = ("county",)
    if tiers:
        pairs = sum(chosen.dyads_of(ties, tier, use.domains).size for tier in tiers)
        if pairs == 0:
            return "no_pair", {}
        covered = sum(chosen.covered(use, tier, key).size for tier in tiers)
    else:
        pairs, covered = int(ties.sum()), chosen.shared_ties(use, key).size
    if covered == 0:
        return "small_share", {"share": f"{use.share:g}", "pairs": pairs}
    if chosen.segments_of(use, key)[0].size == 0:
        return "no_stretch", {}
    return "too_little", {"least": f"{_least(use):g}"}


def _least(use: LeverUse) -> float:
    """Give the smallest dosed setting above zero, which as a share of stretches may meet none."""
    dosed = (use.settings[name] for name, row in use.definition.settings.items() if row.dosed)
    return min((value for value in dosed if value > 0.0), default=math.nan)
