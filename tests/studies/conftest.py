"""A stand-in for the runs of a comparison, with effects that are known."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.errors import SimulationError

# What each arm adds to the baseline's value.
CHANGE = {"none": 0.0, "paper": 0.0, "five_links": 0.1}


class Result:
    """Has the fields of a replication."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


def made_up_replication(plan: Any, number: int) -> Result:
    """Give settled_90_days = .3 + shock + change, so that the paired difference is the change alone."""
    shock = np.random.default_rng(number).normal(0.0, 0.05)
    values, cases = [], []
    for arm in plan.arms:
        change = CHANGE[arm]
        noise = np.random.default_rng([number, len(arm)]).normal(0.0, 0.004)
        values += [
            (arm, number, "border", "settled_90_days", "all", "share", 0.3 + shock + change + noise),
            (
                arm,
                number,
                "border",
                "attendance",
                "village",
                "share",
                np.nan if arm == "none" else 0.5 + shock,
            ),
            (arm, number, "border", "staff_days", "all", "staff-days a year", 3000.0 * change),
            (arm, number, "interior", "waiting_days", "all", "days", 2.0 + shock),
        ]
        for case in range(100):
            settled = pd.Timestamp("2024-03-01") if case < 30 + 100 * change + number % 3 else pd.NaT
            cases.append((arm, number, f"c{case}", "border", "land", False, settled))
    measures = pd.DataFrame(
        values, columns=["arm", "replication", "scope", "measure", "tier", "unit", "value"]
    )
    table = pd.DataFrame(
        cases, columns=["arm", "replication", "case", "scope", "domain", "legacy", "settled"]
    )
    series = measures[measures["measure"] == "settled_90_days"].assign(
        month=pd.Timestamp("2024-01-01"), month_index=0
    )
    adoption = pd.DataFrame({"arm": [plan.arms[-1]], "replication": [number], "mechanism": ["visits"]})
    named = {"measures": measures, "series": series, "cases": table, "adoption": adoption}
    return Result(
        number=number,
        seed=1000 + number,
        tables={
            name: tuple(
                rows[rows["arm"] == arm].drop(columns=["arm", "replication"]).reset_index(drop=True)
                for arm in plan.arms
            )
            for name, rows in named.items()
        },
        digests={arm: f"{arm}{number}" for arm in plan.arms},
        model_seconds=0.001,
    )


def failing_replication(plan: Any, number: int) -> Result:
    """Fail in the second replication."""
    if number == 1:
        raise SimulationError("replication 1 (seed 1001), arm paper: ValueError: made up")
    return made_up_replication(plan, number)


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Put the stand-in where the comparison looks for the real runs."""
    module = ModuleType("sim.studies.replication")
    module.replicate = made_up_replication  # type: ignore[attr-defined]
    module.check_arms = lambda plan: None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sim.studies.replication", module)
    return module


@pytest.fixture
def failing(made_up: ModuleType) -> ModuleType:
    """Let one of the runs fail."""
    made_up.replicate = failing_replication  # type: ignore[attr-defined]
    return made_up
