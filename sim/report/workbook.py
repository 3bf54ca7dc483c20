"""The tables of a report as a workbook: a sheet each, one that says what it is, one that explains columns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.language import catalogue, text
from sim.report.content import Report
from sim.report.table import Table, sheet_name, sheet_of
from sim.studies.comparison import Comparison
from sim.studies.report_files import CREATOR
from sim.studies.store.sheets import Sheet, write_sheets

__all__ = ["write_workbook"]


def write_workbook(path: Path, report: Report, comparison: Comparison) -> Path:
    """Write every table of a report, and the effects as they are stored.

    Parameters
    ----------
    path : Path
        File ``.xlsx``.
    report : Report
        The report.
    comparison : Comparison
        What it is about.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    OutputError
        If the system refuses.
    """
    language = report.language
    effects = comparison.effects.astype({"arm": "object", "baseline": "object"})
    stored = Sheet(text("report.sheet.effects", language), effects)
    sheets = [
        _readme(report),
        *(sheet_of(table, language) for table in report.tables),
        stored,
        _columns(report, effects, stored.name),
    ]
    return write_sheets(path, sheets, creator=CREATOR)


def _readme(report: Report) -> Sheet:
    language = report.language
    lines = [
        report.title,
        report.subtitle,
        report.question,
        *report.answers,
        *report.certainty,
        report.commands["again"],
        text("report.answer.honest", language),
        *(
            text("report.sheet.line", language, sheet=sheet_name(table, language), title=table.title)
            for table in report.tables
        ),
    ]
    name = text("report.sheet.readme", language)
    return Sheet(name, pd.DataFrame({text("report.sheet.heading.words", language): lines}))


def _columns(report: Report, effects: pd.DataFrame, stored: str) -> Sheet:
    """Explain every column of every sheet."""
    language = report.language
    rows = [
        (sheet_name(table, language), *row) for table in report.tables for row in _explained(table, language)
    ]
    rows += [(stored, name, catalogue()[f"column.{name}"][language]) for name in effects.columns]
    header = [text(f"report.sheet.heading.{part}", language) for part in ("sheet", "column", "about")]
    return Sheet(text("report.sheet.columns", language), pd.DataFrame(rows, columns=header))


def _explained(table: Table, language: str) -> list[tuple[str, str]]:
    about = {column.title: column.about for column in table.columns}
    for part in ("group", "unit"):
        about[text(f"report.sheet.{part}", language)] = text(f"report.sheet.about.{part}", language)
    for column in table.columns:
        for part in ("difference", "low", "high", "verdict"):
            words = text(f"report.sheet.{part}", language)
            title = text("report.sheet.part", language, column=column.title, part=words)
            about[title] = text("report.sheet.part", language, column=words, part=column.about)
    return [(str(name), about.get(str(name), str(name))) for name in sheet_of(table, language).table.columns]
