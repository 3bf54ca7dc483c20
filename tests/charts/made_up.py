"""Results of analyses and watched runs with known numbers, made without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.levers.mechanisms import load_package
from sim.measures.picking import Picked
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
from sim.studies.comparison import Comparison
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
    size = middle(whole) or np.nan
    rows = [
        (name, middle(part), *part, middle(part) / size, *sorted(end / size for end in part))
        for name, part in zip(LINKS, parts, strict=False)
    ]
    columns = ["player", "value", "low", "high", "share", "share_low", "share_high"]
    return Attribution(
        outcome, "here", pd.DataFrame(rows, columns=columns), middle(whole), *whole, replications=9, orders=0
    )


def interactions(
    pairs: Sequence[Interval], outcome: Outcome = SETTLED, *, clear: Sequence[bool] | None = None
) -> Interactions:
    names = [(a, b) for i, a in enumerate(LINKS) for b in LINKS[i + 1 :]]
    rows = [(a, b, middle(pair), *pair) for (a, b), pair in zip(names, pairs, strict=False)]
    table = pd.DataFrame(rows, columns=["player_a", "player_b", "value", "low", "high"])
    table["is_clear"] = (table["low"] > 0) | (table["high"] < 0) if clear is None else list(clear)
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


def sensitivity(
    method: str, lows: Sequence[float], kind: str = "effect", *, clear: Sequence[bool] | None = None
) -> Sensitivity:
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
    table["chance"] = 0.02
    table["is_clear"] = table["total_low"] > 0 if clear is None else list(clear)
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


def robustness(
    ranks: Sequence[Interval], helps: Sequence[float], harms: Sequence[float], ahead: Interval = (0.01, 0.03)
) -> Robustness:
    rows = []
    for number, (arm, ends) in enumerate(zip(ARMS[1:], ranks, strict=False)):
        row = {"arm": arm, "rank": sum(ends) / 2, "rank_low": ends[0], "rank_high": ends[1], "first": 0.3}
        row |= {"regret": 0.02 * number, "regret_low": 0.01 * number, "regret_high": 0.03 * number}
        row["regret_most"] = 0.05 * (number + 1)
        nothing = 1 - helps[number] - harms[number]
        for name, share in (("helps", helps[number]), ("nothing", nothing), ("harms", harms[number])):
            row |= {name: share, f"{name}_low": max(share - 0.1, 0), f"{name}_high": min(share + 0.1, 1)}
        rows.append(row)
    sets = _sets(len(ranks), 41)
    nearest = ARMS[2] if len(ranks) > 1 else ""
    return Robustness(
        SETTLED, "here", pd.DataFrame(rows), middle(ahead), *ahead, nearest, sets, 41, 64,
        ("P12", "P27"), "fits", 6,
    )  # fmt: skip


def _sets(arms: int, sets: int) -> pd.DataFrame:
    """Lay the effects of some arms in every set of assumptions: some below zero, all with an interval."""
    course = np.linspace(-0.06, 0.2, sets)
    tables = [
        pd.DataFrame({"set": range(sets), "arm": arm, "effect": course + 0.05 * number})
        for number, arm in enumerate(ARMS[1 : 1 + arms])
    ]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(low=table["effect"] - 0.03, high=table["effect"] + 0.03)


def history(*, inside: bool = True) -> HistoryMatch:
    patterns = (
        Pattern("P12", {"zh": "查获占比", "en": "large operations with a hit"}, 0.3, 0.7, "border.x.all"),
        Pattern("P27", {"zh": "可联系的成员", "en": "members who can be reached"}, 0.5, 0.7, parameter="x"),
    )
    table = pd.DataFrame({"pattern": ["P12", "P27"], "ruled_out": [0.4, 0.2], "explained": [0.93, 1.0]})
    values = np.linspace(0.05, 0.95, 10)
    profile = pd.concat(
        pd.DataFrame({"dimension": name, "value": values, "remaining": 0.5 + tilt * values})
        for name, tilt in (("trust_gain", 0.3), ("one_sided_penalty", -0.4), ("reachable_share", 0.05))
    )
    profile["low"], profile["high"] = profile["remaining"] - 0.06, profile["remaining"] + 0.06
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


def with_flows(comparison: Comparison) -> Comparison:
    """Add what the flow of disputes takes: sessions, who gave up, how many arose."""
    generator = np.random.default_rng(7)
    cases = comparison.cases.copy()
    cases["sessions"] = generator.poisson(np.where(cases["hand_offs"] > 0, 2.0, 0.8))
    cases["given_up"] = cases["settled"].isna().to_numpy() & (generator.uniform(size=len(cases)) < 0.7)
    runs = comparison.measures[["region", "arm", "replication"]].drop_duplicates()
    arose = runs.assign(scope="border", measure="disputes_occurred", tier="all", unit="per year")
    arose["value"] = 290.0 + 4.0 * generator.standard_normal(len(runs))
    measures = pd.concat([comparison.measures.astype({"measure": str}), arose], ignore_index=True)
    return replace(comparison, cases=cases, measures=measures)


def dose_study(replications: int = 5) -> Any:
    """Make what a chart of doses asks of a study: half brings most of settlement, trust stays unclear."""
    doses = (0.25, 0.5, 0.75, 1.0)
    points = pd.DataFrame(
        {"point": range(5), "dose_five_links": [np.nan, *doses], "baseline_point": [np.nan, 0, 0, 0, 0]}
    )
    effects = {
        "settled_90_days": (0.18, (0.08, 0.12, 0.14, 0.15)),
        "staff_days": (0.0, (900.0, 1900.0, 2900.0, 3900.0)),
        "trust": (0.44, (0.001, -0.001, 0.001, 0.002)),
    }

    def values(measure: str, scope: str, tier: str) -> pd.DataFrame:
        level, changes = effects[measure]
        noise = 2.0 if measure == "trust" else 0.05
        spread = noise * max(map(abs, changes)) * np.linspace(-1, 1, replications)
        rows = [level + 2 * spread] + [
            level + change + spread * (-1) ** number for number, change in enumerate(changes)
        ]
        return pd.DataFrame(rows, index=pd.Index(range(5), name="point"))

    return SimpleNamespace(
        dimensions=pd.DataFrame({"dimension": ["five_links"]}),
        manifest={"arms": ["none"], "study": "made up"},
        points=points,
        values=values,
    )


def coalition_study(replications: int = 5) -> Any:
    """Make what a chart of chosen links asks of a study: every link adds as much, to willingness nothing."""
    switches = [[bool(point >> place & 1) for place in range(len(LINKS))] for point in range(2 ** len(LINKS))]
    design = pd.DataFrame(
        {f"unit_{name}": [float(on[place]) for on in switches] for place, name in enumerate(LINKS)}
    ).assign(arm="dosed", point=range(len(switches)))
    gains = {"settled_90_days": 0.03, "coverage_7_days": 0.012, "willingness": 0.0}

    def values(measure: str, scope: str, tier: str) -> pd.DataFrame:
        shock = 0.01 * np.linspace(-1, 1, replications)
        rows = [0.3 + gains[measure] * sum(on) + shock * (1 + 0.4 * sum(on)) for on in switches]
        return pd.DataFrame(rows, index=pd.Index(range(len(rows)), name="point"))

    return SimpleNamespace(
        dimensions=pd.DataFrame({"dimension": LINKS}),
        design=design,
        values=values,
        runs=pd.DataFrame({"replication": range(replications)}),
    )


def biography(world: World) -> tuple[pd.DataFrame, Picked]:
    """Tell of a dispute that its parties give up without a mechanism and both sides settle with one."""
    tie = int(np.flatnonzero(world.tie_is_border)[0])
    a, b = sorted((int(world.tie_a[tie]), int(world.tie_b[tie])))
    town_a, town_b = (int(world.office_parent[village]) for village in (a, b))
    # Days since it arose, the event, its tier and side, who acts, towards whom, for when, and a detail.
    begin = [
        (0, "arose", "", "", a, b, None, "land complex"),
        (1, "known", "village", "a", a, -1, None, ""),
    ]
    without = [
        *begin,
        (1, "alone", "village", "a", a, -1, None, ""),
        (11, "left", "village", "a", a, -1, 21, ""),
        (24, "called", "village", "a", a, b, 30, "line"),
        (30, "absent", "village", "b", b, a, None, ""),
        (62, "idle", "village", "a", a, -1, None, "30"),
        (80, "worsened", "", "", a, b, None, "hard"),
        (84, "referred", "village", "a", a, town_a, 90, ""),
        (95, "alone", "town", "a", town_a, -1, None, ""),
        (170, "given_up", "town", "a", town_a, -1, None, ""),
    ]
    alliance = [
        *begin,
        (1, "other_known", "village", "b", b, -1, None, "at_once"),
        (2, "called", "village", "a", a, b, 3, "office"),
        (3, "met", "village", "", a, b, None, "caller"),
        (13, "referred", "village", "a", a, town_a, 14, ""),
        (15, "item", "town", "", town_a, town_b, 29, "owned"),
        (20, "called", "town", "a", town_a, town_b, 21, "office"),
        (21, "met", "town", "", town_a, town_b, None, "none"),
        (33, "met", "town", "", town_b, town_a, None, "both"),
        (33, "settled", "town", "b", town_b, -1, None, "joint"),
        (60, "relapsed", "", "", a, b, None, ""),
        (60, "called", "town", "a", town_a, town_b, 60, "office"),
        (60, "met", "town", "", town_a, town_b, None, "caller"),
        (66, "met", "town", "", town_a, town_b, None, "both"),
        (66, "settled", "town", "a", town_a, -1, None, ""),
    ]
    start = pd.Timestamp("2021-03-08")
    rows = [
        (
            arm, "case", start + pd.Timedelta(days=day), event, tier, side, office, other,
            pd.NaT if due is None else start + pd.Timedelta(days=due), detail,
        )
        for arm, life in (("none", without), ("completed", alliance))
        for day, event, tier, side, office, other, due, detail in life
    ]  # fmt: skip
    columns = ["arm", "case", "date", "event", "tier", "side", "office", "other", "due", "detail"]
    told = pd.DataFrame(rows, columns=columns)
    told["arm"] = pd.Categorical(told["arm"], categories=["none", "completed"])
    counts = {"only_with": 12, "only_without": 3, "both": 80, "neither": 40}
    return told, Picked("case", "only_with", counts)
