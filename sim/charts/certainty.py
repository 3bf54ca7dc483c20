"""How sure: the interval as runs are added, and the effect in every set of assumptions."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.charts.findings import Verdict, direction_of
from sim.charts.study_words import (
    capital,
    package_name,
    say_outcome,
    say_share,
    say_value,
    study_notes,
    unit_label,
)
from sim.charts.style import MUTED, Look, drawing, frame, looks, new_figure
from sim.charts.wording import say_difference, scale_of
from sim.charts.words import arm_names, notes_of
from sim.language import text
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.analyses.robustness import Robustness
from sim.studies.comparison import Comparison
from sim.studies.effects import paired_statistics

__all__ = ["draw_assumption_sets", "draw_precision", "effect_with_runs"]

_FEWEST: Final = 2


def effect_with_runs(comparison: Comparison, arm: str, outcome: str | Outcome, runs: int) -> Verdict:
    """Judge an arm by the first few runs only.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    arm : str
        Key of the arm.
    outcome : str or Outcome
        Which measure.
    runs : int
        How many of its replications count, at least 2.

    Returns
    -------
    Verdict
        Mean paired difference to the baseline with its 95 % interval.
    """
    outcome = outcome_of(outcome)
    table = comparison.measures
    rows = table[
        (table["measure"] == outcome.measure)
        & (table["scope"] == outcome.scope)
        & (table["tier"] == outcome.tier)
        & (table["replication"] < runs)
    ]
    wide = rows.pivot_table(
        index="arm", columns="replication", values="value", observed=True, dropna=False
    ).reindex([arm, comparison.baseline])
    values = wide.to_numpy(np.float64)
    found = paired_statistics(values[:1], values[1:])
    effect, low, high = (float(found[name][0]) for name in ("effect", "low", "high"))
    return Verdict(arm, effect, low, high, direction_of(low, high))


def draw_precision(
    comparison: Comparison, language: str, outcome: str | Outcome = "settled_90_days", runs: int | None = None
) -> Figure:
    """Draw effects and their intervals as runs are added.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    outcome : str or Outcome
        Which measure.
    runs : int, optional
        Number of runs that the title speaks of and that is marked; all by default.

    Returns
    -------
    Figure
        A band for each arm, from two runs to all.
    """
    with drawing(language):
        chosen = outcome_of(outcome)
        names = arm_names(comparison, language)
        look = looks(list(comparison.arms))
        counts = np.arange(_FEWEST, comparison.replications + 1)
        shown = comparison.replications if runs is None else runs
        scale = scale_of(chosen.unit)
        figure = new_figure(8.0, 3.3)
        axes = figure.subplots()
        for arm in comparison.arms[1:]:
            course = [effect_with_runs(comparison, arm, chosen, int(count)) for count in counts]
            axes.plot(
                counts,
                [scale * item.effect for item in course],
                color=look[arm].colour,
                linestyle=look[arm].line,
            )
            low, high = ([scale * getattr(item, end) for item in course] for end in ("low", "high"))
            axes.fill_between(counts, low, high, color=look[arm].colour, alpha=0.15, linewidth=0)
        axes.axhline(0, color=MUTED, linewidth=0.9)
        axes.axvline(shown, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.set_xlabel(text("charts.runs", language))
        axes.set_ylabel(unit_label(chosen, language))
        axes.set_xticks(counts)
        # With two runs the interval is so wide that it would hide the rest.
        _limit(axes, comparison, chosen, scale)
        last = comparison.arms[-1]
        verdict = effect_with_runs(comparison, last, chosen, shown)
        frame(
            figure,
            [_precision_finding(verdict, chosen, names[last], shown, language)],
            text(
                "charts.subtitle.precision",
                language,
                outcome=capital(say_outcome(chosen, language)),
                baseline=names[comparison.baseline],
            ),
            notes_of(comparison, language, "precision"),
            [_line(look[arm], names[arm]) for arm in comparison.arms[1:]],
        )
        return figure


def _limit(axes: object, comparison: Comparison, outcome: Outcome, scale: float) -> None:
    ends = [
        scale * getattr(effect_with_runs(comparison, arm, outcome, min(4, comparison.replications)), end)
        for arm in comparison.arms[1:]
        for end in ("low", "high")
    ]
    known = [end for end in ends if not np.isnan(end)]
    if known:
        margin = 0.15 * (max(known) - min(known) + 1e-9)
        axes.set_ylim(min(0.0, *known) - margin, max(0.0, *known) + margin)  # type: ignore[attr-defined]


def _precision_finding(verdict: Verdict, outcome: Outcome, name: str, runs: int, language: str) -> str:
    said = capital(say_outcome(outcome, language))
    if verdict.direction == "unmeasured":
        return text("charts.precision.unmeasured", language, outcome=said, arm=name, runs=runs)
    change, interval = say_difference(verdict.effect, verdict.low, verdict.high, outcome.unit, language)
    key = "unclear" if verdict.direction == "unclear" else "clear"
    return text(
        f"charts.precision.{key}",
        language,
        outcome=said,
        arm=name,
        runs=runs,
        change=change,
        interval=interval,
    )


def _line(look: Look, name: str) -> Line2D:
    return Line2D([], [], color=look.colour, linestyle=look.line, label=name)


def draw_assumption_sets(found: Robustness, language: str) -> Figure:
    """Draw the effect of each package in every set of assumptions, sorted.

    Parameters
    ----------
    found : Robustness
        As `sim.studies.analyses.robustness.judge_robustness` gives it.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        A mark with its interval for every set, the smallest effect at the left.
    """
    with drawing(language):
        sets = found.sets
        arms = [
            arm for arm in dict.fromkeys(sets["arm"]) if (sets.loc[sets["arm"] == arm, "effect"] != 0).any()
        ]
        look = looks(["", *arms])
        scale = scale_of(found.outcome.unit)
        figure = new_figure(8.0, 3.2)
        axes = figure.subplots()
        handles = []
        for arm in arms:
            rows = sets[sets["arm"] == arm].sort_values("effect")
            middle, low, high = (
                scale * rows[name].to_numpy(np.float64) for name in ("effect", "low", "high")
            )
            axes.errorbar(
                np.arange(1, len(rows) + 1),
                middle,
                yerr=[middle - low, high - middle],
                color=look[arm].colour,
                marker=look[arm].marker,
                markersize=4,
                linestyle="none",
                elinewidth=0.9,
            )
            name = package_name(arm, "", language)
            handles.append(
                Line2D([], [], linestyle="none", color=look[arm].colour, marker=look[arm].marker, label=name)
            )
        axes.axhline(0, color=MUTED, linewidth=0.9)
        axes.set_xlabel(text("charts.sets_sorted", language))
        axes.set_ylabel(unit_label(found.outcome, language))
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        frame(
            figure,
            [_sets_finding(found, arm, language) for arm in arms],
            text(
                "charts.subtitle.sets",
                language,
                outcome=capital(say_outcome(found.outcome, language)),
                sets=found.fitting,
            ),
            study_notes(language, found.replications, "sets"),
            handles,
        )
        return figure


def _sets_finding(found: Robustness, arm: str, language: str) -> str:
    row = dict(zip(found.table.columns, found.table[found.table["arm"] == arm].iloc[0], strict=True))
    effects = found.sets.loc[found.sets["arm"] == arm, "effect"]
    ends = [say_value(float(end), float("nan"), float("nan"), found.outcome, language) for end in
            (effects.min(), effects.max())]  # fmt: skip
    return text(
        "charts.sets.finding",
        language,
        package=capital(package_name(arm, "", language)),
        helps=say_share(row["helps"], row["helps_low"], row["helps_high"], language),
        harms=say_share(row["harms"], row["harms_low"], row["harms_high"], language),
        least=ends[0],
        most=ends[1],
    )
