"""Pledges: how long it took from a contributor's pledge until its first people landed.

A pledge is dated by the first document that tells of it, so that times are lower bounds where the
pledge was older. A pledge that nobody has arrived on is waited for until the last day on which a
known document speaks of the deployment; later silence is no news. A pledge to the MSS that was not
renewed for its successor is waited for until the MSS ended: nobody could arrive on it afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from mss_analysis.deployment.levels import pick_primary
from mss_analysis.deployment.moments import (
    Moment,
    find_end,
    find_horizon,
    keep_datable,
    read_moment,
    span_arrivals,
)
from mss_analysis.deployment.strength import ARRIVAL, REST
from mss_analysis.deployment.survival import LEVEL, Curve, estimate_survival
from mss_analysis.deployment.survival_chart import draw_survival
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import tell
from mss_analysis.prose import Text, bare, compose, join, name, refer
from mss_analysis.schema import SEPARATOR
from mss_analysis.wording import quantity

PLEDGED = "country_personnel_pledged"
# An event tells of a pledge when its title, in our words, holds one of these.
_OFFERS = r"\boffers?\b|\bnotified\b|\bready to (?:send|provide)\b|\bpledged support\b"
_KINDS = ("deployment", "political")
# Durations after which the share that has not come is told, in days.
_YEAR = 365
_HOST = "Haiti"
# A share resting on fewer contributors than this is not told.
_FEW = 5


@dataclass(frozen=True)
class Pledge:
    """A contributor's first pledge on record, and its first arrival if there was one.

    ``shortest`` and ``longest`` are the days between them that the dates leave open; without an
    arrival, the days until ``horizon``: the last word, or the end of the mission it was made to.
    """

    party: str
    pledged: Moment
    arrived: Moment | None
    horizon: Moment

    @property
    def shortest(self) -> int:
        """Fewest days that the dates allow."""
        return max(0, ((self.arrived or self.horizon).start - self.pledged.end).days)

    @property
    def longest(self) -> int:
        """Most days that the dates allow."""
        return max(0, ((self.arrived or self.horizon).end - self.pledged.start).days)

    @cached_property
    def wait(self) -> Estimate:
        """The days waited; without an arrival no end is known."""
        end = self.arrived or self.horizon
        ids = tuple(dict.fromkeys((*self.pledged.ids, *end.ids)))
        formula = f"days({self.pledged.ids[0]} → {end.ids[0]})"
        low, high = float(self.shortest), float(self.longest)
        if self.arrived is None:
            return Estimate(None, low, float("inf"), "days", ids, formula)
        return Estimate(low if low == high else None, low, high, "days", ids, formula)


def list_pledges(evidence: Evidence) -> list[Pledge]:
    """List contributors with a pledge on record, by the day of the pledge."""
    horizon = find_horizon(evidence)
    if horizon is None:
        return []
    arrivals = _find_first(_told_arrivals(evidence))
    told = [*_told_pledges(evidence)]
    pledges, ended = _find_first(told), find_end(evidence)
    renewed = {entry.label for entry in told if ended is not None and entry.end > ended.end}
    found = []
    for party, pledged in pledges.items():
        came = arrivals.get(party)
        # People who came before any pledge is on record say nothing on how long one takes.
        if pledged.start <= horizon.end and (came is None or came.end >= pledged.start):
            lapsed = ended is not None and came is None and party not in renewed
            found.append(Pledge(party, pledged, came, ended if lapsed else horizon))
    return sorted(found, key=lambda pledge: (pledge.pledged.end, pledge.party))


def list_lapsed(evidence: Evidence) -> list[Pledge]:
    """List the pledges that lapsed with the MSS: nobody had come, and none was made to the GSF."""
    ended = find_end(evidence)
    return [pledge for pledge in list_pledges(evidence) if pledge.horizon == ended]


def fit_curves(pledges: list[Pledge]) -> tuple[Curve, Curve]:
    """Estimate the share not yet come, by days: by the shortest and by the longest waits."""
    came = [pledge.arrived is not None for pledge in pledges]
    return (
        estimate_survival([pledge.shortest for pledge in pledges], came),
        estimate_survival([pledge.longest for pledge in pledges], came),
    )


def time_arrivals(evidence: Evidence) -> Exhibit:
    """Show each contributor's wait from pledge to first arrival, and the share not yet come."""
    pledges = list_pledges(evidence)
    rows: list[Row] = [
        {
            "Contributor": name(pledge.party),
            "First pledge on record": pledge.pledged.when,
            "First arrival": pledge.arrived.when
            if pledge.arrived
            else compose("none by {day}", day=pledge.horizon.when),
            "Days": pledge.wait,
            "Source": _cite_pledge(evidence, pledge),
        }
        for pledge in pledges
    ]
    answer = compose(
        "No document known on this day dates a pledge before the first arrival of its people."
    )
    chart = headline = None
    if pledges:
        curves = fit_curves(pledges)
        answer = _sum_up(evidence, pledges, curves)
        came = [pledge for pledge in pledges if pledge.arrived]
        headline = compose(
            "Of {all} with a pledge on record, {came} had sent anybody",
            all=_count(pledges, pledges),
            came=bare(_count(came, pledges)),
        )
        states = ["has come" if pledge.arrived else "still awaited" for pledge in pledges]
        frame = flatten(evidence, rows).assign(
            state=states, longest=[pledge.longest for pledge in pledges]
        )
        chart = draw_survival(curves, frame, max(pledge.longest for pledge in pledges))
    return exhibit(
        evidence,
        "pledge-to-arrival",
        tell("How long from a pledge to the first arrival?"),
        answer,
        rows,
        chart,
        compose(
            "The steps give the share of contributors of which nobody had come so long after the "
            "pledge; the band is its pointwise interval at {level} confidence. A tick marks a "
            "contributor still awaited on the last day on which a document speaks of the "
            "deployment, or when the MSS ended and no offer to its successor is told. An arrival "
            "of two people counts like one of hundreds.",
            level=name(quantity(100 * LEVEL, "percent")),
        ),
        headline=headline,
        subtitle=tell("Share of contributors of whom nobody had come, by days after the pledge"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how many contributors with a pledge on record had people in Haiti at any time."""
    pledges = list_pledges(evidence)
    if not pledges:
        return []
    came = [pledge for pledge in pledges if pledge.arrived]
    share = (_count(came, pledges) / _count(pledges, pledges)).as_percent()
    text = _tell_came(evidence, pledges)
    label = tell("Contributors of whose people any arrived, share of those with a pledge on record")
    return [Finding("deployment.pledges-met", label, share, text)]


def _tell_came(evidence: Evidence, pledges: list[Pledge]) -> Text:
    """Say how many had sent anybody, and how many offers lapsed with the MSS."""
    came = [pledge for pledge in pledges if pledge.arrived]
    last = find_horizon(evidence)
    told = compose(
        "Of {all} with a pledge on record, {came} had sent anybody by {day}.",
        all=_count(pledges, pledges),
        came=bare(_count(came, pledges)),
        day=last.when if last else pledges[0].horizon.when,
    )
    lapsed = list_lapsed(evidence)
    if not lapsed:
        return told
    more = compose(
        "The offers of {number} were to the MSS alone and ended with it ({day}).",
        number=_count(lapsed, lapsed),
        day=lapsed[0].horizon.when,
    )
    return join([told, more])


def _sum_up(evidence: Evidence, pledges: list[Pledge], curves: tuple[Curve, Curve]) -> Text:
    came = [pledge for pledge in pledges if pledge.arrived]
    told = _tell_came(evidence, pledges)
    if came:
        waits = [pledge.wait for pledge in came]
        span = waits[0].hull(*waits[1:]) if len(waits) > 1 else waits[0]
        told = join([told, compose("The first of their people came after {span}.", span=span)])
    ids = tuple(dict.fromkeys(entry for pledge in pledges for entry in pledge.wait.observations))
    if not came:
        return told
    if min(curve.risk_after(_YEAR) for curve in curves) >= _FEW:
        share, interval = _share_after(_YEAR, curves, ids)
        estimate = compose(
            "By the product-limit estimate {share} of contributors have sent nobody a year after "
            "the pledge ({interval}).",
            share=share,
            interval=interval,
        )
        told = join([told, estimate])
    medians = [curve.median(_FEW) for curve in curves]
    if None in medians:
        return join([told, compose("When half of them will have come cannot be told yet.")])
    low, high = sorted(float(median) for median in medians)
    figure = Estimate(low if low == high else None, low, high, "days", ids, "median(waits)")
    return join([told, compose("Half of them have come after {median}.", median=figure)])


def _share_after(
    duration: float, curves: tuple[Curve, Curve], ids: tuple[str, ...]
) -> tuple[Estimate, Estimate]:
    read = [curve.after(duration) for curve in curves]
    shares = sorted(100 * share for share, _, _ in read)
    low, high = 100 * min(entry[1] for entry in read), 100 * max(entry[2] for entry in read)
    formula = "Kaplan-Meier(waits)"
    value = shares[0] if shares[0] == shares[1] else None
    share = Estimate(value, shares[0], shares[1], "percent", ids, formula)
    return share, Estimate(None, low, high, "percent", ids, formula)


def _told_pledges(evidence: Evidence) -> Iterable[Moment]:
    rows = evidence.select(PLEDGED)
    for row in rows[rows["as_of"].notna()].to_dict(orient="records"):
        first = last = row["as_of"]
        if row["date_precision"] == "month":
            first = first.replace(day=1)
            last = first + pd.offsets.MonthEnd(1)
        for party in row["party"].split(SEPARATOR):
            if party != REST:
                ids = (row["observation_id"],)
                yield Moment(party, first.date(), last.date(), ids)
    events = keep_datable(evidence.events[evidence.events["kind"].isin(_KINDS)])
    offers = events[events["title"].str.contains(_OFFERS, regex=True)]
    states = _states(evidence)
    for row in offers.to_dict(orient="records"):
        told = read_moment(row)
        for party in row["parties"].split(SEPARATOR):
            if party in states:
                yield Moment(party, told.start, told.end, told.ids)


def _told_arrivals(evidence: Evidence) -> Iterable[Moment]:
    spans = span_arrivals(evidence)
    rows = evidence.select(ARRIVAL)
    rows = rows[rows["observation_id"].isin(spans)]
    for entry, parties in zip(rows["observation_id"], rows["party"], strict=True):
        # A month or a year is too wide for a first day; a day's report dates it.
        if spans[entry][1] - spans[entry][0] < timedelta(days=32):
            for party in parties.split(SEPARATOR):
                yield Moment(party, *spans[entry], (entry,))


def _find_first(told: Iterable[Moment]) -> dict[str, Moment]:
    """Find the first moment of each party: the earliest last day, then the narrowest."""
    first: dict[str, Moment] = {}
    for moment in told:
        known = first.get(moment.label)
        if known is None or _order(moment) < _order(known):
            first[moment.label] = moment
    return first


def _order(moment: Moment) -> tuple[date, timedelta]:
    return moment.end, moment.end - moment.start


def _states(evidence: Evidence) -> set[str]:
    parties = evidence.tables["parties"]
    return set(parties.loc[parties["kind"] == "state", "party"]) - {_HOST}


def _cite_pledge(evidence: Evidence, pledge: Pledge) -> Text:
    ids = list(pledge.pledged.ids)
    if pledge.arrived:
        ids += pick_primary(evidence, pledge.arrived.ids)[:1]
    return refer(ids, evidence.cite(ids))


def _count(some: list[Pledge], pledges: list[Pledge]) -> Estimate:
    ids = [entry for pledge in pledges for entry in pledge.wait.observations]
    return Estimate.count(ids, "contributors", len(some))
