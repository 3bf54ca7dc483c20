"""A border without mechanisms, and its record by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.columns import RECORD_FIELDS
from sim.engine.simulation import Simulation

FIELD = {name: index for index, name in enumerate(RECORD_FIELDS)}


@dataclass
class Past:
    """A border without mechanisms, eight years long."""

    simulation: Simulation

    def yearly(self, field: str, scope: int) -> np.ndarray:
        """Give the yearly sums of a recorded quantity."""
        record = self.simulation.columns.record[:, scope, FIELD[field]]
        return record[: len(record) // 12 * 12].reshape(-1, 12).sum(axis=1)
