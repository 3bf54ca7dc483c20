"""Channels that offices open and let lapse themselves, and what keeping a channel takes."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.engine.columns import Columns, Row
from sim.engine.constants import BORDER, INTERIOR, MONTH, R_CHANNELS_OFFERED, R_CHANNELS_OPEN
from sim.engine.desks import bind_hours, load_of
from sim.engine.in_force import InForce, on_dyad
from sim.engine.meeting import restore_information
from sim.engine.worth import belief_of, trust_of
from sim.rules.networking import channel_worth, is_channel_kept

__all__ = ["keep_channels"]


@compiled
def keep_channels(c: Columns, t: InForce, p: Row, day: int) -> None:
    """Let offices open or drop the channels that they may have, and spend the hours that open channels take.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    day : int
        Today, the last day of a month.
    """
    month = c.counters[MONTH]
    for dyad in range(c.dyads.size):
        row = c.dyads[dyad]
        rules = on_dyad(t, dyad)
        hours = rules.channel_hours
        if rules.earned_days < math.inf and row.ties > 0:
            scope = BORDER if row.is_border == 1 else INTERIOR
            _review_channel(c, p, row, rules.earned_hours, day)
            c.record[month, scope, R_CHANNELS_OFFERED + row.tier] += 1.0
            if row.channel_open == 1:
                c.record[month, scope, R_CHANNELS_OPEN + row.tier] += 1.0
                hours += rules.earned_hours
        elif row.channel_open == 1:
            row.channel_open = 0
        if hours > 0.0:
            bind_hours(c, p, c.offices[row.a], day, hours)
            bind_hours(c, p, c.offices[row.b], day, hours)
            restore_information(c, row, day)


@compiled
def _review_channel(c: Columns, p: Row, row: Row, hours: float, day: int) -> None:
    """Let both sides look at what the channel is worth to them, and open it, keep it or let it lapse."""
    trust = 0.0
    for index in range(row.first_tie, row.first_tie + row.ties):
        trust += trust_of(c.ties[c.dyad_ties[index]], p, day)
    trust /= row.ties
    worth_a = _worth_to(c, p, row, 0, trust, hours, day)
    worth_b = _worth_to(c, p, row, 1, trust, hours, day)
    kept = is_channel_kept(worth_a, worth_b, row.channel_open == 1, p.channel_habit)
    row.channel_open = 1 if kept else 0


@compiled
def _worth_to(c: Columns, p: Row, row: Row, side: int, trust: float, hours: float, day: int) -> float:
    office = c.offices[row.a if side == 0 else row.b]
    cost = p.effort_cost + p.effort_cost_load * (load_of(office, p, day) - 0.5)
    hourly = cost / p.session_hours_simple
    return channel_worth(p.channel_value, belief_of(row, p, side, day), trust, hourly, hours, office.term)
