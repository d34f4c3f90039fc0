"""Trajectory: strength over time against what was authorised, planned and pledged."""

import math
from collections.abc import Iterable

import pandas as pd

from mss_analysis.deployment.levels import APART, OPEN, Level, keep_changes, read_levels
from mss_analysis.deployment.moments import (
    Moment,
    find_approval,
    find_horizon,
    find_landings,
    span_arrivals,
)
from mss_analysis.deployment.strength import ARRIVAL, MISSION
from mss_analysis.deployment.strength_chart import Mark, draw_contingents, draw_trajectory
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, join, name
from mss_analysis.schema import SEPARATOR

SUCCESSOR = "GSF"
# Movements of people, beside the stock.
ARRIVED, LEFT = mark("arrival"), mark("departure")
DEPARTURE = "contingent_departure"
# How statements stand to each other that are at odds.
_DISPUTED = (APART, OPEN)
# A smaller spread between the statements of one month is left to the table.
_WIDE = 1.5


def trace_strength(evidence: Evidence) -> Exhibit:
    """Show the mission's strength, month by month, beside each promise, MSS and GSF in one line."""
    levels = [level for level in read_levels(evidence) if level.is_whole]
    there = [level for level in levels if level.rung == "deployed"]
    promised = keep_changes(level for level in levels if level.rung != "deployed")
    shown = sorted([*there, *promised], key=lambda level: (level.day, level.rung))
    rows = [_tell_level(evidence, level, "Mission") for level in shown]
    marks = list_turns(evidence)
    chart = None
    if rows:
        frame = flatten(evidence, rows).assign(
            start=[level.day.strftime("%Y-%m-%d") for level in shown],
            end=_until(evidence, shown),
            known=["dated" if level.is_dated else "not later than" for level in shown],
        )
        chart = draw_trajectory(frame, marks)
    return exhibit(
        evidence,
        "trajectory",
        tell("How did the mission’s strength grow, against what was promised?"),
        _tell_growth(there) if rows else nothing_known(),
        rows,
        chart,
        compose(
            "All statements of one month are settled into one figure: their common part, or, where "
            "they cannot all hold, the span from the smallest number to the largest, drawn as a "
            "dashed bar with two ends. A square is the MSS, a circle the GSF. A hollow mark was "
            "told in a document that names no day, so that the count is no newer than the mark. A "
            "line is a promise, with the bounds of its wording as a pale band where it has both; "
            "it is drawn from the day on which it is told until another replaces it. Months "
            "without a mark are months of which no document known on this day states a strength."
        ),
        headline=(
            there
            and compose(
                "The latest count of the mission in Haiti is {figure} ({when})",
                figure=there[-1].figure,
                when=there[-1].when,
            )
        )
        or None,
        subtitle=tell("People of the MSS and the GSF: in Haiti, planned, pledged and authorised"),
    )


