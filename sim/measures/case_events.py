"""What happened to one case on one day, read off its row in the morning and in the evening.

The engine keeps no diary, but hardly needs one: a case has one act a day at most, and each act leaves its own
mark in the columns. So a life can be told afterwards, without a run being any slower or any different.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.engine.columns import Row
from sim.engine.constants import (
    BY_ITEM,
    BY_LINE,
    COUNTY,
    DECIDE,
    DEPARTMENT,
    DROPPED_ITEM,
    GIVEN_UP,
    HOW,
    IN_QUEUE,
    LATENT,
    MEET,
    OPEN,
    OWN,
    OWNED_ITEM,
    PLAIN_ITEM,
    SECURITY,
    SETTLED,
    SOLO,
    TOWN,
    UPPER,
)
from sim.levers.definitions import DIFFICULTIES, DOMAINS
from sim.measures.case_place import Place
from sim.rules.reaching import climb_days, forwarding_chance
from sim.streams import REACH, REFERRAL, uniform

__all__ = ["CHANNELS", "EVENTS", "Event", "day_events"]

EVENTS = (
    "arose", "latent", "never", "earlier", "known", "other_known", "worsened", "incident", "convened", "item",
    "forgotten", "called", "postponed", "no_date", "absent", "met", "alone_planned", "alone", "own_planned",
    "own", "referred", "returned", "left", "lost", "idle", "settled", "relapsed", "given_up", "open",
)  # fmt: skip
"""Everything that a biography can tell, in about the order of a life."""

CHANNELS = ("line", "channel", "duty", "office", "item", "queue")
"""How a joint session was called, by number."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to a case.

    Attributes
    ----------
    day : int
        Day since the start of the run.
    event : str
        One of `EVENTS`.
    tier : int
        Tier of the office that acted, 0 village to 4 prefecture or province.
    side : int
        Its side of the tie, 0 or 1; -1 where it is both sides or stands above them.
    office, other : int
        Row of the office that acted, and of the one that it was about; -1 for none.
    due : int
        Day for which something was arranged, -1 for none.
    detail : str
        What else there is to say: a channel, who made an effort, how it was settled.
    """

    day: int
    event: str
    tier: int
    side: int
    office: int
    other: int = -1
    due: int = -1
    detail: str = ""


def day_events(before: Row | None, after: Row, day: int, place: Place) -> Iterator[Event]:
    """Tell what happened to a case on a day, in the order in which it happened.

    Parameters
    ----------
    before : Row or None
        Its row in the morning; None where there was none.
    after : Row
        Its row in the evening.
    day : int
        The day.
    place : Place
        Its offices.

    Yields
    ------
    Event
        In order.
    """
    known = before if before is not None and before.status != LATENT else None
    if before is None:
        arose = _of_both(after, "arose", int(after.occurred), place)
        yield replace(arose, detail=f"{DOMAINS[after.domain]} {DIFFICULTIES[after.first_difficulty]}")
    yield from _worsening(before, after, day, place)
    if after.status == LATENT:
        return
    if known is None:
        # Branches have the rows of their villages.
        yield Event(day, "known", 0, int(after.side), int(after.village))
    acts = list(_acts(known, after, day, place))
    told = after.other_known <= day and not (known is not None and known.other_known < day)
    met = any(act.event == "met" for act in acts)
    if told and not met:
        yield _told(known, after, day, place, "contact")
    idle_days = int(place.p.unattended_days) + 1
    if known is not None and known.status == OPEN and day - known.last_act == idle_days:
        office, side = place.office(known, int(known.tier), int(known.holder))
        yield Event(day, "idle", int(known.tier), side, office, -1, -1, str(idle_days - 1))
    for act in acts:
        yield act
        if act.event == "met" and told:
            yield _told(known, after, day, place, "session")


def _of_both(row: Row, event: str, day: int, place: Place) -> Event:
    world, tie = place.world, int(row.tie)
    if tie < 0:
        return Event(day, event, 0, -1, int(row.village))
    return Event(day, event, 0, -1, int(world.tie_a[tie]), int(world.tie_b[tie]))


def _told(before: Row | None, after: Row, day: int, place: Place, by: str) -> Event:
    if before is not None and before.other_known == after.other_known:
        by = "news"
    elif before is None and by == "contact":
        by = "at_once"
    ends = (place.world.tie_a, place.world.tie_b)
    other = 1 - int(after.side)
    return Event(day, "other_known", 0, other, int(ends[other][after.tie]), -1, -1, by)


def _worsening(before: Row | None, after: Row, day: int, place: Place) -> Iterator[Event]:
    was = int(after.first_difficulty if before is None else before.difficulty)
    if after.difficulty > was:
        event = _of_both(after, "worsened", day, place)
        yield replace(event, detail=DIFFICULTIES[after.difficulty])
    if after.incident and not (before is not None and before.incident):
        yield _of_both(after, "incident", day, place)


def _acts(before: Row | None, after: Row, day: int, place: Place) -> Iterator[Event]:
    """Tell what was decided and done."""
    act, tier = DECIDE, _entry_tier(after)
    if before is not None:
        act, tier = int(before.next_act), int(before.tier)
        if before.status == GIVEN_UP or (before.status == SETTLED and after.relapses == before.relapses):
            return
    if after.relapses > (0 if before is None else before.relapses):
        yield _of_both(after, "relapsed", day, place)
        act = DECIDE
    elif before is not None and before.next_day > day:
        met = _in_meeting(before, after, day, place)
        if met is not None:
            yield met
            return
        if not _has_moved(before, after):
            return
        office, side = place.office(before, tier, int(before.side))
        yield Event(day, "convened", tier, -1, office)
    office, side = place.office(after, tier, int(after.holder))
    if after.status == GIVEN_UP:
        yield Event(day, "given_up", tier, side, office)
        return
    if act == MEET:
        yield from _session(before, after, day, place)
    elif act == SOLO:
        held = before is None or after.sessions > before.sessions
        if held:
            yield Event(day, "alone", tier, side, office)
        else:
            yield Event(day, "postponed", tier, side, office, -1, int(after.next_day), "alone")
    elif act == OWN:
        yield Event(day, "own", tier, side, office)
    else:
        yield from _decision(before, after, tier, day, place)
    if after.settlements > (0 if before is None else before.settlements):
        how = HOW[after.how] if after.settlements == 1 else ""
        yield Event(day, "settled", int(after.tier), side, office, -1, -1, how)


def _entry_tier(after: Row) -> int:
    """Give the tier of the docket that a case entered today, before it was perhaps handed on at once."""
    if after.domain == SECURITY:
        return DEPARTMENT
    if after.hand_offs != 1:
        return int(after.tier)
    return {TOWN: 0, COUNTY: TOWN, DEPARTMENT: TOWN, UPPER: COUNTY}.get(int(after.tier), 0)


def _has_moved(before: Row, after: Row) -> bool:
    names = ("attempts", "sessions", "hand_offs", "next_act", "next_day", "status", "tier")
    return any(before[name] != after[name] for name in names)


def _in_meeting(before: Row, after: Row, day: int, place: Place) -> Event | None:
    """Tell what a periodic meeting did with the case, if one took it up."""
    office, _ = place.office(after, int(after.tier), int(after.holder))
    other, _ = place.office(after, int(after.tier), 1 - int(after.holder))
    is_item = after.item_state in (PLAIN_ITEM, OWNED_ITEM) and after.channel == BY_ITEM
    if is_item and before.next_act == DECIDE and after.next_act == MEET:
        kind = "owned" if after.item_state == OWNED_ITEM else "plain"
        return Event(day, "item", int(after.tier), -1, office, other, int(after.called), kind)
    is_dropped = after.item_state == DROPPED_ITEM and after.called == day and after.attempts > before.attempts
    later = day + int(place.p.execution_days)
    if is_dropped and after.last_act == before.last_act and after.next_day == later:
        return Event(day, "forgotten", int(after.tier), -1, office, other)
    return None


def _decision(before: Row | None, after: Row, tier: int, day: int, place: Place) -> Iterator[Event]:
    """Tell what the side that was due decided, and what came of it on the same day."""
    office, side = place.office(after, tier, int(after.holder))
    sessions = int(after.sessions) - (0 if before is None else int(before.sessions))
    hands = int(after.hand_offs) - (0 if before is None else int(before.hand_offs))
    due = int(after.next_day)
    is_inside = place.dyad(after, tier) < 0
    if sessions and (is_inside or after.channel in (BY_LINE, IN_QUEUE)):
        yield Event(day, "own" if is_inside else "alone", tier, side, office)
    elif after.status == OPEN and after.next_act in (SOLO, OWN):
        event = "alone_planned" if after.next_act == SOLO else "own_planned"
        yield Event(day, event, tier, side, office, -1, due)
    elif hands == 2:
        yield Event(day, "returned", tier, side, office, -1, due)
    elif hands == 1:
        above, _ = place.office(after, int(after.tier), int(after.holder))
        yield Event(day, "referred", tier, side, office, above, due)
    elif sessions or after.next_act == MEET or (after.channel != BY_LINE and after.called == day):
        other, _ = place.office(after, tier, 1 - int(after.holder))
        called = int(after.called)
        yield Event(day, "called", tier, side, office, other, called, CHANNELS[after.channel])
        if called == day:
            yield from _session(before, after, day, place)
    else:
        yield _stalled(before, after, tier, day, place)


def _session(before: Row | None, after: Row, day: int, place: Place) -> Iterator[Event]:
    """Tell whether both had the hours for a session that was called, who came and who made an effort."""
    tier, caller = int(after.tier), int(after.holder)
    office, side = place.office(after, tier, caller)
    other, _ = place.office(after, tier, 1 - caller)
    if after.sessions > (0 if before is None else before.sessions):
        worked = (place.worked(office, after, day), place.worked(other, after, day))
        yield Event(day, "met", tier, -1, office, other, -1, _EFFORT.get(worked, "unknown"))
    elif after.status == OPEN and after.next_act == MEET:
        yield Event(day, "postponed", tier, side, office, other, int(after.next_day), "joint")
    elif after.last_act == day and place.was_called(after):
        # A case that became known or relapsed today had an act without anybody being called.
        yield Event(day, "absent", tier, 1 - side, other, office)
    else:
        yield Event(day, "no_date", tier, side, office, other, int(after.next_day))


_EFFORT: dict[tuple[bool | None, bool | None], str] = {
    (True, True): "both",
    (True, False): "caller",
    (False, True): "called",
    (False, False): "none",
}


def _stalled(before: Row | None, after: Row, tier: int, day: int, place: Place) -> Event:
    """Tell leaving a case from a call or a referral that was lost on its way, by when it comes up again."""
    p, attempt = place.p, 0 if before is None else int(before.attempts)
    seed, key, number = place.simulation.seed, int(after.key), int(after.candidate)
    cool_off = int(p.legacy_cool_off_days if after.legacy else p.cool_off_days)
    hop = (p.hop_days_village, p.hop_days_town, p.hop_days_upper)[min(tier, COUNTY)]
    gap = int(after.next_day) - day
    found = []
    lost = float(uniform(seed, REFERRAL, key, number, 2 * attempt)) >= p.forwarding
    if lost and gap == math.ceil(hop) + cool_off:
        found.append("referral")
    dyad = place.dyad(after, tier)
    if dyad >= 0:
        level = int(place.world.dyad_level[dyad])
        away = climb_days(tier, level, p.hop_days_village, p.hop_days_town, p.hop_days_upper)
        arrives = forwarding_chance(tier, level, p.forwarding)
        if gap == math.ceil(away) and float(uniform(seed, REACH, key, number, attempt)) >= arrives:
            found.append("call")
        if gap == cool_off:
            found.append("left")
    office, side = place.office(after, tier, int(after.holder))
    if found == ["left"]:
        return Event(day, "left", tier, side, office, -1, int(after.next_day))
    detail = found[0] if len(found) == 1 else "unclear"
    return Event(day, "lost", tier, side, office, -1, int(after.next_day), detail)
