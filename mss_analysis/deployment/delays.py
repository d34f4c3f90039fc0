"""Delays: what was promised for a day, held against the day on which it came about.

A promise of arrivals is kept by the next landing after it was made; a promised strength by the
first count that is surely no smaller. What has not come by the last word of the documents is late
by at least the days until then.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mss_analysis.charts import draw_intervals
from mss_analysis.deployment.levels import find_latest, pick_primary, read_levels, settle
from mss_analysis.deployment.moments import Moment, days_between, find_horizon, find_landings
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, cite, compose, join

ARRIVALS, TARGETS = "contingent_arrival_planned", "mission_strength_target"
MISSIONS = ("MSS", "GSF")
KEPT, OPEN, AHEAD = mark("came"), mark("not by the last report"), mark("not yet due")


@dataclass(frozen=True)
class Promise:
    """So many people promised for a time, and what came of it.

    ``delay`` is in days, negative when early; ``None`` when the day had not come yet. ``outcome``
    is the landing or the count that kept the promise.
    """

    due: Moment
    people: Estimate
    is_strength: bool
    outcome: Moment | None
    delay: Estimate | None


def list_promises(evidence: Evidence) -> list[Promise]:
    """List dated promises of arrivals and of strength, by the day promised, each once."""
    horizon = find_horizon(evidence)
    if horizon is None:
        return []
    rows = evidence.select((ARRIVALS, TARGETS))
    rows = rows[rows["as_of"].notna() & (rows["date_precision"] != "publication")]
    grouped: dict[tuple, list[dict]] = {}
    for row in rows.sort_values("as_of", kind="stable").to_dict(orient="records"):
        key = (row["indicator"], row["party"], *_span(row))
        grouped.setdefault(key, []).append(row)
    known = dict(zip(evidence.sources["source_id"], evidence.sources["known"], strict=True))
    promises = []
    for (indicator, party, start, end), told in grouped.items():
        ids = tuple(row["observation_id"] for row in told)
        due = Moment(party, start, end, ids)
        people, _ = settle(evidence.estimate(entry) for entry in ids)
        # A page of which only the month is known may be younger than what it expects.
        made = min(start, min(known[row["source_id"]].date() for row in told))
        is_strength = indicator == TARGETS
        find = _find_count if is_strength else _find_landing
        outcome = find(evidence, due, people, made)
        last = (_find_last_count(evidence, party) or horizon) if is_strength else horizon
        delay = _measure(due, outcome, last, horizon)
        promises.append(Promise(due, people, is_strength, outcome, delay))
    return promises


def time_promises(evidence: Evidence) -> Exhibit:
    """Show how late each dated promise came true, if it did."""
    promises = list_promises(evidence)
    rows = [_tell(evidence, promise) for promise in promises]
    drawn = [row for row in rows if row["Days late"] is not None]
    # Of promises that lie ahead there is nothing to show yet.
    rows = rows if drawn else []
    chart = None
    if drawn:
        frame, axis = flatten(evidence, drawn), tell("Days late")
        chart = draw_intervals(frame, "Promise", "Days late", axis, "Outcome", wrap=False)
    return exhibit(
        evidence,
        "delays",
        tell("Were people there on the day for which they were promised?"),
        _sum_up(promises, evidence),
        rows,
        chart,
        compose(
            "A promise of arrivals is held against the next landing of that contingent after the "
            "promise was made, whatever its size; the table gives both numbers. A promised "
            "strength counts as reached with the first count that is surely no smaller. An arrow "
            "is a promise that had not come true by the last day on which a document speaks of "
            "the deployment, or counts the mission. Promises whose day is not stated are left out."
        ),
        headline=_head(promises) if drawn else None,
        subtitle=tell("Days from the day promised until people came, by promise"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from the dated promise that was missed most widely."""
    late = [promise for promise in list_promises(evidence) if _is_late(promise)]
    if not late:
        return []
    worst = max(late, key=lambda promise: promise.delay.low)
    label = tell("Days by which the most delayed dated promise was missed")
    return [Finding("deployment.missed-date", label, worst.delay, _state(worst))]


