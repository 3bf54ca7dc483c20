"""The report as one page of HTML that needs nothing else, with its workbook beside it."""

from __future__ import annotations

import base64
import os
import re
from html import unescape
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.errors import InputError, OutputError
from sim.files import write_beside
from sim.language import check_language, text
from sim.report.content import Report, make_report
from sim.report.font import subset_font
from sim.report.table import shown
from sim.report.workbook import write_workbook
from sim.studies.comparison import Comparison
from sim.studies.report_files import GENERATOR, is_report
from sim.studies.store.reader import Study
from sim.world.region import Region

__all__ = ["render", "write_report"]

_LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en"}
_FONT_MARK: Final = "@@font@@"
_MARKUP: Final = re.compile(r"<style>.*?</style>|<[^>]+>", re.DOTALL)
_ATTRIBUTES: Final = re.compile(r'(?:alt|title|aria-label)="([^"]*)"')


def write_report(
    comparison: Comparison,
    path: str | Path,
    language: str,
    region: Region | None = None,
    study: Study | None = None,
) -> tuple[Path, Path]:
    """Write a comparison as one page, and its tables as a workbook of the same name.

    Parameters
    ----------
    comparison : Comparison
        A comparison, fresh or read back.
    path : str or Path
        File ``.html``; the workbook gets the ending ``.xlsx``.
    language : {"zh", "en"}
        Language.
    region : Region, optional
        The border for the maps; by default the one of the project that the result names.
    study : Study, optional
        A study over parameter sets to hold the conclusions against.

    Returns
    -------
    page, workbook : Path
        The files, each written beside its place and renamed.

    Raises
    ------
    InputError
        For another ending, a file in the way that no report has made, or a result that lacks its parts.
    OutputError
        If the system refuses.
    """
    language = check_language(language)
    path = Path(path)
    check_target(path)
    report = make_report(comparison, language, region, study)
    workbook = path.with_suffix(".xlsx")
    page = render(report, workbook.name)

    def write(temporary: Path) -> None:
        temporary.write_text(page, encoding="utf-8")
        # Where the workbook fails there is no page either.
        write_workbook(workbook, report, comparison)

    return write_beside(path, write), workbook


def check_target(path: Path) -> None:
    """Refuse a place for the report before anything is computed.

    Parameters
    ----------
    path : Path
        File of the page.

    Raises
    ------
    InputError
        For another ending than ``.html``, and where the page or its workbook would replace a file that is no
        earlier report.
    OutputError
        If a folder is in the way, or the folder above is none or refuses.
    """
    if path.suffix.lower() != ".html":
        raise InputError("out", str(path), {"zh": "以 .html 结尾的文件", "en": "a file that ends in .html"})
    folder = next(place for place in path.absolute().parents if place.exists())
    if not folder.is_dir():
        raise OutputError(path, "Not a directory")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(path, "Permission denied")
    for place in (path, path.with_suffix(".xlsx")):
        if place.is_dir():
            raise OutputError(place, "Is a directory")
        if place.exists() and not is_report(place):
            allowed = {
                "zh": "新文件，或以前的报告（不覆盖其他文件）",
                "en": "a new file or an earlier report (no other file is replaced)",
            }
            raise InputError("out", str(place), allowed)


def render(report: Report, workbook: str) -> str:
    """Set a report as a page.

    Parameters
    ----------
    report : Report
        What it says.
    workbook : str
        Name of the file beside it.

    Returns
    -------
    str
        The page, with figures, styles and font inside.
    """
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = _breakable
    language = report.language

    def say(key: str, **values: object) -> str:
        return text(f"report.{key}", language, **values)

    page = environment.get_template("report.html.j2").render(
        report=report,
        say=say,
        words=lambda key: text(key, language),
        shown=lambda cell: shown(cell, language),
        tag=_LANGUAGE_TAGS[language],
        generator=GENERATOR,
        workbook=workbook,
        font=_FONT_MARK,
    )
    font = base64.b64encode(subset_font(_characters(page), language)).decode()
    return page.replace(_FONT_MARK, font)


def _breakable(words: str) -> Markup:
    """Let names of code break after their low lines, where a narrow column needs it."""
    return escape(words).replace("_", Markup("_<wbr>"))


def _characters(page: str) -> str:
    """Give all that the page draws: its text and what stands in place of a picture."""
    spoken = "".join(_ATTRIBUTES.findall(page))
    return "".join(sorted(set(unescape(_MARKUP.sub("", page) + spoken)) - set("\n\t\r")))
