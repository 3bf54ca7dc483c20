"""A study read back: tables for pandas, views for DuckDB, files for spreadsheets."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.errors import InputError
from sim.files import folder_beside
from sim.measures.definitions import MEASURES
from sim.studies.extras import extra_module
from sim.studies.store.folder import SHARDS
from sim.studies.store.manifest import read_manifest
from sim.studies.store.shards import RUN_COLUMNS, Shards, once_each, read_parquet, read_shard
from sim.studies.store.sheets import Sheet, write_sheets
from sim.studies.store.views import view_statements

__all__ = ["Study", "open_study"]

_TABLES: Final = ("points", "design", "runs", "measures", "columns")
# What a sheet can hold.
_SHEET_ROWS: Final = 1_048_575
_LOOKS: Final = 5
_FOR_SPREADSHEETS: Final = "utf-8-sig"


class Study:
    """The results of a study, finished or not.

    Tables are read when first asked for; `docs/studies.md` describes them.

    Parameters
    ----------
    folder : Path
        Folder of the study.
    manifest : dict
        Its manifest.

    Attributes
    ----------
    folder, manifest
        As given.
    damaged : tuple of str
        Shards that are not what was written; their runs are missing until the study is continued.
    mended : tuple of str
        Shards that `sim.run_study` found damaged just now, set aside and replaced.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self.damaged: tuple[str, ...] = ()
        self.mended: tuple[str, ...] = ()
        self._look()

    def _look(self) -> None:
        shards = Shards(self.folder / SHARDS, sole=False)
        self._paths = shards.paths
        self._keys = len(shards.done)
        self.damaged = shards.damaged

    @cached_property
    def points(self) -> pd.DataFrame:
        """What was run: one row for each point."""
        return self._read("points")

    @cached_property
    def design(self) -> pd.DataFrame:
        """Which point answers each sample."""
        return self._read("design")

    @cached_property
    def columns(self) -> pd.DataFrame:
        """The column dictionary."""
        return pd.read_csv(self.folder / "columns.csv", encoding=_FOR_SPREADSHEETS, keep_default_na=False)

    @cached_property
    def dimensions(self) -> pd.DataFrame:
        """What the design varies: dimension, kind, low, high, default, levels."""
        names = ["dimension", "kind", "low", "high", "default", "levels"]
        return pd.DataFrame(self.manifest["dimensions"], columns=names)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Every run with its status and time."""
        return self._runs_with(())

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Every value of every run that is ok, one a row."""
        wide = self._wide()
        wide = wide.filter(pc.equal(wide.column("status"), "ok"))
        names = [name for name in wide.column_names if name not in RUN_COLUMNS]
        values = (
            np.column_stack([wide.column(name).to_numpy() for name in names]) if names else np.empty((0, 0))
        )
        table = pd.DataFrame(
            {key: np.repeat(wide.column(key).to_numpy(), len(names)) for key in ("point", "replication")}
        )
        codes = np.tile(np.arange(len(names)), wide.num_rows)
        for column, words in _labels(names).items():
            table[column] = _repeated(words, codes)
        table["value"] = values.ravel().astype(np.float64)
        return table

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Each value against that of the baseline point in the same replication."""
        keys = ["replication", "scope", "measure", "tier", "unit"]
        pairs = self.points[["point", "baseline_point"]].dropna()
        own = self.measures.merge(pairs[pairs["point"] != pairs["baseline_point"]], on="point")
        own["baseline_point"] = own["baseline_point"].astype("int64")
        base = self.measures.rename(columns={"point": "baseline_point", "value": "baseline_value"})
        table = own.merge(base, on=["baseline_point", *keys])
        table["difference"] = table["value"] - table["baseline_value"]
        return table[["point", "baseline_point", *keys, "baseline_value", "value", "difference"]]

    def values(self, measure: str, scope: str = "border", tier: str = "all") -> pd.DataFrame:
        """Give one measure of every run.

        Parameters
        ----------
        measure : str
            Name of the measure.
        scope : {"border", "interior"}
            Where.
        tier : str
            Which tier.

        Returns
        -------
        pandas.DataFrame
            One row for each point, one column for each replication; NaN where a run is missing, failed or
            does not define the measure.

        Raises
        ------
        InputError
            If the study did not keep this measure.
        """
        name = f"{scope}.{measure}.{tier}"
        known = self.measure_columns
        if name not in known:
            raise InputError("measure", name, known)
        return self._runs_with((name,)).pivot(index="point", columns="replication", values=name)

    def connection(self) -> Any:
        """Open a DuckDB connection with a view of the name of every table.

        Returns
        -------
        duckdb.DuckDBPyConnection
            Of its own, in memory; whoever asked closes it.

        Raises
        ------
        InputError
            If DuckDB is not installed.
        """
        duckdb = extra_module("duckdb", "connection")
        connection = duckdb.connect()
        names = self.measure_columns
        labels = pd.DataFrame({"name": names, **_labels(names)})
        for table, content in (("points", self.points), ("design", self.design), ("columns", self.columns)):
            connection.register(table, pa.Table.from_pandas(content, preserve_index=False))
        connection.register("labels", pa.Table.from_pandas(labels, preserve_index=False))
        if self._is_merged():
            # Straight from the files: what a query does not ask for is not read.
            paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in self._paths)
            source = f"read_parquet([{paths}], union_by_name = true)"
        else:
            connection.register("wide_now", self._wide())
            source = "wide_now"
        for statement in view_statements(source, names):
            connection.execute(statement)
        return connection

    def export(self, path: str | Path) -> Path:
        """Write the tables for spreadsheets.

        Parameters
        ----------
        path : str or Path
            A file ``.xlsx``, with one sheet a table and a column for each measure, or a folder for CSV files.

        Returns
        -------
        Path
            The same.

        Raises
        ------
        InputError
            For more runs than a sheet can hold, or without openpyxl.
        OutputError
            If the system refuses.
        """
        path = Path(path)
        if path.suffix == ".xlsx":
            extra_module("openpyxl", "export")
            if self._keys > _SHEET_ROWS:
                allowed = {"zh": "文件夹（CSV）", "en": "a folder, for CSV files"}
                raise InputError("export", str(path), allowed)
            wide = self._runs_with(tuple(self.measure_columns))
            sheets = {"points": self.points, "design": self.design, "runs": wide, "columns": self.columns}
            return write_sheets(path, [Sheet(name, table) for name, table in sheets.items()])
        with folder_beside(path) as beside:
            for name in _TABLES:
                getattr(self, name).to_csv(beside / f"{name}.csv", index=False, encoding=_FOR_SPREADSHEETS)
        return path

    def _read(self, name: str) -> pd.DataFrame:
        try:
            table: pd.DataFrame = read_parquet(self.folder / f"{name}.parquet").to_pandas(use_threads=False)
            return table
        except (OSError, ValueError) as error:
            allowed = {"zh": "研究文件夹中完整的表", "en": "a whole table of a study's folder"}
            raise InputError("file", f"{name}.parquet", allowed, where=str(self.folder)) from error

    def _is_merged(self) -> bool:
        """Tell whether the files can be queried as they are: a column a measure, every run once."""
        files = [pq.ParquetFile(path) for path in self._paths]
        rows = sum(file.metadata.num_rows for file in files)
        return (
            bool(files)
            and rows == self._keys
            and not any("values" in file.schema_arrow.names for file in files)
        )

    @cached_property
    def measure_columns(self) -> list[str]:
        """Measures that the study kept, as scope.measure.tier."""
        names: dict[str, None] = {}
        for path in self._paths:
            metadata = (pq.read_schema(path).metadata or {}) if path.exists() else {}
            names |= dict.fromkeys(json.loads(metadata.get(b"sim.columns", b"[]")))
        return list(names)

    def _wide(self, names: tuple[str, ...] | None = None) -> pa.Table:
        """Join all shards, each run once, by point and replication."""
        for attempt in range(_LOOKS):
            try:
                tables = [read_shard(path, names) for path in self._paths]
                break
            except FileNotFoundError:
                # Whoever runs the study has merged shards meanwhile.
                if attempt == _LOOKS - 1:
                    raise
                self._look()
        if not tables:
            kinds = (pa.int32(), pa.int32(), pa.int64(), pa.string(), pa.string(), pa.float32())
            return pa.table({name: pa.array([], kind) for name, kind in zip(RUN_COLUMNS, kinds, strict=True)})
        return once_each(pa.concat_tables(tables, promote_options="default"))

    def _runs_with(self, names: tuple[str, ...]) -> pd.DataFrame:
        table: pd.DataFrame = self._wide(names).to_pandas(use_threads=False)
        return table


def open_study(folder: str | Path) -> Study:
    """Open the results of a study, whether it is finished, stopped or still running.

    Parameters
    ----------
    folder : str or Path
        Its folder.

    Returns
    -------
    Study
        Tables for pandas and views for DuckDB.

    Raises
    ------
    InputError
        If there is no study in the folder.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        allowed = {
            "zh": "研究的文件夹（含 manifest.json）",
            "en": "the folder of a study (with its manifest.json)",
        }
        raise InputError("folder", str(folder), allowed)
    return Study(folder, manifest)


def _labels(names: list[str]) -> dict[str, list[str]]:
    """Take the names of measure columns apart."""
    parts = [(name.split(".", 2) + ["", ""])[:3] for name in names]
    return {
        "scope": [scope for scope, _, _ in parts],
        "measure": [measure for _, measure, _ in parts],
        "tier": [tier for _, _, tier in parts],
        "unit": [MEASURES[measure].unit if measure in MEASURES else "" for _, measure, _ in parts],
    }


def _repeated(words: list[str], codes: NDArray[np.int64]) -> pd.Series[Any]:
    """Store repeated words once."""
    kinds = list(dict.fromkeys(words))
    place = np.array([kinds.index(word) for word in words], dtype=np.int32)
    chosen = place[codes] if words else np.zeros(0, np.int32)
    return pd.Series(pd.Categorical.from_codes(chosen, categories=pd.Index(kinds, dtype="str")))
