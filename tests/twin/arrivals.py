"""Phase 3, arrivals: disputes arise from their streams of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.arriving import difficulty_of, domain_of, happens_within, waiting_days
from sim.streams import ARRIVAL, CASE, exponential, uniform
from tests.twin.cases import Case
from tests.twin.founding import pull
from tests.twin.places import Bank, Tie, Village

if TYPE_CHECKING:
    from tests.twin.border import Border

__all__ = ["arise", "next_candidates"]


def arise(border: Border) -> None:
    """Let today's candidates for a dispute arise on ties and in villages."""
    for source in border.disputes.due(border.day):
        on_tie = isinstance(source, Tie)
        for candidate in next_candidates(border, source, source.top_rate if on_tie else source.rate):
            if on_tie:
                arise_on_tie(border, source, candidate)
            else:
                arise_in_village(border, source, candidate)
        border.disputes.enter(source, int(min(source.due, 1e9)), border.day)


def next_candidates(border: Border, source: Tie | Village | Bank, yearly_rate: float):  # noqa: ANN201
    """Name today's candidates of a stream, whose times are drawn once and for all."""
    while source.due < border.day + 1:
        yield source.candidate
        source.candidate += 1
        source.due += exponential(border.seed, ARRIVAL, source.key, source.candidate, 0, 365.25 / yearly_rate)


def arise_on_tie(border: Border, tie: Tie, candidate: int) -> None:
    """Let the state of a tie decide whether a candidate becomes a dispute, and whether it is raised."""
    p, rules = border.p, tie.rules
    grievance = 0.5 * (tie.villages[0].grievance + tie.villages[1].grievance)
    rate = tie.rate * pull(border, tie, border.mean_trust, grievance)
    if uniform(border.seed, ARRIVAL, tie.key, candidate, 1) >= rate / tie.top_rate:
        return
    border.count("occurred", tie.scope)
    raised = 1.0 - p.never_raised_share * (1.0 - rules.completeness)
    if uniform(border.seed, CASE, tie.key, candidate, 0) >= raised:
        tie.lose(p.trust_never_raised)
        return
    side = 0 if uniform(border.seed, CASE, tie.key, candidate, 5) < 0.5 else 1
    hazard = p.detection_per_day * (1.0 + rules.faster_detection)
    case = begin(border, tie, tie.villages[side], candidate, hazard, p.border_share[1], p.border_share[2])
    if case is not None:
        case.side = case.holder = side
        case.needs_both = case.draw(CASE, 6) < p.needs_both[case.difficulty]


def arise_in_village(border: Border, village: Village, candidate: int) -> None:
    """Let a dispute between households arise, and perhaps be raised."""
    p = border.p
    border.count("occurred", 0)
    if uniform(border.seed, CASE, village.key, candidate, 0) >= p.never_raised_share:
        shares = (p.interior_complex_share, p.interior_hard_share)
        begin(border, None, village, candidate, p.detection_per_day, *shares)


def begin(
    border: Border, tie: Tie | None, village: Village, candidate: int, hazard: float, *shares: float
) -> Case | None:
    """Begin a latent case, unless it settles by itself before anybody hears of it."""
    p, key = border.p, (tie or village).key
    days = waiting_days(uniform(border.seed, CASE, key, candidate, 1), hazard)
    if happens_within(uniform(border.seed, CASE, key, candidate, 2), p.self_settling_per_day, days):
        return None
    case = Case(border, key, candidate, tie, village)
    case.difficulty = case.first_difficulty = difficulty_of(case.draw(CASE, 3), *shares)
    case.domain = domain_of(case.draw(CASE, 4), p.water_share, p.family_share, p.trade_share)
    case.detect_on(border.day + int(days))
    case.schedule_worsening()
    return case
