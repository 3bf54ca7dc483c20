"""Read the sheets of a spreadsheet (.xlsx): values only; nothing in it is evaluated or run."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import InputError, nearest_name
from sim.language import LANGUAGES, catalogue, text
from sim.world.headers import header_row
from sim.world.mistakes import Mistakes
from sim.world.sheets import MOST_BYTES, Sheet, Unusable, is_blank, is_comment, shown_text, tidy
from sim.world.tables import COLUMNS
from sim.world.words import sheet_title, table_key

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Endings of the spreadsheets that can be read.
WORKBOOKS: Final = (".xlsx", ".xlsm")

#: Sheets beside the tables: settings, and two that are for the reader's eyes.
SETTINGS_SHEET: Final = "settings"
_FOR_READERS: Final = ("readme", "catalogue")

_MOST_UNPACKED_BYTES: Final = 400_000_000
_MOST_MEMBERS: Final = 2_000
_MOST_ROWS: Final = 200_000
_MOST_COLUMNS: Final = 200
#: A sheet is called nearly as a table is where this much of the two names agrees; `Sheet1` is not.
_ALIKE: Final = 0.6
_ZIP: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_PASSWORD: Final = "EncryptedPackage".encode("utf-16-le")

Notes = list[dict[str, str]]


def read_workbook(path: Path, mistakes: Mistakes) -> tuple[dict[str, Sheet], Notes, list[str]]:
    """Read the sheets that hold tables of a border.

    Parameters
    ----------
    path : Path
        A spreadsheet.
    mistakes : Mistakes
        Takes sheets whose name is nearly that of a table, and cells that cannot be told apart.

    Returns
    -------
    sheets : dict of str to Sheet
        Tables by name, as in `sim.world.tables.COLUMNS`, and the settings.
    notes : list of dict
        What was met and read all the same, in zh and en.
    unread : list of str
        Titles of sheets that are none of the tables.

    Raises
    ------
    InputError
        For a file that is no spreadsheet, an old or locked one, or one too large to be a border.
    """
    _refuse_what_is_no_workbook(path)
    values, formulas = _open(path, values=True), None
    if _has_formulas(path):
        formulas = _open(path, values=False)
    notes: Notes = []
    sheets: dict[str, Sheet] = {}
    titles = sheet_names()
    unknown: list[str] = []
    unread: list[str] = []
    meant: dict[str, str] = {}
    for title in values.sheetnames:
        file = titles.get(tidy(title).casefold())
        if file in _FOR_READERS:
            continue
        if file is None or not hasattr(values[title], "iter_rows"):
            unknown.append(title)
        elif file in meant:
            allowed = {"zh": "每张表一个工作表", "en": "one sheet for each table"}
            where = Sheet(file, str(path), (), (), title=meant[file]).where()
            mistakes.add_error(InputError("sheet", title, allowed, None, where))
        else:
            meant[file] = title
    for title in unknown:
        near = nearly_called(title, titles)
        if near is None:
            notes.append(_note("unread_sheet", sheet=title))
            unread.append(title)
            continue
        _blame_title(path, title, near, mistakes)
        if titles[near] not in (*meant, *_FOR_READERS) and hasattr(values[title], "iter_rows"):
            # It is checked as what it was probably meant to be, so that nothing in it is told later.
            meant[titles[near]] = title
    for file, title in meant.items():
        worksheet = values[title]
        if worksheet.sheet_state != "visible":
            notes.append(_note("hidden_sheet", sheet=title))
        sheets[file] = _read_sheet(
            path, file, worksheet, None if formulas is None else formulas[title], mistakes, notes
        )
    return sheets, notes, unread


def sheet_names() -> dict[str, str]:
    """List every title under which a table may stand.

    Returns
    -------
    dict of str to str
        Table by title, small letters: its name, and its titles in both languages.

    Examples
    --------
    >>> names = sheet_names()
    >>> names["乡镇"], names["towns"], names["towns.csv"]
    ('towns.csv', 'towns.csv', 'towns.csv')
    """
    names: dict[str, str] = {}
    for file in COLUMNS:
        for title in (file, table_key(file), *(sheet_title(file, language) for language in LANGUAGES)):
            names.setdefault(title.casefold(), file)
    for key in (SETTINGS_SHEET, *_FOR_READERS):
        for title in (key, *catalogue()[f"border.sheet.{key}"].values()):
            names.setdefault(title.casefold(), key)
    return names


def _refuse_what_is_no_workbook(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            old = start.startswith(_OLD_OFFICE) and _PASSWORD in start + file.read(min(size, MOST_BYTES))
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refusal(path, f"可读取的表格文件（{reason}）", f"a readable spreadsheet ({reason})") from error
    if start.startswith(_OLD_OFFICE):
        if old:
            raise _refusal(
                path,
                "没有密码的文件：在 Excel 中打开，“文件—信息—保护工作簿”中去掉密码后保存",
                "a file without a password: remove it under File – Info – Protect Workbook, and save",
            )
        raise _refusal(
            path,
            "新格式的表格：在 Excel 或 WPS 中另存为“Excel 工作簿（*.xlsx）”",
            "the present format: save it as “Excel Workbook (*.xlsx)”",
        )
    if not start.startswith(_ZIP):
        raise _refusal(path, "Excel 工作簿（*.xlsx）", "an Excel workbook (*.xlsx)")
    if size > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise _refusal(path, f"不超过 {most} MB 的文件", f"a file of at most {most} MB")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_a_trap(path, archive, members)
            names = {member.filename for member in members}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise _refusal(
            path, f"完好的 Excel 工作簿（{error}）", f"an undamaged Excel workbook ({error})"
        ) from error
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _refusal(path, "Excel 工作簿（*.xlsx）", "an Excel workbook (*.xlsx)")


def _refuse_a_trap(path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Refuse what would unpack to gigabytes, or whose XML defines entities."""
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED_BYTES:
        most = _MOST_UNPACKED_BYTES // 1_000_000
        raise _refusal(
            path,
            f"解压后不超过 {most} MB 的文件（删去图片和多余的工作表）",
            f"a file that unpacks to at most {most} MB (remove pictures and spare sheets)",
        )
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as part:
                # No spreadsheet program writes a document type; entities grow without end.
                if b"<!DOCTYPE" in part.read(65_536):
                    raise _refusal(path, "由表格软件保存的文件", "a file as a spreadsheet program saves it")


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as part:
                    content = part.read()
                if b"<f>" in content or b"<f " in content or b"<f/" in content:
                    return True
    return False


