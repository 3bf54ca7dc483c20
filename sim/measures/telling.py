"""A biography in words: who did what when, in Chinese or English."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from sim.errors import InputError
from sim.language import catalogue, check_language, text
from sim.world.border import World
from sim.world.offices import COUNTY, DEPARTMENT, TOWN, VILLAGE

__all__ = ["say_date", "say_event", "say_office", "tell"]

_UNITS: Final = {VILLAGE: "village", TOWN: "town", COUNTY: "county"}


def say_office(world: World, office: int, language: str) -> str:
    """Name an office.

    Parameters
    ----------
    world : World
        The border.
    office : int
        Row of the office.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The name of its place; of a department with its county's in front.

    Raises
    ------
    InputError
        For a row that no office has, or an unknown language.

    Examples
    --------
    >>> from sim.world.region import load_region
    >>> from sim.world.world import lay_out
    >>> world = lay_out(load_region("yulin_zhanjiang_maoming"), seed=1)
    >>> say_office(world, world.department_office(0, 0), "en")
    'Beiliu Public Security Bureau'
    """
    language = check_language(language)
    if not 0 <= office < len(world.office_tier):
        last = len(world.office_tier) - 1
        raise InputError("office", office, {"zh": f"0 到 {last}", "en": f"0 to {last}"})
    tier, unit = int(world.office_tier[office]), int(world.office_unit[office])
    if tier == DEPARTMENT:
        names = (world.county_name_zh[unit], world.department_name_zh[world.office_department[office]])
        if language == "en":
            names = (world.county_name_en[unit], world.department_name_en[world.office_department[office]])
        return ("" if language == "zh" else " ").join(names)
    level = _UNITS.get(tier, "prefecture" if office < world.office_start[5] else "province")
    return str(getattr(world, f"{level}_name_{language}")[unit])


def say_date(date: pd.Timestamp, language: str) -> str:
    """Say a date in the reader's form.

    Parameters
    ----------
    date : pandas.Timestamp
        The date.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Year, month and day.

    Examples
    --------
    >>> say_date(pd.Timestamp("2018-03-05"), "zh"), say_date(pd.Timestamp("2018-03-05"), "en")
    ('2018年3月5日', '5 Mar 2018')
    """
    month = text(f"biography.month.{date.month}", language)
    return text("biography.date", language, year=date.year, month=month, day=date.day)


def say_event(row: Any, world: World, language: str) -> str:
    """Say one event of a biography.

    Parameters
    ----------
    row : row of a DataFrame
        As `sim.measures.biography.follow` gives them; its columns are read as attributes.
    world : World
        The border.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        A sentence without a full stop.
    """
    is_today = row.event == "called" and row.due == row.date
    key = f"biography.event.{row.event}{'_today' if is_today else ''}"
    if f"{key}.{row.detail}" in catalogue():
        key = f"{key}.{row.detail}"
    values = {
        "office": say_office(world, row.office, language) if row.office >= 0 else "",
        "other": say_office(world, row.other, language) if row.other >= 0 else "",
        "due": "" if pd.isna(row.due) else say_date(row.due, language),
        "detail": row.detail,
    }
    for kind, event in (("channel", "called"), ("difficulty", "worsened")):
        values[kind] = text(f"biography.{kind}.{row.detail}", language) if row.event == event else ""
    return text(key, language, **values)


def tell(biography: pd.DataFrame, world: World, language: str) -> pd.DataFrame:
    """Put a biography into words.

    Parameters
    ----------
    biography : pandas.DataFrame
        As `sim.measures.biography.follow` or `biographies` give it.
    world : World
        The border.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Columns case, day, date, tier, side, who and what, with arm in front where it has one.
    """
    rows: list[Any] = list(biography.itertuples(index=False))
    told = biography[["case", "day", "date"]].copy()
    if "arm" in biography:
        told.insert(0, "arm", biography["arm"])
    told["tier"] = [text(f"charts.tier.{tier}", language) if tier else "" for tier in biography["tier"]]
    told["side"] = [text(f"biography.side.{side}", language) if side else "" for side in biography["side"]]
    told["who"] = [say_office(world, row.office, language) if row.office >= 0 else "" for row in rows]
    told["what"] = [say_event(row, world, language) for row in rows]
    return told
