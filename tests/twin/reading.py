"""Read the engine's columns and the twin's agents into the same plain tables, and say where they differ.

Whatever the engine stores, and how, is known here and nowhere else among the tests of the twin.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.rules.learning import fade
from sim.rules.working import balance_on

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["Difference", "differences", "read_engine", "read_twin"]

Tables = dict[str, dict[str, dict[str, Any]]]
"""Fields by row and table."""

NEVER = 1 << 30
STATUS = ("latent", "open", "settled", "given_up")
ACT = ("", "decide", "meet", "alone", "own", "reopen")
CHANNEL = ("line", "channel", "duty", "office", "item", "queue")
HOW = ("none", "joint", "solo", "superior", "own")
ITEM = ("", "plain", "owned", "dropped")
SCOPE = ("interior", "border")

# What a case has from the first day; the rest means nothing before somebody knows of it.
LATENT_FIELDS = (
    "village", "tie", "side", "domain", "status", "difficulty", "first_difficulty", "needs_both", "occurred",
    "worsens", "next_day",
)  # fmt: skip
CASE_FIELDS = (
    *LATENT_FIELDS, "holder", "tier", "detected_difficulty", "is_legacy", "is_incident", "known",
    "other_known", "gives_up", "first_response", "settled", "settled_tier", "how", "last_act", "idle_days",
    "next_act", "channel", "called", "item", "attempts", "sessions", "hand_offs", "relapses", "settlements",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One value on which the two do not agree."""

    day: int
    table: str
    row: str
    field: str
    engine: Any
    twin: Any

    def __str__(self) -> str:
        return (
            f"after day {self.day}: {self.table}[{self.row}].{self.field} is {self.engine!r} in the engine, "
            f"{self.twin!r} in the twin"
        )


def differences(engine: Tables, twin: Tables, day: int) -> Iterator[Difference]:
    """Name every value that differs: whole numbers and words by anything, others by more than 1e-9."""
    for table, rows in engine.items():
        others = twin[table]
        for row in rows.keys() ^ others.keys():
            yield Difference(
                day, table, row, "", "there" if row in rows else None, None if row in rows else "there"
            )
        for row in rows.keys() & others.keys():
            for field, value in rows[row].items():
                if not is_same(value, others[row][field]):
                    yield Difference(day, table, row, field, value, others[row][field])


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values agree."""
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, float) and isinstance(other, (int, float)):
        both_unknown = math.isnan(one) and math.isnan(other)
        return both_unknown or one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def read_engine(simulation: Any, fields: tuple[str, ...]) -> Tables:
    """Read a run of the engine; what wears off is brought up to its last day."""
    c, p, today = simulation.columns, simulation.parameters, max(0, simulation.day - 1)
    ties, dyads, offices, banks = (rows_of(table) for table in (c.ties, c.dyads, c.offices, c.banks))
    for tie in ties:
        rest = tie["baseline"] - (p["legacy_trust_deduction"] if tie["legacy_open"] else 0.0)
        days = today - tie["trust_day"]
        tie["trust"] = fade(tie["trust"], max(0.0, rest), days, p["trust_half_life_days"])
    for dyad, rules in zip(dyads, rows_of(simulation.tables.dyads), strict=True):
        for side in "ab":
            days = today - dyad["belief_day"]
            prior = dyad[f"prior_{side}"]
            dyad[f"belief_{side}"] = fade(dyad[f"belief_{side}"], prior, days, p["belief_half_life_days"])
        rate = rules["office_hours"] * p["reachable_share"]
        days, full = today - dyad["shared_day"], p["desk_saving_days"] * rate
        dyad["shared_hours"] = (
            balance_on(dyad["shared_hours"], rate, days, full) if rules["office_kind"] else 0.0
        )
    for office in offices:
        full = p["desk_saving_days"] * max(office["desk_rate"], 1e-6)
        days = today - office["desk_day"]
        office["desk"] = balance_on(office["desk"], office["desk_rate"], days, full)
    for number, bank in enumerate(banks):
        days, half_life = today - int(c.risk_days[number]), p["deterrence_half_life_days"]
        bank["risk"] = fade(bank["risk"], p["perceived_risk_prior"], days, half_life)
        bank["reported"] = fade(float(c.reported[number]), 0.0, days, half_life)
        bank["last_visit"] = int(c.last_visits[number])
    sources = rows_of(c.sources)
    for rows, first in ((ties, 0), (rows_of(c.villages), len(ties)), (banks, len(sources) - len(banks))):
        for row, source in zip(rows, sources[first : first + len(rows)], strict=True):
            row["due"], row["candidate"] = source["due"], source["candidate"]
    villages, teams = rows_of(c.villages), rows_of(c.teams)
    for team in teams:
        own = slice(team["first_bank"], team["first_bank"] + team["banks"])
        team["clocks"] = c.clocks[own].tolist()
    cases = rows_of(simulation.cases)
    names = [name_of(case["key"], case["candidate"]) for case in cases]
    for tie in ties:
        tie["open_cases"], case = [], tie["first_open"]
        while case >= 0:
            tie["open_cases"].append(names[case])
            case = cases[case]["after"]
    return {
        "record": {
            f"month {month} {SCOPE[scope]}": dict(zip(fields, values, strict=True))
            for month, both in enumerate(c.record.tolist())
            for scope, values in enumerate(both)
        },
        "cases": {name: case_of(case) for name, case in zip(names, cases, strict=True)},
        "ties": numbered(
            ties, "key", "trust", "interest", "legacy_open", "open_cases", "contacts_this_year", "due",
            "candidate",
        ),
        "dyads": numbered(
            dyads, "prior_a", "prior_b", "belief_a", "belief_b", "shared_hours", "calls", "attended",
            "channel_open",
        ),
        **read_adoption(simulation.adoption),
        "offices": numbered(
            offices, "key", "side", "term", "desk", "desk_rate", "interior_rate", "busy_until", "turnovers",
            "turnover_due", "bound_hours", "displaced_hours", "efforts", "border_efforts",
        ),
        "banks": numbered(banks, "key", "risk", "reported", "last_visit", "due", "candidate"),
        "teams": numbered(teams, "key", "visits_per_day", "saved_visits", "visits", "clocks"),
        "villages": numbered(villages, "key", "grievance", "unserved"),
        "river": numbered(rows_of(c.river), "load", "arrives", "treated"),
    }  # fmt: skip


def read_adoption(adoption: Any) -> Tables:
    """Read what units that review run, what they remember and what they ran."""
    if adoption is None:
        return {"units": {}, "spells": {}}
    units, options = adoption.review.units, adoption.review.options
    return {
        "units": {
            name: {"since": since, "without": without, "books": books}
            for name, since, without, books in zip(
                units, adoption.since.tolist(), adoption.without.tolist(), adoption.totals.tolist(),
                strict=True,
            )
        },
        "spells": {
            str(number): {
                "unit": units[spell.unit],
                "mechanism": options[spell.option],
                "from_day": spell.from_day,
                "until_day": spell.until_day,
                "taken_from": units[spell.taken_from] if spell.taken_from >= 0 else "",
                "gain": spell.gain,
            }
            for number, spell in enumerate(adoption.spells)
        },
    }  # fmt: skip


def rows_of(table: Any) -> list[dict[str, Any]]:
    """Give the rows of a structured array as dictionaries of plain numbers."""
    names = table.dtype.names
    return [dict(zip(names, row, strict=True)) for row in table.tolist()]


def numbered(rows: list[dict[str, Any]], *fields: str) -> dict[str, dict[str, Any]]:
    """Name rows by their number and keep some of their fields."""
    return {str(number): {field: row[field] for field in fields} for number, row in enumerate(rows)}


def name_of(key: int, candidate: int) -> str:
    """Name a case by its stream and its number in it."""
    return f"{key}-{candidate}"


def case_of(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row of the engine's case table in the twin's words."""
    words = row | {
        "status": STATUS[row["status"]],
        "next_act": ACT[row["next_act"]],
        "channel": CHANNEL[row["channel"]],
        "how": HOW[row["how"]],
        "item": ITEM[row["item_state"]],
        "needs_both": bool(row["needs_both"]),
        "is_legacy": bool(row["legacy"]),
        "is_incident": bool(row["incident"]),
    }
    for field in ("known", "other_known", "gives_up"):
        words[field] = math.inf if row[field] == NEVER else row[field]
    for field in ("first_response", "settled"):
        words[field] = None if row[field] < 0 else row[field]
    words["worsens"] = math.inf if row["worsens"] < 0 else row["worsens"]
    return {field: words[field] for field in fields_of(words["status"])}


