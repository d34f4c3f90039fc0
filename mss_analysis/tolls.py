"""Tolls: what the counts of people killed imply for a year, a day, and the time before."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.reconcile import Timeline
from mss_analysis.sides import read_timeline


def killed_in(evidence: Evidence, year: int) -> list[dict[str, Any]]:
    """Pick the statements about people killed within one year, smallest floor first."""
    rows = evidence.select("killed", population="")
    inside = (rows["period_start"].dt.year == year) & (rows["period_end"].dt.year == year)
    return rows[inside].sort_values("low", kind="stable").to_dict(orient="records")


def read_deaths(evidence: Evidence) -> tuple[Timeline, tuple[str, ...]]:
    """Read the counts of people killed, and the figures among them that contradict each other.

    Where some do, every figure is read as a floor: a documented case stays documented, while an
    upper limit that others exceed is none.
    """
    timeline = read_timeline(evidence, "killed")
    conflict = timeline.conflict()
    return (timeline.as_floors() if conflict else timeline), conflict


def whole_year(evidence: Evidence, year: int) -> Estimate | None:
    """Bound the number of people killed in a year; ``None`` when nothing is known of it.

    >>> import mss_analysis as mss
    >>> whole_year(mss.load("2024-12-01", "seed"), 2024)
    Estimate(at least 4,000 people)
    """
    if not killed_in(evidence, year):
        return None
    timeline, _ = read_deaths(evidence)
    return timeline.bounds(date(year, 1, 1), date(year + 1, 1, 1))


def accumulate(evidence: Evidence, year: int) -> list[tuple[date, Estimate]]:
    """Bound the deaths from the first of January to each day that a figure names.

    Gives (day after the last counted, count) in order of time.
    """
    timeline, _ = read_deaths(evidence)
    return [
        (day, count)
        for day, count in timeline.envelope(date(year, 1, 1))
        if day <= date(year + 1, 1, 1) and count.observations
    ]


def daily_rates(evidence: Evidence, year: int) -> list[tuple[date, date, Estimate, Estimate]]:
    """Bound deaths per day on each stretch between two dates that figures of the year name.

    Gives (first day, day after the last, count, rate); the last stretch is the whole span. The unit
    of the rate is persons/days.
    """
    if not killed_in(evidence, year):
        return []
    timeline, _ = read_deaths(evidence)
    start, stop = date(year, 1, 1), date(year + 1, 1, 1)
    days = [day for day in timeline.days if start <= day <= stop]
    stretches = []
    for first, after in [*pairwise(days), *([(days[0], days[-1])] if len(days) > 2 else [])]:
        count = timeline.bounds(first, after)
        if count.observations:
            length = Estimate.stated((after - first).days, "days")
            stretches.append((first, after, count, count / length))
    return stretches


def growth_bases(evidence: Evidence) -> list[tuple[str, Estimate, Estimate, Estimate]]:
    """Derive what a stated growth implies for the period before it.

    Gives (identity, level, stated growth, implied base) for each growth whose base nobody states.
    """
    derived = []
    for identifier, terms in evidence.relations("growth"):
        if "base" not in terms:
            growth = terms["change"] / Estimate.stated(100, "percent") + 1
            base = (terms["level"] / growth).clip(low=0)
            if base.high == float("inf"):
                # A quotient of two floors is no point, whatever the stated values give.
                base = replace(base, value=None)
            derived.append((identifier, terms["level"], terms["change"], base))
    return derived
