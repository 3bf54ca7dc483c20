from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import sim
from sim.command.entry import main
from sim.command.overrides import prepare_overrides
from sim.command.settings import compose_all
from sim.errors import SimulationError
from sim.files import scenarios_folder
from sim.studies.results import open_results

# The package is found from any folder, installed or not.
PLACE = os.environ | {"PYTHONPATH": str(Path(sim.__file__).resolve().parents[1]), "PYTHONIOENCODING": "utf-8"}
BAD = [
    # what was typed, what the sentence names, the nearest name or another part of it
    (["yaers=3"], "yaers", "nearest: years"),
    (["belief_weight=0.3"], "belief_weight", "nearest: parameters.belief_weight"),
    (["parameters.belief_wieght=0.3"], "parameters.belief_wieght", "nearest: parameters.belief_weight"),
    (["parameters={belief_wieght: 0.3}"], "belief_wieght", "nearest: belief_weight"),
    (["parameters=3"], "parameters", "parameters.name=number"),
    (["parameters.belief_weight=much"], "parameters.belief_weight", "'much'"),
    (["parameters.belief_weight=-1"], "parameters.belief_weight", "between"),
    (["parameters.belief_weight=null"], "parameters.belief_weight", "None"),
    (["parameters.belief_weight=true"], "parameters.belief_weight", "True"),
    (["+x=1"], "'x'", "allowed"),
    (["+parameters.y=1"], "parameters.y", "allowed"),
    (["++years=4"], "++years=4", "without a prefix"),
    (["+years=4"], "+years=4", "without a prefix"),
    (["~years"], "~years", "without a prefix"),
    (["years@here=3"], "years", "allowed"),
    (["+scenario@x=joined_in_form"], "scenario", "allowed"),
    (["hydra.launcher._target_=os.system"], "hydra.launcher._target_", "without _target_"),
    (["package=five_link"], "five_link", "nearest: five_links"),
    (["package=none"], "package", "baseline"),
    (["package=paper", "arms=[none,paper]"], "package", "not both"),
    (["package=[paper]"], "package", "name of a package"),
    (["arms=[none,five_link]"], "five_link", "nearest: five_links"),
    (["arms=[none]"], "arms", "two or more"),
    (["arms=[none,none]"], "arms", "each package once"),
    (["arms=none"], "arms", "two or more"),
    (["arms=none,paper"], "arms", "nearest: [none,paper]"),
    (["arms=[none"], "arms", "key=value"),
    (["arms=none，五联"], "arms", "nearest: [none,五联]"),
    (["arms=[none，五联]"], "五联", "nearest: five_links (five links)"),
    (["package=五联"], "五联", "nearest: five_links (five links)"),
    (["region=玉林"], "region", "nearest: yulin_zhanjiang_maoming"),
    (["scenario=缺位的实体机构"], "scenario", "nearest: missing_body (the missing body)"),
    (["reps=3"], "reps", "nearest: replications"),
    (["years", "=", "2"], "years = 2", "nearest: years=2"),
    (["years=", "2"], "years= 2", "nearest: years=2"),
    (["years", "=2"], "years =2", "nearest: years=2"),
    (["years=三"], "years", "a number"),
    (["parameters.belief_weight=三"], "parameters.belief_weight", "a number"),
    (["arms={a:1}"], "arms", "two or more"),
    (["region=yulin_zhanjiang_maomin"], "region", "nearest: yulin_zhanjiang_maoming"),
    (["region="], "region", "allowed"),
    (["region=null"], "region", "name or folder"),
    (["region=3"], "region", "name or folder"),
    (["region=./没有 这个"], "region", "allowed"),
    (["years=0"], "years", "above 0"),
    (["years=-2"], "years", "above 0"),
    (["years=three"], "years", "'three'"),
    (["years='3'"], "years", "'3'"),
    (["years=nan"], "years", "above 0"),
    (["years=1,2"], "years", "--multirun"),
    (["burn_in=-1"], "burn_in", "from 0"),
    (["replications=1"], "replications", "from 2"),
    (["replications=2.5"], "replications", "whole number"),
    (["seed=-1"], "seed", "-1"),
    (["seed=1.5"], "seed", "1.5"),
    (["workers=0"], "workers", "from 1"),
    (["precision=0"], "precision", "above 0"),
    (["precision=0.1", "maximum_replications=5"], "maximum_replications", "replications (20)"),
    (["scenario=missing_piece"], "scenario", "nearest: missing_pieces"),
    (["scenario=none.yaml"], "scenario", "allowed"),
    (["scenario=missing_pieces", "package=paper"], "package", "not both"),
    (["language=fr"], "language", "zh, en"),
    (["out="], "out", "path of a folder"),
    (["out=[a]"], "out", "path of a folder"),
    (["foo"], "foo", "allowed"),
    (["lsit"], "lsit", "nearest: list"),
    (["list", "package"], "package", "nearest: packages"),
    (["list", "language=fr"], "language", "zh, en"),
    (["list", "regions", "--all"], "--all", "allowed"),
    (["--help", "language=fr"], "language", "zh, en"),
    (["--multrun", "seed=1,2"], "--multrun", "nearest: --multirun"),
    (["--cfg", "jobs"], "flag", "invalid choice"),
    (["-m", "--cfg", "job"], "flag", "one of them"),
    (["--resolve"], "--resolve", "--cfg"),
    (["--config-dir", "nowhere"], "--config-dir", "exists"),
    (["--config-name", "nothing"], "--config-name", "nearest: comparison"),
    (["--experimental-rerun", "a.pickle"], "--experimental-rerun", "manifest.json"),
    (["-m", "seed=1,-2"], "seed", "-2"),
    (["-m", "years=range(0,3)"], "years", "above 0"),
    (["-m", "years=interval(0,3)"], "years", "separated by commas"),
    (["-m", "arms=none,paper"], "arms", "two or more"),
    (["years=${nothing}"], "years", "nothing"),
]


