"""What was read of a border, and what was filled in, in plain words for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.language import text
from sim.levers.mechanisms import Package
from sim.world.checks import pair_levels
from sim.world.complete import note
from sim.world.region import BOUNDARY_LEVELS, Region
from sim.world.ties import UNKNOWN_LENGTH_KM
from sim.world.words import choice_label

__all__ = ["summary_lines"]


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
    notes = [*region.notes, *([note("scenery")] if region.ties is None else [])]
    lines += [f"  {told[language]}" for told in notes]
    if not notes:
        lines.append(f"  {text('border.check.nothing', language)}")
    quoted = f'"{name}"' if any(mark in name for mark in " &()（）") else name
    return [*lines, "", text("border.check.run", language), f"  python -m sim region={quoted}"]


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
