"""One job of the loader: run a comparison, write its folder, say what came out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from sim.command.settings import CONFIG_NAME, Settings, config_folder, settings_from
from sim.command.study import STUDY_CONFIG, run_study_command, study_settings_from
from sim.errors import SimulationError
from sim.language import text

if TYPE_CHECKING:
    from sim.studies.plan import Plan

__all__ = ["idle_lines", "remove_if_empty", "run_with_hydra"]


class _Stop(BaseException):  # noqa: N818 - no error of the program
    """Carries an error past the loader, which would turn an Exception into a page of traceback."""

    def __init__(self, error: SimulationError) -> None:
        super().__init__(str(error))
        self.error = error


def run_with_hydra(arguments: Sequence[str], config: str = CONFIG_NAME) -> int:
    """Hand a command line to the loader.

    Parameters
    ----------
    arguments : sequence of str
        Flags and checked overrides.
    config : str
        Name of the primary configuration: that of comparisons, or of studies.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    SimulationError
        What a job met.
    """
    job = _study_job if config == STUDY_CONFIG else _job
    application = hydra.main(version_base="1.3", config_path=str(config_folder()), config_name=config)(job)
    typed = sys.argv
    # The loader reads the arguments of the process and nothing else.
    sys.argv = [typed[0] if typed else "sim", *arguments]
    try:
        application()
    except _Stop as stop:
        raise stop.error from stop.error.__cause__
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.argv = typed
    return 0


def remove_if_empty(folder: Path) -> None:
    """Remove a folder that holds nothing; leave any other.

    Parameters
    ----------
    folder : Path
        The folder; it need not exist.
    """
    try:
        folder.rmdir()
    except OSError:
        return


def _job(composed: DictConfig) -> None:
    folder = Path(HydraConfig.get().runtime.output_dir)
    finished = False
    try:
        plain = OmegaConf.to_container(composed, resolve=True, throw_on_missing=True)
        assert isinstance(plain, dict)
        settings = settings_from(plain)
        run_comparison(settings, folder)
        finished = True
    except SimulationError as error:
        raise _Stop(error) from None
    finally:
        if not finished:
            for place in _loader_folders(folder):
                remove_if_empty(place)


def _study_job(composed: DictConfig) -> None:
    try:
        plain = OmegaConf.to_container(composed, resolve=True, throw_on_missing=True)
        assert isinstance(plain, dict)
        run_study_command(study_settings_from(plain))
    except SimulationError as error:
        raise _Stop(error) from None


def _loader_folders(folder: Path) -> list[Path]:
    """List what the loader made for a job: its folder, and those of day and time above it."""
    places = [folder]
    for place in folder.parents:
        if place == Path.cwd() or Path.cwd() not in place.parents or len(places) == 4:
            break
        places.append(place)
        if place.name == "outputs":
            return places
    return [folder]


def run_comparison(settings: Settings, folder: Path) -> Path:
    """Run a comparison, write its results, and tell them on the terminal.

    Parameters
    ----------
    settings : Settings
        What to run.
    folder : Path
        Where the results go; an empty folder is replaced, one with other results stays.

    Returns
    -------
    Path
        Where they are.

    Raises
    ------
    SimulationError
        If something asked for is not usable, a run fails, or the results cannot be written.
    """
    language = settings.language
    plan = settings.plan()
    for line in _announcement(settings, plan):
        print(line, flush=True)
    from sim.studies.comparison import run_plan

    comparison = run_plan(plan, label=text("command.progress", language))
    if settings.scenario is not None:
        # A report asks the question again.
        comparison.manifest["scenario"] = settings.scenario.record()

    from sim.command.words import report_lines
    from sim.studies.report_files import earlier_reports
    from sim.studies.results import write_results

    # The loader made the folder in advance; without it the finished one is put there in one step.
    remove_if_empty(folder)
    if settings.out is None:
        folder = _unused(folder)
    outdated = earlier_reports(folder)
    print(text("command.writing", language), file=sys.stderr, flush=True)
    from sim.charts.figures import draw_all

    write_results(
        comparison, folder, draw=lambda found, figures: draw_all(found, figures, language, region=plan.region)
    )
    for line in report_lines(comparison, language):
        print(line)
    if settings.scenario is not None:
        from sim.charts.answers import answer_lines

        name = settings.scenario.name[language]
        print("\n" + text("command.answer.heading", language, name=name))
        for line in answer_lines(comparison, settings.scenario, language):
            print(line)
        print(settings.scenario.look_at[language])
    print("\n" + text("command.written", language, folder=_shown(folder)), flush=True)
    for line in _outdated_lines(outdated, language):
        print(line, flush=True)
    return folder


def _announcement(settings: Settings, plan: Plan) -> list[str]:
    language = settings.language
    lines = []
    if settings.scenario is not None:
        lines.append(settings.scenario.question[language])
    region = plan.region.title_zh if language == "zh" else plan.region.title_en
    separator = "、" if language == "zh" else ", "
    lines.append(
        text(
            "command.announcement",
            language,
            region=region,
            arms=separator.join(package.name[language] for package in plan.packages),
            replications=plan.replications,
            years=f"{plan.years:g}",
            burn_in=f"{plan.burn_in:g}",
            seed=plan.seed,
            workers=plan.workers,
        )
    )
    lines += idle_lines(plan, language)
    lines.append(text("command.first_time", language))
    return lines


def idle_lines(plan: Plan, language: str) -> list[str]:
    """Name the mechanisms that change nothing on this border: who compares them should know.

    Parameters
    ----------
    plan : Plan
        What will run; the layout of its seed stands for all of them.
    language : {"zh", "en"}
        Language of the lines.

    Returns
    -------
    list of str
        A line for each mechanism, with the reason.
    """
    from sim.levers.applicability import idle_mechanisms
    from sim.world.world import lay_out

    world = lay_out(plan.region, plan.seed)
    told: dict[str, str] = {}
    for package in plan.packages:
        for mechanism, reason in idle_mechanisms(package, world, plan.years):
            told[mechanism.key] = text(
                "command.idle_mechanism",
                language,
                mechanism=mechanism.name[language],
                name=mechanism.key,
                reason=reason[language],
            )
    return list(told.values())


def _outdated_lines(reports: Sequence[Path], language: str) -> list[str]:
    """Say which reports of the result before went with it, and which could not be removed."""
    kinds = {
        "command.reports_removed": [report for report in reports if not report.exists()],
        "command.reports_left": [report for report in reports if report.exists()],
    }
    separator = text("charts.list_separator", language)
    return [
        text(key, language, reports=separator.join(report.name for report in found))
        for key, found in kinds.items()
        if found
    ]


def _unused(folder: Path) -> Path:
    """Step aside for the results of another run that began in the same second."""
    free, number = folder, 2
    while free.exists():
        free = folder.with_name(f"{folder.name}-{number}")
        number += 1
    return free


def _shown(folder: Path) -> str:
    try:
        return str(folder.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
