"""A scenario: a question, the comparison that answers it, and what to look at.

Examples
--------
>>> story = load_scenario("missing_body")
>>> story.settings["arms"]
['five_links', 'body_without_decision', 'body_with_decision']
>>> [item.key for item in story.packages()["body_with_decision"].mechanisms][-1]
'standing_body'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest_name
from sim.files import read_yaml, scenarios_folder
from sim.language import LANGUAGES
from sim.levers import checks
from sim.levers.mechanisms import Package, read_packages
from sim.measures.definitions import MEASURES
from sim.shelf import nearest_on_shelf

__all__ = [
    "DEFAULT_ARMS",
    "DEFAULT_REGION",
    "MONTHLY_MEASURES",
    "SCENARIO_SETTINGS",
    "Finding",
    "Scenario",
    "list_scenarios",
    "load_scenario",
    "recorded_scenario",
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
_FINDING_KEYS: Final = ("measure", "tier", "scope", "against", "from_year")
MONTHLY_MEASURES: Final = (
    "coverage_7_days",
    "coverage_30_days",
    "offences",
    "willingness",
    "willingness_withdrawn",
    "attendance",
    "effort",
    "suspension_gap",
    "trust",
    "section_compliance",
)
"""Measures that are kept month by month, so that a finding may be about the years after a turn of events."""


@dataclass(frozen=True)
class Finding:
    """One thing that a scenario looks at; what is found is computed from the intervals of a run.

    Attributes
    ----------
    measure : str
        Key of the measure.
    tier : str
        Tier of the measure.
    scope : {"border", "interior"}
        Where.
    against : str or None
        Arm with which the arms after it are compared; None for the baseline.
    from_year : float or None
        Years after the start of the measured period from which on months count; None for all of it.
    """

    measure: str
    tier: str = "all"
    scope: str = "border"
    against: str | None = None
    from_year: float | None = None


_ORDINARY: Final = (Finding("settled_90_days"), Finding("staff_days"))


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
    findings : tuple of Finding
        What the answer is computed from, a sentence each.
    path : Path
        Its file.
    own : dict
        Packages and mechanisms of its own, as written; `packages` reads them.
    """

    key: str
    name: dict[str, str]
    question: dict[str, str]
    look_at: dict[str, str]
    settings: dict[str, Any]
    findings: tuple[Finding, ...]
    path: Path
    own: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def region(self) -> str:
        """Name or folder of the region it plays in."""
        return str(self.settings.get("region", DEFAULT_REGION))

    def packages(self) -> dict[str, Package]:
        """Read the packages that are written into the scenario itself.

        Returns
        -------
        dict of str to Package
            By key; empty where all arms are packages of the project.

        Raises
        ------
        InputError
            For a mistake in one of them.
        """
        return read_packages(self.own.get("packages"), self.own.get("mechanisms"), self.path)

    def record(self) -> dict[str, Any]:
        """Give what a result has to keep to answer the question later, as plain data.

        Returns
        -------
        dict
            Key, texts and findings; `recorded_scenario` reads it.
        """
        return {
            "key": self.key,
            **{name: dict(getattr(self, name)) for name in _TEXTS},
            "findings": [asdict(item) for item in self.findings],
        }


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
    keys = (*_TEXTS, "settings", "findings", "packages", "mechanisms")
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
    return Scenario(
        path.stem,
        texts["name"],
        texts["question"],
        texts["look_at"],
        dict(settings),
        _findings(content.get("findings"), where),
        path,
        {key: content.get(key) for key in ("packages", "mechanisms")},
    )


def recorded_scenario(record: Mapping[str, Any], where: str) -> Scenario:
    """Read back the scenario that a result was made for.

    Parameters
    ----------
    record : mapping
        What `Scenario.record` gave.
    where : str
        Its file, for the message.

    Returns
    -------
    Scenario
        Key, texts and findings; settings and packages are those of the result.

    Raises
    ------
    InputError
        For a record that is not one.

    Examples
    --------
    >>> story = load_scenario("joined_in_form")
    >>> recorded_scenario(story.record(), "manifest.json").findings == story.findings
    True
    """
    record = checks.mapping(record, "scenario", where)
    texts = {key: _both_languages(key, record.get(key), where) for key in _TEXTS}
    key = checks.phrase(record.get("key"), "scenario.key", where)
    return Scenario(
        key, **texts, settings={}, findings=_findings(record.get("findings"), where), path=Path(where)
    )


def _findings(listed: object, where: str) -> tuple[Finding, ...]:
    if listed is None:
        return _ORDINARY
    if not isinstance(listed, list) or not listed:
        allowed = {"zh": "至少一项的列表", "en": "a list of at least one item"}
        raise InputError("findings", listed, allowed, where=where)
    return tuple(_finding(item, f"findings[{number}]", where) for number, item in enumerate(listed, start=1))


def _finding(item: object, inside: str, where: str) -> Finding:
    given = checks.mapping(item, inside, where)
    checks.check_keys(given, _FINDING_KEYS, ("measure",), inside, where)
    measure = checks.choice(given["measure"], tuple(MEASURES), f"{inside}.measure", where)
    from_year = given.get("from_year")
    if from_year is not None:
        checks.choice(measure, MONTHLY_MEASURES, f"{inside}.measure", where)
        from_year = checks.number(from_year, 0.0, 50.0, f"{inside}.from_year", where, "years")
    tiers = MEASURES[measure].tiers
    against = given.get("against")
    return Finding(
        measure,
        checks.choice(given.get("tier", tiers[0]), tiers, f"{inside}.tier", where),
        checks.choice(given.get("scope", "border"), ("border", "interior"), f"{inside}.scope", where),
        None if against is None else checks.phrase(against, f"{inside}.against", where),
        from_year,
    )


def _find(name_or_path: str | Path) -> Path:
    names = list_scenarios()
    if name_or_path in names:
        return scenarios_folder() / "scenario" / f"{name_or_path}.yaml"
    if Path(name_or_path).suffix in (".yaml", ".yml"):
        path = Path(name_or_path)
        if path.is_file():
            return path
    raise InputError("scenario", str(name_or_path), names, nearest_on_shelf("scenario", name_or_path))


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
