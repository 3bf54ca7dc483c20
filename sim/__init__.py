"""Boundary governance simulation: what an alliance across a border changes, and what it costs.

The names below are the public face. Each is loaded when first used, so that ``import sim.errors``
or the help of the command does not wait for the compiler.

Examples
--------
>>> import sim
>>> sorted(sim.__all__)
['BorderModel', 'compare', 'load_region', 'open_results', 'open_study', 'run_study']
"""

from importlib import import_module
from typing import Any

# ruff: noqa: F822  (loaded by __getattr__)
__all__ = ["BorderModel", "compare", "load_region", "open_results", "open_study", "run_study"]

__version__ = "0.1.0"

_HOME = {
    "BorderModel": "sim.model",
    "compare": "sim.studies.comparison",
    "load_region": "sim.world.region",
    "open_results": "sim.studies.results",
    "open_study": "sim.studies.store.reader",
    "run_study": "sim.studies.study",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
