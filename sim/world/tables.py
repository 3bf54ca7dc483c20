"""The tables of a border: their columns, defined once for loader, checker, template and documents."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from sim.world.words import choice_label

ColumnKind = Literal["code", "text", "number", "integer", "choice", "list"]

#: A free remark is welcome in every table and read by nobody.
REMARK = "note"

#: Row number of the file, kept beside every row so that a later check can name it.
LINE = "line"

#: The projection is a local one; beyond this latitude a degree of longitude is too short to scatter on.
MAXIMUM_LATITUDE_DEGREES = 85.0


@dataclass(frozen=True)
class Column:
    """Describe one column of a table.

    Parameters
    ----------
    name : str
        Header of the column; the titles of the catalogue of texts are read as well.
    kind : {"code", "text", "number", "integer", "choice", "list"}
        What a cell holds. Codes stay text, so that leading zeros survive; a list holds names, separated.
    optional : bool
        Whether the column may be missing; its cells are blank then.
    blank : bool
        Whether a cell may be empty (NaN for numbers, the empty string otherwise).
    low, high : float
        Inclusive range of a number; `above` makes the lower bound exclusive.
    above : bool
        Whether a number must be greater than `low`.
    choices : tuple of str
        Allowed words of a choice.
    refers : tuple of str
        Levels of the units that a code may name, by code or by name.
    """

    name: str
    kind: ColumnKind = "text"
    optional: bool = False
    blank: bool = False
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    choices: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether a blank cell is NaN."""
        return self.kind in ("number", "integer")

    def allowed(self) -> dict[str, str]:
        """Say in words what a cell may hold.

        Returns
        -------
        dict of str to str
            For zh and en, a phrase that completes "allowed: …".

        Examples
        --------
        >>> Column("shared_km", "number", low=0.0, above=True).allowed()["en"]
        'a number above 0'
        >>> Column("lat", "number", low=-85.0, high=85.0).allowed()
        {'zh': '-85 到 85 的数', 'en': 'a number from -85 to 85'}
        >>> Column("residents", "number", blank=True, low=0.0, above=True).allowed()["en"]
        'a number above 0, or nothing'
        """
        allowed = self._filled()
        if not self.blank:
            return allowed
        return {"zh": f"{allowed['zh']}，或留空", "en": f"{allowed['en']}, or nothing"}

    def _filled(self) -> dict[str, str]:
        if self.kind == "choice":
            shown = {
                language: [choice_label(word, language) for word in self.choices] for language in ("zh", "en")
            }
            return {"zh": "、".join(shown["zh"]) + " 之一", "en": "one of " + ", ".join(shown["en"])}
        if self.kind in ("code", "text", "list"):
            return {"zh": "一行非空文字", "en": "a text that is not empty, on one line"}
        zh, en = ("整数", "a whole number") if self.kind == "integer" else ("数", "a number")
        low, high = f"{self.low:g}", f"{self.high:g}"
        if math.isfinite(self.low) and math.isfinite(self.high):
            return {"zh": f"{low} 到 {high} 的{zh}", "en": f"{en} from {low} to {high}"}
        if math.isfinite(self.low) and self.above:
            return {"zh": f"大于 {low} 的{zh}", "en": f"{en} above {low}"}
        if math.isfinite(self.low):
            return {"zh": f"不小于 {low} 的{zh}", "en": f"{en} of {low} or more"}
        return {"zh": zh, "en": en}


def _position(*, optional: bool = False) -> tuple[Column, Column]:
    return (
        Column("lon", "number", optional=optional, blank=True, low=-180.0, high=180.0),
        Column(
            "lat",
            "number",
            optional=optional,
            blank=True,
            low=-MAXIMUM_LATITUDE_DEGREES,
            high=MAXIMUM_LATITUDE_DEGREES,
        ),
    )


def _extra(name: str, kind: ColumnKind = "text", *, low: float = -math.inf, above: bool = False) -> Column:
    return Column(name, kind, optional=True, blank=True, low=low, above=above)


def _reference(name: str, *levels: str, optional: bool = False, blank: bool = False) -> Column:
    return Column(name, "code", optional=optional, blank=blank, refers=levels)


PLACE_LEVELS: Final = ("province", "prefecture", "county")
REACHES: Final = ("upper", "reservoir", "lower", "shared")
TEAM_KINDS: Final = ("police", "volunteers", "water", "market")
YES_NO: Final = ("yes", "no")
SELECTIONS: Final = ("all", "land", "river", "legacy", "named")

