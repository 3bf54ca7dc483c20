from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.parameters import _TABLE, GROUPS, PARAMETERS, RECORD_TYPE, Parameter, Parameters, markdown_table

# A unit decides which values are possible, so that a mistyped one would let in what makes no sense.
UNITS = {
    "absolute probability", "absolute share", "claims", "days", "events a year", "exponent", "hours",
    "hours a day", "hours a day per 100,000 residents", "index", "index (s.d.)", "km",
    "load", "load per farm", "log s.d.",
    "per 1,000 residents a year", "per border village a year", "per day", "per km", "per km, bank and day",
    "per pair of counties and month", "per unit of grievance", "per unit of trust", "per unit of utility",
    "per village a year", "probability", "ratio", "residents", "sessions", "share", "share a month",
    "share of the distance to one", "share of trust", "share of trust a month", "trips", "utility",
    "utility (s.d.)", "utility per day", "utility per unit of load", "utility per unit of trust",
    "visits per bank and day", "weight", "years",
}  # fmt: skip
SUMS = [
    ("interior_complex_share", "interior_hard_share"),
    ("border_complex_share", "border_hard_share"),
    ("water_share", "family_share", "trade_share"),
    ("police_patrol_share", "volunteer_patrol_share"),
]
every_row = pytest.mark.parametrize("row", PARAMETERS.values(), ids=PARAMETERS.keys())


@every_row
def test_range_holds_the_default_and_lies_within_what_is_possible(row: Parameter) -> None:
    assert row.minimum <= row.low <= row.default <= row.high <= row.maximum
    assert row.low < row.high
    assert all(math.isfinite(number) for number in (row.low, row.default, row.high))


@every_row
def test_row_is_complete(row: Parameter) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", row.name)
    assert row.unit in UNITS
    assert row.basis
    assert GROUPS[row.name]
    assert re.search("[一-鿿]", row.zh)
    assert row.en
    assert not re.search("[一-鿿]", row.en)


@every_row
def test_basis_names_a_row_of_the_prior_table_or_owns_up(row: Parameter) -> None:
    assert re.search(r"\bD\d+\b|^assumption\b|^numbers\b", row.basis)


def test_a_chance_cannot_be_possible_above_one() -> None:
    chances = [row for row in PARAMETERS.values() if row.unit in ("share", "probability", "index")]
    assert len(chances) > 50
    # If no dispute were ever raised, none could be reported.
    apart = {row.name for row in chances if (row.minimum, row.maximum) != (0.0, 1.0)}
    assert apart == {"never_raised_share"}


@every_row
def test_both_ends_of_a_range_can_be_used(row: Parameter) -> None:
    for value in (row.low, row.high):
        assert Parameters({row.name: value})[row.name] == value


@every_row
def test_nothing_beyond_the_possible_is_used(row: Parameter) -> None:
    for value in (np.nextafter(row.minimum, -math.inf), np.nextafter(row.maximum, math.inf)):
        with pytest.raises(InputError) as caught:
            Parameters({row.name: float(value)})
        assert caught.value.field == f"parameters.{row.name}"
        assert f"{row.low:g}" in str(caught.value)
        assert f"{row.high:g}" in str(caught.value)


@pytest.mark.parametrize(
    "value", [True, False, np.True_, math.nan, math.inf, -math.inf, "0.3", None, [0.3], 1j, np.array([0.3])]
)
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(InputError) as caught:
        Parameters({"belief_half_life_days": value})
    assert caught.value.field == "parameters.belief_half_life_days"


@pytest.mark.parametrize("value", [1, 1.0, np.float32(1.0), np.int64(1)])
def test_every_kind_of_number_is_kept_as_a_plain_one(value: Any) -> None:
    kept = Parameters({"belief_weight": value})["belief_weight"]
    assert kept == 1.0
    assert type(kept) is float


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("belief_wieght", "belief_weight"),
        ("Choice-Sharpness", "choice_sharpness"),
        ("trust_halflife_days", "trust_half_life_days"),
    ],
)
def test_an_unknown_name_meets_the_nearest_one(typed: str, nearest: str) -> None:
    with pytest.raises(InputError) as caught:
        Parameters({typed: 0.3})
    assert caught.value.nearest == nearest
    for language in ("zh", "en"):
        sentence = caught.value.message(language)
        assert typed in sentence
        assert nearest in sentence


@pytest.mark.parametrize("names", SUMS, ids=lambda names: names[0])
def test_shares_of_one_whole_add_up_to_one_at_most(names: tuple[str, ...]) -> None:
    even = {name: 1.0 / len(names) for name in names}
    assert sum(Parameters(even)[name] for name in names) == pytest.approx(1.0)
    with pytest.raises(InputError) as caught:
        Parameters(even | {names[0]: 1.0 / len(names) + 0.01})
    assert all(f"parameters.{name}" in caught.value.field for name in names)
    # One change is enough where the others stand at their defaults.
    with pytest.raises(InputError):
        Parameters({names[0]: 1.0})


def test_values_are_the_defaults_and_the_changes() -> None:
    parameters = Parameters({"belief_weight": 0.3, "water_share": PARAMETERS["water_share"].default})
    assert list(parameters) == list(PARAMETERS)
    assert len(parameters) == len(PARAMETERS)
    assert parameters.changes() == {"belief_weight": 0.3}
    untouched = set(PARAMETERS) - {"belief_weight"}
    assert all(parameters[name] == PARAMETERS[name].default for name in untouched)
    assert Parameters(parameters.changes()) == parameters
    assert Parameters() != parameters


def test_one_set_of_values_does_not_leak_into_another() -> None:
    changes = {"belief_weight": 0.3}
    first = Parameters(changes)
    changes["belief_weight"] = 0.4
    assert first["belief_weight"] == 0.3
    assert Parameters()["belief_weight"] == PARAMETERS["belief_weight"].default


@given(
    st.dictionaries(
        st.sampled_from([name for name in PARAMETERS if not any(name in names for names in SUMS)]),
        st.floats(0.0, 1.0),
        max_size=8,
    )
)
def test_the_record_holds_every_value_to_the_bit(places: dict[str, float]) -> None:
    """Wherever in its range a value lies."""
    rows = {name: PARAMETERS[name] for name in places}
    parameters = Parameters(
        {name: row.low + places[name] * (row.high - row.low) for name, row in rows.items()}
    )
    record = parameters.record()
    assert record.shape == (1,)
    assert record.dtype == RECORD_TYPE
    assert {name: float(record[0][name]) for name in RECORD_TYPE.names} == dict(parameters)


def test_names_do_not_repeat() -> None:
    """A second row of one name would silently replace the first."""
    names = [row.name for _, row in _TABLE]
    assert len(names) == len(set(names))


def test_the_document_table_says_what_the_table_says() -> None:
    lines = markdown_table().splitlines()
    (line,) = [line for line in lines if line.startswith("| `belief_weight` ")]
    row = PARAMETERS["belief_weight"]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == ["`belief_weight`", "0.25", "0.1", "0.42", row.unit, row.basis, row.en]
    headings = [line for line in lines if line.startswith("| **")]
    assert len(headings) == len(set(GROUPS.values()))
    assert {line.count("|") for line in lines} == {8}
