"""The settings of a region: its name, its words, and which line is the border."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sim.errors import InputError, nearest_name
from sim.language import LANGUAGES, catalogue
from sim.world.mistakes import Mistakes
from sim.world.sources import Source
from sim.world.words import choice_label

#: Boundary levels in ascending order: the lowest level whose unit contains both sides of a line.
BOUNDARY_LEVELS: Final = ("town", "county", "prefecture", "province", "nation")

SETTINGS: Final = ("name", "title", "border_level", "description", "sources")


def read_settings(source: Source, mistakes: Mistakes) -> dict[str, Any]:
    """Read the settings, and give each that is missing its default.

    Parameters
    ----------
    source : Source
        Where they come from.
    mistakes : Mistakes
        Takes an unknown key, a level that is none, a text that lacks a language, a name that is no word.

    Returns
    -------
    dict
        Fields of `sim.world.region.Region`; `border_level` is None where it is to be found from the tables.
    """
    given = source.settings
    for key in given:
        if key not in (*SETTINGS, "generator"):
            mistakes.add_error(InputError("key", key, SETTINGS, where=source.where(key)))
    stem = source.path.resolve().stem or "border"
    title = _two_languages(source, "title", {"zh": stem, "en": stem}, mistakes)
    otherwise = dict(catalogue()["border.default.description"])
    description = _two_languages(source, "description", otherwise, mistakes)
    sources = given.get("sources", [])
    if not isinstance(sources, list):
        allowed = {"zh": "文字列表", "en": "a list of texts"}
        mistakes.add_error(InputError("sources", sources, allowed, where=source.where("sources")))
        sources = []
    return {
        "name": _name(source, stem, mistakes),
        "title_zh": title["zh"],
        "title_en": title["en"],
        "description_zh": description["zh"],
        "description_en": description["en"],
        "border_level": _border_level(source, mistakes),
        "sources": tuple(str(one) for one in sources),
    }


def _name(source: Source, stem: str, mistakes: Mistakes) -> str:
    if "name" not in source.settings:
        word = re.sub(r"\W+", "_", stem).strip("_")
        return word if word.isidentifier() else f"border_{word}"
    name = source.settings["name"]
    if isinstance(name, str) and name.isidentifier():
        return name
    allowed = {"zh": "字母、数字和下划线", "en": "letters, digits and underscores"}
    mistakes.add_error(InputError("name", name, allowed, where=source.where("name")))
    return "border"


def _border_level(source: Source, mistakes: Mistakes) -> int | None:
    given = source.settings.get("border_level")
    if given is None:
        return None
    # The line inside a town is no border: both sides have the same town committee.
    levels = BOUNDARY_LEVELS[1:]
    for level in levels:
        if given in (level, *(choice_label(f"line.{level}", language) for language in LANGUAGES)):
            return BOUNDARY_LEVELS.index(level)
    labels = {one: [choice_label(f"line.{level}", one) for level in levels] for one in LANGUAGES}
    allowed = {
        "zh": "、".join(labels["zh"]),
        "en": ", ".join(f"{level} ({label})" for level, label in zip(levels, labels["en"], strict=True)),
    }
    nearest = nearest_name(given, [*levels, *labels["zh"], *labels["en"]]) if isinstance(given, str) else None
    mistakes.add_error(InputError("border_level", given, allowed, nearest, source.where("border_level")))
    return None


def _two_languages(
    source: Source, key: str, otherwise: Mapping[str, str], mistakes: Mistakes
) -> dict[str, str]:
    if key not in source.settings:
        return dict(otherwise)
    value = source.settings[key]
    if isinstance(value, Mapping) and set(value) == set(LANGUAGES) and all(value.values()):
        return {language: str(value[language]).strip() for language in LANGUAGES}
    allowed = {"zh": "zh 与 en 各一段文字", "en": "a text in zh and a text in en"}
    mistakes.add_error(InputError(key, value, allowed, where=source.where(key)))
    return dict(otherwise)
