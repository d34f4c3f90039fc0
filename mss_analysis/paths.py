"""Difference constraints, ``x(target) - x(source) <= weight``, solved as shortest paths.

The largest difference that a set of them allows is the length of the shortest path; the claims on
that path prove it. A cycle of negative length is a set of claims that can't all hold (Cormen et
al., Introduction to Algorithms, chapter on difference constraints).
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

# Sums of decimals differ in their last bits.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Constraint:
    """``x(target) - x(source) <= weight``, by a claim; ``None`` for what holds by itself."""

    source: Hashable
    target: Hashable
    weight: float
    claim: int | None


class Network:
    """Constraints as a graph, ready to be asked about any pair of its nodes.

    >>> network = Network([Constraint("a", "b", 5, 0), Constraint("b", "c", 2, 1)])
    >>> network.difference("a", "c")
    (7.0, (0, 1))
    """

    def __init__(self, constraints: Sequence[Constraint], nodes: Iterable[Hashable] = ()) -> None:
        """Index nodes and constraints."""
        ends = (node for entry in constraints for node in (entry.source, entry.target))
        self.index = {node: at for at, node in enumerate(dict.fromkeys((*nodes, *ends)))}
        # Bellman's rounds take the least over the constraints into each node: sort them by it.
        ordered = sorted(constraints, key=lambda entry: self.index[entry.target])
        self.claims = [entry.claim for entry in ordered]
        self.source = np.array([self.index[entry.source] for entry in ordered], dtype=int)
        self.target = np.array([self.index[entry.target] for entry in ordered], dtype=int)
        self.weight = np.array([entry.weight for entry in ordered], dtype=float)

    def refute(self, active: Collection[int] | None = None) -> tuple[int, ...]:
        """Name claims that can't all hold, among those given; empty when all can."""
        keep = np.array(
            [claim is None or active is None or claim in active for claim in self.claims],
            dtype=bool,
        )
        if not keep.any():
            return ()
        chosen = np.flatnonzero(keep)
        source, target, weight = self.source[chosen], self.target[chosen], self.weight[chosen]
        heads, first = np.unique(target, return_index=True)
        distance = np.zeros(len(self.index))
        before = np.full(len(self.index), -1)
        for _ in range(len(self.index) + 1):
            reach = distance[source] + weight
            least = np.minimum.reduceat(reach, first)
            falls = least < distance[heads] - TOLERANCE
            if not falls.any():
                return ()
            # The constraint by which each node fell: the first that attains the least.
            attains = np.flatnonzero(reach <= np.repeat(least, np.diff([*first, len(reach)])))
            winner = dict(zip(target[attains][::-1], attains[::-1], strict=True))
            for node in heads[falls]:
                before[node] = winner[node]
            distance[heads[falls]] = least[falls]
        node = heads[falls][0]
        for _ in range(len(self.index)):
            node = source[before[node]]
        cycle, at = [], node
        while True:
            cycle.append(before[at])
            at = source[before[at]]
            if at == node:
                break
        found = (self.claims[chosen[edge]] for edge in reversed(cycle))
        return tuple(dict.fromkeys(claim for claim in found if claim is not None))

    def difference(self, source: Hashable, target: Hashable) -> tuple[float, tuple[int, ...]]:
        """Give the largest ``x(target) - x(source)``, and the claims that prove it.

        Infinite, by no claim, where nothing limits it. The constraints must be consistent.
        """
        distance, before = self._tree(source)
        start, at = self.index[source], self.index[target]
        if not np.isfinite(distance[at]):
            return np.inf, ()
        claims, length = [], 0.0
        while at != start:
            edge = self._edges[before[at], at]
            length += self.weight[edge]
            claims.append(self.claims[edge])
            at = before[at]
        found = (claim for claim in reversed(claims) if claim is not None)
        return float(length), tuple(dict.fromkeys(found))

    def _tree(self, source: Hashable) -> tuple[np.ndarray, np.ndarray]:
        from scipy.sparse.csgraph import dijkstra

        if source not in self._trees:
            self._trees[source] = dijkstra(
                self._reduced, indices=self.index[source], return_predecessors=True
            )
        return self._trees[source]

    @cached_property
    def _trees(self) -> dict[Hashable, tuple[np.ndarray, np.ndarray]]:
        return {}

    @cached_property
    def _edges(self) -> dict[tuple[int, int], int]:
        """Between two nodes the tightest constraint counts."""
        tightest: dict[tuple[int, int], int] = {}
        for edge, ends in enumerate(zip(self.source, self.target, strict=True)):
            known = tightest.get(ends)
            if known is None or self.weight[edge] < self.weight[known]:
                tightest[ends] = edge
        return tightest

    @cached_property
    def _reduced(self) -> object:
        """The graph with weights made non-negative by potentials (Johnson), for Dijkstra."""
        from scipy.sparse import csr_array

        potential = np.zeros(len(self.index))
        for _ in range(len(self.index) + 1):
            known = potential.copy()
            np.minimum.at(potential, self.target, potential[self.source] + self.weight)
            if (potential >= known - TOLERANCE).all():
                break
        edges = np.array(list(self._edges.values()), dtype=int)
        source, target = self.source[edges], self.target[edges]
        weight = self.weight[edges] + potential[source] - potential[target]
        size = len(self.index)
        return csr_array((np.maximum(weight, 0.0), (source, target)), shape=(size, size))