def _tell(evidence: Evidence, promise: Promise) -> Row:
    ids = pick_primary(evidence, promise.due.ids)[:1]
    if promise.outcome is not None:
        ids += pick_primary(evidence, promise.outcome.ids)[:1]
    return {
        "Promise": compose(
            mark("{party}, {people} in strength by {due}")
            if promise.is_strength
            else mark("{party}, {people} to arrive {due}"),
            party=promise.due.label,
            people=bare(promise.people),
            due=promise.due.when,
        ),
        "Came about": promise.outcome.when if promise.outcome else _outcome(promise),
        "People then": promise.outcome.figure if promise.outcome else None,
        "Days late": promise.delay,
        "Outcome": _outcome(promise),
        "Source": cite(evidence, ids),
    }


def _outcome(promise: Promise) -> str:
    if promise.outcome is not None:
        return KEPT
    return AHEAD if promise.delay is None else OPEN


def _span(row: dict) -> tuple[date, date]:
    """Give the first and last day that the promised date leaves open."""
    last = row["as_of"]
    months = {"day": 0, "month": 1, "quarter": 3, "year": 12}[row["date_precision"]]
    if not months:
        return last.date(), last.date()
    end = last + pd.offsets.MonthEnd(0)
    start = end + pd.Timedelta(days=1) - pd.DateOffset(months=months)
    return start.date(), end.date()


def _find_landing(evidence: Evidence, due: Moment, people: Estimate, made: date) -> Moment | None:
    """Find the next landing of the contingent; of the mission, the next landing of anybody."""
    for landing in find_landings(evidence):
        is_meant = due.label in (landing.label, *MISSIONS)
        # A report of a month is too wide to be the next landing.
        if is_meant and landing.start >= made and (landing.end - landing.start).days < 7:
            return landing
    return None


def _find_count(evidence: Evidence, due: Moment, people: Estimate, made: date) -> Moment | None:
    """Find the first count of the mission that is surely no smaller than promised."""
    for level in read_levels(evidence):
        is_meant = level.party == due.label and level.rung == "deployed"
        if is_meant and level.day.date() >= made and level.figure.low >= people.high:
            day = level.day.date()
            return Moment(due.label, day, day, level.figure.observations, figure=level.figure)
    return None


def _find_last_count(evidence: Evidence, party: str) -> Moment | None:
    """Find the last count of a mission: after it, nobody says that it fell short."""
    counts = find_latest(read_levels(evidence), party, "deployed")
    if not counts:
        return None
    day = counts[0].day.date()
    return Moment(party, day, day, counts[0].figure.observations)


def _measure(due: Moment, outcome: Moment | None, last: Moment, horizon: Moment) -> Estimate | None:
    if outcome is not None:
        return days_between(due, outcome)
    if horizon.end < due.end:
        return None
    ids = tuple(dict.fromkeys((*due.ids, *last.ids)))
    late = max(0.0, float((last.end - due.end).days))
    return Estimate(None, late, math.inf, "days", ids, f"days({due.ids[0]} → {last.ids[0]})")


def _is_late(promise: Promise) -> bool:
    return promise.delay is not None and promise.delay.low > 0


def _sum_up(promises: list[Promise], evidence: Evidence) -> Text:
    due = [promise for promise in promises if promise.delay is not None]
    if not promises:
        return compose("No document known on this day promises people for a day.")
    if not due:
        return compose(
            "None of {all} was due by the last word of the documents known on this day.",
            all=_count(promises),
        )
    late = [promise for promise in due if _is_late(promise)]
    told = compose(
        "Of {due} whose day has come, {late} were surely missed.",
        due=_count(due),
        late=bare(_count(late, due)),
    )
    if not late:
        return told
    worst = max(late, key=lambda promise: promise.delay.low)
    return join([told, _state(worst)])


def _head(promises: list[Promise]) -> Text:
    due = [promise for promise in promises if promise.delay is not None]
    late = [promise for promise in due if _is_late(promise)]
    return compose(
        "Of {due} whose day has come, {late} were surely missed",
        due=_count(due),
        late=bare(_count(late, due)),
    )


def _state(promise: Promise) -> Text:
    what = compose(
        "{people} promised for {due} ({party})",
        people=promise.people,
        due=promise.due.when,
        party=promise.due.label,
    )
    if promise.outcome is None:
        return compose(
            "Missed most widely: {what}; {delay} later it had still not come about.",
            what=what,
            delay=promise.delay,
        )
    return compose(
        "Missed most widely: {what}; the next landing came {delay} later.",
        what=what,
        delay=promise.delay,
    )


def _count(some: Iterable[Promise], of: Iterable[Promise] | None = None) -> Estimate:
    some = list(some)
    ids = [entry for promise in (of or some) for entry in promise.due.ids]
    return Estimate.count(ids, "dated promises", len(some))
