"""Tell the life of a case of a stored comparison: live its runs again, and prove that they are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from sim.engine.dates import START
from sim.errors import InputError, nearest_name
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import Package
from sim.measures.biography import follow
from sim.measures.case_table import case_table
from sim.measures.picking import Picked, pick_case
from sim.streams import replication_seed
from sim.studies.comparison import Comparison
from sim.studies.plan import plan_comparison
from sim.studies.replication import live_burn_in
from sim.world.region import Region
from sim.world.world import World

__all__ = ["Retold", "pick_from", "retell"]

_WORDS: Final = ("case", "domain", "difficulty", "settled_tier", "how")
_OF_A_LIFE: Final = (
    *_WORDS, "occurred", "known", "first_response", "settled", "sessions", "hand_offs", "relapses",
    "incident", "given_up",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Retold:
    """The lives of some cases in some arms.

    Attributes
    ----------
    biography : pandas.DataFrame
        As `sim.measures.biography.biographies` gives it.
    world : World
        The border as this replication laid it out.
    replication : int
        Which replication.
    first_day, last_day : pandas.Timestamp
        The measured span; the last day is not in it.
    """

    biography: pd.DataFrame
    world: World
    replication: int
    first_day: pd.Timestamp
    last_day: pd.Timestamp


def pick_from(
    comparison: Comparison, criterion: str = "only_with", *, replication: int = 0, arm: str | None = None
) -> Picked:
    """Pick a case of a comparison by a stated rule.

    Parameters
    ----------
    comparison : Comparison
        The comparison, fresh or read back.
    criterion : str
        One of `sim.measures.picking.CRITERIA`.
    replication : int
        Which replication.
    arm : str, optional
        The arm to set beside the baseline; the last one by default.

    Returns
    -------
    Picked
        As `sim.measures.picking.pick_case` gives it.

    Raises
    ------
    InputError
        For an unknown criterion, arm or replication, or a criterion that no case fulfils.
    """
    _check_replication(comparison, replication)
    cases = comparison.cases[comparison.cases["replication"] == replication]
    pair = (comparison.baseline, _check_arm(comparison, arm or comparison.arms[-1]))
    without, with_arm = (cases[cases["arm"] == name] for name in pair)
    return pick_case(without, with_arm, criterion)


def retell(
    comparison: Comparison,
    cases: Sequence[str],
    *,
    replication: int = 0,
    arms: Sequence[str] | None = None,
    region: str | Path | Region | None = None,
    packages: Sequence[str | Path | Package] | None = None,
) -> Retold:
    """Live the runs of one replication again, and tell the lives of some of its cases.

    Parameters
    ----------
    comparison : Comparison
        The comparison, fresh or read back.
    cases : sequence of str
        Names from its table of cases.
    replication : int
        Which replication.
    arms : sequence of str, optional
        Arms in their order; the baseline and the last arm by default.
    region : str, Path or Region, optional
        The border, where it is not one of the project.
    packages : sequence of str, Path or Package, optional
        The packages of all arms, where they are not those of the project.

    Returns
    -------
    Retold
        The biography, and the border it happened on.

    Raises
    ------
    InputError
        For an unknown arm, replication or case, and where any case across the border is not as the results
        have it: they were made by other code, tables or packages.
    """
    _check_replication(comparison, replication)
    chosen = [_check_arm(comparison, arm) for arm in arms or (comparison.baseline, comparison.arms[-1])]
    made = comparison.manifest["configuration"]
    plan = plan_comparison(
        region if region is not None else comparison.region,
        packages if packages is not None else comparison.arms,
        years=made["years"],
        burn_in=made["burn_in"],
        replications=made["replications"],
        seed=made["seed"],
        workers=1,
        parameters=made["parameters"],
    )
    seed = replication_seed(plan.seed, replication)
    past = live_burn_in(plan.region, plan.parameters, seed, plan.burn_in_days)
    told = []
    for arm in chosen:
        package = plan.packages[plan.arms.index(arm)]
        run = past.fork(compile_institutions(package, past.world, plan.parameters, plan.days))
        table = follow(run, cases, plan.burn_in_days + plan.days)
        lived = case_table(run, plan.burn_in_days, run.day, with_interior=False)
        of_run = (comparison.cases["arm"] == arm) & (comparison.cases["replication"] == replication)
        if not _is_same(lived, comparison.cases[of_run]):
            allowed = {
                "zh": "由当前代码、数据表和机制包得出的结果（请重新运行比较）",
                "en": "results of this code, these tables and packages (run the comparison again)",
            }
            raise InputError("results", f"{arm}, {replication}", allowed)
        table.insert(0, "arm", arm)
        told.append(table)
    biography = pd.concat(told, ignore_index=True)
    biography["arm"] = pd.Categorical(biography["arm"], categories=chosen)
    first = pd.Timestamp(START) + pd.Timedelta(days=plan.burn_in_days)
    return Retold(biography, past.world, replication, first, first + pd.Timedelta(days=plan.days))


def _is_same(lived: pd.DataFrame, stored: pd.DataFrame) -> bool:
    """Tell whether two tables hold the same border cases with the same lives, however they are stored."""
    left, right = (
        table.loc[table["scope"] == "border", list(_OF_A_LIFE)]
        .astype(dict.fromkeys(_WORDS, "str"))
        .sort_values("case", ignore_index=True)
        for table in (lived, stored)
    )
    if len(left) != len(right):
        return False
    return all(
        bool(((left[name] == right[name]) | (left[name].isna() & right[name].isna())).all())
        for name in _OF_A_LIFE
    )


def _check_arm(comparison: Comparison, arm: str) -> str:
    if arm not in comparison.arms:
        raise InputError("arm", arm, comparison.arms, nearest=nearest_name(arm, comparison.arms))
    return arm


def _check_replication(comparison: Comparison, replication: int) -> None:
    last = comparison.replications - 1
    if not 0 <= replication <= last:
        raise InputError("replication", replication, {"zh": f"0 到 {last}", "en": f"0 to {last}"})
