"""Common slips in a YAML file, told in plain words: full-width signs, tabs, brackets and quotes left open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

__all__ = ["Slip", "slip_of_error", "slip_of_keys"]

_PLAIN: Final = dict(zip("：，、【】［］｛｝“”‘’", ":,,[][]{}\"\"''", strict=True))
_KEY_SIGN: Final = re.compile(r"^[^\S\n]*(?:- +)?[^\s#:\"'{\[][^#:\"'{\[]*?(：)")
_IN_BRACKETS: Final = re.compile("[：，、【】［］｛｝“”‘’]")
_QUOTES: Final = re.compile("[“”‘’]")
_TAB: Final = {"zh": "用空格缩进，不用制表符（Tab）", "en": "blanks in place of the tab"}
_OPEN_QUOTE: Final = {
    "zh": "成对的引号（这里的引号没有闭合）",
    "en": "quotes in pairs (the one here is never closed)",
}
_BEHIND_QUOTE: Final = {
    "zh": "成对的英文引号，闭合的引号之后没有别的文字（也可能是上面某行的引号没有闭合）",
    "en": "quotes in pairs with nothing behind the closing one (one of a line above may be open)",
}
_OPEN_BRACKET: Final = {
    "zh": "成对的括号，各项之间用英文逗号（这里的括号没有闭合，或少了逗号）",
    "en": "brackets in pairs with a comma between items (the one here is never closed, or it lacks a comma)",
}
_NO_COLON: Final = {
    "zh": "键后面有英文冒号和一个空格的一行（键: 值）",
    "en": "a key with a colon and a blank behind it (key: value)",
}
_COLON_IN_TEXT: Final = {
    "zh": "含冒号加空格的文字用英文引号括起",
    "en": "quotes around a text with a colon and a blank in it",
}
_INDENTATION: Final = {
    "zh": "同级的键左边对齐，每个键后面有英文冒号（查看本行的缩进和上一行）",
    "en": "keys of one level in one column, each with its colon (see this indentation and the line above)",
}
_SIGN_FIRST: Final = {
    "zh": "以这个符号开头的文字用英文引号括起",
    "en": "quotes around a text that begins with this sign",
}


@dataclass(frozen=True)
class Slip:
    """A slip and its remedy.

    Attributes
    ----------
    line, column : int
        Where it is, from 1.
    remedy : mapping of str to str
        What would be right, in zh and en.
    """

    line: int
    column: int
    remedy: Mapping[str, str]


def slip_of_error(error: yaml.MarkedYAMLError, text: str) -> Slip | None:
    """Find the slip behind what the parser stumbled over.

    Parameters
    ----------
    error : yaml.MarkedYAMLError
        What the parser says.
    text : str
        The whole file.

    Returns
    -------
    Slip or None
        None where it is none of the common ones.

    Examples
    --------
    >>> try:
    ...     yaml.safe_load("a: {zh: 甲， en: b}")
    ... except yaml.MarkedYAMLError as error:
    ...     slip_of_error(error, "a: {zh: 甲， en: b}").remedy["en"]
    'a half-width , in place of the full-width ，'
    """
    problem, mark, begin = error.problem or "", error.problem_mark, error.context_mark
    if mark is None:
        return None
    lines = text.splitlines() or [""]
    row, column = min(mark.line, len(lines) - 1), mark.column
    if "'\\t'" in problem:
        return Slip(row + 1, column + 1, _TAB)
    if "cannot start any token" in problem:
        return Slip(row + 1, column + 1, _SIGN_FIRST)
    if error.context == "while scanning a quoted scalar" and begin is not None:
        return Slip(begin.line + 1, begin.column + 1, _OPEN_QUOTE)
    if "parsing a flow" in (error.context or "") and begin is not None:
        return _in_brackets(lines, begin, mark)
    if problem == "mapping values are not allowed here":
        return _second_colon(lines, row, column)
    if problem == "could not find expected ':'" and begin is not None:
        return _full_width_key(lines, begin.line) or Slip(begin.line + 1, begin.column + 1, _NO_COLON)
    if problem.startswith("expected <block end>"):
        is_behind = lines[row][:column].rstrip()[-1:] in ('"', "'")
        return Slip(row + 1, column + 1, _BEHIND_QUOTE if is_behind else _INDENTATION)
    return None


def slip_of_keys(content: Any, text: str) -> Slip | None:
    """Find a full-width colon that made a key and its value one text.

    Parameters
    ----------
    content : object
        What the parser made of the file without stumbling.
    text : str
        The whole file.

    Returns
    -------
    Slip or None
        None where every key is one.

    Examples
    --------
    >>> slip_of_keys("name：1", "name：1").column
    5
    """
    if "：" not in text:
        return None
    lines = text.splitlines()
    if isinstance(content, str):
        return next((found for row in range(len(lines)) if (found := _full_width_key(lines, row))), None)
    waiting = [content]
    # The size of a file is judged elsewhere; a slip stands near its top level.
    for _ in range(10_000):
        if not waiting:
            break
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            for key, value in item.items():
                place = text.find(key) if isinstance(key, str) and value is None and "：" in key else -1
                if place >= 0:
                    place += key.index("：")
                    row = text.count("\n", 0, place)
                    return Slip(row + 1, place - text.rfind("\n", 0, place), _half_width("："))
            waiting += item.values()
    return None


def _half_width(sign: str) -> dict[str, str]:
    plain = _PLAIN[sign]
    # The colon counts only with a blank behind it.
    behind = {"zh": "和一个空格", "en": " and a blank"} if sign == "：" else {"zh": "", "en": ""}
    return {
        "zh": f"英文（半角）的「{plain}」{behind['zh']}，而不是全角的「{sign}」",
        "en": f"a half-width {plain}{behind['en']} in place of the full-width {sign}",
    }


def _full_width_key(lines: list[str], row: int) -> Slip | None:
    found = _KEY_SIGN.match(lines[row])
    return Slip(row + 1, found.start(1) + 1, _half_width("：")) if found else None


def _in_brackets(lines: list[str], begin: yaml.Mark, mark: yaml.Mark) -> Slip:
    """Name the last full-width sign between the bracket and where the parser stumbled, or the bracket."""
    for row in range(min(mark.line, len(lines) - 1), begin.line - 1, -1):
        first = begin.column if row == begin.line else 0
        last = mark.column if row == mark.line else len(lines[row])
        found = list(_IN_BRACKETS.finditer(lines[row], first, last))
        if found:
            return Slip(row + 1, found[-1].start() + 1, _half_width(found[-1][0]))
    return Slip(begin.line + 1, begin.column + 1, _OPEN_BRACKET)


def _second_colon(lines: list[str], row: int, column: int) -> Slip:
    """Tell a colon inside a text from one behind a key that does not stand where it should."""
    before = lines[row][:column]
    if ":" in before:
        quote = _QUOTES.search(before)
        if quote:
            return Slip(row + 1, quote.start() + 1, _half_width(quote[0]))
        return Slip(row + 1, column + 1, _COLON_IN_TEXT)
    above = next((number for number in range(row - 1, -1, -1) if lines[number].strip()), None)
    found = None if above is None else _full_width_key(lines, above)
    return found or Slip(row + 1, len(before) - len(before.lstrip()) + 1, _INDENTATION)