def _open(path: Path, *, values: bool):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # Drop-down lists and colours that the library does not know are of no use here.
            warnings.simplefilter("ignore")
            # From the open file: by its name the library would refuse one that is only called .xls.
            with path.open("rb") as file:
                return load_workbook(file, data_only=values, keep_vba=False, keep_links=False)
    except Exception as error:  # the library raises whatever a broken part makes it stumble over
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise _refusal(
            path,
            f"完好的 Excel 工作簿（{reason}）；在 Excel 中打开并另存一次",
            f"an undamaged Excel workbook ({reason}); open it and save it again",
        ) from error


def _read_sheet(
    path: Path,
    file: str,
    worksheet: Worksheet,
    formulas: Worksheet | None,
    mistakes: Mistakes,
    notes: Notes,
) -> Sheet:
    title = worksheet.title
    blank = Sheet(file, str(path), (), (), title=title)
    if worksheet.max_row > _MOST_ROWS:
        allowed = {
            "zh": f"不超过 {_MOST_ROWS} 行；请删去表格下方的空行后保存",
            "en": f"at most {_MOST_ROWS} rows; delete the empty rows below the table and save",
        }
        mistakes.add_error(InputError("rows", worksheet.max_row, allowed, None, blank.where()), blank)
        mistakes.spoil(file)
        return blank
    merged = _merged(worksheet)
    rows = [
        (line, cells)
        for line, cells in enumerate(_cells(worksheet, formulas, merged), start=1)
        if any(not is_blank(cell) for cell in cells) and not is_comment(cells)
    ]
    if not rows:
        return blank
    head = header_row(file, [cells for _, cells in rows])
    (header_line, header), rows = rows[head], rows[head + 1 :]
    width = max([_filled_width(header), *(_filled_width(cells) for _, cells in rows)])
    if any(isinstance(cell, Unusable) for cell in header):
        allowed = {
            "zh": "没有合并单元格、公式和错误值的表头",
            "en": "a header without merged cells, formulas and errors",
        }
        error = InputError("header", title, allowed, None, blank.where(header_line))
        mistakes.add_error(error, blank, header_line)
    _tell_hidden_and_merged(worksheet, [line for line, _ in rows], merged, notes)
    return Sheet(
        file,
        str(path),
        tuple(shown_text(cell) for cell in header[:width]),
        tuple((line, tuple(cells[:width])) for line, cells in rows),
        header_line,
        title,
    )


