"""Libraries that only some ways of running a study need, and a sentence where one is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from sim.errors import InputError

__all__ = ["STUDIES_EXTRA", "extra_module"]

STUDIES_EXTRA: Final = "studies"
_DISTRIBUTIONS: Final = {
    "distributed": "dask[distributed]",
    "ema_workbench": "ema-workbench",
    "sklearn": "scikit-learn",
}


def extra_module(module: str, needed_for: str) -> Any:
    """Import a library of the extra ``studies``.

    Parameters
    ----------
    module : str
        Module to import, such as ``SALib.sample.morris``.
    needed_for : str
        What was asked for, for the message.

    Returns
    -------
    module
        The module.

    Raises
    ------
    InputError
        If the library is not installed; the sentence says how to get it.

    Examples
    --------
    >>> extra_module("json", "a manifest").dumps([1])
    '[1]'
    >>> extra_module("no_such_library", "a chart of chances")
    Traceback (most recent call last):
    sim.errors.InputError: a chart of chances = 'no_such_library' is not usable; allowed: an installed ...
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        name = _DISTRIBUTIONS.get(name, name)
        command = f'pip install -e ".[{STUDIES_EXTRA}]"'
        allowed = {
            "zh": f"已安装的程序库；附加组件 {STUDIES_EXTRA} 含有它：{command}",
            "en": f"an installed library; the extra {STUDIES_EXTRA} brings it: {command}",
        }
        raise InputError(needed_for, name, allowed) from error
