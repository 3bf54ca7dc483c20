"""What a comparison will run, checked completely before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sim.engine.dates import START, check_years, days_after, later
from sim.errors import Allowed, InputError, nearest_name
from sim.levers.mechanisms import Package, list_packages, load_package
from sim.levers.own import own_packages
from sim.parameters import Parameters
from sim.shelf import nearest_on_shelf
from sim.streams import check_seed
from sim.studies.checks import available_cores, number_between, whole_number
from sim.studies.scenario import DEFAULT_ARMS
from sim.world.region import Region, load_region

__all__ = ["Plan", "check_span", "load_arms", "plan_comparison"]

_MOST_REPLICATIONS: Final = 10_000
_MOST_WORKERS: Final = 1_024


@dataclass(frozen=True, eq=False)
class Plan:
    """A comparison that can be run as it stands.

    Attributes
    ----------
    region : Region
        The border.
    packages : tuple of Package
        The arms; the first is the baseline.
    years, burn_in : float
        Measured years, and years without mechanisms before them.
    replications : int
        Runs of every arm; the first batch where ``precision`` is set.
    seed : int
        Seed of the study; each replication derives its own from it.
    parameters : Parameters
        Every behavioural number.
    workers : int
        Processes; 1 runs in this process.
    precision : float or None
        Widest accepted half-width of the 95 % interval, relative to the baseline's mean.
    maximum_replications : int
        Where ``precision`` gives up.
    """

    region: Region
    packages: tuple[Package, ...]
    years: float
    burn_in: float
    replications: int
    seed: int
    parameters: Parameters
    workers: int
    precision: float | None
    maximum_replications: int

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, the baseline first."""
        return tuple(package.key for package in self.packages)

    @property
    def start(self) -> date:
        """First simulated day."""
        return START

    @property
    def measured_from(self) -> date:
        """First measured day: whole calendar years after the start, so that months are whole too."""
        return later(self.start, self.burn_in)

    @property
    def burn_in_days(self) -> int:
        """Days without mechanisms before the measured ones."""
        return days_after(0, self.burn_in)

    @property
    def days(self) -> int:
        """Measured days."""
        return days_after(self.burn_in_days, self.years)


def plan_comparison(
    region: str | Path | Region,
    arms: Sequence[str | Path | Package] | None = None,
    *,
    years: float = 3,
    burn_in: float = 3,
    replications: int = 20,
    seed: int = 1,
    workers: int | None = None,
    parameters: Mapping[str, float] | None = None,
    precision: float | None = None,
    maximum_replications: int = 200,
) -> Plan:
    """Check everything that was asked for, and load it.

    Parameters
    ----------
    region : str, Path or Region
        Name of a region, its folder, or a region already loaded.
    arms : sequence of str, Path or Package, optional
        Two or more packages by name (one that the region brings along, or one of the project), by file or as
        such; the first is the baseline. By default none and the packages that the region brings along, or
        the default arms where it brings none.
    years : float
        Measured period, above 0 and at most 50 years.
    burn_in : float
        Years without mechanisms before it, 0 to 50.
    replications : int
        2 to 10,000.
    seed : int
        0 to 2**63 - 1.
    workers : int, optional
        Processes, 1 to 1,024; as many as the machine has cores by default.
    parameters : mapping of str to float, optional
        Behavioural numbers that differ from the table's defaults.
    precision : float, optional
        Relative half-width to reach, above 0 and at most 10.
    maximum_replications : int
        At least ``replications`` where a precision is asked for.

    Returns
    -------
    Plan
        The checked plan.

    Raises
    ------
    InputError
        For the first thing that is not usable.

    Examples
    --------
    >>> plan = plan_comparison("yulin_zhanjiang_maoming", ["none", "paper"], years=1)
    >>> plan.arms, plan.days
    (('none', 'paper'), 365)
    """
    checked_years, checked_burn_in = check_span(years, burn_in)
    checked_replications = whole_number("replications", replications, 2, _MOST_REPLICATIONS)
    checked_maximum = whole_number("maximum_replications", maximum_replications, 2, _MOST_REPLICATIONS)
    checked_precision = None
    if precision is not None:
        checked_precision = number_between("precision", precision, 0.0, 10.0, above=True)
        if checked_maximum < checked_replications:
            allowed = {
                "zh": f"不小于 replications（{checked_replications}）的整数",
                "en": f"a whole number not below replications ({checked_replications})",
            }
            raise InputError("maximum_replications", maximum_replications, allowed)
    checked_workers = (
        available_cores() if workers is None else whole_number("workers", workers, 1, _MOST_WORKERS)
    )
    checked_seed = check_seed(seed)
    border = region if isinstance(region, Region) else load_region(region)
    own = own_packages(border)
    if arms is None:
        arms = (DEFAULT_ARMS[0], *own) if own else DEFAULT_ARMS
    return Plan(
        region=border,
        packages=load_arms(arms, own),
        years=checked_years,
        burn_in=checked_burn_in,
        replications=checked_replications,
        seed=checked_seed,
        parameters=_parameters(parameters),
        workers=checked_workers,
        precision=checked_precision,
        maximum_replications=checked_maximum,
    )


