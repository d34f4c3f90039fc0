"""What all figures of a flow imply together: data reconciliation by partial identification.

Time is cut at every day that a figure names. The unknowns are cumulative counts S(t), which never
fall; a figure "between a and b happened from day s to day e" says ``a <= S(e) - S(s) <= b``. These
are difference constraints: bounds are shortest paths (:mod:`mss_analysis.paths`), and a cycle of
negative length is a set of figures that can't all be true. Growth ("53% more than the quarter
before") and parts that add up tie several spans together; where a figure states some, a linear
program (:mod:`mss_analysis.program`) answers instead.

It assumes that the figures count the same thing. A figure for a part (one perpetrator, one place,
one population) is only a floor for the whole; which figures are parts is read from the columns.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise

from mss_analysis.estimate import Estimate
from mss_analysis.minimal import list_minimal, shrink
from mss_analysis.paths import Constraint, Network
from mss_analysis.program import Inequality, Program

Day = date
# The solver's answers differ from whole numbers in the seventh digit.
_ROUNDING = 6


@dataclass(frozen=True)
class Side:
    """One claim about a span: at least (or at most) so many, by these observations.

    ``start`` belongs to the span, ``stop`` is the day after it. ``part`` names the part of the
    whole that is counted; empty for the whole.
    """

    start: Day
    stop: Day
    bound: float
    is_floor: bool
    observations: tuple[str, ...]
    part: str = ""


@dataclass(frozen=True)
class Link:
    """One claim about several spans: the sum of factor x count is at most ``limit``.

    Without observations it holds by itself, because parts are declared to add up.
    """

    terms: tuple[tuple[float, str, Day, Day], ...]
    limit: float
    observations: tuple[str, ...]


Claim = Side | Link


@dataclass(frozen=True)
class Conflicts:
    """The minimal sets of claims that can't all be true, and whether there are surely no others."""

    sets: tuple[tuple[Claim, ...], ...]
    is_complete: bool


@dataclass(frozen=True)
class Revision:
    """The smallest total by which claims must give way, with the least and most of each.

    Rarely is there one smallest revision: a claim whose least is zero may be spared.
    """

    total: float
    shares: tuple[tuple[Claim, float, float], ...]


