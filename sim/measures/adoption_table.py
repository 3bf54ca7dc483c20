"""Which unit ran which mechanism when, and why it dropped it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from sim.engine.dates import START
from sim.engine.reviewing import Adoption
from sim.engine.simulation import Simulation

__all__ = ["adoption_table"]


def adoption_table(simulation: Simulation) -> pd.DataFrame:
    """List the spells of a run during which a unit ran a mechanism.

    Parameters
    ----------
    simulation : Simulation
        The run.

    Returns
    -------
    pandas.DataFrame
        One row per spell, in the order in which they began: ``unit`` (codes of its counties), ``mechanism``,
        ``from_date``, ``until_date`` (first day without it; blank while it lasts), ``taken_from`` (the unit
        it was taken over from; blank where the unit began with it) and ``judged_gain`` (what the unit took
        it to have brought when it dropped it, as a difference of scores; blank while it lasts). No row
        where the institutions leave nothing to review.

    Examples
    --------
    >>> from sim.parameters import Parameters
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"]), 0)
    >>> len(adoption_table(Simulation(world, Parameters(), seed=0)))
    0
    """
    adoption = simulation.adoption
    if adoption is None:
        return _without_review().copy()
    return _table(adoption)


@cache
def _without_review() -> pd.DataFrame:
    return _table(None)


def _table(adoption: Adoption | None) -> pd.DataFrame:
    spells = () if adoption is None else adoption.spells
    units, options = ((), ()) if adoption is None else (adoption.review.units, adoption.review.options)
    start = np.datetime64(START)
    never = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "unit": pd.Series([units[spell.unit] for spell in spells], dtype="str"),
            "mechanism": pd.Series([options[spell.option] for spell in spells], dtype="str"),
            "from_date": pd.Series([start + spell.from_day for spell in spells], dtype="datetime64[s]"),
            "until_date": pd.Series(
                [start + spell.until_day if spell.until_day >= 0 else never for spell in spells],
                dtype="datetime64[s]",
            ),
            "taken_from": pd.Series(
                [units[spell.taken_from] if spell.taken_from >= 0 else "" for spell in spells], dtype="str"
            ),
            "judged_gain": pd.Series([spell.gain for spell in spells], dtype="float64"),
        }
    )
