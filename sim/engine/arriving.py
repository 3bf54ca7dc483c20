"""Arrivals and sensing: disputes arise, become known or not, and worsen."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.calendar import put_detection, put_source, put_worsening, take_all
from sim.engine.cases import (
    decide_on,
    new_case,
    open_case,
    raise_grievance,
    schedule_giving_up,
    schedule_worsening,
    scope_of,
)
from sim.engine.columns import Columns, Row
from sim.engine.constants import (
    BORDER,
    COUNTY,
    DEPARTMENT,
    DETECTIONS,
    INTERIOR,
    LATENT,
    MEAN_TRUST,
    MONTH,
    OPEN,
    R_INCIDENTS,
    R_KNOWN,
    R_KNOWN_DIFFICULTY,
    R_OCCURRED,
    SECURITY,
    SOURCES_DUE,
    VILLAGE,
    WORSENINGS,
)
from sim.engine.fetching import AHEAD, fetch, fetch_for_news
from sim.engine.in_force import InForce, on_dyad, on_tie
from sim.engine.lookups import needs_both_share
from sim.engine.worth import trust_of
from sim.rules.arriving import difficulty_of, dispute_pull, domain_of, happens_within, waiting_days
from sim.rules.learning import lose
from sim.rules.reaching import information_delay
from sim.streams import ARRIVAL, CASE, exponential, four_uniforms, uniform

__all__ = ["arrive", "become_known", "sense"]


@compiled
def arrive(c: Columns, t: InForce, p: Row, seed: int, day: int) -> None:
    """Let today's candidates for a dispute arise on ties and in villages.

    Each tie and village has its own stream of candidates in continuous time, drawn once and for all;
    the state only decides which of them become cases.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    ties = c.ties.size
    count = take_all(c, SOURCES_DUE, day)
    for number in range(-2 * AHEAD, count):
        _fetch_streams(c, number, count)
        if number < 0:
            continue
        source = c.today[number]
        row = c.sources[source]
        while row.due < day + 1:
            if source < ties:
                _arise_on_tie(c, t, p, seed, source, row.candidate, day)
            else:
                _arise_in_village(c, p, seed, source - ties, row.key, row.candidate, day)
            row.candidate += 1
            row.due += exponential(seed, ARRIVAL, row.key, row.candidate, 0, row.mean_days)
        put_source(c, SOURCES_DUE, source, int(min(row.due, 1.0e9)))


@compiled
def _fetch_streams(c: Columns, number: int, count: int) -> None:
    """Ask for what the streams behind an entry of today's list will touch."""
    far, near = number + 2 * AHEAD, number + AHEAD
    if far < count:
        fetch(c.sources, c.today[far])
        if c.today[far] < c.ties.size:
            fetch(c.ties, c.today[far])
    if 0 <= near < count and c.today[near] < c.ties.size:
        row = c.ties[c.today[near]]
        fetch(c.villages, row.a)
        fetch(c.villages, row.b)


@compiled
def _arise_on_tie(c: Columns, t: InForce, p: Row, seed: int, tie: int, candidate: int, day: int) -> None:
    """Turn a candidate on a tie into a dispute if the state of the tie breeds it."""
    row = c.ties[tie]
    grievance = 0.5 * (c.villages[row.a].grievance + c.villages[row.b].grievance)
    pull = dispute_pull(
        row.legacy_open > 0, p.legacy_dispute_multiplier, trust_of(row, p, day), c.facts[MEAN_TRUST],
        p.dispute_trust_slope, grievance, p.dispute_grievance_slope,
    )  # fmt: skip
    if uniform(seed, ARRIVAL, row.key, candidate, 1) >= row.base_rate * pull / row.top_rate:
        return
    scope = BORDER if row.is_border == 1 else INTERIOR
    c.record[c.counters[MONTH], scope, R_OCCURRED] += 1.0
    rules = on_tie(t, tie)
    raised = 1.0 - p.never_raised_share * (1.0 - rules.completeness)
    raising, finding, settling, hardness = four_uniforms(seed, CASE, row.key, candidate, 0)
    if raising >= raised:
        row.trust = lose(row.trust, p.trust_never_raised)
        return
    detection = p.detection_per_day * (1.0 + rules.faster_detection)
    latent = waiting_days(finding, detection)
    if happens_within(settling, p.self_settling_per_day, latent):
        return
    subject, which_side, acts, _ = four_uniforms(seed, CASE, row.key, candidate, 1)
    side = 0 if which_side < 0.5 else 1
    difficulty = difficulty_of(hardness, p.border_complex_share, p.border_hard_share)
    domain = domain_of(subject, p.water_share, p.family_share, p.trade_share)
    needs = acts < needs_both_share(p, difficulty)
    case = new_case(c, row.key, candidate, tie, row.a if side == 0 else row.b, side, day)
    record = c.cases[case]
    record.domain = domain
    record.difficulty = difficulty
    record.first_difficulty = difficulty
    record.needs_both = 1 if needs else 0
    put_detection(c, case, day + int(latent))
    schedule_worsening(c, p, seed, case, day)


