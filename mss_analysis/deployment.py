"""Deployment: how many people were promised to the mission, and how many came."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from mss_analysis import chronology
from mss_analysis.charts import draw_intervals, draw_levels
from mss_analysis.chronology import Moment, find_landings
from mss_analysis.contradictions import CONTRADICTION, find_conflicts
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, moment, name, when
from mss_analysis.reconcile import Side, Timeline

NOTHING = "No document known on this day states a figure on this question."
MISSION = "MSS"
# The party under which a document gives what all countries but those it names are to send.
REST = "other countries"
# From the wish to the fact; figures on different rungs are compared and never added.
RUNGS = ("authorised", "planned", "pledged", "vetted", "deployed")
_YARDSTICKS = ("authorised", "planned", "pledged")
_STRENGTHS = ("mission_personnel_", "country_personnel_", "mission_authorised_")
_ARRIVAL = "contingent_arrival"
_DAY = timedelta(days=1)
# The two sides of a declared relation: roles of the first, of the second, and the words for it.
_SIDES = {
    "total": ("total", "part", "{first} against the sum of its parts"),
    "subset": ("part", "whole", "{first} as part of {second}"),
    "order": ("lower", "upper", "{first} within {second}"),
    "same": ("term", "term", "{first} by each statement"),
}


@dataclass(frozen=True)
class Strength:
    """A number of people on one rung, as one or more documents state it."""

    party: str
    rung: str
    figure: Estimate
    day: pd.Timestamp
    when: Text


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
        rows["indicator"].str.startswith(_STRENGTHS)
        & rows["status"].isin(RUNGS)
        & (rows["unit"] == "persons")
        & rows["as_of"].notna()
    ].sort_values("as_of", kind="stable")
    stated: dict[tuple, Strength] = {}
    for row in rows.to_dict(orient="records"):
        party, figure = row["party"] or MISSION, evidence.estimate(row["observation_id"])
        key = (party, row["status"], figure.low, figure.high, figure.qualifier)
        if key in stated:
            ids = (*stated[key].figure.observations, *figure.observations)
            figure = replace(stated[key].figure, observations=ids)
        stated[key] = Strength(party, row["status"], figure, row["as_of"], moment(row))
    strengths = [*stated.values(), *_whole_plans(evidence, rows)]
    return sorted(strengths, key=lambda strength: strength.day)


def find_present(evidence: Evidence) -> list[Strength]:
    """Find the latest statements of who was in Haiti, the mission's first.

    Where no document states a stock, the people who had arrived stand in for it.
    """
    deployed = [entry for entry in read_strengths(evidence) if entry.rung == "deployed"]
    if not deployed:
        for party in _contributors(evidence):
            day, figure = count_arrived(evidence, party)[-1]
            told = when(day.isoformat())
            deployed.append(Strength(party, "deployed", figure, pd.Timestamp(day), told))
    last = {entry.party: entry.day for entry in deployed}
    present = [entry for entry in deployed if entry.day == last[entry.party]]
    return sorted(present, key=lambda entry: entry.party != MISSION)


def measure_fill(evidence: Evidence) -> list[Fill]:
    """Hold those present against every strength authorised, planned or pledged for their party."""
    strengths = read_strengths(evidence)
    fills = []
    for ground in find_present(evidence):
        for yardstick in strengths:
            if yardstick.party != ground.party or yardstick.rung not in _YARDSTICKS:
                continue
            there, aim = _off_ladder(ground.figure), _off_ladder(yardstick.figure)
            share = (there / aim).as_percent()
            # Two floors say nothing about their ratio.
            if share.low > 0 or share.high < math.inf:
                fills.append(Fill(ground, yardstick, share, aim - there))
    return fills


def count_arrived(evidence: Evidence, party: str) -> list[tuple[date, Estimate]]:
    """Bound how many people of a contingent had arrived by the end of each day that a figure names.

    Reports of one landing bound one number; they are not added. When the reports contradict each
    other only the smallest statement for each exact day counts, as a floor.
    """
    rows = evidence.select(_ARRIVAL, party=party)
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


def compare_strengths(evidence: Evidence) -> Exhibit:
    """Show who was there against what was authorised, planned or pledged, with fill rates."""
    fills = measure_fill(evidence)
    rows: list[Row] = [
        {
            "Held against": compose(
                "{party}: {aim} {rung}",
                party=fill.ground.party,
                aim=bare(fill.yardstick.figure),
                rung=fill.yardstick.rung,
            ),
            "In Haiti": fill.ground.figure,
            "When": fill.ground.when,
            "Share": fill.share,
            "Missing": fill.missing,
            "Source": cite(evidence, fill.share.observations),
        }
        for fill in fills
    ]
    answer = Text(NOTHING, NOTHING)
    if fills:
        answer = _state_fill(fills[0])
        others = _by_party(fill for fill in fills if fill.ground.party != fills[0].ground.party)
        if others:
            answer = compose(
                "{answer} By contingent, against the latest plans and pledges: {others}.",
                answer=answer,
                others=enumerate_parts(
                    compose("{party} {share}", party=party, share=share)
                    for party, share in others.items()
                ),
            )
        if not any(entry.rung == "authorised" for entry in read_strengths(evidence)):
            answer = compose(
                "{answer} No document known on this day states an authorised ceiling.",
                answer=answer,
            )
    frame = flatten(evidence, rows)
    chart = rows and draw_intervals(
        frame, "Held against", "Share", "Share on the ground, percent", "In Haiti_text"
    )
    return exhibit(
        evidence,
        "strength",
        "How much of the promised strength was there?",
        answer,
        rows,
        chart,
        compose(
            "A plan, a pledge and a ceiling are different promises. Where both figures are floors "
            "their ratio is unknown and left out; where no stock is stated, those who had arrived "
            "stand in. A negative number of missing people is a surplus."
        ),
    )


def list_contingents(evidence: Evidence) -> Exhibit:
    """Show each contingent's latest figure on each rung, with the range of all statements."""
    strengths = [entry for entry in read_strengths(evidence) if entry.party != MISSION]
    grouped: dict[tuple[str, str], list[Strength]] = {}
    for entry in sorted(strengths, key=lambda entry: (entry.party, RUNGS.index(entry.rung))):
        grouped.setdefault((entry.party, entry.rung), []).append(entry)
    rows: list[Row] = [
        {
            "Contingent": compose("{party}, {rung}", party=party, rung=rung),
            "Latest": entry.figure,
            "When": entry.when,
            "Rung": rung,
            "All statements": _span(entry.figure for entry in entries),
            "Source": cite(evidence, entry.figure.observations),
        }
        for (party, rung), entries in grouped.items()
        for entry in entries
        if entry.day == max(other.day for other in entries)
    ]
    answer = Text(NOTHING, NOTHING)
    if strengths:
        named = _count_parties(strengths)
        there = [entry for entry in strengths if entry.rung == "deployed"]
        if there:
            parties = sorted({entry.party for entry in there})
            answer = compose(
                "Documents give figures for {named}; people in Haiti are stated for {there} only: "
                "{parties}.",
                named=named,
                there=_count_parties(there),
                parties=enumerate_parts(parties),
            )
        else:
            answer = compose(
                "Documents give figures for {named}, and for none of them a number of people in "
                "Haiti.",
                named=named,
            )
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Contingent", "Latest", "Personnel", "Rung"
    )
    return exhibit(
        evidence,
        "contingents",
        "Which contingent was promised, vetted and deployed?",
        answer,
        rows,
        chart,
        compose(
            "Only the latest figure of each rung is drawn; the table gives the range of all "
            "statements. Countries that are named without a number are missing here. Vetted "
            "people may be the same as those deployed: rungs are not to be added."
        ),
    )


