"""What is calibrated holds, and a world without mechanisms rests after burn-in.

Three seeds give means whose standard errors are stated beside each bound; the bounds are at least four of
them wide, so that a sound model fails one of these tests less than once in ten thousand changes of seeds.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from sim.engine.constants import SECURITY
from tests.statistical.runs import FIELD, Past

SHIJIAO = "440881105"


def reported_in(past: Past, town_code: str, first_day: int, last_day: int) -> int:
    """Count the disputes that became known in a town: within its villages, and on ties of its villages."""
    simulation = past.simulation
    world, cases = simulation.world, simulation.cases
    inside = world.village_town == world.town_code.index(town_code)
    tie = cases["tie"]
    on_tie = inside[world.tie_a[np.maximum(tie, 0)]] | inside[world.tie_b[np.maximum(tie, 0)]]
    here = np.where(tie >= 0, on_tie, inside[cases["village"]])
    is_dispute = (cases["domain"] != SECURITY) & (cases["legacy"] == 0)
    return int((is_dispute & here & (cases["known"] >= first_day) & (cases["known"] < last_day)).sum())


def test_shijiao_reports_612_disputes_a_year_within_ten_percent(pasts: list[Past]) -> None:
    """P30. Standard error of the mean of nine years: about 25 / 3 = 8.5, a fifth of the tolerance."""
    counts = [reported_in(past, SHIJIAO, day, day + 365) for past in pasts for day in (1096, 1461, 1826)]
    assert abs(np.mean(counts) - 612) < 61.2


def test_border_villages_have_near_eight_tenths_of_a_dispute_a_year(pasts: list[Past]) -> None:
    """D4. Standard error of fifteen years: about 0.02."""
    rates = [
        past.yearly("occurred", 1)[3:].mean() / past.simulation.world.village_is_border.sum()
        for past in pasts
    ]
    assert 0.70 < np.mean(rates) < 0.95


def test_the_section_meets_its_limit_in_six_months_of_ten(pasts: list[Past]) -> None:
    """D76. 180 months of yearly seasons; standard error about 0.035."""
    met = np.concatenate([past.yearly("section_met", 1)[3:] for past in pasts])
    assert 0.45 < met.mean() / 12.0 < 0.75


def test_legacy_claims_inside_close_at_the_known_rate(pasts: list[Past]) -> None:
    """D9: 0.03 to 0.15 a year, from tenure disputes that are almost all inside a province."""
    shares = []
    for past in pasts:
        cases, world = past.simulation.cases, past.simulation.world
        legacy = (cases["legacy"] == 1) & ~world.tie_is_border[np.maximum(cases["tie"], 0)]
        shares.append((cases["settled"][legacy] >= 0).sum() / legacy.sum() / 8.0)
    assert 0.03 < np.mean(shares) < 0.15


def test_willingness_and_trust_rest_after_burn_in(pasts: list[Past]) -> None:
    """Five years after burn-in show no drift worth a twentieth of the level a year, at every tier.

    The slope's standard error is below 0.004 a year for each; counties, of which there are eight, move most.
    """
    for field, scale in (
        ("willingness_village", 12),
        ("willingness_town", 12),
        ("willingness_county", 12),
        ("trust", 12),
    ):
        levels = np.mean([past.yearly(field, 1)[3:] / scale for past in pasts], axis=0)
        slope = stats.linregress(np.arange(levels.size), levels).slope
        assert abs(slope) < 0.05 * levels.mean(), field
        # A drift that burn-in has not removed would show against the last years.
        assert abs(levels[0] - levels[-2:].mean()) < 0.10 * levels.mean(), field


def test_a_planted_drift_would_be_seen() -> None:
    """The bounds above are not so wide that a world still settling would pass."""
    settling = 0.6 - 0.25 * np.exp(-np.arange(5) / 2.0)
    slope = stats.linregress(np.arange(5), settling).slope
    assert abs(slope) > 0.05 * settling.mean()


def test_cases_do_not_pile_up_without_mechanisms(pasts: list[Past]) -> None:
    """Open disputes at the end of the eighth year are no more than a fifth above the fourth's."""
    ratios = []
    for past in pasts:
        open_cases = past.simulation.columns.record[:, 1, FIELD["open_cases"]]
        ratios.append(open_cases[84:96].mean() / open_cases[36:48].mean())
    assert 0.7 < np.mean(ratios) < 1.2
