"""Promises: figures on strength that must fit together, held against each other."""

from collections.abc import Iterable

import pandas as pd

from mss_analysis.charts import draw_intervals
from mss_analysis.conflict import CONTRADICTION, Conflict, find_explanation
from mss_analysis.dates import write_date
from mss_analysis.deployment.strength import ARRIVAL, MISSION, STRENGTHS, off_ladder
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, name_of, tell
from mss_analysis.prose import Text, bare, cite, compose, join, name, told
from mss_analysis.relations import judge_relations
from mss_analysis.schema import WHOLE_PAGE

# The two sides of a declared relation: roles of the first, of the second, and the words for it.
_SIDES = {
    "total": ("total", "part", mark("{first}, against the sum of its {second}")),
    "subset": ("part", "whole", mark("{first}, part of {second}")),
    "order": ("lower", "upper", mark("{first}, within {second}")),
    "same": ("term", "term", mark("{first}, two statements")),
}
HOLDS, LOOSE = mark("can hold"), mark("holds by an open wording only")
BROKEN, EXPLAINED = mark("cannot hold"), mark("cannot hold as worded, explained")
_RANKS = {BROKEN: 0, EXPLAINED: 0, LOOSE: 1, HOLDS: 2}
# From so many relations on, those that hold are only counted; so many are drawn.
_MANY, _DRAWN = 30, 14
# Movements of people, beside the strengths; and what figures count that stand on no rung.
_MOVES = ("contingent_arrival", "contingent_departure")
_NAMES = {
    "contingent_arrival_planned": mark("arrivals expected"),
    "contingent_departure": mark("returns"),
    "country_personnel_cumulative": mark("sent in all"),
    "country_personnel_trained": mark("trained"),
}
# What a report of people who arrived covers, by how exactly it is dated.
_ARRIVED = {
    "day": mark("landing of the day"),
    "month": mark("arrivals of the month"),
    "year": mark("arrivals of the year"),
}


