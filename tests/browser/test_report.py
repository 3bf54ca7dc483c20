"""The report in a real browser: nothing leaves, everything shows, nothing is cut."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sim.language import LANGUAGES

_source = spec_from_file_location("printed_pages", Path(__file__).with_name("pdf.py"))
assert _source is not None
assert _source.loader is not None
pdf = module_from_spec(_source)
_source.loader.exec_module(pdf)

DESKTOP, PHONE = (1280, 900), (390, 844)
SIZES = {"desktop": DESKTOP, "phone": PHONE}
# The height of A4 without the page's margins, in pixels of print: 96 an inch.
_PRINTED_HEIGHT = (297 - 17 - 18) / 25.4 * 96
_PRINTED_WIDTH = round((210 - 2 * 15) / 25.4 * 96)
#: Rows of many lines that may be cut between any two of them.
_BROKEN_STYLE = """tr, tr * { break-inside: auto !important; orphans: 1 !important; widows: 1 !important }
    table.mechanisms { font-size: 19pt !important }"""


@dataclass
class Opened:
    """A page in the browser and everything that it asked for or complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, file: Path) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda one: self.complaints.append(f"{one.failure} {one.url[:99]}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.goto(file.as_uri())
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_function("[...document.images].every(one => one.complete)")


def open_at(browser: Any, file: Path, size: tuple[int, int], **settings: Any) -> Opened:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, offline=True, reduced_motion="reduce", **settings
    )
    opened = Opened(context.new_page())
    opened.open(file)
    return opened


@pytest.fixture(scope="module", params=LANGUAGES)
def file(
    request: pytest.FixtureRequest, browser: Any, finished_reports: dict[str, tuple[Path, Path]]
) -> Path:
    return finished_reports[request.param][0]


@pytest.fixture(scope="module", params=list(SIZES))
def opened(request: pytest.FixtureRequest, browser: Any, file: Path) -> Iterator[Opened]:
    found = open_at(browser, file, SIZES[request.param])
    yield found
    found.page.context.close()


@pytest.fixture(scope="module")
def desktop(browser: Any, file: Path) -> Iterator[Opened]:
    found = open_at(browser, file, DESKTOP)
    yield found
    found.page.context.close()


def test_no_request_leaves_and_nothing_complains(opened: Opened, file: Path) -> None:
    assert [url for url in opened.requests if not url.startswith("data:")] == [file.as_uri()]
    assert opened.complaints == []


def test_a_request_would_be_noticed_and_the_policy_refuses_it(
    browser: Any, file: Path, tmp_path: Path
) -> None:
    """The check itself: a picture from elsewhere is seen, and without the policy it would have gone."""
    written = file.read_text("utf-8")
    start = written.index('<meta http-equiv="Content-Security-Policy"')
    without = written[:start] + written[written.index(">", start) + 1 :]
    asking = '<img src="http://nowhere.invalid/a.png" alt="a">'
    for kept, reason in ((without, "net::ERR"), (written, "csp")):
        place = tmp_path / "asking.html"
        place.write_text(kept.replace("</main>", f"{asking}</main>"), "utf-8")
        found = open_at(browser, place, DESKTOP)
        found.page.context.close()
        assert any("nowhere.invalid" in url for url in found.requests)
        assert any(said.startswith(reason) and "nowhere.invalid" in said for said in found.complaints)


def test_every_figure_and_the_font_are_there(opened: Opened) -> None:
    pictures = opened.page.evaluate(
        """[...document.images].map(
            one => [one.naturalWidth, one.naturalHeight, one.clientWidth, one.clientHeight])"""
    )
    assert len(pictures) >= 8
    assert all(min(sizes) > 150 for sizes in pictures)
    fonts = opened.page.evaluate("[...document.fonts].map(one => [one.family, one.status])")
    assert fonts == [["Carried", "loaded"]]
    assert opened.page.evaluate("document.fonts.check('16px Carried', '边界 border')")


def test_chinese_is_drawn_as_characters_and_not_as_boxes(browser: Any, file: Path) -> None:
    """Two characters of different shape differ on the screen; boxes would be alike."""
    found = open_at(browser, file, DESKTOP)
    letters = "界治办" if "zh" in file.name else "agR"
    shapes = []
    for letter in letters:
        found.page.evaluate(
            "letter => { document.body.innerHTML = `<p id=one style='font-size:60px'>${letter}</p>` }", letter
        )
        shapes.append(pixels(found.page.locator("#one").screenshot()))
    found.page.context.close()
    for place, shape in enumerate(shapes):
        assert shape.min() < 100
        assert all(
            np.abs(shape - other).mean() > 1 for other in shapes[place + 1 :] if other.shape == shape.shape
        )


