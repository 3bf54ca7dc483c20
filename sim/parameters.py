"""Every behavioural number of the model: default, range, unit and basis, in one table.

The day kernel, the documentation and sensitivity analysis all read this table; no other module
holds a number of behaviour.  A basis of the form ``D12`` names the row of the prior table in
``docs/evidence.md``; ``assumption`` marks a level that no source gives and whose range is the
honest statement of what is known.

Examples
--------
>>> parameters = Parameters({"belief_weight": 0.3})
>>> parameters["belief_weight"], parameters["never_raised_share"]
(0.3, 0.33)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError, nearest_name


@dataclass(frozen=True)
class Parameter:
    """One row of the parameter table.

    Attributes
    ----------
    name : str
        Key used in code, configuration and results.
    default, low, high : float
        Default, and the range that sensitivity analysis explores; values outside
        ``[low, high]`` are accepted up to ``minimum`` and ``maximum``.
    unit : str
        Unit of measurement; ``share`` and ``probability`` lie in [0, 1].
    basis : str
        Where the number comes from: a row of the prior table, or ``assumption``.
    zh, en : str
        One line of meaning in both languages.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    basis: str
    zh: str
    en: str

    @property
    def minimum(self) -> float:
        """Smallest value the model can make sense of."""
        if self.name in _LEAST:
            return _LEAST[self.name]
        return -1e6 if self.low < 0.0 else 0.0

    @property
    def maximum(self) -> float:
        """Largest value the model can make sense of."""
        if self.name in _MOST:
            return _MOST[self.name]
        return 1.0 if re.match(r"(absolute )?(share|probability|index|weight)", self.unit) else 1e6


# Divisors, counts and exponents that the general rule - not below zero, shares up to one - does not cover.
_LEAST = {
    **dict.fromkeys(("sessions_simple", "sessions_complex", "sessions_hard"), 1.0),
    **dict.fromkeys(
        (
            "grievance_half_life_days", "belief_half_life_days", "trust_half_life_days", "interest_half_life_days",
            "deterrence_half_life_days", "staleness_days", "contact_saturation_events", "full_waiting_days",
            "desk_saving_days", "duty_window_days", "effort_persistence_days", "cool_off_days",
            "legacy_cool_off_days", "unattended_days", "upper_return_days", "execution_days",
        ),
        1.0,
    ),
    **dict.fromkeys(
        (
            "desk_hours_village", "desk_hours_town", "desk_hours_county", "desk_hours_department",
            "dispute_hours_village", "dispute_hours_town", "dispute_hours_county", "dispute_hours_department",
            "dispute_hours_upper", "offence_gain", "turnover_years_village", "turnover_years_town",
            "turnover_years_county",
        ),
        0.01,
    ),
    "detection_per_day": 0.0001,
    "residents_per_village": 1.0,
    "least_hours_share": 0.01,
}  # fmt: skip
_MOST = {
    # Some disputes must be raised, or none could become known.
    "never_raised_share": 0.99,
    "substitution_exponent": 1.0,
    "least_hours_share": 1.0,
    "season_amplitude": 0.95,
    "legacy_dispute_multiplier": 100.0,
}


def _rows(group: str, text: str) -> list[tuple[str, Parameter]]:
    rows = []
    for line in text.strip().splitlines():
        name, default, low, high, unit, basis, zh, en = (cell.strip() for cell in line.split("|"))
        rows.append((group, Parameter(name, float(default), float(low), float(high), unit, basis, zh, en)))
    return rows


