"""The figures: complete, readable in both languages, the same bytes each time."""

import ast
import re
import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path

import matplotlib
import pytest
from matplotlib import rcParams
from matplotlib.colors import to_hex
from matplotlib.text import Text
from PIL import Image

import sim.charts
from sim.charts.arm_panels import draw_arm_panels
from sim.charts.border_map import _legend_handles, draw_map, labelled_towns, sides
from sim.charts.cost import draw_cost
from sim.charts.coverage import draw_coverage
from sim.charts.figures import draw_all
from sim.charts.paired import draw_paired_effects, headline_panels
from sim.charts.resolution import draw_resolution, draw_resolution_by_tier
from sim.charts.style import drawing, looks
from sim.charts.willingness import draw_suspension_gap, draw_willingness
from sim.errors import InputError, OutputError
from sim.measures.definitions import MEASURES
from sim.world.region import load_region
from sim.world.world import lay_out

NAMES = {
    "resolution_curves", "coverage", "willingness", "suspension_gap", "cost_effect", "paired_effects",
    "map_settled", "map_change", "resolution_by_tier",
}  # fmt: skip
DRAWINGS = {
    "resolution": draw_resolution,
    "resolution_by_tier": draw_resolution_by_tier,
    "panels_resolution": partial(draw_arm_panels, show="resolution"),
    "panels_coverage": partial(draw_arm_panels, show="coverage"),
    "panels_willingness": partial(draw_arm_panels, show="willingness"),
    "coverage": draw_coverage,
    "willingness": draw_willingness,
    "suspension_gap": draw_suspension_gap,
    "cost": draw_cost,
    "paired": draw_paired_effects,
}


@pytest.fixture(scope="module", params=["zh", "en"])
def drawn(request, comparison, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"图 {request.param}")
    settings = dict(rcParams)
    with warnings.catch_warnings():
        # A missing glyph, a layout that collapses or a division by zero is a fault of the figure.
        warnings.simplefilter("error")
        paths = draw_all(comparison, folder, request.param)
    assert dict(rcParams) == settings
    return request.param, folder, paths


def test_every_figure_is_written_as_image_and_drawings_and_nothing_else(drawn):
    _, folder, paths = drawn
    assert {path.name for path in paths} == {
        f"{name}.{ending}" for name in NAMES for ending in ("png", "svg", "pdf")
    }
    assert sorted(folder.iterdir()) == sorted(paths)


def test_images_have_200_dots_an_inch_and_no_date(drawn):
    _, _, paths = drawn
    for path in paths:
        if path.suffix == ".png":
            with Image.open(path) as image:
                assert image.width == 1600
                assert image.info["dpi"] == pytest.approx((200, 200), abs=0.5)
                assert set(image.info) <= {"dpi"}
        elif path.suffix == ".pdf":
            assert b"Date" not in path.read_bytes()
        else:
            words = path.read_text(encoding="utf-8")
            assert "<dc:date>" not in words
            assert re.search(r"20\d\d-\d\d-\d\d", words) is None


def test_the_same_comparison_gives_the_same_bytes(drawn, comparison, tmp_path):
    language, folder, _ = drawn
    if language == "en":
        pytest.skip("once is enough: the language changes words only")
    for path in draw_all(comparison, tmp_path, language):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_two_arms_with_long_names_still_fit(name, language, make):
    comparison = make(arms=("none", "completed"), replications=2)
    manifest = {**comparison.manifest, "arms": {}}
    for arm in comparison.arms:
        words = {"zh": f"{arm}" + "很长的名称" * 6, "en": f"{arm} " + "with a long name " * 4}
        manifest["arms"][arm] = {"name": words}
    _check_words(DRAWINGS[name](replace(comparison, manifest=manifest), language), language)


def _check_words(figure, language):
    with drawing(language):
        figure.draw_without_rendering()
        page = figure.bbox
        words = [item for item in figure.findobj(Text) if item.get_visible() and item.get_text().strip()]
        # A tick outside the axes' limits is never drawn.
        ticks = {
            id(tick.label1)
            for axes in figure.axes
            for axis in (axes.xaxis, axes.yaxis)
            for tick in axis.majorTicks
        }
        boxes = [(item.get_text(), item.get_window_extent()) for item in words if id(item) not in ticks]
    for said, box in boxes:
        assert all(page.padded(1).contains(*corner) for corner in box.corners()), said
    # Title, subtitle and notes belong to the figure; neither legend nor panels may run into them.
    own = [item.get_window_extent() for item in figure.texts]
    for part in [*figure.legends, *(axes for axes in figure.axes if axes.get_visible())]:
        box = part.get_tightbbox(figure.canvas.get_renderer())
        inner = box.padded(-1.5)
        assert not any(inner.overlaps(line) for line in own)
    for i, line in enumerate(own):
        assert not any(line.padded(-2).overlaps(other.padded(-2)) for other in own[:i])


