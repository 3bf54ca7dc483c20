"""Reading configuration and writing results: whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import yaml

from sim.errors import InputError, OutputError, system_reason
from sim.slips import Slip, slip_of_error, slip_of_keys

__all__ = ["folder_beside", "read_yaml", "scenarios_folder", "write_beside"]

# Far beyond any file of people; a few lines of anchors can stand for billions of values.
_MOST_LEVELS: Final = 32
_MOST_VALUES: Final = 1_000_000
_DEEP: Final = 200


def scenarios_folder() -> Path:
    """Find the folder of regions, mechanisms, packages and scenarios.

    An installed wheel carries it inside the package; a checkout has it beside the package.

    Returns
    -------
    Path
        The folder ``scenarios``.

    Raises
    ------
    InputError
        If neither place has it, which means a broken installation.

    Examples
    --------
    >>> scenarios_folder().name
    'scenarios'
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "scenarios", package.parent / "scenarios"):
        if candidate.is_dir():
            return candidate
    raise InputError(
        "scenarios",
        str(package),
        {
            "zh": "完整安装的程序包或完整的代码检出（含 scenarios 文件夹）",
            "en": "a complete installation or checkout, which has a folder scenarios",
        },
    )


def write_beside(path: str | Path, writer: Callable[[Path], object]) -> Path:
    """Write a file beside its place, then rename it: readers never see half a file.

    Parameters
    ----------
    path : str or Path
        The file to write; folders above it are created, an older file is replaced.
    writer : callable
        Receives the temporary path (same folder, same suffix) and writes it.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    OutputError
        If the system refuses; neither the temporary file nor a damaged target is left.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_beside(folder / "a.txt", lambda temporary: temporary.write_text("done")).read_text()
    'done'
    """
    path = Path(path)
    temporary = _sibling(path)
    created: list[Path] = []
    written = False
    try:
        created = _make_folders(path.parent)
        writer(temporary)
        os.replace(temporary, path)
        written = True
    except OSError as error:
        raise OutputError(path, _reason(error)) from error
    finally:
        if not written:
            _remove(temporary)
            _remove_empty(created)
    return path


@contextmanager
def folder_beside(path: str | Path, outdated: Iterable[Path] = ()) -> Iterator[Path]:
    """Build a whole result folder beside its place and put it there only when it is complete.

    Parameters
    ----------
    path : str or Path
        The result folder. If it exists, the new files join it and replace files of the same name.
    outdated : iterable of Path
        Files in it that the new ones make wrong. They are removed when nothing is left but to put the new
        ones in place; one that the system does not let go of stays.

    Yields
    ------
    Path
        The temporary folder to write into.

    Raises
    ------
    OutputError
        If the system refuses. Nothing of the new result is left then, nor after any other error inside.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "result"
    >>> with folder_beside(target) as folder:
    ...     _ = (folder / "effects.csv").write_text("measure")
    >>> sorted(file.name for file in target.iterdir())
    ['effects.csv']
    """
    path = Path(path)
    temporary = _sibling(path)
    created: list[Path] = []
    moved = False
    try:
        created = _make_folders(path.parent)
        temporary.mkdir()
        yield temporary
        _move_into_place(temporary, path, outdated)
        moved = True
    except OSError as error:
        raise OutputError(path, _reason(error)) from error
    finally:
        _remove(temporary)
        if not moved:
            _remove_empty(created)


