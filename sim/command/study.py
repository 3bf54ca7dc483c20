"""The command ``study=…``: run or continue a study, and say how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.command.overrides import STUDY
from sim.command.settings import result_folder
from sim.errors import InputError
from sim.language import check_language, text
from sim.studies.study_file import STUDY_DEFAULTS, StudyFile

if TYPE_CHECKING:
    from sim.studies.study_plan import StudyPlan

__all__ = ["STUDY_CONFIG", "StudySettings", "failures_of", "run_study_command", "study_settings_from"]

STUDY_CONFIG: Final = "study"
"""Name of the primary configuration of studies."""


@dataclass(frozen=True)
class StudySettings:
    """A study as typed, and how it is to be run; `plan` checks what a study checks.

    Attributes
    ----------
    file : StudyFile
        Texts and settings.
    running : dict
        workers, executor, part, parts, retry.
    folder : Path
        Where the study is kept.
    language : str
        zh or en.
    """

    file: StudyFile
    running: dict[str, Any]
    folder: Path
    language: str

    def plan(self) -> StudyPlan:
        """Check everything and expand it into points.

        Returns
        -------
        StudyPlan
            What will run.

        Raises
        ------
        InputError
            For the first thing that is not usable.
        """
        from sim.studies.executors import check_executor
        from sim.studies.study import check_running
        from sim.studies.study_plan import plan_study

        plan = plan_study(self.file)
        check_executor(self.running["executor"])
        check_running(plan, self.running["workers"], self.running["part"], self.running["parts"])
        return plan


def study_settings_from(composed: Mapping[Any, Any]) -> StudySettings:
    """Turn a composed configuration into settings.

    Parameters
    ----------
    composed : mapping
        Plain data, interpolations resolved.

    Returns
    -------
    StudySettings
        The settings.

    Raises
    ------
    InputError
        For a key that nobody reads, an unknown language, or an ``out`` that is no path.
    """
    from sim.studies.study import study_folder

    for key in composed:
        if key not in (*STUDY.keys, "name", "question"):
            raise InputError("key", key, STUDY.keys)
    language = check_language(composed.get("language"))
    retry = composed.get("retry")
    if not isinstance(retry, bool):
        raise InputError("retry", retry, ["true", "false"])
    key = str(composed["study"])
    settings = {name: composed[name] for name in STUDY_DEFAULTS}
    return StudySettings(
        file=StudyFile(key, dict(composed["name"]), dict(composed["question"]), settings),
        running={name: composed[name] for name in ("workers", "executor", "part", "parts")}
        | {"retry": retry},
        folder=result_folder(composed.get("out")) or study_folder(key),
        language=language,
    )


def run_study_command(settings: StudySettings) -> None:
    """Run a study and say how it stands.

    Parameters
    ----------
    settings : StudySettings
        What to run.

    Raises
    ------
    SimulationError
        As `sim.run_study` does.
    """
    language = settings.language
    plan = settings.plan()
    print(plan.question[language])
    print(
        text(
            "command.study.announcement",
            language,
            points=len(plan.points),
            replications=plan.replications,
            runs=len(plan.points) * plan.replications,
            design=plan.settings["design"]["kind"],
            folder=settings.folder,
        ),
        flush=True,
    )
    from sim.studies.study import run_study

    study = run_study(plan, settings.folder, label=text("command.progress", language), **settings.running)
    runs = study.runs
    failed = runs[runs["status"] != "ok"]
    print(text("command.study.finished", language, runs=len(runs), folder=settings.folder), flush=True)
    if len(failed):
        print(text("command.study.failed", language, failed=len(failed), error=failed["error"].iloc[0]))
    wide = study.manifest.get("precision_not_reached")
    if wide:
        print(text("command.study.precision", language, points=len({row["point"] for row in wide})))
    if study.mended:
        print(text("command.study.mended", language, shards=len(study.mended), first=study.mended[0]))


def failures_of(folder: Path) -> int:
    """Count the runs of a study that are not ok.

    Parameters
    ----------
    folder : Path
        Folder of the study.

    Returns
    -------
    int
        How many.
    """
    from sim.studies.store.reader import open_study

    return int((open_study(folder).runs["status"] != "ok").sum())
