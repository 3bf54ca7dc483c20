from __future__ import annotations

import errno
from pathlib import Path

import pytest
import yaml

from sim import files
from sim.errors import InputError, OutputError
from sim.files import folder_beside, read_yaml, scenarios_folder, write_beside


def content_of(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*") if file.is_file()
    }


def test_a_checkout_has_its_scenarios_beside_the_package() -> None:
    assert scenarios_folder() == Path(files.__file__).resolve().parents[1] / "scenarios"


def test_an_installed_package_has_its_scenarios_inside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside = tmp_path / "sim" / "scenarios"
    inside.mkdir(parents=True)
    (tmp_path / "scenarios").mkdir()
    monkeypatch.setattr(files, "__file__", str(tmp_path / "sim" / "files.py"))
    assert scenarios_folder() == inside


def test_a_broken_installation_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "__file__", str(tmp_path / "sim" / "files.py"))
    with pytest.raises(InputError, match="complete installation"):
        scenarios_folder()


def test_a_file_is_written_with_its_folders_and_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "甲 乙" / "effects.csv"
    for words in ("first", "second"):
        assert write_beside(path, lambda temporary, words=words: temporary.write_text(words)) == path
        assert content_of(tmp_path) == {"甲 乙/effects.csv": words}


def test_the_writer_sees_the_suffix_and_never_the_place_itself(tmp_path: Path) -> None:
    seen = []

    def write(temporary: Path) -> None:
        seen.append(temporary)
        temporary.write_text("x")

    path = write_beside(tmp_path / "figure.svg", write)
    assert seen[0].suffix == ".svg"
    assert seen[0].parent == path.parent
    assert seen[0] != path


def test_a_failing_writer_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "effects.csv"
    path.write_text("old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_beside(path, fail)
    assert content_of(tmp_path) == {"effects.csv": "old"}


def test_a_full_disk_is_said_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    def fill(temporary: Path) -> None:
        temporary.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="effects.csv cannot be written: No space left on device"):
        write_beside(tmp_path / "new" / "folder" / "effects.csv", fill)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        write_beside(tmp_path / "file" / "effects.csv", lambda temporary: temporary.write_text("x"))
    with pytest.raises(OutputError), folder_beside(tmp_path / "file" / "result"):
        pass
    assert content_of(tmp_path) == {"file": "in the way"}


@pytest.mark.parametrize("exists", [False, True])
def test_a_result_folder_appears_whole(tmp_path: Path, exists: bool) -> None:
    target = tmp_path / "outputs" / "result"
    if exists:
        (target / "figures").mkdir(parents=True)
        (target / "figures" / "map.svg").write_text("old")
        (target / "notes.txt").write_text("mine")
    with folder_beside(target) as folder:
        (folder / "figures").mkdir()
        (folder / "figures" / "map.svg").write_text("new")
        (folder / "effects.csv").write_text("new")
        assert not (target / "effects.csv").exists()
    expected = {"figures/map.svg": "new", "effects.csv": "new"}
    assert content_of(target) == (expected | {"notes.txt": "mine"} if exists else expected)
    assert [path.name for path in target.parent.iterdir()] == ["result"]


def test_what_a_new_result_makes_wrong_goes_with_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "result"
    target.mkdir()
    old = {"effects.csv": "old", "page.html": "of the old", "notes.txt": "mine"}
    for name, words in old.items():
        (target / name).write_text(words)
    outdated = [target / "page.html", target / "none.html"]
    with pytest.raises(ZeroDivisionError), folder_beside(target, outdated) as folder:
        (folder / "effects.csv").write_text("half")
        raise ZeroDivisionError
    assert content_of(tmp_path) == {f"result/{name}": words for name, words in old.items()}
    with folder_beside(target, outdated) as folder:
        (folder / "effects.csv").write_text("new")
        assert outdated[0].exists()
    assert content_of(target) == {"effects.csv": "new", "notes.txt": "mine"}


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), OSError(errno.ENOSPC, "full")])
@pytest.mark.parametrize("exists", [False, True])
def test_an_interrupted_result_leaves_nothing(tmp_path: Path, exists: bool, error: BaseException) -> None:
    target = tmp_path / "outputs" / "result"
    if exists:
        target.mkdir(parents=True)
        (target / "effects.csv").write_text("old")
    expected = OutputError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected), folder_beside(target) as folder:
        (folder / "effects.csv").write_text("half")
        raise error
    assert content_of(tmp_path) == ({"outputs/result/effects.csv": "old"} if exists else {})
    assert (tmp_path / "outputs").exists() == exists


def test_a_conflict_is_found_before_anything_moves(tmp_path: Path) -> None:
    (tmp_path / "result" / "b.csv").mkdir(parents=True)
    with pytest.raises(OutputError, match="in the way"), folder_beside(tmp_path / "result") as folder:
        (folder / "a.csv").write_text("new")
        (folder / "b.csv").write_text("new")
    assert content_of(tmp_path) == {}


def read(tmp_path: Path, content: str | bytes) -> dict[str, object]:
    path = tmp_path / "study.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_yaml(path)


def test_yaml_numbers_are_numbers_and_dates_stay_text(tmp_path: Path) -> None:
    content = "a: 1e-3\nb: -1.5E2\nc: 2020-01-01\nd: 7\ne: .5\nf: 中文\ng: 1e\n"
    assert read(tmp_path, content) == {
        "a": 0.001, "b": -150.0, "c": "2020-01-01", "d": 7, "e": 0.5, "f": "中文", "g": "1e",
    }  # fmt: skip


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert read(tmp_path, "# nothing yet\n") == {}


def test_a_mark_of_byte_order_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfyears: 3\n") == {"years": 3}


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "line 4: key = 'c'"),
        ("a: 1\na: 2\n", "line 2: key = 'a'"),
        ("a: 1\nb: [1,\nc: 2\n", "line 2, column 4: line = 'b: [1,'"),
        ("a: 'x\n", "line 1"),
        ("a: 1\n\tb: 2\n", "line 2"),
        ("a: !!python/object/apply:os.getcwd []\n", "line 1"),
        ("- 1\n- 2\n", "a mapping with text keys"),
        ("1: 2\n", "a mapping with text keys"),
        (b"a: \xff\n", "UTF-8"),
        # What the configuration loader would replace, or never be done with.
        ("a: {b: ['${oc.env:HOME}']}\n", "a text without ${"),
        ("a: '???'\n", "a text without ${"),
        ("a: " + "{a: " * 40 + "1" + "}" * 40, "at most 32 levels"),
        ("a: " + "[" * 100_000, "study.yaml"),
        (
            "a: &a [1, 1]\n"
            + "".join(f"a{n}: &a{n} [*a{n - 1 or ''}, *a{n - 1 or ''}]\n" for n in range(1, 25)),
            "1,000,000 values",
        ),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, content: str | bytes, part: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert part in str(caught.value)
    assert "study.yaml" in str(caught.value)
    assert "study.yaml" in caught.value.message("zh")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere.yaml"):
        read_yaml(tmp_path / "nowhere.yaml")


def test_both_parsers_read_every_file_of_the_project_alike() -> None:
    paths = sorted(scenarios_folder().rglob("*.yaml"))
    assert len(paths) > 100
    for path in paths:
        text = path.read_text(encoding="utf-8-sig")
        quick, exact = (yaml.load(text, Loader=loader) for loader in (files._QuickLoader, files._ExactLoader))  # noqa: S506
        assert repr(quick) == repr(exact), path
