"""Differences of chosen measures: of the arms of a comparison, or of the links of an alliance that are on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from sim.charts.findings import Verdict, direction_of, finding
from sim.charts.forest import Panel, clear_handles, draw_panels, panel_of
from sim.charts.study_words import capital, dimension_name, joined, say_outcome, say_value, study_notes
from sim.charts.style import drawing, frame
from sim.charts.words import arm_names, notes_of
from sim.errors import InputError
from sim.language import text
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.comparison import Comparison
from sim.studies.effects import paired_statistics
from sim.studies.store.reader import Study

__all__ = ["coalition_verdict", "draw_chosen_effects", "draw_coalition"]

_OUTCOMES: Final = ("settled_90_days", "coverage_7_days", "willingness")


def draw_chosen_effects(comparison: Comparison, language: str, outcomes: Sequence[str | Outcome]) -> Figure:
    """Draw the paired differences of some measures, a row for each arm.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    outcomes : sequence of str or Outcome
        Measures, or their columns ``scope.measure.tier``; the titles speak of the first two.

    Returns
    -------
    Figure
        A panel for each measure in its own unit.
    """
    with drawing(language):
        chosen = [outcome_of(item) for item in outcomes]
        names = arm_names(comparison, language)
        arms = list(comparison.arms)
        panels = [panel_of(comparison, outcome) for outcome in chosen]
        figure = draw_panels(panels, [names[arm] for arm in arms[1:]], language)
        frame(
            figure,
            [
                finding(comparison, names, item.measure, language, item.scope, item.tier)
                for item in chosen[:2]
            ],
            text("charts.subtitle.chosen", language, baseline=names[arms[0]]),
            notes_of(comparison, language, "forest"),
            clear_handles(language),
        )
        return figure


def coalition_verdict(study: Study, outcome: str | Outcome, on: Sequence[str]) -> Verdict:
    """Judge what some factors do together, against none of them.

    Parameters
    ----------
    study : Study
        A study that ran every coalition of factors with two levels.
    outcome : str or Outcome
        Which measure.
    on : sequence of str
        The factors that are switched on.

    Returns
    -------
    Verdict
        Mean paired difference to the point with no factor on, with its 95 % interval; zero where none is on.

    Raises
    ------
    InputError
        For a factor that the study does not have, or a coalition that it did not run.
    """
    outcome = outcome_of(outcome)
    factors = [str(name) for name in study.dimensions["dimension"]]
    for name in on:
        if name not in factors:
            raise InputError("factor", name, factors)
    design = study.design[study.design["arm"] == "dosed"]

    def values_of(chosen: Sequence[str]) -> np.ndarray:
        rows = design
        for name in factors:
            rows = rows[(rows[f"unit_{name}"] >= 0.5) == (name in chosen)]
        if rows.empty:
            allowed = {"zh": "运行过的组合", "en": "a coalition that was run"}
            raise InputError("factors", joined(list(chosen), "en"), allowed)
        values = study.values(outcome.measure, outcome.scope, outcome.tier)
        return values.loc[[int(rows["point"].iloc[0])]].to_numpy(np.float64)

    found = paired_statistics(values_of(on), values_of(()))
    effect, low, high = (float(found[name][0]) for name in ("effect", "low", "high"))
    return Verdict("+".join(on) or "none", effect, low, high, direction_of(low, high))


def draw_coalition(study: Study, language: str, on: Sequence[str]) -> Figure:
    """Draw what the chosen factors do together, beside what all of them do.

    Parameters
    ----------
    study : Study
        As for `coalition_verdict`.
    language : {"zh", "en"}
        Language.
    on : sequence of str
        The factors that are switched on.

    Returns
    -------
    Figure
        A panel for settlement, coverage and willingness.
    """
    with drawing(language):
        factors = [str(name) for name in study.dimensions["dimension"]]
        panels = [
            Panel(
                outcome_of(item),
                (coalition_verdict(study, item, on), coalition_verdict(study, item, factors)),
            )
            for item in _OUTCOMES
        ]
        said = joined([dimension_name(name, language) for name in on], language)
        rows = [text("charts.coalition.chosen", language), text("charts.together", language)]
        figure = draw_panels(panels, rows, language)
        findings = [_coalition_finding(panel, said, language) for panel in panels]
        replications = int(study.runs["replication"].nunique())
        frame(
            figure,
            findings,
            text("charts.subtitle.coalition", language),
            study_notes(language, replications, "bars_paired"),
            clear_handles(language),
        )
        return figure


def _coalition_finding(panel: Panel, said: str, language: str) -> str:
    chosen = panel.verdicts[0]
    outcome = capital(say_outcome(panel.outcome, language))
    if not said:
        return text("charts.coalition.none", language, outcome=outcome)
    key = "clear" if chosen.direction in ("higher", "lower") else chosen.direction
    change = say_value(chosen.effect, chosen.low, chosen.high, panel.outcome, language)
    return text(f"charts.coalition.{key}", language, outcome=outcome, links=said, change=change)
