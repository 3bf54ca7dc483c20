"""Which of the five links does how much of the work: run the study, or continue it, and write what was found.

    python experiments/five_links/run.py [workers=2]

The runs go to outputs/studies/five_links, tables and figures to outputs/experiments/five_links, and the
numbers of the note beside this file are written anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import sim
from sim.charts.attribution import (
    attribution_finding,
    draw_attribution,
    draw_interactions,
    interaction_finding,
)
from sim.charts.study_words import dimension_name, say_outcome, say_share, say_value
from sim.charts.style import save
from sim.studies.analyses.attribution import Attribution, attribute_effect, find_interactions

HERE = Path(__file__).resolve().parent
OUT = Path("outputs") / "experiments" / HERE.name
OUTCOMES = ("settled_90_days", "coverage_7_days", "willingness")


def main(arguments: list[str]) -> None:
    given = dict(argument.split("=", 1) for argument in arguments)
    workers = int(given["workers"]) if "workers" in given else None
    study = sim.run_study(HERE / "study.yaml", given.get("out"), workers=workers)
    found = [attribute_effect(study, name) for name in OUTCOMES]
    pairs = [find_interactions(study, name) for name in OUTCOMES]
    OUT.mkdir(parents=True, exist_ok=True)
    for name, parts, helped in zip(OUTCOMES, found, pairs, strict=True):
        parts.table.to_csv(OUT / f"attribution_{name}.csv", index=False)
        helped.table.to_csv(OUT / f"interactions_{name}.csv", index=False)
        for language in ("zh", "en"):
            save(draw_interactions(helped, language), OUT, f"interactions_{name}_{language}", language)
    lines = ["# What was found", ""]
    for language in ("zh", "en"):
        save(draw_attribution(found, language), OUT, f"attribution_{language}", language)
        lines += [f"- {attribution_finding(item, language)}" for item in found]
        lines += [f"- {interaction_finding(item, language)}" for item in pairs]
        lines += ["", *table_of(found, language), ""]
    runs = study.runs
    lines += [
        f"{len(study.points)} points, {found[0].replications} replications, {len(runs)} runs, "
        f"{int((runs['status'] != 'ok').sum())} failed. Written by run.py from the runs; intervals are 95 % "
        "over replications, those of shares by Fieller's theorem.",
        "",
    ]
    note = "\n".join(lines)
    (HERE / "found.md").write_text(note, encoding="utf-8")
    print(note)


def table_of(found: list[Attribution], language: str) -> list[str]:
    """Lay out value and share of every link on every outcome."""
    heads = [say_outcome(item.outcome, language) for item in found]
    rows = ["| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for player in found[0].table["player"]:
        cells = []
        for item in found:
            row: pd.Series[float] = item.table.set_index("player").loc[player]
            value = say_value(row["value"], row["low"], row["high"], item.outcome, language)
            share = say_share(row["share"], row["share_low"], row["share_high"], language)
            cells.append(f"{value}; {share}")
        rows.append(f"| {dimension_name(player, language)} | " + " | ".join(cells) + " |")
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
