"""What each package changes, what it costs, and which packages are worth their cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.measures.definitions import MEASURES
from sim.studies.analyses.outcomes import Outcome, baseline_of, generator_of, outcome_of, region_of
from sim.studies.effects import fieller_interval, paired_statistics
from sim.studies.store.reader import Study

__all__ = ["Frontier", "cost_frontier", "package_effects"]

_DRAWS: Final = 2_000


@dataclass(frozen=True, eq=False)
class Frontier:
    """Cost against effect, and what one would choose for each budget.

    Attributes
    ----------
    effect, cost : Outcome
        What is gained and what is paid.
    region : str
        Where.
    table : pandas.DataFrame
        One row for each point, the cheapest first: point, arm, doses, effect and cost with low and high
        (95 %), frontier (whether it is efficient), frontier_share (in how many of the resampled sets of
        replications it is), and for efficient points extra_cost, its price for one more unit of effect than
        the efficient point before it, with extra_cost_low and extra_cost_high.
    replications : int
        Complete replications.
    """

    effect: Outcome
    cost: Outcome
    region: str
    table: pd.DataFrame
    replications: int


def package_effects(
    study: Study,
    outcomes: Sequence[str | Outcome] | None = None,
    *,
    region: str | None = None,
    parameter_set: int = 0,
) -> pd.DataFrame:
    """Compare every point with its baseline, replication by replication.

    Parameters
    ----------
    study : Study
        A study with arms.
    outcomes : sequence of str or Outcome, optional
        Which measures; the headline measures of the study by default.
    region : str, optional
        Name of the border where the study has several.
    parameter_set : int
        Which parameter set.

    Returns
    -------
    pandas.DataFrame
        point, arm, doses, outcome, unit, baseline_value, arm_value, effect, low, high, replications,
        variance_reduction; one row for each point and outcome. The interval is the 95 % interval of
        Student's t on the paired differences.

    Raises
    ------
    InputError
        If there is nothing to compare.
    """
    if outcomes is None:
        kept = [outcome_of(name) for name in study.measure_columns]
        chosen = [
            item
            for item in kept
            if item.measure in MEASURES and MEASURES[item.measure].headline and item.tier == "all"
        ]
    else:
        chosen = [outcome_of(name) for name in outcomes]
    points = _points(study, region, parameter_set)
    tables = []
    for outcome in chosen:
        values = study.values(outcome.measure, outcome.scope, outcome.tier)
        table = points[["point", "arm", "doses"]].reset_index(drop=True)
        table["outcome"], table["unit"] = outcome.key, outcome.unit
        found = paired_statistics(
            values.reindex(points["point"]).to_numpy(np.float64),
            values.reindex(points["baseline_point"]).to_numpy(np.float64),
        )
        tables.append(pd.concat([table, pd.DataFrame(found)], axis=1))
    return pd.concat(tables, ignore_index=True)


def cost_frontier(
    study: Study,
    effect: str | Outcome = "settled_90_days",
    cost: str | Outcome = "staff_days",
    *,
    region: str | None = None,
    parameter_set: int = 0,
) -> Frontier:
    """Find which points are worth their cost.

    A point is efficient if no mixture of others has more effect at the same cost (strong and extended
    dominance); the baseline, with neither effect nor cost, always is. How sure that is, is the share of
    resampled sets of replications in which it holds: all points of a replication are drawn together,
    because they share its shocks.

    Parameters
    ----------
    study : Study
        A study with arms.
    effect, cost : str or Outcome
        What is gained – in the better direction of the measure – and what is paid.
    region : str, optional
        Name of the border where the study has several.
    parameter_set : int
        Which parameter set.

    Returns
    -------
    Frontier
        Both differences with intervals, and the efficient points.

    Raises
    ------
    InputError
        If there is nothing to compare, or no replication is complete.
    """
    gained, paid = outcome_of(effect), outcome_of(cost)
    points = _points(study, region, parameter_set)
    sign = float(gained.better or 1)
    effects, costs = (_differences(study, points, item) for item in (gained, paid))
    complete = ~np.isnan(effects + costs).any(axis=0)
    effects, costs = effects[:, complete], costs[:, complete]
    count = effects.shape[1]
    if not count:
        allowed = {"zh": "每个点都有取值的指标", "en": "measures that every point has"}
        raise InputError("effect", gained.key, allowed)
    table = points[["point", "arm", "doses"]].reset_index(drop=True)
    nothing = np.zeros_like(effects)
    for name, values in (("effect", effects), ("cost", costs)):
        statistics = paired_statistics(values, nothing)
        table[name] = statistics["effect"]
        table[f"{name}_low"], table[f"{name}_high"] = statistics["low"], statistics["high"]
    efficient = _efficient(sign * effects.mean(axis=1), costs.mean(axis=1))
    table["frontier"] = efficient
    drawn = generator_of(0).integers(0, count, (_DRAWS, count))
    weights = np.stack([np.bincount(row, minlength=count) for row in drawn]) / count
    often = np.zeros(len(table))
    for weight in weights:
        often += _efficient(sign * (effects @ weight), costs @ weight)
    table["frontier_share"] = often / _DRAWS if count > 1 else math.nan
    for name in ("extra_cost", "extra_cost_low", "extra_cost_high"):
        table[name] = math.nan
    order = [row for row in np.argsort(costs.mean(axis=1), kind="stable") if efficient[row]]
    before = nothing[0], nothing[0]
    for row in order:
        more_cost, more_effect = costs[row] - before[0], sign * (effects[row] - before[1])
        table.loc[row, ["extra_cost", "extra_cost_low", "extra_cost_high"]] = fieller_interval(
            more_cost, more_effect
        )
        before = costs[row], effects[row]
    table = table.sort_values("cost", kind="stable").reset_index(drop=True)
    return Frontier(gained, paid, region_of(study, region), table, count)


def _points(study: Study, region: str | None, parameter_set: int) -> pd.DataFrame:
    baseline_of(study)
    every = study.points[study.points["region"] == region_of(study, region)]
    points = every[(every["parameter_set"] == parameter_set) & every["baseline_point"].notna()]
    if points.empty:
        known = sorted(int(number) for number in every["parameter_set"].unique())
        raise InputError("parameter_set", parameter_set, [str(number) for number in known[:20]])
    points = points[points["point"] != points["baseline_point"]].copy()
    if points.empty:
        allowed = {"zh": "除基准外至少一个方案的研究", "en": "a study with one point besides the baseline"}
        raise InputError("study", str(study.manifest["study"]), allowed)
    doses = [name for name in points.columns if name.startswith("dose_")]
    # In words short enough for a label: what is on, with its dose unless it is full.
    points["doses"] = [
        " + ".join(
            name.removeprefix("dose_") + ("" if row[name] == 1.0 else f" {row[name]:g}")
            for name in doses
            if row[name] > 0.0
        )
        for row in points.to_dict("records")
    ]
    return points


def _differences(study: Study, points: pd.DataFrame, outcome: Outcome) -> NDArray[np.float64]:
    values = study.values(outcome.measure, outcome.scope, outcome.tier)
    own, base = (values.reindex(points[name]).to_numpy(np.float64) for name in ("point", "baseline_point"))
    return np.asarray(own - base, np.float64)


def _efficient(gain: NDArray[np.float64], cost: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points lie on the upper concave hull of gain over cost that starts at the origin."""
    efficient = np.zeros(len(gain), bool)
    # Something better than the baseline that costs nothing replaces the origin as the first step.
    cost = np.maximum(cost, 0.0)
    at_gain, at_cost = 0.0, 0.0
    while True:
        better = np.flatnonzero(gain > at_gain + 1e-12)
        if not better.size:
            return efficient
        with np.errstate(divide="ignore"):
            slopes = (gain[better] - at_gain) / np.maximum(cost[better] - at_cost, 0.0)
        steepest = better[slopes >= slopes.max() * (1 - 1e-12)]
        best = int(steepest[np.argmax(gain[steepest])])
        efficient[best] = True
        at_gain, at_cost = float(gain[best]), float(cost[best])
