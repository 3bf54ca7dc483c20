from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.command.entry import main
from sim.files import write_beside

STUDY = """
name: {zh: 小研究, en: a small study}
question: {zh: "小问题？", en: "a small question?"}
region: pinghu_jinshan
arms: [none, paper]
uncertain: [belief_weight]
design: {kind: latin_hypercube, samples: 2}
measures: [trust]
years: 0.1
burn_in: 0
replications: 2
"""


@pytest.fixture
def small(here: Path) -> Path:
    """A study of the smallest border there is."""
    return write_beside(here / "小 研究.yaml", lambda path: path.write_text(STUDY, "utf-8"))


def test_a_study_is_run_continued_and_extended(
    small: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"study={small.name}", "workers=1", "language=en"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(
        "a small question?\n4 points, 2 replications of each: 8 runs, design latin_hypercube;"
    )
    assert "8/8" in told.err
    folder = here / "outputs" / "studies" / "小 研究"
    assert len(sim.open_study(folder).runs) == 8
    assert main([f"study={small.name}", "workers=1", "replications=3", "design.samples=2"]) == 0
    assert len(sim.open_study(folder).runs) == 12
    assert "12 次运行在" in capsys.readouterr().out
    assert sorted(path.name for path in here.iterdir()) == ["outputs", small.name]


def test_parts_share_a_folder(small: Path, here: Path) -> None:
    jobs = [f"study={small.name}", "workers=1", "parts=2", "part=0,1", "out=shared", "--multirun"]
    assert main(jobs) == 0
    assert len(sim.open_study(here / "shared").runs) == 8
    assert main([f"study={small.name}", "workers=1", "out=shared"]) == 0
    assert len(list((here / "shared" / "shards").iterdir())) == 1


@pytest.mark.parametrize("launcher", ["joblib", "submitit_local"])
def test_parts_are_jobs_of_a_launcher(
    launcher: str, small: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(sim.__file__).resolve().parents[1]))
    jobs = [f"study={small.name}", "workers=1", "parts=2", "part=0,1", "out=shared", "replications=1"]
    assert main([*jobs, "--multirun", f"hydra/launcher={launcher}"]) == 0
    assert sim.open_study(here / "shared").runs["status"].tolist() == ["ok"] * 4


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["study=five_links_shaply"], "nearest: five_links_shapley"),
        (["wokers=2"], "nearest: workers"),
        (["workers=0"], "workers = 0"),
        (["executor=slurm"], "processes, dask, or the address"),
        (["executor=tcp://127.0.0.1:1"], "the address of a Dask scheduler that runs"),
        (["part=1"], "part = 1 is not usable; allowed: a number together with parts=…"),
        (["parts=3"], "parts = 3 is not usable; allowed: a number together with part=…"),
        (["part=2", "parts=2"], "part = 2"),
        (["retry=maybe"], "retry = 'maybe'"),
        (["language=fr"], "language = 'fr'"),
        (["design=sobel"], "nearest: sobol"),
        (["replications=2,3"], "--multirun"),
        (["parameters.belief_wieght=0.3"], "nearest: parameters.belief_weight"),
        (["scenario=missing_pieces"], "key = 'scenario'"),
        (["+x=1"], "key = 'x'"),
        (["design.sampels=3"], "nearest: samples"),
        (["uncertain.belief_wieght.high=0.3"], "nearest: belief_weight"),
        (["uncertain=[trust_gain]", "uncertain.trust_gain.high=0.3"], "is not an int"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(
    typed: list[str],
    said: str,
    small: Path,
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sim.studies.executors._REACH_SECONDS", 0.5)
    own = [] if typed[0].startswith("study=") else [f"study={small.name}"]
    english = [] if typed[0].startswith("language") else ["language=en"]
    assert main([*own, *english, *typed]) == 2
    told = capsys.readouterr()
    if english:
        assert said in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert not list(here.glob("outputs/studies/*/shards/*"))


@pytest.mark.parametrize(
    ("typed", "dimensions"),
    [
        (["uncertain.belief_weight.high=0.3"], [("belief_weight", 0.1, 0.3)]),
        (["uncertain=[trust_gain]"], [("trust_gain", 0.02, 0.15)]),
        (
            ["uncertain.trust_gain.low=0.05", "factors.joint_duty.levels=[0,0.5]"],
            [("joint_duty", 0.0, 0.5), ("belief_weight", 0.1, 0.42), ("trust_gain", 0.05, 0.15)],
        ),
    ],
)
def test_what_a_study_varies_can_be_changed_on_the_command_line(
    typed: list[str], dimensions: list[tuple[str, float, float]], small: Path, here: Path
) -> None:
    assert main([f"study={small.name}", "workers=1", "replications=1", "out=o", *typed]) == 0
    found = sim.open_study(here / "o").dimensions
    assert list(found[["dimension", "low", "high"]].itertuples(index=False, name=None)) == dimensions


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("design: {_target_: os.system, command: touch ran}", "design = '_target_'"),
        ("parameters: {_target_: os.system, command: touch ran}", "parameters = '_target_'"),
        ("factors: {a: {_target_: os.system, command: touch ran}}", "factors.a = '_target_'"),
        ("_target_: os.system", "key = '_target_'"),
        ("hydra: {launcher: {_target_: os.system}}", "key = 'hydra'"),
        ("package: ${oc.env:HOME}", "a text without ${"),
        ("package: !!python/object/apply:os.system [touch ran]", "valid YAML"),
        ("replication: 3", "nearest: replications"),
        ("parameters: {a: " + "{a: " * 400 + "1" + "}" * 401, "study.yaml"),
        (
            "factors: {a: {mechanisms: joint_duty}, b: {mechanisms: joint_duty}}",
            "each mechanism in one factor",
        ),
        ("parameters: [1]", "a mapping of names"),
        ("precision: [1]", "precision = [1]"),
        ("package: {a: b}", "package = {'a': 'b'}"),
    ],
)
def test_a_study_file_that_cannot_be_is_one_sentence_and_nothing_in_it_is_called(
    lines: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [line for line in STUDY.splitlines() if line.partition(":")[0] != lines.partition(":")[0]]
    (here / "study.yaml").write_text("\n".join([*others, lines, ""]), "utf-8")
    assert main(["study=study.yaml", "language=en"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert [path.name for path in here.iterdir()] == ["study.yaml"]


def test_an_interrupt_says_that_nothing_is_lost(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.studies import study

    def interrupted(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(study, "work_through", interrupted)
    assert main([f"study={small.name}", "workers=1", "language=en"]) == 130
    assert "what is finished is kept" in capsys.readouterr().err


def test_a_study_with_failed_runs_says_so_and_fails(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.studies.study_model import BorderRuns

    def broken(*arguments: Any) -> Any:
        raise ArithmeticError("made up")

    monkeypatch.setattr(BorderRuns, "live", broken)
    assert main([f"study={small.name}", "workers=1", "language=en"]) == 1
    assert "8 of them are not ok, the first one: region " in capsys.readouterr().out
