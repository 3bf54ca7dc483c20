"""A comparison of the right shape with known effects, made without running anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.levers.mechanisms import load_package
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison
from sim.studies.effects import paired_effects
from sim.world.region import load_region
from sim.world.world import World, lay_out

REGION = "yulin_zhanjiang_maoming"
ARMS = ("none", "paper", "five_links", "completed")
# How strongly an arm works: the paper alliance not at all, the completed one fully.
STRENGTH = {"none": 0.0, "paper": 0.0, "five_links": 0.5, "completed": 1.0}
_LEVEL = {
    "settled_90_days": (0.26, 0.22),
    "first_response_days": (24.0, -11.0),
    "vacuum_share": (0.42, -0.2),
    "coverage_7_days": (0.31, 0.18),
    "offences": (2.4, -0.6),
    "willingness": (0.33, 0.3),
    "willingness_withdrawn": (0.3, 0.1),
    "attendance": (0.55, 0.3),
    "effort": (0.3, 0.35),
    "suspension_gap": (0.25, -0.05),
    "trust": (0.45, 0.05),
    "section_compliance": (0.6, 0.25),
    "staff_days": (0.0, 5200.0),
    "waiting_days": (3.1, 0.9),
    "settled_90_days_at_tier": (0.12, 0.05),
}
_TIER_SHIFT = {"all": 0.0, "village": -0.06, "town": 0.0, "county": 0.08, "department": 0.05, "upper": -0.1}


@cache
def world_of(seed: int) -> World:
    return lay_out(load_region(REGION), seed)


def make_comparison(arms: tuple[str, ...] = ARMS, replications: int = 6, seed: int = 1) -> Comparison:
    generator = np.random.default_rng(seed)
    measures = pd.concat([_measures(generator, arms, replications), _settlements(arms, replications)])
    cases = _cases(generator, arms, replications)
    effects = paired_effects(measures, region=REGION, arms=arms)
    manifest = {
        "arms": {arm: load_package(arm).as_dict() for arm in arms},
        "seeds": list(range(replications)),
        "days": 1096,
    }
    series = _series(generator, arms, replications)
    return Comparison(REGION, arms, effects, measures, series, cases, manifest)


def _settlements(arms: tuple[str, ...], replications: int) -> pd.DataFrame:
    """Let a stronger arm settle more, by a little less in every other run."""
    unit = MEASURES["disputes_settled"].unit
    rows = [
        (REGION, arm, replication, "border", "disputes_settled", "all", unit,
         20.0 + replication + (30.0 - replication % 2) * STRENGTH[arm])
        for arm in arms
        for replication in range(replications)
    ]  # fmt: skip
    columns = ["region", "arm", "replication", "scope", "measure", "tier", "unit", "value"]
    return pd.DataFrame(rows, columns=columns)


def _measures(generator: np.random.Generator, arms: tuple[str, ...], replications: int) -> pd.DataFrame:
    rows = []
    for name, (level, change) in _LEVEL.items():
        measure = MEASURES[name]
        for scope in ("border", "interior"):
            for tier in measure.tiers:
                shocks = 0.05 * generator.standard_normal(replications)
                for arm in arms:
                    own = 0.02 * generator.standard_normal(replications) * (STRENGTH[arm] + 0.2)
                    value = level + change * STRENGTH[arm] + abs(level + change) * (shocks + own)
                    if measure.unit in ("share", "probability"):
                        value = np.clip(value + _TIER_SHIFT[tier], 0.01, 0.99)
                    if name == "staff_days" and arm == "none":
                        value = np.zeros(replications)
                    if name in ("attendance", "effort", "suspension_gap") and (arm, tier) == (
                        "none",
                        "village",
                    ):
                        value = np.full(replications, np.nan)
                    for replication, one in enumerate(value):
                        rows.append((REGION, arm, replication, scope, name, tier, measure.unit, one))
    table = pd.DataFrame(
        rows, columns=["region", "arm", "replication", "scope", "measure", "tier", "unit", "value"]
    )
    return _categories(table, arms)


def _series(generator: np.random.Generator, arms: tuple[str, ...], replications: int) -> pd.DataFrame:
    months = np.arange(-36, 36)
    tables = []
    for scope, base in (("border", 0.31), ("interior", 0.62)):
        for replication in range(replications):
            shared = base + 0.02 * generator.standard_normal(len(months))
            for arm in arms:
                rise = 0.2 * STRENGTH[arm] * (1 - np.exp(-np.maximum(months, 0) / 6))
                tables.append(
                    pd.DataFrame(
                        {
                            "region": REGION, "arm": arm, "replication": replication,
                            "month": pd.Timestamp("2020-01-01"), "month_index": months, "scope": scope,
                            "measure": "coverage_7_days", "tier": "all", "unit": "share",
                            "value": shared + (rise if scope == "border" else -0.3 * rise),
                        }
                    )
                )  # fmt: skip
    return _categories(pd.concat(tables, ignore_index=True), arms)


def _cases(generator: np.random.Generator, arms: tuple[str, ...], replications: int) -> pd.DataFrame:
    tables = []
    for replication in range(replications):
        world = world_of(replication)
        ties = np.flatnonzero(world.tie_is_border)
        tie = generator.choice(ties, size=700)
        days_left = generator.uniform(30, 1096, 700)
        patience = generator.exponential(size=700)
        difficulty = generator.choice(["simple", "complex", "hard"], size=700, p=[0.5, 0.33, 0.17])
        # The last hundred are no disputes of the period: offences never settled, claims settled at once.
        domain = np.where(np.arange(700) < 600, "land", "security")
        domain[650:] = "land"
        is_legacy = np.arange(700) >= 650
        slower = pd.Series(difficulty).map({"simple": 150.0, "complex": 320.0, "hard": 900.0}).to_numpy()
        tier = np.random.default_rng(replication).choice(
            ["village", "town", "county", "department", "upper"], size=700, p=[0.3, 0.4, 0.15, 0.1, 0.05]
        )
        for arm in arms:
            days = 1.0 + np.floor(patience * slower * (1 - 0.55 * STRENGTH[arm]))
            days[600:650], days[650:] = np.inf, 1.0
            is_open = days > days_left
            responded = np.floor(np.minimum(days_left, days / 3))
            later = pd.to_timedelta(np.where(is_open, 0.0, days), unit="D")
            known = pd.Timestamp("2023-12-31") - pd.to_timedelta(np.floor(days_left), unit="D")
            tables.append(
                pd.DataFrame(
                    {
                        "region": REGION, "arm": arm, "replication": replication,
                        "case": [f"{replication}-{i}" for i in range(700)], "scope": "border",
                        "village_a": np.array(world.village_code)[world.tie_a[tie]],
                        "village_b": np.array(world.village_code)[world.tie_b[tie]],
                        "domain": domain,
                        "difficulty": difficulty,
                        "legacy": is_legacy,
                        "known": known.where(generator.uniform(size=700) > 0.1),
                        "first_response": known + pd.to_timedelta(responded, unit="D"),
                        "hand_offs": np.minimum(days / 60, 5).astype(int),
                        "settled_tier": pd.Series(tier).where(~is_open),
                        "settled": (known + later).where(~is_open),
                        "days_to_settlement": np.where(is_open, np.nan, days).astype("float32"),
                        "days_observed": np.where(is_open, np.floor(days_left), days).astype("float32"),
                    }
                )
            )  # fmt: skip
    return _categories(pd.concat(tables, ignore_index=True), arms)


def _categories(table: pd.DataFrame, arms: tuple[str, ...]) -> pd.DataFrame:
    for column in (
        "scope",
        "measure",
        "tier",
        "unit",
        "domain",
        "difficulty",
        "village_a",
        "village_b",
        "region",
    ):
        if column in table:
            table[column] = table[column].astype("category")
    table["arm"] = pd.Categorical(table["arm"], categories=list(arms))
    return table


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    return make_comparison()


@pytest.fixture(scope="session")
def make() -> Callable[..., Comparison]:
    return make_comparison


@pytest.fixture(scope="session")
def world() -> World:
    return world_of(0)
