from __future__ import annotations

from pathlib import Path

import pytest

from sim import language
from sim.errors import InputError
from sim.language import LANGUAGES, catalogue, check_language, placeholders, read_texts, text


def test_every_text_of_the_catalogue_is_complete_in_both_languages() -> None:
    entries = catalogue()
    assert len(entries) > 0
    for key, entry in entries.items():
        assert set(entry) == set(LANGUAGES), key
        assert placeholders(entry["zh"]) == placeholders(entry["en"]), key


def test_chinese_texts_are_chinese_and_english_ones_are_not() -> None:
    def is_chinese(words: str) -> bool:
        return any("一" <= letter <= "鿿" for letter in words)

    english_with_chinese = [key for key, entry in catalogue().items() if is_chinese(entry["en"])]
    assert english_with_chinese == []


def test_every_file_of_texts_is_read() -> None:
    folder = Path(language.__file__).parent / "texts"
    assert list(folder.iterdir())
    assert all(file.suffix == ".yaml" for file in folder.iterdir())


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {"count": {"zh": "共 {count:,} 个村", "en": "{count:,} villages"}}
    monkeypatch.setattr(language, "catalogue", lambda: entries)


@pytest.mark.usefixtures("small")
def test_values_are_set_in() -> None:
    assert text("count", "zh", count=1170) == "共 1,170 个村"
    assert text("count", "en", count=1170) == "1,170 villages"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("key", "spoken", "values", "part"),
    [
        ("cuont", "en", {}, "nearest: count"),
        ("count", "fr", {}, "zh, en"),
        ("count", "en", {}, "a value for each of count"),
    ],
)
def test_what_is_missing_is_named(key: str, spoken: str, values: dict[str, object], part: str) -> None:
    with pytest.raises(InputError, match=part):
        text(key, spoken, **values)


@pytest.mark.parametrize("value", ["fr", "ZH", "", None, 1, ["zh"]])
def test_other_languages_are_refused(value: object) -> None:
    with pytest.raises(InputError, match="language"):
        check_language(value)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("a: {zh: 甲}", "text a"),
        ("a: {zh: 甲, en: ''}", "text a"),
        ("a: {zh: 甲, en: a, fr: a}", "text a"),
        ("a: only one", "text a"),
        ("a: {zh: '{n} 个', en: '{m} of them'}", "the same placeholders"),
        ("a: {zh: '{n 个', en: 'n}'}", "braces"),
    ],
)
def test_an_incomplete_text_is_refused_with_its_file(tmp_path: Path, content: str, part: str) -> None:
    (tmp_path / "area.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=part) as caught:
        read_texts(tmp_path)
    assert "area.yaml" in str(caught.value)


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("key: {zh: 甲, en: a}", encoding="utf-8")
    with pytest.raises(InputError, match="b.yaml"):
        read_texts(tmp_path)
