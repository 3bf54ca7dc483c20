"""Libraries that only some parts of the project need, and a sentence where one is missing."""

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


def extra_module(module: str, needed_for: str, extra: str = STUDIES_EXTRA) -> Any:
    """Import a library that an extra brings.

    Parameters
    ----------
    module : str
        Module to import, such as ``SALib.sample.morris``.
    needed_for : str
        What was asked for, for the message.
    extra : str
        Name of the extra; ``studies`` by default.

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
        command = f'pip install -e ".[{extra}]"'
        allowed = {
            "zh": f"已安装的程序库；附加组件 {extra} 含有它：{command}",
            "en": f"an installed library; the extra {extra} brings it: {command}",
        }
        raise InputError(needed_for, name, allowed) from error
