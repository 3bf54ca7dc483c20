"""A border of one's own on the command line: template, check, export, run."""

from __future__ import annotations

import csv
import shlex
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from openpyxl import load_workbook

from sim.command.entry import main
from sim.command.overrides import prepare_overrides
from sim.command.settings import compose_all
from sim.language import LANGUAGES
from sim.levers.own import own_packages
from sim.report.certainty import study_command
from sim.report.run_tables import command_line
from sim.studies.plan import plan_comparison
from sim.studies.results import open_results
from sim.world.region import load_region
from sim.world.tables import COLUMNS
from sim.world.words import choice_label, column_title, sheet_title
from sim.world.world import lay_out

_source = spec_from_file_location("workbooks", Path(__file__).parents[1] / "world" / "workbooks.py")
assert _source is not None
assert _source.loader is not None
books = module_from_spec(_source)
_source.loader.exec_module(books)


@pytest.fixture
def template(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["template", "out=模板"]) == 0
    assert "python -m sim check" in capsys.readouterr().out
    return here / "模板"


def uncommented(text: object) -> object:
    return text.removeprefix("#") if isinstance(text, str) and not text.startswith("# ") else text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_explains_every_column_and_offers_every_choice(here: Path, language: str) -> None:
    assert main(["template", "out=t", f"language={language}"]) == 0
    workbook = load_workbook(here / "t" / "border.xlsx")
    for file, columns in COLUMNS.items():
        sheet = workbook[sheet_title(file, language)]
        headers = [str(cell.value).removesuffix(" *") for cell in sheet[1]]
        assert headers[:-1] == [column_title(file, column.name, language) for column in columns]
        assert str(sheet["A2"].value).startswith("# ")
        for cell, column in zip(sheet[1], columns, strict=False):
            assert cell.comment is not None
            assert all(column_title(file, column.name, one) in cell.comment.text for one in LANGUAGES)
        offered = [str(one.formula1) for one in sheet.data_validations.dataValidation]
        for column in columns:
            if column.choices:
                labels = ",".join(choice_label(word, language) for word in column.choices)
                assert f'"{labels}"' in offered
        lines = (here / "t" / "tables" / file).read_text("utf-8-sig").splitlines()
        assert next(csv.reader(lines))[:-1] == [str(cell.value) for cell in sheet[1]][:-1]
    readme = (here / "t" / "README.md").read_text("utf-8")
    for file in COLUMNS:
        assert all(sheet_title(file, one) in readme for one in LANGUAGES)


@pytest.mark.parametrize("place", ["border.xlsx", "tables"])
def test_an_untouched_template_says_what_it_lacks(
    template: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(template / place)]) == 2
    told = capsys.readouterr().out
    assert "1 处错误" in told
    assert "至少一个乡镇" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_template_are_a_border(here: Path, language: str) -> None:
    assert main(["template", "out=t", f"language={language}"]) == 0
    workbook = load_workbook(here / "t" / "border.xlsx")
    for sheet in workbook.worksheets:
        for cell in sheet["A"]:
            cell.value = uncommented(cell.value)
    workbook.save(here / "b.xlsx")
    for file in COLUMNS:
        path = here / "t" / "tables" / file
        lines = [
            line.removeprefix("#") if not line.startswith("# ") else line
            for line in path.read_text("utf-8-sig").splitlines()
        ]
        path.write_text("\n".join(lines) + "\n", "utf-8-sig")
    settings = here / "t" / "tables" / "region.yaml"
    lines = settings.read_text("utf-8").splitlines()
    kept = [line.removeprefix("# ") for line in lines[lines.index("#") + 1 :]]
    settings.write_text("\n".join(kept) + "\n", "utf-8")
    regions = [load_region(here / "b.xlsx"), load_region(here / "t" / "tables")]
    assert (regions[1].name, regions[1].title_en) == ("my_border", "Ash and Birch")
    worlds = [lay_out(region, 1) for region in regions]
    assert worlds[0].tie_length_km.tolist() == worlds[1].tie_length_km.tolist() == [1.0, 3.0]
    assert worlds[0].team_strength.max() == 2.0
    for region in regions:
        (package,) = own_packages(region).values()
        assert len(package.mechanisms) == 2
        plan = plan_comparison(region, replications=2)
        assert plan.arms == ("none", package.key)


