"""The table of directions: paired effects, intervals, a control for how many there are, and verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sim.measures.definitions import MEASURES, Measure
from sim.studies.directions.moves import Move, content_key
from sim.studies.directions.runs import QUANTITIES, Runs
from sim.studies.effects import paired_statistics
from sim.studies.false_discovery import FALSE_DISCOVERY_RATE, false_discovery_values, probability

__all__ = [
    "DIRECTION_COLUMNS",
    "direction_table",
    "overall",
    "verdict",
]

DIRECTION_COLUMNS: Final = (
    "kind",
    "name",
    "setting",
    "place",
    "region",
    "low",
    "high",
    "measure",
    "scope",
    "unit",
    "low_value",
    "high_value",
    "effect",
    "low95",
    "high95",
    "replications",
    "p_value",
    "q_value",
    "verdict",
    "judgement",
    "same_states",
    "note_zh",
    "note_en",
)

_ROUNDING: Final = 1e-9


def direction_table(
    moves: Sequence[Move], runs: Runs, notes: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Compare both ends of every move, replication by replication.

    Effect and interval are those of `sim.studies.effects`: the mean of the paired differences, high end
    minus low end, with the 95 % interval of Student's t. One in twenty such intervals misses zero where
    nothing is to be found, and a table has thousands; so p-values of the same t go through the procedure
    of Benjamini and Hochberg, measure by measure, and a verdict asks for a q-value of at most
    `FALSE_DISCOVERY_RATE`. Over the whole table the many certain differences of some measures, costs above
    all, would let chance pass for a finding in one that nothing moves. The procedure holds under independence
    and under the positive dependence that comparisons with a common end have; other dependence between
    measures is not accounted for.

    Parameters
    ----------
    moves : sequence of Move
        What was moved.
    runs : Runs
        The runs of all arms of the moves.
    notes : mapping of str to mapping of str to str, optional
        Remarks by label of a move and language, such as why nothing changes.

    Returns
    -------
    pandas.DataFrame
        The columns of `DIRECTION_COLUMNS`: one row for each move and each of `QUANTITIES`, NaN where
        undefined.
    """
    told = notes or {}
    rows = [row for move in moves for row in _rows(move, runs, told.get(move.label, {}))]
    table = pd.DataFrame(rows)
    # A difference that is the rounding of a sum is none.
    scale = table[["low_value", "high_value"]].abs().max(axis=1)
    is_rounding = table[["effect", "low95", "high95"]].abs().max(axis=1) <= _ROUNDING * scale
    table.loc[is_rounding, ["effect", "low95", "high95"]] = 0.0
    table["p_value"] = probability(
        *(table[name].to_numpy(np.float64) for name in ("effect", "low95", "high95", "replications"))
    )
    by_measure = table.groupby(["measure", "scope"], sort=False)["p_value"]
    table["q_value"] = by_measure.transform(lambda own: false_discovery_values(own.to_numpy(np.float64)))
    table["verdict"] = [
        "absent" if row["absent"] else verdict(row["effect"], row["low95"], row["high95"], row["q_value"])
        for row in table.to_dict("records")
    ]
    table["judgement"] = [
        _judgement(MEASURES[name], word)
        for name, word in zip(table["measure"], table["verdict"], strict=True)
    ]
    table["replications"] = table["replications"].astype("int64")
    return table[list(DIRECTION_COLUMNS)]


