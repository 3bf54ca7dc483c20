"""Discharge, treatment and flow of a river that crosses the line."""

from __future__ import annotations

import math

from sim.compiler import compiled
from sim.elementary import cos, exp

__all__ = ["monthly_flow", "routed_share", "treated_next"]


@compiled
def routed_share(distance_km: float, decay_per_km: float) -> float:
    """Give the share of a discharge that reaches a section downstream: ``exp(-decay * distance)``.

    Parameters
    ----------
    distance_km : float
        Way along the river, from 0.
    decay_per_km : float
        Self-purification a kilometre, from 0; row `load_decay_per_km` (assumption).

    Returns
    -------
    float
        In (0, 1].

    Examples
    --------
    >>> routed_share(0.0, 0.02)
    1.0
    >>> round(routed_share(50.0, 0.02), 3)
    0.368
    """
    return exp(-decay_per_km * distance_km)


@compiled
def monthly_flow(month: int, amplitude: float, noise: float, spread: float) -> float:
    """Give the flow of a month relative to the mean: lowest in January, highest in July.

    ``(1 - amplitude * cos(2 pi * month / 12)) * exp(spread * noise - spread**2 / 2)``

    The same discharge fails a section at low water and passes it in the wet season (D11). The last term makes
    the noise average to 1, so that its spread does not change the mean flow.

    Parameters
    ----------
    month : int
        0 January to 11 December.
    amplitude : float
        Relative amplitude over the year, in [0, 1); row `season_amplitude` (D11).
    noise : float
        Standard normal draw of the month.
    spread : float
        Logarithmic standard deviation, from 0; row `flow_spread` (assumption).

    Returns
    -------
    float
        Above 0; 1 on average over months and draws.

    Examples
    --------
    >>> round(monthly_flow(0, 0.3, 0.0, 0.0), 2), round(monthly_flow(6, 0.3, 0.0, 0.0), 2)
    (0.7, 1.3)
    """
    season = 1.0 - amplitude * cos(2.0 * math.pi * month / 12.0)
    return season * exp(spread * noise - 0.5 * spread * spread)


@compiled
def treated_next(treated: float, target: float, speed: float) -> float:
    """Move the treated share of a discharge a month further toward its target.

    Treatment is built and let go by degrees: every month closes the same part of the way (assumption).

    Parameters
    ----------
    treated, target : float
        Treated share now, and the share that the town aims at, in [0, 1].
    speed : float
        Part of the way that a month closes, in [0, 1]; row `abatement_speed`.

    Returns
    -------
    float
        Between `treated` and `target`.

    Examples
    --------
    >>> round(treated_next(0.2, 0.6, 0.25), 3)
    0.3
    """
    return treated + speed * (target - treated)
