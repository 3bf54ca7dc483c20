"""The words of a border's tables: titles of sheets and columns, labels of choices, in both languages."""

from __future__ import annotations

from typing import Final

from sim.errors import InputError
from sim.language import catalogue

#: Settings of a border as rows of a sheet, texts once for each language.
SETTING_ROWS: Final = (
    "title_zh",
    "title_en",
    "border_level",
    "description_zh",
    "description_en",
    "sources",
    "name",
)


def table_key(file: str) -> str:
    """Give the word by which the texts know a table.

    Parameters
    ----------
    file : str
        Name of the table, as in `COLUMNS`.

    Returns
    -------
    str
        The name without its ending.

    Examples
    --------
    >>> table_key("towns.csv")
    'towns'
    """
    return file.removesuffix(".csv")


def sheet_title(file: str, language: str) -> str:
    """Give the title of a table's sheet in a workbook.

    Parameters
    ----------
    file : str
        Name of the table, as in `COLUMNS`.
    language : {"zh", "en"}
        Language of the title.

    Returns
    -------
    str
        The title.

    Examples
    --------
    >>> sheet_title("towns.csv", "zh"), sheet_title("towns.csv", "en")
    ('乡镇', 'towns')
    """
    return catalogue()[f"border.sheet.{table_key(file)}"][language]


def column_title(file: str, column: str, language: str) -> str:
    """Give the title of a column, which a header may have in place of its name.

    Parameters
    ----------
    file : str
        Name of the table.
    column : str
        Name of the column.
    language : {"zh", "en"}
        Language of the title.

    Returns
    -------
    str
        The title.

    Examples
    --------
    >>> column_title("towns.csv", "county_code", "zh"), column_title("towns.csv", "county_code", "en")
    ('所属县', 'county')
    """
    return _of_column("title", file, column)[language]


def column_about(file: str, column: str, language: str) -> str:
    """Explain a column to the person who fills it in.

    Parameters
    ----------
    file : str
        Name of the table.
    column : str
        Name of the column.
    language : {"zh", "en"}
        Language of the explanation.

    Returns
    -------
    str
        One or two sentences, the default of a blank cell among them.

    Examples
    --------
    >>> column_about("towns.csv", "area_km2", "en")
    'Area in square kilometres. Blank: 100.'
    """
    return _of_column("about", file, column)[language]


def choice_label(word: str, language: str) -> str:
    """Give the label of a word of choice, which a cell may have in its place.

    Parameters
    ----------
    word : str
        The word, as in `Column.choices`.
    language : {"zh", "en"}
        Language of the label.

    Returns
    -------
    str
        The label; the word itself where the texts know none.

    Examples
    --------
    >>> choice_label("community", "zh"), choice_label("community", "en")
    ('社区', 'community')
    """
    entry = catalogue().get(f"border.choice.{word}")
    return word if entry is None else entry[language]


def _of_column(what: str, file: str, column: str) -> dict[str, str]:
    """Look for the text of this table's column first, then for that of its name anywhere."""
    texts = catalogue()
    for key in (f"border.{what}.{table_key(file)}.{column}", f"border.{what}.{column}"):
        if key in texts:
            return dict(texts[key])
    raise InputError("column", column, {"zh": f"{file} 中的列", "en": f"a column of {file}"})


def setting_names() -> dict[str, str]:
    """List every word under which a setting may stand in a sheet.

    Returns
    -------
    dict of str to str
        Setting by word, small letters.

    Examples
    --------
    >>> setting_names()["边界层级"]
    'border_level'
    """
    names = {key: key for key in SETTING_ROWS}
    for key in SETTING_ROWS:
        for title in catalogue()[f"border.setting.{key}"].values():
            names.setdefault(title.casefold(), key)
    return names
