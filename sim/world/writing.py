"""Write a region as a folder of tables, the form in which every region is read."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import yaml

from sim.files import folder_beside
from sim.world.region import BOUNDARY_LEVELS, Region
from sim.world.tables import COLUMNS

__all__ = ["write_region"]

_ATTRIBUTES = {
    "places.csv": "places",
    "towns.csv": "towns",
    "villages.csv": "villages",
    "adjacency.csv": "adjacency",
    "named_pairs.csv": "named_pairs",
    "river.csv": "river",
    "departments.csv": "departments",
    "ties.csv": "ties",
}
_NEEDED = ("places.csv", "towns.csv", "villages.csv", "adjacency.csv", "departments.csv")


def write_region(region: Region, folder: str | Path) -> Path:
    """Write the tables of a region into a folder that can be loaded again.

    Parameters
    ----------
    region : Region
        Any region, a made-up one too.
    folder : str or Path
        Where to; files of the same names are replaced, nothing half-written is left.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the system refuses.

    Examples
    --------
    >>> import tempfile
    >>> from sim.world.region import load_region
    >>> region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    >>> again = load_region(write_region(region, Path(tempfile.mkdtemp()) / "two_counties"))
    >>> again.towns["name_en"].tolist() == region.towns["name_en"].tolist()
    True
    """
    folder = Path(folder)
    settings = {
        "name": region.name,
        "title": {"zh": region.title_zh, "en": region.title_en},
        "description": {"zh": region.description_zh, "en": region.description_en},
        "border_level": BOUNDARY_LEVELS[region.border_level],
        "sources": list(region.sources),
    }
    with folder_beside(folder) as beside:
        text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=110)
        (beside / "region.yaml").write_text(text, encoding="utf-8")
        for file, attribute in _ATTRIBUTES.items():
            table: pd.DataFrame | None = getattr(region, attribute)
            # A table of ties without rows says that there are none; the others say nothing then.
            if table is not None and (len(table) or file in (*_NEEDED, "ties.csv")):
                _write_table(table, file, beside / file)
        if region.water is not None:
            water = json.dumps(region.water, ensure_ascii=False)
            (beside / "water.geojson").write_text(water, encoding="utf-8")
    return folder


def _write_table(table: pd.DataFrame, file: str, path: Path) -> None:
    cells = {}
    for column in COLUMNS[file]:
        values = table[column.name]
        if column.kind in ("number", "integer"):
            # repr keeps every digit, so that what is read again is the same to the bit.
            values = values.map(lambda value: "" if value != value else repr(float(value)).removesuffix(".0"))
        # A column that may be missing and holds nothing is left out.
        if not (column.optional and not values.astype(bool).any()):
            cells[column.name] = values
    pd.DataFrame(cells).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
