"""One use of one lever: where, when, for whom and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.errors import InputError
from sim.levers import checks
from sim.levers.definitions import DOMAINS, LEVERS, TIERS, Lever

__all__ = ["SIDES", "TIES", "LeverUse", "Scope"]

TIES = ("all", "land", "river", "legacy", "named")
"""Which ties a scope may select: all, those over land, on the river, with an open legacy claim, or
the pairs that the region names."""

SIDES = ("both", "a", "b")
"""Whose offices and banks a lever reaches; side a of a pair lies in the unit that the tables name first."""

_BY_SUBJECT = ("assessment", "routing")
_BY_SIDE = ("assessment", "capacity")
_SCOPE_KEYS = ("counties", "county_pairs", "towns", "villages", "ties", "border_only")
_USE_KEYS = (
    "lever",
    "tiers",
    "settings",
    "options",
    "share",
    "domains",
    "side",
    "start_year",
    "end_year",
    "scope",
    "basis",
)


@dataclass(frozen=True)
class Scope:
    """Selection of ties; offices, teams and segments are covered through their ties.

    A pair of offices is covered where at least one of its ties is selected.  Fields that are given
    must all hold; whether the places exist is checked against a world, when a mechanism is compiled.

    Attributes
    ----------
    counties, towns, villages : tuple of str
        Codes or names (zh or en; villages by code): ties with at least one side in them.
    county_pairs : tuple of pairs of str
        Codes or names: ties whose two sides lie in one of these pairs of counties.
    ties : str
        One of `TIES`.
    border_only : bool
        True where only ties across the border of the region are covered.
    """

    counties: tuple[str, ...] = ()
    county_pairs: tuple[tuple[str, str], ...] = ()
    towns: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    ties: str = "all"
    border_only: bool = True

    @classmethod
    def from_dict(cls, data: object, *, field: str = "scope", where: str | None = None) -> Scope:
        """Read a scope; every mistake is named.

        Parameters
        ----------
        data : mapping or None
            Keys as the attributes; None gives the default, the whole border.
        field : str
            Name of the field in messages.
        where : str, optional
            File in messages.

        Returns
        -------
        Scope
            The scope.

        Raises
        ------
        InputError
            For an unknown key or kind of tie, an empty list, or a pair that is no pair.

        Examples
        --------
        >>> Scope.from_dict({"county_pairs": [[450922, "440881"]]}).county_pairs
        (('450922', '440881'),)
        """
        given = checks.mapping(data, field, where)
        checks.check_keys(given, _SCOPE_KEYS, (), field, where)
        places = {
            key: checks.codes(given[key], f"{field}.{key}", where)
            for key in ("counties", "towns", "villages")
            if given.get(key) is not None
        }
        pairs: tuple[tuple[str, str], ...] = ()
        if given.get("county_pairs") is not None:
            pairs = _pairs(given["county_pairs"], f"{field}.county_pairs", where)
        return cls(
            **places,
            county_pairs=pairs,
            ties=checks.choice(given.get("ties", "all"), TIES, f"{field}.ties", where),
            border_only=checks.flag(given.get("border_only", True), f"{field}.border_only", where),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that differ from the default, in the form that `from_dict` reads."""
        data: dict[str, Any] = {
            key: list(value)
            for key, value in (
                ("counties", self.counties),
                ("towns", self.towns),
                ("villages", self.villages),
            )
            if value
        }
        if self.county_pairs:
            data["county_pairs"] = [list(pair) for pair in self.county_pairs]
        if self.ties != "all":
            data["ties"] = self.ties
        if not self.border_only:
            data["border_only"] = False
        return data


