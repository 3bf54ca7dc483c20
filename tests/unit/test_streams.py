from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product as combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from sim import streams
from sim.errors import InputError
from sim.streams import (
    LARGEST_SEED,
    Process,
    check_seed,
    entity_number,
    exponential,
    four_uniforms,
    normal,
    normal_quantile,
    poisson,
    raw,
    replication_seed,
    uniform,
    uniforms,
)

words = st.integers(-(2**63), 2**63 - 1)
seeds = st.integers(0, LARGEST_SEED)
entities = st.integers(0, 2**63 - 1)
days = st.integers(-10_000, 100_000)


def numpy_block(key: tuple[int, int], counter: tuple[int, int, int, int]) -> list[int]:
    """NumPy counts before it draws, so it starts one below."""
    number = sum((word % 2**64) << (64 * place) for place, word in enumerate(counter))
    before = (number - 1) % 2**256
    state = np.array([(before >> (64 * place)) % 2**64 for place in range(4)], dtype=np.uint64)
    keys = np.array([word % 2**64 for word in key], dtype=np.uint64)
    return [int(word) for word in np.random.Philox(key=keys, counter=state).random_raw(4)]


@given(st.tuples(words, words), st.tuples(words, words, words, words))
def test_blocks_are_those_of_numpy(key: tuple[int, int], counter: tuple[int, int, int, int]) -> None:
    assert [int(word) for word in raw(*key, *counter)] == numpy_block(key, counter)


# Published test vectors of the generator's authors (file kat_vectors of Random123, philox4x64-10).
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0, ["16554d9eca36314c", "db20fe9d672d0fdc", "d7e772cee186176b", "7e68b68aec7ba23b"]),
        (-1, ["87b092c3013fe90b", "438c3c67be8d0224", "9cc7d7c69cd777b6", "a09caebf594f0ba0"]),
    ],
)
def test_blocks_are_the_published_ones(word: int, expected: list[str]) -> None:
    assert [f"{int(part):016x}" for part in raw(*[word] * 6)] == expected


