"""The page is one file, complete, correct HTML, and nothing on it can act."""

from __future__ import annotations

import base64
import io
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from sim.errors import InputError, OutputError
from sim.language import LANGUAGES
from sim.report import content, page
from sim.report.content import make_report
from sim.report.figures import CHARTS
from sim.report.page import render, write_report
from sim.studies.comparison import Comparison
from sim.studies.results import open_results

_EMPTY = {"meta", "link", "img", "br", "wbr", "hr", "input"}
_MOST_BYTES = 5_000_000


class Outline(HTMLParser):
    """Reads a page strictly: every element closed where it was opened."""

    def __init__(self, written: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self.feed(written)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {tag}"
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag, f"{tag} closed out of order, line {self.getpos()}"

    def handle_data(self, data: str) -> None:
        self.words.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(params=LANGUAGES)
def written(request: pytest.FixtureRequest, finished_reports: dict[str, tuple[Path, Path]]) -> str:
    return finished_reports[request.param][0].read_text("utf-8")


@pytest.fixture
def found(finished_results: Path) -> Comparison:
    return open_results(finished_results)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "draw_pictures", lambda *_: [])


def test_it_is_well_formed(written: str) -> None:
    outline = Outline(written)
    assert outline.open == []
    ids = Counter(attributes["id"] for _, attributes in outline.elements if "id" in attributes)
    assert max(ids.values()) == 1
    targets = [str(attributes["href"])[1:] for attributes in outline.all("a")]
    assert len(targets) > 10
    assert set(targets) <= set(ids)
    labels = [attributes.get("aria-labelledby") for _, attributes in outline.elements]
    assert {label for label in labels if label} <= set(ids)
    assert outline.all("html")[0]["lang"] in ("zh-CN", "en")


def test_every_picture_and_header_can_be_read_without_eyes(written: str) -> None:
    outline = Outline(written)
    pictures = outline.all("img")
    assert len(pictures) == len(CHARTS) + 2
    assert all(len(str(attributes["alt"])) > 30 for attributes in pictures)
    assert len({attributes["alt"] for attributes in pictures}) == len(pictures)
    assert len(outline.all("figcaption")) == len(outline.all("figure")) == len(pictures)
    assert len(outline.all("caption")) == len(outline.all("table")) == len(outline.all("thead"))
    assert all(attributes.get("scope") in ("row", "col", "rowgroup") for attributes in outline.all("th"))
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_nothing_on_it_acts_or_comes_from_elsewhere(written: str) -> None:
    outline = Outline(written)
    names = {tag for tag, _ in outline.elements}
    assert names.isdisjoint({"script", "iframe", "object", "embed", "form", "base", "video", "audio"})
    assert not [name for _, attributes in outline.elements for name in attributes if name.startswith("on")]
    places = [
        str(attributes[name])
        for _, attributes in outline.elements
        for name in ("src", "href", "srcset", "data", "action")
        if name in attributes
    ]
    assert all(place.startswith(("#", "data:")) for place in places)
    assert re.findall(r"url\((?!data:)", written) == []
    assert "@import" not in written
    (policy,) = [one for one in outline.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in str(policy["content"]).split(";"))
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": "'unsafe-inline'",
        "font-src": "data:",
    }


def test_its_font_draws_every_character_it_shows(written: str) -> None:
    outline = Outline(written)
    (found,) = re.findall(r"base64,([A-Za-z0-9+/=]+)\) format", written)
    font = TTFont(io.BytesIO(base64.b64decode(found)))
    has = set(font.getBestCmap())
    shown = {letter for tag, words in outline.words if tag not in ("style", "title") for letter in words}
    shown |= {letter for one in outline.all("img") for letter in str(one["alt"])}
    assert {letter for letter in shown if not letter.isspace() and ord(letter) not in has} == set()
    # Those and no others: the font would have thousands.
    assert len(has) < len(shown) + 20
    assert "SIL Open Font License" in font["name"].getDebugName(13)


def test_it_is_small_enough_to_send(written: str) -> None:
    assert len(written.encode()) < _MOST_BYTES


def test_its_pictures_are_drawings_without_their_words(
    finished_reports: dict[str, tuple[Path, Path]],
) -> None:
    written = finished_reports["en"][0].read_text("utf-8")
    drawings = [
        base64.b64decode(str(one["src"]).partition("base64,")[2]).decode()
        for one in Outline(written).all("img")
    ]
    for drawing in drawings:
        assert drawing.startswith("<svg ")
        assert "<metadata>" not in drawing
        width, height, *window = map(
            float,
            re.findall(
                r'width="([\d.]+)pt" height="([\d.]+)pt" viewBox="(-?[\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"',
                drawing,
            )[0],
        )
        assert window[2:] == [width, height]
        # What is cut off above held the finding, which the page says in its own letters.
        assert window[1] > 20


@pytest.mark.usefixtures("undrawn")
def test_what_a_user_names_stays_text(found: Comparison) -> None:
    name = '<script>alert("1")</script> & {{ 7*7 }} {% raw %}'
    package = found.manifest["arms"]["paper"]
    package = package | {"name": dict.fromkeys(LANGUAGES, name), "summary": dict.fromkeys(LANGUAGES, name)}
    own = Comparison(
        found.region, found.arms, found.effects, found.measures, found.series, found.cases,
        found.manifest | {"arms": found.manifest["arms"] | {"paper": package}}, found.adoption,
    )  # fmt: skip
    written = render(make_report(own, "zh"), "x.xlsx")
    assert "script" not in {tag for tag, _ in Outline(written).elements}
    assert "49" not in re.findall(r"<th[^>]*>([^<]*)</th>", written)
    assert "&lt;script&gt;" in written


@pytest.mark.usefixtures("undrawn")
def test_the_same_result_gives_the_same_page(found: Comparison) -> None:
    assert render(make_report(found, "zh"), "x.xlsx") == render(make_report(found, "zh"), "x.xlsx")


@pytest.mark.usefixtures("undrawn")
def test_an_earlier_report_is_replaced_and_nothing_else(found: Comparison, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    write_report(found, out, "zh")
    first = out.read_bytes()
    write_report(found, out, "en")
    assert out.read_bytes() != first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.xlsx"]
    for name in ("a.html", "a.xlsx"):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(b"mine")
        with pytest.raises(InputError, match=name):
            write_report(found, out, "zh")
        assert (tmp_path / name).read_bytes() == b"mine"
        (tmp_path / name).write_bytes(kept)


@pytest.mark.usefixtures("undrawn")
def test_without_its_workbook_there_is_no_page(
    found: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OutputError(tmp_path / "a.xlsx", "No space left on device")

    monkeypatch.setattr(page, "write_workbook", full)
    with pytest.raises(OutputError):
        write_report(found, tmp_path / "a.html", "zh")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.html.txt"])
def test_another_ending_is_refused(found: Comparison, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="html"):
        write_report(found, tmp_path / name, "zh")
