"""Errors that speak to the person who typed: what was given, where, and what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

__all__ = [
    "Allowed",
    "CollectedInputError",
    "InputError",
    "OutputError",
    "SimulationError",
    "nearest_name",
    "system_reason",
]

Allowed = str | Mapping[str, str] | Sequence[str]
"""What would be right: a phrase, one phrase per language (``{"zh": …, "en": …}``), or the known names."""

_NAMES_SHOWN = 12
_EXPLANATION = re.compile(r"\s*[（(].*[）)]$")
_LIKE = 0.5
_VERY_LIKE = 0.7
_SHORTEST_ABBREVIATION = 3
_REASONS: Mapping[str, Mapping[str, str]] = {
    "Not a directory": {
        "zh": "它或它的上级是文件，不是文件夹",
        "en": "it, or what it should stand in, is a file and not a folder",
    },
    "Is a directory": {"zh": "那里已有同名的文件夹"},
    "File exists": {"zh": "那里已有同名的文件"},
    "a folder of that name is in the way": {"zh": "那里已有同名的文件夹"},
    "a file of that name is in the way": {"zh": "那里已有同名的文件"},
    "Permission denied": {"zh": "没有权限，或文件正被别的程序打开"},
    "Read-only file system": {"zh": "磁盘是只读的"},
    "No space left on device": {"zh": "磁盘已满"},
    "File name too long": {"zh": "名称太长"},
    "No such file or directory": {"zh": "没有这个文件或文件夹"},
    "Invalid argument": {"zh": "名称中有系统不接受的字符"},
}
_LIST_SEPARATOR = {"zh": "、", "en": ", "}
_AND_MORE = {"zh": "等共 {count} 个", "en": " … ({count} names)"}


def nearest_name(value: object, names: Iterable[str]) -> str | None:
    """Find the known name that a mistyped one most resembles.

    Case, ``-`` and ``_`` do not count as differences, because they are what people mistype most.

    Parameters
    ----------
    value : object
        What was typed; compared as text.
    names : iterable of str
        The names that exist.

    Returns
    -------
    str or None
        The nearest name, or None where nothing resembles it.

    Examples
    --------
    >>> nearest_name("five-link", ["none", "paper", "five_links"])
    'five_links'
    >>> nearest_name("zzz", ["none", "paper"]) is None
    True
    """
    by_folded: dict[str, str] = {}
    for name in names:
        by_folded[_folded(name)] = name
        # What stands in brackets behind a title explains it; nobody types it.
        by_folded.setdefault(_folded(_EXPLANATION.sub("", name)), name)
    typed = _folded(str(value))
    found = difflib.get_close_matches(typed, by_folded, n=1, cutoff=_LIKE)
    is_sure = found and difflib.SequenceMatcher(None, found[0], typed).ratio() >= _VERY_LIKE
    shortened = [] if is_sure else [name for name in by_folded if _is_abbreviation(typed, name)]
    found = sorted(shortened, key=len)[:1] or found
    return by_folded[found[0]] if found else None


def system_reason(reason: str, language: str) -> str:
    """Say in a language why the system refuses a file.

    Parameters
    ----------
    reason : str
        What the system says.
    language : {"zh", "en"}
        Language of the reader.

    Returns
    -------
    str
        The reason; as it is where no translation is known.

    Examples
    --------
    >>> system_reason("No space left on device", "zh")
    '磁盘已满'
    """
    return _REASONS.get(reason, {}).get(language, reason)


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def _is_abbreviation(typed: str, name: str) -> bool:
    """Tell whether a name begins as what was typed and has all of its letters in their order."""
    if len(typed) < _SHORTEST_ABBREVIATION or not name.startswith(typed[:2]):
        return False
    rest = iter(name)
    return all(letter in rest for letter in typed)


class SimulationError(Exception):
    """Base of every error this package raises on purpose."""

    def message(self, language: str = "en") -> str:
        """Say the error in one sentence.

        Parameters
        ----------
        language : {"zh", "en"}
            Language of the sentence; anything else is answered in English.

        Returns
        -------
        str
            One sentence with its full stop.
        """
        return super().__str__()

    def __str__(self) -> str:
        """Say the error in English."""
        return self.message("en")


class InputError(SimulationError):
    """Something that was typed or read is not usable.

    Parameters
    ----------
    field : str
        Name of the key, argument or column, as the user wrote it.
    value : object
        What was given.
    allowed : str, mapping of str to str, or sequence of str
        What would be right: a phrase that completes "allowed: …", such a phrase for each language,
        or the known names.
    nearest : str or mapping of str to str, optional
        The nearest known name; one text, or one for each language. Where ``allowed`` is a sequence of names
        and ``value`` a text, it is looked up when not given.
    where : str or mapping of str to str, optional
        File and row, or the part of the configuration; one text, or one for each language.

    Examples
    --------
    >>> print(InputError("years", -1, "a whole number from 1 to 50"))
    years = -1 is not usable; allowed: a whole number from 1 to 50.
    >>> print(InputError("package", "five_link", ["none", "five_links"], where="study.yaml, line 3"))
    study.yaml, line 3: package = 'five_link' is not usable; allowed: none, five_links; nearest: five_links.
    """

    def __init__(
        self,
        field: str,
        value: object,
        allowed: Allowed,
        nearest: str | Mapping[str, str] | None = None,
        where: str | Mapping[str, str] | None = None,
    ) -> None:
        # All arguments go to Exception so that the error survives the way back from a worker process.
        super().__init__(field, value, allowed, nearest, where)
        self.field = field
        self.value = value
        self.allowed = allowed
        names = None if isinstance(allowed, (str, Mapping)) else allowed
        if nearest is None and names is not None and isinstance(value, str):
            nearest = nearest_name(value, names)
        self.nearest = nearest
        self.where = where

    def message(self, language: str = "en") -> str:
        """Say in one sentence what was given, what is allowed and which name is nearest.

        Parameters
        ----------
        language : {"zh", "en"}
            Language of the sentence; anything else is answered in English.

        Returns
        -------
        str
            One sentence with its full stop.

        Examples
        --------
        >>> InputError("seed", -1, {"zh": "非负整数", "en": "a whole number from 0"}).message("zh")
        'seed = -1 不可用；可用：非负整数。'
        """
        chinese = language == "zh"
        allowed = _phrase(self.allowed, "zh" if chinese else "en")
        value = _shown(self.value)
        if chinese:
            where = f"{_phrase(self.where, 'zh')}：" if self.where else ""
            nearest = f"；最接近的是 {_phrase(self.nearest, 'zh')}" if self.nearest else ""
            return f"{where}{self.field} = {value} 不可用；可用：{allowed}{nearest}。"
        where = f"{_phrase(self.where, 'en')}: " if self.where else ""
        nearest = f"; nearest: {_phrase(self.nearest, 'en')}" if self.nearest else ""
        return f"{where}{self.field} = {value} is not usable; allowed: {allowed}{nearest}."


class CollectedInputError(InputError):
    """Several things that were read are not usable; all of them are kept.

    Whoever handles one `InputError` meets the first of them; a checker shows `mistakes` one by one.

    Parameters
    ----------
    mistakes : sequence of InputError
        Two or more, in the order in which they are to be told.

    Examples
    --------
    >>> print(CollectedInputError([InputError("a", 1, "b"), InputError("c", 2, "d")]))
    a = 1 is not usable; allowed: b (and 1 more; python -m sim check lists all).
    """

    def __init__(self, mistakes: Sequence[InputError]) -> None:
        self.mistakes = tuple(mistakes)
        first = self.mistakes[0]
        super().__init__(first.field, first.value, first.allowed, first.nearest, first.where)
        self.args = (self.mistakes,)

    def message(self, language: str = "en") -> str:
        """Say the first mistake, and how many more there are.

        Parameters
        ----------
        language : {"zh", "en"}
            Language of the sentence; anything else is answered in English.

        Returns
        -------
        str
            One sentence with its full stop.
        """
        first, more = super().message(language), len(self.mistakes) - 1
        if language == "zh":
            return f"{first.removesuffix('。')}（另有 {more} 处；python -m sim check 全部列出）。"
        return f"{first.removesuffix('.')} (and {more} more; python -m sim check lists all)."


class OutputError(SimulationError):
    """A result cannot be written.

    Parameters
    ----------
    path : str or Path
        File or folder that was to be written.
    reason : str or mapping of str to str
        Why not, as the system says it, or a phrase for each language.

    Examples
    --------
    >>> print(OutputError("results/effects.csv", "No space left on device"))
    results/effects.csv cannot be written: No space left on device.
    """

    def __init__(self, path: str | Path, reason: str | Mapping[str, str]) -> None:
        super().__init__(path, reason)
        self.path = Path(path)
        self.reason = reason

    def message(self, language: str = "en") -> str:
        """Say in one sentence what cannot be written and why.

        Parameters
        ----------
        language : {"zh", "en"}
            Language of the sentence; a reason of the system that is not known stays as it is.

        Returns
        -------
        str
            One sentence with its full stop.
        """
        language = "zh" if language == "zh" else "en"
        told = self.reason
        reason = system_reason(told, language) if isinstance(told, str) else _phrase(told, language)
        reason = reason.rstrip(".。")
        if language == "zh":
            return f"无法写入 {self.path}：{reason}。"
        return f"{self.path} cannot be written: {reason}."


def _phrase(text: Allowed, language: str) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, Mapping):
        return text.get(language) or text["en"]
    phrase = _LIST_SEPARATOR[language].join(text[:_NAMES_SHOWN])
    if len(text) > _NAMES_SHOWN:
        phrase += _AND_MORE[language].format(count=len(text))
    return phrase


def _shown(value: object) -> str:
    # A whole table pasted into one field would bury the sentence; of a long path the end says most.
    text = repr(value.item()) if type(value).__module__ == "numpy" and hasattr(value, "item") else repr(value)
    return text if len(text) <= 120 else f"{text[:40]}…{text[-79:]}"