def _filled_width(cells: list[object]) -> int:
    return max((place + 1 for place, cell in enumerate(cells) if not is_blank(cell)), default=0)


def _tell_hidden_and_merged(
    worksheet: Worksheet, lines: list[int], merged: dict[tuple[int, int], object], notes: Notes
) -> None:
    known = worksheet.row_dimensions
    hidden = [line for line in lines if line in known and known[line].hidden]
    if hidden:
        notes.append(_note("hidden_rows", sheet=worksheet.title, count=len(hidden), first=hidden[0]))
    filled = {line for (line, _), cell in merged.items() if not isinstance(cell, Unusable)}
    joined = sorted(set(lines) & filled)
    if joined:
        notes.append(_note("merged_rows", sheet=worksheet.title, count=len(joined), first=joined[0]))


def _merged(worksheet: Worksheet) -> dict[tuple[int, int], object]:
    """Give the cells that a merged block hides: below one column its value, across columns what is wrong."""
    hidden: dict[tuple[int, int], object] = {}
    for block in worksheet.merged_cells.ranges:
        value = worksheet.cell(block.min_row, block.min_col).value
        if block.min_col == block.max_col:
            for line in range(block.min_row + 1, min(block.max_row, worksheet.max_row) + 1):
                hidden[line, block.min_col - 1] = value
            continue
        if is_blank(value) or is_comment([value]):
            continue
        problem = Unusable(
            tidy(str(value)),
            {
                "zh": f"各自独立的单元格（{block.coord} 已合并，请取消合并后逐格填写）",
                "en": f"a cell of its own ({block.coord} is merged: unmerge it and fill in every cell)",
            },
        )
        for line in range(block.min_row, min(block.max_row, worksheet.max_row) + 1):
            hidden[line, block.min_col - 1] = problem
    return hidden


def _cells(
    worksheet: Worksheet, formulas: Worksheet | None, merged: dict[tuple[int, int], object]
) -> Iterator[list[object]]:
    last = min(worksheet.max_column, _MOST_COLUMNS)
    below = None if formulas is None else formulas.iter_rows(max_col=last)
    for line, row in enumerate(worksheet.iter_rows(max_col=last), start=1):
        behind = None if below is None else next(below)
        cells: list[object] = []
        for place, cell in enumerate(row):
            value: object = cell.value
            if (line, place) in merged:
                value = merged[line, place]
            elif cell.data_type == "e":
                value = Unusable(str(value), _ERROR)
            elif value is None and behind is not None and behind[place].data_type == "f":
                value = Unusable(str(getattr(behind[place].value, "text", behind[place].value)), _NO_VALUE)
            cells.append(value)
        yield cells


_ERROR: Final = {
    "zh": "一个值；公式在这里出错，请改成直接填写的内容",
    "en": "a value; the formula fails here: type what it should give",
}
_NO_VALUE: Final = {
    "zh": "一个值；公式尚未计算，请在 Excel 中打开并保存一次，或直接填写结果（本程序不计算公式）",
    "en": "a value; the formula has no result stored: open and save the file once, or type the result",
}


def nearly_called(title: str, titles: Mapping[str, str]) -> str | None:
    """Find the table that something is called nearly as.

    Parameters
    ----------
    title : str
        Title of a sheet, or name of a file without its ending.
    titles : mapping of str to str
        Table by title, as `sheet_names` gives it.

    Returns
    -------
    str or None
        The title that was probably meant; None where it resembles none.

    Examples
    --------
    >>> nearly_called("乡镇表", sheet_names()), nearly_called("Sheet1", sheet_names())
    ('乡镇', None)
    """
    written = tidy(title).casefold()
    near = nearest_name(written, titles)
    return near if near is not None and SequenceMatcher(None, near, written).ratio() >= _ALIKE else None


def _blame_title(path: Path, title: str, near: str, mistakes: Mistakes) -> None:
    allowed = {
        "zh": "表的名称；自己的草稿请换一个不相似的名称",
        "en": "the name of a table; a sheet of your own needs a name that resembles none",
    }
    where = {language: str(path) for language in LANGUAGES}
    mistakes.add_error(InputError("sheet", title, allowed, near, where))


def _note(key: str, **values: object) -> dict[str, str]:
    return {language: text(f"border.note.{key}", language, **values) for language in LANGUAGES}


def _refusal(path: Path, zh: str, en: str) -> InputError:
    return InputError("file", str(path), {"zh": zh, "en": en})
