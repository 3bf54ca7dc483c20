"""The table of directions as pages to read, and what was found in sentences, in two languages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from sim.language import catalogue, text
from sim.levers.definitions import LEVERS
from sim.measures.definitions import MEASURES
from sim.studies.directions.moves import ALONE, known_mechanism, known_package
from sim.studies.directions.runs import QUANTITIES
from sim.studies.directions.table import overall
from sim.studies.false_discovery import FALSE_DISCOVERY_RATE

__all__ = ["between_marks", "direction_page", "findings"]

_PERCENT: Final = ("share", "probability")
_NOTHING: Final = "–"
# Those first of which a reader should be warned.
_GROUPS: Final = ("nothing", "harms", "mixed", "elsewhere", "no_clear", "price_only", "helps")
# Of these the settings, more than a hundred, are only counted.
_COUNTED: Final = ("no_clear", "price_only")
# That there is nothing of these is worth saying, too.
_ALWAYS: Final = ("nothing", "harms")
_KEY: Final = ["kind", "name", "setting", "place"]


def direction_page(table: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> str:
    """Write the whole table for readers.

    Parameters
    ----------
    table : pandas.DataFrame
        As `sim.studies.directions.table.direction_table` returns it.
    manifest : mapping
        Of the runs.
    language : {"zh", "en"}
        Language of the page.

    Returns
    -------
    str
        Markdown.
    """
    parts = [f"# {text('directions.title', language)}", _about(table, manifest, language)]
    parts += [text(f"directions.{key}", language) for key in ("how", "strength")]
    levers = table[table["kind"].isin(["lever", "setting"])]
    for place in levers["place"].drop_duplicates():
        title = text("directions.section.lever", language, place=_place(place, language))
        parts += [f"## {title}", _section(levers[levers["place"] == place], language)]
    mechanisms = table[table["kind"] == "mechanism"]
    for name, where in (("alone", mechanisms["place"] == ALONE), ("inside", mechanisms["place"] != ALONE)):
        chosen = mechanisms[where]
        if len(chosen):
            title = text(f"directions.section.mechanism_{name}", language)
            parts += [f"## {title}", _section(chosen, language, with_package=name == "inside")]
    return "\n\n".join(parts) + "\n"


def findings(table: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> str:
    """Say what was found: what does nothing, what harms, what has a price only.

    Parameters
    ----------
    table : pandas.DataFrame
        As `sim.studies.directions.table.direction_table` returns it.
    manifest : mapping
        Of the runs.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    str
        Markdown.
    """
    parts = [_about(table, manifest, language)]
    for kind in ("mechanism", "lever", "setting"):
        own = table[table["kind"] == kind]
        for place, where in (("alone", own["place"] == ALONE), ("inside", own["place"] != ALONE)):
            if where.any():
                parts.append(_found(own[where], f"{kind}_{place}", language))
    return "\n\n".join(parts)


def between_marks(document: str, name: str, content: str) -> str:
    r"""Put generated text between the two marks of a document that is otherwise written by hand.

    Parameters
    ----------
    document : str
        Markdown with ``<!-- name:begin -->`` and ``<!-- name:end -->``.
    name : str
        Name of the marks.
    content : str
        What is to stand between them.

    Returns
    -------
    str
        The document.

    Raises
    ------
    ValueError
        If a mark is missing.

    Examples
    --------
    >>> between_marks("a <!-- x:begin -->old<!-- x:end --> b", "x", "new")
    'a <!-- x:begin -->\n\nnew\n\n<!-- x:end --> b'
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, _, rest = document.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the document lacks {begin} or {end}")
    return f"{before}{begin}\n\n{content}\n\n{end}{after}"


