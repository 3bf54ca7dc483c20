"""Phase 4, sensing: latent cases become known to one side, later to the other, or worsen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.rules.reaching import information_delay
from sim.streams import CASE
from sim.world.offices import COUNTY, DEPARTMENT
from tests.twin.cases import SECURITY, Case
from tests.twin.places import Tie

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["route_to_department", "sense"]


def sense(border: Border) -> None:
    """Let cases that nobody settled worsen, and latent ones become known."""
    for case in border.worsenings.due(border.day):
        worsen(case)
    for case in border.detections.due(border.day):
        become_known(case)


def worsen(case: Case) -> None:
    """Let a case that is still latent or open become harder, and a hard one an incident."""
    case.worsens = math.inf
    if case.status not in ("latent", "open"):
        return
    if case.difficulty < 2:
        case.difficulty += 1
        case.schedule_worsening()
        return
    case.is_incident = True
    case.count("incidents")
    case.aggrieve()
    if case.tie:
        case.tie.lose(case.model.p.trust_incident)


def become_known(case: Case) -> None:
    """Let one side learn of a case, the other later or never, and enter it in a docket."""
    case.known = case.last_act = case.model.day
    case.detected_difficulty = case.difficulty
    if case.domain != SECURITY:
        case.count("known")
        case.count("known_difficulty", case.difficulty)
    case.schedule_giving_up()
    if case.tie:
        cross_line(case, case.tie)
        find_docket(case, case.tie)
    case.open()
    case.wait_for("decide", case.model.day)


def cross_line(case: Case, tie: Tie) -> None:
    """Let the news cross the line: at once, after a delay, or not until the two sides are in contact."""
    p, rules, today = case.model.p, tie.rules, case.model.day
    if tie.dyads[0].rules.cross_posted:
        case.other_known = today
    elif case.draw(CASE, 8) >= p.information_loss * (1.0 - rules.loss_removed):
        delay = information_delay(case.draw(CASE, 9), p.information_delay_days, rules.delay_removed)
        case.other_known = today + int(delay)


def find_docket(case: Case, tie: Tie) -> None:
    """Enter it with the village, the police, or where routing by difficulty sends it."""
    if case.domain == SECURITY:
        case.tier = DEPARTMENT
    elif case.draw(CASE, 10) < tie.rules.route_by_difficulty:
        is_too_high = case.draw(CASE, 11) < case.model.p.over_referral
        case.tier = min(COUNTY, case.difficulty + is_too_high)
        if case.tier == COUNTY:
            route_to_department(case)


def route_to_department(case: Case) -> None:
    """Send a case at the county on to the competent department, where routing says so."""
    if case.tie and case.tie.departments and case.draw(CASE, 15) < case.tie.rules.route_to_department:
        case.tier = DEPARTMENT
