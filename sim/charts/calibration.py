"""What the calibration patterns leave of the parameter space."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.charts.study_words import dimension_name, joined, say_share, study_notes
from sim.charts.style import INK, frame, new_figure, styled
from sim.language import text
from sim.studies.analyses.history_matching import CUTOFF, HistoryMatch

__all__ = ["draw_history_match", "history_finding"]

_COLUMNS = 4
_LINE = "#0072B2"


@styled
def draw_history_match(given: tuple[HistoryMatch, pd.DataFrame], language: str) -> Figure:
    """Draw, along every dimension, which share of the space is not ruled out.

    Parameters
    ----------
    given : tuple of HistoryMatch and pandas.DataFrame
        The match, and the dimensions of its study.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A small panel for each dimension, those that the patterns narrow most first; a line marks the default.
    """
    found, dimensions = given
    profile = found.profile
    narrowed = profile.groupby("dimension")["remaining"].agg(lambda share: share.max() - share.min())
    names = list(narrowed.sort_values(ascending=False, kind="stable").index)
    columns = min(_COLUMNS, len(names))
    rows = math.ceil(len(names) / columns)
    figure = new_figure(8.0, 1.35 * rows)
    grid = np.atleast_1d(figure.subplots(rows, columns, squeeze=False, sharey=True)).ravel()
    defaults = dimensions.set_index("dimension")["default"]
    for axes, name in zip(grid, names, strict=False):
        part = profile[profile["dimension"] == name]
        share, low, high = (100 * part[end] for end in ("remaining", "low", "high"))
        axes.plot(part["value"], share, color=_LINE)
        axes.fill_between(part["value"], low, high, color=_LINE, alpha=0.2, linewidth=0)
        axes.axvline(defaults[name], color=INK, linestyle=(0, (4, 2)), linewidth=1.1)
        axes.set_ylim(0, 105)
        axes.set_title(_wrapped(dimension_name(name, language), language), fontsize=7.5)
        axes.locator_params(axis="x", nbins=4)
        axes.tick_params(labelsize=7)
    for axes in grid[len(names) :]:
        axes.set_visible(False)
    for row in range(rows):
        grid[row * columns].set_ylabel("%", fontsize=8)
    handles = [
        Line2D([], [], color=_LINE, label=text("charts.history.remaining", language)),
        Line2D([], [], color=INK, linestyle=(0, (4, 2)), label=text("charts.history.default", language)),
    ]
    worst = found.table["explained"].min()
    notes = study_notes(
        language,
        found.replications,
        "history",
        samples=found.samples,
        cutoff=f"{CUTOFF:g}",
        explained=f"{100 * worst:.0f}%",
    )
    frame(figure, [history_finding(found, language)], _subtitle(found, language), notes, handles)
    return figure


def history_finding(found: HistoryMatch, language: str) -> str:
    """State what is ruled out, by which simulated pattern most, and whether the default set remains.

    A pattern may limit a parameter itself; what such limits rule out is known before any run and said apart.

    Parameters
    ----------
    found : HistoryMatch
        The match.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    remaining = say_share(found.remaining, found.remaining_low, found.remaining_high, language)
    names = {pattern.key: pattern.name[language] for pattern in found.patterns}
    is_limit = found.table["pattern"].isin([pattern.key for pattern in found.patterns if pattern.parameter])
    key = "inside" if found.default_inside else "outside"
    count = found.profile["dimension"].nunique()
    said = [text(f"charts.history.finding_{key}", language, remaining=remaining, count=count)]
    for rows, kind in ((found.table[~is_limit], "simulated"), (found.table[is_limit], "limit")):
        if len(rows):
            strongest = rows.sort_values("ruled_out", ascending=False, kind="stable").iloc[0]
            alone = f"{100 * strongest['ruled_out']:.0f}%"
            pattern = names[str(strongest["pattern"])]
            said.append(text(f"charts.history.{kind}", language, pattern=pattern, alone=alone))
    return text("charts.clause_separator", language).join(said)


def _subtitle(found: HistoryMatch, language: str) -> str:
    listed = joined([f"{pattern.key} {pattern.name[language]}" for pattern in found.patterns], language)
    return text("charts.subtitle.history", language, patterns=listed)


def _wrapped(name: str, language: str) -> str:
    most = 13 if language == "zh" else 30
    if len(name) <= most:
        return name
    if language == "zh":
        return f"{name[:most]}\n{name[most : 2 * most]}"
    cut = name.rfind(" ", 0, most)
    rest = name[cut + 1 :]
    return f"{name[:cut]}\n{rest if len(rest) <= most else rest[: most - 1].rsplit(' ', 1)[0] + ' …'}"