@given(seeds, st.sampled_from(list(Process)), entities, days, st.integers(0, 1000))
def test_a_uniform_is_a_word_of_its_block_and_never_0_or_1(
    seed: int, process: Process, entity: int, day: int, index: int
) -> None:
    draw = uniform(seed, int(process), entity, day, index)
    word = numpy_block((seed, process), (entity, day, index // 4, 0))[index % 4]
    assert draw == ((word >> 12) + 0.5) / 2**52
    assert 0.0 < draw < 1.0


@given(seeds, st.sampled_from(list(Process)), entities, days, st.integers(-5, 1000))
def test_four_uniforms_are_those_drawn_one_by_one(
    seed: int, process: Process, entity: int, day: int, block: int
) -> None:
    one_by_one = tuple(uniform(seed, int(process), entity, day, 4 * block + place) for place in range(4))
    assert four_uniforms(seed, int(process), entity, day, block) == one_by_one


def test_the_extreme_uniforms_have_finite_logarithm_and_quantile() -> None:
    for word in (0, 2**52 - 1):
        draw = (float(word) + 0.5) * 2.0**-52
        assert 0.0 < draw < 1.0
        assert abs(normal_quantile(draw)) < 8.3


def test_each_of_the_five_numbers_changes_the_draw() -> None:
    draws = {uniform(*numbers) for numbers in combinations((0, 1, 2), repeat=5)}
    assert len(draws) == 3**5


def test_seed_0_is_a_seed_like_any_other() -> None:
    assert check_seed(0) == 0
    draws = uniforms(0, 1, np.arange(20_000), 0, 0)
    assert stats.kstest(draws, "uniform").pvalue > 0.001


@pytest.mark.parametrize("along", ["seed", "process", "entity", "day", "index"])
def test_draws_are_uniform_and_uncorrelated_along_every_number(along: str) -> None:
    names = ["seed", "process", "entity", "day", "index"]
    numbers = [1, 1, 1, 1, 1]
    draws = np.empty(20_000)
    for step in range(draws.size):
        numbers[names.index(along)] = step
        draws[step] = uniform(*numbers)
    assert stats.kstest(draws, "uniform").pvalue > 0.001
    for lag in (1, 2, 7):
        # The correlation of independent draws has a standard deviation of 1 / sqrt(n).
        assert abs(np.corrcoef(draws[:-lag], draws[lag:])[0, 1]) < 4.0 / np.sqrt(draws.size)


def test_the_normal_quantile_has_15_digits() -> None:
    tails = 10.0 ** -np.linspace(0.31, 15.9, 400)
    for probability in np.concatenate([np.linspace(0.001, 0.999, 999), tails, 1.0 - tails]):
        exact = ndtri(probability)
        assert normal_quantile(probability) == pytest.approx(exact, rel=1e-14, abs=1e-15)


@given(seeds, entities, days)
def test_a_normal_is_the_quantile_of_the_uniform(seed: int, entity: int, day: int) -> None:
    expected = ndtri(uniform(seed, 1, entity, day, 3))
    assert normal(seed, 1, entity, day, 3) == pytest.approx(expected, rel=1e-14, abs=1e-15)


@given(seeds, entities, st.floats(0.0, 1e6))
def test_an_exponential_is_the_quantile_of_the_uniform(seed: int, entity: int, mean: float) -> None:
    expected = -mean * np.log1p(-uniform(seed, 1, entity, 5, 0))
    assert exponential(seed, 1, entity, 5, 0, mean) == pytest.approx(expected, rel=1e-12)


@given(seeds, entities, st.floats(1e-6, 400.0))
def test_a_poisson_count_is_the_quantile_of_the_uniform(seed: int, entity: int, mean: float) -> None:
    draw = uniform(seed, 1, entity, 5, 0)
    count = poisson(seed, 1, entity, 5, 0, mean)
    assert count == stats.poisson.ppf(draw, mean)


@given(seeds, entities, st.floats(501.0, 1e5))
def test_a_large_poisson_count_is_right_to_an_event(seed: int, entity: int, mean: float) -> None:
    expected = stats.poisson.ppf(uniform(seed, 1, entity, 5, 0), mean)
    assert abs(poisson(seed, 1, entity, 5, 0, mean) - expected) <= 1


@given(seeds, entities, st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_a_higher_rate_keeps_the_events_of_the_lower(
    seed: int, entity: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert poisson(seed, 1, entity, 5, 0, low) <= poisson(seed, 1, entity, 5, 0, high)


@pytest.mark.parametrize("mean", [0.0, -1.0, float("nan")])
def test_no_rate_means_no_event(mean: float) -> None:
    assert poisson(1, 1, 1, 1, 1, mean) == 0


@given(seeds, st.lists(entities, max_size=20))
def test_many_draws_are_the_single_ones(seed: int, numbers: list[int]) -> None:
    many = uniforms(seed, 3, numbers, 8, 2)
    assert many.tolist() == [uniform(seed, 3, number, 8, 2) for number in numbers]


@pytest.mark.parametrize("good", [0, 1, LARGEST_SEED, np.int64(5), np.uint32(7)])
def test_whole_numbers_are_seeds(good: int) -> None:
    assert check_seed(good) == int(good)
    assert type(check_seed(good)) is int


@pytest.mark.parametrize("bad", [-1, 2**63, True, np.True_, 1.0, "1", None, np.int64(-3), [1]])
def test_anything_else_is_no_seed(bad: object) -> None:
    with pytest.raises(InputError, match="seed"):
        check_seed(bad)


def test_the_plain_constants_are_the_table_of_processes() -> None:
    for process in Process:
        assert getattr(streams, process.name) == process.value
        assert type(getattr(streams, process.name)) is int
    assert len({process.value for process in Process}) == len(list(Process.__members__))


def test_entities_have_their_own_numbers() -> None:
    codes = [f"4509221112{number:02d}" for number in range(100)]
    numbers = {entity_number(code) for code in codes}
    assert len(numbers) == 100
    assert all(0 <= number < 2**63 for number in numbers)
    assert entity_number("a", "b") != entity_number("b", "a")
    # The number belongs to results, so it must never change.
    assert entity_number("450922111201") == 6186038683129600057


SAMPLE = """
import json, warnings
warnings.simplefilter("error")
import numpy as np
from sim.streams import exponential, normal, poisson, raw, uniform, uniforms
from sim.wide import product, total
rows = []
for n in (0, 1, 7, 123456789, 2**62 + 12345, -1, -2**40):
    rows.append([int(word) for word in raw(n, 3, n, -n, 5, 0)])
    rows.append(uniform(5, 2, n, -3, 1).hex())
    rows.append(float(normal(5, 2, n, 3, 1)).hex())
    rows.append(float(exponential(5, 2, n, 3, 1, 2.5)).hex())
    rows.append([int(poisson(5, 2, n, 3, 1, mean)) for mean in (0.01, 3.0, 80.0, 900.0)])
rows.append([draw.hex() for draw in uniforms(1, 2, np.arange(5, dtype=np.int32), 3, 4).tolist()])
rows.append(uniform(np.int32(1), np.int8(2), np.int64(9), np.int32(-3), 0).hex())
print(json.dumps(rows))
"""


def test_plain_python_draws_the_same_bits_without_a_warning() -> None:
    answers = [
        subprocess.run(
            [sys.executable, "-c", SAMPLE],
            env=os.environ | {"NUMBA_DISABLE_JIT": disabled},
            capture_output=True,
            text=True,
            check=True,
        )
        for disabled in ("0", "1")
    ]
    assert json.loads(answers[0].stdout) == json.loads(answers[1].stdout)
    assert [answer.stderr for answer in answers] == ["", ""]


@given(st.integers(0, 2**63 - 1), st.integers(0, 10_000), st.integers(0, 10_000))
def test_every_replication_has_a_seed_of_its_own(seed: int, first: int, second: int) -> None:
    seeds = replication_seed(seed, first), replication_seed(seed, second)
    assert all(0 <= one < 2**63 for one in seeds)
    assert (seeds[0] == seeds[1]) == (first == second)
