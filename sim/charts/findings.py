"""Titles that state the finding, and never more than its interval supports."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sim.charts.wording import say_difference
from sim.charts.words import scope_name
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison

__all__ = ["Direction", "Verdict", "direction_of", "finding", "judge", "say_verdicts", "verdicts"]

Direction = Literal["higher", "lower", "unclear", "unmeasured"]
_ORDER: Final[tuple[Direction, ...]] = ("higher", "lower", "unclear", "unmeasured")


@dataclass(frozen=True)
class Verdict:
    """What the paired interval of one arm supports.

    Attributes
    ----------
    arm : str
        Key of the arm.
    effect, low, high : float
        Mean paired difference to the baseline and its 95 % interval.
    direction : {"higher", "lower", "unclear", "unmeasured"}
        What may be said.
    """

    arm: str
    effect: float
    low: float
    high: float
    direction: Direction


def direction_of(low: float, high: float) -> Direction:
    """Tell what an interval of a difference supports.

    Parameters
    ----------
    low, high : float
        Ends of the interval; NaN where it could not be computed.

    Returns
    -------
    {"higher", "lower", "unclear", "unmeasured"}
        higher or lower only where the whole interval lies on one side of zero.

    Examples
    --------
    >>> [direction_of(*ends) for ends in [(0.1, 0.2), (-0.2, -0.1), (0.0, 0.2), (float("nan"), 1.0)]]
    ['higher', 'lower', 'unclear', 'unmeasured']
    """
    if math.isnan(low) or math.isnan(high):
        return "unmeasured"
    if low > 0:
        return "higher"
    return "lower" if high < 0 else "unclear"


def verdicts(comparison: Comparison, measure: str, scope: str = "border", tier: str = "all") -> list[Verdict]:
    """Judge each arm but the baseline on one measure.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    measure : str
        Key of the measure.
    scope : {"border", "interior"}
        Where.
    tier : str
        Tier of the measure.

    Returns
    -------
    list of Verdict
        In the order of the arms; an arm without a row is unmeasured.
    """
    effects = comparison.effects
    rows = effects[(effects["measure"] == measure) & (effects["scope"] == scope) & (effects["tier"] == tier)]
    numbers = rows[["effect", "low", "high"]].to_numpy(dtype=float).tolist()
    found = dict(zip(rows["arm"].astype(str), numbers, strict=True))
    unknown = [math.nan] * 3
    judged = []
    for arm in list(comparison.arms)[1:]:
        effect, low, high = found.get(arm, unknown)
        judged.append(judge(arm, effect, low, high))
    return judged


def judge(subject: str, effect: float, low: float, high: float) -> Verdict:
    """Make the verdict that an interval supports on whatever is compared: an arm, a tier, a stretch.

    Parameters
    ----------
    subject : str
        What the difference is about; stands where an arm would.
    effect, low, high : float
        Mean paired difference and its 95 % interval.

    Returns
    -------
    Verdict
        With the direction of `direction_of`.

    Examples
    --------
    >>> judge("town", 0.1, 0.05, 0.15).direction
    'higher'
    """
    return Verdict(subject, effect, low, high, direction_of(low, high))


def say_verdicts(
    judged: Sequence[Verdict],
    unit: str,
    names: Mapping[str, str],
    language: str,
    clause: Literal["verdict", "claim"] = "verdict",
) -> str:
    r"""Say for which arms a measure is clearly higher, clearly lower, not clearly different or not measured.

    Parameters
    ----------
    judged : sequence of Verdict
        One for each arm.
    unit : str
        Unit of the measure.
    names : mapping of str to str
        Names of the arms in the language.
    language : {"zh", "en"}
        Language.
    clause : {"verdict", "claim"}
        How a clause opens: "clearly higher with" arms, or "clearly higher:" for other subjects.

    Returns
    -------
    str
        One clause for each verdict that occurs, without a full stop.

    Examples
    --------
    >>> clear = Verdict("five_links", 0.12, 0.08, 0.16, "higher")
    >>> open_ = Verdict("paper", 0.01, -0.02, 0.04, "unclear")
    >>> say_verdicts([open_, clear], "share", {"five_links": "five links", "paper": "on paper"}, "en")
    'clearly higher with five links (+12 points, +8\xa0to\xa0+16); no clear difference with on paper'
    """
    clauses = []
    for direction in _ORDER:
        said = [
            _say_arm(verdict, unit, names, language) for verdict in judged if verdict.direction == direction
        ]
        if said:
            listed = text("charts.list_separator", language).join(said)
            clauses.append(text(f"charts.{clause}.{direction}", language, arms=listed))
    return text("charts.clause_separator", language).join(clauses)


def finding(
    comparison: Comparison,
    names: Mapping[str, str],
    measure: str,
    language: str,
    scope: str = "border",
    tier: str = "all",
    arms: Sequence[str] | None = None,
) -> str:
    """State what the comparison found on one measure, as a title.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    names : mapping of str to str
        Names of the arms in the language.
    measure : str
        Key of the measure.
    language : {"zh", "en"}
        Language.
    scope : {"border", "interior"}
        Where.
    tier : str
        Tier of the measure.
    arms : sequence of str, optional
        The arms to speak of; by default all but the baseline.

    Returns
    -------
    str
        The measure, where, and a clause for each verdict.
    """
    definition = MEASURES[measure]
    judged = verdicts(comparison, measure, scope, tier)
    if arms is not None:
        judged = [verdict for verdict in judged if verdict.arm in arms]
    name = definition.zh if language == "zh" else definition.en
    if language == "en":
        name = name[0].upper() + name[1:]
    said = say_verdicts(judged, definition.unit, names, language)
    return text("charts.finding", language, measure=name, scope=scope_name(scope, language), verdicts=said)


def _say_arm(verdict: Verdict, unit: str, names: Mapping[str, str], language: str) -> str:
    name = names[verdict.arm]
    if verdict.direction in ("unclear", "unmeasured"):
        return name
    change, interval = say_difference(verdict.effect, verdict.low, verdict.high, unit, language)
    return text("charts.arm_change", language, arm=name, change=change, interval=interval)
