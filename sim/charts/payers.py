"""Who pays: staff-days by tier, and work inside that is put off."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.charts.averages import mean_and_interval
from sim.charts.findings import finding
from sim.charts.study_words import capital, joined, say_share
from sim.charts.style import INK, TIER_LOOKS, frame, new_figure, styled
from sim.charts.wording import axis_label
from sim.charts.words import arm_names, notes_of, tier_name
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison
from sim.studies.effects import fieller_interval

__all__ = ["draw_payers", "tier_shares"]


def tier_shares(comparison: Comparison, arm: str) -> pd.DataFrame:
    """Divide the staff-days that an arm binds among the tiers of offices.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    arm : str
        Key of the arm.

    Returns
    -------
    pandas.DataFrame
        A row for each tier: tier, days with low and high (95 %), share with share_low and share_high.
    """
    whole = _days(comparison, arm, "all")
    rows = []
    for tier in TIER_LOOKS:
        days = _days(comparison, arm, tier)
        share, low, high = fieller_interval(days, whole)
        mean = [float(end) for end in mean_and_interval(days)]
        rows.append((tier, *mean, share, low, high))
    columns = ["tier", "days", "low", "high", "share", "share_low", "share_high"]
    return pd.DataFrame(rows, columns=columns)


@styled
def draw_payers(comparison: Comparison, language: str) -> Figure:
    """Draw the staff-days a year of each arm by tier, and how long work inside waits for its office.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        Stacked bars with the interval of their sum, and the days that interior work waits.
    """
    arms, names = list(comparison.arms), arm_names(comparison, language)
    figure = new_figure(8.0, 0.9 + 0.5 * len(arms))
    bars, waits = figure.subplots(1, 2, sharey=True, width_ratios=[1.7, 1.0])
    start = np.zeros(len(arms))
    for tier, (colour, hatch) in TIER_LOOKS.items():
        width = np.array([float(np.nanmean(_days(comparison, arm, tier))) for arm in arms])
        bars.barh(
            range(len(arms)), width, left=start, height=0.6, color=colour, hatch=hatch, edgecolor="white"
        )
        start = start + width
    for row, arm in enumerate(arms):
        mean, low, high = (float(end) for end in mean_and_interval(_days(comparison, arm, "all")))
        bars.errorbar(mean, row, xerr=[[mean - low], [high - mean]], color=INK, capsize=3, fmt="none")
        mean, low, high = (
            float(end) for end in mean_and_interval(_values(comparison, arm, "waiting_days", "interior"))
        )
        ends = [[mean - low], [high - mean]]
        waits.errorbar(mean, row, xerr=ends, color="#D55E00", marker="o", capsize=3)
    bars.set_yticks(range(len(arms)), [names[arm] for arm in arms])
    bars.set_ylim(len(arms) - 0.5, -0.5)
    bars.set_xlabel(axis_label("staff_days", language), fontsize=8)
    waits.set_xlabel(axis_label("waiting_days", language), fontsize=8)
    waits.set_xlim(left=0)
    for axes in (bars, waits):
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=tier_name(tier, language))
        for tier, (colour, hatch) in TIER_LOOKS.items()
    ]
    frame(
        figure,
        [
            _shares_finding(comparison, arms[-1], names[arms[-1]], language),
            finding(comparison, names, "waiting_days", language, "interior"),
        ],
        text("charts.subtitle.payers", language),
        notes_of(comparison, language, "bars", "paired"),
        handles,
    )
    return figure


def _shares_finding(comparison: Comparison, arm: str, name: str, language: str) -> str:
    table = tier_shares(comparison, arm)
    if table["share"].isna().all():
        return text("charts.payers.none", language, arm=name)
    said = [
        text(
            "charts.part",
            language,
            part=tier_name(row["tier"], language),
            amount=say_share(row["share"], row["share_low"], row["share_high"], language),
        )
        for row in table.sort_values("share", ascending=False).to_dict("records")
    ]
    measure = MEASURES["staff_days"]
    name_of = measure.zh if language == "zh" else capital(measure.en)
    return text("charts.payers.shares", language, measure=name_of, arm=name, parts=joined(said, language))


def _days(comparison: Comparison, arm: str, tier: str) -> np.ndarray:
    return _values(comparison, arm, "staff_days", "border", tier)


def _values(comparison: Comparison, arm: str, measure: str, scope: str, tier: str = "all") -> np.ndarray:
    table = comparison.measures
    rows = table[
        (table["arm"] == arm)
        & (table["measure"] == measure)
        & (table["scope"] == scope)
        & (table["tier"] == tier)
    ]
    ordered = rows.set_index("replication")["value"].reindex(range(comparison.replications))
    return ordered.to_numpy(np.float64)
