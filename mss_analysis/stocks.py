"""What all figures of a stock imply together: levels at dates, and known changes between them.

The unknowns are the levels L(t). A figure says ``a <= L(t) <= b``; a declared change says
``a <= L(t) - L(s) <= b``. With a node for "nothing" both are difference constraints, so the largest
level that all of them allow is a shortest path, and figures that can't all be true are a cycle of
negative length (:mod:`mss_analysis.paths`). Nothing is assumed about days that no figure names: a
stock may rise and fall.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.minimal import MinimalSets, list_minimal
from mss_analysis.paths import Constraint, Network

# What tells one stock, or one flow, from another.
THING = ["indicator", "place", "party", "population", "status", "unit"]
_NOTHING = "nothing"
_ROUNDING = 6


@dataclass(frozen=True)
class Level:
    """One claim: the level at ``day``, or its change since ``base``, lies between two bounds."""

    day: date
    low: float
    high: float
    observation: str
    base: date | None = None


@dataclass(frozen=True)
class Stock:
    """A stock's claims, ready to be asked about any day that one of them names."""

    unit: str
    levels: tuple[Level, ...]

    def bounds(self, day: date) -> Estimate:
        """Give the smallest and largest level on a day.

        It rests on the figures that prove it; without any it is [0, ∞).

        Raises
        ------
        ValueError
            When the figures contradict each other; see :meth:`conflicts`.

        """
        if self._network.refute():
            raise ValueError("the figures contradict each other: no level satisfies all of them")
        if day not in self._network.index:
            return Estimate.unknown(self.unit)
        high, above = self._network.difference(_NOTHING, day)
        fall, below = self._network.difference(day, _NOTHING)
        low = max(0.0, round(-fall, _ROUNDING))
        claims = sorted({*(below if low > 0 else ()), *above})
        ids = tuple(dict.fromkeys(self.levels[at].observation for at in claims))
        high = round(high, _ROUNDING)
        formula = f"bounds({', '.join(ids)})"
        return Estimate(low if low == high else None, low, high, self.unit, ids, formula)

    def conflicts(self) -> MinimalSets:
        """List the minimal sets of claims (places in ``levels``) that can't all be true."""
        if not self._network.refute():
            return MinimalSets((), True)
        return list_minimal(range(len(self.levels)), self._network.refute)

    @cached_property
    def _network(self) -> Network:
        constraints = []
        for at, level in enumerate(self.levels):
            base = level.base or _NOTHING
            if math.isfinite(level.high):
                constraints.append(Constraint(base, level.day, level.high, at))
            if math.isfinite(level.low):
                constraints.append(Constraint(level.day, base, -level.low, at))
        named = {day for level in self.levels for day in (level.day, level.base) if day}
        # No level lies below nothing.
        constraints += [Constraint(day, _NOTHING, 0.0, None) for day in sorted(named)]
        return Network(constraints, [_NOTHING])


def read_stocks(evidence: Evidence) -> list[tuple[dict[str, str], Stock]]:
    """Read every stock of which somebody states a level on an exact day, with its known changes.

    Gives (what is counted, stock). A change is read where a relation declares it; without a stated
    base it is counted from the day before its own period.
    """
    # Days and ceilings are judged one after the other, by the same stocks.
    if "stocks" not in evidence.memo:
        evidence.memo["stocks"] = list(_read_stocks(evidence))
    return evidence.memo["stocks"]


def _read_stocks(evidence: Evidence) -> Iterator[tuple[dict[str, str], Stock]]:
    rows = evidence.observations
    rows = rows[rows["as_of"].notna() & (rows["date_precision"] == "day")]
    changes = list(_read_changes(evidence))
    for thing, group in rows.groupby(THING, sort=False):
        levels = [
            Level(row.as_of.date(), row.low, row.high, row.observation_id)
            for row in group.drop_duplicates(["as_of", "low", "high"]).itertuples()
        ]
        own = set(group["observation_id"])
        levels += [change for level, change in changes if level in own]
        yield dict(zip(THING, thing, strict=True)), Stock(str(thing[-1]), tuple(levels))


def _read_changes(evidence: Evidence) -> Iterator[tuple[str, Level]]:
    """Give each declared change with the figure of the level that it led to."""
    for _, kind, roles in evidence.terms:
        if kind != "change":
            continue
        level, change = evidence.row(roles["level"][0]), evidence.row(roles["change"][0])
        base = evidence.row(roles["base"][0])["as_of"] if "base" in roles else None
        if base is None:
            base = change["period_start"] - timedelta(days=1)
        if pd.notna(level["as_of"]) and pd.notna(base):
            yield (
                level["observation_id"],
                Level(
                    level["as_of"].date(),
                    change["low"],
                    change["high"],
                    change["observation_id"],
                    base.date(),
                ),
            )
