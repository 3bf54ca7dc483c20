from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.notebooks.reading import SOURCES


@pytest.fixture(params=SOURCES, ids=[source.stem for source in SOURCES])
def source(request: pytest.FixtureRequest) -> Path:
    """The text file of each notebook in turn."""
    path: Path = request.param
    return path


@pytest.fixture
def stored(source: Path) -> Any:
    """The notebook as it is stored."""
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)
