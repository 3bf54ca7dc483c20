"""What all tests share."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a compiled function takes seconds, so that deadlines would tell nothing.
settings.register_profile("workstation", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "workstation")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Let one of the processes of a test run fill a folder, and the others wait for it."""
    base = factory.getbasetemp()
    # The folders of the processes of one run lie beside each other.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, ended = shared / name, shared / f"{name}.ended"
    try:
        folder.mkdir()
    except FileExistsError:
        last = time.monotonic() + 300.0
        while not ended.exists():
            assert time.monotonic() < last, f"{name} was begun by another process and never ended"
            time.sleep(0.1)
        assert ended.read_text("utf-8") == "well", f"{name} could not be made; another process says why"
        return folder
    how = "badly"
    try:
        make(folder)
        how = "well"
    finally:
        ended.write_text(how, "utf-8")
    return folder


@pytest.fixture(scope="session")
def finished_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small comparison that was really run: three arms, three runs, one year."""
    from sim.studies.comparison import compare
    from sim.studies.results import write_results
    from sim.studies.scenario import load_scenario

    def make(folder: Path) -> None:
        found = compare(
            "shengze_wangjiangjing",
            ["none", "paper", "five_links"],
            years=1,
            burn_in=1,
            replications=3,
            seed=5,
            workers=1,
            parameters={"belief_weight": 0.3},
            progress=False,
        )
        found.manifest["scenario"] = load_scenario("joined_in_form").record()
        write_results(found, folder / "结果 of a run")

    return made_once(tmp_path_factory, "finished_results", make) / "结果 of a run"


@pytest.fixture(scope="session")
def finished_reports(
    finished_results: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Path]]:
    """The page and the workbook of that comparison in each language."""
    from sim.language import LANGUAGES
    from sim.report.page import write_report
    from sim.studies.results import open_results

    def make(folder: Path) -> None:
        found = open_results(finished_results)
        for language in LANGUAGES:
            write_report(found, folder / f"报告 {language}.html", language)

    pages = [made_once(tmp_path_factory, "finished_reports", make) / f"报告 {one}.html" for one in LANGUAGES]
    return {one: (page, page.with_suffix(".xlsx")) for one, page in zip(LANGUAGES, pages, strict=True)}
