"""Chronology: what happened when, and the days from approval to arrival."""

from collections.abc import Iterable

import pandas as pd

from mss_analysis.charts import draw_intervals
from mss_analysis.deployment.moments import (
    NO_DATE,
    Moment,
    days_between,
    find_approval,
    find_landings,
    find_milestones,
    keep_datable,
    measure_delay,
    measure_spent_term,
    read_moment,
)
from mss_analysis.estimate import Estimate
from mss_analysis.event_chart import draw_chronology
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, name_of, tell
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, join, name, when
from mss_analysis.prose import told as tell_title

# The kinds of events, as a reader sees them.
KIND_WORDS = (
    mark("resolution"),
    mark("court"),
    mark("political"),
    mark("agreement"),
    mark("command"),
    mark("deployment"),
    mark("transition"),
    mark("attack"),
    mark("statement"),
    mark("incident"),
    mark("funding"),
    mark("humanitarian"),
    mark("abuse"),
)
KINDS = "resolution, court, political, agreement, command, deployment, transition, attack"
# How a note of events.csv begins when its date is not the date of the event.
_LIMITS, _EXPECTED = "bounded:", "expected:"
# How exactly an event is dated.
_GRADES = {
    "day": mark("{count} can be put on a day"),
    "span": mark("{count} in a month or a longer span"),
    "limits": mark("{count} only between outer limits"),
    "expected": mark("{count} tell of something still expected"),
}


def lay_out_events(evidence: Evidence, since: str = "2021", kinds: str = KINDS) -> Exhibit:
    """Show dated events in lanes, each as precisely as it is known."""
    since = str(since)
    lanes = [kind.strip() for kind in kinds.split(",")]
    events = evidence.events[evidence.events["kind"].isin(lanes)]
    undated = events[events["note"].str.startswith(NO_DATE)]
    events = keep_datable(events)
    events = events[events["end"] >= pd.Timestamp(since)].sort_values(["start", "end"])
    # Read by lane; within one, by date.
    events = events.sort_values("kind", key=lambda kind: kind.map(lanes.index), kind="stable")
    rows: list[Row] = []
    spans, days = [], {}
    for row in events.to_dict(orient="records"):
        told = read_moment(row)
        if told.start == told.end:
            # Documents that tell of one day, kind, place and the same parties tell of one event.
            key = (told.start, row["kind"], row["parties"], row["place"])
            if key in days:
                known = rows[days[key]]
                known["Source"] = cite(evidence, (*known["Source"].observations, *told.ids))
                continue
            days[key] = len(rows)
        spans.append({"start": told.start.isoformat(), "end": told.end.isoformat()})
        rows.append(
            {
                "Event": tell_title(told.label),
                "Date": told.when,
                "Kind": name(row["kind"]),
                "Dated": _grade(row["note"], told),
                "Source": cite(evidence, told.ids),
            }
        )
    frame = pd.concat([flatten(evidence, rows), pd.DataFrame(spans)], axis=1)
    return exhibit(
        evidence,
        "events",
        tell("What happened when, and how exactly is that known?"),
        _sum_up_events(rows, since),
        rows,
        draw_chronology(frame, "Kind", "Event", "Dated_key", [name_of(lane) for lane in lanes])
        if rows
        else None,
        _explain_dates(undated["event_id"]),
        headline=_count_dated(rows) if rows else None,
        subtitle=tell("Events by kind and date, each drawn as exactly as it is told"),
    )


