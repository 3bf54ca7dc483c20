"""Everything that a report of a comparison says, before it is set as a page or a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.charts.answers import answer_lines
from sim.charts.findings import finding
from sim.charts.words import arm_names
from sim.engine.dates import later
from sim.errors import InputError
from sim.language import catalogue, text
from sim.measures.definitions import MEASURES
from sim.report.assumption_tables import changed_parameters, count_by_basis, parameters_table
from sim.report.certainty import certainty, study_command
from sim.report.effect_tables import all_measures_tables, cost_tables, headline_tables
from sim.report.figures import Picture, draw_pictures
from sim.report.mechanism_tables import arms_table, levers_table, mechanisms_table
from sim.report.run_tables import command_line, reader_date, runs_table, versions_table
from sim.report.survival import Survival, judge_survival
from sim.report.table import Table, sheet_name
from sim.studies.comparison import Comparison
from sim.studies.scenario import Scenario, recorded_scenario
from sim.studies.store.reader import Study
from sim.world.region import Region, load_region, region_names

__all__ = ["Limits", "Report", "make_report"]

_MANIFEST = "manifest.json"
_NEEDED = ("configuration", "arms", "seeds", "days", "burn_in_days", "start")


@dataclass(frozen=True)
class Limits:
    """The limits of the model, as its document states them.

    Attributes
    ----------
    preface : str
        What to do with them.
    parts : tuple of (str, str)
        Titles and texts.
    distrust : tuple of str
        What to distrust most.
    patterns : tuple of (str, str)
        Patterns of the sources, and what the model does.
    after : tuple of (str, str)
        Titles and texts at the end.
    """

    preface: str
    parts: tuple[tuple[str, str], ...]
    distrust: tuple[str, ...]
    patterns: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """What a report says.

    Attributes
    ----------
    language : {"zh", "en"}
        Its language.
    title, subtitle : str
        What it is about.
    story : Scenario or None
        The scenario that the result was made for.
    question : str
        What was asked.
    answers : tuple of str
        What was found, a sentence each.
    pictures : tuple of Picture
        The figures.
    no_map : str
        Why there is no map; empty where there is one.
    headlines, costs, all_measures : tuple of Table
        Effects.
    arms, mechanisms, levers, parameters, versions, runs : Table
        What was compared, what it rests on and how it was made.
    certainty, assumptions, reproduce : tuple of str
        Sentences.
    commands : dict of str to str
        Lines for a shell: ``again``, and ``range`` for the ends of a plausible range.
    limits : Limits
        Limits of the model.
    survival : Survival or None
        What a study over parameter sets says of the conclusions; None where none was given.
    """

    language: str
    title: str
    subtitle: str
    story: Scenario | None
    question: str
    answers: tuple[str, ...]
    pictures: tuple[Picture, ...]
    no_map: str
    headlines: tuple[Table, ...]
    costs: tuple[Table, ...]
    all_measures: tuple[Table, ...]
    arms: Table
    mechanisms: Table
    levers: Table
    parameters: Table
    versions: Table
    runs: Table
    certainty: tuple[str, ...]
    assumptions: tuple[str, ...]
    reproduce: tuple[str, ...]
    commands: dict[str, str]
    limits: Limits
    survival: Survival | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in the order of a workbook."""
        return (
            *self.headlines,
            *self.costs,
            *([] if self.survival is None else [self.survival.table]),
            self.arms,
            self.mechanisms,
            self.levers,
            *self.all_measures,
            self.parameters,
            self.versions,
            self.runs,
        )


