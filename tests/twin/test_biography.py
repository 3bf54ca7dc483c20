"""What is read off the rows of a case is what the twin saw happen to it."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings

from sim.engine.simulation import Simulation
from sim.levers.compilation import compile_institutions
from sim.levers.mechanisms import load_package
from sim.measures.biography import follow, identify
from sim.measures.case_table import case_table
from sim.parameters import Parameters
from sim.world.world import lay_out
from tests.twin.border import Border
from tests.twin.borders import Trial, all_mechanisms, every_level, few_towns, trials
from tests.twin.witness import ACTS, Act, Witness

BUSY = Parameters({"border_disputes_per_village": 4.0, "neighbour_disputes_per_village": 1.0})
# Desks so small that dates are put off or not found, and offices that rather refer than act.
SHORT = Parameters({
    "border_disputes_per_village": 6.0, "desk_hours_village": 0.27, "desk_hours_town": 0.4,
    "desk_hours_county": 0.67, "desk_hours_department": 1.3, "desk_saving_days": 5,
    "refer_no_superior": -0.17, "refer_base": -0.12, "choice_sharpness": 3.0, "forwarding": 0.95,
})  # fmt: skip
TRIALS = ("none", "completed", "standing", "short")
MUST_OCCUR = {
    "none": {"alone", "alone_planned", "called", "left", "lost", "met", "own", "referred", "given_up"},
    "completed": {"called", "met", "absent", "item", "forgotten", "convened", "settled"},
    "standing": {"called", "met", "absent", "item", "forgotten", "convened", "relapsed"},
    "short": {"postponed", "no_date", "returned", "alone_planned"},
}


def trial(name: str) -> Trial:
    if name == "standing":
        return Trial(lay_out(every_level(2), 2), BUSY, 11, 120, all_mechanisms(), 300)
    if name == "short":
        return Trial(lay_out(few_towns(), 1), SHORT, 7, 120, load_package("five_links"), 400)
    return Trial(lay_out(few_towns(), 1), BUSY, 7, 120, load_package(name), 300)


def seen(one: Trial, patch: pytest.MonkeyPatch) -> dict[tuple[int, int], list[Act]]:
    """Let the twin live a trial, and give what its witness wrote down since the fork."""
    witness = Witness(patch)
    twin = Border(one.world, one.parameters, one.seed)
    twin.run(one.burn_in)
    twin.adopt(compile_institutions(one.package, one.world, one.parameters, one.days))
    witness.lives.clear()
    twin.run(one.days)
    return witness.lives


def told(one: Trial) -> tuple[pd.DataFrame, Simulation]:
    """Follow every case between villages, and some inside, through the same trial in the engine."""
    past = Simulation(one.world, one.parameters, one.seed)
    past.run(one.burn_in)
    institutions = compile_institutions(one.package, one.world, one.parameters, one.days)
    last_day = one.burn_in + one.days
    whole = past.fork(institutions)
    whole.run(one.days)
    cases = case_table(whole, 0, last_day)
    names = [*cases.loc[cases["tie"] >= 0, "case"], *cases.loc[cases["tie"] < 0, "case"].iloc[::20]]
    run = past.fork(institutions)
    table = follow(run, names, last_day)
    assert run.digest() == whole.digest()
    return table, run


def compare(one: Trial) -> tuple[Counter[str], int]:
    """Hold every act that is told to the one that happened; count them, and those not told in full."""
    with pytest.MonkeyPatch.context() as patch:
        lives = seen(one, patch)
    table, run = told(one)
    table = table[table["event"].isin(ACTS) & (table["day"] >= one.burn_in)]
    kinds: Counter[str] = Counter()
    vague = 0
    for case, life in table.groupby("case", sort=False):
        happened = lives.get(identify(run, str(case)), [])
        read = list(life[["day", "event", "detail", "tier", "side"]].itertuples(index=False, name=None))
        assert [act[:2] for act in read] == [act[:2] for act in happened], case
        for told_act, act in zip(read, happened, strict=True):
            is_vague = told_act[2] in ("unknown", "unclear")
            assert is_vague or told_act == act, case
            vague += is_vague
            kinds[act[1]] += 1
    return kinds, vague


@pytest.mark.parametrize("name", TRIALS)
def test_every_act_is_told_as_it_happened(name: str) -> None:
    kinds, vague = compare(trial(name))
    assert sum(kinds.values()) > 400
    # Who made an effort cannot be told where an office had several sessions on one day.
    assert vague < 0.05 * sum(kinds.values())
    assert set(kinds) >= MUST_OCCUR[name]


@settings(max_examples=15)
@given(one=trials())
def test_the_same_holds_on_any_border_under_any_institutions(one: Trial) -> None:
    compare(one)
