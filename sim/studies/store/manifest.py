"""What makes two runs of a study one study: settings, code, data and libraries, compared key by key."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.files import write_beside
from sim.studies.study_plan import StudyPlan

__all__ = ["FORMAT", "check_same_study", "identity_of", "manifest_of", "read_manifest", "write_manifest"]

FORMAT: Final = 1
"""Number of the layout of a study's folder."""

_FILE: Final = "manifest.json"
_NEEDED: Final = {"study", "settings", "arms", "dimensions", "identity"}
_LIBRARIES: Final = ("numpy", "numba", "scipy")
_OF_DESIGNS: Final = {"morris": ("salib",), "sobol": ("salib",), "fractional_factorial": ("pydoe3",)}
# More samples make a larger study and no other one.
_MAY_GROW: Final = ("samples", "trajectories", "permutations")
# Packages and borders may join; what is there may not change.
_MAY_JOIN: Final = ("model.packages.", "model.regions.")
_SHOWN: Final = 3
_LONGEST: Final = 80


def identity_of(plan: StudyPlan) -> dict[str, Any]:
    """Give everything that decides the numbers of a study's runs.

    Parameters
    ----------
    plan : StudyPlan
        The study.

    Returns
    -------
    dict
        Nested plain data. Replications, precision and the size of the design are not in it.
    """
    design = {key: value for key, value in plan.settings["design"].items() if key not in _MAY_GROW}
    libraries = (*_LIBRARIES, *_OF_DESIGNS.get(design["kind"], ()))
    identity = {
        "seed": plan.seed,
        "baseline": plan.arms[0] if plan.arms else None,
        "design": design,
        "dimensions": {
            item.name: {"kind": item.kind, "low": item.low, "high": item.high, "levels": list(item.levels)}
            for item in plan.dimensions
        },
        "model": plan.model.identity(),
        "versions": {
            "python": ".".join(platform.python_version_tuple()[:2]),
            **{name: importlib.metadata.version(name) for name in libraries},
        },
    }
    # As it will be read back: texts as keys, lists for tuples.
    return dict(json.loads(json.dumps(identity, ensure_ascii=False, allow_nan=False)))


def check_same_study(stored: Mapping[str, Any], wanted: Mapping[str, Any], folder: Path) -> None:
    """Refuse to continue a study whose runs would no longer be comparable.

    Parameters
    ----------
    stored, wanted : mapping
        Identity of the folder and of the plan, as `identity_of` gives them.
    folder : Path
        The folder, for the message.

    Raises
    ------
    InputError
        For the first difference: file or key, old and new; further ones are counted.

    Examples
    --------
    >>> check_same_study({"seed": 1}, {"seed": 2}, Path("mine"))
    Traceback (most recent call last):
    sim.errors.InputError: mine: seed = 2 is not usable; allowed: 1, with which this study began, ...
    """
    differences = list(_differences("", stored, wanted))
    if not differences:
        return
    key, old, new = differences[0]
    more = len(differences) - 1
    named = ", ".join(name for name, _, _ in differences[1 : 1 + _SHOWN]) + (" …" if more > _SHOWN else "")
    also = {
        "zh": f"；另有 {more} 处不同：{named}" if more else "",
        "en": f"; {more} more differ: {named}" if more else "",
    }
    was = _short(json.dumps(old, ensure_ascii=False))
    allowed = {
        "zh": f"{was}，即本研究开始时的取值；或换一个文件夹（out）{also['zh']}",
        "en": f"{was}, with which this study began, or another folder (out){also['en']}",
    }
    now = new if len(str(new)) <= _LONGEST else _short(json.dumps(new, ensure_ascii=False))
    raise InputError(_spoken(key), now, allowed, where=str(folder))


def manifest_of(plan: StudyPlan) -> dict[str, Any]:
    """Give the manifest of a study: identity, settings, texts.

    Parameters
    ----------
    plan : StudyPlan
        The study.

    Returns
    -------
    dict
        Plain data.
    """
    return {
        "kind": "study",
        "format": FORMAT,
        "study": plan.key,
        "name": plan.name,
        "question": plan.question,
        "settings": plan.settings,
        "arms": list(plan.arms),
        "dimensions": [
            {
                "dimension": item.name,
                "kind": item.kind,
                "low": item.low,
                "high": item.high,
                "default": None if item.default != item.default else item.default,
                "levels": list(item.levels),
            }
            for item in plan.dimensions
        ],
        "identity": identity_of(plan),
    }


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a study.

    Parameters
    ----------
    folder : Path
        Its folder.

    Returns
    -------
    dict or None
        None where there is none.

    Raises
    ------
    InputError
        If it cannot be read or is that of something else.
    """
    path = folder / _FILE
    if not path.is_file():
        return None
    allowed = {"zh": "一项研究的 manifest.json", "en": "the manifest.json of a study"}
    try:
        manifest: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("file", _FILE, allowed, where=str(folder)) from error
    is_study = isinstance(manifest, dict) and manifest.get("kind") == "study"
    if not is_study or manifest.get("format") != FORMAT or not manifest.keys() >= _NEEDED:
        raise InputError("file", _FILE, allowed, where=str(folder))
    return dict(manifest)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a study.

    Parameters
    ----------
    folder : Path
        Its folder.
    manifest : mapping
        As `manifest_of` gives it.

    Raises
    ------
    OutputError
        If the system refuses.
    """
    content = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False, default=str) + "\n"
    write_beside(folder / _FILE, lambda path: path.write_text(content, encoding="utf-8"))


def _differences(key: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            inner = f"{key}.{name}" if key else str(name)
            joins = name not in old and inner.startswith(_MAY_JOIN)
            if not joins:
                yield from _differences(inner, old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{key}[{place}]", before, after)
    elif old != new:
        yield key, old, new


def _short(words: str) -> str:
    # A whole package would fill the screen.
    return words if len(words) <= _LONGEST else words[: _LONGEST - 2] + " …"


def _spoken(key: str) -> str:
    """Name a key as people know it: a file of code by its path."""
    return key.removeprefix("model.code.").removeprefix("model.")
