"""The libraries of the extra ``notebooks``, which nothing else of the project needs."""

from __future__ import annotations

from typing import Any, Final

from sim.studies.extras import extra_module

__all__ = ["NOTEBOOKS_EXTRA", "notebook_library"]

NOTEBOOKS_EXTRA: Final = "notebooks"


def notebook_library(module: str) -> Any:
    """Import a library of the extra ``notebooks``.

    Parameters
    ----------
    module : str
        Module to import, such as ``ipywidgets``.

    Returns
    -------
    module
        The module.

    Raises
    ------
    InputError
        If it is not installed; the sentence says how to get it.

    Examples
    --------
    >>> notebook_library("json").loads("[1]")
    [1]
    """
    return extra_module(module, "notebook", NOTEBOOKS_EXTRA)
