"""How long it takes to reach the other side, and whether a request arrives at all."""

from __future__ import annotations

from sim.compiler import compiled
from sim.elementary import log

__all__ = ["climb_days", "days_until_duty", "forwarding_chance", "information_delay"]


@compiled
def climb_days(tier: int, level: int, village_hop: float, town_hop: float, upper_hop: float) -> float:
    """Give the days that a request needs up one's own line to the common superior and down again.

    Without a lateral channel this is the coordination distance: the two villages of a town are two short hops
    apart, those of two provinces have no common superior below the nation.

    Parameters
    ----------
    tier : int
        Where it starts: 0 village, 1 town, 2 county, 3 department (at the height of a county).
    level : int
        Boundary level: the common superior is the 0 town, 1 county, 2 prefecture, 3 province, 4 nation.
    village_hop, town_hop, upper_hop : float
        Days of a hop from village to town, town to county, and above, from 0; rows `hop_days_village`,
        `hop_days_town` and `hop_days_upper` (assumptions).

    Returns
    -------
    float
        Days there and back down the other line; 0 where the tier is itself above the common superior.

    Examples
    --------
    >>> climb_days(0, 0, 1.0, 2.0, 4.0)
    2.0
    >>> climb_days(0, 4, 1.0, 2.0, 4.0), climb_days(2, 4, 1.0, 2.0, 4.0)
    (30.0, 24.0)
    """
    height = tier if tier < 3 else 2
    days = 0.0
    for hop in range(height, level + 1):
        if hop == 0:
            days += village_hop
        elif hop == 1:
            days += town_hop
        else:
            days += upper_hop
    return 2.0 * days


@compiled
def forwarding_chance(tier: int, level: int, forwarding: float) -> float:
    """Give the chance that every hop upward forwards the request: ``q ** hops``.

    Parameters
    ----------
    tier : int
        Where it starts: 0 village, 1 town, 2 county, 3 department (at the height of a county).
    level : int
        Boundary level, 0 town to 4 nation.
    forwarding : float
        q, chance that one hop forwards it, in [0, 1]; row `forwarding` (assumption).

    Returns
    -------
    float
        In [0, 1]; hops down again never lose a request.

    Examples
    --------
    >>> forwarding_chance(0, 4, 0.5) == 0.5 ** 5
    True
    """
    height = tier if tier < 3 else 2
    chance = 1.0
    for _ in range(level + 1 - height):
        chance *= forwarding
    return chance


@compiled
def days_until_duty(day: int, interval: int, phase: int) -> int:
    """Give the days until a convener with a regular rota is next on duty; 0 means today.

    Averaged over days this is (interval - 1) / 2, which is what rotation buys: a village secretary on
    duty every day answers today, a county secretary on duty once a quarter after six weeks.

    Parameters
    ----------
    day : int
        Today.
    interval : int
        Days between duty days, at least 1.
    phase : int
        Offset of this office in the rota.

    Returns
    -------
    int
        From 0 to ``interval - 1``.

    Examples
    --------
    >>> days_until_duty(10, 7, 0)
    4
    >>> sum(days_until_duty(day, 7, 3) for day in range(7)) / 7
    3.0
    """
    return (phase - day) % interval


@compiled
def information_delay(draw: float, mean_days: float, removed: float) -> float:
    """Give the days until the other side hears by itself; exponential, shortened by shared data.

    ``-mean * (1 - removed) * log(1 - draw)``

    Parameters
    ----------
    draw : float
        Uniform draw in (0, 1).
    mean_days : float
        Mean delay without any exchange, from 0; row `information_delay_days` (D14).
    removed : float
        Share of the delay that exchange of data removes, in [0, 1].

    Returns
    -------
    float
        Days, from 0.

    Examples
    --------
    >>> round(information_delay(0.5, 10.0, 0.0), 2)
    6.93
    >>> information_delay(0.5, 10.0, 1.0)
    0.0
    """
    return -mean_days * (1.0 - removed) * log(1.0 - draw) + 0.0