_TABLE = [
    *_rows(
        "arrivals",
        """
interior_disputes_per_1000 | 13 | 6 | 29 | per 1,000 residents a year | D2, calibrated to 612 a year in Shijiao | 境内纠纷上报率 | disputes that become known inside the villages of a place
border_disputes_per_village | 0.8 | 0.3 | 5 | per border village a year | D4 | 每个边界村真实跨界纠纷数 | true disputes across the border per border village, raised or not
neighbour_disputes_per_village | 0.8 | 0.3 | 1.5 | per village a year | assumption: as at the border, so that only the line differs | 境内邻村纠纷数 | true disputes between neighbouring villages on ties inside the border
legacy_claims_per_pair | 0.5 | 0 | 2 | claims | D8 | 每对边界村历史遗留权属争议 | unsettled hill, forest and land claims per pair of border villages at the start
residents_per_village | 3300 | 1000 | 6000 | residents | assumption: the eight counties of the default border have 3,321 | 人口未知处每村平均人口 | residents of an average village, used only where a region gives no residents of a county
legacy_dispute_multiplier | 2 | 1.2 | 4 | ratio | D10 | 历史争议使新纠纷增多的倍数 | more new disputes on a tie with an open legacy claim
legacy_success_share | 0.3 | 0.1 | 0.6 | share | calibrated to D9 inside the provinces (closure of 0.03 to 0.15 a year) | 历史争议的调处难度折扣 | chance of settling a legacy claim relative to an ordinary hard case
legacy_cool_off_days | 90 | 30 | 180 | days | assumption | 历史争议两次协商的间隔 | time between attempts on a legacy claim
dispute_trust_slope | 1 | 0 | 2 | per unit of trust | assumption | 低信任使纠纷增多的程度 | exponent of the dispute rate in the trust deficit of a tie
dispute_grievance_slope | 0.5 | 0 | 1 | per unit of grievance | assumption | 积怨使纠纷增多的程度 | rise of the dispute rate with the grievance of the two villages
interior_complex_share | 0.10 | 0.08 | 0.25 | share | D6, calibrated to the funnel of P13 | 境内纠纷中复杂类占比 | share of complex cases inside
interior_hard_share | 0.05 | 0.02 | 0.12 | share | D6 | 境内纠纷中疑难类占比 | share of hard cases inside
border_complex_share | 0.35 | 0.25 | 0.45 | share | D7 | 跨界纠纷中复杂类占比 | share of complex cases between villages
border_hard_share | 0.20 | 0.10 | 0.35 | share | D7 | 跨界纠纷中疑难类占比 | share of hard cases between villages
water_share | 0.15 | 0.05 | 0.30 | share | D5 | 涉水环境纠纷占比 | share of water and environment disputes
family_share | 0.15 | 0.05 | 0.30 | share | D5 | 婚姻家庭纠纷占比 | share of marriage and family disputes
trade_share | 0.10 | 0.05 | 0.25 | share | D5 | 买卖及其他纠纷占比 | share of trade and other disputes (the rest is land)
""",
    ),
    *_rows(
        "sensing",
        """
detection_per_day | 0.10 | 0.03 | 0.3 | per day | D12 | 潜在纠纷每日被发现的概率 | hazard that a latent dispute becomes known
never_raised_share | 0.33 | 0.2 | 0.5 | share | D13 | 从不提出的纠纷占比 | disputes that are never raised
self_settling_per_day | 0.01 | 0.003 | 0.03 | per day | assumption | 潜在纠纷自行平息的每日概率 | hazard that a latent dispute settles by itself
information_delay_days | 7 | 2 | 30 | days | D14 | 跨界信息延迟 | mean delay until the other side knows
information_loss | 0.4 | 0.1 | 0.7 | probability | D15 | 跨界信息丢失概率 | probability that the news never crosses by itself
worsening_per_day | 0.010 | 0.003 | 0.03 | per day | D26 | 未决纠纷恶化的每日概率 | hazard that a latent or open case becomes harder
incident_per_day | 0.001 | 0.0003 | 0.003 | per day | assumption: about one in a hundred disputes turns into an incident (C2, 57,000 of 5.02 million in 2000) | 疑难纠纷演变为恶性事件的每日概率 | hazard that an unsettled hard case becomes an incident
giving_up_per_day | 0.004 | 0.001 | 0.01 | per day | assumption: parties swallow a matter that nobody settles within a year or less | 当事人放弃的每日概率 | hazard that the parties of an open case give it up; it never counts as settled
relapse_share | 0.12 | 0.04 | 0.30 | probability | D27 | 180天内复发概率 | settled cases that open again within the relapse window
relapse_window_days | 180 | 90 | 365 | days | D27 | 复发观察期 | time within which a relapse shows
grievance_half_life_days | 180 | 60 | 720 | days | assumption | 积怨消退半衰期 | time in which half of a grievance fades
grievance_per_event | 0.05 | 0.01 | 0.15 | index | assumption | 每次伤害事件增加的积怨 | rise of a village's grievance with an incident, a lingering case or an unserved request
""",
    ),
    *_rows(
        "mediation",
        """
success_simple | 0.85 | 0.7 | 0.95 | probability | D20 | 简单纠纷调解成功率 | chance per case that mediation settles a simple case
success_complex | 0.65 | 0.5 | 0.8 | probability | D21 | 复杂纠纷调解成功率 | chance per case that mediation settles a complex case
success_hard | 0.35 | 0.15 | 0.6 | probability | D22 | 疑难纠纷调解成功率 | chance per case that mediation settles a hard case
one_sided_penalty | 0.30 | 0.10 | 0.50 | absolute probability | D23 | 单方调解的扣减 | lost where the mediator is from one side only
joint_penalty_share | 0.5 | 0 | 1 | share | assumption | 联合调处仍残留的单方扣减 | part of the penalty that remains in a joint session without a two-sided panel
panel_bonus | 0.25 | 0.10 | 0.40 | absolute probability | D24 | 双方调解组的恢复作用 | restored by a standing two-sided panel, at most the penalty that remains
skill_bonus | 0.08 | 0 | 0.2 | absolute probability | D25 | 专业调解的加成 | gained by skilled mediators
law_bonus | 0.08 | 0 | 0.2 | absolute probability | D25 | 法律服务的加成 | gained by law service
one_sided_effort_share | 0.25 | 0 | 0.5 | share | numbers: p1 | 一方出力时的成功折扣 | chance with one side's effort relative to both sides' effort
no_effort_success | 0.03 | 0 | 0.08 | probability | numbers: p0 | 双方都不出力时的成功率 | chance per case when neither side makes an effort
decision_substitution | 0.5 | 0 | 1 | share | assumption | 有决定权的机构替代一方出力的程度 | part of a missing effort that a body with the right to decide replaces
needs_both_simple | 0.5 | 0.2 | 0.8 | share | numbers | 简单案件中须双方行动的占比 | simple cases that cannot be settled by one side
needs_both_complex | 0.65 | 0.3 | 0.9 | share | numbers: more for harder | 复杂案件中须双方行动的占比 | complex cases that cannot be settled by one side
needs_both_hard | 0.8 | 0.4 | 1 | share | numbers: more for harder | 疑难案件中须双方行动的占比 | hard cases that cannot be settled by one side
session_hours_simple | 2 | 1 | 4 | hours | numbers | 简单案件每次调处工时 | hours of each side for a session on a simple case
session_hours_complex | 3 | 1.5 | 6 | hours | numbers | 复杂案件每次调处工时 | hours of each side for a session on a complex case
session_hours_hard | 4 | 2 | 8 | hours | numbers | 疑难案件每次调处工时 | hours of each side for a session on a hard case
sessions_simple | 1 | 1 | 2 | sessions | numbers | 简单案件预期次数 | sessions that a published success rate stands for
sessions_complex | 2 | 1 | 4 | sessions | numbers | 复杂案件预期次数 | sessions that a published success rate stands for
sessions_hard | 4 | 2 | 8 | sessions | numbers | 疑难案件预期次数 | sessions that a published success rate stands for
bounce_share | 0.2 | 0.05 | 0.4 | probability | numbers | 规则不一退回概率 | agreements across provinces that bounce where rules differ
line_inside_province | 0.25 | 0 | 0.5 | ratio | assumption | 省内跨县界线相对省界的分量 | how much a line between counties of one province counts relative to one between provinces, for differing rules and suspicion of one-sided mediators
wrong_tier_share | 0.4 | 0.2 | 0.7 | share | numbers | 层级不够时的成功折扣 | chance when the tier is below what the difficulty needs
cool_off_days | 10 | 5 | 30 | days | numbers | 两次调处的冷却期 | time between attempts
unattended_days | 30 | 15 | 60 | days | assumption | 视为无人过问的天数 | a case without any act for longer than this is in the vacuum
lingering_days | 90 | 60 | 180 | days | assumption | 视为久拖不决的天数 | an open dispute older than this lingers
unanswered_share | 0.5 | 0.25 | 1 | share | assumption | 对方不来时空耗的工时 | hours of a session that the caller loses when the other side stays away
place_saving | 0.2 | 0 | 0.4 | share | assumption | 固定场所节省的工时 | hours of a session saved by a fixed place with staff and budget
reporting_inflation | 0.15 | 0 | 0.3 | absolute share | D28 | 上报成功率的虚高 | added to the true share in officially reported success
""",
    ),
    *_rows(
        "hours",
        """
desk_hours_village | 0.8 | 0.27 | 2 | hours a day | numbers | 村级边界工时 | border desk of a village branch
desk_hours_town | 1.2 | 0.4 | 3 | hours a day | numbers | 镇级边界工时 | border desk of a town committee
desk_hours_county | 2 | 0.67 | 5 | hours a day | numbers | 县级边界工时 | border desk of a county committee
desk_hours_department | 4 | 1.3 | 10 | hours a day | assumption: twice the county committee | 县直部门边界工时 | border desk of a county department
desk_saving_days | 10 | 5 | 20 | days | numbers | 边界工时可累积天数 | how many days of desk hours can be saved up
dispute_hours_village | 1 | 0.5 | 2 | hours a day | numbers | 村级境内调处工时 | interior hours for disputes of a village branch
dispute_hours_town | 8 | 4 | 16 | hours a day | numbers | 镇级境内调处工时 | interior hours for disputes of a town committee
dispute_hours_county | 16 | 8 | 32 | hours a day per 100,000 residents | assumption: half of what numbers gave a county of 125,000, so that offices are about half loaded | 县级境内调处工时（每十万人） | interior hours for disputes of a county committee, per 100,000 residents of its modelled towns
dispute_hours_department | 16 | 8 | 32 | hours a day | assumption | 部门境内工时 | interior hours of a county department
dispute_hours_upper | 8 | 4 | 16 | hours a day | assumption: small | 市省两级工时 | hours of a prefecture or province for cases that climb to it
full_waiting_days | 10 | 5 | 20 | days | assumption | 视为满负荷的等待天数 | wait of interior work at which an office counts as fully loaded
bound_desk_share | 0.5 | 0.25 | 0.75 | share | assumption | 会议值班工时由边界工时承担的份额 | part of bound hours that comes out of the desk; the rest comes out of interior work
substitution_exponent | -20 | -20 | 1 | exponent | D43: minimum rule; -5 and 1 (sum) as alternatives | 双方工时替代弹性 | exponent of joint production: -20 and below is the minimum rule, 1 is the sum
least_hours_share | 0.1 | 0.05 | 0.2 | ratio | assumption | 会议值班占用后仍保留的最低工时 | hours of a desk or of interior work that bound hours can never take
reachable_share | 0.60 | 0.4 | 0.85 | share | D37 | 可及时联系的成员占比 | nominated members who can be reached
turnover_years_village | 5 | 3 | 8 | years | D73 | 村干部任期 | mean term of a village cadre
turnover_years_town | 3 | 2 | 5 | years | D73 | 镇干部任期 | mean term of a town cadre
turnover_years_county | 3 | 2 | 5 | years | D73 | 县干部任期 | mean term of a county cadre
turnover_carry_over | 0.6 | 0.3 | 0.9 | share | D73 | 换届后信念延续比例 | part of a belief that survives a change of cadre
""",
    ),
    *_rows(
        "willingness",
        """
choice_sharpness | 6 | 3 | 10 | per unit of utility | numbers: kappa | 选择的敏感度 | sharpness of every logit choice
settlement_value | 1.0 | 0.6 | 1.6 | utility | numbers: v | 持久化解的价值（县级） | value of a lasting settlement to a county office
pressure_town | 0.7 | 0.5 | 0.9 | ratio | D71 | 压力传导到镇 | value and assessment at town level relative to county
pressure_village | 0.5 | 0.25 | 0.8 | ratio | D71 | 压力传导到村 | value and assessment at village level relative to county
value_complex | 1.3 | 1 | 1.8 | ratio | numbers | 复杂案件的价值倍数 | value of settling a complex case
value_hard | 1.8 | 1 | 3 | ratio | numbers | 疑难案件的价值倍数 | value of settling a hard case
outcome_assessment | 0.10 | 0.05 | 0.20 | utility | D72 and numbers: A w | 结果考核的既有权重 | weight of border results in the ordinary assessment
outcome_assessment_assessed | 0.40 | 0.20 | 0.80 | utility | D72 and numbers: A w | 纳入结果考核后的权重 | weight of border results once they are assessed
attendance_assessment_effect | 0.6 | 0.2 | 0.9 | probability | assumption | 出席考核的作用 | attendance won by assessing attendance among those who would stay away
reputation | 0.3 | 0.1 | 0.6 | utility | numbers: R | 声誉 | worth of being seen to make an effort
monitoring_none | 0.05 | 0 | 0.15 | share | numbers: m | 无渠道时的可见度 | effort seen by others without any channel
monitoring_forum | 0.2 | 0 | 0.4 | share | numbers: m | 会议的可见度 | effort seen where a forum meets
monitoring_owner | 0.5 | 0.3 | 0.7 | share | numbers: m | 明确责任人和期限的可见度 | effort seen on items with owner and deadline
monitoring_duty | 0.3 | 0.1 | 0.5 | share | numbers: m | 轮值召集的可见度 | effort seen by a convener on duty
monitoring_office | 0.5 | 0.3 | 0.7 | share | numbers: m | 联合机构的可见度 | effort seen in a joint office
monitoring_body | 0.7 | 0.5 | 0.9 | share | numbers: m | 实体统筹机构的可见度 | effort seen by a standing body
affect_slope | 0.67 | 0.3 | 1.2 | utility per unit of trust | numbers: g | 信任对出力的影响 | effect of trust above the mean of this border
effort_cost | 0.25 | 0.10 | 0.32 | utility | numbers: c0, calibrated to D60 (willingness of county, town and village at the start) | 出力的成本 | cost of an effort at a load of one half
effort_cost_load | 0.15 | 0.05 | 0.30 | utility per unit of load | numbers: c1 | 负荷增加的成本 | rise of the cost with load
fear_of_favour | 0.08 | 0.04 | 0.3 | utility | numbers: f | 怕被本村人说偏袒 | fear of seeming to favour the other side, village, per legacy tie at zero trust
fear_town | 0.7 | 0.4 | 1 | ratio | numbers | 镇级相对村级的顾虑 | fear at town level relative to village
fear_county | 0.4 | 0.2 | 0.8 | ratio | numbers | 县级相对村级的顾虑 | fear at county level relative to village
office_spread | 0.08 | 0.03 | 0.15 | utility (s.d.) | numbers | 单位之间的差异 | persistent difference between offices
line_likeness | 0.5 | 0 | 0.9 | share | assumption: offices of one county share a leadership | 同一县内单位的相似程度 | share of the variance between offices that those of one county have in common
effort_persistence_days | 90 | 30 | 180 | days | numbers | 一次表态的持续时间 | how long an effort draw of a side on a case holds
obligation_none | 0.15 | 0 | 0.4 | probability | assumption: courtesy | 无渠道时的礼节性出席 | attendance out of courtesy where nothing obliges
obligation_forum | 0.75 | 0.5 | 0.9 | probability | numbers | 会议的出席约束 | obligation to attend a forum
obligation_duty | 0.7 | 0.4 | 0.9 | probability | numbers | 轮值召集的出席约束 | obligation to come when a convener with authority calls
obligation_office | 0.6 | 0.4 | 0.85 | probability | numbers | 联合机构的出席约束 | obligation to attend in a joint office
obligation_body | 0.8 | 0.6 | 0.95 | probability | numbers | 实体机构的出席约束 | obligation to attend in a standing body
obligation_superior | 0.75 | 0.5 | 0.95 | probability | assumption | 共同上级的出席约束 | obligation to attend where a common superior can call both sides
monitoring_superior | 0.4 | 0.2 | 0.6 | share | assumption | 共同上级的可见度 | effort seen by a common superior within the prefecture
forwarding | 0.8 | 0.6 | 0.95 | probability | numbers | 逐级上报的转送概率 | probability that a hop upward forwards a request
hop_days_village | 1 | 0.5 | 3 | days | assumption: short hop | 村镇之间一跳的天数 | days between village and town
hop_days_town | 2 | 1 | 5 | days | assumption: short hop | 镇县之间一跳的天数 | days between town and county
hop_days_upper | 4 | 2 | 8 | days | numbers | 县以上一跳的天数 | days of a hop above the county
distance_cost | 0.012 | 0.006 | 0.024 | utility per day | numbers | 协调距离的代价 | cost of a day of coordination distance
channel_value | 0.5 | 0.25 | 1 | utility | assumption: a pair of medium belief and trust (one half each) is indifferent to a channel that takes an hour a month | 一条自建联系渠道每月的价值 | worth of a month of a channel of one's own to an office that is sure of return, at full trust
channel_habit | 0.05 | 0 | 0.15 | utility | assumption | 自建渠道中断前一方愿承受的损失 | loss a month that a side bears before it lets a channel of its own lapse
refer_base | -0.25 | -0.5 | -0.12 | utility | numbers | 上交的基准效用 | utility of referring upward
refer_above_tier | 0.4 | 0.2 | 0.8 | utility | numbers | 难度超出层级时上交的加成 | added when the difficulty is above the tier
refer_no_superior | -0.35 | -0.7 | -0.17 | utility | numbers | 无共同上级时上交的扣减 | added when there is no common superior
leave_per_day | 0.0005 | 0.00025 | 0.001 | utility per day | numbers | 搁置随时间的代价 | fall of the utility of leaving a case with its age
over_referral | 0.10 | 0 | 0.4 | probability | D29 | 过度上交率 | cases that lower tiers refer too early
upper_return_days | 60 | 30 | 120 | days | assumption | 上级无权处理后退回的时间 | days until a case referred without a common superior comes back
""",
    ),
    *_rows(
        "learning",
        """
belief_weight | 0.25 | 0.1 | 0.42 | weight | D65 | 信念更新权重 | weight of the latest behaviour in the belief about the other side
belief_loss_ratio | 1.5 | 1 | 2 | ratio | numbers | 失望相对惊喜的权重 | weight of losses relative to gains
load_excuse | 0.25 | 0 | 0.5 | share | numbers | 对方繁忙时的谅解 | part of a low effort that is excused when the other side is visibly loaded
belief_half_life_days | 360 | 90 | 1080 | days | numbers | 信念回归半衰期 | time in which a belief fades half-way to its prior without contact
duty_window_days | 30 | 7 | 91 | days | assumption | 一次值班观察的时间尺度 | a duty day counts as a full weak observation when duty comes this rarely, less when it is routine
weak_observation | 0.3 | 0.1 | 0.6 | share | assumption | 值班巡逻等弱观察的权重 | weight of seeing a duty day, patrol or case trail relative to a joint session
trust_border | 0.50 | 0.35 | 0.65 | index | assumption | 跨界信任基准 | baseline of trust on ties across the border
trust_interior | 0.60 | 0.45 | 0.75 | index | assumption | 境内信任基准 | baseline of trust on other ties
trust_spread | 0.08 | 0.03 | 0.15 | index (s.d.) | assumption | 信任基准的差异 | spread of the baseline between ties
legacy_trust_deduction | 0.10 | 0.05 | 0.3 | index | D62 and numbers | 历史争议对信任的扣减 | lower baseline where a legacy claim is open
trust_gain | 0.05 | 0.02 | 0.15 | share of the distance to one | D63 | 成功合作的信任增益 | rise of trust with a joint success
trust_loss_ratio | 2 | 1 | 4 | ratio | D64 | 失败相对成功的影响 | loss with a joint failure relative to the gain
trust_half_life_days | 180 | 60 | 720 | days | D68 | 信任回归半衰期 | time in which trust drifts half-way to its baseline
trust_contact | 0.02 | 0.005 | 0.05 | share of the distance to one | D69 | 一次交流活动的作用 | rise of trust with an event of contact
contact_saturation_events | 6 | 2 | 12 | events a year | assumption | 交流活动的饱和次数 | events after which another in the same year adds half as much
trust_incident | 0.10 | 0.05 | 0.2 | share of trust | assumption | 恶性事件的信任损失 | loss with an incident
trust_lingering | 0.01 | 0.003 | 0.03 | share of trust a month | assumption | 久拖不决的信任损失 | loss for each case open beyond ninety days
trust_never_raised | 0.01 | 0 | 0.03 | share of trust | assumption | 憋着不说的信任损失 | loss with a dispute that is never raised
trust_pollution | 0.01 | 0 | 0.03 | share of trust a month | assumption | 上游污染的信任损失 | loss on river ties in a month in which the section fails
trust_gift | 0.02 | 0.005 | 0.05 | share | assumption, sign from P05 | 单方好处的影响 | effect of a one-sided benefit: a gain on calm ties, a loss on contested ones
interest_half_life_days | 1095 | 365 | 2190 | days | D75 | 利益被视为当然的半衰期 | time in which shared interest is taken for granted, at trust one half
""",
    ),
    *_rows(
        "forums",
        """
remember_plain | 0.45 | 0.2 | 0.7 | probability | numbers | 无责任人时事项被记住的概率 | items of a forum that are remembered without owner and deadline
remember_owner | 0.85 | 0.6 | 1 | probability | numbers | 有责任人和期限时被记住的概率 | items of a forum that are remembered with owner and deadline
execution_days | 14 | 7 | 30 | days | assumption | 议定事项的落实时间 | days from decision to the day an item is due
item_age_days | 30 | 10 | 90 | days | assumption | 上会事项的最短案龄 | open cases older than this come before a forum
""",
    ),
    *_rows(
        "reviews",
        """
review_hour_weight | 0.5 | 0 | 2 | ratio | assumption: neither results nor hours settle the judgement alone | 评议机制时占用工时抵扣的成效 | score of a unit that binding all hours of its desks is held against
review_margin | 0.02 | 0 | 0.1 | share | assumption | 评议时视为相同的成效差距 | difference of scores up to which a unit takes them for equal
""",
    ),
    *_rows(
        "patrol",
        """
border_patrol_share | 0.06 | 0.02 | 0.15 | visits per bank and day | numbers | 每段边界每日巡逻次数 | visits that all teams together can pay to a bank of a stretch
police_patrol_share | 0.5 | 0.3 | 0.7 | share | assumption | 派出所承担的巡逻份额 | part of these visits by town police
volunteer_patrol_share | 0.3 | 0.1 | 0.5 | share | assumption | 志愿队承担的巡逻份额 | part of these visits by volunteers (water and market teams make the rest)
staleness_days | 14 | 7 | 30 | days | assumption | 久未巡逻的权重尺度 | days without a visit that double the pull of a stretch
report_weight | 0.25 | 0.1 | 0.5 | index | assumption | 一次报案对队伍判断的影响 | rise of the risk that teams see on a bank with an offence reported there
risk_pull | 2 | 0 | 5 | ratio | assumption | 风险对巡逻选点的吸引 | pull of reported offences on the choice of a stretch
offence_candidates | 0.02 | 0.006 | 0.06 | per km, bank and day | numbers | 违法机会数 | candidates for an offence
border_premium | 0.4 | 0 | 1 | ratio | D59 | 边界对违法者的吸引 | more candidates on the border than inside
offence_gain | 0.5 | 0.3 | 0.8 | utility | assumption | 违法收益均值 | mean gain of an offence in units of the cost of certain detection
offender_risk_weight | 1.5 | 0.8 | 3 | ratio | assumption | 违法者对风险的重视 | weight of perceived risk against gain
perceived_risk_prior | 0.15 | 0.05 | 0.3 | probability | assumption | 违法者的先验风险感知 | perceived risk without news
offender_learning_caught | 0.20 | 0.05 | 0.4 | weight | D57 | 被抓后的学习 | weight of being caught in the perceived risk
offender_learning_free | 0.08 | 0.02 | 0.2 | weight | D57 | 未被抓后的学习 | weight of not being caught in the perceived risk
presence_effect | 0.04 | 0.01 | 0.10 | index | D54 (ceiling of -16 %) | 见警的震慑 | rise of the perceived risk with a visit seen
deterrence_half_life_days | 30 | 7 | 120 | days | D55 | 震慑的半衰期 | time in which perceived risk falls half-way to its prior
displacement_share | 0.35 | 0 | 0.7 | probability | D56 | 被震慑者转移的概率 | deterred offenders who look for another place within reach
search_radius_km | 5 | 2 | 10 | km | D58 | 违法者的活动半径 | reach of an offender
night_share | 0.6 | 0.4 | 0.8 | share | assumption: night work in the reports | 夜间作案占比 | offences at night
detection_day | 0.6 | 0.3 | 0.9 | probability | D50 | 白天当场发现概率 | detection in the act on a visited bank by day
detection_night | 0.3 | 0.1 | 0.6 | probability | D50 | 夜间当场发现概率 | detection in the act on a visited bank by night
crossing_share | 0.5 | 0.2 | 0.8 | probability | assumption: pursuit stopped at mid-river | 越界逃逸概率 | offenders found in the act who try to cross
offence_reported_share | 0.10 | 0.05 | 0.3 | share | assumption: some tens of cases a year and pair of counties (C3, Yizhang-Lechang) | 违法案件报案率 | undetected offences that become a case to clear
joint_operations_baseline | 0.3 | 0.1 | 1 | per pair of counties and month | D49 | 无联盟时的集中行动 | large unilateral operations without an alliance
operation_leak | 0.40 | 0.1 | 0.7 | probability | D51 | 单方行动泄密概率 | unilateral operations of which offenders hear before
operation_leak_joint | 0.25 | 0.1 | 0.5 | probability | D51 | 联合行动泄密概率 | joint operations of which offenders hear before
operation_hours | 16 | 8 | 48 | hours | assumption from D48 | 集中行动占用的边界工时 | desk hours of each department in a large operation
operation_catch_days | 10 | 5 | 20 | days | assumption | 集中行动相当的常态违法天数 | days of ordinary offending whose offenders a surprise operation meets
operation_reach_share | 0.3 | 0.1 | 0.6 | share | assumption | 集中行动覆盖的河段份额 | part of a county pair's stretches searched in one operation
fine_weight | 0.3 | 0 | 0.6 | share | assumption | 处罚标准统一的作用 | rise of the perceived cost where penalties are harmonised
""",
    ),
    *_rows(
        "river and services",
        """
farm_load | 1 | 0.5 | 2 | load per farm | assumption: unit of load | 每个养殖场排放 | untreated discharge of a farm
load_decay_per_km | 0.02 | 0.005 | 0.05 | per km | assumption | 河道自净 | decay of load along the river
section_limit | 1440 | 1000 | 2200 | load | calibrated to D76 (0.60 of months without an alliance) | 断面达标限值 | routed load at mean flow above which the section fails
flow_spread | 0.35 | 0.2 | 0.6 | log s.d. | assumption | 径流的月际波动 | spread of monthly flow
season_amplitude | 0.3 | 0 | 0.6 | ratio | D11 | 枯丰水季差异 | amplitude of flow over the year, lowest in January
abatement_cost | 0.25 | 0.15 | 0.4 | utility | assumption | 治污的代价 | cost of abating to an upstream town
abatement_speed | 0.08 | 0.03 | 0.15 | share a month | assumption | 治污推进速度 | share of the way to its target that abatement goes in a month
treated_at_start | 0.2 | 0.1 | 0.4 | share | assumption | 起始治污比例 | share of upstream discharge that is treated on the first day
abatement_patrol | 0.5 | 0 | 1 | ratio | assumption from river-chief evidence | 巡河对治污的作用 | effect of recent river patrols on the target of abatement
service_requests_per_1000 | 6 | 2 | 15 | per 1,000 residents a year | assumption | 跨界办事需求 | requests of border residents that need an office of the other side
service_trips | 2.4 | 1.5 | 4 | trips | assumption | 异地办事跑动次数 | trips of a request without a shared window
service_trips_window | 1.1 | 1 | 1.5 | trips | assumption | 通办窗口跑动次数 | trips of a request at a shared window
service_days | 12 | 5 | 25 | days | assumption | 异地办事耗时 | days of a request without a shared window
service_days_window | 3 | 1 | 7 | days | assumption | 通办窗口耗时 | days of a request at a shared window
service_hours | 1 | 0.5 | 2 | hours | assumption | 办理一件的工时 | town hours of a request
service_grievance_share | 0.1 | 0.03 | 0.3 | share | assumption | 办不成一件引起的积怨 | grievance of a request given up, relative to an incident between villages
unserved_share | 0.15 | 0.05 | 0.3 | share | assumption | 办不成的比例 | requests given up without a shared window
""",
    ),
]

