"""A border of one's own on the command line: template, check, export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.errors import InputError, SimulationError
from sim.language import LANGUAGES, check_language, text

__all__ = ["check", "export", "template"]

_WRONG_INPUT = 2


def template(arguments: Sequence[str], language: str) -> int:
    """Write an empty border to fill in.

    Parameters
    ----------
    arguments : sequence of str
        ``out=DIR`` and ``language=…``.
    language : {"zh", "en"}
        Language of the template and of what is said.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    InputError
        For another argument, or a folder that holds something.
    OutputError
        If it cannot be written.
    """
    from sim.command.border_words import as_typed
    from sim.command.template import TABLES_FOLDER, WORKBOOK, write_template

    _, given = _read(arguments, "template", ("out",), names=0)
    folder = write_template(_path(given, "template"), language)
    path = _shown(folder / WORKBOOK)
    print(
        text(
            "border.template.done",
            language,
            folder=_shown(folder),
            workbook=WORKBOOK,
            tables=TABLES_FOLDER,
            path=as_typed(path),
        ).rstrip()
    )
    return 0


def check(arguments: Sequence[str], language: str) -> int:
    """Name every mistake of a border at once, or say what was read.

    Parameters
    ----------
    arguments : sequence of str
        The border, and ``language=…``.
    language : {"zh", "en"}
        Language of the answer.

    Returns
    -------
    int
        0 where there is no mistake, 2 otherwise.

    Raises
    ------
    InputError
        For another argument, or a border of which nothing can be read.
    """
    from sim.command.border_words import summary_lines
    from sim.levers.own import examine_packages
    from sim.world.region import examine_region

    (name,), _ = _read(arguments, "check", (), names=1)
    examined = examine_region(name)
    packages = examine_packages(examined.tables, examined.sheets, examined.mistakes)
    found = examined.mistakes.sorted()
    if found or examined.region is None:
        key = "border.check.one_mistake" if len(found) == 1 else "border.check.mistakes"
        print(text(key, language, path=name, count=len(found)))
        for number, mistake in enumerate(found, start=1):
            print(f"{number:>3}. {_one_line(mistake, language)}")
        return _WRONG_INPUT
    print("\n".join(summary_lines(name, examined.region, packages, language)))
    return 0


def export(arguments: Sequence[str], language: str) -> int:
    """Write the graph of a border as GraphML or GeoJSON.

    Parameters
    ----------
    arguments : sequence of str
        The border, ``out=FILE``, ``seed=…`` of its layout, and ``language=…``.
    language : {"zh", "en"}
        Language of the answer.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    InputError
        For another argument, a mistake in the border, or an ending that is neither .graphml nor .geojson.
    OutputError
        If it cannot be written.
    """
    (name,), given = _read(arguments, "export", ("out", "seed"), names=1)
    out = _path(given, "export")
    if out.suffix.lower() not in (".graphml", ".geojson"):
        allowed = {
            "zh": "以 .graphml 或 .geojson 结尾的文件",
            "en": "a file that ends in .graphml or .geojson",
        }
        raise InputError("out", str(out), allowed)
    if not given.get("seed", "1").isdigit():
        raise InputError("seed", given["seed"], {"zh": "非负整数", "en": "a whole number from 0"})
    from sim.world.graph import border_graph, write_geojson, write_graphml
    from sim.world.region import load_region
    from sim.world.world import lay_out

    graph = border_graph(lay_out(load_region(name), int(given.get("seed", "1"))))
    (write_graphml if out.suffix.lower() == ".graphml" else write_geojson)(graph, out)
    print(
        text(
            "border.export.done",
            language,
            path=_shown(out),
            nodes=graph.number_of_nodes(),
            edges=graph.number_of_edges(),
        )
    )
    return 0


def _read(
    arguments: Sequence[str], command: str, keys: tuple[str, ...], *, names: int
) -> tuple[list[str], Mapping[str, str]]:
    """Split what was typed into names and settings, and refuse the rest."""
    found: list[str] = []
    given: dict[str, str] = {}
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if equals and key == "language":
            check_language(value)
        elif equals and key in keys:
            given[key] = value
        elif argument.startswith("-") or (equals and key.isidentifier() and not Path(argument).exists()):
            raise InputError(command, argument, [*(f"{key}=…" for key in keys), "language=zh", "language=en"])
        else:
            found.append(argument)
    if len(found) != names:
        allowed = {
            "zh": "一个地区的名称，或自己的文件夹、表格文件" if names else "out=文件夹",
            "en": "one name of a region, or a folder or spreadsheet of your own" if names else "out=FOLDER",
        }
        raise InputError(command, " ".join(found), allowed)
    return found, given


def _path(given: Mapping[str, str], command: str) -> Path:
    out = given.get("out", "").strip()
    if not out or "\0" in out:
        raise InputError("out", out, {"zh": f"{command} 须给出 out=…", "en": f"out=…, which {command} needs"})
    return Path(out).expanduser()


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _one_line(error: SimulationError, language: str) -> str:
    assert language in LANGUAGES
    return " ".join(error.message(language).split())