def trace_contingents(evidence: Evidence) -> Exhibit:
    """Show each contingent's stock over time, with arrivals and departures as events."""
    levels = [
        level for level in read_levels(evidence) if level.rung == "deployed" and not level.is_whole
    ]
    moves = list_moves(evidence)
    rows = [_tell_level(evidence, level, "Contingent") for level in levels]
    told = [
        {
            "Contingent": move.label,
            "Rung": move.kind,
            "People": move.figure,
            "When": move.when,
            "Told by": Estimate.count(move.ids, "statements"),
            "Do they agree?": "",
            "Source": cite(evidence, move.ids[:1]),
        }
        for move in moves
    ]
    chart = None
    if rows or told:
        frame = flatten(evidence, [*rows, *told]).assign(
            start=[
                *(level.day.strftime("%Y-%m-%d") for level in levels),
                *(move.start.isoformat() for move in moves),
            ],
            known=[
                *("dated" if level.is_dated else "not later than" for level in levels),
                *("dated" for _ in moves),
            ],
            kind=[*("in Haiti" for _ in levels), *(move.kind for move in moves)],
        )
        chart = draw_contingents(frame)
    return exhibit(
        evidence,
        "contingents-over-time",
        tell("Whose people were there, and who came and went?"),
        _tell_dispute(levels, moves),
        [*rows, *told],
        chart,
        compose(
            "A dot is a stock, on a logarithmic scale so that small contingents stay visible; a "
            "dashed bar with two ends spans statements of one month that cannot all hold, and an "
            "arrow is a wording without an upper limit. Along the bottom, a triangle upwards is an "
            "arrival, one downwards a departure, as dated. A contingent that relieves another "
            "changes the people and not the strength."
        ),
        headline=_find_largest(levels, moves) if levels or moves else None,
        subtitle=tell("People in Haiti by contingent, with arrivals and departures"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from the latest strength of the mission, and from the stock most in dispute."""
    levels = [level for level in read_levels(evidence) if level.rung == "deployed"]
    found = []
    whole = [level for level in levels if level.is_whole]
    if whole:
        text = compose(
            "The latest documents count {figure} of the mission in Haiti ({party}, {when}).",
            figure=whole[-1].figure,
            party=whole[-1].party,
            when=whole[-1].when,
        )
        label = tell("People of the mission in Haiti, latest count")
        found.append(Finding("deployment.strength", label, whole[-1].figure, text))
    disputed = find_dispute(levels)
    if disputed is not None:
        label = tell("People of one contingent in Haiti, the month most in dispute")
        text = _state_dispute(disputed)
        found.append(Finding("deployment.disputed", label, disputed.figure, text))
    return found


def find_dispute(levels: Iterable[Level]) -> Level | None:
    """Find the stock whose statements lie furthest apart, as a ratio, if any lie far apart."""
    apart = [
        level
        for level in levels
        if level.verdict in _DISPUTED and level.figure.high > _WIDE * level.figure.low > 0
    ]
    return max(apart, key=lambda level: level.figure.high / level.figure.low, default=None)


def list_turns(evidence: Evidence) -> list[Mark]:
    """List what the chart of the mission marks: approval, first landing, change to the GSF."""
    turns: list[tuple[str, Moment | None]] = [(tell("approved"), find_approval(evidence))]
    landings = find_landings(evidence)
    turns.append((tell("first landing"), landings[0] if landings else None))
    ceilings = evidence.select("mission_authorised_ceiling", party=SUCCESSOR)
    dated = ceilings[ceilings["date_precision"] == "day"].sort_values("as_of", kind="stable")
    if len(dated):
        row = dated.iloc[0]
        day = row["as_of"].date()
        turns.append((tell("GSF authorised"), Moment("GSF", day, day, (row["observation_id"],))))
    return [
        Mark(label, turn.start.isoformat(), evidence.cite(turn.ids[:1]), turn.ids[0])
        for label, turn in turns
        if turn is not None
    ]


def list_moves(evidence: Evidence) -> list[Moment]:
    """List arrivals and departures, each once; announced departures are left out."""
    moves = [
        Moment(entry.label, entry.start, entry.end, entry.ids, ARRIVED, entry.figure)
        for entry in find_landings(evidence)
    ]
    spans = span_arrivals(evidence)
    rows = evidence.select(DEPARTURE, status="withdrawn")
    rows = rows[rows["period_start"].notna() & ~rows["party"].str.contains(SEPARATOR)]
    grouped: dict[tuple[str, str], list[dict]] = {}
    for row in rows.sort_values("period_end", kind="stable").to_dict(orient="records"):
        # Reports of one month and contingent tell of one return.
        grouped.setdefault((row["party"], row["period_start"].strftime("%Y-%m")), []).append(row)
    for (party, _), told in grouped.items():
        ids = tuple(row["observation_id"] for row in told)
        first, *others = (evidence.estimate(entry) for entry in ids)
        figure = first.hull(*others) if others else first
        narrow = min(told, key=lambda row: row["period_end"] - row["period_start"])
        days = narrow["period_start"].date(), narrow["period_end"].date()
        moves.append(Moment(party, *days, ids, LEFT, figure))
    late = evidence.select(ARRIVAL, date_precision="publication")
    late = late[late["period_start"].notna() & ~late["party"].str.contains(SEPARATOR)]
    for entry, party in zip(late["observation_id"], late["party"], strict=True):
        moves.append(Moment(party, *spans[entry], (entry,), ARRIVED, evidence.estimate(entry)))
    return sorted(moves, key=lambda move: (move.start, move.label, move.kind))


def _tell_level(evidence: Evidence, level: Level, heading: str) -> Row:
    return {
        heading: level.party,
        "Rung": level.rung,
        "People": level.figure,
        "When": level.when,
        "Told by": level.told,
        "Do they agree?": level.verdict,
        "Source": level.source(evidence),
    }


def _until(evidence: Evidence, shown: list[Level]) -> list[str]:
    """Give the day until which each promise stands: the next of its kind, or the last word."""
    horizon = find_horizon(evidence)
    last = pd.Timestamp(horizon.end) if horizon else shown[-1].day
    new = [level.day for level in shown if (level.party, level.rung) == (SUCCESSOR, "authorised")]
    ends = []
    for at, level in enumerate(shown):
        key = (level.party, level.rung)
        later = [other.day for other in shown[at + 1 :] if (other.party, other.rung) == key]
        end = later[0] if later else last
        if level.party == MISSION and new:
            end = min(end, new[0])
        ends.append(max(level.day, end).strftime("%Y-%m-%d"))
    return ends


def _tell_growth(there: list[Level]) -> Text:
    if not there:
        return compose(
            "Promises are on record; no document known on this day counts the mission in Haiti."
        )
    first, last = there[0], there[-1]
    if first is last:
        return compose(
            "Counts are known of one month only: {party}, {figure} ({when}).",
            party=last.party,
            figure=last.figure,
            when=last.when,
        )
    highest = max(there, key=lambda level: level.figure.low)
    told = compose(
        "The counts run from {first} ({start}) to {last} ({end}).",
        first=first.figure,
        start=first.when,
        last=last.figure,
        end=last.when,
    )
    if highest is last:
        return told
    peak = compose(
        "The highest count is {figure} ({party}, {when}); it rests on {source}.",
        figure=highest.figure,
        party=highest.party,
        when=highest.when,
        source=highest.told,
    )
    return join([told, peak])


def _tell_dispute(levels: list[Level], moves: list[Moment]) -> Text:
    if not levels and not moves:
        return nothing_known()
    told = compose(
        "Documents tell of {count}: {parties}.",
        count=_count_contingents(levels, moves),
        parties=enumerate_parts([name(party) for party in _name_parties(levels, moves)]),
    )
    disputed = find_dispute(levels)
    return told if disputed is None else join([told, _state_dispute(disputed)])


def _find_largest(levels: list[Level], moves: list[Moment]) -> Text:
    """Name the contingent with the most people by its latest count, if any is counted."""
    last = {level.party: level for level in levels}
    if not last:
        return compose(
            "{count} came or left, and none is counted in Haiti",
            count=_count_contingents(levels, moves),
        )
    largest = max(last.values(), key=lambda level: level.figure.low)
    return compose(
        "The largest contingent by its latest count: {party}, {figure} ({when})",
        party=name(largest.party),
        figure=largest.figure,
        when=largest.when,
    )


def _count_contingents(levels: list[Level], moves: list[Moment]) -> Estimate:
    ids = [entry for level in levels for entry in level.figure.observations]
    ids += [entry for move in moves for entry in move.ids]
    return Estimate.count(ids, "contingents", len(_name_parties(levels, moves)))


def _name_parties(levels: list[Level], moves: list[Moment]) -> list[str]:
    return sorted({level.party for level in levels} | {move.label for move in moves})


def _state_dispute(level: Level) -> Text:
    """Say who states the two ends of a dispute."""
    figures = level.statements
    if level.verdict == APART:
        # A floor excludes nothing above it; what contradicts is a bounded count.
        figures = tuple(entry for entry in figures if entry.figure.high < math.inf)
    ordered = sorted(figures, key=lambda entry: (entry.figure.low, entry.figure.high))
    low, high = ordered[0], ordered[-1]
    words = (
        compose("The two fit only because the smaller wording is open.")
        if level.verdict == OPEN
        else compose("They cannot both be true of the same days.")
    )
    told = compose(
        "From {party}, {high} are said to have been in Haiti ({late}), against {low} ({early}).",
        party=level.party,
        high=high.figure,
        late=high.when,
        low=bare(low.figure),
        early=low.when,
    )
    return join([told, words])
