from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.studies.design import DESIGNS, Dimension, draw_samples
from sim.studies.extras import extra_module
from sim.studies.fractions import fractional_factorial
from sim.studies.study_dimensions import read_design, read_factors, read_uncertain


def ranges(count: int) -> list[Dimension]:
    return [Dimension(f"x{number}", "parameter", 0.0, 10.0, 5.0) for number in range(count)]


def switches(count: int) -> list[Dimension]:
    return [Dimension(f"f{number}", "factor", 0.0, 1.0, 1.0, (0.0, 1.0)) for number in range(count)]


def drawn(kind: str, dimensions: list[Dimension], seed: int = 1, **options: Any) -> np.ndarray:
    return draw_samples(kind, {**DESIGNS[kind], **options}, dimensions, seed).units


def short_words(signs: np.ndarray, most: int) -> list[tuple[int, ...]]:
    """List the products of up to so many columns that never change sign: the words of the relation."""
    factors = range(signs.shape[1])
    return [
        word
        for length in range(1, most + 1)
        for word in itertools.combinations(factors, length)
        if abs(signs[:, list(word)].prod(axis=1).sum()) == len(signs)
    ]


@pytest.mark.parametrize("resolution", [4, 5])
@pytest.mark.parametrize("factors", range(1, 12))
def test_a_fraction_has_the_resolution_it_says(factors: int, resolution: int) -> None:
    signs = fractional_factorial(factors, resolution)
    assert set(np.unique(signs)) == {-1, 1}
    assert short_words(signs, min(resolution - 1, factors)) == []


# Runs of the smallest regular fractions, from the tables of Box, Hunter and Hunter.
@pytest.mark.parametrize(
    ("factors", "resolution", "runs"),
    [
        (4, 4, 8),
        (6, 4, 16),
        (8, 4, 16),
        (9, 4, 32),
        (5, 5, 16),
        (6, 5, 32),
        (7, 5, 64),
        (8, 5, 64),
        (10, 5, 128),
    ],
)
def test_a_fraction_is_as_small_as_it_can_be(factors: int, resolution: int, runs: int) -> None:
    assert len(fractional_factorial(factors, resolution)) == runs


def test_the_check_catches_a_fraction_that_only_claims_its_resolution() -> None:
    claimed = extra_module("pyDOE3", "a test").fracfact_by_res(7, 5)
    assert len(claimed) == 32
    assert short_words(claimed, 4) != []


def test_a_full_factorial_has_every_combination_once() -> None:
    three = Dimension("d", "factor", 0.0, 1.0, 1.0, (0.0, 0.5, 1.0))
    units = drawn("full_factorial", [*ranges(1), three, *switches(1)], levels=4)
    assert len({tuple(row) for row in units}) == len(units) == 4 * 3 * 2
    assert sorted({three.value(row[1]) for row in units}) == [0.0, 0.5, 1.0]


def test_a_hypercube_has_one_sample_in_every_layer() -> None:
    units = drawn("latin_hypercube", ranges(3), samples=20)
    for column in units.T:
        assert sorted((column * 20).astype(int)) == list(range(20))
    assert np.array_equal(units, drawn("latin_hypercube", ranges(3), samples=20))
    assert not np.array_equal(units, drawn("latin_hypercube", ranges(3), seed=0, samples=20))


def test_steps_of_morris_change_one_dimension_each() -> None:
    units = drawn("morris", ranges(5), trajectories=3).reshape(3, 6, 5)
    changed = (np.diff(units, axis=1) != 0.0).sum(axis=2)
    assert (changed == 1).all()


@pytest.mark.parametrize(("second", "rows"), [(False, 8 * 5), (True, 8 * 8)])
def test_sobol_has_the_rows_of_saltelli_and_can_be_extended(second: bool, rows: int) -> None:
    units = drawn("sobol", ranges(3), samples=8, second_order=second)
    assert len(units) == rows
    assert np.array_equal(units, drawn("sobol", ranges(3), samples=16, second_order=second)[:rows])


