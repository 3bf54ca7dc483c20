"""From the state of two offices to what an effort is worth to one of them."""

from __future__ import annotations

from sim.compiler import compiled
from sim.engine.columns import Columns, Row
from sim.engine.constants import MEAN_TRUST
from sim.engine.desks import load_of
from sim.engine.lookups import needs_both_share, success_of, tier_rank
from sim.levers.institutions import Tables
from sim.rules.learning import fade, update_belief
from sim.rules.mediation import case_chance, line_weight
from sim.rules.willingness import effort_worth, pressure, settlement_worth

__all__ = ["assessed_outcome", "belief_of", "effort_worth_of", "joint_chance", "lone_chance", "observe", "trust_of"]


@compiled
def trust_of(c: Columns, p: Row, tie: int, day: float) -> float:
    """Bring the trust on a tie up to date and give it; it drifts to a baseline, lower with open claims."""
    row = c.ties[tie]
    rest = row.baseline - (p.legacy_trust_deduction if row.legacy_open > 0 else 0.0)
    row.trust = fade(row.trust, max(0.0, rest), day - row.trust_day, p.trust_half_life_days)
    row.trust_day = day
    return row.trust


@compiled
def belief_of(c: Columns, p: Row, dyad: int, side: int, day: float) -> float:
    """Bring the beliefs of a dyad up to date and give the one of a side."""
    row = c.dyads[dyad]
    days = day - row.belief_day
    if days > 0.0:
        row.belief_a = fade(row.belief_a, row.prior_a, days, p.belief_half_life_days)
        row.belief_b = fade(row.belief_b, row.prior_b, days, p.belief_half_life_days)
        row.belief_day = day
    return row.belief_a if side == 0 else row.belief_b


@compiled
def observe(c: Columns, p: Row, dyad: int, observer: int, day: int, seen: float, weight: float) -> None:
    """Let one side of a dyad see what the other did."""
    row = c.dyads[dyad]
    belief = belief_of(c, p, dyad, observer, day)
    other = row.b if observer == 0 else row.a
    new = update_belief(
        belief,
        seen,
        p.belief_weight,
        weight,
        p.belief_loss_ratio,
        p.load_excuse,
        load_of(c, p, other, day),
    )
    if observer == 0:
        row.belief_a = new
    else:
        row.belief_b = new


@compiled
def joint_chance(t: Tables, p: Row, tie: int, level: int, tier: int, difficulty: int) -> float:
    """Give p2: the chance per case when both sides make an effort in a joint session."""
    rules = t.ties[tie]
    penalty = p.one_sided_penalty * p.joint_penalty_share * line_weight(level, p.line_inside_province)
    penalty -= min(penalty, p.panel_bonus * rules.panel)
    bonus = p.skill_bonus * rules.skill + p.law_bonus * rules.law
    return case_chance(success_of(p, difficulty), penalty, bonus, tier_rank(tier), difficulty, p.wrong_tier_share)


@compiled
def lone_chance(t: Tables, p: Row, tie: int, level: int, tier: int, difficulty: int) -> float:
    """Give the chance per case of one side that mediates alone, where nobody else need act."""
    rules = t.ties[tie]
    penalty = p.one_sided_penalty * line_weight(level, p.line_inside_province)
    bonus = p.skill_bonus * rules.skill + p.law_bonus * rules.law
    return case_chance(success_of(p, difficulty), penalty, bonus, tier_rank(tier), difficulty, p.wrong_tier_share)


@compiled
def assessed_outcome(t: Tables, office: int, domain: int) -> float:
    """Give the share of border results on a subject that enters the assessment of an office."""
    rules = t.offices[office]
    if domain == 0:
        return rules.outcome_land
    if domain == 1:
        return rules.outcome_water
    if domain == 2:
        return rules.outcome_family
    return rules.outcome_trade if domain == 3 else rules.outcome_security


@compiled
def effort_worth_of(
    c: Columns, t: Tables, p: Row,
    dyad: int, side: int, tie: int, domain: int, difficulty: int, monitoring: float, day: int,
) -> float:  # fmt: skip
    """Give what an effort of a side on a case of a tie is worth to it (Delta U)."""
    row = c.dyads[dyad]
    office = row.a if side == 0 else row.b
    tier = row.tier
    both = joint_chance(t, p, tie, row.level, tier, difficulty)
    shared = 1.0 - needs_both_share(p, difficulty)
    one = shared * p.one_sided_effort_share * both
    one += t.dyads[dyad].decision_right * p.decision_substitution * (both - one)
    none = min(one, shared * p.no_effort_success)
    push = pressure(tier, p.pressure_town, p.pressure_village)
    value = settlement_worth(p.settlement_value * push, difficulty, p.value_complex, p.value_hard)
    assessed = assessed_outcome(t, office, domain)
    assessment = push * (
        p.outcome_assessment + assessed * (p.outcome_assessment_assessed - p.outcome_assessment)
    )
    trust = trust_of(c, p, tie, day)
    cost = p.effort_cost + p.effort_cost_load * (load_of(c, p, office, day) - 0.5)
    fear = 0.0
    if c.ties[tie].legacy_open > 0:
        scale = 1.0 if tier == 0 else (p.fear_town if tier == 1 else p.fear_county)
        fear = p.fear_of_favour * scale * (1.0 - trust)
    worth = effort_worth(
        value,
        belief_of(c, p, dyad, side, day),
        both,
        one,
        none,
        assessment,
        monitoring * p.reputation,
        c.ties[tie].interest,
        p.affect_slope * (trust - c.facts[MEAN_TRUST]),
        cost,
        fear,
    )
    return worth + c.offices[office].term
