"""The answers of notebooks on studies, and on a border of one's own: three sentences each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from scipy.stats import t

from sim.charts.study_words import capital, dimension_name, joined, package_name, say_share, say_value
from sim.charts.wording import say_difference
from sim.charts.words import arm_names
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.notebook.claims import Claim, Sentence, change_of, change_words
from sim.studies.analyses.attribution import Attribution, Interactions
from sim.studies.analyses.robustness import Robustness
from sim.studies.comparison import Comparison
from sim.world.world import World

__all__ = ["answer_how_sure", "answer_own_border", "answer_which_link", "runs_needed"]

# Half the width of an interval that an office could use.
_NARROW: Final = {"settled_90_days": 0.02}
_ENDS: Final = ("", "_low", "_high")


def answer_which_link(
    settled: Attribution, covered: Attribution, pairs: Interactions, language: str
) -> list[Sentence]:
    """Say which link does how much of the work.

    Parameters
    ----------
    settled, covered : Attribution
        Shares of the links in what all do to settlement and to coverage.
    pairs : Interactions
        How links help each other in settlement.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Sentence
        Settlement; coverage; links that do nothing clear, and links that help or hinder each other.
    """
    sentences = [
        _parts_sentence(found, number, language) for number, found in enumerate((settled, covered), start=1)
    ]
    rows = settled.table.to_dict("records")
    idle = [row for row in rows if row["low"] <= 0 <= row["high"]]
    clear = pairs.table[pairs.table["is_clear"]].to_dict("records")
    helping, hindering = ([row for row in clear if sign * row["value"] > 0] for sign in (1, -1))
    key = "notebook.which_link.answer"
    none = text(f"{key}.none", language)
    words = text(
        f"{key}.3",
        language,
        idle=joined([dimension_name(row["player"], language) for row in idle], language) or none,
        helping=len(helping),
        hindering=len(hindering),
        pairs=len(pairs.table),
    )
    claims = [
        Claim(f"{row['player_a']} with {row['player_b']}", row["value"], row["low"], row["high"])
        for row in (*helping, *hindering)
    ]
    sentences.append(Sentence(words, (*(_part_claim(row) for row in idle), *claims)))
    return sentences


def _parts_sentence(found: Attribution, number: int, language: str) -> Sentence:
    key = "notebook.which_link.answer"
    measure = found.outcome.measure
    whole = Claim(f"{found.outcome.key} of all", found.total, found.total_low, found.total_high)
    rows = found.table.to_dict("records")
    first, second = rows[0], rows[1]
    if whole.direction in ("unclear", "unmeasured") or math.isnan(first["share"]):
        words = text(
            f"{key}.{number}.unclear",
            language,
            whole=change_words(whole, MEASURES[measure].unit, language),
        )
        return Sentence(words, (whole,))
    # The two are told apart only where their intervals are.
    direction = 1.0 if whole.value > 0 else -1.0
    ends = [sorted((direction * row["low"], direction * row["high"])) for row in (first, second)]
    is_first = ends[0][0] > ends[1][1]
    words = text(
        f"{key}.{number}.{'first' if is_first else 'together'}",
        language,
        whole=change_words(whole, MEASURES[measure].unit, language),
        first=dimension_name(first["player"], language),
        first_share=say_share(first["share"], first["share_low"], first["share_high"], language),
        second=dimension_name(second["player"], language),
        second_share=say_share(second["share"], second["share_low"], second["share_high"], language),
    )
    shares = tuple(
        Claim(f"share of {row['player']}", row["share"], row["share_low"], row["share_high"])
        for row in (first, second)
    )
    return Sentence(words, (whole, *shares))


def _part_claim(row: Mapping[Any, Any]) -> Claim:
    return Claim(str(row["player"]), row["value"], row["low"], row["high"])


def answer_how_sure(
    found: Comparison, sets: Robustness, language: str, arm: str = "five_links"
) -> list[Sentence]:
    """Say how sure the answer is: chance first, assumptions second.

    Parameters
    ----------
    found : Comparison
        A comparison with the alliance and without it.
    sets : Robustness
        The alliance over sets of assumptions, by the same measure.
    language : {"zh", "en"}
        Language.
    arm : str
        The arm that is the alliance.

    Returns
    -------
    list of Sentence
        The interval by chance; the share of sets in which it helps; the range over sets, wider or not.
    """
    measure = sets.outcome.measure
    unit = MEASURES[measure].unit
    chance = change_of(found, arm, sets.outcome)
    row = dict(zip(sets.table.columns, sets.table[sets.table["arm"] == arm].iloc[0], strict=True))
    helps, harms = (
        Claim(f"share of sets in which {arm} {verdict}", *(float(row[f"{verdict}{end}"]) for end in _ENDS))
        for verdict in ("helps", "harms")
    )
    effects = sets.sets.loc[sets.sets["arm"] == arm, "effect"]
    ends = [Claim(f"{name} effect over sets", float(end), math.nan, math.nan) for name, end in
            (("least", effects.min()), ("most", effects.max()))]  # fmt: skip
    least, most = (say_value(end.value, math.nan, math.nan, sets.outcome, language) for end in ends)
    wider = (ends[1].value - ends[0].value) / (chance.high - chance.low)
    key = "notebook.how_sure.answer"
    name = arm_names(found, language)[arm]
    return [
        Sentence(
            text(
                f"{key}.1",
                language,
                arm=name,
                runs=found.replications,
                change=change_words(chance, unit, language),
            ),
            (chance,),
        ),
        Sentence(
            text(
                f"{key}.2",
                language,
                arm=capital(package_name(arm, "", language)),
                sets=sets.fitting,
                helps=say_share(helps.value, helps.low, helps.high, language),
                harms=say_share(harms.value, harms.low, harms.high, language),
            ),
            (helps, harms),
        ),
        Sentence(
            text(f"{key}.3", language, least=least, most=most, times=f"{wider:.1f}"),
            (*ends, Claim("range over sets per interval by chance", wider, math.nan, math.nan)),
        ),
    ]


def answer_own_border(
    world: World, found: Comparison, language: str, arm: str = "five_links"
) -> list[Sentence]:
    """Say what was read of a border, what a small run shows, and how many runs an answer would take.

    Parameters
    ----------
    world : World
        A layout of the border.
    found : Comparison
        A small run on it.
    language : {"zh", "en"}
        Language.
    arm : str
        The arm that was compared with the baseline.

    Returns
    -------
    list of Sentence
        Size of the border; the change in settlement; the number of runs for an interval of two points.
    """
    across = world.tie_is_border
    sizes = {
        "towns": int(len(world.town_code)),
        "villages": int(len(world.village_code)),
        "ties": int(across.sum()),
        "kilometres": round(float(world.tie_length_km[across].sum())),
    }
    measure = "settled_90_days"
    change = change_of(found, arm, measure)
    needed = runs_needed(found, arm, measure, _NARROW[measure])
    key = "notebook.own_border.answer"
    name = arm_names(found, language)[arm]
    unit = MEASURES[measure].unit
    target = say_difference(_NARROW[measure], 0.0, 2 * _NARROW[measure], unit, language)[0].lstrip("+")
    third = (
        text(f"{key}.3.unmeasured", language)
        if needed is None
        else text(f"{key}.3", language, runs=needed, target=target)
    )
    return [
        Sentence(
            text(f"{key}.1", language, **sizes),
            tuple(Claim(name, float(value), math.nan, math.nan) for name, value in sizes.items()),
        ),
        Sentence(
            text(
                f"{key}.2",
                language,
                runs=found.replications,
                arm=name,
                change=change_words(change, unit, language),
            ),
            (change,),
        ),
        Sentence(third, () if needed is None else (Claim("runs", float(needed), math.nan, math.nan),)),
    ]


def runs_needed(found: Comparison, arm: str, measure: str, half_width: float) -> int | None:
    """Estimate how many runs make the interval of an effect so narrow.

    The spread between runs is taken from those that were run, so few runs give a rough number.

    Parameters
    ----------
    found : Comparison
        The comparison.
    arm : str
        Key of the arm.
    measure : str
        Key of the measure.
    half_width : float
        Half the width of the 95 % interval that is wanted, in the unit of the measure.

    Returns
    -------
    int or None
        At least 2; None where the effect has no interval.
    """
    change = change_of(found, arm, measure)
    reached = (change.high - change.low) / 2.0
    if math.isnan(reached):
        return None
    runs = found.replications
    spread = reached * math.sqrt(runs) / float(t.ppf(0.975, runs - 1))
    for count in range(2, 10_000):
        if float(t.ppf(0.975, count - 1)) * spread / math.sqrt(count) <= half_width:
            return count
    return 10_000
