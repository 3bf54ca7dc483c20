"""Chinese glyphs on every machine."""

import warnings
from pathlib import Path

from matplotlib import get_data_path
from pypdf import PdfReader

from sim.charts.fonts import carried_font, chinese_font, has_glyphs, system_font
from sim.charts.style import drawing, new_figure, save

NAMES = "垌陂圩廉九洲江鹤地水库石角镇盘龙塘蓬湴田磊"


def _missing_glyphs(family: str, words: str) -> list[str]:
    figure = new_figure(4, 1)
    figure.text(0.1, 0.5, words, family=family)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.draw_without_rendering()
    return [str(warning.message) for warning in caught if "Glyph" in str(warning.message)]


def test_the_carried_font_draws_the_names_of_a_border():
    assert _missing_glyphs(carried_font(), NAMES) == []


def test_the_chosen_font_draws_the_names_of_a_border():
    assert _missing_glyphs(chinese_font(), NAMES) == []


def test_a_font_without_chinese_is_noticed():
    # Otherwise the two tests above could not fail.
    assert len(_missing_glyphs("DejaVu Sans", NAMES)) > 0
    assert not has_glyphs(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", "垌")


def test_a_system_font_that_lacks_the_glyphs_is_passed_over():
    assert system_font(["DejaVu Sans"]) is None


def test_a_file_that_is_no_font_is_passed_over(tmp_path):
    file = tmp_path / "broken.otf"
    file.write_bytes(b"no font")
    assert not has_glyphs(file, "九")


def test_both_languages_and_signs_are_drawn_without_gaps():
    for language in ("zh", "en"):
        with drawing(language):
            figure = new_figure(4, 1)
            figure.text(0.1, 0.5, f"{NAMES} −3.4 → ← “五联” +8\u00a0to\u00a0+16 ≤ –")
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                figure.draw_without_rendering()


def _saved_pdf(folder, words):
    with drawing("zh"):
        figure = new_figure(4, 1)
        figure.text(0.1, 0.5, words)
    return next(path for path in save(figure, folder, "words", "zh") if path.suffix == ".pdf")


def test_a_pdf_carries_what_it_uses_of_the_font_as_text(tmp_path):
    words = "九洲江垌陂圩 settled −3.4"
    file = _saved_pdf(tmp_path, words)
    reader = PdfReader(file)
    page = reader.pages[0]
    assert page.extract_text().split() == words.split()
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        if font["/Subtype"] == "/Type3":
            assert font["/CharProcs"]
        else:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            # TrueType inside, as the PDF says: outlines of PostScript would begin with OTTO.
            assert descriptor["/FontFile2"].get_object().get_data()[:4] in (b"\x00\x01\x00\x00", b"true")
    # The whole font has 16 megabytes.
    assert file.stat().st_size < 100_000


def test_a_truetype_family_is_embedded_as_such(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.charts.style.chinese_font", lambda: "DejaVu Sans")
    page = PdfReader(_saved_pdf(tmp_path, "settled −3.4")).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {font["/Subtype"] for font in fonts} == {"/Type0"}
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in descriptor