def verdict(effect: float, low: float, high: float, q_value: float) -> str:
    """Say which way a measure goes.

    Parameters
    ----------
    effect, low, high : float
        Mean paired difference and its 95 % interval.
    q_value : float
        The difference's q-value among those of its measure.

    Returns
    -------
    {"rises", "falls", "unclear", "same", "undefined"}
        ``rises`` and ``falls`` only where the interval leaves out zero and the q-value is at most
        `FALSE_DISCOVERY_RATE`; ``same`` where all pairs are equal.

    Examples
    --------
    >>> verdict(2.0, 1.0, 3.0, 0.01), verdict(-2.0, -3.0, -1.0, 0.01)
    ('rises', 'falls')
    >>> verdict(2.0, 1.0, 3.0, 0.2), verdict(2.0, -1.0, 5.0, 0.01), verdict(0.0, 0.0, 0.0, 1.0)
    ('unclear', 'unclear', 'same')
    """
    if np.isnan(effect) or np.isnan(low) or np.isnan(high) or np.isnan(q_value):
        return "undefined"
    if effect == low == high == 0.0:
        return "same"
    if q_value <= FALSE_DISCOVERY_RATE and low > 0.0:
        return "rises"
    if q_value <= FALSE_DISCOVERY_RATE and high < 0.0:
        return "falls"
    return "unclear"


def overall(rows: pd.DataFrame) -> str:
    """Sum up one move over its outcomes; staff-days, displaced hours and waiting are its price.

    Parameters
    ----------
    rows : pandas.DataFrame
        The rows of one move in a table of directions.

    Returns
    -------
    {"absent", "nothing", "elsewhere", "price_only", "no_clear", "helps", "harms", "mixed"}
        ``nothing`` where both ends leave the same final state, to the bit, in every pair; ``elsewhere``
        where they do not, but none of the measures differs by a bit; ``price_only`` where only cost
        clearly changes, ``no_clear`` where nothing clearly does; ``helps``, ``harms`` or ``mixed`` by the
        clear outcomes.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "verdict": ["rises", "unclear", "rises"], "judgement": ["better", "", "more"],
    ...     "effect": [0.1, 0.2, 9.0], "same_states": False})
    >>> overall(rows), overall(rows.assign(judgement=["worse", "", "more"]))
    ('helps', 'harms')
    >>> overall(rows.assign(verdict="same")), overall(rows.assign(same_states=True))
    ('elsewhere', 'nothing')
    """
    if (rows["verdict"] == "absent").all():
        return "absent"
    if rows["same_states"].all():
        return "nothing"
    if ((rows["verdict"] == "same") | rows["effect"].isna()).all():
        return "elsewhere"
    judgements = set(rows["judgement"])
    if {"better", "worse"} <= judgements:
        return "mixed"
    if "better" in judgements:
        return "helps"
    if "worse" in judgements:
        return "harms"
    return "price_only" if judgements & {"more", "less"} else "no_clear"


def _rows(move: Move, runs: Runs, note: Mapping[str, str]) -> list[dict[str, object]]:
    """Compare the ends of one move in every quantity."""
    absent = move.low_arm is None or move.high_arm is None
    if move.low_arm is None or move.high_arm is None:
        nothing = np.full((len(QUANTITIES), 1), np.nan)
        found, same_states = paired_statistics(nothing, nothing), False
    else:
        low, high = content_key(move.low_arm), content_key(move.high_arm)
        found = paired_statistics(runs.values[high], runs.values[low])
        same_states = runs.states[high] == runs.states[low]
    return [
        {
            "kind": move.kind,
            "name": move.name,
            "setting": move.setting,
            "place": move.place,
            "region": runs.manifest["region"],
            "low": move.low,
            "high": move.high,
            "measure": measure,
            "scope": scope,
            "unit": MEASURES[measure].unit,
            "low_value": found["baseline_value"][row],
            "high_value": found["arm_value"][row],
            "effect": found["effect"][row],
            "low95": found["low"][row],
            "high95": found["high"][row],
            "replications": found["replications"][row],
            "same_states": same_states,
            "note_zh": note.get("zh", ""),
            "note_en": note.get("en", ""),
            "absent": absent,
        }
        for row, (measure, scope) in enumerate(QUANTITIES)
    ]


def _judgement(measure: Measure, word: str) -> str:
    """Say whether a direction is good; whether a cost is worth it is not for a table to say."""
    if word not in ("rises", "falls"):
        return ""
    if measure.better == 0 or measure.group == "cost":
        return "more" if word == "rises" else "less"
    return "better" if (word == "rises") == (measure.better > 0) else "worse"
