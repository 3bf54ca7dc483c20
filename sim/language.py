"""Everything a user reads, in Chinese and English: one catalogue, one file for each area in ``sim/texts``."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sim.errors import InputError, nearest_name
from sim.files import read_yaml

__all__ = ["LANGUAGES", "catalogue", "check_language", "placeholders", "read_texts", "text", "unit_words"]

LANGUAGES: Final = ("zh", "en")


def check_language(language: object) -> str:
    """Accept a language that the catalogue has.

    Parameters
    ----------
    language : object
        "zh" or "en".

    Returns
    -------
    str
        The language.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> check_language("zh")
    'zh'
    >>> check_language("fr")
    Traceback (most recent call last):
    sim.errors.InputError: language = 'fr' is not usable; allowed: zh, en.
    """
    if isinstance(language, str) and language in LANGUAGES:
        return language
    raise InputError("language", language, LANGUAGES)


def text(key: str, language: str, **values: object) -> str:
    """Say a text of the catalogue.

    Parameters
    ----------
    key : str
        Key of the text.
    language : {"zh", "en"}
        Language to say it in.
    **values : object
        What its placeholders stand for, in the format language of `str.format`.

    Returns
    -------
    str
        The text with its values.

    Raises
    ------
    InputError
        If the key, the language or one of the values is missing.

    Examples
    --------
    >>> text("language.name", "en")
    'English'
    >>> text("language.title", "en")
    Traceback (most recent call last):
    sim.errors.InputError: text = 'language.title' is not usable; allowed: a key of the catalogue...
    """
    language = check_language(language)
    entries = catalogue()
    if key not in entries:
        raise InputError("text", key, _A_KEY, nearest=nearest_name(key, entries))
    template = entries[key][language]
    try:
        return template.format(**values)
    except KeyError as error:
        needed = ", ".join(sorted(placeholders(template)))
        allowed = {"zh": f"给出全部取值：{needed}", "en": f"a value for each of {needed}"}
        raise InputError(f"text {key}", str(error.args[0]), allowed) from None


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Read the whole catalogue once.

    Returns
    -------
    mapping of str to mapping of str to str
        For each key its text in each language; it cannot be changed.

    Raises
    ------
    InputError
        If a text lacks a language, its placeholders differ between languages, or a key stands in two files.

    Examples
    --------
    >>> sorted(catalogue()["language.name"])
    ['en', 'zh']
    """
    return read_texts(Path(__file__).resolve().parent / "texts")


def unit_words(unit: str, language: str) -> str:
    """Say a unit of a parameter, a measure or a setting.

    Parameters
    ----------
    unit : str
        The unit, as its table has it.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The unit in that language.

    Raises
    ------
    InputError
        For a unit that the texts do not know.

    Examples
    --------
    >>> unit_words("per 1,000 residents a year", "zh"), unit_words("share", "en")
    ('件/千人·年', 'share')
    """
    return text("unit." + unit.replace(",", "").replace(" ", "_"), language)


def read_texts(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Read and check every file of texts in a folder.

    Parameters
    ----------
    folder : Path
        Folder of YAML files, each a mapping of keys to ``{zh: …, en: …}``.

    Returns
    -------
    mapping of str to mapping of str to str
        For each key its text in each language.

    Raises
    ------
    InputError
        As for `catalogue`, naming the file and the key.
    """
    entries: dict[str, Mapping[str, str]] = {}
    for file in sorted(folder.glob("*.yaml")):
        for key, entry in read_yaml(file).items():
            if key in entries:
                allowed = {"zh": "全部文件中唯一的键", "en": "a key that no other file has"}
                raise InputError("text", key, allowed, where=file.name)
            entries[key] = _checked(key, entry, file.name)
    return MappingProxyType(entries)


def placeholders(template: str) -> frozenset[str]:
    """Name the values that a text needs.

    Parameters
    ----------
    template : str
        A text in the format language of `str.format`.

    Returns
    -------
    frozenset of str
        The names, without format and attribute.

    Examples
    --------
    >>> sorted(placeholders("{count:,} villages in {place.name}"))
    ['count', 'place']
    """
    fields = (field for _, field, _, _ in string.Formatter().parse(template) if field is not None)
    return frozenset(field.split(".")[0].split("[")[0] for field in fields)


_A_KEY: Final = {"zh": "文字目录中的键", "en": "a key of the catalogue"}


def _checked(key: str, entry: object, file: str) -> Mapping[str, str]:
    both = {"zh": "zh 与 en 两种文字", "en": "a text in each of zh and en"}
    if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
        raise InputError(f"text {key}", entry, both, where=file)
    if not all(isinstance(words, str) and words.strip() for words in entry.values()):
        raise InputError(f"text {key}", entry, both, where=file)
    try:
        named = {language: placeholders(words) for language, words in entry.items()}
    except ValueError as error:
        allowed = {"zh": f"成对的花括号（{error}）", "en": f"braces in pairs ({error})"}
        raise InputError(f"text {key}", entry, allowed, where=file) from None
    if named["zh"] != named["en"]:
        found = " / ".join(", ".join(sorted(named[language])) or "-" for language in LANGUAGES)
        allowed = {"zh": "两种语言使用相同的占位名", "en": "the same placeholders in both languages"}
        raise InputError(f"text {key}", found, allowed, where=file)
    return MappingProxyType(dict(entry))
