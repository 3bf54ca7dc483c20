"""The border beside the inside: the same measures in the same runs, across the line and within each side."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.charts.averages import mean_and_interval
from sim.charts.bars import name_rows
from sim.charts.findings import Verdict, direction_of
from sim.charts.forest import panel_title
from sim.charts.study_words import capital, say_value
from sim.charts.style import MUTED, frame, new_figure, styled
from sim.charts.words import arm_names, notes_of, scope_name
from sim.language import text
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.comparison import Comparison
from sim.studies.effects import paired_statistics

__all__ = ["draw_scopes", "level_of", "scope_difference"]

_SHARES: Final = (
    "settled_30_days",
    "settled_90_days",
    "settled_180_days",
    "vacuum_share",
    "coverage_7_days",
    "willingness",
)
_BORDER: Final = "#D55E00"
_INTERIOR: Final = "#0072B2"


def level_of(comparison: Comparison, arm: str, outcome: str | Outcome) -> tuple[float, float, float]:
    """Give the level of a measure in one arm.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    arm : str
        Key of the arm.
    outcome : str or Outcome
        Which measure.

    Returns
    -------
    mean, low, high : float
        Mean over replications with its 95 % interval; NaN where it was not measured.
    """
    values = _values(comparison, arm, outcome_of(outcome))
    if not values.size:
        return float("nan"), float("nan"), float("nan")
    mean, low, high = mean_and_interval(values)
    return float(mean), float(low), float(high)


def scope_difference(comparison: Comparison, arm: str, measure: str) -> Verdict:
    """Compare a measure across the border with the same measure inside each side, run by run.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    arm : str
        Key of the arm.
    measure : str
        Key of a measure that both scopes have.

    Returns
    -------
    Verdict
        Border minus interior, with its 95 % interval over runs.
    """
    across, inside = (_values(comparison, arm, Outcome(measure, scope)) for scope in ("border", "interior"))
    found = paired_statistics(across[None, :], inside[None, :])
    effect, low, high = (float(found[name][0]) for name in ("effect", "low", "high"))
    return Verdict(arm, effect, low, high, direction_of(low, high))


@styled
def draw_scopes(comparison: Comparison, language: str) -> Figure:
    """Draw levels without mechanisms, across the border beside those inside each side.

    Parameters
    ----------
    comparison : Comparison
        The comparison; its baseline is shown.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A row for each measure that is a share; means over runs with 95 % intervals.
    """
    arm, names = comparison.baseline, arm_names(comparison, language)
    figure = new_figure(8.0, 0.7 + 0.38 * len(_SHARES))
    axes = figure.subplots()
    looks = {"border": (_BORDER, "o", _BORDER), "interior": (_INTERIOR, "s", "white")}
    for row, measure in enumerate(_SHARES):
        means = []
        for scope, (colour, marker, fill) in looks.items():
            mean, low, high = (100 * end for end in level_of(comparison, arm, Outcome(measure, scope)))
            means.append(mean)
            ends = [[mean - low], [high - mean]]
            axes.errorbar(
                mean, row, xerr=ends, color=colour, marker=marker, markerfacecolor=fill, capsize=2.5, zorder=3
            )
        axes.plot(means, [row, row], color=MUTED, linewidth=3, alpha=0.25, zorder=1)
    name_rows(axes, [panel_title(outcome_of(item), language) for item in _SHARES])
    axes.set_ylim(len(_SHARES) - 0.5, -0.5)
    # Room for half a mark at either end.
    axes.set_xlim(-1.5, 101.5)
    axes.set_xlabel("%")
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            color=colour,
            marker=marker,
            markerfacecolor=fill,
            label=scope_name(scope, language),
        )
        for scope, (colour, marker, fill) in looks.items()
    ]
    findings = [_finding(comparison, arm, measure, language) for measure in _SHARES[1:5:2]]
    frame(
        figure,
        findings,
        text("charts.subtitle.scopes", language, arm=names[arm]),
        notes_of(comparison, language, "bars", "scopes"),
        handles,
    )
    return figure


def _finding(comparison: Comparison, arm: str, measure: str, language: str) -> str:
    outcome = Outcome(measure)
    found = scope_difference(comparison, arm, measure)
    change = say_value(found.effect, found.low, found.high, outcome, language)
    return text(
        f"charts.scopes.{found.direction}",
        language,
        measure=capital(panel_title(outcome, language)),
        change=change,
    )


def _values(comparison: Comparison, arm: str, outcome: Outcome) -> np.ndarray:
    table = comparison.measures
    rows = table[
        (table["arm"] == arm)
        & (table["measure"] == outcome.measure)
        & (table["scope"] == outcome.scope)
        & (table["tier"] == outcome.tier)
    ]
    values: pd.Series[float] = rows.set_index("replication")["value"].reindex(range(comparison.replications))
    return values.dropna().to_numpy(np.float64) if values.isna().all() else values.to_numpy(np.float64)