@dataclass(frozen=True)
class LeverUse:
    """A lever as a mechanism uses it.

    Attributes
    ----------
    lever : str
        Name of the lever, a key of `sim.levers.definitions.LEVERS`.
    tiers : tuple of str
        Tiers at which it acts; empty where the lever acts on ties, teams or segments.
    settings : dict of str to float
        Every setting of the lever, given or default, in the unit of its definition.
    options : dict of str to str
        Every option of the lever, given or default.
    share : float
        Share of the covered pairs of offices, or ties, that have it, 0 to 1.
    domains : tuple of str
        Subjects it is about. Only assessment, routing, and levers between departments (which go by
        subject) tell them apart; of every other lever this is all of them.
    side : str
        One of `SIDES`. Only assessment and capacity, which are given to single offices and banks, tell the
        sides apart; whatever holds between two offices belongs to both.
    start_year, end_year : float, float or None
        Years from the start of the measured period; None means for good.
    scopes : tuple of Scope
        Selections of ties, all of which must hold.
    basis : str
        Where the numbers come from: a source, or "assumption".
    """

    lever: str
    tiers: tuple[str, ...]
    settings: dict[str, float]
    options: dict[str, str]
    share: float = 1.0
    domains: tuple[str, ...] = DOMAINS
    side: str = "both"
    start_year: float = 0.0
    end_year: float | None = None
    scopes: tuple[Scope, ...] = (Scope(),)
    basis: str = "assumption"

    @classmethod
    def from_dict(
        cls,
        data: object,
        *,
        tiers: tuple[str, ...] = TIERS,
        field: str = "levers",
        where: str | None = None,
    ) -> LeverUse:
        """Read one use of a lever, complete with the defaults of its definition.

        Parameters
        ----------
        data : mapping
            Keys ``lever`` (required), ``tiers``, ``settings``, ``options``, ``share``, ``domains``,
            ``side``, ``start_year``, ``end_year``, ``scope`` (one mapping or a list of them) and ``basis``.
        tiers : tuple of str
            Tiers of the mechanism, used where the lever names none.
        field, where : str
            Names of field and file in messages.

        Returns
        -------
        LeverUse
            The use.

        Raises
        ------
        InputError
            For an unknown key, lever, tier, setting, option or domain, a value out of range, a tier
            at which the lever cannot act, or an end that is not after the start.

        Examples
        --------
        >>> use = LeverUse.from_dict({"lever": "forum", "tiers": ["town"], "settings": {"items": 2}})
        >>> use.settings["items"], use.settings["cadence_days"], use.share
        (2.0, 91.0, 1.0)
        """
        given = checks.mapping(data, field, where)
        checks.check_keys(given, _USE_KEYS, ("lever",), field, where)
        name = checks.choice(given["lever"], tuple(LEVERS), f"{field}.lever", where)
        lever, inside = LEVERS[name], f"{field}.{name}"
        start, end = checks.window(given.get("start_year", 0.0), given.get("end_year"), inside, where)
        scopes = given.get("scope")
        listed = scopes if isinstance(scopes, (list, tuple)) and scopes else [scopes]
        acting = _tiers(lever, given.get("tiers"), tiers, f"{inside}.tiers", where)
        return cls(
            lever=name,
            tiers=acting,
            settings=_settings(lever, given.get("settings"), f"{inside}.settings", where),
            options=_options(lever, given.get("options"), f"{inside}.options", where),
            share=checks.number(given.get("share", 1.0), 0.0, 1.0, f"{inside}.share", where),
            domains=_domains(lever, acting, given.get("domains"), f"{inside}.domains", where),
            side=_side(lever, given.get("side"), f"{inside}.side", where),
            start_year=start,
            end_year=end,
            scopes=tuple(Scope.from_dict(item, field=f"{inside}.scope", where=where) for item in listed),
            basis=checks.phrase(given.get("basis", "assumption"), f"{inside}.basis", where),
        )

    @property
    def definition(self) -> Lever:
        """The lever's definition."""
        return LEVERS[self.lever]

    @property
    def is_idle(self) -> bool:
        """True where it changes nothing: no pair is covered, or every dosed setting is zero."""
        if self.share == 0.0:
            return True
        dosed = [name for name, setting in self.definition.settings.items() if setting.dosed]
        return not self.definition.by_share and all(self.settings[name] == 0.0 for name in dosed)

    def at_level(self, level: float) -> LeverUse:
        """Return the lever at a dose of 0 to 1.

        A lever that is there or not (an edge, an office, a meeting) covers fewer pairs; of the others
        the dosed settings shrink, while what describes form – a cadence, an interval – stays.

        Examples
        --------
        >>> LeverUse.from_dict({"lever": "channel"}).at_level(0.25).share
        0.25
        >>> centre = LeverUse.from_dict({"lever": "capacity", "settings": {"place": 0.4}})
        >>> centre.at_level(0.5).settings["place"]
        0.2
        """
        dose = checks.number(level, 0.0, 1.0, "level", None)
        if self.definition.by_share:
            return replace(self, share=self.share * dose)
        settings = {
            name: self.settings[name] * dose if setting.dosed else self.settings[name]
            for name, setting in self.definition.settings.items()
        }
        return replace(self, settings=settings)

    def within(self, scope: Scope) -> LeverUse:
        """Return the lever confined to a scope, on top of the scopes it has."""
        if scope in self.scopes:
            return self
        kept = tuple(own for own in self.scopes if own != Scope() or not scope.border_only)
        return replace(self, scopes=(*kept, scope))

    def during(self, start_year: float, end_year: float | None) -> LeverUse | None:
        """Return the lever within a window of years, or None where nothing of its own window is left."""
        ends = [end for end in (self.end_year, end_year) if end is not None]
        start, end = max(self.start_year, start_year), min(ends) if ends else None
        return None if end is not None and end <= start else replace(self, start_year=start, end_year=end)

    def with_settings(
        self, changes: object, *, field: str = "settings", where: str | None = None
    ) -> LeverUse:
        """Return the lever with some settings replaced, checked as in a file."""
        return replace(self, settings=_settings(self.definition, changes, field, where, self.settings))

    def with_options(self, changes: object, *, field: str = "options", where: str | None = None) -> LeverUse:
        """Return the lever with some options replaced, checked as in a file."""
        return replace(self, options=_options(self.definition, changes, field, where, self.options))

    def as_dict(self) -> dict[str, Any]:
        """Return every field in the form that `from_dict` reads."""
        data: dict[str, Any] = {"lever": self.lever}
        if self.tiers:
            data["tiers"] = list(self.tiers)
        data |= {"settings": dict(self.settings), "options": dict(self.options), "share": self.share}
        if self.side != "both":
            data["side"] = self.side
        data |= {"domains": list(self.domains), "start_year": self.start_year, "end_year": self.end_year}
        return data | {"scope": [scope.as_dict() for scope in self.scopes], "basis": self.basis}


