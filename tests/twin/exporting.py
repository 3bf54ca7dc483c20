"""Give a life of the twin as the tables from which measures are taken."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.twin.reading import HOW, STATUS

if TYPE_CHECKING:
    from tests.twin.border import Border
    from tests.twin.cases import Case

__all__ = ["export"]


def export(border: Border, fields: tuple[str, ...]) -> Any:
    """Give what the functions of `sim.measures` read of a run.

    Parameters
    ----------
    border : Border
        The twin.
    fields : tuple of str
        Names of the monthly record, in the order of its columns.

    Returns
    -------
    object
        With `world`, `parameters`, `cases` and `columns`.
    """
    record = [[[values.get(field, 0.0) for field in fields] for values in both] for both in border.record]
    number = {id(tie): row for row, tie in enumerate(border.ties)}
    village = {id(one): row for row, one in enumerate(border.villages)}
    cases = [row_of(case, number.get(id(case.tie), -1), village[id(case.village)]) for case in border.cases]
    banks = [{"key": bank.key, "tie": number[id(bank.tie)]} for bank in border.banks]
    return SimpleNamespace(
        world=border.world,
        parameters=border.parameters,
        cases=table(cases),
        columns=SimpleNamespace(
            record=np.array(record),
            banks=table(banks),
            offices=table([{"border_efforts": office.border_efforts} for office in border.offices]),
        ),
    )


def row_of(case: Case, tie: int, village: int) -> dict[str, int]:
    """Give a case in numbers: -1 or a day beyond all days where something has not happened."""
    return {
        "key": case.key,
        "candidate": case.candidate,
        "tie": tie,
        "village": village,
        "status": STATUS.index(case.status),
        "how": HOW.index(case.how),
        "legacy": int(case.is_legacy),
        "incident": int(case.is_incident),
        "known": 1 << 30 if case.known == math.inf else int(case.known),
        "first_response": -1 if case.first_response is None else case.first_response,
        "settled": -1 if case.settled is None else case.settled,
    } | {
        name: getattr(case, name)
        for name in (
            "domain", "first_difficulty", "detected_difficulty", "occurred", "settled_tier", "last_act",
            "idle_days", "sessions", "hand_offs", "relapses", "settlements",
        )
    }  # fmt: skip


def table(rows: list[dict[str, int]]) -> Any:
    """Give rows as one structured array of whole numbers."""
    kind = np.dtype([(name, np.int64) for name in rows[0]])
    return np.array([tuple(row.values()) for row in rows], dtype=kind)
