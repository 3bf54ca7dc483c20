"""Paired differences between arms, with their intervals, and what pairing brought."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from sim.measures.definitions import MEASURES

__all__ = [
    "CONFIDENCE",
    "EFFECT_COLUMNS",
    "fieller_interval",
    "imprecise_measures",
    "paired_effects",
    "paired_statistics",
]

EFFECT_COLUMNS: Final = (
    "region",
    "arm",
    "baseline",
    "scope",
    "measure",
    "tier",
    "unit",
    "baseline_value",
    "arm_value",
    "effect",
    "low",
    "high",
    "replications",
    "variance_reduction",
)

CONFIDENCE: Final = 0.95
"""Level of every interval."""

_KEYS: Final = ["scope", "measure", "tier", "unit"]
_RATIO: Final = "days_per_extra_settled"


def paired_effects(measures: pd.DataFrame, *, region: str, arms: tuple[str, ...]) -> pd.DataFrame:
    """Compare every arm with the first one, replication by replication.

    The effect is the mean of the paired differences and the interval the 95 % interval of Student's t on
    them. Where a measure has no value in some replications – a mean over cases that did not occur – only
    the complete pairs count, in both values, the effect and ``replications``; where no pair is complete, each
    arm shows its own mean and the effect is NaN. The interval needs two
    pairs. ``variance_reduction`` is (var(arm) + var(baseline)) / var(difference): how many times as many
    unpaired replications the same interval would have taken. Where an arm does not vary there is nothing
    to pair, and it is NaN.

    Parameters
    ----------
    measures : pandas.DataFrame
        Columns arm, replication, scope, measure, tier, unit, value.
    region : str
        Name for the first column.
    arms : tuple of str
        The arms, the baseline first.

    Returns
    -------
    pandas.DataFrame
        The columns of `EFFECT_COLUMNS`, one row for each arm, scope, measure and tier; NaN where undefined.
    """
    labels = [*_KEYS, "arm", "replication"]
    order = pd.MultiIndex.from_frame(measures[_KEYS].astype(object).drop_duplicates())
    # Unlike a pivot table, this refuses two values for the same thing.
    wide = (
        measures.astype(dict.fromkeys(labels[:-1], "object"))
        .set_index(labels)["value"]
        .unstack(["arm", "replication"])
    )
    wide = wide.reindex(order)
    replications = sorted(measures["replication"].unique())
    baseline = arms[0]
    tables = []
    for arm in arms[1:]:
        with_arm = _values(wide, arm, replications)
        without = _values(wide, baseline, replications)
        table = wide.index.to_frame(index=False)
        table["region"], table["arm"], table["baseline"] = region, arm, baseline
        for column, values in paired_statistics(with_arm, without).items():
            table[column] = values
        ratio = _ratio_row(measures, arm, baseline, replications)
        ratio |= {"region": region, "arm": arm, "baseline": baseline}
        table = table[table["measure"] != _RATIO]
        tables.append(pd.concat([table, pd.DataFrame([ratio])], ignore_index=True))
    effects = pd.concat(tables, ignore_index=True)[list(EFFECT_COLUMNS)]
    effects["replications"] = effects["replications"].astype("int64")
    return _in_reporting_order(effects, arms)


def imprecise_measures(effects: pd.DataFrame, precision: float) -> list[dict[str, object]]:
    """List the headline border effects whose interval is still too wide.

    Parameters
    ----------
    effects : pandas.DataFrame
        As `paired_effects` returns them.
    precision : float
        Accepted half-width relative to the absolute mean of the baseline.

    Returns
    -------
    list of dict
        arm, measure and reached half-width of each; a measure whose baseline mean is zero or undefined
        has no relative width and is left out.
    """
    chosen = effects[
        (effects["scope"] == "border")
        & (effects["tier"] == "all")
        & effects["measure"].map(lambda name: name in MEASURES and MEASURES[name].headline).astype(bool)
    ]
    found: list[dict[str, object]] = []
    for row in chosen.to_dict("records"):
        scale = abs(row["baseline_value"])
        if not scale > 0.0:
            continue
        width = (row["high"] - row["low"]) / 2.0 / scale
        # An undefined interval is one that more replications may define.
        if not width <= precision:
            reached = None if math.isnan(width) else width
            found.append({"arm": row["arm"], "measure": row["measure"], "relative_half_width": reached})
    return found


def fieller_interval(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Give the ratio of two paired means with its 95 % interval by Fieller's theorem.

    The interval is exact for normal means and is bounded only where the denominator is clearly not
    zero, which is when a ratio has a meaning at all.

    Parameters
    ----------
    numerator, denominator : ndarray of float64
        Pairs, one for each replication.

    Returns
    -------
    ratio, low, high : float
        All NaN with fewer than two pairs, or where the mean of the denominator is not clearly above zero.

    Examples
    --------
    >>> import numpy as np
    >>> ratio, low, high = fieller_interval(np.array([9.0, 11.0, 10.0]), np.array([2.0, 2.0, 2.0]))
    >>> round(ratio, 3), low < 5.0 < high
    (5.0, True)
    >>> fieller_interval(np.array([9.0, 11.0]), np.array([-1.0, 1.0]))
    (nan, nan, nan)

    References
    ----------
    Fieller, E. C. (1954). Some problems in interval estimation. J. R. Stat. Soc. B 16(2), 175–185.
    """
    nothing = (math.nan, math.nan, math.nan)
    complete = ~(np.isnan(numerator) | np.isnan(denominator))
    top, bottom = numerator[complete], denominator[complete]
    count = len(top)
    if count < 2:
        return nothing
    mean_top, mean_bottom = float(top.mean()), float(bottom.mean())
    covariance = np.cov(top, bottom) / count
    quantile = float(special.stdtrit(count - 1, (1.0 + CONFIDENCE) / 2.0)) ** 2
    # The limits solve (top - R bottom)² = t² (var(top) - 2 R cov + R² var(bottom)).
    square = mean_bottom**2 - quantile * float(covariance[1, 1])
    if mean_bottom <= 0.0 or square <= 0.0:
        return nothing
    linear = mean_top * mean_bottom - quantile * float(covariance[0, 1])
    constant = mean_top**2 - quantile * float(covariance[0, 0])
    root = math.sqrt(max(0.0, linear**2 - square * constant))
    return mean_top / mean_bottom, (linear - root) / square, (linear + root) / square


