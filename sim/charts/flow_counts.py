"""How many disputes take which way: known or not, handed on or not, settled where or not at all.

They stay whole numbers until they are averaged: a difference of two sums a year is seldom exactly zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.charts.survival import known_border_cases
from sim.engine.dates import DAYS_PER_YEAR
from sim.studies.comparison import Comparison
from sim.studies.effects import paired_statistics

__all__ = ["ENDS", "STAGES", "flow_differences", "flows_by_replication", "node_totals", "years_of"]

ENDS: Final = (
    "settled_village", "settled_town", "settled_county", "settled_upper", "given_up", "open",
)  # fmt: skip
"""How a known dispute stands at the end of the run; departments count with their counties."""

STAGES: Final = (("arose",), ("known", "unknown"), ("worked_on", "handed_on", "no_session"), ENDS)
"""The nodes of each stage, from the top."""

_COUNTED_WITH: Final = {"department": "county"}


def years_of(comparison: Comparison) -> float:
    """Give the length of the span in which disputes are counted.

    Parameters
    ----------
    comparison : Comparison
        The comparison.

    Returns
    -------
    float
        Years.
    """
    return comparison.days / DAYS_PER_YEAR


def flows_by_replication(comparison: Comparison, arm: str) -> pd.DataFrame:
    """Count the disputes across the border that take each way, by replication.

    A dispute is ``handed_on`` if it ever changed hands upward, ``worked_on`` if it did not and had a session
    of any kind, and ``no_session`` otherwise. Disputes that arose and that no office came to know are the
    difference of those that arose and those that became known in the span.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    arm : str
        One of its arms.

    Returns
    -------
    pandas.DataFrame
        One row a replication; the columns are pairs of nodes, the values disputes in the whole span.
    """
    cases = known_border_cases(comparison)
    cases = cases[cases["arm"] == arm]
    middle = np.where(
        cases["hand_offs"] > 0, "handed_on", np.where(cases["sessions"] > 0, "worked_on", "no_session")
    )
    tier = cases["settled_tier"].astype(object).replace(_COUNTED_WITH)
    left = np.where(cases["given_up"].astype(bool), "given_up", "open")
    end = np.where(cases["settled"].notna(), "settled_" + tier.astype(str), left)
    replications = range(comparison.replications)
    counted = pd.crosstab(cases["replication"].to_numpy(), [middle, end])
    links = pd.MultiIndex.from_product([STAGES[2], ENDS])
    ends = counted.reindex(index=replications, columns=links, fill_value=0.0)
    known = ends.sum(axis=1)
    # The measure is a rate; what it counted is whole.
    arose = (_occurred(comparison, arm) * years_of(comparison)).round().reindex(replications)
    of_node = ends.T.groupby(level=0).sum().T
    first = {("arose", "known"): known, ("arose", "unknown"): arose - known}
    first |= {("known", node): of_node[node] for node in STAGES[2]}
    return pd.concat([pd.DataFrame(first), ends], axis=1)


def _occurred(comparison: Comparison, arm: str) -> pd.Series[float]:
    table = comparison.measures
    is_meant = (
        (table["measure"] == "disputes_occurred") & (table["scope"] == "border") & (table["tier"] == "all")
    )
    return table[is_meant & (table["arm"] == arm)].set_index("replication")["value"]


def node_totals(flows: pd.DataFrame) -> pd.DataFrame:
    """Add up what comes into every node.

    Parameters
    ----------
    flows : pandas.DataFrame
        As `flows_by_replication` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a replication; columns arose, the nodes of the later stages, and ``settled``, wherever.
    """
    into = flows.T.groupby(level=1).sum(min_count=1).T
    totals = into.reindex(columns=[node for stage in STAGES[1:] for node in stage])
    totals.insert(0, "arose", into["known"] + into["unknown"])
    totals["settled"] = totals[list(ENDS[:4])].sum(axis=1)
    return totals


def flow_differences(
    without: pd.DataFrame, with_arm: pd.DataFrame, nodes: Sequence[str], years: float
) -> pd.DataFrame:
    """Compare what comes into nodes in two arms, replication by replication.

    Parameters
    ----------
    without, with_arm : pandas.DataFrame
        As `node_totals` gives them.
    nodes : sequence of str
        Nodes to compare.
    years : float
        Length of the span, as `years_of` gives it.

    Returns
    -------
    pandas.DataFrame
        Disputes a year: columns baseline_value, arm_value, effect, low, high (95 % interval of Student's t on
        the paired differences; NaN with fewer than two replications), indexed by node.
    """
    values: list[NDArray[np.float64]] = [
        table[list(nodes)].to_numpy(np.float64).T for table in (with_arm, without)
    ]
    found = paired_statistics(*values)
    columns = ("baseline_value", "arm_value", "effect", "low", "high")
    return pd.DataFrame({name: found[name] / years for name in columns}, index=list(nodes))
