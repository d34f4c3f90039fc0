"""Chronology: what happened when, as precisely as the documents say, and the days between."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from mss_analysis.charts import draw_chronology, draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, cite, compose, enumerate_parts, join, link, name, when
from mss_analysis.wording import number

NOTHING = "No document known on this day dates the approval or the arrival of the mission."
KINDS = "resolution, court, political, agreement, command, deployment, transition, attack"
# How a note of events.csv begins when its date is not the date of the event.
_NO_DATE, _LIMITS, _EXPECTED = "undated:", "bounded:", "expected:"
_MISSION = ("MSS", "Multinational Security Support")
_TERMS = {
    "mission_review_interval": "Planned review",
    "mission_initial_term": "End of the first term as planned",
}
_MONTHS = {"months": 1, "years": 12}
# How exactly an event is dated.
_GRADES = {
    "day": "{count} can be put on a day",
    "span": "{count} in a month or a longer span",
    "limits": "{count} only between outer limits",
    "expected": "{count} tell of something still expected",
}


@dataclass(frozen=True)
class Moment:
    """Something dated: the first and last day on which it can have fallen, and who says so."""

    label: str
    start: date
    end: date
    ids: tuple[str, ...]
    figure: Estimate | None = None

    @property
    def when(self) -> Text:
        """The date in words, no finer than it is known."""
        days = pd.Timestamp(self.start), pd.Timestamp(self.end)
        if days[0] == days[1]:
            return when(self.start.isoformat())
        shape = "%Y-%m-%d"
        if days[0].is_month_start and days[1].is_month_end:
            shape = "%Y" if days[0].is_year_start and days[1].is_year_end else "%Y-%m"
        first, last = (day.strftime(shape) for day in days)
        return when(first) if first == last else join([when(first), when(last)], " to ")


def days_between(earlier: Moment, later: Moment) -> Estimate:
    """Count days from one moment to another; partial dates leave a range.

    >>> approval = Moment("approved", date(2023, 10, 2), date(2023, 10, 2), ("a",))
    >>> days_between(approval, Moment("renewed", date(2024, 9, 1), date(2024, 9, 30), ("b",)))
    Estimate(between 335 and 364 days)
    """
    low = float((later.start - earlier.end).days)
    high = float((later.end - earlier.start).days)
    ids = tuple(dict.fromkeys((*earlier.ids, *later.ids)))
    formula = f"days({', '.join(earlier.ids)} → {', '.join(later.ids)})"
    return Estimate(low if low == high else None, low, high, "days", ids, formula)


def merge_reports(moments: Iterable[Moment]) -> list[Moment]:
    """Join reports of one thing, earliest first.

    Reports of one date are witnesses of one moment. A wider date that holds a narrower one says
    nothing new and is left out.
    """
    kept: list[Moment] = []
    for moment in sorted(moments, key=lambda entry: (entry.end - entry.start, entry.start)):
        inside = [
            index
            for index, other in enumerate(kept)
            if moment.start <= other.start and other.end <= moment.end
        ]
        if not inside:
            kept.append(moment)
        elif (kept[inside[0]].start, kept[inside[0]].end) == (moment.start, moment.end):
            kept[inside[0]] = _witness(kept[inside[0]], moment)
    return sorted(kept, key=lambda entry: (entry.end, entry.start))


def find_approval(evidence: Evidence) -> Moment | None:
    """Find the first resolution on the mission; ``None`` when no known document dates one."""
    resolutions = merge_reports(_moments(_about_mission(evidence, "resolution")))
    return resolutions[0] if resolutions else None


def find_landings(evidence: Evidence) -> list[Moment]:
    """Find the arrivals of contingents, each once however many documents tell of it."""
    rows = evidence.select("contingent_arrival")
    dated = rows[["period_start", "period_end"]].notna().all(axis=1)
    dated &= rows["date_precision"] != "publication"
    landings = [
        landing
        for party, arrivals in rows[dated].groupby("party", sort=False)
        for landing in merge_reports(
            Moment(
                str(party),
                row["period_start"].date(),
                row["period_end"].date(),
                (row["observation_id"],),
                evidence.estimate(row["observation_id"]),
            )
            for row in arrivals.to_dict(orient="records")
        )
    ]
    return sorted(landings, key=lambda landing: (landing.end, landing.start))


def find_milestones(evidence: Evidence) -> list[Moment]:
    """Find what came between the approval and the second landing, and what was planned for then.

    Later resolutions on the mission, court cases, agreements between the first contributor and
    Haiti, the first two landings, and the review and the end of the term as first planned.
    """
    approval, landings = find_approval(evidence), find_landings(evidence)
    if approval is None:
        return []
    later = merge_reports(_moments(_about_mission(evidence, "resolution")))[1:]
    events = evidence.events
    courts = _moments(_datable(events[events["kind"] == "court"]))
    found = [*later, *courts, *_planned(evidence, approval)]
    if landings:
        first = landings[0]
        parties = events["parties"].str.split("; ").map(set)
        bilateral = (events["kind"] == "agreement") & parties.map({first.label, "Haiti"}.issubset)
        found += merge_reports(_moments(_datable(events[bilateral])))
        found.append(replace(first, label=f"First landing ({first.label})"))
        after = [landing for landing in landings if landing.start > first.end]
        found += [replace(entry, label=f"Second landing ({entry.label})") for entry in after[:1]]
    following = [entry for entry in found if entry.end >= approval.start]
    return sorted(following, key=lambda entry: (entry.end, entry.start))


def measure_delay(evidence: Evidence) -> Estimate | None:
    """Count the days from the approval to the first landing."""
    approval, landings = find_approval(evidence), find_landings(evidence)
    return days_between(approval, landings[0]) if approval and landings else None


def measure_spent_term(evidence: Evidence) -> Estimate | None:
    """Give the share of the first planned term that had passed when the first contingent landed."""
    approval, delay = find_approval(evidence), measure_delay(evidence)
    if approval is None or delay is None:
        return None
    label = _TERMS["mission_initial_term"]
    ends = [entry for entry in _planned(evidence, approval) if entry.label == label]
    return (delay / days_between(approval, ends[-1])).as_percent() if ends else None


def lay_out_events(evidence: Evidence, since: str = "2021", kinds: str = KINDS) -> Exhibit:
    """Show dated events in lanes, each as precisely as it is known."""
    lanes = [kind.strip() for kind in kinds.split(",")]
    events = evidence.events[evidence.events["kind"].isin(lanes)]
    undated = events[events["note"].str.startswith(_NO_DATE)]
    events = _datable(events)
    events = events[events["end"] >= pd.Timestamp(since)].sort_values(["start", "end"])
    rows: list[Row] = []
    spans, days = [], {}
    for row in events.to_dict(orient="records"):
        told = _moment(row)
        if told.start == told.end:
            # Two documents that tell of one day, one kind and the same parties tell of one event.
            key = (told.start, row["kind"], row["parties"])
            if key in days:
                known = rows[days[key]]
                known["Source"] = cite(evidence, (*known["Source"].observations, *told.ids))
                continue
            days[key] = len(rows)
        spans.append({"start": told.start.isoformat(), "end": told.end.isoformat()})
        rows.append(
            {
                "Event": name(told.label),
                "Date": told.when,
                "Kind": row["kind"],
                "Dated": _grade(row["note"], told),
                "Source": cite(evidence, told.ids),
            }
        )
    frame = pd.concat([flatten(evidence, rows), pd.DataFrame(spans)], axis=1)
    return exhibit(
        evidence,
        "events",
        "What happened when, and how exactly is that known?",
        _sum_up_events(rows, since),
        rows,
        draw_chronology(frame, "Kind", "Event", "Dated", lanes) if rows else None,
        _explain_dates(undated["event_id"]),
    )


def compare_milestones(evidence: Evidence) -> Exhibit:
    """Show how many days after the approval each milestone fell."""
    approval, delay = find_approval(evidence), measure_delay(evidence)
    rows: list[Row] = [
        {
            "Milestone": name(entry.label),
            "Date": entry.when,
            "Days after approval": days_between(approval, entry).clip(low=0),
            "Source": cite(evidence, entry.ids),
        }
        for entry in find_milestones(evidence)
        if approval is not None
    ]
    answer = Text(NOTHING, NOTHING)
    if approval is not None and delay is not None:
        answer = compose(
            "From the approval ({approval}) to the first landing ({landing}) it took {delay}.",
            approval=approval.when,
            landing=find_landings(evidence)[0].when,
            delay=delay,
        )
        spent = measure_spent_term(evidence)
        if spent is not None:
            answer = compose(
                "{answer} By then {spent} of the first planned term had passed.",
                answer=answer,
                spent=spent,
            )
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Milestone", "Days after approval", "Days after the approval"
    )
    stated = evidence.estimates(evidence.select("deployment_delay"))
    note = compose(
        "A date that names only a month leaves a range of days; where a document sets only outer "
        "limits, the bar spans them, cut at the day of the approval."
    )
    if stated:
        note = compose(
            "{note} The documents themselves speak of a delay of {stated}, without saying from "
            "which day they count.",
            note=note,
            stated=enumerate_parts(stated),
        )
    return exhibit(
        evidence,
        "milestones",
        "How long did it take from the approval to the first arrival?",
        answer,
        rows,
        chart,
        note,
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
        party=landings[0].label,
        landing=landings[0].when,
        delay=delay,
    )
    label = "Days from the approval to the first landing"
    found.append(Finding("deployment.delay", label, delay, text, True))
    spent = measure_spent_term(evidence)
    if spent is not None:
        text = compose(
            "When it landed, {spent} of the mission's first planned term had passed.", spent=spent
        )
        label = "Share of the first term passed at the first landing"
        found.append(Finding("deployment.term-spent", label, spent, text))
    after = [landing for landing in landings if landing.start > landings[0].end]
    if after:
        gap = days_between(landings[0], after[0])
        text = compose(
            "The next landing that the documents date came {gap} after the first ({party}, {day}).",
            gap=gap,
            party=after[0].label,
            day=after[0].when,
        )
        label = "Days from the first landing to the second"
        found.append(Finding("deployment.second-landing", label, gap, text))
    return found


def _sum_up_events(rows: list[Row], since: str) -> Text:
    if not rows:
        words = "No document known on this day dates an event of these kinds."
        return Text(words, words)
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
        compose(words, count=link(counts[grade], number(counts[grade].low)))
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
        "an event lies, and a diamond marks what was expected when the document was written."
    )
    ids = list(undated)
    if not ids:
        return note
    return compose(
        "{note} Left out for want of any date: {count}.",
        note=note,
        count=Estimate.count(ids, unit="events"),
    )


def _grade(note: str, told: Moment) -> str:
    if note.startswith(_LIMITS):
        return "limits"
    if note.startswith(_EXPECTED):
        return "expected"
    return "day" if told.start == told.end else "span"


def _datable(events: pd.DataFrame) -> pd.DataFrame:
    """Keep events whose date says something about when they happened."""
    return events[events["start"].notna() & ~events["note"].str.startswith(_NO_DATE)]


def _about_mission(evidence: Evidence, kind: str) -> pd.DataFrame:
    """Pick datable events of one kind that name the mission."""
    events = _datable(evidence.events[evidence.events["kind"] == kind])
    words = events["title"] + "; " + events["parties"]
    return events[words.str.contains("|".join(_MISSION), regex=True)]


def _moments(events: pd.DataFrame) -> list[Moment]:
    return [_moment(row) for row in events.to_dict(orient="records")]


def _moment(row: dict) -> Moment:
    return Moment(row["title"], row["start"].date(), row["end"].date(), (row["event_id"],))


def _witness(moment: Moment, other: Moment) -> Moment:
    """Add a report of the same day; figures that differ are spanned, not chosen from."""
    figure, stated = moment.figure, other.figure
    if figure is not None and stated is not None:
        if (figure.low, figure.high) == (stated.low, stated.high):
            ids = dict.fromkeys((*figure.observations, *stated.observations))
            figure = replace(figure, observations=tuple(ids))
        else:
            figure = figure.hull(stated)
    return replace(moment, ids=(*moment.ids, *other.ids), figure=figure)


def _planned(evidence: Evidence, approval: Moment) -> list[Moment]:
    """Date what was to happen so many months after the approval."""
    due = []
    for row in evidence.select(_TERMS).to_dict(orient="records"):
        term = evidence.estimate(row["observation_id"])
        if term.unit not in _MONTHS or not term.is_exact:
            continue
        offset = pd.DateOffset(months=round(term.low * _MONTHS[term.unit]))
        start, end = ((pd.Timestamp(day) + offset).date() for day in (approval.start, approval.end))
        ids = (*approval.ids, row["observation_id"])
        due.append(Moment(_TERMS[row["indicator"]], start, end, ids))
    return due
