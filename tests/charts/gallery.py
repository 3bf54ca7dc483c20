"""Every chart, drawn from small tables that no run of the model has made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from unittest.mock import patch

from matplotlib.figure import Figure

from sim.charts.arm_panels import PANELS, draw_arm_panels
from sim.charts.attribution import draw_attribution, draw_interactions
from sim.charts.biography import draw_biography
from sim.charts.border_map import draw_map
from sim.charts.calibration import draw_history_match
from sim.charts.certainty import draw_assumption_sets, draw_precision
from sim.charts.chosen import draw_chosen_effects, draw_coalition
from sim.charts.conditions import draw_conditions
from sim.charts.cost import draw_cost
from sim.charts.coverage import draw_coverage
from sim.charts.doses import draw_doses
from sim.charts.flow import draw_flow
from sim.charts.fonts import carried_font
from sim.charts.hours import draw_hours_calendar
from sim.charts.line import draw_line_coverage
from sim.charts.paired import draw_paired_effects
from sim.charts.payers import draw_payers
from sim.charts.policies import draw_policies
from sim.charts.resolution import draw_resolution, draw_resolution_by_tier
from sim.charts.robustness import draw_robustness
from sim.charts.scopes import draw_scopes
from sim.charts.sensitivity import draw_sensitivity
from sim.charts.study_packages import draw_frontier, draw_package_effects
from sim.charts.willingness import draw_suspension_gap, draw_willingness
from sim.charts.words import arm_names
from sim.studies.analyses.robustness import Robustness
from sim.studies.comparison import Comparison
from sim.studies.watched import Watched
from tests.charts import made_up
from tests.charts.conftest import make_comparison, world_of

__all__ = ["GALLERY", "draw", "with_carried_font"]


@cache
def _comparison() -> Comparison:
    return make_comparison()


@cache
def _watched() -> Watched:
    return made_up.watched(world_of(0))


def _of_comparison(draw_one: Callable[..., Figure], *more: object) -> Callable[[str], Figure]:
    return lambda language: draw_one(_comparison(), language, *more)


def _map(language: str, *, measure: str, show: str, arm: str = "completed") -> Figure:
    found = _watched() if measure.startswith("coverage") else _comparison()
    return draw_map(found, language, world_of(0), arm, show, measure)  # type: ignore[arg-type]


def _biography(language: str) -> Figure:
    told, picked = made_up.biography(world_of(0))
    return draw_biography(told, world_of(0), arm_names(_comparison(), language), language, picked)


def _robustness() -> Robustness:
    return made_up.robustness([(1.0, 1.3), (1.6, 2.2), (2.4, 2.9)], (0.7, 0.4, 0.1), (0.0, 0.1, 0.3))


def _attribution(language: str) -> Figure:
    found = [
        made_up.attribution(made_up.INTERVALS, (0.02, 0.09)),
        made_up.attribution(made_up.INTERVALS[::-1], (-0.02, 0.09)),
    ]
    return draw_attribution(found, language)


GALLERY: dict[str, Callable[[str], Figure]] = {
    "resolution_curves": _of_comparison(draw_resolution),
    "resolution_by_tier": _of_comparison(draw_resolution_by_tier),
    "coverage": _of_comparison(draw_coverage),
    "willingness": _of_comparison(draw_willingness),
    "suspension_gap": _of_comparison(draw_suspension_gap),
    "cost_effect": _of_comparison(draw_cost),
    "paired_effects": _of_comparison(draw_paired_effects),
    "precision": _of_comparison(draw_precision),
    "chosen_effects": _of_comparison(draw_chosen_effects, ("settled_90_days", "staff_days")),
    "flow": lambda language: draw_flow(made_up.with_flows(_comparison()), language),
    "biography": _biography,
    "payers": _of_comparison(draw_payers),
    "scopes": _of_comparison(draw_scopes),
    **{f"panels_{show}": _of_comparison(draw_arm_panels, show) for show in PANELS},
    "map_settled": partial(_map, measure="settled_90_days", show="share"),
    "map_change": partial(_map, measure="first_response_days", show="difference"),
    "map_coverage": partial(_map, measure="coverage_7_days", show="difference"),
    "line_coverage": lambda language: draw_line_coverage(_watched(), language, world_of(0)),
    "hours_calendar": lambda language: draw_hours_calendar(_watched(), language, world_of(0)),
    "attribution": _attribution,
    "interactions": lambda language: draw_interactions(made_up.interactions(2 * made_up.INTERVALS), language),
    "package_effects": lambda language: draw_package_effects(made_up.effects(made_up.INTERVALS), language),
    "doses": lambda language: draw_doses(
        made_up.dose_study(), language, ["settled_90_days", "trust", "staff_days"]
    ),
    "coalition": lambda language: draw_coalition(
        made_up.coalition_study(), language, ["organisation", "peace"]
    ),
    "frontier": lambda language: draw_frontier(made_up.frontier(made_up.INTERVALS), language),
    "morris": lambda language: draw_sensitivity(
        made_up.sensitivity("morris", (0.1, 0.05, -0.01, float("nan"))), language
    ),
    "sobol": lambda language: draw_sensitivity(
        made_up.sensitivity("sobol", (0.3, 0.1, -0.02, -0.04), "level"), language
    ),
    "conditions": lambda language: draw_conditions(made_up.conditions(0.55, (0.85, 0.7, 0.95)), language),
    "robustness": lambda language: draw_robustness(_robustness(), language),
    "assumption_sets": lambda language: draw_assumption_sets(_robustness(), language),
    "history": lambda language: draw_history_match(
        (made_up.history(), made_up.history_dimensions()), language
    ),
    "policies": lambda language: draw_policies(made_up.policies((0.02, 0.06)), language),
}
"""A drawing function of the language by name; charts of `sim.charts` that a run does not make."""


@contextmanager
def with_carried_font() -> Iterator[None]:
    """Draw with the font that the project brings along, whatever the machine has."""
    with patch("sim.charts.style.chinese_font", carried_font):
        yield


@cache
def draw(name: str, language: str) -> Figure:
    """Draw one chart once, with the carried font."""
    with with_carried_font():
        return GALLERY[name](language)
