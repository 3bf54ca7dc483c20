"""The border as a Mesa model: a step is a day, agents are views of rows, the graph is networkx."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import mesa
import networkx as nx
import numpy as np
import pandas as pd

from sim.agents.branch import PartyBranch
from sim.agents.joint_branch import JointBranch
from sim.agents.team import EnforcementTeam
from sim.agents.village import Village
from sim.engine.cases import dyad_at, own_office
from sim.engine.constants import OPEN, SECURITY
from sim.engine.dates import check_years, days_after
from sim.engine.simulation import Simulation
from sim.errors import InputError
from sim.levers.compilation import compile_institutions
from sim.levers.institutions import Tables
from sim.levers.mechanisms import Package, load_package
from sim.measures.adoption_table import adoption_table
from sim.measures.case_table import case_table, is_border_case
from sim.measures.summary import summarise
from sim.parameters import Parameters
from sim.streams import check_seed
from sim.world.graph import border_graph
from sim.world.region import Region, load_region
from sim.world.world import World, lay_out

__all__ = ["BorderModel"]


class BorderModel(mesa.Model):
    """A border between places that report upward into different lines.

    The state of all agents lives in columns and a compiled day changes it; the agents are thin views, so
    Mesa's tools – AgentSet, DataCollector, ``batch_run``, SolaraViz – work as on any model.

    Parameters
    ----------
    region : str, Path or Region
        Name of a region, or a folder of tables.
    package : str, Path or Package
        What the border adopts after burn-in.
    years : float
        Measured years; after them ``running`` is false, though more days may be lived.
    burn_in : float
        Years without mechanisms before, lived when the model is made.
    seed : int
        Seed of every draw, 0 or more; 0 counts like any other.
    parameters : Mapping or Parameters, optional
        Values that differ from the parameter table.
    rng : int, optional
        Another name for the seed, which newer versions of Mesa prefer; give one of the two.
    collect : bool
        Whether ``datacollector`` collects after every step.

    Attributes
    ----------
    simulation : Simulation
        The run behind the model.
    world : World
        The laid-out border.
    datacollector : mesa.DataCollector
        Daily headline states; may be replaced by one with other reporters before the first step.

    Raises
    ------
    InputError
        For anything that does not exist or is out of range, in one sentence.

    Examples
    --------
    >>> region = load_region("yulin_zhanjiang_maoming").subset(["陆川县", "廉江市"])
    >>> model = BorderModel(region=region, package="five_links", years=1, burn_in=0, seed=0)
    >>> model.run(days=30)
    >>> model.steps, len(model.agents_by_type[Village]) == len(model.world.village_code)
    (30, True)
    """

    def __init__(
        self,
        region: str | Path | Region = "yulin_zhanjiang_maoming",
        package: str | Path | Package = "five_links",
        years: float = 3.0,
        burn_in: float = 3.0,
        seed: int | None = None,
        parameters: Mapping[str, float] | Parameters | None = None,
        rng: int | None = None,
        collect: bool = True,
    ) -> None:
        if seed is not None and rng is not None:
            raise InputError(
                "rng", rng, {"zh": "seed 与 rng 只给其一", "en": "one of seed and rng, not both"}
            )
        self.seed = _seed_of(seed, rng)
        super().__init__(seed=self.seed)
        self._agents_made = 0
        self.years = check_years("years", years)
        self.burn_in = check_years("burn_in", burn_in, may_be_zero=True)
        self.parameters = parameters if isinstance(parameters, Parameters) else Parameters(parameters)
        self.region = region if isinstance(region, Region) else load_region(region)
        self.package = package if isinstance(package, Package) else load_package(package)
        self.world: World = lay_out(
            self.region,
            self.seed,
            legacy_claims_per_pair=self.parameters["legacy_claims_per_pair"],
            residents_per_village=self.parameters["residents_per_village"],
        )
        self.simulation = Simulation(self.world, self.parameters, self.seed)
        self.simulation.run(days_after(0, self.burn_in))
        self.first_day = self.simulation.day
        self.last_day = self.first_day + days_after(self.first_day, self.years)
        institutions = compile_institutions(
            self.package, self.world, self.parameters, self.last_day - self.first_day
        )
        self.simulation.adopt(institutions)
        self._make_agents()
        self.collect = collect
        self.datacollector = mesa.DataCollector(model_reporters=_REPORTERS)
        if collect:
            self.datacollector.collect(self)

    def _make_agents(self) -> None:
        columns = self.simulation.columns
        self.village_agents = [Village(self, row) for row in range(len(columns.villages))]
        self.office_agents: list[PartyBranch] = [
            PartyBranch(self, row) for row in range(len(columns.offices))
        ]
        self.team_agents = [EnforcementTeam(self, row) for row in range(len(columns.teams))]
        self.joint_agents: dict[int, JointBranch] = {}
        self._known_tables: object = None
        self._meet_joint_branches()

    def register_agent(self, agent: mesa.Agent) -> None:
        """Enter an agent, with a number of its own; Mesa calls this for every agent that is made.

        Parameters
        ----------
        agent : mesa.Agent
            The new agent; its ``unique_id`` counts from 1 within the model.
        """
        # Mesa 3.3 counts in a table that belongs to the class and holds every model for ever.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self._agents_made += 1
        agent.unique_id = self._agents_made
        super().register_agent(agent)  # type: ignore[no-untyped-call]

    @property
    def tables(self) -> Tables:
        """The institutions in force on the day that comes next."""
        return self.simulation.tables_in_force

    def _meet_joint_branches(self) -> None:
        """Let joint branches begin and end with the levers that make them."""
        tables = self.tables
        if tables is self._known_tables:
            return
        self._known_tables = tables
        wanted = {int(row) for row in np.flatnonzero(tables.dyads["office_kind"] > 0)}
        for row in sorted(set(self.joint_agents) - wanted):
            self.joint_agents.pop(row).remove()
        for row in sorted(wanted - set(self.joint_agents)):
            self.joint_agents[row] = JointBranch(self, row)

    def step(self) -> None:
        """Live one day."""
        self._live(1)
        if self.collect:
            self.datacollector.collect(self)

    def run(self, days: int | None = None) -> None:
        """Live many days at once, without collecting data in between.

        Parameters
        ----------
        days : int, optional
            0 or more; by default what is left of the measured years.

        Raises
        ------
        InputError
            For a negative number or no whole number.
        """
        left = max(0, self.last_day - self.simulation.day)
        count: object = left if days is None else days
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 0:
            raise InputError("days", days, {"zh": "0 或更大的整数", "en": "a whole number from 0"})
        self._live(int(count))
        self.steps += int(count)

    def _live(self, days: int) -> None:
        self.simulation.run(days)
        self._meet_joint_branches()
        if self.simulation.day >= self.last_day:
            self.running = False

    @property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The whole border as one networkx graph with typed edges, channels of today's institutions included.

        Edge attribute ``kind`` is subordinate, adjacent, upstream or channel.
        """
        channels = self._channels()
        if self._graph is None or self._graph[0] != channels:
            self._graph = (channels, border_graph(self.world, channels))
        return self._graph[1]

    _graph: tuple[list[tuple[int, int, float]], nx.MultiDiGraph[str]] | None = None

    def _channels(self) -> list[tuple[int, int, float]]:
        rules = self.tables.dyads
        at_once = (rules["office_kind"] > 0) | (rules["cross_posted"] > 0)
        is_open = self.simulation.columns.dyads["channel_open"] == 1
        own = np.where(is_open, rules["earned_days"], np.inf)
        days = np.where(at_once, 0.0, np.minimum(rules["channel_days"], own))
        world = self.world
        return [
            (int(world.dyad_a[row]), int(world.dyad_b[row]), float(days[row]))
            for row in np.flatnonzero(np.isfinite(days))
        ]

    @cached_property
    def grid(self) -> mesa.space.NetworkGrid:
        """Mesa's space over the graph of the border: villages and offices stand on their nodes."""
        nodes: nx.Graph[str] = nx.Graph()
        for node in self.graph:
            nodes.add_node(node)
        nodes.add_edges_from((a, b) for a, b in self.graph.edges())
        grid = mesa.space.NetworkGrid(nodes)
        office_node = {data["office"]: node for node, data in self.graph.nodes(data=True) if "office" in data}
        for branch in self.office_agents:
            grid.place_agent(branch, office_node[branch.row])
        for village in self.village_agents:
            grid.place_agent(village, office_node[self.world.village_office(village.row)])
        return grid

    def holder_of(self, case: int) -> int:
        """Give the office that holds a case between villages.

        Parameters
        ----------
        case : int
            Row of the case table.

        Returns
        -------
        int
            Row of the office table.
        """
        columns = self.simulation.columns
        record = columns.cases[case]
        tie = int(record["tie"])
        dyad = int(dyad_at(columns, tie, int(record["tier"]), int(record["domain"])))
        if dyad >= 0:
            return int(columns.dyads["a" if record["holder"] == 0 else "b"][dyad])
        level = int(columns.ties["level"][tie])
        return int(
            own_office(columns, int(record["village"]), int(record["tier"]), level, int(record["domain"]))
        )

    def measures(self) -> pd.DataFrame:
        """Measure the whole months since burn-in, and every dispute that became known since.

        Returns
        -------
        pandas.DataFrame
            Columns scope, measure, tier, unit, value; see `sim.measures.definitions`.
        """
        return summarise(self.simulation, self.first_day, self.simulation.day, interior_cases=False).measures

    def cases(self, *, interior: bool = True) -> pd.DataFrame:
        """List the cases that became known since burn-in, and the legacy claims.

        Parameters
        ----------
        interior : bool
            Whether to list cases inside the border too.

        Returns
        -------
        pandas.DataFrame
            One row per case; see `sim.measures.case_table.case_table`.
        """
        return case_table(self.simulation, self.first_day, self.simulation.day, with_interior=interior)

    def adoption(self) -> pd.DataFrame:
        """List which unit ran which mechanism when, where the package lets units review what they run.

        Returns
        -------
        pandas.DataFrame
            One row per spell, none without a review; see `sim.measures.adoption_table.adoption_table`.
        """
        return adoption_table(self.simulation)

    def digest(self) -> str:
        """Return a hash of the complete state."""
        return self.simulation.digest()


def _seed_of(seed: object, rng: object) -> int:
    """Accept a seed under either of its names; what is wrong is told under the name that was used."""
    if rng is None:
        return check_seed(0 if seed is None else seed)
    try:
        return check_seed(rng)
    except InputError as error:
        raise InputError("rng", rng, error.allowed) from None


def _border_mean(table: str, column: str) -> Any:
    def report(model: BorderModel) -> float:
        rows = getattr(model.simulation.columns, table)
        return float(rows[column][rows["is_border"] == 1].mean())

    return report


def _open_cases(model: BorderModel) -> int:
    cases = model.simulation.cases
    is_dispute = (cases["domain"] != SECURITY) & (cases["legacy"] == 0)
    return int((is_border_case(model.simulation, cases) & is_dispute & (cases["status"] == OPEN)).sum())


_REPORTERS = {
    "date": lambda model: model.simulation.today.isoformat(),
    "open_border_cases": _open_cases,
    "border_trust": _border_mean("ties", "trust"),
    "border_belief": _border_mean("dyads", "belief_a"),
}
