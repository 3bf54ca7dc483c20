from __future__ import annotations

import operator
import os

import pytest

from sim.errors import InputError, SimulationError
from sim.studies.pool import open_runner


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_is_done_once_with_what_is_shared(workers: int) -> None:
    with open_runner(operator.mul, 7, workers) as runner:
        assert sorted(runner(range(6))) == [0, 7, 14, 21, 28, 35]
        # The same workers take the next batch.
        assert list(runner([6])) == [42]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_raises_comes_through(workers: int) -> None:
    with pytest.raises(IndexError), open_runner(operator.getitem, (1, 2), workers) as runner:
        list(runner([0, 5, 1]))


def test_a_worker_that_dies_is_named_in_a_sentence() -> None:
    dying = pytest.raises(SimulationError, match="ended before its work was done")
    with dying, open_runner(operator.call, os._exit, 2) as runner:
        list(runner([3]))


def test_an_interrupt_closes_the_workers() -> None:
    with pytest.raises(KeyboardInterrupt), open_runner(operator.mul, 7, 2) as runner:
        list(runner([1]))
        raise KeyboardInterrupt


def test_an_input_error_survives_the_way_back() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(InputError("arms", "x", ["none"], where="a.yaml")))
    assert error.message("zh") == InputError("arms", "x", ["none"], where="a.yaml").message("zh")
