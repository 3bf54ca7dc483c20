"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# The first call of a compiled function takes seconds, so that deadlines would tell nothing.
settings.register_profile("workstation", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "workstation")
