"""One small model in five ways: neighbours on a ring drift toward each other and lose a little.

The same numbers in the same order everywhere, so that all five end in the same state; what differs is how a
framework keeps agents and calls them.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiler import compiled

DRIFT = 0.1
COST = 0.01


@compiled
def drift(own: float, left: float, right: float) -> float:
    """Move toward the mean of both neighbours, and lose a share."""
    return (1.0 - COST) * (own + DRIFT * (0.5 * (left + right) - own))


@compiled
def _live(state: NDArray[np.float64], steps: int) -> None:
    after = np.empty_like(state)
    count = state.size
    for _ in range(steps):
        for agent in range(count):
            after[agent] = drift(state[agent], state[agent - 1], state[(agent + 1) % count])
        state[:] = after


def start(agents: int) -> NDArray[np.float64]:
    """Give the state at the start."""
    return (np.arange(agents) * 7919 % 1000) / 1000.0


def by_tables(agents: int, steps: int) -> NDArray[np.float64]:
    """As this package does it: a rule of numbers, a compiled loop over a column."""
    state = start(agents)
    _live(state, steps)
    return state


def by_numpy(agents: int, steps: int) -> NDArray[np.float64]:
    """Vectorised."""
    state = start(agents)
    for _ in range(steps):
        mean = 0.5 * (np.roll(state, 1) + np.roll(state, -1))
        state = (1.0 - COST) * (state + DRIFT * (mean - state))
    return state


class _Plain:
    def __init__(self, value: float) -> None:
        self.value = self.after = value
        self.left = self.right = self

    def look(self) -> None:
        self.after = (1.0 - COST) * (
            self.value + DRIFT * (0.5 * (self.left.value + self.right.value) - self.value)
        )

    def move(self) -> None:
        self.value = self.after


def _link(members: list[Any]) -> None:
    for place, agent in enumerate(members):
        agent.left, agent.right = members[place - 1], members[(place + 1) % len(members)]


def by_objects(agents: int, steps: int) -> NDArray[np.float64]:
    """Plain Python objects without any framework."""
    members = [_Plain(float(value)) for value in start(agents)]
    _link(members)
    for _ in range(steps):
        for agent in members:
            agent.look()
        for agent in members:
            agent.move()
    return np.array([agent.value for agent in members])


def by_mesa(agents: int, steps: int) -> NDArray[np.float64]:
    """Mesa: a model, an AgentSet, `do`."""
    import mesa

    class Neighbour(mesa.Agent):
        look, move = _Plain.look, _Plain.move

        def __init__(self, model: mesa.Model, value: float) -> None:
            super().__init__(model)
            self.value = self.after = value

    class Ring(mesa.Model):
        def __init__(self) -> None:
            super().__init__(seed=1)
            _link([Neighbour(self, float(value)) for value in start(agents)])

        def step(self) -> None:
            self.agents.do("look")
            self.agents.do("move")

    model = Ring()
    for _ in range(steps):
        model.step()
    return np.array([agent.value for agent in model.agents])


def by_agentpy(agents: int, steps: int) -> NDArray[np.float64]:
    """AgentPy: a model with `setup` and `step`, an AgentList."""
    import agentpy

    class Neighbour(agentpy.Agent):
        look, move = _Plain.look, _Plain.move

        def setup(self) -> None:
            self.value = self.after = 0.0

    class Ring(agentpy.Model):
        def setup(self) -> None:
            self.agents = agentpy.AgentList(self, agents, Neighbour)
            for agent, value in zip(self.agents, start(agents), strict=True):
                agent.value = float(value)
            _link(list(self.agents))

        def step(self) -> None:
            self.agents.look()
            self.agents.move()

    model = Ring({"steps": steps, "seed": 1})
    model.run(display=False)
    return np.array([agent.value for agent in model.agents])


WAYS = {
    "tables": by_tables,
    "numpy": by_numpy,
    "objects": by_objects,
    "mesa": by_mesa,
    "agentpy": by_agentpy,
}


def installed() -> list[str]:
    """Name the ways whose framework is there."""
    return [name for name in WAYS if name not in ("mesa", "agentpy") or _module(name) is not None]


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None
