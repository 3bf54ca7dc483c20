"""A real browser without a network. Needs Chromium on the machine and the library that drives it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, headless; the tests are left out where there is none."""
    library = pytest.importorskip(
        "playwright.sync_api", reason="needs playwright, which the extra dev brings"
    )
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("needs a Chromium: one on the path, or its place in the variable CHROMIUM")
    with library.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield started
        started.close()
