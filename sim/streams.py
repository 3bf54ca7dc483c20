"""Random numbers as pure functions of (seed, process, entity, day, index).

There is no generator and no state: the same five numbers give the same draw in any order, on any number
of workers. Two arms of a study therefore meet the same shocks, and differ only through what they do.
The generator is Philox4x64-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as
1, 2, 3"), with key (seed, process) and counter (entity, day, block, 0). A block has four words, and draw
number `index` is word `index % 4` of block `index // 4`, so that what is drawn together costs one block.
"""

from __future__ import annotations

import hashlib
import math
import operator
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiler import compiled
from sim.elementary import exp, log
from sim.errors import InputError
from sim.quantile import normal_quantile
from sim.wide import product, total

__all__ = [
    "Process",
    "check_seed",
    "entity_number",
    "exponential",
    "four_uniforms",
    "normal",
    "normals",
    "normal_quantile",
    "poisson",
    "raw",
    "replication_seed",
    "uniform",
    "uniforms",
]

LARGEST_SEED: Final = 2**63 - 1


class Process(IntEnum):
    """What a draw is for. A number is given once and never re-used, or old results could not be repeated."""

    LAYOUT = 1  # where villages of a town lie
    RESIDENTS = 2  # how a town's residents spread over its villages
    FARMS = 3  # how many livestock farms a village has
    LEGACY = 4  # claims that a tie inherits
    TIE_CANDIDATE = 5  # which further ties exist
    OFFICE = 6  # differences between offices
    COVERAGE = 7  # which pairs a mechanism covers
    TRUST = 8  # baseline of trust of a tie
    ARRIVAL = 9  # when cases arise, and whether a candidate becomes a case
    CASE = 10  # what a case is: difficulty, subject, who learns of it and when
    CHOICE = 11  # what an office does with a case
    REACH = 12  # whether a request reaches the other side
    EFFORT = 13  # whether a side makes an effort on a case
    ATTEND = 14  # whether a side attends though it intends no effort
    OUTCOME = 15  # whether a session settles a case, and whether the agreement bounces
    WORSEN = 16  # when a case worsens
    RELAPSE = 17  # whether and when a settled case opens again
    MEETING = 18  # who attends a meeting
    ITEM = 19  # which items of a meeting are remembered
    DUTY = 20  # who performs a duty day
    PATROL = 21  # which stretch a team visits
    OFFENCE = 22  # gain, place and fate of an offence
    OPERATION = 23  # large operations
    FLOW = 24  # monthly flow of the river
    SERVICE = 25  # service requests
    TURNOVER = 26  # changes of cadre
    REPLICATION = 27  # seeds of replications
    REFERRAL = 28  # whether a case that is referred upward arrives
    GIVING_UP = 29  # when the parties of a case give it up
    COUNTRY = 40  # the ground of a made-up country
    REVIEW = 30  # which of several mechanisms that look alike a unit changes first


# Compiled code reads plain numbers; the table above is the source.
LAYOUT: Final = int(Process.LAYOUT)
RESIDENTS: Final = int(Process.RESIDENTS)
FARMS: Final = int(Process.FARMS)
LEGACY: Final = int(Process.LEGACY)
TIE_CANDIDATE: Final = int(Process.TIE_CANDIDATE)
OFFICE: Final = int(Process.OFFICE)
COVERAGE: Final = int(Process.COVERAGE)
TRUST: Final = int(Process.TRUST)
ARRIVAL: Final = int(Process.ARRIVAL)
CASE: Final = int(Process.CASE)
CHOICE: Final = int(Process.CHOICE)
REACH: Final = int(Process.REACH)
EFFORT: Final = int(Process.EFFORT)
ATTEND: Final = int(Process.ATTEND)
OUTCOME: Final = int(Process.OUTCOME)
WORSEN: Final = int(Process.WORSEN)
RELAPSE: Final = int(Process.RELAPSE)
MEETING: Final = int(Process.MEETING)
ITEM: Final = int(Process.ITEM)
DUTY: Final = int(Process.DUTY)
PATROL: Final = int(Process.PATROL)
OFFENCE: Final = int(Process.OFFENCE)
OPERATION: Final = int(Process.OPERATION)
FLOW: Final = int(Process.FLOW)
SERVICE: Final = int(Process.SERVICE)
TURNOVER: Final = int(Process.TURNOVER)
REPLICATION: Final = int(Process.REPLICATION)
REFERRAL: Final = int(Process.REFERRAL)
GIVING_UP: Final = int(Process.GIVING_UP)
COUNTRY: Final = int(Process.COUNTRY)
REVIEW: Final = int(Process.REVIEW)