PARAMETERS: dict[str, Parameter] = {row.name: row for _, row in _TABLE}
"""The table, by name and in the order of the model."""

GROUPS: dict[str, str] = {row.name: group for group, row in _TABLE}
"""Group of each parameter, for documents and lists."""

RECORD_TYPE = np.dtype([(name, np.float64) for name in PARAMETERS])
"""One float64 field per parameter: the form in which compiled code reads the table."""


class Parameters(Mapping[str, float]):
    """A complete, validated set of parameter values.

    Parameters
    ----------
    changes : Mapping[str, float], optional
        Values that differ from the defaults.

    Raises
    ------
    InputError
        For an unknown name, a value that is no number, or one outside what the model allows.

    Examples
    --------
    >>> Parameters()["choice_sharpness"]
    6.0
    >>> Parameters({"belief_wieght": 0.3})
    Traceback (most recent call last):
    sim.errors.InputError: ...
    """

    def __init__(self, changes: Mapping[str, float] | None = None) -> None:
        self._values = {name: row.default for name, row in PARAMETERS.items()}
        for name, value in (changes or {}).items():
            self._values[name] = _checked(name, value)
        shares = (
            ("interior_complex_share", "interior_hard_share"),
            ("border_complex_share", "border_hard_share"),
            ("water_share", "family_share", "trade_share"),
            ("police_patrol_share", "volunteer_patrol_share"),
        )
        for group in shares:
            total = sum(self._values[name] for name in group)
            if total > 1.0 + 1e-12:
                raise InputError(
                    " + ".join(f"parameters.{name}" for name in group),
                    round(total, 6),
                    {"zh": "总和不超过 1", "en": "a sum of at most 1"},
                )

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def changes(self) -> dict[str, float]:
        """Return the values that differ from the defaults."""
        return {name: value for name, value in self.items() if value != PARAMETERS[name].default}

    def record(self) -> np.ndarray:
        """Return the values as a structured array of one element, for compiled code."""
        record = np.zeros(1, RECORD_TYPE)
        for name, value in self.items():
            record[name] = value
        return record


