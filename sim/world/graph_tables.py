"""A border from a graph: nodes and edges of a GraphML or GeoJSON file as the tables of a region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from xml.etree.ElementTree import ParseError

import networkx as nx

from sim.errors import InputError, nearest_name
from sim.language import LANGUAGES
from sim.world.graph import REACH_COLUMNS, RIVER_SEPARATOR, BorderGraph
from sim.world.mistakes import Mistakes
from sim.world.sheets import MOST_BYTES, Sheet, tidy
from sim.world.sources import Source
from sim.world.tables import COLUMNS, SCATTERED
from sim.world.words import choice_label

_LEVELS: Final = ("province", "prefecture", "county", "town", "village", "community")
_OUTSIDE: Final = "_outside"
_FILE_OF: Final = {
    **dict.fromkeys(("province", "prefecture", "county"), "places.csv"),
    "town": "towns.csv",
    **dict.fromkeys(("village", "community"), "villages.csv"),
}
_SUPERIOR_COLUMN: Final = {
    "places.csv": "parent_code",
    "towns.csv": "county_code",
    "villages.csv": "town_code",
}
_LEVEL_BY_WORD: Final = {
    word.casefold(): level
    for level in _LEVELS
    for word in (level, *(choice_label(level, language) for language in LANGUAGES))
}
_ALLOWED_KINDS: Final = {
    "zh": "、".join(choice_label(level, "zh") for level in _LEVELS) + " 之一",
    "en": "one of " + ", ".join(_LEVELS),
}
_BEFORE_PLACE: Final = {"zh": " ", "en": ", "}
_SETTINGS: Final = ("name", "border_level", "sources")
_UPWARDS: Final = "subordinate"


@dataclass(frozen=True)
class _Row:
    place: dict[str, str]
    cells: dict[str, object]


def graph_source(path: Path, mistakes: Mistakes) -> Source:
    """Read a graph of places and ties as the tables of a border.

    Nodes are places: `kind` is province, prefecture, county, town, village or community, in either language;
    `name`, `name_zh` or `name_en`, `lon`, `lat`, `residents` and the other columns of their table are
    attributes. The superior of a place is its attribute `parent`, or where its edge of kind `subordinate`
    leads. An edge of another kind, or of none, joins two towns or two villages that are neighbours. A point
    that was moved on a map is where it was moved to. What this package writes is read back whole: laid out
    again, the border has the same graph.

    Parameters
    ----------
    path : Path
        A GraphML or GeoJSON file.
    mistakes : Mistakes
        Takes nodes whose kind is none.

    Returns
    -------
    Source
        Its tables.

    Raises
    ------
    InputError
        If it cannot be read, or holds no places.
    """
    graph = _read(path)
    rows: dict[str, list[_Row]] = {file: [] for file in COLUMNS}
    for node, data in graph.nodes(data=True):
        _add_place(graph, str(node), data, rows, path, mistakes)
    for a, b, data in graph.edges(data=True):
        _add_pair(graph, str(a), str(b), data, rows)
    if not any(rows[file] for file in ("towns.csv", "villages.csv")):
        allowed = {
            "zh": "带有 kind（town、village 等）的地点的网络",
            "en": "a graph of places, with their kind (town, village, …)",
        }
        raise InputError("file", str(path), allowed)
    source = Source(path, settings=_settings(graph))
    for file, found in rows.items():
        if found:
            source.sheets[file] = _sheet(file, path, found)
    return source


def _read(path: Path) -> BorderGraph:
    if path.stat().st_size > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        allowed = {"zh": f"不超过 {most} MB 的文件", "en": f"a file of at most {most} MB"}
        raise InputError("file", str(path), allowed)
    try:
        if path.suffix.lower() == ".geojson":
            return _read_features(path)
        return _directed(nx.read_graphml(path, force_multigraph=True))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ParseError, nx.NetworkXError) as error:
        allowed = {
            "zh": f"可读取的 GraphML 或 GeoJSON 网络（{error}）",
            "en": f"a readable graph in GraphML or GeoJSON ({error})",
        }
        raise InputError("file", str(path), allowed) from error


def _directed(graph: Any) -> BorderGraph:
    """Take a graph without directions as one whose neighbours are listed once, and whose places lead up."""
    if graph.is_directed():
        return cast("BorderGraph", graph)
    found: BorderGraph = nx.MultiDiGraph(**graph.graph)
    found.add_nodes_from(graph.nodes(data=True))
    for a, b, data in graph.edges(data=True):
        found.add_edge(a, b, **data)
        if data.get("kind") == _UPWARDS:
            found.add_edge(b, a, **data)
    return found


def _read_features(path: Path) -> BorderGraph:
    """Read the points and lines of our own GeoJSON or of a map program's."""
    collection = json.loads(path.read_text(encoding="utf-8-sig"))
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        allowed = {
            "zh": "GeoJSON 的 FeatureCollection：点为地点，线为相邻关系",
            "en": "a FeatureCollection of GeoJSON: points are places, lines join neighbours",
        }
        raise InputError("file", str(path), allowed)
    own = collection.get("graph")
    graph: BorderGraph = nx.MultiDiGraph(**own) if isinstance(own, dict) else nx.MultiDiGraph()
    for number, feature in enumerate(features, start=1):
        data = {key: value for key, value in (feature.get("properties") or {}).items() if value is not None}
        data.pop("element", None)
        if {"source", "target"} <= set(data):
            graph.add_edge(str(data.pop("source")), str(data.pop("target")), **data)
            continue
        # Map programs keep the name of a feature among its properties.
        names = (feature.get("id"), *(data.get(key) for key in ("id", "code", "name", "name_zh")), number)
        data.pop("id", None)
        _take_point(feature.get("geometry") or {}, data)
        graph.add_node(str(next(name for name in names if name is not None)), **data)
    return graph


