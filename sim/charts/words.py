"""Words that every figure shares: names of arms, scopes and tiers, and the honest footnote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sim.language import text
from sim.world.world import World

__all__ = [
    "Runs",
    "arm_names",
    "capital",
    "notes_of",
    "scope_name",
    "side_names",
    "tier_name",
    "without_brackets",
]


class Runs(Protocol):
    """What words need of a comparison or of watched runs."""

    @property
    def arms(self) -> Sequence[str]:
        """The arms, the baseline first."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Packages of the arms by key."""

    @property
    def replications(self) -> int:
        """Runs of every arm."""


def arm_names(comparison: Runs, language: str) -> dict[str, str]:
    """Name the arms in a language.

    Parameters
    ----------
    comparison : Comparison or Watched
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    dict of str to str
        The names of the packages, without what they say in brackets unless it alone tells two apart.
    """
    # An addition in brackets is for lists; in a title it would hide the finding.
    full = {arm: str(comparison.manifest["arms"][arm]["name"][language]) for arm in comparison.arms}
    short = {arm: without_brackets(name) for arm, name in full.items()}
    said = Counter(short.values())
    return {arm: name if said[name] == 1 else full[arm] for arm, name in short.items()}


def without_brackets(name: str) -> str:
    """Leave out what a name says in brackets.

    Parameters
    ----------
    name : str
        A name.

    Returns
    -------
    str
        What stands before the first bracket; the name itself where nothing does.

    Examples
    --------
    >>> without_brackets("五联（现行联盟）"), without_brackets("five links (as described)")
    ('五联', 'five links')
    """
    return re.split(r"[（(]", name)[0].strip() or name


def capital(sentence: str) -> str:
    """Begin a sentence with a capital.

    Parameters
    ----------
    sentence : str
        The sentence.

    Returns
    -------
    str
        The same; Chinese stays as it is.
    """
    return sentence[:1].upper() + sentence[1:]


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


def side_names(world: World, language: str) -> dict[str, str]:
    """Name the two sides of the border: by their provinces where there are two, else as side a and side b.

    Parameters
    ----------
    world : World
        The border.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    dict of str to str
        Names of "a" and "b".

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> side_names(lay_out(load_region("yulin_zhanjiang_maoming"), seed=1), "en")
    {'a': 'Guangxi', 'b': 'Guangdong'}
    """
    names = world.province_name_zh if language == "zh" else world.province_name_en
    if world.border_level == 4 and len(names) == 2:
        return dict(zip("ab", names, strict=True))
    return {side: text(f"charts.side.{side}", language) for side in "ab"}


def notes_of(comparison: Runs, language: str, *keys: str) -> str:
    """Say what a reader has to know: what the marks are, how many runs, and what the model is not.

    Parameters
    ----------
    comparison : Comparison or Watched
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
