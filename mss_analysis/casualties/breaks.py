"""Breaks: the step in a quarterly count at the mission's dates, and at every other quarter."""

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
from mss_analysis.casualties.readings import ALL, describe_set, qualify
from mss_analysis.charts import MUTED, draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, compose, join, refer

# The dates asked about, as the events table knows them: (id, words, day, kinds of event).
_DATES = (
    ("arrival", "first arrival", date(2024, 6, 25), ("deployment",)),
    ("change", "change to the GSF", date(2025, 10, 2), ("transition",)),
)
_PLACEBO = "any other quarter"


def show_breaks(evidence: Evidence, evidence_set: str = ALL, series: Series = KILLED) -> Exhibit:
    """Show the step at every possible quarter, those nearest to the mission's dates marked."""
    breaks = scan_breaks(evidence, series, evidence_set)
    dates = _find_dates(evidence, breaks)
    named = {entry.quarter: words for _, words, entry, _ in dates}
    rows: list[Row] = [
        {
            "Step from": entry.quarter.name,
            "Date": named.get(entry.quarter, _PLACEBO),
            "Level after against before, lower bounds": entry.lower,
            "The same, all readings of the bounds": entry.everything,
        }
        for entry in breaks
    ]
    answer = _answer(evidence, breaks, dates)
    if answer is None:
        answer = _tell_too_few(evidence, series, evidence_set)
    note = compose(
        "A dot is the level after the step over the level that the trend leads to expect; the "
        "dashed line marks no change. The bar holds the limits at ninety-five percent. Every other "
        "quarter is a placebo: where it shows as much, the mission’s date is not special."
    )
    return exhibit(
        evidence,
        "breaks",
        f"Does the number of people {series.label.lower()} change at the mission’s dates more than "
        "at others?",
        qualify(evidence, answer, series.read(evidence, evidence_set)),
        rows,
        _draw(evidence, rows) if rows else None,
        join([note, describe_set(evidence_set)]),
    )


def find_breaks(evidence: Evidence, evidence_set: str = ALL) -> list[Finding]:
    """Conclude for each of the mission's dates whether its step stands out; a description only."""
    breaks = scan_breaks(evidence, KILLED, evidence_set)
    return [
        Finding(
            f"casualties.step-{identifier}",
            f"Level of people killed after the {words}, against the trend",
            entry.lower,
            _tell(breaks, words, entry, event),
        )
        for identifier, words, entry, event in _find_dates(evidence, breaks)
    ]


def _find_dates(
    evidence: Evidence, breaks: list[Break]
) -> list[tuple[str, str, Break, tuple[str, ...]]]:
    """Find the break at each date whose event is known: (id, words, break, ids of the event)."""
    found = []
    for identifier, words, day, kinds in _DATES:
        events = evidence.events
        told = events[(events["date"] == day.isoformat()) & events["kind"].isin(kinds)]
        entry = nearest_quarter(breaks, day)
        if len(told) and entry:
            found.append((identifier, words, entry, tuple(told["event_id"])))
    return found


def _answer(
    evidence: Evidence, breaks: list[Break], dates: list[tuple[str, str, Break, tuple[str, ...]]]
) -> Text | None:
    if not breaks:
        return None
    if not dates:
        return compose("None of the mission’s dates lies in the quarters that can be compared.")
    told = [_tell(breaks, words, entry, event) for _, words, entry, event in dates]
    return join([*told, compose("This describes the counts and says nothing about causes.")])


def _tell(breaks: list[Break], words: str, entry: Break, event: tuple[str, ...]) -> Text:
    """Say how large a step is, and how it ranks among all possible ones."""
    ids = entry.observations
    place = rank(breaks, entry)
    alone = "no other quarter shows a step as clear"
    return compose(
        "After the {date}, from {quarter}, the level of the lower bounds is {ratio} times what the "
        "trend leads to expect; {compare}. By all readings of the bounds the ratio may be "
        "{everything}.",
        date=refer(event, words),
        quarter=entry.quarter.name,
        ratio=entry.lower,
        compare=compose(alone)
        if place == 1
        else compose(
            "of {all} possible quarters, {others} a step at least as clear",
            all=Estimate.count(ids, "1", len(breaks)),
            others=_show(ids, place - 1),
        ),
        everything=entry.everything,
    )


def _show(ids: tuple[str, ...], number: int) -> Text:
    count = Estimate.count(ids, "others", number)
    return compose("{count} shows" if number == 1 else "{count} show", count=count)


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
    figure = "Level after against before, lower bounds"
    frame = flatten(evidence, rows)
    axis = "Level after the step, as a multiple of the level expected"
    chart = draw_intervals(frame, "Step from", figure, axis, "Date", wrap=False)
    unchanged = alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(color=MUTED, strokeDash=[4, 3])
    return (chart + unchanged.encode(alt.X("one:Q"))).properties(
        width="container", height=chart.height
    )
