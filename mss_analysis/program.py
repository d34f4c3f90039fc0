"""Linear constraints among unknowns, solved as linear programs by HiGHS (through SciPy).

Needed where growth or parts tie several spans together; plain spans are shortest paths
(:mod:`mss_analysis.paths`). The claims with a dual value prove a bound, by linear duality: a basic
solution needs no other.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

_TOLERANCE = 1e-7

Expression = Mapping[Hashable, float]


@dataclass(frozen=True)
class Inequality:
    """``sum of coefficient x unknown <= limit``, by a claim; ``None`` for what holds by itself."""

    expression: Expression
    limit: float
    claim: int | None


@dataclass(frozen=True)
class Revision:
    """The smallest total revision that makes all claims consistent, and each claim's share.

    ``shares`` maps a claim to the least and the most by which it is revised among all revisions of
    that total: rarely is there only one.
    """

    total: float
    shares: dict[int, tuple[float, float]]


class Program:
    """Inequalities among unknowns of either sign.

    >>> program = Program([Inequality({"x": 1}, 5, 0), Inequality({"x": -1}, -3, 1)])
    >>> program.maximum({"x": 1}), program.maximum({"x": -1})
    ((5.0, (0,)), (-3.0, (1,)))
    """

    def __init__(self, inequalities: Sequence[Inequality]) -> None:
        """Index unknowns and inequalities."""
        unknowns = (name for entry in inequalities for name in entry.expression)
        self.index = {name: at for at, name in enumerate(dict.fromkeys(unknowns))}
        self.claims = [entry.claim for entry in inequalities]
        self.limit = np.array([entry.limit for entry in inequalities], dtype=float)
        self._rows = inequalities

    def maximum(self, target: Expression) -> tuple[float, tuple[int, ...]]:
        """Give the largest value of a sum, and claims that prove it; infinite where none limits it.

        The inequalities must be consistent.
        """
        if not set(target) <= set(self.index):
            return np.inf, ()
        cost = np.zeros(len(self.index))
        for name, coefficient in target.items():
            cost[self.index[name]] -= coefficient
        result = self._solve(cost, self._matrix, self.limit)
        if result.status == 3:
            return np.inf, ()
        binding = np.flatnonzero(np.abs(result.ineqlin.marginals) > _TOLERANCE)
        found = (self.claims[row] for row in binding)
        return -result.fun, tuple(dict.fromkeys(claim for claim in found if claim is not None))

    def refute(self, active: Collection[int] | None = None) -> tuple[int, ...]:
        """Name claims that can't all hold, among those given; empty when all can."""
        wanted = None if active is None else set(active)
        keep = [
            row
            for row, claim in enumerate(self.claims)
            if claim is None or wanted is None or claim in wanted
        ]
        result = self._relax(keep)
        if result is None or result.fun <= _TOLERANCE * max(1.0, np.abs(self.limit).max()):
            return ()
        binding = np.flatnonzero(np.abs(result.ineqlin.marginals) > _TOLERANCE)
        found = (self.claims[keep[row]] for row in binding)
        return tuple(dict.fromkeys(claim for claim in found if claim is not None))

    def shortfall(self) -> float:
        """Find the smallest total by which limits must be moved until all claims hold."""
        result = self._relax(list(range(len(self.claims))))
        return 0.0 if result is None or result.fun <= _TOLERANCE else result.fun

    def revise(self) -> Revision:
        """Find the smallest total revision, and the least and most of it that each claim takes."""
        rows = list(range(len(self.claims)))
        relaxed = self._relax(rows)
        if relaxed is None or relaxed.fun <= _TOLERANCE:
            return Revision(0.0, {})
        total = relaxed.fun
        matrix, slack_of, cost = self._elastic(rows)
        budget = np.append(self.limit, total + _TOLERANCE * max(1.0, total))
        from scipy.sparse import csr_array, vstack

        bounded = vstack([matrix, csr_array(cost[None, :])], format="csr")
        # By complementary slackness, a limit whose dual value is below what it costs to move it is
        # moved in no smallest revision.
        may_yield = np.abs(relaxed.ineqlin.marginals) > 1 - _TOLERANCE
        shares = {}
        for row, slack in slack_of.items():
            if not may_yield[row]:
                continue
            aim = np.zeros(len(cost))
            aim[slack] = 1.0
            least = self._solve(aim, bounded, budget, len(slack_of)).fun
            most = -self._solve(-aim, bounded, budget, len(slack_of)).fun
            if most > 1e-5 * max(1.0, total):
                shares[self.claims[row]] = (max(0.0, least), most)
        return Revision(total, shares)

    def _relax(self, rows: list[int]) -> object | None:
        """Let every claim among the rows give way, at a cost that is zero when all can hold."""
        if not self.index:
            return None
        matrix, slack_of, cost = self._elastic(rows)
        return self._solve(cost, matrix, self.limit[rows], len(slack_of))

    def _elastic(self, rows: list[int]) -> tuple[object, dict[int, int], np.ndarray]:
        from scipy.sparse import csr_array, hstack

        matrix = self._matrix[rows]
        yielding = [at for at, row in enumerate(rows) if self.claims[row] is not None]
        slack = csr_array(
            (-np.ones(len(yielding)), (yielding, range(len(yielding)))),
            shape=(len(rows), len(yielding)),
        )
        cost = np.concatenate([np.zeros(len(self.index)), np.ones(len(yielding))])
        slack_of = {rows[at]: len(self.index) + column for column, at in enumerate(yielding)}
        return hstack([matrix, slack], format="csr"), slack_of, cost

    @cached_property
    def _matrix(self) -> object:
        from scipy.sparse import csr_array

        cells = [
            (row, self.index[name], coefficient)
            for row, entry in enumerate(self._rows)
            for name, coefficient in entry.expression.items()
        ]
        lines, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
        return csr_array((values, (lines, columns)), shape=(len(self._rows), len(self.index)))

    def _solve(
        self, cost: np.ndarray, matrix: object, limit: np.ndarray, slacks: int = 0
    ) -> object:
        """Minimise; unknowns have any sign, slacks none below zero."""
        from scipy.optimize import linprog

        free = len(cost) - slacks
        bounds = [(None, None)] * free + [(0, None)] * slacks
        # Without presolve HiGHS tells an unbounded problem from an infeasible one.
        result = linprog(
            cost, matrix, limit, bounds=bounds, method="highs-ds", options={"presolve": False}
        )
        if result.status not in (0, 3):
            raise ArithmeticError(f"the linear program has no answer: {result.message}")
        return result