def check_seed(seed: object) -> int:
    """Accept a seed, 0 included, as a Python integer.

    Parameters
    ----------
    seed : object
        A whole number from 0 to 2**63 - 1; NumPy integers too.

    Returns
    -------
    int
        The seed.

    Raises
    ------
    InputError
        For anything else; True and False are no numbers here.

    Examples
    --------
    >>> check_seed(np.int64(0))
    0
    >>> check_seed(-1)
    Traceback (most recent call last):
    sim.errors.InputError: seed = -1 is not usable; allowed: a whole number from 0 to 9223372036854775807.
    """
    if not isinstance(seed, (bool, np.bool_)):
        try:
            number = operator.index(seed)  # type: ignore[arg-type]
        except TypeError:
            number = -1
        if 0 <= number <= LARGEST_SEED:
            return number
    allowed = {"zh": f"0 到 {LARGEST_SEED} 的整数", "en": f"a whole number from 0 to {LARGEST_SEED}"}
    raise InputError("seed", seed, allowed)


def entity_number(*codes: str) -> int:
    """Give an entity a number by its own code, so that its draws stay when others come or go.

    Parameters
    ----------
    *codes : str
        One code, or several for an entity that several codes name (a tie: both villages).

    Returns
    -------
    int
        From 0 to 2**63 - 1; the same in every process and on every machine.

    Examples
    --------
    >>> entity_number("450922111201") == entity_number("450922111201")
    True
    >>> entity_number("a", "b") == entity_number("ab")
    False
    """
    digest = hashlib.blake2b("\0".join(codes).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


_ROUNDS: Final = 10
_MULTIPLIER0: Final = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER1: Final = np.uint64(0xCA5A826395121157)
_WEYL0: Final = np.uint64(0x9E3779B97F4A7C15)
_WEYL1: Final = np.uint64(0xBB67AE8584CAA73B)
_LOW32: Final = np.int64(0xFFFFFFFF)
_BITS32: Final = np.int64(32)


@compiled
def _word(number: int) -> np.uint64:
    """Take an integer of either sign as 64 bits."""
    wide = np.int64(number)
    return np.uint64(wide & _LOW32) | (np.uint64((wide >> _BITS32) & _LOW32) << np.uint64(32))


@compiled
def raw(
    key0: int, key1: int, counter0: int, counter1: int, counter2: int, counter3: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Encrypt a counter with a key by Philox4x64-10.

    Parameters
    ----------
    key0, key1 : int
        The key; negative numbers count as their two's complement.
    counter0, counter1, counter2, counter3 : int
        The counter, lowest word first.

    Returns
    -------
    tuple of 4 numpy.uint64
        The block. NumPy's generator counts before it draws: its first four words at counter ``c - 1``.

    Examples
    --------
    >>> [hex(word) for word in raw(0, 0, 0, 0, 0, 0)][:2]
    ['0x16554d9eca36314c', '0xdb20fe9d672d0fdc']
    """
    k0 = _word(key0)
    k1 = _word(key1)
    x0 = _word(counter0)
    x1 = _word(counter1)
    x2 = _word(counter2)
    x3 = _word(counter3)
    for turn in range(_ROUNDS):
        if turn > 0:
            k0 = total(k0, _WEYL0)
            k1 = total(k1, _WEYL1)
        high0, low0 = product(_MULTIPLIER0, x0)
        high1, low1 = product(_MULTIPLIER1, x2)
        x0 = high1 ^ x1 ^ k0
        x1 = low1
        x2 = high0 ^ x3 ^ k1
        x3 = low0
    return x0, x1, x2, x3


def replication_seed(seed: int, replication: int) -> int:
    """Derive the seed of a replication from the seed of the study.

    It depends on nothing else, so replication 7 is the same whether 8 or 200 are run.

    Parameters
    ----------
    seed : int
        Seed of the study, 0 to 2**63 - 1.
    replication : int
        0, 1, …

    Returns
    -------
    int
        0 to 2**63 - 1.

    Examples
    --------
    >>> replication_seed(1, 0) == replication_seed(1, 0) != replication_seed(1, 1)
    True
    """
    return int(raw(check_seed(seed), int(Process.REPLICATION), replication, 0, 0, 0)[0]) >> 1


@compiled
def _fraction(word: np.uint64) -> float:
    """Take 52 bits of a word as an odd multiple of 2**-53."""
    return (np.float64(word >> np.uint64(12)) + 0.5) * 2.0**-52


@compiled
def uniform(seed: int, process: int, entity: int, day: int, index: int) -> float:
    """Draw a number between 0 and 1, both excluded.

    The draw is an odd multiple of 2**-53: 53 binary digits, symmetric about one half, never 0 and never 1,
    so that its logarithm and its normal quantile are finite.

    Parameters
    ----------
    seed : int
        Seed of the run, from 0.
    process : int
        What the draw is for, from `Process`.
    entity : int
        Who or what draws.
    day : int
        Day of the draw; negative days are allowed.
    index : int
        Which draw of that entity on that day.

    Returns
    -------
    float
        In (0, 1).

    Examples
    --------
    >>> round(uniform(1, LAYOUT, 7, 0, 0), 6) == round(uniform(1, LAYOUT, 7, 0, 0), 6)
    True
    >>> uniform(1, LAYOUT, 7, 0, 0) == uniform(2, LAYOUT, 7, 0, 0)
    False
    """
    block = raw(seed, process, entity, day, index >> 2, 0)
    place = index & 3
    if place == 0:
        return _fraction(block[0])
    if place == 1:
        return _fraction(block[1])
    return _fraction(block[2]) if place == 2 else _fraction(block[3])


@compiled
def four_uniforms(
    seed: int, process: int, entity: int, day: int, block: int
) -> tuple[float, float, float, float]:
    """Draw the four numbers of a block at the price of one.

    Parameters
    ----------
    seed, process, entity, day : int
        As for `uniform`.
    block : int
        The block; its draws have the indices ``4 * block`` to ``4 * block + 3``.

    Returns
    -------
    tuple of 4 float
        In (0, 1), as `uniform` gives them one by one.

    Examples
    --------
    >>> four_uniforms(1, LAYOUT, 7, 0, 2)[3] == uniform(1, LAYOUT, 7, 0, 11)
    True
    """
    words = raw(seed, process, entity, day, block, 0)
    return _fraction(words[0]), _fraction(words[1]), _fraction(words[2]), _fraction(words[3])


@compiled
def normal(seed: int, process: int, entity: int, day: int, index: int) -> float:
    """Draw a standard normal number (mean 0, standard deviation 1).

    Parameters
    ----------
    seed, process, entity, day, index : int
        As for `uniform`; the draw is the quantile of that uniform number.

    Returns
    -------
    float
        In standard deviations, between -8.3 and 8.3.

    Examples
    --------
    >>> normal(1, LAYOUT, 7, 0, 0) == normal_quantile(uniform(1, LAYOUT, 7, 0, 0))
    True
    """
    return normal_quantile(uniform(seed, process, entity, day, index))


@compiled
def exponential(seed: int, process: int, entity: int, day: int, index: int, mean: float) -> float:
    """Draw a waiting time without memory.

    Parameters
    ----------
    seed, process, entity, day, index : int
        As for `uniform`.
    mean : float
        Mean, in any unit; not negative.

    Returns
    -------
    float
        Above 0 where the mean is, in the unit of the mean; rises with the uniform draw.

    Examples
    --------
    >>> exponential(1, LAYOUT, 7, 0, 0, 0.0)
    0.0
    """
    # + 0.0 turns the negative zero of a mean of 0 into zero.
    return -mean * log(1.0 - uniform(seed, process, entity, day, index)) + 0.0


@compiled
def poisson(seed: int, process: int, entity: int, day: int, index: int, mean: float) -> int:
    """Draw a number of rare events.

    Inversion, so the count rises with the uniform draw and with the mean: an arm with a higher rate keeps
    the events of the lower one. Above a mean of 500 the quantile comes from the Cornish-Fisher expansion,
    which is right to about one event there.

    Parameters
    ----------
    seed, process, entity, day, index : int
        As for `uniform`.
    mean : float
        Expected number of events; 0 or less gives 0.

    Returns
    -------
    int
        The count, from 0.

    Examples
    --------
    >>> poisson(1, LAYOUT, 7, 0, 0, 0.0)
    0
    """
    if not mean > 0.0:
        return 0
    draw = uniform(seed, process, entity, day, index)
    if mean > 500.0:
        z = normal_quantile(draw)
        return max(0, int(math.floor(mean + math.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5)))
    count = 0
    probability = exp(-mean)
    cumulative = probability
    # The sum of rounded terms can end just below the largest draw; no quantile lies beyond this bound.
    largest = int(mean + 12.0 * math.sqrt(mean)) + 20
    while draw > cumulative and count < largest:
        count += 1
        probability *= mean / count
        cumulative += probability
    return count


@compiled
def _fill_uniforms(
    seed: int, process: int, entities: NDArray[np.int64], day: int, index: int, out: NDArray[np.float64]
) -> None:
    for row in range(entities.size):
        out[row] = uniform(seed, process, entities[row], day, index)


def uniforms(seed: int, process: int, entities: ArrayLike, day: int, index: int) -> NDArray[np.float64]:
    """Draw one number between 0 and 1 for each of many entities.

    Parameters
    ----------
    seed, process, day, index : int
        As for `uniform`.
    entities : array_like of int, shape (n,)
        Who or what draws.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        ``uniform(seed, process, entities[i], day, index)`` for each i.

    Examples
    --------
    >>> float(uniforms(1, LAYOUT, [3, 7], 0, 0)[1]) == uniform(1, LAYOUT, 7, 0, 0)
    True
    """
    numbers = np.atleast_1d(np.asarray(entities, dtype=np.int64)).ravel()
    out = np.empty(numbers.size, dtype=np.float64)
    _fill_uniforms(seed, int(process), numbers, day, index, out)
    return out


@compiled
def _fill_normals(
    seed: int, process: int, entities: NDArray[np.int64], day: int, index: int, out: NDArray[np.float64]
) -> None:
    for row in range(entities.size):
        out[row] = normal(seed, process, entities[row], day, index)


def normals(seed: int, process: int, entities: ArrayLike, day: int, index: int) -> NDArray[np.float64]:
    """Draw one standard normal number for each of many entities.

    Parameters
    ----------
    seed, process, day, index : int
        As for `uniform`.
    entities : array_like of int, shape (n,)
        Who or what draws.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        ``normal(seed, process, entities[i], day, index)`` for each i.

    Examples
    --------
    >>> float(normals(1, LAYOUT, [3, 7], 0, 0)[1]) == normal(1, LAYOUT, 7, 0, 0)
    True
    """
    numbers = np.atleast_1d(np.asarray(entities, dtype=np.int64)).ravel()
    out = np.empty(numbers.size, dtype=np.float64)
    _fill_normals(seed, int(process), numbers, day, index, out)
    return out
