"""The file of a study: its question and its settings, read and checked for what does not belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest_name
from sim.files import read_yaml, scenarios_folder
from sim.language import LANGUAGES
from sim.shelf import nearest_on_shelf

__all__ = ["STUDY_DEFAULTS", "StudyFile", "list_studies", "load_study_file"]

STUDY_DEFAULTS: Final[dict[str, Any]] = {
    "region": "yulin_zhanjiang_maoming",
    "arms": None,
    "package": "none",
    "factors": None,
    "uncertain": None,
    "parameters": None,
    "design": "list",
    "measures": "all",
    "years": 3,
    "burn_in": 3,
    "replications": 20,
    "precision": None,
    "maximum_replications": 200,
    "seed": 1,
}
"""Every setting of a study with its default."""

_TEXTS: Final = ("name", "question")


@dataclass(frozen=True)
class StudyFile:
    """A question with the settings of the study that answers it.

    Attributes
    ----------
    key : str
        Stem of its file; the name of the folder where the file is called ``study.yaml``.
    name, question : dict of str to str
        Texts by language.
    settings : dict
        The settings that differ from `STUDY_DEFAULTS`; their values are checked with the plan.
    """

    key: str
    name: dict[str, str]
    question: dict[str, str]
    settings: dict[str, Any]


def list_studies() -> list[str]:
    """Return the names of the studies that come with the project, sorted."""
    return sorted(path.stem for path in (scenarios_folder() / "study").glob("*.yaml"))


def load_study_file(name_or_path: str | Path) -> StudyFile:
    """Read a study by name, or from a file of one's own.

    Parameters
    ----------
    name_or_path : str or Path
        A name from `list_studies`, or the path of a ``.yaml`` file.

    Returns
    -------
    StudyFile
        Its texts and settings.

    Raises
    ------
    InputError
        For an unknown name or key, with the nearest one, or a missing text.

    Examples
    --------
    >>> load_study_file("five_links_shapley").settings["design"]
    'shapley'
    """
    path = _find(name_or_path)
    where = str(path)
    content = read_yaml(path)
    texts = {key: _both_languages(key, content.pop(key, None), where) for key in _TEXTS}
    for key in content:
        if key not in STUDY_DEFAULTS:
            known = (*_TEXTS, *STUDY_DEFAULTS)
            raise InputError("key", key, known, nearest_name(key, known), where=where)
    key = path.parent.name if path.stem == "study" else path.stem
    return StudyFile(key, texts["name"], texts["question"], content)


def _find(name_or_path: str | Path) -> Path:
    names = list_studies()
    if name_or_path in names:
        return scenarios_folder() / "study" / f"{name_or_path}.yaml"
    if Path(name_or_path).suffix in (".yaml", ".yml") and Path(name_or_path).is_file():
        return Path(name_or_path).resolve()
    raise InputError("study", str(name_or_path), names, nearest_on_shelf("study", name_or_path))


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