def _about(table: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> str:
    # Pairs that are equal to the bit leave nothing to judge.
    judged = table[table["q_value"].notna() & (table["verdict"] != "same")]
    leaves_out_zero = int(((judged["low95"] > 0.0) | (judged["high95"] < 0.0)).sum())
    runs = text(
        "directions.runs",
        language,
        region=manifest["region"],
        replications=manifest["replications"],
        years=manifest["years"],
        burn_in=manifest["burn_in"],
        seed=manifest["seed"],
        digest=manifest["sources"],
    )
    many = text(
        "directions.many",
        language,
        tests=f"{len(judged):,}",
        same=f"{int((table['verdict'] == 'same').sum()):,}",
        chance=round(len(judged) * 0.05),
        rate=FALSE_DISCOVERY_RATE,
        unadjusted=f"{leaves_out_zero:,}",
        clear=f"{int(table['verdict'].isin(['rises', 'falls']).sum()):,}",
        share=f"{100.0 * FALSE_DISCOVERY_RATE:g}",
    )
    return "\n\n".join([runs, many, text("directions.price", language)])


def _section(rows: pd.DataFrame, language: str, *, with_package: bool = False) -> str:
    heads = [text("directions.column.what", language), text("directions.column.ends", language)]
    if with_package:
        heads.insert(1, text("directions.column.package", language))
    heads += [getattr(MEASURES[name], language) for name, _ in QUANTITIES]
    heads.append(text("directions.column.overall", language))
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for key, group in rows.groupby(_KEY, sort=False):
        kind, name, setting, place = map(str, key)
        first = group.iloc[0]
        cells = [_what(kind, name, setting, language), _ends(first, language)]
        if with_package:
            cells.insert(1, known_package(place).name[language])
        cells += [_cell(row, language) for row in group.to_dict("records")]
        word = overall(group)
        note = first[f"note_{language}"]
        said = text(f"directions.overall.{word}", language)
        cells.append(f"{said}: {note}" if note else said)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _found(rows: pd.DataFrame, title: str, language: str) -> str:
    groups: dict[str, list[tuple[str, pd.DataFrame]]] = {}
    for key, group in rows.groupby(_KEY, sort=False):
        kind, name, setting, place = map(str, key)
        shown = _what(kind, name, setting, language)
        if place != ALONE:
            shown = f"{shown} @ {known_package(place).name[language]}"
        groups.setdefault(overall(group), []).append((shown, group))
    count = sum(map(len, groups.values())) - len(groups.get("absent", ()))
    lines = [text(f"directions.found.{title}", language, count=count) + "\n"]
    for word in _GROUPS:
        said = text(f"directions.overall.{word}", language)
        members = groups.get(word, [])
        if not members and word not in _ALWAYS:
            continue
        if word == "helps" or (word in _COUNTED and title.startswith("setting")):
            lines.append("- " + text("directions.found.count", language, verdict=said, count=len(members)))
            continue
        names = [_named(shown, group, language) for shown, group in members]
        listed = text("directions.found.separator", language).join(names)
        lines.append(
            "- "
            + text(
                "directions.found.group",
                language,
                verdict=said,
                count=len(members),
                names=listed or text("directions.found.none", language),
            )
        )
    return "\n".join(lines)


def _named(shown: str, group: pd.DataFrame, language: str) -> str:
    """Name a move with what it worsens, or why it does nothing."""
    worse = group.loc[group["judgement"] == "worse", "measure"]
    if len(worse):
        measures = text("directions.found.separator", language).join(
            getattr(MEASURES[name], language) for name in worse
        )
        return text("directions.found.worse", language, name=shown, measures=measures)
    note = group.iloc[0][f"note_{language}"]
    return text("directions.found.reason", language, name=shown, reason=note) if note else shown


def _what(kind: str, name: str, setting: str, language: str) -> str:
    if kind == "mechanism":
        mechanism = known_mechanism(name)
        return f"{mechanism.id} {mechanism.name[language]}".strip()
    lever = LEVERS[name]
    if kind == "lever":
        return f"`{name}` {lever.zh.partition('：')[0]}" if language == "zh" else f"`{name}`"
    if setting in lever.settings:
        return f"`{name}.{setting}` {getattr(lever.settings[setting], language)}"
    return f"`{name}.{setting}` {text(f'directions.option.{name}.{setting}', language)}"


def _place(place: str, language: str) -> str:
    if place == ALONE:
        return text("directions.place.alone", language)
    return text("directions.place.inside", language, package=known_package(place).name[language])


def _ends(row: pd.Series, language: str) -> str:
    words: Sequence[str] = [
        text(f"directions.end.{end}", language) if f"directions.end.{end}" in catalogue() else end
        for end in (str(row["low"]), str(row["high"]))
    ]
    return " → ".join(words)


def _cell(row: Mapping[Any, Any], language: str) -> str:
    if row["verdict"] == "absent" or math.isnan(row["effect"]):
        return _NOTHING
    if row["verdict"] == "same":
        return "＝" if language == "zh" else "="
    scale = 100.0 if row["unit"] in _PERCENT else 1.0
    effect = scale * row["effect"]
    half = 0.0 if math.isnan(row["low95"]) else scale * (row["high95"] - row["low95"]) / 2.0
    size = max(abs(effect), half)
    decimals = 1 if scale == 100.0 else 0 if size >= 100.0 else 1 if size >= 10.0 else 2 if size >= 1.0 else 3
    shown = f"{effect:+,.{decimals}f}"
    mark = {"rises": " ▲", "falls": " ▼"}.get(row["verdict"], "")
    worse = "！" if language == "zh" else "!"
    return shown + mark + (worse if row["judgement"] == "worse" else "")
