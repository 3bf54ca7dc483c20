"""Offices with their desks and queues, pairs of offices that face each other, and teams."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from sim.elementary import exp2
from sim.levers.definitions import DOMAINS
from sim.rules.learning import fade_to, turnover, update_belief
from sim.rules.mediation import case_chance, line_weight
from sim.rules.reaching import climb_days, days_until_duty
from sim.rules.willingness import (
    attend_chance,
    effort_chance,
    effort_worth,
    load,
    pressure,
    settlement_worth,
)
from sim.rules.working import balance_on, queue_after
from sim.streams import PATROL, TURNOVER, exponential
from sim.world.offices import UPPER
from tests.twin.cases import rank

if TYPE_CHECKING:
    from tests.twin.border import Border
    from tests.twin.places import Bank, Tie

__all__ = ["Dyad", "Office", "Team"]


class Office(mesa.Agent):
    """A party branch, a committee or a department: its hours, its cadre and what it is by disposition."""

    def __init__(self, model: Border, number: int, key: int, tier: int) -> None:
        super().__init__(model)
        self.number = number
        self.key = key
        self.tier = tier
        self.parent: Office | None = None
        self.departments: list[Office] = []  # of a county
        self.dyads: list[Dyad] = []
        self.side = 0
        self.term = 0.0  # persistent difference in what an effort is worth
        self.base_desk = self.base_interior = 0.0  # hours a day without mechanisms
        self.desk_rate = self.interior_rate = 0.0  # hours a day
        self.desk = 0.0  # hours saved up
        self.busy_until = 0.0
        self.turnovers, self.turnover_due = 0, 0.0
        self.bound_hours = self.displaced_hours = 0.0
        self.efforts = self.border_efforts = 0
        self.rules: Any = None

    @property
    def desk_full(self) -> float:
        """The most hours that the border desk can save up."""
        return self.model.p.desk_saving_days * max(self.desk_rate, 1e-6)

    @property
    def load(self) -> float:
        """How loaded it is, in [0, 1]: an empty desk, a long queue."""
        waiting = self.busy_until - self.model.day
        return load(self.desk, self.desk_full, waiting, self.model.p.full_waiting_days)

    @property
    def effort_cost(self) -> float:
        """What an effort costs at its load."""
        return self.model.p.effort_cost + self.model.p.effort_cost_load * (self.load - 0.5)

    @property
    def pressure(self) -> float:
        """How much of the pressure from above arrives."""
        return pressure(self.tier, self.model.p.pressure_town, self.model.p.pressure_village)

    def value_of(self, difficulty: int) -> float:
        """Give the value of a settlement."""
        p = self.model.p
        return settlement_worth(p.settlement_value * self.pressure, difficulty, p.value_complex, p.value_hard)

    def assessment_of(self, domain: int) -> float:
        """Give the weight of border results on a subject in its assessment, before pressure."""
        p = self.model.p
        assessed = getattr(self.rules, f"outcome_{DOMAINS[domain]}")
        return p.outcome_assessment + assessed * (p.outcome_assessment_assessed - p.outcome_assessment)

    def attends(self, obligation: float, draw: float) -> bool:
        """Tell whether it comes although it means to make no effort."""
        return draw < attend_chance(
            obligation, self.rules.attendance, self.model.p.attendance_assessment_effect
        )

    def save(self) -> None:
        """Save up the hours of a day."""
        self.desk = balance_on(self.desk, self.desk_rate, 1.0, self.desk_full)

    def spend(self, hours: float) -> None:
        """Take hours out of the desk."""
        self.desk = max(0.0, self.desk - hours)

    def bind(self, hours: float) -> None:
        """Bind hours to a duty, a meeting, contact or an operation: some the desk's, the rest the queue's."""
        from_desk = min(hours * self.model.p.bound_desk_share, self.desk)
        self.desk -= from_desk
        self.busy_until = queue_after(self.busy_until, self.model.day, hours - from_desk, self.interior_rate)
        self.count_bound(hours, hours - from_desk)

    def count_bound(self, hours: float, displaced: float) -> None:
        """Count bound hours, and those of them that interior work is missing."""
        self.bound_hours += hours
        self.displaced_hours += displaced
        if self.tier < UPPER:
            tier = self.model.tier_names[self.tier]
            self.model.count(f"bound_{'ab'[self.side]}_{tier}", 1, hours)
            self.model.count(f"displaced_hours_{tier}", 0, displaced)

    def queue(self, hours: float) -> int:
        """Queue a piece of interior work and give the day on which it is done."""
        tier, today = self.model.tier_names[self.tier], self.model.day
        self.model.count(f"waits_{tier}", 0)
        self.model.count(f"wait_days_{tier}", 0, max(0.0, self.busy_until - today))
        self.busy_until = queue_after(self.busy_until, today, hours, self.interior_rate)
        return int(self.busy_until)

    def days_until_duty(self) -> int | None:
        """Give the days until it is next on duty, None without a rota."""
        interval = self.rules.duty_interval
        return days_until_duty(self.model.day, interval, self.key % 360_360 % interval) if interval else None

    def draw_term(self) -> float:
        """Draw the days that its cadre stays."""
        p = self.model.p
        years = (p.turnover_years_village, p.turnover_years_town, p.turnover_years_county)[rank(self.tier)]
        return exponential(self.model.seed, TURNOVER, self.key, self.turnovers, 0, years * 365.25)

    def change_cadre(self) -> None:
        """Let a new cadre begin with a part of what the last one believed."""
        for dyad in self.dyads:
            side = dyad.offices.index(self)
            dyad.belief[side] = turnover(
                dyad.belief[side], dyad.prior[side], self.model.p.turnover_carry_over
            )
        self.turnovers += 1
        self.turnover_due = self.model.day + self.draw_term()


class Dyad:
    """Two offices of one tier whose territories touch, and what each believes of the other."""

    def __init__(self, model: Border, offices: tuple[Office, Office], level: int, is_border: bool) -> None:
        self.model = model
        self.offices = offices
        self.tier = offices[0].tier
        self.level = level
        self.is_border = is_border
        self.ties: list[Tie] = []
        self.prior = [0.4, 0.4]  # that the other side works, without news
        self.belief = [0.4, 0.4]
        self.shared_hours = 0.0  # saved up in the joint office
        self.channel_open = False  # one of their own
        self.calls = self.attended = 0
        self.rules: Any = None
        self.ordinary_monitoring = math.nan  # share of an effort that is seen without any mechanism

    def live(self) -> None:
        """Let a day pass: beliefs fade to their priors, the joint office saves hours."""
        p = self.model.p
        left = exp2(-1.0 / p.belief_half_life_days)
        self.belief = [fade_to(self.belief[side], self.prior[side], left) for side in (0, 1)]
        rate = self.rules.office_hours * p.reachable_share
        self.shared_hours = balance_on(self.shared_hours, rate, 1.0, self.shared_full)

    @property
    def shared_full(self) -> float:
        """The most hours that the joint office can save up."""
        p = self.model.p
        return p.desk_saving_days * self.rules.office_hours * p.reachable_share

    def observe(self, observer: int, seen: bool, weight: float) -> None:
        """Let one side see whether the other worked."""
        p = self.model.p
        self.belief[observer] = update_belief(
            self.belief[observer], float(seen), p.belief_weight, weight, p.belief_loss_ratio, p.load_excuse,
            self.offices[1 - observer].load,
        )  # fmt: skip

    def tell(self) -> None:
        """Let both sides tell each other of the open cases between their places."""
        for tie in self.ties:
            for case in tie.open_cases:
                case.tell_both()

    def chance(self, tie: Tie, difficulty: int, *, joint: bool) -> float:
        """Give the chance per case with the effort of both sides, or of one that mediates alone."""
        p, rules = self.model.p, tie.rules
        penalty = p.one_sided_penalty * line_weight(self.level, p.line_inside_province)
        if joint:
            penalty *= p.joint_penalty_share
            penalty -= min(penalty, p.panel_bonus * rules.panel)
        bonus = p.skill_bonus * rules.skill + p.law_bonus * rules.law
        success = p.success[difficulty]
        return case_chance(success, penalty, bonus, rank(self.tier), difficulty, p.wrong_tier_share)

    def worth(self, side: int, tie: Tie, domain: int, difficulty: int, monitoring: float) -> float:
        """Give what an effort is worth to one side (Delta U)."""
        p, office = self.model.p, self.offices[side]
        both = self.chance(tie, difficulty, joint=True)
        shared = 1.0 - p.needs_both[difficulty]
        one = shared * p.one_sided_effort_share * both
        one += self.rules.decision_right * p.decision_substitution * (both - one)
        none = min(one, shared * p.no_effort_success)
        worth = effort_worth(
            office.value_of(difficulty), self.belief[side], both, one, none,
            office.pressure * self.assessment(side, domain), monitoring * p.reputation, tie.interest,
            p.affect_slope * (tie.trust - self.model.mean_trust), office.effort_cost,
            self.fear(tie),
        )  # fmt: skip
        return worth + office.term

    def assessment(self, side: int, domain: int) -> float:
        """Give the weight of results on a subject in a side's assessment, before pressure."""
        # What mechanisms have assessed is the results of the border.
        return self.offices[side].assessment_of(domain) if self.is_border else self.model.p.outcome_assessment

    def fear(self, tie: Tie) -> float:
        """Give the fear of seeming to favour the other side while a claim is open."""
        p = self.model.p
        scale = (1.0, p.fear_town, p.fear_county)[rank(self.tier)] if tie.legacy_open else 0.0
        return scale * p.fear_of_favour * (1.0 - tie.trust)

    def worth_if_withdrawn(self, side: int, tie: Tie, difficulty: int) -> float:
        """Give what an effort would be worth if every mechanism were withdrawn today."""
        p, office = self.model.p, self.offices[side]
        penalty = p.one_sided_penalty * line_weight(self.level, p.line_inside_province)
        penalty *= p.joint_penalty_share
        success = p.success[difficulty]
        both = case_chance(success, penalty, 0.0, rank(self.tier), difficulty, p.wrong_tier_share)
        shared = 1.0 - p.needs_both[difficulty]
        one = shared * p.one_sided_effort_share * both
        none = min(one, shared * p.no_effort_success)
        worth = effort_worth(
            office.value_of(difficulty), self.belief[side], both, one, none,
            office.pressure * p.outcome_assessment, self.ordinary_monitoring * p.reputation, 0.0,
            p.affect_slope * (tie.trust - self.model.mean_trust), office.effort_cost, self.fear(tie),
        )  # fmt: skip
        return worth + office.term

    def willingness(self, side: int, tie: Tie, domain: int, difficulty: int, monitoring: float) -> float:
        """Give the chance that one side makes an effort."""
        worth = self.worth(side, tie, domain, difficulty, monitoring)
        return effort_chance(worth, self.model.p.choice_sharpness)

    def reach(self) -> tuple[float, str]:
        """Give the days in which the other side can be brought to a session, and by which channel."""
        p, rules = self.model.p, self.rules
        if rules.office_kind:
            return 0.0, "office"
        if rules.cross_posted:
            return 0.0, "channel"
        days = climb_days(self.tier, self.level, p.hop_days_village, p.hop_days_town, p.hop_days_upper)
        channel = "line"
        if rules.channel_days < days:
            days, channel = rules.channel_days, "channel"
        if self.channel_open and rules.earned_days < days:
            days, channel = rules.earned_days, "channel"
        for office in self.offices if rules.duty_power > 0.0 else ():
            wait = office.days_until_duty()
            if wait is not None and wait <= days:
                days, channel = float(wait), "duty"
        return days, channel


class Team(mesa.Agent):
    """A team that patrols the banks of its own territory."""

    def __init__(self, model: Border, key: int, banks: list[Bank], base_visits: float) -> None:
        super().__init__(model)
        self.key = key
        self.banks = banks
        self.base_visits = self.visits_per_day = base_visits
        self.saved_visits = key % 1000 / 1000.0
        self.visits = 0
        # The race of its banks: what is left of each one's clock at a pull of one, and visits won.
        self.won = dict.fromkeys(banks, 0)
        self.clocks = {bank: self.draw_clock(bank) for bank in banks}

    def draw_clock(self, bank: Bank) -> float:
        """Draw a new clock for a bank."""
        return exponential(self.model.seed, PATROL, bank.key ^ self.key, self.won[bank], 0, 1.0)
