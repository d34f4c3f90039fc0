"""Breaks: the step in a quarterly count at the mission's dates, and at every other quarter."""

from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from mss_analysis.casualties.interruption import (
    Break,
    counted_quarters,
    nearest_quarter,
    rank,
    scan_breaks,
)
from mss_analysis.casualties.quarters import KILLED, Series
from mss_analysis.casualties.readings import ALL, describe_set, mention, qualify
from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.look import MUTED
from mss_analysis.prose import Text, compose, compose_plural, join, refer

# The dates asked about, as the events table knows them: (id, label, words in a sentence, day, kinds
# of event).
_DATES = (
    (
        "arrival",
        mark("first arrival"),
        mark("the first arrival"),
        date(2024, 6, 25),
        ("deployment",),
    ),
    (
        "change",
        mark("change to the GSF"),
        mark("the change to the GSF"),
        date(2025, 10, 2),
        ("transition",),
    ),
)
_PLACEBO = mark("any other quarter")
_RATIO = mark("Ratio to the level expected, lower bounds")


@dataclass(frozen=True)
class Asked:
    """One of the mission's dates: the break nearest to it, and the events (ids) that date it."""

    id: str
    label: str
    words: str
    entry: Break
    events: tuple[str, ...]


def show_breaks(evidence: Evidence, evidence_set: str = ALL, series: Series = KILLED) -> Exhibit:
    """Show the step at every possible quarter, those nearest to the mission's dates marked."""
    breaks = scan_breaks(evidence, series, evidence_set)
    dates = _find_dates(evidence, breaks)
    named = {asked.entry.quarter: asked.label for asked in dates}
    rows: list[Row] = [
        {
            "Step from": entry.quarter.name,
            "Date": named.get(entry.quarter, _PLACEBO),
            _RATIO: entry.lower,
            "The same, all readings of the bounds": entry.everything,
        }
        for entry in breaks
    ]
    answer = _answer(breaks, dates)
    if answer is None:
        answer = _tell_too_few(evidence, series, evidence_set)
    note = compose(
        "A dot is the level after the step, divided by the level that the trend leads to expect; "
        "the dashed line marks no change. The bar holds the limits at ninety-five percent. Every "
        "other quarter is a placebo: where it shows as much, the mission’s date is not special."
    )
    return exhibit(
        evidence,
        "breaks",
        tell(
            "Does the number of {things} change at the mission’s dates more than at others?",
            things=tell(series.things),
        ),
        qualify(answer, mention(evidence, series.read(evidence, evidence_set))),
        rows,
        _draw(evidence, rows) if rows else None,
        join([note, describe_set(evidence_set)]),
        _head(breaks, dates),
        tell(
            "Quarterly counts of {things} in Haiti: level after each possible step, as a ratio to "
            "the level expected",
            things=tell(series.things),
        ),
    )


def find_breaks(evidence: Evidence, evidence_set: str = ALL) -> list[Finding]:
    """Conclude for each of the mission's dates whether its step stands out; a description only."""
    breaks = scan_breaks(evidence, KILLED, evidence_set)
    return [
        Finding(
            f"casualties.step-{asked.id}",
            tell("Level of people killed after {date}, against the trend", date=tell(asked.words)),
            asked.entry.lower,
            _tell(breaks, asked),
        )
        for asked in _find_dates(evidence, breaks)
    ]


def _find_dates(evidence: Evidence, breaks: list[Break]) -> list[Asked]:
    """Find the break at each date whose event is known."""
    found = []
    for identifier, label, words, day, kinds in _DATES:
        events = evidence.events
        told = events[(events["date"] == day.isoformat()) & events["kind"].isin(kinds)]
        entry = nearest_quarter(breaks, day)
        if len(told) and entry:
            found.append(Asked(identifier, label, words, entry, tuple(told["event_id"])))
    return found


def _head(breaks: list[Break], dates: list[Asked]) -> Text | None:
    if not breaks:
        return None
    number = Estimate.count(breaks[0].observations, "quarters", len(breaks))
    if not dates:
        return compose("No date of the mission lies in {all} that can be compared.", all=number)
    clearest = [asked for asked in dates if rank(breaks, asked.entry) == 1]
    if not clearest:
        return compose("Among {all}, no date of the mission shows the clearest step.", all=number)
    return compose(
        "Among {all}, the step after {date} is the clearest.",
        all=number,
        date=refer(clearest[0].events, tell(clearest[0].words)),
    )


def _answer(breaks: list[Break], dates: list[Asked]) -> Text | None:
    if not breaks:
        return None
    if not dates:
        return compose("None of the mission’s dates lies in the quarters that can be compared.")
    told = [_tell(breaks, asked) for asked in dates]
    return join([*told, compose("This describes the counts and says nothing about causes.")])


def _tell(breaks: list[Break], asked: Asked) -> Text:
    """Say how large a step is, and how it ranks among all possible ones."""
    ids = asked.entry.observations
    size = compose(
        "After {date}, from {quarter} on, the level of the lower bounds is {ratio} times what the "
        "trend leads to expect, and {everything} times by all readings of the bounds.",
        date=refer(asked.events, tell(asked.words)),
        quarter=asked.entry.quarter.name,
        ratio=asked.entry.lower,
        everything=asked.entry.everything,
    )
    others = rank(breaks, asked.entry) - 1
    possible = Estimate.count(ids, "quarters", len(breaks))
    if not others:
        return join(
            [
                size,
                compose(
                    "Of {all} that can be compared, no other shows a step as clear.", all=possible
                ),
            ]
        )
    compare = compose_plural(
        "Of {all} that can be compared, {others} shows a step at least as clear.",
        "Of {all} that can be compared, {others} show a step at least as clear.",
        by="others",
        all=possible,
        others=Estimate.count(ids, "others", others),
    )
    return join([size, compare])


def _tell_too_few(evidence: Evidence, series: Series, evidence_set: str) -> Text | None:
    counted = counted_quarters(evidence, series, evidence_set)
    if not counted:
        return None
    ids = dict.fromkeys(entry for _, count in counted for entry in count.observations)
    return compose(
        "Counted as a whole on this day: {number}. These are too few to tell a step from a trend.",
        number=Estimate.count(ids, "quarters", len(counted)),
    )


def _draw(evidence: Evidence, rows: list[Row]) -> alt.LayerChart:
    axis = tell("Ratio to the level expected")
    chart = draw_intervals(flatten(evidence, rows), "Step from", _RATIO, axis, "Date", wrap=False)
    unchanged = alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(color=MUTED, strokeDash=[4, 3])
    return (chart + unchanged.encode(alt.X("one:Q"))).properties(
        width="container", height=chart.height
    )