@pytest.mark.parametrize("name", ["there.txt", "border.xlsx"])
def test_a_template_is_never_written_over_what_is_there(
    here: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "t").mkdir()
    (here / "t" / name).write_text("mine")
    assert main(["template", "out=t", "language=en"]) == 2
    assert "new or empty" in capsys.readouterr().err
    assert [path.name for path in (here / "t").iterdir()] == [name]
    assert main(["template", f"out=t/{name}", "language=en"]) == 2
    assert (here / "t" / name).read_text() == "mine"


def test_a_template_that_fails_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.command.template.write_workbook", full)
    assert main(["template", "out=t"]) == 2
    assert "磁盘已满" in capsys.readouterr().err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("filled", ["border.xlsx", "tables"])
def test_the_folder_of_a_template_is_what_was_filled_in(
    here: Path, capsys: pytest.CaptureFixture[str], filled: str
) -> None:
    assert main(["template", "out=t"]) == 0
    if filled == "tables":
        for file, text in (
            ("towns.csv", "东镇,甲县\n西镇,乙县\n"),
            ("villages.csv", "一村,东镇\n二村,西镇\n"),
        ):
            header = (here / "t" / "tables" / file).read_text("utf-8-sig").split("\n")[0]
            rows = "".join(row + "," * (header.count(",") - 1) + "\n" for row in text.splitlines())
            (here / "t" / "tables" / file).write_text(f"{header}\n{rows}", "utf-8-sig")
    else:
        books.write(here / "t" / "border.xlsx")
    capsys.readouterr()
    assert main(["check", "t"]) == 0
    said = capsys.readouterr().out
    assert f"文件夹中的 {filled} 就是这个边界" in said
    assert "region=t" in said


def test_the_command_that_a_template_prints_can_be_typed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["template", "out=t w/我的 边界"]) == 0
    printed = capsys.readouterr().out.rstrip().splitlines()[-1]
    python, dash_m, sim, *typed = shlex.split(printed)
    assert (python, dash_m, sim) == ("python", "-m", "sim")
    assert main(typed) == 2
    assert "至少一个乡镇" in capsys.readouterr().out


@pytest.mark.parametrize(("language", "sheet"), [("zh", "相邻乡镇"), ("en", "adjacency")])
def test_a_template_says_which_sheets_more_than_two_towns_need(
    here: Path, language: str, sheet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["template", "out=t", f"language={language}"]) == 0
    assert sheet in capsys.readouterr().out


