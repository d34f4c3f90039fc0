"""Moments: events and landings, each as exactly as the documents date it.

A partial date is a span of days. Reports of one thing are joined, so that nothing is counted twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.language import mark
from mss_analysis.prose import Text, compose, when
from mss_analysis.schema import SEPARATOR

# How a note of events.csv begins when no document dates the event.
NO_DATE = "undated:"
_MISSION = ("MSS", "Multinational Security Support", "GSF", "Gang Suppression Force")
_ARRIVAL = "contingent_arrival"
# Reports of one landing may name neighbouring days; a wider union would join two landings.
_ONE_LANDING = timedelta(days=7)
# Events and figures that show up to which day the documents speak of the deployment.
_SPOKEN = ("deployment", "transition", "command", "resolution")
_COUNTED = ("mission_personnel_deployed", "country_personnel_deployed", "contingent_departure")
_TERMS = {
    "mission_review_interval": mark("planned review"),
    "mission_initial_term": mark("planned end of first term"),
}
_MONTHS = {"months": 1, "years": 12}
# How the title of an event says, in our words, that the first mission was over.
_ENDS = r"\bMSS ends$"


@dataclass(frozen=True)
class Moment:
    """Something dated: the first and last day on which it can have fallen, and who says so."""

    label: str
    start: date
    end: date
    ids: tuple[str, ...]
    kind: str = ""
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
        return (
            when(first)
            if first == last
            else compose("{start} to {end}", start=when(first), end=when(last))
        )


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
    """Find the arrivals of contingents, each once however many documents tell of it.

    Figures for two countries together tell of no landing of their own and are left out.
    """
    rows = evidence.select(_ARRIVAL)
    dated = rows[["period_start", "period_end"]].notna().all(axis=1)
    dated &= (rows["date_precision"] != "publication") & ~rows["party"].str.contains(SEPARATOR)
    spans = span_arrivals(evidence)
    landings = [
        landing
        for party, arrivals in rows[dated].groupby("party", sort=False)
        for landing in merge_reports(
            Moment(
                str(party),
                *spans[entry],
                (entry,),
                figure=evidence.estimate(entry),
            )
            for entry in arrivals["observation_id"]
        )
    ]
    return sorted(landings, key=lambda landing: (landing.end, landing.start))


def span_arrivals(evidence: Evidence) -> dict[str, tuple[date, date]]:
    """Give the days of each reported arrival: those of all reports of the same landing.

    Where the evidence base declares that reports tell of one landing and they name different days,
    each is given the span of all; a month or a year that holds that span keeps its own days.
    """
    rows = evidence.select(_ARRIVAL)
    rows = rows[rows[["period_start", "period_end"]].notna().all(axis=1)]
    spans = {
        row["observation_id"]: (row["period_start"].date(), row["period_end"].date())
        for row in rows.to_dict(orient="records")
    }
    for _, kind, roles in evidence.terms:
        told = [entry for entry in roles.get("term", ()) if entry in spans]
        if kind != "same" or len(told) < len(roles.get("term", ())) or not told:
            continue
        narrow = [entry for entry in told if spans[entry][1] - spans[entry][0] < _ONE_LANDING]
        if not narrow:
            continue
        first = min(spans[entry][0] for entry in narrow)
        last = max(spans[entry][1] for entry in narrow)
        if last - first < _ONE_LANDING:
            spans |= dict.fromkeys(narrow, (first, last))
    return spans


def find_horizon(evidence: Evidence) -> Moment | None:
    """Find the last day on which a known document speaks of who is in Haiti, or of the mission.

    After it there is silence, which is no news that nobody came.
    """
    told: list[tuple[date, str]] = []
    figures = evidence.select((*_COUNTED, _ARRIVAL))
    for column in ("as_of", "period_end"):
        dated = figures[figures[column].notna() & (figures["status"] != "planned")]
        days = dated[column].dt.date
        told += zip(days, dated["observation_id"], strict=True)
    events = keep_datable(evidence.events[evidence.events["kind"].isin(_SPOKEN)])
    events = events[~events["note"].str.startswith("expected:")]
    told += zip(events["start"].dt.date, events["event_id"], strict=True)
    known = [entry for entry in told if entry[0] <= evidence.as_of]
    if not known:
        return None
    day = max(day for day, _ in known)
    ids = tuple(entry for at, entry in known if at == day)[:1]
    return Moment("last word on the deployment", day, day, ids)


def find_end(evidence: Evidence) -> Moment | None:
    """Find the day on which the authorisation of the MSS ended; ``None`` while it was in force."""
    events = keep_datable(evidence.events[evidence.events["kind"] == "transition"])
    ended = merge_reports(_moments(events[events["title"].str.contains(_ENDS, regex=True)]))
    return ended[0] if ended else None


def find_milestones(evidence: Evidence) -> list[Moment]:
    """Find what came between the approval and the next dated landing, and what was planned.

    Later resolutions on the mission, court cases before the first landing, agreements between the
    first contributor and Haiti, the first two dated landings, and the review and the end of the
    term as first planned.
    """
    approval, landings = find_approval(evidence), find_landings(evidence)
    if approval is None:
        return []
    later = merge_reports(_moments(_about_mission(evidence, "resolution")))[1:]
    events = evidence.events
    courts = merge_reports(_moments(keep_datable(events[events["kind"] == "court"])))
    if landings:
        courts = [entry for entry in courts if entry.start <= landings[0].end]
    found = [*later, *courts, *_planned(evidence, approval)]
    if landings:
        first = landings[0]
        parties = events["parties"].str.split("; ").map(set)
        bilateral = (events["kind"] == "agreement") & parties.map({first.label, "Haiti"}.issubset)
        found += merge_reports(_moments(keep_datable(events[bilateral])))
        found.append(replace(first, kind=mark("first landing")))
        after = [landing for landing in landings if landing.start > first.end]
        found += [replace(entry, kind=mark("next dated landing")) for entry in after[:1]]
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
    kind = _TERMS["mission_initial_term"]
    ends = [entry for entry in _planned(evidence, approval) if entry.kind == kind]
    return (delay / days_between(approval, ends[-1])).as_percent() if ends else None


def keep_datable(events: pd.DataFrame) -> pd.DataFrame:
    """Keep events whose date says something about when they happened."""
    return events[events["start"].notna() & ~events["note"].str.startswith(NO_DATE)]


def _about_mission(evidence: Evidence, kind: str) -> pd.DataFrame:
    """Pick datable events of one kind that name the mission."""
    events = keep_datable(evidence.events[evidence.events["kind"] == kind])
    words = events["title"] + "; " + events["parties"]
    return events[words.str.contains("|".join(_MISSION), regex=True)]


def _moments(events: pd.DataFrame) -> list[Moment]:
    return [read_moment(row) for row in events.to_dict(orient="records")]


def read_moment(row: dict) -> Moment:
    """Read an event as a moment."""
    days = row["start"].date(), row["end"].date()
    return Moment(row["title"], *days, (row["event_id"],), row["kind"])


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
        due.append(
            Moment(mark("Counted from the approval"), start, end, ids, _TERMS[row["indicator"]])
        )
    return due