def _pairs(value: object, field: str, where: str | None) -> tuple[tuple[str, str], ...]:
    allowed = {
        "zh": "由两个不同县组成的列表的列表",
        "en": "a list of pairs of different counties, [[a, b], …]",
    }
    if not isinstance(value, (list, tuple)) or not value or isinstance(value[0], str):
        raise InputError(field, value, allowed, where=where)
    pairs = []
    for item in value:
        names = checks.codes(item, field, where)
        if len(names) != 2 or names[0] == names[1]:
            raise InputError(field, item, allowed, where=where)
        pairs.append((names[0], names[1]))
    return tuple(pairs)


def _tiers(
    lever: Lever, value: object, default: tuple[str, ...], field: str, where: str | None
) -> tuple[str, ...]:
    if not lever.tiers:
        if value is not None:
            allowed = {
                "zh": f"不填：{lever.name} 作用于边界段、队伍或村对，不分层级",
                "en": f"nothing, because {lever.name} acts on ties, teams or segments",
            }
            raise InputError(field, value, allowed, where=where)
        return ()
    if value is not None:
        return checks.choices(value, lever.tiers, field, where)
    fitting = tuple(tier for tier in lever.tiers if tier in default)
    if not fitting:
        raise InputError(field, list(default), lever.tiers, where=where)
    return fitting


def _domains(
    lever: Lever, tiers: tuple[str, ...], value: object, field: str, where: str | None
) -> tuple[str, ...]:
    if value is None:
        return DOMAINS
    domains = checks.choices(value, DOMAINS, field, where)
    # A limit that nothing honours would promise less than the lever does.
    if domains != DOMAINS and lever.name not in _BY_SUBJECT and tiers != ("department",):
        allowed = {
            "zh": f"不填：{lever.name} 在此不分事项（只有考核、分流和部门之间的机制区分）",
            "en": f"nothing, because {lever.name} does not tell subjects apart except between departments",
        }
        raise InputError(field, value, allowed, where=where)
    return domains


def _side(lever: Lever, value: object, field: str, where: str | None) -> str:
    side = checks.choice("both" if value is None else value, SIDES, field, where)
    if side != "both" and lever.name not in _BY_SIDE:
        allowed = {
            "zh": f"不填：{lever.name} 作用于双方之间（只有考核和投入可以只给一方）",
            "en": f"nothing, because {lever.name} belongs to both sides (unlike assessment, capacity)",
        }
        raise InputError(field, value, allowed, where=where)
    return side


def _settings(
    lever: Lever, value: object, field: str, where: str | None, base: Mapping[str, float] | None = None
) -> dict[str, float]:
    given = checks.mapping(value, field, where)
    checks.check_keys(given, lever.settings, (), field, where)
    settings = {name: setting.default for name, setting in lever.settings.items()} | dict(base or {})
    for name, item in given.items():
        setting = lever.settings[name]
        unit = "" if setting.unit in ("share", "ratio", "utility") else setting.unit
        settings[name] = checks.number(item, setting.low, setting.high, f"{field}.{name}", where, unit)
    return {name: float(number) for name, number in settings.items()}


def _options(
    lever: Lever, value: object, field: str, where: str | None, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    given = checks.mapping(value, field, where)
    checks.check_keys(given, lever.options, (), field, where)
    options = {name: words[0] for name, words in lever.options.items()} | dict(base or {})
    return options | {
        name: checks.choice(item, lever.options[name], f"{field}.{name}", where)
        for name, item in given.items()
    }
