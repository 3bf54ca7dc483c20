"""What was typed: composed, checked and turned into a plan, before anything is run or written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.command.overrides import AN_OVERRIDE, KEYS, NUMBERS, expand_jobs, is_of_loader, stored_scenario
from sim.errors import InputError
from sim.files import scenarios_folder
from sim.language import check_language
from sim.studies.scenario import Scenario

if TYPE_CHECKING:
    from sim.studies.plan import Plan

__all__ = [
    "CONFIG_NAME",
    "Settings",
    "compose_all",
    "compose_jobs",
    "config_folder",
    "result_folder",
    "settings_from",
]

CONFIG_NAME: Final = "comparison"
_BASELINE: Final = "none"


@dataclass(frozen=True)
class Settings:
    """The settings of one comparison, as composed; `plan` checks what a comparison checks.

    Attributes
    ----------
    region : object
        Name or folder.
    arms : object
        Names of packages, the baseline first; None for those that the region brings along, or the default.
    numbers : dict
        years, burn_in, replications, seed, workers, precision, maximum_replications.
    parameters : dict
        Every behavioural number.
    language : str
        zh or en.
    out : Path or None
        Folder of the results.
    scenario : Scenario or None
        The scenario they come from.
    """

    region: object
    arms: object
    numbers: dict[str, Any]
    parameters: dict[str, Any]
    language: str
    out: Path | None
    scenario: Scenario | None

    def plan(self) -> Plan:
        """Check everything and load it.

        Returns
        -------
        Plan
            What will run.

        Raises
        ------
        InputError
            For the first thing that is not usable.
        """
        from sim.studies.plan import plan_comparison

        region = self.region
        if not isinstance(region, str):
            raise InputError(
                "region", region, {"zh": "地区的名称或文件夹", "en": "name or folder of a region"}
            )
        arms = self.arms
        if self.scenario is not None and isinstance(arms, list):
            # The arms of a story may be written into it.
            own = self.scenario.packages()
            arms = [own.get(arm, arm) if isinstance(arm, str) else arm for arm in arms]
        return plan_comparison(region, arms, parameters=self.parameters, **self.numbers)  # type: ignore[arg-type]


def config_folder() -> Path:
    """Find the folder of the primary configuration."""
    return scenarios_folder() / "config"


def compose_all(overrides: Sequence[str], *, multirun: bool, most: int = 100) -> Iterator[Settings]:
    """Compose the settings of every comparison.

    Parameters
    ----------
    overrides : sequence of str
        As `prepare_overrides` returns them.
    multirun : bool
        Whether to expand keys that have several values.
    most : int
        Jobs that are checked before the first one runs; each further one is checked when its turn comes.

    Yields
    ------
    Settings
        One for each job.

    Raises
    ------
    InputError
        If they cannot be composed.
    """
    for composed in compose_jobs(CONFIG_NAME, overrides, multirun=multirun, most=most):
        yield settings_from(composed)


def compose_jobs(
    config: str, overrides: Sequence[str], *, multirun: bool, most: int = 100
) -> Iterator[dict[Any, Any]]:
    """Compose the configuration of every job.

    Parameters
    ----------
    config : str
        Name of the primary configuration.
    overrides : sequence of str
        As `prepare_overrides` returns them.
    multirun : bool
        Whether to expand keys that have several values.
    most : int
        Jobs that are composed at most.

    Yields
    ------
    dict
        Plain data, interpolations resolved.

    Raises
    ------
    InputError
        If they cannot be composed.
    """
    from hydra import compose, initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    jobs = expand_jobs(overrides) if multirun else iter([list(overrides)])
    with initialize_config_dir(config_dir=str(config_folder()), version_base="1.3", job_name="sim"):
        for job in itertools.islice(jobs, most):
            own = [override for override in job if not is_of_loader(override)]
            try:
                composed = OmegaConf.to_container(compose(config, own), resolve=True, throw_on_missing=True)
            except (HydraException, OmegaConfBaseException, TypeError) as error:
                raise InputError(" ".join(own), _first_line(error), AN_OVERRIDE) from error
            assert isinstance(composed, dict)
            yield composed


def settings_from(composed: Mapping[Any, Any]) -> Settings:
    """Turn a composed configuration into settings.

    Parameters
    ----------
    composed : mapping
        Plain data, interpolations resolved.

    Returns
    -------
    Settings
        The settings; whatever a comparison needs is checked by `Settings.plan`.

    Raises
    ------
    InputError
        For a key that nobody reads, an unknown language, an ``out`` that is no path, or both a package
        and arms.
    """
    for key in composed:
        if key not in KEYS:
            raise InputError("key", key, KEYS)
    package, arms = composed.get("package"), composed.get("arms")
    if package is not None:
        if arms is not None:
            allowed = {"zh": "package 与 arms 只给其一", "en": "either package or arms, not both"}
            raise InputError("package", package, allowed)
        if not isinstance(package, str):
            raise InputError("package", package, {"zh": "方案的名称", "en": "the name of a package"})
        if package == _BASELINE:
            allowed = {
                "zh": "none 以外的方案，因为基准就是 none",
                "en": "a package other than none, which is the baseline",
            }
            raise InputError("package", package, allowed)
        arms = [_BASELINE, package]
    out = result_folder(composed.get("out"))
    if out is not None:
        _refuse_foreign_folder(out)
    parameters = composed.get("parameters")
    if not isinstance(parameters, Mapping):
        allowed = {"zh": "形如 parameters.名称=数值", "en": "as in parameters.name=number"}
        raise InputError("parameters", parameters, allowed)
    scenario = composed.get("scenario")
    return Settings(
        region=composed.get("region"),
        arms=arms,
        numbers={key: composed[key] for key in NUMBERS},
        parameters={str(name): value for name, value in parameters.items()},
        language=check_language(composed.get("language")),
        out=out,
        scenario=stored_scenario(scenario),
    )


def result_folder(out: object) -> Path | None:
    """Accept the folder of results.

    Parameters
    ----------
    out : object
        A path, or None.

    Returns
    -------
    Path or None
        The folder.

    Raises
    ------
    InputError
        For anything else.
    """
    if out is None:
        return None
    if not isinstance(out, str) or not out.strip() or "\0" in out:
        raise InputError("out", out, {"zh": "文件夹的路径", "en": "the path of a folder"})
    return Path(out).expanduser()


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _refuse_foreign_folder(folder: Path) -> None:
    """Refuse to write among files that are not earlier results, so that nothing of the user's is replaced."""
    # A sweep leaves multirun.yaml where a single run leaves its manifest.
    earlier = any((folder / name).is_file() for name in ("manifest.json", "multirun.yaml"))
    if folder.is_dir() and any(folder.iterdir()) and not earlier:
        allowed = {
            "zh": "新的或空的文件夹，或存有以前结果的文件夹（含 manifest.json）",
            "en": "a new or empty folder, or one with earlier results (a manifest.json)",
        }
        raise InputError("out", str(folder), allowed)
