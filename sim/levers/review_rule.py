"""How the members of an alliance look back at set times, and drop and take over mechanisms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.levers import checks

__all__ = ["UNITS", "WEIGHED", "ReviewRule"]

UNITS = ("county_pair", "county")
"""Who reviews: two counties together for the line between them, or every county for all of its lines."""

WEIGHED = ("outcomes", "attendance")
"""What is weighed: disputes settled of those known, or calls attended of those received."""

_KEYS = ("every_years", "units", "weighs", "start_share", "changes")


@dataclass(frozen=True)
class ReviewRule:
    """The `review` of a package: units drop what did not pay and take over what works next door.

    Attributes
    ----------
    every_years : float
        Years between reviews, 0.25 to 10; the first falls that long after the package begins.
    units : {"county_pair", "county"}
        Who reviews. A mechanism holds between two counties where their pair runs it, or both counties do.
    weighs : {"outcomes", "attendance"}
        What a unit counts as its result.
    start_share : float
        Share of the units that begin with a mechanism, 0 to 1; drawn for unit and mechanism alone.
    changes : int
        Mechanisms that a unit drops, and takes over, at most in a review; 1 to 100.
    """

    every_years: float = 1.0
    units: str = "county_pair"
    weighs: str = "outcomes"
    start_share: float = 1.0
    changes: int = 1

    @classmethod
    def from_dict(cls, data: object, *, field: str = "review", where: str | None = None) -> ReviewRule:
        """Read a review; every mistake is named.

        Parameters
        ----------
        data : mapping or None
            Keys as the attributes; what is missing has its default.
        field, where : str
            Names of field and file in messages.

        Returns
        -------
        ReviewRule
            The rule.

        Raises
        ------
        InputError
            For an unknown key or word, or a number out of range.

        Examples
        --------
        >>> ReviewRule.from_dict({"weighs": "attendance", "changes": 2}).changes
        2
        """
        given = checks.mapping(data, field, where)
        checks.check_keys(given, _KEYS, (), field, where)
        default = cls()
        return cls(
            every_years=checks.number(
                given.get("every_years", default.every_years),
                0.25,
                10.0,
                f"{field}.every_years",
                where,
                "years",
            ),
            units=checks.choice(given.get("units", default.units), UNITS, f"{field}.units", where),
            weighs=checks.choice(given.get("weighs", default.weighs), WEIGHED, f"{field}.weighs", where),
            start_share=checks.number(
                given.get("start_share", default.start_share), 0.0, 1.0, f"{field}.start_share", where
            ),
            changes=checks.whole(given.get("changes", default.changes), 1, 100, f"{field}.changes", where),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return every field in the form that `from_dict` reads."""
        return {key: getattr(self, key) for key in _KEYS}
