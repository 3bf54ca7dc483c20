"""The cases of a run as a table: one row per case that became known, with its whole life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.columns import NEVER, Records
from sim.engine.constants import GIVEN_UP, HOW, LATENT, SECURITY
from sim.engine.dates import START
from sim.engine.simulation import Simulation
from sim.levers.definitions import DIFFICULTIES, DOMAINS

__all__ = ["TIER_NAMES", "case_table", "is_border_case", "known_between"]

TIER_NAMES = ("village", "town", "county", "department", "upper")
"""Tiers of offices by number; ``upper`` is a prefecture or province."""


def is_border_case(simulation: Simulation, cases: Records | Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Tell which cases lie on a tie of the border.

    Parameters
    ----------
    simulation : Simulation
        The run.
    cases : structured array or mapping of str to ndarray
        Rows of its case table, or their columns.

    Returns
    -------
    ndarray of bool
        One value per row.
    """
    tie = cases["tie"]
    return np.asarray((tie >= 0) & simulation.world.tie_is_border[np.maximum(tie, 0)], dtype=bool)


def known_between(cases: Records, first_day: int, last_day: int) -> NDArray[np.bool_]:
    """Tell which cases became known in a span of days.

    Parameters
    ----------
    cases : structured array
        Rows of a case table.
    first_day, last_day : int
        The span; the last day is not in it.

    Returns
    -------
    ndarray of bool
        One value per row.
    """
    known = cases["known"]
    is_in_span = (known >= first_day) & (known < last_day)
    return np.asarray(is_in_span & (cases["status"] != LATENT) & (cases["legacy"] == 0), dtype=bool)


def case_table(
    simulation: Simulation, first_day: int, last_day: int, *, with_interior: bool = True
) -> pd.DataFrame:
    """List the cases that became known in a span of days, and the legacy claims.

    Parameters
    ----------
    simulation : Simulation
        The run, lived at least up to `last_day`.
    first_day, last_day : int
        The span; what happens from `last_day` on is not yet known.
    with_interior : bool
        Whether to list interior cases too; they are some two hundred times as many.

    Returns
    -------
    pandas.DataFrame
        Columns case (villages, and number in their stream: the same name in every arm), scope, tie,
        village_a, village_b (blank for a dispute inside a village), domain, difficulty (when it arose),
        occurred, known, first_response, settled, settled_tier, how, sessions, hand_offs, relapses, incident,
        given_up (by its parties before it was ever settled), legacy, days_to_settlement (NaN while not
        settled), days_observed (to the settlement, else to the last day that is seen, for a case that its
        parties gave up as well: it never counts as settled).
    """
    cases = simulation.cases
    border = is_border_case(simulation, cases)
    chosen = known_between(cases, first_day, last_day)
    chosen |= (cases["legacy"] == 1) & ((cases["settled"] < 0) | (cases["settled"] >= first_day))
    if not with_interior:
        chosen &= border
    rows, border = cases[chosen], border[chosen]
    world = simulation.world
    tie = rows["tie"].astype(np.int64)
    on_tie = tie >= 0
    village_a = np.where(on_tie, world.tie_a[np.maximum(tie, 0)], rows["village"])
    village_b = np.where(on_tie, world.tie_b[np.maximum(tie, 0)], -1)
    settled = np.where(rows["settled"] >= last_day, -1, rows["settled"])
    is_settled = settled >= 0
    # Giving up is the last act of a case.
    is_given_up = ~is_settled & (rows["status"] == GIVEN_UP) & (rows["last_act"] < last_day)
    # What happens on the day before the last is still seen, so a case is watched up to that day.
    watched = np.where(is_settled, settled, last_day - 1) - np.maximum(rows["known"], 0)
    tier = np.where(is_settled, rows["settled_tier"], -1)
    table = pd.DataFrame(
        {
            "case": _names(simulation, rows, village_a, village_b),
            "scope": _category(border, ("interior", "border")),
            "tie": tie,
            "village_a": _category(village_a, world.village_code),
            "village_b": _category(village_b, world.village_code),
            "domain": _category(rows["domain"], DOMAINS),
            "difficulty": _category(rows["first_difficulty"], DIFFICULTIES),
            "occurred": _dates(rows["occurred"]),
            "known": _dates(rows["known"]),
            "first_response": _dates(
                np.where(rows["first_response"] >= last_day, -1, rows["first_response"])
            ),
            "settled": _dates(settled),
            "settled_tier": _category(tier, TIER_NAMES),
            "how": _category(np.where(is_settled, rows["how"], 0), HOW),
            "sessions": rows["sessions"],
            "hand_offs": rows["hand_offs"],
            "relapses": rows["relapses"],
            "incident": rows["incident"] == 1,
            "given_up": is_given_up,
            "legacy": rows["legacy"] == 1,
            "days_to_settlement": np.where(is_settled, watched, np.nan),
            "days_observed": watched.astype(np.float64),
        }
    )
    return table.reset_index(drop=True)


def _category(codes: NDArray[Any], names: Sequence[str]) -> pd.Categorical[str]:
    """Name the codes; -1 is blank."""
    return pd.Categorical.from_codes(np.asarray(codes, dtype=np.int64), pd.Index(names))


def _names(
    simulation: Simulation, rows: Records, a: NDArray[np.int64], b: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Name each case by the villages and the number of the stream that it came from.

    An offence comes from the bank where its offender first thought of it, which is the same in every
    arm, and not from the bank to which patrols displaced it.
    """
    world, banks = simulation.world, simulation.columns.banks
    is_offence, is_legacy = rows["domain"] == SECURITY, rows["legacy"] == 1
    bank = np.zeros(len(rows), dtype=np.int64)
    if is_offence.any():
        by_key = np.argsort(banks["key"], kind="stable")
        bank[is_offence] = by_key[np.searchsorted(banks["key"][by_key], rows["key"][is_offence])]
        tie = banks["tie"][bank]
        a, b = np.where(is_offence, world.tie_a[tie], a), np.where(is_offence, world.tie_b[tie], b)
    code = np.array([*world.village_code, ""], dtype=object)
    kind = np.array(["", "legacy-", "offence-a-", "offence-b-"], dtype=object)
    chosen = np.where(is_offence, 2 + bank % 2, np.where(is_legacy, 1, 0))
    # Legacy claims are numbered downward from -1.
    number = np.where(is_legacy, -rows["candidate"], rows["candidate"]).astype(str).astype(object)
    return np.asarray(code[a] + np.where(b >= 0, "-", "") + code[b] + "-" + kind[chosen] + number)


def _dates(days: NDArray[np.int32]) -> NDArray[np.datetime64]:
    dates = np.datetime64(START) + days.astype(np.int64)
    return np.where((days >= 0) & (days < NEVER), dates, np.datetime64("NaT")).astype("datetime64[s]")