@pytest.mark.parametrize(("typed", "named", "part"), BAD, ids=[" ".join(typed) for typed, _, _ in BAD])
def test_bad_input_gets_one_sentence_and_leaves_nothing(
    typed: list[str], named: str, part: str, here: Path, quick: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken = typed if any(word.startswith("language=") for word in typed) else [*typed, "language=en"]
    # The language that is itself wrong is answered in the default one.
    status = main(spoken)
    told = capsys.readouterr()
    assert status == 2
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert named in told.err
    if "language=fr" not in typed:
        assert part in told.err
    assert list(here.iterdir()) == []


def test_the_sentence_is_in_the_language_asked_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["yaers=3"]) == 2
    assert "不可用" in capsys.readouterr().err
    assert main(["yaers=3", "language=en"]) == 2
    assert "is not usable" in capsys.readouterr().err


@pytest.mark.parametrize("way", [["out={}/a/b"], ["-m", "seed=1,2", "out={}/a"], ["out={}"]])
def test_a_place_that_cannot_be_written_is_refused_first(
    way: list[str], here: Path, quick: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "taken").write_text("a file")
    typed = [word.format(here / "taken") for word in way]
    assert main([*typed, "language=en"]) == 2
    told = capsys.readouterr()
    assert "taken" in told.err
    assert "cannot be written" in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert [entry.name for entry in here.iterdir()] == ["taken"]


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "taken 是文件，不是文件夹"), ("en", "taken is a file, not a folder")]
)
def test_a_file_in_the_place_of_a_folder_is_called_one(
    language: str, told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "taken").write_text("a file")
    assert main(["out=taken", f"language={language}"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["years=２", "years＝2", "years = 2"])
def test_full_width_digits_and_blanks_are_read(
    typed: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--cfg", "job", typed, "parameters.belief_weight=０．３"]) == 0
    shown = capsys.readouterr().out
    assert "years: 2\n" in shown
    assert "belief_weight: 0.3\n" in shown


@pytest.mark.parametrize(
    ("arms", "names"),
    [
        ("[none,课堂 一/mine.yaml]", [("none", "mine")]),
        ("[none，课堂 一/mine.yaml]", [("none", "mine")]),
        ("[课堂 一/mine.yaml、none]", [("mine", "none")]),
        ("[none,课堂 一/mine.yaml],[none，paper]", [("none", "mine"), ("none", "paper")]),
    ],
)
def test_a_file_in_a_chinese_folder_stands_in_a_list_as_it_is(
    arms: str, names: list[tuple[str, ...]], here: Path
) -> None:
    (here / "课堂 一").mkdir()
    content = (scenarios_folder() / "package" / "paper.yaml").read_text("utf-8")
    (here / "课堂 一" / "mine.yaml").write_text(content, "utf-8")
    multirun = len(names) > 1
    overrides = prepare_overrides([f"arms={arms}"], multirun=multirun)
    assert [settings.plan().arms for settings in compose_all(overrides, multirun=multirun)] == names


def test_files_that_are_no_results_are_never_written_over(
    here: Path, quick: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "effects.csv").write_text("mine")
    assert main(["package=paper", "replications=2", "out=mine", "language=en"]) == 2
    assert "earlier results" in capsys.readouterr().err
    assert (here / "mine" / "effects.csv").read_text() == "mine"


def test_the_demo_tells_and_writes(here: Path, quick: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["arms=[none,paper,five_links]", "replications=4", "workers=1", "language=en"]
    assert main(typed) == 0
    told = capsys.readouterr().out
    folder = here / told.rsplit("Results are in ", 1)[1].strip()
    assert folder.parents[1] == here / "outputs"
    names = sorted(entry.name for entry in folder.iterdir())
    assert names == [
        "adoption.parquet",
        "cases.parquet",
        "columns.csv",
        "effects.csv",
        "figures",
        "manifest.json",
        "measures.parquet",
        "series.parquet",
    ]
    assert (folder / "figures" / "map.png").read_text() == "en yulin_zhanjiang_maoming"
    assert "clearly better" in told
    assert "does not forecast" in told
    assert open_results(folder).arms == ("none", "paper", "five_links")
    assert [entry.name for entry in here.iterdir()] == ["outputs"]


def test_a_package_alone_is_compared_with_none(here: Path, quick: ModuleType) -> None:
    folder = here / "结果 一"
    assert main(["package=five_links", "replications=2", "workers=1", "seed=0", f"out={folder}"]) == 0
    found = open_results(folder)
    assert found.arms == ("none", "five_links")
    assert found.manifest["configuration"]["seed"] == 0
    assert [entry.name for entry in here.iterdir()] == ["结果 一"]


def test_what_is_typed_stands_above_a_scenario(
    here: Path, quick: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    own = here / "own.yaml"
    own.write_text(
        "name: {zh: 名, en: n}\nquestion: {zh: 问, en: Why}\nlook_at: {zh: 看, en: l}\n"
        "settings: {arms: [none, paper], years: 5, burn_in: 1, parameters: {belief_weight: 0.3}}\n",
        encoding="utf-8",
    )
    assert main(["scenario=own.yaml", "years=1", "replications=2", "workers=1", "out=x"]) == 0
    configuration = open_results(here / "x").manifest["configuration"]
    assert configuration["arms"] == ["none", "paper"]
    assert (configuration["years"], configuration["burn_in"]) == (1, 1)
    assert configuration["parameters"] == {"belief_weight": 0.3}
    told = capsys.readouterr().out
    assert told.startswith("问\n")
    assert "■ 对“名”的回答\n与“无机制”相比，90天内化解率（跨界）" in told
    assert "\n看\n" in told


def test_a_multirun_writes_a_folder_for_each_job(here: Path, quick: ModuleType) -> None:
    assert main(["-m", "seed=3,4", "package=paper", "replications=2", "workers=1", "out=sweep"]) == 0
    seeds = [open_results(here / "sweep" / job).manifest["configuration"]["seed"] for job in ("0", "1")]
    assert seeds == [3, 4]


def test_two_runs_of_the_same_second_do_not_mix(here: Path, quick: ModuleType) -> None:
    fixed = "hydra.run.dir=outputs/day/time"
    for _ in range(2):
        assert main(["package=paper", "replications=2", "workers=1", fixed]) == 0
    assert sorted(entry.name for entry in (here / "outputs" / "day").iterdir()) == ["time", "time-2"]


@pytest.mark.parametrize("out", [[], ["out=a/b/c"], ["-m", "out=a"]])
@pytest.mark.parametrize(
    "reason", [SimulationError("replication 1 (seed 5), arm paper: made up"), KeyboardInterrupt()]
)
def test_a_run_that_fails_or_is_stopped_leaves_no_folder(
    reason: BaseException, out: list[str], here: Path, quick: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    def replicate(plan: object, number: int) -> None:
        raise reason

    quick.replicate = replicate  # type: ignore[attr-defined]
    status = main([*out, "package=paper", "replications=2", "workers=1", "language=en"])
    assert status == (1 if isinstance(reason, SimulationError) else 130)
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert ("made up" if isinstance(reason, SimulationError) else "Interrupted") in told
    # The loader writes down a multirun before its first job.
    assert [entry for entry in here.rglob("*") if entry.is_file() and entry.name != "multirun.yaml"] == []
    assert "-m" in out or list(here.iterdir()) == []


def test_the_flags_of_the_loader_work(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cfg", "job", "scenario=missing_pieces", "years=2"]) == 0
    shown = capsys.readouterr().out
    assert "- completed" in shown
    assert "years: 2" in shown
    assert "belief_weight:" in shown
    assert main(["--info", "searchpath"]) == 0
    assert "main" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert "Hydra 1.3" in capsys.readouterr().out
    assert main(["--hydra-help"]) == 0
    assert list(here.iterdir()) == []


def test_a_configuration_of_ones_own(
    here: Path, quick: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine").mkdir()
    text = "defaults: [comparison, _self_]\narms: [none, paper]\nreplications: 2\nworkers: 1\n"
    (here / "mine" / "short.yaml").write_text(text)
    assert main(["--config-dir", "mine", "--config-name", "short", "out=x"]) == 0
    assert open_results(here / "x").arms == ("none", "paper")
    (here / "mine" / "short.yaml").write_text(text + "yaers: 3\n")
    assert main(["--config-dir", "mine", "--config-name", "short", "language=en"]) == 2
    assert "nearest: years" in capsys.readouterr().err


def test_help_names_what_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("zh", "en"):
        assert main(["--help", f"language={language}"]) == 0
        told = capsys.readouterr().out
        for name in ("yulin_zhanjiang_maoming", "five_links", "missing_pieces", "--multirun", "precision="):
            assert name in told


@pytest.mark.parametrize("command", ["list", "template", "check", "export", "report"])
def test_every_command_helps_when_asked(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "language=en"]) == 0
    said = capsys.readouterr().out
    assert main([command, "--help", "language=en"]) == 0
    assert capsys.readouterr().out == said


def test_the_language_may_be_said_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "regions", "language=en"]) == 0
    said = capsys.readouterr().out
    assert main(["language=en", "list", "regions"]) == 0
    assert capsys.readouterr().out == said


def test_the_command_as_a_process(here: Path) -> None:
    """Exit status, streams, and what listing does not load."""
    command = [sys.executable, "-m", "sim"]
    bad = subprocess.run(
        [*command, "replicatons=3", "language=en"], capture_output=True, text=True, env=PLACE
    )
    assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1)
    heavy = ("numba", "mesa", "pandas", "matplotlib", "hydra", "scipy")
    code = (
        "import json, sys; from sim.command.entry import main; main(['list']); "
        "print(json.dumps(sorted(set(sys.modules))))"
    )
    listed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=PLACE
    )
    assert not set(heavy) & set(json.loads(listed.stdout.splitlines()[-1]))
    assert list(here.iterdir()) == []
