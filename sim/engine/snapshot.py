"""A run on disk: saved whole, continued in any process, refused where it would not go on to the bit."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np

from sim.compiler import code_digest
from sim.engine.columns import WITH_ROOM, Columns, lengthened
from sim.engine.reviewing import Adoption, Spell
from sim.errors import InputError
from sim.files import write_beside
from sim.levers.institutions import Review, Tables
from sim.parameters import PARAMETERS, Parameters
from sim.world.world import World

__all__ = ["Snapshot", "read_snapshot", "world_digest", "write_snapshot"]

# What units remember between reviews.
_BOOKS: Final = ("since", "without", "totals")

_KIND: Final = "boundary-governance-simulation snapshot"
_ABOUT: Final = "about"
_A_SNAPSHOT: Final = {
    "zh": "由 Simulation.save 写成的完整文件",
    "en": "a complete file that Simulation.save wrote",
}

# What reading raises for a file that is damaged, or never was a snapshot.
_BROKEN: Final = (
    AttributeError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Hold all that a run consists of besides its world.

    Parameters
    ----------
    seed, day : int
        Seed of the run, and days lived.
    parameters : Parameters
        Values of the parameter table.
    columns : Columns
        The state.
    tables : Tables
        Institutions in force.
    epochs : list of tuple of int and Tables
        Institutions to come, with the days on which they begin.
    adoption : Adoption or None
        Who runs what, where units review what they run.
    """

    seed: int
    day: int
    parameters: Parameters
    columns: Columns
    tables: Tables
    epochs: list[tuple[int, Tables]]
    adoption: Adoption | None


def world_digest(world: World) -> str:
    """Hash a laid-out border: equal where every array and every name is.

    Parameters
    ----------
    world : World
        The border.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    hasher = hashlib.blake2b(digest_size=8)
    for field in fields(world):
        # The tables that it was laid out from are all in it; where they lie on disk is not part of a run.
        if field.name == "region":
            continue
        value = getattr(world, field.name)
        is_array = isinstance(value, np.ndarray)
        content = np.ascontiguousarray(value).tobytes() if is_array else repr(value).encode()
        hasher.update(field.name.encode() + b"\0" + content)
    return hasher.hexdigest()


def write_snapshot(snapshot: Snapshot, world: World, path: str | Path) -> Path:
    """Write a snapshot beside its place and rename it.

    Parameters
    ----------
    snapshot : Snapshot
        The run.
    world : World
        Its border, of which the file keeps a hash.
    path : str or Path
        The file; an older one is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the system refuses; nothing is left then.
    """
    about = {
        "kind": _KIND,
        **_versions(),
        "seed": snapshot.seed,
        "day": snapshot.day,
        "parameters": dict(snapshot.parameters),
        "world": _about_world(world),
        "rows": {name: len(getattr(snapshot.columns, name)) for name in WITH_ROOM},
        "epoch_days": [day for day, _ in snapshot.epochs],
        "adoption": _about_adoption(snapshot.adoption),
    }
    arrays: dict[str, Any] = {_ABOUT: np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)}
    for name, table in snapshot.columns.in_use().items():
        arrays[f"columns/{name}"] = np.asarray(table)
    for number, tables in enumerate((snapshot.tables, *(tables for _, tables in snapshot.epochs))):
        for name, table in tables._asdict().items():
            arrays[f"tables/{number}/{name}"] = np.asarray(table)
    if snapshot.adoption is not None:
        for name in _BOOKS:
            arrays[f"adoption/{name}"] = getattr(snapshot.adoption, name)

    def write(beside: Path) -> None:
        with beside.open("wb") as file:
            np.savez_compressed(file, **arrays)

    return write_beside(path, write)


def read_snapshot(
    path: str | Path, world: World, parameters: Parameters | None = None, review: Review | None = None
) -> Snapshot:
    """Read a snapshot and refuse what would not go on as it began.

    Parameters
    ----------
    path : str or Path
        The file.
    world : World
        The border of the run, laid out again.
    parameters : Parameters, optional
        Values that the run must have; those of the file by default.
    review : Review, optional
        What units review, where the run has them do so: how choices are put in force is no part of a file.

    Returns
    -------
    Snapshot
        The run.

    Raises
    ------
    InputError
        For a file that is no complete snapshot, or one of other code, parameters or another world; it names
        the first difference.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as archive:
            about = json.loads(archive[_ABOUT].tobytes().decode())
            if about["kind"] != _KIND:
                raise ValueError(about["kind"])
            _check_versions(about, path)
            own = _check_parameters(about["parameters"], parameters, path)
            _check_world(about["world"], world, path)
            columns = {name: archive[f"columns/{name}"] for name in Columns._fields}
            held = [
                Tables(*(_readable(archive[f"tables/{number}/{name}"]) for name in Tables._fields))
                for number in range(1 + len(about["epoch_days"]))
            ]
            adoption = None
            if about["adoption"] is not None:
                books = {name: archive[f"adoption/{name}"] for name in _BOOKS}
                adoption = _adopted(about["adoption"], books, review, path)
    except OSError as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            reason = error.strerror or str(error)
            allowed = {"zh": f"可读取的文件（{reason}）", "en": f"a file that can be read ({reason})"}
            raise InputError("snapshot", str(path), allowed) from error
        raise InputError("snapshot", str(path), _A_SNAPSHOT) from error
    except (
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        AttributeError,
    ) as error:
        raise InputError("snapshot", str(path), _A_SNAPSHOT) from error
    columns = {
        name: lengthened(name, table, about["rows"].get(name, len(table))) for name, table in columns.items()
    }
    return Snapshot(
        about["seed"],
        about["day"],
        own,
        Columns(**{name: _readable(table) for name, table in columns.items()}),
        held[0],
        list(zip(about["epoch_days"], held[1:], strict=True)),
        adoption,
    )


