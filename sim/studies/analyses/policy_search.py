"""Search doses of mechanisms for several goals at once, under a budget of staff-hours.

Optuna proposes doses and is told what they did; the runs are those of an ordinary study – paired with the
baseline under the same shocks, kept in a folder, continued after a stop – to which every batch of proposals
adds its samples. What is returned are the candidates that fit the budget and that no other candidate beats
in every goal.

References
----------
Deb, K. et al. (2002). A fast and elitist multiobjective genetic algorithm: NSGA-II. IEEE Trans. Evol.
Comput. 6, 182–197.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.studies.analyses.outcomes import Outcome, baseline_of, outcome_of
from sim.studies.checks import number_between, whole_number
from sim.studies.effects import paired_statistics
from sim.studies.extras import extra_module
from sim.studies.store.reader import Study
from sim.studies.study import run_study
from sim.studies.study_model import DOSED, StudyModel

__all__ = ["PolicySearch", "search_policies"]

_HOURS_A_DAY: Final = 8.0
_COST: Final = Outcome("staff_days")


@dataclass(frozen=True, eq=False)
class PolicySearch:
    """What a search found.

    Attributes
    ----------
    goals : tuple of Outcome
        What was sought, in the better direction of each.
    budget_hours : float
        Additional staff-hours a year that a candidate may bind.
    table : pandas.DataFrame
        A row for each candidate: trial, dose_<factor>, hours with hours_low and hours_high, then for each
        goal its column with _low and _high (95 %, paired), within (mean within the budget), within_clearly
        (the whole interval is), best (not beaten in every goal by a candidate within the budget).
    trials, replications : int
        Candidates, and runs of each.
    study : Study
        The runs.
    """

    goals: tuple[Outcome, ...]
    budget_hours: float
    table: pd.DataFrame
    trials: int
    replications: int
    study: Study


def search_policies(
    settings: Mapping[str, Any],
    goals: Sequence[str | Outcome],
    budget_hours: float,
    out: str | Path,
    *,
    trials: int = 64,
    batch: int = 16,
    seed: int = 0,
    workers: int | None = None,
    progress: bool = True,
    model: StudyModel | None = None,
) -> PolicySearch:
    """Search doses for several goals under a budget.

    The same call continues a search that was stopped: proposals depend on the seed, the size of the batch
    and the results, and results are kept.

    Parameters
    ----------
    settings : mapping
        Settings of a study with ``arms`` (the baseline) and ``factors``; its design is the search's own.
    goals : sequence of str or Outcome
        Measures with a better direction; one or more.
    budget_hours : float
        Additional staff-hours a year, above 0.
    out : str or Path
        Folder of the study.
    trials : int
        How many candidates.
    batch : int
        How many are proposed before results are told.
    seed : int
        Seed of the proposals.
    workers, progress, model
        As for `sim.run_study`.

    Returns
    -------
    PolicySearch
        All candidates with their intervals, the best marked.

    Raises
    ------
    InputError
        For a measure that has no better direction, a study without factors, or without Optuna.
    """
    chosen = tuple(outcome_of(goal) for goal in goals)
    for goal in chosen:
        if goal.better == 0:
            allowed = {"zh": "有好坏方向的指标", "en": "a measure of which more, or less, is better"}
            raise InputError("goals", goal.key, allowed)
    if not chosen or not settings.get("factors"):
        raise InputError("goals" if not chosen else "factors", None, {"zh": "至少一个", "en": "one at least"})
    budget = number_between("budget_hours", budget_hours, 0.0, 1e9, above=True)
    count = whole_number("trials", trials, 2, 100_000)
    size = whole_number("batch", batch, 1, 10_000)
    optuna = extra_module("optuna", "policy search")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.NSGAIISampler(
            population_size=size, seed=seed, constraints_func=lambda trial: trial.user_attrs["over"]
        )
        search = optuna.create_study(
            directions=["maximize" if goal.better > 0 else "minimize" for goal in chosen], sampler=sampler
        )
    samples: list[dict[str, float]] = []
    study: Study | None = None
    for start in range(0, count, size):
        asked = [search.ask() for _ in range(min(size, count - start))]
        for trial in asked:
            samples.append(_proposed(trial, settings["factors"]))
        study = run_study(
            {**settings, "design": {"kind": "list", "samples": samples}},
            out,
            workers=workers,
            progress=progress,
            label=f"{len(samples)}/{count}",
            model=model,
        )
        found = _results(study, chosen, len(samples))
        for number, trial in enumerate(asked, start=start):
            row = found.iloc[number]
            values = [float(row[goal.key]) for goal in chosen]
            if any(math.isnan(value) for value in (*values, row["hours"])):
                search.tell(trial, state=optuna.trial.TrialState.FAIL)
                continue
            # At most zero means that the constraint is met.
            trial.set_user_attr("over", (float(row["hours"]) - budget,))
            search.tell(trial, values)
    assert study is not None
    table = _results(study, chosen, count)
    doses = pd.DataFrame(samples).add_prefix("dose_")
    table = pd.concat([doses, table], axis=1)
    table.insert(0, "trial", np.arange(count))
    table["within"] = table["hours"] <= budget
    table["within_clearly"] = table["hours_high"] <= budget
    gains = np.column_stack([goal.better * table[goal.key].to_numpy() for goal in chosen])
    # The same doses are sometimes proposed again; once is enough.
    again = table.duplicated([name for name in table.columns if name.startswith("dose_")])
    table["best"] = table["within"] & ~again & _unbeaten(gains, table["within"].to_numpy())
    return PolicySearch(chosen, budget, table, count, int(table["replications"].min()), study)


def _proposed(trial: Any, factors: Mapping[str, Any]) -> dict[str, float]:
    from sim.studies.study_dimensions import read_factors

    row = {}
    for item in read_factors(factors):
        if item.levels:
            row[item.name] = float(trial.suggest_categorical(item.name, list(item.levels)))
        else:
            row[item.name] = float(trial.suggest_float(item.name, item.low, item.high))
    return row


def _results(study: Study, goals: tuple[Outcome, ...], count: int) -> pd.DataFrame:
    """Give cost and goals of the first samples, paired with the baseline."""
    design = study.design.sort_values("sample", kind="stable")
    own = design[design["arm"] == DOSED]["point"].to_numpy()[:count]
    base = design[design["arm"] == baseline_of(study)]["point"].to_numpy()[:count]
    columns: dict[str, NDArray[np.float64]] = {}
    for outcome in (_COST, *goals):
        values = study.values(outcome.measure, outcome.scope, outcome.tier)
        found = paired_statistics(
            values.reindex(own).to_numpy(np.float64), values.reindex(base).to_numpy(np.float64)
        )
        is_cost = outcome is _COST
        name, scale = ("hours", _HOURS_A_DAY) if is_cost else (outcome.key, 1.0)
        columns[name] = scale * found["effect"]
        columns[f"{name}_low"], columns[f"{name}_high"] = scale * found["low"], scale * found["high"]
        columns.setdefault("replications", found["replications"])
    return pd.DataFrame(columns)


def _unbeaten(gains: NDArray[np.float64], allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which rows no allowed row equals or beats in every goal and beats in one."""
    rivals = gains[allowed]
    unbeaten = np.ones(len(gains), bool)
    for number, row in enumerate(gains):
        not_worse = (rivals >= row).all(axis=1)
        unbeaten[number] = not (not_worse & (rivals > row).any(axis=1)).any()
    return unbeaten