def _checked(name: str, value: object) -> float:
    if name not in PARAMETERS:
        allowed = {"zh": "参数表中的名称", "en": "a name of the parameter table"}
        raise InputError("parameters", name, allowed, nearest_name(name, PARAMETERS))
    row = PARAMETERS[name]
    allowed = {
        "zh": f"{row.minimum:g} 到 {row.maximum:g} 之间的数（合理范围：{row.low:g} 到 {row.high:g}）",
        "en": f"a number between {row.minimum:g} and {row.maximum:g} (plausible: {row.low:g} to {row.high:g})",
    }
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InputError(f"parameters.{name}", value, allowed)
    number = float(value)
    if not math.isfinite(number) or not row.minimum <= number <= row.maximum:
        raise InputError(f"parameters.{name}", value, allowed)
    return number


def markdown_table() -> str:
    """Return the whole table as Markdown, for the ODD document."""
    lines = ["| parameter | default | low | high | unit | basis | meaning |", "|---|---|---|---|---|---|---|"]
    group = ""
    for name, row in PARAMETERS.items():
        if GROUPS[name] != group:
            group = GROUPS[name]
            lines.append(f"| **{group}** | | | | | | |")
        lines.append(
            f"| `{name}` | {row.default:g} | {row.low:g} | {row.high:g} | {row.unit} | {row.basis} | {row.en} |"
        )
    return "\n".join(lines)
