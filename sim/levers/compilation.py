"""From mechanisms to institutions: each lever writes its own few cells, and nothing else knows it."""

from __future__ import annotations

from sim.levers.adoption import adopt
from sim.levers.builder import TableBuilder
from sim.levers.coverage import coverage_of
from sim.levers.epochs import Part, compile_epochs
from sim.levers.institutions import Epoch, Institutions
from sim.levers.mechanisms import Package
from sim.parameters import Parameters
from sim.world.world import World

__all__ = ["compile_institutions", "no_institutions"]


def no_institutions(world: World, parameters: Parameters) -> Institutions:
    """Return the institutions of a border without mechanisms.

    Parameters
    ----------
    world : World
        The border.
    parameters : Parameters
        What a common superior is worth.

    Returns
    -------
    Institutions
        One epoch from day 0 on.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 1)
    >>> (tables,) = [epoch.tables for epoch in no_institutions(world, Parameters()).epochs]
    >>> len(tables.ties) == len(world.tie_a), len(tables.forums)
    (True, 0)
    """
    return Institutions((Epoch(0, TableBuilder(world, parameters).finish()),))


def compile_institutions(package: Package, world: World, parameters: Parameters, days: int) -> Institutions:
    """Compile a package into tables.

    Every lever writes its own cells. Where several mechanisms write one cell, the stronger holds
    (monitoring, obligations, powers, rights, the memory of a rota, deadlines, joint visits), hours and
    payoffs add up, and shares work on what the others left over. Which pairs a share covers is drawn from
    the pair and the mechanism only, so that a larger share covers the same pairs and more, and no mechanism
    moves another.

    Parameters
    ----------
    package : Package
        Mechanisms with doses, scopes and dates; where it has a review, mechanisms stand where the units
        that review run them, and the institutions carry the review.
    world : World
        The border; every place that a scope names must be in it.
    parameters : Parameters
        What an obligation, a place in an office or a deadline is worth.
    days : int
        Length of the measured period; levers that start later are ignored.

    Returns
    -------
    Institutions
        One epoch from day 0, and one from every day on which a lever starts or ends (years of
        `DAYS_PER_YEAR`, rounded to days). A package whose levers are all at zero compiles to the tables of
        no package.

    Raises
    ------
    InputError
        For a place that does not exist in the world, with the nearest name.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> from sim.levers.mechanisms import load_package
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 1)
    >>> len(compile_institutions(load_package("none"), world, Parameters(), 365).epochs)
    1
    """
    chosen = coverage_of(world)
    for mechanism in package.mechanisms:
        for use in mechanism.levers:
            # A place that does not exist is a mistake even where the lever is idle or comes too late.
            chosen.ties_of(use)
    if package.review is not None:
        reviewed = adopt(package, package.review, world, parameters, days)
        if reviewed is not None:
            return reviewed
    parts = [Part.whole(mechanism) for mechanism in package.mechanisms]
    return Institutions(compile_epochs(parts, world, parameters, days))
