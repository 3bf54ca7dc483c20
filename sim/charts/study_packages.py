"""Every package of a study at a glance, and which of them are worth their cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.charts.bars import bar_handles, draw_bars, name_rows
from sim.charts.findings import direction_of
from sim.charts.labels import Label, place_labels
from sim.charts.study_words import (
    capital,
    joined,
    package_name,
    say_outcome,
    say_value,
    study_notes,
    unit_label,
)
from sim.charts.style import INK, MUTED, frame, new_figure, styled
from sim.charts.wording import scale_of
from sim.charts.wrapping import wrap_lines
from sim.language import text
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.analyses.packages import Frontier

__all__ = ["draw_frontier", "draw_package_effects", "frontier_finding", "package_finding"]

_MOST_NAMED = 4
_MOST_LABELS = 12
# What a panel's title may take of its share of the figure: the rest are margins and the space between panels.
_TITLE_SHARE = 0.72


@styled
def draw_package_effects(effects: pd.DataFrame, language: str) -> Figure:
    """Draw the paired effect of every point on every outcome.

    Parameters
    ----------
    effects : pandas.DataFrame
        As `sim.studies.analyses.packages.package_effects` returns them.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A panel for each outcome with a bar for each point; filled where the interval excludes zero. What no
        point has a value of is named below.
    """
    has_value = effects.groupby("outcome", sort=False)["effect"].count() > 0
    outcomes, empty = list(has_value.index[has_value]), list(has_value.index[~has_value])
    outcomes, empty = (outcomes, empty) if outcomes else (empty, [])
    points = effects[["point", "arm", "doses"]].drop_duplicates()
    names = [package_name(row["arm"], row["doses"], language) for row in points.to_dict("records")]
    columns = min(3, len(outcomes))
    rows = math.ceil(len(outcomes) / columns)
    width = _TITLE_SHARE * 8.0 * 72 / columns
    titles = {key: wrap_lines(say_outcome(outcome_of(key), language), 8.5, width) for key in outcomes}
    lines = max(len(title) for title in titles.values())
    figure = new_figure(8.0, rows * (0.75 + 0.15 * lines + 0.3 * len(points)))
    grid = np.atleast_1d(figure.subplots(rows, columns, squeeze=False, sharey=True)).ravel()
    for axes, key in zip(grid, outcomes, strict=False):
        outcome = outcome_of(key)
        table = effects[effects["outcome"] == key].set_index("point").loc[points["point"]]
        scale = scale_of(outcome.unit)
        draw_bars(axes, scale * table["effect"], scale * table["low"], scale * table["high"])
        axes.set_title("\n".join(titles[key]), fontsize=8.5)
        axes.set_xlabel(unit_label(outcome, language), fontsize=8)
    for axes in grid[len(outcomes) :]:
        axes.set_visible(False)
    runs = effects.loc[effects["outcome"].isin(outcomes), "replications"]
    without = joined([say_outcome(outcome_of(key), language) for key in empty], language)
    name_rows(grid[0], names)
    frame(
        figure,
        [package_finding(effects, key, language) for key in outcomes[:2]],
        text("charts.subtitle.package_effects", language),
        study_notes(
            language, int(runs.min()), "bars_paired", *(["no_value"] if empty else []), outcomes=without
        ),
        bar_handles(language),
    )
    return figure


def package_finding(effects: pd.DataFrame, outcome: str, language: str) -> str:
    """State which points clearly move an outcome.

    Parameters
    ----------
    effects : pandas.DataFrame
        As for `draw_package_effects`.
    outcome : str
        Column of the outcome.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence; of many points the largest are named and the others counted.
    """
    measured = outcome_of(outcome)
    rows = effects[effects["outcome"] == outcome].to_dict("records")
    clauses = []
    for direction in ("higher", "lower", "unclear", "unmeasured"):
        chosen = [row for row in rows if direction_of(row["low"], row["high"]) == direction]
        chosen.sort(key=lambda row: -abs(row["effect"]))
        if chosen:
            said = [
                _said(row, measured, language, with_value=direction in ("higher", "lower")) for row in chosen
            ]
            arms = joined(said, language, _MOST_NAMED)
            clauses.append(text(f"charts.verdict.{direction}", language, arms=arms))
    said_all = text("charts.clause_separator", language).join(clauses)
    outcome_name = capital(say_outcome(measured, language))
    return text("charts.outcome_finding", language, outcome=outcome_name, said=said_all)


@styled
def draw_frontier(found: Frontier, language: str) -> Figure:
    """Draw what every point costs against what it changes, with the line of those worth their cost.

    Parameters
    ----------
    found : Frontier
        The points.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        Points with both intervals; those on the frontier are filled and joined by a line from the origin.
    """
    table, across, up = found.table, scale_of(found.cost.unit), scale_of(found.effect.unit)
    figure = new_figure(8.0, 4.3)
    axes = figure.subplots()
    for row in table.to_dict("records"):
        axes.errorbar(
            across * row["cost"],
            up * row["effect"],
            xerr=_ends(row, "cost", across),
            yerr=_ends(row, "effect", up),
            color="#0072B2" if row["frontier"] else MUTED,
            marker="o" if row["frontier"] else "s",
            markerfacecolor="#0072B2" if row["frontier"] else "white",
            markersize=7 if row["frontier"] else 5,
            capsize=2.5,
            elinewidth=1.0,
            linestyle="none",
        )
    best = table[table["frontier"]]
    axes.plot(
        across * np.append(0.0, best["cost"]),
        up * np.append(0.0, best["effect"]),
        color="#0072B2",
        linestyle=(0, (5, 1.5)),
    )
    axes.plot(0, 0, marker="o", color=INK)
    for ruler in (axes.axhline, axes.axvline):
        ruler(0, color=MUTED, linewidth=0.8, zorder=0.5)
    axes.margins(0.12)
    axes.set_xlabel(_axis(found.cost, language))
    axes.set_ylabel(_axis(found.effect, language))
    frame(
        figure,
        [frontier_finding(found, language)],
        text("charts.subtitle.frontier", language),
        study_notes(language, found.replications, "crosses", "frontier"),
        _frontier_handles(language),
    )
    named = table if len(table) <= _MOST_LABELS else best
    labels = [
        Label(
            package_name(row["arm"], row["doses"], language),
            across * row["cost"],
            up * row["effect"],
            INK,
            8.0,
        )
        for row in named.to_dict("records")
    ]
    places = [(across * row["cost"], up * row["effect"]) for row in table.to_dict("records")]
    place_labels(axes, labels, places, _crosses(table, across, up), clear_points=2.5)
    return figure


def frontier_finding(found: Frontier, language: str) -> str:
    """State which points are worth their cost, how surely, and what one more unit of effect costs.

    Parameters
    ----------
    found : Frontier
        The points.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    best = found.table[found.table["frontier"]].to_dict("records")
    outcome = capital(say_outcome(found.effect, language))
    if not best:
        return text(
            "charts.outcome_finding",
            language,
            outcome=outcome,
            said=text("charts.frontier.none", language),
        )
    said = []
    for row in best:
        sure = "" if math.isnan(row["frontier_share"]) else f"{100 * row['frontier_share']:.0f}%"
        name = package_name(row["arm"], row["doses"], language)
        said.append(text("charts.frontier.one", language, package=name, sure=sure or "–"))
    clauses = [text("charts.frontier.best", language, packages=joined(said, language, _MOST_NAMED))]
    # Worth its cost among points may still be no clear gain over doing nothing.
    for direction in ("unclear", "unmeasured", "lower"):
        names = [
            package_name(row["arm"], row["doses"], language)
            for row in best[:_MOST_NAMED]
            if direction_of(row["effect_low"], row["effect_high"]) == direction
        ]
        if names:
            clauses.append(text(f"charts.verdict.{direction}", language, arms=joined(names, language)))
    listed = text("charts.clause_separator", language).join(clauses)
    return text("charts.outcome_finding", language, outcome=outcome, said=listed)


