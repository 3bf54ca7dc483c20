"""How a case ends: settled, perhaps to open again, or given up."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.engine.calendar import put_act
from sim.engine.cases import act_on, scope_of
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    GIVEN_UP,
    HOW_JOINT,
    MONTH,
    NO_ITEM,
    R_CLEARED,
    R_CLOSED,
    R_LEGACY_SETTLED,
    R_SETTLED,
    REOPEN,
    SECURITY,
    SETTLED,
    UPPER,
)
from sim.engine.worth import trust_of
from sim.rules.learning import rise
from sim.streams import RELAPSE, uniform

__all__ = ["give_up", "settle"]


@compiled
def _leave_open(c: Columns, record: Row) -> None:
    if record.tie < 0:
        return
    row = c.ties[record.tie]
    if record.before >= 0:
        c.cases[record.before].after = record.after
    else:
        row.first_open = record.after
    if record.after >= 0:
        c.cases[record.after].before = record.before
    else:
        row.last_open = record.before


@compiled
def give_up(c: Columns, p: Row, record: Row, day: int) -> None:
    """Take a case that its parties gave up out of all dockets; it never counts as settled.

    Parameters
    ----------
    c : Columns
        The state.
    p, record : Row
        The parameters, and the row of the case.
    day : int
        Today.
    """
    act_on(record, p, day)
    record.status = GIVEN_UP
    _leave_open(c, record)


@compiled
def settle(c: Columns, p: Row, seed: int, case: int, day: int, how: int, tier: int) -> None:
    """Close a case, and draw whether and when it opens again.

    Parameters
    ----------
    c, p : Columns, Row
        State and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    how : int
        HOW_JOINT to HOW_OWN.
    tier : int
        Tier that settled it.
    """
    record = c.cases[case]
    act_on(record, p, day)
    scope = scope_of(c, record)
    month = c.counters[MONTH]
    record.status = SETTLED
    record.settlements += 1
    record.item_state = NO_ITEM
    if record.settled < 0:
        record.settled = day
        record.settled_tier = tier
        record.how = how
        if record.domain == SECURITY:
            c.record[month, scope, R_CLEARED] += 1.0
        elif record.legacy == 1:
            c.record[month, scope, R_LEGACY_SETTLED] += 1.0
        else:
            c.record[month, scope, R_SETTLED] += 1.0
            c.record[month, scope, R_CLOSED + min(tier, UPPER)] += 1.0
    _leave_open(c, record)
    if record.tie >= 0:
        row = c.ties[record.tie]
        if record.legacy == 1:
            trust_of(row, p, day)
            row.legacy_open -= 1
        if how == HOW_JOINT and record.domain != SECURITY:
            row.trust = rise(trust_of(row, p, day), p.trust_gain)
    if record.legacy == 1 or record.domain == SECURITY:
        return
    turn = record.settlements
    if uniform(seed, RELAPSE, record.key, record.candidate, 2 * turn) < p.relapse_share:
        later = uniform(seed, RELAPSE, record.key, record.candidate, 2 * turn + 1) * p.relapse_window_days
        put_act(c, case, day + 1 + int(math.floor(later)), REOPEN)
