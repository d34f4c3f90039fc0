"""Levels: what all statements of a strength in one month say together.

One strength is told by many documents. Statements of one party, rung and month are settled into
one figure; a statement before a landing of that party and one after it are kept apart, since the
strength itself changed between them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from mss_analysis.bounds import rounding_unit
from mss_analysis.deployment.moments import find_landings
from mss_analysis.deployment.strength import Strength, read_statements, tell_day
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.language import mark
from mss_analysis.prose import Text, cite, compose, when

# How the statements of a level stand to each other.
ALONE, AGREE = mark("one figure"), mark("agree")
OPEN, APART = mark("fit by an open wording only"), mark("cannot all hold")


@dataclass(frozen=True)
class Level:
    """A strength in one month: the settled figure, and the statements behind it.

    ``verdict`` is one of :data:`ALONE`, :data:`AGREE`, :data:`OPEN`, :data:`APART`. Where no
    statement ``is_dated``, the figure is no newer than the documents of that month.
    """

    party: str
    rung: str
    figure: Estimate
    day: pd.Timestamp
    when: Text
    verdict: str
    statements: tuple[Strength, ...]
    is_whole: bool
    is_dated: bool

    def source(self, evidence: Evidence) -> Text:
        """Cite the statement of the best grade, the earliest of several."""
        return cite(evidence, pick_primary(evidence, self.figure.observations)[:1])

    @property
    def told(self) -> Estimate:
        """How many statements there are."""
        return Estimate.count(self.figure.observations, "statements")


def read_levels(evidence: Evidence) -> list[Level]:
    """Settle all stated strengths by party, rung and month, oldest first."""
    if "levels" not in evidence.memo:
        evidence.memo["levels"] = _settle_all(evidence)
    return evidence.memo["levels"]


def find_latest_figure(
    evidence: Evidence, indicator: str, populations: Iterable[str] = ("",)
) -> tuple[Estimate, Text] | None:
    """Settle the statements of the latest month about all of Haiti: (figure, when), if any.

    For stocks that stand on no rung: the police, the population, the members of all gangs.
    """
    rows = evidence.select(indicator, place="Haiti", party="", population=populations)
    rows = rows[rows["as_of"].notna()].sort_values("as_of", kind="stable")
    if rows.empty:
        return None
    last = rows.iloc[-1]
    month = rows[rows["as_of"].dt.strftime("%Y-%m") == last["as_of"].strftime("%Y-%m")]
    return settle(evidence.estimates(month))[0], tell_day(last.to_dict())


def _settle_all(evidence: Evidence) -> list[Level]:
    landings: dict[str, list[pd.Timestamp]] = {}
    for landing in find_landings(evidence):
        landings.setdefault(landing.label, []).append(pd.Timestamp(landing.start))
    grouped: dict[tuple, list[Strength]] = {}
    for entry in read_statements(evidence):
        before = sum(entry.day >= day for day in landings.get(entry.party, ()))
        # Promises do not change because somebody landed.
        stage = before if entry.rung == "deployed" else 0
        key = (entry.party, entry.rung, entry.day.year, entry.day.month, stage)
        grouped.setdefault(key, []).append(entry)
    levels = [_settle_group(entries) for entries in grouped.values()]
    return sorted(levels, key=lambda level: level.day)


def settle(figures: Iterable[Estimate]) -> tuple[Estimate, str]:
    """Say what several statements of one number allow together: (figure, verdict).

    Where all bounded statements can hold, their common part; where they can't, the span from the
    smallest stated number to the largest. A floor ("more than") does not confirm a far larger
    number, nor a cap ("up to") a far smaller one: the span reaches to the floor, or to the cap.

    >>> def told(low, high, name):
    ...     return Estimate(None, low, high, "persons", (name,), name)
    >>> settle([told(500, 1500, "a"), told(980, 980, "b")])
    (Estimate(980 people), 'agree')
    >>> settle([told(617, 617, "a"), told(2500, 2500, "b")])
    (Estimate(between 617 and 2,500 people), 'cannot all hold')
    >>> settle([told(600, math.inf, "a"), told(2500, 2500, "b")])
    (Estimate(between 600 and 2,500 people), 'fit by an open wording only')
    """
    first, *others = known = list(figures)
    ids = tuple(dict.fromkeys(entry for figure in known for entry in figure.observations))
    bounds = {(figure.low, figure.high) for figure in known}
    if len(bounds) == 1:
        return replace(first, observations=ids), AGREE if others else ALONE
    floors = [figure.low for figure in known if math.isinf(figure.high)]
    caps = [figure.high for figure in known if figure.low == 0 and math.isfinite(figure.high)]
    firm = [figure for figure in known if figure.low > 0 and math.isfinite(figure.high)]
    verdict = AGREE
    low = max((figure.low for figure in firm), default=max(floors, default=0.0))
    high = min((figure.high for figure in firm), default=min(caps, default=math.inf))
    if low > high:
        stated = [_stated(figure) for figure in firm or known]
        low, high, verdict = min(stated), max(stated), APART
    if firm:
        for floor in floors:
            if floor > high:
                high, verdict = floor, APART
            elif floor + _rounding(floor) < low:
                low, verdict = floor, max(verdict, OPEN, key=(AGREE, OPEN, APART).index)
        for cap in caps:
            if cap < low:
                low, verdict = cap, APART
            elif cap - _rounding(cap) > high:
                high, verdict = cap, max(verdict, OPEN, key=(AGREE, OPEN, APART).index)
    formula = f"settle({', '.join(ids[:4])}{', …' if len(ids) > 4 else ''})"
    value = low if low == high else None
    return Estimate(value, low, high, first.unit, ids, formula, status=first.status), verdict


def pick_primary(evidence: Evidence, ids: Iterable[str]) -> list[str]:
    """Order statements by the grade of their sources, then by the day they became known."""
    sources = evidence.sources.set_index("source_id")
    table = evidence.observations.iloc[[evidence.position[entry] for entry in ids]]
    graded = table[["observation_id", "source_id"]].join(
        sources[["grade", "known"]], on="source_id"
    )
    return graded.sort_values(["grade", "known"], kind="stable")["observation_id"].tolist()


def keep_changes(levels: Iterable[Level]) -> list[Level]:
    """Keep the levels of each party and rung that differ from the one before."""
    last: dict[tuple[str, str], tuple[float, float]] = {}
    kept = []
    for level in levels:
        key, bounds = (level.party, level.rung), (level.figure.low, level.figure.high)
        if last.get(key) != bounds:
            kept.append(level)
        last[key] = bounds
    return kept


def find_latest(levels: Iterable[Level], party: str, rung: str) -> list[Level]:
    """Find the levels of a party on a rung, the newest first."""
    found = [level for level in levels if level.party == party and level.rung == rung]
    return found[::-1]


def _settle_group(entries: list[Strength]) -> Level:
    figure, verdict = settle(entry.figure for entry in entries)
    last = entries[-1]
    days = {entry.day for entry in entries}
    is_dated = any(entry.is_dated for entry in entries)
    told = last.when
    if len(days) > 1:
        month = when(last.day.strftime("%Y-%m"))
        told = month if is_dated else compose("by {month}", month=month)
    return Level(
        last.party,
        last.rung,
        figure,
        last.day,
        told,
        verdict,
        tuple(entries),
        last.is_whole,
        is_dated,
    )


def _stated(figure: Estimate) -> float:
    """Give the number that a statement names; of a range, its finite end or middle."""
    if figure.value is not None:
        return figure.value
    return figure.midpoint if math.isfinite(figure.high) else figure.low


def _rounding(value: float) -> float:
    return float(rounding_unit([value])[0])
