"""Write the tables of the documents anew from code and files: ``python docs/tables.py``.

With ``results=FOLDER``, the folder of a ``make demo``, the results in both READMEs are written anew, too.

Each table stands between two marks, ``<!-- name:begin -->`` and ``<!-- name:end -->``; the text around them
is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from sim.command.template import is_required
from sim.engine.kernel import PHASES
from sim.language import LANGUAGES, text
from sim.levers.definitions import LEVERS
from sim.levers.overview import mechanism_table, package_table, system_table
from sim.measures.definitions import MEASURES
from sim.parameters import markdown_table
from sim.report.numbers import NOTHING, format_change, format_value
from sim.studies.comparison import Comparison
from sim.studies.results import open_results
from sim.world.region import BOUNDARY_LEVELS, load_region, measured_region_names
from sim.world.tables import COLUMNS
from sim.world.words import choice_label, column_about, column_title, sheet_title, table_key
from sim.world.world import lay_out

ODD = Path(__file__).with_name("odd.md")
"""The document that most tables stand in."""

CATALOGUE = Path(__file__).with_name("mechanisms.md")
"""The document of mechanisms and packages."""

DATA = Path(__file__).with_name("data.md")
"""The document of the regions."""

BORDER = Path(__file__).with_name("your_border.md")
"""The guide to a border of one's own."""


READMES = {
    language: ODD.parents[1] / f"README{'' if language == 'en' else '.zh'}.md" for language in LANGUAGES
}
"""The first pages, on which the results of the demo stand."""

SHOWN = (
    *((name, "all") for name in ("settled_90_days", "first_response_days", "vacuum_share")),
    *((name, "all") for name in ("coverage_7_days", "offences")),
    *(("willingness", tier) for tier in ("county", "town", "village")),
    ("willingness_withdrawn", "village"),
    *((name, "all") for name in ("suspension_gap", "trust", "section_compliance", "staff_days")),
    *((name, "all") for name in ("waiting_days", "disputes_settled", "days_per_extra_settled")),
)
"""Measures and tiers of the results."""

RESULTS_INTRODUCED = {
    "zh": (
        "`make demo`：每个方案 {replications} 次运行，种子 {seed}，{burn_in:g} 年无机制后测量 {years:g} 年。"
        "第一列为无机制时的水平，其余为成对差异及其 95% 区间；占比类以百分点计。"
    ),
    "en": (
        "`make demo`, {replications} runs an arm, seed {seed}, {years:g} years after {burn_in:g} without "
        "mechanisms. First column: level without mechanisms. Others: paired difference with its 95 % "
        "interval; shares in percentage points."
    ),
}


def phases_table() -> str:
    """Return the phases of a day in their order."""
    rows = [f"| {number} | **{name}** | {what} |" for number, (name, what) in enumerate(PHASES, start=1)]
    return "\n".join(["| # | phase | what happens |", "|---|---|---|", *rows])


def levers_table() -> str:
    """Return the levers with every setting and option."""
    lines = ["| lever | changes | settings: default (range) unit | below a full dose |", "|---|---|---|---|"]
    for lever in LEVERS.values():
        cells = [
            f"`{name}` {row.default:g} ({row.low:g} to {row.high:g}) {row.unit}: {row.en}"
            + ("" if row.dosed else "; kept at any dose")
            for name, row in lever.settings.items()
        ]
        cells += [f"`{name}`: {', '.join(words)}" for name, words in lever.options.items()]
        where = f" – {', '.join(lever.tiers)}" if lever.tiers else " – ties, teams or stretches"
        dose = "fewer pairs" if lever.by_share else "smaller settings"
        lines.append(f"| `{lever.name}` | {lever.en}{where} | {'<br>'.join(cells)} | {dose} |")
    return "\n".join(lines)


def measures_table() -> str:
    """Return the measures with unit, direction, tiers and definition; headline measures are marked."""
    better = {1: "more", -1: "less", 0: "–"}
    lines = ["| measure | unit | better | tiers | definition |", "|---|---|---|---|---|"]
    group = ""
    for row in MEASURES.values():
        if row.group != group:
            group = row.group
            lines.append(f"| **{group}** | | | | |")
        mark = " ★" if row.headline else ""
        tiers = ", ".join(row.tiers)
        lines.append(
            f"| `{row.name}`{mark} | {row.unit} | {better[row.better]} | {tiers} | {row.definition} |"
        )
    return "\n".join(lines)