@pytest.mark.parametrize("draw", [draw_coverage, partial(draw_arm_panels, show="coverage")])
@pytest.mark.parametrize("level", [0.9, 0.3])
def test_an_axis_of_shares_never_goes_beyond_all(draw, level, make):
    # Two runs that are far apart have intervals from below nothing to beyond everything.
    comparison = make(arms=("none", "completed"), replications=2)
    series = comparison.series.assign(value=level - 0.08 * comparison.series["replication"])
    figure = draw(replace(comparison, series=series), "en")
    for axes in figure.axes:
        bottom, top = axes.get_ylim()
        assert bottom == 0.0
        # What is nowhere near all of it keeps an axis of its own.
        assert top == 100.0 if level == 0.9 else 30.0 < top <= 100.0


def test_an_unknown_language_or_region_is_refused_and_writes_nothing(comparison, tmp_path):
    with pytest.raises(InputError, match="language = 'fr'"):
        draw_all(comparison, tmp_path / "figures", "fr")
    assert not (tmp_path / "figures").exists()


def test_a_place_that_cannot_be_written_is_said(comparison, tmp_path):
    (tmp_path / "figures").write_text("a file in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        draw_all(comparison, tmp_path / "figures", "en")


def test_headline_panels_are_the_headline_measures_and_waiting_is_inside(comparison):
    panels = dict(headline_panels(comparison))
    assert set(panels) == {name for name, measure in MEASURES.items() if measure.headline}
    assert panels["waiting_days"] == "interior"
    assert panels["settled_90_days"] == "border"


def test_the_map_names_the_river_towns_and_the_named_pairs(world):
    names = {world.town_name_zh[town] for town in labelled_towns(world)}
    assert {"古城镇", "石角镇", "文地镇", "清湖镇", "平定镇", "河唇镇"} <= names


def test_the_map_says_that_it_is_schematic(comparison, world):
    for language, words in (("zh", "示意图，非官方界线"), ("en", "Schematic, not an official boundary")):
        figure = draw_map(comparison, language, world, "completed", "share")
        assert words in " ".join(item.get_text() for item in figure.texts)


@pytest.mark.parametrize(
    ("region", "names"),
    [
        ("liuzhou", ("城中区", "鱼峰区", "柳南区", "柳北区", "柳江区")),
        ("wujin", ("武进区",)),
        ("suzhou_four_province", ("安徽省", "江苏省", "山东省", "河南省")),
    ],
)
def test_the_map_tells_apart_the_sides_of_the_border_it_is_about(region, names):
    world = lay_out(load_region(region), 1)
    side, names_zh, names_en = sides(world)
    assert names_zh == names
    assert len(names_en) == len(names)
    assert set(side.tolist()) == set(range(len(names)))


def test_a_place_that_nobody_measured_is_marked_as_such():
    world = lay_out(load_region("tongzhou_wuqing_langfang"), 1)
    words = "place unknown or synthetic stretch"
    for border, expected in ((world, True), (lay_out(load_region("pinghu_jinshan"), 1), False)):
        labels = [handle.get_label() for handle in _legend_handles(border, "en", "share")]
        assert (words in labels) == expected


def test_arms_differ_in_colour_line_and_marker_so_that_a_copy_in_grey_can_be_read():
    arms = [f"arm {i}" for i in range(5)]
    chosen = looks(arms).values()
    assert len({to_hex(look.colour) for look in chosen}) == 5
    assert len({str(look.line) for look in chosen}) == 5
    assert len({look.marker for look in chosen}) == 5
    many = looks([str(i) for i in range(280)]).values()
    assert len({(look.colour, str(look.line), look.marker) for look in many}) == 280


def test_drawing_leaves_the_settings_of_others_alone():
    before = matplotlib.rcParams["font.size"]
    with drawing("zh"):
        assert matplotlib.rcParams["font.size"] != before
    assert matplotlib.rcParams["font.size"] == before


def test_no_chart_uses_global_drawing_state():
    for file in Path(sim.charts.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert "pyplot" not in ast.unparse(node), file.name
