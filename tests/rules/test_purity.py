"""What holds for every rule, found by looking, so that a new rule is covered from its first day."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any, get_type_hints

import numba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.rules
from sim import elementary

MODULES = [
    importlib.import_module(f"sim.rules.{entry.name}") for entry in pkgutil.iter_modules(sim.rules.__path__)
]
RULES: dict[str, Any] = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": getattr(module, name)
    for module in MODULES
    for name in module.__all__
    if callable(getattr(module, name))
}
# Steps of a rule that only its own file calls; they are bound by the same law.
HELPERS: dict[str, Any] = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if name.startswith("_") and callable(value) and getattr(value, "__module__", "") == module.__name__
}
# What counts or measures runs further than shares, chances and draws, which lie between 0 and 1.
LONG = ("days", "day", "hours", "full", "balance", "busy_until", "sessions", "distance_km", "desk_full")
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


def plain(rule: Any) -> Callable[..., Any]:
    """The function as it is written, also where the compiler is switched off."""
    return getattr(rule, "py_func", rule)


def argument(name: str, kind: type) -> st.SearchStrategy[Any]:
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(1, 4)
    longest = 400.0 if name.endswith(LONG) else 0.99
    return st.floats(0.01, longest)


def test_the_search_finds_rules_in_every_file() -> None:
    assert {name.split(".")[0] for name in RULES} == {module.__name__.rsplit(".", 1)[1] for module in MODULES}
    assert "choosing._disturbed" in HELPERS
    assert {"willingness.effort_worth", "mediation.session_chance", "working.hours_of_other"} <= set(RULES)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_public_function_hides_from_the_search(module: ModuleType) -> None:
    own = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and callable(value) and plain(value).__module__ == module.__name__
    }
    assert own == {name for name in module.__all__ if callable(getattr(module, name))}


@every_rule
@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="the compiler is switched off")
def test_is_compiled(rule: Any) -> None:
    assert isinstance(rule, numba.core.dispatcher.Dispatcher)


@every_rule
def test_takes_numbers_and_gives_a_number(rule: Any) -> None:
    assert set(get_type_hints(plain(rule)).values()) <= {bool, int, float}
    assert all(item.default is item.empty for item in inspect.signature(plain(rule)).parameters.values())


@pytest.mark.parametrize("rule", [*RULES.values(), *HELPERS.values()], ids=[*RULES, *HELPERS])
def test_looks_at_nothing_but_its_arguments(rule: Any) -> None:
    outside = inspect.getclosurevars(plain(rule))
    assert outside.nonlocals == {}
    for name, value in outside.globals.items():
        is_constant = isinstance(value, (bool, int, float)) and name.isupper()
        is_rule = any(value is other for other in (*RULES.values(), *HELPERS.values()))
        is_elementary = getattr(elementary, name, None) is value
        assert value is math or is_constant or is_rule or is_elementary, name


@every_rule
@settings(max_examples=60)
@given(data=st.data())
def test_is_the_same_compiled_and_plain(rule: Any, data: st.DataObject) -> None:
    hints = get_type_hints(plain(rule))
    hints.pop("return")
    given_values = [data.draw(argument(name, kind), name) for name, kind in hints.items()]
    result = rule(*given_values)
    assert rule(*given_values) == result
    assert not math.isnan(result)
    assert result == plain(rule)(*given_values)
