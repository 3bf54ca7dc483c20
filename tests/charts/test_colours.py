"""What is told apart by colour is told apart without it too: by lightness, hatch, line or marker."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import Colormap, to_hex, to_rgb
from numpy.typing import NDArray

from sim.charts import border_map, hours, line, pairing, robustness, sensitivity, style
from sim.charts.style import INK, MUTED, looks

# Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
VISIONS = {
    "full": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
#: Steps of lightness that a copier and a projector leave apart, of 100.
CLEAR_LIGHTNESS = 15.0
#: Distance in CIELAB at which two areas side by side are plainly different; 2 is just noticeable.
CLEAR_COLOUR = 12.0


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: str = "full") -> NDArray[np.float64]:
    """Give lightness and the two colour axes of CIELAB as an eye sees them."""
    seen = np.clip(VISIONS[vision] @ linear(colour), 0.0, 1.0)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def apart(one: str, other: str, vision: str) -> float:
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def lightness_apart(one: str, other: str) -> float:
    return abs(float(lab(one)[0] - lab(other)[0]))


def test_the_measuring_itself_is_right() -> None:
    assert lab("#FFFFFF") == pytest.approx([100, 0, 0], abs=0.05)
    assert lab("#0072B2")[0] == pytest.approx(45.9, abs=0.3)
    # Red and green of one lightness, which is what a red-green deficiency cannot tell apart.
    assert apart("#B05000", "#5F7A00", "full") > 40
    assert apart("#B05000", "#5F7A00", "deuteranopia") < 15


ARMS = list(looks([str(number) for number in range(7)]).values())


@pytest.mark.parametrize("vision", VISIONS)
def test_arms_have_colours_that_every_eye_tells_apart(vision: str) -> None:
    for one, other in combinations(ARMS, 2):
        assert apart(one.colour, other.colour, vision) >= CLEAR_COLOUR, (one.colour, other.colour)


def test_arms_of_one_lightness_have_other_lines_and_markers() -> None:
    for one, other in combinations(ARMS[:5], 2):
        if lightness_apart(one.colour, other.colour) < CLEAR_LIGHTNESS:
            assert str(one.line) != str(other.line)
            assert one.marker != other.marker


def test_arms_stand_out_from_paper() -> None:
    for look in ARMS:
        assert lightness_apart(look.colour, "#FFFFFF") >= 2 * CLEAR_LIGHTNESS - 7


# Areas beside each other: colour and hatch of each.
AREAS = {
    "tiers": list(style.TIER_LOOKS.values()),
    "verdicts": list(robustness._VERDICTS.values()),
    "indices": [(sensitivity._TOTAL, ""), (sensitivity._FIRST, "///")],
}
# Marks: colour and shape.
MARKS = {
    "sides of the map": list(zip(border_map._SIDE_COLOURS, border_map._SIDE_MARKERS, strict=True)),
    "sides of the calendar": list(hours._SIDE_LOOKS.values()),
}


@pytest.mark.parametrize("name", [*AREAS, *MARKS])
def test_areas_and_marks_can_be_told_apart_in_black_and_white(name: str) -> None:
    for (colour, shape), (other_colour, other_shape) in combinations({**AREAS, **MARKS}[name], 2):
        assert shape != other_shape or lightness_apart(colour, other_colour) >= CLEAR_LIGHTNESS


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", AREAS)
def test_areas_can_be_told_apart_by_every_eye(name: str, vision: str) -> None:
    for (colour, _), (other, _) in combinations(AREAS[name], 2):
        assert apart(colour, other, vision) >= CLEAR_COLOUR


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("colours", [pairing._COLOURS, line._CHANGE], ids=["pairs", "line"])
def test_both_ends_of_a_signed_scale_differ_for_every_eye(colours: Colormap, vision: str) -> None:
    below, zero, above = (to_hex(colours(place)) for place in (0.0, 0.5, 1.0))
    assert apart(below, above, vision) >= 2 * CLEAR_COLOUR
    for end in (below, above):
        assert lightness_apart(end, zero) >= 2 * CLEAR_LIGHTNESS


def test_words_have_the_contrast_that_readers_need() -> None:
    # WCAG 2: 4.5 to 1 for text, against white.
    for ink in (INK, MUTED, border_map._WATER_NAME):
        luminance = float(np.array([0.2126, 0.7152, 0.0722]) @ linear(ink))
        assert 1.05 / (luminance + 0.05) >= 4.5
