"""Phase 8 begins: channels that two offices open and let lapse themselves, and the hours they take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.rules.networking import channel_worth, is_channel_kept
from tests.twin.offices import Dyad

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["keep_channels"]


def keep_channels(border: Border) -> None:
    """Let pairs look at the channels that they may have, then spend on those that are open."""
    for dyad in border.dyads:
        rules, scope, tier = dyad.rules, int(dyad.is_border), border.tier_names[dyad.tier]
        hours = rules.channel_hours
        may_have_own = rules.earned_days < math.inf and bool(dyad.ties)
        dyad.channel_open = may_have_own and is_wanted(dyad)
        if may_have_own:
            border.count(f"channels_offered_{tier}", scope)
        if dyad.channel_open:
            border.count(f"channels_open_{tier}", scope)
            hours += rules.earned_hours
        if hours > 0.0:
            for office in dyad.offices:
                office.bind(hours)
            dyad.tell()


def is_wanted(dyad: Dyad) -> bool:
    """Tell whether the channel of a pair is open from now on: it takes both to begin and one to end it."""
    p, hours = dyad.model.p, dyad.rules.earned_hours
    trust = sum(tie.trust for tie in dyad.ties) / len(dyad.ties)
    worths = [
        channel_worth(
            p.channel_value, belief, trust, office.effort_cost / p.session_hours[0], hours, office.term
        )
        for office, belief in zip(dyad.offices, dyad.belief, strict=True)
    ]
    return is_channel_kept(*worths, dyad.channel_open, p.channel_habit)
