"""How often disputes arise, and how a latent one becomes known."""

from __future__ import annotations

from sim.compiler import compiled
from sim.elementary import exp, log

__all__ = [
    "becomes_known_share",
    "difficulty_of",
    "dispute_pull",
    "domain_of",
    "happens_within",
    "waiting_days",
]


@compiled
def dispute_pull(
    legacy_open: bool,
    multiplier: float,
    trust: float,
    mean_trust: float,
    trust_slope: float,
    grievance: float,
    grievance_slope: float,
) -> float:
    """Give how strongly a tie breeds disputes, relative to a calm tie of mean trust.

    ``(multiplier if legacy_open else 1) * exp(slope * (mean trust - trust)) * (1 + slope * grievance)``

    An open claim gives every quarrel something to be about (D10); low trust and grievance turn friction into
    disputes (form and slopes: assumption).

    Parameters
    ----------
    legacy_open : bool
        Whether a hill, forest or land claim on the tie is still unsettled.
    multiplier : float
        Ratio of disputes with such a claim, from 1; row `legacy_dispute_multiplier`.
    trust, mean_trust : float
        tau of the tie and mean tau of this border, in [0, 1].
    trust_slope : float
        Exponent per unit of missing trust, from 0; row `dispute_trust_slope`.
    grievance : float
        Mean grievance of the two villages, in [0, 1].
    grievance_slope : float
        Rise per unit of grievance, from 0; row `dispute_grievance_slope`.

    Returns
    -------
    float
        Ratio above 0; 1 for a calm tie of mean trust.

    Examples
    --------
    >>> dispute_pull(True, 2.0, 0.5, 0.5, 1.0, 0.0, 0.5)
    2.0
    >>> dispute_pull(False, 2.0, 0.5, 0.5, 1.0, 0.4, 0.5)
    1.2
    """
    pull = multiplier if legacy_open else 1.0
    return pull * exp(trust_slope * (mean_trust - trust)) * (1.0 + grievance_slope * grievance)


@compiled
def becomes_known_share(never_raised: float, detection: float, self_settling: float) -> float:
    """Give the share of arising disputes that become known: raised, and found before they settle.

    Used to turn a rate of *reported* disputes into a rate of arising ones.

    ``(1 - never raised) * detection / (detection + self-settling)``

    Two competing hazards: which of them comes first decides.

    Parameters
    ----------
    never_raised : float
        Share that nobody ever raises, in [0, 1]; row `never_raised_share` (D13).
    detection : float
        Hazard a day of becoming known, above 0; row `detection_per_day` (D12).
    self_settling : float
        Hazard a day of settling unseen, from 0; row `self_settling_per_day` (assumption).

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> round(becomes_known_share(0.33, 0.10, 0.01), 3)
    0.609
    """
    return (1.0 - never_raised) * detection / (detection + self_settling)


@compiled
def waiting_days(draw: float, hazard_per_day: float) -> float:
    """Give the days until an event of constant hazard: ``-log(1 - draw) / hazard``.

    Parameters
    ----------
    draw : float
        Uniform draw in (0, 1).
    hazard_per_day : float
        Hazard a day; at or below 0 the event never comes.

    Returns
    -------
    float
        Days, exponential with mean ``1 / hazard_per_day``; 1e9 where it never comes.

    Examples
    --------
    >>> round(waiting_days(0.5, 0.1), 2)
    6.93
    >>> waiting_days(0.5, 0.0)
    1000000000.0
    """
    if hazard_per_day <= 0.0:
        return 1.0e9
    return -log(1.0 - draw) / hazard_per_day


@compiled
def happens_within(draw: float, hazard_per_day: float, days: float) -> bool:
    """Tell whether an event of constant hazard comes within some days: ``draw < 1 - exp(-hazard * days)``.

    Parameters
    ----------
    draw : float
        Uniform draw in (0, 1).
    hazard_per_day : float
        Hazard a day; at or below 0 the event never comes.
    days : float
        Days, from 0.

    Returns
    -------
    bool
        True where it comes before they are over.

    Examples
    --------
    >>> happens_within(0.39, 0.1, 5.0), happens_within(0.40, 0.1, 5.0)
    (True, False)
    """
    expected = hazard_per_day * days
    # The chance is below the expected number, which spares most exponentials.
    return draw < expected and draw < 1.0 - exp(-expected)


@compiled
def difficulty_of(draw: float, complex_share: float, hard_share: float) -> int:
    """Give the difficulty of a new case: 0 simple, 1 complex, 2 hard.

    Parameters
    ----------
    draw : float
        Uniform draw in (0, 1); the top of the range is hard, then come complex cases.
    complex_share, hard_share : float
        Shares of complex and hard cases, in [0, 1], together at most 1; rows `interior_complex_share` and
        `interior_hard_share` (D6), `border_complex_share` and `border_hard_share` (D7).

    Returns
    -------
    int
        0, 1 or 2.

    Examples
    --------
    >>> difficulty_of(0.99, 0.16, 0.05), difficulty_of(0.5, 0.16, 0.05)
    (2, 0)
    """
    if draw >= 1.0 - hard_share:
        return 2
    if draw >= 1.0 - hard_share - complex_share:
        return 1
    return 0


@compiled
def domain_of(draw: float, water: float, family: float, trade: float) -> int:
    """Give the subject of a new dispute: 0 land, 1 water, 2 family, 3 trade.

    Parameters
    ----------
    draw : float
        Uniform draw in (0, 1); from its top come trade, family and water, and the rest is land.
    water, family, trade : float
        Shares, in [0, 1], together at most 1; rows `water_share`, `family_share` and `trade_share` (D5).

    Returns
    -------
    int
        0, 1, 2 or 3.

    Examples
    --------
    >>> domain_of(0.1, 0.15, 0.15, 0.10), domain_of(0.95, 0.15, 0.15, 0.10)
    (0, 3)
    """
    if draw >= 1.0 - trade:
        return 3
    if draw >= 1.0 - trade - family:
        return 2
    if draw >= 1.0 - trade - family - water:
        return 1
    return 0
