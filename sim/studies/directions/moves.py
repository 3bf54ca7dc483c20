"""What is moved from low to high: levers, their settings and options, mechanisms, alone and in company."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sim.errors import InputError
from sim.levers.definitions import LEVERS, Lever
from sim.levers.lever_use import LeverUse
from sim.levers.mechanism import Mechanism
from sim.levers.mechanisms import Package, list_mechanisms, list_packages, load_mechanism, load_package

__all__ = [
    "ALONE",
    "HOME_PACKAGES",
    "Move",
    "all_moves",
    "chosen_moves",
    "content_key",
    "home_package",
    "known_mechanism",
    "known_package",
    "lever_moves",
    "mechanism_moves",
    "reference_use",
]

ALONE: Final = "alone"
"""Place of a move on a border that has nothing else."""

HOME_PACKAGES: Final = ("five_links", "completed")
"""Packages of the default region, in which levers are moved."""

_WITHOUT: Final = "without"
_WITH: Final = "with"
# Its name decides which pairs a share covers, so it is one and the same in all that is compared.
_REFERENCE: Final = "reference"

Change = Callable[[LeverUse], LeverUse]
Choice = Callable[[LeverUse], bool]


@dataclass(frozen=True, eq=False)
class Move:
    """One thing moved from low to high, everything else as it is.

    Attributes
    ----------
    kind : {"lever", "setting", "mechanism"}
        What is moved; an option of a lever, such as the kind of a joint office, counts as a setting.
    name : str
        Name of the lever or mechanism.
    setting : str
        Name of the setting; empty for a lever or mechanism as a whole.
    place : str
        `ALONE`, or the package inside which it is moved.
    low, high : str
        The two ends: numbers, options, or ``without`` and ``with``.
    low_arm, high_arm : Package or None
        The packages to compare; None where the package of the place does not have what would be moved.
    """

    kind: str
    name: str
    setting: str
    place: str
    low: str
    high: str
    low_arm: Package | None
    high_arm: Package | None

    @property
    def label(self) -> str:
        """Say in one word what is moved where, such as ``forum.items@five_links``."""
        what = f"{self.name}.{self.setting}" if self.setting else self.name
        return f"{what}@{self.place}"


def content_key(package: Package) -> str:
    """Name a package by what it does and not by what it is called.

    Parameters
    ----------
    package : Package
        An arm.

    Returns
    -------
    str
        16 hexadecimal digits; the same for packages that give every run the same institutions and cost.

    Examples
    --------
    >>> content_key(load_package("none")) == content_key(Package.of("nothing", []))
    True
    >>> content_key(load_package("none")) == content_key(load_package("paper"))
    False
    """
    members = [
        [item.key, [_plain(use) for use in item.levers], item.cost.money_yuan_per_year, item.cost.per]
        for item in package.mechanisms
        if not item.is_idle
    ]
    content = [members, package.review and package.review.as_dict()]
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()


@cache
def known_mechanism(name: str) -> Mechanism:
    """Read a mechanism of the project once; hundreds of moves and rows ask for the same few.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Mechanism
        As `sim.levers.mechanisms.load_mechanism` reads it.
    """
    return load_mechanism(name)


@cache
def known_package(name: str) -> Package:
    """Read a package of the project once.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Package
        As `sim.levers.mechanisms.load_package` reads it.
    """
    return load_package(name)


def reference_use(lever: Lever) -> LeverUse:
    """Return a lever as the mechanisms that come with the project typically use it, on the whole border.

    Each dosed setting stands at the median of the uses that have it above zero, each setting of form at
    the median of all uses, each option at the most frequent one; what no mechanism uses keeps its default.
    All tiers at which the lever may act, all ties across the border, all pairs. *Why:* a strength that
    was chosen here would be one more assumption.

    Parameters
    ----------
    lever : Lever
        Definition of the lever.

    Returns
    -------
    LeverUse
        Complete, in force from the start of the measured period.

    Examples
    --------
    >>> reference_use(LEVERS["contact"]).settings["events_per_year"]
    4.0
    >>> reference_use(LEVERS["channel"]).tiers
    ('village', 'town', 'county', 'department')
    """
    uses = [use for item in _catalogue() for use in item.levers if use.lever == lever.name]
    settings = {}
    for name, row in lever.settings.items():
        values = [use.settings[name] for use in uses if use.settings[name] > 0.0 or not row.dosed]
        settings[name] = statistics.median(values) if values else row.default
    options = {}
    for name, words in lever.options.items():
        chosen = [use.options[name] for use in uses]
        options[name] = max(words, key=lambda word, chosen=chosen: chosen.count(word))  # type: ignore[misc]
    return LeverUse.from_dict({"lever": lever.name, "settings": settings, "options": options})


def lever_moves(places: Iterable[str] = (ALONE, *HOME_PACKAGES)) -> list[Move]:
    """List every lever, and every setting and option of it, moved alone and inside packages.

    Alone, a lever goes from absent to its reference use, and a setting from one end of its range to the
    other in the reference use. Inside a package, a lever goes from taken out of every mechanism to what
    the mechanisms have, and a setting from end to end in the mechanisms that use it: those with the
    lever where it is there or not, those with the setting above zero where the lever is a sum of shares
    and hours. Where no mechanism of a package uses it the move has no arms.

    Parameters
    ----------
    places : iterable of str
        `ALONE` and names of packages.

    Returns
    -------
    list of Move
        Ordered by lever, then place, then setting.

    Examples
    --------
    >>> moves = {move.label: move for move in lever_moves()}
    >>> moves["forum.cadence_days@five_links"].low, moves["forum.cadence_days@five_links"].high
    ('7', '366')
    >>> moves["assessment@five_links"].low_arm is None
    True
    """
    moves = []
    for lever in LEVERS.values():
        for place in places:
            base = _reference_package(lever) if place == ALONE else known_package(place)
            moves.append(_lever_move(lever, place, base))
            moves += [_setting_move(lever, name, place, base) for name in lever.settings]
            moves += [_option_move(lever, name, place, base) for name in lever.options]
    return moves


def mechanism_moves(mechanisms: Iterable[str] | None = None) -> list[Move]:
    """List mechanisms, each alone and inside the package of its system.

    Alone, a border without any mechanism is compared with one that has this mechanism as described.
    Inside, the package without it is compared with the package.

    Parameters
    ----------
    mechanisms : iterable of str, optional
        Names of mechanisms; all that come with the project where left out.

    Returns
    -------
    list of Move
        Two for each mechanism.

    Examples
    --------
    >>> [move.place for move in mechanism_moves(["standing_body", "data_sharing"])]
    ['alone', 'completed', 'alone', 'pinghu_jinshan']
    """
    none = known_package("none")
    moves = []
    for key in list_mechanisms() if mechanisms is None else mechanisms:
        mechanism = known_mechanism(key)
        alone = Package.of(f"{key}@{ALONE}", [mechanism])
        moves.append(Move("mechanism", key, "", ALONE, _WITHOUT, _WITH, none, alone))
        home = home_package(mechanism)
        if home is None:
            continue
        package = known_package(home)
        left_out = replace(package.without(key), key=f"{home}-{key}")
        moves.append(Move("mechanism", key, "", home, _WITHOUT, _WITH, left_out, package))
    return moves


def home_package(mechanism: Mechanism) -> str | None:
    """Choose the package from which a mechanism is left out.

    Parameters
    ----------
    mechanism : Mechanism
        A mechanism that comes with the project.

    Returns
    -------
    str or None
        The first of: the packages of the default region; what its systems run, in the order of its file,
        or propose; any other package in alphabetical order. None where no package has it.

    Examples
    --------
    >>> home_package(load_mechanism("rotating_secretary")), home_package(load_mechanism("cadre_credit"))
    ('five_links', 'sichuan_chongqing')
    """
    systems = [name for system in mechanism.systems for name in (system, f"{system}_proposed")]
    known = list_packages()
    for name in (*HOME_PACKAGES, *(name for name in systems if name in known), *known):
        if mechanism.key in (member.key for member in known_package(name).mechanisms):
            return name
    return None


def all_moves() -> list[Move]:
    """List every move of the table of directions: levers and settings, then mechanisms.

    Returns
    -------
    list of Move
        As `lever_moves` and `mechanism_moves` give them.

    Examples
    --------
    >>> {move.kind for move in all_moves()} == {"lever", "setting", "mechanism"}
    True
    """
    return lever_moves() + mechanism_moves()


def chosen_moves(names: Iterable[str]) -> list[Move]:
    """List the moves of some levers and mechanisms.

    Parameters
    ----------
    names : iterable of str
        Names of levers and mechanisms.

    Returns
    -------
    list of Move
        In the order of `all_moves`.

    Raises
    ------
    InputError
        For a name that is neither, with the nearest one.

    Examples
    --------
    >>> [move.label for move in chosen_moves(["cross_post"])][:2]
    ['cross_post@alone', 'cross_post.hours@alone']
    """
    known = (*LEVERS, *list_mechanisms())
    wanted = set(names)
    for name in sorted(wanted):
        if name not in known:
            raise InputError("only", name, known)
    return [move for move in all_moves() if move.name in wanted]


@cache
def _catalogue() -> tuple[Mechanism, ...]:
    return tuple(map(known_mechanism, list_mechanisms()))


def _plain(use: LeverUse) -> dict[str, Any]:
    data = use.as_dict()
    # Where a number comes from does not change what it does.
    del data["basis"]
    return data


def _reference_package(lever: Lever) -> Package:
    told = {"zh": lever.zh, "en": lever.en}
    uses = (reference_use(lever),)
    mechanism = Mechanism.from_dict(
        _REFERENCE, {"name": told, "summary": told, "levers": [use.as_dict() for use in uses]}
    )
    return Package.of(lever.name, [mechanism])


def _lever_move(lever: Lever, place: str, base: Package) -> Move:
    # A dose of zero and not a gap: the number of a lever in its mechanism decides which pairs it covers.
    without = _changed(base, f"{lever.name}={_WITHOUT}", lever, lambda use: use.at_level(0.0))
    return Move("lever", lever.name, "", place, _WITHOUT, _WITH, without, base if without else None)


def _setting_move(lever: Lever, name: str, place: str, base: Package) -> Move:
    row = lever.settings[name]
    # Alone, the setting is moved even where no mechanism of the project uses it.
    everywhere = lever.by_share or not row.dosed or place == ALONE
    ends = [
        _changed(
            base,
            f"{lever.name}.{name}={value:g}",
            lever,
            lambda use, value=value: use.with_settings({name: value}),  # type: ignore[misc]
            lambda use: everywhere or use.settings[name] > 0.0,
        )
        for value in (row.low, row.high)
    ]
    return Move("setting", lever.name, name, place, f"{row.low:g}", f"{row.high:g}", ends[0], ends[1])


def _option_move(lever: Lever, name: str, place: str, base: Package) -> Move:
    words = lever.options[name]
    ends = [
        _changed(
            base,
            f"{lever.name}.{name}={word}",
            lever,
            lambda use, word=word: replace(use, options=use.options | {name: word}),  # type: ignore[misc]
        )
        for word in (words[0], words[-1])
    ]
    return Move("setting", lever.name, name, place, words[0], words[-1], ends[0], ends[1])


def _is_any(use: LeverUse) -> bool:
    return True


def _changed(
    base: Package,
    key: str,
    lever: Lever,
    change: Change,
    chosen: Choice = _is_any,
) -> Package | None:
    """Change the chosen uses of a lever in a package; None where there are none."""
    found = False
    mechanisms = []
    for mechanism in base.mechanisms:
        uses = []
        for use in mechanism.levers:
            hit = use.lever == lever.name and not use.is_idle and chosen(use)
            found |= hit
            uses.append(change(use) if hit else use)
        mechanisms.append(replace(mechanism, levers=tuple(uses)))
    return replace(base, key=f"{base.key}:{key}", mechanisms=tuple(mechanisms)) if found else None
