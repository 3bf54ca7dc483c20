"""Make the stored studies and execute the notebooks, in order; what is made already is not made again.

    python notebooks/make.py                 everything that code, settings or texts have changed
    python notebooks/make.py studies         the studies only
    python notebooks/make.py notebooks       the notebooks only, from the studies as they are stored
    python notebooks/make.py 04 07           these notebooks only
    python notebooks/make.py workers=2       on two processes

Stopped at any moment, the same command goes on. Needs the extra notebooks: pip install -e ".[notebooks]".
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sim.notebook.making import execute, list_notebooks, write_notebook
from sim.notebook.stored import Keep, make_stored

HERE = Path(__file__).resolve().parent
STUDIES = {
    "alliance": Keep(
        series=("coverage_7_days", "section_compliance", "willingness"),
        cases=(
            "village_a",
            "village_b",
            "difficulty",
            "known",
            "settled_tier",
            "how",
            "sessions",
            "hand_offs",
            "given_up",
            "days_to_settlement",
            "days_observed",
        ),
    ),
    "five_links": None,
    "why_alone": Keep(life=("body_with_decision", "only_with")),
    "attendance": None,
    "alliance_dose": None,
    "body_dose": None,
    "assumptions": None,
    "watched": Keep(watched=True),
}


def main(arguments: list[str]) -> None:
    given = dict(word.split("=", 1) for word in arguments if "=" in word)
    wanted = [word for word in arguments if "=" not in word]
    workers = int(given["workers"]) if "workers" in given else None
    began = time.monotonic()
    for name, keep in STUDIES.items() if not wanted or wanted == ["studies"] else ():
        start = time.monotonic()
        stored = make_stored(HERE / "studies" / name, keep, workers=workers)
        said = "made" if stored.is_new else "kept"
        print(f"{name:24} {said} {stored.runs:5} runs {time.monotonic() - start:7.1f} s", flush=True)
    if wanted == ["studies"]:
        return
    for source in list_notebooks(HERE):
        if wanted not in ([], ["notebooks"]) and source.name[:2] not in wanted:
            continue
        start = time.monotonic()
        path = write_notebook(execute(source), source.with_suffix(".ipynb"))
        size = path.stat().st_size / 1e3
        print(f"{source.stem:24} {size:6.0f} kB {time.monotonic() - start:13.1f} s", flush=True)
    print(f"{'all':24} {time.monotonic() - began:23.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