def _take_point(geometry: dict[str, Any], data: dict[str, Any]) -> None:
    """Take the place of a point, which is what a person moves on a map, before what its properties say."""
    if geometry.get("type") != "Point":
        return
    lon, lat = geometry["coordinates"][:2]
    if (data.get("lon"), data.get("lat")) != (lon, lat):
        data |= {"lon": lon, "lat": lat}
        data.pop("position_is_synthetic", None)


def _settings(graph: BorderGraph) -> dict[str, Any]:
    given = graph.graph
    settings: dict[str, Any] = {key: given[key] for key in _SETTINGS if key in given}
    if isinstance(settings.get("border_level"), int):
        # The graph keeps the level as a number.
        levels = ("town", "county", "prefecture", "province", "nation")
        settings["border_level"] = levels[min(max(settings["border_level"], 0), len(levels) - 1)]
    if isinstance(settings.get("sources"), str):
        settings["sources"] = settings["sources"].split(RIVER_SEPARATOR)
    for key in ("title", "description"):
        texts = {language: given.get(f"{key}_{language}") for language in LANGUAGES}
        if all(texts.values()):
            settings[key] = texts
    return settings


def _level_of(data: dict[str, Any]) -> str:
    kind = tidy(str(data.get("kind", data.get("level", "")))).removesuffix(_OUTSIDE).casefold()
    return _LEVEL_BY_WORD.get(kind, "")


def _superior(graph: BorderGraph, node: str, data: dict[str, Any]) -> str:
    if "parent" in data:
        return str(data["parent"])
    edges: Any = graph.out_edges(node, data="kind")
    for _, above, kind in edges:
        higher = _level_of(graph.nodes[above])
        if kind == _UPWARDS and higher and _LEVELS.index(higher) < _LEVELS.index(_level_of(data)):
            return str(above)
    return ""


