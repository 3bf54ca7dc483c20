"""Whether two offices keep a channel to each other of their own will."""

from __future__ import annotations

from sim.compiler import compiled

__all__ = ["channel_worth", "is_channel_kept"]


@compiled
def channel_worth(
    value: float, belief: float, trust: float, hourly_cost: float, hours: float, term: float
) -> float:
    """Give what a month of an open channel to the other side is worth to an office.

    ``value * b * tau - cost of an hour * hours + term``

    Who asks a favour over it counts on its being returned (reciprocity, b) and dares to ask where
    there is trust (tau); one without the other is worth nothing, so the two multiply (assumption).

    Parameters
    ----------
    value : float
        Worth of a month of a channel to an office that is sure of return at full trust, in utility, from 0;
        row `channel_value` (assumption).
    belief : float
        b, belief that the other side makes an effort, in [0, 1].
    trust : float
        tau, mean trust on the ties between the two offices, in [0, 1].
    hourly_cost : float
        Cost of an hour, in utility, from 0: rows `effort_cost` and `effort_cost_load` by the hours of a
        session (row `session_hours_simple`).
    hours : float
        Hours a month that keeping the channel takes, from 0.
    term : float
        Persistent difference of the office, in utility; row `office_spread`.

    Returns
    -------
    float
        Utility a month; from 0 upward the office wants the channel.

    Examples
    --------
    >>> channel_worth(0.5, 0.5, 0.5, 0.125, 1.0, 0.0)
    0.0
    >>> channel_worth(0.5, 1.0, 0.5, 0.125, 1.0, 0.0)
    0.125
    """
    return value * belief * trust - hourly_cost * hours + term


@compiled
def is_channel_kept(worth_a: float, worth_b: float, is_open: bool, habit: float) -> bool:
    """Tell whether a channel is open for the next month: both want it to begin, and either can end it.

    A channel begins only where it is worth something to both, and lapses once it is worth less than nothing,
    by more than a habit, to one of them: the pairwise consent of Jackson and Wolinsky (1996, "A strategic
    model of social and economic networks").

    Parameters
    ----------
    worth_a, worth_b : float
        Worth to each side, in utility a month (`channel_worth`).
    is_open : bool
        Whether the channel is open now.
    habit : float
        Loss a month that a side bears before it lets an open channel lapse, in utility, from 0; row
        `channel_habit` (assumption).

    Returns
    -------
    bool
        True where the channel is open from now on.

    Examples
    --------
    >>> is_channel_kept(0.1, -0.02, False, 0.05), is_channel_kept(0.1, -0.02, True, 0.05)
    (False, True)
    """
    least = -habit if is_open else 0.0
    return worth_a >= least and worth_b >= least