def test_check_tells_all_mistakes_one_a_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = [("乡镇", 2, 2, "甲线"), ("村", 3, 4, "村庄"), ("机制", 2, 1, "实体统筹机够")]
    books.write(here / "b.xlsx", books.spoilt(*changes))
    assert main(["check", "b.xlsx"]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert "3 处错误" in lines[0]
    assert [line.split(".")[0].strip() for line in lines[1:]] == ["1", "2", "3"]
    assert main(["check", "b.xlsx", "language=en"]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert "3 mistakes" in lines[0]
    assert "sheet 乡镇, row 2 (B2)" in lines[1]


@pytest.mark.parametrize(("language", "parts"), [
    ("zh", ("没有错误", "2 个县、4 个乡镇、6 个村", "3 对相邻乡镇，其中 1 对跨边界（县界）",
            "共界 12.5 公里",
            "1 对点名，2 件", "我的方案（2 个机制）", "5 个村（社区）没有坐标",
            "python -m sim region=b.xlsx")),
    ("en", ("no mistakes", "counties: 2, towns: 4, villages: 6", "across the border (between counties)",
            "5 villages have no point", "python -m sim region=b.xlsx")),
])  # fmt: skip
def test_check_says_what_was_read_and_how_to_run_it(
    here: Path, language: str, parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    books.write(here / "b.xlsx")
    assert main(["check", "b.xlsx", f"language={language}"]) == 0
    told = capsys.readouterr().out
    for part in parts:
        assert part in told


def test_check_names_towns_that_touch_no_other(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = here / "alone"
    folder.mkdir()
    (folder / "towns.csv").write_text("名称,所属县\n东镇,甲县\n西镇,乙县\n南镇,乙县\n", encoding="utf-8")
    (folder / "villages.csv").write_text("名称,所属乡镇\n一村,东镇\n二村,西镇\n三村,南镇\n", encoding="utf-8")
    (folder / "adjacency.csv").write_text("甲乡镇,乙乡镇\n东镇,西镇\n", encoding="utf-8")
    assert main(["check", "alone"]) == 0
    assert "1 个乡镇不与任何乡镇相邻（南镇）" in capsys.readouterr().out


def test_a_border_that_comes_with_the_package_has_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "yulin_zhanjiang_maoming"]) == 0
    assert "1220" in capsys.readouterr().out


def test_a_workbook_with_mechanisms_of_its_own_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    books.write(here / "我的 边界.xlsx")
    short = ["years=1", "burn_in=0", "replications=2", "workers=1"]
    assert main(["region=我的 边界.xlsx", "out=found", *short]) == 0
    assert "我的方案" in capsys.readouterr().out
    found = open_results(here / "found")
    assert found.arms == ("none", "我的方案")
    assert found.region == "我的_边界"


@pytest.mark.parametrize(
    "arms",
    ["[none,five_links,我的方案]", "【none，five_links，“我的方案”】", "[none, five_links, '我的方案']"],
)
def test_packages_with_chinese_names_stand_in_a_list_as_they_are(here: Path, arms: str) -> None:
    books.write(here / "我的 边界.xlsx")
    assert arms_of(["region=我的 边界.xlsx", f"arms={arms}"]) == [("none", "five_links", "我的方案")]


def test_the_command_of_a_report_repeats_it_as_it_is_printed(here: Path, quick: ModuleType) -> None:
    """A border of one's own has to be put in place of its name; everything else can be typed as it stands."""
    books.write(here / "b.xlsx")
    assert main(["package=paper", "years=1", "replications=2", "workers=1", "out=found"]) == 0
    found = open_results(here / "found")
    arms = ("none", "我的方案", "five_links")
    found.manifest["configuration"] |= {"arms": list(arms), "region": "b"}
    for printed, runs in ((command_line(found, "zh"), 1), (study_command(found, "zh"), 3)):
        assert '"arms=[none,我的方案,five_links]"' in printed
        _, _, _, *typed = shlex.split(printed.replace("region=b ", "region=b.xlsx "))
        assert arms_of(typed) == [arms] * runs


def arms_of(typed: list[str]) -> list[tuple[str, ...]]:
    """Give the packages that each run of a command would compare."""
    multirun = "--multirun" in typed
    overrides = prepare_overrides([word for word in typed if word != "--multirun"], multirun=multirun)
    return [settings.plan().arms for settings in compose_all(overrides, multirun=multirun)]


def test_a_package_of_the_catalogue_is_recognised_by_its_short_title(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books.write(here / "b.xlsx", books.spoilt(("机制", 2, 1, "五联")))
    assert main(["check", "b.xlsx"]) == 2
    assert "最接近的是 五联（现行联盟）" in capsys.readouterr().out


def test_arms_may_mix_packages_of_the_border_and_of_the_project(here: Path) -> None:
    books.write(here / "b.xlsx")
    plan = plan_comparison("b.xlsx", ["none", "five_links", "我的方案"], replications=2)
    assert plan.arms == ("none", "five_links", "我的方案")


@pytest.mark.parametrize("ending", ["graphml", "geojson"])
def test_a_border_goes_out_and_comes_in(here: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    books.write(here / "b.xlsx")
    assert main(["export", "b.xlsx", f"out=b.{ending}", "seed=3", "language=en"]) == 0
    assert "nodes" in capsys.readouterr().out
    assert main(["check", f"b.{ending}", "language=en"]) == 0
    told = capsys.readouterr().out
    assert "villages: 6" in told
    # What was scattered on the way out is not measured on the way in.
    assert "points of towns and villages are marked as synthetic" in told


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        (["template"], "out"),
        (["template", "out="], "out"),
        (["template", "here", "out=t"], "here"),
        (["check"], "one name of a region"),
        (["check", "a", "b"], "one name of a region"),
        (["check", "nowhere.xlsx"], "nowhere.xlsx"),
        (["check", "--all"], "--all"),
        (["check", "region=b.xlsx"], "region=b.xlsx"),
        (["export", "yulin_zhanjiang_maoming", "out=b.pdf"], ".graphml"),
        (["export", "yulin_zhanjiang_maoming", "out=b.graphml", "seed=-1"], "seed"),
        (["chekc", "b.xlsx"], "chekc"),
    ],
)
def test_bad_arguments_get_one_sentence(
    here: Path, typed: list[str], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*typed, "language=en"]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert part in told.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("word", ["help", "--help"])
def test_help_names_the_three_steps(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    for language in LANGUAGES:
        assert main([word, f"language={language}"]) == 0
        told = capsys.readouterr().out
        for step in ("sim template out=", "sim check", "sim export"):
            assert step in told
