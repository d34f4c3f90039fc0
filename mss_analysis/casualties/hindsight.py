"""Hindsight: the toll of a year as it looked at the end of each month."""

from datetime import date

import pandas as pd

from mss_analysis.casualties.readings import ALL, describe_set, qualify
from mss_analysis.casualties.tolls import grow_toll, read_deaths
from mss_analysis.charts import draw_envelope
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, compose, join, when


def show_hindsight(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exhibit:
    """Show the bounds of a year's toll by the month's end at which they were known."""
    grown = grow_toll(evidence, year, evidence_set)
    rows: list[Row] = [
        {"Known on": when(day.isoformat()), "Killed in the year": toll}
        for day, toll in _changes(grown)
    ]
    chart = None
    if rows:
        # The chart needs dates, where the table has words.
        frame = flatten(evidence, [{"Killed in the year": toll} for _, toll in grown])
        frame = frame.assign(**{"Known on": [day.isoformat() for day, _ in grown]})
        chart = draw_envelope(_lengthen(frame), "Known on", "Killed in the year", "People killed")
    note = compose(
        "Each step is what all figures published by then imply for the whole year, also while the "
        "year was going on. The table lists the months’ ends at which the answer changed. What "
        "was published later is left out, and a document whose month alone is known counts from "
        "that month’s end."
    )
    return exhibit(
        evidence,
        "hindsight",
        f"How did the toll of {year} grow as figures were published?",
        qualify(evidence, _answer(grown, year), read_deaths(evidence, evidence_set), year),
        rows,
        chart,
        join([note, describe_set(evidence_set)]),
    )


def conclude(evidence: Evidence, year: int, evidence_set: str = ALL) -> list[Finding]:
    """Conclude by how much the toll of a year grew after the year was over."""
    grown = grow_toll(evidence, year, evidence_set)
    at_end = [toll for day, toll in grown if day == date(year, 12, 31)]
    if not at_end or grown[-1][0] <= date(year, 12, 31):
        return []
    then, now = at_end[0], grown[-1][1]
    text = compose(
        "On the last day of {year} the figures implied that {then} were killed in it; on the day "
        "of this report, {now}.",
        year=when(str(year)),
        then=then,
        now=now,
    )
    label = f"People killed in {year}, as known when it ended"
    return [Finding(f"casualties.toll-{year}-at-its-end", label, then, text)]


def _changes(grown: list[tuple[date, Estimate]]) -> list[tuple[date, Estimate]]:
    """Keep the first day of every answer."""
    kept: list[tuple[date, Estimate]] = []
    for day, toll in grown:
        if not kept or (toll.low, toll.high) != (kept[-1][1].low, kept[-1][1].high):
            kept.append((day, toll))
    return kept


def _lengthen(frame: pd.DataFrame) -> pd.DataFrame:
    """Let the last answer hold to the month's end, so that one alone can be drawn."""
    if len(frame) > 1:
        return frame
    last = frame.iloc[[0]].copy()
    day = pd.Timestamp(last["Known on"].iloc[0]) + pd.offsets.MonthEnd(1)
    return pd.concat([frame, last.assign(**{"Known on": f"{day:%Y-%m-%d}"})], ignore_index=True)


def _answer(grown: list[tuple[date, Estimate]], year: int) -> Text | None:
    if not grown:
        return None
    changes = _changes(grown)
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
