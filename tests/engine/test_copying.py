from __future__ import annotations

import numpy as np
import pytest

from sim.engine import copying
from sim.engine.columns import CASES, blank


@pytest.mark.parametrize("copy", [copying.copy_row, copying._copy_plain])
def test_a_row_is_copied_to_the_byte_and_no_other_is_touched(copy: object) -> None:
    rows, table = blank(1, CASES), blank(3, CASES)
    rows.view(np.uint8)[:] = np.arange(CASES.itemsize) % 251
    table.view(np.uint8)[:] = 255
    assert callable(copy)
    copy(rows, table, 1)
    written = table.view(np.uint8).reshape(3, CASES.itemsize)
    assert written[1].tobytes() == rows.tobytes()
    assert (written[[0, 2]] == 255).all()
