"""Pick a case whose life is worth telling, by a stated rule, and say how common it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from sim.errors import InputError, nearest_name

__all__ = ["CRITERIA", "Picked", "pick_case"]

CRITERIA: Final = ("only_with", "only_without", "both", "neither", "median")
"""What a case may be picked for: settled in the second arm only, in the first only, in both, in neither, or
standing in the middle of all by how many days it gained."""

_GROUPS: Final = CRITERIA[:4]


@dataclass(frozen=True)
class Picked:
    """A case, and what it stands for.

    Attributes
    ----------
    case : str
        Its name.
    criterion : str
        One of `CRITERIA`.
    counts : dict of str to int
        Of all disputes that it was picked from, how many were settled with the second arm only
        (``only_with``), without it only (``only_without``), in ``both`` and in ``neither``.
    """

    case: str
    criterion: str
    counts: dict[str, int]

    @property
    def alike(self) -> int:
        """How many disputes fulfil the criterion; for the median all of them."""
        return self.counts.get(self.criterion, self.all)

    @property
    def all(self) -> int:
        """How many disputes the case was picked from."""
        return sum(self.counts.values())


def pick_case(
    without: pd.DataFrame, with_arm: pd.DataFrame, criterion: str = "only_with", *, watched_days: int = 90
) -> Picked:
    """Pick the middle one of the cases that fulfil a criterion, never the most striking one.

    Candidates are the disputes across the border that became known in both arms, early enough to be watched
    for some time; offences and legacy claims are left out. Those that fulfil the criterion are sorted by what
    they gained, days observed without minus days observed with (a case that is not settled counts for as long
    as it was watched), then by days observed without, then by name; the one in the middle is taken, the first
    of two.

    Parameters
    ----------
    without, with_arm : pandas.DataFrame
        Cases of one replication in the first and in the second arm, as
        `sim.measures.case_table.case_table` lists them.
    criterion : {"only_with", "only_without", "both", "neither", "median"}
        See `CRITERIA`.
    watched_days : int
        Least days from becoming known to the end of the run, in both arms.

    Returns
    -------
    Picked
        The case, with how many of all disputes are like it and how many are not.

    Raises
    ------
    InputError
        For an unknown criterion, or one that no case fulfils.

    Examples
    --------
    >>> columns = ["case", "scope", "domain", "legacy", "known", "settled", "days_observed"]
    >>> first, later = pd.Timestamp("2018-01-01"), pd.Timestamp("2018-01-10")
    >>> kind = ("border", "land", False, first)
    >>> without = pd.DataFrame(
    ...     [("A-B-1", *kind, pd.NaT, 365.0), ("A-B-2", *kind, later, 9.0)], columns=columns
    ... )
    >>> picked = pick_case(without, without.assign(settled=later, days_observed=9.0), watched_days=9)
    >>> picked.case, picked.alike, picked.all
    ('A-B-1', 1, 2)
    """
    if criterion not in CRITERIA:
        raise InputError("criterion", criterion, CRITERIA, nearest=nearest_name(criterion, CRITERIA))
    tables = [_disputes(table, watched_days) for table in (without, with_arm)]
    both = tables[0].merge(tables[1], on="case", suffixes=("_without", "_with"))
    before, after = both["settled_without"].notna(), both["settled_with"].notna()
    group = {
        "only_with": ~before & after,
        "only_without": before & ~after,
        "both": before & after,
        "neither": ~before & ~after,
    }
    counts = {name: int(group[name].sum()) for name in _GROUPS}
    chosen = both if criterion == "median" else both[group[criterion]]
    if chosen.empty:
        found = ", ".join(f"{name} {count}" for name, count in counts.items())
        allowed = {
            "zh": f"这次运行中有案件符合的条件（{found}）",
            "en": f"a criterion that some case of this run fulfils ({found})",
        }
        raise InputError("criterion", criterion, allowed)
    gain = chosen["days_observed_without"] - chosen["days_observed_with"]
    order = chosen.assign(gain=gain).sort_values(["gain", "days_observed_without", "case"], kind="stable")
    return Picked(str(order["case"].iloc[(len(order) - 1) // 2]), criterion, counts)


def _disputes(cases: pd.DataFrame, watched_days: int) -> pd.DataFrame:
    """Take the disputes that were, or would have been, watched long enough."""
    # Cases that are not settled are watched to the last day.
    last_day = (cases["known"] + pd.to_timedelta(cases["days_observed"], unit="D")).max()
    is_dispute = (cases["domain"] != "security") & ~cases["legacy"].astype(bool)
    is_watched = cases["known"] <= last_day - pd.Timedelta(days=watched_days)
    chosen: pd.DataFrame = cases[(cases["scope"] == "border") & is_dispute & is_watched]
    return chosen[["case", "settled", "days_observed"]].astype({"case": "object"})
