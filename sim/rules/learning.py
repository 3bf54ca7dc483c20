"""How beliefs, trust, shared interest and grievance move."""

from __future__ import annotations

from sim.compiler import compiled
from sim.elementary import exp2

__all__ = [
    "contact_gain",
    "fade",
    "fade_to",
    "interest_left",
    "lose",
    "pessimistic_rate",
    "rise",
    "turnover",
    "update_belief",
]


@compiled
def fade(value: float, prior: float, days: float, half_life_days: float) -> float:
    """Move a value toward its prior: half-way in each half-life.

    ``prior + (value - prior) * 0.5 ** (days / half-life)``; steps compose, so that one call over ten days
    does what ten calls over a day do.

    Parameters
    ----------
    value, prior : float
        Value now and what it returns to without news, such as a belief, a trust or a perceived risk.
    days : float
        Days that have passed, from 0.
    half_life_days : float
        Days in which half of the distance is lost, above 0; rows `belief_half_life_days` and
        `grievance_half_life_days` (assumptions), `trust_half_life_days` (D68), `deterrence_half_life_days`
        (D55).

    Returns
    -------
    float
        Between `value` and `prior`.

    Examples
    --------
    >>> fade(0.8, 0.4, 360.0, 360.0)
    0.6000000000000001
    """
    return fade_to(value, prior, exp2(-days / half_life_days))


@compiled
def fade_to(value: float, prior: float, left: float) -> float:
    """Move a value toward its prior until a share of the distance is left: `fade` for several at once.

    Parameters
    ----------
    value, prior : float
        As in `fade`.
    left : float
        Share of the distance that is left, in [0, 1]: ``0.5 ** (days / half-life)``.

    Returns
    -------
    float
        Between `value` and `prior`.

    Examples
    --------
    >>> fade_to(0.8, 0.4, 0.5) == fade(0.8, 0.4, 360.0, 360.0)
    True
    """
    return prior + (value - prior) * left


@compiled
def update_belief(
    belief: float,
    seen: float,
    rate: float,
    weight: float,
    loss_ratio: float,
    excuse: float,
    other_load: float,
) -> float:
    """Move the belief that the other side works toward what it was seen to do.

    ``b + min(1, eta * weight * loss) * (seen - b)``, where loss is 1 for a surprise and
    ``ratio * (1 - excuse * load)`` for a disappointment.

    Losses weigh more than gains; a part of a disappointment is excused when the other side is visibly
    loaded.

    Parameters
    ----------
    belief : float
        b, in [0, 1].
    seen : float
        Effort seen, in [0, 1].
    rate : float
        eta, weight of a joint session, in [0, 1]; row `belief_weight` (D65).
    weight : float
        Weight of this kind of observation relative to a joint session, from 0; row `weak_observation`.
    loss_ratio : float
        Weight of a disappointment relative to a surprise, from 1; row `belief_loss_ratio` (assumption).
    excuse : float
        Part excused at full load, in [0, 1]; row `load_excuse` (assumption).
    other_load : float
        Load of the other side, in [0, 1].

    Returns
    -------
    float
        In [0, 1], between `belief` and `seen`.

    Examples
    --------
    >>> update_belief(0.4, 1.0, 0.25, 1.0, 1.5, 0.25, 0.0)
    0.55
    >>> round(update_belief(0.4, 0.0, 0.25, 1.0, 1.5, 0.25, 1.0), 4)
    0.2875
    """
    step = rate * weight
    if seen < belief:
        step *= loss_ratio * (1.0 - excuse * other_load)
    return belief + min(1.0, step) * (seen - belief)


