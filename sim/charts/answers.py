"""What a scenario found, a sentence for each thing it looks at.

A sentence is put together from the intervals alone and claims nothing that they do not support; what the
authors of a scenario expected stands nowhere.
"""

from __future__ import annotations

from sim.charts.findings import Verdict, direction_of, say_verdicts
from sim.charts.words import arm_names, scope_name, tier_name
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison
from sim.studies.finding import differences
from sim.studies.scenario import Finding, Scenario

__all__ = ["answer_lines"]


def answer_lines(comparison: Comparison, scenario: Scenario, language: str) -> list[str]:
    """Say what a comparison found on the question of a scenario.

    Parameters
    ----------
    comparison : Comparison
        The result.
    scenario : Scenario
        What it was run for.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    list of str
        A sentence for each finding of the scenario.
    """
    names = arm_names(comparison, language)
    return [_sentence(comparison, finding, names, language) for finding in scenario.findings]


def _sentence(comparison: Comparison, finding: Finding, names: dict[str, str], language: str) -> str:
    measure = MEASURES[finding.measure]
    found = differences(comparison, finding)
    judged = [
        Verdict(item.arm, item.effect, item.low, item.high, direction_of(item.low, item.high))
        for item in found
    ]
    where = [scope_name(finding.scope, language)]
    if finding.tier != "all":
        where.append(tier_name(finding.tier, language))
    if finding.from_year is not None:
        where.append(text("charts.answer.from_year", language, year=f"{finding.from_year:g}"))
    return text(
        "charts.answer",
        language,
        baseline=names[found[0].against],
        measure=getattr(measure, language),
        where=text("charts.list_separator", language).join(where),
        verdicts=say_verdicts(judged, measure.unit, names, language),
    ).replace("\u00a0", " ")
