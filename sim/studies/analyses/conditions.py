"""Under which assumptions an effect is positive, or negative: boxes by PRIM, branches by CART.

PRIM peels the space of assumptions until what is left has mostly the wanted sign; CART splits it into
branches of one sign. Both search, so what they say of the sets they were found with flatters them: every
box and tree is therefore also tried on sets that were held out.

References
----------
Friedman, J. H. & Fisher, N. I. (1999). Bump hunting in high-dimensional data. Stat. Comput. 9, 123–143.
Breiman, L. et al. (1984). Classification and Regression Trees.
Kwakkel, J. H. (2017). The Exploratory Modeling Workbench. Environ. Model. Softw. 96, 239–250.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.studies.analyses.outcomes import (
    Outcome,
    baseline_of,
    coordinates,
    outcome_of,
    region_of,
    sample_values,
    share_interval,
)
from sim.studies.effects import paired_statistics
from sim.studies.extras import extra_module
from sim.studies.store.reader import Study

__all__ = ["Branch", "Conditions", "Limit", "find_conditions"]

_LEAST_SETS: Final = 20
_FOLDS: Final = 4
# A limit that chance draws as often as this is none.
_CHANCE: Final = 0.05
_DEPTH: Final = 3


@dataclass(frozen=True)
class Limit:
    """One condition: a dimension above a value, below one, or between two.

    Attributes
    ----------
    dimension : str
        Name of the parameter or factor.
    low, high : float
        Ends; -inf or inf where that side is open.
    """

    dimension: str
    low: float
    high: float


@dataclass(frozen=True)
class Branch:
    """Sets that share conditions.

    Attributes
    ----------
    limits : tuple of Limit
        Their conditions; none for all sets.
    sets : int
        How many sets of the study meet them.
    share, share_low, share_high : float
        Share of them with the wanted sign, and its 95 % interval.
    coverage : float
        Share of all sets with the wanted sign that are among them.
    """

    limits: tuple[Limit, ...]
    sets: int
    share: float
    share_low: float
    share_high: float
    coverage: float


@dataclass(frozen=True, eq=False)
class Conditions:
    """Where an effect has a sign.

    Attributes
    ----------
    outcome : Outcome
        Of what.
    arm, region : str
        Of which package, where.
    sign : {"positive", "negative"}
        Which sign is looked for.
    overall : Branch
        All sets.
    box : Branch or None
        The box that PRIM found; None where it found no condition that chance would not.
    held_out : tuple of float
        Share with the wanted sign in boxes found without the sets they are judged by, and its interval; NaN
        where none could be judged.
    branches : tuple of Branch
        Leaves of the tree that CART found, those with most of the wanted sign first.
    tree_right, tree_right_by_chance : float
        Share of held-out sets whose sign the tree foretells; the share that the commoner sign alone would.
    unclear : int
        Sets whose own interval does not exclude zero, and which are counted by the sign of their mean.
    sets : pandas.DataFrame
        A row for each set: dimensions, effect, low, high, wanted.
    replications : int
        Fewest complete replications behind an effect.
    """

    outcome: Outcome
    arm: str
    region: str
    sign: str
    overall: Branch
    box: Branch | None
    held_out: tuple[float, float, float]
    branches: tuple[Branch, ...]
    tree_right: float
    tree_right_by_chance: float
    unclear: int
    sets: pd.DataFrame
    replications: int


def find_conditions(
    study: Study,
    outcome: str | Outcome,
    *,
    arm: str,
    sign: str = "positive",
    region: str | None = None,
    least_share: float = 0.8,
    least_mass: float = 0.1,
) -> Conditions:
    """Find the assumptions under which the effect of a package has a sign.

    Parameters
    ----------
    study : Study
        A study of many parameter sets or doses, at best a Latin hypercube, with a baseline.
    outcome : str or Outcome
        Which measure.
    arm : str
        Which package, or ``dosed``.
    sign : {"positive", "negative"}
        Sign of the paired difference.
    region : str, optional
        Name of the border where the study has several.
    least_share : float
        Share with the wanted sign that a box should reach.
    least_mass : float
        Share of all sets that a box or a branch must hold.

    Returns
    -------
    Conditions
        A box, branches, and how both do on sets that were held out.

    Raises
    ------
    InputError
        For fewer than 20 sets, an unknown sign, or without the libraries.
    """
    outcome, region = outcome_of(outcome), region_of(study, region)
    if sign not in ("positive", "negative"):
        raise InputError("sign", sign, ("positive", "negative"))
    baseline_of(study)
    values = sample_values(study, outcome, arm=arm, region=region)
    statistics = paired_statistics(values, np.zeros_like(values))
    known = ~np.isnan(statistics["effect"])
    if known.sum() < _LEAST_SETS:
        allowed = {
            "zh": f"至少 {_LEAST_SETS} 组参数的研究",
            "en": f"a study of {_LEAST_SETS} parameter sets or more",
        }
        raise InputError("sets", int(known.sum()), allowed)
    sets = _natural(study, arm, region)[known].reset_index(drop=True)
    effect = statistics["effect"][known]
    wanted = effect > 0 if sign == "positive" else effect < 0
    low, high = statistics["low"][known], statistics["high"][known]
    overall = _branch(sets, wanted, ())
    box, held_out = None, (math.nan,) * 3
    branches: tuple[Branch, ...] = (overall,)
    right = chance = max(float(wanted.mean()), 1.0 - float(wanted.mean()))
    if 0 < wanted.sum() < wanted.size:
        limits = _box(sets, wanted, least_share, least_mass)
        box = _branch(sets, wanted, limits) if limits else None
        held_out = _boxes_on_others(sets, wanted, least_share, least_mass)
        tree, right = _tree(sets, wanted, least_mass)
        found = [_branch(sets, wanted, limits) for limits in tree]
        branches = tuple(sorted(found, key=lambda item: -item.share))
    return Conditions(
        outcome,
        arm,
        region,
        sign,
        overall,
        box,
        held_out,
        branches,
        right,
        chance,
        int(np.sum(~((low > 0) | (high < 0)))),
        sets.assign(effect=effect, low=low, high=high, wanted=wanted),
        int(statistics["replications"][known].min()),
    )


def _natural(study: Study, arm: str, region: str) -> pd.DataFrame:
    """Give the samples in the units of their dimensions."""
    units = coordinates(study, arm=arm, region=region)
    table = {}
    for column, row in enumerate(study.dimensions.to_dict("records")):
        unit, levels = units[:, column], list(row["levels"])
        if levels:
            place = np.minimum((unit * len(levels)).astype(int), len(levels) - 1)
            table[row["dimension"]] = np.asarray(levels, np.float64)[place]
        else:
            table[row["dimension"]] = row["low"] + unit * (row["high"] - row["low"])
    return pd.DataFrame(table)


def _inside(sets: pd.DataFrame, limits: tuple[Limit, ...]) -> NDArray[np.bool_]:
    inside = np.ones(len(sets), bool)
    for limit in limits:
        column = sets[limit.dimension].to_numpy()
        inside &= (column >= limit.low) & (column <= limit.high)
    return inside


def _branch(sets: pd.DataFrame, wanted: NDArray[np.bool_], limits: tuple[Limit, ...]) -> Branch:
    inside = _inside(sets, limits)
    count, hits = int(inside.sum()), int(wanted[inside].sum())
    coverage = hits / wanted.sum() if wanted.any() else math.nan
    return Branch(limits, count, *share_interval(hits, count), float(coverage))


def _box(
    sets: pd.DataFrame, wanted: NDArray[np.bool_], least_share: float, least_mass: float
) -> tuple[Limit, ...]:
    """Peel; choose the box that is best in coverage and density together; drop limits of chance."""
    prim = _quietly("ema_workbench.analysis.prim")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = prim.Prim(sets, wanted, threshold=least_share, mass_min=least_mass)
        box = search.find_box()
        path = box.peeling_trajectory
        density, coverage = (path[name].to_numpy(np.float64) for name in ("density", "coverage"))
        with np.errstate(divide="ignore", invalid="ignore"):
            both = np.nan_to_num(2 * density * coverage / (density + coverage))
        # The best compromise of all boxes, or of those that reach the share where any does.
        step = int(np.argmax(both + 2.0 * (density >= least_share)))
        ends, chances = box.box_lims[step], box.qp[step]
    limits = []
    for name, quasi in chances.items():
        low, high = float(ends[name].iloc[0]), float(ends[name].iloc[1])
        column = sets[name]
        has_low = low > column.min() and 0.0 <= quasi[0] < _CHANCE
        has_high = high < column.max() and 0.0 <= quasi[1] < _CHANCE
        if has_low or has_high:
            limits.append(Limit(str(name), low if has_low else -math.inf, high if has_high else math.inf))
    return tuple(limits)


def _boxes_on_others(
    sets: pd.DataFrame, wanted: NDArray[np.bool_], least_share: float, least_mass: float
) -> tuple[float, float, float]:
    hits = count = 0
    for fold in range(_FOLDS):
        out = np.arange(len(sets)) % _FOLDS == fold
        if not 0 < wanted[~out].sum() < (~out).sum():
            continue
        limits = _box(sets[~out].reset_index(drop=True), wanted[~out], least_share, least_mass)
        if limits:
            inside = _inside(sets[out], limits)
            hits, count = hits + int(wanted[out][inside].sum()), count + int(inside.sum())
    return share_interval(hits, count)


def _tree(
    sets: pd.DataFrame, wanted: NDArray[np.bool_], least_mass: float
) -> tuple[list[tuple[Limit, ...]], float]:
    cart = _quietly("ema_workbench.analysis.cart")
    metrics = extra_module("sklearn.model_selection", "conditions")
    scheme = cart.sdutil.RuleInductionType.BINARY
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        grown = cart.CART(sets, wanted.astype(int), least_mass, mode=scheme)
        grown.build_tree()
        # Ties between dimensions are broken the same way each time.
        tree = grown.clf.set_params(random_state=0, max_depth=_DEPTH).fit(sets.to_numpy(), wanted)
        folds = metrics.StratifiedKFold(_FOLDS)
        fewest = min(int(wanted.sum()), int((~wanted).sum()))
        right = math.nan
        if fewest >= _FOLDS:
            right = float(metrics.cross_val_score(tree, sets.to_numpy(), wanted, cv=folds).mean())
    leaves: list[tuple[Limit, ...]] = []
    _walk(tree.tree_, 0, {}, list(sets.columns), leaves)
    return leaves, right


def _walk(
    tree: Any,
    node: int,
    ends: dict[str, tuple[float, float]],
    names: list[str],
    leaves: list[tuple[Limit, ...]],
) -> int:
    """Collect the leaves below a node, joining those of one majority; return it, or -1 for two."""
    majority = int(np.argmax(tree.value[node][0]))
    if tree.children_left[node] < 0:
        leaves.append(tuple(Limit(name, *pair) for name, pair in ends.items()))
        return majority
    name, cut = names[tree.feature[node]], float(tree.threshold[node])
    low, high = ends.get(name, (-math.inf, math.inf))
    first = len(leaves)
    kinds = {
        _walk(tree, tree.children_left[node], {**ends, name: (low, cut)}, names, leaves),
        _walk(tree, tree.children_right[node], {**ends, name: (cut, high)}, names, leaves),
    }
    if len(kinds) == 1 and -1 not in kinds:
        leaves[first:] = [tuple(Limit(key, *pair) for key, pair in ends.items())]
        return kinds.pop()
    return -1


def _quietly(module: str) -> Any:
    with warnings.catch_warnings():
        # It tells of executors that are not installed and that nobody asks for.
        warnings.simplefilter("ignore")
        return extra_module(module, "conditions")
