"""Names and numbers on figures of studies: what varies, what is measured, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.charts.wording import is_share, say_difference, scale_of, unit_name
from sim.charts.words import capital, scope_name, tier_name, without_brackets
from sim.errors import InputError
from sim.language import catalogue, text
from sim.levers.mechanisms import list_mechanisms, list_packages, load_mechanism, load_package
from sim.measures.definitions import MEASURES
from sim.parameters import PARAMETERS
from sim.studies.analyses.outcomes import Outcome

__all__ = [
    "capital",
    "dimension_name",
    "joined",
    "package_name",
    "say_outcome",
    "say_share",
    "say_size",
    "say_value",
    "study_notes",
]


def dimension_name(name: str, language: str) -> str:
    """Name what a study varies.

    Parameters
    ----------
    name : str
        Name of a factor or parameter.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The name of a link, a mechanism or a parameter; otherwise the name as it stands in the study file.

    Examples
    --------
    >>> dimension_name("peace", "zh"), dimension_name("joint_duty", "en"), dimension_name("mine", "en")
    ('平安联创', 'joint defence and duty', 'mine')
    """
    key = f"charts.link.{name}"
    if key in catalogue():
        return text(key, language)
    if name in PARAMETERS:
        row = PARAMETERS[name]
        return row.zh if language == "zh" else row.en
    if name in list_mechanisms():
        return load_mechanism(name).name[language]
    return name


def package_name(arm: str, doses: str, language: str) -> str:
    """Name a point: its package, or the factors that are on.

    Parameters
    ----------
    arm : str
        Name of the package, or ``dosed``.
    doses : str
        What is on, as `sim.studies.analyses.packages.package_effects` says it.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The name, without what it says in brackets unless it alone tells two packages apart.
    """
    if doses:
        parts = []
        for part in doses.split(" + "):
            name, _, dose = part.partition(" ")
            parts.append(dimension_name(name, language) + (f" {float(dose):.0%}" if dose else ""))
        return " + ".join(parts)
    try:
        name = str(load_package(arm).name[language])
    except InputError:
        return arm
    short = without_brackets(name)
    others = (str(load_package(other).name[language]) for other in list_packages() if other != arm)
    return name if short in map(without_brackets, others) else short


def say_outcome(outcome: Outcome, language: str) -> str:
    """Name a measure with its scope, and its tier where it is not all of them.

    Parameters
    ----------
    outcome : Outcome
        The measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Such as "settled within 90 days, across the border".
    """
    row = MEASURES.get(outcome.measure)
    name = outcome.measure if row is None else row.zh if language == "zh" else row.en
    where = scope_name(outcome.scope, language)
    if outcome.tier != "all":
        where += text("charts.list_separator", language) + tier_name(outcome.tier, language)
    return text("charts.outcome", language, measure=name, scope=where)


def say_value(value: float, low: float, high: float, outcome: Outcome, language: str) -> str:
    """Say a difference of a measure with its interval.

    Parameters
    ----------
    value, low, high : float
        The difference and the ends of its interval; the ends may be NaN.
    outcome : Outcome
        The measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Both, the interval in brackets where there is one.
    """
    if math.isnan(low) or math.isnan(high):
        scaled = scale_of(outcome.unit) * value
        unit = text("charts.unit.points_counted", language) if is_share(outcome.unit) else ""
        blank = " " if language == "en" else ""
        return f"{scaled:+.3g}{blank}{unit}".strip().replace("-", "−")
    unit = outcome.unit or "index"
    change, interval = say_difference(value, low, high, unit, language)
    return text("charts.with_interval", language, value=change, interval=interval)


def say_size(value: float, low: float, high: float, outcome: Outcome, language: str) -> str:
    """Say a size of a measure with its interval: as `say_value`, without the sign, for a size has none.

    Parameters
    ----------
    value, low, high : float
        The size, from 0, and the ends of its interval; the ends may be NaN.
    outcome : Outcome
        The measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Both, the interval in brackets where there is one.

    Examples
    --------
    >>> " ".join(say_size(0.1, 0.05, 0.15, Outcome("settled_90_days"), "en").split())
    '10 points (5 to 15)'
    """
    return say_value(value, low, high, outcome, language).replace("+", "")


def say_share(share: float, low: float, high: float, language: str) -> str:
    r"""Say a share in per cent with its interval.

    Parameters
    ----------
    share, low, high : float
        As parts of one; the ends may be NaN.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Both, the interval in brackets where there is one.

    Examples
    --------
    >>> say_share(0.52, 0.471, 0.568, "en"), say_share(0.4421, 0.4396, 0.4446, "en")
    ('52% (47\xa0to\xa057)', '44.2% (44.0\xa0to\xa044.5)')
    """
    if math.isnan(low) or math.isnan(high):
        return f"{_percent(share, 0)}%"
    # An interval is no point: its ends differ in the digits that are said, to the hundredth of a per cent.
    decimals = next((places for places in (0, 1) if _percent(low, places) != _percent(high, places)), 2)
    if low == high:
        decimals = 0
    between = "至" if language == "zh" else "\u00a0to\u00a0"
    interval = between.join(_percent(end, decimals) for end in (low, high))
    value = f"{_percent(share, decimals)}%"
    return text("charts.with_interval", language, value=value, interval=interval)


def joined(parts: Sequence[str], language: str, most: int | None = None) -> str:
    """Join parts of a list.

    Parameters
    ----------
    parts : sequence of str
        The parts.
    language : {"zh", "en"}
        Language.
    most : int, optional
        How many to name; of the others their number is said.

    Returns
    -------
    str
        With the separator of the language.

    Examples
    --------
    >>> joined(["peace", "ecology", "culture"], "en", most=1)
    'peace, 2 more'
    """
    named = list(parts[:most])
    if len(named) < len(parts):
        named.append(text("charts.and_more", language, count=len(parts) - len(named)))
    return text("charts.list_separator", language).join(named)


def study_notes(language: str, replications: int, *keys: str, **values: Any) -> str:
    """Say what a reader of a study's figure has to know.

    Parameters
    ----------
    language : {"zh", "en"}
        Language.
    replications : int
        Runs of each point.
    *keys : str
        Keys of the notes that belong to this figure, without ``charts.note.``.
    **values : object
        What stands in them.

    Returns
    -------
    str
        One paragraph.
    """
    chosen: Mapping[str, Any] = values
    own = [text(f"charts.note.{key}", language, **chosen) for key in keys]
    common = text("charts.note.study_honesty", language, replications=replications)
    return (" " if language == "en" else "").join([*own, common])


def unit_label(outcome: Outcome, language: str) -> str:
    """Label an axis of differences with the unit of a measure.

    Parameters
    ----------
    outcome : Outcome
        The measure.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The unit; a word for an index or an unknown unit.
    """
    named = unit_name(outcome.unit, language, difference=True) if outcome.unit else ""
    return named or text("charts.unit.index", language)


def _percent(share: float, decimals: int) -> str:
    # A small negative share is 0, not minus 0.
    number = round(100 * share, decimals) + 0.0
    return f"{number:.{decimals}f}".replace("-", "−")
