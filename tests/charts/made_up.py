"""Results of analyses and watched runs with known numbers, made without running anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.levers.mechanisms import load_package
from sim.measures.watching import ACTIVITIES
from sim.studies.analyses.attribution import Attribution, Interactions
from sim.studies.analyses.conditions import Branch, Conditions, Limit
from sim.studies.analyses.history_matching import HistoryMatch
from sim.studies.analyses.outcomes import Outcome
from sim.studies.analyses.packages import Frontier
from sim.studies.analyses.patterns import Pattern
from sim.studies.analyses.policy_search import PolicySearch
from sim.studies.analyses.robustness import Robustness
from sim.studies.analyses.sensitivity import Sensitivity
from sim.studies.watched import Watched
from sim.world.world import World

Interval = tuple[float, float]

LINKS = ("organisation", "peace", "ecology", "industry", "culture")
ARMS = ("none", "paper", "five_links", "completed")
SETTLED = Outcome("settled_90_days")
STAFF = Outcome("staff_days")
#: Clearly more, unclear, clearly less, clearly more, one run only.
INTERVALS: tuple[Interval, ...] = (
    (0.05, 0.11), (-0.01, 0.03), (-0.04, -0.01), (0.01, 0.02), (float("nan"), float("nan")),
)  # fmt: skip


def middle(interval: Interval) -> float:
    """Give the middle, or some number where there is no interval."""
    return 0.02 if np.isnan(sum(interval)) else sum(interval) / 2


def attribution(parts: Sequence[Interval], whole: Interval, outcome: Outcome = SETTLED) -> Attribution:
    rows = [
        (name, middle(part), *part, middle(part) / middle(whole) if middle(whole) else np.nan, 0.1, 0.4)
        for name, part in zip(LINKS, parts, strict=False)
    ]
    columns = ["player", "value", "low", "high", "share", "share_low", "share_high"]
    return Attribution(
        outcome, "here", pd.DataFrame(rows, columns=columns), middle(whole), *whole, replications=9, orders=0
    )


def interactions(pairs: Sequence[Interval], outcome: Outcome = SETTLED) -> Interactions:
    names = [(a, b) for i, a in enumerate(LINKS) for b in LINKS[i + 1 :]]
    rows = [(a, b, middle(pair), *pair) for (a, b), pair in zip(names, pairs, strict=False)]
    table = pd.DataFrame(rows, columns=["player_a", "player_b", "value", "low", "high"])
    return Interactions(outcome, "here", table, LINKS, 9)


def effects(intervals: Sequence[Interval], outcome: str = "border.settled_90_days.all") -> pd.DataFrame:
    rows = [
        (number, arm, "", outcome, middle(ends), *ends, 9)
        for number, (arm, ends) in enumerate(zip(ARMS[1:], intervals, strict=False), start=1)
    ]
    columns = ["point", "arm", "doses", "outcome", "effect", "low", "high", "replications"]
    return pd.DataFrame(rows, columns=columns)


def frontier(intervals: Sequence[Interval], best: Sequence[bool] = (True, True, False)) -> Frontier:
    rows = [
        (
            number, arm, "", middle(ends), *ends, 900.0 * number, 850.0 * number, 950.0 * number, on,
            0.5 + 0.1 * number,
        )
        for number, (arm, ends, on) in enumerate(zip(ARMS[1:], intervals, best, strict=False), start=1)
    ]  # fmt: skip
    columns = [
        "point", "arm", "doses", "effect", "effect_low", "effect_high", "cost", "cost_low", "cost_high",
        "frontier", "frontier_share",
    ]  # fmt: skip
    return Frontier(SETTLED, STAFF, "here", pd.DataFrame(rows, columns=columns), 9)


def sensitivity(method: str, lows: Sequence[float], kind: str = "effect") -> Sensitivity:
    names = ("trust_gain", "one_sided_penalty", "border_disputes_per_village", "reachable_share")
    rows = []
    for name, low in zip(names, lows, strict=False):
        value = 0.04 if np.isnan(low) else max(low, 0.0) + 0.05
        both = (value, low, value + 0.05)
        rows.append((name, *both, -0.6 * value, 0.4 * value, *both, *(0.7 * end for end in both)))
    columns = [
        "dimension", "mu_star", "mu_star_low", "mu_star_high", "mu", "sigma", "total", "total_low",
        "total_high", "first", "first_low", "first_high",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return Sensitivity(method, SETTLED, kind, "five_links", "here", table, pd.DataFrame(), 8)


def conditions(overall: float, held: tuple[float, float, float], *, with_box: bool = True) -> Conditions:
    across, up = np.meshgrid(np.linspace(0.02, 0.1, 8), np.linspace(0.1, 0.5, 8))
    wanted = (across > 0.05).ravel()
    names = {"trust_gain": across.ravel(), "one_sided_penalty": up.ravel()}
    sets = pd.DataFrame({**names, "effect": 0.1, "low": 0.0, "high": 0.2, "wanted": wanted})
    limits = (Limit("trust_gain", 0.05, np.inf),)
    box = Branch(limits, 30, 0.9, 0.8, 0.97, 0.85)
    branches = (box, Branch((Limit("trust_gain", -np.inf, 0.05),), 34, 0.2, 0.1, 0.35, 0.15))
    whole = Branch((), 64, overall, max(overall - 0.1, 0.0), min(overall + 0.1, 1.0), 1.0)
    return Conditions(
        SETTLED, "five_links", "here", "positive", whole, box if with_box else None, held, branches,
        0.88, 0.6, 7, sets, 6,
    )  # fmt: skip


def robustness(ranks: Sequence[Interval], helps: Sequence[float], harms: Sequence[float]) -> Robustness:
    rows = []
    for number, (arm, ends) in enumerate(zip(ARMS[1:], ranks, strict=False)):
        row = {"arm": arm, "rank": sum(ends) / 2, "rank_low": ends[0], "rank_high": ends[1], "first": 0.3}
        row |= {"regret": 0.02 * number, "regret_low": 0.01 * number, "regret_high": 0.03 * number}
        row["regret_most"] = 0.05 * (number + 1)
        nothing = 1 - helps[number] - harms[number]
        for name, share in (("helps", helps[number]), ("nothing", nothing), ("harms", harms[number])):
            row |= {name: share, f"{name}_low": max(share - 0.1, 0), f"{name}_high": min(share + 0.1, 1)}
        rows.append(row)
    return Robustness(SETTLED, "here", pd.DataFrame(rows), pd.DataFrame(), 41, 64, ("P12", "P27"), "fits", 6)


def history(*, inside: bool = True) -> HistoryMatch:
    patterns = (
        Pattern("P12", {"zh": "查获占比", "en": "large operations with a hit"}, 0.3, 0.7, "border.x.all"),
        Pattern("P27", {"zh": "可联系的成员", "en": "members who can be reached"}, 0.5, 0.7, parameter="x"),
    )
    table = pd.DataFrame({"pattern": ["P12", "P27"], "ruled_out": [0.4, 0.2], "explained": [0.93, 1.0]})
    values = np.linspace(0.05, 0.95, 10)
    profile = pd.concat(
        pd.DataFrame({"dimension": name, "value": values, "remaining": 0.5 + tilt * values, "error": 0.03})
        for name, tilt in (("trust_gain", 0.3), ("one_sided_penalty", -0.4), ("reachable_share", 0.05))
    )
    return HistoryMatch("here", patterns, 0.48, 0.43, 0.53, table, profile, inside, {}, 64, 20, 6)


def history_dimensions() -> pd.DataFrame:
    return pd.DataFrame(
        {"dimension": ["trust_gain", "one_sided_penalty", "reachable_share"], "default": [0.3, 0.5, 0.6]}
    )


def policies(best: Interval, *, feasible: bool = True) -> PolicySearch:
    rng = np.linspace(0, 1, 12)
    key = SETTLED.key
    table = pd.DataFrame(
        {
            "trial": range(12),
            **{f"dose_{name}": np.roll(rng, 3 * place) for place, name in enumerate(LINKS)},
            "hours": 2000 + 1500 * rng,
            "within": rng < 0.7,
            "best": (rng > 0.3) & (rng < 0.6) & feasible,
        }
    )
    table["hours_low"], table["hours_high"] = table["hours"] - 200, table["hours"] + 200
    table[key], table[f"{key}_low"], table[f"{key}_high"] = middle(best), *best
    return PolicySearch((SETTLED,), 3000.0, table, 12, 4, None)  # type: ignore[arg-type]


def watched(world: World, arms: Sequence[str] = ARMS, replications: int = 4, months: int = 18) -> Watched:
    """Make watched runs in which a stronger arm covers more and binds more hours, more in the south."""
    ties = world.segment_tie[world.segment_is_border]
    ends = np.column_stack([world.village_town[world.tie_a[ties]], world.village_town[world.tie_b[ties]]])
    pairs, count = np.unique(ends, axis=0, return_counts=True)
    line, hours = [], []
    generator = np.random.default_rng(5)
    for replication in range(replications):
        shock = 0.02 * generator.standard_normal((len(pairs), months))
        for strength, arm in enumerate(arms):
            for side in ("a", "b"):
                south = np.linspace(0, 1, len(pairs))[:, np.newaxis]
                level = 0.3 + 0.08 * strength * south + (0.05 if side == "b" else 0.0) + shock
                level = level + 0.005 * generator.standard_normal(level.shape)
                for month in range(months):
                    line.append(
                        pd.DataFrame(
                            {
                                "arm": arm, "replication": replication, "month_index": month,
                                "town_a": np.array(world.town_code)[pairs[:, 0]],
                                "town_b": np.array(world.town_code)[pairs[:, 1]],
                                "side": side, "length_km": 1.5 * count,
                                "coverage_7_days": np.clip(level[:, month], 0, 1),
                                "coverage_30_days": np.clip(2 * level[:, month], 0, 1),
                            }
                        )
                    )  # fmt: skip
                for tier_number, tier in enumerate(("village", "town", "county", "department")):
                    for number, activity in enumerate(ACTIVITIES[:5]):
                        spent = strength * (100 + 40 * number) * (1.2 if side == "a" else 1.0)
                        wave = 1 + 0.3 * np.sin(np.arange(months) / (number + 1) + tier_number)
                        noise = 1 + 0.02 * generator.standard_normal(months)
                        hours.append(
                            pd.DataFrame(
                                {
                                    "arm": arm, "replication": replication, "month_index": range(months),
                                    "side": side, "tier": tier, "activity": activity,
                                    "hours": spent * wave * noise,
                                }
                            )
                        )  # fmt: skip
    manifest = {
        "arms": {arm: load_package(arm).as_dict() for arm in arms},
        "seeds": list(range(replications)),
    }
    return Watched(
        world.name,
        tuple(arms),
        pd.concat(line, ignore_index=True),
        pd.concat(hours, ignore_index=True),
        manifest,
    )