def fields_of(status: str) -> tuple[str, ...]:
    """Name the fields of a case that mean something."""
    if status == "latent":
        return LATENT_FIELDS
    # Whoever has nothing more to settle cannot get worse.
    return tuple(field for field in CASE_FIELDS if status == "open" or field != "worsens")


def read_twin(border: Border, fields: tuple[str, ...]) -> Tables:
    """Read the twin, in the order of the world's rows."""
    tie_number = {id(tie): number for number, tie in enumerate(border.ties)}
    village_number = {id(village): number for number, village in enumerate(border.villages)}
    cases = {}
    for case in border.cases:
        row = {field: getattr(case, field) for field in fields_of(case.status)}
        row["tie"] = tie_number[id(case.tie)] if case.tie else -1
        row["village"] = village_number[id(case.village)]
        cases[name_of(case.key, case.candidate)] = row
    ties = [
        vars(tie) | {"open_cases": [name_of(case.key, case.candidate) for case in tie.open_cases]}
        for tie in border.ties
    ]
    dyads = [
        {
            **{f"{name}_{side}": value[number] for name, value in pair for number, side in enumerate("ab")},
            **{name: getattr(dyad, name) for name in ("shared_hours", "calls", "attended", "channel_open")},
        }
        for dyad in border.dyads
        for pair in [(("prior", dyad.prior), ("belief", dyad.belief))]
    ]
    record = {
        f"month {month} {SCOPE[scope]}": {field: values.get(field, 0.0) for field in fields}
        for month, both in enumerate(border.record)
        for scope, values in enumerate(both)
    }
    teams = [vars(team) | {"clocks": list(team.clocks.values())} for team in border.teams]
    alliance = border.alliance
    return {
        "record": record,
        "cases": cases,
        "units": {
            unit.name: {
                "since": unit.since,
                "without": list(unit.without.values()),
                "books": list(unit.books),
            }
            for unit in (alliance.units if alliance else ())
        },
        "ties": {str(number): tie for number, tie in enumerate(ties)},
        "dyads": {str(number): dyad for number, dyad in enumerate(dyads)},
        "teams": {str(number): team for number, team in enumerate(teams)},
        **{
            name: {str(number): vars(one) for number, one in enumerate(those)}
            for name, those in (
                ("offices", border.offices),
                ("banks", border.banks),
                ("villages", border.villages),
                ("river", border.river),
                ("spells", alliance.spells if alliance else ()),
            )
        },
    }
