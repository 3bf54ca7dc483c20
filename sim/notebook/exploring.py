"""What-if questions with controls: each choice is a point that was stored, or a run of seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from matplotlib.figure import Figure

from sim.charts.certainty import draw_precision
from sim.charts.chosen import draw_coalition
from sim.charts.doses import dose_course, draw_doses
from sim.charts.resolution import draw_resolution
from sim.charts.study_words import dimension_name
from sim.charts.willingness import draw_suspension_gap
from sim.charts.words import arm_names
from sim.errors import InputError
from sim.language import text
from sim.notebook.libraries import notebook_library
from sim.notebook.story import png_of
from sim.studies.comparison import Comparison, compare
from sim.studies.store.reader import Study
from sim.world.region import Region

__all__ = ["choose_arm", "choose_dose", "choose_links", "choose_runs", "run_small", "with_arms"]


def with_arms(found: Comparison, arms: Sequence[str]) -> Comparison:
    """Keep some arms of a comparison.

    Parameters
    ----------
    found : Comparison
        The comparison.
    arms : sequence of str
        Keys of the arms, its baseline first.

    Returns
    -------
    Comparison
        The same results, of these arms only.

    Raises
    ------
    InputError
        If the first is not the baseline, or one was not run.
    """
    for arm in arms:
        if arm not in found.arms:
            raise InputError("arm", arm, found.arms)
    if not arms or arms[0] != found.baseline:
        raise InputError("arms", list(arms), [found.baseline])
    tables = {
        name: getattr(found, name)[getattr(found, name)["arm"].isin(list(arms))]
        for name in ("effects", "measures", "series", "cases")
    }
    return replace(found, arms=tuple(arms), **tables)


def choose_arm(found: Comparison, language: str) -> Any:
    """Choose an arm and see attendance and effort beside those of the baseline.

    Parameters
    ----------
    found : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    ipywidgets.Widget
        A slider over the arms and the figure.
    """
    names = arm_names(found, language)
    options = [(names[arm], arm) for arm in found.arms[1:]]
    slider = _slider(text("notebook.control.arm", language), options, found.arms[-1])

    def draw(arm: str) -> Figure:
        return draw_suspension_gap(with_arms(found, [found.baseline, arm]), language)

    return _panel([slider], draw, language)


def choose_dose(study: Study, outcomes: Sequence[str], language: str) -> Any:
    """Choose a dose and see what it brings.

    Parameters
    ----------
    study : Study
        A study of one factor in levels.
    outcomes : sequence of str
        Measures to show.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    ipywidgets.Widget
        A slider over the doses that were run and the figure.
    """
    doses = dose_course(study, outcomes[0]).doses
    options = [(f"{dose:.0%}", dose) for dose in doses]
    slider = _slider(text("notebook.control.dose", language), options, doses[len(doses) // 2])

    def draw(dose: float) -> Figure:
        return draw_doses(study, language, outcomes, mark=dose)

    return _panel([slider], draw, language)


def choose_links(study: Study, language: str) -> Any:
    """Switch links on and off and see what the chosen ones do together.

    Parameters
    ----------
    study : Study
        A study that ran every coalition.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    ipywidgets.Widget
        A box to tick for each link and the figure.
    """
    widgets = notebook_library("ipywidgets")
    links = [str(name) for name in study.dimensions["dimension"]]
    boxes = [
        widgets.Checkbox(value=place < 2, description=dimension_name(name, language), indent=False)
        for place, name in enumerate(links)
    ]

    def draw(*ticked: bool) -> Figure:
        on = [name for name, is_on in zip(links, ticked, strict=True) if is_on]
        return draw_coalition(study, language, on)

    return _panel(boxes, draw, language)


def choose_runs(found: Comparison, language: str) -> Any:
    """Choose how many runs count and see how wide the interval would have been.

    Parameters
    ----------
    found : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    ipywidgets.Widget
        A slider over the number of runs and the figure.
    """
    options = [(str(count), count) for count in range(2, found.replications + 1)]
    slider = _slider(text("notebook.control.runs", language), options, min(4, found.replications))

    def draw(runs: int) -> Figure:
        return draw_precision(found, language, runs=runs)

    return _panel([slider], draw, language)


def run_small(region: Region, arms: Sequence[str], language: str) -> Any:
    """Run a small comparison at the press of a button.

    Parameters
    ----------
    region : Region
        The border.
    arms : sequence of str
        Packages, the baseline first.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    ipywidgets.Widget
        The number of runs, a button, and the figure once it was pressed.
    """
    widgets = notebook_library("ipywidgets")
    label = text("notebook.control.runs", language)
    slider = _slider(label, [(str(count), count) for count in (2, 4, 8, 12)], 4)
    button = widgets.Button(description=text("notebook.control.run", language), button_style="primary")
    picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%", display="none"))

    def run(_: object) -> None:
        button.disabled = True
        try:
            found = compare(
                region, arms, years=1, burn_in=1, replications=slider.value, workers=1, progress=False
            )
            picture.value = png_of(draw_resolution(found, language), language)
            picture.layout.display = None
        finally:
            button.disabled = False

    button.on_click(run)
    return widgets.VBox([widgets.HBox([slider, button]), picture])


def _slider(label: str, options: Sequence[tuple[str, object]], value: object) -> Any:
    widgets = notebook_library("ipywidgets")
    return widgets.SelectionSlider(
        options=list(options),
        value=value,
        description=label,
        # One picture for each stop of the slider and not for each pixel on the way.
        continuous_update=False,
        style={"description_width": "initial"},
        layout=widgets.Layout(width="28em"),
    )


def _panel(controls: Sequence[Any], draw: Callable[..., Figure], language: str) -> Any:
    widgets = notebook_library("ipywidgets")

    def picture() -> bytes:
        return png_of(draw(*(control.value for control in controls)), language)

    image = widgets.Image(value=picture(), format="png", layout=widgets.Layout(max_width="100%"))

    def refresh(_: object) -> None:
        image.value = picture()

    for control in controls:
        control.observe(refresh, names="value")
    # Boxes to tick stand under each other and sliders beside each other.
    box = widgets.HBox if len(controls) == 1 else widgets.VBox
    return widgets.VBox([box(list(controls)), image])
