"""Reports beside a result: what they are called, how they are known, and which of them a new result ends."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from sim.language import LANGUAGES

__all__ = ["CREATOR", "GENERATOR", "earlier_reports", "is_report", "report_page"]

GENERATOR: Final = "boundary-governance-simulation"
"""What a page names as its maker; by it an earlier report is known."""

CREATOR: Final = "Boundary Governance Simulation"
"""What the properties of a workbook name; by it an earlier report is known."""

_HEAD_CHARACTERS: Final = 2_000


def report_page(folder: Path, language: str) -> Path:
    """Give the place of the page that tells a result, where no other is asked for.

    Parameters
    ----------
    folder : Path
        Folder of the result.
    language : {"zh", "en"}
        Language of the page.

    Returns
    -------
    Path
        File ``.html``; its workbook is called the same, with ``.xlsx``.
    """
    return folder / f"report_{language}.html"


def is_report(path: Path) -> bool:
    """Tell whether a file was made as a report, or as the workbook of one.

    Parameters
    ----------
    path : Path
        A file; what cannot be read is none.

    Returns
    -------
    bool
        Whether it names the maker of reports.
    """
    try:
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                return CREATOR.encode() in book.read("docProps/core.xml")
        with path.open(encoding="utf-8", errors="replace") as file:
            return f'name="generator" content="{GENERATOR}"' in file.read(_HEAD_CHARACTERS)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def earlier_reports(folder: str | Path) -> list[Path]:
    """List the reports that stand beside a result; they tell of it and of no later one.

    Parameters
    ----------
    folder : str or Path
        Folder of the result; it need not exist.

    Returns
    -------
    list of Path
        Pages and workbooks. A report that was given a name of its own is its owner's, and not among them.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> page = report_page(folder, "en")
    >>> _ = page.write_text(f'<meta name="generator" content="{GENERATOR}">')
    >>> [report.name for report in earlier_reports(folder)]
    ['report_en.html']
    """
    pages = [report_page(Path(folder), language) for language in LANGUAGES]
    files = [file for page in pages for file in (page, page.with_suffix(".xlsx"))]
    return [file for file in files if is_report(file)]
