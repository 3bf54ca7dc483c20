"""What stands in a study file about factors, uncertain parameters and the design, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest_name
from sim.levers.mechanisms import list_mechanisms
from sim.parameters import PARAMETERS
from sim.studies.checks import number_between
from sim.studies.design import DESIGNS, Dimension
from sim.world.region import Region

__all__ = ["mapping", "named_uncertain", "names", "read_design", "read_factors", "read_uncertain"]

_ONCE: Final = {"zh": "每个名称只出现一次", "en": "each name once"}
_A_MAPPING: Final = {"zh": "名称到内容的映射", "en": "a mapping of names"}


def read_factors(given: object) -> tuple[Dimension, ...]:
    """Read factors: switches by default, some levels, or any dose of a range.

    Parameters
    ----------
    given : object
        A mapping of names to ``mechanisms`` with ``levels``, or ``low`` and ``high``; None for none.

    Returns
    -------
    tuple of Dimension
        One for each, in the order given.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> [factor.levels for factor in read_factors({"duty": None, "works": {"levels": [0, 0.5, 1]}})]
    [(0.0, 1.0), (0.0, 0.5, 1.0)]
    """
    dimensions = []
    for name, entry in mapping("factors", given).items():
        entry = mapping(f"factors.{name}", entry)
        field = f"factors.{name}"
        _only_keys(field, entry, ("mechanisms", "levels", "low", "high"))
        if "low" in entry or "high" in entry:
            low = number_between(f"{field}.low", entry.get("low", 0.0), 0.0, 1.0)
            high = number_between(f"{field}.high", entry.get("high", 1.0), low, 1.0, above=True)
            dimensions.append(Dimension(name, "factor", low, high, high))
            continue
        listed = entry.get("levels", [0, 1])
        if not isinstance(listed, Sequence) or isinstance(listed, str) or len(listed) < 2:
            raise InputError(f"{field}.levels", listed, {"zh": "两个或更多剂量", "en": "two or more doses"})
        levels = sorted({number_between(f"{field}.levels", item, 0.0, 1.0) for item in listed})
        if len(levels) < len(listed):
            raise InputError(f"{field}.levels", listed, {"zh": "互不相同的剂量", "en": "doses that differ"})
        dimensions.append(Dimension(name, "factor", levels[0], levels[-1], levels[-1], tuple(levels)))
    return tuple(dimensions)


def read_uncertain(given: object, *, any_name: bool = False) -> tuple[Dimension, ...]:
    """Read uncertain parameters; a range that is not stated is that of the parameter table.

    Parameters
    ----------
    given : object
        Names, or a mapping of names to ``low`` and ``high``; None for none.
    any_name : bool
        Whether a name may be missing in the parameter table if both ends are stated.

    Returns
    -------
    tuple of Dimension
        One for each, in the order given.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> (weight,) = read_uncertain({"belief_weight": {"high": 0.3}})
    >>> weight.low, weight.high, weight.default
    (0.1, 0.3, 0.25)
    """
    given = named_uncertain(given)
    dimensions = []
    for name, entry in given.items():
        field = f"uncertain.{name}"
        entry = mapping(field, entry)
        _only_keys(field, entry, ("low", "high"))
        if name in PARAMETERS:
            row = PARAMETERS[name]
            bounds, default = (row.minimum, row.maximum), row.default
            low, high = entry.get("low", row.low), entry.get("high", row.high)
        elif any_name and {"low", "high"} <= set(entry):
            bounds, default = (-1e300, 1e300), float("nan")
            low, high = entry["low"], entry["high"]
        else:
            raise InputError(
                "uncertain",
                name,
                {"zh": "参数表中的名称", "en": "a name of the parameter table"},
                nearest_name(name, PARAMETERS),
            )
        low = number_between(f"{field}.low", low, *bounds)
        high = number_between(f"{field}.high", high, low, bounds[1], above=True)
        default = default if low <= default <= high else (low + high) / 2.0
        dimensions.append(Dimension(name, "parameter", low, high, default))
    return tuple(dimensions)


def named_uncertain(given: object) -> dict[str, Any]:
    """Give uncertain parameters as a mapping, also where only names were listed.

    Parameters
    ----------
    given : object
        As for `read_uncertain`.

    Returns
    -------
    dict
        What is stated for each name.

    Raises
    ------
    InputError
        For a name that stands twice, or anything else.
    """
    if isinstance(given, Sequence) and not isinstance(given, str):
        listed = [str(name) for name in given]
        given = dict.fromkeys(listed)
        if len(given) < len(listed):
            again = next(name for place, name in enumerate(listed) if name in listed[:place])
            raise InputError("uncertain", again, _ONCE)
    return mapping("uncertain", given)


def read_design(given: object, dimensions: Sequence[Dimension]) -> tuple[str, dict[str, Any]]:
    """Read a design: its name, or a mapping with ``kind`` and options.

    Parameters
    ----------
    given : object
        What stands in the file.
    dimensions : sequence of Dimension
        What varies.

    Returns
    -------
    kind : str
        A key of `sim.studies.design.DESIGNS`.
    options : dict
        Its options, defaults filled in.

    Raises
    ------
    InputError
        For an unknown name or option.
    """
    entry = {"kind": given} if isinstance(given, str) else mapping("design", given)
    kind = entry.get("kind", "list")
    if not isinstance(kind, str) or kind not in DESIGNS:
        raise InputError("design", kind, tuple(DESIGNS))
    _only_keys("design", entry, ("kind", *DESIGNS[kind]))
    options = {**DESIGNS[kind], **{key: value for key, value in entry.items() if key != "kind"}}
    if kind == "list":
        options["samples"] = _listed_samples(options["samples"], dimensions)
    return kind, options


def _listed_samples(given: object, dimensions: Sequence[Dimension]) -> list[dict[str, float]]:
    if given is None or isinstance(given, str) or not isinstance(given, Sequence):
        raise InputError("design.samples", given, {"zh": "样本的列表", "en": "a list of samples"})
    known = {item.name: item for item in dimensions}
    rows = []
    for number, row in enumerate(given, start=1):
        field = f"design.samples[{number}]"
        entry = mapping(field, row)
        _only_keys(field, entry, tuple(known))
        rows.append(
            {
                name: number_between(f"{field}.{name}", value, known[name].low, known[name].high)
                for name, value in entry.items()
            }
        )
    return rows


def names(field: str, given: object) -> list[Any]:
    """Accept a name or a list of names.

    Parameters
    ----------
    field : str
        What it is, for the message.
    given : object
        What was given.

    Returns
    -------
    list
        The names, paths or regions.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(given, (str, Path, Region)):
        return [given]
    if isinstance(given, Sequence) and given and all(isinstance(item, (str, Path, Region)) for item in given):
        return list(given)
    shelf = list_mechanisms() if field.startswith("factors") else None
    raise InputError(field, given, shelf or {"zh": "名称或名称的列表", "en": "a name, or a list of names"})


def mapping(field: str, given: object) -> dict[str, Any]:
    """Accept a mapping, or nothing.

    Parameters
    ----------
    field : str
        What it is, for the message.
    given : object
        What was given.

    Returns
    -------
    dict
        The mapping with text keys.

    Raises
    ------
    InputError
        For anything else.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise InputError(field, given, _A_MAPPING)
    return {str(key): value for key, value in given.items()}


def _only_keys(field: str, entry: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            raise InputError(field, key, known)
