"""The sixteen levers: the complete set of structural primitives that a mechanism may use.

A lever changes an institution – who can meet, see, decide and act, when, with what hours, under
whose assessment – and never an outcome.  Every setting is a number with a range; what a setting
is worth in behaviour (an obligation, a chance of being remembered) stands in the parameter table.

Examples
--------
>>> sorted(LEVERS)[:3]
['action_right', 'assessment', 'capacity']
>>> LEVERS["duty"].settings["interval_days"].unit
'days'
"""

from __future__ import annotations

from dataclasses import dataclass

TIERS = ("village", "town", "county", "department")
"""Tiers at which offices meet, lowest first; a department stands at the height of a county."""

DOMAINS = ("land", "water", "family", "trade", "security")
"""Subjects of cases; assessment and routing may name some of them."""

DIFFICULTIES = ("simple", "complex", "hard")
"""Difficulties of cases, and the tier each needs: village, town, county."""


@dataclass(frozen=True)
class Setting:
    """A number that a lever carries: default, range and unit.

    ``dosed`` settings are multiplied by the dose (``level``) of the mechanism; the others describe
    form (a cadence, an interval) and keep their value at any dose above zero.
    """

    default: float
    low: float
    high: float
    unit: str
    zh: str
    en: str
    dosed: bool = True


@dataclass(frozen=True)
class Lever:
    """A structural primitive.

    Attributes
    ----------
    name : str
        Key in mechanism files.
    zh, en : str
        One line of meaning in both languages.
    tiers : tuple of str
        Tiers at which it may act; empty where it acts on ties, teams or segments.
    settings : dict of str to Setting
        The numbers it carries.
    options : dict of str to tuple of str
        Words it carries, with what is allowed; the first is the default.
    by_share : bool
        True where a dose below one means that fewer pairs are covered, because the lever is there
        or not (an edge, an office); false where the dose scales the settings.
    """

    name: str
    zh: str
    en: str
    tiers: tuple[str, ...]
    settings: dict[str, Setting]
    options: dict[str, tuple[str, ...]]
    by_share: bool


def _lever(
    name: str,
    zh: str,
    en: str,
    tiers: tuple[str, ...],
    settings: dict[str, Setting],
    options: dict[str, tuple[str, ...]] | None = None,
    *,
    by_share: bool = False,
) -> Lever:
    return Lever(name, zh, en, tiers, settings, options or {}, by_share)


