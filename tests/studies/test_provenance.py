from __future__ import annotations

from pathlib import Path

from sim.studies.provenance import border_sources_digest


def test_a_changed_source_is_another_model_and_a_changed_picture_is_not(tmp_path: Path) -> None:
    package = tmp_path / "sim"
    (package / "engine").mkdir(parents=True)
    (package / "charts").mkdir()
    (package / "engine" / "cases.py").write_text("a = 1\n")
    before = border_sources_digest(package)
    (package / "charts" / "style.py").write_text("b = 1\n")
    assert border_sources_digest(package) == before
    (package / "engine" / "cases.py").write_text("a = 2\n")
    assert border_sources_digest(package) != before


def test_line_ends_of_another_system_are_the_same_model(tmp_path: Path) -> None:
    package = tmp_path / "sim"
    package.mkdir()
    digests = set()
    for end in (b"\n", b"\r\n"):
        (package / "streams.py").write_bytes(b"a = 1" + end)
        digests.add(border_sources_digest(package))
    assert len(digests) == 1
