"""From mechanisms in force somewhere to the tables of every span between two dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.levers.builder import TableBuilder, day_of_year
from sim.levers.institutions import Epoch
from sim.levers.lever_use import LeverUse
from sim.levers.mechanism import Mechanism
from sim.parameters import Parameters
from sim.streams import entity_number
from sim.world.world import World

__all__ = ["Part", "compile_epochs"]


@dataclass(frozen=True)
class Part:
    """A mechanism as it stands on a border.

    Attributes
    ----------
    mechanism : Mechanism
        The mechanism; its cost is that of all places where it stands.
    uses : tuple of (int, LeverUse)
        Its levers with their numbers in the mechanism. A lever that began at different dates in different
        places stands here once for each date, under the same number.
    """

    mechanism: Mechanism
    uses: tuple[tuple[int, LeverUse], ...]

    @classmethod
    def whole(cls, mechanism: Mechanism) -> Part:
        """Return a mechanism that stands as it is written."""
        return cls(mechanism, tuple(enumerate(mechanism.levers)))


def compile_epochs(
    parts: Sequence[Part], world: World, parameters: Parameters, days: int, first_day: int = 0
) -> tuple[Epoch, ...]:
    """Compile the tables of a day, and of every later day on which a lever starts or ends.

    Parameters
    ----------
    parts : sequence of Part
        What stands where.
    world : World
        The border.
    parameters : Parameters
        What an obligation, a place in an office or a deadline is worth.
    days : int
        Length of the measured period; levers that start later are ignored.
    first_day : int
        Day of the first epoch, counted from the start of the measured period.

    Returns
    -------
    tuple of Epoch
        Ascending, the first on `first_day`.
    """
    dates = {first_day} | {date for date in _dates(parts) if first_day < date < max(days, 1)}
    epochs = []
    for day in sorted(dates):
        builder = TableBuilder(world, parameters)
        for part in parts:
            mechanism = part.mechanism
            for number, use in part.uses:
                if _is_in_force(use, day):
                    builder.add(use, entity_number(mechanism.key, use.lever, str(number)))
            # What has nothing to act on here costs nothing here.
            acting = [use for use in mechanism.levers if builder.chosen.ties_of(use).any()]
            builder.add_cost(mechanism, [use for use in acting if _is_in_force(use, day)])
        epochs.append(Epoch(day, builder.finish()))
    return tuple(epochs)


def _dates(parts: Sequence[Part]) -> Iterable[int]:
    for part in parts:
        for _, use in part.uses:
            if not use.is_idle:
                yield day_of_year(use.start_year)
                if use.end_year is not None:
                    yield day_of_year(use.end_year)


def _is_in_force(use: LeverUse, day: int) -> bool:
    ends = use.end_year is not None and day >= day_of_year(use.end_year)
    return not use.is_idle and day_of_year(use.start_year) <= day and not ends
