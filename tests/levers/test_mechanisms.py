from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.levers.applicability import changed_cells
from sim.levers.definitions import DOMAINS, LEVERS, TIERS
from sim.levers.mechanisms import (
    LeverUse,
    Mechanism,
    Package,
    Scope,
    list_mechanisms,
    list_packages,
    load_mechanism,
    load_package,
)
from sim.parameters import PARAMETERS
from sim.world.region import load_region
from sim.world.world import lay_out

ROOT = Path(__file__).resolve().parents[2]
MECHANISMS = {key: load_mechanism(key) for key in list_mechanisms()}
PACKAGES = {key: load_package(key) for key in list_packages()}
USES = [(key, use) for key, mechanism in MECHANISMS.items() for use in mechanism.levers]
# Mechanisms that take nobody's time beside the sessions they lead to, or that buy time with money.
TAKE_NO_OFFICE_HOURS = {
    "framework_agreement": "a signature",
    "joint_mediation": "its hours are those of the sessions",
    "joint_enforcement_memorandum": "its hours are those of the operations",
    "joint_duty": "its hours are those of the operations",
    "joint_border_patrol": "its hours are those of the patrols",
    "river_responsibility_zones": "its hours are those of the patrols",
    "river_compensation": "a transfer",
    "outcome_assessment": "no lever binds hours of one side alone; its cost is in money",
    "joint_service_centre": "its staff are paid by its budget",
    "grid_branch_ladder": "its staff are paid by its budget, and add hours",
    "combined_membership_branch": "members give their spare time, and add hours",
    "tiered_escalation": "a rule; its hours are those of the sessions",
    "work_order_dispatch": "a rule and a system; its hours are those of the departments' cases",
    "emergency_response": "its hours are those of the patrols",
    "enforcement_alliance": "its hours are those of the operations",
    "police_linkage": "its hours are those of the patrols",
    "joint_river_patrol": "its hours are those of the patrols",
    "fast_track_mediation": "its hours are those of the sessions",
    "mediation_brand": "its mediators are paid by its budget, and add hours",
    "cross_area_mediation": "its hours are those of the sessions",
    "village_lawyers": "lawyers' hours, paid",
    "smart_village_platform": "a system, paid",
    "data_sharing": "a system, paid",
    "resource_map": "a list, paid",
    "cadre_credit": "no lever binds hours of one side alone; its cost is in money",
    "volunteers_and_couriers": "volunteers' hours",
    "cross_province_services": "a window at a desk that serves the same requests anyway",
}


# --- the files ---------------------------------------------------------------------------------


def test_every_lever_is_used_by_some_mechanism() -> None:
    assert {use.lever for _, use in USES} == set(LEVERS)


@pytest.mark.parametrize("key", MECHANISMS)
def test_a_mechanism_tells_what_it_is_where_from_and_how_it_fails(key: str) -> None:
    mechanism = MECHANISMS[key]
    for text in (mechanism.name, mechanism.summary, mechanism.failure):
        assert re.search("[\u4e00-\u9fff]", text["zh"])
        assert not re.search("[\u4e00-\u9fff]", text["en"])
    assert mechanism.source is not None
    assert mechanism.source.text in {"S0", "S1", "S2", "S3", "S4"}
    assert mechanism.transferred == (mechanism.source.text in {"S3", "S4"})


@pytest.mark.parametrize("key", MECHANISMS)
def test_a_mechanism_is_small_and_changes_something(key: str) -> None:
    mechanism = MECHANISMS[key]
    assert 1 <= len({use.lever for use in mechanism.levers}) <= 3
    assert not any(use.is_idle for use in mechanism.levers)


@pytest.mark.parametrize("key", [key for key in MECHANISMS if key not in TAKE_NO_OFFICE_HOURS])
def test_a_mechanism_that_takes_time_binds_hours(key: str) -> None:
    def hours(use: LeverUse) -> float:
        names = ("hours", "hours_per_member", "hours_per_event", "upkeep_hours")
        return sum(use.settings.get(name, 0.0) for name in names) * use.share

    assert sum(hours(use) for use in MECHANISMS[key].levers) > 0


def test_no_mechanism_is_excused_from_binding_hours_that_does_not_exist() -> None:
    assert set(TAKE_NO_OFFICE_HOURS) <= set(MECHANISMS)


