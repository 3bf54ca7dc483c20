"""Moving a control draws another picture, and one that says what was chosen."""

from __future__ import annotations

from pathlib import Path

import ipywidgets
import pytest

import sim
from sim.errors import InputError
from sim.notebook.exploring import choose_arm, choose_dose, choose_links, choose_runs, run_small, with_arms
from sim.notebook.story import open_story
from tests.notebooks.reading import FOLDER

STUDIES = FOLDER / "studies"


def parts_of(panel: ipywidgets.Widget) -> tuple[list[ipywidgets.Widget], ipywidgets.Image]:
    box, image = panel.children
    return list(box.children), image


@pytest.mark.parametrize("kind", ["arm", "dose", "runs"])
def test_a_slider_draws_each_of_its_stops(kind: str) -> None:
    if kind == "arm":
        panel = choose_arm(sim.open_results(STUDIES / "attendance" / "results"), "en")
    elif kind == "dose":
        study = sim.open_study(STUDIES / "body_dose" / "results")
        panel = choose_dose(study, ["settled_90_days", "staff_days"], "zh")
    else:
        panel = choose_runs(sim.open_results(STUDIES / "alliance" / "results"), "zh")
    (slider,), image = parts_of(panel)
    seen = {bytes(image.value)}
    stops = [value for _, value in slider.options][:3]
    for stop in stops:
        slider.value = stop
        seen.add(bytes(image.value))
    assert len(seen) >= len(stops)
    assert all(picture.startswith(b"\x89PNG") for picture in seen)


def test_ticking_links_draws_their_coalition() -> None:
    panel = choose_links(sim.open_study(STUDIES / "five_links" / "results"), "en")
    boxes, image = parts_of(panel)
    assert len(boxes) == 5
    before = bytes(image.value)
    for box in boxes:
        box.value = False
    none = bytes(image.value)
    boxes[0].value = True
    assert len({before, none, bytes(image.value)}) == 3


def test_a_small_run_is_drawn_when_the_button_is_pressed() -> None:
    region = sim.load_region(FOLDER / "borders" / "example")
    panel = run_small(region, ["none", "paper"], "en")
    (slider, button), image = parts_of(panel)
    assert not image.value
    slider.value = 2
    button.click()
    assert bytes(image.value).startswith(b"\x89PNG")
    assert not button.disabled


def test_arms_can_be_kept_but_not_invented() -> None:
    found = sim.open_results(STUDIES / "attendance" / "results")
    kept = with_arms(found, found.arms[:2])
    assert kept.arms == found.arms[:2]
    assert set(kept.measures["arm"].astype(str)) == set(found.arms[:2])
    for arms in (["nothing"], [found.arms[1]], []):
        with pytest.raises(InputError, match="arm"):
            with_arms(found, arms)


def test_an_unknown_story_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="nearest: why_alone"):
        open_story("why_alon", "en")
    with pytest.raises(InputError, match="language"):
        open_story("why_alone", "fr")


def test_a_panel_leaves_a_note_for_who_only_reads(capsys: pytest.CaptureFixture[str]) -> None:
    panel = choose_runs(sim.open_results(STUDIES / "alliance" / "results"), "en")
    open_story("how_sure", "en").explore("choose", panel)
    assert "Run this cell in Jupyter" in capsys.readouterr().out


def test_the_folder_of_notebooks_is_beside_the_package() -> None:
    assert (Path(sim.__file__).resolve().parents[1] / "notebooks") == FOLDER
