"""The way of a command line: answer at once what needs no run, check everything, then hand over."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from sim.command.shelf import KINDS, describe, shelf_lines
from sim.errors import InputError, OutputError, SimulationError, nearest_name
from sim.language import LANGUAGES, check_language, text

__all__ = ["check_writable", "main", "spoken_language"]

_WRONG_INPUT = 2
_FAILED = 1
_INTERRUPTED = 130
_OF_BORDER = ("template", "check", "export")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; those of the process by default.

    Returns
    -------
    int
        0 where all went well, 1 where a run failed, 2 for something that is not usable, 130 after an
        interrupt.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks Chinese shows a mark in its place instead of breaking off.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    language = spoken_language(arguments)
    try:
        return _dispatch(arguments, language)
    except SimulationError as error:
        print(" ".join(error.message(language).split()), file=sys.stderr)
        return _WRONG_INPUT if isinstance(error, InputError | OutputError) else _FAILED
    except KeyboardInterrupt:
        print("\n" + text("command.interrupted", language), file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough, as in `python -m sim list | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def spoken_language(arguments: Sequence[str]) -> str:
    """Find the language to answer in, whatever else is wrong with what was typed.

    Parameters
    ----------
    arguments : sequence of str
        What was typed.

    Returns
    -------
    {"zh", "en"}
        The last ``language=`` that exists, or Chinese.

    Examples
    --------
    >>> spoken_language(["yaers=3", "language=en"]), spoken_language(["language=fr"])
    ('en', 'zh')
    """
    language = LANGUAGES[0]
    for argument in arguments:
        key, _, value = argument.partition("=")
        if key == "language" and value.strip("'\"") in LANGUAGES:
            language = value.strip("'\"")
    return language


def _dispatch(arguments: list[str], language: str) -> int:
    # The language may be said first or last.
    arguments = sorted(arguments, key=lambda word: word.startswith("language="))
    if arguments[:1] == ["help"]:
        arguments = ["--help", *arguments[1:]]
    if any(argument in ("--help", "-h") for argument in arguments):
        for argument in arguments:
            if argument.startswith("language="):
                check_language(argument.partition("=")[2])
        print("\n".join(_help(language)))
        return 0
    if arguments[:1] == ["list"]:
        return _list(arguments[1:], language)
    if arguments[:1] and arguments[0] in _OF_BORDER:
        from sim.command import border

        return int(getattr(border, arguments[0])(arguments[1:], language))
    if arguments[:1] == ["report"]:
        from sim.command.report import report

        return report(arguments[1:], language)
    flags = _parse(arguments)
    if flags is None:
        return 0
    return _hand_over(arguments, flags)


def _list(arguments: Sequence[str], language: str) -> int:
    kinds = []
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if not equals and not key.startswith("-"):
            kinds.append(key)
        elif key == "language":
            check_language(value)
        else:
            raise InputError("list", argument, [*KINDS, "language=zh", "language=en"])
    print("\n".join(describe(kinds, language)))
    return 0


def _help(language: str) -> list[str]:
    lines = text("command.help", language).rstrip().splitlines()
    for kind in ("regions", "packages", "scenarios"):
        lines += ["", text(f"command.shelf.{kind}", language), *shelf_lines(kind, language)]
    return [*lines, "", *text("command.help.more", language).rstrip().splitlines()]


def _parse(arguments: Sequence[str]) -> argparse.Namespace | None:
    """Read the loader's flags; None where the flag has answered already, as --version does."""
    from hydra._internal.utils import get_args_parser

    parser = get_args_parser()
    flags = sorted(option for action in parser._actions for option in action.option_strings)

    def refuse(message: str) -> NoReturn:
        typed = next(
            (word for word in arguments if word.startswith("-") and word.split("=")[0] not in flags), None
        )
        allowed = {"zh": f"已有的选项（{message}）", "en": f"a known flag ({message})"}
        raise InputError("flag", typed or message, allowed, nearest_name(typed, flags) if typed else None)

    # The parser's own answer is a page of usage; the person needs one sentence.
    parser.error = refuse  # type: ignore[method-assign]
    try:
        return parser.parse_intermixed_args(list(arguments))
    except SystemExit:
        return None


