"""What all figures of a flow imply together.

Time is cut at every day that a figure names. The unknowns are cumulative counts S(t), which never
fall; a figure "between a and b happened from day s to day e" says ``a <= S(e) - S(s) <= b``. These
are difference constraints: the largest S(e) - S(s) that all of them allow is the shortest path from
s to e, the figures on that path are the ones that bind, and a cycle of negative length is a set of
figures that can't all be true.

It assumes that the figures count the same thing. A figure for a part (one perpetrator, one place,
one population) is only a floor for the whole; which figures are parts is read from the columns.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import networkx as nx

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence

Day = date
# Sums of decimals differ in their last bits.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Side:
    """One claim about a span: at least (or at most) so many, by these observations."""

    start: Day
    stop: Day
    bound: float
    is_floor: bool
    observations: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """A flow's constraints, ready to be asked about any span of days."""

    unit: str
    sides: tuple[Side, ...]

    @property
    def days(self) -> list[Day]:
        """Days at which a span begins or has just ended."""
        return sorted({day for side in self.sides for day in (side.start, side.stop)})

    def bounds(self, start: Day, stop: Day) -> Estimate:
        """Give the smallest and largest count from ``start`` up to, not including, ``stop``.

        The result rests on the observations that bind. Without evidence it is [0, ∞).

        Raises
        ------
        ValueError
            When the figures contradict each other; see :meth:`conflict`.

        """
        if self.conflict():
            raise ValueError("the figures contradict each other: no count satisfies all of them")
        graph = self._graph(start, stop)
        high, above = _shortest(graph, start, stop)
        negative_low, below = _shortest(graph, stop, start)
        low = max(0.0, -negative_low)
        return Estimate(
            None if low != high else low,
            low,
            high,
            self.unit,
            tuple(dict.fromkeys((*below, *above))),
            "bounds(" + ", ".join(dict.fromkeys((*below, *above))) + ")",
        )

    def conflict(self) -> tuple[str, ...]:
        """Name figures that can't all be true; empty when all can."""
        return self._conflict

    @cached_property
    def _conflict(self) -> tuple[str, ...]:
        # Asked before every bound, and the same each time. Bellman and Ford by hand, since the
        # library's search overlooks some cycles: distances that still fall after as many rounds
        # as there are days lead back into one.
        graph = self._graph()
        distance, before = dict.fromkeys(graph, 0.0), {}
        fallen = None
        for _ in range(len(graph) + 1):
            fallen = None
            for source, target, weight in graph.edges(data="weight"):
                if distance[source] + weight < distance[target] - _TOLERANCE:
                    distance[target] = distance[source] + weight
                    before[target] = source
                    fallen = target
            if fallen is None:
                return ()
        for _ in range(len(graph)):
            fallen = before[fallen]
        cycle = [fallen, before[fallen]]
        while cycle[-1] != fallen:
            cycle.append(before[cycle[-1]])
        return _observations(graph, cycle[::-1])

    def as_floors(self) -> "Timeline":
        """Read every figure as a floor, which is what a count of documented cases is."""
        return Timeline(self.unit, tuple(side for side in self.sides if side.is_floor))

    def envelope(self, start: Day) -> list[tuple[Day, Estimate]]:
        """Bound the count from ``start`` to the end of every span that a figure names."""
        return [(day, self.bounds(start, day)) for day in self.days if day > start]

    def _graph(self, *more: Day) -> nx.DiGraph:
        """Edge s -> e of weight w says S(e) - S(s) <= w."""
        graph = nx.DiGraph()
        days = sorted({*self.days, *more})
        graph.add_nodes_from(days)
        for earlier, later in pairwise(days):
            _tighten(graph, later, earlier, 0.0, ())
        for side in self.sides:
            if side.is_floor:
                _tighten(graph, side.stop, side.start, -side.bound, side.observations)
            else:
                _tighten(graph, side.start, side.stop, side.bound, side.observations)
        return graph


def read_timeline(
    evidence: Evidence, indicator: str, place: str = "Haiti", population: str = ""
) -> Timeline:
    """Read the constraints on one flow.

    Figures of another place, one party or one population only put a floor under the whole. A
    period whose end is the document's own date isn't a cut-off: it gives a floor only, too.
    """
    rows = evidence.select(indicator)
    rows = rows[rows["period_start"].notna() & rows["period_end"].notna()]
    measured = evidence.indicators.set_index("indicator")["unit"]
    sides: dict[tuple[Day, Day, float, bool], list[str]] = {}
    for row in rows.to_dict(orient="records"):
        start = row["period_start"].date()
        stop = row["period_end"].date() + timedelta(days=1)
        whole = row["place"] == place and not row["party"] and row["population"] == population
        if row["low"] > 0:
            sides.setdefault((start, stop, row["low"], True), []).append(row["observation_id"])
        if whole and math.isfinite(row["high"]) and row["date_precision"] != "publication":
            sides.setdefault((start, stop, row["high"], False), []).append(row["observation_id"])
    return Timeline(
        measured.get(indicator, "persons"),
        tuple(Side(*key, tuple(ids)) for key, ids in sides.items()),
    )


def _tighten(
    graph: nx.DiGraph, source: Day, target: Day, weight: float, observations: tuple[str, ...]
) -> None:
    """Keep the tighter of two claims about the same span; equal claims share their origins."""
    known = graph.get_edge_data(source, target)
    if known is None or weight < known["weight"]:
        graph.add_edge(source, target, weight=weight, observations=observations)
    elif weight == known["weight"]:
        merged = tuple(dict.fromkeys((*known["observations"], *observations)))
        graph.add_edge(source, target, weight=weight, observations=merged)


def _shortest(graph: nx.DiGraph, source: Day, target: Day) -> tuple[float, tuple[str, ...]]:
    try:
        length, path = nx.single_source_bellman_ford(graph, source, target)
    except nx.NetworkXNoPath:
        return math.inf, ()
    return length, _observations(graph, path)


def _observations(graph: nx.DiGraph, path: list[Day]) -> tuple[str, ...]:
    steps = pairwise(path)
    return tuple(
        dict.fromkeys(entry for step in steps for entry in graph.edges[step]["observations"])
    )
