"""Loading a region: what it holds, and that every mistake in a table is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.world.region import Region, load_region, region_names
from sim.world.world import World

Writer = Callable[..., Path]


def test_the_region_holds_the_towns_on_the_line_and_the_ring_behind_them(region: Region) -> None:
    on_line = set(region.towns["code"][region.towns["ring"] == 0])
    behind = set(region.towns["code"][region.towns["ring"] == 1])
    assert (len(on_line), len(behind), len(region.villages)) == (33, 38, 1220)
    touching = {
        other
        for a, b in zip(region.adjacency["town_a"], region.adjacency["town_b"], strict=True)
        for own, other in ((a, b), (b, a))
        if own in on_line and other not in on_line
    }
    assert behind == touching


def test_every_adjacency_over_the_provincial_line_joins_two_towns_on_the_line(region: Region) -> None:
    on_line = set(region.towns["code"][region.towns["ring"] == 0])
    pairs = zip(region.adjacency["town_a"], region.adjacency["town_b"], strict=True)
    over = [(a, b) for a, b in pairs if a[:2] != b[:2]]
    assert len(over) == 34
    assert {code for pair in over for code in pair} == on_line


def test_a_town_whose_border_is_with_a_county_outside_is_not_on_the_line(region: Region) -> None:
    guizi = region.towns[region.towns["name_zh"] == "贵子镇"]
    assert set(guizi["ring"]) <= {1.0}


def test_the_named_pairs_are_those_of_the_sources(region: Region) -> None:
    names = dict(zip(region.villages["code"], region.villages["name_zh"], strict=True))
    names |= dict(zip(region.towns["code"], region.towns["name_zh"], strict=True))
    pairs = region.named_pairs
    assert {(names[a], names[b]) for a, b in zip(pairs["code_a"], pairs["code_b"], strict=True)} == {
        ("古城村", "石角居委会"),
        ("盘龙村", "石角居委会"),
        *((a, b) for a in ("古城镇", "清湖镇", "文地镇") for b in ("石角镇", "平定镇")),
    }


def test_towns_that_signed_without_touching_are_members_without_a_tie(region: Region, world: World) -> None:
    town = {name: index for index, name in enumerate(world.town_name_zh)}
    pairs = {
        tuple(sorted((int(a), int(b))))
        for a, b in zip(world.village_town[world.tie_a], world.village_town[world.tie_b], strict=True)
    }
    signed = {
        (a, b): tuple(sorted((town[a], town[b]))) in pairs
        for a in ("古城镇", "清湖镇", "文地镇")
        for b in ("石角镇", "平定镇")
    }
    without_contact = {("清湖镇", "石角镇"), ("文地镇", "平定镇")}
    assert signed == {pair: pair not in without_contact for pair in signed}


def test_the_water_holds_only_the_river_and_the_reservoir(region: Region) -> None:
    assert region.water is not None
    assert {feature["properties"]["name_zh"] for feature in region.water["features"]} == {
        "九洲江",
        "鹤地水库",
    }


def test_regions_that_come_with_the_package_are_named(region: Region) -> None:
    assert region.name in region_names()


def test_a_subset_keeps_only_its_counties(region: Region) -> None:
    small = region.subset(["陆川县", "Lianjiang"])
    assert set(small.towns["county_code"]) == {"450922", "440881"}
    assert set(small.villages["town_code"]) == set(small.towns["code"])
    assert set(small.adjacency["town_a"]) | set(small.adjacency["town_b"]) <= set(small.towns["code"])
    assert len(small.named_pairs) == 4
    assert len(small.river) == len(region.river)


def test_a_subset_away_from_the_river_has_no_river(region: Region) -> None:
    small = region.subset(["450921", "440983"])
    assert len(small.river) == 0
    assert set(small.places["code"]) == {"450000", "440000", "450900", "440900", "450921", "440983"}


def test_two_subsets_can_share_nothing(region: Region) -> None:
    first, second = region.subset(["450921", "440983"]), region.subset(["450922", "450923", "440881"])
    assert not set(first.villages["code"]) & set(second.villages["code"])


@pytest.mark.parametrize(
    ("counties", "value", "nearest"),
    [(["Lianjang"], "Lianjang", "Lianjiang"), ([], [], None), ("450922", "450922", None), ([5], 5, None)],
)
def test_a_subset_of_unknown_counties_is_refused(
    region: Region, counties: list[str], value: object, nearest: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        region.subset(counties)
    assert (caught.value.field, caught.value.value, caught.value.nearest) == ("counties", value, nearest)


def test_a_subset_refuses_a_county_that_only_the_river_needs(write_region: Writer) -> None:
    places = (
        "code,level,name_zh,name_en,parent_code,lon,lat,residents\nP,province,省,,,,,\nF,prefecture,市,,P,,,\n"
        "C1,county,甲县,,F,110,22,9000\nC2,county,乙县,,F,110.2,22,8000\nC0,county,源县,,F,109,22,1000\n"
    )
    river = (
        "order_downstream,reach,town_code,name_zh,name_en,county_code,length_km\n"
        "1,upper,T0,源镇,,C0,5\n2,upper,T1,东镇,,C1,5\n"
    )
    small = load_region(write_region(places_csv=places, river_csv=river))
    with pytest.raises(InputError, match="C0"):
        small.subset(["C0"])


@pytest.mark.parametrize(
    ("name", "nearest"), [("yulin_zhanjiang_maomin", "yulin_zhanjiang_maoming"), ("zzz", None), ("", None)]
)
def test_an_unknown_region_gets_the_nearest_name(name: str, nearest: str | None) -> None:
    with pytest.raises(InputError) as caught:
        load_region(name)
    assert (caught.value.field, caught.value.value, caught.value.nearest) == ("region", name, nearest)


def test_what_is_no_name_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="region"):
        load_region(None)  # type: ignore[arg-type]


def test_a_small_region_of_a_user_loads_with_the_shared_departments(write_region: Writer) -> None:
    small = load_region(write_region())
    assert (small.name, small.title_zh, small.border_level, small.ties) == ("two_banks", "两岸", 2, None)
    assert "ecology" in set(small.departments["key"])


def test_a_folder_may_be_given_as_text_and_have_a_byte_order_mark(write_region: Writer) -> None:
    folder = write_region()
    text = (folder / "towns.csv").read_text(encoding="utf-8")
    (folder / "towns.csv").write_text(text, encoding="utf-8-sig")
    assert len(load_region(str(folder)).towns) == 3


# Each row: file, text to replace, its replacement; then field, value, line and nearest name of the message.
MISTAKES = [
    ("towns.csv", "T3,西镇,West,C2", "T3,西镇,West,C9", "county_code", "C9", 4, "C2"),
    ("towns.csv", "T3,西镇,West,C2", "T3,西镇,West,F", "county_code", "F", 4, None),
    ("towns.csv", "T2,中镇", "T1,中镇", "code", "T1", 3, None),
    ("towns.csv", "110.16,22.00", "210.16,22.00", "lon", "210.16", 4, None),
    ("towns.csv", "110.16,22.00", "110.16,-95", "lat", "-95", 4, None),
    ("towns.csv", "110.16,22.00", "110.16,", "lat", None, 4, None),
    ("towns.csv", "110.16,22.00", "110.16,nan", "lat", "nan", 4, None),
    ("towns.csv", "110.16,22.00", ",22.00", "lon", None, 4, None),
    ("towns.csv", "22.00,60", "22.00,0", "area_km2", "0", 4, None),
    ("towns.csv", "T2,中镇,Middle", "T2,,", "name_zh", "", 3, None),
    ("towns.csv", "T2,中镇,Middle", "T2,中\x07镇,Middle", "name_zh", "中\x07镇", 3, None),
    ("towns.csv", ",3000", ",30000", "residents", "9000", 4, None),
    ("towns.csv", ",area_km2,residents", ",area_km2,residnts", "column", "residnts", 1, "residents"),
    ("towns.csv", ",lat,", ",latt,", "column", "latt", 1, "lat"),
    ("towns.csv", ",county_code,", ",note,", "column", "county_code", 1, None),
    ("towns.csv", ",name_zh,", ",code,", "column", "code", 1, None),
    ("towns.csv", "T3,西镇,West,C2", "T3,西镇,West,C2,5", "cells", 9, 4, None),
    ("places.csv", "乙县,,F,", "乙县,,P,", "parent_code", "P", 5, None),
    ("places.csv", "Province,,", "Province,F,", "parent_code", "F", 2, None),
    ("places.csv", "22.0,8000", "22.0,-1", "residents", "-1", 5, None),
    ("places.csv", "C2,county", "C2,contry", "level", "contry", 5, "county"),
    ("villages.csv", "village,T2", "village,T22", "town_code", "T22", 4, "T2"),
    ("villages.csv", "community,T1", "comunity,T1", "kind", "comunity", 3, "community"),
    ("villages.csv", "T1,110.01,22.01", "T1,110.01,", "lat", None, 3, None),
    ("villages.csv", "V32,", "V31,", "code", "V31", 6, None),
    ("villages.csv", "V32,", "T1,", "code", "T1", 6, None),
    ("adjacency.csv", "T2,T1,4", "T2,T1,-4", "shared_km", "-4", 2, None),
    ("adjacency.csv", "T2,T1,4", "T2,T1,four", "shared_km", "four", 2, None),
    ("adjacency.csv", "T2,T1,4", "T2,T2,4", "town_b", "T2", 2, None),
    ("adjacency.csv", "T3,T2,", "T1,T2,", "town_b", "T2", 3, None),
    ("adjacency.csv", "T3,T2,", "T3,T7,", "town_b", "T7", 3, "T3"),
    ("river.csv", "T3,西镇,West,C2,,", "T3,西镇,West,C1,,", "county_code", "C1", 3, None),
    ("river.csv", "1,upper", "1.5,upper", "order_downstream", "1.5", 4, None),
    ("river.csv", "1,upper", "1,uper", "reach", "uper", 4, "upper"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "field", "value", "line", "nearest"), MISTAKES)
def test_a_mistake_in_a_table_is_named_with_file_line_and_value(
    write_region: Writer,
    file: str,
    old: str,
    new: str,
    field: str,
    value: object,
    line: int,
    nearest: str | None,
) -> None:
    folder = write_region()
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_region(folder)
    error = caught.value
    assert error.field == field
    if value is not None:
        assert error.value == value
    if nearest is not None:
        assert error.nearest == nearest
    where = "places.csv" if value == "9000" else file
    assert f"{where}, line {line}:" in error.message("en")
    assert f"{where} 第 {line} 行" in error.message("zh")


def test_a_town_without_a_village_is_refused(write_region: Writer) -> None:
    folder = write_region()
    text = (folder / "villages.csv").read_text(encoding="utf-8")
    (folder / "villages.csv").write_text(text.replace("village,T2", "village,T1"), encoding="utf-8")
    with pytest.raises(InputError, match=r"towns\.csv, line 3: code = 'T2'"):
        load_region(folder)


def test_a_tie_to_a_village_that_does_not_exist_is_refused_with_the_nearest_code(
    write_region: Writer,
) -> None:
    ties = "village_a,village_b,length_km,kind\nV11,V12,1,land\nV11,v21,2,land\n"
    with pytest.raises(InputError) as caught:
        load_region(write_region(ties_csv=ties))
    message = caught.value.message("en")
    assert "ties.csv, line 3: village_b = 'v21'" in message
    assert "nearest: V21" in message


def test_a_named_pair_of_a_village_that_does_not_exist_is_refused(copied_folder: Path) -> None:
    path = copied_folder / "named_pairs.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("450922111201", "450922111299"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_region(copied_folder)
    assert (caught.value.field, caught.value.value) == ("code_a", "450922111299")
    assert str(caught.value.nearest).startswith("4509221112")


@pytest.mark.parametrize("file", ["towns.csv", "villages.csv", "adjacency.csv"])
def test_a_missing_file_is_named(write_region: Writer, file: str) -> None:
    folder = write_region()
    (folder / file).unlink()
    with pytest.raises(InputError, match=file):
        load_region(folder)


def test_a_file_in_no_known_encoding_is_refused(write_region: Writer) -> None:
    folder = write_region()
    for content in ("code,name_zh\nT1,东镇\n".encode("utf-16"), b"code\nT1\xff\xff\n"):
        (folder / "towns.csv").write_bytes(content)
        with pytest.raises(InputError, match="UTF-8"):
            load_region(folder)


def test_a_table_as_chinese_spreadsheet_programs_write_it_is_read_and_said_so(write_region: Writer) -> None:
    folder = write_region()
    text = (folder / "towns.csv").read_text(encoding="utf-8")
    (folder / "towns.csv").write_text(text, encoding="gb18030")
    region = load_region(folder)
    assert region.towns["name_zh"].tolist() == ["东镇", "中镇", "西镇"]
    assert any("GB 18030" in told["en"] for told in region.notes)


def test_an_empty_table_is_refused(write_region: Writer) -> None:
    with pytest.raises(InputError, match=r"towns\.csv"):
        load_region(write_region(towns_csv=""))


def test_a_region_without_towns_is_refused(write_region: Writer) -> None:
    with pytest.raises(InputError, match="one town or more"):
        load_region(
            write_region(
                towns_csv="code,name_zh,name_en,county_code,lon,lat,area_km2\n",
                villages_csv="code,name_zh,name_en,kind,town_code,lon,lat\n",
            )
        )


def test_a_department_listed_twice_is_refused(write_region: Writer) -> None:
    departments = "key,name_zh,name_en\nlaw,司法局,Justice\nlaw,公安局,Police\n"
    with pytest.raises(InputError, match=r"departments\.csv, line 3: key = 'law'"):
        load_region(write_region(departments_csv=departments))


@pytest.mark.parametrize(
    ("old", "new", "field", "nearest"),
    [
        ("border_level: prefecture", "border_level: prefectur", "border_level", "prefecture"),
        ("border_level: prefecture", "border_level: town", "border_level", None),
        ("border_level: prefecture", "border_levl: prefecture", "key", "border_level"),
        ("name: two_banks", "name: two banks", "name", None),
        ("title: {zh: 两岸, en: Two banks}", "title: Two banks", "title", None),
        ("description: {zh: 试验, en: A trial}", "description: {zh: 试验}", "description", None),
        ("description: {zh", "sources: none\ndescription: {zh", "sources", None),
    ],
)
def test_a_mistake_in_the_settings_is_named(
    write_region: Writer, old: str, new: str, field: str, nearest: str | None
) -> None:
    folder = write_region()
    text = (folder / "region.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "region.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_region(folder)
    assert caught.value.field == field
    if nearest is not None:
        assert caught.value.nearest == nearest
    assert "region.yaml" in caught.value.message("zh")


def test_water_that_is_no_geojson_is_refused(write_region: Writer) -> None:
    folder = write_region()
    (folder / "water.geojson").write_text('{"type": "Feature"}', encoding="utf-8")
    with pytest.raises(InputError, match="FeatureCollection"):
        load_region(folder)
    (folder / "water.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="GeoJSON"):
        load_region(folder)
