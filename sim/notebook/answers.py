"""The answers with which notebooks on comparisons open: three sentences, made from the results."""

from __future__ import annotations

from collections.abc import Sequence

from sim.charts.findings import Verdict, say_verdicts
from sim.charts.payers import tier_shares
from sim.charts.scopes import level_of, scope_difference
from sim.charts.study_words import joined, say_share
from sim.charts.wording import say_difference
from sim.charts.words import arm_names, tier_name
from sim.language import text
from sim.measures.definitions import MEASURES
from sim.notebook.claims import Claim, Sentence, change_of, change_words, claim_of, level_words
from sim.studies.analyses.outcomes import Outcome, outcome_of
from sim.studies.comparison import Comparison

__all__ = [
    "answer_attendance",
    "answer_cost",
    "answer_this_border",
    "answer_why_alone",
    "answer_with_and_without",
]


def answer_this_border(found: Comparison, language: str) -> list[Sentence]:
    """Say what this border is like without mechanisms.

    Parameters
    ----------
    found : Comparison
        A comparison whose baseline has no mechanism.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Sentence
        Settlement across and inside; neglect and patrols; willingness by tier.
    """
    arm = found.baseline
    settled = [_level(found, arm, Outcome("settled_90_days", scope)) for scope in ("border", "interior")]
    gap = claim_of(scope_difference(found, arm, "settled_90_days"), "settled_90_days")
    vacuum, covered = (_level(found, arm, item) for item in ("vacuum_share", "coverage_7_days"))
    patrol = claim_of(scope_difference(found, arm, "coverage_7_days"), "coverage_7_days")
    tiers = [_level(found, arm, Outcome("willingness", tier=tier)) for tier in ("county", "town", "village")]
    key = "notebook.this_border.answer"
    return [
        Sentence(
            text(
                f"{key}.1",
                language,
                across=level_words(settled[0], "settled_90_days", language),
                inside=level_words(settled[1], "settled_90_days", language),
                gap=_than(gap, "settled_90_days", language),
            ),
            (*settled, gap),
        ),
        Sentence(
            text(
                f"{key}.2",
                language,
                vacuum=level_words(vacuum, "vacuum_share", language),
                covered=level_words(covered, "coverage_7_days", language),
                gap=_than(patrol, "coverage_7_days", language),
            ),
            (vacuum, covered, patrol),
        ),
        Sentence(
            text(
                f"{key}.3",
                language,
                county=level_words(tiers[0], "willingness", language),
                town=level_words(tiers[1], "willingness", language),
                village=level_words(tiers[2], "willingness", language),
            ),
            tuple(tiers),
        ),
    ]


def answer_with_and_without(found: Comparison, language: str, arm: str = "five_links") -> list[Sentence]:
    """Say what the alliance changes.

    Parameters
    ----------
    found : Comparison
        A comparison with the alliance and without it.
    language : {"zh", "en"}
        Language.
    arm : str
        The arm that is the alliance.

    Returns
    -------
    list of Sentence
        Disputes; patrols; co-operation, with what does not move or worsens.
    """
    groups = [
        ("settled_90_days", "first_response_days", "vacuum_share"),
        ("coverage_7_days", "offences"),
        ("willingness", "suspension_gap", "trust"),
    ]
    name = arm_names(found, language)[arm]
    sentences = []
    for number, measures in enumerate(groups, start=1):
        claims = [change_of(found, arm, measure) for measure in measures]
        said = {item: _change(claim, item, language) for item, claim in zip(measures, claims, strict=True)}
        words = text(f"notebook.with_and_without.answer.{number}", language, arm=name, **said)
        sentences.append(Sentence(words, tuple(claims)))
    return sentences


def answer_why_alone(found: Comparison, language: str) -> list[Sentence]:
    """Say why joint teams still go it alone, and which single addition changes that.

    Parameters
    ----------
    found : Comparison
        A comparison of single additions to the alliance, the alliance first; the last two arms are a body
        without and with the right to decide.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Sentence
        Attendance, effort and reciprocity as they are; additions and effort; additions and settlement.
    """
    arm, names = found.baseline, arm_names(found, language)
    measures = ("attendance", "effort", "reciprocity", "joint_share")
    levels = [_level(found, arm, item) for item in measures]
    said = {item: level_words(claim, item, language) for item, claim in zip(measures, levels, strict=True)}
    effort, settled = (_all_changes(found, item) for item in ("effort", "settled_90_days"))
    without, decides = found.arms[-2:]
    right = change_of(found, decides, "settled_90_days", without)
    key = "notebook.why_alone.answer"
    return [
        Sentence(text(f"{key}.1", language, arm=names[arm], **said), tuple(levels)),
        Sentence(text(f"{key}.2", language, changes=_say_all(effort, "effort", names, language)), effort),
        Sentence(
            text(
                f"{key}.3",
                language,
                changes=_say_all(settled, "settled_90_days", names, language),
                right=_change(right, "settled_90_days", language),
            ),
            (*settled, right),
        ),
    ]


