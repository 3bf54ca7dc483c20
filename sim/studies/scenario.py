"""A scenario: a question, the comparison that answers it, and what to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest_name
from sim.files import read_yaml, scenarios_folder
from sim.language import LANGUAGES

__all__ = [
    "DEFAULT_ARMS",
    "DEFAULT_REGION",
    "SCENARIO_SETTINGS",
    "Scenario",
    "list_scenarios",
    "load_scenario",
]

DEFAULT_REGION: Final = "yulin_zhanjiang_maoming"
DEFAULT_ARMS: Final = ("none", "paper", "five_links", "completed")
SCENARIO_SETTINGS: Final = (
    "region",
    "package",
    "arms",
    "years",
    "burn_in",
    "replications",
    "seed",
    "parameters",
    "precision",
    "maximum_replications",
)
_TEXTS: Final = ("name", "question", "look_at")


@dataclass(frozen=True)
class Scenario:
    """A question with the settings that answer it.

    Attributes
    ----------
    key : str
        Stem of its file.
    name, question, look_at : dict of str to str
        Texts by language.
    settings : dict
        Settings of a comparison that differ from the defaults; their values are checked with the comparison.
    """

    key: str
    name: dict[str, str]
    question: dict[str, str]
    look_at: dict[str, str]
    settings: dict[str, Any]


def list_scenarios() -> list[str]:
    """Return the names of the scenarios that come with the project, sorted."""
    return sorted(path.stem for path in (scenarios_folder() / "scenario").glob("*.yaml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario by name, or from a file of one's own.

    Parameters
    ----------
    name_or_path : str or Path
        A name from `list_scenarios`, or the path of a ``.yaml`` file.

    Returns
    -------
    Scenario
        The scenario.

    Raises
    ------
    InputError
        For an unknown name, with the nearest one, or a key or text that does not belong in the file.

    Examples
    --------
    >>> load_scenario("joined_in_form").settings["arms"]
    ['none', 'paper', 'five_links']
    """
    path = _find(name_or_path)
    where = str(path)
    content = read_yaml(path)
    keys = (*_TEXTS, "settings")
    for key in content:
        if key not in keys:
            raise InputError("key", key, keys, where=where)
    texts = {key: _both_languages(key, content.get(key), where) for key in _TEXTS}
    settings = content.get("settings")
    if not isinstance(settings, Mapping):
        allowed = {"zh": "设置名到取值的映射", "en": "a mapping of settings to values"}
        raise InputError("settings", settings, allowed, where=where)
    for key in settings:
        if key not in SCENARIO_SETTINGS:
            raise InputError(
                "settings", key, SCENARIO_SETTINGS, nearest_name(str(key), SCENARIO_SETTINGS), where=where
            )
    return Scenario(path.stem, texts["name"], texts["question"], texts["look_at"], dict(settings))


def _find(name_or_path: str | Path) -> Path:
    names = list_scenarios()
    if name_or_path in names:
        return scenarios_folder() / "scenario" / f"{name_or_path}.yaml"
    if Path(name_or_path).suffix in (".yaml", ".yml"):
        path = Path(name_or_path)
        if path.is_file():
            return path
    raise InputError("scenario", str(name_or_path), names)


def _both_languages(key: str, value: object, where: str) -> dict[str, str]:
    if (
        isinstance(value, Mapping)
        and set(value) == set(LANGUAGES)
        and all(isinstance(words, str) and words.strip() for words in value.values())
    ):
        return {language: value[language].strip() for language in LANGUAGES}
    raise InputError(
        key, value, {"zh": "zh 与 en 两种文字", "en": "a text in each of zh and en"}, where=where
    )
