"""On which assumptions the answer depends: run the study, or continue it, and write what was found.

    python experiments/assumptions/run.py [workers=2]

The runs go to outputs/studies/assumptions, tables and figures to outputs/experiments/assumptions, and the
numbers of the note beside this file are written anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import sim
from sim.charts.calibration import draw_history_match, history_finding
from sim.charts.conditions import condition_finding, draw_conditions
from sim.charts.robustness import draw_robustness, robustness_finding
from sim.charts.style import save
from sim.studies.analyses.conditions import find_conditions
from sim.studies.analyses.history_matching import match_history
from sim.studies.analyses.patterns import load_patterns, plan_with_patterns
from sim.studies.analyses.robustness import judge_robustness

HERE = Path(__file__).resolve().parent
OUT = Path("outputs") / "experiments" / HERE.name
OUTCOMES = ("settled_90_days", "coverage_7_days", "willingness")
SIGN = {"five_links": "positive", "completed": "positive"}


def main(arguments: list[str]) -> None:
    given = dict(argument.split("=", 1) for argument in arguments)
    workers = int(given["workers"]) if "workers" in given else None
    patterns = load_patterns("yulin_zhanjiang_maoming")
    plan = plan_with_patterns(HERE / "study.yaml", patterns)
    study = sim.run_study(plan, given.get("out"), workers=workers)
    match = match_history(study, patterns)
    ranked = [judge_robustness(study, name, match=match) for name in OUTCOMES]
    where = [
        find_conditions(study, name, arm=arm, sign=sign) for name in OUTCOMES for arm, sign in SIGN.items()
    ]
    OUT.mkdir(parents=True, exist_ok=True)
    match.table.to_csv(OUT / "history_match.csv", index=False)
    lines = ["# What was found", ""]
    for language in ("zh", "en"):
        save(draw_history_match((match, study.dimensions), language), OUT, f"history_{language}", language)
        for found in ranked:
            name = f"robustness_{found.outcome.measure}_{language}"
            save(draw_robustness(found, language), OUT, name, language)
        for item in where:
            name = f"conditions_{item.outcome.measure}_{item.arm}_{language}"
            save(draw_conditions(item, language), OUT, name, language)
        lines += [f"- {history_finding(match, language)}"]
        lines += [f"- {robustness_finding(found, language)}" for found in ranked]
        lines += [f"- {condition_finding(item, language)}" for item in where]
        lines += [""]
    lines += [
        "| pattern | limits | at the default | implausibility | ruled out by it alone | variance explained |",
        "|---|---|---|---|---|---|",
    ]
    for row in match.table.to_dict("records"):
        lines.append(
            f"| {row['pattern']} | {row['low']:g} to {row['high']:g} | {row['default_value']:.3g} | "
            f"{row['default_implausibility']:.2g} | {100 * row['ruled_out']:.0f} % | "
            + (f"{100 * row['explained']:.0f} % |" if row["explained"] == row["explained"] else "– |")
        )
    runs = study.runs
    lines += [
        "",
        f"{match.samples} parameter sets of {len(study.dimensions)} parameters, {ranked[0].fitting} of which "
        f"are not ruled out and {match.fitting} of which satisfy every pattern by their own means; "
        f"{len(runs)} runs, "
        f"{int((runs['status'] != 'ok').sum())} failed. Written by run.py from the runs; intervals are 95 %.",
        "",
    ]
    note = "\n".join(lines)
    (HERE / "found.md").write_text(note, encoding="utf-8")
    print(note)


if __name__ == "__main__":
    main(sys.argv[1:])