def regions_table() -> str:
    """Return what each region holds when it is laid out with seed 1."""
    heads = (
        "region", "a line lies between", "counties", "towns on the line", "behind it", "synthetic stretches",
        "villages and communities", "ties", "on the border", "km of border", "pairs of towns on it",
        "pairs of counties on it", "residents, million",
    )  # fmt: skip
    between = dict(zip(BOUNDARY_LEVELS[1:], ("towns", "districts", "prefectures", "provinces"), strict=True))
    lines = ["| " + " | ".join(heads) + " |", "|---|---|" + "---:|" * (len(heads) - 2)]
    for name in measured_region_names():
        region = load_region(name)
        world = lay_out(region, seed=1)
        is_stretch = region.towns["synthetic"] == "yes"
        on_line = region.towns["ring"] == 0
        border = world.tie_is_border
        of_tier = [int((world.dyad_is_border & (world.dyad_tier == tier)).sum()) for tier in (1, 2)]
        cells = [
            f"`{name}`",
            between[BOUNDARY_LEVELS[region.border_level]],
            len(world.county_code),
            int((on_line & ~is_stretch).sum()),
            int((~on_line).sum()),
            int(is_stretch.sum()),
            f"{len(world.village_code):,}",
            f"{len(world.tie_a):,}",
            int(border.sum()),
            f"{world.tie_length_km[border].sum():,.0f}",
            *of_tier,
            f"{world.village_residents.sum() / 1e6:.2f}",
        ]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def columns_table(language: str) -> str:
    """Return what every sheet of a border holds, column by column."""
    parts = []
    for file, columns in COLUMNS.items():
        parts += [f"**{sheet_title(file, language)}** (`{file}`)", ""]
        parts += [text(f"border.purpose.{table_key(file)}", language), ""]
        heads = {"zh": ("列", "名称", "内容"), "en": ("column", "name", "what it holds")}[language]
        parts += [f"| {' | '.join(heads)} |", "|---|---|---|"]
        for column in columns:
            title = column_title(file, column.name, language) + (" *" if is_required(column) else "")
            words = "、" if language == "zh" else ", "
            labels = words.join(choice_label(word, language) for word in column.choices)
            about = column_about(file, column.name, language) + (f" [{labels}]" if labels else "")
            parts.append(f"| {title} | `{column.name}` | {about} |")
        parts.append("")
    return "\n".join(parts).rstrip()


def results_table(comparison: Comparison, language: str) -> str:
    """Return what a comparison found, a column for each arm, in the words of a README."""
    names = [comparison.manifest["arms"][arm]["name"][language] for arm in comparison.arms]
    settings = comparison.manifest["configuration"]
    lines = [
        RESULTS_INTRODUCED[language].format(**settings),
        "",
        f"| {text('command.column.measure', language)} | {' | '.join(names)} |",
        "|---" * (1 + len(names)) + "|",
    ]
    for measure, tier in SHOWN:
        scope = "interior" if measure == "waiting_days" else "border"
        effects = comparison.effects
        rows = effects[
            (effects["measure"] == measure) & (effects["scope"] == scope) & (effects["tier"] == tier)
        ]
        unit, label = MEASURES[measure].unit, getattr(MEASURES[measure], language)
        if tier != "all":
            of_tier = text(f"command.tier.{tier}", language)
            label += f"（{of_tier}）" if language == "zh" else f" ({of_tier})"
        cells = [format_value(float(rows["baseline_value"].iloc[0]), unit)]
        points = f" {text('charts.unit.points_counted', language)}"
        for row in rows.set_index("arm").loc[list(comparison.arms[1:])].to_dict("records"):
            change = format_change(row["effect"], row["low"], row["high"], unit, language)
            cells.append(change.removesuffix(points))
        if measure == "days_per_extra_settled":
            # A ratio of differences has no level, and no sign to show.
            cells = [NOTHING, *(cell.replace("+", "") for cell in cells[1:])]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


TABLES: dict[str, Callable[[], str]] = {
    "phases": phases_table,
    "levers": levers_table,
    "measures": measures_table,
    "parameters": markdown_table,
}
"""The tables of the ODD by the name of their marks."""

CATALOGUE_TABLES: dict[str, Callable[[], str]] = {
    "systems": system_table,
    "packages": package_table,
    "mechanisms": mechanism_table,
}
"""The tables of the catalogue by the name of their marks."""

DATA_TABLES: dict[str, Callable[[], str]] = {"regions": regions_table}
"""The tables of the document of the regions."""

BORDER_TABLES: dict[str, Callable[[], str]] = {
    "columns_zh": lambda: columns_table("zh"),
    "columns_en": lambda: columns_table("en"),
}
"""The tables of the guide to a border of one's own."""


def refreshed(document: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """Return a document with every table as the code has it now.

    Parameters
    ----------
    document : str
        Text with both marks of every table.
    tables : mapping of str to callable
        The tables that stand in it, by the name of their marks.

    Returns
    -------
    str
        The same text with new tables.

    Raises
    ------
    ValueError
        If a table does not have its two marks exactly once.
    """
    for name, table in tables.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        if (
            not re.search(f"{begin}\n.*{end}", document, re.DOTALL)
            or document.count(begin) + document.count(end) != 2
        ):
            raise ValueError(f"the marks {begin} and {end} are to stand in the document once, in this order")
        before, rest = document.split(begin)
        document = f"{before}{begin}\n\n{table()}\n\n{end}{rest.split(end)[1]}"
    return document


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        found = open_results(argument.removeprefix("results="))
        for language, path in READMES.items():
            table = partial(results_table, found, language)
            path.write_text(refreshed(path.read_text("utf-8"), {"results": table}), "utf-8")
    for path, tables in (
        (ODD, TABLES), (CATALOGUE, CATALOGUE_TABLES), (DATA, DATA_TABLES), (BORDER, BORDER_TABLES)
    ):  # fmt: skip
        path.write_text(refreshed(path.read_text("utf-8"), tables), "utf-8")
