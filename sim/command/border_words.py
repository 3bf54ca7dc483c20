"""What was read of a border, and what was filled in, in plain words for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from sim.language import LANGUAGES, text
from sim.levers.mechanisms import Package
from sim.world.checks import pair_levels
from sim.world.complete import note
from sim.world.region import BOUNDARY_LEVELS, Region
from sim.world.tables import SCATTERED, SCHEMATIC
from sim.world.ties import UNKNOWN_LENGTH_KM
from sim.world.words import choice_label

__all__ = ["as_typed", "summary_lines"]

_MOST_NAMED: Final = 5
"""Towns that are named where something is to be said of many."""


def summary_lines(name: str, region: Region, packages: Mapping[str, Package], language: str) -> list[str]:
    """Say what was read, what was filled in and how to run it.

    Parameters
    ----------
    name : str
        The border as it was typed.
    region : Region
        The border.
    packages : mapping of str to Package
        Packages that it brings along.
    language : {"zh", "en"}
        Language of the lines.

    Returns
    -------
    list of str
        The lines.
    """
    lines = [text("border.check.good", language, path=name), "", text("border.check.read", language)]
    lines += [f"  {line}" for line in _read_lines(region, packages, language)]
    lines += ["", text("border.check.assumed", language)]
    # With ties of its own a border leaves little to chance; without them its neighbours are made up.
    notes = [*region.notes, *_made_positions(region), *([note("scenery")] if region.ties is None else [])]
    lines += [f"  {told[language]}" for told in notes]
    if not notes:
        lines.append(f"  {text('border.check.nothing', language)}")
    lines += [f"  {told[language]}" for told in _alone(region)]
    return [*lines, "", text("border.check.run", language), f"  python -m sim region={as_typed(name)}"]


def as_typed(path: str) -> str:
    """Write a path as it is typed in a command.

    Parameters
    ----------
    path : str
        The path.

    Returns
    -------
    str
        In quotes where a shell would take it apart.

    Examples
    --------
    >>> as_typed("a border/b.xlsx"), as_typed("b.xlsx")
    ('"a border/b.xlsx"', 'b.xlsx')
    """
    return f'"{path}"' if any(mark in path for mark in " &;'()（）") else path


def _made_positions(region: Region) -> list[dict[str, str]]:
    """Say how many points of the file were never measured, as it marks them itself."""
    marked = 0
    for units in (region.towns, region.villages):
        is_made = units["coordinate_source"].isin((SCATTERED, SCHEMATIC)) & units["lon"].notna()
        marked += int(is_made.sum())
    return [note("points_marked", count=marked)] if marked else []


def _alone(region: Region) -> list[dict[str, str]]:
    """Name the towns that touch no other: most likely a row of neighbours was forgotten."""
    if len(region.towns) < 2:
        return []
    touching = set(region.adjacency["town_a"]) | set(region.adjacency["town_b"])
    if region.ties is not None:
        town_of = region.villages.set_index("code")["town_code"]
        touching |= set(town_of[pd.concat((region.ties["village_a"], region.ties["village_b"]))])
    alone = region.towns[~region.towns["code"].isin(touching)]
    if alone.empty:
        return []
    more = len(alone) > _MOST_NAMED
    some = alone.head(_MOST_NAMED)
    names = {
        "zh": "、".join(some["name_zh"]) + ("等" if more else ""),
        "en": ", ".join(some["name_en"]) + (" and others" if more else ""),
    }
    return [{one: text("border.note.alone", one, count=len(alone), towns=names[one]) for one in LANGUAGES}]


def _read_lines(region: Region, packages: Mapping[str, Package], language: str) -> list[str]:
    places = region.places["level"].value_counts()
    title = region.title_zh if language == "zh" else region.title_en
    line = choice_label(f"line.{BOUNDARY_LEVELS[region.border_level]}", language)
    lines = [
        f"{text('border.check.title', language)}: {title}" if language == "en" else f"标题：{title}",
        text(
            "border.check.units",
            language,
            provinces=int(places.get("province", 0)),
            prefectures=int(places.get("prefecture", 0)),
            counties=int(places.get("county", 0)),
            towns=len(region.towns),
            villages=len(region.villages),
        ),
    ]
    over, km = _across(region, "adjacency.csv", region.adjacency, "shared_km")
    pairs = len(region.adjacency)
    lines.append(text("border.check.pairs", language, pairs=pairs, border=over, line=line, km=f"{km:,.1f}"))
    if region.ties is not None:
        over, km = _across(region, "ties.csv", region.ties, "length_km")
        ties = len(region.ties)
        lines.append(text("border.check.ties", language, ties=ties, border=over, km=f"{km:,.1f}"))
    if len(region.named_pairs):
        claims = int(region.named_pairs["legacy_claims"].sum())
        lines.append(text("border.check.named", language, named=len(region.named_pairs), claims=claims))
    towns = region.river["town_code"].nunique()
    lines.append(text("border.check.river" if towns else "border.check.no_river", language, towns=towns))
    if packages:
        named = [
            text("border.check.package", language, name=key, count=len(package.mechanisms))
            for key, package in packages.items()
        ]
        separator = "、" if language == "zh" else ", "
        lines.append(text("border.check.packages", language, packages=separator.join(named)))
    return lines


def _across(region: Region, file: str, pairs: pd.DataFrame, length: str) -> tuple[int, float]:
    """Count the pairs across the border and add up their line."""
    tables = {
        "places.csv": region.places,
        "towns.csv": region.towns,
        "villages.csv": region.villages,
        file: pairs,
    }
    over = [level >= region.border_level for level in pair_levels(tables, file)]
    return sum(over), float(pairs[length].fillna(UNKNOWN_LENGTH_KM)[over].sum())
