"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a compiled function takes seconds, so that deadlines would tell nothing.
settings.register_profile("workstation", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "workstation")


@pytest.fixture(scope="session")
def finished_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small comparison that was really run: three arms, three runs, one year."""
    from sim.studies.comparison import compare
    from sim.studies.results import write_results
    from sim.studies.scenario import load_scenario

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
    return write_results(found, tmp_path_factory.mktemp("results") / "结果 of a run")


@pytest.fixture(scope="session")
def finished_reports(
    finished_results: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Path]]:
    """The page and the workbook of that comparison in each language."""
    from sim.language import LANGUAGES
    from sim.report.page import write_report
    from sim.studies.results import open_results

    folder, found = tmp_path_factory.mktemp("reports"), open_results(finished_results)
    return {one: write_report(found, folder / f"报告 {one}.html", one) for one in LANGUAGES}
