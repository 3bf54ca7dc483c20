"""Models whose answers are known, run as a study runs the border."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Values = Mapping[str, float]


@dataclass(frozen=True)
class Formula:
    """Measures that are formulas of parameters, arm and doses, plus what chance adds.

    ``formula(parameters, arm, doses, chance)`` gives a value for each column; ``chance`` is a generator that
    depends on the seed of the replication alone, so that all points of a replication share it.
    """

    formula: Callable[[Values, str, Values, np.random.Generator], Values]

    def begin(self, region: str, parameters: Values, seed: int) -> tuple[dict[str, float], int]:
        return dict(parameters), seed

    def live(self, past: tuple[dict[str, float], int], arm: str, doses: Values) -> Values:
        parameters, seed = past
        return self.formula(parameters, arm, doses, np.random.Generator(np.random.Philox(seed % 2**63)))

    def check(self) -> None:
        """Everything is usable."""

    def content(self, arm: str, doses: Values) -> Any:
        return [arm, dict(doses)]

    def identity(self) -> dict[str, Any]:
        return {"formula": self.formula.__name__}


def game(parameters: Values, arm: str, doses: Values, chance: np.random.Generator) -> Values:
    """Players add 1, 2, 3; x with y 4, all three 6: Shapley values 1 + 2 + 2, 2 + 2 + 2, 3 + 2; u nothing.

    Each player's own strength varies between replications.
    """
    shock, strength = chance.normal(), 1.0 + 0.2 * chance.normal(size=3)
    x, y, z = (doses.get(name, 0.0) for name in "xyz")
    own = float(strength @ np.array([x, 2 * y, 3 * z]))
    return {
        "border.settled_90_days.all": shock + own + 4 * x * y + 6 * x * y * z,
        "border.staff_days.all": 10 * x + 20 * y + 70 * z,
    }


def ishigami(parameters: Values, arm: str, doses: Values, chance: np.random.Generator) -> Values:
    a, b, c = (parameters[name] for name in ("x1", "x2", "x3"))
    shock = float(chance.normal())
    level = shock if arm == "none" else shock + np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)
    return {"border.settled_90_days.all": float(level)}
