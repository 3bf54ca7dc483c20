"""What was found as tables: the headline measures, every measure, and what the arms cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.charts.wording import is_share, unit_name
from sim.charts.words import arm_names, scope_name, tier_name
from sim.language import text
from sim.measures.definitions import MEASURES, Measure
from sim.report.table import Cell, Change, Column, Group, Level, Table
from sim.studies.comparison import Comparison

__all__ = ["GROUPS", "all_measures_tables", "cost_tables", "headline_tables"]

GROUPS: Final = ("disputes", "patrol", "willingness", "river", "cost")
"""Groups of measures in the order of reporting."""

_RATIO: Final = "days_per_extra_settled"
_COST: Final = "cost"
#: More arms than this beside each other would not fit a printed page.
_MOST_ARMS: Final = 3
_Key = tuple[str, str, str]


def headline_tables(comparison: Comparison, language: str) -> list[Table]:
    """Show the measures of a first answer.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Table
        The baseline's level and the paired difference of each arm; further arms in further tables.
    """
    effects = _lookup(comparison)
    keys = [
        key
        for measure in MEASURES.values()
        if measure.headline or measure.name == _RATIO
        for key in _keys_of(effects, measure, measure.tiers if measure.name == "willingness" else ("all",))
    ]
    return _tables(comparison, effects, keys, language, "effects", GROUPS)


def cost_tables(comparison: Comparison, language: str) -> list[Table]:
    """Show what the arms cost: hours by tier and side, money, and who waits.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Table
        As for `headline_tables`.
    """
    effects = _lookup(comparison)
    keys = [
        key
        for measure in MEASURES.values()
        if measure.group == _COST
        for key in _keys_of(effects, measure, measure.tiers)
    ]
    return _tables(comparison, effects, keys, language, "costs", (_COST,))


def all_measures_tables(comparison: Comparison, language: str) -> list[Table]:
    """Show every measure, at the border and inside.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Table
        As for `headline_tables`.
    """
    effects = _lookup(comparison)
    found = {key for _, key in effects}
    keys = [
        (measure.name, scope, tier)
        for measure in MEASURES.values()
        for scope in ("border", "interior")
        for tier in measure.tiers
        if (measure.name, scope, tier) in found and not _is_empty(effects, (measure.name, scope, tier))
    ]
    return _tables(comparison, effects, keys, language, "all_measures", GROUPS)


_Effects = Mapping[tuple[str, _Key], dict[str, Any]]


def _lookup(comparison: Comparison) -> _Effects:
    return {
        (str(row["arm"]), (str(row["measure"]), str(row["scope"]), str(row["tier"]))): {
            str(name): value for name, value in row.items()
        }
        for row in comparison.effects.to_dict("records")
        if row["measure"] in MEASURES
    }


def _is_empty(effects: _Effects, key: _Key) -> bool:
    """Tell whether no arm has a value; a ratio has none and is shown even where it is undefined."""
    if key[0] == _RATIO:
        return False
    return all(math.isnan(row["arm_value"]) for (_, own), row in effects.items() if own == key)


def _keys_of(effects: _Effects, measure: Measure, tiers: Sequence[str]) -> list[_Key]:
    """Choose the border where a measure has values there, else the interior."""
    found = {key for _, key in effects}
    for scope in ("border", "interior"):
        keys = [(measure.name, scope, tier) for tier in tiers]
        keys = [key for key in keys if key in found and not _is_empty(effects, key)]
        if keys:
            return keys
    return []


def _tables(
    comparison: Comparison,
    effects: _Effects,
    keys: Sequence[_Key],
    language: str,
    kind: str,
    groups: Sequence[str],
) -> list[Table]:
    names = arm_names(comparison, language)
    arms = list(comparison.arms[1:])
    parts = [arms[start : start + _MOST_ARMS] for start in range(0, len(arms), _MOST_ARMS)]
    tables = []
    for number, part in enumerate(parts, start=1):
        title = text(f"report.table.{kind}", language)
        if len(parts) > 1:
            title = text("report.table.part", language, title=title, number=number)
        note = text("report.table.effects.note", language, baseline=names[comparison.baseline])
        tables.append(
            Table(
                kind if number == 1 else f"{kind}_{number}",
                title,
                note,
                _columns(comparison, part, names, language),
                tuple(
                    Group(
                        text(f"command.group.{group}", language) if len(groups) > 1 else "",
                        tuple(
                            _row(effects, part, key, language)
                            for key in keys
                            if MEASURES[key[0]].group == group
                        ),
                    )
                    for group in groups
                    if any(MEASURES[key[0]].group == group for key in keys)
                ),
            )
        )
    return tables


def _columns(
    comparison: Comparison, arms: Sequence[str], names: Mapping[str, str], language: str
) -> tuple[Column, ...]:
    baseline = names[comparison.baseline]
    return (
        Column(text("command.column.measure", language), text("report.about.measure", language)),
        Column(baseline, text("report.about.baseline", language, baseline=baseline), "number"),
        *(
            Column(
                names[arm],
                text("report.about.change", language, arm=names[arm], baseline=baseline),
                "change",
            )
            for arm in arms
        ),
    )


def _row(effects: _Effects, arms: Sequence[str], key: _Key, language: str) -> tuple[Cell, ...]:
    measure = MEASURES[key[0]]
    rows = [effects.get((arm, key)) for arm in arms]
    # An arm whose runs are not all complete has its own mean of the baseline; the first one stands for all.
    base = next((float(row["baseline_value"]) for row in rows if row is not None), math.nan)
    cells: list[Cell] = [_label(measure, key, language), Level(base, measure.unit)]
    for row in rows:
        effect, low, high = (
            math.nan if row is None else float(row[name]) for name in ("effect", "low", "high")
        )
        cells.append(Change(effect, low, high, measure, is_ratio=measure.name == _RATIO))
    return tuple(cells)


def _label(measure: Measure, key: _Key, language: str) -> str:
    _, scope, tier = key
    name = measure.zh if language == "zh" else measure.en
    where = [] if tier == "all" else [tier_name(tier, language)]
    if scope == "interior":
        where.append(scope_name(scope, language))
    unit = "" if is_share(measure.unit) else unit_name(measure.unit, language)
    if unit and unit not in name:
        where.append(unit)
    if not where:
        return name
    inside = text("charts.list_separator", language).join(where)
    return f"{name}（{inside}）" if language == "zh" else f"{name} ({inside})"
