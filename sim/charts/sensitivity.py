"""Which assumptions move an outcome or an effect."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.charts.bars import bar_handles, draw_bars, name_rows
from sim.charts.study_words import (
    capital,
    dimension_name,
    joined,
    package_name,
    say_outcome,
    say_share,
    say_size,
    study_notes,
    unit_label,
)
from sim.charts.style import INK, frame, new_figure, styled
from sim.charts.wording import scale_of
from sim.language import text
from sim.studies.analyses.sensitivity import Sensitivity

__all__ = ["draw_sensitivity", "sensitivity_finding"]

_NAMED: Final = 3
_FIRST, _TOTAL, _CHANCE = "#E69F00", "#0072B2", "#D55E00"


@styled
def draw_sensitivity(found: Sensitivity, language: str) -> Figure:
    """Draw how much every dimension matters.

    Parameters
    ----------
    found : Sensitivity
        By Morris or Sobol.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        Morris: mu* as bars beside sigma against mu. Sobol: total and first indices as bars.
    """
    table = found.table
    names = [dimension_name(name, language) for name in table["dimension"]]
    figure = new_figure(8.0, 1.0 + 0.3 * len(table))
    kind = f"charts.subtitle.{found.method}_{found.kind}"
    subtitle = text(
        kind,
        language,
        outcome=say_outcome(found.outcome, language),
        arm=package_name(found.arm, "", language),
    )
    if found.method == "morris":
        left, right = figure.subplots(1, 2, width_ratios=[1.3, 1.0])
        scale = scale_of(found.outcome.unit)
        columns = [scale * table[name] for name in ("mu_star", "mu_star_low", "mu_star_high")]
        draw_bars(left, *columns, clear=table["is_clear"])
        _mark_chance(left, scale * table["chance"], 0.0)
        left.set_xlabel(text("charts.morris.mu_star", language, unit=unit_label(found.outcome, language)))
        handles = [*bar_handles(language, "sensitivity"), _chance_handle(language)]
        right.scatter(scale * table["mu"], scale * table["sigma"], color=_TOTAL, s=22, zorder=3)
        for number, (mu, sigma) in enumerate(zip(table["mu"], table["sigma"], strict=True), start=1):
            if number <= 6:
                right.annotate(
                    str(number),
                    (scale * mu, scale * sigma),
                    xytext=(4, 3),
                    textcoords="offset points",
                    fontsize=8,
                )
        right.axvline(0, color=INK, linewidth=0.8)
        right.set_xlabel(text("charts.morris.mu", language))
        right.set_ylabel(text("charts.morris.sigma", language))
        names = [f"{number}  {name}" for number, name in enumerate(names, start=1)]
        name_rows(left, names)
    else:
        axes = figure.subplots()
        rows = np.arange(len(table))
        for name, colour, shift in (("total", _TOTAL, -0.18), ("first", _FIRST, 0.18)):
            middle = table[name].to_numpy()
            ends = [middle - table[f"{name}_low"], table[f"{name}_high"] - middle]
            axes.barh(
                rows + shift,
                middle,
                height=0.34,
                color=colour,
                alpha=0.8,
                hatch="" if name == "total" else "///",
                edgecolor="white",
            )
            axes.errorbar(middle, rows + shift, xerr=ends, fmt="none", color=INK, capsize=2.5, elinewidth=1.0)
        _mark_chance(axes, table["chance"], -0.18)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_xlabel(text("charts.sobol.share", language))
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        handles = [
            Patch(color=_TOTAL, alpha=0.8, label=text("charts.sobol.total", language)),
            Patch(
                facecolor=_FIRST, hatch="///", edgecolor="white", label=text("charts.sobol.first", language)
            ),
            Line2D([], [], color=INK, label=text("charts.interval", language)),
            _chance_handle(language),
        ]
        # What matters is told by the title; of two bars a row neither could be left open.
        names = [name if clear else f"({name})" for name, clear in zip(names, table["is_clear"], strict=True)]
        name_rows(axes, names)
    frame(
        figure,
        [sensitivity_finding(found, language)],
        subtitle,
        study_notes(language, found.replications, found.method),
        handles,
    )
    return figure


def sensitivity_finding(found: Sensitivity, language: str) -> str:
    """State which dimensions clearly matter.

    Parameters
    ----------
    found : Sensitivity
        By Morris or Sobol.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    index = "mu_star" if found.method == "morris" else "total"
    clear = found.table[found.table["is_clear"]].to_dict("records")
    said = []
    for row in clear:
        numbers = (row[index], row[f"{index}_low"], row[f"{index}_high"])
        amount = (
            say_size(*numbers, found.outcome, language)
            if index == "mu_star"
            else say_share(*numbers, language)
        )
        name = dimension_name(row["dimension"], language)
        said.append(text("charts.part", language, part=name, amount=amount))
    key = f"charts.sensitivity.{found.kind}" if said else f"charts.sensitivity.none_{found.kind}"
    outcome = capital(say_outcome(found.outcome, language))
    return text(
        key,
        language,
        outcome=outcome,
        arm=package_name(found.arm, "", language),
        parts=joined(said, language, _NAMED),
        count=len(clear),
        all=len(found.table),
    )


def _mark_chance(axes: Axes, chance: pd.Series[float], shift: float) -> None:
    """Mark in each row what chance alone would give."""
    rows = np.arange(len(chance)) + shift
    axes.plot(chance, rows, "|", markersize=11, markeredgewidth=2.0, color=_CHANCE)


def _chance_handle(language: str) -> Line2D:
    label = text("charts.sensitivity.chance", language)
    return Line2D(
        [], [], linestyle="none", marker="|", markersize=11, markeredgewidth=2.0, color=_CHANCE, label=label
    )
