"""Mechanisms that a border brings along in its own tables, read with the checks of any mechanism."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import pandas as pd

from sim.errors import InputError
from sim.language import LANGUAGES
from sim.levers.definitions import LEVERS
from sim.levers.lever_use import LeverUse, Scope
from sim.levers.mechanism import Mechanism
from sim.levers.mechanisms import (
    Package,
    list_mechanisms,
    list_packages,
    load_mechanism,
    load_package,
)
from sim.world.mistakes import Mistakes
from sim.world.region import Region
from sim.world.sheets import Sheet
from sim.world.tables import LINE
from sim.world.words import choice_label

__all__ = ["OWN", "examine_packages", "own_packages"]

#: Name of the package whose rows name none.
OWN: Final = "own"

_MECHANISMS: Final = "mechanisms.csv"
_LEVERS: Final = "levers.csv"
_WORD: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TIER_WORDS: Final = ("village", "town", "county", "department")


def own_packages(region: Region) -> dict[str, Package]:
    """Read the packages of mechanisms that a border brings along.

    Parameters
    ----------
    region : Region
        A border; one without a table of mechanisms has none.

    Returns
    -------
    dict of str to Package
        Packages by name, in the order of the table.

    Raises
    ------
    InputError
        Any mistake; a `CollectedInputError` holds all where there are several.
    """
    mistakes = Mistakes()
    packages = examine_packages(
        {_MECHANISMS: region.mechanisms, _LEVERS: region.levers}, region.sheets, mistakes
    )
    mistakes.raise_any()
    return packages


def examine_packages(
    tables: Mapping[str, pd.DataFrame], sheets: Mapping[str, Sheet], mistakes: Mistakes
) -> dict[str, Package]:
    """Read packages as far as they can be read, and collect every mistake.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Completed tables; `mechanisms.csv` and `levers.csv` are read.
    sheets : mapping of str to Sheet
        Where they stand.
    mistakes : Mistakes
        Takes a mechanism, lever, tier or setting that does not exist, a value out of its range, a mechanism
        that stands twice in a package.

    Returns
    -------
    dict of str to Package
        Packages by name.
    """
    if not any(len(tables[file]) for file in (_MECHANISMS, _LEVERS)):
        # Most borders bring none along; the catalogue need not be read for them.
        return {}
    reader = _Reader(tables, sheets, mistakes)
    own = reader.define()
    return reader.combine(own)


@dataclass(frozen=True)
class _Row:
    """Hold the cells of a row and its place."""

    line: int
    cells: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]

    def number(self, column: str, otherwise: float | None) -> float | None:
        value = self.cells[column]
        return otherwise if pd.isna(value) else float(value)


class _Reader:
    def __init__(
        self, tables: Mapping[str, pd.DataFrame], sheets: Mapping[str, Sheet], mistakes: Mistakes
    ) -> None:
        self.tables = tables
        self.sheets = sheets
        self.mistakes = mistakes

    def rows(self, file: str) -> list[_Row]:
        records = self.tables[file].to_dict("records")
        return [
            _Row(int(cells[LINE]), {str(key): value for key, value in cells.items()}) for cells in records
        ]

    def blame(self, file: str, row: _Row, column: str, allowed: Any, names: Iterable[str] = ()) -> None:
        self.mistakes.add(self.sheets[file], row.line, column, allowed, names)

    def define(self) -> dict[str, Mechanism]:
        """Make mechanisms of the rows of levers."""
        by_name: dict[str, list[_Row]] = {}
        for row in self.rows(_LEVERS):
            if row["mechanism"]:
                by_name.setdefault(row["mechanism"], []).append(row)
        own: dict[str, Mechanism] = {}
        catalogue = _catalogue_names()
        for number, (name, rows) in enumerate(by_name.items(), start=1):
            if name.casefold() in catalogue:
                allowed = {"zh": "机制目录中没有的名称", "en": "a name that the catalogue does not have"}
                self.blame(_LEVERS, rows[0], "mechanism", allowed)
            uses: dict[tuple[str, str], dict[str, Any]] = {}
            for row in rows:
                self._add_setting(row, uses)
            levers = tuple(LeverUse.from_dict(use) for use in uses.values())
            key = name if _WORD.fullmatch(name) else f"own_{number}"
            titles = dict.fromkeys(LANGUAGES, name)
            data = {"name": titles, "summary": titles, "levers": []}
            own[name] = replace(Mechanism.from_dict(key, data), levers=levers)
        return own

    def _add_setting(self, row: _Row, uses: dict[tuple[str, str], dict[str, Any]]) -> None:
        """Add what one row says of a lever, where it can be read."""
        names = _lever_names()
        lever = names.get(row["lever"].casefold())
        if lever is None:
            if row["lever"]:
                self.blame(_LEVERS, row, "lever", list(LEVERS), names)
            return
        tiers = [_tier(tier) for tier in row["tiers"].split("\n") if tier]
        share = row.number("share", None)
        known = [*LEVERS[lever].settings, *LEVERS[lever].options]
        setting, value = row["setting"], row["value"]
        # Each cell is judged by itself, so that one mistake does not hide the next.
        parts: dict[str, dict[str, Any]] = {}
        if tiers:
            parts["tiers"] = {"tiers": tiers}
        if share is not None:
            parts["share"] = {"share": share}
        is_right = setting in known or not (setting or value)
        if not is_right:
            self.blame(_LEVERS, row, "setting", known, known)
        elif setting in LEVERS[lever].options:
            parts["value"] = {"options": {setting: value}}
        elif setting:
            parts["value"] = {"settings": {setting: _number_or_text(value)}}
        for column, data in parts.items():
            try:
                LeverUse.from_dict({"lever": lever, **data}, field="")
            except InputError as error:
                is_right = False
                words = _names_of(error)
                allowed = _tier_labels(words) if column == "tiers" and words else error.allowed
                self.blame(_LEVERS, row, column, allowed, _labels(words))
        if not is_right:
            return
        use = uses.setdefault((lever, row["tiers"]), {"lever": lever, "settings": {}, "options": {}})
        told = {name: content for data in parts.values() for name, content in data.items()}
        for part in ("settings", "options"):
            use[part] |= told.get(part, {})
        use |= {part: told[part] for part in ("tiers", "share") if part in told}

    def combine(self, own: Mapping[str, Mechanism]) -> dict[str, Package]:
        """Gather the rows of mechanisms into packages."""
        members: dict[str, dict[str, Mechanism]] = {}
        names = _catalogue_names()
        for row in self.rows(_MECHANISMS):
            package = row["package"] or OWN
            if package in list_packages():
                allowed = {"zh": "程序自带方案以外的名称", "en": "a name that no package of the program has"}
                self.blame(_MECHANISMS, row, "package", allowed)
            given = row["mechanism"]
            if not given:
                continue
            if given in own:
                found = [own[given]]
            elif given.casefold() in names:
                kind, key = names[given.casefold()]
                found = [load_mechanism(key)] if kind == "mechanism" else list(load_package(key).mechanisms)
            else:
                allowed = {
                    "zh": "机制目录中的名称或代号、自带方案的代号，或“杠杆”表中的名称",
                    "en": "a mechanism or package of the catalogue, or a name from the table of levers",
                }
                self.blame(_MECHANISMS, row, "mechanism", allowed, [*names, *own])
                continue
            chosen = members.setdefault(package, {})
            for mechanism in found:
                if mechanism.key in chosen and len(found) == 1:
                    allowed = {"zh": "一个方案中只列一次的机制", "en": "a mechanism once in a package"}
                    self.blame(_MECHANISMS, row, "mechanism", allowed)
                else:
                    # What stands in a row of its own wins over what a whole package brings.
                    chosen.setdefault(mechanism.key, self._confined(mechanism, row))
        return {
            key: Package.of(key, chosen.values(), name=dict.fromkeys(LANGUAGES, key))
            for key, chosen in members.items()
        }

    def _confined(self, mechanism: Mechanism, row: _Row) -> Mechanism:
        """Give a mechanism the dose, the years and the places that its row says."""
        start, end = row.number("start_year", 0.0), row.number("end_year", None)
        if end is None or end > (start or 0.0):
            mechanism = mechanism.during(start or 0.0, end)
        scope = Scope(
            counties=_items(row["counties"]),
            towns=_items(row["towns"]),
            villages=_items(row["villages"]),
            ties=row["ties"] or "all",
            border_only=row["border_only"] != "no",
        )
        if scope != Scope():
            mechanism = mechanism.within(scope)
        return mechanism.at_level(row.number("level", 1.0) or 0.0)


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item for item in cell.split("\n") if item)


def _number_or_text(value: str) -> object:
    try:
        return float(value)
    except ValueError:
        return value


def _names_of(error: InputError) -> Sequence[str]:
    return () if isinstance(error.allowed, (str, Mapping)) else error.allowed


def _tier_labels(tiers: Sequence[str]) -> dict[str, str]:
    """Say which tiers are allowed, as the sheet calls them."""
    labels = {one: [choice_label(tier, one) for tier in tiers] for one in LANGUAGES}
    return {"zh": "、".join(labels["zh"]), "en": ", ".join(labels["en"])}


def _labels(names: Sequence[str]) -> list[str]:
    """Give words and their labels in every language, for the nearest one."""
    return [*names, *(choice_label(name, language) for name in names for language in LANGUAGES)]


def _tier(given: str) -> str:
    labels = {choice_label(tier, language): tier for tier in _TIER_WORDS for language in LANGUAGES}
    return labels.get(given, given)


def _lever_names() -> dict[str, str]:
    """List the words under which a lever is known: its key, and the title before its explanation."""
    names = {key: key for key in LEVERS}
    return names | {lever.zh.partition("：")[0]: lever.name for lever in LEVERS.values()}


@cache
def _catalogue_names() -> dict[str, tuple[str, str]]:
    """List mechanisms and packages by key and by name in both languages, small letters."""
    names: dict[str, tuple[str, str]] = {}
    for key in list_mechanisms():
        mechanism = load_mechanism(key)
        for name in (key, mechanism.id, *mechanism.name.values()):
            if name:
                names.setdefault(name.casefold(), ("mechanism", key))
    for key in list_packages():
        package = load_package(key)
        for name in (key, *package.name.values()):
            names.setdefault(name.casefold(), ("package", key))
    return names
