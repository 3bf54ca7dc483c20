from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.levers.mechanisms import Package
from sim.studies.plan import plan_comparison

REGION = "yulin_zhanjiang_maoming"
ARMS = ["none", "paper"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"years": 0}, "years"),
        ({"years": -1}, "years"),
        ({"years": 51}, "years"),
        ({"years": 0.0001}, "years"),
        ({"years": "3"}, "years"),
        ({"years": True}, "years"),
        ({"years": float("nan")}, "years"),
        ({"years": None}, "years"),
        ({"burn_in": -0.5}, "burn_in"),
        ({"burn_in": float("inf")}, "burn_in"),
        ({"replications": 1}, "replications"),
        ({"replications": 2.0}, "replications"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": True}, "seed"),
        ({"workers": 0}, "workers"),
        ({"precision": 0}, "precision"),
        ({"precision": 0.1, "maximum_replications": 10}, "maximum_replications"),
        ({"parameters": {"belief_wieght": 0.3}}, "parameters"),
        ({"parameters": {"belief_weight": "much"}}, "parameters.belief_weight"),
        ({"parameters": {"belief_weight": -3}}, "parameters.belief_weight"),
        ({"parameters": [1]}, "parameters"),
        ({"region": "yulin"}, "region"),
        ({"region": ""}, "region"),
        ({"arms": "none"}, "arms"),
        ({"arms": ["none"]}, "arms"),
        ({"arms": ["none", "none"]}, "arms"),
        ({"arms": ["none", 3]}, "arms"),
        ({"arms": ["none", "five_link"]}, "package"),
    ],
)
def test_what_is_not_usable_is_named(changes: dict[str, Any], field: str) -> None:
    arguments: dict[str, Any] = {"region": REGION, "arms": ARMS} | changes
    with pytest.raises(InputError) as refused:
        plan_comparison(arguments.pop("region"), arguments.pop("arms"), **arguments)
    assert refused.value.field == field


def test_the_nearest_package_is_named() -> None:
    with pytest.raises(InputError, match="nearest: five_links"):
        plan_comparison(REGION, ["none", "five_link"])


def test_numbers_of_arrays_and_seed_zero_count() -> None:
    plan = plan_comparison(
        REGION, ARMS, years=np.float64(2), replications=np.int64(3), seed=np.int64(0), workers=1
    )
    assert (plan.seed, plan.replications, plan.days, plan.burn_in_days) == (0, 3, 730, 1096)


def test_an_arm_may_be_a_package_made_in_code() -> None:
    plan = plan_comparison(REGION, ["none", Package.of("duty_only", ["rotating_secretary"])])
    assert plan.arms == ("none", "duty_only")


def test_the_burn_in_ends_where_the_measured_period_begins() -> None:
    for burn_in, days in ((0, 0), (0.5, 183), (2, 731), (3, 1096), (4, 1461)):
        plan = plan_comparison(REGION, ARMS, burn_in=burn_in, years=4)
        assert plan.burn_in_days == days
        assert plan.days == 1461
        # Months of the measured period are whole wherever the years of the burn-in are.
        assert plan.measured_from.day == 1 or burn_in == 0.5
