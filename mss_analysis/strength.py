"""Strength: how many people were authorised, planned, pledged, vetted and deployed.

A person may stand on several rungs at once: those deployed were pledged before. Figures on
different rungs are held against each other and never added.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence
from mss_analysis.prose import Text, moment, when
from mss_analysis.reconcile import Side, Timeline

MISSION = "MSS"
# The party under which a document gives what all countries but those it names are to send.
REST = "other countries"
RUNGS = ("authorised", "planned", "pledged", "vetted", "deployed")
# How the codes of indicators begin that give a strength, and the code of arrivals.
STRENGTHS = ("mission_personnel_", "country_personnel_", "mission_authorised_")
ARRIVAL = "contingent_arrival"
_YARDSTICKS = ("authorised", "planned", "pledged")
# So many different statements of a rung are held against those present, the latest ones.
_RECENT = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Strength:
    """A number of people on one rung, as one or more documents state it.

    ``party`` is a contingent or, where ``is_whole``, the mission.
    """

    party: str
    rung: str
    figure: Estimate
    day: pd.Timestamp
    when: Text
    is_whole: bool = False


@dataclass(frozen=True)
class Fill:
    """What was on the ground, held against what was authorised, planned or pledged."""

    ground: Strength
    yardstick: Strength
    share: Estimate
    missing: Estimate


def read_strengths(evidence: Evidence) -> list[Strength]:
    """Read all stated strengths, oldest first; equal statements become one with all its sources."""
    rows = evidence.observations
    rows = rows[
        rows["indicator"].str.startswith(STRENGTHS)
        & rows["status"].isin(RUNGS)
        & (rows["unit"] == "persons")
        & rows["as_of"].notna()
    ].sort_values("as_of", kind="stable")
    stated: dict[tuple, Strength] = {}
    for row in rows.to_dict(orient="records"):
        party, figure = row["party"] or MISSION, evidence.estimate(row["observation_id"])
        key = (party, row["status"], figure.low, figure.high)
        if key in stated:
            ids = (*stated[key].figure.observations, *figure.observations)
            figure = replace(stated[key].figure, observations=ids)
        is_whole = row["indicator"].startswith("mission_")
        stated[key] = Strength(party, row["status"], figure, row["as_of"], moment(row), is_whole)
    strengths = [*stated.values(), *_whole_plans(evidence, rows)]
    return sorted(strengths, key=lambda strength: strength.day)


def find_present(evidence: Evidence) -> list[Strength]:
    """Find the latest statements of who was in Haiti: the mission's, then each contingent's.

    Where no document states a stock, the people who had arrived stand in for it.
    """
    deployed = [entry for entry in read_strengths(evidence) if entry.rung == "deployed"]
    if not deployed:
        for party in name_contributors(evidence):
            day, figure = count_arrived(evidence, party)[-1]
            told = when(day.isoformat())
            deployed.append(Strength(party, "deployed", figure, pd.Timestamp(day), told))
    last = {entry.party: entry.day for entry in deployed}
    present = [entry for entry in deployed if entry.day == last[entry.party]]
    return sorted(present, key=lambda entry: (not entry.is_whole, -entry.day.toordinal()))


def measure_fill(evidence: Evidence) -> list[Fill]:
    """Hold those present against the latest strengths promised for their party, on each rung."""
    strengths = read_strengths(evidence)
    fills = []
    for ground in find_present(evidence):
        promised = [entry for entry in strengths if entry.party == ground.party]
        yardsticks = [
            entry
            for rung in _YARDSTICKS
            for entry in [entry for entry in promised if entry.rung == rung][-_RECENT:]
        ]
        for yardstick in yardsticks:
            there, aim = off_ladder(ground.figure), off_ladder(yardstick.figure)
            share = (there / aim).as_percent()
            # Two floors say nothing about their ratio.
            if share.low > 0 or share.high < math.inf:
                fills.append(Fill(ground, yardstick, share, aim - there))
    return fills


def find_lead_fill(evidence: Evidence) -> Fill | None:
    """Find the fill to lead with: the latest promise that bounds the share on both sides."""
    fills = measure_fill(evidence)
    first = [fill for fill in fills if fill.ground.party == fills[0].ground.party]
    bounded = [fill for fill in first if fill.share.low > 0 and fill.share.high < math.inf]
    return max(bounded or first, key=lambda fill: fill.yardstick.day, default=None)


def find_later_count(evidence: Evidence, ground: Strength) -> Strength | None:
    """Find a contingent that was counted after the whole mission was, the largest if several."""
    if not ground.is_whole:
        return None
    newer: dict[str, list[Strength]] = {}
    for entry in find_present(evidence):
        if not entry.is_whole and entry.day > ground.day:
            newer.setdefault(entry.party, []).append(entry)
    counts = [
        replace(entries[0], figure=span_figures(entry.figure for entry in entries))
        for entries in newer.values()
    ]
    return max(counts, key=lambda entry: entry.figure.low, default=None)


def measure_share(evidence: Evidence) -> Estimate | None:
    """Bound the share of the promised strength that was there."""
    lead = find_lead_fill(evidence)
    return None if lead is None else lead.share


def count_arrived(evidence: Evidence, party: str) -> list[tuple[date, Estimate]]:
    """Bound how many people of a contingent had arrived by the end of each day that a figure names.

    Reports of one landing bound one number; they are not added. When the reports contradict each
    other only the smallest statement for each exact day counts, as a floor.
    """
    rows = evidence.select(ARRIVAL, party=party)
    rows = rows[rows[["period_start", "period_end"]].notna().all(axis=1)]
    timeline = Timeline("persons", tuple(_claim(rows)))
    if timeline.conflict():
        exact = rows[rows["period_start"] == rows["period_end"]].sort_values("low", kind="stable")
        floors = _claim(exact.drop_duplicates("period_start"))
        timeline = Timeline("persons", tuple(side for side in floors if side.is_floor))
    if not timeline.sides:
        return []
    first = min(side.start for side in timeline.sides)
    ends = sorted({side.stop for side in timeline.sides})
    return [(stop - _DAY, timeline.bounds(first, stop)) for stop in ends]


def name_contributors(evidence: Evidence) -> list[str]:
    """Name the contingents that arrived, in the order in which documents tell of them."""
    parties = dict.fromkeys(evidence.select(ARRIVAL)["party"])
    return [party for party in parties if count_arrived(evidence, party)]


def span_figures(figures: Iterable[Estimate]) -> Estimate:
    """Span several figures; one alone stays as it is stated."""
    first, *others = figures
    return first.hull(*others) if others else first


def find_latest_stock(evidence: Evidence) -> Estimate | None:
    """Bound the latest stock of people in Haiti; later stocks replace earlier ones."""
    deployed = [entry for entry in read_strengths(evidence) if entry.rung == "deployed"]
    last = [entry.figure for entry in deployed if entry.day == deployed[-1].day]
    return span_figures(last) if last else None


def off_ladder(figure: Estimate) -> Estimate:
    """Take a figure off its rung, to hold what came against what was promised."""
    return replace(figure, status="")


def _whole_plans(evidence: Evidence, strengths: pd.DataFrame) -> list[Strength]:
    """Add up the plan of a document that names contingents and what all others are to send."""
    plans = []
    planned = strengths[strengths["status"] == "planned"].drop_duplicates(
        ["source_id", "party"], keep="last"
    )
    for _, parts in planned.groupby("source_id", sort=False):
        if REST in set(parts["party"]) and len(parts) > 1:
            last = parts.iloc[-1].to_dict()
            whole = total(evidence.estimates(parts))
            plans.append(Strength(MISSION, "planned", whole, last["as_of"], moment(last), True))
    return plans


def _claim(rows: pd.DataFrame) -> Iterable[Side]:
    """Turn reports of arrivals into a floor and, where one is stated, a ceiling of their period."""
    for row in rows.to_dict(orient="records"):
        span = row["period_start"].date(), row["period_end"].date() + _DAY
        ids = (row["observation_id"],)
        yield Side(*span, row["low"], True, ids)
        if math.isfinite(row["high"]) and row["date_precision"] != "publication":
            yield Side(*span, row["high"], False, ids)