def test_sources_give_the_duty_its_intervals_and_no_authority() -> None:
    duty = {use.tiers[0]: use.settings for use in MECHANISMS["rotating_secretary"].levers}
    days = {tier: settings["interval_days"] for tier, settings in duty.items()}
    assert days == {"county": 91, "department": 30, "town": 7, "village": 1}
    assert all(settings["convening_power"] < 0.5 for settings in duty.values())


@pytest.mark.parametrize(
    ("tier", "desk"), [("village", 0.8), ("town", 1.2), ("county", 2.0), ("department", 2.0)]
)
@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_leaves_every_office_part_of_its_desk(package: str, tier: str, desk: float) -> None:
    # Neighbours across the line of an office of the region: about three for a village, two above it.
    neighbours = 3 if tier == "village" else 2
    bound = 0.0
    for mechanism in PACKAGES[package].mechanisms:
        for use in mechanism.levers:
            settings = use.settings
            if use.lever == "contact" and tier == "village":
                bound += (
                    use.share * neighbours * settings["events_per_year"] * settings["hours_per_event"] / 365
                )
            if tier not in use.tiers:
                continue
            if use.lever == "forum":
                bound += use.share * settings["hours_per_member"] / settings["cadence_days"]
            elif use.lever == "duty":
                bound += use.share * settings["hours"] / settings["interval_days"]
            elif use.lever in ("joint_office", "cross_post"):
                bound += use.share * neighbours * settings.get("hours_per_member", settings.get("hours", 0.0))
            elif use.lever == "capacity":
                desk += use.share * settings["desk_hours"]
    assert bound / 2 < 0.75 * desk


def test_five_links_carry_little_shared_interest() -> None:
    interest = [
        use
        for mechanism in PACKAGES["five_links"].mechanisms
        for use in mechanism.levers
        if use.lever == "interest"
    ]
    assert sum(use.share * use.settings["payoff"] for use in interest) == pytest.approx(0.03, abs=0.01)


def test_no_body_of_the_alliance_as_described_may_decide() -> None:
    for key in ("paper", "five_links"):
        for mechanism in PACKAGES[key].mechanisms:
            for use in mechanism.levers:
                assert use.settings.get("decision_right", 0.0) == 0.0
                assert use.settings.get("review", 0.0) == 0.0
                assert use.lever != "assessment"


def test_the_completed_package_raises_deadlines_and_review() -> None:
    def meeting(package: str) -> dict[str, float]:
        found = [item for item in PACKAGES[package].mechanisms if item.key == "border_governance_meeting"]
        assert len(found) == 1
        return found[0].levers[0].settings

    assert meeting("completed")["owner_and_deadline"] > meeting("five_links")["owner_and_deadline"]
    assert meeting("completed")["review"] > meeting("five_links")["review"] == 0


def test_the_examples_of_the_document_work(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "mechanisms.md").read_text("utf-8"), re.DOTALL)
    room, package_text, review, _ = blocks
    (tmp_path / "joint_duty_room.yaml").write_text(room, encoding="utf-8")
    (tmp_path / "my_package.yaml").write_text(package_text + review, encoding="utf-8")
    package = load_package(tmp_path / "my_package.yaml")
    assert package.review == PACKAGES["add_and_subtract"].review
    assert len(package.mechanisms) == len(PACKAGES["five_links"].mechanisms)
    assert package.mechanisms[-1].key == "joint_duty_room"
    # An example that does nothing on the border that everybody tries first would teach the wrong thing.
    assert changed_cells(package.mechanisms[-1], lay_out(load_region("yulin_zhanjiang_maoming"), 1))


def test_every_prior_that_is_referred_to_stands_in_the_evidence() -> None:
    evidence = (ROOT / "docs" / "evidence.md").read_text("utf-8")
    texts = [row.basis for row in PARAMETERS.values()] + [use.basis for _, use in USES]
    referred = {match for text in texts for match in re.findall(r"\bD(\d{1,2})\b", text)}
    assert len(referred) > 20
    assert {number for number in referred if f"\n| {number} |" not in evidence} == set()


# --- dose, scope, window -----------------------------------------------------------------------


@pytest.mark.parametrize("key", MECHANISMS)
def test_level_one_is_the_mechanism_and_level_zero_is_nothing(key: str) -> None:
    mechanism = MECHANISMS[key]
    assert mechanism.at_level(1) == mechanism
    assert mechanism.at_level(0).is_idle
    assert mechanism.at_level(0).level == 0


