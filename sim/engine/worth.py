"""From the state of two offices to what an effort is worth to one of them."""

# The columns of a row have no types that a checker could know.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from sim.compiler import compiled
from sim.elementary import exp2
from sim.engine.columns import Columns, Row
from sim.engine.constants import FAMILY, LAND, MEAN_TRUST, TRADE, WATER
from sim.engine.desks import load_of
from sim.engine.in_force import InForce, at_office, on_dyad, on_tie
from sim.engine.lookups import needs_both_share, success_of, tier_rank
from sim.rules.learning import fade, fade_to, update_belief
from sim.rules.mediation import case_chance, line_weight
from sim.rules.willingness import effort_worth, pressure, settlement_worth

__all__ = [
    "assessed_outcome",
    "belief_of",
    "effort_worth_of",
    "joint_chance",
    "lone_chance",
    "observe",
    "ordinary_prospects",
    "ordinary_stance",
    "prospects_of",
    "stance_of",
    "trust_of",
    "weigh_effort",
]


@compiled
def trust_of(tie: Row, p: Row, day: float) -> float:
    """Bring the trust on a tie up to date and give it; it drifts to a baseline, lower with open claims.

    Parameters
    ----------
    tie, p : Row
        Row of the tie, and the parameters.
    day : float
        Today.

    Returns
    -------
    float
        In [0, 1].
    """
    if day == tie.trust_day:
        return tie.trust
    rest = tie.baseline - (p.legacy_trust_deduction if tie.legacy_open > 0 else 0.0)
    tie.trust = fade(tie.trust, max(0.0, rest), day - tie.trust_day, p.trust_half_life_days)
    tie.trust_day = day
    return tie.trust


@compiled
def belief_of(dyad: Row, p: Row, side: int, day: float) -> float:
    """Bring the beliefs of a dyad up to date and give the one of a side.

    Parameters
    ----------
    dyad, p : Row
        Row of the dyad, and the parameters.
    side : int
        0 or 1: who believes that the other works.
    day : float
        Today.

    Returns
    -------
    float
        In [0, 1].
    """
    days = day - dyad.belief_day
    if days > 0.0:
        left = exp2(-days / p.belief_half_life_days)
        dyad.belief_a = fade_to(dyad.belief_a, dyad.prior_a, left)
        dyad.belief_b = fade_to(dyad.belief_b, dyad.prior_b, left)
        dyad.belief_day = day
    return dyad.belief_a if side == 0 else dyad.belief_b


@compiled
def observe(c: Columns, p: Row, dyad: Row, observer: int, day: int, seen: float, weight: float) -> None:
    """Let one side of a dyad see what the other did.

    Parameters
    ----------
    c : Columns
        The state.
    p, dyad : Row
        The parameters, and the row of the dyad.
    observer : int
        0 or 1: the side that sees.
    day : int
        Today.
    seen, weight : float
        Effort seen, in [0, 1], and the weight of this kind of observation relative to a joint session.
    """
    belief = belief_of(dyad, p, observer, day)
    other_load = load_of(c.offices[dyad.b if observer == 0 else dyad.a], p, day)
    new = update_belief(belief, seen, p.belief_weight, weight, p.belief_loss_ratio, p.load_excuse, other_load)
    if observer == 0:
        dyad.belief_a = new
    else:
        dyad.belief_b = new


@compiled
def joint_chance(
    skill: float, law: float, panel: float, p: Row, level: int, tier: int, difficulty: int
) -> float:
    """Give p2: the chance per case when both sides make an effort in a joint session.

    Parameters
    ----------
    skill, law, panel : float
        What holds on the tie, each in [0, 1].
    p : Row
        The parameters.
    level, tier, difficulty : int
        Boundary level, tier of the session, and difficulty of the case.

    Returns
    -------
    float
        In [0, 1].
    """
    penalty = p.one_sided_penalty * p.joint_penalty_share * line_weight(level, p.line_inside_province)
    penalty -= min(penalty, p.panel_bonus * panel)
    bonus = p.skill_bonus * skill + p.law_bonus * law
    return case_chance(
        success_of(p, difficulty), penalty, bonus, tier_rank(tier), difficulty, p.wrong_tier_share
    )