# One setting is one line.
# fmt: off
_ALL = (
    _lever(
        "channel",
        "通道：在双方单位之间建立横向联系，缩短联系对方的天数",
        "adds a lateral edge between offices: days to reach each other",
        TIERS,
        {
            "days": Setting(1, 0, 30, "days", "联系对方所需天数", "days to reach the other side", dosed=False),
            "upkeep_hours": Setting(0, 0, 16, "hours a month", "每方每月维系工时", "hours a month that each side spends on keeping an open channel"),
        },
        {"formation": ("agreed", "earned")},
        by_share=True,
    ),
    _lever(
        "forum",
        "会议：定期联席会议，讨论未决事项并形成议定事项",
        "a periodic meeting with items, with or without owner, deadline and review",
        TIERS,
        {
            "cadence_days": Setting(91, 7, 366, "days", "会期间隔", "days between meetings", dosed=False),
            "items": Setting(4, 0, 20, "items per pair", "每次每对单位议题数", "items of each pair of offices per meeting"),
            "hours_per_member": Setting(12, 0, 40, "hours", "每个参会单位工时", "hours of each member office per meeting, with preparation and travel"),
            "owner_and_deadline": Setting(0, 0, 1, "share", "明确责任人和期限的议题占比", "share of items with an owner and a deadline"),
            "review": Setting(0, 0, 1, "share", "复盘上次事项的占比", "share of last time's items that are reviewed"),
        },
        by_share=True,
    ),
    _lever(
        "duty",
        "轮值：轮流值班的召集人，可当日召集双方",
        "a rotating convener who may call both sides on the day of duty",
        TIERS,
        {
            "interval_days": Setting(30, 1, 366, "days", "轮值间隔", "days between duty days of an office", dosed=False),
            "hours": Setting(4, 0, 8, "hours", "每个值班日工时", "hours that a duty day binds"),
            "convening_power": Setting(0.5, 0, 1, "share", "召集权力", "authority to call the other side the same day"),
            "handover_memory": Setting(0.5, 0, 1, "share", "交接记忆", "share of open matters that the next convener takes over"),
        },
        by_share=True,
    ),
    _lever(
        "joint_office",
        "联合机构：由双方人员组成的联合支部、工作站或实体统筹机构",
        "a shared office with members and hours from both sides, with or without the right to decide",
        TIERS,
        {
            "hours_per_member": Setting(0.5, 0, 8, "hours a day", "每方每日投入工时", "hours a working day that each side gives"),
            "decision_right": Setting(0, 0, 1, "share", "决定权", "right to decide for both sides"),
        },
        {"kind": ("workstation", "joint_branch", "standing_body")},
        by_share=True,
    ),
    _lever(
        "cross_post",
        "交叉任职：同一人在双方任职，信息即时互通",
        "one person sits in both offices: information at once, effort seen, load on that person",
        TIERS,
        {"hours": Setting(0.3, 0, 4, "hours a day", "兼职人员每日工时", "hours a working day that the double post binds on each side")},
        by_share=True,
    ),
    _lever(
        "observation",
        "信息互通：减少跨界信息的延迟和丢失，案件流转可见",
        "less delay and loss of information across the border; a visible case trail",
        (),
        {
            "delay_reduction": Setting(0, 0, 1, "share", "减少的延迟", "share of the delay that is removed"),
            "loss_reduction": Setting(0, 0, 1, "share", "减少的丢失", "share of the loss that is removed"),
            "case_trail": Setting(0, 0, 1, "share", "案件流转可见度", "share of handling that the other side can see"),
        },
    ),
    _lever(
        "sensing",
        "感知：更早、更全地发现潜在纠纷",
        "earlier and more complete detection of latent cases",
        (),
        {
            "faster_detection": Setting(0, 0, 5, "ratio", "发现速度提高的倍数", "rise of the detection hazard (1 = twice as fast)"),
            "completeness": Setting(0, 0, 1, "share", "原本不提的纠纷被发现的占比", "share of disputes otherwise never raised that become known"),
        },
    ),
    _lever(
        "routing",
        "分流：按难易直接送到能办的最低层级，或派单到部门",
        "by difficulty to the lowest competent tier, or straight to a department with a service clock",
        (),
        {
            "by_difficulty": Setting(0, 0, 1, "share", "按难易分流的占比", "share of new cases routed by difficulty"),
            "to_department": Setting(0, 0, 1, "share", "派单到部门的占比", "share of county-level cases that go to the competent departments"),
            "service_clock": Setting(0, 0, 1, "share", "办理时限的约束", "share of department cases under a clock that others see"),
        },
    ),
    _lever(
        "action_right",
        "行动权：哪支队伍可以到对岸、越界追击、就近先行处置",
        "which team may act on which bank, pursue across, answer first when nearest",
        (),
        {
            "cross_bank": Setting(0, 0, 1, "share", "可到对岸执勤的占比", "share of stretches on which teams may visit the other bank"),
            "pursuit": Setting(0, 0, 1, "share", "可越界追击的占比", "share of stretches with pursuit across the line"),
            "nearest_first": Setting(0, 0, 1, "share", "就近先行处置的占比", "share of offences that the nearest team answers first"),
        },
    ),
    _lever(
        "pool",
        "统一排班：多支队伍共用一份勤务表，联合行动",
        "one roster for several teams; joint operations",
        (),
        {
            "shared_roster": Setting(0, 0, 1, "share", "统一排班的边界占比", "share of stretches patrolled from one roster"),
            "joint_visits": Setting(0, 0, 1, "share", "双方同巡占比", "share of pooled visits that both sides make together", dosed=False),
            "joint_operations_per_month": Setting(0, 0, 10, "per pair of counties", "每月联合行动次数", "joint operations planned a month"),
        },
    ),
    _lever(
        "standard",
        "标准统一：规则和处罚标准趋同",
        "harmonised rules and penalties",
        (),
        {
            "rules": Setting(0, 0, 1, "share", "规则统一程度", "share of differing rules that are harmonised"),
            "penalties": Setting(0, 0, 1, "share", "处罚统一程度", "share of differing penalties that are harmonised"),
        },
    ),
    _lever(
        "skill",
        "能力：专业调解、双方调解组、法律服务",
        "mediation skill, two-sided panels, law service",
        (),
        {
            "mediation": Setting(0, 0, 1, "share", "专业调解覆盖", "share of sessions with a skilled mediator"),
            "two_sided_panel": Setting(0, 0, 1, "share", "双方调解组覆盖", "share of joint sessions before a two-sided panel"),
            "law_service": Setting(0, 0, 1, "share", "法律服务覆盖", "share of sessions with law service"),
        },
    ),
    _lever(
        "capacity",
        "投入：增加工时、人员、志愿者和场所",
        "extra hours, staff, volunteers; a place to work; a shared service window",
        TIERS,
        {
            "desk_hours": Setting(0, 0, 8, "hours a day", "每日增加的边界工时", "hours a day added to the border desk of each office"),
            "interior_hours": Setting(0, 0, 40, "hours a day", "每日增加的境内工时", "hours a day added to interior work of each office"),
            "patrol_visits": Setting(0, 0, 3, "ratio", "增加的巡逻次数", "rise of patrol visits to covered stretches (1 = twice as many)"),
            "place": Setting(0, 0, 1, "share", "固定场所", "share of sessions in a fixed place with staff and budget"),
            "service_window": Setting(0, 0, 1, "share", "通办事项占比", "share of service requests served at a shared window"),
        },
    ),
    _lever(
        "assessment",
        "考核：边界工作结果或出席纳入考核",
        "weight of border results in each tier's assessment, on attendance or on outcomes",
        TIERS,
        {
            "outcome": Setting(0, 0, 1, "share", "结果考核", "share of border results that enter the assessment"),
            "attendance": Setting(0, 0, 1, "share", "出席考核", "share of meetings and duties whose attendance is assessed"),
        },
    ),
    _lever(
        "interest",
        "利益：双方共享的收益，如补偿、共建项目、商贸",
        "a payoff shared by both sides: compensation, joint projects and works, trade",
        (),
        {
            "payoff": Setting(0, 0, 0.3, "utility", "共享收益", "shared payoff of working together on a covered tie"),
            "river_payoff": Setting(0, 0, 0.5, "utility", "断面补偿", "compensation that upstream towns count on for treating their discharge, whether or not the section complied"),
            "one_sided": Setting(0, 0, 1, "share", "单方好处占比", "share of the benefit that one side gives and is seen to give", dosed=False),
        },
    ),
    _lever(
        "contact",
        "交往：互访、文化活动、共同节庆",
        "visits, culture, shared events",
        (),
        {
            "events_per_year": Setting(4, 0, 52, "events a year", "每年活动次数", "events a year on a covered tie"),
            "hours_per_event": Setting(1, 0, 8, "hours", "每次活动村级工时", "hours of each village branch per event", dosed=False),
        },
    ),
)
# fmt: on

LEVERS: dict[str, Lever] = {lever.name: lever for lever in _ALL}
"""The sixteen levers by name."""