@given(
    st.sampled_from(sorted(MECHANISMS)),
    st.floats(0, 1, allow_nan=False),
    st.floats(0, 1, allow_nan=False),
)
def test_doses_never_leave_the_range_and_multiply(key: str, first: float, second: float) -> None:
    mechanism = MECHANISMS[key].at_level(first)
    assert mechanism.level == first
    for before, after in zip(MECHANISMS[key].levers, mechanism.levers, strict=True):
        for name, setting in LEVERS[after.lever].settings.items():
            # Form is no dose: an interval or a cadence stays, and meetings get fewer, not shorter.
            scaled = setting.dosed and not LEVERS[after.lever].by_share
            assert after.settings[name] == pytest.approx(before.settings[name] * (first if scaled else 1))
            assert after.settings[name] <= setting.high
        assert after.share == pytest.approx(before.share * (first if LEVERS[after.lever].by_share else 1))
    assert mechanism.at_level(second).level == pytest.approx(first * second)


def test_within_keeps_the_scope_that_a_lever_had() -> None:
    pair = Scope(county_pairs=(("450922", "440881"),))
    uses = load_mechanism("joint_enforcement_memorandum").within(pair).levers
    assert all(use.scopes == (Scope(ties="river"), pair) for use in uses)
    assert load_mechanism("village_group").within(pair).levers[0].scopes == (pair,)
    assert load_mechanism("village_group").within(pair).within(pair).levers[0].scopes == (pair,)
    inside = Scope(border_only=False)
    assert load_mechanism("village_group").within(inside).levers[0].scopes == (Scope(), inside)


def test_during_keeps_the_narrower_window_and_drops_what_is_over() -> None:
    temporary = load_mechanism("temporary_party_organisation")
    assert [(use.start_year, use.end_year) for use in temporary.during(1, 5).levers] == [(1, 2)]
    assert temporary.during(2).levers == ()


@pytest.mark.parametrize("key", MECHANISMS)
def test_plain_data_holds_the_whole_mechanism(key: str) -> None:
    mechanism = MECHANISMS[key].within(Scope(towns=("石角镇",), ties="legacy")).during(0.5, 1.5)
    again = Mechanism.from_dict(key, yaml.safe_load(yaml.safe_dump(mechanism.as_dict(), allow_unicode=True)))
    assert again == mechanism


def test_a_lever_is_complete_with_its_defaults() -> None:
    use = LeverUse.from_dict({"lever": "joint_office", "settings": {"hours_per_member": 1}}, tiers=("town",))
    assert use.settings == {"hours_per_member": 1.0, "decision_right": 0.0}
    assert use.options == {"kind": "workstation"}
    assert (use.tiers, use.domains, use.share) == (("town",), DOMAINS, 1.0)


def test_packages_are_made_without_a_file_too() -> None:
    duty = load_mechanism("rotating_secretary").at_level(0.5)
    package = Package.of("half_duty", [duty, "village_group"])
    assert [item.key for item in package.mechanisms] == ["rotating_secretary", "village_group"]
    assert load_package(package) is package
    assert package.without("village_group").mechanisms == (duty,)
    with pytest.raises(InputError, match="each mechanism once"):
        Package.of("twice", [duty, "rotating_secretary"])
    with pytest.raises(InputError, match="nearest: village_group"):
        package.without("village_groups")


# --- files of one's own ------------------------------------------------------------------------

GOOD = {
    "name": {"zh": "值班", "en": "duty"},
    "summary": {"zh": "值班", "en": "duty"},
    "levers": [{"lever": "duty", "tiers": ["town"], "settings": {"hours": 2}}],
}
PACKAGE = {"name": {"zh": "方案", "en": "package"}, "summary": {"zh": "方案", "en": "package"}}


def write(path: Path, data: object) -> Path:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_a_package_of_ones_own_extends_overrides_and_brings_mechanisms(tmp_path: Path) -> None:
    write(tmp_path / "town_duty.yaml", GOOD)
    path = write(
        tmp_path / "mine.yaml",
        PACKAGE
        | {
            "extends": "paper",
            "without": ["framework_agreement"],
            "mechanisms": {
                "town_duty.yaml": {"level": 0.5},
                "rotating_secretary": {
                    "start_year": 1,
                    "end_year": 2.5,
                    "scope": {"county_pairs": [[450922, 440881]]},
                    "settings": {"duty": {"convening_power": 0.9}},
                },
            },
        },
    )
    package = load_package(path)
    assert [item.key for item in package.mechanisms] == [
        "party_joint_meeting",
        "town_duty",
        "rotating_secretary",
    ]
    assert package.mechanisms[1].levers[0].share == 0.5
    for use in package.mechanisms[2].levers:
        assert use.settings["convening_power"] == 0.9
        assert (use.start_year, use.end_year) == (1.0, 2.5)
        assert use.scopes == (Scope(county_pairs=(("450922", "440881"),)),)
    above = write(tmp_path / "above.yaml", PACKAGE | {"extends": "mine.yaml"})
    assert load_package(str(above)).mechanisms == package.mechanisms


