"""Every chart in both languages: no missing glyph, no clipped word, and as it was when somebody looked."""

from __future__ import annotations

import inspect
import pkgutil
import warnings
from importlib import import_module
from itertools import combinations

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import ImageChops

import sim.charts
from sim.charts.style import drawing, on_projector
from tests.charts.baselines import BASELINES, difference, differs, picture, stored
from tests.charts.gallery import GALLERY, _comparison, draw, with_carried_font
from tests.charts.test_figures import _check_words

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GALLERY)
def test_a_chart_can_be_read_and_looks_as_stored(name: str, language: str) -> None:
    with warnings.catch_warnings():
        # A missing glyph, a layout that collapses or a division by zero is a fault of the figure.
        warnings.simplefilter("error")
        figure = draw(name, language)
        with with_carried_font():
            _check_words(figure, language)
            check_words_apart(figure, language)
        drawn = picture(figure, language)
    assert not differs(drawn, stored(name, language)), difference(drawn, stored(name, language))


def test_there_is_a_picture_of_every_chart_and_of_nothing_else() -> None:
    expected = {f"{name}_{language}.png" for name in GALLERY for language in LANGUAGES}
    assert {path.name for path in BASELINES.iterdir()} == expected


def test_every_drawing_function_is_in_the_gallery() -> None:
    source = inspect.getsource(import_module("tests.charts.gallery"))
    parts = {"draw_all", "draw_bars", "draw_panels", "draw_triangle"}
    for module in pkgutil.iter_modules(sim.charts.__path__):
        public = getattr(import_module(f"sim.charts.{module.name}"), "__all__", [])
        for name in public:
            if name.startswith("draw_") and name not in parts:
                assert name in source, f"{module.name}.{name}"


def test_a_picture_that_changed_is_noticed() -> None:
    # Otherwise the comparison above could not fail.
    right = stored("coverage", "en")
    assert not differs(right, right)
    assert differs(right, stored("coverage", "zh"))
    moved = ImageChops.offset(right, 0, 1)
    assert differs(right, moved)
    patched = right.copy()
    # One marker or one short word.
    patched.paste((0, 0, 0), (200, 150, 206, 156))
    assert differs(right, patched)


def test_a_language_or_an_arm_that_is_missing_is_noticed() -> None:
    from dataclasses import replace

    from sim.charts.coverage import draw_coverage

    comparison = _comparison()
    with with_carried_font():
        fewer = draw_coverage(replace(comparison, arms=comparison.arms[:3]), "en")
    assert differs(picture(fewer, "en"), stored("coverage", "en"))


# Those with the most words beside each other; English has the longer ones.
CROWDED = (
    "resolution_by_tier", "flow", "panels_willingness", "panels_resolution", "paired_effects", "robustness",
    "policies", "hours_calendar", "sobol",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "language"), [*((name, "en") for name in CROWDED), ("coverage", "zh"), ("panels_coverage", "zh")]
)
def test_larger_letters_for_a_projector_still_fit(name: str, language: str) -> None:
    with with_carried_font(), on_projector():
        figure = GALLERY[name](language)
        _check_words(figure, language)
        check_words_apart(figure, language)
    assert figure.get_figwidth() < 0.8 * draw(name, language).get_figwidth()


def check_words_apart(figure: Figure, language: str) -> None:
    """No word lies upon another: titles, labels, ticks, names in the drawing, legend."""
    with drawing(language):
        figure.draw_without_rendering()
        hidden = set()
        for axes in figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                for tick in axis.majorTicks:
                    if not (axes.axison and low <= tick.get_loc() <= high):
                        hidden |= {id(tick.label1), id(tick.label2)}
        words = [item for item in figure.findobj(Text) if item.get_visible() and item.get_text().strip()]
        # Of words on a slant the box says little.
        hidden |= {id(item) for item in words if item.get_rotation() % 90}
        boxes = [(item.get_text(), item.get_window_extent()) for item in words if id(item) not in hidden]
    # A dot of tolerance: letters are not as high as their line.
    touching = [
        (one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.padded(-1).overlaps(b.padded(-1))
    ]
    assert not touching


def test_words_upon_each_other_are_noticed() -> None:
    figure = GALLERY["scopes"]("en")
    figure.axes[0].text(27, 1, "over the label", transform=figure.axes[0].transData)
    figure.axes[0].text(28, 1, "and another")
    with pytest.raises(AssertionError):
        check_words_apart(figure, "en")