def add_up_arrivals(evidence: Evidence) -> Exhibit:
    """Show how many had arrived after each landing, each landing counted once."""
    rows: list[Row] = []
    days = []
    for party in _contributors(evidence):
        for day, figure in count_arrived(evidence, party):
            days.append(day.isoformat())
            rows.append(
                {
                    "Contingent": party,
                    "By the end of": when(day.isoformat()),
                    "Arrived": figure,
                    "Source": cite(evidence, figure.observations),
                }
            )
    reports = evidence.select(_ARRIVAL)["observation_id"]
    answer = Text(NOTHING, NOTHING)
    if rows:
        landings = find_landings(evidence)
        answer = compose(
            "Each counted once, the landings ({landings} in {reports}) brought {arrived}.",
            reports=Estimate.count(reports, "passages"),
            landings=_count_landings(landings),
            arrived=enumerate_parts(
                compose("{figure} from {party}", figure=arrived, party=party)
                for party, arrived in _arrived_in_all(evidence).items()
            ),
        )
    frame = flatten(evidence, rows).assign(day=days)
    chart = rows and draw_levels(frame, "day", "Arrived", "People arrived", "Contingent")
    return exhibit(
        evidence,
        "arrivals",
        "How many people arrived, when each landing is counted once?",
        answer,
        rows,
        chart,
        compose(
            "These are arrivals, not a stock: nothing is said of people who went home. A report "
            "of a month or a year bounds the landings within it."
        ),
    )


