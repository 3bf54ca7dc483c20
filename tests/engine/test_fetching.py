from __future__ import annotations

import numpy as np

from sim.engine.fetching import fetch


def test_fetching_changes_nothing_and_takes_no_harm_from_no_row() -> None:
    table = np.arange(12.0).view([("a", "f8"), ("b", "f8")]).view(np.recarray)
    before = table.tobytes()
    for row in (-1, 0, 5):
        fetch(table, row)
    assert table.tobytes() == before
