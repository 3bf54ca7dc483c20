"""How packages do over all assumptions that fit."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.charts.study_words import (
    capital,
    joined,
    package_name,
    say_outcome,
    say_share,
    say_size,
    study_notes,
    unit_label,
)
from sim.charts.style import INK, MUTED, frame, new_figure, styled
from sim.charts.wording import scale_of
from sim.language import text
from sim.studies.analyses.robustness import Robustness

__all__ = ["draw_robustness", "robustness_finding"]

_VERDICTS = {"helps": ("#0072B2", ""), "nothing": ("#DDDDDD", ""), "harms": ("#D55E00", "///")}


@styled
def draw_robustness(found: Robustness, language: str) -> Figure:
    """Draw the share of sets in which each package helps, does nothing clear or harms; its rank and regret.

    Parameters
    ----------
    found : Robustness
        Ranks, regret and shares.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        Three panels with a row for each package, the best mean rank on top.
    """
    table = found.table
    rows = np.arange(len(table))
    figure = new_figure(8.0, 1.1 + 0.38 * len(table))
    shares, ranks, regrets = figure.subplots(1, 3, sharey=True, width_ratios=[1.5, 1.0, 1.0])
    start = np.zeros(len(table))
    for verdict, (colour, hatch) in _VERDICTS.items():
        width = 100 * table[verdict].to_numpy()
        shares.barh(rows, width, left=start, height=0.6, color=colour, hatch=hatch, edgecolor="white")
        start = start + width
    # The interval of the share that helps, at the end of its bar.
    helps = 100 * table["helps"].to_numpy()
    ends = [helps - 100 * table["helps_low"], 100 * table["helps_high"] - helps]
    shares.errorbar(helps, rows, xerr=ends, fmt="none", color=INK, capsize=3, elinewidth=1.3)
    shares.set_xlim(0, 100)
    shares.set_xlabel(text("charts.robustness.shares", language), fontsize=8)
    scale = scale_of(found.outcome.unit)
    for axes, name, factor in ((ranks, "rank", 1.0), (regrets, "regret", scale)):
        middle = factor * table[name].to_numpy()
        ends = [middle - factor * table[f"{name}_low"], factor * table[f"{name}_high"] - middle]
        axes.errorbar(middle, rows, xerr=ends, fmt="o", color="#0072B2", capsize=3, elinewidth=1.3)
    regrets.plot(scale * table["regret_most"], rows, linestyle="none", marker="x", color=MUTED)
    ranks.set_xlabel(text("charts.robustness.rank", language), fontsize=8)
    unit = unit_label(found.outcome, language)
    regrets.set_xlabel(text("charts.robustness.regret", language, unit=unit), fontsize=8)
    ranks.set_xlim(0.8, len(table) + 0.2)
    ranks.set_xticks(range(1, len(table) + 1))
    names = [package_name(arm, "", language) for arm in table["arm"]]
    shares.set_yticks(rows, names)
    shares.set_ylim(len(table) - 0.5, -0.5)
    for axes in (shares, ranks, regrets):
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
    handles = [
        Patch(
            facecolor=colour,
            hatch=hatch,
            edgecolor="white",
            label=text(f"charts.robustness.{name}", language),
        )
        for name, (colour, hatch) in _VERDICTS.items()
    ]
    subtitle = text(
        f"charts.subtitle.robustness_{found.criterion}",
        language,
        outcome=capital(say_outcome(found.outcome, language)),
        fitting=found.fitting,
        all=found.all_sets,
        patterns=joined(found.judged, language),
    )
    notes = study_notes(language, found.replications, "robustness")
    frame(figure, [robustness_finding(found, language)], subtitle, notes, handles)
    return figure


def robustness_finding(found: Robustness, language: str) -> str:
    """State in how many sets each package clearly helps and harms, and whether one is clearly the best.

    Parameters
    ----------
    found : Robustness
        Ranks, regret and shares.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    said = []
    for row in found.table.to_dict("records"):
        if row["helps"] + row["harms"] == 0.0:
            continue
        helps = say_share(row["helps"], row["helps_low"], row["helps_high"], language)
        harms = say_share(row["harms"], row["harms_low"], row["harms_high"], language)
        name = package_name(row["arm"], "", language)
        said.append(text("charts.robustness.one", language, package=name, helps=helps, harms=harms))
    if not said:
        said = [text("charts.robustness.never", language)]
    rows = found.table.to_dict("records")
    # A package alone has nothing to be better than.
    if len(rows) > 1:
        first, second = (package_name(arm, "", language) for arm in (rows[0]["arm"], found.nearest))
        if found.ahead_low > 0.0:
            ends = (found.ahead, found.ahead_low, found.ahead_high)
            ahead = say_size(*ends, found.outcome, language)
            said.append(text("charts.robustness.best", language, package=first, ahead=ahead, second=second))
        else:
            said.append(text("charts.robustness.no_best", language))
    outcome = capital(say_outcome(found.outcome, language))
    joined_up = text("charts.clause_separator", language).join(said)
    return text("charts.outcome_finding", language, outcome=outcome, said=joined_up)
