from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from sim.command.entry import main
from sim.errors import nearest_name
from sim.report import content
from sim.studies.results import open_results


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "draw_pictures", lambda *_: [])


@pytest.mark.usefixtures("undrawn")
def test_a_report_stands_beside_the_results(
    finished_results: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(finished_results, here / "结果")
    before = {path.name for path in (here / "结果").iterdir()}
    assert main(["report", "结果"]) == 0
    assert "report_zh.html" in capsys.readouterr().out
    assert main(["report", "结果", "language=en", "out=给 局里/a.html"]) == 0
    assert "给 局里" in capsys.readouterr().out
    assert {path.name for path in (here / "结果").iterdir()} - before == {"report_zh.html", "report_zh.xlsx"}
    assert sorted(path.name for path in (here / "给 局里").iterdir()) == ["a.html", "a.xlsx"]
    assert 'lang="en"' in (here / "给 局里" / "a.html").read_text("utf-8")


@pytest.mark.usefixtures("quick", "undrawn")
def test_a_run_of_a_scenario_keeps_its_question_for_the_report(
    quick: ModuleType, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario=joined_in_form", "replications=3", "years=1", "workers=1", "out=r"]) == 0
    capsys.readouterr()
    assert main(["report", "r", "language=en"]) == 0
    page = (here / "r" / "report_en.html").read_text("utf-8")
    assert "joined in form, joined in fact" in page
    assert "Does an alliance of agreements" in page


@pytest.mark.usefixtures("quick", "undrawn")
@pytest.mark.parametrize(("language", "said"), [("zh", "已删除以前结果的报告"), ("en", "Removed the report")])
def test_a_run_into_the_same_folder_removes_the_report_of_the_one_before_and_says_so(
    here: Path, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    run = ["package=paper", "replications=2", "years=1", "workers=1", f"language={language}", "out=r"]
    assert main(run) == 0
    assert said not in capsys.readouterr().out
    assert main(["report", "r", f"language={language}"]) == 0
    page = here / "r" / f"report_{language}.html"
    assert page.exists()
    capsys.readouterr()
    assert main([*run, "seed=5"]) == 0
    assert not page.exists()
    assert not page.with_suffix(".xlsx").exists()
    told = [line for line in capsys.readouterr().out.splitlines() if said in line]
    assert len(told) == 1
    assert page.name in told[0]
    assert page.with_suffix(".xlsx").name in told[0]


@pytest.mark.usefixtures("quick", "undrawn")
def test_a_report_that_cannot_be_removed_is_named_and_the_run_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ["package=paper", "replications=2", "years=1", "workers=1", "language=en", "out=r"]
    assert main(run) == 0
    assert main(["report", "r", "language=en"]) == 0
    capsys.readouterr()
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == "report_en.xlsx":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert main([*run, "seed=5"]) == 0
    told = capsys.readouterr().out
    assert "Removed the report of the earlier result (report_en.html)" in told
    assert "Could not remove the report of the earlier result (report_en.xlsx)" in told
    assert open_results(here / "r").manifest["configuration"]["seed"] == 5


BAD = [
    (["report"], "report", "manifest.json"),
    (["report", "results", "results"], "report", "one folder"),
    (["report", "results", "uot=a.html"], "uot", "nearest: out="),
    (["report", "results", "--all"], "--all", "allowed"),
    (["report", "results", "language=fr"], "language", "zh, en"),
    (["report", "nowhere"], "nowhere", "the folder of a comparison"),
    (["report", "empty"], "empty", "the folder of a comparison"),
    (["report", "unfinished"], "effects.csv", "the folder of a comparison"),
    (["report", "damaged"], "measures.parquet", "the folder of a comparison"),
    (["report", "foreign"], "manifest.json", "the folder of a comparison"),
    (["report", "study"], "study", "sim.open_study"),
    (["report", "sweep"], "sweep", "one of its comparisons"),
    (["report", "results/effects.csv"], "effects.csv", "the folder of a comparison"),
    (["report", "results", "out="], "out", ".html"),
    (["report", "results", "out=a.pdf"], "a.pdf", ".html"),
    (["report", "results", "out=mine.html"], "mine.html", "a new file or an earlier report"),
    (["report", "results", "out=sheets.html"], "sheets.xlsx", "a new file or an earlier report"),
    (["report", "results", "out=empty.html"], "empty.html", "directory"),
    (["report", "results", "out=mine.html/a.html"], "a.html", "cannot be written"),
    (["report", "results", "region=wujin"], "wujin", "shengze_wangjiangjing"),
    (["report", "results", "region=wujni"], "wujni", "nearest: wujin"),
    (["report", "results", "study=nowhere"], "nowhere", "the folder of a study"),
    (["report", "results", "study=results"], "results", "of a study"),
]


@pytest.fixture
def places(finished_results: Path, here: Path) -> Path:
    shutil.copytree(finished_results, here / "results")
    for name in ("empty", "empty.html", "study/shards", "sweep", "foreign"):
        (here / name).mkdir(parents=True)
    (here / "study" / "manifest.json").write_text("{}")
    (here / "sweep" / "multirun.yaml").write_text("")
    (here / "foreign" / "manifest.json").write_text('{"name": "a page of an app"}')
    (here / "mine.html").write_text("<p>mine</p>")
    (here / "sheets.xlsx").write_text("mine")
    shutil.copytree(finished_results, here / "unfinished")
    (here / "unfinished" / "effects.csv").unlink()
    shutil.copytree(finished_results, here / "damaged")
    (here / "damaged" / "measures.parquet").write_bytes(b"PAR1")
    return here


@pytest.mark.usefixtures("undrawn")
def test_bad_input_gets_one_sentence_and_leaves_nothing(
    places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.relative_to(places) for path in places.rglob("*"))
    for typed, named, hint in BAD:
        for language in ("en", "zh"):
            arguments = (
                typed
                if any(word.startswith("language=") for word in typed)
                else [*typed, f"language={language}"]
            )
            assert main(arguments) == 2, typed
            said = capsys.readouterr()
            assert said.out == ""
            assert len(said.err.splitlines()) == 1, said.err
            assert named in said.err, said.err
            if language == "en" and "language=fr" not in typed:
                assert hint in said.err, said.err
        assert sorted(path.relative_to(places) for path in places.rglob("*")) == before


def test_a_mistyped_name_of_the_command_is_recognised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reprot", "language=en"]) == 2
    assert "nearest: report" in capsys.readouterr().err
    assert nearest_name("reprot", ["report"]) == "report"


def test_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("zh", "en"):
        assert main(["help", f"language={language}"]) == 0
        assert "python -m sim report" in capsys.readouterr().out
