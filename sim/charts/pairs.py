"""What each pair of neighbouring towns settles: the numbers behind the map."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from sim.charts.averages import mean_and_interval
from sim.charts.findings import direction_of
from sim.charts.survival import known_border_cases, settled_share
from sim.studies.comparison import Comparison
from sim.world.world import World

__all__ = ["border_town_pairs", "pair_differences", "pair_shares"]

_DAYS: Final = np.array([90.0])


def border_town_pairs(world: World) -> pd.DataFrame:
    """List the ties across the border with the pair of towns that each joins.

    Parameters
    ----------
    world : World
        The laid-out border.

    Returns
    -------
    DataFrame
        Columns tie, town_a, town_b (indices), a row for each border tie.
    """
    ties = np.flatnonzero(world.tie_is_border)
    return pd.DataFrame(
        {
            "tie": ties,
            "town_a": world.village_town[world.tie_a[ties]],
            "town_b": world.village_town[world.tie_b[ties]],
        }
    )


def pair_shares(comparison: Comparison, world: World, arm: str) -> pd.Series:
    """Estimate the share settled within 90 days for each pair of towns, over all replications together.

    Villages are scattered anew in each replication and so are the ties between them; pairs of towns stay.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    world : World
        Any layout of the same region.
    arm : str
        Key of the arm.

    Returns
    -------
    Series
        Shares in [0, 1], indexed by the two towns; pairs without a known case are missing.
    """
    cases = _with_towns(comparison, world, arm)
    return pd.Series(
        {pair: float(settled_share(group, _DAYS)[0]) for pair, group in cases.groupby(["town_a", "town_b"])},
        dtype=float,
    )


def pair_differences(comparison: Comparison, world: World, arm: str, baseline: str) -> pd.DataFrame:
    """Estimate what an arm changes for each pair of towns, paired by replication.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    world : World
        Any layout of the same region.
    arm, baseline : str
        Keys of the arms.

    Returns
    -------
    DataFrame
        Columns difference (of shares, −1 to 1) and is_clear (whether the 95 % interval over replications
        excludes zero), indexed by the two towns.
    """
    tables = [_shares_by_replication(_with_towns(comparison, world, key)) for key in (arm, baseline)]
    paired = tables[0].sub(tables[1]).dropna(axis="columns", how="all")
    mean, low, high = mean_and_interval(paired.to_numpy(dtype=float))
    clear = [direction_of(*ends) in ("higher", "lower") for ends in zip(low, high, strict=True)]
    return pd.DataFrame({"difference": mean, "is_clear": clear}, index=paired.columns)


def _with_towns(comparison: Comparison, world: World, arm: str) -> pd.DataFrame:
    cases = known_border_cases(comparison)
    cases = cases[cases["arm"] == arm]
    town_of = dict(zip(world.village_code, world.village_town.tolist(), strict=True))
    first = cases["village_a"].astype(str).map(town_of)
    second = cases["village_b"].astype(str).map(town_of)
    towns = pd.DataFrame({"first": first, "second": second}).dropna().astype(int)
    return cases.loc[towns.index].assign(
        town_a=towns[["first", "second"]].min(axis=1), town_b=towns[["first", "second"]].max(axis=1)
    )


def _shares_by_replication(cases: pd.DataFrame) -> pd.DataFrame:
    shares = {
        key: float(settled_share(group, _DAYS)[0])
        for key, group in cases.groupby(["replication", "town_a", "town_b"], observed=True)
    }
    if not shares:
        return pd.DataFrame(columns=pd.MultiIndex.from_arrays([[], []]), dtype=float)
    return pd.Series(shares, dtype=float).unstack([1, 2])
