"""Words that every figure shares: names of arms, scopes and tiers, and the honest footnote."""

from __future__ import annotations

import re

from sim.language import text
from sim.studies.comparison import Comparison

__all__ = ["arm_names", "notes_of", "scope_name", "tier_name"]


def arm_names(comparison: Comparison, language: str) -> dict[str, str]:
    """Name the arms in a language.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    dict of str to str
        The names of the packages, without what they say in brackets.
    """
    names = {}
    for arm in comparison.arms:
        # An addition in brackets is for lists; in a title it would hide the finding.
        name = str(comparison.manifest["arms"][arm]["name"][language])
        names[arm] = re.split(r"[（(]", name)[0].strip() or name
    return names


def scope_name(scope: str, language: str) -> str:
    """Say a scope in words.

    Parameters
    ----------
    scope : {"border", "interior"}
        The scope.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Its name.

    Examples
    --------
    >>> scope_name("interior", "en")
    'inside each side'
    """
    return text(f"charts.scope.{scope}", language)


def tier_name(tier: str, language: str) -> str:
    """Say a tier in words.

    Parameters
    ----------
    tier : {"all", "village", "town", "county", "department", "upper"}
        The tier.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Its name.

    Examples
    --------
    >>> tier_name("town", "zh")
    '乡镇'
    """
    return text(f"charts.tier.{tier}", language)


def notes_of(comparison: Comparison, language: str, *keys: str) -> str:
    """Say what a reader has to know: what the marks are, how many runs, and what the model is not.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    *keys : str
        Keys of the notes that belong to this figure only, without the prefix ``charts.note.``.

    Returns
    -------
    str
        One paragraph.
    """
    own = [text(f"charts.note.{key}", language) for key in keys]
    common = text("charts.note.honesty", language, replications=comparison.replications)
    return (" " if language == "en" else "").join([*own, common])
