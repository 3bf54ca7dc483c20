"""What a search of doses found under a budget."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.charts.findings import direction_of
from sim.charts.study_words import (
    dimension_name,
    say_outcome,
    say_value,
    study_notes,
    unit_label,
)
from sim.charts.style import INK, MUTED, frame, new_figure, styled
from sim.charts.wording import scale_of
from sim.language import text
from sim.studies.analyses.policy_search import PolicySearch

__all__ = ["draw_policies", "policy_finding"]

_BEST = "#0072B2"
_MOST_ROWS = 14


@styled
def draw_policies(found: PolicySearch, language: str) -> Figure:
    """Draw every candidate by cost and first goal, and the doses of the best.

    Parameters
    ----------
    found : PolicySearch
        The candidates.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Figure
        Left, candidates with the intervals of the best and the budget; right, doses of the best as shades.
    """
    goal, table = found.goals[0], found.table
    scale = scale_of(goal.unit)
    best = table[table["best"]].sort_values("hours", kind="stable")
    doses = [name for name in table.columns if name.startswith("dose_")]
    figure = new_figure(8.0, max(3.4, 1.2 + 0.26 * len(doses)))
    axes, grid = figure.subplots(1, 2, width_ratios=[1.15, 1.0])
    others = table[~table["best"]]
    within = others["within"].to_numpy(bool)
    for chosen, marker, colour in ((within, "s", MUTED), (~within, "x", "#D55E00")):
        axes.scatter(
            others["hours"][chosen] / 1000,
            scale * others[goal.key][chosen],
            marker=marker,
            color=colour,
            s=16,
        )
    axes.errorbar(
        best["hours"] / 1000,
        scale * best[goal.key],
        xerr=[(best["hours"] - best["hours_low"]) / 1000, (best["hours_high"] - best["hours"]) / 1000],
        yerr=[
            scale * (best[goal.key] - best[f"{goal.key}_low"]),
            scale * (best[f"{goal.key}_high"] - best[goal.key]),
        ],
        fmt="o",
        color=_BEST,
        capsize=2.5,
        elinewidth=1.0,
    )
    axes.axvline(found.budget_hours / 1000, color=INK, linestyle=(0, (4, 2)))
    axes.set_xlabel(text("charts.policies.hours", language))
    name, unit = say_outcome(goal, language), unit_label(goal, language)
    axes.set_ylabel(f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})")
    shown = best.iloc[
        np.unique(np.linspace(0, len(best) - 1, min(_MOST_ROWS, max(len(best), 1))).astype(int))
    ]
    if len(shown):
        grid.imshow(shown[doses].to_numpy().T, aspect="auto", cmap="Blues", vmin=0.0, vmax=1.3)
        if len(shown) <= 8:
            for column, row in enumerate(shown[doses].to_numpy()):
                for line, dose in enumerate(row):
                    ink = "white" if dose > 0.8 else INK
                    grid.text(
                        column, line, f"{100 * dose:.0f}", ha="center", va="center", fontsize=7, color=ink
                    )
    grid.set_xticks([])
    grid.set_yticks(
        range(len(doses)),
        [dimension_name(name.removeprefix("dose_"), language) for name in doses],
        fontsize=7.5,
    )
    grid.grid(visible=False)
    grid.tick_params(length=0)
    grid.set_xlabel(text("charts.policies.doses", language), fontsize=8)
    handles = [
        Line2D(
            [], [], color=_BEST, marker="o", linestyle="none", label=text("charts.policies.best", language)
        ),
        Line2D(
            [], [], color=MUTED, marker="s", linestyle="none", label=text("charts.policies.within", language)
        ),
        Line2D(
            [],
            [],
            color="#D55E00",
            marker="x",
            linestyle="none",
            label=text("charts.policies.over", language),
        ),
        Line2D([], [], color=INK, linestyle=(0, (4, 2)), label=text("charts.policies.budget", language)),
    ]
    goals = text("charts.list_separator", language).join(say_outcome(item, language) for item in found.goals)
    subtitle = text("charts.subtitle.policies", language, goals=goals, trials=found.trials)
    notes = study_notes(language, found.replications, "policies")
    frame(figure, [policy_finding(found, language)], subtitle, notes, handles)
    return figure


def policy_finding(found: PolicySearch, language: str) -> str:
    """State how many candidates remain, and what the best for the first goal does within the budget.

    Parameters
    ----------
    found : PolicySearch
        The candidates.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        One sentence.
    """
    goal = found.goals[0]
    best = found.table[found.table["best"]]
    budget = f"{found.budget_hours:,.0f}"
    if best.empty:
        return text("charts.policies.none", language, budget=budget, trials=found.trials)
    row = best.iloc[int(np.argmax(goal.better * best[goal.key].to_numpy()))]
    value, low, high = (float(row[name]) for name in (goal.key, f"{goal.key}_low", f"{goal.key}_high"))
    direction = direction_of(low, high)
    amount = say_value(value, low, high, goal, language)
    return text(
        f"charts.policies.{'clear' if direction in ('higher', 'lower') else direction}",
        language,
        budget=budget,
        trials=found.trials,
        count=len(best),
        outcome=say_outcome(goal, language),
        amount=amount,
        hours=f"{row['hours']:,.0f}",
    )