def confront_statements(evidence: Evidence) -> Exhibit:
    """Show relations that must hold between strengths, and which of them the figures break."""
    verdicts = {conflict.id: conflict for conflict in find_conflicts(evidence)}
    rows: list[Row] = []
    sides: list[Row] = []
    for relation, first, second, words in _relations(evidence):
        conflict = verdicts.get(relation)
        verdict = "can hold"
        if conflict is not None:
            broken = conflict.severity == CONTRADICTION
            verdict = "cannot hold" if broken else "holds by an open wording only"
        for side, figure in (("stated", first), ("held against it", second)):
            sides.append({"Relation": words, "Side": side, "People": figure})
        rows.append(
            {
                "Relation": words,
                "Stated": first,
                "Held against it": second,
                "Gap": _gap(first, second),
                "Verdict": verdict,
                "Source": cite(evidence, (*first.observations, *second.observations)),
            }
        )
    chart = rows and draw_intervals(
        flatten(evidence, sides), "Relation", "People", "People", "Side"
    )
    return exhibit(
        evidence,
        "disagreements",
        "Do promises and findings fit together?",
        _judge_relations(rows),
        rows,
        chart,
        compose(
            "Each relation is declared in the evidence base with the reason why it should hold; a "
            "figure that one document merely repeats is left out. That a relation can hold does "
            "not make its figures true."
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from dates and strengths; only what is known on the day appears."""
    found = chronology.findings(evidence)
    fills = measure_fill(evidence)
    if fills:
        text = _state_fill(fills[0])
        label = "Share of the promised strength on the ground"
        found.append(Finding("deployment.fill", label, fills[0].share, text, True))
        for party, share in _by_party(fills).items():
            if party == fills[0].ground.party:
                continue
            text = compose(
                "Of what {party} was to send by the latest plans and pledges, {share} was there.",
                party=party,
                share=share,
            )
            label = f"Share of the promised contingent on the ground: {party}"
            found.append(Finding(f"deployment.fill-{_slug(party)}", label, share, text))
    for party, figure in _arrived_in_all(evidence).items():
        text = compose(
            "Counting each landing once, {figure} from {party} had arrived.",
            figure=figure,
            party=party,
        )
        label = f"People who had arrived: {party}"
        found.append(Finding(f"deployment.arrived-{_slug(party)}", label, figure, text))
    broken = [row for row in confront_statements(evidence).table.rows if _is_broken(row)]
    if broken:
        worst = max(broken, key=_width)
        label = "Gap between a stated strength and what it is held against"
        found.append(Finding("deployment.gap", label, worst["Gap"], _state_gap(worst)))
    return found


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
            plans.append(Strength(MISSION, "planned", whole, last["as_of"], moment(last)))
    return plans


def _claim(rows: pd.DataFrame) -> Iterable[Side]:
    """Turn reports of arrivals into a floor and, where one is stated, a ceiling of their period."""
    for row in rows.to_dict(orient="records"):
        span = row["period_start"].date(), row["period_end"].date() + _DAY
        ids = (row["observation_id"],)
        yield Side(*span, row["low"], True, ids)
        if math.isfinite(row["high"]) and row["date_precision"] != "publication":
            yield Side(*span, row["high"], False, ids)


def _contributors(evidence: Evidence) -> list[str]:
    """Name the contingents that arrived, in the order in which documents tell of them."""
    parties = dict.fromkeys(evidence.select(_ARRIVAL)["party"])
    return [party for party in parties if count_arrived(evidence, party)]


def _arrived_in_all(evidence: Evidence) -> dict[str, Estimate]:
    return {party: count_arrived(evidence, party)[-1][1] for party in _contributors(evidence)}


def _state_fill(fill: Fill) -> Text:
    return compose(
        "Of {aim} {rung} ({party}), {there} were in Haiti ({when}); that is {share}.",
        aim=fill.yardstick.figure,
        rung=fill.yardstick.rung,
        party=fill.ground.party,
        there=bare(fill.ground.figure),
        when=fill.ground.when,
        share=fill.share,
    )


def _by_party(fills: Iterable[Fill]) -> dict[str, Estimate]:
    """Span the shares of each party by its latest plan, pledge and ceiling."""
    known = list(fills)
    last: dict[tuple[str, str], pd.Timestamp] = {}
    for fill in known:
        key = (fill.yardstick.party, fill.yardstick.rung)
        last[key] = max(fill.yardstick.day, last.get(key, fill.yardstick.day))
    shares: dict[str, list[Estimate]] = {}
    for fill in known:
        if fill.yardstick.day == last[fill.yardstick.party, fill.yardstick.rung]:
            shares.setdefault(fill.ground.party, []).append(fill.share)
    spans = {party: _span(found) for party, found in shares.items()}
    return {party: span for party, span in spans.items() if span.low > 0 or span.high < math.inf}


def _span(figures: Iterable[Estimate]) -> Estimate:
    first, *others = figures
    return first.hull(*others) if others else first


def _count_parties(strengths: list[Strength]) -> Estimate:
    ids = (entry for strength in strengths for entry in strength.figure.observations)
    parties = {strength.party for strength in strengths}
    return Estimate.count(ids, "contributors", len(parties))


def _count_landings(landings: list[Moment]) -> Estimate:
    ids = (entry for landing in landings for entry in landing.ids)
    return Estimate.count(ids, "landings", len(landings))


def _relations(evidence: Evidence) -> Iterable[tuple[str, Estimate, Estimate, Text]]:
    """Read the declared relations between strengths: (identity, one side, the other, words)."""
    rows = evidence.observations.set_index("observation_id")
    for relation, terms in evidence.identities.groupby("identity_id", sort=False):
        stated = rows.loc[terms["observation_id"]]
        about_people = stated["indicator"].str.startswith((*_STRENGTHS, _ARRIVAL)).all()
        kind = terms["kind"].iloc[0]
        if not about_people or kind not in _SIDES:
            continue
        figures = evidence.estimates(terms)
        if kind == "same":
            is_repeated = len({(figure.low, figure.high) for figure in figures}) == 1
            if is_repeated and stated["source_id"].nunique() == 1:
                continue
            figures = sorted(figures, key=lambda figure: (figure.low, figure.high))
            first, second = figures[0], figures[-1]
        else:
            left, right, _ = _SIDES[kind]
            first, second = (
                total(_off_ladder(figure) for figure in evidence.estimates(found))
                for found in (terms[terms["role"] == role] for role in (left, right))
            )
        subjects = stated.loc[[first.observations[0], second.observations[0]]]
        words = [_name_subject(row, kind) for row in subjects.to_dict(orient="records")]
        template = _SIDES[kind][2]
        yield str(relation), first, second, compose(template, first=words[0], second=words[1])


def _name_subject(row: dict, kind: str) -> Text:
    """Name a figure in a few words: who, on which rung, and where it stands."""
    rung = "arrived" if row["indicator"] == _ARRIVAL else row["status"]
    place = "" if kind == "same" else f" ({row['locator']})"
    return name(f"{row['party'] or MISSION} {rung}{place}")


def _judge_relations(rows: list[Row]) -> Text:
    if not rows:
        return Text(NOTHING, NOTHING)
    broken = [row for row in rows if _is_broken(row)]
    tested = _count_relations(rows)
    if not broken:
        return compose("Tested: {tested} between these figures; none is broken.", tested=tested)
    return compose(
        "Of {tested} between these figures, {broken} cannot hold. {worst}",
        tested=tested,
        broken=_count_relations(broken),
        worst=_state_gap(max(broken, key=_width)),
    )


def _count_relations(rows: list[Row]) -> Estimate:
    ids = (entry for row in rows for entry in row["Source"].observations)
    return Estimate.count(ids, "relations", len(rows))


def _is_broken(row: Row) -> bool:
    return row["Verdict"] == "cannot hold"


def _width(row: Row) -> float:
    """How far apart the two sides of a broken relation are at least."""
    return row["Gap"].low


def _state_gap(row: Row) -> Text:
    return compose(
        "The widest gap: {relation}, {first} against {second}, {gap} apart.",
        relation=row["Relation"],
        first=bare(row["Stated"]),
        second=bare(row["Held against it"]),
        gap=row["Gap"],
    )


def _gap(first: Estimate, second: Estimate) -> Estimate:
    """Take the smaller side from the larger one."""
    smaller, larger = sorted((first, second), key=lambda figure: (figure.low, figure.high))
    return _off_ladder(larger) - _off_ladder(smaller)


def _off_ladder(figure: Estimate) -> Estimate:
    """Take a figure off its rung, to hold what came against what was promised."""
    return replace(figure, status="")


def _slug(party: str) -> str:
    return "-".join(party.lower().split())
