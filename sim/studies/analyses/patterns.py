"""Patterns that a parameter set must satisfy, and the runs that show whether it does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.constants import SECURITY
from sim.errors import InputError, nearest_name
from sim.files import read_yaml, scenarios_folder
from sim.parameters import PARAMETERS
from sim.studies.analyses.outcomes import baseline_of, mean_interval, outcome_of, region_of
from sim.studies.checks import number_between
from sim.studies.store.reader import Study
from sim.studies.study_model import BorderRuns, file_digest
from sim.studies.study_plan import StudyPlan, plan_study

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

__all__ = [
    "Pattern",
    "PatternRuns",
    "judge_patterns",
    "load_patterns",
    "pattern_values",
    "plan_with_patterns",
]

_KEYS: Final = ("name", "measure", "over", "parameter", "town", "low", "high")
_TOWN: Final = "interior.town_disputes."


@dataclass(frozen=True)
class Pattern:
    """One pattern.

    Attributes
    ----------
    key : str
        Its key, such as P13_village.
    name : dict of str to str
        Texts by language.
    low, high : float
        Where it holds; -inf or inf where that side is open.
    measure : str
        Column ``scope.measure.tier``, or empty.
    over : str
        Column that the measure is divided by, or empty.
    parameter : str
        Parameter that is the pattern itself, or empty.
    """

    key: str
    name: dict[str, str]
    low: float
    high: float
    measure: str = ""
    over: str = ""
    parameter: str = ""

    @property
    def town(self) -> str:
        """Code of the town whose disputes it counts, or empty."""
        return self.measure.removeprefix(_TOWN) if self.measure.startswith(_TOWN) else ""


@dataclass(frozen=True, eq=False)
class PatternRuns(BorderRuns):
    """Runs that also count the disputes of some towns.

    Attributes
    ----------
    towns : tuple of str
        Codes of the towns.
    """

    towns: tuple[str, ...] = ()

    def measured(self, run: Simulation) -> dict[str, float]:
        """Measure a finished run, with the disputes a year that became known in each town."""
        return super().measured(run) | {
            f"{_TOWN}{code}": _known_in_town(run, code, self.burn_in_days) for code in self.towns
        }

    def check(self) -> None:
        """Refuse a town that a border does not have, and what any run would refuse."""
        from sim.world.world import lay_out

        super().check()
        for region in self.regions.values():
            known = lay_out(region, 0).town_code
            for code in self.towns:
                if code not in known:
                    raise InputError("town", code, list(known), nearest_name(code, known))

    def identity(self) -> dict[str, Any]:
        """Give what decides the numbers; how a town's disputes are counted is code of this file."""
        identity = super().identity()
        code = {**identity["code"], "sim/studies/analyses/patterns.py": file_digest(Path(__file__))}
        return {**identity, "code": code, "towns": list(self.towns)}


def load_patterns(name_or_path: str | Path) -> tuple[Pattern, ...]:
    """Read calibration patterns by the name of a region, or from a file of one's own.

    Parameters
    ----------
    name_or_path : str or Path
        A file of ``scenarios/calibration`` without its ending, or the path of a ``.yaml`` file.

    Returns
    -------
    tuple of Pattern
        In the order of the file.

    Raises
    ------
    InputError
        For an unknown name, key, measure or parameter, or limits that exclude everything.

    Examples
    --------
    >>> [pattern.key for pattern in load_patterns("yulin_zhanjiang_maoming")]
    ['P06', 'P12', 'P13_village', 'P13_county', 'P27', 'P30']
    """
    folder = scenarios_folder() / "calibration"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    path = folder / f"{name_or_path}.yaml" if name_or_path in known else Path(name_or_path)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        raise InputError("patterns", str(name_or_path), known)
    return tuple(_read(key, entry, path.name) for key, entry in read_yaml(path).items())


def plan_with_patterns(settings: str | Path | Mapping[str, Any], patterns: Sequence[Pattern]) -> StudyPlan:
    """Plan a study whose runs show what the patterns need.

    Parameters
    ----------
    settings : str, Path or mapping
        A study; its first arm is what the patterns are read on.
    patterns : sequence of Pattern
        The patterns.

    Returns
    -------
    StudyPlan
        For `sim.run_study`.

    Raises
    ------
    InputError
        For anything that is not usable.
    """
    plan = plan_study(settings)
    assert isinstance(plan.model, BorderRuns)
    needed = {name.split(".")[1] for pattern in patterns for name in (pattern.measure, pattern.over) if name}
    towns = tuple(pattern.town for pattern in patterns if pattern.town)
    kept = {item.name: getattr(plan.model, item.name) for item in fields(BorderRuns)}
    kept["measures"] = plan.model.measures | {name for name in needed if not name.startswith("town_")}
    return plan.with_model(PatternRuns(**kept, towns=towns))