def make_report(
    comparison: Comparison, language: str, region: Region | None = None, study: Study | None = None
) -> Report:
    """Compute what a report says.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    language : {"zh", "en"}
        Language.
    region : Region, optional
        The border for the maps; by default the one of the project that the result names.
    study : Study, optional
        A study over parameter sets to hold the conclusions against.

    Returns
    -------
    Report
        The report.

    Raises
    ------
    InputError
        If the manifest lacks what a report needs, or border or study are not those of the result.
    """
    manifest = comparison.manifest
    for key in _NEEDED:
        if key not in manifest:
            allowed = {"zh": "完整的结果清单", "en": "the whole manifest of a result"}
            raise InputError("key", key, allowed, where=_MANIFEST)
    border = _border(comparison, region)
    names = arm_names(comparison, language)
    separator = text("charts.list_separator", language)
    compared = separator.join(names[arm] for arm in comparison.arms[1:])
    configuration = manifest["configuration"]
    story = recorded_scenario(manifest["scenario"], _MANIFEST) if manifest.get("scenario") else None
    runs = runs_table(comparison, language)
    survival = None
    if study is not None:
        asked = [item.measure for item in story.findings if item.tier == "all"] if story else []
        survival = judge_survival(comparison, study, language, asked)
    no_map = text("report.figures.no_map", language, region=comparison.region) if border is None else ""
    return Report(
        language=language,
        title=text("report.title", language, region=_region_title(comparison, border, language)),
        subtitle=text(
            "report.subtitle",
            language,
            arms=separator.join(names.values()),
            replications=comparison.replications,
            years=f"{configuration['years']:g}",
            burn_in=f"{configuration['burn_in']:g}",
        ),
        story=story,
        question=story.question[language]
        if story
        else text("report.question", language, baseline=names[comparison.baseline], arms=compared),
        answers=tuple(_answers(comparison, story, names, language)),
        pictures=tuple(draw_pictures(comparison, language, border)),
        no_map=no_map,
        headlines=tuple(headline_tables(comparison, language)),
        costs=tuple(cost_tables(comparison, language)),
        all_measures=tuple(all_measures_tables(comparison, language)),
        arms=arms_table(comparison, language),
        mechanisms=mechanisms_table(comparison, language),
        levers=levers_table(comparison, language),
        parameters=parameters_table(comparison, language),
        versions=versions_table(comparison, language),
        runs=runs,
        certainty=tuple(certainty(comparison, language, survival.words if survival else "")),
        survival=survival,
        assumptions=tuple(_assumptions(comparison, language)),
        reproduce=tuple(_reproduce(comparison, runs, language)),
        commands={
            "again": command_line(comparison, language),
            "range": study_command(comparison, language),
        },
        limits=_limits(language),
    )


def _border(comparison: Comparison, region: Region | None) -> Region | None:
    if region is None:
        return load_region(comparison.region) if comparison.region in region_names() else None
    if region.name != comparison.region:
        allowed = {
            "zh": f"结果所用的地区（{comparison.region}）",
            "en": f"the border of the result ({comparison.region})",
        }
        raise InputError("region", region.name, allowed)
    return region


def _region_title(comparison: Comparison, border: Region | None, language: str) -> str:
    kept: dict[str, str] = comparison.manifest.get("region_title", {})
    if kept.get(language):
        return kept[language]
    if border is None:
        return comparison.region
    return border.title_zh if language == "zh" else border.title_en


def _answers(
    comparison: Comparison, story: Scenario | None, names: dict[str, str], language: str
) -> list[str]:
    """Answer the question of the scenario, or the general one by the headline measures."""
    if story is not None:
        return answer_lines(comparison, story, language)
    found = set(comparison.effects["measure"].astype(str))
    stop = "。" if language == "zh" else "."
    return [
        finding(comparison, names, measure, language) + stop
        for measure in ("settled_90_days", "coverage_7_days", "willingness", "suspension_gap", "staff_days")
        if measure in MEASURES and measure in found
    ]


def _assumptions(comparison: Comparison, language: str) -> list[str]:
    counts = count_by_basis()
    lines = [
        text("report.assumptions.law", language),
        text("report.assumptions.count", language, total=sum(counts.values()), **counts),
    ]
    changed = changed_parameters(comparison)
    if changed:
        said = text("charts.list_separator", language).join(
            f"{name} = {value:g}" for name, value in changed.items()
        )
        lines.append(text("report.assumptions.changed", language, changes=said))
    else:
        lines.append(text("report.assumptions.default", language))
    return [*lines, text("report.assumptions.appendix", language)]


def _reproduce(comparison: Comparison, runs: Table, language: str) -> list[str]:
    manifest: dict[str, Any] = comparison.manifest
    start = date.fromisoformat(manifest["start"])
    measured = later(start, float(manifest["configuration"]["burn_in"]))
    return [
        text("report.reproduce.own", language),
        text(
            "report.reproduce.span",
            language,
            start=reader_date(start.isoformat(), language),
            measured=reader_date(measured.isoformat(), language),
            days=f"{comparison.days:,}",
        ),
        text(
            "report.reproduce.seed",
            language,
            seed=manifest["configuration"]["seed"],
            sheet=sheet_name(runs, language),
        ),
    ]


def _limits(language: str) -> Limits:
    def numbered(start: str, ending: str = "") -> list[str]:
        found: list[str] = []
        while (key := f"{start}.{len(found) + 1}{ending}") in catalogue():
            found.append(text(key, language))
        return found

    after = ("limits.demo", "limits.maps")
    return Limits(
        preface=text("limits.preface", language),
        parts=tuple(zip(numbered("limits.part", ".title"), numbered("limits.part"), strict=True)),
        distrust=tuple(numbered("limits.distrust")),
        patterns=tuple(zip(numbered("limits.pattern", ".name"), numbered("limits.pattern"), strict=True)),
        after=tuple((text(f"{key}.title", language), text(key, language)) for key in after),
    )
