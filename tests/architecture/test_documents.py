"""The documents say what the code does, as far as that can be compared."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import sim
from sim.command.entry import main
from sim.levers.mechanisms import load_package
from sim.parameters import PARAMETERS
from sim.studies.scenario import list_scenarios, load_scenario
from sim.world.checks import pair_levels
from sim.world.region import load_region
from sim.world.world import lay_out

ROOT = Path(__file__).resolve().parents[2]
ODD = ROOT / "docs" / "odd.md"
READMES = ["README.md", "README.zh.md"]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "experiments/*.md", "notebooks/*.md", "scenarios/region/*.md")
    for path in ROOT.glob(pattern)
)


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    source = spec_from_file_location("tables_of_documents", ROOT / "docs" / "tables.py")
    assert source is not None
    assert source.loader is not None
    module = module_from_spec(source)
    source.loader.exec_module(module)
    return module


def blocks(document: str, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / document).read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def test_the_tables_of_the_odd_are_those_of_the_code(tables: ModuleType) -> None:
    document = ODD.read_text("utf-8")
    assert document == tables.refreshed(document), "run: python docs/tables.py"


def test_the_table_of_the_regions_is_that_of_the_code(tables: ModuleType) -> None:
    document = (ROOT / "docs" / "data.md").read_text("utf-8")
    assert document == tables.refreshed(document, tables.DATA_TABLES), "run: python docs/tables.py"


def test_the_tables_of_a_border_are_those_of_the_code(tables: ModuleType) -> None:
    document = tables.BORDER.read_text("utf-8")
    assert document == tables.refreshed(document, tables.BORDER_TABLES), "run: python docs/tables.py"


@pytest.mark.parametrize("name", ["phases", "levers", "measures", "parameters"])
def test_a_stale_table_or_a_lost_mark_is_noticed(tables: ModuleType, name: str) -> None:
    document = ODD.read_text("utf-8")
    stale = re.sub(
        rf"(<!-- {name}:begin -->\n\n.*?\n.*?\n)[^\n]*\n", r"\1", document, count=1, flags=re.DOTALL
    )
    assert stale != document
    assert tables.refreshed(stale) == document
    with pytest.raises(ValueError, match=f"{name}:begin"):
        tables.refreshed(document.replace(f"<!-- {name}:end -->", ""))


def test_every_parameter_is_used_in_a_described_rule() -> None:
    """The table lists it anyway; somebody has to say what it does."""
    described = re.sub(r"<!-- (\w+):begin -->.*?<!-- \1:end -->", "", ODD.read_text("utf-8"), flags=re.DOTALL)
    assert [name for name in PARAMETERS if not re.search(rf"\b{name}\b", described)] == []


def test_the_odd_has_the_seven_elements() -> None:
    headings = re.findall(r"^## (\d)\. (.+)$", ODD.read_text("utf-8"), re.MULTILINE)
    assert [int(number) for number, _ in headings] == list(range(1, 8))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_inside_the_project_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text("utf-8"))
    inside = [link for link in links if "://" not in link]
    missing = [link for link in inside if not ((ROOT / name).parent / link.partition("#")[0]).exists()]
    assert missing == []


def test_links_to_a_section_have_it() -> None:
    text = ODD.read_text("utf-8")
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - anchors == set()


@pytest.mark.parametrize("name", READMES)
def test_a_readme_has_the_two_commands_and_a_place_for_results(name: str) -> None:
    assert blocks(name, "bash")[0] == "make demo\nmake test\n"
    text = (ROOT / name).read_text("utf-8")
    assert text.index("<!-- results:begin -->") < text.index("<!-- results:end -->")


def test_both_readmes_show_the_same() -> None:
    english, chinese = (
        [
            [
                line
                for block in blocks(name, "bash")
                for line in block.splitlines()
                if "language=" not in line
            ],
            blocks(name, "python"),
            blocks(name, "yaml"),
            sorted(set(re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text("utf-8")))),
        ]
        for name in READMES
    )
    english[3] = [
        link.replace("_en.png", "_zh.png").replace("README.zh.md", "README.md") for link in english[3]
    ]
    assert sorted(english.pop()) == sorted(chinese.pop())
    assert english == chinese


def write_workbook(folder: Path) -> None:
    source = spec_from_file_location("workbooks", ROOT / "tests" / "world" / "workbooks.py")
    assert source is not None
    assert source.loader is not None
    books = module_from_spec(source)
    source.loader.exec_module(books)
    (folder / "my_border").mkdir()
    books.write(folder / "my_border" / "border.xlsx")


def commands() -> list[str]:
    lines = [line for name in READMES for block in blocks(name, "bash") for line in block.splitlines()]
    return sorted({line for line in lines if line.startswith("python -m sim")})


@pytest.mark.parametrize("line", commands())
def test_a_command_shown_is_one_that_can_be_typed(
    line: str,
    tmp_path: Path,
    finished_results: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_package.yaml").write_text(blocks("README.md", "yaml")[0], "utf-8")
    arguments = shlex.split(line)[3:]
    if "my_border" in line and arguments[0] != "template":
        # Somebody has filled in the template.
        write_workbook(tmp_path)
    if arguments[0] == "report":
        # Somebody has run a comparison; other tests look at the figures.
        shutil.copytree(finished_results, tmp_path / arguments[1])
        monkeypatch.setattr("sim.report.content.draw_pictures", lambda *_: [])
    if arguments[0] not in ("list", "template", "check", "export", "report"):
        # Composed and checked like a run, and shown instead of run; several jobs are shown as their first.
        arguments = [word.split(",")[0] if "--multirun" in arguments else word for word in arguments]
        arguments = [*(word for word in arguments if word != "--multirun"), "--cfg", "job"]
    assert main(arguments) == 0, capsys.readouterr().err
    assert capsys.readouterr().out


def test_the_package_shown_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "my_package.yaml"
    path.write_text(blocks("README.md", "yaml")[0], "utf-8")
    keys = {mechanism.key for mechanism in load_package(path).mechanisms}
    assert "standing_body" in keys
    assert "shared_culture" not in keys


@pytest.mark.parametrize("name", [*READMES, "experiments/README.md", "notebooks/README.md"])
def test_python_shown_calls_what_exists(name: str) -> None:
    calls = [
        node
        for block in blocks(name, "python")
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call) and re.fullmatch(r"sim\.\w+", ast.unparse(node.func))
    ]
    assert calls
    for call in calls:
        function = getattr(sim, ast.unparse(call.func).removeprefix("sim."))
        inspect.signature(function).bind(
            *call.args, **{word.arg: word.value for word in call.keywords if word.arg}
        )


def test_the_example_for_notebooks_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("notebooks/README.md", "python")
    namespace: dict[str, Any] = {"__name__": "notebook"}
    exec(compile(example, "notebooks/README.md", "exec"), namespace)
    assert "settled_90_days" in capsys.readouterr().out
    assert namespace["figure"].axes


def test_every_scenario_is_named_where_its_system_is_described() -> None:
    document = (ROOT / "docs" / "systems.md").read_text("utf-8")
    named = re.findall(r"- \*\*Stories\.\*\* (.*?)\.\n", document, re.DOTALL)
    assert sorted(re.findall(r"`(\w+)`", " ".join(named))) == list_scenarios()
    for listed in named:
        assert len({load_scenario(key).region for key in re.findall(r"`(\w+)`", listed)}) == 1


def test_numbers_of_the_eight_systems_are_those_of_their_tables() -> None:
    document = " ".join((ROOT / "docs" / "systems.md").read_text("utf-8").split())

    def line(name: str) -> tuple[int, float, float]:
        """Pairs of towns on the border, its length, and how much of it is measured between real towns."""
        region = load_region(name)
        pairs = region.adjacency
        tables = {
            "places.csv": region.places,
            "towns.csv": region.towns,
            "villages.csv": region.villages,
            "adjacency.csv": pairs,
        }
        on_it = np.array(pair_levels(tables, "adjacency.csv")) >= region.border_level
        stretches = set(region.towns["code"][region.towns["synthetic"] == "yes"])
        real = ~(pairs["town_a"].isin(stretches) | pairs["town_b"].isin(stretches))
        return int(on_it.sum()), pairs["shared_km"][on_it].sum(), pairs["shared_km"][on_it & real].sum()

    meeting = lay_out(load_region("tongzhou_wuqing_langfang"), 1)
    villages = int(meeting.village_is_border.sum())
    towns = len({int(town) for town in meeting.village_town[meeting.village_is_border]})
    assert f"({villages} villages and {towns} towns and stretches lie on this line" in document
    _, whole, measured = line("tongzhou_wuqing_langfang")
    assert f"{measured:.0f} of 215 km of line are measured between towns" in document
    assert f"{whole - measured:.0f} km are stretches" in document
    _, whole, measured = line("suzhou_four_province")
    assert f"{measured:.0f} of {whole:.0f} km are measured between towns" in document
    counties = load_region("sichuan_chongqing").places["level"].eq("county").sum()
    assert counties == 30
    assert f"Thirty counties over {line('sichuan_chongqing')[1]:,.0f} km" in document
    pairs, _, _ = line("pinghu_jinshan")
    assert pairs == 7
    assert "44 km, seven pairs of towns" in document
    streets = load_region("liuzhou").towns
    lost = int(streets["lon"].isna().sum())
    assert f"{lost} of {len(streets)} streets and towns have no point" in document
    assert f"All {len(load_region('wujin').towns)} towns have points" in document
    default = load_region("yulin_zhanjiang_maoming").towns
    assert default["residents"].notna().sum() == 2
    assert "every town on the line has a point, two have residents of their own" in document
    assert f"as {len(load_package('five_links').mechanisms)} mechanisms in `five_links`" in document