@dataclass(frozen=True)
class Timeline:
    """A flow's constraints, ready to be asked about any span of days."""

    unit: str
    sides: tuple[Side, ...]
    links: tuple[Link, ...] = ()

    @cached_property
    def days(self) -> list[Day]:
        """Days at which a span begins or has just ended."""
        named = {day for side in self.sides for day in (side.start, side.stop)}
        named |= {day for link in self.links for term in link.terms for day in term[2:]}
        return sorted(named)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Everything that somebody states, sides before links."""
        return (*self.sides, *(link for link in self.links if link.observations))

    def bounds(self, start: Day, stop: Day, part: str = "") -> Estimate:
        """Give the smallest and largest count from ``start`` up to, not including, ``stop``.

        The result rests on the observations whose claims prove it. Without evidence it is [0, ∞).

        Raises
        ------
        ValueError
            When the figures contradict each other; see :meth:`conflicts`.

        """
        if self.conflict():
            raise ValueError("the figures contradict each other: no count satisfies all of them")
        low, below = self._least(start, stop, part)
        high, above = self._most(start, stop, part)
        low, high = max(0.0, round(low, _ROUNDING)), round(high, _ROUNDING)
        claims = dict.fromkeys((*(below if low > 0 else ()), *above))
        rest = dict.fromkeys(entry for at in claims for entry in self.claims[at].observations)
        formula = "bounds(" + ", ".join(rest) + ")"
        return Estimate(low if low == high else None, low, high, self.unit, tuple(rest), formula)

    def conflict(self) -> tuple[str, ...]:
        """Name figures that can't all be true; empty when all can."""
        return self._conflict

    def conflicts(self, limit: int = 2000) -> Conflicts:
        """List every minimal set of claims that can't all be true.

        ``limit`` bounds the search, which tells whether it came to its end.
        """
        return _list_conflicts(self, limit)

    def shortfall(self) -> float:
        """Give the total of the smallest revision alone, which is far quicker to find."""
        return self._program.shortfall()

    def revise(self) -> Revision:
        """Find the smallest total revision that would make all figures consistent."""
        return _revise(self)

    def as_floors(self) -> "Timeline":
        """Read every figure as a floor, which is what a count of documented cases is."""
        return Timeline(self.unit, tuple(side for side in self.sides if side.is_floor))

    def envelope(self, start: Day) -> list[tuple[Day, Estimate]]:
        """Bound the count from ``start`` to the end of every span that a figure names."""
        return [(day, self.bounds(start, day)) for day in self.days if day > start]

    @cached_property
    def _conflict(self) -> tuple[str, ...]:
        refuted = shrink(frozenset(self._refute(None)), self._refute)
        return tuple(
            dict.fromkeys(entry for at in sorted(refuted) for entry in self.claims[at].observations)
        )

    def _stretches(self) -> list["Timeline"]:
        """Split claims that can't conflict, at the days that no conflict spans.

        A cycle of claims goes forward in time over ceilings and relations, and back over floors. It
        spans a day only where one of each leads past it, or where two of the former meet there and
        a floor leads past.
        """
        spans = [_reach(claim) for claim in (*self.sides, *self.links)]
        ties = [_reach(claim) for claim in (*self.sides, *self.links) if not _is_floor(claim)]
        starts, stops = {start for start, _ in ties}, {stop for _, stop in ties}
        cuts = [
            day
            for day in self.days
            if not any(start < day < stop for start, stop in spans)
            or not (any(start < day < stop for start, stop in ties) or day in starts & stops)
        ]
        return [
            Timeline(
                self.unit,
                tuple(side for side in self.sides if _lies_in(side, stretch)),
                tuple(link for link in self.links if _lies_in(link, stretch)),
            )
            for stretch in pairwise(cuts)
        ]

    def _refute(self, active: object) -> tuple[int, ...]:
        # Most conflicts are of plain spans, which are far faster to find.
        plain = self._network.refute(active)
        return plain if plain or not self._has_parts else self._program.refute(active)

    def _least(self, start: Day, stop: Day, part: str) -> tuple[float, tuple[int, ...]]:
        """Bound from below: by what happened between the first and last days named inside."""
        first, last = bisect_left(self.days, start), bisect_right(self.days, stop) - 1
        if first >= last:
            return 0.0, ()
        value, claims = self._most_between(self.days[last], self.days[first], part)
        return -value, claims

    def _most(self, start: Day, stop: Day, part: str) -> tuple[float, tuple[int, ...]]:
        """Bound from above: by what happened between the nearest days named outside."""
        first, last = bisect_right(self.days, start) - 1, bisect_left(self.days, stop)
        if first < 0 or last == len(self.days):
            return math.inf, ()
        return self._most_between(self.days[first], self.days[last], part)

    def _most_between(self, source: Day, target: Day, part: str) -> tuple[float, tuple[int, ...]]:
        if self._has_parts or part:
            return self._program.maximum({(part, target): 1.0, (part, source): -1.0})
        return self._network.difference(source, target)

    @cached_property
    def _has_parts(self) -> bool:
        """Whether a claim ties several spans, or caps a part: more than shortest paths can tell."""
        return bool(self.links) or any(side.part and not side.is_floor for side in self.sides)

    @cached_property
    def _network(self) -> Network:
        """Parts are floors for the whole; their ceilings say nothing about it."""
        constraints = [
            Constraint(side.stop, side.start, -side.bound, at)
            if side.is_floor
            else Constraint(side.start, side.stop, side.bound, at)
            for at, side in enumerate(self.sides)
            if side.is_floor or not side.part
        ]
        passing = [Constraint(later, earlier, 0.0, None) for earlier, later in pairwise(self.days)]
        return Network([*constraints, *passing])

    @cached_property
    def _program(self) -> Program:
        """Parts are unknowns of their own, none larger than the whole in any stretch of time."""
        rows = [*self._orders()]
        place = {id(link): at for at, link in enumerate(self.claims)}
        for at, side in enumerate(self.sides):
            sign = -1.0 if side.is_floor else 1.0
            rows.append(
                Inequality(
                    {(side.part, side.stop): sign, (side.part, side.start): -sign},
                    sign * side.bound,
                    at,
                )
            )
        for link in self.links:
            expression: dict[tuple[str, Day], float] = {}
            for factor, part, start, stop in link.terms:
                for day, sign in ((stop, 1.0), (start, -1.0)):
                    expression[part, day] = expression.get((part, day), 0.0) + sign * factor
            rows.append(Inequality(expression, link.limit, place.get(id(link))))
        return Program(rows)

    def _orders(self) -> Iterator[Inequality]:
        parts = {side.part for side in self.sides}
        parts |= {term[1] for link in self.links for term in link.terms}
        for earlier, later in pairwise(self.days):
            for part in sorted(parts | {""}):
                yield Inequality({(part, earlier): 1.0, (part, later): -1.0}, 0.0, None)
                if part:
                    rise = {(part, later): 1.0, (part, earlier): -1.0}
                    whole = {("", later): -1.0, ("", earlier): 1.0}
                    yield Inequality(rise | whole, 0.0, None)


@lru_cache(512)
def _list_conflicts(timeline: Timeline, limit: int) -> Conflicts:
    """Search once, however many pages and languages tell of what is found."""
    if not timeline.conflict():
        return Conflicts((), True)
    searches = [
        (stretch.claims, list_minimal(range(len(stretch.claims)), stretch._refute, limit))
        for stretch in timeline._stretches()
    ]
    sets = (
        tuple(claims[at] for at in sorted(chosen))
        for claims, search in searches
        for chosen in search.sets
    )
    return Conflicts(tuple(sets), all(search.is_complete for _, search in searches))


@lru_cache(512)
def _revise(timeline: Timeline) -> Revision:
    """Revise stretch by stretch: between them, no claim can help another."""
    total, shares = 0.0, {}
    for stretch in timeline._stretches():
        if stretch.conflict():
            found = stretch._program.revise()
            total += found.total
            shares |= {stretch.claims[at]: share for at, share in found.shares.items()}
    told = ((claim, *shares[claim]) for claim in timeline.claims if claim in shares)
    return Revision(total, tuple(told))


def _is_floor(claim: Claim) -> bool:
    return isinstance(claim, Side) and claim.is_floor


def _lies_in(claim: Claim, stretch: tuple[Day, Day]) -> bool:
    first, last = _reach(claim)
    return stretch[0] <= first and last <= stretch[1]


def _reach(claim: Claim) -> tuple[Day, Day]:
    """The first and the last day that a claim names."""
    if isinstance(claim, Side):
        return claim.start, claim.stop
    days = [day for term in claim.terms for day in term[2:]]
    return min(days), max(days)


def merge(sides: list[Side]) -> tuple[Side, ...]:
    """Give one side to a claim that several observations make alike."""
    merged: dict[Side, list[str]] = {}
    for side in sides:
        merged.setdefault(replace(side, observations=()), []).extend(side.observations)
    return tuple(
        replace(side, observations=tuple(dict.fromkeys(ids))) for side, ids in merged.items()
    )
