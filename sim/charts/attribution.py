"""Which part of a package does how much, and which parts help each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from sim.charts.bars import bar_handles, draw_bars, name_rows
from sim.charts.findings import direction_of
from sim.charts.pairing import draw_triangle
from sim.charts.study_words import (
    capital,
    dimension_name,
    joined,
    say_outcome,
    say_share,
    say_value,
    study_notes,
    unit_label,
)
from sim.charts.style import frame, new_figure, styled
from sim.charts.wording import scale_of
from sim.language import text
from sim.studies.analyses.attribution import Attribution, Interactions

__all__ = ["attribution_finding", "draw_attribution", "draw_interactions", "interaction_finding"]

_NAMED = 3


@styled
def draw_attribution(found: Sequence[Attribution], language: str) -> Figure:
    """Draw what each part contributes to each outcome, beside what all do together.

    Parameters
    ----------
    found : sequence of Attribution
        One for each outcome, of the same players.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A panel of bars for each outcome; bars are filled where the interval excludes zero.
    """
    players = list(found[0].table["player"])
    figure = new_figure(8.0, 0.9 + 0.36 * (len(players) + 1))
    panels = np.atleast_1d(figure.subplots(1, len(found), sharey=True))
    for axes, item in zip(panels, found, strict=True):
        table = item.table.set_index("player").loc[players]
        scale = scale_of(item.outcome.unit)
        draw_bars(
            axes,
            scale * np.append(table["value"], item.total),
            scale * np.append(table["low"], item.total_low),
            scale * np.append(table["high"], item.total_high),
            whole=len(players),
        )
        axes.set_title(_short(item, language), fontsize=9)
        axes.set_xlabel(unit_label(item.outcome, language), fontsize=8)
    names = [dimension_name(player, language) for player in players]
    name_rows(panels[0], [*names, text("charts.together", language)])
    kind = "attribution_orders" if found[0].orders else "attribution"
    frame(
        figure,
        [attribution_finding(item, language) for item in found],
        text("charts.subtitle.attribution", language),
        study_notes(language, min(item.replications for item in found), kind, orders=found[0].orders),
        bar_handles(language),
    )
    return figure


def attribution_finding(found: Attribution, language: str) -> str:
    """State which parts do how much of the work, and no more than the intervals support.

    Parameters
    ----------
    found : Attribution
        The values.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    outcome = capital(say_outcome(found.outcome, language))
    whole = say_value(found.total, found.total_low, found.total_high, found.outcome, language)
    rows = found.table.to_dict("records")
    clear = [row for row in rows if direction_of(row["low"], row["high"]) in ("higher", "lower")]
    clear.sort(key=lambda row: -abs(row["value"]))
    of_whole = direction_of(found.total_low, found.total_high)
    has_shares = of_whole in ("higher", "lower")
    said = []
    for row in clear:
        if has_shares and not math.isnan(row["share"]):
            amount = say_share(row["share"], row["share_low"], row["share_high"], language)
        else:
            amount = say_value(row["value"], row["low"], row["high"], found.outcome, language)
        said.append(
            text("charts.part", language, part=dimension_name(row["player"], language), amount=amount)
        )
    parts = joined(said, language, _NAMED) if said else text("charts.no_clear_part", language)
    open_ = [dimension_name(row["player"], language) for row in rows if row not in clear]
    if said and open_:
        unclear = text("charts.unclear_parts", language, parts=joined(open_, language))
        parts = text("charts.clause_separator", language).join([parts, unclear])
    key = "finding" if has_shares else of_whole
    return text(f"charts.attribution_{key}", language, outcome=outcome, whole=whole, parts=parts)


@styled
def draw_interactions(found: Interactions, language: str) -> Figure:
    """Draw how each pair of parts helps or hinders each other.

    Parameters
    ----------
    found : Interactions
        The interactions.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A triangle of pairs: number for size and sign, coloured where it is clear.
    """
    names = [dimension_name(player, language) for player in found.players]
    place = {player: number for number, player in enumerate(found.players)}
    scale = scale_of(found.outcome.unit)
    cells = {
        (place[row["player_a"]], place[row["player_b"]]): (
            scale * row["value"],
            scale * row["low"],
            scale * row["high"],
            row["is_clear"],
        )
        for row in found.table.to_dict("records")
    }
    figure = new_figure(8.0, 1.0 + 0.4 * len(names))
    axes = figure.subplots()
    draw_triangle(axes, names, cells, unit_label(found.outcome, language))
    frame(
        figure,
        [interaction_finding(found, language)],
        text("charts.subtitle.interactions", language, outcome=capital(say_outcome(found.outcome, language))),
        study_notes(language, found.replications, "interactions"),
    )
    return figure


def interaction_finding(found: Interactions, language: str) -> str:
    """State which pairs clearly help or hinder each other.

    Parameters
    ----------
    found : Interactions
        The interactions.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    outcome = capital(say_outcome(found.outcome, language))
    better = found.outcome.better or 1
    clauses = []
    for sign, key in ((1, "helps"), (-1, "hinders")):
        pairs = []
        for row in found.table.to_dict("records"):
            if row["is_clear"] and better * sign * row["value"] > 0:
                amount = say_value(row["value"], row["low"], row["high"], found.outcome, language)
                pair = text(
                    "charts.pair",
                    language,
                    a=dimension_name(row["player_a"], language),
                    b=dimension_name(row["player_b"], language),
                )
                pairs.append(text("charts.part", language, part=pair, amount=amount))
        if pairs:
            said = joined(pairs, language, _NAMED)
            clauses.append(text(f"charts.interaction.{key}", language, pairs=said, count=len(pairs)))
    if not clauses:
        clauses.append(text("charts.interaction.none", language))
    said = text("charts.clause_separator", language).join(clauses)
    return text("charts.outcome_finding", language, outcome=outcome, said=said)


def _short(found: Attribution, language: str) -> str:
    return say_outcome(found.outcome, language).split("，" if language == "zh" else ", ")[0]
