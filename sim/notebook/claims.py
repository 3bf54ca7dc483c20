"""Sentences that carry their numbers: what is said follows from the interval, and tests can compare both."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.charts.findings import Direction, Verdict, direction_of
from sim.charts.study_words import say_share
from sim.charts.wording import is_share, say_difference, unit_name
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.comparison import Comparison
from sim.studies.finding import differences
from sim.studies.scenario import Finding

__all__ = ["Claim", "Sentence", "change_of", "change_words", "claim_of", "level_words"]


@dataclass(frozen=True)
class Claim:
    """A number in a sentence with its 95 % interval.

    Attributes
    ----------
    name : str
        What it is, for a reader of the code: a column, an arm, what it is compared with.
    value, low, high : float
        In the unit of the measure; ends are NaN where there is no interval.
    """

    name: str
    value: float
    low: float
    high: float

    @property
    def direction(self) -> Direction:
        """What the interval supports of a difference."""
        return direction_of(self.low, self.high)


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer and the numbers that it rests on.

    Attributes
    ----------
    words : str
        The sentence.
    claims : tuple of Claim
        In the order in which they are said.
    """

    words: str
    claims: tuple[Claim, ...] = ()


def change_of(comparison: Comparison, arm: str, outcome: str | Outcome, against: str | None = None) -> Claim:
    """Take the paired difference of an arm.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    arm : str
        Key of the arm.
    outcome : str or Outcome
        Which measure.
    against : str, optional
        An arm before it; the baseline by default.

    Returns
    -------
    Claim
        Mean paired difference with its interval; NaN where it could not be compared.
    """
    outcome = outcome_of(outcome)
    base = comparison.baseline if against is None else against
    wanted = Finding(outcome.measure, outcome.tier, outcome.scope, against)
    found = {item.arm: item for item in differences(comparison, wanted)}[arm]
    return Claim(f"{outcome.key} of {arm} against {base}", found.effect, found.low, found.high)


def claim_of(verdict: Verdict, outcome: str | Outcome) -> Claim:
    """Turn a verdict into a claim.

    Parameters
    ----------
    verdict : Verdict
        What an interval supports.
    outcome : str or Outcome
        Of which measure.

    Returns
    -------
    Claim
        The same numbers.
    """
    return Claim(f"{outcome_of(outcome).key} of {verdict.arm}", verdict.effect, verdict.low, verdict.high)


def change_words(claim: Claim, unit: str, language: str) -> str:
    r"""Say a difference in plain words, no more than its interval supports.

    Parameters
    ----------
    claim : Claim
        The difference.
    unit : str
        Unit of the measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        That something rises, falls, shows no clear difference or cannot be compared.

    Examples
    --------
    >>> change_words(Claim("settled", 0.17, 0.15, 0.19), "share", "en")
    'rises by 17 points (+15\xa0to\xa0+19)'
    >>> change_words(Claim("settled", 0.001, -0.01, 0.012), "share", "zh")
    '无明显差异（+0.1个百分点，区间−1.0至+1.2）'
    """
    if claim.direction == "unmeasured":
        return text("notebook.change.unmeasured", language)
    change, interval = say_difference(claim.value, claim.low, claim.high, unit, language)
    if claim.direction != "unclear":
        change = change.lstrip("+−")
    return text(f"notebook.change.{claim.direction}", language, change=change, interval=interval)


def level_words(claim: Claim, measure: str, language: str) -> str:
    r"""Say a level with its interval.

    Parameters
    ----------
    claim : Claim
        The level.
    measure : str
        Key of the measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Shares in per cent, others in their unit with as many digits as the interval deserves.

    Examples
    --------
    >>> level_words(Claim("settled", 0.176, 0.166, 0.187), "settled_90_days", "en")
    '18% (17\xa0to\xa019)'
    >>> level_words(Claim("days", 55.6, 52.1, 59.0), "first_response_days", "zh")
    '56天（区间52至59）'
    """
    if math.isnan(claim.value):
        return text("notebook.unmeasured", language)
    unit = MEASURES[measure].unit
    if is_share(unit):
        return say_share(claim.value, claim.low, claim.high, language)
    if math.isnan(claim.low) or math.isnan(claim.high):
        return _counted(f"{claim.value:,.0f}", unit, language)
    said, interval = say_difference(claim.value, claim.low, claim.high, unit, language)
    said, interval = said.replace("+", ""), interval.replace("+", "")
    return text("charts.with_interval", language, value=said, interval=interval)


def _counted(number: str, unit: str, language: str) -> str:
    words = unit_name(unit, language)
    return f"{number}{words}" if language == "zh" else f"{number} {words}"
