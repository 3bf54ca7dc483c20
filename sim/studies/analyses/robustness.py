"""Whether a package stays good when the assumptions change.

Every package is compared on every parameter set that satisfies the calibration patterns, or on those that
they do not rule out – on the same sets, under the same shocks –: its rank, what one loses by having chosen it
(regret), and the share of sets in which it clearly helps, does nothing clear, or clearly harms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim.errors import InputError
from sim.studies.analyses.history_matching import HistoryMatch, remaining_sets
from sim.studies.analyses.outcomes import (
    Outcome,
    baseline_of,
    complete_replications,
    crossed_interval,
    generator_of,
    outcome_of,
    region_of,
    share_interval,
)
from sim.studies.analyses.patterns import Pattern, judge_patterns
from sim.studies.effects import CONFIDENCE, paired_statistics
from sim.studies.store.reader import Study

__all__ = ["Robustness", "judge_robustness"]

_DRAWS: Final = 1_000
# A few sets that happen to agree would leave an interval of no width.
_LEAST_RESAMPLED: Final = 6


@dataclass(frozen=True, eq=False)
class Robustness:
    """How packages do over all assumptions that fit.

    Attributes
    ----------
    outcome : Outcome
        Of what.
    region : str
        Where.
    table : pandas.DataFrame
        A row for each package, the best mean rank first: arm, rank with rank_low and rank_high, first
        (share of sets in which it is the best), regret with regret_low and regret_high (mean distance to
        the best package of the set), regret_most, and helps, nothing, harms with _low and _high (shares of
        sets). Intervals are 95 %: over parameter sets, by resampling them (from six sets on), and Wilson's
        for shares.
    ahead, ahead_low, ahead_high : float
        By how much the package of the best mean rank is ahead of the one that it is least clearly ahead of,
        in units of the measure and positive where it is better: the paired difference over sets and
        replications, both of which are drawn. NaN with one package, set or replication.
    nearest : str
        That other package; empty where there is none.
    sets : pandas.DataFrame
        A row for each set and package: parameter_set, arm, effect, low, high, rank, regret, verdict.
    fitting, all_sets : int
        Sets that satisfy the patterns, and all of them.
    judged : tuple of str
        Patterns that the sets were judged by; empty where none was asked for.
    criterion : {"fits", "remains", "all"}
        Whether sets count that satisfy the patterns by their own means, those that history matching does not
        rule out, or all.
    replications : int
        Fewest complete replications behind an effect.
    """

    outcome: Outcome
    region: str
    table: pd.DataFrame
    ahead: float
    ahead_low: float
    ahead_high: float
    nearest: str
    sets: pd.DataFrame
    fitting: int
    all_sets: int
    judged: tuple[str, ...]
    criterion: str
    replications: int


def judge_robustness(
    study: Study,
    outcome: str | Outcome,
    *,
    patterns: Sequence[Pattern] = (),
    match: HistoryMatch | None = None,
    region: str | None = None,
) -> Robustness:
    """Rank packages over every parameter set that satisfies the patterns.

    The interval of a set's effect takes the variance between replications from all sets of the package
    together: a set has few replications of its own, and all sets share their shocks.

    Parameters
    ----------
    study : Study
        A study of several packages over many parameter sets, with a baseline.
    outcome : str or Outcome
        Which measure; the baseline itself takes part with effect 0.
    patterns : sequence of Pattern
        What a set must satisfy under the baseline; all sets count where there are none.
    match : HistoryMatch, optional
        Instead of ``patterns``: sets count that it does not rule out, which asks less of a single set and
        does not mistake the chance of its few runs for a misfit.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    Robustness
        Ranks, regret and shares with their intervals.

    Raises
    ------
    InputError
        If there is nothing to compare, or no set satisfies the patterns.
    """
    outcome, region = outcome_of(outcome), region_of(study, region)
    base = baseline_of(study)
    arms = [str(arm) for arm in study.manifest["arms"]]
    # By the design and not by points: packages of equal content are one point with one of their names.
    design = study.design[(study.design["region"] == region) & study.design["arm"].isin(arms)]
    design = design.merge(study.points[["point", "parameter_set"]], on="point")
    place = design.drop_duplicates(["parameter_set", "arm"]).set_index(["parameter_set", "arm"])["point"]
    every = sorted(int(number) for number in design["parameter_set"].unique())
    chosen = every
    if match is not None:
        chosen = remaining_sets(match, study)
    elif patterns:
        fits = judge_patterns(study, patterns, region=region).groupby("parameter_set")["fits"].all()
        chosen = [number for number in every if fits.get(number, False)]
    if len(arms) < 2 or not chosen:
        allowed = {
            "zh": "至少两个方案，且至少一组参数符合全部校准模式",
            "en": "two packages or more, and a parameter set that satisfies every pattern",
        }
        raise InputError("sets", f"{len(chosen)} / {len(every)}", allowed)
    values = study.values(outcome.measure, outcome.scope, outcome.tier)
    baseline = values.reindex(_numbers(place, chosen, base)).to_numpy(np.float64)
    effects, tables, fewest = [], [], 10**9
    runs: dict[str, NDArray[np.float64]] = {}
    for arm in arms:
        own = runs[arm] = values.reindex(_numbers(place, chosen, arm)).to_numpy(np.float64)
        found = paired_statistics(own, baseline)
        found["low"], found["high"] = _pooled_interval(own - baseline)
        if arm == base:
            found["low"], found["high"] = np.zeros(len(chosen)), np.zeros(len(chosen))
        else:
            fewest = min(fewest, int(found["replications"].min()))
        effects.append(found["effect"])
        tables.append(
            pd.DataFrame(
                {
                    "parameter_set": chosen,
                    "arm": arm,
                    **{name: found[name] for name in ("effect", "low", "high")},
                }
            )
        )
    better = float(outcome.better or 1)
    gain = better * np.array(effects)
    known = np.asarray(~np.isnan(gain).any(axis=0), np.bool_)
    ranks = 1.0 + np.array([(gain > row).sum(axis=0) + ((gain == row).sum(axis=0) - 1) / 2 for row in gain])
    regret = gain.max(axis=0) - gain
    rows = []
    for number, arm in enumerate(arms):
        table = tables[number]
        table["rank"], table["regret"] = ranks[number], regret[number]
        low, high = better * table["low"], better * table["high"]
        helps, harms = np.minimum(low, high) > 0, np.maximum(low, high) < 0
        table["verdict"] = np.where(helps, "helps", np.where(harms, "harms", "nothing"))
        tables[number] = table = table.loc[known].reset_index(drop=True)
        row: dict[str, Any] = {"arm": arm}
        row |= dict(zip(("rank", "rank_low", "rank_high"), _resampled(ranks[number][known]), strict=True))
        row["first"] = float((ranks[number][known] == ranks[:, known].min(axis=0)).mean())
        regrets = _resampled(regret[number][known])
        row |= dict(zip(("regret", "regret_low", "regret_high"), regrets, strict=True))
        row["regret_most"] = float(regret[number][known].max())
        for verdict in ("helps", "nothing", "harms"):
            shares = share_interval(float((table["verdict"] == verdict).sum()), len(table))
            row |= dict(zip((verdict, f"{verdict}_low", f"{verdict}_high"), shares, strict=True))
        rows.append(row)
    ranked = pd.DataFrame(rows).sort_values("rank", kind="stable").reset_index(drop=True)
    known_runs = {arm: better * own[known] for arm, own in runs.items()}
    nearest, ahead, ahead_low, ahead_high = _ahead(known_runs, str(ranked["arm"].iloc[0]))
    return Robustness(
        outcome,
        region,
        ranked,
        ahead,
        ahead_low,
        ahead_high,
        nearest,
        pd.concat(tables, ignore_index=True),
        int(known.sum()),
        len(every),
        tuple(pattern.key for pattern in (match.patterns if match is not None else patterns)),
        "remains" if match is not None else "fits" if patterns else "all",
        fewest,
    )


def _ahead(runs: dict[str, NDArray[np.float64]], best: str) -> tuple[str, float, float, float]:
    """Compare one package with each other, run by run, and give the one it is least clearly ahead of."""
    others = [arm for arm in runs if arm != best]
    complete = complete_replications(list(runs.values()))
    if complete.sum() < 2:
        return "", math.nan, math.nan, math.nan
    found = [(*crossed_interval((runs[best] - runs[arm])[:, complete]), arm) for arm in others]
    known = [one for one in found if not math.isnan(one[1])]
    if not known:
        return "", math.nan, math.nan, math.nan
    mean, low, high, arm = min(known, key=lambda one: one[1])
    return arm, mean, low, high


def _numbers(place: pd.Series[int], sets: list[int], arm: str) -> list[int]:
    return [int(place.get((number, arm), -1)) for number in sets]


def _pooled_interval(differences: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the 95 % interval of each row's mean, with the variance of all rows together."""
    known = ~np.isnan(differences)
    count = known.sum(axis=1)
    filled = np.where(known, differences, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.sum(axis=1) / count
        left = np.where(known, differences - mean[:, None], 0.0)
        freedom = int(np.maximum(count - 1, 0).sum())
        variance = float((left**2).sum()) / freedom if freedom else math.nan
        half = stats.t.ppf((1 + CONFIDENCE) / 2, max(freedom, 1)) * np.sqrt(variance / count)
    return mean - half, mean + half


def _resampled(values: NDArray[np.float64]) -> tuple[float, float, float]:
    mean = float(values.mean())
    if values.size < _LEAST_RESAMPLED:
        return mean, math.nan, math.nan
    drawn = generator_of(0).integers(0, values.size, (_DRAWS, values.size))
    low, high = np.quantile(values[drawn].mean(axis=1), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return mean, float(low), float(high)
