"""What is on the shelf: regions, packages, mechanisms and the rest, a line each.

Read from the files themselves and without the numerical libraries, so that the answer comes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from sim.command.width import display_width, padded
from sim.errors import InputError
from sim.files import read_yaml, scenarios_folder
from sim.language import text, unit_words

__all__ = ["KINDS", "describe", "shelf_lines"]

Line = tuple[str, str]
"""A name and what it is; without a name, the heading of the lines below it."""

_NO_GROUP: Final = "–"


def _regions(language: str) -> list[Line]:
    files = sorted((scenarios_folder() / "region").glob("*/region.yaml"))
    return [(file.parent.name, _words(read_yaml(file), "title", language)) for file in files]


def _packages(language: str) -> list[Line]:
    return _from_files("package", language)


def _mechanisms(language: str) -> list[Line]:
    from sim.levers.mechanism import GROUPS

    found: dict[str, list[tuple[str, Line]]] = {group: [] for group in (*GROUPS, "")}
    mark = text("mechanisms.transferred", language)
    note = f"（{mark}）" if language == "zh" else f" ({mark})"
    for file, content in _contents("mechanism"):
        name, words = _line(file, content, language)
        number, group = str(content.get("id", "")), str(content.get("group", ""))
        words = f"{number} {words}" + (note if content.get("transferred") is True else "")
        found[group if group in found else ""].append((number, (name, words)))
    lines: list[Line] = []
    for group, members in found.items():
        if members:
            lines.append(("", text(f"mechanisms.group.{group}", language) if group else _NO_GROUP))
        lines.extend(line for _, line in sorted(members))
    return lines


def _scenarios(language: str) -> list[Line]:
    from sim.studies.scenario import DEFAULT_REGION

    titles = dict(_regions(language))
    found: dict[str, list[Line]] = {region: [] for region in titles}
    for file, content in _contents("scenario"):
        settings = content.get("settings")
        region = settings.get("region", DEFAULT_REGION) if isinstance(settings, dict) else DEFAULT_REGION
        found.setdefault(str(region), []).append((file.stem, _words(content, "question", language)))
    lines: list[Line] = []
    for region, members in found.items():
        if members:
            lines.append(("", titles.get(region, region)))
        lines.extend(members)
    return lines


def _studies(language: str) -> list[Line]:
    files = sorted((scenarios_folder() / "study").glob("*.yaml"))
    return [(file.stem, _words(read_yaml(file), "question", language)) for file in files]


def _levers(language: str) -> list[Line]:
    from sim.levers.definitions import LEVERS

    return [(lever.name, getattr(lever, language)) for lever in LEVERS.values()]


def _parameters(language: str) -> list[Line]:
    from sim.parameters import PARAMETERS

    colon = ": " if language == "en" else "："
    return [
        (
            row.name,
            f"{row.default:g} [{row.low:g} – {row.high:g}] {unit_words(row.unit, language)}"
            f"{colon}{getattr(row, language)}",
        )
        for row in PARAMETERS.values()
    ]


def _measures(language: str) -> list[Line]:
    from sim.measures.definitions import MEASURES

    return [
        (row.name, f"{getattr(row, language)} ({unit_words(row.unit, language)})")
        for row in MEASURES.values()
    ]


_SHELVES: Final[dict[str, Callable[[str], list[Line]]]] = {
    "regions": _regions,
    "packages": _packages,
    "scenarios": _scenarios,
    "studies": _studies,
    "mechanisms": _mechanisms,
    "levers": _levers,
    "measures": _measures,
    "parameters": _parameters,
}

KINDS: Final = tuple(_SHELVES)
"""What can be listed."""


def describe(kinds: Sequence[str], language: str) -> list[str]:
    """List some shelves, each under its heading.

    Parameters
    ----------
    kinds : sequence of str
        Of `KINDS`; all of them where empty.
    language : {"zh", "en"}
        Language of the lines.

    Returns
    -------
    list of str
        The lines.

    Raises
    ------
    InputError
        For a kind that does not exist.

    Examples
    --------
    >>> describe(["levers"], "en")[1].split(":")[0]
    '  channel       adds a lateral edge between offices'
    """
    lines: list[str] = []
    for kind in kinds or KINDS:
        if kind not in _SHELVES:
            raise InputError("list", kind, KINDS)
        if lines:
            lines.append("")
        lines.append(text(f"command.shelf.{kind}", language))
        lines.extend(shelf_lines(kind, language))
    return lines


def shelf_lines(kind: str, language: str) -> list[str]:
    """List one shelf: names in one column, what they are in the next.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    language : {"zh", "en"}
        Language of the lines.

    Returns
    -------
    list of str
        One line for each entry, and one for each heading where the shelf has any.
    """
    entries = _SHELVES[kind](language)
    width = max((display_width(name) for name, _ in entries), default=0)
    indent = "    " if any(not name for name, _ in entries) else "  "
    return [f"{indent}{padded(name, width)}  {words}" if name else f"  {words}" for name, words in entries]


def _from_files(kind: str, language: str) -> list[Line]:
    return [_line(file, content, language) for file, content in _contents(kind)]


def _contents(kind: str) -> list[tuple[Path, dict[str, Any]]]:
    files = sorted((scenarios_folder() / kind).glob("*.yaml"))
    return [(file, read_yaml(file)) for file in files]


def _line(file: Path, content: dict[str, Any], language: str) -> Line:
    name, summary = _words(content, "name", language), _words(content, "summary", language)
    return file.stem, f"{name}: {summary}" if language == "en" else f"{name}：{summary}"


def _words(content: dict[str, Any], key: str, language: str) -> str:
    entry = content.get(key)
    # A damaged file is named when it is used; the others can still be listed.
    return " ".join(str(entry.get(language, "")).split()) if isinstance(entry, dict) else ""