def test_shapley_orders_come_in_pairs_and_can_be_extended() -> None:
    samples = draw_samples("shapley", {"permutations": 4}, switches(4), 3)
    players = [samples.columns["player"][start + 1 : start + 5] for start in range(0, 20, 5)]
    assert players[0] == players[1][::-1]
    assert sorted(players[2]) == ["f0", "f1", "f2", "f3"]
    joined = (samples.units > 0.5).sum(axis=1)
    assert joined.tolist() == samples.columns["position"] == [0, 1, 2, 3, 4] * 4
    longer = draw_samples("shapley", {"permutations": 6}, switches(4), 3)
    assert np.array_equal(longer.units[:20], samples.units)


def test_without_a_number_of_orders_every_coalition_is_formed() -> None:
    units = drawn("shapley", switches(4))
    assert len({tuple(row) for row in units}) == len(units) == 16


@pytest.mark.parametrize(
    ("kind", "dimensions", "options", "field"),
    [
        ("sobol", ranges(2), {"samples": 12}, "design.samples"),
        ("sobol", ranges(2), {"second_order": 1}, "design.second_order"),
        ("morris", ranges(2), {"levels": 5}, "design.levels"),
        ("morris", [], {}, "design"),
        ("latin_hypercube", ranges(2), {"samples": 1.5}, "design.samples"),
        ("fractional_factorial", switches(5), {"resolution": 3}, "design.resolution"),
        ("full_factorial", ranges(12), {"levels": 10}, "design"),
        ("shapley", ranges(2), {}, "design"),
        ("shapley", switches(13), {}, "design.permutations"),
        ("list", switches(1), {"samples": [{"f0": 0.5}]}, "design.samples[1].f0"),
    ],
)
def test_a_design_that_cannot_be_is_refused(kind: str, dimensions: Any, options: Any, field: str) -> None:
    with pytest.raises(InputError) as refused:
        drawn(kind, dimensions, **options)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"duty": {"level": 1}}, "factors.duty"),
        ({"duty": {"levels": [0, 2]}}, "factors.duty.levels"),
        ({"duty": {"levels": [1]}}, "factors.duty.levels"),
        ({"duty": {"levels": [0, 0]}}, "factors.duty.levels"),
        ({"duty": {"low": 0.5, "high": 0.5}}, "factors.duty.high"),
        ("duty", "factors"),
    ],
)
def test_a_factor_that_cannot_be_is_refused(given: Any, field: str) -> None:
    with pytest.raises(InputError) as refused:
        read_factors(given)
    assert refused.value.field == field


def test_a_dose_may_take_any_value_of_its_range() -> None:
    (dose,) = read_factors({"duty": {"low": 0.2}})
    assert (dose.low, dose.high, dose.levels) == (0.2, 1.0, ())
    assert dose.value(0.5) == pytest.approx(0.6)


def test_a_parameter_has_the_range_of_the_table_unless_one_is_stated() -> None:
    table, own = read_uncertain(["belief_weight"]) + read_uncertain(
        {"belief_weight": {"low": 0.2, "high": 0.3}}
    )
    assert (table.low, table.high) == (0.1, 0.42)
    assert (own.low, own.high, own.default) == (0.2, 0.3, 0.25)


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        (["belief_wieght"], "belief_weight"),
        ({"belief_weight": {"low": -1}}, None),
        ({"belief_weight": {"low": 0.3, "high": 0.3}}, None),
        ({"belief_weight": {"hi": 0.3}}, "high"),
        ({"mine": {"low": 0, "high": 1}}, None),
    ],
)
def test_a_range_that_cannot_be_is_refused(given: Any, nearest: str | None) -> None:
    with pytest.raises(InputError) as refused:
        read_uncertain(given)
    assert refused.value.nearest == nearest


def test_a_mistyped_design_gets_the_nearest_name() -> None:
    with pytest.raises(InputError) as refused:
        read_design("latin-hypercub", [])
    assert refused.value.nearest == "latin_hypercube"
    with pytest.raises(InputError) as refused:
        read_design({"kind": "morris", "trajectory": 3}, [])
    assert refused.value.nearest == "trajectories"


def test_a_missing_library_is_named_with_its_extra() -> None:
    with pytest.raises(InputError, match=r'design morris = .* pip install -e ".\[studies\]"'):
        extra_module("no_such_library.sample", "design morris")