def check_span(years: object, burn_in: object) -> tuple[float, float]:
    """Accept a measured period and the years before it.

    Parameters
    ----------
    years : object
        Measured years, at least a month.
    burn_in : object
        Years without mechanisms, from 0.

    Returns
    -------
    years, burn_in : float
        Both, checked.

    Raises
    ------
    InputError
        For anything else.
    """
    checked = check_years("years", years)
    if checked * 12.0 < 1.0:
        raise InputError("years", years, {"zh": "至少一个月（1/12 年）", "en": "at least a month (1/12)"})
    return checked, check_years("burn_in", burn_in, may_be_zero=True)


def _parameters(given: object) -> Parameters:
    if isinstance(given, Parameters):
        return given
    if given is None or isinstance(given, Mapping):
        return Parameters(given)
    raise InputError("parameters", given, {"zh": "名称到数值的映射", "en": "a mapping of names to numbers"})


def load_arms(
    arms: object, own: Mapping[str, Package], least: int = 2, field: str = "arms"
) -> tuple[Package, ...]:
    """Load packages, each once.

    Parameters
    ----------
    arms : object
        A list of packages by name, file or as such; the first is the baseline.
    own : mapping of str to Package
        Packages that the border brings along.
    least : int
        How many there must be.
    field : str
        Where they stand, for the message.

    Returns
    -------
    tuple of Package
        The packages.

    Raises
    ------
    InputError
        For anything else.
    """
    count = {"zh": "两个", "en": "two"} if least > 1 else {"zh": "一个", "en": "one"}
    allowed: Allowed = {
        "zh": f"{count['zh']}或更多不同的方案，第一个为基准，例如 [none, five_links]",
        "en": f"{count['en']} or more different packages, the baseline first, such as [none, five_links]",
    }
    if isinstance(arms, (str, Path, Package, Mapping)) or not isinstance(arms, Sequence):
        raise InputError(field, arms, allowed)
    if len(arms) < least:
        raise InputError(field, list(arms), allowed)
    packages = tuple(_package(arm, own, field) for arm in arms)
    seen: set[str] = set()
    for package in packages:
        if package.key in seen:
            raise InputError(field, package.key, {"zh": "每个方案只出现一次", "en": "each package once"})
        seen.add(package.key)
    return packages


def _package(arm: object, own: Mapping[str, Package], field: str) -> Package:
    if isinstance(arm, str) and arm in own:
        return own[arm]
    if isinstance(arm, str) and own and nearest_name(arm, list_packages()) is None:
        names = [*own, *list_packages()]
        raise InputError(field, arm, names, nearest_name(arm, own) or nearest_on_shelf("package", arm))
    if isinstance(arm, str):
        try:
            return load_package(arm)
        except InputError as error:
            if error.value != arm:
                raise
            # Not found; a mistake inside the file names something else.
            nearest = nearest_on_shelf("package", arm) or error.nearest
            raise InputError(error.field, arm, error.allowed, nearest, error.where) from None
    if isinstance(arm, (Path, Package)):
        return load_package(arm)
    raise InputError(field, arm, {"zh": "方案的名称", "en": "the name of a package"})