def answer_attendance(found: Comparison, language: str) -> list[Sentence]:
    """Say what happens when attendance is assessed instead of results.

    Parameters
    ----------
    found : Comparison
        A comparison whose first arm has no assessment; the second assesses results only, the last attendance
        only.
    language : {"zh", "en"}
        Language.

    Returns
    -------
    list of Sentence
        Attendance and effort; gap and settlement; attendance assessed against no assessment.
    """
    none, results, attendance = found.arms[0], found.arms[1], found.arms[-1]
    pairs = [
        (("attendance", "effort"), results),
        (("suspension_gap", "settled_90_days"), results),
        (("effort", "settled_90_days"), none),
    ]
    sentences = []
    for number, (measures, against) in enumerate(pairs, start=1):
        claims = [change_of(found, attendance, measure, against) for measure in measures]
        said = {item: _change(claim, item, language) for item, claim in zip(measures, claims, strict=True)}
        words = text(f"notebook.attendance.answer.{number}", language, **said)
        sentences.append(Sentence(words, tuple(claims)))
    return sentences


def answer_cost(found: Comparison, language: str, arm: str = "five_links") -> list[Sentence]:
    """Say what the alliance costs and who pays.

    Parameters
    ----------
    found : Comparison
        A comparison with the alliance and without it.
    language : {"zh", "en"}
        Language.
    arm : str
        The arm that is the alliance.

    Returns
    -------
    list of Sentence
        Staff-days and what one more settled case takes; tiers; work inside.
    """
    name = arm_names(found, language)[arm]
    days, case = (change_of(found, arm, item) for item in ("staff_days", "days_per_extra_settled"))
    shares = tier_shares(found, arm).sort_values("share", ascending=False, kind="stable").to_dict("records")
    parts = [
        Claim(f"share of {row['tier']}", row["share"], row["share_low"], row["share_high"]) for row in shares
    ]
    said = [
        text(
            "charts.part",
            language,
            part=tier_name(row["tier"], language),
            amount=say_share(row["share"], row["share_low"], row["share_high"], language),
        )
        for row in shares
    ]
    waiting = change_of(found, arm, "interior.waiting_days.all")
    hours = change_of(found, arm, "interior.displaced_hours.all")
    key = "notebook.cost.answer"
    return [
        Sentence(
            text(
                f"{key}.1",
                language,
                arm=name,
                days=level_words(days, "staff_days", language),
                case=level_words(case, "days_per_extra_settled", language),
            ),
            (days, case),
        ),
        Sentence(text(f"{key}.2", language, parts=joined(said, language)), tuple(parts)),
        Sentence(
            text(
                f"{key}.3",
                language,
                hours=level_words(hours, "displaced_hours", language),
                waiting=_change(waiting, "waiting_days", language),
            ),
            (hours, waiting),
        ),
    ]


def _level(found: Comparison, arm: str, outcome: str | Outcome) -> Claim:
    outcome = outcome_of(outcome)
    return Claim(f"{outcome.key} under {arm}", *level_of(found, arm, outcome))


def _change(claim: Claim, measure: str, language: str) -> str:
    return change_words(claim, MEASURES[measure].unit, language)


def _than(claim: Claim, measure: str, language: str) -> str:
    """Say how the border compares with the inside."""
    key = f"notebook.than_inside.{claim.direction}"
    if claim.direction == "unmeasured":
        return text(key, language)
    change, interval = say_difference(claim.value, claim.low, claim.high, MEASURES[measure].unit, language)
    if claim.direction != "unclear":
        change = change.lstrip("+−")
    return text(key, language, change=change, interval=interval)


def _all_changes(found: Comparison, measure: str) -> tuple[Claim, ...]:
    return tuple(change_of(found, arm, measure) for arm in found.arms[1:])


def _say_all(claims: Sequence[Claim], measure: str, names: dict[str, str], language: str) -> str:
    arms = list(names)[1:]
    judged = [
        Verdict(arm, claim.value, claim.low, claim.high, claim.direction)
        for arm, claim in zip(arms, claims, strict=True)
    ]
    return say_verdicts(judged, MEASURES[measure].unit, names, language)