def _hand_over(arguments: list[str], flags: argparse.Namespace) -> int:
    from sim.command.overrides import COMPARISON, STUDY, prepare_overrides
    from sim.command.run import remove_if_empty, run_with_hydra
    from sim.command.settings import compose_all

    if flags.experimental_rerun:
        allowed = {
            "zh": "manifest.json 中的配置即可重复一次运行",
            "en": "the configuration in manifest.json repeats a run",
        }
        raise InputError("flag", "--experimental-rerun", allowed)
    ways = ["--run", "--multirun", "--cfg", "--info", "--shell-completion"]
    given = [way for way in ways if getattr(flags, way[2:].replace("-", "_"))]
    if len(given) > 1:
        allowed = {"zh": "其中之一", "en": "one of them"}
        raise InputError("flag", " ".join(given), allowed)
    if flags.resolve and not flags.cfg:
        raise InputError("flag", "--resolve", {"zh": "与 --cfg 一起使用", "en": "together with --cfg"})
    multirun = flags.multirun or any(word.lstrip("+") == "hydra.mode=MULTIRUN" for word in flags.overrides)
    # What follows --shell-completion is for the shell.
    typed = [] if flags.shell_completion else flags.overrides
    is_study = any(word.partition("=")[0] == "study" for word in typed)
    overrides = prepare_overrides(typed, multirun=multirun, vocabulary=STUDY if is_study else COMPARISON)
    others = [word for word in arguments if word not in typed]
    if flags.hydra_help or flags.shell_completion:
        return run_with_hydra([*others, *overrides])
    created: list[Path] = []
    if _has_own_configuration(flags):
        # The loader alone can compose it; the settings are checked when their turn comes.
        return run_with_hydra([*others, *overrides])
    if is_study:
        return _hand_over_study(overrides, others, flags, multirun)
    for settings in compose_all(overrides, multirun=multirun):
        settings.plan()
        if settings.out is not None and not (flags.cfg or flags.info):
            check_writable(settings.out)
            created = _missing_folders(settings.out)
    code = 1
    try:
        code = run_with_hydra([*others, *overrides])
    finally:
        # The loader makes the folder before the run; a run that fails leaves none.
        if code:
            for folder in created:
                remove_if_empty(folder)
    return code


def _hand_over_study(
    overrides: list[str], others: list[str], flags: argparse.Namespace, multirun: bool
) -> int:
    from sim.command.run import run_with_hydra
    from sim.command.settings import compose_jobs
    from sim.command.study import STUDY_CONFIG, failures_of, study_settings_from

    folders = []
    for composed in compose_jobs(STUDY_CONFIG, overrides, multirun=multirun):
        settings = study_settings_from(composed)
        settings.plan()
        folders.append(settings.folder)
        if not (flags.cfg or flags.info):
            check_writable(settings.folder)
    try:
        code = run_with_hydra([*others, *overrides], STUDY_CONFIG)
    except KeyboardInterrupt:
        print("\n" + text("command.study.interrupted", spoken_language(overrides)), file=sys.stderr)
        return _INTERRUPTED
    if code or flags.cfg or flags.info:
        return code
    return _FAILED if any(failures_of(folder) for folder in dict.fromkeys(folders)) else 0


def _has_own_configuration(flags: argparse.Namespace) -> bool:
    for flag in ("config_dir", "config_path"):
        folder = getattr(flags, flag)
        if folder is not None and not Path(folder).is_dir():
            option = "--" + flag.replace("_", "-")
            raise InputError(option, folder, {"zh": "存在的文件夹", "en": "a folder that exists"})
    name = flags.config_name
    if name is not None:
        from sim.command.settings import CONFIG_NAME, config_folder

        folders = [Path(folder) for folder in (flags.config_dir, flags.config_path) if folder]
        folders = [*folders, config_folder()]
        if not any((folder / f"{name.removesuffix('.yaml')}.yaml").is_file() for folder in folders):
            raise InputError(
                "--config-name",
                name,
                {"zh": "存在的配置文件", "en": "a configuration that exists"},
                CONFIG_NAME,
            )
    return any(value is not None for value in (flags.config_dir, flags.config_path, name))


def check_writable(folder: Path) -> None:
    """Try whether a result folder can be made, and leave nothing.

    Parameters
    ----------
    folder : Path
        The folder, which may not exist yet.

    Raises
    ------
    OutputError
        If a file is in the way or the system refuses.
    """
    try:
        place = folder.absolute()
        while not place.exists():
            place = place.parent
        if not place.is_dir():
            reason = {"zh": f"{place.name} 是文件，不是文件夹", "en": f"{place.name} is a file, not a folder"}
            raise OutputError(folder, reason)
        # Results are built beside their folder, so that it never holds half of them.
        for tried in {place, place.parent} if place == folder.absolute() else {place}:
            with tempfile.TemporaryDirectory(prefix=".try-", dir=tried):
                pass
    except (OSError, ValueError) as error:
        raise OutputError(folder, getattr(error, "strerror", None) or str(error)) from error


def _missing_folders(folder: Path) -> list[Path]:
    return [place for place in (folder, *folder.parents) if not place.exists()]