@compiled
def lone_chance(rules: Row, p: Row, level: int, tier: int, difficulty: int) -> float:
    """Give the chance per case of one side that mediates alone, where nobody else need act.

    Parameters
    ----------
    rules, p : Row
        What holds on the tie, and the parameters.
    level, tier, difficulty : int
        Boundary level, tier of the office, and difficulty of the case.

    Returns
    -------
    float
        In [0, 1].
    """
    penalty = p.one_sided_penalty * line_weight(level, p.line_inside_province)
    bonus = p.skill_bonus * rules.skill + p.law_bonus * rules.law
    return case_chance(
        success_of(p, difficulty), penalty, bonus, tier_rank(tier), difficulty, p.wrong_tier_share
    )


@compiled
def assessed_outcome(rules: Row, domain: int) -> float:
    """Give the share of border results on a subject that enters the assessment of an office.

    Parameters
    ----------
    rules : Row
        What holds for the office.
    domain : int
        Subject, LAND to SECURITY.

    Returns
    -------
    float
        In [0, 1].
    """
    if domain == LAND:
        return rules.outcome_land
    if domain == WATER:
        return rules.outcome_water
    if domain == FAMILY:
        return rules.outcome_family
    return rules.outcome_trade if domain == TRADE else rules.outcome_security


@compiled
def prospects_of(
    c: Columns, t: InForce, p: Row, dyad: int, tie: int, difficulty: int
) -> tuple[float, float, float, float]:
    """Give what efforts can bring on a case of a tie: the same for both sides.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    dyad, tie : int
        The dyad that deals with the case, and the tie of the case.
    difficulty : int
        Difficulty of the case.

    Returns
    -------
    tuple of 4 float
        p2, p1 and p0, the chances of settling when both, one or none make an effort, and the value of a
        lasting settlement (v).
    """
    row = c.dyads[dyad]
    rules = on_tie(t, tie)
    both = joint_chance(rules.skill, rules.law, rules.panel, p, row.level, row.tier, difficulty)
    return _prospects(both, on_dyad(t, dyad).decision_right, p, row.tier, difficulty)


@compiled
def ordinary_prospects(p: Row, level: int, tier: int, difficulty: int) -> tuple[float, float, float, float]:
    """Give what efforts can bring on a case where no mechanism is in force.

    Parameters
    ----------
    p : Row
        The parameters.
    level, tier, difficulty : int
        Boundary level, tier of the offices, and difficulty of the case.

    Returns
    -------
    tuple of 4 float
        As `prospects_of`.
    """
    return _prospects(joint_chance(0.0, 0.0, 0.0, p, level, tier, difficulty), 0.0, p, tier, difficulty)


@compiled
def _prospects(
    both: float, decision_right: float, p: Row, tier: int, difficulty: int
) -> tuple[float, float, float, float]:
    shared = 1.0 - needs_both_share(p, difficulty)
    one = shared * p.one_sided_effort_share * both
    one += decision_right * p.decision_substitution * (both - one)
    none = min(one, shared * p.no_effort_success)
    push = pressure(tier, p.pressure_town, p.pressure_village)
    value = settlement_worth(p.settlement_value * push, difficulty, p.value_complex, p.value_hard)
    return both, one, none, value


