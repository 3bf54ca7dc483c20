"""The folder of a result: written whole or not at all, and read back by one call."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.files import folder_beside
from sim.language import catalogue
from sim.studies.comparison import Comparison
from sim.studies.effects import EFFECT_COLUMNS
from sim.studies.report_files import earlier_reports

__all__ = ["column_dictionary", "open_results", "write_results"]

_TABLES: Final = ("measures", "series", "cases", "adoption")
_TEXT_COLUMNS: Final = EFFECT_COLUMNS[:7]
# Excel takes a file for the system's own encoding unless it starts with this mark.
_FOR_SPREADSHEETS: Final = "utf-8-sig"


def write_results(
    comparison: Comparison, folder: str | Path, draw: Callable[[Comparison, Path], object] | None = None
) -> Path:
    """Write a comparison into a folder.

    The folder gets ``effects.csv`` for people, ``measures.parquet``, ``series.parquet``,
    ``cases.parquet`` and ``adoption.parquet`` for programs, ``columns.csv`` that explains every column,
    ``manifest.json`` that says how to repeat it, and ``figures``. Reports of an earlier result in it go when
    the new files come, as they tell of numbers that are gone; one that the system holds on to stays.

    Parameters
    ----------
    comparison : Comparison
        The result.
    folder : str or Path
        Where to; files of the same names are replaced.
    draw : callable, optional
        ``draw(comparison, folder)`` draws into the empty folder ``figures``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the system refuses; nothing is left then.
    """
    folder = Path(folder)
    with folder_beside(folder, earlier_reports(folder)) as beside:
        comparison.effects.to_csv(beside / "effects.csv", index=False, encoding=_FOR_SPREADSHEETS)
        for name in _TABLES:
            table: pd.DataFrame = getattr(comparison, name)
            table.to_parquet(beside / f"{name}.parquet", index=False, compression="zstd")
        column_dictionary(comparison).to_csv(beside / "columns.csv", index=False, encoding=_FOR_SPREADSHEETS)
        manifest = json.dumps(
            comparison.manifest, ensure_ascii=False, indent=2, allow_nan=False, default=_plain
        )
        (beside / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
        if draw is not None:
            figures = beside / "figures"
            figures.mkdir()
            draw(comparison, figures)
    return folder


def open_results(folder: str | Path) -> Comparison:
    """Read a result folder back.

    Parameters
    ----------
    folder : str or Path
        A folder that `write_results` wrote.

    Returns
    -------
    Comparison
        The same tables and manifest.

    Raises
    ------
    InputError
        If the folder or one of its files is missing or damaged.
    """
    folder = Path(folder)
    allowed = {
        "zh": "比较结果的文件夹（含 manifest.json、effects.csv 等）",
        "en": "the folder of a comparison (with manifest.json, effects.csv and so on)",
    }
    file = "manifest.json"
    try:
        manifest = json.loads((folder / file).read_text(encoding="utf-8"))
        configuration = manifest["configuration"]
        file = "effects.csv"
        effects = pd.read_csv(
            folder / file,
            encoding=_FOR_SPREADSHEETS,
            # An arm may be called none, which is a name here and not a gap.
            keep_default_na=False,
            na_values={column: [""] for column in EFFECT_COLUMNS if column not in _TEXT_COLUMNS},
            dtype=dict.fromkeys(_TEXT_COLUMNS, "str"),
        )[list(EFFECT_COLUMNS)]
        tables = {}
        for name in _TABLES:
            file = f"{name}.parquet"
            tables[name] = pd.read_parquet(folder / file)
        return Comparison(
            configuration["region"], tuple(configuration["arms"]), effects, manifest=manifest, **tables
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("folder", str(folder), allowed, where=file) from error


def column_dictionary(comparison: Comparison) -> pd.DataFrame:
    """Explain every column of every table, in both languages.

    Parameters
    ----------
    comparison : Comparison
        The result.

    Returns
    -------
    pandas.DataFrame
        Columns file, column, zh, en.
    """
    files = {"effects.csv": comparison.effects} | {
        f"{name}.parquet": getattr(comparison, name) for name in _TABLES
    }
    texts = catalogue()
    rows = []
    for file, table in files.items():
        for column in table.columns:
            # A column of the same name may mean something else in one table.
            own = f"column.{file.partition('.')[0]}.{column}"
            entry = texts[own if own in texts else f"column.{column}"]
            rows.append({"file": file, "column": column, "zh": entry["zh"], "en": entry["en"]})
    return pd.DataFrame(rows)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    return str(value)
