"""A mechanism: a named way of co-operating, as data made of levers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from sim.errors import InputError
from sim.levers import checks
from sim.levers.definitions import TIERS
from sim.levers.lever_use import LeverUse, Scope

__all__ = ["GROUPS", "Cost", "Mechanism", "Source", "check_name"]

GROUPS = (
    "organisation",
    "convening",
    "escalation",
    "enforcement",
    "mediation",
    "information",
    "incentives",
    "people",
)
"""Groups of the catalogue in its order: who belongs together; who convenes and decides; how a case climbs;
enforcement and patrol; mediation; information; incentives and resources; people, services and identity."""

_MECHANISM_KEYS = (
    "id",
    "group",
    "systems",
    "name",
    "summary",
    "source",
    "transferred",
    "tiers",
    "levers",
    "failure",
    "cost",
    "level",
)
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Source:
    """Where a mechanism is described.

    Attributes
    ----------
    text : str
        Key of the text in ``docs/evidence.md``.
    place : str
        Place in it: a heading, or who speaks about what.
    quote : str
        Some words that stand there, in the script of the text; may be empty.
    """

    text: str
    place: str
    quote: str = ""


@dataclass(frozen=True)
class Cost:
    """Money that a mechanism costs beside the hours that its levers bind.

    Attributes
    ----------
    money_yuan_per_year : float
        Running cost, at full coverage.
    per : {"mechanism", "pair"}
        Once for the whole border, or for each pair that the first lever of the mechanism covers: pairs
        of offices at all its tiers, or ties where it has no tiers; its share counts.
    basis : str
        A source, or "assumption".
    """

    money_yuan_per_year: float = 0.0
    per: str = "mechanism"
    basis: str = "assumption"


@dataclass(frozen=True)
class Mechanism:
    """A named way of co-operating, made of levers.

    Attributes
    ----------
    key : str
        Name in packages and results: the stem of its file.
    id : str
        Number in the catalogue of ``docs/mechanisms.md``, such as "M21"; may be empty.
    group : str
        One of `GROUPS`; may be empty.
    systems : tuple of str
        Regions whose texts run it, propose it or miss it.
    name, summary, failure : dict of str to str
        Texts by language: what it is called, what it changes, how it is known to fail.
    source : Source or None
        Where it is described.
    transferred : bool
        True where the source describes a place that is no border between provinces.
    tiers : tuple of str
        Tiers it concerns.
    levers : tuple of LeverUse
        What it changes.
    cost : Cost
        Money, beside hours.
    level : float
        Dose at which the levers stand, 1 being the mechanism as described.
    """

    key: str
    id: str
    group: str
    systems: tuple[str, ...]
    name: dict[str, str]
    summary: dict[str, str]
    source: Source | None
    transferred: bool
    tiers: tuple[str, ...]
    levers: tuple[LeverUse, ...]
    failure: dict[str, str]
    cost: Cost
    level: float = 1.0

    @classmethod
    def from_dict(cls, key: str, data: object, *, where: str | None = None) -> Mechanism:
        """Read a mechanism from plain data.

        Parameters
        ----------
        key : str
            Snake-case English name.
        data : mapping
            Keys as in the files of ``scenarios/mechanism``; ``name``, ``summary`` and ``levers`` are
            required.
        where : str, optional
            File in messages.

        Returns
        -------
        Mechanism
            The mechanism at the dose ``level`` (default 1).

        Raises
        ------
        InputError
            For the first mistake found: file, field, value, what is allowed, nearest name.

        Examples
        --------
        >>> visits = Mechanism.from_dict("visits", {
        ...     "name": {"zh": "互访", "en": "visits"},
        ...     "summary": {"zh": "多来往", "en": "more contact"},
        ...     "levers": [{"lever": "contact", "settings": {"events_per_year": 2}}],
        ... })
        >>> visits.levers[0].settings["events_per_year"], visits.tiers
        (2.0, ('village', 'town', 'county', 'department'))
        """
        check_name(key, where)
        given = checks.mapping(data, "mechanism", where)
        checks.check_keys(given, _MECHANISM_KEYS, ("name", "summary", "levers"), "", where)
        tiers = TIERS if given.get("tiers") is None else checks.choices(given["tiers"], TIERS, "tiers", where)
        listed = given["levers"]
        if not isinstance(listed, (list, tuple)):
            raise InputError("levers", listed, {"zh": "lever 的列表", "en": "a list of levers"}, where=where)
        levers = tuple(
            LeverUse.from_dict(item, tiers=tiers, field=f"levers[{index}]", where=where)
            for index, item in enumerate(listed, start=1)
        )
        identity, group, systems = given.get("id"), given.get("group"), given.get("systems")
        mechanism = cls(
            key=key,
            id="" if identity is None else checks.phrase(identity, "id", where),
            group="" if group is None else checks.choice(group, GROUPS, "group", where),
            systems=() if systems is None else checks.texts_of(systems, "systems", where),
            name=checks.bilingual(given["name"], "name", where),
            summary=checks.bilingual(given["summary"], "summary", where),
            source=_source(given.get("source"), where),
            transferred=checks.flag(given.get("transferred", False), "transferred", where),
            tiers=tiers,
            levers=levers,
            failure={}
            if given.get("failure") is None
            else checks.bilingual(given["failure"], "failure", where),
            cost=_cost(given.get("cost"), where),
        )
        return mechanism.at_level(checks.number(given.get("level", 1.0), 0.0, 1.0, "level", where))

    @property
    def is_idle(self) -> bool:
        """True where none of its levers changes anything."""
        return all(use.is_idle for use in self.levers)

    def at_level(self, level: float) -> Mechanism:
        """Return the mechanism at a dose of 0 to 1 of what it is now; doses multiply.

        Levers that are there or not cover fewer pairs, the settings of the others shrink, and the
        money shrinks alike; at 0 nothing is left of it.
        """
        dose = checks.number(level, 0.0, 1.0, "level", None)
        levers = tuple(use.at_level(dose) for use in self.levers)
        cost = self.cost
        if not (cost.per == "pair" and levers and levers[0].definition.by_share):
            # Where the first lever is there or not, its pairs get fewer, and the money with them.
            cost = replace(cost, money_yuan_per_year=cost.money_yuan_per_year * dose)
        return replace(self, levers=levers, cost=cost, level=self.level * dose)

    def within(self, scope: Scope) -> Mechanism:
        """Return the mechanism with every lever confined to a scope, such as one pair of counties."""
        return replace(self, levers=tuple(use.within(scope) for use in self.levers))

    def during(self, start_year: float = 0.0, end_year: float | None = None) -> Mechanism:
        """Return the mechanism confined to a window of years; levers that lie outside it are dropped."""
        start, end = checks.window(start_year, end_year, "", None)
        parts = (use.during(start, end) for use in self.levers)
        return replace(self, levers=tuple(use for use in parts if use is not None))

    def with_settings(
        self, changes: object, *, field: str = "settings", where: str | None = None
    ) -> Mechanism:
        """Return the mechanism with settings replaced in every use of the levers named.

        Parameters
        ----------
        changes : mapping of str to mapping of str to float
            Settings by lever, such as ``{"forum": {"review": 0.8}}``.
        field, where : str
            Names of field and file in messages.

        Raises
        ------
        InputError
            For a lever that this mechanism does not use, an unknown setting, or a value out of range.
        """
        given = self._by_lever(changes, field, where)
        levers = tuple(
            use.with_settings(given.get(use.lever), field=f"{field}.{use.lever}", where=where)
            for use in self.levers
        )
        return replace(self, levers=levers)

    def with_options(self, changes: object, *, field: str = "options", where: str | None = None) -> Mechanism:
        """Return the mechanism with options replaced in every use of the levers named.

        Parameters
        ----------
        changes : mapping of str to mapping of str to str
            Options by lever, such as ``{"channel": {"formation": "earned"}}``.
        field, where : str
            Names of field and file in messages.

        Raises
        ------
        InputError
            For a lever that this mechanism does not use, an unknown option or an unknown word.
        """
        given = self._by_lever(changes, field, where)
        levers = tuple(
            use.with_options(given.get(use.lever), field=f"{field}.{use.lever}", where=where)
            for use in self.levers
        )
        return replace(self, levers=levers)

    def _by_lever(self, changes: object, field: str, where: str | None) -> dict[str, Any]:
        given = checks.mapping(changes, field, where)
        checks.check_keys(given, tuple(dict.fromkeys(use.lever for use in self.levers)), (), field, where)
        return given

    def as_dict(self) -> dict[str, Any]:
        """Return the mechanism as plain data: what manifests keep and `from_dict` reads.

        The levers are written as they stand, so the dose is already in them.
        """
        data: dict[str, Any] = {"id": self.id} if self.id else {}
        if self.group:
            data["group"] = self.group
        if self.systems:
            data["systems"] = list(self.systems)
        data |= {"name": dict(self.name), "summary": dict(self.summary)}
        if self.source:
            data["source"] = {"text": self.source.text, "place": self.source.place}
            if self.source.quote:
                data["source"]["quote"] = self.source.quote
        data |= {"transferred": self.transferred, "tiers": list(self.tiers)}
        data["levers"] = [use.as_dict() for use in self.levers]
        if self.failure:
            data["failure"] = dict(self.failure)
        data["cost"] = {
            "money_yuan_per_year": self.cost.money_yuan_per_year,
            "per": self.cost.per,
            "basis": self.cost.basis,
        }
        return data


def check_name(key: str, where: str | None) -> None:
    """Refuse a file name that is no snake-case English term.

    Parameters
    ----------
    key : str
        Stem of the file.
    where : str or None
        File in messages.

    Raises
    ------
    InputError
        For any other name.
    """
    if not _NAME.fullmatch(key):
        allowed = {"zh": "小写英文词以下划线相连", "en": "lower-case English words joined by underscores"}
        raise InputError("name of the file", key, allowed, where=where)


def _source(value: object, where: str | None) -> Source | None:
    if value is None:
        return None
    given = checks.mapping(value, "source", where)
    checks.check_keys(given, ("text", "place", "quote"), ("text", "place"), "source", where)
    return Source(
        checks.phrase(given["text"], "source.text", where),
        checks.phrase(given["place"], "source.place", where),
        "" if given.get("quote") is None else checks.phrase(given["quote"], "source.quote", where),
    )


def _cost(value: object, where: str | None) -> Cost:
    given = checks.mapping(value, "cost", where)
    checks.check_keys(given, ("money_yuan_per_year", "per", "basis"), (), "cost", where)
    return Cost(
        checks.number(
            given.get("money_yuan_per_year", 0.0), 0.0, 1e12, "cost.money_yuan_per_year", where, "yuan"
        ),
        checks.choice(given.get("per", "mechanism"), ("mechanism", "pair"), "cost.per", where),
        checks.phrase(given.get("basis", "assumption"), "cost.basis", where),
    )
