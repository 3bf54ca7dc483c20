"""Every chart in both languages: no missing glyph, no clipped word, and as it was when somebody looked."""

from __future__ import annotations

import inspect
import pkgutil
import warnings
from importlib import import_module

import pytest
from PIL import ImageChops

import sim.charts
from sim.charts.style import on_projector
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
        drawn = picture(figure, language)
    assert not differs(drawn, stored(name, language)), difference(drawn, stored(name, language))


def test_there_is_a_picture_of_every_chart_and_of_nothing_else() -> None:
    expected = {f"{name}_{language}.png" for name in GALLERY for language in LANGUAGES}
    assert {path.name for path in BASELINES.iterdir()} == expected


def test_every_drawing_function_is_in_the_gallery() -> None:
    source = inspect.getsource(import_module("tests.charts.gallery"))
    parts = {"draw_all", "draw_bars", "draw_panels", "draw_triangle"}
    # Drawn from runs and studies that were stored, and tested beside them.
    stored_runs = {"draw_assumption_sets", "draw_biography", "draw_coalition", "draw_doses", "draw_flow"}
    elsewhere = parts | stored_runs
    for module in pkgutil.iter_modules(sim.charts.__path__):
        public = getattr(import_module(f"sim.charts.{module.name}"), "__all__", [])
        for name in public:
            if name.startswith("draw_") and name not in elsewhere:
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


@pytest.mark.parametrize("name", ["resolution_curves", "coverage", "willingness", "paired_effects", "sobol"])
def test_larger_letters_for_a_projector_still_fit(name: str) -> None:
    with with_carried_font(), on_projector():
        figure = GALLERY[name]("zh")
        _check_words(figure, "zh")
    assert figure.get_figwidth() < 0.8 * draw(name, "zh").get_figwidth()
