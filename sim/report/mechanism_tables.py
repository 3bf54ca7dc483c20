"""What the arms consist of: packages, the mechanisms in force, and the levers that each of them moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.charts.words import arm_names, tier_name
from sim.language import catalogue, text
from sim.levers.definitions import LEVERS
from sim.levers.mechanism import GROUPS
from sim.report.numbers import NOTHING
from sim.report.table import Cell, Column, Group, Number, Table, own_columns
from sim.studies.comparison import Comparison

__all__ = ["arms_table", "levers_table", "mechanisms_table"]

_TIERS: Final = ("village", "town", "county", "department")
_Content = Mapping[str, Any]


def arms_table(comparison: Comparison, language: str) -> Table:
    """Say what each arm is.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Table
        A row for each arm, the baseline first.
    """
    rows: list[tuple[Cell, ...]] = []
    for arm in comparison.arms:
        package = comparison.manifest["arms"][arm]
        role = "baseline" if arm == comparison.baseline else "compared"
        summary = str(package["summary"][language])
        if package.get("review"):
            summary += text("report.arms.review", language)
        rows.append(
            (
                str(package["name"][language]),
                text(f"report.arms.{role}", language),
                summary,
                Number(len(package["mechanisms"]), 0),
            )
        )
    return Table(
        "arms",
        text("report.table.arms", language),
        "",
        own_columns("arms", language),
        (Group("", tuple(rows)),),
    )


def mechanisms_table(comparison: Comparison, language: str) -> Table:
    """Show every mechanism with what it does, what it moves and the arms that have it.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Table
        A group for each group of the catalogue; an arm whose dose differs from that of the first arm with
        the mechanism says so.
    """
    names = arm_names(comparison, language)
    arms = [arm for arm in comparison.arms if comparison.manifest["arms"][arm]["mechanisms"]]
    found = _mechanisms(comparison)
    columns = [
        *own_columns("mechanisms", language),
        *(Column(names[arm], text("report.about.in_force", language, arm=names[arm])) for arm in arms),
    ]
    groups = []
    for group in (*GROUPS, ""):
        rows = []
        for key, content in found.items():
            if content.get("group", "") != group:
                continue
            cells: list[Cell] = [
                _named(key, content, language),
                str(content["summary"][language]),
                _levers_of(content, language),
                _money(content, language),
            ]
            cells += [_in_force(comparison, arm, key, content, language) for arm in arms]
            rows.append(tuple(cells))
        if rows:
            known = f"mechanisms.group.{group}"
            title = text(known, language) if known in catalogue() else text("report.other", language)
            groups.append(Group(title, tuple(rows)))
    return Table(
        "mechanisms",
        text("report.table.mechanisms", language),
        text("report.table.mechanisms.note", language),
        tuple(columns),
        tuple(groups),
    )


def levers_table(comparison: Comparison, language: str) -> Table:
    """List every use of a lever with its settings, arm by arm, for whoever wants the numbers.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Table
        A row for each arm, mechanism, lever and setting; meant for a sheet and not for a page.
    """
    names = arm_names(comparison, language)
    rows: list[tuple[Cell, ...]] = []
    for arm in comparison.arms:
        for key, content in comparison.manifest["arms"][arm]["mechanisms"].items():
            for use in content["levers"]:
                for setting, value in {"–": "", **use["settings"], **use.get("options", {})}.items():
                    if setting == "–" and (use["settings"] or use.get("options")):
                        continue
                    number: Cell = Number(float(value)) if isinstance(value, int | float) else str(value)
                    rows.append(
                        (
                            names[arm],
                            _named(key, content, language),
                            f"{use['lever']}: {_lever(str(use['lever']), language)}",
                            str(setting),
                            number,
                            Number(float(use.get("share", 1.0))),
                        )
                    )
    return Table(
        "levers",
        text("report.table.levers", language),
        "",
        own_columns("levers", language),
        (Group("", tuple(rows)),),
    )


def _mechanisms(comparison: Comparison) -> dict[str, _Content]:
    found: dict[str, _Content] = {}
    for arm in comparison.arms:
        for key, content in comparison.manifest["arms"][arm]["mechanisms"].items():
            found.setdefault(key, content)
    return dict(sorted(found.items(), key=lambda item: (str(item[1].get("id", "")) or "~", item[0])))


def _named(key: str, content: _Content, language: str) -> str:
    number = content.get("id", "")
    name = f"{number} {content['name'][language]}" if number else str(content["name"][language])
    if content.get("transferred"):
        name += text("report.mechanisms.transferred", language)
    return name


def _levers_of(content: _Content, language: str) -> str:
    levers = list(dict.fromkeys(str(use["lever"]) for use in content["levers"]))
    said = text("charts.list_separator", language).join(_short(lever, language) for lever in levers)
    tiers = [tier_name(tier, language) for tier in _TIERS if tier in content.get("tiers", ())]
    if not tiers:
        return said
    listed = text("charts.list_separator", language).join(tiers)
    return text("report.mechanisms.levers", language, levers=said, tiers=listed)


def _lever(lever: str, language: str) -> str:
    return str(getattr(LEVERS[lever], language)) if lever in LEVERS else lever


def _short(lever: str, language: str) -> str:
    """Name a lever in a word: Chinese meanings begin with one, and the key is the English one."""
    return _lever(lever, language).split("：")[0] if language == "zh" else lever.replace("_", " ")


def _money(content: _Content, language: str) -> str:
    cost = content.get("cost", {})
    amount = float(cost.get("money_yuan_per_year", 0.0))
    if not amount:
        return NOTHING
    return text(f"report.mechanisms.money.{cost.get('per', 'mechanism')}", language, amount=f"{amount:,.0f}")


def _in_force(comparison: Comparison, arm: str, key: str, first: _Content, language: str) -> str:
    content = comparison.manifest["arms"][arm]["mechanisms"].get(key)
    if content is None:
        return NOTHING
    starts = min((float(use.get("start_year", 0.0)) for use in content["levers"]), default=0.0)
    if starts >= float(comparison.manifest["configuration"]["years"]):
        return text("report.mechanisms.too_late", language)
    same = content["levers"] == first["levers"]
    return text("report.mechanisms.yes" if same else "report.mechanisms.other_dose", language)
