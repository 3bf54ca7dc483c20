"""Objects of other tools, made from the parameter table in one call each."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from sim.parameters import PARAMETERS
from sim.streams import replication_seed
from sim.studies.design import Dimension
from sim.studies.extras import extra_module
from sim.studies.study_dimensions import read_uncertain
from sim.studies.study_model import DOSED
from sim.studies.study_plan import plan_study

__all__ = ["ema_model", "salib_problem"]


def salib_problem(names: Sequence[str] | Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Describe parameters as SALib wants it.

    Parameters
    ----------
    names : sequence of str or mapping, optional
        As ``uncertain`` in a study file: names, or names with ``low`` and ``high``; all parameters that have
        a range by default.

    Returns
    -------
    dict
        num_vars, names, bounds (the range of the parameter table), groups.

    Raises
    ------
    InputError
        For an unknown name or a range that is none.

    Examples
    --------
    >>> salib_problem(["belief_weight", "trust_gain"])["bounds"][0]
    [0.1, 0.42]
    """
    dimensions = _dimensions(names)
    return {
        "num_vars": len(dimensions),
        "names": [item.name for item in dimensions],
        "bounds": [[item.low, item.high] for item in dimensions],
        "groups": None,
    }


def ema_model(
    settings: Mapping[str, Any],
    outcomes: Sequence[str],
    names: Sequence[str] | Mapping[str, Any] | None = None,
    *,
    arm: str | None = None,
) -> Any:
    """Make a model of the EMA Workbench: uncertainties, levers and outcomes of one border.

    Parameters
    ----------
    settings : mapping
        Settings of a study with one border: its arms, factors, years, burn-in, replications and seed. Factors
        become levers; dosed runs take part if there are any.
    outcomes : sequence of str
        Names of measures across the border; each becomes an outcome, a list with a value for each
        replication.
    names : sequence of str or mapping, optional
        Uncertain parameters, as in `salib_problem`.
    arm : str, optional
        Package that is run where there are no factors; the last of the arms by default.

    Returns
    -------
    ema_workbench.Model
        For ``perform_experiments``; its function returns paired differences to the first arm.

    Raises
    ------
    InputError
        For anything that a study would refuse, or without the EMA Workbench.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ema = extra_module("ema_workbench", "ema_model")
    dimensions = _dimensions(names)
    uncertain = {item.name: {"low": item.low, "high": item.high} for item in dimensions}
    plan = plan_study({**settings, "uncertain": uncertain, "design": "list"})
    factors = [item for item in plan.dimensions if item.kind == "factor"]
    (region,) = plan.model.regions  # type: ignore[attr-defined]
    chosen = DOSED if factors else arm or plan.arms[-1]
    base = plan.arms[0]

    def run(**values: float) -> dict[str, list[float]]:
        doses = {item.name: float(values[item.name]) for item in factors}
        parameters = {item.name: float(values[item.name]) for item in dimensions}
        differences: dict[str, list[float]] = {name: [] for name in outcomes}
        for number in range(plan.replications):
            past = plan.model.begin(region, parameters, replication_seed(plan.seed, number))
            without = plan.model.live(past, base, {})
            found = plan.model.live(past, chosen, doses if chosen == DOSED else {})
            for name in outcomes:
                column = f"border.{name}.all"
                differences[name].append(found[column] - without[column])
        return differences

    model = ema.Model("border", function=run)
    model.uncertainties = [ema.RealParameter(item.name, item.low, item.high) for item in dimensions]
    model.levers = [_lever(ema, item) for item in factors]
    model.outcomes = [ema.ArrayOutcome(name) for name in outcomes]
    return model


def _lever(ema: Any, item: Dimension) -> Any:
    if item.levels:
        return ema.CategoricalParameter(item.name, list(item.levels))
    return ema.RealParameter(item.name, item.low, item.high)


def _dimensions(names: Sequence[str] | Mapping[str, Any] | None) -> tuple[Dimension, ...]:
    if names is None:
        names = [name for name, row in PARAMETERS.items() if row.high > row.low]
    return read_uncertain(names)
