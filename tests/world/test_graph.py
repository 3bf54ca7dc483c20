"""The border graph: everything in it, and nothing lost on the way to a file and back."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError, OutputError
from sim.world.graph import (
    EDGE_KINDS,
    border_graph,
    read_geojson,
    read_graphml,
    write_geojson,
    write_graphml,
)
from sim.world.region import Region, examine_region, load_region
from sim.world.tables import SCATTERED
from sim.world.world import World, lay_out

FORMATS = [(write_graphml, read_graphml, "border.graphml"), (write_geojson, read_geojson, "border.geojson")]


def kinds(graph: nx.MultiDiGraph) -> dict[str, int]:
    found = dict.fromkeys(EDGE_KINDS, 0)
    for _, _, kind in graph.edges(data="kind"):
        found[kind] += 1
    return found


def test_the_graph_holds_every_office_tie_and_step_of_the_river(world: World) -> None:
    graph = border_graph(world, [(0, 5, 1.5)])
    offices = {data["office"]: node for node, data in graph.nodes(data=True) if "office" in data}
    assert sorted(offices) == list(range(len(world.office_tier)))
    found = kinds(graph)
    assert found["subordinate"] == (world.office_parent >= 0).sum()
    assert found["adjacent"] == len(world.tie_a)
    assert found["channel"] == 1
    for tie in (0, len(world.tie_a) - 1):
        a, b = world.village_code[world.tie_a[tie]], world.village_code[world.tie_b[tie]]
        data = graph.edges[a, b, f"adjacent:{a}:{b}"]
        assert (data["length_km"], data["level"]) == (world.tie_length_km[tie], world.tie_level[tie])
    for office in (0, world.town_office(3), world.department_office(2, 1), world.prefecture_office(1)):
        assert graph.has_edge(offices[office], offices[int(world.office_parent[office])])


def test_the_water_flows_from_the_source_to_the_sea(world: World) -> None:
    graph = border_graph(world)
    river = nx.DiGraph((a, b) for a, b, kind in graph.edges(data="kind") if kind == "upstream")
    assert nx.is_directed_acyclic_graph(river)
    assert [node for node in river if river.in_degree(node) == 0] == ["450922106"]
    assert [node for node in river if river.out_degree(node) == 0] == ["440881109"]
    assert set(river.successors("450923120")) == {"450922111", "440881105", "440982120", "440881104"}


def test_two_provinces_meet_only_above_the_model(world: World) -> None:
    graph = border_graph(world)
    tree = nx.Graph((a, b) for a, b, kind in graph.edges(data="kind") if kind == "subordinate")
    assert nx.number_connected_components(tree) == 2
    assert nx.is_forest(tree)


@pytest.mark.parametrize(("write", "read", "name"), FORMATS)
def test_a_graph_comes_back_from_its_file_as_it_was(
    world: World, tmp_path: Path, write, read, name: str
) -> None:  # type: ignore[no-untyped-def]
    # Two channels between the same offices must both survive.
    graph = border_graph(world, [(0, 900, 0.1), (0, 900, 2.0), (world.county_office(0), 3, 1 / 3)])
    assert write(graph, tmp_path / name) == tmp_path / name
    back = read(tmp_path / name)
    assert isinstance(back, nx.MultiDiGraph)
    assert nx.utils.graphs_equal(graph, back)
    assert list(graph) == list(back)
    assert [type(value) for value in back.nodes["450922111201"].values()] == [
        type(value) for value in graph.nodes["450922111201"].values()
    ]
    assert [file.name for file in tmp_path.iterdir()] == [name]


TEXT = st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable() and text == text.strip())
VALUES = st.one_of(
    TEXT, st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False)
)


@settings(max_examples=60)
@given(name=TEXT, values=st.lists(VALUES, min_size=4, max_size=4), lon=st.floats(-180, 180))
@pytest.mark.parametrize(("write", "read", "file"), FORMATS)
def test_any_text_and_number_survives(tmp_path_factory, write, read, file, name, values, lon) -> None:  # type: ignore[no-untyped-def]
    graph = nx.MultiDiGraph(title=name)
    graph.add_node("a", name_zh=name, value=values[0], lon=lon, lat=1.5)
    graph.add_node("b", value_b=values[1])
    graph.add_edge("a", "b", key="first", value_e=values[2])
    graph.add_edge("a", "b", key="second", value_f=values[3])
    graph.add_edge("b", "a", key="third")
    path = tmp_path_factory.mktemp("graph") / file
    write(graph, path)
    assert nx.utils.graphs_equal(graph, read(path))


def test_geojson_is_what_gis_programs_expect(world: World, tmp_path: Path) -> None:
    path = write_geojson(border_graph(world), tmp_path / "border.geojson")
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    assert "official boundary" in collection["graph"]["notice"]
    ids = [feature["id"] for feature in collection["features"]]
    assert len(set(ids)) == len(ids)
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        if feature["geometry"] is None:
            continue
        points = feature["geometry"]["coordinates"]
        points = [points] if feature["geometry"]["type"] == "Point" else points
        assert all(109 < lon < 112 and 21 < lat < 24 for lon, lat in points)


@pytest.mark.parametrize(("office", "days"), [(-1, 1.0), (10**6, 1.0), (0, -1.0), (0, float("nan"))])
def test_a_channel_that_cannot_be_is_refused(world: World, office: int, days: float) -> None:
    with pytest.raises(InputError):
        border_graph(world, [(1, office, days)])


@pytest.mark.parametrize(("write", "read", "name"), FORMATS)
@pytest.mark.parametrize("value", [[1, 2], None, float("nan"), "", " a", "a\nb"])
def test_what_would_not_come_back_is_not_written(
    tmp_path: Path, write, read, name: str, value: object
) -> None:  # type: ignore[no-untyped-def]
    graph = nx.MultiDiGraph()
    graph.add_node("a", thing=value)
    with pytest.raises(InputError, match="thing"):
        write(graph, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("write", "read", "name"), FORMATS)
def test_a_file_that_is_no_border_graph_is_refused(tmp_path: Path, write, read, name: str) -> None:  # type: ignore[no-untyped-def]
    for content in (None, "", "{}", "[1]", "<graphml/>", "code,name\n"):
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match="border graph"):
            read(tmp_path / name)


@pytest.mark.parametrize(("write", "read", "name"), FORMATS)
def test_a_place_that_cannot_be_written_is_said_so(tmp_path: Path, write, read, name: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "file").write_text("a file where a folder would have to be", encoding="utf-8")
    graph = nx.MultiDiGraph()
    graph.add_node("a", kind="village")
    with pytest.raises(OutputError):
        write(graph, tmp_path / "file" / name)


@pytest.mark.parametrize("counties", [None, ["容县", "信宜市"], ["陆川县", "高州市", "化州市"]])
@pytest.mark.parametrize(("write", "name"), [(write_graphml, "b.graphml"), (write_geojson, "b.geojson")])
def test_a_border_read_from_its_graph_has_the_same_graph(
    region: Region, tmp_path: Path, write, name: str, counties: list[str] | None
) -> None:  # type: ignore[no-untyped-def]
    whole = region if counties is None else region.subset(counties)
    graph = border_graph(lay_out(whole, 5))
    back = load_region(write(graph, tmp_path / name))
    assert (back.name, back.title_en, back.border_level) == (whole.name, whole.title_en, whole.border_level)
    assert len(back.river) == len(whole.river)
    again = border_graph(lay_out(back, 5))
    assert nx.utils.graphs_equal(graph, again)


def test_a_plain_graph_of_another_program_is_a_border(tmp_path: Path) -> None:
    graph = nx.Graph()
    for county, town in (("甲县", "东镇"), ("乙县", "西镇")):
        graph.add_node(town, kind="town", name=town, parent=county)
        graph.add_node(f"{town}一村", kind="village", name="一村", parent=town, lon=110.0, lat=22.0)
    graph.add_edge("东镇", "西镇", length_km=8.0)
    nx.write_graphml(graph, tmp_path / "plain.graphml", encoding="utf-8")
    region = load_region(tmp_path / "plain.graphml")
    assert region.adjacency["shared_km"].tolist() == [8.0]
    assert lay_out(region, 1).tie_is_border.sum() == 1


def test_points_and_lines_of_a_map_program_are_a_border(tmp_path: Path) -> None:
    def point(name: str, kind: str, parent: str, lon: float) -> dict[str, object]:
        geometry = {"type": "Point", "coordinates": [lon, 22.0]}
        properties = {"name": name, "kind": kind, "parent": parent}
        return {"type": "Feature", "geometry": geometry, "properties": properties}

    line = {"type": "LineString", "coordinates": [[110.0, 22.0], [110.1, 22.0]]}
    features = [
        point("东镇", "town", "甲县", 110.0),
        point("西镇", "town", "乙县", 110.1),
        point("一村", "village", "东镇", 110.01),
        point("二村", "community", "西镇", 110.09),
        {"type": "Feature", "geometry": line, "properties": {"source": "东镇", "target": "西镇"}},
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    (tmp_path / "map.geojson").write_text(content, encoding="utf-8")
    region = load_region(tmp_path / "map.geojson")
    assert region.villages["kind"].tolist() == ["village", "community"]
    assert region.villages["lon"].tolist() == [110.01, 110.09]


def test_a_mistake_in_a_graph_names_the_node(tmp_path: Path) -> None:
    graph = nx.Graph()
    graph.add_node("T1", kind="town", name="东镇", parent="甲县")
    graph.add_node("T2", kind="town", name="西镇", parent="乙县", residents=-5)
    graph.add_node("V1", kind="village", name="一村", parent="T1")
    graph.add_node("V2", kind="village", name="二村", parent="T9")
    graph.add_edge("T1", "T2")
    nx.write_graphml(graph, tmp_path / "bad.graphml", encoding="utf-8")
    mistakes = examine_region(tmp_path / "bad.graphml").mistakes.sorted()
    told = [mistake.message("en") for mistake in mistakes]
    assert any("node T2" in sentence and "residents" in sentence for sentence in told)
    assert any("node V2" in sentence and "'T9'" in sentence for sentence in told)


def test_a_point_that_was_moved_on_a_map_stays_where_it_was_put(world: World, tmp_path: Path) -> None:
    path = write_geojson(border_graph(world), tmp_path / "b.geojson")
    collection = json.loads(path.read_text(encoding="utf-8"))
    moved = next(one for one in collection["features"] if one["properties"].get("kind") == "village")
    moved["geometry"]["coordinates"] = [110.5, 22.25]
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    villages = load_region(path).villages.set_index("code")
    assert villages.loc[moved["id"], ["lon", "lat"]].tolist() == [110.5, 22.25]
    assert villages.loc[moved["id"], "coordinate_source"] == ""
    others = villages.drop(index=moved["id"])["coordinate_source"]
    assert (others == SCATTERED).sum() == world.village_position_is_synthetic.sum() - 1


def test_what_a_map_program_makes_of_our_file_is_the_same_border(world: World, tmp_path: Path) -> None:
    """Members beside the features are dropped, names go among the properties, missing ones become null."""
    path = write_geojson(border_graph(world), tmp_path / "b.geojson")
    collection = json.loads(path.read_text(encoding="utf-8"))
    keys = dict.fromkeys(key for feature in collection["features"] for key in feature["properties"])
    for feature in collection["features"]:
        feature["properties"] = {key: feature["properties"].get(key) for key in keys}
        feature["properties"]["id"] = feature.pop("id")
    del collection["graph"]
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    back = lay_out(load_region(path), world.seed)
    assert np.array_equal(back.tie_a, world.tie_a)
    assert np.array_equal(back.tie_length_km, world.tie_length_km)
    assert np.array_equal(back.village_lon, world.village_lon)


def test_kinds_may_be_said_in_chinese_and_a_wrong_one_is_told_once(tmp_path: Path) -> None:
    graph = nx.Graph()
    for county, town in (("甲县", "东镇"), ("乙县", "西镇")):
        graph.add_node(town, kind="乡镇", name=town, parent=county)
        graph.add_node(f"{town}一村", kind="村", name="一村", parent=town)
    graph.add_edge("东镇", "西镇", length_km=8.0)
    path = tmp_path / "b.graphml"
    nx.write_graphml(graph, path, encoding="utf-8")
    assert len(load_region(path).villages) == 2
    graph.nodes["东镇"]["kind"] = "镇区"
    nx.write_graphml(graph, path, encoding="utf-8")
    (error,) = examine_region(path).mistakes.sorted()
    assert (error.field, error.value) == ("kind", "镇区")
    assert "节点 东镇" in error.message("zh")
    assert "乡镇、村、社区 之一" in error.message("zh")


@pytest.mark.parametrize("content", ["[1, 2]", '{"type": "FeatureCollection"}', '{"features": [null]}'])
def test_what_is_no_collection_of_features_is_told_what_it_should_be(tmp_path: Path, content: str) -> None:
    (tmp_path / "b.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="points are places, lines join neighbours"):
        load_region(tmp_path / "b.geojson")


@pytest.mark.parametrize("name", ["shengze_wangjiangjing", "wujin"])
def test_shared_waters_and_towns_without_a_point_come_back_too(tmp_path: Path, name: str) -> None:
    graph = border_graph(lay_out(load_region(name), 2))
    back = load_region(write_graphml(graph, tmp_path / "b.graphml"))
    assert nx.utils.graphs_equal(graph, border_graph(lay_out(back, 2)))
