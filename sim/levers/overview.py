"""The catalogue of mechanisms and packages as Markdown tables, for ``docs/mechanisms.md``."""

from __future__ import annotations

from sim.language import text
from sim.levers.mechanism import GROUPS, Mechanism
from sim.levers.mechanisms import list_mechanisms, list_packages, load_mechanism, load_package

__all__ = ["mechanism_table", "package_table", "system_table"]


def mechanism_table() -> str:
    """Return every mechanism, group by group in the order of the catalogue, as one table.

    Returns
    -------
    str
        Markdown; a mechanism from a place that is no border between provinces is marked.

    Examples
    --------
    >>> mechanism_table().count("| M21 |")
    1
    """
    columns = "id | key | name | tiers | levers | what it changes | described in | how it fails | ¥ a year"
    lines = [f"| {columns} |", "|---" * (columns.count("|") + 1) + "|"]
    mechanisms = sorted(map(load_mechanism, list_mechanisms()), key=lambda item: (item.id, item.key))
    for group in (*GROUPS, ""):
        members = [mechanism for mechanism in mechanisms if mechanism.group == group]
        if members and group:
            lines.append(f"| **{text(f'mechanisms.group.{group}', 'en')}** | | | | | | | | |")
        lines.extend(_row(mechanism) for mechanism in members)
    return "\n".join(lines)


def package_table() -> str:
    """Return every package as one table.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> print(package_table().splitlines()[0])
    | key | name | what it is | mechanisms |
    """
    lines = ["| key | name | what it is | mechanisms |", "|---|---|---|---|"]
    for package in map(load_package, list_packages()):
        members = ", ".join(mechanism.id or mechanism.key for mechanism in package.mechanisms) or "none"
        names = f"{package.name['zh']} · {package.name['en']}"
        lines.append(f"| `{package.key}` | {names} | {package.summary['en']} | {members} |")
    return "\n".join(lines)


def system_table() -> str:
    """Return, for every system of the sources, the mechanisms that its text runs, proposes or misses.

    Returns
    -------
    str
        Markdown, one row for each system.

    Examples
    --------
    >>> "| `liuzhou` |" in system_table()
    True
    """
    found: dict[str, list[Mechanism]] = {}
    for mechanism in map(load_mechanism, list_mechanisms()):
        for system in mechanism.systems:
            found.setdefault(system, []).append(mechanism)
    lines = ["| system | mechanisms |", "|---|---|"]
    for system, members in sorted(found.items()):
        listed = ", ".join(sorted(mechanism.id or mechanism.key for mechanism in members))
        lines.append(f"| `{system}` | {listed} |")
    return "\n".join(lines)


def _row(mechanism: Mechanism) -> str:
    levers = ", ".join(dict.fromkeys(use.lever for use in mechanism.levers))
    money = f"{mechanism.cost.money_yuan_per_year:,.0f} per {mechanism.cost.per}"
    described = ""
    if mechanism.source:
        described = f"{mechanism.source.text}, {mechanism.source.place}"
        if mechanism.source.quote:
            described += f" 「{mechanism.source.quote}」"
    cells = (
        mechanism.id + (" ⇄" if mechanism.transferred else ""),
        f"`{mechanism.key}`",
        f"{mechanism.name['zh']} · {mechanism.name['en']}",
        ", ".join(mechanism.tiers),
        levers,
        mechanism.summary["en"],
        described,
        mechanism.failure.get("en", ""),
        money if mechanism.cost.money_yuan_per_year else "–",
    )
    return "| " + " | ".join(cells) + " |"