def read_yaml(path: str | Path) -> dict[str, Any]:
    """Read a YAML file that holds one mapping; a key that stands twice is refused.

    Numbers such as ``1e-3`` are numbers and dates stay text, as in the configuration loader, and what that
    loader would replace is refused, so a file means the same whichever way it is read.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8.

    Returns
    -------
    dict
        Its content; an empty file gives an empty dictionary.

    Raises
    ------
    InputError
        With the file's name and the line, if it cannot be read or is not such a mapping.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        allowed = {"zh": "UTF-8 编码的文本", "en": "text in UTF-8"}
        found = f"byte 0x{error.object[error.start]:02x}"
        raise InputError("file", found, allowed, where=str(path)) from error
    except OSError as error:
        allowed = {
            "zh": f"可读取的 YAML 文件（{system_reason(_reason(error), 'zh')}）",
            "en": f"a readable YAML file ({system_reason(_reason(error), 'en')})",
        }
        raise InputError("file", str(path), allowed) from error
    try:
        content = _parsed(text)
    except _DuplicateKeyError as error:
        allowed = {"zh": "每个键只出现一次", "en": "each key once"}
        raise InputError("key", error.key, allowed, where=_at_line(path, error.line)) from None
    except yaml.MarkedYAMLError as error:
        slip = slip_of_error(error, text)
        if slip is not None:
            raise _of_slip(path, text, slip) from error
        line = _line_of(error, text)
        problem = error.problem or "unreadable"
        allowed = {"zh": f"正确的 YAML（{problem}）", "en": f"valid YAML ({problem})"}
        raise InputError("line", _line(text, line), allowed, where=_at_line(path, line)) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        allowed = {"zh": "正确的 YAML", "en": "valid YAML"}
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError("file", problem, allowed, where=str(path)) from error
    slip = slip_of_keys(content, text)
    if slip is not None:
        raise _of_slip(path, text, slip)
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        allowed = {"zh": "以文字为键的映射（键: 值）", "en": "a mapping with text keys (key: value)"}
        raise InputError("file", type(content).__name__, allowed, where=str(path))
    _refuse_unusual(content, path)
    return content


def _refuse_unusual(content: dict[str, Any], path: Path) -> None:
    """Refuse what the configuration loader would replace, or would never be done with."""
    waiting: list[tuple[Any, int]] = [(content, 1)]
    values = 0
    while waiting:
        item, level = waiting.pop()
        values += 1
        if level > _MOST_LEVELS or values > _MOST_VALUES:
            allowed = {
                "zh": f"至多 {_MOST_LEVELS} 层、{_MOST_VALUES:,} 个值",
                "en": f"at most {_MOST_LEVELS} levels and {_MOST_VALUES:,} values",
            }
            found = f"{level} levels" if level > _MOST_LEVELS else f"{values:,} values"
            raise InputError("file", found, allowed, where=str(path))
        if isinstance(item, dict):
            waiting += [(inner, level + 1) for pair in item.items() for inner in pair]
        elif isinstance(item, list):
            waiting += [(inner, level + 1) for inner in item]
        elif isinstance(item, str) and ("${" in item or item == "???"):
            allowed = {"zh": "不含 ${ 的文字；也不是 ???", "en": "a text without ${, and other than ???"}
            raise InputError("value", item, allowed, where=str(path))


class _DuplicateKeyError(Exception):
    def __init__(self, key: str, line: int) -> None:
        super().__init__(key, line)
        self.key = key
        self.line = line


def _parsed(text: str) -> Any:
    """Parse with the compiled parser where there is one; what it stumbles over is told by the other one.

    A study reads some hundred files before it begins, for which the parser in Python takes a second; but
    that one names the place of a mistake as people look for it.
    """
    _refuse_depth(text)
    # Both are safe loaders: they build plain data only.
    with suppress(yaml.YAMLError, _DuplicateKeyError, RecursionError, ValueError):
        return yaml.load(text, Loader=_QuickLoader)  # noqa: S506
    return yaml.load(text, Loader=_ExactLoader)  # noqa: S506


def _refuse_depth(text: str) -> None:
    """Refuse more levels than there is room for: the compiled parser would end the process."""
    # Levels take at least one of these signs each; hardly a file has so many.
    if sum(text.count(sign) for sign in "[{-?") < _DEEP:
        return
    level = 0
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=_QuickLoader):
            level += isinstance(event, yaml.CollectionStartEvent)
            level -= isinstance(event, yaml.CollectionEndEvent)
            if level > _DEEP:
                raise ValueError(f"more than {_DEEP} levels")


class _UniqueKeys(yaml.constructor.SafeConstructor):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge" or not isinstance(key_node, yaml.ScalarNode):
                continue
            if key_node.value in seen:
                raise _DuplicateKeyError(key_node.value, key_node.start_mark.line + 1)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


class _ExactLoader(_UniqueKeys, yaml.SafeLoader):
    pass


class _QuickLoader(_UniqueKeys, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    pass


# YAML 1.1 reads 1e-3 as text and 2020-01-01 as a date; people mean a number and a text.
for _loader in (_ExactLoader, _QuickLoader):
    _loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _loader.add_implicit_resolver(
        "tag:yaml.org,2002:float",
        re.compile(r"^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$"),
        list("-+0123456789."),
    )


def _sibling(path: Path) -> Path:
    # The suffix stays, because writers such as the figure writer choose the format by it.
    return path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part{path.suffix}")


def _make_folders(folder: Path) -> list[Path]:
    """Create the folder and return what had to be created, deepest first."""
    missing = []
    step = folder
    while not step.exists():
        missing.append(step)
        step = step.parent
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _move_into_place(source: Path, target: Path, outdated: Iterable[Path]) -> None:
    if not target.exists():
        os.replace(source, target)
        return
    files = [file for file in sorted(source.rglob("*")) if file.is_file()]
    # Look before moving: a conflict found half-way would leave half a result.
    for file in files:
        place = target / file.relative_to(source)
        if place.is_dir():
            raise IsADirectoryError(21, "a folder of that name is in the way", str(place))
        above = next(parent for parent in place.parents if parent.exists())
        if not above.is_dir():
            raise NotADirectoryError(20, "a file of that name is in the way", str(above))
        if not os.access(above, os.W_OK):
            raise PermissionError(13, "Permission denied", str(above))
    for file in outdated:
        # A program that has it open may forbid it; hours of runs are not thrown away for that.
        with suppress(OSError):
            file.unlink(missing_ok=True)
    for file in files:
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, place)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        # A folder that refuses writing refuses this too; there is nothing of ours in it then.
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _at_line(path: Path, line: int) -> dict[str, str]:
    return {"zh": f"{path} 第 {line} 行", "en": f"{path}, line {line}"}


def _of_slip(path: Path, text: str, slip: Slip) -> InputError:
    line, column = slip.line, slip.column
    where = {"zh": f"{path} 第 {line} 行第 {column} 列", "en": f"{path}, line {line}, column {column}"}
    return InputError("line", _line(text, line), slip.remedy, where=where)


def _line_of(error: yaml.MarkedYAMLError, text: str) -> int:
    # A bracket left open is noticed at the end of the file; it is to be mended where it was opened.
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    for mark in marks:
        if _line(text, mark.line + 1):
            return int(mark.line) + 1
    return 1


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""
