from __future__ import annotations

import pytest

from sim.shelf import nearest_on_shelf

FOUND = [
    ("package", "五联", "five_links"),
    ("package", "Five Links", "five_links"),
    ("package", "五联（现行联盟）", "five_links"),
    ("package", "five_link", "five_links"),
    ("region", "玉林", "yulin_zhanjiang_maoming"),
    ("region", "柳州", "liuzhou"),
    ("scenario", "缺位的实体机构", "missing_body"),
    ("scenario", "缺位的机构", "missing_body"),
    ("scenario", "the missing body", "missing_body"),
]


@pytest.mark.parametrize(("kind", "typed", "name"), FOUND)
def test_a_title_in_either_language_leads_to_its_name(kind: str, typed: str, name: str) -> None:
    found = nearest_on_shelf(kind, typed)
    assert found is not None
    told = [found] if isinstance(found, str) else list(found.values())
    assert {words.split("（")[0].split(" (")[0] for words in told} == {name}


@pytest.mark.parametrize("typed", ["", "某", "zzz", 3])
def test_what_resembles_nothing_has_no_nearest_name(typed: object) -> None:
    assert nearest_on_shelf("package", typed) is None
