"""The whole border as one networkx graph, written and read without loss as GraphML and GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.files import write_beside
from sim.world.border import World

#: Kinds of edges: from an office to the one above it; between neighbouring villages (side a to side b); from
#: a town on the river to the next one downstream; between two offices that a mechanism connects.
EDGE_KINDS: Final = ("subordinate", "adjacent", "upstream", "channel")

NOTICE: Final = "Schematic: positions of villages are synthetic, nothing here is an official boundary."

#: Stands between the reaches of a town's attribute `river_reaches`, and between sources.
RIVER_SEPARATOR: Final = "; "

#: What is written of each row of the river, parted by colons; the last only where there are several rivers.
REACH_COLUMNS: Final = (
    "order_downstream", "reach", "length_km", "reservoir_area_km2", "village_units", "river",
)  # fmt: skip

_RESERVED: Final = ("element", "source", "target")

if TYPE_CHECKING:
    BorderGraph: TypeAlias = nx.MultiDiGraph[Any]
else:
    BorderGraph = nx.MultiDiGraph


def border_graph(world: World, channels: Iterable[tuple[int, int, float]] | None = None) -> BorderGraph:
    """Build the graph of all offices, ties, the river and the channels between offices.

    The graph is directed, because `subordinate` and `upstream` have a direction; `adjacent` and `channel` are
    stored once, from side a to side b, and hold both ways. Ids are stable: a unit's code,
    `county/department`, and `kind:from:to` for edges.

    Parameters
    ----------
    world : World
        The laid-out border.
    channels : iterable of (int, int, float), optional
        Two offices and the days that a matter takes between them.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes carry `kind`, `office`, `name_zh`, `name_en`, `lon`, `lat` and what is known of them; edges
        carry `kind`; ties also `length_km`, `level`, `is_border`, `is_river`, `upstream`, `legacy_claims` and
        `named`; channels `days`.

    Raises
    ------
    InputError
        A channel of an office that does not exist, or with negative days.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> graph = border_graph(lay_out(load_region("yulin_zhanjiang_maoming"), seed=1))
    >>> graph.nodes["440881105"]["name_zh"], list(graph.successors("440881105"))
    ('石角镇', ['440881104', '440881'])
    """
    graph: BorderGraph = nx.MultiDiGraph(
        name=world.name,
        title_zh=world.title_zh,
        title_en=world.title_en,
        description_zh=world.region.description_zh,
        description_en=world.region.description_en,
        border_level=world.border_level,
        seed=world.seed,
        notice=NOTICE,
    )
    if world.region.sources:
        graph.graph["sources"] = RIVER_SEPARATOR.join(" ".join(one.split()) for one in world.region.sources)
    ids = _add_offices(graph, world)
    _add_river(graph, world)
    for office, parent in enumerate(world.office_parent.tolist()):
        if parent >= 0:
            _add_edge(graph, "subordinate", ids[office], ids[parent])
    for tie, (a, b) in enumerate(zip(world.tie_a.tolist(), world.tie_b.tolist(), strict=True)):
        _add_edge(
            graph, "adjacent", ids[a], ids[b],
            length_km=float(world.tie_length_km[tie]),
            level=int(world.tie_level[tie]),
            is_border=bool(world.tie_is_border[tie]),
            is_river=bool(world.tie_is_river[tie]),
            upstream=int(world.tie_upstream[tie]),
            legacy_claims=int(world.tie_legacy_claims[tie]),
            named=bool(world.tie_named[tie]),
        )  # fmt: skip
    for a, b, days in channels or ():
        for office in (a, b):
            if not 0 <= office < len(ids):
                allowed = {
                    "zh": f"0 到 {len(ids) - 1} 的机构编号",
                    "en": f"an office from 0 to {len(ids) - 1}",
                }
                raise InputError("channel", office, allowed)
        if not days >= 0.0:
            raise InputError("days", days, {"zh": "不小于 0 的数", "en": "a number of 0 or more"})
        _add_edge(graph, "channel", ids[a], ids[b], days=float(days))
    return graph


def _add_offices(graph: BorderGraph, world: World) -> list[str]:
    """Add one node per office and return their ids in office order."""
    start = len(graph)
    units = dict(zip(world.region.villages["code"], world.region.villages["kind"], strict=True))
    for index, code in enumerate(world.village_code):
        graph.add_node(
            code, kind="village", unit=units[code],
            name_zh=world.village_name_zh[index], name_en=world.village_name_en[index],
            lon=float(world.village_lon[index]), lat=float(world.village_lat[index]),
            residents=float(world.village_residents[index]), farms=float(world.village_farms[index]),
            is_border=bool(world.village_is_border[index]),
            position_is_synthetic=bool(world.village_position_is_synthetic[index]),
        )  # fmt: skip
    for index, code in enumerate(world.town_code):
        graph.add_node(
            code, kind="town", name_zh=world.town_name_zh[index], name_en=world.town_name_en[index],
            lon=float(world.town_lon[index]), lat=float(world.town_lat[index]),
            residents=float(world.town_residents[index]), area_km2=float(world.town_area_km2[index]),
            ring=int(world.town_ring[index]),
            position_is_synthetic=bool(world.town_position_is_synthetic[index]),
        )  # fmt: skip
    counties = range(len(world.county_code))
    for index in counties:
        graph.add_node(
            world.county_code[index], kind="county",
            name_zh=world.county_name_zh[index], name_en=world.county_name_en[index],
            lon=float(world.county_lon[index]), lat=float(world.county_lat[index]),
            residents=float(world.county_residents[index]),
            share_modelled=float(world.county_share_modelled[index]),
        )  # fmt: skip
    for index in counties:
        for key, zh, en in zip(
            world.department_key, world.department_name_zh, world.department_name_en, strict=True
        ):
            graph.add_node(
                f"{world.county_code[index]}/{key}", kind="department", department=key,
                name_zh=world.county_name_zh[index] + zh, name_en=f"{world.county_name_en[index]} {en}",
                lon=float(world.county_lon[index]), lat=float(world.county_lat[index]),
            )  # fmt: skip
    prefecture = world.county_prefecture
    province = world.prefecture_province[prefecture]
    for kind, codes, zh_names, en_names, unit in (
        ("prefecture", world.prefecture_code, world.prefecture_name_zh, world.prefecture_name_en, prefecture),
        ("province", world.province_code, world.province_name_zh, world.province_name_en, province),
    ):  # fmt: skip
        for index, code in enumerate(codes):
            # No seat is needed above the county: the middle of the modelled counties serves a map.
            below = unit == index
            graph.add_node(
                code, kind=kind, name_zh=zh_names[index], name_en=en_names[index],
                lon=float(world.county_lon[below].mean()), lat=float(world.county_lat[below].mean()),
            )  # fmt: skip
    ids = list(graph)[start:]
    for office, node in enumerate(ids):
        graph.nodes[node]["office"] = office
    return ids


def _add_river(graph: BorderGraph, world: World) -> None:
    """Add the way of the water: every town at one number drains to every town at the next."""
    river = world.region.river
    superiors = dict(zip(river["town_code"], river["county_code"], strict=True))
    for code, name, english in zip(river["town_code"], river["name_zh"], river["name_en"], strict=True):
        if code not in graph:
            # A town outside the model still sends its water: a node without an office.
            parent = superiors[code]
            graph.add_node(code, kind="town_outside", name_zh=name, name_en=english or name, parent=parent)
            _add_outside_superiors(graph, world, parent)
    _list_reaches(graph, river)
    for number in np.unique(world.river_number):
        _add_course(graph, world, world.river_number == number)


def _add_course(graph: BorderGraph, world: World, own: NDArray[np.bool_]) -> None:
    steps = np.unique(world.river_order[own])
    for here, below in zip(steps[:-1], steps[1:], strict=True):
        for a in np.flatnonzero(own & (world.river_order == here)):
            for b in np.flatnonzero(own & (world.river_order == below)):
                if world.river_code[a] != world.river_code[b]:
                    _add_edge(graph, "upstream", world.river_code[a], world.river_code[b])


def _add_outside_superiors(graph: BorderGraph, world: World, superior: str) -> None:
    """Add the places above a town outside the model, up to one that the model has or to the province."""
    rows = {str(row["code"]): row for row in world.region.places.to_dict("records")}
    while superior and superior not in graph:
        row = rows[superior]
        graph.add_node(
            superior,
            kind=f"{row['level']}_outside",
            name_zh=row["name_zh"],
            name_en=row["name_en"] or row["name_zh"],
        )
        if row["parent_code"]:
            graph.nodes[superior]["parent"] = row["parent_code"]
        superior = row["parent_code"]


def _list_reaches(graph: BorderGraph, river: pd.DataFrame) -> None:
    """Write the reaches of each town: order, reach, length, reservoir area, villages and river, as given."""
    for code, *cells in zip(river["town_code"], *(river[column] for column in REACH_COLUMNS), strict=True):
        listed = ":".join(
            "" if cell != cell else f"{cell:.15g}" if isinstance(cell, float) else cell for cell in cells
        )
        node, listed = graph.nodes[code], listed.removesuffix(":")
        node["river_reaches"] = RIVER_SEPARATOR.join(filter(None, (node.get("river_reaches"), listed)))


def _add_edge(graph: BorderGraph, kind: str, a: str, b: str, **attributes: float | int | bool) -> None:
    key = f"{kind}:{a}:{b}"
    number = 2
    while graph.has_edge(a, b, key):
        key = f"{kind}:{a}:{b}:{number}"
        number += 1
    graph.add_edge(a, b, key=key, kind=kind, **attributes)


def write_graphml(graph: BorderGraph, path: str | Path) -> Path:
    """Write a border graph as GraphML.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        As :func:`border_graph` makes it; further attributes must be texts, numbers or truth values.
    path : str or Path
        File to write; it appears whole or not at all.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        An attribute that GraphML cannot hold.
    OutputError
        The file cannot be written.
    """
    _check_attributes(graph)
    return write_beside(path, lambda temporary: nx.write_graphml_xml(graph, temporary, encoding="utf-8"))


def read_graphml(path: str | Path) -> BorderGraph:
    """Read a border graph from GraphML.

    Parameters
    ----------
    path : str or Path
        A file written by :func:`write_graphml`.

    Returns
    -------
    networkx.MultiDiGraph
        Equal to the graph that was written: nodes, edges, keys and attributes.

    Raises
    ------
    InputError
        Unreadable file, or one that is no directed GraphML.
    """
    try:
        graph = cast("BorderGraph", nx.read_graphml(path, force_multigraph=True))
    except (OSError, ParseError, nx.NetworkXError, KeyError, ValueError) as error:
        raise _unreadable(path, "GraphML", error) from error
    if not graph.is_directed():
        raise _unreadable(path, "GraphML", ValueError("undirected"))
    # The reader adds its own bookkeeping, which was never written.
    for key in ("node_default", "edge_default"):
        graph.graph.pop(key, None)
    return graph


def write_geojson(graph: BorderGraph, path: str | Path) -> Path:
    """Write a border graph as GeoJSON: offices as points, edges as straight lines between them.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        As :func:`border_graph` makes it.
    path : str or Path
        File to write; it appears whole or not at all.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        An attribute that the file cannot hold.
    OutputError
        The file cannot be written.
    """
    _check_attributes(graph)
    features: list[dict[str, Any]] = []
    for node, data in graph.nodes(data=True):
        point = _point(data)
        geometry = None if point is None else {"type": "Point", "coordinates": point}
        features.append(_feature(node, geometry, {"element": "node", **data}))
    for a, b, key, data in graph.edges(keys=True, data=True):
        ends = [_point(graph.nodes[a]), _point(graph.nodes[b])]
        geometry = None if None in ends else {"type": "LineString", "coordinates": ends}
        features.append(_feature(key, geometry, {"element": "edge", "source": a, "target": b, **data}))
    # The graph's own attributes are a foreign member, which RFC 7946 allows.
    collection = {"type": "FeatureCollection", "graph": dict(graph.graph), "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return write_beside(path, lambda temporary: temporary.write_text(text + "\n", encoding="utf-8"))


def read_geojson(path: str | Path) -> BorderGraph:
    """Read a border graph from GeoJSON.

    Parameters
    ----------
    path : str or Path
        A file written by :func:`write_geojson`.

    Returns
    -------
    networkx.MultiDiGraph
        Equal to the graph that was written: nodes, edges, keys and attributes.

    Raises
    ------
    InputError
        Unreadable file, or one that holds no border graph.
    """
    try:
        collection = json.loads(Path(path).read_text(encoding="utf-8"))
        graph: BorderGraph = nx.MultiDiGraph(**collection["graph"])
        for feature in collection["features"]:
            data = dict(feature["properties"])
            if data.pop("element") == "node":
                graph.add_node(feature["id"], **data)
            else:
                graph.add_edge(data.pop("source"), data.pop("target"), key=feature["id"], **data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, "GeoJSON", error) from error
    return graph


def _unreadable(path: str | Path, form: str, error: Exception) -> InputError:
    allowed = {
        "zh": f"由本程序写出的边界网络 {form} 文件（{error}）",
        "en": f"a {form} file of a border graph as this package writes it ({error})",
    }
    return InputError("file", str(path), allowed)


def _point(data: dict[str, Any]) -> list[float] | None:
    return [data["lon"], data["lat"]] if "lon" in data and "lat" in data else None


def _feature(identity: str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": identity, "geometry": geometry, "properties": properties}


def _check_attributes(graph: BorderGraph) -> None:
    """Refuse what would not come back as it was written."""
    groups = [("graph", graph.graph)]
    groups += [(str(node), data) for node, data in graph.nodes(data=True)]
    groups += [(str(key), data) for _, _, key, data in graph.edges(keys=True, data=True)]
    for owner, data in groups:
        for name, value in data.items():
            is_text = (
                isinstance(value, str) and value != "" and value.isprintable() and value == value.strip()
            )
            is_number = isinstance(value, (bool, int)) or (isinstance(value, float) and np.isfinite(value))
            if name in _RESERVED or not (is_text or is_number):
                allowed = {
                    "zh": "一行非空文字、有限的数或真假值，且名称不为 " + "、".join(_RESERVED),
                    "en": "a text of one line, a finite number or a truth value, not named "
                    + ", ".join(_RESERVED),
                }
                raise InputError(name, value, allowed, where=owner)