@compiled
def _arise_in_village(
    c: Columns, p: Row, seed: int, village: int, key: int, candidate: int, day: int
) -> None:
    """Let a dispute between households of one village arise."""
    c.record[c.counters[MONTH], INTERIOR, R_OCCURRED] += 1.0
    raising, finding, settling, hardness = four_uniforms(seed, CASE, key, candidate, 0)
    if raising < p.never_raised_share:
        return
    latent = waiting_days(finding, p.detection_per_day)
    if happens_within(settling, p.self_settling_per_day, latent):
        return
    difficulty = difficulty_of(hardness, p.interior_complex_share, p.interior_hard_share)
    case = new_case(c, key, candidate, -1, village, 0, day)
    record = c.cases[case]
    subject = uniform(seed, CASE, key, candidate, 4)
    record.domain = domain_of(subject, p.water_share, p.family_share, p.trade_share)
    record.difficulty = difficulty
    record.first_difficulty = difficulty
    put_detection(c, case, day + int(latent))
    schedule_worsening(c, p, seed, case, day)


@compiled
def sense(c: Columns, t: InForce, p: Row, seed: int, day: int) -> None:
    """Let latent cases become known, and cases that nobody settled worsen.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, day : int
        Seed of the run, and today.
    """
    count = take_all(c, WORSENINGS, day)
    for number in range(-2 * AHEAD, count):
        fetch_for_news(c, number, count)
        if number >= 0:
            _worsen(c, p, seed, c.today[number], day)
    count = take_all(c, DETECTIONS, day)
    for number in range(-2 * AHEAD, count):
        fetch_for_news(c, number, count)
        if number < 0:
            continue
        case = c.today[number]
        if c.cases[case].next_day > day:
            put_detection(c, case, c.cases[case].next_day)
        else:
            become_known(c, t, p, seed, case, day)


@compiled
def _worsen(c: Columns, p: Row, seed: int, case: int, day: int) -> None:
    record = c.cases[case]
    if record.worsens > day:
        put_worsening(c, case, record.worsens)
        return
    record.worsens = -1
    if record.status != OPEN and record.status != LATENT:
        return
    if record.difficulty < 2:
        record.difficulty += 1
        schedule_worsening(c, p, seed, case, day)
        return
    record.incident = 1
    c.record[c.counters[MONTH], scope_of(c, record), R_INCIDENTS] += 1.0
    raise_grievance(c, p, record)
    if record.tie >= 0:
        row = c.ties[record.tie]
        row.trust = lose(trust_of(row, p, day), p.trust_incident)


@compiled
def become_known(c: Columns, t: InForce, p: Row, seed: int, case: int, day: int) -> None:
    """Let one side learn of a case, the other after a delay or never, and enter it in a docket.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    seed, case, day : int
        Seed of the run, the case, and today.
    """
    record = c.cases[case]
    record.known = day
    record.last_act = day
    record.detected_difficulty = record.difficulty
    scope = scope_of(c, record)
    month = c.counters[MONTH]
    if record.domain != SECURITY:
        c.record[month, scope, R_KNOWN] += 1.0
        c.record[month, scope, R_KNOWN_DIFFICULTY] += record.difficulty
    record.tier = VILLAGE
    schedule_giving_up(record, p, seed, day)
    if record.tie >= 0:
        tie = record.tie
        rules = on_tie(t, tie)
        row = c.ties[tie]
        losing, delay, route, over = four_uniforms(seed, CASE, record.key, record.candidate, 2)
        lost = losing < p.information_loss * (1.0 - rules.loss_removed)
        if on_dyad(t, row.village_dyad).cross_posted == 1:
            record.other_known = day
        elif not lost:
            record.other_known = day + int(
                information_delay(delay, p.information_delay_days, rules.delay_removed)
            )
        if record.domain == SECURITY:
            # Offences go to the police; between towns of one county that is one office's own work.
            record.tier = DEPARTMENT
        elif route < rules.route_by_difficulty:
            record.tier = record.difficulty
            if over < p.over_referral:
                record.tier = min(COUNTY, record.difficulty + 1)
            if record.tier == COUNTY and row.department_dyad >= 0:
                draw = uniform(seed, CASE, record.key, record.candidate, 15)
                if draw < rules.route_to_department:
                    record.tier = DEPARTMENT
    open_case(c, case)
    decide_on(c, case, day)