@compiled
def stance_of(
    c: Columns, t: InForce, p: Row, dyad: int, side: int, tie: int, domain: int, day: int
) -> tuple[float, float, float, float, float, float, float]:
    """Give what a side brings to every case of a tie, however difficult.

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    dyad, side, tie : int
        The dyad that deals with the case, the side (0 or 1), and the tie of the case.
    domain : int
        Subject of the case.
    day : int
        Today.

    Returns
    -------
    tuple of 7 float
        Belief (b), assessment (A w), shared interest (iota), affect, cost of hours (c), fear of being seen
        to favour the other side (f), and the office's persistent term.
    """
    row = c.dyads[dyad]
    own = row.a if side == 0 else row.b
    office = c.offices[own]
    ground = c.ties[tie]
    tier = row.tier
    push = pressure(tier, p.pressure_town, p.pressure_village)
    # What is assessed is the results of the border.
    assessed = assessed_outcome(at_office(t, own), domain) if row.is_border == 1 else 0.0
    assessment = push * (
        p.outcome_assessment + assessed * (p.outcome_assessment_assessed - p.outcome_assessment)
    )
    trust = trust_of(ground, p, day)
    cost = p.effort_cost + p.effort_cost_load * (load_of(office, p, day) - 0.5)
    fear = 0.0
    if ground.legacy_open > 0:
        scale = 1.0 if tier == 0 else (p.fear_town if tier == 1 else p.fear_county)
        fear = p.fear_of_favour * scale * (1.0 - trust)
    affect = p.affect_slope * (trust - c.facts[MEAN_TRUST])
    return belief_of(row, p, side, day), assessment, ground.interest, affect, cost, fear, office.term


@compiled
def ordinary_stance(
    stance: tuple[float, float, float, float, float, float, float], p: Row, tier: int
) -> tuple[float, float, float, float, float, float, float]:
    """Give what a side would still bring to a case if every mechanism were withdrawn today.

    What it believes, trusts and fears, and how loaded it is, has grown and stays; assessment of results on
    the border and shared interest go with the mechanisms.

    Parameters
    ----------
    stance : tuple of 7 float
        From `stance_of`.
    p : Row
        The parameters.
    tier : int
        Tier of the office.

    Returns
    -------
    tuple of 7 float
        As `stance_of`.
    """
    belief, _, _, affect, cost, fear, term = stance
    assessment = pressure(tier, p.pressure_town, p.pressure_village) * p.outcome_assessment
    return belief, assessment, 0.0, affect, cost, fear, term


@compiled
def weigh_effort(
    prospects: tuple[float, float, float, float],
    stance: tuple[float, float, float, float, float, float, float],
    reputation: float,
) -> float:
    """Give what an effort is worth to a side, from the prospects of the case and its own stance.

    Parameters
    ----------
    prospects : tuple of 4 float
        From `prospects_of`.
    stance : tuple of 7 float
        From `stance_of`.
    reputation : float
        Gain from being seen to make an effort (m R).

    Returns
    -------
    float
        Utility (Delta U), above 0 where an effort is worth it.
    """
    both, one, none, value = prospects
    belief, assessment, interest, affect, cost, fear, term = stance
    worth = effort_worth(value, belief, both, one, none, assessment, reputation, interest, affect, cost, fear)
    return worth + term


@compiled
def effort_worth_of(
    c: Columns, t: InForce, p: Row,
    dyad: int, side: int, tie: int, domain: int, difficulty: int, monitoring: float, day: int,
) -> float:  # fmt: skip
    """Give what an effort of a side on a case of a tie is worth to it (Delta U).

    Parameters
    ----------
    c, t, p : Columns, InForce, Row
        State, institutions and parameters.
    dyad, side, tie : int
        The dyad that deals with the case, the side whose effort it is (0 or 1), and the tie of the case.
    domain, difficulty : int
        Subject and difficulty of the case.
    monitoring : float
        Share of the effort that is seen, in [0, 1].
    day : int
        Today.

    Returns
    -------
    float
        Utility, above 0 where an effort is worth it.
    """
    prospects = prospects_of(c, t, p, dyad, tie, difficulty)
    stance = stance_of(c, t, p, dyad, side, tie, domain, day)
    return weigh_effort(prospects, stance, monitoring * p.reputation)
