from __future__ import annotations

import re

from sim.measures.definitions import MEASURES

TIERS = {"all", "village", "town", "county", "department", "upper"}


def test_every_measure_is_defined_in_both_languages() -> None:
    for name, measure in MEASURES.items():
        assert measure.name == name == re.sub(r"[^a-z0-9_]", "", name)
        assert measure.unit, name
        assert measure.definition, name
        assert re.search(r"[\u4e00-\u9fff]", measure.zh), name
        assert measure.en, name
        assert measure.en.isascii(), name
        assert set(measure.tiers) <= TIERS, name


def test_names_that_a_reader_sees_are_unique() -> None:
    for language in ("zh", "en"):
        shown = [getattr(measure, language) for measure in MEASURES.values()]
        assert len(set(shown)) == len(shown)


def test_a_first_answer_shows_effects_and_what_they_cost() -> None:
    headline = {measure.group for measure in MEASURES.values() if measure.headline}
    assert headline == {"disputes", "patrol", "willingness", "river", "cost"}
    assert all(measure.better in (-1, 0, 1) for measure in MEASURES.values())
    # What is neither good nor bad cannot be a headline: a reader could not tell success from failure.
    assert all(measure.better for measure in MEASURES.values() if measure.headline)
