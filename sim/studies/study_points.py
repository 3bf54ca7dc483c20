"""From samples to points: every border, parameter set and arm that is run, each once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sim.studies.design import Dimension, Samples
from sim.studies.study_model import DOSED, StudyModel

__all__ = ["Point", "expand_points", "keep_numbers", "points_from_table", "points_table"]


@dataclass(frozen=True)
class Point:
    """One border with one parameter set and one arm.

    Attributes
    ----------
    number : int
        Its number in tables.
    region : str
        Name of the border.
    parameter_set : int
        Number of the parameter set.
    arm : str
        Name of the package, or ``dosed``.
    doses : dict of str to float
        Dose of every factor; empty for a package as it is.
    parameters : dict of str to float
        Value of every uncertain parameter.
    baseline : int
        Number of the point to compare with; -1 where the study has no arms.
    content : str
        Digest of what the point is: points of equal content are one.
    """

    number: int
    region: str
    parameter_set: int
    arm: str
    doses: dict[str, float]
    parameters: dict[str, float]
    baseline: int
    content: str


def expand_points(
    model: StudyModel,
    regions: Sequence[str],
    arms: Sequence[str],
    dimensions: Sequence[Dimension],
    samples: Samples,
) -> tuple[tuple[Point, ...], pd.DataFrame]:
    """Expand samples into points, and say which point answers each sample.

    On every border each sample is run under every arm with its parameters and, where the study has
    factors, once more with its doses. So each dosed point has a baseline of its own parameters.

    Parameters
    ----------
    model : StudyModel
        Says what an arm is.
    regions, arms : sequence of str
        Names; the first arm is the baseline.
    dimensions : sequence of Dimension
        What the samples vary.
    samples : Samples
        The design.

    Returns
    -------
    points : tuple of Point
        Each once, numbered from 0 in order of border, sample and arm.
    design : pandas.DataFrame
        sample, arm, point, region, the coordinates and the columns of the method.
    """
    factors = [item for item in dimensions if item.kind == "factor"]
    parameters = [item for item in dimensions if item.kind == "parameter"]
    place = {item.name: column for column, item in enumerate(dimensions)}
    points: dict[str, Point] = {}
    sets: dict[tuple[float, ...], int] = {}
    contents: dict[tuple[str, tuple[float, ...]], str] = {}
    rows: list[dict[str, Any]] = []

    def point_of(region: str, arm: str, doses: dict[str, float], values: dict[str, float], base: int) -> int:
        own = (arm, tuple(doses.values()))
        if own not in contents:
            contents[own] = _digest(model.content(arm, doses))
        content = _digest([region, values, contents[own]])
        if content not in points:
            number = len(points)
            group = sets.setdefault(tuple(values.values()), len(sets))
            points[content] = Point(number, region, group, arm, doses, values, base, content)
            if base < 0 and arms:
                points[content] = replace(points[content], baseline=number)
        elif doses and not points[content].doses:
            # The baseline is also the sample that has every factor at 0, and is found by its doses.
            points[content] = replace(points[content], doses=doses)
        return points[content].number

    for region in regions:
        for sample, units in enumerate(samples.units):
            values = {item.name: float(item.value(units[place[item.name]])) for item in parameters}
            doses = {item.name: float(item.value(units[place[item.name]])) for item in factors}
            base = -1
            slots = [(arm, dict[str, float]()) for arm in arms] + ([(DOSED, doses)] if factors else [])
            for arm, dosed in slots:
                number = point_of(region, arm, dosed, values, base)
                base = number if base < 0 and arms else base
                row = {"sample": sample, "arm": arm, "point": number, "region": region}
                row |= {f"unit_{item.name}": float(units[place[item.name]]) for item in dimensions}
                rows.append(row | {name: column[sample] for name, column in samples.columns.items()})
    return tuple(points.values()), pd.DataFrame(rows)


def keep_numbers(
    points: tuple[Point, ...], design: pd.DataFrame, stored: tuple[Point, ...]
) -> tuple[tuple[Point, ...], pd.DataFrame]:
    """Give points the numbers they had before; those that are new follow.

    Parameters
    ----------
    points : tuple of Point
        As `expand_points` gave them.
    design : pandas.DataFrame
        Their design.
    stored : tuple of Point
        The points of an earlier run of the study.

    Returns
    -------
    points : tuple of Point
        In order of number; those of the earlier run that are no longer in the design stay.
    design : pandas.DataFrame
        With the numbers put right.
    """
    known = {point.content: point for point in stored}
    sets = {tuple(point.parameters.values()): point.parameter_set for point in stored}
    numbers: dict[int, int] = {}
    free = max((point.number for point in stored), default=-1) + 1
    for point in points:
        if point.content in known:
            numbers[point.number] = known[point.content].number
        else:
            numbers[point.number] = free
            free += 1
    kept = dict(known)
    for point in points:
        group = sets.setdefault(tuple(point.parameters.values()), max(sets.values(), default=-1) + 1)
        kept[point.content] = replace(
            point,
            number=numbers[point.number],
            parameter_set=group,
            baseline=numbers.get(point.baseline, -1),
        )
    design = design.assign(point=design["point"].map(numbers))
    return tuple(sorted(kept.values(), key=lambda point: point.number)), design


def points_table(points: Sequence[Point], dimensions: Sequence[Dimension]) -> pd.DataFrame:
    """Lay points out as a table.

    Parameters
    ----------
    points : sequence of Point
        The points.
    dimensions : sequence of Dimension
        What varies; each is a column.

    Returns
    -------
    pandas.DataFrame
        point, region, parameter_set, arm, baseline_point, a dose or parameter each, content.
    """
    rows = []
    for point in points:
        row: dict[str, Any] = {
            "point": point.number,
            "region": point.region,
            "parameter_set": point.parameter_set,
            "arm": point.arm,
            "baseline_point": None if point.baseline < 0 else point.baseline,
        }
        for item in dimensions:
            if item.kind == "factor":
                row[f"dose_{item.name}"] = point.doses.get(item.name)
            else:
                row[f"parameter_{item.name}"] = point.parameters[item.name]
        rows.append(row | {"content": point.content})
    table = pd.DataFrame(rows)
    table["baseline_point"] = table["baseline_point"].astype("Int64")
    floats = [
        name for name in table.columns if name.startswith(("dose_", "parameter_")) and name != "parameter_set"
    ]
    return table.astype(dict.fromkeys(floats, "float64"))


def points_from_table(table: pd.DataFrame, dimensions: Sequence[Dimension]) -> tuple[Point, ...]:
    """Read points back from their table.

    Parameters
    ----------
    table : pandas.DataFrame
        As `points_table` lays it out.
    dimensions : sequence of Dimension
        What varies.

    Returns
    -------
    tuple of Point
        The points.
    """
    factors = [item.name for item in dimensions if item.kind == "factor"]
    parameters = [item.name for item in dimensions if item.kind == "parameter"]
    points = []
    for row in table.to_dict("records"):
        doses = {name: float(row[f"dose_{name}"]) for name in factors if pd.notna(row[f"dose_{name}"])}
        base = row["baseline_point"]
        points.append(
            Point(
                int(row["point"]),
                str(row["region"]),
                int(row["parameter_set"]),
                str(row["arm"]),
                doses,
                {name: float(row[f"parameter_{name}"]) for name in parameters},
                -1 if pd.isna(base) else int(base),
                str(row["content"]),
            )
        )
    return tuple(points)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