def confront_statements(evidence: Evidence) -> Exhibit:
    """Show relations that must hold between strengths, and which of them the figures break.

    Where the relations are many, those that hold are counted and not listed.
    """
    tested = _test_relations(evidence)
    rows = sorted(tested, key=lambda row: (_RANKS[row["Verdict"]], -_width(row)))
    if len(rows) > _MANY:
        rows = [row for row in rows if row["Verdict"] != HOLDS] or rows[:_MANY]
    drawn = rows[:_DRAWN]
    sides: list[Row] = [
        {"Relation": row["Relation"], "Side": side, "People": row[column]}
        for row in drawn
        for side, column in (
            (mark("stated"), "Stated"),
            (mark("held against it"), "Held against it"),
        )
    ]
    chart = rows and draw_intervals(
        flatten(evidence, sides), "Relation", "People", tell("People"), "Side"
    )
    note = compose(
        "Each relation is declared in the evidence base with the reason why it should hold; a "
        "figure that one document merely repeats is left out. That a relation can hold does "
        "not make its figures true."
    )
    if len(rows) < len(tested):
        note = join([note, compose("Relations that hold are counted, not listed.")])
    if len(drawn) < len(rows):
        note = join([note, compose("The chart shows those with the widest gaps.")])
    return exhibit(
        evidence,
        "disagreements",
        tell("Do promises and findings fit together?"),
        _judge_relations(evidence, tested),
        rows,
        chart,
        note,
        headline=_head(tested) if tested else None,
        subtitle=tell("Both sides of relations that must hold between strengths, people"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from the relation that is broken most widely, if any is."""
    worst = _find_worst(evidence, _test_relations(evidence))
    if worst is None:
        return []
    label = tell("Gap between a stated strength and what it is held against")
    return [Finding("deployment.gap", label, worst["Gap"], _state_gap(evidence, worst))]


def _test_relations(evidence: Evidence) -> list[Row]:
    """Hold the two sides of each declared relation against each other, each pair once."""
    if "deployment relations" not in evidence.memo:
        evidence.memo["deployment relations"] = [*_list_relations(evidence)]
    return evidence.memo["deployment relations"]


def _list_relations(evidence: Evidence) -> Iterable[Row]:
    verdicts = {conflict.id: conflict for conflict in judge_relations(evidence)}
    rows: dict[tuple, Row] = {}
    for relation, first, second, words in _relations(evidence, verdicts):
        conflict = verdicts.get(relation)
        verdict, explanation = HOLDS, None
        if conflict is not None:
            verdict = BROKEN if conflict.severity == CONTRADICTION else LOOSE
            explanation = find_explanation(evidence, conflict.observations)
            verdict = EXPLAINED if explanation and verdict == BROKEN else verdict
        ids = (*first.observations, *second.observations)
        key = (words.plain, first.low, first.high, second.low, second.high)
        rows.setdefault(
            key,
            {
                "Relation": words,
                "Stated": first,
                "Held against it": second,
                "Gap": _gap(first, second),
                "Verdict": verdict,
                "Explanation": told(explanation["reason"]) if explanation else "",
                "Source": cite(evidence, ids),
            },
        )
    return rows.values()


def _relations(
    evidence: Evidence, verdicts: dict[str, Conflict]
) -> Iterable[tuple[str, Estimate, Estimate, Text]]:
    """Read the declared relations between strengths: (identity, one side, the other, words)."""
    for relation, kind, roles in evidence.terms:
        ids = [entry for named in roles.values() for entry in named]
        stated = {entry: evidence.row(entry) for entry in ids}
        about_people = all(
            row["indicator"].startswith((*STRENGTHS, *_MOVES)) for row in stated.values()
        )
        if not about_people or kind not in _SIDES:
            continue
        figures = evidence.estimates(ids)
        if kind == "same":
            is_repeated = len({(figure.low, figure.high) for figure in figures}) == 1
            if is_repeated and len({row["source_id"] for row in stated.values()}) == 1:
                continue
            if relation in verdicts:
                figures = evidence.estimates(verdicts[relation].observations)
            figures = sorted(figures, key=lambda figure: (figure.low, figure.high))
            first, second = figures[0], figures[-1]
        else:
            first, second = (
                total(off_ladder(figure) for figure in evidence.estimates(roles[role]))
                for role in _SIDES[kind][:2]
            )
        subjects = [stated[side.observations[0]] for side in (first, second)]
        words = _name_subjects(evidence, subjects, kind)
        if kind == "total":
            arrived = all(stated[entry]["indicator"] == ARRIVAL for entry in second.observations)
            words[1] = name(mark("arrivals") if arrived else mark("parts"))
        if kind == "subset" and len(first.observations) > 1:
            words[0] = name(mark("contingents together"))
        template = _SIDES[kind][2]
        yield relation, first, second, compose(template, first=words[0], second=words[1])


def _name_subjects(evidence: Evidence, rows: list[dict], kind: str) -> list[Text]:
    """Name figures in a few words: who, on which rung and, unless documents agree, where."""
    names, last, cited = [], "", ""
    for row in rows:
        party = row["party"] or MISSION
        arrived = row["indicator"] == ARRIVAL
        words = (
            _ARRIVED.get(row["date_precision"], mark("arrivals")) if arrived else _name_rung(row)
        )
        if party != last:
            named, words = name_of(party), name_of(words)
            words = (
                tell("{party}: {what}", party=named, what=words)
                if arrived
                else tell("{party} {rung}", party=named, rung=words)
            )
        else:
            words = name_of(words)
        if kind != "same":
            # The date is left to the citation; a chart breaks its labels at commas.
            document = evidence.label(row["source_id"]).rsplit(", ", 1)[0]
            spot = row["locator"] if row["locator"] != WHOLE_PAGE else ""
            place = f"{document} {spot}".strip() if document != cited else spot or tell("same page")
            words, cited = f"{words} ({place})", document
        names.append(name(words))
        last = party
    if kind == "same":
        days = [_month(row) for row in rows]
        shared = next((days[0][:size] for size in (7, 4) if len({d[:size] for d in days}) == 1), "")
        if shared:
            names[0] = name(f"{names[0].plain}, {write_date(shared)}")
    return names


def _name_rung(row: dict) -> str:
    """Name what a figure counts: the rung of a strength, or who is expected, came or left."""
    return _NAMES.get(row["indicator"], row["status"])


def _month(row: dict) -> str:
    day = row["period_end"] if pd.isna(row["as_of"]) else row["as_of"]
    return "" if pd.isna(day) else day.strftime("%Y-%m")


def _judge_relations(evidence: Evidence, rows: list[Row]) -> Text:
    if not rows:
        return compose(
            "No two figures known on this day are bound by a relation that can be tested."
        )
    broken = [row for row in rows if _is_broken(row)]
    tested = _count_relations(rows)
    if not broken:
        return compose("Tested: {tested} between these figures; none is broken.", tested=tested)
    sentence = compose(
        "Of {tested} that must hold between these figures, {broken} cannot as worded.",
        tested=tested,
        broken=bare(_count_relations(broken)),
    )
    explained = [row for row in broken if row["Verdict"] == EXPLAINED]
    if explained:
        known = compose(
            "For {explained} of them the evidence base explains why, in the table.",
            explained=bare(_count_relations(explained)),
        )
        sentence = join([sentence, known])
    return join([sentence, _state_gap(evidence, _find_worst(evidence, broken) or broken[0])])


def _head(tested: list[Row]) -> Text:
    broken = [row for row in tested if _is_broken(row)]
    every = _count_relations(tested)
    if not broken:
        return compose("None of {tested} between stated strengths is broken", tested=every)
    return compose(
        "{broken} of {tested} between stated strengths cannot hold",
        tested=every,
        broken=bare(_count_relations(broken)),
    )


def _find_worst(evidence: Evidence, rows: list[Row]) -> Row | None:
    """Find the widest broken relation about people in Haiti, else the widest of all."""
    broken = [row for row in rows if _is_broken(row)]
    there = [row for row in broken if _is_there(evidence, row)]
    return max(there or broken, key=_width, default=None)


def _count_relations(rows: list[Row]) -> Estimate:
    ids = (entry for row in rows for entry in row["Source"].observations)
    return Estimate.count(ids, "relations", len(rows))


def _is_there(evidence: Evidence, row: Row) -> bool:
    """Whether a relation is about people counted in Haiti."""
    sides = (evidence.row(row[side].observations[0]) for side in ("Stated", "Held against it"))
    return any(side["indicator"] != ARRIVAL and _name_rung(side) == "deployed" for side in sides)


def _is_broken(row: Row) -> bool:
    return row["Verdict"] in (BROKEN, EXPLAINED)


def _width(row: Row) -> float:
    """How far apart the two sides of a broken relation are at least."""
    return row["Gap"].low


def _state_gap(evidence: Evidence, row: Row) -> Text:
    return compose(
        mark(
            "The widest gap between counts of people in Haiti and what they are held against is "
            "{gap}, {first} against {second}: {relation}."
        )
        if _is_there(evidence, row)
        else mark("The widest gap is {gap}, {first} against {second}: {relation}."),
        gap=row["Gap"],
        first=bare(row["Stated"]),
        second=bare(row["Held against it"]),
        relation=row["Relation"],
    )


def _gap(first: Estimate, second: Estimate) -> Estimate:
    """Take the smaller side from the larger one."""
    smaller, larger = sorted((first, second), key=lambda figure: (figure.low, figure.high))
    return off_ladder(larger) - off_ladder(smaller)
