"""Whether what a comparison found survives other assumptions: held against a study over parameter sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sim.charts.findings import direction_of, verdicts
from sim.charts.robustness import draw_robustness
from sim.charts.words import arm_names
from sim.errors import InputError
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.report.figures import Picture, picture_of
from sim.report.table import Cell, Change, Group, Number, Table, own_columns
from sim.studies.analyses.outcomes import Outcome, baseline_of, region_of
from sim.studies.analyses.robustness import Robustness, judge_robustness
from sim.studies.comparison import Comparison
from sim.studies.store.reader import Study

__all__ = ["Survival", "judge_survival"]

_USUAL: Final = ("settled_90_days", "willingness")
_DIRECTIONS: Final = ("higher", "unclear", "lower")


@dataclass(frozen=True)
class Survival:
    """What a study over parameter sets says of the conclusions of a comparison.

    Attributes
    ----------
    words : str
        What was varied, and in how many sets.
    table : Table
        For each measure and arm what was found, and in how many sets it is clearly higher, not clearly
        different and clearly lower.
    pictures : tuple of Picture
        Robustness of the packages, a figure for each measure.
    """

    words: str
    table: Table
    pictures: tuple[Picture, ...]


def judge_survival(
    comparison: Comparison, study: Study, language: str, measures: Sequence[str] = ()
) -> Survival:
    """Hold the conclusions of a comparison against a study.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    study : Study
        A study of the same border and baseline over parameter sets, with at least one of the arms.
    language : {"zh", "en"}
        Language.
    measures : sequence of str
        What the comparison is asked about; the share settled within 90 days and willingness where empty.

    Returns
    -------
    Survival
        Counts of parameter sets, from the interval of each of them.

    Raises
    ------
    InputError
        If the study is of another border or baseline, varies no parameter, or kept none of the measures.
    """
    region_of(study, comparison.region)
    varied = [
        str(row["dimension"]) for row in study.dimensions.to_dict("records") if row["kind"] == "parameter"
    ]
    arms = [arm for arm in comparison.arms[1:] if arm in study.manifest["arms"]]
    if not varied or not arms or baseline_of(study) != comparison.baseline:
        allowed = {
            "zh": f"以 {comparison.baseline} 为基准、含本结果的方案、并改变参数（uncertain）的研究",
            "en": f"a study of these arms with baseline {comparison.baseline} and uncertain parameters",
        }
        raise InputError("study", str(study.folder), allowed)
    wanted = list(dict.fromkeys(measures or _USUAL))
    kept = [name for name in wanted if f"border.{name}.all" in study.measure_columns]
    if not kept:
        raise InputError("study", ", ".join(wanted), study.measure_columns)
    found = [judge_robustness(study, Outcome(name), region=comparison.region) for name in kept]
    separator = text("charts.list_separator", language)
    words = text(
        "report.survival",
        language,
        sets=found[0].fitting,
        count=len(varied),
        names=separator.join(varied),
        replications=found[0].replications,
    )
    names = arm_names(comparison, language)
    rows = tuple(_row(comparison, one, arm, names[arm], language) for one in found for arm in arms)
    table = Table(
        "survival",
        text("report.table.survival", language),
        text("report.table.survival.note", language),
        own_columns("survival", language),
        (Group("", rows),),
    )
    pictures = tuple(
        picture_of(f"survival_{one.outcome.measure}", draw_robustness(one, language), language)
        for one in found
    )
    return Survival(words, table, pictures)


def _row(comparison: Comparison, found: Robustness, arm: str, name: str, language: str) -> tuple[Cell, ...]:
    measure = MEASURES[found.outcome.measure]
    here = next(item for item in verdicts(comparison, measure.name) if item.arm == arm)
    sets: pd.DataFrame = found.sets[found.sets["arm"] == arm]
    directions = [direction_of(*ends) for ends in sets[["low", "high"]].to_numpy(dtype=float).tolist()]
    counts = {direction: directions.count(direction) for direction in _DIRECTIONS}
    if here.direction in ("higher", "lower"):
        same, reverse = here.direction, "lower" if here.direction == "higher" else "higher"
        key = "holds_everywhere" if counts[same] == len(sets) else "turns" if counts[reverse] else "fades"
    else:
        key = "open" if counts["higher"] or counts["lower"] else "open_everywhere"
    return (
        getattr(measure, language),
        name,
        Change(here.effect, here.low, here.high, measure),
        *(Number(counts[direction], 0) for direction in _DIRECTIONS),
        text(f"report.survival.{key}", language),
    )
