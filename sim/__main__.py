"""The command: ``python -m sim``."""

from __future__ import annotations

import sys

from sim.command.entry import main

__all__ = ["main"]

# Worker processes import this module again; only the first one runs the command.
if __name__ == "__main__":
    sys.exit(main())
