"""The column dictionary of a study: name, meaning and unit of every column, in both languages."""

from __future__ import annotations

from typing import Final

import pandas as pd

from sim.language import catalogue
from sim.parameters import PARAMETERS

__all__ = ["TABLES", "study_columns"]

TABLES: Final = {
    "runs": ("point", "replication", "seed", "status", "error", "seconds"),
    "measures": ("point", "replication", "scope", "measure", "tier", "unit", "value"),
    "differences": (
        "point",
        "baseline_point",
        "replication",
        "scope",
        "measure",
        "tier",
        "unit",
        "baseline_value",
        "value",
        "difference",
    ),
}
"""The columns of the tables that are the same in every study."""

_UNITS: Final = {"seconds": "s"}
_PREFIXES: Final = {"dose": "dose", "parameter": "parameter", "unit": "coordinate"}


def study_columns(points: pd.DataFrame, design: pd.DataFrame) -> pd.DataFrame:
    """Explain every column of every table of a study.

    Parameters
    ----------
    points, design : pandas.DataFrame
        The tables whose columns depend on the study.

    Returns
    -------
    pandas.DataFrame
        Columns table, column, unit, zh, en.
    """
    tables = {"points": tuple(points.columns), "design": tuple(design.columns), **TABLES}
    texts = catalogue()
    start = "column.study."
    texts_of_study = {key.removeprefix(start) for key in texts if key.startswith(start)}
    rows = []
    for table, columns in tables.items():
        for column in columns:
            prefix, _, name = column.partition("_")
            unit = _UNITS.get(column, "")
            if prefix == "parameter" and name in PARAMETERS:
                row = PARAMETERS[name]
                rows.append((table, column, row.unit, row.zh, row.en))
                continue
            if column in texts_of_study:
                key = f"column.study.{column}"
            elif prefix in _PREFIXES and name:
                key, unit = f"column.study.{_PREFIXES[prefix]}", "share" if prefix == "dose" else ""
            else:
                key = f"column.{column}"
            zh, en = (texts[key][language].format(name=name) for language in ("zh", "en"))
            rows.append((table, column, unit, zh, en))
    return pd.DataFrame(rows, columns=["table", "column", "unit", "zh", "en"])
