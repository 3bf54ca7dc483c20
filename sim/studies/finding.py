"""What the paired intervals of a comparison say of the things that a scenario looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sim.studies.comparison import Comparison
from sim.studies.effects import paired_effects
from sim.studies.scenario import Finding

__all__ = ["Difference", "differences"]

_MONTHS_A_YEAR: Final = 12
_COLUMNS: Final = ["arm", "replication", "scope", "measure", "tier", "unit", "value"]


@dataclass(frozen=True)
class Difference:
    """What a measure is in one arm compared with another.

    Attributes
    ----------
    arm, against : str
        The two arms.
    effect, low, high : float
        Mean paired difference with its 95 % interval, in the unit of the measure; NaN where there is none.
    """

    arm: str
    against: str
    effect: float
    low: float
    high: float


def differences(comparison: Comparison, finding: Finding) -> list[Difference]:
    """Compare the arms as a finding asks.

    Parameters
    ----------
    comparison : Comparison
        The result.
    finding : Finding
        Measure, tier and scope; with which arm, the baseline where that arm did not run; and from which
        year on.

    Returns
    -------
    list of Difference
        One for every arm after the one compared with, in the order of the arms.
    """
    arms = comparison.arms
    against = finding.against if finding.against in arms[:-1] else arms[0]
    later = arms[arms.index(against) + 1 :]
    if finding.from_year is None and against == arms[0]:
        effects = comparison.effects
    else:
        effects = _effects_of(comparison, finding, (against, *later))
    rows = effects[
        (effects["measure"] == finding.measure)
        & (effects["scope"] == finding.scope)
        & (effects["tier"] == finding.tier)
    ]
    numbers = rows[["effect", "low", "high"]].to_numpy(dtype=float).tolist()
    found = dict(zip(rows["arm"].astype(str), numbers, strict=True))
    return [Difference(arm, against, *found.get(arm, (math.nan, math.nan, math.nan))) for arm in later]


def _effects_of(comparison: Comparison, finding: Finding, arms: tuple[str, ...]) -> pd.DataFrame:
    """Pair other arms than a comparison does, or its later months only."""
    table = comparison.measures if finding.from_year is None else comparison.series
    chosen = table[
        (table["measure"] == finding.measure)
        & (table["scope"] == finding.scope)
        & (table["tier"] == finding.tier)
        & table["arm"].isin(arms)
    ]
    if finding.from_year is not None:
        chosen = chosen[chosen["month_index"] >= round(_MONTHS_A_YEAR * finding.from_year)]
        # Months without a value, such as one without any call, say nothing.
        labels = [name for name in _COLUMNS if name != "value"]
        chosen = chosen.groupby(labels, observed=True)["value"].mean().reset_index()
    return paired_effects(chosen[_COLUMNS], region=comparison.region, arms=arms)