#: Sources of a point that nobody measured: scattered by a layout, or arranged by who borders whom.
SCATTERED: Final = "scattered"
SCHEMATIC: Final = "schematic"

COLUMNS: dict[str, tuple[Column, ...]] = {
    "places.csv": (
        Column("name_zh", blank=True),
        Column("level", "choice", choices=PLACE_LEVELS),
        _reference("parent_code", "prefecture", "province", optional=True, blank=True),
        _extra("code", "code"),
        _extra("name_en"),
        *_position(optional=True),
        _extra("residents", "number", low=0.0, above=True),
        Column("residents_year", "integer", optional=True, blank=True, low=1900.0, high=2200.0),
        _extra("area_km2", "number", low=0.0, above=True),
        _extra("village_units", "integer", low=1.0),
        _extra("source"),
    ),
    "towns.csv": (
        Column("name_zh", blank=True),
        _reference("county_code", "county"),
        _extra("code", "code"),
        _extra("name_en"),
        # A row that stands for units whose names or places are not known; blank for a real one.
        Column("synthetic", "choice", optional=True, blank=True, choices=YES_NO),
        *_position(optional=True),
        _extra("coordinate_source"),
        _extra("precision_km", "number", low=0.0),
        _extra("area_km2", "number", low=0.0, above=True),
        _extra("ring", "integer", low=0.0),
        _extra("residents", "number", low=0.0, above=True),
        _extra("residents_source"),
    ),
    "villages.csv": (
        Column("name_zh", blank=True),
        _reference("town_code", "town"),
        _extra("code", "code"),
        _extra("name_en"),
        Column("kind", "choice", optional=True, blank=True, choices=("village", "community")),
        *_position(optional=True),
        _extra("coordinate_source"),
        _extra("residents", "number", low=0.0, above=True),
        _extra("farms", "integer", low=0.0),
    ),
    "adjacency.csv": (
        _reference("town_a", "town"),
        _reference("town_b", "town"),
        _extra("shared_km", "number", low=0.0, above=True),
        _extra("basis"),
        _extra("confidence"),
    ),
    "named_pairs.csv": (
        _reference("code_a", "village", "town"),
        _reference("code_b", "village", "town"),
        Column("level", "choice", optional=True, blank=True, choices=("village", "town")),
        _extra("legacy_claims", "integer", low=0.0),
        _extra("basis"),
    ),
    "river.csv": (
        Column("order_downstream", "integer", low=1.0),
        _reference("town_code", "town"),
        Column("reach", "choice", choices=REACHES),
        _extra("name_zh"),
        _extra("name_en"),
        _reference("county_code", "county", optional=True, blank=True),
        _extra("length_km", "number", low=0.0),
        _extra("reservoir_area_km2", "number", low=0.0),
        _extra("village_units", "integer", low=0.0),
        _extra("river"),
    ),
    "ties.csv": (
        _reference("village_a", "village"),
        _reference("village_b", "village"),
        Column("length_km", "number", low=0.0, above=True),
        Column("kind", "choice", choices=("land", "river")),
        _extra("legacy_claims", "integer", low=0.0),
    ),
    "teams.csv": (
        _reference("unit_code", "town", "county"),
        Column("kind", "choice", choices=TEAM_KINDS),
        Column("strength", "number", low=0.0, high=10.0),
    ),
    "departments.csv": (Column("key", "code"), Column("name_zh"), _extra("name_en")),
    "mechanisms.csv": (
        Column("mechanism"),
        _extra("package"),
        Column("level", "number", optional=True, blank=True, low=0.0, high=1.0),
        _extra("start_year", "number", low=0.0),
        _extra("end_year", "number", low=0.0),
        Column("counties", "list", optional=True, blank=True, refers=("county",)),
        Column("towns", "list", optional=True, blank=True, refers=("town",)),
        Column("villages", "list", optional=True, blank=True, refers=("village",)),
        Column("ties", "choice", optional=True, blank=True, choices=SELECTIONS),
        Column("border_only", "choice", optional=True, blank=True, choices=YES_NO),
    ),
    "levers.csv": (
        Column("mechanism"),
        Column("lever"),
        Column("tiers", "list", optional=True, blank=True),
        _extra("setting"),
        _extra("value"),
        Column("share", "number", optional=True, blank=True, low=0.0, high=1.0),
    ),
}  # fmt: skip
