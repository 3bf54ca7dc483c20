"""How a result was made and can be made again: command, versions, seeds and digests."""

from __future__ import annotations

from datetime import date
from typing import Any

from sim.charts.words import arm_names
from sim.language import text
from sim.report.assumption_tables import changed_parameters
from sim.report.table import Group, Number, Table, own_columns
from sim.studies.comparison import Comparison

__all__ = ["command_line", "reader_date", "runs_table", "versions_table"]


def command_line(comparison: Comparison, language: str) -> str:
    """Write the command that makes the result again.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language of its answer.

    Returns
    -------
    str
        One line for a shell. Packages and borders of one's own have to be put in place of their names.
    """
    configuration = comparison.manifest["configuration"]
    scenario = comparison.manifest.get("scenario")
    words = ["python -m sim"]
    if scenario:
        words.append(f"scenario={scenario['key']}")
    words.append(f"region={configuration['region']}")
    if not scenario:
        words.append(f'"arms=[{",".join(map(_item, configuration["arms"]))}]"')
    words += [f"{key}={configuration[key]:g}" for key in ("years", "burn_in")]
    words += [f"replications={comparison.replications}", f"seed={configuration['seed']}"]
    words += [f"parameters.{name}={value:.12g}" for name, value in changed_parameters(comparison).items()]
    return " ".join([*words, f"language={language}"])


def _item(arm: str) -> str:
    """Write a package as an item of a list; a sign of lists in its name needs quotes."""
    return f"'{arm}'" if any(sign in arm for sign in ",，、[]［］【】“”‘’ ") else arm


def reader_date(day: str, language: str) -> str:
    """Write a date as readers of a language do.

    Parameters
    ----------
    day : str
        ISO date.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    str
        The date.

    Examples
    --------
    >>> reader_date("2018-01-09", "zh"), reader_date("2018-01-09", "en")
    ('2018年1月9日', '9 January 2018')
    """
    found = date.fromisoformat(day)
    if language == "zh":
        return f"{found.year}年{found.month}月{found.day}日"
    # Names of months by the catalogue: those of the system would follow its locale.
    return f"{found.day} {text(f'report.month.{found.month}', language)} {found.year}"


def versions_table(comparison: Comparison, language: str) -> Table:
    """List what ran: this package, its code, Python and libraries.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Table
        A row for each.
    """
    manifest = comparison.manifest
    names = {
        "sim": "report.version.sim",
        "python": "report.version.python",
        "system": "report.version.system",
    }
    rows = [
        (text(names[name], language) if name in names else name, str(version))
        for name, version in manifest.get("versions", {}).items()
    ]
    code: dict[str, Any] = manifest.get("code", {})
    if code.get("sources"):
        rows.insert(1, (text("report.version.sources", language), str(code["sources"])))
    if code.get("commit"):
        changed = text("report.version.changed" if code.get("changed") else "report.version.clean", language)
        rows.insert(2, (text("report.version.commit", language), f"{str(code['commit'])[:12]} {changed}"))
    return Table(
        "versions",
        text("report.table.versions", language),
        "",
        own_columns("versions", language),
        (Group("", tuple(rows)),),
    )


def runs_table(comparison: Comparison, language: str) -> Table:
    """List every run with its seed and the digest of its final state.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    Table
        A row for each replication and arm.
    """
    names, digests = arm_names(comparison, language), comparison.manifest.get("digests", {})
    rows = tuple(
        (Number(number, 0), str(seed), names[arm], str(digests[arm][number]))
        for number, seed in enumerate(comparison.manifest["seeds"])
        for arm in comparison.arms
        if number < len(digests.get(arm, ()))
    )
    return Table(
        "runs",
        text("report.table.runs", language),
        text("report.table.runs.note", language),
        own_columns("runs", language),
        (Group("", rows),),
    )
