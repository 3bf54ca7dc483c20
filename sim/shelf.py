"""What stands on the shelf of scenarios, found by the titles that people read."""

from __future__ import annotations

from typing import Any, Final

from sim.errors import InputError, nearest_name
from sim.files import read_yaml, scenarios_folder

__all__ = ["nearest_on_shelf"]

_LANGUAGES: Final = ("zh", "en")
_SHORTEST_PART: Final = 2

Titles = dict[str, dict[str, str]]
"""Titles of one file: what each stands for, by language."""


def nearest_on_shelf(kind: str, typed: object) -> str | dict[str, str] | None:
    """Find the name of a region, package, scenario or study by a name or title that is nearly right.

    Parameters
    ----------
    kind : {"region", "package", "scenario", "study"}
        Folder of the shelf.
    typed : object
        What was typed.

    Returns
    -------
    str or dict of str to str or None
        The nearest name, with its title in either language where it was found by that; None where nothing
        resembles it.

    Examples
    --------
    >>> nearest_on_shelf("package", "five_link")
    'five_links'
    >>> nearest_on_shelf("package", "五联")["zh"]
    'five_links（五联）'
    >>> nearest_on_shelf("region", "玉林")["en"].split()[0]
    'yulin_zhanjiang_maoming'
    """
    words = str(typed).strip().casefold()
    shelf = _shelf(kind)
    titles = [(title.casefold(), name) for name, found in shelf.items() for title in _readings(found)]
    exact = [name for title, name in titles if title == words]
    if exact:
        return _with_title(exact[0], shelf[exact[0]])
    near = nearest_name(words, shelf)
    if near is not None:
        return near
    # Part of a title: the shorter the title, the more of it was typed.
    parts = sorted((len(title), name) for title, name in titles if words in title)
    if parts and len(words) >= _SHORTEST_PART:
        return _with_title(parts[0][1], shelf[parts[0][1]])
    alike = nearest_name(words, [title for title, _ in titles])
    found = next((name for title, name in titles if title == alike), None)
    return None if found is None else _with_title(found, shelf[found])


def _shelf(kind: str) -> dict[str, Titles]:
    pattern = "*/region.yaml" if kind == "region" else "*.yaml"
    found: dict[str, Titles] = {}
    for file in sorted((scenarios_folder() / kind).glob(pattern)):
        name = file.parent.name if kind == "region" else file.stem
        try:
            content = read_yaml(file)
        except InputError:
            # A damaged file is named when it is used.
            content = {}
        found[name] = {part: _by_language(content.get(part)) for part in ("title", "name", "question")}
    return found


def _by_language(entry: Any) -> dict[str, str]:
    return (
        {one: " ".join(str(entry[one]).split()) for one in _LANGUAGES if one in entry}
        if isinstance(entry, dict)
        else {}
    )


def _readings(titles: Titles) -> list[str]:
    """List the titles of a file, each as it stands and without the explanation in brackets behind it."""
    whole = [title for found in titles.values() for title in found.values()]
    return list(dict.fromkeys([*whole, *map(_short, whole)]))


def _short(title: str) -> str:
    return title.partition("（")[0].partition(" (")[0].strip() or title


def _with_title(name: str, titles: Titles) -> dict[str, str]:
    found = next((titles[part] for part in ("title", "name", "question") if titles[part]), {})
    shown = {one: _short(found.get(one, "")) for one in _LANGUAGES}
    return {
        "zh": f"{name}（{shown['zh']}）" if shown["zh"] else name,
        "en": f"{name} ({shown['en']})" if shown["en"] else name,
    }
