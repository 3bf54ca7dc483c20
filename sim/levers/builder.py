"""Tables in the making: each lever writes its own few cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.levers.coverage import TIER_NUMBER, Indices, coverage_of
from sim.levers.institutions import FORUM_RULES, OFFICE_KINDS, Tables, ordinary_tables
from sim.levers.lever_use import LeverUse
from sim.levers.mechanism import Mechanism
from sim.parameters import PARAMETERS, Parameters
from sim.world.world import World

__all__ = ["DAYS_PER_YEAR", "WORKING_SHARE", "WORTH", "TableBuilder", "day_of_year"]

WORTH = tuple(name for name in PARAMETERS if name.startswith(("monitoring_", "obligation_")))
"""Parameters that tables depend on: how much of an effort is seen, and how far offices can be called."""

DAYS_PER_YEAR = 365.25
"""Days of a year in lever dates."""

WORKING_SHARE = 5.0 / 7.0
"""Working days as a share of all days: levers give hours a working day, the day kernel counts every day."""


def day_of_year(year: float) -> int:
    """Give the day on which a lever date falls, counted from the start of the measured period.

    Parameters
    ----------
    year : float
        Years from the start.

    Examples
    --------
    >>> day_of_year(2.0)
    730
    """
    return round(year * DAYS_PER_YEAR)


_MOST_FASTER = 5.0
"""Most by which discovery may be faster, whatever works together: five times as fast again."""


class TableBuilder:
    """Tables of one epoch in the making.

    Parameters
    ----------
    world : World
        The border.
    parameters : Parameters
        What an obligation, a place in an office or a deadline is worth.
    """

    def __init__(self, world: World, parameters: Parameters) -> None:
        self.world = world
        self.parameters = parameters
        self.chosen = coverage_of(world)
        self.tables = ordinary_tables(
            world.dyad_level, len(world.tie_a), len(world.office_tier), len(world.segment_tie), parameters
        )
        self.forums: list[tuple[float, float, float, float, int, int, int, Indices, int]] = []

    def add(self, use: LeverUse, key: int) -> None:
        """Let one lever write its cells; its key decides which pairs a share covers."""
        writers: dict[str, Callable[[LeverUse, int], None]] = {
            "channel": self._channel,
            "forum": self._forum,
            "duty": self._duty,
            "joint_office": self._joint_office,
            "cross_post": self._cross_post,
            "observation": self._on_ties,
            "sensing": self._on_ties,
            "routing": self._routing,
            "action_right": self._action_right,
            "pool": self._pool,
            "standard": self._standard,
            "skill": self._on_ties,
            "capacity": self._capacity,
            "assessment": self._assessment,
            "interest": self._interest,
            "contact": self._contact,
        }
        writers[use.lever](use, key)

    def add_cost(self, mechanism: Mechanism, in_force: list[LeverUse]) -> None:
        """Add the running cost of a mechanism of which some levers are in force.

        Parameters
        ----------
        mechanism : Mechanism
            Its cost is for the border, or for each pair that its first lever covers.
        in_force : list of LeverUse
            Its levers in force; without any there is no cost.
        """
        if not in_force:
            return
        pairs = 1.0
        if mechanism.cost.per == "pair":
            first = mechanism.levers[0]
            if first.tiers:
                count = sum(self.chosen.pairs_of(first, tier).size for tier in first.tiers)
            else:
                count = int(self.chosen.ties_of(first).sum())
            pairs = count * first.share if first in in_force else 0.0
        self.tables.general["money_yuan_per_year"] += mechanism.cost.money_yuan_per_year * pairs

    def finish(self) -> Tables:
        """Return the tables with the meetings in one array."""
        forums = np.zeros(len(self.forums), FORUM_RULES)
        members = []
        first = 0
        for row, (items, hours, owner, review, cadence, phase, tier, dyads, key) in enumerate(self.forums):
            forums[row] = (items, hours, owner, review, cadence, phase, tier, first, dyads.size, key)
            members.append(dyads)
            first += dyads.size
        flat = np.concatenate(members).astype(np.int64) if members else np.zeros(0, np.int64)
        return self.tables._replace(forums=forums, forum_dyads=flat)

    def _raise(self, dyads: Indices, column: str, value: float) -> None:
        cells = self.tables.dyads[column]
        cells[dyads] = np.maximum(cells[dyads], value)

    def _channel(self, use: LeverUse, key: int) -> None:
        for tier in use.tiers:
            dyads = self.chosen.covered(use, tier, key)
            kind = "earned" if use.options["formation"] == "earned" else "channel"
            days = self.tables.dyads[f"{kind}_days"]
            days[dyads] = np.minimum(days[dyads], use.settings["days"])
            self.tables.dyads[f"{kind}_hours"][dyads] += use.settings["upkeep_hours"]

    def _forum(self, use: LeverUse, key: int) -> None:
        settings = use.settings
        cadence = max(1, round(settings["cadence_days"]))
        for tier in use.tiers:
            dyads = self.chosen.covered(use, tier, key)
            if dyads.size == 0:
                continue
            number = TIER_NUMBER[tier]
            self._raise(dyads, "forum_obligation", self.parameters["obligation_forum"])
            if settings["items"] > 0.0:
                self._raise(dyads, "monitoring", self.parameters["monitoring_forum"])
            meeting = (key >> 3) & 0x7FFFFFFF
            self.forums.append(
                (
                    settings["items"], settings["hours_per_member"], settings["owner_and_deadline"],
                    settings["review"], cadence, (meeting + 11 * number) % cadence, number, dyads, meeting,
                )
            )  # fmt: skip

    def _duty(self, use: LeverUse, key: int) -> None:
        for tier in use.tiers:
            dyads = self.chosen.covered(use, tier, key)
            offices = self.chosen.offices_of(dyads)
            self._raise(dyads, "monitoring", self.parameters["monitoring_duty"])
            self.tables.dyads["has_duty"][dyads] = 1
            self._raise(dyads, "duty_power", use.settings["convening_power"])
            self._raise(dyads, "duty_memory", use.settings["handover_memory"])
            if use.settings["convening_power"] > 0.0:
                self.tables.dyads["has_convener"][dyads] = 1
            rules = self.tables.offices
            interval = max(1, round(use.settings["interval_days"]))
            hours = use.settings["hours"]
            old = rules["duty_interval"][offices]
            shorter = np.minimum(old, interval)
            # One rota serves all duties of an office: as often as the most frequent, the hours of all.
            shared = (rules["duty_hours"][offices] / np.maximum(old, 1) + hours / interval) * shorter
            rules["duty_interval"][offices] = np.where(old > 0, shorter, interval)
            rules["duty_hours"][offices] = np.where(old > 0, shared, hours)

    def _joint_office(self, use: LeverUse, key: int) -> None:
        kind = OFFICE_KINDS.index(use.options["kind"])
        is_body = use.options["kind"] == "standing_body"
        for tier in use.tiers:
            dyads = self.chosen.covered(use, tier, key)
            rules = self.tables.dyads
            rules["office_kind"][dyads] = np.maximum(rules["office_kind"][dyads], kind)
            rules["office_hours"][dyads] += use.settings["hours_per_member"] * WORKING_SHARE
            self._raise(dyads, "decision_right", use.settings["decision_right"])
            name = "body" if is_body else "office"
            self._raise(dyads, "monitoring", self.parameters[f"monitoring_{name}"])
            self._raise(dyads, "obligation", self.parameters[f"obligation_{name}"])
            if is_body:
                rules["has_convener"][dyads] = 1
            self._bind(dyads, use.settings["hours_per_member"])

    def _cross_post(self, use: LeverUse, key: int) -> None:
        for tier in use.tiers:
            dyads = self.chosen.covered(use, tier, key)
            self.tables.dyads["cross_posted"][dyads] = 1
            self._raise(dyads, "monitoring", self.parameters["monitoring_office"])
            self._bind(dyads, use.settings["hours"])

    def _bind(self, dyads: Indices, hours: float) -> None:
        bound = self.tables.offices["bound_hours"]
        np.add.at(bound, self.world.dyad_a[dyads], hours * WORKING_SHARE)
        np.add.at(bound, self.world.dyad_b[dyads], hours * WORKING_SHARE)

    def _on_ties(self, use: LeverUse, key: int) -> None:
        columns = {
            "delay_reduction": "delay_removed",
            "loss_reduction": "loss_removed",
            "case_trail": "case_trail",
            "faster_detection": "faster_detection",
            "completeness": "completeness",
            "mediation": "skill",
            "two_sided_panel": "panel",
            "law_service": "law",
        }
        ties = self.chosen.shared_ties(use, key)
        for setting, value in use.settings.items():
            cells = self.tables.ties[columns[setting]]
            if setting == "faster_detection":
                cells[ties] = np.minimum(_MOST_FASTER, cells[ties] + value)
            else:
                _combine(cells, ties, value)

    def _routing(self, use: LeverUse, key: int) -> None:
        ties = self.chosen.shared_ties(use, key)
        _combine(self.tables.ties["route_by_difficulty"], ties, use.settings["by_difficulty"])
        _combine(self.tables.ties["route_to_department"], ties, use.settings["to_department"])
        mask = np.zeros(len(self.world.tie_a), dtype=np.bool_)
        mask[ties] = True
        self._raise(
            self.chosen.dyads_of(mask, "department", use.domains),
            "service_clock",
            use.settings["service_clock"],
        )

    def _action_right(self, use: LeverUse, key: int) -> None:
        segments, draws = self.chosen.segments_of(use, key)
        banks = self.tables.banks
        for column in ("cross_bank", "pursuit"):
            banks[column][segments[draws < use.settings[column]]] = 1
        banks["nearest_first"][segments] = np.maximum(
            banks["nearest_first"][segments], use.settings["nearest_first"]
        )

    def _pool(self, use: LeverUse, key: int) -> None:
        segments, draws = self.chosen.segments_of(use, key)
        pooled = segments[draws < use.settings["shared_roster"]]
        banks = self.tables.banks
        banks["shared_roster"][pooled] = 1
        banks["joint_visits"][pooled] = np.maximum(
            banks["joint_visits"][pooled], use.settings["joint_visits"]
        )
        counties = self.chosen.pairs_of(use, "county")
        planned = self.tables.dyads["joint_operations"]
        planned[counties] += use.settings["joint_operations_per_month"] * use.share

    def _standard(self, use: LeverUse, key: int) -> None:
        ties = self.chosen.shared_ties(use, key)
        _combine(self.tables.ties["rules_harmonised"], ties, use.settings["rules"])
        segments, _ = self.chosen.segments_of(use, key)
        _combine(self.tables.banks["penalties"], segments, use.settings["penalties"])

    def _capacity(self, use: LeverUse, key: int) -> None:
        settings = use.settings
        rules = self.tables.offices
        for tier in use.tiers:
            dyads = self.chosen.covered(use, tier, key)
            offices = self.chosen.offices_of(dyads, use.side)
            rules["desk_extra"][offices] += settings["desk_hours"]
            rules["interior_extra"][offices] += settings["interior_hours"]
            _combine(rules["service_window"], offices, settings["service_window"])
            _combine(self.tables.dyads["place"], dyads, settings["place"])
        if settings["patrol_visits"] > 0.0:
            segments, _ = self.chosen.segments_of(use, key)
            for side in ("a", "b") if use.side == "both" else (use.side,):
                self.tables.banks[f"visits_rise_{side}"][segments] += settings["patrol_visits"]

    def _assessment(self, use: LeverUse, key: int) -> None:
        rules = self.tables.offices
        for tier in use.tiers:
            offices = self.chosen.offices_of(self.chosen.covered(use, tier, key), use.side)
            for domain in use.domains:
                _combine(rules[f"outcome_{domain}"], offices, use.settings["outcome"])
            _combine(rules["attendance"], offices, use.settings["attendance"])

    def _interest(self, use: LeverUse, key: int) -> None:
        ties = self.chosen.shared_ties(use, key)
        rules = self.tables.ties
        start = float(day_of_year(use.start_year))
        if use.settings["payoff"] > 0.0:
            had_none = rules["payoff"][ties] == 0.0
            earliest = np.minimum(rules["interest_since"][ties], start)
            rules["interest_since"][ties] = np.where(had_none, start, earliest)
            rules["payoff"][ties] += use.settings["payoff"]
        _combine(rules["one_sided"], ties, use.settings["one_sided"])
        if use.settings["river_payoff"] > 0.0 and ties.size:
            general = self.tables.general
            since = general["river_since"][0] if general["river_payoff"][0] > 0.0 else start
            general["river_since"] = min(since, start)
            general["river_payoff"] += use.settings["river_payoff"] * use.share

    def _contact(self, use: LeverUse, key: int) -> None:
        ties = self.chosen.shared_ties(use, key)
        rules = self.tables.ties
        events = rules["contact_events"][ties] + use.settings["events_per_year"]
        hours = rules["contact_hours"][ties] * rules["contact_events"][ties]
        hours += use.settings["hours_per_event"] * use.settings["events_per_year"]
        rules["contact_events"][ties] = events
        rules["contact_hours"][ties] = hours / np.maximum(events, 1e-12)


def _combine(cells: NDArray[Any], rows: Indices, share: float) -> None:
    """Let a second mechanism work on what the first left over."""
    cells[rows] = 1.0 - (1.0 - cells[rows]) * (1.0 - share)
