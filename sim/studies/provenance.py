"""Which code made a result: a digest of its sources, and the commit where it is a checkout."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any, Final

from sim.studies.study_model import border_sources

__all__ = ["code_state", "border_sources_digest"]

_SECONDS: Final = 10


def code_state(package: Path | None = None) -> dict[str, Any]:
    """Name the code that runs.

    Parameters
    ----------
    package : Path, optional
        Folder of the package; this one by default.

    Returns
    -------
    dict
        ``sources``: digest of every file that decides the numbers of a run. Where the package stands in a
        checkout of its own and git can be asked, ``commit``, and ``changed``: whether files differ from it.

    Examples
    --------
    >>> len(code_state()["sources"])
    16
    """
    package = package or Path(__file__).resolve().parents[1]
    state: dict[str, Any] = {"sources": border_sources_digest(package)}
    # Above an installed package may lie somebody else's repository, which says nothing of this code.
    if not (package.parent / ".git").exists():
        return state
    commit = _git(package.parent, "rev-parse", "HEAD")
    changes = _git(package.parent, "status", "--porcelain", "--untracked-files=no")
    if commit is None or changes is None:
        return state
    return state | {"commit": commit, "changed": bool(changes)}


def border_sources_digest(package: Path | None = None) -> str:
    """Hash the sources that decide the numbers of a run, alike on every system.

    Parameters
    ----------
    package : Path, optional
        Folder of the package; this one by default.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> len(border_sources_digest())
    16
    """
    listed = json.dumps(border_sources(package), sort_keys=True).encode()
    return hashlib.blake2b(listed, digest_size=8).hexdigest()


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
