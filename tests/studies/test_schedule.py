from __future__ import annotations

import numpy as np
import pytest

from sim.studies.schedule import Schedule
from sim.studies.study_plan import StudyPlan, plan_study
from sim.studies.study_runs import OK, Outcome

SECONDS = 0.05
# Two arms share a past and stay together.
PAIR = 2 * SECONDS + 1e-9


@pytest.fixture(scope="module")
def plan() -> StudyPlan:
    design = {"kind": "latin_hypercube", "samples": 10}
    uncertain = {"belief_weight": None}
    return plan_study(
        {"arms": ["none", "paper"], "uncertain": uncertain, "design": design, "replications": 50}
    )


def portions(plan: StudyPlan, workers: int) -> list[list[tuple[int, int]]]:
    """Give the runs of each chunk, by point and replication, where every run takes the same time."""
    schedule = Schedule(plan, {}, workers=workers)
    schedule.learn(Outcome([0], [0], [1], [OK], [""], [SECONDS], (), np.zeros((1, 0))))
    chunks = list(iter(schedule.next_chunk, None))
    return [[(arm[0], unit.replication) for unit in chunk for arm in unit.arms] for chunk in chunks]


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_every_run_is_handed_out_once(plan: StudyPlan, workers: int) -> None:
    runs = [run for chunk in portions(plan, workers) for run in chunk]
    assert len(runs) == len(set(runs)) == len(plan.points) * 50


def test_the_last_chunks_are_short_where_others_would_wait_for_them(plan: StudyPlan) -> None:
    lengths = [len(chunk) * SECONDS for chunk in portions(plan, 2)]
    assert lengths[0] == pytest.approx(4.0, abs=PAIR)
    assert max(lengths[-2:]) <= 0.25
    # Each is about an eighth of what is left, so that both workers always have one ahead.
    for place, length in enumerate(lengths[:-1]):
        assert length <= max(0.25, sum(lengths[place:]) / 8) + 1e-9


def test_one_worker_gets_whole_chunks_to_the_end(plan: StudyPlan) -> None:
    lengths = [len(chunk) * SECONDS for chunk in portions(plan, 1)]
    assert all(length == pytest.approx(4.0, abs=PAIR) for length in lengths[:-1])