def pattern_values(study: Study, pattern: Pattern, *, region: str | None = None) -> pd.DataFrame:
    """Give the value of a pattern for every parameter set and replication.

    Parameters
    ----------
    study : Study
        A study with a baseline.
    pattern : Pattern
        The pattern.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    pandas.DataFrame
        Parameter sets × replications; a parameter has the same value in each.

    Raises
    ------
    InputError
        If the study did not keep what it takes.
    """
    points = study.points[study.points["region"] == region_of(study, region)]
    # A set is judged on its own baseline, and is found by its number.
    base = points[points["point"] == points["baseline_point"]].set_index("parameter_set")["point"]
    baseline_of(study)
    if pattern.parameter:
        name = f"parameter_{pattern.parameter}"
        settings = study.manifest["identity"]["model"].get("parameters", {})
        fixed = settings.get(pattern.parameter, PARAMETERS[pattern.parameter].default)
        column = points.set_index("point").get(name, pd.Series(fixed, index=points["point"]))
        return pd.DataFrame({0: column.reindex(base).to_numpy()}, index=base.index)
    outcome = outcome_of(pattern.measure)
    values = study.values(outcome.measure, outcome.scope, outcome.tier).reindex(base)
    if pattern.over:
        below = outcome_of(pattern.over)
        values = values / study.values(below.measure, below.scope, below.tier).reindex(base)
    return values.set_axis(base.index, axis=0)


def judge_patterns(study: Study, patterns: Sequence[Pattern], *, region: str | None = None) -> pd.DataFrame:
    """Judge every parameter set by every pattern.

    Parameters
    ----------
    study : Study
        A study with a baseline.
    patterns : sequence of Pattern
        The patterns.
    region : str, optional
        Name of the border where the study has several.

    Returns
    -------
    pandas.DataFrame
        parameter_set, pattern, value, low, high (95 % over replications), replications, fits (whether the
        mean lies within the limits), excluded (whether the whole interval lies outside them).

    Raises
    ------
    InputError
        If the study did not keep what a pattern needs.
    """
    rows = []
    for pattern in patterns:
        values = pattern_values(study, pattern, region=region)
        table: NDArray[np.float64] = values.to_numpy(np.float64)
        for number, row in zip(values.index, table, strict=True):
            mean, low, high = mean_interval(row)
            if pattern.parameter:
                low = high = mean
            fits = pattern.low <= mean <= pattern.high
            excluded = high < pattern.low or low > pattern.high
            count = int((~np.isnan(row)).sum())
            rows.append((int(number), pattern.key, mean, low, high, count, fits, excluded))
    names = ["parameter_set", "pattern", "value", "low", "high", "replications", "fits", "excluded"]
    return pd.DataFrame(rows, columns=names)


def _known_in_town(run: Simulation, code: str, first_day: int) -> float:
    """Count the disputes a year that became known in a town: within its villages, and on their ties."""
    world, cases = run.world, run.cases
    inside = world.village_town == world.town_code.index(code)
    tie = cases["tie"]
    ends = np.maximum(tie, 0)
    here = np.where(tie >= 0, inside[world.tie_a[ends]] | inside[world.tie_b[ends]], inside[cases["village"]])
    is_dispute = (cases["domain"] != SECURITY) & (cases["legacy"] == 0)
    in_time = (cases["known"] >= first_day) & (cases["known"] < run.day)
    return float((is_dispute & here & in_time).sum() / ((run.day - first_day) / 365.0))


def _read(key: str, entry: object, where: str) -> Pattern:
    if not isinstance(entry, Mapping):
        raise InputError(key, entry, {"zh": "一个模式的设置", "en": "the settings of a pattern"}, where=where)
    for name in entry:
        if name not in _KEYS:
            raise InputError(f"{key}.key", name, _KEYS, nearest_name(str(name), _KEYS), where=where)
    texts = entry.get("name")
    if not isinstance(texts, Mapping) or set(texts) != {"zh", "en"}:
        both = {"zh": "zh 与 en 两种文字", "en": "a text in each of zh and en"}
        raise InputError(f"{key}.name", texts, both, where=where)
    low = number_between(f"{key}.low", entry["low"], -1e300, 1e300) if "low" in entry else -math.inf
    high = number_between(f"{key}.high", entry["high"], low, 1e300) if "high" in entry else math.inf
    kinds = [name for name in ("measure", "parameter", "town") if name in entry]
    if len(kinds) != 1:
        one = {"zh": "measure、parameter、town 三者之一", "en": "one of measure, parameter and town"}
        raise InputError(key, ", ".join(kinds), one, where=where)
    parameter = str(entry.get("parameter", ""))
    if parameter and parameter not in PARAMETERS:
        near = nearest_name(parameter, PARAMETERS)
        raise InputError(f"{key}.parameter", parameter, tuple(PARAMETERS), near, where=where)
    measure = f"{_TOWN}{entry['town']}" if "town" in entry else str(entry.get("measure", ""))
    over = str(entry.get("over", ""))
    for name in (measure, over):
        if name:
            outcome_of(name)
    return Pattern(str(key), dict(texts), low, high, measure, over, parameter)
