"""Hindsight: the toll of a year as it looked at the end of each month."""

from datetime import date

from mss_analysis.casualties.readings import ALL, describe_set, mention, qualify
from mss_analysis.casualties.stocks_chart import draw_steps
from mss_analysis.casualties.tolls import grow_toll, read_deaths
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import tell
from mss_analysis.prose import Text, bare, compose, join, when


def show_hindsight(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exhibit:
    """Show the bounds of a year's toll by the month's end at which they were known."""
    changes = _changes(grow_toll(evidence, year, evidence_set))
    rows: list[Row] = [
        {"Known on": when(day.isoformat()), "Killed in the year": toll} for day, toll in changes
    ]
    chart = None
    if rows:
        # The chart needs dates, where the table has words.
        frame = flatten(evidence, rows).assign(day=[day.isoformat() for day, _ in changes])
        end = evidence.as_of.isoformat()
        chart = draw_steps(
            frame,
            frame.iloc[:0],
            "day",
            "Killed in the year",
            tell("People killed"),
            end,
            "Known on",
        )
    note = compose(
        "Each step is what all figures published by then imply for the whole year, also while the "
        "year was going on; a pale band has no upper limit. Steps begin at the months’ ends at "
        "which the answer changed. What was published later is left out, and a document whose "
        "month alone is known counts from that month’s end."
    )
    reading = read_deaths(evidence, evidence_set)
    return exhibit(
        evidence,
        "hindsight",
        tell("How did the toll of {year} grow as figures were published?", year=year),
        qualify(_answer(changes, year), mention(evidence, reading, year)),
        rows,
        chart,
        join([note, describe_set(evidence_set)]),
        _head(changes, year),
        tell("People killed in Haiti in {year}, by the day on which it was known", year=year),
    )


def conclude(evidence: Evidence, year: int, evidence_set: str = ALL) -> list[Finding]:
    """Conclude by how much the toll of a year grew after the year was over."""
    grown = grow_toll(evidence, year, evidence_set)
    at_end = [toll for day, toll in grown if day == date(year, 12, 31)]
    if not at_end or grown[-1][0] <= date(year, 12, 31):
        return []
    then, now = at_end[0], grown[-1][1]
    if not then.observations:
        # Ceilings alone: that nobody at all was killed was still possible.
        return []
    text = compose(
        "On the last day of {year} the figures implied that {then} were killed in it; on the day "
        "of this report, {now}.",
        year=when(str(year)),
        then=then,
        now=now,
    )
    label = tell("People killed in {year}, as known when it ended", year=year)
    return [Finding(f"casualties.toll-{year}-at-its-end", label, then, text)]


def _changes(grown: list[tuple[date, Estimate]]) -> list[tuple[date, Estimate]]:
    """Keep the first day of every answer."""
    kept: list[tuple[date, Estimate]] = []
    for day, toll in grown:
        if not kept or (toll.low, toll.high) != (kept[-1][1].low, kept[-1][1].high):
            kept.append((day, toll))
    return kept


def _head(changes: list[tuple[date, Estimate]], year: int) -> Text | None:
    if not changes:
        return None
    first, last = changes[0][1], changes[-1][1]
    if len(changes) == 1:
        return compose(
            "As far as published, {toll} were killed in {year}.", toll=last, year=when(str(year))
        )
    return compose(
        "As figures were published, the known toll of {year} went from {first} to {last}.",
        year=when(str(year)),
        first=bare(first),
        last=last,
    )


def _answer(changes: list[tuple[date, Estimate]], year: int) -> Text | None:
    if not changes:
        return None
    first, last = changes[0], changes[-1]
    if len(changes) == 1:
        return compose(
            "Since {day} the figures have implied that {toll} were killed in {year}.",
            day=when(first[0].isoformat()),
            toll=first[1],
            year=when(str(year)),
        )
    return compose(
        "On {first_day} the published figures implied that {first} were killed in {year}; since "
        "{last_day} they have implied {last}.",
        first_day=when(first[0].isoformat()),
        first=first[1],
        year=when(str(year)),
        last_day=when(last[0].isoformat()),
        last=last[1],
    )
