"""A diary: whatever waits for a day stands on that day's page, in the order in which it was entered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["Diary"]

# A diary has pages for so many days ahead; what lies further off waits on the last of them and is entered
# again from there. It decides nothing but the order of those who are due on one day.
PAGES = 512


class Diary:
    """Who is due when; nobody stands in one diary twice.

    Examples
    --------
    >>> diary = Diary()
    >>> diary.enter("b", 3, today=0)
    >>> diary.enter("a", 3, today=1)
    >>> list(diary.due(2)), list(diary.due(3))
    ([], ['b', 'a'])
    """

    def __init__(self) -> None:
        self.pages: dict[int, dict[Any, int]] = {}

    def enter(self, who: Any, day: int, today: int) -> None:
        """Enter who is due on a day, today or later."""
        self.pages.setdefault(min(day, today + PAGES - 1), {})[who] = day

    def strike(self, who: Any) -> None:
        """Take somebody out."""
        for page in self.pages.values():
            page.pop(who, None)

    def due(self, today: int) -> Iterator[Any]:
        """Name all who are due today, those included whom the others bring up again."""
        while page := self.pages.pop(today, None):
            for who, day in page.items():
                if day > today:
                    self.enter(who, day, today)
                else:
                    yield who