def test_nothing_is_wider_than_the_screen(opened: Opened) -> None:
    wide = opened.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    # Wide tables and figures scroll in boxes of their own, which the keyboard reaches.
    outside = opened.page.evaluate(
        """[...document.querySelectorAll('body *')]
            .filter(one => !one.closest('.scroll, .skip'))
            .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1)
            .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert outside == []
    assert opened.page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(one => one.tabIndex === 0 && one.clientWidth > 200)"
    )


def test_letters_are_large_enough_to_read(opened: Opened) -> None:
    smallest = opened.page.evaluate(
        """Math.min(...[...document.querySelectorAll('p, li, td, th, dd, figcaption')].map(
            one => parseFloat(getComputedStyle(one).fontSize)))"""
    )
    assert smallest >= 12


def test_the_screen_is_filled_from_top_to_end(opened: Opened) -> None:
    """Loosely: each screenful has ink on it, and none of them is ink only."""
    picture = pixels(opened.page.screenshot(full_page=True))
    height = opened.page.viewport_size["height"]
    parts = [picture[start : start + height] for start in range(0, len(picture) - height, height)]
    shares = [float((part < 160).mean()) for part in parts]
    assert len(parts) > 5
    assert min(shares) > 0.002
    assert max(shares) < 0.5


def test_figures_show_more_than_white(desktop: Opened) -> None:
    for picture in desktop.page.locator("img").all():
        drawn = pixels(picture.screenshot())
        assert 0.004 < float((drawn < 200).mean()) < 0.6


def test_every_link_of_the_contents_leads_to_its_part(desktop: Opened) -> None:
    links = desktop.page.locator("nav a").all()
    assert len(links) == 11
    for link in links:
        link.click()
        target = desktop.page.locator(str(link.get_attribute("href")))
        box = target.bounding_box()
        # The last parts cannot reach the top where the page ends.
        assert box is not None
        assert box["y"] < DESKTOP[1]


def test_no_row_is_cut_in_print(browser: Any, desktop: Opened, tmp_path: Path) -> None:
    rows = desktop.page.evaluate("[...document.querySelectorAll('tbody tr')].map(one => one.innerText)")
    assert len(rows) > 200
    desktop.page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    pages = pdf.page_texts(tmp_path / "a.pdf")
    assert 8 < len(pages) < 40
    assert all(len(page) > 40 for page in pages)
    assert pdf.rows_cut(rows, pages) == []


def test_a_row_that_is_cut_would_be_noticed(browser: Any, file: Path, tmp_path: Path) -> None:
    found = open_at(browser, file, DESKTOP, bypass_csp=True)
    rows = found.page.evaluate("[...document.querySelectorAll('tbody tr')].map(one => one.innerText)")
    found.page.add_style_tag(content=_BROKEN_STYLE)
    found.page.pdf(path=tmp_path / "b.pdf", prefer_css_page_size=True)
    found.page.context.close()
    assert pdf.rows_cut(rows, pdf.page_texts(tmp_path / "b.pdf"))


def test_the_head_of_a_table_stands_on_each_of_its_pages(desktop: Opened, tmp_path: Path) -> None:
    head = pdf.plain("".join(desktop.page.locator("table.parameters thead th").all_inner_texts()))
    rows = desktop.page.locator("table.parameters tbody tr:not(.group)").all_inner_texts()
    desktop.page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    pages = pdf.page_texts(tmp_path / "a.pdf")
    having = [page for page in pages if any(pdf.plain(row) in page for row in rows)]
    assert len(having) > 1
    assert all(head in page for page in having)


def test_a_figure_fits_a_printed_page_with_its_words(browser: Any, file: Path) -> None:
    found = open_at(browser, file, (_PRINTED_WIDTH, 1000))
    found.page.emulate_media(media="print")
    heights = found.page.evaluate(
        "[...document.querySelectorAll('figure')].map(one => one.getBoundingClientRect().height)"
    )
    breaks = found.page.evaluate(
        "[...document.querySelectorAll('figure')].map(one => getComputedStyle(one).breakInside)"
    )
    found.page.context.close()
    assert set(breaks) == {"avoid"}
    assert max(heights) < _PRINTED_HEIGHT


def pixels(image: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(image)).convert("L"), dtype=float)