def _about_adoption(adoption: Adoption | None) -> dict[str, Any] | None:
    if adoption is None:
        return None
    return {
        "review": _review_digest(adoption.review),
        "days": [adoption.first_day, adoption.last_day, adoption.reviews],
        "spells": [list(spell) for spell in adoption.spells],
    }


def _adopted(about: dict[str, Any], books: dict[str, Any], review: Review | None, path: Path) -> Adoption:
    """Put the books of a review and the review itself together again."""
    if review is None or _review_digest(review) != about["review"]:
        given = "none" if review is None else _review_digest(review)
        allowed = {
            "zh": f"存盘时所用机制组合的评议（{about['review']}）",
            "en": f"that of the institutions under which the run was saved ({about['review']})",
        }
        raise InputError("review", given, allowed, where=str(path))
    first_day, last_day, reviews = about["days"]
    return Adoption(
        review=review,
        first_day=first_day,
        last_day=last_day,
        reviews=reviews,
        spells=tuple(Spell(*spell) for spell in about["spells"]),
        **books,
    )


def _review_digest(review: Review) -> str:
    hasher = hashlib.blake2b(digest_size=8)
    for field in fields(review):
        value = getattr(review, field.name)
        if callable(value):
            continue
        content = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
        hasher.update(field.name.encode() + b"\0" + content)
    return hasher.hexdigest()


def _readable(table: np.ndarray) -> Any:
    """Give rows attribute access, the form in which compiled code reads them."""
    return table.view(np.recarray) if table.dtype.names else table


def _versions() -> dict[str, str]:
    # Another compiler or library may round the last digit differently.
    return {"code": code_digest(), "numba": numba.__version__, "numpy": np.__version__}


def _check_versions(about: dict[str, Any], path: Path) -> None:
    for name, own in _versions().items():
        if about[name] != own:
            allowed = {"zh": f"与本程序相同的 {own}", "en": f"{own}, that of this program"}
            raise InputError(name, about[name], allowed, where=str(path))


def _check_parameters(saved: dict[str, float], wanted: Parameters | None, path: Path) -> Parameters:
    if set(saved) != set(PARAMETERS):
        raise InputError("snapshot", str(path), _A_SNAPSHOT)
    for name, value in (wanted or {}).items():
        if saved[name] != value:
            allowed = {"zh": f"{value:g}（继续时所给的值）", "en": f"{value:g}, as given for going on"}
            raise InputError(f"parameters.{name}", saved[name], allowed, where=str(path))
    return Parameters(saved)


def _about_world(world: World) -> dict[str, Any]:
    return {
        "region": world.name,
        "layout_seed": world.seed,
        "villages": len(world.village_code),
        "ties": len(world.tie_a),
        "digest": world_digest(world),
    }


def _check_world(saved: dict[str, Any], world: World, path: Path) -> None:
    for name, own in _about_world(world).items():
        if saved[name] != own:
            allowed = {"zh": f"{own}（所给边界的取值）", "en": f"{own}, as in the world given"}
            raise InputError(f"world.{name}", saved[name], allowed, where=str(path))