LEVER = {"lever": "forum", "tiers": ["town"]}
WRONG_MECHANISMS = [
    ({"nmae": "x"}, "key = 'nmae' is not usable; allowed: id, group, systems, name, .*; nearest: name"),
    ({"name": {"zh": "值班"}}, "name.en = None is not usable; allowed: a value for en, which is required"),
    ({"name": {"zh": "值班", "en": " "}}, "name.en = ' ' is not usable; allowed: a text that is not empty"),
    ({"summary": "duty"}, "summary = 'duty' is not usable; allowed: a mapping"),
    ({"levers": "duty"}, "levers = 'duty' is not usable; allowed: a list of levers"),
    ({"levers": None}, "levers = None is not usable; allowed: a value for levers"),
    ({"tiers": ["towns"]}, "tiers = 'towns' is not usable; allowed: village, town, .*; nearest: town"),
    ({"tiers": []}, r"tiers = \[\] is not usable; allowed: a list of at least one name"),
    ({"transferred": 1}, "transferred = 1 is not usable; allowed: true, false"),
    ({"source": {"text": "S0"}}, "source.place = None"),
    ({"source": {"text": "S0", "place": "x", "quote": " "}}, "source.quote = ' '"),
    ({"group": "mediator"}, "group = 'mediator' is not usable; allowed: .*; nearest: mediation"),
    ({"systems": []}, r"systems = \[\] is not usable; allowed: a list of at least one name"),
    ({"cost": {"money_yuan_per_year": -1}}, "cost.money_yuan_per_year = -1 .* from 0 to 1e.12 yuan"),
    ({"cost": {"per": "pairs"}}, "cost.per = 'pairs' is not usable; allowed: mechanism, pair; nearest: pair"),
    ({"level": 1.5}, "level = 1.5 is not usable; allowed: a number from 0 to 1"),
]
WRONG_LEVERS = [
    ({"lever": "forums"}, r"levers\[1\].lever = 'forums' .*nearest: forum"),
    ({"setings": {}}, r"levers\[1\] key = 'setings' .*nearest: settings"),
    ({"settings": {"item": 1}}, r"levers\[1\].forum.settings key = 'item' .*nearest: items"),
    ({"settings": {"items": 21}}, "settings.items = 21 is not usable; allowed: a number from 0 to 20"),
    ({"settings": {"items": float("nan")}}, "settings.items = nan"),
    ({"settings": {"items": True}}, "settings.items = True"),
    ({"settings": {"items": "4"}}, "settings.items = '4'"),
    ({"options": {"kind": "x"}}, "options key = 'kind'"),
    (
        {"lever": "joint_office", "options": {"kind": "standing"}},
        "kind = 'standing' .*nearest: standing_body",
    ),
    ({"share": 1.01}, "forum.share = 1.01 is not usable; allowed: a number from 0 to 1"),
    ({"domains": ["river"]}, "forum.domains = 'river' is not usable; allowed: land, water"),
    (
        {"domains": ["water"]},
        "forum.domains = .* forum does not tell subjects apart except between departments",
    ),
    ({"lever": "interest"}, "interest.tiers = .* because interest acts on ties, teams or segments"),
    ({"start_year": -1}, "start_year = -1 is not usable; allowed: a number from 0 years"),
    ({"start_year": "2021-01-01"}, "start_year = '2021-01-01'"),
    ({"start_year": 2, "end_year": 2}, r"end_year = 2 .* a number of years above start_year \(2\)"),
    (
        {"scope": {"county_pairs": [["a", "a"]]}},
        r"county_pairs = \['a', 'a'\] .* pairs of different counties",
    ),
    ({"scope": {"county_pairs": ["a", "b"]}}, "pairs of different counties"),
    ({"scope": {"county_pairs": [["a", "b", "c"]]}}, "pairs of different counties"),
    ({"scope": {"towns": []}}, "scope.towns"),
    ({"scope": {"ties": "rivers"}}, "scope.ties = 'rivers' .*nearest: river"),
    ({"scope": {"border_only": "yes"}}, "scope.border_only = 'yes' is not usable; allowed: true, false"),
    ({"scope": {"county": "a"}}, "scope key = 'county' .*nearest: counties"),
]
WRONG_PACKAGES = [
    ({"mechanism": {}}, "key = 'mechanism' .*nearest: mechanisms"),
    (
        {"mechanisms": {"rotating_secretry": {}}},
        "mechanisms = 'rotating_secretry' .*nearest: rotating_secretary",
    ),
    ({"mechanisms": {"absent.yaml": {}}}, "mechanisms = 'absent.yaml' .* a file that exists"),
    ({"mechanisms": ["rotating_secretary"]}, "mechanisms = .* a mapping"),
    (
        {"mechanisms": {"rotating_secretary": {"levle": 1}}},
        "rotating_secretary key = 'levle' .*nearest: level",
    ),
    ({"mechanisms": {"rotating_secretary": {"level": -0.1}}}, "rotating_secretary.level = -0.1"),
    ({"mechanisms": {"rotating_secretary": {"end_year": 0}}}, "rotating_secretary.end_year = 0"),
    (
        {"mechanisms": {"rotating_secretary": {"settings": {"forum": {"items": 1}}}}},
        "settings key = 'forum' is not usable; allowed: duty",
    ),
    (
        {"mechanisms": {"rotating_secretary": {"settings": {"duty": {"hours": 9}}}}},
        "settings.duty.hours = 9 is not usable; allowed: a number from 0 to 8 hours",
    ),
    ({"extends": "five_link"}, "extends = 'five_link' .*nearest: five_links"),
    ({"extends": "wrong.yaml"}, "extends = 'wrong' .* a package that does not build on this one"),
    (
        {"extends": "paper", "without": ["shared_culture"]},
        "without = 'shared_culture' .* framework_agreement",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG_MECHANISMS)
def test_a_mistake_in_a_mechanism_is_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    path = write(tmp_path / "wrong.yaml", GOOD | change)
    with pytest.raises(InputError, match=sentence) as caught:
        load_mechanism(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(("change", "sentence"), WRONG_LEVERS)
def test_a_mistake_in_a_lever_is_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    path = write(tmp_path / "wrong.yaml", GOOD | {"levers": [LEVER | change]})
    with pytest.raises(InputError, match=sentence) as caught:
        load_mechanism(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "不可用；可用：" in caught.value.message("zh")


@pytest.mark.parametrize(("change", "sentence"), WRONG_PACKAGES)
def test_a_mistake_in_a_package_is_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    path = write(tmp_path / "wrong.yaml", PACKAGE | change)
    with pytest.raises(InputError, match=sentence) as caught:
        load_package(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_names_that_do_not_exist_get_the_nearest() -> None:
    with pytest.raises(InputError, match=r"package = 'five-links' .*nearest: five_links"):
        load_package("five-links")
    with pytest.raises(InputError, match=r"mechanism = 'standing_bodies' .*nearest: standing_body"):
        load_mechanism("standing_bodies")


def test_a_folder_in_place_of_a_package_names_its_files(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.yaml", {"name": {"zh": "我的", "en": "mine"}})
    with pytest.raises(InputError) as caught:
        load_package(str(tmp_path))
    assert caught.value.nearest == str(path)


def test_a_file_whose_name_is_no_term_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name of the file = 'Town Duty'"):
        load_mechanism(write(tmp_path / "Town Duty.yaml", GOOD))


@given(
    st.dictionaries(
        st.sampled_from(
            ["lever", "tiers", "settings", "share", "domains", "start_year", "end_year", "scope", "x"]
        ),
        st.one_of(
            st.none(),
            st.booleans(),
            st.floats(),
            st.sampled_from([*LEVERS, *TIERS, *DOMAINS]),
            st.lists(st.sampled_from([*TIERS, *DOMAINS, 1, None]), max_size=3),
            st.dictionaries(st.sampled_from(["items", "hours", "ties"]), st.floats(), max_size=2),
        ),
    )
)
def test_whatever_is_written_is_read_or_refused_in_one_sentence(data: dict[str, Any]) -> None:
    message = ""
    try:
        use = LeverUse.from_dict(data)
    except InputError as error:
        message = str(error)
    if message:
        assert message.endswith(".")
        assert "\n" not in message
        return
    for name, setting in LEVERS[use.lever].settings.items():
        assert setting.low <= use.settings[name] <= setting.high
    assert LeverUse.from_dict(use.as_dict()) == use
