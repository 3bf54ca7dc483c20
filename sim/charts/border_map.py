"""A schematic map: places as points, ties across the border coloured by what they settle."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from sim.charts.findings import finding
from sim.charts.labels import Label, place_labels
from sim.charts.line import line_finding
from sim.charts.pairs import border_town_pairs, check_pair_measure, pair_differences, pair_shares
from sim.charts.style import INK, MUTED, drawing, frame, new_figure
from sim.charts.wording import axis_label, is_share, scale_of
from sim.charts.words import arm_names, capital, notes_of
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.studies.comparison import Comparison
from sim.studies.watched import Watched
from sim.world.region import Region
from sim.world.world import World

__all__ = ["draw_map", "labelled_towns", "sides"]

_SIDE_COLOURS: Final = ("#56B4E9", "#E69F00", "#CC79A7", "#999999", "#8C6BB1")
_SIDE_MARKERS: Final = ("o", "s", "^", "D", "v")
#: More towns than this would hide the line if their points were drawn as large as on a map of few.
_MANY_TOWNS: Final = 120
_WATER: Final = "#A6CFE3"
_WATER_NAME: Final = "#2A6F8F"
_UNKNOWN: Final = "#BBBBBB"
_MARGIN_DEGREES: Final = 0.02
_KM_PER_DEGREE: Final = 111.2
_WIDTH_INCHES: Final = 8.0
#: Ends of scales, times a power of ten.
_ROUND: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_BELOW: Final = (0.0, (1.6, 0.9))


def draw_map(
    comparison: Comparison | Watched,
    language: str,
    world: World,
    arm: str,
    show: Literal["share", "difference"] = "difference",
    measure: str = "settled_90_days",
) -> Figure:
    """Draw the border as points, and the ties across it coloured by a measure.

    Parameters
    ----------
    comparison : Comparison or Watched
        The comparison; watched runs for coverage.
    language : {"zh", "en"}
        Language.
    world : World
        A layout of the region of the comparison.
    arm : str
        The arm to show.
    show : {"share", "difference"}
        The measure in this arm, or its change against the baseline: there a tie is thick where the interval
        of its pair of towns excludes zero, and dashed where the change is negative.
    measure : str
        One of `sim.charts.pairs.CASE_MEASURES` for a comparison, of `LINE_MEASURES` for watched runs.

    Returns
    -------
    Figure
        A map that draws no boundary and says that it is schematic.

    Raises
    ------
    InputError
        For a measure that is not known for pairs of towns.
    """
    check_pair_measure(comparison, measure)
    with drawing(language):
        names = arm_names(comparison, language)
        figure = new_figure(_WIDTH_INCHES, 5.9)
        axes = figure.subplots()
        _set_extent(axes, world)
        _draw_water(axes, world.region)
        _draw_places(axes, world)
        mappable = _draw_ties(axes, comparison, world, arm, show, measure)
        bar = figure.colorbar(mappable, ax=axes, shrink=0.62, pad=0.015, aspect=26)
        bar.outline.set_visible(False)
        bar.set_label(axis_label(measure, language, difference=show == "difference"))
        _draw_scale(axes, language)
        definition = MEASURES[measure]
        words = {
            "arm": names[arm],
            "baseline": names[comparison.baseline],
            "measure": definition.zh if language == "zh" else definition.en,
        }
        frame(
            figure,
            [_finding(comparison, names, measure, language, arm)],
            text(f"charts.subtitle.map_{_kind(comparison, arm, show)}", language, **words),
            notes_of(comparison, language, "schematic", _note(comparison, show)),
            _legend_handles(world, language, show),
        )
        towns = zip(world.town_lon.tolist(), world.town_lat.tolist(), strict=True)
        place_labels(axes, _labels(world, language), towns, _tie_middles(world))
        return figure


def _kind(found: Comparison | Watched, arm: str, show: str) -> str:
    return "alone" if show == "share" and arm == found.baseline else show


def _note(found: Comparison | Watched, show: str) -> str:
    return "map_line" if show == "share" and isinstance(found, Watched) else f"map_{show}"


def _finding(
    found: Comparison | Watched, names: dict[str, str], measure: str, language: str, arm: str
) -> str:
    """State what the arm changes; the baseline is only named, for it is compared with nothing."""
    if arm == found.baseline:
        definition = MEASURES[measure]
        name = definition.zh if language == "zh" else definition.en
        return capital(text("charts.part_of", language, arm=names[arm], measure=name))
    if isinstance(found, Watched):
        return line_finding(found, arm, language, measure)
    return finding(found, names, measure, language, arms=[arm])


def labelled_towns(world: World) -> list[int]:
    """Choose the towns whose names are written: those on the river and those of the named pairs.

    Parameters
    ----------
    world : World
        The border.

    Returns
    -------
    list of int
        Indices of towns, each once.
    """
    on_river = [int(town) for town in world.river_town if town >= 0]
    town_of_code = {code: town for town, code in enumerate(world.town_code)}
    village_town = dict(zip(world.village_code, world.village_town.tolist(), strict=True))
    named = []
    for row in world.region.named_pairs.itertuples():
        for code in (str(row.code_a), str(row.code_b)):
            named.append(town_of_code[code] if row.level == "town" else village_town[code])
    return list(dict.fromkeys([*on_river, *named]))


def _set_extent(axes: Axes, world: World) -> None:
    lon, lat = world.village_lon, world.village_lat
    axes.set_xlim(lon.min() - _MARGIN_DEGREES, lon.max() + _MARGIN_DEGREES)
    axes.set_ylim(lat.min() - _MARGIN_DEGREES, lat.max() + _MARGIN_DEGREES)
    axes.set_aspect(1.0 / math.cos(math.radians(float(np.mean(lat)))))
    axes.set_axis_off()


def _draw_water(axes: Axes, region: Region) -> None:
    for properties, course in _water(region):
        if properties["shape"] == "Polygon":
            axes.add_patch(Polygon(course, facecolor=_WATER, edgecolor="none", zorder=1))
        else:
            axes.plot(*course.T, color=_WATER, linewidth=2.6, solid_capstyle="round", zorder=1)


def _draw_places(axes: Axes, world: World) -> None:
    town_side, names, _ = sides(world)
    size = 38.0 if len(world.town_code) <= _MANY_TOWNS else 9.0
    unknown = world.town_position_is_synthetic
    for side in range(len(names)):
        colour, marker = _side_look(side)
        villages = town_side[world.village_town] == side
        axes.scatter(
            world.village_lon[villages],
            world.village_lat[villages],
            s=4,
            color=colour,
            marker=marker,
            alpha=0.55,
            linewidths=0,
            zorder=2,
        )
        # A hollow mark is no place that anybody has measured.
        for chosen, face, edge in ((~unknown, colour, INK), (unknown, "white", colour)):
            towns = (town_side == side) & chosen
            axes.scatter(
                world.town_lon[towns],
                world.town_lat[towns],
                s=size,
                color=face,
                marker=marker,
                edgecolors=edge,
                linewidths=0.6 if edge == INK else 1.1,
                zorder=4,
            )


def sides(world: World) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[str, ...]]:
    """Give the side of the border that each town is on: the unit just below the border's level.

    Where the border runs between the towns of one county every town is a side of its own; that would be no
    legend, so the county is shown.

    Parameters
    ----------
    world : World
        The border.

    Returns
    -------
    side : ndarray of int64, shape (towns,)
        Index of the side.
    names_zh, names_en : tuple of str
        Names of the sides.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> sides(lay_out(load_region("yulin_zhanjiang_maoming"), seed=1))[2]
    ('Guangxi', 'Guangdong')
    """
    side = world.town_county.astype(np.int64)
    if world.border_level <= 2:
        return side, world.county_name_zh, world.county_name_en
    side = world.county_prefecture[side].astype(np.int64)
    if world.border_level == 3:
        return side, world.prefecture_name_zh, world.prefecture_name_en
    return world.prefecture_province[side].astype(np.int64), world.province_name_zh, world.province_name_en


def _side_look(side: int) -> tuple[str, str]:
    return _SIDE_COLOURS[side % len(_SIDE_COLOURS)], _SIDE_MARKERS[side % len(_SIDE_MARKERS)]


def _draw_ties(
    axes: Axes, comparison: Comparison | Watched, world: World, arm: str, show: str, measure: str
) -> ScalarMappable:
    ties = border_town_pairs(world)
    keys = list(zip(ties["town_a"], ties["town_b"], strict=True))
    scale = scale_of(MEASURES[measure].unit)
    if show == "share":
        values = pair_shares(comparison, world, arm, measure).mul(scale).to_dict()
        clear = dict.fromkeys(values, True)
        most = 100.0 if is_share(MEASURES[measure].unit) else _round_up(values.values())
        norm, colours = Normalize(0, most), colormaps["RdPu"]
    else:
        table = pair_differences(comparison, world, arm, comparison.baseline, measure)
        values = table["difference"].mul(scale).to_dict()
        clear = table["is_clear"].to_dict()
        most = _round_up(values.values())
        norm, colours = Normalize(-most, most), colormaps["PRGn"]
    mappable = ScalarMappable(norm, colours)
    segments, shades, widths, lines = [], [], [], []
    for tie, key in zip(ties["tie"], keys, strict=True):
        ends = (world.tie_a[tie], world.tie_b[tie])
        segments.append([(world.village_lon[end], world.village_lat[end]) for end in ends])
        value = values.get(key, math.nan)
        shades.append(_UNKNOWN if math.isnan(value) else mappable.to_rgba(value))
        widths.append(3.0 if clear.get(key, False) else 1.3)
        # Both ends of the scale are dark: without colour, the sign is in the dashes.
        lines.append(_BELOW if show == "difference" and value < 0 else "solid")
    # A dark casing keeps pale colours readable on white.
    casing = LineCollection(segments, colors=MUTED, linewidths=[width + 0.9 for width in widths], zorder=3)
    axes.add_collection(casing, autolim=False)
    ties_drawn = LineCollection(
        segments, colors=shades, linewidths=widths, linestyles=lines, capstyle="butt", zorder=3
    )
    axes.add_collection(ties_drawn, autolim=False)
    return mappable


def _round_up(values: Iterable[float]) -> float:
    """Give a round number that no value passes, near enough to leave no scale half empty."""
    widest = max([abs(value) for value in values if not math.isnan(value)], default=0.0)
    if widest == 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(widest))
    return next(step * power for step in _ROUND if step * power >= widest * (1 - 1e-9))


def _draw_scale(axes: Axes, language: str, length_km: float = 20.0) -> None:
    left, bottom = axes.get_xlim()[0], axes.get_ylim()[0]
    # A degree of longitude is shorter than one of latitude.
    shrink = math.cos(math.radians(float(np.mean(axes.get_ylim()))))
    width = length_km / (_KM_PER_DEGREE * shrink)
    axes.plot([left + 0.02, left + 0.02 + width], [bottom + 0.02] * 2, color=INK, linewidth=1.6)
    said = text("charts.map.scale", language, length=f"{length_km:.0f}")
    axes.text(left + 0.02 + width / 2, bottom + 0.028, said, ha="center", va="bottom", fontsize=8)


def _legend_handles(world: World, language: str, show: str) -> list[Artist]:
    _, names_zh, names_en = sides(world)
    handles: list[Artist] = []
    for side, name in enumerate(names_zh if language == "zh" else names_en):
        colour, marker = _side_look(side)
        point = Line2D([], [], linestyle="none", color=colour, marker=marker, markersize=6.5, label=name)
        point.set_markeredgecolor(INK)
        handles.append(point)
    if world.town_position_is_synthetic.any():
        unknown = Line2D([], [], linestyle="none", color="white", marker="o", markersize=6.5)
        unknown.set_markeredgecolor(MUTED)
        unknown.set_label(text("charts.map.unknown_place", language))
        handles.append(unknown)
    if show == "difference":
        handles.append(Line2D([], [], color=MUTED, linewidth=3.9, label=text("charts.map.clear", language)))
        handles.append(Line2D([], [], color=MUTED, linewidth=1.6, label=text("charts.map.unclear", language)))
        below = Line2D([], [], color=MUTED, linewidth=2.2, linestyle=(0, _BELOW[1]))
        below.set_label(text("charts.map.below", language))
        handles.append(below)
    return handles


def _labels(world: World, language: str) -> list[Label]:
    chinese = language == "zh"
    town_names = world.town_name_zh if chinese else world.town_name_en
    labels = [
        Label(_short_name(town_names[town], language), world.town_lon[town], world.town_lat[town], INK, 8.0)
        for town in labelled_towns(world)
    ]
    return [*labels, *_water_labels(world.region, language)]


def _short_name(name: str, language: str) -> str:
    # On a map of towns the word town says nothing.
    return name.removesuffix("镇") if language == "zh" and len(name) > 2 else name.removesuffix(" Town")


def _water_labels(region: Region, language: str) -> list[Label]:
    """Name each water once, at the middle of its longest piece."""
    longest: dict[str, np.ndarray] = {}
    for properties, course in _water(region):
        name = str(properties.get(f"name_{language}") or "")
        if name and (name not in longest or len(course) > len(longest[name])):
            longest[name] = course
    middles = {name: course[len(course) // 2] for name, course in longest.items()}
    return [Label(name, float(lon), float(lat), _WATER_NAME, 8.0) for name, (lon, lat) in middles.items()]


def _water(region: Region) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
    """Walk through outlines of reservoirs and courses of rivers, as points in degrees."""
    for feature in (region.water or {}).get("features", []):
        geometry = feature["geometry"]
        if geometry["type"] in ("Polygon", "LineString"):
            points = geometry["coordinates"][0] if geometry["type"] == "Polygon" else geometry["coordinates"]
            yield {**feature["properties"], "shape": geometry["type"]}, np.asarray(points, dtype=float)[:, :2]


def _tie_middles(world: World) -> list[tuple[float, float]]:
    ties = np.flatnonzero(world.tie_is_border)
    a, b = world.tie_a[ties], world.tie_b[ties]
    lon = (world.village_lon[a] + world.village_lon[b]) / 2
    lat = (world.village_lat[a] + world.village_lat[b]) / 2
    return list(zip(lon.tolist(), lat.tolist(), strict=True))
