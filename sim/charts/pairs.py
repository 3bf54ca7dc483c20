"""What each pair of neighbouring towns settles, and what else is known of it: the numbers behind the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from sim.charts.averages import mean_and_interval
from sim.charts.findings import direction_of
from sim.charts.survival import known_border_cases, settled_share
from sim.errors import InputError, nearest_name
from sim.measures.survival import restricted_mean_days, survival
from sim.studies.comparison import Comparison
from sim.studies.watched import Watched
from sim.world.world import World

__all__ = [
    "CASE_MEASURES",
    "LINE_MEASURES",
    "border_town_pairs",
    "check_pair_measure",
    "pair_differences",
    "pair_shares",
]

_RESPONSE_HORIZON_DAYS: Final = 365
_DAYS_PER_YEAR: Final = 365.25


def _settled_within(days: float) -> Callable[[pd.DataFrame], float]:
    return lambda cases: float(settled_share(cases, np.array([days]))[0])


def _response_days(cases: pd.DataFrame) -> float:
    """Average the days to the first response as the measure of that name does: a year at most."""
    waited = (cases["first_response"] - cases["known"]).dt.days
    answered = waited.notna().to_numpy(dtype=bool)
    # Without an answer a case waited until it was settled, given up, or until the run ended.
    days = np.where(answered, waited, cases["days_observed"]).astype(np.int64)
    return restricted_mean_days(survival(np.maximum(days, 0), answered), _RESPONSE_HORIZON_DAYS)


CASE_MEASURES: Final[Mapping[str, Callable[[pd.DataFrame], float]]] = {
    "settled_90_days": _settled_within(90.0),
    "settled_30_days": _settled_within(30.0),
    "settled_180_days": _settled_within(180.0),
    "first_response_days": _response_days,
    "hand_offs": lambda cases: float(cases["hand_offs"].mean()),
    # Cases; divided by years where it is used.
    "disputes_known": lambda cases: float(len(cases)),
}
"""Measures that the cases of a pair of towns give, by name as in `MEASURES`."""

LINE_MEASURES: Final = ("coverage_7_days", "coverage_30_days")
"""Measures that runs give which were watched day by day."""


def check_pair_measure(found: Comparison | Watched, measure: str) -> str:
    """Accept a measure that is known for pairs of towns.

    Parameters
    ----------
    found : Comparison or Watched
        Where the numbers come from.
    measure : str
        Key of the measure.

    Returns
    -------
    str
        The measure.

    Raises
    ------
    InputError
        For a measure that these results do not have for pairs of towns.
    """
    allowed = LINE_MEASURES if isinstance(found, Watched) else tuple(CASE_MEASURES)
    if measure not in allowed:
        raise InputError("measure", measure, allowed, nearest=nearest_name(measure, allowed))
    return measure


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


def pair_shares(
    found: Comparison | Watched, world: World, arm: str, measure: str = "settled_90_days"
) -> pd.Series:
    """Estimate a measure for each pair of towns, over all replications together.

    Villages are scattered anew in each replication and so are the ties between them; pairs of towns stay.

    Parameters
    ----------
    found : Comparison or Watched
        The comparison, or watched runs for coverage.
    world : World
        Any layout of the same region.
    arm : str
        Key of the arm.
    measure : str
        One of `CASE_MEASURES` for a comparison, of `LINE_MEASURES` for watched runs.

    Returns
    -------
    Series
        Values in the unit of the measure, indexed by the two towns; pairs without a known case are missing.

    Raises
    ------
    InputError
        For a measure that is not known for pairs.
    """
    check_pair_measure(found, measure)
    if isinstance(found, Watched):
        return _coverage(found, world, arm, measure).mean(axis=0)
    cases = _with_towns(found, world, arm)
    scale = _per_year(found, measure, found.replications)
    measured = CASE_MEASURES[measure]
    return pd.Series(
        {pair: scale * measured(group) for pair, group in cases.groupby(["town_a", "town_b"])}, dtype=float
    )


def pair_differences(
    found: Comparison | Watched, world: World, arm: str, baseline: str, measure: str = "settled_90_days"
) -> pd.DataFrame:
    """Estimate what an arm changes for each pair of towns, paired by replication.

    Parameters
    ----------
    found : Comparison or Watched
        The comparison, or watched runs for coverage.
    world : World
        Any layout of the same region.
    arm, baseline : str
        Keys of the arms.
    measure : str
        As for `pair_shares`.

    Returns
    -------
    DataFrame
        Columns difference (in the unit of the measure) and is_clear (whether the 95 % interval over
        replications excludes zero), indexed by the two towns.

    Raises
    ------
    InputError
        For a measure that is not known for pairs.
    """
    check_pair_measure(found, measure)
    if isinstance(found, Watched):
        tables = [_coverage(found, world, key, measure) for key in (arm, baseline)]
    else:
        scale = _per_year(found, measure, 1)
        tables = [scale * _by_replication(_with_towns(found, world, key), measure) for key in (arm, baseline)]
        if measure == "disputes_known":
            # No dispute in a run is none, and not an unknown number.
            left, right = tables[0].align(tables[1])
            tables = [left.fillna(0.0), right.fillna(0.0)]
    paired = tables[0].sub(tables[1]).dropna(axis="columns", how="all")
    mean, low, high = mean_and_interval(paired.to_numpy(dtype=float))
    clear = [direction_of(*ends) in ("higher", "lower") for ends in zip(low, high, strict=True)]
    return pd.DataFrame({"difference": mean, "is_clear": clear}, index=paired.columns)


def _per_year(comparison: Comparison, measure: str, replications: int) -> float:
    if measure != "disputes_known":
        return 1.0
    return 1.0 / (replications * comparison.days / _DAYS_PER_YEAR)


def _coverage(watched: Watched, world: World, arm: str, measure: str) -> pd.DataFrame:
    """Average coverage over months and both banks: a row a replication, a column a pair of towns."""
    rows = watched.line[watched.line["arm"] == arm]
    town_of = {code: town for town, code in enumerate(world.town_code)}
    ends = np.column_stack(
        [rows[name].map(town_of).to_numpy(dtype=np.int64) for name in ("town_a", "town_b")]
    )
    rows = rows.assign(town_a=ends.min(axis=1), town_b=ends.max(axis=1))
    keys = ["replication", "town_a", "town_b"]
    sums = rows.assign(part=rows[measure] * rows["length_km"]).groupby(keys)[["part", "length_km"]].sum()
    return (sums["part"] / sums["length_km"]).unstack([1, 2])


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


def _by_replication(cases: pd.DataFrame, measure: str) -> pd.DataFrame:
    measured = CASE_MEASURES[measure]
    values = {
        key: measured(group)
        for key, group in cases.groupby(["replication", "town_a", "town_b"], observed=True)
    }
    if not values:
        return pd.DataFrame(columns=pd.MultiIndex.from_arrays([[], []]), dtype=float)
    return pd.Series(values, dtype=float).unstack([1, 2])
