"""Mechanisms and packages of mechanisms: read from files, dosed, confined, combined.

A mechanism is data – a list of levers – and a package is a list of mechanisms.  Adding either needs
a file and no code.

Examples
--------
>>> duty = load_mechanism("rotating_secretary")
>>> sorted({use.lever for use in duty.levers})
['duty']
>>> duty.at_level(0).is_idle
True
>>> [mechanism.key for mechanism in load_package("paper").mechanisms]
['framework_agreement', 'party_joint_meeting']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.files import read_yaml, scenarios_folder
from sim.levers import checks
from sim.levers.lever_use import LeverUse, Scope
from sim.levers.mechanism import Cost, Mechanism, Source, check_name
from sim.levers.review_rule import ReviewRule

__all__ = [
    "Cost",
    "LeverUse",
    "Mechanism",
    "Package",
    "ReviewRule",
    "Scope",
    "Source",
    "list_mechanisms",
    "list_packages",
    "load_mechanism",
    "load_package",
    "read_packages",
]

_PACKAGE_KEYS = ("name", "summary", "extends", "without", "mechanisms", "review")
_ENTRY_KEYS = ("level", "start_year", "end_year", "scope", "settings", "options")


@dataclass(frozen=True)
class Package:
    """A set of mechanisms that a border adopts: one arm of a comparison.

    Attributes
    ----------
    key : str
        Name in results.
    name, summary : dict of str to str
        Texts by language.
    mechanisms : tuple of Mechanism
        The mechanisms, resolved: dosed, confined and dated, in the order of the file.
    review : ReviewRule or None
        How its units drop mechanisms and take them over; None where every mechanism stays where it is.
    """

    key: str
    name: dict[str, str]
    summary: dict[str, str]
    mechanisms: tuple[Mechanism, ...]
    review: ReviewRule | None = None

    @classmethod
    def of(
        cls,
        key: str,
        mechanisms: Iterable[Mechanism | str],
        *,
        name: dict[str, str] | None = None,
        summary: dict[str, str] | None = None,
        review: ReviewRule | None = None,
    ) -> Package:
        """Combine mechanisms, given as such or by name, into a package without a file.

        Examples
        --------
        >>> Package.of("duty_only", ["rotating_secretary"]).mechanisms[0].id
        'M21'
        """
        members = tuple(load_mechanism(item) for item in mechanisms)
        seen: set[str] = set()
        for mechanism in members:
            if mechanism.key in seen:
                allowed = {"zh": "每个机制只出现一次", "en": "each mechanism once"}
                raise InputError("mechanisms", mechanism.key, allowed, where=key)
            seen.add(mechanism.key)
        named = name or {"zh": key, "en": key}
        told = summary or {
            language: ", ".join(member.name[language] for member in members) or named[language]
            for language in ("zh", "en")
        }
        return cls(key, named, told, members, review)

    def without(self, *keys: str) -> Package:
        """Return the package without some of its mechanisms."""
        own = tuple(mechanism.key for mechanism in self.mechanisms)
        for key in keys:
            if key not in own:
                raise InputError("without", key, own, where=self.key)
        return replace(self, mechanisms=tuple(item for item in self.mechanisms if item.key not in keys))

    def as_dict(self) -> dict[str, Any]:
        """Return name, summary and every mechanism as plain data, for manifests."""
        mechanisms = {mechanism.key: mechanism.as_dict() for mechanism in self.mechanisms}
        data = {"name": dict(self.name), "summary": dict(self.summary), "mechanisms": mechanisms}
        return data if self.review is None else data | {"review": self.review.as_dict()}


def list_mechanisms() -> list[str]:
    """Return the names of the mechanisms that come with the project, sorted."""
    return sorted(path.stem for path in (scenarios_folder() / "mechanism").glob("*.yaml"))


def list_packages() -> list[str]:
    """Return the names of the packages that come with the project, sorted."""
    return sorted(path.stem for path in (scenarios_folder() / "package").glob("*.yaml"))


def load_mechanism(name_or_path: str | Path | Mechanism) -> Mechanism:
    """Read a mechanism by name, or from a file of one's own.

    Parameters
    ----------
    name_or_path : str, Path or Mechanism
        A name from `list_mechanisms`, or the path of a ``.yaml`` file; a mechanism is returned as it is.

    Returns
    -------
    Mechanism
        The mechanism at its full dose.

    Raises
    ------
    InputError
        For an unknown name (with the nearest one) or a mistake in the file.
    """
    if isinstance(name_or_path, Mechanism):
        return name_or_path
    path = _find(name_or_path, "mechanism", list_mechanisms(), None, None)
    return Mechanism.from_dict(path.stem, read_yaml(path), where=str(path))


def load_package(name_or_path: str | Path | Package) -> Package:
    """Read a package by name, or from a file of one's own, with all its mechanisms.

    Parameters
    ----------
    name_or_path : str, Path or Package
        A name from `list_packages`, or the path of a ``.yaml`` file; a package is returned as it is.
        A package file names mechanisms and packages of the project, or files relative to itself.

    Returns
    -------
    Package
        The package.

    Raises
    ------
    InputError
        For an unknown name (with the nearest one), a mistake in a file, or a package that extends itself.
    """
    if isinstance(name_or_path, Package):
        return name_or_path
    return _read_package(_find(name_or_path, "package", list_packages(), None, None), ())


def read_packages(packages: object, mechanisms: object, path: Path) -> dict[str, Package]:
    """Read packages that are written into another file, such as the arms of a scenario.

    Parameters
    ----------
    packages : mapping or None
        Packages by key, each as in a file of its own. One may extend a package of the project or one that
        stands above it here.
    mechanisms : mapping or None
        Mechanisms by key, each as in a file of its own, for these packages only.
    path : Path
        The file: named in messages, and where relative references start.

    Returns
    -------
    dict of str to Package
        The packages in the order of the file.

    Raises
    ------
    InputError
        For a mistake in a package or a mechanism, or a key that the project gives to something else.

    Examples
    --------
    >>> texts = {"name": {"zh": "会", "en": "talks"}, "summary": {"zh": "会", "en": "talks"}}
    >>> talks = {"talks": texts | {"extends": "paper", "without": ["framework_agreement"]}}
    >>> [item.key for item in read_packages(talks, None, Path("own.yaml"))["talks"].mechanisms]
    ['party_joint_meeting']
    """
    where = str(path)
    own: dict[str, Mechanism] = {}
    for key, data in checks.mapping(mechanisms, "mechanisms", where).items():
        _refuse_taken(key, list_mechanisms(), "mechanisms", where)
        own[key] = Mechanism.from_dict(key, data, where=f"{where}, {key}")
    read: dict[str, Package] = {}
    for key, data in checks.mapping(packages, "packages", where).items():
        _refuse_taken(key, list_packages(), "packages", where)
        given = checks.mapping(data, f"packages.{key}", where)
        read[key] = _package_of(key, given, path.parent, f"{where}, {key}", (), own, read)
    return read


def _refuse_taken(key: str, known: list[str], field: str, where: str) -> None:
    if key in known:
        allowed = {"zh": "项目中尚未使用的名称", "en": "a name that nothing in the project has yet"}
        raise InputError(field, key, allowed, where=where)


def _read_package(path: Path, above: tuple[Path, ...]) -> Package:
    if path.resolve() in above:
        allowed = {"zh": "不以自身为基础的方案", "en": "a package that does not build on this one"}
        raise InputError("extends", path.stem, allowed, where=str(above[-1]))
    return _package_of(path.stem, read_yaml(path), path.parent, str(path), (*above, path.resolve()), {}, {})


def _package_of(
    key: str,
    data: dict[str, Any],
    beside: Path,
    where: str,
    above: tuple[Path, ...],
    own: Mapping[str, Mechanism],
    siblings: Mapping[str, Package],
) -> Package:
    """Make a package of its data; own mechanisms and siblings are those of the same file."""
    check_name(key, where)
    checks.check_keys(data, _PACKAGE_KEYS, ("name", "summary"), "", where)
    base, extended = data.get("extends"), None
    if isinstance(base, str) and base in siblings:
        extended = siblings[base]
    elif base is not None:
        extended = _read_package(_find(base, "extends", [*list_packages(), *siblings], beside, where), above)
    members = {item.key: item for item in extended.mechanisms} if extended else {}
    review = extended.review if extended else None
    if data.get("review") is not None:
        review = ReviewRule.from_dict(data["review"], where=where)
    for name in checks.texts_of(data["without"], "without", where) if data.get("without") else ():
        members.pop(checks.choice(name, tuple(members), "without", where))
    for reference, entry in checks.mapping(data.get("mechanisms"), "mechanisms", where).items():
        mechanism = own.get(reference)
        if mechanism is None:
            source = _find(reference, "mechanisms", [*list_mechanisms(), *own], beside, where)
            mechanism = Mechanism.from_dict(source.stem, read_yaml(source), where=str(source))
        members[mechanism.key] = _resolved(mechanism, entry, where)
    return Package(
        key=key,
        name=checks.bilingual(data["name"], "name", where),
        summary=checks.bilingual(data["summary"], "summary", where),
        mechanisms=tuple(members.values()),
        review=review,
    )


def _resolved(mechanism: Mechanism, entry: object, where: str) -> Mechanism:
    field = f"mechanisms.{mechanism.key}"
    given = checks.mapping(entry, field, where)
    checks.check_keys(given, _ENTRY_KEYS, (), field, where)
    start, end = checks.window(given.get("start_year", 0.0), given.get("end_year"), field, where)
    mechanism = mechanism.with_settings(given.get("settings"), field=f"{field}.settings", where=where)
    mechanism = mechanism.with_options(given.get("options"), field=f"{field}.options", where=where)
    if given.get("scope") is not None:
        mechanism = mechanism.within(Scope.from_dict(given["scope"], field=f"{field}.scope", where=where))
    level = checks.number(given.get("level", 1.0), 0.0, 1.0, f"{field}.level", where)
    return mechanism.during(start, end).at_level(level)


def _find(reference: object, kind: str, known: list[str], beside: Path | None, where: str | None) -> Path:
    """Find a file by the name of the project's own, or by path (relative to the file that names it)."""
    folder = scenarios_folder() / ("package" if kind == "extends" else kind.removesuffix("s"))
    if isinstance(reference, str) and reference in known:
        return folder / f"{reference}.yaml"
    if isinstance(reference, Path) or (isinstance(reference, str) and reference.endswith((".yaml", ".yml"))):
        path = Path(reference)
        if beside is not None and not path.is_absolute():
            path = beside / path
        if path.is_file():
            return path
        allowed = {"zh": "存在的文件或已有名称", "en": "a file that exists, or a known name"}
        raise InputError(kind, str(reference), allowed, where=where)
    raise InputError(kind, reference, _files_of(reference) or tuple(known), where=where)


def _files_of(reference: object) -> tuple[str, ...]:
    """List the files of a folder that was named in place of one of them."""
    if not isinstance(reference, str) or not reference.strip():
        return ()
    try:
        return tuple(str(path) for path in sorted(Path(reference).glob("*.yaml")))
    except (OSError, ValueError):
        return ()
