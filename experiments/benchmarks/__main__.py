"""`python -m experiments.benchmarks`: measure, print the table, write it as JSON and into the document."""

from __future__ import annotations

import sys
import time

from experiments.benchmarks.figures import FIGURES, Size
from experiments.benchmarks.measuring import DOCUMENT, LATEST, Row, documented, table, write
from sim.files import write_beside


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"{unknown[0]} is none of {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    start, rows = time.perf_counter(), list[Row]()
    for name in names or FIGURES:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += FIGURES[name](Size())
    print(table(rows))
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    # What was measured in part does not replace what was measured in one run.
    if not names:
        write(rows, LATEST)
        text = documented(rows, DOCUMENT.read_text("utf-8"))
        write_beside(DOCUMENT, lambda beside: beside.write_text(text, encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
