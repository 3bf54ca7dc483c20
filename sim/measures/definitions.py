"""The measures: definition, unit and direction of everything that is reported.

Each measure is reported for the border (ties at or above the region's border level) and for the
interior separately, over the measured period of one run; uncertainty comes from replications.

Examples
--------
>>> MEASURES["settled_90_days"].unit
'share'
>>> [measure.name for measure in MEASURES.values() if measure.headline][:2]
['settled_90_days', 'first_response_days']
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A reported quantity.

    Attributes
    ----------
    name : str
        Key in tables.
    group : str
        disputes, patrol, willingness, river or cost.
    unit : str
        Unit of the value; ``share`` lies in [0, 1].
    better : int
        +1 where more is better, -1 where less is better, 0 where neither is.
    headline : bool
        True for the few measures that a first answer shows.
    tiers : tuple of str
        Tiers for which it is reported; ``all`` is over all tiers.
    zh, en : str
        Name in both languages.
    definition : str
        What exactly is counted.
    """

    name: str
    group: str
    unit: str
    better: int
    headline: bool
    tiers: tuple[str, ...]
    zh: str
    en: str
    definition: str


_TIERS = {
    "all": ("all",),
    "tiers": ("all", "village", "town", "county"),
    "closing": ("village", "town", "county", "department", "upper"),
    "offices": ("all", "village", "town", "county", "department"),
}

