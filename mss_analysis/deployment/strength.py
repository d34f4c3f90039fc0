"""Strength: how many people were authorised, planned, pledged, vetted and deployed.

A person may stand on several rungs at once: those deployed were pledged before. Figures on
different rungs are held against each other and never added.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from mss_analysis.deployment.moments import span_arrivals
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence
from mss_analysis.language import mark
from mss_analysis.prose import Text, moment, when
from mss_analysis.reconcile import Side, Timeline
from mss_analysis.schema import SEPARATOR

MISSION = "MSS"
# The party under which a document gives what all countries but those it names are to send.
REST = mark("other countries")
RUNGS = (mark("authorised"), mark("planned"), mark("pledged"), mark("vetted"), mark("deployed"))
# How the codes of indicators begin that give a strength, and the code of arrivals.
STRENGTHS = ("mission_personnel_", "country_personnel_", "mission_authorised_")
ARRIVAL = "contingent_arrival"
# Populations that are a part of a contingent or of the mission, and so none of its strengths.
_PARTS = ("support staff",)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Strength:
    """A number of people on one rung, as one or more documents state it.

    ``party`` is a contingent or, where ``is_whole``, the mission. Where it is not ``is_dated`` the
    document's own day stands in: the figure is no newer than that.
    """

    party: str
    rung: str
    figure: Estimate
    day: pd.Timestamp
    when: Text
    is_whole: bool = False
    is_dated: bool = True


def read_statements(evidence: Evidence) -> list[Strength]:
    """Read each statement of a strength, oldest first.

    Left out are figures for a part of a contingent, and those for several countries together.
    """
    rows = evidence.observations
    rows = rows[
        rows["indicator"].str.startswith(STRENGTHS)
        & rows["status"].isin(RUNGS)
        & (rows["unit"] == "persons")
        & rows["as_of"].notna()
        & ~rows["population"].isin(_PARTS)
        & ~rows["party"].str.contains(SEPARATOR)
    ].sort_values("as_of", kind="stable")
    stated = [
        Strength(
            row["party"] or MISSION,
            row["status"],
            evidence.estimate(row["observation_id"]),
            row["as_of"],
            tell_day(row),
            row["indicator"].startswith("mission_"),
            row["date_precision"] != "publication",
        )
        for row in rows.to_dict(orient="records")
    ]
    return sorted([*stated, *_whole_plans(evidence, rows)], key=lambda strength: strength.day)


def read_strengths(evidence: Evidence) -> list[Strength]:
    """Read all stated strengths, oldest first; equal statements become one with all its sources."""
    stated: dict[tuple, Strength] = {}
    for entry in read_statements(evidence):
        key = (entry.party, entry.rung, entry.figure.low, entry.figure.high)
        if key in stated:
            ids = (*stated[key].figure.observations, *entry.figure.observations)
            figure = replace(stated[key].figure, observations=tuple(dict.fromkeys(ids)))
            entry = replace(entry, figure=figure)
        stated[key] = entry
    return sorted(stated.values(), key=lambda strength: strength.day)


def count_arrived(evidence: Evidence, party: str) -> list[tuple[date, Estimate]]:
    """Bound how many people of a contingent had arrived by the end of each day that a figure names.

    Reports of one landing bound one number; they are not added. When the reports contradict each
    other, the smallest statement of each dated landing counts, as a floor, and only landings that
    at least two documents tell of, if there are any.
    """
    known = evidence.memo.setdefault("arrived", {})
    if party not in known:
        known[party] = _bound_arrivals(evidence, party)
    return known[party]


def _bound_arrivals(evidence: Evidence, party: str) -> list[tuple[date, Estimate]]:
    rows = evidence.select(ARRIVAL, party=party)
    rows = rows[rows[["period_start", "period_end"]].notna().all(axis=1)]
    spans = span_arrivals(evidence)
    claims = [*_claim(rows, spans)]
    timeline = Timeline("persons", tuple(claims))
    if timeline.conflict():
        timeline = Timeline("persons", tuple(_corroborated(evidence, rows, spans)))
    if not timeline.sides:
        return []
    first = min(side.start for side in timeline.sides)
    ends = sorted({side.stop for side in timeline.sides})
    bounds = [(stop - _DAY, timeline.bounds(first, stop)) for stop in ends]
    # Ceilings alone bound nothing: any number may have come, and no report says otherwise.
    return [(day, figure) for day, figure in bounds if figure.observations]


def name_contributors(evidence: Evidence) -> list[str]:
    """Name the contingents that arrived, in the order in which documents tell of them."""
    parties = dict.fromkeys(evidence.select(ARRIVAL)["party"])
    single = [party for party in parties if SEPARATOR not in party]
    return [party for party in single if count_arrived(evidence, party)]


def span_figures(figures: Iterable[Estimate]) -> Estimate:
    """Span several figures; one alone stays as it is stated."""
    first, *others = figures
    return first.hull(*others) if others else first


def find_latest_stock(evidence: Evidence) -> Estimate | None:
    """Bound the latest stock of people in Haiti; later stocks replace earlier ones.

    Of several parties counted on the last day, the whole mission goes before its contingents.
    """
    deployed = [entry for entry in read_strengths(evidence) if entry.rung == "deployed"]
    last = [entry for entry in deployed if entry.day == deployed[-1].day]
    last = [entry for entry in last if entry.is_whole] or last
    same = [entry.figure for entry in last if entry.party == last[0].party]
    return span_figures(same) if same else None


def off_ladder(figure: Estimate) -> Estimate:
    """Take a figure off its rung, to hold what came against what was promised."""
    return replace(figure, status="")


def tell_day(row: dict[str, Any]) -> Text:
    """Write the day for which a stock is stated, no finer than its precision says."""
    shape = {"month": "%Y-%m", "year": "%Y"}.get(row["date_precision"])
    return when(row["as_of"].strftime(shape)) if shape else moment(row)


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


def _claim(rows: pd.DataFrame, spans: dict[str, tuple[date, date]]) -> Iterable[Side]:
    """Turn reports of arrivals into a floor and, where one is stated, a ceiling of their period."""
    for row in rows.to_dict(orient="records"):
        ids = (row["observation_id"],)
        start, end = spans[row["observation_id"]]
        span = start, end + _DAY
        yield Side(*span, row["low"], True, ids)
        if math.isfinite(row["high"]) and row["date_precision"] != "publication":
            yield Side(*span, row["high"], False, ids)


def _corroborated(
    evidence: Evidence, rows: pd.DataFrame, spans: dict[str, tuple[date, date]]
) -> list[Side]:
    """Give the smallest statement of each dated landing as a floor, best attested ones only."""
    dated = rows[rows["date_precision"] == "day"].sort_values("low", kind="stable")
    reprints = dict(zip(evidence.sources["source_id"], evidence.sources["reprint_of"], strict=True))
    told: dict[tuple[date, date], set[str]] = {}
    floors: dict[tuple[date, date], Side] = {}
    for row in dated.to_dict(orient="records"):
        span = spans[row["observation_id"]]
        told.setdefault(span, set()).add(reprints.get(row["source_id"], "") or row["source_id"])
        side = Side(span[0], span[1] + _DAY, row["low"], True, (row["observation_id"],))
        floors.setdefault(span, side)
    best = [floors[span] for span, documents in told.items() if len(documents) > 1]
    return best or list(floors.values())
