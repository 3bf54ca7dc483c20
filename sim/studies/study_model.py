"""What a study runs: the border model – or any other that answers the same three questions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from sim.errors import InputError
from sim.levers.mechanisms import Mechanism, Package
from sim.parameters import Parameters
from sim.world.region import Region

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

__all__ = ["DOSED", "BorderRuns", "StudyModel", "border_sources", "file_digest", "package_content"]

DOSED: Final = "dosed"
"""Name of the arm that stands for a package with the factors of a sample at their doses."""

# What decides the numbers of a run, from the package's folder.
_SOURCES: Final = (
    "compiler.py",
    "elementary.py",
    "parameters.py",
    "quantile.py",
    "streams.py",
    "wide.py",
    "world/**/*.py",
    "levers/**/*.py",
    "rules/**/*.py",
    "engine/**/*.py",
    "measures/**/*.py",
    "studies/replication.py",
    "studies/study_model.py",
)
_TEXTS: Final = ("name", "summary", "source", "failure", "id", "transferred")
# What these hold counts through the packages made of them.
_NO_GROUND: Final = ("mechanisms", "levers")


class StudyModel(Protocol):
    """What the runner asks of a model; it is sent to every worker once and must be picklable."""

    def begin(self, region: str, parameters: Mapping[str, float], seed: int) -> Any:
        """Live what all arms share."""

    def live(self, past: Any, arm: str, doses: Mapping[str, float]) -> Mapping[str, float]:
        """Run one arm from there: a value for each ``scope.measure.tier``, NaN where undefined."""

    def check(self) -> None:
        """Refuse what would fail in every run."""

    def content(self, arm: str, doses: Mapping[str, float]) -> Any:
        """Give what an arm is, as plain data: arms of equal content are run once."""

    def identity(self) -> dict[str, Any]:
        """Give what decides the numbers, as nested plain data: a study continues only where it is equal."""


@dataclass(frozen=True, eq=False)
class BorderRuns:
    """The border model as a study runs it.

    Attributes
    ----------
    regions : dict of str to Region
        The borders.
    packages : dict of str to Package
        The arms as they are, the baseline first.
    package : Package
        What the factors are added to, or dosed in.
    factors : dict of str to tuple of Mechanism
        The mechanisms that each factor moves together.
    parameters : dict of str to float
        Behavioural numbers that differ from the defaults in every run.
    burn_in_days, days : int
        Days before mechanisms, and measured days.
    measures : frozenset of str
        Which measures to keep.
    """

    regions: dict[str, Region]
    packages: dict[str, Package]
    package: Package
    factors: dict[str, tuple[Mechanism, ...]]
    parameters: dict[str, float]
    burn_in_days: int
    days: int
    measures: frozenset[str]

    def begin(self, region: str, parameters: Mapping[str, float], seed: int) -> Simulation:
        """Lay out the border and live the burn-in."""
        from sim.studies.replication import live_burn_in

        every = Parameters({**self.parameters, **parameters})
        return live_burn_in(self.regions[region], every, seed, self.burn_in_days)

    def live(self, past: Simulation, arm: str, doses: Mapping[str, float]) -> dict[str, float]:
        """Continue under one arm and measure it."""
        from sim.studies.replication import live_under

        return self.measured(live_under(self.institutions(arm, doses), past, self.days))

    def measured(self, run: Simulation) -> dict[str, float]:
        """Measure a finished run.

        Parameters
        ----------
        run : Simulation
            Lived to its end.

        Returns
        -------
        dict of str to float
            A value for each ``scope.measure.tier``, NaN where undefined.
        """
        from sim.measures.summary import measure_rows

        return {
            f"{scope}.{name}.{tier}": value
            for scope, name, tier, value in measure_rows(run, self.burn_in_days, run.day)
            if name in self.measures
        }

    def institutions(self, arm: str, doses: Mapping[str, float]) -> Package:
        """Give the package of an arm: as it is, or with every factor at its dose.

        Parameters
        ----------
        arm : str
            Name of a package, or ``dosed``.
        doses : mapping of str to float
            Dose of every factor, 0 to 1, for ``dosed``.

        Returns
        -------
        Package
            The mechanisms at their doses, without those at 0.
        """
        if arm != DOSED:
            return self.packages[arm]
        members = {mechanism.key: mechanism for mechanism in self.package.mechanisms}
        for factor, dose in doses.items():
            for mechanism in self.factors[factor]:
                members[mechanism.key] = members.get(mechanism.key, mechanism).at_level(dose)
        return Package.of(DOSED, (member for member in members.values() if not member.is_idle))

    def content(self, arm: str, doses: Mapping[str, float]) -> dict[str, Any]:
        """Give what the package of an arm does."""
        return package_content(self.institutions(arm, doses))

    def check(self) -> None:
        """Compile every arm on every border once, factors at their full dose.

        Raises
        ------
        InputError
            For a mechanism that names places a border does not have.
        """
        from sim.studies.replication import check_packages

        full = dict.fromkeys(self.factors, 1.0)
        packages = [*self.packages.values(), *([self.institutions(DOSED, full)] if self.factors else [])]
        for name, region in self.regions.items():
            try:
                check_packages(packages, region, Parameters(self.parameters), 0, self.days)
            except InputError as error:
                if len(self.regions) == 1:
                    raise
                raise InputError(
                    error.field, error.value, error.allowed, error.nearest, where=f"region {name}"
                ) from error

    def identity(self) -> dict[str, Any]:
        """Give digests of code and regions, and the content of packages and factors."""
        return {
            "code": border_sources(),
            "regions": {name: _region_digests(region) for name, region in self.regions.items()},
            "packages": {name: package_content(package) for name, package in self.packages.items()},
            "package": package_content(self.package),
            "factors": {
                name: package_content(Package.of(name, mechanisms))
                for name, mechanisms in self.factors.items()
            },
            "parameters": dict(Parameters(self.parameters)),
            "burn_in_days": self.burn_in_days,
            "days": self.days,
            "measures": sorted(self.measures),
        }


def border_sources(package: Path | None = None) -> dict[str, str]:
    """Give a digest of every source file that decides the numbers of a run.

    Parameters
    ----------
    package : Path, optional
        Folder of the package; this one by default.

    Returns
    -------
    dict of str to str
        16 hexadecimal digits by path, such as ``sim/streams.py``.

    Examples
    --------
    >>> "sim/engine/kernel.py" in border_sources()
    True
    """
    package = package or Path(__file__).resolve().parents[1]
    files = sorted(file for pattern in _SOURCES for file in package.glob(pattern))
    return {f"sim/{file.relative_to(package).as_posix()}": file_digest(file) for file in files}


def file_digest(file: Path) -> str:
    """Give a digest of a source file.

    Parameters
    ----------
    file : Path
        The file.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> len(file_digest(Path(__file__)))
    16
    """
    # Line ends differ between systems and decide nothing.
    return _digest(file.read_bytes().replace(b"\r\n", b"\n"))


def package_content(package: Package) -> dict[str, Any]:
    """Give what a package does, without what it is called.

    Parameters
    ----------
    package : Package
        The package.

    Returns
    -------
    dict
        Tiers, levers and cost by mechanism, without mechanisms that change nothing.

    Examples
    --------
    >>> from sim.levers.mechanisms import load_package
    >>> package_content(load_package("none")), list(package_content(load_package("paper")))
    ({}, ['framework_agreement', 'party_joint_meeting'])
    """
    return {
        mechanism.key: {key: value for key, value in mechanism.as_dict().items() if key not in _TEXTS}
        for mechanism in package.mechanisms
        if not mechanism.is_idle
    }


def _region_digests(region: Region) -> dict[str, str]:
    tables = {item.name: getattr(region, item.name) for item in fields(region) if item.name not in _NO_GROUND}
    digests = {
        name: _digest(table.drop(columns="line", errors="ignore").to_csv(index=False).encode())
        for name, table in tables.items()
        if isinstance(table, pd.DataFrame)
    }
    return {"border_level": str(region.border_level), **digests}


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()
