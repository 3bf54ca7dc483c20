"""Strict reading of what people write in mechanism and package files."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.errors import InputError
from sim.language import LANGUAGES, unit_words

__all__ = [
    "bilingual",
    "check_keys",
    "choice",
    "choices",
    "codes",
    "flag",
    "mapping",
    "number",
    "phrase",
    "texts_of",
    "whole",
    "window",
]


def mapping(value: object, field: str, where: str | None) -> dict[str, Any]:
    """Return a mapping with text keys; nothing at all counts as an empty one.

    Parameters
    ----------
    value : object
        What was written.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For anything else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise InputError(field, value, {"zh": "映射（键: 值）", "en": "a mapping (key: value)"}, where=where)
    return dict(value)


def check_keys(
    data: Mapping[str, object],
    known: Iterable[str],
    required: Iterable[str],
    field: str,
    where: str | None,
) -> None:
    """Refuse keys that nobody reads, and say which one is missing.

    Parameters
    ----------
    data : mapping
        What was written.
    known, required : iterable of str
        Keys that are read, and keys that must have a value.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For a key too many or too few.
    """
    names = tuple(known)
    for key in data:
        if key not in names:
            raise InputError(f"{field} key" if field else "key", key, names, where=where)
    for key in required:
        if data.get(key) is None:
            allowed = {"zh": f"必须给出 {key}", "en": f"a value for {key}, which is required"}
            raise InputError(_join(field, key), data.get(key), allowed, where=where)


def number(value: object, low: float, high: float, field: str, where: str | None, unit: str = "") -> float:
    """Return a finite number within its range; a truth value is no number.

    Parameters
    ----------
    value : object
        What was written.
    low, high : float
        The range, both ends included; an infinite end is open.
    field, where : str, str or None
        Names of field and file in messages.
    unit : str
        Unit in messages, one that `sim.language.unit_words` knows.

    Raises
    ------
    InputError
        For anything else.
    """
    ok = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not ok or not math.isfinite(float(value)) or not low <= float(value) <= high:  # type: ignore[arg-type]
        zh = f"（单位：{unit_words(unit, 'zh')}）" if unit else ""
        en = f" {unit_words(unit, 'en')}" if unit else ""
        if math.isinf(high):
            allowed = {"zh": f"不小于 {low:g} 的数{zh}", "en": f"a number from {low:g}{en}"}
        else:
            allowed = {
                "zh": f"{low:g} 到 {high:g} 之间的数{zh}",
                "en": f"a number from {low:g} to {high:g}{en}",
            }
        raise InputError(field, value, allowed, where=where)
    return float(value)  # type: ignore[arg-type]


def whole(value: object, low: int, high: int, field: str, where: str | None) -> int:
    """Return a whole number within its range; a truth value is no number.

    Parameters
    ----------
    value : object
        What was written.
    low, high : int
        The range, both ends included.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For anything else.
    """
    ok = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not ok or not low <= int(value) <= high:  # type: ignore[call-overload]
        allowed = {"zh": f"{low} 到 {high} 的整数", "en": f"a whole number from {low} to {high}"}
        raise InputError(field, value, allowed, where=where)
    return int(value)  # type: ignore[call-overload, no-any-return]


def flag(value: object, field: str, where: str | None) -> bool:
    """Return a truth value.

    Parameters
    ----------
    value : object
        What was written.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For anything else.
    """
    if not isinstance(value, bool):
        raise InputError(field, value, ("true", "false"), where=where)
    return value


def phrase(value: object, field: str, where: str | None) -> str:
    """Return a text that is not empty.

    Parameters
    ----------
    value : object
        What was written.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For anything else.
    """
    if not isinstance(value, str) or not value.strip():
        raise InputError(field, value, {"zh": "非空文字", "en": "a text that is not empty"}, where=where)
    return value.strip()


def bilingual(value: object, field: str, where: str | None) -> dict[str, str]:
    """Return a text in both languages.

    Parameters
    ----------
    value : object
        What was written.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For a language that is missing, empty or unknown.
    """
    data = mapping(value, field, where)
    check_keys(data, LANGUAGES, LANGUAGES, field, where)
    return {language: phrase(data[language], _join(field, language), where) for language in LANGUAGES}


def choice(value: object, names: Sequence[str], field: str, where: str | None) -> str:
    """Return one of the known names.

    Parameters
    ----------
    value : object
        What was written.
    names : sequence of str
        The known names.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For any other; the message tells the nearest.
    """
    if not isinstance(value, str) or value not in names:
        raise InputError(field, value, tuple(names), where=where)
    return value


def choices(value: object, names: Sequence[str], field: str, where: str | None) -> tuple[str, ...]:
    """Return some of the known names, in the order of the names, each once.

    Parameters
    ----------
    value : object
        What was written.
    names : sequence of str
        The known names.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For any other; the message tells the nearest.
    """
    given = texts_of(value, field, where)
    for item in given:
        choice(item, names, field, where)
    return tuple(name for name in names if name in given)


def texts_of(value: object, field: str, where: str | None) -> tuple[str, ...]:
    """Return a list of texts; a single text counts as a list of one, an empty list is refused.

    Parameters
    ----------
    value : object
        What was written.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, Sequence) or not value or not all(isinstance(item, str) for item in value):
        raise InputError(
            field, value, {"zh": "至少含一项的文字列表", "en": "a list of at least one name"}, where=where
        )
    return tuple(value)


def codes(value: object, field: str, where: str | None) -> tuple[str, ...]:
    """Return a list of codes or names of places; a code written without quotes is still a code.

    Parameters
    ----------
    value : object
        What was written.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For anything else.
    """
    items = [value] if isinstance(value, (str, int)) else value
    if isinstance(items, Sequence) and not any(isinstance(item, bool) for item in items):
        items = [str(item) if isinstance(item, int) else item for item in items]
    return texts_of(items, field, where)


def window(start: object, end: object, field: str, where: str | None) -> tuple[float, float | None]:
    """Return start and end in years from the start of the measured period; no end means for good.

    Parameters
    ----------
    start, end : object
        What was written.
    field, where : str, str or None
        Names of field and file in messages.

    Raises
    ------
    InputError
        For a start before the measured period, or an end that is not after the start.
    """
    unit = "years from the start of the measured period"
    first = number(start, 0.0, math.inf, _join(field, "start_year"), where, unit)
    if end is None:
        return first, None
    last = number(end, 0.0, math.inf, _join(field, "end_year"), where, unit)
    if last <= first:
        allowed = {
            "zh": f"晚于 start_year（{first:g}）的年数",
            "en": f"a number of years above start_year ({first:g})",
        }
        raise InputError(_join(field, "end_year"), end, allowed, where=where)
    return first, last


def _join(field: str, key: str) -> str:
    return f"{field}.{key}" if field else key
