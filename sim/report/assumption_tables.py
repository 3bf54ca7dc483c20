"""What the numbers rest on: every behavioural number with its range and basis."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sim.language import text, unit_words
from sim.parameters import PARAMETERS, Parameter
from sim.report.table import Cell, Group, Number, Table, own_columns
from sim.studies.comparison import Comparison

__all__ = ["BASES", "basis_of", "changed_parameters", "count_by_basis", "parameters_table"]

BASES: Final = ("calibrated", "sourced", "assumed")
"""Kinds of basis, the firmest first."""

_PRIOR: Final = re.compile(r"\b[DP]\d+\b")


def basis_of(row: Parameter) -> str:
    """Tell what kind of basis a behavioural number has.

    Parameters
    ----------
    row : Parameter
        Its row of the parameter table.

    Returns
    -------
    {"calibrated", "sourced", "assumed"}
        Calibrated to something known of the border; taken from literature or statistics; assumed.

    Examples
    --------
    >>> basis_of(PARAMETERS["interior_disputes_per_1000"]), basis_of(PARAMETERS["legacy_cool_off_days"])
    ('calibrated', 'assumed')
    """
    if "calibrated" in row.basis:
        return "calibrated"
    return "assumed" if row.basis.startswith(("assumption", "numbers")) else "sourced"


def count_by_basis() -> dict[str, int]:
    """Count the behavioural numbers of each kind of basis.

    Returns
    -------
    dict of str to int
        In the order of `BASES`.

    Examples
    --------
    >>> sum(count_by_basis().values()) == len(PARAMETERS)
    True
    """
    kinds = [basis_of(row) for row in PARAMETERS.values()]
    return {kind: kinds.count(kind) for kind in BASES}


def changed_parameters(comparison: Comparison) -> dict[str, float]:
    """Give the behavioural numbers that differ from the defaults.

    Parameters
    ----------
    comparison : Comparison
        The comparison.

    Returns
    -------
    dict of str to float
        By name; empty where all have their defaults.
    """
    changes: Mapping[str, float] = comparison.manifest["configuration"].get("parameters", {})
    return {name: float(value) for name, value in changes.items()}


def parameters_table(comparison: Comparison, language: str) -> Table:
    """List every behavioural number with the value used, its plausible range and its basis.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Table
        A group for each kind of basis; what was changed is marked.
    """
    used: Mapping[str, float] = comparison.manifest.get("parameters", {})
    changed = changed_parameters(comparison)
    groups = []
    for kind in BASES:
        rows: list[tuple[Cell, ...]] = []
        for row in PARAMETERS.values():
            if basis_of(row) != kind:
                continue
            name = f"{getattr(row, language)}"
            if row.name in changed:
                name += text("report.parameters.changed", language)
            rows.append(
                (
                    name,
                    row.name,
                    Number(float(used.get(row.name, row.default))),
                    Number(row.low),
                    Number(row.high),
                    unit_words(row.unit, language),
                    _basis(row, kind, language),
                )
            )
        title = text(f"report.basis.{kind}.title", language, count=len(rows))
        groups.append(Group(title, tuple(rows)))
    return Table(
        "parameters",
        text("report.table.parameters", language),
        text("report.table.parameters.note", language),
        own_columns("parameters", language),
        tuple(groups),
    )


def _basis(row: Parameter, kind: str, language: str) -> str:
    """Name the kind of basis and the rows of the table of evidence; English readers get the note as well."""
    if language == "en":
        return row.basis
    named = "、".join(dict.fromkeys(_PRIOR.findall(row.basis)))
    word = text(f"report.basis.{kind}", language)
    return text("report.basis.with_rows", language, basis=word, rows=named) if named else word