@compiled
def pessimistic_rate(share: float, loss_ratio: float, excuse: float) -> float:
    """Give the belief at which learning rests when the other side makes an effort in a share of cases.

    With losses weighing more than gains a belief rests below the true share: gains ``share * (1 - b)``
    balance losses ``ratio * (1 - share) * b`` (at a load of one half). Beliefs start there.

    Parameters
    ----------
    share : float
        Share of cases in which the other side makes an effort, in [0, 1].
    loss_ratio : float
        Weight of a disappointment relative to a surprise, from 1; row `belief_loss_ratio`.
    excuse : float
        Part of a disappointment excused at full load, in [0, 1]; row `load_excuse`.

    Returns
    -------
    float
        b, in [0, 1].

    Examples
    --------
    >>> round(pessimistic_rate(0.5, 1.0, 0.0), 3), pessimistic_rate(0.5, 3.0, 0.0)
    (0.5, 0.25)
    """
    losses = loss_ratio * (1.0 - 0.5 * excuse) * (1.0 - share)
    return share / (share + losses) if share > 0.0 else 0.0


@compiled
def rise(value: float, share: float) -> float:
    """Raise an index by a share of its distance to one: ``value + share * (1 - value)``.

    What is near one has little left to gain, so that many good events never lift an index above it.

    Parameters
    ----------
    value : float
        Index, in [0, 1].
    share : float
        Share of the distance, in [0, 1]; rows `trust_gain` (D63), `trust_contact` (D69),
        `grievance_per_event` (assumption).

    Returns
    -------
    float
        In [`value`, 1].

    Examples
    --------
    >>> rise(0.5, 0.1)
    0.55
    """
    return value + share * (1.0 - value)


@compiled
def lose(value: float, share: float) -> float:
    """Lower an index by a share of itself: ``value * (1 - min(1, share))``.

    Parameters
    ----------
    value : float
        Index, in [0, 1].
    share : float
        Share lost, from 0; 1 and above loses all. Rows `trust_incident`, `trust_lingering`,
        `trust_pollution`, `trust_never_raised` (assumptions); `trust_gain` times `trust_loss_ratio`
        (D63, D64).

    Returns
    -------
    float
        In [0, `value`].

    Examples
    --------
    >>> lose(0.5, 0.1)
    0.45
    """
    return value * (1.0 - min(1.0, share))


@compiled
def contact_gain(gain: float, events_before: float, saturation: float) -> float:
    """Give what one more event of contact adds in a year that already had some.

    ``gain / (1 + events before / saturation)``: the tenth feast of a year brings less than the first
    (assumption).

    Parameters
    ----------
    gain : float
        What the first event of a year adds, as a share of the distance to one; row `trust_contact` (D69).
    events_before : float
        Events that the year already had, from 0.
    saturation : float
        Events after which another adds half as much, above 0; row `contact_saturation_events`.

    Returns
    -------
    float
        In (0, `gain`].

    Examples
    --------
    >>> contact_gain(0.02, 6.0, 6.0)
    0.01
    """
    return gain / (1.0 + events_before / saturation)


@compiled
def interest_left(payoff: float, age_days: float, half_life_days: float, trust: float) -> float:
    """Give what is left of a shared interest once it is taken for granted, faster where trust is low.

    ``payoff * 0.5 ** (age / half-life * (1.5 - trust))``

    The half-life holds at a trust of one half; at a trust of zero it is two thirds as long (assumption).

    Parameters
    ----------
    payoff : float
        iota when the interest was new, in utility.
    age_days : float
        Days since it began, from 0.
    half_life_days : float
        Half-life at a trust of one half, above 0; row `interest_half_life_days` (D75).
    trust : float
        tau of the tie, in [0, 1].

    Returns
    -------
    float
        Utility in [0, `payoff`].

    Examples
    --------
    >>> interest_left(0.08, 1000.0, 1000.0, 0.5)
    0.04
    """
    return payoff * exp2(-age_days / half_life_days * (1.5 - trust))


@compiled
def turnover(belief: float, prior: float, carry_over: float) -> float:
    """Carry over a part of a belief when a cadre changes; the rest starts again from the prior.

    Parameters
    ----------
    belief, prior : float
        b of the one who leaves, and the belief without news, in [0, 1].
    carry_over : float
        Part that survives, in [0, 1]; row `turnover_carry_over` (D73).

    Returns
    -------
    float
        Between `prior` and `belief`.

    Examples
    --------
    >>> round(turnover(0.8, 0.4, 0.6), 2)
    0.64
    """
    return prior + carry_over * (belief - prior)