def _add_place(
    graph: BorderGraph,
    node: str,
    data: dict[str, Any],
    rows: dict[str, list[_Row]],
    path: Path,
    mistakes: Mistakes,
) -> None:
    kind = str(data.get("kind", ""))
    level = _level_of(data)
    place = {"zh": f"节点 {node}", "en": f"node {node}"}
    if kind == "department":
        return
    if not level:
        where = {language: f"{path}{_BEFORE_PLACE[language]}{place[language]}" for language in LANGUAGES}
        nearest = nearest_name(kind, _LEVELS)
        mistakes.add_error(InputError("kind", kind, _ALLOWED_KINDS, nearest, where))
        # What it is cannot be guessed; the row keeps its name, so that what refers to it is not blamed.
        name = data.get("name_zh", data.get("name", node))
        rows["places.csv"].append(_Row(place, {"name_zh": name, "code": node}))
        mistakes.excuse("places.csv", len(rows["places.csv"]))
        return
    file = _FILE_OF[level]
    cells: dict[str, object] = {"code": node, "name_zh": data.get("name_zh", data.get("name", ""))}
    known = {column.name for column in COLUMNS[file]}
    cells |= {
        key: value for key, value in data.items() if key in known and key not in ("kind", "level", "code")
    }
    superior = _superior(graph, node, data)
    if superior:
        cells[_SUPERIOR_COLUMN[file]] = superior
    if file == "places.csv":
        cells["level"] = level
    if file == "villages.csv":
        cells["kind"] = str(data.get("unit", level))
    if data.get("position_is_synthetic") is True and "lon" in cells:
        cells["coordinate_source"] = SCATTERED
    if cells.get("ring") == -1:
        del cells["ring"]
    outside = kind.endswith(_OUTSIDE)
    if not (outside and level == "town"):
        rows[file].append(_Row(place, cells))
    _add_reaches(node, data, superior, rows, place, outside=outside)


def _add_reaches(
    node: str,
    data: dict[str, Any],
    superior: str,
    rows: dict[str, list[_Row]],
    place: dict[str, str],
    *,
    outside: bool,
) -> None:
    """Add the rows of the river that a town's attribute lists, as `REACH_COLUMNS` has them."""
    for listed in str(data.get("river_reaches", "")).split(RIVER_SEPARATOR):
        if listed:
            cells: dict[str, object] = dict(zip(REACH_COLUMNS, listed.split(":"), strict=False))
            cells |= {
                "town_code": node,
                "name_zh": data.get("name_zh", ""),
                "name_en": data.get("name_en", ""),
            }
            if outside:
                cells["county_code"] = superior
            rows["river.csv"].append(_Row(place, cells))


def _add_pair(graph: BorderGraph, a: str, b: str, data: dict[str, Any], rows: dict[str, list[_Row]]) -> None:
    kind = data.get("kind", "adjacent")
    if kind != "adjacent":
        return
    place = {"zh": f"边 {a}–{b}", "en": f"edge {a}–{b}"}
    levels = {_level_of(graph.nodes[node]) for node in (a, b)} & {"town"}
    if levels:
        cells: dict[str, object] = {"town_a": a, "town_b": b, "shared_km": data.get("length_km", "")}
        rows["adjacency.csv"].append(_Row(place, cells))
        return
    is_river = data.get("is_river", False) is True
    cells = {"village_a": a, "village_b": b, "length_km": data.get("length_km", 1.0)}
    cells |= {"kind": "river" if is_river else "land", "legacy_claims": data.get("legacy_claims", "")}
    rows["ties.csv"].append(_Row(place, cells))
    if data.get("named") is True:
        pair: dict[str, object] = {"level": "village", "code_a": a, "code_b": b}
        rows["named_pairs.csv"].append(_Row(place, pair))


def _sheet(file: str, path: Path, rows: list[_Row]) -> Sheet:
    header = tuple(_columns(file, rows))
    return Sheet(
        file,
        str(path),
        header,
        tuple(
            (line, tuple(row.cells.get(column, "") for column in header)) for line, row in enumerate(rows, 1)
        ),
        header_line=0,
        nodes={line: row.place for line, row in enumerate(rows, 1)},
    )


def _columns(file: str, rows: list[_Row]) -> Iterator[str]:
    used = {column for row in rows for column in row.cells}
    for column in COLUMNS[file]:
        if column.name in used or not column.optional:
            yield column.name