def _values(wide: pd.DataFrame, arm: str, replications: list[int]) -> NDArray[np.float64]:
    columns = pd.MultiIndex.from_product([[arm], replications])
    return wide.reindex(columns=columns).to_numpy(np.float64)


def paired_statistics(
    with_arm: NDArray[np.float64], without: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Compare pairs of runs, each row by itself.

    Parameters
    ----------
    with_arm, without : ndarray of float64
        Values under the arm and the baseline, [measures, replications]; NaN where undefined.

    Returns
    -------
    dict of str to ndarray
        baseline_value, arm_value, effect, low, high, replications, variance_reduction of each row, as
        `paired_effects` explains them.

    Examples
    --------
    >>> found = paired_statistics(np.array([[3.0, 5.0, 4.0]]), np.array([[1.0, 2.0, 3.0]]))
    >>> found["effect"].tolist(), found["replications"].tolist(), bool(found["low"][0] < 0.0)
    ([2.0], [3], True)
    """
    incomplete = np.isnan(with_arm) | np.isnan(without)
    arm, base = np.where(incomplete, np.nan, with_arm), np.where(incomplete, np.nan, without)
    difference = arm - base
    count = (~incomplete).sum(axis=1)
    mean_arm, mean_base = _mean(arm, count), _mean(base, count)
    # Where no pair is complete - nothing is decided without meetings - each arm still shows its own value.
    alone = count == 0
    mean_arm = np.where(alone, _mean(with_arm, (~np.isnan(with_arm)).sum(axis=1)), mean_arm)
    mean_base = np.where(alone, _mean(without, (~np.isnan(without)).sum(axis=1)), mean_base)
    effect = _mean(difference, count)
    variance = _variance(difference, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = special.stdtrit(np.maximum(count - 1, 1), (1.0 + CONFIDENCE) / 2.0)
        half = half * np.sqrt(variance / count)
        of_arm, of_base = _variance(arm, count), _variance(base, count)
        # What differs between runs by the rounding of a sum does not vary.
        arm_varies = np.sqrt(of_arm) > 1e-9 * np.abs(mean_arm)
        base_varies = np.sqrt(of_base) > 1e-9 * np.abs(mean_base)
        # A few runs may differ by the same number by chance, months of a year for one; that is no certainty.
        by_chance = (np.sqrt(variance) <= 1e-9 * np.abs(effect)) & (effect != 0.0) & arm_varies
        half = np.where(by_chance, np.nan, half)
        # Where one arm does not vary at all - nothing is bound without mechanisms - there is nothing to pair.
        varies = arm_varies & base_varies & ~by_chance
        reduction = np.where(varies, (of_arm + of_base) / variance, np.nan)
    return {
        "baseline_value": mean_base,
        "arm_value": mean_arm,
        "effect": effect,
        "low": effect - half,
        "high": effect + half,
        "replications": count,
        "variance_reduction": np.where(np.isfinite(reduction), reduction, np.nan),
    }


def _mean(values: NDArray[np.float64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(count > 0, np.nansum(values, axis=1) / count, np.nan), np.float64)


def _variance(values: NDArray[np.float64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    deviation = values - _mean(values, count)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.where(count > 1, np.nansum(deviation**2, axis=1) / (count - 1), np.nan), np.float64
        )


def _ratio_row(measures: pd.DataFrame, arm: str, baseline: str, replications: list[int]) -> dict[str, object]:
    """Divide extra staff-days a year by extra border disputes settled a year."""
    of_border = measures[(measures["scope"] == "border") & (measures["tier"] == "all")]

    def extra(measure: str) -> NDArray[np.float64]:
        chosen = of_border[of_border["measure"] == measure]
        values = (
            chosen[chosen["arm"] == name].set_index("replication")["value"].reindex(replications)
            for name in (arm, baseline)
        )
        with_arm, without = (one.to_numpy(np.float64) for one in values)
        return np.asarray(with_arm - without, np.float64)

    extra_days, extra_settled = extra("staff_days"), extra("disputes_settled")
    ratio, low, high = fieller_interval(extra_days, extra_settled)
    return {
        "scope": "border",
        "measure": _RATIO,
        "tier": "all",
        "unit": MEASURES[_RATIO].unit,
        "baseline_value": math.nan,
        "arm_value": math.nan,
        "effect": ratio,
        "low": low,
        "high": high,
        "replications": int((~np.isnan(extra_days)).sum()),
        "variance_reduction": math.nan,
    }


def _in_reporting_order(effects: pd.DataFrame, arms: tuple[str, ...]) -> pd.DataFrame:
    order = {name: place for place, name in enumerate(MEASURES)}
    places = pd.DataFrame(
        {
            "arm": effects["arm"].map({arm: place for place, arm in enumerate(arms)}),
            "scope": effects["scope"].map({"border": 0, "interior": 1}).fillna(2),
            "measure": effects["measure"].map(order).fillna(len(order)),
        }
    )
    return effects.loc[places.sort_values(["arm", "scope", "measure"], kind="stable").index].reset_index(
        drop=True
    )
