"""Tables that notebooks show: headers and cells in words, numbers with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from sim.charts.forest import panel_title
from sim.charts.scopes import level_of
from sim.charts.study_words import dimension_name
from sim.charts.words import arm_names, scope_name
from sim.language import text
from sim.notebook.claims import Claim, change_of, change_words, level_words
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.comparison import Comparison
from sim.studies.store.reader import Study
from sim.world.world import World

__all__ = ["assumption_table", "change_table", "level_table", "size_table"]

_LEVELS: Final = (
    "disputes_known",
    "first_response_days",
    "settled_90_days",
    "settled_90_days_hard",
    "vacuum_share",
    "coverage_7_days",
    "willingness",
    "trust",
)


def size_table(world: World, language: str) -> pd.DataFrame:
    """List how large a border is.

    Parameters
    ----------
    world : World
        A layout of the border.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        What, and how many.
    """
    across = world.tie_is_border
    rows = [
        ("counties", len(world.county_name_zh)),
        ("towns", len(world.town_code)),
        ("villages", len(world.village_code)),
        ("ties", int(across.sum())),
        ("kilometres", round(float(world.tie_length_km[across].sum()))),
    ]
    heads = [text(f"notebook.table.{key}", language) for key in ("what", "how_many")]
    said = [(text(f"notebook.size.{key}", language), f"{value:,}") for key, value in rows]
    return pd.DataFrame(said, columns=heads)


def level_table(found: Comparison, language: str, measures: Sequence[str] = _LEVELS) -> pd.DataFrame:
    """List levels without mechanisms, across the border and inside.

    Parameters
    ----------
    found : Comparison
        The comparison; its baseline is shown.
    language : {"zh", "en"}
        Language.
    measures : sequence of str
        Which measures.

    Returns
    -------
    pandas.DataFrame
        A row for each measure.
    """
    rows = []
    for measure in measures:
        cells = [panel_title(Outcome(measure), language)]
        for scope in ("border", "interior"):
            level = level_of(found, found.baseline, Outcome(measure, scope))
            cells.append(level_words(Claim(measure, *level), measure, language))
        rows.append(cells)
    heads = [text("notebook.table.measure", language)]
    return pd.DataFrame(
        rows, columns=[*heads, *(scope_name(scope, language) for scope in ("border", "interior"))]
    )


def change_table(found: Comparison, language: str, outcomes: Sequence[str | Outcome]) -> pd.DataFrame:
    """List what every arm changes.

    Parameters
    ----------
    found : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    outcomes : sequence of str or Outcome
        Which measures.

    Returns
    -------
    pandas.DataFrame
        A row for each measure, a column for the baseline and one for each arm.
    """
    names = arm_names(found, language)
    rows = []
    for given in outcomes:
        outcome = outcome_of(given)
        base = Claim(outcome.key, *level_of(found, found.baseline, outcome))
        cells = [panel_title(outcome, language), level_words(base, outcome.measure, language)]
        for arm in found.arms[1:]:
            cells.append(change_words(change_of(found, arm, outcome), outcome.unit, language))
        rows.append(cells)
    return pd.DataFrame(rows, columns=[text("notebook.table.measure", language), *names.values()])


def assumption_table(study: Study, language: str) -> pd.DataFrame:
    """List the assumptions that a study varies, with their default, range and basis.

    Parameters
    ----------
    study : Study
        A study of uncertain parameters.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        A row for each parameter.
    """
    rows = []
    for item in study.dimensions.to_dict("records"):
        name = str(item["dimension"])
        span = f"{item['low']:g} – {item['high']:g}"
        rows.append((dimension_name(name, language), f"{item['default']:g}", span, f"`{name}`"))
    heads = [text(f"notebook.table.{key}", language) for key in ("assumption", "default", "range", "name")]
    return pd.DataFrame(rows, columns=heads)
