"""Where an effect is positive or negative, in words and as a small chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.charts.study_words import (
    capital,
    dimension_name,
    package_name,
    say_outcome,
    say_share,
    study_notes,
)
from sim.charts.style import INK, MUTED, frame, new_figure, styled
from sim.charts.wrapping import wrap_lines
from sim.language import text
from sim.studies.analyses.conditions import Conditions, Limit

__all__ = ["condition_finding", "draw_conditions", "say_limits"]

_RESULTS: Final = ("effect", "low", "high", "wanted")
_WANTED, _OTHER = "#0072B2", "#D55E00"
_BRANCHES: Final = 4
_WORDS_POINTS: Final = 262.0


@styled
def draw_conditions(found: Conditions, language: str) -> Figure:
    """Draw the sets by the two conditions that matter most, with the box, and say the branches of the tree.

    Parameters
    ----------
    found : Conditions
        Box and branches.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A point for each set; filled circles have the wanted sign, crosses have not. Branches stand beside.
    """
    limits = found.box.limits if found.box is not None else found.branches[0].limits
    dimensions = [str(name) for name in found.sets.columns if name not in _RESULTS]
    names = [limit.dimension for limit in limits]
    names += [name for name in dimensions if name not in names]
    across, up = names[0], names[min(1, len(names) - 1)]
    figure = new_figure(8.0, 3.7)
    axes, words = figure.subplots(1, 2, width_ratios=[1.0, 1.05])
    wanted = found.sets["wanted"].to_numpy(bool)
    for chosen, marker, colour in ((wanted, "o", _WANTED), (~wanted, "x", _OTHER)):
        axes.scatter(found.sets[across][chosen], found.sets[up][chosen], marker=marker, color=colour, s=18)
    if found.box is not None:
        ends = {limit.dimension: limit for limit in limits}
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        x0, x1 = _within(ends.get(across), left, right)
        y0, y1 = _within(ends.get(up), low, high)
        axes.add_patch(
            Rectangle(
                (x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=INK, linewidth=1.6, linestyle=(0, (5, 1.5))
            )
        )
        axes.set_xlim(left, right)
        axes.set_ylim(low, high)
    axes.set_xlabel(dimension_name(across, language))
    axes.set_ylabel(dimension_name(up, language))
    words.axis("off")
    words.set_title(text("charts.conditions.tree", language), fontsize=9)
    lines = []
    for branch in found.branches[:_BRANCHES]:
        where = say_limits(branch.limits, language)
        share = say_share(branch.share, branch.share_low, branch.share_high, language)
        lines.append(text("charts.conditions.branch", language, share=share, where=where, sets=branch.sets))
    _write(words, lines)
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            color=_WANTED,
            label=text(f"charts.sign.{found.sign}", language),
        ),
        Line2D([], [], linestyle="none", marker="x", color=_OTHER, label=text("charts.sign.not", language)),
    ]
    if found.box is not None:
        handles.append(
            Patch(fill=False, edgecolor=INK, linestyle="--", label=text("charts.conditions.box", language))  # type: ignore[arg-type]
        )
    subtitle = text(
        "charts.subtitle.conditions",
        language,
        arm=package_name(found.arm, "", language),
        outcome=say_outcome(found.outcome, language),
        sets=found.overall.sets,
        unclear=found.unclear,
    )
    has_box = not math.isnan(found.held_out[0])
    held = say_share(*found.held_out, language) if has_box else ""
    right_share = "–" if math.isnan(found.tree_right) else f"{100 * found.tree_right:.0f}%"
    notes = study_notes(
        language,
        found.replications,
        "conditions" if has_box else "conditions_without_box",
        held=held,
        right=right_share,
        chance=f"{100 * found.tree_right_by_chance:.0f}%",
    )
    frame(figure, [condition_finding(found, language)], subtitle, notes, handles)
    return figure


def condition_finding(found: Conditions, language: str) -> str:
    """State where the effect has the sign, how often there, and how often on sets that were held out.

    Parameters
    ----------
    found : Conditions
        Box and branches.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence; it names conditions only where held-out sets bear them out.
    """
    outcome = capital(say_outcome(found.outcome, language))
    arm = package_name(found.arm, "", language)
    sign = text(f"charts.sign.{found.sign}", language)
    overall = say_share(found.overall.share, found.overall.share_low, found.overall.share_high, language)
    borne_out = found.box is not None and found.held_out[1] > found.overall.share
    key = "everywhere" if found.overall.share == 1.0 else "nowhere" if found.overall.share == 0.0 else "none"
    values = {"outcome": outcome, "arm": arm, "sign": sign, "overall": overall, "sets": found.overall.sets}
    if found.box is not None and borne_out:
        box = found.box
        values["where"] = say_limits(box.limits, language)
        values["share"] = say_share(box.share, box.share_low, box.share_high, language)
        values["held"] = say_share(*found.held_out, language)
        key = "found"
    return text(f"charts.conditions.{key}", language, **values)


def say_limits(limits: tuple[Limit, ...], language: str) -> str:
    """Say conditions in words.

    Parameters
    ----------
    limits : tuple of Limit
        The conditions.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Joined by "and"; "in all sets" without any.

    Examples
    --------
    >>> say_limits((Limit("reachable_share", 0.5, math.inf), Limit("mine", 0.0, 1.5)), "en")
    'nominated members who can be reached is above 0.5 and mine is between 0 and 1.5'
    """
    if not limits:
        return text("charts.conditions.all_sets", language)
    said = []
    for limit in limits:
        kind = "above" if limit.high == math.inf else "below" if limit.low == -math.inf else "between"
        name = dimension_name(limit.dimension, language)
        said.append(
            text(
                f"charts.conditions.{kind}",
                language,
                name=name,
                low=f"{limit.low:.3g}",
                high=f"{limit.high:.3g}",
            )
        )
    return text("charts.conditions.and", language).join(said)


def _within(limit: Limit | None, low: float, high: float) -> tuple[float, float]:
    if limit is None:
        return low, high
    return max(low, limit.low), min(high, limit.high)


def _write(axes: Axes, lines: Sequence[str]) -> None:
    """Write sentences below each other, the first line of each in ink."""
    height = 0.98
    for line in lines:
        for number, part in enumerate(wrap_lines(line, 8.5, _WORDS_POINTS)):
            axes.text(
                0.0 if number == 0 else 0.03,
                height,
                part,
                transform=axes.transAxes,
                fontsize=8.5,
                va="top",
                color=INK if number == 0 else MUTED,
            )
            height -= 0.062
        height -= 0.03
