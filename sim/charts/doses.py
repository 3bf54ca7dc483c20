"""What a part of a package brings: effects along the doses of one factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from sim.charts.findings import Verdict, direction_of
from sim.charts.forest import panel_title
from sim.charts.study_words import (
    capital,
    dimension_name,
    package_name,
    say_outcome,
    say_share,
    say_value,
    study_notes,
    unit_label,
)
from sim.charts.style import MUTED, drawing, frame, new_figure
from sim.charts.wording import scale_of
from sim.errors import InputError
from sim.language import text
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.effects import fieller_interval, paired_statistics
from sim.studies.store.reader import Study

__all__ = ["DoseCourse", "dose_course", "draw_doses"]


@dataclass(frozen=True)
class DoseCourse:
    """Effects of one factor at the doses that were run.

    Attributes
    ----------
    outcome : Outcome
        Of what.
    factor : str
        Name of the factor.
    baseline : str
        Arm that every dose is compared with.
    doses : tuple of float
        Rising, 0 to 1.
    verdicts : tuple of Verdict
        The effect at each dose.
    shares : tuple of (float, float, float)
        Each effect as a share of that at the largest dose, with its 95 % interval by Fieller's theorem; NaN
        where the largest effect is not clearly different from zero.
    replications : int
        Runs of each dose.
    """

    outcome: Outcome
    factor: str
    baseline: str
    doses: tuple[float, ...]
    verdicts: tuple[Verdict, ...]
    shares: tuple[tuple[float, float, float], ...]
    replications: int


def dose_course(study: Study, outcome: str | Outcome) -> DoseCourse:
    """Compare every dose of a study's only factor with the baseline, replication by replication.

    Parameters
    ----------
    study : Study
        A study with a baseline arm and one factor in levels.
    outcome : str or Outcome
        Which measure.

    Returns
    -------
    DoseCourse
        Effects with intervals, the smallest dose first.

    Raises
    ------
    InputError
        If the study has another number of factors.
    """
    outcome = outcome_of(outcome)
    if len(study.dimensions) != 1 or not study.manifest["arms"]:
        allowed = {"zh": "有基准方案和一个因素的研究", "en": "a study with a baseline and one factor"}
        raise InputError("study", str(study.manifest["study"]), allowed)
    factor = str(study.dimensions["dimension"].iloc[0])
    column = f"dose_{factor}"
    points = study.points[study.points[column].notna() & (study.points[column] > 0)].sort_values(column)
    values = study.values(outcome.measure, outcome.scope, outcome.tier)
    dosed = values.reindex(points["point"]).to_numpy(np.float64)
    base = values.reindex(points["baseline_point"].astype(int)).to_numpy(np.float64)
    found = paired_statistics(dosed, base)
    verdicts, shares = [], []
    sign = 1.0 if found["effect"][-1] >= 0 else -1.0
    for row, dose in enumerate(points[column]):
        effect, low, high = (float(found[name][row]) for name in ("effect", "low", "high"))
        verdicts.append(Verdict(f"{dose:g}", effect, low, high, direction_of(low, high)))
        difference = dosed - base
        shares.append(fieller_interval(sign * difference[row], sign * difference[-1]))
    doses = tuple(float(dose) for dose in points[column])
    baseline = str(study.manifest["arms"][0])
    return DoseCourse(
        outcome, factor, baseline, doses, tuple(verdicts), tuple(shares), int(found["replications"].min())
    )


def draw_doses(
    study: Study, language: str, outcomes: Sequence[str | Outcome], mark: float | None = None
) -> Figure:
    """Draw effects along the doses of a study's only factor.

    Parameters
    ----------
    study : Study
        As for `dose_course`.
    language : {"zh", "en"}
        Language.
    outcomes : sequence of str or Outcome
        Measures; the titles speak of the first two.
    mark : float, optional
        A dose that was run and that titles speak of; by default the one nearest to a half.

    Returns
    -------
    Figure
        A panel for each measure; the dashed line is what strict proportion would give.
    """
    with drawing(language):
        courses = [dose_course(study, item) for item in outcomes]
        doses = courses[0].doses
        place = min(
            range(len(doses)), key=lambda number: abs(doses[number] - (0.5 if mark is None else mark))
        )
        figure = new_figure(8.0, 2.9)
        panels = np.atleast_1d(figure.subplots(1, len(courses)))
        for axes, course in zip(panels, courses, strict=True):
            scale = scale_of(course.outcome.unit)
            percent = [0.0, *(100 * dose for dose in doses)]
            middle = np.array([0.0, *(scale * item.effect for item in course.verdicts)])
            low = np.array([0.0, *(scale * item.low for item in course.verdicts)])
            high = np.array([0.0, *(scale * item.high for item in course.verdicts)])
            axes.plot([0, percent[-1]], [0, middle[-1]], color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
            ends = [middle - low, high - middle]
            axes.errorbar(percent, middle, yerr=ends, color="#0072B2", marker="o", capsize=3, elinewidth=1.3)
            if mark is not None:
                axes.axvline(percent[place + 1], color="#D55E00", linewidth=1.2, zorder=0.5)
            axes.axhline(0, color=MUTED, linewidth=0.9)
            axes.set_title(panel_title(course.outcome, language), fontsize=9)
            axes.set_xlabel(text("charts.dose_percent", language), fontsize=8)
            axes.set_ylabel(unit_label(course.outcome, language), fontsize=8)
            axes.set_xticks(percent)
        factor = capital(dimension_name(courses[0].factor, language))
        if courses[0].factor == dimension_name(courses[0].factor, language):
            factor = package_name(courses[0].factor, "", language)
        frame(
            figure,
            [dose_finding(course, place, language) for course in courses[:2]],
            text(
                "charts.subtitle.doses",
                language,
                factor=factor,
                baseline=package_name(courses[0].baseline, "", language),
            ),
            study_notes(language, courses[0].replications, "doses"),
        )
        return figure


def dose_finding(course: DoseCourse, place: int, language: str) -> str:
    """State what a dose brings, and which share of the full effect that is.

    Parameters
    ----------
    course : DoseCourse
        The effects.
    place : int
        Which of its doses.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    verdict = course.verdicts[place]
    outcome = capital(say_outcome(course.outcome, language))
    change = say_value(verdict.effect, verdict.low, verdict.high, course.outcome, language)
    dose = f"{course.doses[place]:.0%}"
    share = course.shares[place]
    if verdict.direction in ("unclear", "unmeasured"):
        return text(f"charts.doses.{verdict.direction}", language, outcome=outcome, dose=dose, change=change)
    # A share below zero says no more than that a part and the whole differ in sign.
    if np.isnan(share[0]) or share[0] <= 0 or place == len(course.doses) - 1:
        return text("charts.doses.clear", language, outcome=outcome, dose=dose, change=change)
    said = say_share(*share, language)
    return text("charts.doses.part", language, outcome=outcome, dose=dose, change=change, share=said)