def compare_milestones(evidence: Evidence) -> Exhibit:
    """Show how many days after the approval each milestone fell."""
    approval, delay = find_approval(evidence), measure_delay(evidence)
    rows: list[Row] = [
        {
            "Milestone": compose("{kind}, {day}", kind=name(entry.kind), day=entry.when),
            "What": tell_title(entry.label),
            "Days after approval": days_between(approval, entry).clip(low=0),
            "Source": cite(evidence, entry.ids),
        }
        for entry in find_milestones(evidence)
        if approval is not None
    ]
    answer = compose(
        "No document known on this day dates the approval or the arrival of the mission."
    )
    headline = None
    if approval is not None:
        answer = compose(
            "The mission was approved on {approval}; no document known on this day dates a "
            "landing.",
            approval=approval.when,
        )
    if approval is not None and delay is not None:
        answer = compose(
            "From the approval ({approval}) to the first landing ({landing}) it took {delay}.",
            approval=approval.when,
            landing=find_landings(evidence)[0].when,
            delay=delay,
        )
        headline = compose("The first contingent landed {delay} after the approval", delay=delay)
        spent = measure_spent_term(evidence)
        if spent is not None:
            told = compose("By then {spent} of the first planned term had passed.", spent=spent)
            answer = join([answer, told])
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Milestone", "Days after approval", tell("Days after the approval")
    )
    stated = evidence.estimates(evidence.select("deployment_delay"))
    note = compose(
        "A date that names only a month leaves a range of days; where a document sets only outer "
        "limits, the bar spans them, cut at the day of the approval."
    )
    if stated:
        told = compose(
            "The documents themselves speak of a delay of {stated}, without saying from which "
            "day they count.",
            stated=enumerate_parts(stated),
        )
        note = join([note, told])
    return exhibit(
        evidence,
        "milestones",
        tell("How long did it take from the approval to the first arrival?"),
        answer,
        rows,
        chart,
        note,
        headline=headline,
        subtitle=tell("Days from the resolution that approved the mission to each milestone"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from the dates; only what is known on the day appears."""
    found = []
    approval, delay = find_approval(evidence), measure_delay(evidence)
    if approval is None or delay is None:
        return found
    landings = find_landings(evidence)
    text = compose(
        "The first contingent ({party}) landed on {landing}, {delay} after the Security Council "
        "had approved the mission.",
        party=name(landings[0].label),
        landing=landings[0].when,
        delay=delay,
    )
    label = tell("Days from the approval to the first landing")
    found.append(Finding("deployment.delay", label, delay, text, True))
    spent = measure_spent_term(evidence)
    if spent is not None:
        text = compose(
            "When it landed, {spent} of the mission’s first planned term had passed.", spent=spent
        )
        label = tell("Share of the first term passed at the first landing")
        found.append(Finding("deployment.term-spent", label, spent, text))
    after = [landing for landing in landings if landing.start > landings[0].end]
    if after:
        gap = days_between(landings[0], after[0])
        text = compose(
            "The next dated landing came {gap} after the first ({party}, {day}).",
            gap=gap,
            party=after[0].label,
            day=after[0].when,
        )
        label = tell("Days from the first landing to the next dated one")
        found.append(Finding("deployment.next-landing", label, gap, text))
    return found


def _sum_up_events(rows: list[Row], since: str) -> Text:
    if not rows:
        return compose("No document known on this day dates an event of these kinds.")
    by_grade = {grade: [row for row in rows if row["Dated"] == grade] for grade in _GRADES}
    counts = {
        grade: Estimate.count(
            [entry for row in graded for entry in row["Source"].observations],
            "accounts of events",
            len(graded),
        )
        for grade, graded in {"all": rows, **by_grade}.items()
        if graded
    }
    parts = [
        compose(words, count=bare(counts[grade]))
        for grade, words in _GRADES.items()
        if grade in counts
    ]
    return compose(
        "Of {all} since {since}, {parts}.",
        all=counts["all"],
        since=when(since),
        parts=enumerate_parts(parts),
    )


def _explain_dates(undated: Iterable[str]) -> Text:
    note = compose(
        "A dot is a day, a full bar a month or a span; a hollow bar gives the limits within which "
        "an event lies, and a diamond marks what was expected when the document was written. "
        "Several accounts may be of one event."
    )
    ids = list(undated)
    if not ids:
        return note
    left = compose(
        "Left out for want of any date: {count}.", count=Estimate.count(ids, unit="events")
    )
    return join([note, left])


def _count_dated(rows: list[Row]) -> Text:
    """Say how many of the events are dated to the day."""
    exact = [row for row in rows if row["Dated"] == "day"]
    ids = [entry for row in rows for entry in row["Source"].observations]
    return compose(
        "Of {all}, {exact} can be put on a day",
        all=Estimate.count(ids, "accounts of events", len(rows)),
        exact=bare(Estimate.count(ids, "accounts of events", len(exact))),
    )


def _grade(note: str, told: Moment) -> str:
    if note.startswith(_LIMITS):
        return mark("limits")
    if note.startswith(_EXPECTED):
        return mark("expected")
    return mark("day") if told.start == told.end else mark("span")