def _said(row: Mapping[Any, Any], outcome: Outcome, language: str, *, with_value: bool) -> str:
    name = package_name(str(row["arm"]), str(row["doses"]), language)
    if not with_value:
        return name
    value, low, high = (float(row[key]) for key in ("effect", "low", "high"))
    return text("charts.part", language, part=name, amount=say_value(value, low, high, outcome, language))


def _ends(row: Mapping[Any, Any], name: str, scale: float) -> list[list[float]] | None:
    low, high = scale * (row[name] - row[f"{name}_low"]), scale * (row[f"{name}_high"] - row[name])
    return None if math.isnan(low + high) else [[low], [high]]


def _crosses(table: pd.DataFrame, across: float, up: float) -> list[tuple[float, float]]:
    """Give points along both intervals of every point, so that no name is written over them."""
    points = []
    for row in table.to_dict("records"):
        for share in np.linspace(0, 1, 9):
            cost, effect = (
                row[f"{name}_low"] + share * (row[f"{name}_high"] - row[f"{name}_low"])
                for name in ("cost", "effect")
            )
            points += [(across * cost, up * row["effect"]), (across * row["cost"], up * effect)]
    return [point for point in points if not math.isnan(sum(point))]


def _axis(outcome: Outcome, language: str) -> str:
    name = text("charts.change_in", language, name=say_outcome(outcome, language))
    unit = unit_label(outcome, language)
    return f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})"


def _frontier_handles(language: str) -> Sequence[Artist]:
    return [
        Line2D(
            [],
            [],
            color="#0072B2",
            marker="o",
            linestyle=(0, (5, 1.5)),
            label=text("charts.frontier.on", language),
        ),
        Line2D(
            [],
            [],
            color=MUTED,
            marker="s",
            markerfacecolor="white",
            linestyle="none",
            label=text("charts.frontier.off", language),
        ),
    ]
