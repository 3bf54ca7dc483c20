"""Where the tables of a border come from: a folder, a spreadsheet, or a file of a graph."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.files import read_yaml
from sim.language import LANGUAGES
from sim.world.complete import note
from sim.world.delimited import read_csv
from sim.world.mistakes import Mistakes
from sim.world.sheets import Sheet, is_blank, shown_text, tidy
from sim.world.tables import COLUMNS
from sim.world.words import setting_names
from sim.world.workbook import SETTINGS_SHEET, WORKBOOKS, nearly_called, read_workbook, sheet_names

SETTINGS_FILE: Final = "region.yaml"
WATER_FILE: Final = "water.geojson"
GRAPHS: Final = (".graphml", ".geojson")

#: Files of other programs, and what to save them as.
_OTHER_FORMS: Final = (".xls", ".et", ".ods", ".xlsb", ".numbers", ".csv", ".doc", ".docx", ".json", ".zip")


@dataclass
class Source:
    """Hold what was found, before it is understood.

    Parameters
    ----------
    path : Path
        The folder or file.
    sheets : dict of str to Sheet
        Tables by name, as in `sim.world.tables.COLUMNS`.
    settings : dict
        Settings as in `region.yaml`; empty where there are none.
    settings_places : dict of str to dict
        Where each setting stands, for messages; the key "" stands for all of them.
    notes : list of dict
        What was met and read all the same.
    water : dict or None
        GeoJSON of rivers, for maps.
    unread : list of str
        Sheets whose titles are those of no table.
    """

    path: Path
    sheets: dict[str, Sheet] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    settings_places: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[dict[str, str]] = field(default_factory=list)
    water: dict[str, Any] | None = None
    unread: list[str] = field(default_factory=list)

    def where(self, setting: str) -> dict[str, str]:
        """Name the place of a setting.

        Parameters
        ----------
        setting : str
            Its key.

        Returns
        -------
        dict of str to str
            The place in zh and en.
        """
        otherwise = {language: str(self.path) for language in LANGUAGES}
        return self.settings_places.get(setting, self.settings_places.get("", otherwise))


def open_source(path: Path, mistakes: Mistakes) -> Source:
    """Read a folder of tables, a spreadsheet or a graph.

    Parameters
    ----------
    path : Path
        It exists.
    mistakes : Mistakes
        Takes what is wrong in a part of it.

    Returns
    -------
    Source
        Its tables and settings.

    Raises
    ------
    InputError
        If the whole of it cannot be read.
    """
    if path.is_dir():
        return _open_folder(path, mistakes)
    ending = path.suffix.lower()
    if ending in GRAPHS:
        from sim.world.graph_tables import graph_source

        return graph_source(path, mistakes)
    if ending in WORKBOOKS or ending in _OTHER_FORMS:
        return _open_workbook(path, mistakes)
    raise InputError("region", str(path), _FORMS)


_FORMS: Final = {
    "zh": "表格文件夹、Excel 工作簿（.xlsx）、GraphML 或 GeoJSON 文件",
    "en": "a folder of tables, an Excel workbook (.xlsx), a GraphML or a GeoJSON file",
}


def is_source(path: Path) -> bool:
    """Tell whether something may be meant as a border.

    Parameters
    ----------
    path : Path
        What was typed.

    Returns
    -------
    bool
        Whether it is a folder or a file.
    """
    try:
        return path.is_dir() or path.is_file()
    except (OSError, ValueError):
        # A name too long for the system, or with a character that it has not, is no file.
        return False


def _open_folder(folder: Path, mistakes: Mistakes) -> Source:
    tables = _tables_in(folder, mistakes)
    if not tables and not (folder / SETTINGS_FILE).exists():
        inside = _border_inside(folder)
        if inside is not None:
            found = open_source(inside, mistakes)
            found.notes.insert(0, note("inside", name=inside.name))
            return found
    source = Source(folder)
    settings = folder / SETTINGS_FILE
    source.settings_places[""] = {language: str(settings) for language in LANGUAGES}
    if settings.exists():
        try:
            source.settings = read_yaml(settings)
        except InputError as error:
            mistakes.add_error(error)
    for file in COLUMNS:
        if file not in tables:
            continue
        path = tables[file]
        try:
            source.sheets[file], encoding = read_csv(path, file, mistakes)
        except InputError as error:
            mistakes.add_error(error, Sheet(file, str(path), (), ()))
            mistakes.spoil(file)
            continue
        if encoding != "utf-8-sig":
            source.notes.append(note("encoding", file=path.name, encoding="GB 18030"))
    try:
        source.water = _read_water(folder / WATER_FILE)
    except InputError as error:
        mistakes.add_error(error)
    return source


def _tables_in(folder: Path, mistakes: Mistakes) -> dict[str, Path]:
    """Find the table of each file, in letters of any size and under the title of its sheet as well."""
    names = {title: file for title, file in sheet_names().items() if file in COLUMNS}
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    # The file that has the name of the table comes before one that has its title.
    paths.sort(key=lambda path: path.name not in COLUMNS)
    tables: dict[str, Path] = {}
    unknown: list[Path] = []
    where = {language: str(folder) for language in LANGUAGES}
    for path in paths:
        file = names.get(tidy(path.stem).casefold())
        if file is None:
            unknown.append(path)
        elif file in tables:
            allowed = {"zh": f"每张表一个文件（已有 {tables[file].name}）",
                       "en": f"one file for each table ({tables[file].name} is one)"}  # fmt: skip
            mistakes.add_error(InputError("file", path.name, allowed, None, where))
        else:
            tables[file] = path
    for path in unknown:
        near = nearly_called(path.stem, names)
        if near is None or names[near] in tables:
            continue
        allowed = {"zh": "表的文件名", "en": "the name of a table's file"}
        nearest = f"{near.removesuffix('.csv')}.csv"
        mistakes.add_error(InputError("file", path.name, allowed, nearest, where))
        # It is checked as what it was probably meant to be, so that nothing in it is told later.
        tables[names[near]] = path
    return tables


def _border_inside(folder: Path) -> Path | None:
    """Find the one border that a folder holds, where it is none itself, or ask which of them is meant."""
    inside = [
        entry
        for entry in sorted(folder.iterdir())
        if not entry.name.startswith((".", "~$"))
        and (
            entry.suffix.lower() in WORKBOOKS
            or (entry.is_dir() and any((entry / name).exists() for name in COLUMNS))
        )
    ]
    filled = inside if len(inside) < 2 else [entry for entry in inside if _is_filled(entry)]
    if len(filled) > 1:
        raise InputError("region", str(folder), [str(entry) for entry in filled], str(filled[0]))
    return next(iter(filled or inside), None)


def _is_filled(path: Path) -> bool:
    """Tell whether somebody wrote a town or a village into it; what cannot be read counts as filled."""
    try:
        sheets = open_source(path, Mistakes()).sheets
    except InputError:
        return True
    return any(sheets[file].rows for file in ("towns.csv", "villages.csv") if file in sheets)


def _read_water(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        water = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        allowed = {"zh": f"可读取的 GeoJSON 文件（{error}）", "en": f"a readable GeoJSON file ({error})"}
        raise InputError("file", str(path), allowed) from error
    if not isinstance(water, dict) or water.get("type") != "FeatureCollection":
        found = water.get("type") if isinstance(water, dict) else type(water).__name__
        raise InputError("type", found, ("FeatureCollection",), where=str(path))
    return water


def _open_workbook(path: Path, mistakes: Mistakes) -> Source:
    sheets, notes, unread = read_workbook(path, mistakes)
    source = Source(path, notes=notes, unread=unread)
    settings = sheets.pop(SETTINGS_SHEET, None)
    source.sheets = sheets
    if path.suffix.lower() == ".xlsm":
        notes.append(note("macros"))
    if settings is not None:
        _read_settings_sheet(source, settings)
    return source


def _read_settings_sheet(source: Source, sheet: Sheet) -> None:
    """Turn rows of setting and value into what `region.yaml` holds."""
    names = setting_names()
    source.settings_places[""] = sheet.where()
    for line, cells in ((sheet.header_line, sheet.header), *sheet.rows):
        # The sheet may come with or without its own header.
        written = shown_text(cells[0]) if cells else ""
        value = shown_text(cells[1]) if len(cells) > 1 and not is_blank(cells[1]) else ""
        key = names.get(written.rstrip(" *").casefold(), written)
        if key == "" or (line == sheet.header_line and key not in names.values()):
            continue
        source.settings_places[key] = sheet.where(line, 1)
        if not value:
            continue
        if key.endswith(("_zh", "_en")) and key[:-3] in ("title", "description"):
            texts: dict[str, str] = source.settings.setdefault(key[:-3], {})
            texts[key[-2:]] = value
            source.settings_places[key[:-3]] = sheet.where(line, 1)
        elif key == "sources":
            source.settings.setdefault("sources", []).append(value)
        else:
            source.settings[key] = value
    for key in ("title", "description"):
        texts = source.settings.get(key, {})
        if texts:
            # One language stands for both where the other is left blank.
            one = next(iter(texts.values()))
            source.settings[key] = {language: texts.get(language, one) for language in LANGUAGES}
