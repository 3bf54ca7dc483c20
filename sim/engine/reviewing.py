"""Reviews: units look at their own books and at their neighbours', drop options and take others up.

What an option is, nobody here knows; it has a number. All that a unit sees are counts of its own disputes,
calls and hours, and the scores and options of those next door.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER, Columns
from sim.engine.constants import CASES_USED, SECURITY
from sim.engine.dates import days_after
from sim.levers.institutions import Review
from sim.parameters import Parameters
from sim.rules.reviewing import is_noticed, judged_gain, review_score
from sim.streams import REVIEW, entity_number, uniform

__all__ = ["Adoption", "Spell", "begin_review", "hold_review"]

Floats = NDArray[np.float64]


class Spell(NamedTuple):
    """A unit's time with an option.

    Attributes
    ----------
    unit, option : int
        Their numbers.
    from_day, until_day : int
        Days since the start of the run; the last one is not in it, and -1 while it lasts.
    taken_from : int
        The neighbour that it was taken over from, -1 where the unit began with it.
    gain : float
        What the unit took it to have brought when it dropped it; nan while it lasts.
    """

    unit: int
    option: int
    from_day: int
    until_day: int
    taken_from: int
    gain: float


@dataclass(frozen=True, eq=False)
class Adoption:
    """Who has which option, and what units remember; never changed in place, so forks may share it.

    Attributes
    ----------
    review : Review
        What may be changed.
    first_day : int
        Day on which the institutions began, counted from the start of the run.
    last_day : int
        Day of the last review, or the first day.
    reviews : int
        Reviews held so far.
    since : ndarray of int64, shape (units, options)
        Day since the first one on which a unit took up an option, -1 where it does not have it.
    without : ndarray of float64, shape (units, options)
        Score of a unit in its last span without an option, nan where there was none.
    totals : ndarray of float64, shape (units, 3)
        Calls, attended calls and bound hours up to the last review.
    spells : tuple of Spell
        The record, in the order in which spells began.
    """

    review: Review
    first_day: int
    last_day: int
    reviews: int
    since: NDArray[np.int64]
    without: Floats
    totals: Floats
    spells: tuple[Spell, ...]

    @property
    def next_day(self) -> int:
        """The day of the next review, counted from the start of the run; `NEVER` after the last one."""
        ahead = days_after(self.first_day, (self.reviews + 1) * self.review.every_years)
        return self.first_day + ahead if ahead < self.review.days else NEVER

    def content(self) -> bytes:
        """Return all that decides what happens next, for the digest of a run."""
        days = np.array([self.first_day, self.last_day, self.reviews])
        return b"".join(part.tobytes() for part in (days, self.since, self.without, self.totals))


def begin_review(review: Review, c: Columns, parameters: Parameters, day: int) -> Adoption:
    """Begin to keep books, on the day on which institutions begin.

    The time before is a span without any option: disputes of its last days, as many as will lie between two
    reviews; calls, and hours in proportion, of the whole time.

    Parameters
    ----------
    review : Review
        What may be changed.
    c : Columns
        State of the day.
    parameters : Parameters
        Values of the parameter table.
    day : int
        Today.

    Returns
    -------
    Adoption
        Every unit with the options that it begins with.
    """
    totals = _totals(review, c)
    span = min(days_after(day, review.every_years), day)
    before = totals.copy()
    before[:, 2] *= span / max(day, 1)
    scores = _scores(review, c, before, parameters, day - span, day)
    since = np.where(review.start, 0, -1).astype(np.int64)
    spells = tuple(
        Spell(unit, option, day, -1, -1, math.nan) for unit, option in np.argwhere(review.start).tolist()
    )
    without = np.repeat(scores[:, None], len(review.options), axis=1)
    return Adoption(review, day, day, 0, since, without, totals, spells)


def hold_review(adoption: Adoption, c: Columns, parameters: Parameters, seed: int, day: int) -> Adoption:
    """Let every unit judge its options by what it sees, all at once, and change what it will.

    Parameters
    ----------
    adoption : Adoption
        Who had what since the last review.
    c : Columns
        State of the day.
    parameters : Parameters
        Values of the parameter table; rows `review_hour_weight` and `review_margin`.
    seed, day : int
        Seed of the run, and today.

    Returns
    -------
    Adoption
        Who has what from today on.
    """
    review = adoption.review
    totals = _totals(review, c)
    scores = _scores(review, c, totals - adoption.totals, parameters, adoption.last_day, day)
    had = adoption.since >= 0
    in_sight = review.neighbours | np.eye(len(review.units), dtype=np.bool_)
    since, spells = adoption.since.copy(), list(adoption.spells)
    margin = parameters["review_margin"]
    for unit in range(len(review.units)):
        compared = [_with_without(scores, had[:, option], in_sight[unit]) for option in range(had.shape[1])]
        before_after = scores[unit] - adoption.without[unit]
        gains = [judged_gain(float(own), other) for own, other in zip(before_after, compared, strict=True)]
        lots = _lots(review, seed, unit, adoption.reviews)
        for option in _dropped(gains, had[unit], margin, lots)[: review.changes]:
            since[unit, option] = -1
            _end_spell(spells, unit, option, day, gains[option])
        better = [
            neighbour
            for neighbour in np.flatnonzero(review.neighbours[unit]).tolist()
            if is_noticed(scores[neighbour] - scores[unit], margin)
        ]
        better.sort(key=lambda neighbour: (-scores[neighbour], neighbour))
        for option, neighbour in _taken_over(better, had, unit, compared, margin, lots)[: review.changes]:
            since[unit, option] = day - adoption.first_day
            spells.append(Spell(unit, option, day, -1, neighbour, math.nan))
    known = ~had & np.isfinite(scores)[:, None]
    without = np.where(known, scores[:, None], adoption.without)
    return replace(
        adoption,
        last_day=day,
        reviews=adoption.reviews + 1,
        since=since,
        without=without,
        totals=totals,
        spells=tuple(spells),
    )


def _totals(review: Review, c: Columns) -> Floats:
    """Add up calls, attended calls and bound hours of each unit since the start of the run."""
    pairs = review.members.shape[1]
    by_pair = np.zeros((2, pairs))
    inside = review.dyad_pair >= 0
    for column, name in enumerate(("calls", "attended")):
        np.add.at(by_pair[column], review.dyad_pair[inside], c.dyads[name][inside])
    return np.column_stack((_over_pairs(review, by_pair), _by_unit(review, c, "bound_hours")))


def _over_pairs(review: Review, by_pair: NDArray[Any]) -> Floats:
    """Add up over the pairs of counties of each unit, in an order that no library chooses."""
    own: Floats = np.where(review.members, by_pair[..., None, :], 0.0).sum(axis=-1)
    return own.T


def _by_unit(review: Review, c: Columns, column: str) -> Floats:
    """Add up a quantity of offices; one that works in several pairs of counties counts evenly in each."""
    office, pair = review.office_pair.T
    worked = np.bincount(office, minlength=len(c.offices))
    pairs = review.members.shape[1]
    by_pair = np.bincount(pair, weights=c.offices[column][office] / worked[office], minlength=pairs)
    return _over_pairs(review, by_pair)


def _scores(
    review: Review, c: Columns, totals: Floats, parameters: Parameters, first_day: int, last_day: int
) -> Floats:
    """Give the score of each unit for a span of days."""
    known = _disputes(review, c, "known", first_day, last_day)
    settled = _disputes(review, c, "settled", first_day, last_day)
    desks = _by_unit(review, c, "base_desk") * (last_day - first_day)
    calls, attended, hours = totals.T
    done, tried = (attended, calls) if review.weighs_attendance else (settled, known)
    weight = parameters["review_hour_weight"]
    columns = zip(done, tried, hours, desks, strict=True)
    return np.array([review_score(a, b, c, d, weight) for a, b, c, d in columns])


def _disputes(review: Review, c: Columns, event: str, first_day: int, last_day: int) -> Floats:
    """Count the disputes of each unit that became known, or were first settled, in a span of days."""
    cases = c.cases[: int(c.counters[CASES_USED])]
    chosen = (cases["tie"] >= 0) & (cases["domain"] != SECURITY) & (cases["legacy"] == 0)
    chosen &= (cases[event] >= first_day) & (cases[event] < last_day)
    pair = review.tie_pair[cases["tie"][chosen]]
    counts = np.bincount(pair[pair >= 0], minlength=review.members.shape[1])
    return _over_pairs(review, counts)


def _with_without(scores: Floats, had: NDArray[np.bool_], in_sight: NDArray[np.bool_]) -> float:
    """Compare the units in sight that had an option with those that did not; nan without one of either."""
    seen = in_sight & np.isfinite(scores)
    some, others = scores[seen & had], scores[seen & ~had]
    return float(some.mean() - others.mean()) if some.size and others.size else math.nan


def _lots(review: Review, seed: int, unit: int, held: int) -> list[float]:
    """Draw a number for each option: what looks alike to a unit comes in the order of these."""
    key = entity_number(review.units[unit])
    return [uniform(seed, REVIEW, key, held, entity_number(name) & 0x7FFFFFFF) for name in review.options]


def _dropped(gains: list[float], had: NDArray[np.bool_], margin: float, lots: list[float]) -> list[int]:
    """List the options with a noticed loss, the greatest loss first."""
    losing = [option for option in np.flatnonzero(had).tolist() if is_noticed(-gains[option], margin)]
    return sorted(losing, key=lambda option: (gains[option], lots[option]))


def _taken_over(
    better: list[int],
    had: NDArray[np.bool_],
    unit: int,
    compared: list[float],
    margin: float,
    lots: list[float],
) -> list[tuple[int, int]]:
    """List options of better neighbours with the neighbour, those of the best one first.

    Of one neighbour's options, the one that looks best in sight comes first; one that looks harmful does not
    come at all.
    """
    chosen: dict[int, int] = {}
    for neighbour in better:
        new = [
            option for option in np.flatnonzero(had[neighbour] & ~had[unit]).tolist() if option not in chosen
        ]
        new = [option for option in new if not is_noticed(-compared[option], margin)]
        new.sort(key=lambda option: (-compared[option], lots[option]))
        chosen |= dict.fromkeys(new, neighbour)
    return list(chosen.items())


def _end_spell(spells: list[Spell], unit: int, option: int, day: int, gain: float) -> None:
    for place, spell in enumerate(spells):
        if spell.unit == unit and spell.option == option and spell.until_day < 0:
            spells[place] = spell._replace(until_day=day, gain=float(gain))
