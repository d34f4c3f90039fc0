"""Tolls: what the counts of people killed imply for a year, a day, and the time before."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pandas as pd

from mss_analysis.casualties.readings import ALL, FIRM, SERIES, Reading, read_flow
from mss_analysis.claims import Claim, group_claims
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import STATEMENTS, Evidence


def killed_in(evidence: Evidence, year: int, evidence_set: str = ALL) -> list[Claim]:
    """Pick the claims about people killed in the country within one year, earliest end first."""
    rows = evidence.select("killed", population="", place="Haiti")
    inside = (rows["period_start"].dt.year == year) & (rows["period_end"].dt.year == year)
    if evidence_set == FIRM:
        inside &= rows["origin"] == SERIES
    return group_claims(evidence, rows[inside])


def read_deaths(evidence: Evidence, evidence_set: str = ALL) -> Reading:
    """Read the counts of people killed by an evidence set."""
    return read_flow(evidence, "killed", evidence_set)


def whole_year(evidence: Evidence, year: int, evidence_set: str = ALL) -> Estimate | None:
    """Bound the number of people killed in a year; ``None`` when nothing is known of it.

    >>> import mss_analysis as mss
    >>> whole_year(mss.load("2024-12-01", "seed"), 2024)
    Estimate(at least 4,000 people)
    """
    if not killed_in(evidence, year, evidence_set):
        return None
    timeline = read_deaths(evidence, evidence_set).timeline
    return timeline.bounds(date(year, 1, 1), date(year + 1, 1, 1))


def accumulate(
    evidence: Evidence, year: int, evidence_set: str = ALL
) -> list[tuple[date, Estimate]]:
    """Bound the deaths from the first of January to each day that a figure names.

    Gives (day after the last counted, count) in order of time.
    """
    timeline = read_deaths(evidence, evidence_set).timeline
    first, last = date(year, 1, 1), date(year + 1, 1, 1)
    steps = [(day, timeline.bounds(first, day)) for day in timeline.days if first < day <= last]
    return [(day, count) for day, count in steps if count.observations]


def daily_rates(
    evidence: Evidence, year: int, evidence_set: str = ALL
) -> list[tuple[date, date, Estimate, Estimate]]:
    """Bound deaths per day on each stretch between two dates that figures of the year name.

    Gives (first day, day after the last, count, rate); the last stretch is the whole span. The unit
    of the rate is persons/days.
    """
    if not killed_in(evidence, year, evidence_set):
        return []
    timeline = read_deaths(evidence, evidence_set).timeline
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
    """Derive what a stated growth of the killed implies for the period before it.

    Gives (identity, level, stated growth, implied base) for each growth that names no base.
    """
    derived = []
    killed = set(evidence.select("killed")["observation_id"])
    for identifier, terms in evidence.relations("growth"):
        if set(terms) == {"level", "change"} and terms["level"].observations[0] in killed:
            growth = terms["change"] / Estimate.stated(100, "percent") + 1
            base = (terms["level"] / growth).clip(low=0)
            if base.high == float("inf"):
                # A quotient of two floors is no point, whatever the stated values give.
                base = replace(base, value=None)
            derived.append((identifier, terms["level"], terms["change"], base))
    return derived


def count_before(evidence: Evidence, level: Estimate, evidence_set: str = ALL) -> Estimate:
    """Bound the people killed in as many months as a stated count covers, just before it."""
    row = evidence.row(level.observations[0])
    start = row["period_start"]
    stop = row["period_end"] + pd.Timedelta(days=1)
    months = (stop.year - start.year) * 12 + stop.month - start.month
    whole = start.day == stop.day == 1
    before = start - (pd.DateOffset(months=months) if whole else stop - start)
    return read_deaths(evidence, evidence_set).timeline.bounds(before.date(), start.date())


def grow_toll(
    evidence: Evidence, year: int, evidence_set: str = ALL
) -> list[tuple[date, Estimate]]:
    """Bound the toll of a year as it was known at the end of each month since that year began.

    Gives (last day of the month, toll), from the first month at which anything was known. Before
    the last day only counts are read, no stated growths, which tell little beside the counts.
    """
    key = f"grown toll {year}/{evidence_set}"
    if key not in evidence.memo:
        evidence.memo[key] = _grow(evidence, year, evidence_set)
    return evidence.memo[key]


def know_by(evidence: Evidence, day: date, indicators: Collection[str]) -> Evidence:
    """Restrict loaded evidence to the figures of some indicators known on an earlier day.

    Events, passages and measures are left out.
    """
    sources = evidence.sources
    if day < evidence.as_of:
        sources = sources[sources["known"] <= pd.Timestamp(day)]
    rows = evidence.observations
    rows = rows[rows["indicator"].isin(indicators) & rows["source_id"].isin(sources["source_id"])]
    terms = evidence.identities
    known = terms["observation_id"].isin(rows["observation_id"])
    whole = known.groupby(terms["identity_id"]).transform("all")
    tables = evidence.tables | {
        name: evidence.tables[name].iloc[:0] for name in STATEMENTS if name != "observations"
    }
    tables |= {
        "sources": sources.reset_index(drop=True),
        "observations": rows.reset_index(drop=True),
        "identities": terms[whole].reset_index(drop=True),
    }
    return replace(evidence, as_of=day, tables=tables)


def _grow(evidence: Evidence, year: int, evidence_set: str) -> list[tuple[date, Estimate]]:
    last = pd.Timestamp(evidence.as_of)
    ends = list(pd.date_range(f"{year}-01-31", last, freq="ME"))
    if last >= pd.Timestamp(year, 1, 1) and last not in ends:
        ends.append(last)
    grown: list[tuple[date, Estimate]] = []
    solved: dict[tuple[str, ...], Estimate | None] = {}
    for end in ends:
        known = know_by(evidence, end.date(), ["killed"]) if end < last else evidence
        told = () if end == last else tuple(known.observations["observation_id"])
        if told not in solved or end == last:
            solved[told] = whole_year(known, year, evidence_set)
        if (toll := solved[told]) is not None:
            grown.append((end.date(), toll))
    return grown