_TABLE = """
disputes | settled_90_days | share | + | headline | all | 90天内化解率 | settled within 90 days | Kaplan-Meier share of known disputes settled within 90 days of first being known; open cases are censored, never dropped
disputes | median_days | days | - | | all | 化解天数中位数 | median days to settlement | Kaplan-Meier median of days from first known to settled; blank where half are never settled
disputes | settled_30_days | share | + | | all | 30天内化解率 | settled within 30 days | Kaplan-Meier share settled within 30 days of first being known
disputes | settled_180_days | share | + | | all | 180天内化解率 | settled within 180 days | Kaplan-Meier share settled within 180 days of first being known
disputes | settled_90_days_at_tier | share | 0 | | closing | 各层级90天内化解的份额 | settled within 90 days, by tier | share of known disputes settled within 90 days by an office of the tier (cumulative incidence; the tiers add up to settled_90_days)
disputes | settled_90_days_simple | share | + | | all | 简单纠纷90天化解率 | simple, settled within 90 days | as settled_90_days, cases simple when they arose
disputes | settled_90_days_complex | share | + | | all | 复杂纠纷90天化解率 | complex, settled within 90 days | as settled_90_days, cases complex when they arose
disputes | settled_90_days_hard | share | + | | all | 疑难纠纷90天化解率 | hard, settled within 90 days | as settled_90_days, cases hard when they arose
disputes | settled_90_days_land | share | + | | all | 土地邻里纠纷90天化解率 | land, settled within 90 days | as settled_90_days, land and neighbour disputes
disputes | settled_90_days_water | share | + | | all | 涉水纠纷90天化解率 | water, settled within 90 days | as settled_90_days, water and environment disputes
disputes | settled_90_days_family | share | + | | all | 婚姻家庭纠纷90天化解率 | family, settled within 90 days | as settled_90_days, marriage and family disputes
disputes | settled_90_days_trade | share | + | | all | 买卖纠纷90天化解率 | trade, settled within 90 days | as settled_90_days, trade and other disputes
disputes | days_from_occurrence | days | - | | all | 从发生到化解天数中位数 | median days from occurrence | Kaplan-Meier median of days from occurrence to settlement, over known disputes
disputes | disputes_occurred | per year | 0 | | all | 每年发生的纠纷 | disputes that arose | true disputes that arose, raised or not
disputes | disputes_known | per year | 0 | | all | 每年知晓的纠纷 | disputes known | disputes that became known to an office
disputes | disputes_settled | per year | + | | all | 每年化解的纠纷 | disputes settled | disputes settled for the first time, whenever they became known
disputes | severity_at_detection | index | - | | all | 发现时的严重程度 | severity at detection | mean difficulty (simple 0, complex 1, hard 2) when first known
disputes | first_response_days | days | - | headline | all | 首次响应天数 | days to first response | mean days from first known to the first session or solo mediation, a year at most; cases without one are censored
disputes | closed_share | share | 0 | | closing | 各层级办结占比 | share closed by tier | of settled disputes, those settled at each tier
disputes | relapse_share | share | - | | all | 复发率 | relapse | settlements that opened again within the run
disputes | hand_offs | per case | - | | all | 每案移交次数 | hand-offs per case | mean number of changes of holder
disputes | vacuum_share | share | - | headline | all | 无人过问占比 | open and unattended | share of open case-days without any act for longer than unattended_days
disputes | incidents | per year | - | | all | 每年恶性事件 | incidents | cases that worsened into an incident
disputes | reported_settled_90_days | share | 0 | | all | 上报90天化解率 | officially reported settled | settled_90_days plus the known inflation of reports, at most 1
disputes | legacy_settled | per year | + | | all | 每年化解历史遗留争议 | legacy claims settled | legacy claims settled a year
patrol | coverage_7_days | share | + | headline | all | 7天巡逻覆盖率 | covered within 7 days | length-weighted share of bank-days (each bank of a stretch by itself) on which the bank was visited within the last 7 days
patrol | coverage_30_days | share | + | | all | 30天巡逻覆盖率 | covered within 30 days | length-weighted share of bank-days on which the bank was visited within the last 30 days
patrol | visits | per month | 0 | | all | 每月巡逻次数 | patrol visits | visits to a bank by any team
patrol | duplicated_visits | share | - | | all | 重复巡逻占比 | duplicated visits | visits to a stretch that another team not patrolling with it visits the same day
patrol | offences | per 100 km and month | - | headline | all | 每百公里每月违法 | offences | offences committed per 100 km of stretch and month
patrol | detected_share | share | + | | all | 当场查获占比 | caught in the act | share of offences whose offender was caught in the act
patrol | cleared_share | share | + | | all | 破案率 | cleared | offences caught in the act or cleared later, of those caught or reported
patrol | displaced_share | share | - | | all | 转移占比 | displaced | offences committed away from the place first chosen
patrol | displaced_across_share | share | - | | all | 转移到对岸占比 | displaced across the line | offences committed on the other bank of the place first chosen
patrol | operations | per month | 0 | | all | 每月集中行动 | large operations | large operations, unilateral and joint
patrol | joint_operations | per month | 0 | | all | 每月联合行动 | joint operations | large operations that both sides carried out together
patrol | operation_hit_share | share | + | | all | 集中行动查获占比 | operations with a hit | large operations that found at least one offender
willingness | willingness | probability | + | headline | offices | 合作意愿 | willingness to co-operate | mean propensity to make an effort, over the mix of difficulties of cases between villages, in the channel used
willingness | willingness_withdrawn | probability | + | | offices | 撤去机制后的合作意愿 | willingness, mechanisms withdrawn | the same propensity if every mechanism were withdrawn that day: what beliefs, trust, fears and workload as they have become would carry by themselves
willingness | willingness_side_a | probability | + | | offices | 甲方合作意愿 | willingness, side a | willingness of offices on side a (the first unit of the region at the border's level)
willingness | willingness_side_b | probability | + | | offices | 乙方合作意愿 | willingness, side b | willingness of offices on side b (all other units)
willingness | attendance | share | 0 | | tiers | 出席率 | attendance | share of calls to a joint session or forum item that the side called attended (the convener does not count); all is village, town and county, departments apart
willingness | effort | share | + | | tiers | 出力率 | effort | share of calls to a joint session or forum item on which the side called made an effort
willingness | suspension_gap | share | - | headline | tiers | 悬浮差距 | suspension gap | attendance minus effort
willingness | reciprocity | share | + | | tiers | 互惠 | reciprocity | of joint sessions with at least one side's effort, those with both sides'
willingness | joint_sessions | per year | 0 | | tiers | 每年联合调处 | joint sessions | joint sessions held
willingness | joint_share | share | + | | tiers | 联合调处占比 | joint, not solo | joint sessions as a share of joint sessions and solo mediations of village, town and county
willingness | items_decided | per year | 0 | | all | 每年议定事项 | items decided | items decided in forums
willingness | items_carried_out | share | + | | all | 议定事项落实率 | items carried out | items decided that were carried out with both sides' effort
willingness | meetings | per year | 0 | | all | 每年会议次数 | meetings | meetings at which both offices of a pair were present, added over pairs
willingness | channels_kept | share | 0 | | offices | 自建联系渠道存续占比 | own channels kept open | of the pairs of offices that may open a channel of their own, the share that keep one, at the ends of months; blank where none may
willingness | effort_concentration | share | - | | all | 出力集中度 | concentration of effort | of all efforts on the border, in sessions and alone, the share made by the fifth of village, town and county offices that made most
willingness | trust | index | + | headline | all | 信任 | trust | mean trust on ties, by month, averaged
willingness | trust_contested | index | + | | all | 有争议村对的信任 | trust on contested ties | mean trust on ties with a legacy claim at the start
willingness | trust_calm | index | + | | all | 无争议村对的信任 | trust on other ties | mean trust on ties without a legacy claim at the start
willingness | willingness_contested | probability | + | | village | 有争议村对的合作意愿 | willingness on contested ties | village willingness on ties with a legacy claim at the start
willingness | willingness_calm | probability | + | | village | 无争议村对的合作意愿 | willingness on other ties | village willingness on ties without a legacy claim at the start
river | section_compliance | share | + | headline | all | 断面达标率 | months the section meets its limit | share of months in which the border section of the river meets its limit
river | abatement | share | + | | all | 上游治污程度 | abatement upstream | load-weighted share of upstream discharge that is treated
river | service_trips | trips | - | | all | 每件办事跑动次数 | trips per request | mean trips of a cross-border service request
river | service_days | days | - | | all | 每件办事天数 | days per request | mean days of a cross-border service request
cost | staff_days | staff-days a year | - | headline | offices | 投入工日 | staff-days bound | hours bound by meetings, duties, joint offices, double posts and contact, and operations beyond the ordinary, in days of eight hours
cost | staff_days_side_a | staff-days a year | - | | all | 甲方投入工日 | staff-days, side a | staff_days of side a
cost | staff_days_side_b | staff-days a year | - | | all | 乙方投入工日 | staff-days, side b | staff_days of side b
cost | money | 10,000 yuan a year | - | | all | 投入经费 | money | running cost of the mechanisms (assumed prices)
cost | waiting_days | days | - | headline | tiers | 境内案件等待天数 | waiting time inside | mean days that a session of interior work waits for hours of its office, by the office's tier
cost | displaced_hours | hours a year | - | | offices | 挤占的境内工时 | interior hours displaced | interior hours that bound hours took away
cost | unserved_hours | hours | - | | offices | 积压工时 | unserved hours | mean interior work waiting for hours, at the end of each month
cost | days_per_extra_settled | staff-days | - | | all | 每多化解一件的工日 | staff-days per additional case settled | extra staff-days a year over extra disputes settled a year (disputes_settled), relative to the baseline arm (only in comparisons)
"""


def _parse() -> dict[str, Measure]:
    measures = {}
    for line in _TABLE.strip().splitlines():
        group, name, unit, better, headline, tiers, zh, en, definition = (
            cell.strip() for cell in line.split("|")
        )
        sign = {"+": 1, "-": -1, "0": 0}[better]
        measures[name] = Measure(
            name, group, unit, sign, bool(headline), _TIERS.get(tiers, (tiers,)), zh, en, definition
        )
    return measures


MEASURES: dict[str, Measure] = _parse()
"""All measures by name, in reporting order."""
