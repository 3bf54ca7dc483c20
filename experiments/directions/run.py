"""Write the table of directions: python experiments/directions/run.py

Every lever, setting and mechanism is moved from low to high, alone and inside a package, under the same
shocks. Runs are kept in outputs/directions; stopped at any moment, the same command continues.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.errors import SimulationError
from sim.language import LANGUAGES, text
from sim.studies.directions.moves import all_moves, chosen_moves, content_key
from sim.studies.directions.report import write_directions
from sim.studies.directions.runs import plan_directions, run_directions

HERE = Path(__file__).resolve().parent
OUTPUTS = HERE.parents[1] / "outputs" / "directions"


def both(key: str) -> str:
    return " · ".join(text(f"directions.command.{key}", language) for language in ("en", "zh"))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=both("about"))
    parser.add_argument("--region", default="yulin_zhanjiang_maoming")
    parser.add_argument("--replications", type=int, default=12)
    parser.add_argument("--years", type=float, default=2)
    parser.add_argument("--burn-in", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--only", nargs="+", metavar="NAME", help=both("only"))
    parser.add_argument("--store", type=Path, default=OUTPUTS / "runs", help=both("store"))
    parser.add_argument("--out", type=Path, help=both("out"))
    parser.add_argument("--language", choices=LANGUAGES, default="zh")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    try:
        plan = plan_directions(
            given.region,
            years=given.years,
            burn_in=given.burn_in,
            replications=given.replications,
            seed=given.seed,
            workers=given.workers,
        )
        moves = chosen_moves(given.only) if given.only else all_moves()
        arms = {content_key(arm) for move in moves for arm in (move.low_arm, move.high_arm) if arm}
        told = {"moves": len(moves), "arms": len(arms), "replications": plan.replications}
        print(text("directions.command.moves", given.language, **told), file=sys.stderr)
        runs = run_directions(plan, moves, given.store)
        # A table of a few moves is no substitute for the whole one.
        folder = write_directions(plan, moves, runs, given.out or (OUTPUTS if given.only else HERE))
        print(text("directions.command.done", given.language, folder=folder))
    except SimulationError as error:
        sys.exit(error.message(given.language))
    except KeyboardInterrupt:
        sys.exit(text("directions.command.stopped", given.language))


if __name__ == "__main__":
    main()
