"""Which part of a package does how much of its work: Shapley values, and how the parts help each other.

The players are the factors of a study, single mechanisms or groups of them. A player's Shapley value is what
it adds on average over all orders in which the players can join; the values add up to the effect of the
whole. The interaction of two players is what both add beyond the sum of what each adds alone, averaged over
what is there already (the Shapley interaction index).

References
----------
Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II, 307–317.
Grabisch, M. & Roubens, M. (1999). An axiomatic approach to the concept of interaction among players in
cooperative games. Int. J. Game Theory 28, 547–565.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.studies.analyses.outcomes import (
    Outcome,
    complete_replications,
    crossed_interval,
    mean_interval,
    outcome_of,
    region_of,
)
from sim.studies.effects import fieller_interval
from sim.studies.false_discovery import FALSE_DISCOVERY_RATE, false_discovery_values, probability
from sim.studies.store.reader import Study
from sim.studies.study_model import DOSED

__all__ = ["Attribution", "Interactions", "attribute_effect", "find_interactions"]


@dataclass(frozen=True, eq=False)
class Attribution:
    """What each player contributes to the effect of all of them.

    Attributes
    ----------
    outcome : Outcome
        Of what.
    region : str
        Where.
    table : pandas.DataFrame
        player, value, low, high (95 %), share, share_low, share_high – of the whole effect, by Fieller's
        theorem, blank where the whole effect is not clearly different from zero, without limits where orders
        were drawn –; the largest first.
    total, total_low, total_high : float
        Effect of all players together, and its interval. The values add up to it.
    replications, orders : int
        Replications that have every run, and orders of joining; 0 where every coalition was run.
    """

    outcome: Outcome
    region: str
    table: pd.DataFrame
    total: float
    total_low: float
    total_high: float
    replications: int
    orders: int


@dataclass(frozen=True, eq=False)
class Interactions:
    """How players help or hinder each other.

    Attributes
    ----------
    outcome : Outcome
        Of what.
    region : str
        Where.
    table : pandas.DataFrame
        player_a, player_b, value, low, high (95 %), q_value (Benjamini and Hochberg over the pairs) and
        is_clear; the largest first, whatever its sign.
    players : tuple of str
        In the order of the study.
    replications : int
        Replications that have every run.
    """

    outcome: Outcome
    region: str
    table: pd.DataFrame
    players: tuple[str, ...]
    replications: int


def attribute_effect(study: Study, outcome: str | Outcome, *, region: str | None = None) -> Attribution:
    """Divide the effect of a package among its parts.

    Where every coalition was run, each replication has exact values and the interval is Student's t over
    replications. Where orders were drawn, the estimate is the mean over orders and replications, and its
    variance that of a crossed sample: both are drawn, an order with its reverse as one. Either way the
    values add up to the effect of the whole, in every replication.

    Parameters
    ----------
    study : Study
        A study of design ``shapley``, or a full factorial of factors with two levels.
    outcome : str or Outcome
        Which measure.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    Attribution
        Value, interval and share of every player.

    Raises
    ------
    InputError
        If the study has not run what it takes.
    """
    outcome, region = outcome_of(outcome), region_of(study, region)
    players = _players(study)
    values = study.values(outcome.measure, outcome.scope, outcome.tier)
    design = study.design
    chosen = design[(design["region"] == region) & (design["arm"] == DOSED)].sort_values("sample")
    if "permutation" in chosen:
        parts, total, orders = _from_orders(chosen, values, players)
    else:
        worth = _worth(chosen, values, players, study)
        exact = np.array([_shapley_value(worth, player, len(players)) for player in range(len(players))])
        parts, total, orders = exact[:, None, :], worth[-1] - worth[0], 0
    rows = []
    for player, marginals in zip(players, parts, strict=True):
        interval = crossed_interval(marginals) if orders else mean_interval(marginals[0])
        # Both signs turned leave a ratio as it is.
        sign = 1.0 if total.mean() >= 0 else -1.0
        whole = fieller_interval(sign * marginals.mean(axis=0), sign * total)
        rows.append((player, *interval, *((whole[0], math.nan, math.nan) if orders else whole)))
    columns = ["player", "value", "low", "high", "share", "share_low", "share_high"]
    table = pd.DataFrame(rows, columns=columns)
    direction = 1.0 if total.mean() >= 0 else -1.0
    table = table.iloc[np.argsort(-direction * table["value"].to_numpy(), kind="stable")]
    mean, low, high = mean_interval(total)
    return Attribution(outcome, region, table.reset_index(drop=True), mean, low, high, total.size, orders)


def find_interactions(study: Study, outcome: str | Outcome, *, region: str | None = None) -> Interactions:
    """Find how much each pair of parts does beyond the sum of both.

    Parameters
    ----------
    study : Study
        A study that ran every coalition of its factors.
    outcome : str or Outcome
        Which measure.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    Interactions
        The Shapley interaction index of every pair with its interval over replications.

    Raises
    ------
    InputError
        If a coalition was not run.
    """
    outcome, region = outcome_of(outcome), region_of(study, region)
    players = _players(study)
    design = study.design
    chosen = design[(design["region"] == region) & (design["arm"] == DOSED)]
    worth = _worth(chosen, study.values(outcome.measure, outcome.scope, outcome.tier), players, study)
    rows = []
    for a, b in combinations(range(len(players)), 2):
        rows.append((players[a], players[b], *mean_interval(_interaction(worth, a, b, len(players)))))
    table = pd.DataFrame(rows, columns=["player_a", "player_b", "value", "low", "high"])
    value, low, high = (table[name].to_numpy(np.float64) for name in ("value", "low", "high"))
    replications = np.full(len(table), float(worth.shape[1]))
    table["q_value"] = false_discovery_values(probability(value, low, high, replications))
    table["is_clear"] = table["q_value"] <= FALSE_DISCOVERY_RATE
    order = np.argsort(-table["value"].abs().to_numpy(), kind="stable")
    return Interactions(outcome, region, table.iloc[order].reset_index(drop=True), players, worth.shape[1])


def _players(study: Study) -> tuple[str, ...]:
    dimensions = study.dimensions
    switches = [len(levels) == 2 for levels in dimensions["levels"]]
    if not len(dimensions) or not all(switches) or (dimensions["kind"] != "factor").any():
        raise InputError("study", str(study.manifest["study"]), _NEEDED)
    return tuple(str(name) for name in dimensions["dimension"])


def _worth(
    design: pd.DataFrame, values: pd.DataFrame, players: tuple[str, ...], study: Study
) -> NDArray[np.float64]:
    """Lay values out by coalition, player i being bit i, and complete replication."""
    joined = np.column_stack([design[f"unit_{player}"].to_numpy() >= 0.5 for player in players])
    coalition = joined @ (1 << np.arange(len(players)))
    points = dict(zip(coalition.tolist(), design["point"].tolist(), strict=True))
    if len(points) < 2 ** len(players):
        raise InputError("study", str(study.manifest["study"]), _NEEDED)
    found = values.reindex([points[number] for number in range(2 ** len(players))]).to_numpy(np.float64)
    return _of_complete(found)


def _of_complete(found: NDArray[np.float64]) -> NDArray[np.float64]:
    found = found[:, complete_replications([found])]
    if not found.shape[1]:
        allowed = {
            "zh": "至少一次重复的全部运行都有取值的指标",
            "en": "a measure that every run of a replication has",
        }
        raise InputError("outcome", "NaN", allowed)
    return found


def _shapley_value(worth: NDArray[np.float64], player: int, players: int) -> NDArray[np.float64]:
    without = [number for number in range(1 << players) if not number >> player & 1]
    weights = np.array([1.0 / (players * math.comb(players - 1, number.bit_count())) for number in without])
    marginal = worth[[number | 1 << player for number in without]] - worth[without]
    return np.asarray(weights @ marginal)


def _interaction(worth: NDArray[np.float64], a: int, b: int, players: int) -> NDArray[np.float64]:
    both = 1 << a | 1 << b
    without = [number for number in range(1 << players) if not number & both]
    weights = np.array(
        [1.0 / ((players - 1) * math.comb(players - 2, number.bit_count())) for number in without]
    )
    first, second = ([number | 1 << one for number in without] for one in (a, b))
    together = worth[[number | both for number in without]] - worth[first] - worth[second] + worth[without]
    return np.asarray(weights @ together)


def _from_orders(
    design: pd.DataFrame, values: pd.DataFrame, players: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Give what each player added, [players, pairs of orders, replications], and the effect of all."""
    found = _of_complete(values.reindex(design["point"]).to_numpy(np.float64))
    orders = int(design["permutation"].max()) + 1
    steps = found.reshape(orders, len(players) + 1, -1)
    added = np.diff(steps, axis=1)
    joined: Any = design["player"].to_numpy().reshape(orders, len(players) + 1)[:, 1:]
    place = {player: number for number, player in enumerate(players)}
    parts = np.empty((len(players), orders, added.shape[2]))
    for order in range(orders):
        for position, player in enumerate(joined[order]):
            parts[place[str(player)], order] = added[order, position]
    # An order and its reverse are one draw; an order without its reverse would not be comparable.
    even = orders - orders % 2
    pairs = parts[:, :even].reshape(len(players), even // 2, 2, -1).mean(axis=2)
    return pairs, steps[0, -1] - steps[0, 0], even


_NEEDED = {
    "zh": "运行了两水平因素全部组合的研究（design: shapley 或 full_factorial）",
    "en": "a study that ran every coalition of factors with two levels (design: shapley or full_factorial)",
}
