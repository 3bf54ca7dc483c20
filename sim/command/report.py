"""The command ``report``: one page and its workbook from a folder of results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, nearest_name
from sim.language import check_language, text

__all__ = ["report"]

_KEYS = ("out", "region", "study")


def report(arguments: Sequence[str], language: str) -> int:
    """Write the report of a comparison.

    Parameters
    ----------
    arguments : sequence of str
        The folder of results, ``out=FILE.html``, ``region=…`` for a border of one's own, ``study=FOLDER``
        of a study over parameter sets, and ``language=…``.
    language : {"zh", "en"}
        Language of the report and of what is said.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    InputError
        For another argument, a folder without whole results of a comparison, or a target that is no report.
    OutputError
        If it cannot be written.
    """
    folder, given = _read(arguments)
    out = _target(given, folder, language)
    from sim.studies.results import open_results

    _refuse_other_kinds(folder)
    comparison = open_results(folder)
    from sim.report.page import check_target, write_report

    check_target(out)
    region: Any = None
    if "region" in given:
        from sim.world.region import load_region

        region = load_region(given["region"])
    study: Any = None
    if "study" in given:
        from sim.studies.store.reader import open_study

        study = open_study(given["study"])
    page, workbook = write_report(comparison, out, language, region, study)
    print(text("report.done", language, page=_shown(page), workbook=_shown(workbook)))
    return 0


def _read(arguments: Sequence[str]) -> tuple[Path, dict[str, str]]:
    found: list[str] = []
    given: dict[str, str] = {}
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if equals and key == "language":
            check_language(value)
        elif equals and key in _KEYS:
            given[key] = value
        elif argument.startswith("-") or (equals and key.isidentifier() and not Path(argument).exists()):
            known = [*(f"{key}=…" for key in _KEYS), "language=zh", "language=en"]
            raise InputError("report", argument, known, nearest_name(f"{key}=…", known))
        else:
            found.append(argument)
    if len(found) != 1 or not found[0].strip() or "\0" in found[0]:
        allowed = {
            "zh": "一个比较结果的文件夹（含 manifest.json）",
            "en": "one folder of a comparison (with its manifest.json)",
        }
        raise InputError("report", " ".join(found), allowed)
    return Path(found[0]).expanduser(), given


def _target(given: dict[str, str], folder: Path, language: str) -> Path:
    from sim.studies.report_files import report_page

    out = given.get("out")
    if out is None:
        return report_page(folder, language)
    if not out.strip() or "\0" in out:
        raise InputError("out", out, {"zh": "以 .html 结尾的文件", "en": "a file that ends in .html"})
    return Path(out).expanduser()


def _refuse_other_kinds(folder: Path) -> None:
    """Say what a folder is, where it is a study or holds the folders of several comparisons."""
    if (folder / "multirun.yaml").is_file() and not (folder / "manifest.json").is_file():
        allowed = {
            "zh": "其中一次比较的文件夹（多次运行的文件夹下有多个）",
            "en": "the folder of one of its comparisons (several runs have one each)",
        }
        raise InputError("report", str(folder), allowed)
    if (folder / "shards").is_dir() or (folder / "points.parquet").is_file():
        allowed = {
            "zh": "比较结果的文件夹；研究用 sim.open_study 打开（见 docs/studies.md）",
            "en": "the folder of a comparison; sim.open_study opens a study (docs/studies.md)",
        }
        raise InputError("report", str(folder), allowed)


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
