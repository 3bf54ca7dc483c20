from __future__ import annotations

import math

import numpy as np
import pytest

from sim.studies.false_discovery import false_discovery_values


def test_the_procedure_by_hand() -> None:
    # Sorted .01 .02 .03 .5: times 4/1, 4/2, 4/3, 4/4, and from the largest down never rising.
    adjusted = false_discovery_values(np.array([0.03, 0.01, np.nan, 0.5, 0.02]))
    assert adjusted[[0, 1, 3, 4]] == pytest.approx([0.04, 0.04, 0.5, 0.04])
    assert math.isnan(adjusted[2])
    assert np.isnan(false_discovery_values(np.array([np.nan]))).all()
